#include "completion.h"

#include <string.h>

#include "bdbtop/core/array.h"
#include "bdbtop/core/cause.h"
#include "bdbtop/core/text.h"
#include "bdbtop/session/subject.h"

/* What is being completed: a key, or KEY_NONE for a word without one. */
enum completed_key { KEY_NONE, KEY_STATE, KEY_REASON, KEY_TAG };

struct completion_search {
	struct completion *out;
	const char *typed; /* behind the key */
	enum completed_key key;
};

static const struct {
	const char *word;
	enum completed_key key;
} completed_keys[] = {
	{ "state:", KEY_STATE },  { "backup:", KEY_STATE },  { "export:", KEY_STATE },
	{ "import:", KEY_STATE }, { "reason:", KEY_REASON }, { "tag:", KEY_TAG },
};

static int by_text(const void *key, const void *element)
{
	return text_compare(key, element);
}

/* A word with a blank cannot be one word of a filter; one with a colon may look like a key. */
static bool is_one_word(const char *text)
{
	char safe[FILTER_SIZE * 4];

	return *text && strlen(text) < FILTER_SIZE && !strpbrk(text, " \t:!") &&
	       !strcmp(text_safe(safe, sizeof(safe), text, false), text);
}

static void add(const struct completion_search *search, const char *text)
{
	struct completion *out = search->out;
	size_t at;

	if (!text_has_prefix(text, search->typed) || !is_one_word(text) ||
	    array_find(text, out->word, out->count, sizeof(out->word[0]), by_text))
		return;
	at = array_index(text, out->word, out->count, sizeof(out->word[0]), by_text);
	if (at == COMPLETIONS)
		return;
	if (out->count == COMPLETIONS)
		out->count--;
	array_insert(out->word, &out->count, at, sizeof(out->word[0]));
	strcpy(out->word[at], text);
}

static void add_states(const struct completion_search *search, const struct filter_input *input)
{
	int kind;

	add(search, verdict_defs[input->finding->worst].count);
	for (kind = 0; kind < OP_KINDS; kind++) {
		/* `idle` is a word of a state only: in the list it is a hyphen */
		if (search->key == KEY_STATE || input->finding->op[kind].verdict != VERDICT_IDLE)
			add(search, verdict_defs[input->finding->op[kind].verdict].sentence);
		if (input->finding->op[kind].retrying)
			add(search, "retrying");
	}
}

static void add_reasons(const struct completion_search *search, const struct filter_input *input)
{
	int kind;

	for (kind = 0; kind < OP_KINDS; kind++) {
		const char *reason = cause_reason(input, (enum op_kind)kind);

		if (reason)
			add(search, reason);
		if (input->past_reason[kind])
			add(search, input->past_reason[kind]);
	}
}

static void add_tags(const struct completion_search *search, const struct filter_input *input)
{
	const char *tag;

	if (!input->bdb_info)
		return;
	for (tag = input->bdb_info->tags; *tag; tag = bdb_info_next(tag))
		add(search, tag);
}

static void add_words(const struct completion_search *search, const struct filter_input *input)
{
	if (search->key == KEY_NONE)
		add(search, input->bdb->name);
	if (search->key == KEY_NONE || search->key == KEY_STATE)
		add_states(search, input);
	if (search->key == KEY_NONE || search->key == KEY_REASON)
		add_reasons(search, input);
	if (search->key == KEY_TAG)
		add_tags(search, input);
}

static void search_cluster(const struct completion_search *search, const struct cluster *cluster)
{
	const struct roster *roster = cluster_roster(cluster);
	size_t i;

	for (i = 0; i < roster_count(roster); i++) {
		const struct roster_entry *entry = roster_at(roster, i);
		struct filter_input input = subject_filter_input(cluster, entry);

		input.bdb_info = cluster_bdb_info(cluster, entry->bdb->uid);
		subject_add_past_reasons(&input, cluster);
		add_words(search, &input);
	}
}

void completion_init(struct completion *completion, const struct fleet *fleet, const char *line)
{
	struct completion_search search = { .out = completion };
	const char *word = strrchr(line, ' ');
	size_t i;

	word = word ? word + 1 : line;
	word += *word == '!';
	for (i = 0; i < ARRAY_SIZE(completed_keys); i++)
		if (text_has_prefix(word, completed_keys[i].word)) {
			search.key = completed_keys[i].key;
			word += strlen(completed_keys[i].word);
			break;
		}
	completion->from = (size_t)(word - line);
	completion->count = completion->next = 0;
	search.typed = word;
	if (!*word && search.key == KEY_NONE)
		return;
	for (i = 0; i < fleet_count(fleet); i++)
		search_cluster(&search, fleet_at(fleet, i));
}

bool completion_next(struct completion *completion, char *line)
{
	const char *word = completion->word[completion->next];

	if (!completion->count || completion->from + strlen(word) >= FILTER_SIZE)
		return false;
	strcpy(line + completion->from, word);
	completion->next = (completion->next + 1) % completion->count;
	return true;
}
