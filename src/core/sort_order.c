#include "bdbtop/core/sort_order.h"

#include <stdio.h>

#include "bdbtop/core/cause.h"
#include "bdbtop/core/text.h"

const struct sort_def sort_defs[SORT_KINDS] = {
	[SORT_SEVERITY] = { "severity", "severity", { NULL, "quiet first" }, false },
	[SORT_DB] = { "db", "DB", { NULL, "largest first" }, false },
	[SORT_NAME] = { "name", "NAME", { NULL, "z first" }, false },
	[SORT_STATUS] = { "status", "STATUS", { NULL, "z first" }, false },
	[SORT_BACKUP] = { "backup", "BACKUP", { "worst first", "quiet first" }, true },
	[SORT_EXPORT] = { "export", "EXPORT", { "worst first", "quiet first" }, true },
	[SORT_IMPORT] = { "import", "IMPORT", { "worst first", "quiet first" }, true },
	[SORT_LAST] = { "last-backup", "LAST BACKUP", { "oldest first", "newest first" }, true },
	[SORT_LOSS] = { "loss", "LOSS", { "largest first", "smallest first" }, true },
	[SORT_NEXT] = { "next", "NEXT", { "soonest first", "latest first" }, false },
	[SORT_REASON] = { "reason", "REASON", { NULL, "z first" }, false },
	[SORT_RESULT] = { "result", "RESULT", { "worst first", "best first" }, true },
};

int sort_order_parse(struct sort_order *order, const char *word)
{
	bool reversed = *word == '-';
	int column;

	for (column = 0; column < SORT_KINDS; column++)
		if (!text_compare(word + reversed, sort_defs[column].word)) {
			*order = (struct sort_order){ (enum sort_column)column, reversed };
			return 0;
		}
	return -1;
}

void sort_order_format(const struct sort_order *order, char *out, size_t size)
{
	snprintf(out, size, "%s%s", order->reversed ? "-" : "", sort_defs[order->column].word);
}

static struct sort_key number_key(int64_t number)
{
	return (struct sort_key){ .number = number };
}

static struct sort_key text_key(const char *text, bool known)
{
	return (struct sort_key){ .text = text, .unknown = !known || !*text };
}

static struct sort_key last_backup_key(const struct filter_input *input)
{
	const struct op *op = &input->bdb->op[OP_BACKUP];

	if (op->last_success_presence == FIELD_PRESENT)
		return number_key(op->last_success_s);
	/* a database that never succeeded is older than any age */
	return (struct sort_key){ .number = INT64_MIN,
				  .unknown = !input->finding->due.never_succeeded };
}

/* The largest first, as the heading says; a database that was never backed up has the largest. */
static struct sort_key loss_key(const struct filter_input *input)
{
	int64_t loss_s = input->finding->loss_s;

	return (struct sort_key){ .number = -loss_s, .unknown = loss_s < 0 };
}

static struct sort_key next_backup_key(const struct filter_input *input)
{
	const struct backup_due *due = &input->finding->due;

	return (struct sort_key){ .number = due->due_s, .unknown = !due->has_due_time };
}

static struct sort_key reason_key(const struct filter_input *input)
{
	const char *reason = cause_reason(input, input->finding->worst_kind);

	return text_key(reason, reason != NULL);
}

void sort_key_make(const struct sort_order *order, const struct filter_input *input,
		   struct sort_key *out)
{
	const struct bdb *bdb = input->bdb;
	const struct finding *finding = input->finding;

	switch (order->column) {
	case SORT_SEVERITY:
		*out = number_key(triage_rank(finding->worst));
		break;
	case SORT_DB:
		*out = number_key(bdb->uid);
		break;
	case SORT_NAME:
		*out = text_key(bdb->name, bdb->name_presence == FIELD_PRESENT);
		break;
	case SORT_STATUS:
		*out = text_key(bdb->state, bdb->state_presence == FIELD_PRESENT);
		break;
	case SORT_LAST:
		*out = last_backup_key(input);
		break;
	case SORT_LOSS:
		*out = loss_key(input);
		break;
	case SORT_NEXT:
		*out = next_backup_key(input);
		break;
	case SORT_REASON:
		*out = reason_key(input);
		break;
	case SORT_RESULT:
		*out = (struct sort_key){ .number = input->result_rank,
					  .unknown = !input->result_count };
		break;
	default:
		*out = number_key(finding->op[order->column - SORT_BACKUP].verdict);
		break;
	}
}
