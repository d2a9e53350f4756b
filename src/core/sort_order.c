#include "bdbtop/core/sort_order.h"

#include "bdbtop/core/text.h"

#include <stdio.h>

const struct sort_def sort_defs[SORT_KINDS] = {
	[SORT_SEVERITY] = { "severity", "severity", { NULL, "quiet first" }, false },
	[SORT_DB] = { "db", "DB", { NULL, "largest first" }, false },
	[SORT_NAME] = { "name", "NAME", { NULL, "z first" }, false },
	[SORT_STATUS] = { "status", "STATUS", { NULL, "z first" }, false },
	[SORT_BACKUP] = { "backup", "BACKUP", { "worst first", "quiet first" }, true },
	[SORT_EXPORT] = { "export", "EXPORT", { "worst first", "quiet first" }, true },
	[SORT_IMPORT] = { "import", "IMPORT", { "worst first", "quiet first" }, true },
	[SORT_LAST] = { "last-backup", "LAST BACKUP", { "oldest first", "newest first" }, true },
	[SORT_NEXT] = { "next", "NEXT", { "soonest first", "latest first" }, false },
	[SORT_REASON] = { "reason", "REASON", { NULL, "z first" }, false },
};

int order_parse(struct order *order, const char *word)
{
	bool reversed = *word == '-';
	int by;

	for (by = 0; by < SORT_KINDS; by++)
		if (!text_compare(word + reversed, sort_defs[by].word)) {
			*order = (struct order){ (enum sort)by, reversed };
			return 0;
		}
	return -1;
}

void order_write(const struct order *order, char *out, size_t size)
{
	snprintf(out, size, "%s%s", order->reversed ? "-" : "", sort_defs[order->by].word);
}

static struct order_key number_key(int64_t number)
{
	return (struct order_key){ .number = number };
}

static struct order_key text_key(const char *text, bool known)
{
	return (struct order_key){ .text = text, .unknown = !known || !*text };
}

static struct order_key last_key(const struct filter_subject *subject)
{
	const struct op *op = &subject->bdb->op[OP_BACKUP];

	if (op->last_seen == SEEN_GIVEN)
		return number_key(op->last_ok_s);
	/* never is older than any age */
	return (struct order_key){ .number = INT64_MIN, .unknown = !subject->finding->due.never };
}

static struct order_key next_key(const struct filter_subject *subject)
{
	const struct due *due = &subject->finding->due;

	return (struct order_key){ .number = due->due_s, .unknown = !due->planned };
}

static struct order_key reason_key(const struct filter_subject *subject)
{
	const char *reason = filter_reason(subject, subject->finding->worst_kind);

	return text_key(reason, reason != NULL);
}

void order_key(const struct order *order, const struct filter_subject *subject,
	       struct order_key *out)
{
	const struct bdb *bdb = subject->bdb;
	const struct finding *finding = subject->finding;

	switch (order->by) {
	case SORT_SEVERITY:
		*out = number_key(triage_rank(finding->worst));
		break;
	case SORT_DB:
		*out = number_key(bdb->uid);
		break;
	case SORT_NAME:
		*out = text_key(bdb->name, bdb->name_seen == SEEN_GIVEN);
		break;
	case SORT_STATUS:
		*out = text_key(bdb->state, bdb->state_seen == SEEN_GIVEN);
		break;
	case SORT_LAST:
		*out = last_key(subject);
		break;
	case SORT_NEXT:
		*out = next_key(subject);
		break;
	case SORT_REASON:
		*out = reason_key(subject);
		break;
	default:
		*out = number_key(finding->op[order->by - SORT_BACKUP].verdict);
		break;
	}
}
