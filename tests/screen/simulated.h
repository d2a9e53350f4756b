/*
 * tests/screen/simulated.h - bdbtop-sim as a child with a script, for tests of the console.
 *
 * One folder holds its certificate; the five variables of this process lead to it, so that a
 * console started next finds it.  A test fails when an answer does not come.
 */
#ifndef BDBTOP_TESTS_SCREEN_SIMULATED_H
#define BDBTOP_TESTS_SCREEN_SIMULATED_H

#include <stdbool.h>
#include <sys/types.h>

#include "bdbtop/json/ready_file.h"

#define REQUESTS_MAX 4096

/* One line of its log. */
struct sim_request {
	unsigned connection, status, body;
	unsigned in_flight;		/* without an answer then, this one counted */
	char method[8], target[1000];
	bool credentials;
};

struct simulated {
	pid_t pid;
	int in, out;
	struct ready_file at;
	char folder[64], cacert[80];
	char output[2 << 20];		/* lines before the last ok, and what came after it */
	size_t length;
	struct sim_request request[REQUESTS_MAX];
	size_t requests;
};

/* Options up to a NULL; --clock=stdin is given too, unless they say --clock=running. */
void simulated_open(struct simulated *, const char *const *options);
void simulated_close(struct simulated *);

/* A line of bdbtop-sim(1)'s script; returns once it is done. */
void simulated_say(struct simulated *, const char *line);
/* Reads the log of requests, and how many of them have this method. */
size_t simulated_log(struct simulated *, const char *method);
/* How many of what was read have a target that begins so. */
size_t simulated_request_count(const struct simulated *, const char *method, const char *target);
/* Is it about what is asked beside the databases: log, alerts, actions?  That comes by itself. */
bool simulated_is_in_folder(const struct sim_request *);
/* simulated_log() without these. */
size_t simulated_log_bdbs(struct simulated *, const char *method);

#endif
