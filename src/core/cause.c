#include "bdbtop/core/cause.h"

#include <stdio.h>
#include <string.h>

#include "bdbtop/core/describe.h"
#include "bdbtop/core/text.h"

#define NO_REASON "-"

const char *cause_reason(const struct filter_input *input, enum op_kind kind)
{
	const struct op *op = &input->bdb->op[kind];
	bool retrying = input->finding->op[kind].retrying;

	if (retrying && input->op_since && input->op_since[kind].streak)
		return input->op_since[kind].streak->reason;
	/* a reason may outlive its failure: beside another status it is an old one */
	if ((!retrying && op->phase != OP_FAILED) || op->reason_presence != FIELD_PRESENT)
		return NULL;
	return op->reason;
}

static enum verdict state_of(const struct filter_input *input, enum op_kind kind)
{
	enum verdict verdict = input->finding->op[kind].verdict;
	bool overdue = kind == OP_BACKUP && triage_is_overdue(input->finding);

	return overdue && verdict > VERDICT_OVERDUE ? VERDICT_OVERDUE : verdict;
}

static void set_reason(struct cause *cause, const char *safe)
{
	struct text text;

	text_init(&text, cause->reason, sizeof(cause->reason));
	text_add(&text, safe);
}

static void set_failure_reason(struct cause *cause, const struct filter_input *input)
{
	static const struct describe_style style = { .form = DESCRIBE_SHORT };
	const char *raw = cause_reason(input, cause->kind);
	char safe[FACT_TEXT];

	describe_reason(safe, raw ? raw : "", cause->kind, &style);
	set_reason(cause, safe);
}

bool cause_find(const struct filter_input *input, enum op_kind kind, struct cause *out)
{
	enum verdict state = state_of(input, kind);
	enum suspect_reason suspect;

	if (!input->finding->listed || !verdict_defs[state].problem)
		return false;
	*out = (struct cause){ .kind = kind, .state = state };
	if (state == VERDICT_FAILED)
		set_failure_reason(out, input);
	else if (state == VERDICT_OVERDUE && input->finding->due.never_succeeded)
		set_reason(out, NEVER_BACKED_UP);
	else if (state == VERDICT_OVERDUE && !input->finding->due.overdue)
		set_reason(out, BEYOND_RPO);
	else if (state == VERDICT_SUSPECT &&
		 describe_suspect(input->finding->op[kind].suspect, &suspect))
		set_reason(out, triage_suspect_text(suspect, kind));
	return true;
}

/* A word of a filter has no spaces. */
static const char *write_reason(const struct cause *cause, char out[CAUSE_REASON_SIZE])
{
	char *space;

	strcpy(out, *cause->reason ? cause->reason : NO_REASON);
	while ((space = strchr(out, ' ')) != NULL)
		*space = '-';
	return out;
}

/* The reasons in the order of write_reason(), which thousands of databases cannot wait for. */
static int compare_reasons(const char *a, const char *b)
{
	a = *a ? a : NO_REASON;
	b = *b ? b : NO_REASON;
	for (; *a; a++, b++) {
		unsigned char left = (unsigned char)(*a == ' ' ? '-' : text_lower(*a)),
			      right = (unsigned char)(*b == ' ' ? '-' : text_lower(*b));

		if (left != right)
			return left - right;
	}
	return *b ? -1 : 0;
}

int cause_compare(const struct cause *a, const struct cause *b)
{
	if (a->state != b->state)
		return a->state < b->state ? -1 : 1;
	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	return compare_reasons(a->reason, b->reason);
}

void cause_format_filter(const struct cause *cause, char out[FILTER_SIZE])
{
	char reason[CAUSE_REASON_SIZE];

	snprintf(out, FILTER_SIZE, "%s:%s/%s", op_defs[cause->kind].word,
		 verdict_defs[cause->state].count, write_reason(cause, reason));
}

bool cause_matches(const struct cause *cause, const char *state_and_reason)
{
	const char *state = verdict_defs[cause->state].count;
	char reason[CAUSE_REASON_SIZE];

	return text_has_prefix(state_and_reason, state) && state_and_reason[strlen(state)] == '/' &&
	       !text_compare(state_and_reason + strlen(state) + 1, write_reason(cause, reason));
}
