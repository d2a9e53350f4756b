/*
 * tests/bench/compare.h - the parts of the comparison; each puts its figures into the table.
 */
#pragma once

#include "bench.h"
#include "process.h"
#include "server.h"

/* A build of bdbtop. */
struct build {
	const char *name;	/* of its rows */
	char program[4096];
};

#define BUILDS_MAX 2

struct plan {
	struct build builds[BUILDS_MAX];	/* this one, and one to compare it with */
	size_t build_count;
	char client[4096];	/* tests/bench/client */
	char many[4096];	/* tests/bench/many_clusters */
	unsigned polls;		/* that are measured for one figure */
	size_t starts, presses;	/* the same */
};

/* Servers with the same lists: as many as there are programs that poll side by side, or one. */
#define SERVERS_MAX 5
struct server_set {
	int databases;
	struct server *servers[SERVERS_MAX];
	size_t count;
};

/* How programs reach a server. */
#define LOGIN_VARIABLES 5
struct client_login {
	char url[64], list_url[4200];
	const char *ca_file;	/* the server's */
	char curl_file[BENCH_PATH];	/* options of curl(1) that ask for the list */
	char texts[LOGIN_VARIABLES][200];
	const char *variables[LOGIN_VARIABLES + 1];	/* of bdbtop and tests/bench/client */
};
void client_login_init(struct client_login *, const struct server *);
void client_login_release(struct client_login *);	/* removes the file */

/* compare_polls.c: CPU time, bytes to the terminal and memory of a poll. */
void compare_polls(const struct plan *, const struct server_set *);
/* Peak memory of the largest list. */
void compare_largest(const struct plan *, const struct server_set *);
void compare_pipeline(const struct plan *, const struct server_set *);
void compare_monitors(const struct plan *);

/* compare_screen.c: times from the start to the first frames, and from a key to its effect. */
void compare_starts(const struct plan *, const struct server_set *);
void compare_keys(const struct plan *, const struct server_set *);
void compare_clusters(const struct plan *);

/* compare_instructions.c: instructions of a poll, as callgrind counts them. */
void compare_instructions(const struct plan *, const struct server_set *);
