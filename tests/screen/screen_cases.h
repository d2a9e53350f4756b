/*
 * tests/screen/screen_cases.h - the screens that have a drawing: the file tests/screen/screen_cases
 * has them and the steps that lead to each.
 *
 * The same steps run on the stage, where a frame is a canvas, and in a pseudo-terminal.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#define SCREEN_CASES_MAX 256

struct screen_case {
	const char *name;
	int cols, rows;
	bool ascii;
	bool in_terminal;	/* also compared in a pseudo-terminal */
	char agreed[8];		/* the number of its screen in doc/screens.md; "": it has a file */
	const char *const *steps;	/* ended by NULL */
};

/* Filled by screen_cases_read(), which must be called once. */
extern struct screen_case screen_cases[SCREEN_CASES_MAX];
extern size_t screen_case_count;
void screen_cases_read(void);

/* What runs the steps of a case. */
struct screen_player {
	void (*say)(void *arg, const char *line);
	void (*advance)(void *arg, long ms);
	void (*type)(void *arg, const char *bytes);	/* of one key */
	void *arg;
};
/* Runs every step, then everything that is due. */
void screen_case_play(const struct screen_case *, const struct screen_player *);

/* The drawing, from its file or from doc/screens.md, each row with a newline; NULL if there is
 * none.  The caller frees it. */
char *screen_case_drawing(const struct screen_case *);
/*
 * Fails the test with the first row that differs.  With SCENES_WRITE in the environment it writes a
 * drawing that does not exist.
 */
void screen_case_compare(const struct screen_case *, const char *screen);
