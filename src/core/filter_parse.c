/*
 * The expression of a filter: words and their errors.
 */
#include "bdbtop/core/filter.h"

#include <stdio.h>
#include <string.h>

#include "bdbtop/core/array.h"
#include "bdbtop/core/text.h"

#define BLANK  " \t"
#define ANY_OP (-1)

#define SECONDS_MAX (INT64_C(36500) * 86400)

#define NEEDS_STATE "needs a state: failed, stalled, overdue, suspect, retrying, quiet"
#define NO_SUCH_KEY                                                                                \
	"unknown key; known: state backup export import reason result age loss progress module tag"

/* The keys before a colon, in addition to the three operations. */
static const struct filter_key {
	const char *word;
	enum filter_term_kind kind;
	const char *needs;
} filter_keys[] = {
	{ "state", TERM_STATE, NEEDS_STATE },
	{ "reason", TERM_REASON, "needs part of a reason: no-permission" },
	{ "result", TERM_RESULT, "needs a result: refused, unchanged, busy, cleared, any" },
	{ "module", TERM_MODULE, "needs part of a module name: search" },
	{ "tag", TERM_TAG, "needs KEY or KEY=VALUE" },
};

/* The keys before < or >. */
static const struct limit_key {
	const char *word;
	enum filter_term_kind kind;
	const char *usage;
} limit_keys[] = {
	{ "age", TERM_AGE, "write age>24h or age<2d" },
	{ "loss", TERM_LOSS, "write loss>24h or loss<2d" },
	{ "progress", TERM_PROGRESS, "write progress<10 or progress>90" },
};

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
	unit = time_unit_s((*text)[digits]);
	if (!unit)
		return set_error(error, offset + digits, "unknown unit; known: s, m, h, d, w");
	if (number > (SECONDS_MAX - *seconds) / unit)
		return set_error(error, offset, "more than a hundred years");
	*seconds += number * unit;
	*text += digits + 1;
	return 0;
}

static int parse_percent(struct filter_term *term, const struct filter_word *word, const char *text,
			 struct filter_error *error)
{
	size_t offset = word->offset + (size_t)(text - word->text), digits = 0;

	for (; is_digit(text[digits]); digits++)
		if (term->limit <= 100)
			term->limit = term->limit * 10 + (text[digits] - '0');
	if (!digits || term->limit > 100)
		return set_error(error, offset, "needs a percent from 0 to 100");
	if (text[digits] && strcmp(text + digits, "%") != 0)
		return set_error(error, offset + digits, "needs a percent from 0 to 100");
	return 0;
}

static int parse_limit(struct filter_term *term, const struct filter_word *word,
		       const struct limit_key *key, struct filter_error *error)
{
	const char *text = word->text + strlen(key->word) + 1;

	term->kind = key->kind;
	term->below = text[-1] == '<';
	if (key->kind == TERM_PROGRESS)
		return parse_percent(term, word, text, error);
	do {
		if (parse_span(word, &text, &term->limit, error) < 0)
			return -1;
	} while (*text);
	return 0;
}

/* The key before the first sign of a word such as `age>24h`; NULL: there is none. */
static const struct limit_key *find_limit_key(const struct filter_word *word, const char *signs)
{
	size_t i, length;

	for (i = 0; i < ARRAY_SIZE(limit_keys); i++) {
		length = strlen(limit_keys[i].word);
		if (text_has_prefix(word->text, limit_keys[i].word) && word->text[length] &&
		    strchr(signs, word->text[length]))
			return &limit_keys[i];
	}
	return NULL;
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
	const struct limit_key *limit = find_limit_key(word, "<>");
	size_t i;
	int kind;

	if (limit)
		return parse_limit(term, word, limit, error);
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
	limit = find_limit_key(word, "=:");
	if (limit)
		return set_error(error, word->offset + strlen(limit->word), limit->usage);
	if (has_key(word))
		return set_error(error, word->offset, NO_SUCH_KEY);
	term->kind = TERM_WORD;
	strcpy(term->text, word->text);
	return 0;
}

static bool is_plain_word(const struct filter_term *term, const char *word)
{
	return term->kind == TERM_WORD && !text_compare(term->text, word);
}

/* Of the phrases, only `no problems` is not the sum of its words. */
static void join_no_problems(struct filter *filter)
{
	size_t last = filter->terms - 1;

	if (!last || filter->term[last].negated ||
	    !is_plain_word(&filter->term[last], "problems") ||
	    !is_plain_word(&filter->term[last - 1], "no"))
		return;
	filter->terms--;
	strcpy(filter->term[last - 1].text, NO_PROBLEMS);
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
	if (parse_word(term, &word, error) < 0)
		return -1;
	join_no_problems(filter);
	return 0;
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
