/*
 * rest/rest.h - a REST cluster as a source: polls, single reads, resets, the queue of 3, the
 * log-in guard, trust on first use, several addresses and redirects.
 *
 * What leaves and when: a handshake is all that a server sees before it passed trust; without a
 * log-in the first poll ends there too, and the log-in is asked for then.  A GET goes on to the
 * next address when one refuses, is late or answers 503, and follows a 307 at most twice; a PUT
 * goes once to where the last read came from.
 */
#ifndef BDBTOP_BDBTOP_REST_REST_H
#define BDBTOP_BDBTOP_REST_REST_H

#include "bdbtop/core/source.h"
#include "bdbtop/net/http.h"

struct rest_setup {
	const struct address *addresses;	/* copied; the first is asked first */
	size_t address_count;		/* at least 1 */
	struct trust trust;		/* its strings must outlive the source */
	/* TRUST_PIN: as it was kept, for on_key_changed(); or empty */
	struct source_pin pinned;
	bool insecure;			/* TRUST_SYSTEM: go on though no authority vouches */
	bool interactive;		/* somebody is there for asks(); else a refusal says all */
	struct login login;		/* an empty one is asked for before anything leaves; it
					 * outlives the source, and the asker changes it in place */
	const char *name;		/* of the cluster, for sentences */
	int64_t interval_ms;		/* from start to start of a list poll */
	unsigned seed;			/* of the jitter of its back-off */
};

struct rest;

/*
 * The sink's functions get arg; http must outlive it.  The first poll is due at once.  NULL when
 * memory is out.
 */
struct rest *rest_new(struct http *, const struct rest_setup *, const struct source_sink *,
		      void *arg);
/* What fleet asks of it; self is the struct rest.  change_phase() calls http_turn() too. */
const struct source_ops *rest_ops(void);

#endif
