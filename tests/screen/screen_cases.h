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

struct scene_test {
	const char *name;
	int cols, rows;
	bool ascii;
	const char *const *steps;	/* ended by NULL */
};

extern const struct scene_test scenes[];
extern const size_t scene_count;

/* A step that stands for others. */
struct scene_tale {
	const char *name;
	const char *const *steps;	/* ended by NULL */
};
extern const struct scene_tale tales[];
extern const size_t tale_count;

/* Who plays a scene. */
struct scene_player {
	void (*say)(void *arg, const char *line);
	void (*advance)(void *arg, long ms);
	void (*key)(void *arg, int key);	/* enum key or a character */
	void *arg;
};
/* Every step, then all that is due. */
void scene_play(const struct scene_test *, const struct scene_player *);

/* Only on the stage: it is told what a real program finds in its files. */
bool scene_is_staged(const struct scene_test *);

/* The drawing, its rows with a newline each; NULL when it cannot be read.  To be freed. */
char *scene_drawing(const struct scene_test *);
/*
 * Fails the test with the first row that differs.  Where there is no drawing, SCENES_WRITE in the
 * environment makes it instead.
 */
void scene_compare(const struct scene_test *, const char *screen);

#endif
