/*
 * tests/bench/table.h - the results: one row for each figure of each subject, one column for each
 * number of databases.
 */
#pragma once

#include <stdio.h>

#define TABLE_COLUMNS 6
extern const int table_databases[TABLE_COLUMNS];

/* The column of a number of databases; ends the program if there is none. */
int table_column(int databases);

/* Sets a figure.  Rows appear in the order in which they are first set; the strings are copied. */
void table_set(const char *figure, const char *subject, int column, double value);
/* 0 if it is not set. */
double table_get(const char *figure, const char *subject, int column);

/* For people; and, with tabs, for scripts: figure, subject, databases, value. */
void table_print(FILE *);
void table_write(FILE *);
