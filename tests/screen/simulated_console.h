/*
 * tests/screen/simulated_console.h - one console and its simulated cluster for each test of a
 * program.
 */
#pragma once

#include "tests/screen/console_fixture.h"
#include "tests/screen/simulated.h"

static struct simulated sim;

static inline int close_both(void **state)
{
	close_console(state);
	simulated_close(&sim);
	return 0;
}

/* The first background poll is answered. */
static inline void await_data(void)
{
	simulated_say(&sim, "await GET /v1/logs");
	simulated_say(&sim, "await GET /v1/bdbs/alerts");
	simulated_say(&sim, "await GET /v2/actions");
}
