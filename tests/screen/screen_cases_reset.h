/*
 * tests/screen/screen_cases_reset.h - steps that lead to the screens of resets and of a long log.
 */
#ifndef BDBTOP_TESTS_SCREEN_SCREEN_CASES_RESET_H
#define BDBTOP_TESTS_SCREEN_SCREEN_CASES_RESET_H

extern const char *const bulk_steps[];	   /* a question about twelve, with a filter */
extern const char *const marked_steps[];
extern const char *const bulk_few_steps[];	   /* few enough to confirm with `y` */
extern const char *const bulk_totals_steps[]; /* totals of eleven, one under way */
extern const char *const bulk_end_steps[]; /* totals of twelve, all ended */
extern const char *const outcomes_steps[]; /* every kind of result */
extern const char *const results_steps[];  /* the same, each as a single reset */
extern const char *const forbidden_steps[];	/* one kind is forbidden on this cluster */
extern const char *const role_steps[];	   /* all three kinds are */
extern const char *const log_long_steps[]; /* a night with many log entries */

#endif
