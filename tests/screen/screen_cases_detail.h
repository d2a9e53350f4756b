/*
 * tests/screen/screen_cases_detail.h - what leads to the screens of one database.
 */
#ifndef BDBTOP_TESTS_SCREEN_SCREEN_CASES_DETAIL_H
#define BDBTOP_TESTS_SCREEN_SCREEN_CASES_DETAIL_H

/* The cluster of most drawings with the names that stand further down, at 20:03:02. */
extern const char *const crowd[];

extern const char *const detail_steps[];	  /* failed, every corner, a reset before */
extern const char *const detail_stalled_steps[];  /* with shards that stand still */
extern const char *const detail_suspect_steps[];  /* it contradicts itself */
extern const char *const detail_import_steps[];	  /* too large for the memory */
extern const char *const detail_running_steps[];  /* one that runs, the other one as well */
extern const char *const detail_overdue_steps[];
extern const char *const detail_never_steps[];
extern const char *const detail_retrying_steps[]; /* and a version with known defects */
extern const char *const detail_defects_steps[];  /* that may be behind it */
extern const char *const detail_quiet_steps[];
extern const char *const detail_errors_steps[];  /* each corner in its own */
extern const char *const detail_loading_steps[];	  /* nothing has been answered */
extern const char *const detail_slow_steps[];	  /* and then nothing new */
extern const char *const detail_long_steps[];	  /* more lines than rows, scrolled */
extern const char *const detail_after_reset_steps[];	  /* cleared, and nothing since */
extern const char *const detail_retried_steps[];
extern const char *const after_reset_steps[];		  /* the same, in the strip */
extern const char *const retried_steps[];
extern const char *const detail_result_steps[];	  /* a retry waits */
extern const char *const detail_question_steps[];
extern const char *const detail_filter_steps[];
extern const char *const detail_truncated_steps[];
extern const char *const detail_hostile_steps[];

#endif
