/*
 * ui/question_internal.h - a question as lines, shared by question.c and question_bulk.c (the
 * question about several databases).
 */
#ifndef BDBTOP_UI_QUESTION_INTERNAL_H
#define BDBTOP_UI_QUESTION_INTERNAL_H

#include "bdbtop/core/text.h"
#include "bdbtop/ui/draw_context.h"

#define QUESTION_COL 3	 /* column of the body */
#define QUESTION_LINES 20
#define QUESTION_RANKS 9
#define QUESTION_LIST_ROWS 2 /* rows that a question leaves to the list, if it can */

enum line_kind { LINE_TITLE, LINE_BODY, LINE_BLANK, LINE_PROMPT };

struct question_line {
	enum line_kind kind;
	int rank;		/* a low screen drops the highest rank first, but never 0 */
	const char *label;	/* NULL: none */
	enum style style;
	size_t highlight, highlight_length;	/* the label of the cluster */
	char text[520];
};

struct question_context {
	const struct draw_context *context;
	const struct question *question;
	const struct cluster *cluster;
	const struct reset *reset;	/* NULL: not about one reset */
	const struct reset_target *target;
	struct question_line lines[QUESTION_LINES];
	int count;
};

/* Adds an empty line and returns its text for more text to be added. */
struct text question_add_line(struct question_context *, enum line_kind, int rank,
			      const char *label);
/* Adds a line of the body. */
void question_add_body(struct question_context *, int rank, const char *label, const char *body);
/* Adds the name of the cluster with its label to the last line. */
void question_add_cluster(struct question_context *, struct text *);
/* Adds `db:12 orders-eu`; truncates only a name that would hide the end of the question. */
void question_add_database(const struct question_context *, const struct reset_target *,
			   struct text *);
/* Adds the line in which the word is typed. */
void question_add_prompt(struct question_context *);
/* Number of rows of the lines up to this rank. */
int question_height(const struct question_context *, int rank);

/* Adds all lines of the question about a bulk. */
void question_add_bulk(struct question_context *);

#endif
