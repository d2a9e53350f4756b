/*
 * tests/simulation/console.h - one console: the real session, fleet and rest, and the user in front
 * of it.
 *
 * It has clocks of its own, which differ from the true time by what sleep and steps did to them.
 */
#pragma once

#include "bdbtop/rest/rest.h"
#include "tests/simulation/reported.h"
#include "tests/simulation/network.h"
#include "tests/stage/invariants.h"

#define CONSOLE_KEYS 256

/* Bytes that the user or the terminal will send in one read. */
struct typed_bytes {
	int64_t at_ms; /* true time */
	unsigned char bytes[64];
	size_t length;
	bool noise; /* of the terminal: may not become a command */
};

struct console_setup {
	struct network *network;
	unsigned index, seed;
	const char *run; /* names the run in a failure; outlives the console */
	int64_t interval_ms;
	enum auth_method auth;
	size_t addresses; /* 1 to NETWORK_NODES */
	const char *password;
};

struct console_count {
	unsigned long turns, checks, questions, confirmations, resets, puts, cleared, noises, runs;
	unsigned long refused, sleeps, log_ins;
	unsigned most_puts; /* for one confirmation */
};

struct console {
	struct console_setup setup;
	struct http *http;
	struct rest *rest;
	struct fleet *fleet;
	struct cluster *cluster;
	struct session *session;
	struct audit_log *audit_log;
	struct login_input login;
	char user[32];
	struct input_decoder decoder;
	struct moment now;
	int64_t ahead_ms, wall_ahead_ms; /* true time minus its clock; its wall minus true */
	bool started;			 /* its loop has run */
	int64_t expected_ms;
	int64_t asleep_until_ms; /* true time; 0: awake */
	bool stands_still;	 /* its monotonic clock, while it sleeps */
	struct typed_bytes keys[CONSOLE_KEYS];
	size_t key_first, key_count;
	struct source_put put; /* the one that is being sent */
	struct invariant_checker checker;
	struct reported reported;
	unsigned revision;
	bool moved;	      /* a key may have moved the cursor */
	bool noisy;	      /* the bytes now are noise */
	size_t lines_checked; /* of the audit log */
	unsigned puts_sent[OP_KINDS];
	struct console_count count;
};

void console_open(struct console *, const struct console_setup *);
/* The program ends without a word; what it counted stays. */
void console_close(struct console *);
/* SIGTERM, and the program is started again. */
void console_terminate(struct console *);
/* One turn of its loop, at the true time of the network. */
void console_turn(struct console *);
/* When its next turn is, in true time. */
int64_t console_next(const struct console *);
/* Sends bytes after the others, no earlier than this. */
void console_type(struct console *, int64_t at_ms, const char *bytes, size_t length, bool noise);
/* Sleeps until this true time; still: its monotonic clock does not count that time. */
void console_sleep(struct console *, int64_t until_ms, bool still);
/* Before a request of it is queued; from the network. */
void console_on_send(struct console *, unsigned id, const struct http_request *);
