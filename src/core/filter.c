#include "bdbtop/core/filter.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "bdbtop/core/array.h"
#include "bdbtop/core/cause.h"
#include "bdbtop/core/text.h"

#define BLANK	   " \t"
#define SHOWN_SIZE 512
#define ANY_OP	   (-1)

#define SECONDS_MAX (INT64_C(36500) * 86400)

#define NEEDS_STATE "needs a state: failed, stalled, overdue, suspect, retrying, quiet"
#define NO_SUCH_KEY "unknown key; known: state backup export import reason age module tag"

/* The keys before a colon, in addition to the three operations. */
static const struct filter_key {
	const char *word;
	enum filter_term_kind kind;
	const char *needs;
} filter_keys[] = {
	{ "state", TERM_STATE, NEEDS_STATE },
	{ "reason", TERM_REASON, "needs part of a reason: no-permission" },
	{ "module", TERM_MODULE, "needs part of a module name: search" },
	{ "tag", TERM_TAG, "needs KEY or KEY=VALUE" },
};

static const struct {
	char letter;
	int64_t seconds;
} duration_units[] = { { 's', 1 }, { 'm', 60 }, { 'h', 3600 }, { 'd', 86400 }, { 'w', 604800 } };

/* One word of an expression, terminated. */
struct filter_word {
	const char *text;
	size_t offset; /* of its first byte in the expression */
};

static int set_error(struct filter_error *error, size_t at, const char *text)
{
	error->offset = at;
	snprintf(error->text, sizeof(error->text), "%s", text);
	return -1;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static int64_t unit_seconds(char letter)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(duration_units); i++)
		if (duration_units[i].letter == letter)
			return duration_units[i].seconds;
	return 0;
}

/* Reads a number with its unit at *text and moves *text past them. */
static int parse_span(const struct filter_word *word, const char **text, int64_t *seconds,
		      struct filter_error *error)
{
	size_t offset = word->offset + (size_t)(*text - word->text), digits = 0;
	int64_t number = 0, unit;

	for (; is_digit((*text)[digits]); digits++)
		if (number <= SECONDS_MAX)
			number = number * 10 + ((*text)[digits] - '0');
	if (!digits)
		return set_error(error, offset, "needs an age: 30m, 24h, 2d");
	if (!(*text)[digits])
		return set_error(error, offset, "needs a unit: 30m, 24h, 2d");
	unit = unit_seconds((*text)[digits]);
	if (!unit)
		return set_error(error, offset + digits, "unknown unit; known: s, m, h, d, w");
	if (number > (SECONDS_MAX - *seconds) / unit)
		return set_error(error, offset, "more than a hundred years");
	*seconds += number * unit;
	*text += digits + 1;
	return 0;
}

static int parse_age(struct filter_term *term, const struct filter_word *word,
		     struct filter_error *error)
{
	const char *text = word->text + strlen("age>");

	term->kind = word->text[strlen("age")] == '>' ? TERM_OLDER : TERM_YOUNGER;
	do {
		if (parse_span(word, &text, &term->age_s, error) < 0)
			return -1;
	} while (*text);
	return 0;
}

static bool is_key(const struct filter_word *word, const char *key)
{
	return text_has_prefix(word->text, key) && word->text[strlen(key)] == ':';
}

/* The word of the first release, which would now silently match nothing. */
static bool is_old_suspect(const char *text)
{
	return text_has_prefix(text, "doubt") && text_has_prefix("doubtful", text);
}

/* Reads the text after the colon. */
static int parse_text(struct filter_term *term, const struct filter_word *word, const char *key,
		      const char *needs, struct filter_error *error)
{
	const char *text = word->text + strlen(key) + 1;
	const char *sign = strchr(text, '=');
	size_t end = word->offset + strlen(word->text);

	if (!*text)
		return set_error(error, end, needs);
	if (term->kind == TERM_TAG && sign == text)
		return set_error(error, end - strlen(text), needs);
	if (term->kind == TERM_TAG && sign && !sign[1])
		return set_error(error, end, "needs a value; leave out = to match any value");
	if (term->kind == TERM_STATE && is_old_suspect(text))
		return set_error(error, end - strlen(text), "this state is called suspect");
	strcpy(term->text, text);
	return 0;
}

/* Letters before a colon that are not a key would silently match nothing. */
static bool has_key(const struct filter_word *word)
{
	size_t letters = 0;

	while (is_letter(word->text[letters]))
		letters++;
	return letters && word->text[letters] == ':' && !is_key(word, "db");
}

static int parse_word(struct filter_term *term, const struct filter_word *word,
		      struct filter_error *error)
{
	size_t i;
	int kind;

