#include "bdbtop/core/filter.h"

#include "bdbtop/core/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define BLANK	   " \t"
#define SHOWN_SIZE 512
#define ANY_OP	   (-1)

#define SECONDS_MOST (INT64_C(36500) * 86400)

#define NEEDS_STATE "needs a state: failed, stalled, overdue, retrying, quiet"
#define NO_SUCH_KEY "no such key: state backup export import reason age module tag"

/* What may stand before a colon, beside the three operations. */
static const struct filter_key {
	const char *word;
	enum filter_term_kind kind;
	const char *needs;
} keys[] = {
	{ "state", TERM_STATE, NEEDS_STATE },
	{ "reason", TERM_REASON, "needs a part of a reason: no-permission" },
	{ "module", TERM_MODULE, "needs a part of a module's name: search" },
	{ "tag", TERM_TAG, "needs KEY or KEY=VALUE" },
};

static const struct {
	char letter;
	int64_t seconds;
} units[] = { { 's', 1 }, { 'm', 60 }, { 'h', 3600 }, { 'd', 86400 }, { 'w', 604800 } };

/* One word of an expression, terminated. */
struct word {
	const char *at;
	size_t place; /* of its first byte in the expression */
};

static int mistake(struct filter_error *error, size_t at, const char *text)
{
	error->at = at;
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

static int64_t unit_of(char letter)
{
	size_t i;

	for (i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (units[i].letter == letter)
			return units[i].seconds;
	return 0;
}

/* One number with its unit at *text, which goes on behind it. */
static int take_span(const struct word *word, const char **text, int64_t *seconds,
		     struct filter_error *error)
{
	size_t place = word->place + (size_t)(*text - word->at), digits = 0;
	int64_t number = 0, unit;

	for (; is_digit((*text)[digits]); digits++)
		if (number <= SECONDS_MOST)
			number = number * 10 + ((*text)[digits] - '0');
	if (!digits)
		return mistake(error, place, "needs an age: 30m, 24h, 2d");
	if (!(*text)[digits])
		return mistake(error, place, "needs a unit: 30m, 24h, 2d");
	unit = unit_of((*text)[digits]);
	if (!unit)
		return mistake(error, place + digits, "no such unit: s, m, h, d, w");
	if (number > (SECONDS_MOST - *seconds) / unit)
		return mistake(error, place, "older than a hundred years");
	*seconds += number * unit;
	*text += digits + 1;
	return 0;
}

static int take_age(struct filter_term *term, const struct word *word, struct filter_error *error)
{
	const char *text = word->at + strlen("age>");

	term->kind = word->at[strlen("age")] == '>' ? TERM_OLDER : TERM_YOUNGER;
	do {
		if (take_span(word, &text, &term->age_s, error) < 0)
			return -1;
	} while (*text);
	return 0;
}

static bool is_key(const struct word *word, const char *key)
{
	return text_begins(word->at, key) && word->at[strlen(key)] == ':';
}

/* What stands after the colon. */
static int take_text(struct filter_term *term, const struct word *word, const char *key,
		     const char *needs, struct filter_error *error)
{
	const char *text = word->at + strlen(key) + 1;
	const char *sign = strchr(text, '=');
	size_t end = word->place + strlen(word->at);

	if (!*text)
		return mistake(error, end, needs);
	if (term->kind == TERM_TAG && sign == text)
		return mistake(error, end - strlen(text), needs);
	if (term->kind == TERM_TAG && sign && !sign[1])
		return mistake(error, end, "needs a value; without = it is any value");
	strcpy(term->text, text);
	return 0;
}

/* Letters before a colon that are no key would silently find nothing. */
static bool looks_keyed(const struct word *word)
{
	size_t letters = 0;

	while (is_letter(word->at[letters]))
		letters++;
	return letters && word->at[letters] == ':' && !is_key(word, "db");
}

static int take_word(struct filter_term *term, const struct word *word, struct filter_error *error)
{
	size_t i;
	int kind;

	for (kind = 0; kind < OP_KINDS; kind++)
		if (is_key(word, op_defs[kind].word)) {
			term->kind = TERM_STATE;
			term->op = kind;
			return take_text(term, word, op_defs[kind].word, NEEDS_STATE, error);
		}
	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (is_key(word, keys[i].word)) {
			term->kind = keys[i].kind;
			return take_text(term, word, keys[i].word, keys[i].needs, error);
		}
	if (text_begins(word->at, "age>") || text_begins(word->at, "age<"))
		return take_age(term, word, error);
	if (text_begins(word->at, "age=") || is_key(word, "age"))
		return mistake(error, word->place + strlen("age"), "write age>24h or age<2d");
	if (looks_keyed(word))
		return mistake(error, word->place, NO_SUCH_KEY);
	term->kind = TERM_WORD;
	strcpy(term->text, word->at);
	return 0;
}

static int take_term(struct filter *filter, struct word word, struct filter_error *error)
{
	struct filter_term *term = &filter->term[filter->terms];

	if (filter->terms == FILTER_TERMS)
		return mistake(error, word.place, "more words than a filter holds");
	*term = (struct filter_term){ .op = ANY_OP, .not = *word.at == '!' };
	word.at += term->not ;
	word.place += term->not ;
	if (!*word.at || *word.at == '!')
		return mistake(error, word.place, "! needs a word: !failed");
	filter->terms++;
	return take_word(term, &word, error);
}

int filter_parse(struct filter *filter, const char *expression, struct filter_error *error)
{
	size_t lead = strspn(expression, BLANK), length = strlen(expression + lead);
	struct filter fresh = { .terms = 0 };
	char words[FILTER_SIZE], *word, *rest = words;

	while (length && strchr(BLANK, expression[lead + length - 1]))
		length--;
	if (length >= FILTER_SIZE)
		return mistake(error, lead + FILTER_SIZE - 1, "longer than a filter may be");
	memcpy(fresh.expression, expression + lead, length);
	memcpy(words, fresh.expression, sizeof(words));
	while ((word = strsep(&rest, BLANK)) != NULL) {
		struct word taken = { word, lead + (size_t)(word - words) };

		if (*word && take_term(&fresh, taken, error) < 0)
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

/* As it came, or as the screen shows it: who types what stands there must find it. */
static bool field_fits(const char *raw, const char *text, compare_fn *fits)
{
	char shown[SHOWN_SIZE];

	if (fits(raw, text))
		return true;
	return !is_ascii_print(raw) && fits(text_safe(shown, sizeof(shown), raw, false), text);
}

static bool field_holds(const char *raw, const char *text)
{
	return field_fits(raw, text, text_holds);
}

static bool field_begins(const char *raw, const char *text)
{
	return field_fits(raw, text, text_begins);
}

static bool text_is(const char *hay, const char *needle)
{
	return !text_compare(hay, needle);
}

const char *filter_reason(const struct filter_subject *subject, enum op_kind kind)
{
	const struct op *op = &subject->bdb->op[kind];
	bool retrying = subject->finding->op[kind].retrying;

	if (retrying && subject->sight && subject->sight[kind].series)
		return subject->sight[kind].series->reason;
	/* that of an operation which did not fail is an old one (API page 8.3) */
	if ((!retrying && op->phase != OP_FAILED) || op->reason_seen != SEEN_GIVEN)
		return NULL;
	return op->reason;
}

static bool reason_holds(const struct filter_subject *subject, enum op_kind kind, const char *text)
{
	const char *reason = filter_reason(subject, kind);

	return reason && field_holds(reason, text);
}

static bool op_holds(const struct filter_subject *subject, enum op_kind kind, const char *text)
{
	const struct op *op = &subject->bdb->op[kind];
	const char *word = triage_word(subject->bdb, subject->finding, kind);

	/* who types `-` means a hyphen, and nearly every database has an idle operation */
	if (*word != '-' && field_holds(word, text))
		return true;
	if (subject->finding->op[kind].retrying && text_holds("retrying", text))
		return true;
	if (op->status_seen == SEEN_GIVEN && field_holds(op->status, text))
		return true;
	return reason_holds(subject, kind, text);
}

static bool id_holds(int64_t uid, const char *text)
{
	char id[32];

	/* few words can be in an id, and to write ten thousand of them takes long */
	if (text[strspn(text, "dbDB:0123456789")])
		return false;
	snprintf(id, sizeof(id), "db:%" PRId64, uid);
	return text_holds(id, text);
}

static bool word_holds(const struct filter_subject *subject, const char *text)
{
	int kind;

	if (field_holds(subject->bdb->name, text) || id_holds(subject->bdb->uid, text))
		return true;
	for (kind = 0; kind < OP_KINDS; kind++)
		if (op_holds(subject, (enum op_kind)kind, text))
			return true;
	return false;
}

static bool op_state_holds(const struct filter_subject *subject, enum op_kind kind,
			   const char *text)
{
	const struct op *op = &subject->bdb->op[kind];
	const struct op_finding *finding = &subject->finding->op[kind];

	if (text_begins(verdict_defs[finding->verdict].sentence, text))
		return true;
	if (field_begins(triage_word(subject->bdb, subject->finding, kind), text))
		return true;
	if (finding->retrying && text_begins("retrying", text))
		return true;
	if (kind == OP_BACKUP && subject->finding->due.late &&
	    text_begins(verdict_defs[VERDICT_OVERDUE].sentence, text))
		return true;
	return op->status_seen == SEEN_GIVEN && field_begins(op->status, text);
}

/* `quiet` is a word for the whole: one quiet operation makes no quiet database. */
static bool bdb_state_holds(const struct filter_subject *subject, const char *text)
{
	const struct bdb *bdb = subject->bdb;
	int kind;

	if (text_begins(verdict_defs[subject->finding->worst].count, text))
		return true;
	if (bdb->state_seen == SEEN_GIVEN && field_begins(bdb->state, text))
		return true;
	for (kind = 0; kind < OP_KINDS; kind++)
		if (op_state_holds(subject, (enum op_kind)kind, text))
			return true;
	return false;
}

static bool state_holds(const struct filter_subject *subject, int kind, const char *text)
{
	if (kind == ANY_OP)
		return bdb_state_holds(subject, text);
	return text_begins(verdict_defs[subject->finding->op[kind].verdict].count, text) ||
	       op_state_holds(subject, (enum op_kind)kind, text);
}

static bool any_reason_holds(const struct filter_subject *subject, const char *text)
{
	int kind;

	for (kind = 0; kind < OP_KINDS; kind++)
		if (reason_holds(subject, (enum op_kind)kind, text))
			return true;
	return false;
}

static bool age_holds(const struct filter_subject *subject, const struct filter_term *term)
{
	const struct op *op = &subject->bdb->op[OP_BACKUP];
	int64_t age_s = time_subtract(subject->now_s, op->last_ok_s);

	if (op->last_seen != SEEN_GIVEN)
		return term->kind == TERM_OLDER && subject->finding->due.never;
	return term->kind == TERM_OLDER ? age_s > term->age_s : age_s < term->age_s;
}

static bool module_holds(const struct traits *traits, const char *text)
{
	size_t i;

	for (i = 0; i < traits->module_count; i++)
		if (field_holds(traits->modules[i], text))
			return true;
	return false;
}

static bool tag_has_key(const char *tag, const char *key)
{
	return text_begins(tag, key) && (tag[strlen(key)] == '=' || !tag[strlen(key)]);
}

static bool tag_holds(const struct traits *traits, const char *text)
{
	compare_fn *fits = strchr(text, '=') ? text_is : tag_has_key;
	size_t i;

	for (i = 0; i < traits->tag_count; i++)
		if (field_fits(traits->tags[i], text, fits))
			return true;
	return false;
}

static bool term_holds(const struct filter_term *term, const struct filter_subject *subject)
{
	switch (term->kind) {
	case TERM_STATE:
		return state_holds(subject, term->op, term->text);
	case TERM_REASON:
		return any_reason_holds(subject, term->text);
	case TERM_OLDER:
	case TERM_YOUNGER:
		return age_holds(subject, term);
	case TERM_MODULE:
		return module_holds(subject->traits, term->text);
	case TERM_TAG:
		return tag_holds(subject->traits, term->text);
	default:
		return word_holds(subject, term->text);
	}
}

static bool asks_traits(const struct filter_term *term)
{
	return term->kind == TERM_MODULE || term->kind == TERM_TAG;
}

bool filter_matches(const struct filter *filter, const struct filter_subject *subject)
{
	size_t i;

	for (i = 0; i < filter->terms; i++) {
		const struct filter_term *term = &filter->term[i];

		/* what is not known is no `not`: who marks all without a tag must not mark these */
		if (asks_traits(term) && !subject->traits)
			return false;
		if (term_holds(term, subject) == term->not )
			return false;
	}
	return true;
}

bool filter_wants_traits(const struct filter *filter)
{
	size_t i;

	for (i = 0; i < filter->terms; i++)
		if (asks_traits(&filter->term[i]))
			return true;
	return false;
}
