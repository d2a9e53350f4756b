/*
 * fleet/cluster_internal.h - the body of a cluster, shared by
 *
 * cluster.c	source and face
 * reset_jobs.c	the tickets, and where they are found
 * reset_run.c	events to them, and what comes of it
 * reset_observe.c	what they hear of a read
 * reset_commands.c	what the user does with one of them
 * bulk.c	and with many
 * results.c	what stands on the rows
 * findings.c	what the databases mean
 * background_poll.c	the log, and the slow round
 * auth.c	trust and log-in
 *
 * and of the detail (detail_internal.h).
 */
#ifndef BDBTOP_FLEET_CLUSTER_INTERNAL_H
#define BDBTOP_FLEET_CLUSTER_INTERNAL_H

#include "bdbtop/core/clock_estimate.h"
#include "bdbtop/fleet/cluster.h"

#include "detail_internal.h"

/* One ticket under way, or ended and still on its row. */
struct held {
	struct reset *reset;
	int64_t read_ms; /* its own read was asked then */
	bool reading;	 /* and is out */
	bool pending;	 /* its question was raised by a read and waits to be shown */
	bool unasked;	 /* its ledger line `asked` could not be written yet */
	bool with_body;	 /* its last PUT went as `{}` */
	bool settled;	 /* it ended, and its words stay on the row */
	unsigned bulk;	 /* 0: a single one */
};

/* A place in the index by database: the ticket that is held there. */
struct place {
	int64_t uid;
	unsigned ticket;
};

#define LEFT_OUT_TEXT 32

/* One for a database; the list is by uid. */
struct note {
	int64_t uid;
	enum op_kind kind;
	enum gate gate;
	char left_out[LEFT_OUT_TEXT]; /* "": it is about the gate */
};

struct denied {
	int64_t uid;
	enum op_kind kind;
};

/* What was said to the question about the ledger, for all tickets of a bulk. */
enum bulk_say { SAID_NOTHING, SAID_YES, SAID_NO };

struct bulk_held {
	struct bulk_held *next; /* an older one */
	struct bulk face;	/* but its sums */
	bool dismissed;
	struct place *tickets; /* those that are held, by uid */
	size_t ticket_count;
	struct note *left_out; /* by uid */
	size_t left_out_count;
	size_t past[SUM_KINDS]; /* those that are held no more */
	enum bulk_say ledger;
	unsigned asker; /* the ticket that asks for all of them about the ledger, 0 none */
};

/* An alert of the cluster itself that is on. */
struct delayed {
	int64_t uid, since_s;
};

/* What is asked beside the databases, one at a time. */
struct round {
	bool out;		   /* one is on its way */
	bool dropped[TOPIC_COUNT]; /* not for this user, or not at this cluster */
	bool wanted[TOPIC_COUNT];
	int64_t not_before_ms[TOPIC_COUNT]; /* the cluster asked for a pause until then */
	bool late_events;		    /* they could not be read: with the next round */
	int64_t next_ms;		    /* when the next round begins */
	int64_t retry_ms;		    /* nothing before that: there was no place after all */
	bool traits_wanted;		    /* by somebody */
	bool traits_asked;
	bool traits_told;	 /* once, or why not */
	struct err traitless;	 /* why the newest answer told none, or "" */
	int64_t traits_ms;	 /* asked then */
	struct delayed *delayed; /* by uid */
	size_t delayed_count;
	struct bdb_info **traits; /* by uid */
	size_t trait_count;
};

struct cluster {
	unsigned index;
	struct cluster_setup setup;
	struct cluster_face face;
	struct moment tick;
	int64_t least_wall_ms; /* that this run has seen: the clock may be set back */
	void *source;
	const struct source_ops *ops;
	struct roster *roster;
	struct finding *findings; /* one for each record of the roster, in its order */
	size_t finding_count, finding_room;
	struct finding *former; /* the room for those of the next look */
	size_t former_room;
	struct round round;
	struct look look;
	struct sent sent;
	struct clock_estimate clock;
	int64_t ahead_s; /* the cluster's clock less ours, by the estimate */
	int64_t now_s;	 /* the cluster's clock at the newest list, see cluster_now_s() */
	cluster_listen_fn *listen;
	void *listen_arg;
	cluster_keep_fn *keep;
	void *keep_arg;
	cluster_refusal_fn *note;
	void *note_arg;
	struct held *held; /* in the order in which their questions were opened, by number */
	size_t held_count, held_room;
	struct place *places; /* the same by uid, then number */
	size_t place_room;
	unsigned last_ticket, last_bulk;
	struct bulk_held *bulks; /* newest first */
	struct note *notes;
	size_t note_count, note_room;
	struct denied *denied; /* 403 for that database and kind */
	size_t denied_count, denied_room;
	bool wants_body; /* this cluster refused the body-less form */
	bool modules_asked, modules_came;
	char **modules; /* without backup_restore */
	size_t module_count;
	bool collects;	      /* the ledger's lines, until lines_write() */
	struct err unwritten; /* why the ledger's line could not be written */
	int64_t lists_ms; /* list polls that take the place of many single reads: the last one */
};

