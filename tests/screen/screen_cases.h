/*
 * tests/screen/screen_cases.h - the screens that have a drawing, and the steps that lead to each.
 *
 * A step is one of:
 *
 * 	advance MS		time passes
 * 	wall MS			only the wall clock changes
 * 	key NAME		enter, esc, up, down, space, or a character;  type TEXT
 * 	row N			the cursor goes to that row of the list
 * 	many FROM TO [KEY=VALUE]...	databases with these ids, idle by default
 * 	triage, night, marked	the clusters of most drawings, with their past
 * 	setup read-only|label|lab|insecure|no-user, ledger fails	only on the stage
 *
 * or a line of a script (tests/stage/script_lines.c).  The drawing of NAME at 80x24 is the file
 * tests/screen/drawn/NAME-80x24.
 *
 * The same steps run on the stage, where a frame is a canvas, and in a pseudo-terminal.
 */
#ifndef BDBTOP_TESTS_SCREEN_SCREEN_CASES_H
#define BDBTOP_TESTS_SCREEN_SCREEN_CASES_H

#include <stdbool.h>
#include <stddef.h>

struct screen_case {
	const char *name;
	int cols, rows;
	bool ascii;
	const char *const *steps;	/* ended by NULL */
};

extern const struct screen_case screen_cases[];
extern const size_t screen_case_count;

/* A step that expands to other steps. */
struct event_fixture {
	const char *name;
	const char *const *steps;	/* ended by NULL */
};
extern const struct event_fixture event_fixtures[];
extern const size_t event_fixture_count;

/* What runs the steps of a case. */
struct screen_player {
	void (*say)(void *arg, const char *line);
	void (*advance)(void *arg, long ms);
	void (*key)(void *arg, int key);	/* enum key or a character */
	void *arg;
};
/* Runs every step, then everything that is due. */
void screen_case_play(const struct screen_case *, const struct screen_player *);

/* True for a case that runs only on the stage, because it sets what a program reads from files. */
bool screen_case_is_scripted(const struct screen_case *);

/* The drawing, each row with a newline; NULL if it cannot be read.  The caller frees it. */
char *screen_case_drawing(const struct screen_case *);
/*
 * Fails the test with the first row that differs.  With SCENES_WRITE in the environment it writes a
 * drawing that does not exist.
 */
void screen_case_compare(const struct screen_case *, const char *screen);

#endif
