/*
 * main/demo.h - runs the simulated cluster as a child process that ends with its parent.
 */
#pragma once

#include <sys/types.h>

#include "bdbtop/json/ready_file.h"

struct demo {
	pid_t pid;
	/* a pipe: the simulator ends when this end closes, even after kill -9 */
	int lifetime_fd;
	struct ready_file ready;
};

/* Starts bdbtop-sim from the directory of this program or from libexec, and waits until it is
 * ready, at most 20 s.  -1 with err set. */
int demo_start(struct demo *, struct err *);
void demo_stop(struct demo *); /* waits for its end, kills it after 2 s */
