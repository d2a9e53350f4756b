#include "table.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"

#define ROWS_MAX 200

struct row {
	char figure[80], subject[40];
	bool has[TABLE_COLUMNS];
	double value[TABLE_COLUMNS];
};

const int table_databases[TABLE_COLUMNS] = { 100, 200, 1000, 10000, 100000, 200000 };
static struct row rows[ROWS_MAX];
static size_t row_count;

int table_column(int databases)
{
	int i;

	for (i = 0; i < TABLE_COLUMNS; i++)
		if (table_databases[i] == databases)
			return i;
	errno = 0;
	die("the table has no column for this number of databases");
}

static struct row *find(const char *figure, const char *subject)
{
	size_t i;

	for (i = 0; i < row_count; i++)
		if (!strcmp(rows[i].figure, figure) && !strcmp(rows[i].subject, subject))
			return &rows[i];
	return NULL;
}

/* After the last row of the same figure, so that these stay together. */
static struct row *add(const char *figure, const char *subject)
{
	size_t at = row_count;

	if (row_count == ROWS_MAX)
		die("the table is full");
	while (at > 0 && strcmp(rows[at - 1].figure, figure) != 0)
		at--;
	if (!at)
		at = row_count;
	memmove(&rows[at + 1], &rows[at], (row_count - at) * sizeof(*rows));
	row_count++;
	memset(&rows[at], 0, sizeof(*rows));
	snprintf(rows[at].figure, sizeof(rows[at].figure), "%s", figure);
	snprintf(rows[at].subject, sizeof(rows[at].subject), "%s", subject);
	return &rows[at];
}

void table_set(const char *figure, const char *subject, int column, double value)
{
	struct row *row = find(figure, subject);

	if (!row)
		row = add(figure, subject);
	row->has[column] = true;
	row->value[column] = value;
}

double table_get(const char *figure, const char *subject, int column)
{
	const struct row *row = find(figure, subject);

	return row && row->has[column] ? row->value[column] : 0;
}

static void print_value(FILE *out, const struct row *row, int column)
{
	double value = row->value[column];

	if (!row->has[column])
		fprintf(out, " %10s", "-");
	else
		fprintf(out, " %10.*f", value < 10 ? 2 : value < 1000 ? 1 : 0, value);
}

void table_print(FILE *out)
{
	const char *figure = "";
	size_t i;
	int column;

	fprintf(out, "%-28s", "databases");
	for (column = 0; column < TABLE_COLUMNS; column++)
		fprintf(out, " %10d", table_databases[column]);
	fputc('\n', out);
	for (i = 0; i < row_count; i++) {
		if (strcmp(figure, rows[i].figure) != 0)
			fprintf(out, "%s\n", rows[i].figure);
		figure = rows[i].figure;
		fprintf(out, "  %-26s", rows[i].subject);
		for (column = 0; column < TABLE_COLUMNS; column++)
			print_value(out, &rows[i], column);
		fputc('\n', out);
	}
}

void table_write(FILE *out)
{
	size_t i;
	int column;

	for (i = 0; i < row_count; i++)
		for (column = 0; column < TABLE_COLUMNS; column++)
			if (rows[i].has[column])
				fprintf(out, "%s\t%s\t%d\t%g\n", rows[i].figure, rows[i].subject,
					table_databases[column], rows[i].value[column]);
}
