#include "bdbtop/session/row.h"

#include "bdbtop/core/text.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

/* A row has at most this many results in sight; the strip and the log have the others. */
#define ROW_RESULTS 4

static const struct {
	const char *word[ROW_FULL + 1];
	enum element element;
} notes[] = {
	[GATE_OPEN] = { { "", "", "" }, EL_TEXT },
	[GATE_NOTHING] = { { "nothing to reset", "nothing to reset", "nothing to reset" },
			   EL_TEXT },
	[GATE_UNDER_WAY] = { { "under way", "already under way", "already under way" },
			     EL_WAITING },
	[GATE_GREYED] = { { "403 role", "403 role may not reset", "403 role may not reset" },
			  EL_REFUSED },
	[GATE_CUT] = { { "no reset now", "no reset: no answer",
			 "no reset until the cluster answers" },
		       EL_REFUSED },
	[GATE_REFUSED] = { { "no reset now", "no reset: log-in refused",
			     "no reset: log-in refused" },
			   EL_REFUSED },
	[GATE_NOT_LISTED] = { { "gone", "no reset: not listed", "no reset: not listed" },
			      EL_REFUSED },
	[GATE_CANNOT] = { { "no reset here", "no reset from here",
			    "no reset: nothing can be sent from here" },
			  EL_REFUSED },
	[GATE_READ_ONLY] = { { "read-only", "no reset: read-only", "no reset: read-only" },
			     EL_REFUSED },
};

const char *row_note(enum gate gate, enum row_form form)
{
	return notes[gate].word[form];
}

static struct clause *add_clause(struct row *row, enum element element)
{
	struct clause *clause;

	if (row->clauses == ROW_CLAUSES)
		return NULL;
	clause = &row->clause[row->clauses++];
	*clause = (struct clause){ .element = element, .percent = -1 };
	return clause;
}

static void make_result(struct clause *clause, const struct cluster_result *result,
			enum row_form form, int64_t now_ms)
{
	struct reset_words words;

	if (!result->reset) {
		snprintf(clause->text, sizeof(clause->text), "%s", row_note(result->gate, form));
		clause->element = notes[result->gate].element;
		return;
	}
	reset_show(result->reset, result->waits, now_ms, &words);
	snprintf(clause->text, sizeof(clause->text), "%s",
		 form == ROW_FULL     ? words.full
		 : form == ROW_MEDIUM ? words.medium
				      : words.code);
	clause->element = words.element;
}

/* Several results are named by their keys and told shorter: `b 409 again in 4s  e cleared`. */
static void add_results(struct row *row, const struct cluster *cluster, int64_t uid,
			enum row_form form, int64_t now_ms)
{
	struct cluster_result result[ROW_RESULTS];
	size_t count = cluster_results(cluster, uid, result, ROW_RESULTS), i;
	char text[sizeof(row->clause[0].text)];

	if (count > 1 && form > ROW_CODE)
		form--;
	for (i = 0; i < count; i++) {
		struct clause *clause = add_clause(row, EL_TEXT);

		make_result(clause, &result[i], form, now_ms);
		clause->result = true;
		if (count > 1) {
			memcpy(text, clause->text, sizeof(text));
			snprintf(clause->text, sizeof(clause->text), "%c %.200s",
				 op_defs[result[i].kind].key, text);
		}
	}
}

/* Bytes of the reason before the numbers that some reasons carry. */
static size_t plain_reason(const char *reason)
{
	const char *colon = strchr(reason, ':');

	while (colon && !isdigit((unsigned char)colon[1]))
		colon = strchr(colon + 1, ':');
	return colon ? (size_t)(colon - reason) : strlen(reason);
}

static void write_reason(struct text *text, const struct op *op, const struct row_style *style)
{
	size_t length = style->whole ? strlen(op->reason) : plain_reason(op->reason);
	char raw[160], safe[160];

	snprintf(raw, sizeof(raw), "%.*s", (int)length, op->reason);
	text_add(text, text_safe(safe, sizeof(safe), raw, style->ascii));
}

static int percent_of(const struct op *op)
{
	return op->percent_seen == SEEN_GIVEN ? (int)op->percent : -1;
}

