#include "bdbtop/core/filter.h"

#include "bdbtop/core/text.h"
#include "bdbtop/core/triage.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define BLANK	   " \t"
#define SHOWN_SIZE 512

int filter_parse(struct filter *filter, const char *expression, struct filter_error *error)
{
	struct text text;

	text_init(&text, filter->expression, sizeof(filter->expression));
	text_add(&text, expression + strspn(expression, BLANK));
	while (text.length && strchr(BLANK, text.at[text.length - 1]))
		text.at[--text.length] = '\0';
	(void)error;
	return 0;
}

static bool is_ascii_print(const char *raw)
{
	while (*raw >= ' ' && *raw < 0x7f)
		raw++;
	return !*raw;
}

/* As it came, or as the screen shows it: who types what stands there must find it. */
static bool field_holds(const char *raw, const char *word)
{
	char shown[SHOWN_SIZE];

	if (text_holds(raw, word))
		return true;
	return !is_ascii_print(raw) &&
	       text_holds(text_safe(shown, sizeof(shown), raw, false), word);
}

static bool op_holds(const struct filter_subject *subject, enum op_kind kind, const char *word)
{
	const struct bdb *bdb = subject->bdb;
	const struct op *op = &bdb->op[kind];

	/* who types `-` means a hyphen, and nearly every database has an idle operation */
	if (op->phase != OP_IDLE && field_holds(triage_word(bdb, subject->finding, kind), word))
		return true;
	if (op->status_seen == SEEN_GIVEN && field_holds(op->status, word))
		return true;
	return op->phase == OP_FAILED && op->reason_seen == SEEN_GIVEN &&
	       field_holds(op->reason, word);
}

static bool bdb_holds(const struct filter_subject *subject, const char *word)
{
	const struct bdb *bdb = subject->bdb;
	char id[32];
	int kind;

	snprintf(id, sizeof(id), "db:%" PRId64, bdb->uid);
	if (text_holds(id, word) || field_holds(bdb->name, word))
		return true;
	for (kind = 0; kind < OP_KINDS; kind++)
		if (op_holds(subject, (enum op_kind)kind, word))
			return true;
	return false;
}

bool filter_matches(const struct filter *filter, const struct filter_subject *subject)
{
	char words[FILTER_SIZE], *word, *rest = words;

	memcpy(words, filter->expression, sizeof(words));
	while ((word = strsep(&rest, BLANK)) != NULL)
		if (*word && !bdb_holds(subject, word))
			return false;
	return true;
}
