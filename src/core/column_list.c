#include "bdbtop/core/column_list.h"

#include <stdio.h>
#include <string.h>

#include "bdbtop/core/array.h"
#include "bdbtop/core/text.h"

#define SEPARATORS " \t,"

#define NOT_SORTED SORT_SEVERITY
#define MAX	   COLUMN_UNLIMITED

/* clang-format off */
const struct column_def column_defs[COLUMN_COUNT] = {
	[COLUMN_DB] = { "db", "DB", "DB", "the uid; bdb is the API's name of a database",
			SORT_DB, true, false, 0, 6, MAX, 6, 6 },
	[COLUMN_NAME] = { "name", "NAME", "NAME", "cut in the middle where it is too long",
			  SORT_NAME, false, false, 0, 13, 32, 10, 13 },
	[COLUMN_STATUS] = { "status", "STATUS", NULL, "the API's own status of the database",
			    SORT_STATUS, false, false, 149, 12, 24, 12, 12 },
	[COLUMN_BACKUP] = { "backup", "BACKUP", "BACKUP",
			    "the state of backups, in a narrow list as a letter",
			    SORT_BACKUP, false, false, 0, 7, 9, 1, 7 },
	[COLUMN_EXPORT] = { "export", "EXPORT", "EXPORT", "the same of exports",
			    SORT_EXPORT, false, false, 0, 7, 9, 1, 7 },
	[COLUMN_IMPORT] = { "import", "IMPORT", "IMPORT", "the same of imports",
			    SORT_IMPORT, false, false, 0, 7, 9, 1, 7 },
	[COLUMN_LAST] = { "last", "LAST BACKUP", "LAST_BACKUP", "age or time of the last good one",
			  SORT_LAST, true, false, MAX, 0, MAX, 12, 12 },
	[COLUMN_LOSS] = { "loss", "LOSS", NULL,
			  "what would be lost if the cluster were destroyed now, at least",
			  SORT_LOSS, true, false, 80, 6, MAX, 7, 7 },
	[COLUMN_NEXT] = { "next", "NEXT", NULL, "when the next scheduled backup is due",
			  SORT_NEXT, true, false, 149, 11, MAX, 12, 12 },
	[COLUMN_INTERVAL] = { "interval", "INTERVAL", NULL, "of the scheduled backups",
			      NOT_SORTED, true, false, MAX, 8, MAX, 8, 8 },
	[COLUMN_SIZE] = { "size", "SIZE", NULL, "memory limit",
			  NOT_SORTED, true, true, MAX, 9, MAX, 10, 10 },
	[COLUMN_SHARDS] = { "shards", "SHARDS", NULL, "without replicas",
			    NOT_SORTED, true, true, MAX, 6, MAX, 6, 6 },
	[COLUMN_TAGS] = { "tags", "TAGS", NULL, "KEY=VALUE",
			  NOT_SORTED, false, true, MAX, 4, 40, 12, 16 },
	[COLUMN_REASON] = { "reason", "REASON", "REASON",
			    "results of resets first, then why the worst operation is in its state",
			    SORT_REASON, false, false, 0, 0, MAX, 16, 20 },
};
/* clang-format on */

static int set_error(struct err *err, const char *wrong)
{
	char buffer[160];
	struct text words;
	int column;

	text_init(&words, buffer, sizeof(buffer));
	for (column = 0; column < COLUMN_COUNT; column++)
		text_addf(&words, "%s%s", column ? ", " : "", column_defs[column].word);
	return err_set(err, ERR_FINAL, "%s: name some of %s, each once.", wrong, buffer);
}

static int set_word_error(struct err *err, const char *word, size_t length, bool repeated)
{
	char raw[60], safe[100], wrong[160];

	snprintf(raw, sizeof(raw), "%.*s", (int)length, word);
	text_safe(safe, sizeof(safe), raw, false);
	snprintf(wrong, sizeof(wrong),
		 repeated ? "the column \"%s\" is repeated" : "unknown column \"%s\"", safe);
	return set_error(err, wrong);
}

static enum row_column find_column(const char *word, size_t length)
{
	int column;

	for (column = 0; column < COLUMN_COUNT; column++)
		if (strlen(column_defs[column].word) == length &&
		    !strncmp(column_defs[column].word, word, length))
			break;
	return (enum row_column)column;
}

bool column_list_has(const struct column_list *list, enum row_column column)
{
	int i;

	for (i = 0; i < list->count; i++)
		if (list->column[i] == column)
			return true;
	return false;
}

int column_list_parse(struct column_list *out, const char *text, struct err *err)
{
	struct column_list list = { .count = 0 };
	size_t length;

	for (text += strspn(text, SEPARATORS); *text; text += strspn(text, SEPARATORS)) {
		enum row_column column;

		length = strcspn(text, SEPARATORS);
		column = find_column(text, length);
		if (column == COLUMN_COUNT || column_list_has(&list, column))
			return set_word_error(err, text, length, column != COLUMN_COUNT);
		list.column[list.count++] = column;
		text += length;
	}
	if (!list.count)
		return set_error(err, "no column is named");
	*out = list;
	return 0;
}

bool column_list_needs_bdb_info(const struct column_list *list)
{
	int i;

	for (i = 0; i < list->count; i++)
		if (column_defs[list->column[i]].needs_bdb_info)
			return true;
	return false;
}

bool column_list_drop(struct column_list *list, enum row_column *dropped)
{
	size_t i = (size_t)list->count, count = i;

	if (count < 2)
		return false;
	while (i-- > 0) {
		*dropped = list->column[i];
		if (*dropped == COLUMN_DB || *dropped == COLUMN_REASON)
			continue;
		array_remove(list->column, &count, i, sizeof(list->column[0]));
		list->count = (int)count;
		return true;
	}
	return false;
}
