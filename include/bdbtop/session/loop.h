/*
 * session/loop.h - the loop: one thread, one wait.
 *
 * Each turn: clocks are read, what has arrived from the network is read, input is read, what is due
 * is done, one frame is drawn if something changed, and then there is one wait until the next
 * deadline, the network, the terminal, a signal or the clock's own descriptor.
 */
#ifndef BDBTOP_SESSION_LOOP_H
#define BDBTOP_SESSION_LOOP_H

#include "bdbtop/net/http.h"
#include "bdbtop/session/session.h"

/* Where time comes from: the system's clocks, or a pipe that turns them in a test. */
struct clock {
	struct moment (*now)(void *arg);
	/* How long to wait for due_ms, in ms; -1: no end.  A turned clock never waits for time. */
	int64_t (*wait)(void *arg, int64_t due_ms, int64_t now_ms);
	int fd;				/* -1: none; else ready() is called when it is readable */
	void (*ready)(void *arg);
	/* All that was due is done and drawn; the loop is about to wait.  May be NULL. */
	void (*on_idle)(void *arg);
	void *arg;
};
extern const struct clock clock_system;

/* What a front end does for the loop; arg is the front. */
struct front_ops {
	size_t (*fds)(void *arg, struct http_fd *out, size_t capacity);	/* terminal, signal pipe */
	/* reads everything that waits: keys, signals, sizes */
	void (*input)(void *arg, struct moment now);
	void (*draw)(void *arg, struct moment now);	/* one frame, if something changed */
	/* when input() has something to do without more input; TIME_NEVER; NULL: never */
	int64_t (*due)(void *arg);
};

/* Runs until session_is_over().  h may be NULL when nothing is ever fetched. */
void loop_run(struct session *, struct http *h, const struct clock *, void *front,
	      const struct front_ops *);

#endif
