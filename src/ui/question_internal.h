/*
 * ui/question_internal.h - a question as lines, shared by question.c (those about one reset, and
 * about the program) and question_bulk.c (about several).
 */
#ifndef BDBTOP_UI_QUESTION_INTERNAL_H
#define BDBTOP_UI_QUESTION_INTERNAL_H

#include "bdbtop/core/text.h"
#include "bdbtop/ui/draw_context.h"

#define QUESTION_COL 3	 /* of what is no title */
#define QUESTION_LINES 20
#define QUESTION_RANKS 9
#define QUESTION_KEEPS 2 /* rows of the list that a question leaves, where it can */

enum line_kind { LINE_TITLE, LINE_BODY, LINE_BLANK, LINE_PROMPT };

struct question_line {
	enum line_kind kind;
	int rank;		/* when there is no room the highest goes first; 0 never goes */
	const char *label;	/* NULL: none */
	enum style style;
	size_t highlight, highlight_length;	/* where the label of the cluster stands */
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

/* One more line, its text to be added to; and one whose text is known. */
struct text question_add_line(struct question_context *, enum line_kind, int rank,
			      const char *label);
void question_add_body(struct question_context *, int rank, const char *label, const char *body);
/* The cluster's name in the newest line, with its label. */
void question_add_cluster(struct question_context *, struct text *);
/* `db:12 orders-eu`; a name is cut only if it would push the end of its question off the screen. */
void question_add_database(const struct question_context *, const struct reset_target *,
			   struct text *);
/* The line in which the word is typed. */
void question_add_prompt(struct question_context *);
/* Rows of the lines that have at most this rank. */
int question_height(const struct question_context *, int rank);

/* All lines of the question about a bulk. */
void question_add_bulk(struct question_context *);

#endif
