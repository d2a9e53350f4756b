/*
 * tests/screen/walkthrough.h - runs of the console against one or two simulated clusters, with a
 * state directory that all runs of a test share.
 *
 * Variables of this process name the cluster but no CA, so the first run asks about the
 * certificate.  The databases are those of the scenario disaster.
 */
#pragma once

#include "tests/screen/pty.h"
#include "tests/screen/simulated.h"

#define WALKTHROUGH_LISTED   "db:80  invoices"
#define WALKTHROUGH_QUESTION "from now on?  [y/N]"

extern struct simulated sim, other;
extern struct pty pty;
extern char walkthrough_state[64];	/* XDG_STATE_HOME of every run */

/* Setups of cmocka: the cluster by an address; by a name, the only one in its certificate. */
int walkthrough_open(void **state);
int walkthrough_open_named(void **state);
int walkthrough_close(void **state);

/* Starts a second simulator with the same log-in and the same or another certificate. */
void walkthrough_open_other(bool same_certificate);

/* Starts a second one on ::1; the variables name it from now on. */
void walkthrough_open_ipv6(void);

/* Starts bdbtop with these arguments; job: under a shell with job control.  Ends a running one. */
void walkthrough_run(const char *const *words, bool job);
/* Starts the console with up to two more arguments. */
void walkthrough_start(const char *word, const char *second);
/* Starts it and accepts the certificate. */
void walkthrough_pin(void);
/* Types into a prompt after its guard interval, in real time: the prompt shows no keys. */
void walkthrough_type(const char *bytes);
/* Returns when the console has read all keys sent so far. */
void walkthrough_settle(void);
void walkthrough_quit(void);

/* `sha256//BASE64` of its current key; valid until the next call. */
const char *walkthrough_pin_of(struct simulated *);
/* How many requests a simulator received, all or those with this status; without the background
 * poll, unless the log-in was refused there. */
size_t walkthrough_requests(struct simulated *);
size_t walkthrough_with_status(struct simulated *, unsigned status);
