/*
 * tests/screen/screen_cases_reset.h - what leads to the screens of resets, and of a long log.
 */
#ifndef BDBTOP_TESTS_SCREEN_SCREEN_CASES_RESET_H
#define BDBTOP_TESTS_SCREEN_SCREEN_CASES_RESET_H

extern const char *const bulk_steps[];	   /* twelve are asked about, a filter on */
extern const char *const marked_steps[];
extern const char *const bulk_few_steps[];	   /* so few that `y` is enough */
extern const char *const bulk_totals_steps[]; /* what became of eleven, so far */
extern const char *const bulk_end_steps[]; /* of twelve, at the end */
extern const char *const outcomes_steps[]; /* every sort of result, in one night */
extern const char *const results_steps[];  /* the same one by one */
extern const char *const forbidden_steps[];	/* one kind is refused on the whole cluster */
extern const char *const role_steps[];	   /* all three are */
extern const char *const log_long_steps[]; /* a night that was looked at all the time */

#endif
