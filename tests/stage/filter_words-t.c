/*
 * Every word that a row or the second line shows is a filter: it matches the rows that show it, and
 * no row that shows nothing like it.  The words are those that the rows have, not a list.
 */
#include <locale.h>

#include "bdbtop/core/array.h"
#include "bdbtop/core/text.h"
#include "tests/stage/stage.h"
#include "tests/tap.h"

/* Each clause that a row can have is in one of them, some after play(). */
static const char *const databases[] = {
	"bdb 1 name=n1 periodic=true every=86400 backup=failed:no-permission "
	"backup.last=2026-11-18T16:02:11Z",
	"bdb 2 name=n2 periodic=true every=86400 backup=exporting: backup.percent=42 "
	"backup.last=2026-11-21T18:02:11Z",
	"bdb 3 name=n3 periodic=true every=86400 backup=succeeded backup.last=2026-11-18T16:02:11Z",
	"bdb 4 name=n4 periodic=true every=86400 backup=failed:",
	"bdb 5 name=n5 periodic=false import=importing: import.percent=17 state=import-pending",
	"bdb 6 name=n6 periodic=false backup=pondering:moon-phase state=active-change-pending",
	"bdb 7 name=n7 periodic=true every=86400 backup=succeeded backup.last=2026-11-21T18:02:11Z",
	"bdb 8 name=n8 periodic=false",
	"bdb 9 name=n9 periodic=true every=3600 created=2026-10-01T00:00:00Z",
	"bdb 10 name=n10 periodic=false export=exporting: export.percent=3",
	"bdb 11 name=n11 periodic=false "
	"import=failed:file-larger-than-mem-limit:12884901888:8589934592",
	"bdb 12 name=n12 periodic=true every=86400 backup=failed:odd-word:7 "
	"backup.last=2026-11-21T19:02:11Z",
	"bdb 13 name=n13 periodic=false export=exporting: export.percent=100",
	"bdb 14 name=n14 periodic=false backup=! export=?",
	"bdb 15 name=n15 periodic=false import=failed:general-error",
	"bdb 16 name=n16 periodic=false import=failed:wrong-file-path",
	"bdb 17 name=n17 periodic=true every=86400 backup=succeeded "
	"backup.last=2026-11-21T19:02:11Z",
	"bdb 18 name=n18 periodic=false backup=exporting: backup.percent=1 "
	"backup.last=2026-11-21T19:00:00Z",
	"bdb 19 name=n19 periodic=true every=3600 backup=succeeded "
	"backup.last=2026-11-21T19:24:00Z",
	"bdb 20 name=n20 periodic=false export=failed:no-permission",
	"bdb 21 name=n21 periodic=false backup=failed:",
	NULL,
};

#define TEXT_SIZE 12000

struct shown_row {
	int64_t uid;
	char text[TEXT_SIZE]; /* all that the row shows, each word between blanks */
	char hidden[1000];    /* and what the record has beside it */
	enum verdict worst;
	bool matches;
};

struct walk {
	struct stage stage;
	struct shown_row rows[ARRAY_SIZE(databases)];
	size_t count;
};

static void add_words(struct text *out, const char *phrase)
{
	static const char ends[] = " ,:()";

	for (phrase += strspn(phrase, ends); *phrase; phrase += strspn(phrase, ends)) {
		size_t length = strcspn(phrase, " ,()");
		size_t word = length;

		while (word && phrase[word - 1] == ':')
			word--;
		text_addf(out, " %.*s", (int)word, phrase);
		phrase += length;
	}
}

static void read_row(struct walk *walk, const struct roster_entry *entry)
{
	struct shown_row *out = &walk->rows[walk->count++];
	struct text text, hidden;
	int width, column, kind;
	struct row row;
	size_t i;

	out->uid = entry->bdb->uid;
	text_init(&text, out->text, sizeof(out->text));
	text_init(&hidden, out->hidden, sizeof(out->hidden));
	for (width = ROW_LETTERS; width <= ROW_FULL; width++) {
		const struct row_style style = { .width = (enum row_width)width, .sizes = true };

		row_init(&row, walk->stage.cluster, entry, &style, walk->stage.now);
		for (column = 0; column < COLUMN_REASON; column++)
			add_words(&text, row.cells[column]);
		for (i = 0; i < row.clause_count; i++)
			add_words(&text, row.clauses[i].text);
	}
	add_words(&text, verdict_defs[row.worst].count);
	add_words(&text, verdict_defs[row.worst].problem ? "problems" : "");
	/* the heading of a state, and what a past cause is of */
	for (kind = 0; kind < OP_KINDS; kind++)
		if (row.op[kind].verdict < VERDICT_OK ||
		    cluster_past_cause(walk->stage.cluster, out->uid, (enum op_kind)kind))
			add_words(&text, op_defs[kind].word);
	if (row.finding->loss_s == LOSS_NONE)
		add_words(&text, "not scheduled");
	text_add(&text, " ");
	out->worst = row.worst;
	assert_false(text.truncated);
	for (kind = 0; kind < OP_KINDS; kind++)
		text_addf(&hidden, " %s %s", entry->bdb->op[kind].status,
			  entry->bdb->op[kind].reason);
}

