/*
 * session/separated.h - lines of CSV as in RFC 4180, and of TSV.
 */
#pragma once

#include <stdbool.h>
#include <stdio.h>

struct separated {
	FILE *out;
	bool csv;      /* else TSV */
	bool excel;    /* a cell that a spreadsheet would take for a formula gets an apostrophe */
	bool terminal; /* nothing acts on the terminal */
	bool started;  /* a cell of the line is there */
};

/* Writes the next cell of the line; bytes that are not valid UTF-8 become U+FFFD. */
void separated_put(struct separated *, const char *raw);
/* Ends the line. */
void separated_end(struct separated *);
