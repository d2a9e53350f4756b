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

struct line {
	enum line_kind kind;
	int rank;		/* when there is no room the highest goes first; 0 never goes */
	const char *label;	/* NULL: none */
	enum style element;
	size_t mark, mark_length; /* where the label of the cluster stands */
	char text[520];
};

struct asking {
	const struct scene *scene;
	const struct question *question;
	const struct cluster *cluster;
	const struct reset *reset;	/* NULL: not about one reset */
	const struct reset_target *ticket;
	struct line line[QUESTION_LINES];
	int count;
};

/* One more line, its text to be added to; and one whose text is known. */
struct text question_line(struct asking *, enum line_kind, int rank, const char *label);
void question_body(struct asking *, int rank, const char *label, const char *body);
/* The cluster's name in the newest line, with its label. */
void question_cluster(struct asking *, struct text *);
/* `db:12 orders-eu`; a name is cut only if it would push the end of its question off the screen. */
void question_database(const struct asking *, const struct reset_target *, struct text *);
/* The line in which the word is typed. */
void question_prompt(struct asking *);
/* Rows of the lines that have at most this rank. */
int question_height(const struct asking *, int rank);

/* All lines of the question about a bulk. */
void question_ask_bulk(struct asking *);

#endif