	for (kind = 0; kind < OP_KINDS; kind++)
		if (is_key(word, op_defs[kind].word)) {
			term->kind = TERM_STATE;
			term->op = kind;
			return parse_text(term, word, op_defs[kind].word, NEEDS_STATE, error);
		}
	for (i = 0; i < ARRAY_SIZE(filter_keys); i++)
		if (is_key(word, filter_keys[i].word)) {
			term->kind = filter_keys[i].kind;
			return parse_text(term, word, filter_keys[i].word, filter_keys[i].needs,
					  error);
		}
	if (text_has_prefix(word->text, "age>") || text_has_prefix(word->text, "age<"))
		return parse_age(term, word, error);
	if (text_has_prefix(word->text, "age=") || is_key(word, "age"))
		return set_error(error, word->offset + strlen("age"), "write age>24h or age<2d");
	if (has_key(word))
		return set_error(error, word->offset, NO_SUCH_KEY);
	term->kind = TERM_WORD;
	strcpy(term->text, word->text);
	return 0;
}

static int parse_term(struct filter *filter, struct filter_word word, struct filter_error *error)
{
	struct filter_term *term = &filter->term[filter->terms];

	if (filter->terms == FILTER_TERMS)
		return set_error(error, word.offset, "too many words");
	*term = (struct filter_term){ .op = ANY_OP, .negated = *word.text == '!' };
	word.text += term->negated;
	word.offset += term->negated;
	if (!*word.text || *word.text == '!')
		return set_error(error, word.offset, "! needs a word: !failed");
	filter->terms++;
	return parse_word(term, &word, error);
}

int filter_parse(struct filter *filter, const char *expression, struct filter_error *error)
{
	size_t lead = strspn(expression, BLANK), length = strlen(expression + lead);
	struct filter fresh = { .terms = 0 };
	char words[FILTER_SIZE], *word, *rest = words;

	while (length && strchr(BLANK, expression[lead + length - 1]))
		length--;
	if (length >= FILTER_SIZE)
		return set_error(error, lead + FILTER_SIZE - 1, "too long");
	memcpy(fresh.expression, expression + lead, length);
	memcpy(words, fresh.expression, sizeof(words));
	while ((word = strsep(&rest, BLANK)) != NULL) {
		struct filter_word taken = { word, lead + (size_t)(word - words) };

		if (*word && parse_term(&fresh, taken, error) < 0)
			return -1;
	}
	*filter = fresh;
	return 0;
}

static bool is_ascii_print(const char *raw)
{
	while (*raw >= ' ' && *raw < 0x7f)
		raw++;
	return !*raw;
}

typedef bool compare_fn(const char *hay, const char *needle);

/* Compares the raw text and the text as shown: a user who types what is shown must find it. */
static bool field_matches(const char *raw, const char *text, compare_fn *matches)
{
	char shown[SHOWN_SIZE];

	if (matches(raw, text))
		return true;
	return !is_ascii_print(raw) && matches(text_safe(shown, sizeof(shown), raw, false), text);
}

static bool field_contains(const char *raw, const char *text)
{
	return field_matches(raw, text, text_contains);
}

static bool field_has_prefix(const char *raw, const char *text)
{
	return field_matches(raw, text, text_has_prefix);
}

static bool text_is_equal(const char *hay, const char *needle)
{
	return !text_compare(hay, needle);
}

static bool reason_contains(const struct filter_input *input, enum op_kind kind, const char *text)
{
	const char *reason = cause_reason(input, kind);

	return reason && field_contains(reason, text);
}

static bool op_matches(const struct filter_input *input, enum op_kind kind, const char *text)
{
	const struct op *op = &input->bdb->op[kind];
	const char *word = triage_word(input->bdb, input->finding, kind);

	/* a typed `-` means a hyphen; as a state word it would match nearly every database */
	if (*word != '-' && field_contains(word, text))
		return true;
	if (input->finding->op[kind].retrying && text_contains("retrying", text))
		return true;
	if (op->status_presence == FIELD_PRESENT && field_contains(op->status, text))
		return true;
	return reason_contains(input, kind, text);
}

static bool id_matches(int64_t uid, const char *text)
{
	char id[32];

	/* few words can be part of an id, and formatting ten thousand ids takes long */
	if (text[strspn(text, "dbDB:0123456789")])
		return false;
	snprintf(id, sizeof(id), "db:%" PRId64, uid);
	return text_contains(id, text);
}

static bool word_matches(const struct filter_input *input, const char *text)
{
	int kind;

	if (field_contains(input->bdb->name, text) || id_matches(input->bdb->uid, text))
		return true;
	for (kind = 0; kind < OP_KINDS; kind++)
		if (op_matches(input, (enum op_kind)kind, text))
			return true;
	return false;
}

