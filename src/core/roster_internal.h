/*
 * src/core/roster_internal.h - what the files of core/roster share; nobody else includes it.
 *
 * roster.c       records by uid: what comes, stays and goes
 * roster_track.c what was seen of an operation: since when, in which series of failures
 * roster_backfill.c what the log tells of the time before the first look
 * roster_heartbeat.c  what running actions tell of the movement of an operation
 */
#ifndef BDBTOP_CORE_ROSTER_INTERNAL_H
#define BDBTOP_CORE_ROSTER_INTERNAL_H

#include "bdbtop/core/roster.h"

/* Two looks further apart than this may have missed a whole try of a failing operation. */
#define LOOK_GAP_MS  120000
/* A failed backup is tried again about every five minutes (API page 6): when the next try that was
 * seen comes later than this, one was missed. */
#define RETRY_GAP_MS 540000

/* By so much the cluster's clock and ours may differ without anybody correcting it. */
#define BLUR_MS 60000

#define USUAL_RUNS 30

/* What the running actions of an operation tell at one time. */
struct pulse {
	bool felt;
	bool mute;	/* a shard tells no heartbeat */
	uint64_t sum;	/* another one when a shard is further on */
	int64_t beat_s; /* newest heartbeat, or the begin of the action when that is later */
};

/* What is remembered of an operation beside its sighting. */
struct past {
	struct series series;
	bool in_series;
	bool origin;  /* what came before the first look is known */
	bool counted; /* no failure of the series since the first look can have been missed */
	bool ended;   /* something ended well, or was cleared from here, since the first look */
	bool cleared;
	bool sent;	    /* a PUT left while it was in this state */
	bool learnt;	    /* the log was told */
	enum op_phase met;  /* at the first look */
	enum op_phase told; /* the newest that could be read */
	bool ok_known, ok_given;
	int64_t ok_s; /* time of the last success when it last did not run; the least when none */
	bool run_known;
	struct moment run;	  /* begin of the run */
	int32_t runs[USUAL_RUNS]; /* seconds that good runs took, the newest ones */
	unsigned run_count;	  /* all of them */
	bool unmoved;		  /* as at the first look: nothing moved since */
	struct pulse pulse, felt; /* of this run: the newest, and the one before it */
};

struct slot {
	struct roster_entry entry;
	struct bdb *next; /* the record that the pass under way brings, or NULL: the same one */
	struct past past[OP_KINDS];
	int64_t uid;
	int64_t known_ms;     /* asked-at of the newest that told anything of it, absence too */
	struct moment met;    /* first look at this life */
	unsigned long born;   /* by order of arrival */
	unsigned long listed; /* number of the last pass that held it, also of one that failed */
	unsigned nameless;    /* running actions that do not say of which operation they are */
	bool fresh;	      /* its ROSTER_NEW is still to be told */
};

struct roster {
	struct slot **slots; /* by uid */
	size_t count, room;
	unsigned long passes, births;
	unsigned lives;
	roster_keep_fn *keep;
	void *keep_arg;
	int64_t whole_ms; /* asked-at of the newest list without unreadable elements */
};

/* When an observation was got, and how long after the one before it. */
struct look {
	struct moment at;
	int64_t gap_ms;
};

struct slot *roster_slot(const struct roster *, int64_t uid);

/* The slot's record is the first of its life; it differs from before; nothing differs. */
void sight_meet(struct slot *, const struct look *);
void sight_change(struct slot *, const struct bdb *before, const struct look *);
void sight_look(struct slot *, const struct look *);

/* It moved, by percent or shard. */
void sight_moved(struct slot *, enum op_kind, struct moment at);
/* A good run took so long. */
void sight_ran(struct slot *, enum op_kind, int64_t seconds);
/* The reason of the newest failure. */
void sight_reason(struct series *, const struct op *);
/* The past changed: the sighting shows it. */
void sight_show(struct slot *, enum op_kind);
/* The series is over: by a success, or cleared from here. */
void sight_ended(struct past *, bool cleared);

#endif