/* Numbers and times, `in 3h`, `for 12m`, are no words; but a percent is, and a result's code. */
static bool is_word(const char *word)
{
	size_t digits = strspn(word, "0123456789");

	if (!strcmp(word, "-") || !strcmp(word, "in") || !strcmp(word, "for"))
		return false;
	return !digits || word[digits] == '%' || (digits == 3 && !word[digits]);
}

static void find_matches(struct walk *walk, const char *word)
{
	const struct session_view *view = session_view(walk->stage.session);
	struct filter_error error;
	size_t i;

	if (session_set_filter(walk->stage.session, word, &error) < 0)
		fail_msg("%s: %s", word, error.text);
	stage_settle(&walk->stage);
	for (i = 0; i < walk->count; i++) {
		const struct bdb_id id = { 0, walk->rows[i].uid };

		walk->rows[i].matches = view_is_shown(view->list, id) &&
					!view_is_kept(view->list, id);
	}
}

static void check_word(struct walk *walk, const char *word)
{
	char whole[204];
	size_t i;

	find_matches(walk, word);
	snprintf(whole, sizeof(whole), " %s ", word);
	for (i = 0; i < walk->count; i++) {
		const struct shown_row *row = &walk->rows[i];

		if (strstr(row->text, whole) && !row->matches)
			fail_msg("\"%s\" misses db:%d, which shows it:%s", word, (int)row->uid,
				 row->text);
		if (!text_contains(row->text, word) && !text_contains(row->hidden, word) &&
		    row->matches)
			fail_msg("\"%s\" finds db:%d, which shows nothing like it:%s", word,
				 (int)row->uid, row->text);
	}
}

/* Line 2: of two words, the only phrase that is not the sum of its words. */
static void check_no_problems(struct walk *walk)
{
	size_t i;

	find_matches(walk, NO_PROBLEMS);
	for (i = 0; i < walk->count; i++)
		assert_int_equal(walk->rows[i].matches, !verdict_defs[walk->rows[i].worst].problem);
}

static void reset(struct walk *walk, int64_t uid, char key, const char *reply)
{
	if (reply)
		stage_script(&walk->stage, "%s", reply);
	stage_choose(&walk->stage, uid);
	stage_confirm(&walk->stage, key);
	stage_advance(&walk->stage, 1000);
}

/* Failures, retries, stalls and contradictions take some polls; resets have results. */
static void play(struct walk *walk)
{
	stage_advance(&walk->stage, 12 * 60 * 1000);
	stage_script(&walk->stage, "bdb 12 backup=exporting: backup.percent=3");
	stage_script(&walk->stage, "bdb 17 backup=failed:no-permission");
	stage_script(&walk->stage, "bdb 18 backup=succeeded");
	stage_script(&walk->stage, "bdb 10 export.percent=2");
	stage_script(&walk->stage, "bdb 5 import.percent=18");
	stage_advance(&walk->stage, 5000);
	stage_script(&walk->stage, "bdb 17 backup=exporting: backup.percent=3");
	stage_advance(&walk->stage, 5000);
	reset(walk, 1, 'b', NULL);
	reset(walk, 20, 'e', NULL);
	stage_key(&walk->stage, KEY_ESCAPE);
	reset(walk, 16, 'i', NULL);
	reset(walk, 11, 'i', "put 403");
	reset(walk, 15, 'i', "put 404");
	reset(walk, 21, 'b', "put 409");
	stage_choose(&walk->stage, 8);
	stage_key(&walk->stage, 'b');
	stage_script(&walk->stage, "gone 8");
	stage_advance(&walk->stage, 5000);
	assert_int_equal(session_view(walk->stage.session)->mode, MODE_LIST);
}

static void every_word_that_is_shown_is_a_filter(void **state)
{
	const struct rpo_rules rpo = { .rpo_s = 6 * 3600 };
	static struct walk walk;
	unsigned verdicts = 0;
	const char *at;
	char word[200];
	size_t i;
	int length;

	stage_open_rpo(&walk.stage, databases, &rpo);
	play(&walk);
	for (i = 0; i < roster_count(cluster_roster(walk.stage.cluster)); i++)
		read_row(&walk, roster_at(cluster_roster(walk.stage.cluster), i));
	for (i = 0; i < walk.count; i++) {
		verdicts |= 1U << walk.rows[i].worst;
		for (at = walk.rows[i].text; *at == ' ' && at[1]; at += length + 1) {
			length = (int)strcspn(at + 1, " ");
			snprintf(word, sizeof(word), "%.*s", length, at + 1);
			if (*word && is_word(word))
				check_word(&walk, word);
		}
	}
	check_no_problems(&walk);
	/* each state was there */
	assert_int_equal(verdicts, (1U << VERDICT_KINDS) - 1);
	stage_close(&walk.stage);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_word_that_is_shown_is_a_filter),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return tap_run(tests);
}
