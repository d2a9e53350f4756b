/*
 * tests/screen/console_fixture.h - one console in a pseudo-terminal for each test of a program.
 */
#pragma once

#include "tests/screen/pty.h"
#include "tests/tap.h"

static struct pty pty;

static inline int close_console(void **state)
{
	pty_close(&pty);
	return 0;
}
