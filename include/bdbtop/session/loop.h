/*
 * session/loop.h - the event loop: one thread, one wait.
 *
 * Each turn reads the clocks, the network and the input, runs what is due, draws one frame if
 * something changed, and then waits once: for the next deadline, the network, the terminal, a
 * signal or the clock's descriptor.
 */
#pragma once

#include "bdbtop/net/http.h"
#include "bdbtop/session/session.h"

/* The source of time: the system's clocks, or in a test a pipe that sets them. */
struct clock {
	struct moment (*now)(void *arg);
	/* How long to wait for due_ms, in ms; -1: without limit.  A test's clock never waits. */
	int64_t (*wait)(void *arg, int64_t due_ms, int64_t now_ms);
	int fd;				/* -1: none; else ready() runs when it is readable */
	void (*ready)(void *arg);
	/* Everything due is done and drawn; the loop is about to wait.  May be NULL. */
	void (*on_idle)(void *arg);
	void *arg;
};
extern const struct clock clock_system;

/* The functions of a front end; arg is the front end. */
struct front_ops {
	/* terminal, signal pipe; a terminal that has not accepted a frame is waited for to write */
	size_t (*fds)(void *arg, struct http_fd *out, size_t capacity);
	/* reads all pending input: keys, signals, sizes */
	void (*input)(void *arg, struct moment now);
	/* one frame, if something changed and the terminal has accepted the last; never waits */
	void (*draw)(void *arg, struct moment now);
	/* when input() must run without new input; TIME_NEVER: never; may be NULL: never */
	int64_t (*due)(void *arg);
};

/* Runs until session_is_over().  h may be NULL if no source uses the network. */
void loop_run(struct session *, struct http *h, const struct clock *, void *front,
	      const struct front_ops *);
