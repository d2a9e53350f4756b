/*
 * tests/screen/screen_cases.h - the screens that are compared with a drawing, and what leads to
 * each.
 *
 * A step is one of:
 *
 * 	advance MS		time goes on
 * 	wall MS			the wall clock alone is set
 * 	key NAME		enter, esc, up, down, space, or a character;  type TEXT
 * 	row N			the cursor goes to that row of the list
 * 	many FROM TO [KEY=VALUE]...	databases by these ids, quiet without more
 * 	triage, night, marked   the clusters of most drawings, and what led to them (screen_cases.c)
 * 	setup read-only|label|lab|insecure|no-user, ledger fails	only on the stage
 *
 * or a line of tests/stage/script.h.  The drawing of NAME at 80x24 is the file
 * tests/screen/drawn/NAME-80x24.
 *
 * The same steps are played on the stage, where a frame is a canvas, and in a pseudo-terminal.
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

/* A step that stands for others. */
struct event_fixture {
	const char *name;
	const char *const *steps;	/* ended by NULL */
};
extern const struct event_fixture event_fixtures[];
extern const size_t event_fixture_count;

/* Who plays a scene. */
struct screen_player {
	void (*say)(void *arg, const char *line);
	void (*advance)(void *arg, long ms);
	void (*key)(void *arg, int key);	/* enum key or a character */
	void *arg;
};
/* Every step, then all that is due. */
void screen_case_play(const struct screen_case *, const struct screen_player *);

/* Only on the stage: it is told what a real program finds in its files. */
bool screen_case_is_scripted(const struct screen_case *);

/* The drawing, its rows with a newline each; NULL when it cannot be read.  To be freed. */
char *screen_case_drawing(const struct screen_case *);
/*
 * Fails the test with the first row that differs.  Where there is no drawing, SCENES_WRITE in the
 * environment makes it instead.
 */
void screen_case_compare(const struct screen_case *, const char *screen);

#endif
