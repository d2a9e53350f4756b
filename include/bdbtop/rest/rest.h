/*
 * rest/rest.h - a REST cluster as a source: polls, single reads, resets, the queue of 3, refused
 * log-ins, trust on first use, several addresses, redirects, Retry-After.
 *
 * A server gets only a handshake until its certificate passes.  Without a log-in the first poll
 * ends after the handshake, and the user is asked for one.  A GET goes on to the next address when
 * one refuses, times out or answers 502, 503 or 504, and follows a 307 at most twice; a PUT goes
 * once, to the address of the last good read.
 */
#pragma once

#include "bdbtop/core/auth_method.h"
#include "bdbtop/core/source.h"
#include "bdbtop/net/http.h"

struct rest_setup {
	const struct address *addresses;	/* copied; tried in this order */
	size_t address_count;		/* at least 1 */
	struct trust trust;		/* its strings must outlive the source */
	/* TRUST_PIN: the stored pin, for on_key_changed(); or empty */
	struct source_pin pinned;
	bool insecure;			/* TRUST_SYSTEM: accept any certificate */
	bool interactive;		/* a user can answer on_prompt(); else none is raised */
	enum auth_method auth;
	struct login login;		/* empty: the user is asked before anything is sent; must
					 * outlive the source; changed in place before answer() */
	struct secret *token;		/* AUTH_TOKEN: a token to use as it is; moved; or NULL */
	const char *name;		/* of the cluster, for error texts; outlives the source */
	int64_t interval_ms;		/* between the starts of two list polls */
	unsigned seed;			/* of the jitter of the back-off */
};

struct rest;

/*
 * Copies setup and sink; arg is passed to the functions of the sink.  http must outlive the source.
 * The first poll is due at once.  NULL when out of memory.
 */
struct rest *rest_new(struct http *, const struct rest_setup *, const struct source_sink *,
		      void *arg);
/* The operations of the source; self is the struct rest.  turn() calls http_turn() too, free()
 * accepts NULL. */
const struct source_ops *rest_ops(void);
