#include "bdbtop/core/column_list.h"

#include <stdio.h>
#include <string.h>

#include "bdbtop/core/array.h"
#include "bdbtop/core/text.h"

#define SEPARATORS " \t,"

const char *const column_words[COLUMN_COUNT] = {
	[COLUMN_DB] = "db",	      [COLUMN_NAME] = "name",	[COLUMN_STATUS] = "status",
	[COLUMN_BACKUP] = "backup",   [COLUMN_EXPORT] = "export", [COLUMN_IMPORT] = "import",
	[COLUMN_LAST] = "last",	      [COLUMN_LOSS] = "loss",	[COLUMN_NEXT] = "next",
	[COLUMN_INTERVAL] = "interval", [COLUMN_SIZE] = "size",	[COLUMN_SHARDS] = "shards",
	[COLUMN_TAGS] = "tags",	      [COLUMN_REASON] = "reason",
};

static int set_error(struct err *err, const char *wrong)
{
	char buffer[160];
	struct text words;
	int column;

	text_init(&words, buffer, sizeof(buffer));
	for (column = 0; column < COLUMN_COUNT; column++)
		text_addf(&words, "%s%s", column ? ", " : "", column_words[column]);
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
		if (strlen(column_words[column]) == length &&
		    !strncmp(column_words[column], word, length))
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
	return column_list_has(list, COLUMN_SIZE) || column_list_has(list, COLUMN_SHARDS) ||
	       column_list_has(list, COLUMN_TAGS);
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
