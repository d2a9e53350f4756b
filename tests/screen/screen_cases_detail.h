/*
 * tests/screen/screen_cases_detail.h - steps that lead to the screens of the detail.
 */
#ifndef BDBTOP_TESTS_SCREEN_SCREEN_CASES_DETAIL_H
#define BDBTOP_TESTS_SCREEN_SCREEN_CASES_DETAIL_H

/* The cluster of most drawings with more names further down, at 20:03:02. */
extern const char *const crowd[];

extern const char *const detail_steps[];	  /* failed, all sections, an earlier reset */
extern const char *const detail_stalled_steps[];  /* shards without a new heartbeat */
extern const char *const detail_suspect_steps[];  /* contradictory fields */
extern const char *const detail_import_steps[];	  /* the file is larger than the memory */
extern const char *const detail_running_steps[];  /* backup and export run */
extern const char *const detail_overdue_steps[];
extern const char *const detail_never_steps[];
extern const char *const detail_retrying_steps[]; /* on a version with known defects */
extern const char *const detail_defects_steps[];  /* defects that may be the cause */
extern const char *const detail_quiet_steps[];
extern const char *const detail_errors_steps[];  /* another error in each section */
extern const char *const detail_loading_steps[];	  /* no reply yet */
extern const char *const detail_slow_steps[];	  /* old data, no new reply */
extern const char *const detail_long_steps[];	  /* more lines than rows, scrolled */
extern const char *const detail_after_reset_steps[];	  /* cleared, no retry since */
extern const char *const detail_retried_steps[];
extern const char *const after_reset_steps[];		  /* the same in the summary */
extern const char *const retried_steps[];
extern const char *const detail_result_steps[];	  /* 409, waiting for the retry */
extern const char *const detail_question_steps[];
extern const char *const detail_filter_steps[];
extern const char *const detail_truncated_steps[];
extern const char *const detail_hostile_steps[];

#endif
