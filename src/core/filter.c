/*
 * Which databases match a filter.  filter_parse.c reads the expression.
 */
#include "bdbtop/core/filter.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "bdbtop/core/cause.h"
#include "bdbtop/core/reason.h"
#include "bdbtop/core/text.h"
#include "filter_internal.h"

#define SHOWN_SIZE 512
#define DUE	   "due" /* what is due now was not due before */

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
	const char *reason = cause_reason(input, kind), *past = input->past_reason[kind];

	return (reason && field_contains(reason, text)) || (past && field_contains(past, text));
}

/* An unknown status may have a reason, too. */
static bool other_reason_contains(const struct op *op, const char *text)
{
	return op->phase == OP_OTHER && op->reason_presence == FIELD_PRESENT &&
	       field_contains(op->reason, text);
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
	return reason_contains(input, kind, text) || other_reason_contains(op, text);
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

/* These phrases are in many rows: part of a word, as it is typed, must not match them. */
bool filter_has_word(const char *phrase, const char *text)
{
	size_t length = strlen(text);
	const char *word = phrase;

	while (word) {
		if (text_has_prefix(word, text) && (!word[length] || strchr(" ,", word[length])))
			return true;
		word = strchr(word, ' ');
		if (word)
			word++;
	}
	return false;
}

static bool shows_percent(const struct op *op, const char *text)
{
	char shown[32];

	if (op->phase != OP_RUNNING || op->percent_presence != FIELD_PRESENT)
		return false;
	snprintf(shown, sizeof(shown), "%d%%", (int)op->percent);
	return !strcmp(shown, text);
}

/* The row says what the contradictions are only if nothing is worse. */
static bool suspect_matches(const struct filter_input *input, enum op_kind kind, const char *text)
{
	const struct op_finding *finding = &input->finding->op[kind];
	unsigned bit;

	if (finding->verdict != VERDICT_SUSPECT || input->finding->worst != VERDICT_SUSPECT)
		return false;
	for (bit = 1; bit && bit <= finding->suspect; bit <<= 1)
		if (finding->suspect & bit &&
		    filter_has_word(triage_suspect_text((enum suspect_reason)bit, kind), text))
			return true;
	return false;
}

static bool sizes_match(const struct op *op, const char *text)
{
	char sizes[REASON_TEXT_SIZE];

	if (op->phase != OP_FAILED || op->reason_presence != FIELD_PRESENT)
		return false;
	reason_format_shortfall(op->reason, sizes);
	return filter_has_word(sizes, text);
}

static bool usual_matches(const struct filter_input *input, enum op_kind kind, const char *text)
{
	return input->finding->op[kind].verdict == VERDICT_STALLED && input->op_since &&
	       input->op_since[kind].typical_run_s > 0 && filter_has_word("usually", text);
}

/* Words of the clauses about one operation; its name, unless it is quiet. */
static bool op_phrase_matches(const struct filter_input *input, enum op_kind kind, const char *text)
{
	const struct op_finding *finding = &input->finding->op[kind];
	const struct op *op = &input->bdb->op[kind];
	const char *past = input->past_reason[kind];

	return suspect_matches(input, kind, text) || shows_percent(op, text) ||
	       (finding->retrying && filter_has_word("try", text)) ||
	       (past && filter_has_word("was", text)) || sizes_match(op, text) ||
	       usual_matches(input, kind, text) ||
	       (finding->verdict == VERDICT_OTHER &&
		filter_has_word(triage_sentence(input->bdb, input->finding, kind), text)) ||
	       ((finding->verdict < VERDICT_OK || past) &&
		filter_has_word(op_defs[kind].word, text));
}

static bool schedule_matches(const struct filter_input *input, const char *text)
{
	const struct backup_due *due = &input->finding->due;

	return (due->overdue && filter_has_word("late", text)) ||
	       (due->missed_intervals && filter_has_word("missed", text)) ||
	       (due->never_succeeded && filter_has_word("never backed up", text)) ||
	       (due->has_due_time && !due->overdue && due->due_s <= input->now_s &&
		filter_has_word(DUE, text)) ||
	       (input->finding->beyond_rpo && filter_has_word(BEYOND_RPO, text)) ||
	       (input->finding->loss_s == LOSS_NONE && filter_has_word(NOT_SCHEDULED, text));
}

static bool has_problem(const struct filter_input *input)
{
	return verdict_defs[input->finding->worst].problem;
}

/* Words of the counts, and of the clauses about the database. */
static bool phrase_matches(const struct filter_input *input, const char *text)
{
	const struct bdb *bdb = input->bdb;
	int kind;

	if (filter_has_word(verdict_defs[input->finding->worst].count, text) ||
	    (input->is_unlisted && filter_has_word("not listed", text)) ||
	    (has_problem(input) && filter_has_word("problems", text)) ||
	    schedule_matches(input, text) ||
	    (bdb->state_presence == FIELD_PRESENT &&
	     field_matches(bdb->state, text, filter_has_word)))
		return true;
	for (kind = 0; kind < OP_KINDS; kind++)
		if (op_phrase_matches(input, (enum op_kind)kind, text))
			return true;
	return false;
}

static bool result_contains(const struct filter_input *input, const char *text)
{
	size_t i;

	for (i = 0; i < input->result_count; i++)
		if (text_contains(input->results[i].text, text))
			return true;
	return false;
}

static bool word_matches(const struct filter_input *input, const char *text)
{
	int kind;

	if (!strcmp(text, NO_PROBLEMS))
		return !has_problem(input);
	if (field_contains(input->bdb->name, text) || id_matches(input->bdb->uid, text))
		return true;
	for (kind = 0; kind < OP_KINDS; kind++)
		if (op_matches(input, (enum op_kind)kind, text))
			return true;
	return phrase_matches(input, text) || result_contains(input, text);
}

/* `no-answer` for `no answer`. */
static bool outcome_has_prefix(const char *outcome, const char *text)
{
	for (; *text; outcome++, text++) {
		char letter[2] = { *outcome == ' ' ? '-' : *outcome, '\0' };

		if (!text_has_prefix(text, letter) || !*letter)
			return false;
	}
	return true;
}

static bool result_matches(const struct filter_input *input, const char *text)
{
	size_t i;

	if (!text_compare(text, "any"))
		return input->result_count > 0;
	for (i = 0; i < input->result_count; i++)
		if (input->results[i].outcome &&
		    outcome_has_prefix(input->results[i].outcome, text))
			return true;
	return result_contains(input, text);
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
	if (kind == OP_BACKUP && triage_is_overdue(input->finding) &&
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
	if (kind < 0)
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

static bool is_beyond(double value, const struct filter_term *term)
{
	return term->below ? value < (double)term->limit : value > (double)term->limit;
}

static bool age_matches(const struct filter_input *input, const struct filter_term *term)
{
	const struct op *op = &input->bdb->op[OP_BACKUP];

	if (op->last_success_presence != FIELD_PRESENT)
		return !term->below && input->finding->due.never_succeeded;
	return is_beyond((double)time_subtract(input->now_s, op->last_success_s), term);
}

static bool loss_matches(const struct filter_input *input, const struct filter_term *term)
{
	int64_t loss_s = input->finding->loss_s;

	if (!loss_is_time(loss_s))
		return !term->below && loss_is_above(loss_s, term->limit);
	return is_beyond((double)loss_s, term);
}

static bool progress_matches(const struct filter_input *input, const struct filter_term *term)
{
	int kind;

	for (kind = 0; kind < OP_KINDS; kind++) {
		const struct op *op = &input->bdb->op[kind];

		if (op->phase == OP_RUNNING && op->percent_presence == FIELD_PRESENT &&
		    is_beyond(op->percent, term))
			return true;
	}
	return false;
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

bool filter_tag_matches(const struct bdb_info *info, const char *text)
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
	case TERM_RESULT:
		return result_matches(input, term->text);
	case TERM_AGE:
		return age_matches(input, term);
	case TERM_LOSS:
		return loss_matches(input, term);
	case TERM_PROGRESS:
		return progress_matches(input, term);
	case TERM_MODULE:
		return module_matches(input->bdb_info, term->text);
	case TERM_TAG:
		return filter_tag_matches(input->bdb_info, term->text);
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

bool filter_depends_on_time(const struct filter *filter)
{
	size_t i;

	for (i = 0; i < filter->terms; i++) {
		const struct filter_term *term = &filter->term[i];

		if (term->kind == TERM_AGE || term->kind == TERM_LOSS ||
		    (term->kind == TERM_WORD && !text_compare(term->text, DUE)))
			return true;
	}
	return false;
}

bool filter_reads_loss(const struct filter *filter)
{
	size_t i;

	for (i = 0; i < filter->terms; i++)
		if (filter->term[i].kind == TERM_LOSS)
			return true;
	return false;
}

bool filter_needs_bdb_info(const struct filter *filter)
{
	size_t i;

	for (i = 0; i < filter->terms; i++)
		if (term_needs_bdb_info(&filter->term[i]))
			return true;
	return false;
}
