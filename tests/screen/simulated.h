/*
 * tests/screen/simulated.h - bdbtop-sim as a child process with a script, for tests of the console.
 *
 * Its certificate is in a temporary file.  Sets the five variables that bdbtop reads, so that
 * a console started next connects to it.  A test fails when an answer does not come.
 */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

#include "bdbtop/json/ready_file.h"

#define REQUESTS_MAX 4096

/* One line of its request log. */
struct sim_request {
	unsigned connection, status, body;
	unsigned in_flight;		/* unanswered requests at that time, with this one */
	char method[8], target[1000];
	bool credentials;
};

struct simulated {
	pid_t pid;
	int in, out;
	struct ready_file at;
	char cacert[64];
	char output[2 << 20];		/* lines before the last ok, and later bytes */
	size_t length;
	struct sim_request request[REQUESTS_MAX];
	size_t requests;
};

/* Options ended by NULL; adds --clock=stdin unless they contain --clock=running. */
void simulated_open(struct simulated *, const char *const *options);
void simulated_close(struct simulated *);

/* Sends a script line (see bdbtop-sim(1)); returns when it is done. */
void simulated_say(struct simulated *, const char *line);
/* The same; returns false when the line is answered with an error. */
bool simulated_try(struct simulated *, const char *line);
/* Reads the request log; returns how many requests have this method. */
size_t simulated_log(struct simulated *, const char *method);
/* How many of the requests read have this method and a target with this prefix. */
size_t simulated_request_count(const struct simulated *, const char *method, const char *target);
/* simulated_log() without the background poll, whose times vary, but with every refused log-in. */
size_t simulated_log_bdbs(struct simulated *, const char *method);