/* Grow an array of count elements by one; false when memory is out. */
bool cluster_grow(void **array, size_t *room, size_t count, size_t size);

struct moment cluster_moment(const struct cluster *, int64_t ms);
void cluster_seen(struct cluster *); /* something that can be seen changed */
void cluster_tell(struct cluster *, struct cluster_event *); /* fills in the cluster */
void cluster_tell_link(struct cluster *, struct moment at, const char *outcome);

/* By its number, or NULL; lives until one is added or forgotten. */
struct held *cluster_held(const struct cluster *, unsigned ticket);
/* Those of a database, in the order of their questions: count of them. */
size_t held_count(const struct cluster *, int64_t uid);
struct held *held_at(const struct cluster *, int64_t uid, size_t index);
/* Takes the reset; false when memory is out, and the reset stays the caller's. */
bool held_add(struct cluster *, struct reset *, const struct held *as);

/* Judge every record anew, and tell what happened; the one of an uid; and all without telling. */
void findings_make(struct cluster *);
void findings_one(struct cluster *, int64_t uid);
void findings_again(struct cluster *);
/* An observation is applied, and what became another database is told; -1 when memory is out:
 * roster and findings are as they were. */
int findings_apply(struct cluster *, const struct observation *, struct moment now);
/* The cluster's clock, as a list told it; and a moment of it, as exactly as it is known. */
void findings_clock(struct cluster *, const struct observation *);
struct moment findings_moment(const struct cluster *, int64_t ms);

/* The slow round: its answers, and what of it is due. */
void facts_told(void *arg, const struct data_reply *, int64_t now_ms);
void facts_listed(struct cluster *, struct moment now);
void facts_turn(struct cluster *, struct moment now);
int64_t facts_due(const struct cluster *, int64_t now_ms);
void facts_release(struct cluster *);

/* A ticket leaves; a question about the ledger is open, and answered, once for all of a bulk. */
void bulk_forget(struct cluster *, const struct held *);
void bulk_sweep(struct cluster *);
enum bulk_say bulk_ledger(struct cluster *, const struct held *, bool *asks);
bool bulk_answer(struct cluster *, unsigned ticket, enum bulk_say, struct moment now);
void bulks_release(struct cluster *);

/* One event to one ticket, and its effects carried out to the end. */
void tickets_event(struct cluster *, struct held *, const struct reset_event *, struct moment now);
/* The same to all of them. */
void tickets_event_all(struct cluster *, const struct reset_event *, struct moment now);
void tickets_observed(struct cluster *, const struct observation *, struct moment now);
void tickets_answered(struct cluster *, unsigned ticket, const struct reset_answer *,
		      struct moment now);
void tickets_path(struct cluster *, unsigned ticket, enum path_state, struct moment now);
void tickets_modules(struct cluster *, struct moment now);
void tickets_turn(struct cluster *, struct moment now);
int64_t tickets_due(const struct cluster *, int64_t now_ms);
void tickets_sweep(struct cluster *); /* forget what ended without a trace on its row */
void tickets_forget(struct cluster *, size_t index);
/* The first of its events, and how the log hears of it. */
unsigned tickets_make(struct cluster *, const struct reset_target *wanted, bool running,
		      bool pending);
void tickets_tell(struct cluster *, const struct held *, const char *outcome, struct moment now);
/* The ledger's lines from here on are one write; it is done by the second: -1 when it failed. */
void lines_collect(struct cluster *);
int lines_write(struct cluster *);
void lines_aside(struct cluster *, struct moment now); /* the same, told in the log */
/* Just before it is confirmed: what stood on its row goes, and the log hears what it was. */
void doors_pass(struct cluster *, const struct held *, struct moment now);

/* Does it put a word on its row?  A question that is open, or was withdrawn before anything was
 * confirmed, does not. */
bool held_has_words(const struct held *);
/* Drop the note of a row, true when there was one; and all that are true no more. */
bool notes_drop(struct cluster *, int64_t uid);
const struct note *notes_find(const struct cluster *, int64_t uid);
void notes_put(struct cluster *, const struct note *);
void notes_review(struct cluster *);

/* The part of the sink that is about trust and log-in. */
void asks_asked(void *arg, const struct source_prompt *, int64_t now_ms);
void asks_changed(void *arg, const struct source_pin *pinned,
		  const struct source_certificate *offered, int64_t now_ms);
void asks_pinned(void *arg, const struct source_pin *, int64_t now_ms);
void asks_refused(void *arg, const struct source_refused *, int64_t now_ms);
void asks_logged_in(void *arg, int64_t now_ms);
/* A list came: what was asked or refused before is over. */
void asks_over(struct cluster *, const struct observation *);
/* True when a question that was put off comes back instead of a poll. */
bool asks_again(struct cluster *, struct moment now);

bool cluster_is_denied(const struct cluster *, int64_t uid, enum op_kind);
void cluster_deny(struct cluster *, int64_t uid, enum op_kind);

#endif
