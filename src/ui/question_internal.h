/*
 * ui/question_internal.h - a question as lines, shared by question.c and question_bulk.c (the
 * question about several databases).
 */
#pragma once

#include "bdbtop/core/text.h"
#include "bdbtop/ui/draw_context.h"

#define QUESTION_COL 3	 /* column of the body */
#define QUESTION_LIST_ROWS 2 /* rows that a question leaves to the list, if it can */

enum line_kind { LINE_TITLE, LINE_BODY, LINE_BLANK, LINE_PROMPT };

struct question_context {
	const struct draw_context *context;
	const struct question *question;
	const struct cluster *cluster;
	const struct reset *reset;	/* NULL: not about one reset */
	const struct reset_target *target;
	struct text_flow *flow;
	enum line_kind kind;		/* of the last line, not yet in the flow */
	int rank;
	struct flow_paragraph line;
	char text[520];
};

/* Begins a line, which ends when the next one begins; returns its text for more text to be added.
 * A low screen drops the lines of the highest rank first, but never those of rank 0.  The label may
 * be NULL. */
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
/* Ends the last line. */
void question_flush(struct question_context *);

/* Adds all lines of the question about a bulk. */
void question_add_bulk(struct question_context *);
