/*
 * tests/tap.h - cmocka with TAP output.
 *
 * Include this instead of cmocka.h.  A program runs one group, because each
 * group prints a plan.  Do not use skip(): a program that cannot run prints
 * "1..0 # SKIP reason" and returns 0 before it calls tap_run().
 */
#pragma once

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

/* Every test and every set-up takes the state of the fixture; most of them do not need it. */
#pragma GCC diagnostic ignored "-Wunused-parameter"

/* Runs the group; returns main's exit status.  A shell starts what runs in the background with
 * SIGINT ignored, and the programs leave ignored signals ignored. */
#define tap_run(tests)                                                                             \
	(signal(SIGINT, SIG_DFL), setvbuf(stdout, NULL, _IOLBF, 0),                                \
	 cmocka_set_message_output(CM_OUTPUT_TAP),                                                 \
	 cmocka_run_group_tests_name(__FILE__, tests, NULL, NULL))

/* The same for tests that start programs: one that hangs ends after so many seconds, and a pipe
 * whose reader has gone ends none. */
#define tap_run_within(seconds, tests)                                                             \
	(alarm(seconds), signal(SIGPIPE, SIG_IGN), tap_run(tests))
