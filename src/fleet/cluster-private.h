/*
 * fleet/cluster-private.h - the body of a cluster, shared by cluster.c (source and face), tickets.c
 * (resets under way), results.c (what stands on the rows) and asks.c (trust and log-in).
 */
#ifndef BDBTOP_FLEET_CLUSTER_PRIVATE_H
#define BDBTOP_FLEET_CLUSTER_PRIVATE_H

#include "bdbtop/fleet/cluster.h"

/* One ticket under way, or ended and still on its row. */
struct held {
	struct reset *reset;
	int64_t read_ms; /* its own read was asked then */
	bool reading;	 /* and is out */
	bool pending;	 /* its question was raised by a read and waits to be shown */
	bool unasked;	 /* its ledger line `asked` could not be written yet */
	bool with_body;	 /* its last PUT went as `{}` */
};

struct note {
	int64_t uid;
	enum op_kind kind;
	enum gate gate;
};

struct denied {
	int64_t uid;
	enum op_kind kind;
};

struct cluster {
	unsigned index;
	struct cluster_setup setup;
	struct cluster_face face;
	struct moment tick;
	void *source;
	const struct source_ops *ops;
	struct roster *roster;
	struct finding *findings;	/* one for each record of the roster, in its order */
	size_t finding_count, finding_room;
	cluster_listen_fn *listen;
	void *listen_arg;
	cluster_keep_fn *keep;
	void *keep_arg;
	cluster_refusal_fn *note;
	void *note_arg;
	struct held *held; /* in the order in which they were confirmed */
	size_t held_count, held_room;
	unsigned last_ticket;
	struct note *notes;
	size_t note_count, note_room;
	struct denied *denied; /* 403 for that database and kind */
	size_t denied_count, denied_room;
	bool wants_body; /* this cluster refused the body-less form */
	bool modules_asked, modules_came;
	char **modules; /* without backup_restore */
	size_t module_count;
	struct err unwritten; /* why the ledger's line could not be written */
	int64_t lists_ms; /* list polls that take the place of many single reads: the last one */
};

/* Grow an array of count elements by one; false when memory is out. */
bool cluster_grow(void **array, size_t *room, size_t count, size_t size);

struct moment cluster_moment(const struct cluster *, int64_t ms);
void cluster_seen(struct cluster *); /* something that can be seen changed */
void cluster_tell(struct cluster *, struct cluster_event *); /* fills in the cluster */
void cluster_tell_link(struct cluster *, struct moment at, const char *outcome);
struct held *cluster_held(const struct cluster *, unsigned ticket);

/* Judge every record anew: something of the roster changed. */
void findings_make(struct cluster *);

/* One event to one ticket, and its effects carried out to the end. */
void tickets_event(struct cluster *, struct held *, const struct reset_event *, struct moment now);
/* The same to all of them. */
void tickets_event_all(struct cluster *, const struct reset_event *, struct moment now);
void tickets_observed(struct cluster *, const struct observation *, struct moment now);
void tickets_answered(struct cluster *, unsigned ticket, const struct reset_answer *,
		      struct moment now);
void tickets_modules(struct cluster *, struct moment now);
void tickets_turn(struct cluster *, struct moment now);
int64_t tickets_due(const struct cluster *, int64_t now_ms);
void tickets_sweep(struct cluster *); /* forget what ended without a trace on its row */
void tickets_forget(struct cluster *, size_t index);

/* Does it put a word on its row?  A question that is open, or was withdrawn before anything was
 * confirmed, does not. */
bool held_has_words(const struct held *);
/* Drop the note of a row, true when there was one; and all that are true no more. */
bool notes_drop(struct cluster *, int64_t uid);
void notes_review(struct cluster *);

/* The part of the sink that is about trust and log-in. */
void asks_asked(void *arg, const struct source_ask *, int64_t now_ms);
void asks_changed(void *arg, const struct source_pin *pinned,
		  const struct source_certificate *offered, int64_t now_ms);
void asks_pinned(void *arg, const struct source_pin *, int64_t now_ms);
void asks_refused(void *arg, enum source_refusal, const struct err *, int64_t now_ms);
void asks_logged_in(void *arg, int64_t now_ms);
/* A list came: what was asked or refused before is over. */
void asks_over(struct cluster *, const struct observation *);
/* True when a question that was put off comes back instead of a poll. */
bool asks_again(struct cluster *, struct moment now);

bool cluster_is_denied(const struct cluster *, int64_t uid, enum op_kind);
void cluster_deny(struct cluster *, int64_t uid, enum op_kind);

#endif
