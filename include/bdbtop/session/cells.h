/*
 * session/cells.h - lines of cells in columns, fitted to a terminal or whole.
 */
#pragma once

#include <stdbool.h>
#include <stdio.h>

#define CELL_SIZE 2048 /* bytes of the longest cell */
#define CELLS_MAX 20
#define CELLS_GAP 2 /* cells between two columns */

struct cell_line {
	char cells[CELLS_MAX][CELL_SIZE];
};

struct cells_layout {
	int count;
	bool terminal; /* cut to the widths; false: whole, and nothing is aligned to the right */
	bool ascii;
	bool right[CELLS_MAX]; /* aligned to the right */
	int width[CELLS_MAX];  /* in cells; 0: the column is hidden */
};

/* Copies text into a cell, as much as it holds. */
void cell_set(char cell[CELL_SIZE], const char *words);
/* Makes a cell one word: spaces become <U+0020>, and an empty cell `-`. */
void cell_replace_spaces(char cell[CELL_SIZE]);

/* Widens the columns for the cells of a line. */
void cells_measure(struct cells_layout *, const struct cell_line *);
/* Prints a line without trailing blanks.  Only the last column may be empty in a pipe. */
void cells_print(const struct cells_layout *, const struct cell_line *, FILE *);
