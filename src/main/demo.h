/*
 * main/demo.h - the simulated cluster as a child that ends with its parent.
 */
#ifndef BDBTOP_MAIN_DEMO_H
#define BDBTOP_MAIN_DEMO_H

#include <sys/types.h>

#include "bdbtop/json/ready_file.h"

struct demo {
	pid_t pid;
	/* the simulator ends when the other end of this pipe closes, even after kill -9 */
	int lifetime_fd;
	struct ready_file ready;
};

/* Starts bdbtop-sim from beside this program or from libexec and waits, 20 s at most, until it says
 * where it is.  -1 with the sentence. */
int demo_start(struct demo *, struct err *);
void demo_stop(struct demo *); /* waits for its end */

#endif