/* What one operation has to say; named where several speak. */
static void add_reason(struct row *row, const struct bdb *bdb, enum op_kind kind, bool named,
		       const struct row_style *style)
{
	const struct op *op = &bdb->op[kind];
	enum verdict verdict = row->op[kind].verdict;
	struct clause *clause = add_clause(row, verdict == VERDICT_FAILED    ? EL_FAILED_REASON
						: verdict == VERDICT_RUNNING ? EL_RUNNING
									     : EL_TEXT);
	struct text text;

	if (!clause)
		return;
	text_init(&text, clause->text, sizeof(clause->text));
	if (named)
		text_addf(&text, "%s ", op_defs[kind].word);
	if (verdict == VERDICT_RUNNING && percent_of(op) >= 0) {
		text_addf(&text, "%d%%", percent_of(op));
		clause->percent = named ? -1 : percent_of(op);
	} else if (verdict == VERDICT_RUNNING) {
		text_add(&text, named ? "running" : "percent -");
	} else if (op->reason_seen == SEEN_GIVEN && op->reason[0]) {
		write_reason(&text, op, style);
	} else if (verdict == VERDICT_FAILED) {
		text_add(&text, "failed");
	} else if (op->phase != OP_OTHER) {
		text_add(&text, triage_sentence(bdb, row->finding, kind));
	} else {
		row->clauses--;
	}
}

static void add_reasons(struct row *row, const struct bdb *bdb, const struct row_style *style)
{
	int kind, speakers = 0;

	if (row->worst >= VERDICT_OK)
		return;
	for (kind = 0; kind < OP_KINDS; kind++)
		speakers += row->op[kind].verdict == row->worst;
	for (kind = 0; kind < OP_KINDS; kind++)
		if (row->op[kind].verdict == row->worst)
			add_reason(row, bdb, (enum op_kind)kind, speakers > 1, style);
}

static void make_last_backup(struct row *row, const struct bdb *bdb, int64_t wall_s)
{
	const struct op *op = &bdb->op[OP_BACKUP];
	bool asked = op->last_seen == SEEN_ABSENT || op->last_seen == SEEN_NULL;

	if (op->last_seen == SEEN_GIVEN)
		time_age(row->last_backup, wall_s - op->last_ok_s);
	else
		/* whoever asked for no backup misses none */
		strcpy(row->last_backup,
		       asked && bdb->backup_seen == SEEN_GIVEN && bdb->backup ? "never" : "-");
}

void row_make(struct row *row, const struct cluster *cluster, const struct roster_entry *entry,
	      const struct row_style *style, struct moment now)
{
	const struct cluster_face *face = cluster_face(cluster);
	const struct bdb *bdb = entry->bdb;
	int kind;

	row->clauses = 0;
	row->listed = roster_listed(entry);
	row->finding = cluster_finding(cluster, bdb->uid);
	row->worst = row->finding->worst;
	row->worst_kind = row->finding->worst_kind;
	snprintf(row->id, sizeof(row->id), "db:%lld", (long long)bdb->uid);
	text_safe(row->name, sizeof(row->name), bdb->name_seen == SEEN_GIVEN ? bdb->name : "-",
		  style->ascii);
	text_safe(row->state, sizeof(row->state), bdb->state_seen == SEEN_GIVEN ? bdb->state : "-",
		  style->ascii);
	for (kind = 0; kind < OP_KINDS; kind++) {
		row->op[kind].verdict = row->finding->op[kind].verdict;
		row->op[kind].letter = verdict_defs[row->op[kind].verdict].letter;
		text_safe(row->op[kind].word, sizeof(row->op[kind].word),
			  triage_word(bdb, row->finding, (enum op_kind)kind), style->ascii);
	}
	make_last_backup(row, bdb, (face->listed ? face->good.wall_ms : now.wall_ms) / 1000);
	add_results(row, cluster, bdb->uid, style->form, now.ms);
	if (!row->listed && !entry->gone)
		snprintf(add_clause(row, EL_TEXT)->text, sizeof(row->clause[0].text), "not listed");
	if (!entry->gone)
		add_reasons(row, bdb, style);
}
