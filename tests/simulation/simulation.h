/*
 * tests/simulation/simulation.h - what the files of one run share.
 */
#pragma once

#include "tests/simulation/console.h"
#include "tests/simulation/run.h"

#define SIMULATION_BDBS 6
/* The longest Retry-After. */
#define RETRY_AFTER_MAX_S 400
/* A locked account opens again within this time. */
#define LOCKED_MS	(INT64_C(31) * 60 * 1000)
extern const int64_t simulation_uids[SIMULATION_BDBS];

struct simulation {
	uint64_t seed;
	char run[40]; /* `seed 17` */
	struct sim_api *api;
	struct network network;
	struct console consoles[RUN_CONSOLES];
	size_t console_count;
	bool exists[SIMULATION_BDBS]; /* at the cluster, in the order of simulation_uids */
	int64_t start_ms;
	char password[16]; /* of `ops`, as the cluster has it now */
	unsigned password_number;
	int64_t locked_until_ms; /* an account may be */
	uint64_t hash;
	struct run_tally *tally;
};

/* Runs a line of the simulated cluster; an error ends the program. */
void simulation_line(struct simulation *, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* Runs one event now. */
void simulation_run_event(struct simulation *, const struct run_event *);

/* The user: the key of a reset, an answer to what is open, bytes of the terminal. */
void user_reset(struct console *, unsigned row, unsigned kind);
void user_bulk(struct console *, unsigned marks, unsigned kind);
void user_answer(struct console *, const char *password, unsigned number);
void user_noise(struct console *, unsigned number);
void user_key(struct console *, unsigned number);
/* Leaves every page and answers what is open; a log-in with this password. */
void user_settle(struct console *, const char *password);
