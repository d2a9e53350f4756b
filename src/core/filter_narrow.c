/*
 * Whether a filter that is being typed can only match fewer databases than the one before.
 */
#include "bdbtop/core/filter.h"

#include <string.h>

#include "bdbtop/core/text.h"
#include "filter_internal.h"

static bool is_quiet(const struct filter_input *input, enum op_kind kind)
{
	const struct op_finding *finding = &input->finding->op[kind];
	enum op_phase phase = input->bdb->op[kind].phase;

	return finding->verdict >= VERDICT_OK && !finding->retrying && phase != OP_RUNNING &&
	       phase != OP_FAILED && phase != OP_OTHER && !input->past_reason[kind];
}

bool filter_input_is_plain(const struct filter_input *input)
{
	const struct backup_due *due = &input->finding->due;
	int kind;

	if (input->finding->worst < VERDICT_OK || input->finding->beyond_rpo ||
	    input->is_unlisted || input->result_count)
		return false;
	if (due->overdue || due->missed_intervals || due->never_succeeded)
		return false;
	for (kind = 0; kind < OP_KINDS; kind++)
		if (!is_quiet(input, (enum op_kind)kind))
			return false;
	return true;
}

/* A word that a plain database has, of which a part matches nothing. */
static bool is_plain_word(const char *text)
{
	return !strcmp(text, NO_PROBLEMS) || filter_has_word(DUE, text) ||
	       filter_has_word(NOT_SCHEDULED, text) ||
	       filter_has_word(verdict_defs[VERDICT_OK].count, text) ||
	       filter_has_word(verdict_defs[VERDICT_IDLE].count, text);
}

static bool is_equal(const struct filter_term *a, const struct filter_term *b)
{
	return a->kind == b->kind && a->negated == b->negated && a->op == b->op &&
	       a->below == b->below && a->limit == b->limit && !strcmp(a->text, b->text);
}

/* Letters were added to a word that must match. */
static bool is_longer(const struct filter_term *after, const struct filter_term *before)
{
	return after->kind == TERM_WORD && before->kind == TERM_WORD && !after->negated &&
	       !before->negated && text_has_prefix(after->text, before->text) &&
	       strcmp(before->text, NO_PROBLEMS) != 0 && !is_plain_word(after->text);
}

bool filter_narrows(const struct filter *after, const struct filter *before)
{
	size_t i;

	if (after->terms < before->terms)
		return false;
	for (i = 0; i < before->terms; i++)
		if (!is_equal(&after->term[i], &before->term[i]) &&
		    (i + 1 < after->terms || !is_longer(&after->term[i], &before->term[i])))
			return false;
	return true;
}

const char *filter_last_word(const struct filter *filter)
{
	return filter->terms ? filter->term[filter->terms - 1].text : "";
}