static bool op_state_matches(const struct filter_input *input, enum op_kind kind, const char *text)
{
	const struct op *op = &input->bdb->op[kind];
	const struct op_finding *finding = &input->finding->op[kind];
	struct cause cause;

	if (strchr(text, '/'))
		return cause_find(input, kind, &cause) && cause_matches(&cause, text);
	if (text_has_prefix(verdict_defs[finding->verdict].sentence, text))
		return true;
	if (field_has_prefix(triage_word(input->bdb, input->finding, kind), text))
		return true;
	if (finding->retrying && text_has_prefix("retrying", text))
		return true;
	if (kind == OP_BACKUP && input->finding->due.overdue &&
	    text_has_prefix(verdict_defs[VERDICT_OVERDUE].sentence, text))
		return true;
	return op->status_presence == FIELD_PRESENT && field_has_prefix(op->status, text);
}

/* `quiet` is about the database: one quiet operation does not make the database quiet. */
static bool bdb_state_matches(const struct filter_input *input, const char *text)
{
	const struct bdb *bdb = input->bdb;
	int kind;

	if (text_has_prefix(verdict_defs[input->finding->worst].count, text))
		return true;
	if (bdb->state_presence == FIELD_PRESENT && field_has_prefix(bdb->state, text))
		return true;
	for (kind = 0; kind < OP_KINDS; kind++)
		if (op_state_matches(input, (enum op_kind)kind, text))
			return true;
	return false;
}

static bool state_matches(const struct filter_input *input, int kind, const char *text)
{
	if (kind == ANY_OP)
		return bdb_state_matches(input, text);
	return text_has_prefix(verdict_defs[input->finding->op[kind].verdict].count, text) ||
	       op_state_matches(input, (enum op_kind)kind, text);
}

static bool any_reason_matches(const struct filter_input *input, const char *text)
{
	int kind;

	for (kind = 0; kind < OP_KINDS; kind++)
		if (reason_contains(input, (enum op_kind)kind, text))
			return true;
	return false;
}

static bool age_matches(const struct filter_input *input, const struct filter_term *term)
{
	const struct op *op = &input->bdb->op[OP_BACKUP];
	int64_t age_s = time_subtract(input->now_s, op->last_success_s);

	if (op->last_success_presence != FIELD_PRESENT)
		return term->kind == TERM_OLDER && input->finding->due.never_succeeded;
	return term->kind == TERM_OLDER ? age_s > term->age_s : age_s < term->age_s;
}

static bool module_matches(const struct bdb_info *info, const char *text)
{
	const char *name;

	for (name = info->modules; *name; name = bdb_info_next(name))
		if (field_contains(name, text))
			return true;
	return false;
}

static bool tag_has_key(const char *tag, const char *key)
{
	return text_has_prefix(tag, key) && (tag[strlen(key)] == '=' || !tag[strlen(key)]);
}

static bool tag_matches(const struct bdb_info *info, const char *text)
{
	compare_fn *matches = strchr(text, '=') ? text_is_equal : tag_has_key;
	const char *tag;

	for (tag = info->tags; *tag; tag = bdb_info_next(tag))
		if (field_matches(tag, text, matches))
			return true;
	return false;
}

static bool term_matches(const struct filter_term *term, const struct filter_input *input)
{
	switch (term->kind) {
	case TERM_STATE:
		return state_matches(input, term->op, term->text);
	case TERM_REASON:
		return any_reason_matches(input, term->text);
	case TERM_OLDER:
	case TERM_YOUNGER:
		return age_matches(input, term);
	case TERM_MODULE:
		return module_matches(input->bdb_info, term->text);
	case TERM_TAG:
		return tag_matches(input->bdb_info, term->text);
	default:
		return word_matches(input, term->text);
	}
}

static bool term_needs_bdb_info(const struct filter_term *term)
{
	return term->kind == TERM_MODULE || term->kind == TERM_TAG;
}

bool filter_matches(const struct filter *filter, const struct filter_input *input)
{
	size_t i;

	for (i = 0; i < filter->terms; i++) {
		const struct filter_term *term = &filter->term[i];

		/* unknown is not "without": marking all without a tag must not mark these */
		if (term_needs_bdb_info(term) && !input->bdb_info)
			return false;
		if (term_matches(term, input) == term->negated)
			return false;
	}
	return true;
}

bool filter_needs_bdb_info(const struct filter *filter)
{
	size_t i;

	for (i = 0; i < filter->terms; i++)
		if (term_needs_bdb_info(&filter->term[i]))
			return true;
	return false;
}
