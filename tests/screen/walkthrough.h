/*
 * tests/screen/walkthrough.h - visits of the console to a simulated cluster, or to two, with a
 * folder for its state that outlives each visit.
 *
 * The cluster is found by the variables of this process, without the one that names a CA: so the
 * first visit asks.  Its databases are those of the scenario disaster.
 */
#ifndef BDBTOP_TESTS_SCREEN_WALKTHROUGH_H
#define BDBTOP_TESTS_SCREEN_WALKTHROUGH_H

#include "tests/screen/pty.h"
#include "tests/screen/simulated.h"

#define WALKTHROUGH_LISTED   "db:80  invoices"
#define WALKTHROUGH_QUESTION "from now on?  [y/N]"

extern struct simulated sim, other;
extern struct pty pty;
extern char walkthrough_state[64];	/* XDG_STATE_HOME of every visit */

/* Set-ups: the cluster at an address; at a name, which alone is in its certificate. */
int walkthrough_open(void **state);
int walkthrough_open_named(void **state);
int walkthrough_close(void **state);

/* A second simulator with the same log-in: with the certificate of the first, or its own. */
void walkthrough_open_other(bool same_certificate);

/* A second one on ::1, to which the variables lead from now on. */
void walkthrough_open_ipv6(void);

/* Start bdbtop with these words, under a shell of one job or not; one that runs is ended. */
void walkthrough_run(const char *const *words, bool job);
/* Start the console with up to two words more. */
void walkthrough_start(const char *word, const char *second);
/* Start it, and trust the certificate that it asks about. */
void walkthrough_pin(void);
/* Type into a prompt that is drawn, once it takes keys: it shows none, so only time can tell. */
void walkthrough_type(const char *bytes);
/* All keys sent so far were taken. */
void walkthrough_settle(void);
/* Ask for a poll, and wait until so many have come in ever. */
void walkthrough_poll(size_t polls);
void walkthrough_quit(void);

/* `sha256//BASE64` of the key that it shows now; lives until the next call. */
const char *walkthrough_pin_of(struct simulated *);
/* How many requests a simulator saw, all of them or those that it answered so; not those for logs,
 * alerts and actions, unless a log-in was refused there. */
size_t walkthrough_requests(struct simulated *);
size_t walkthrough_with_status(struct simulated *, unsigned status);

#endif
