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
struct reset_job {
	struct reset *reset;
	int64_t read_requested_ms; /* its own read was asked then */
	bool read_in_flight;	   /* and is out */
	bool question_waits;	   /* its question was raised by a read and waits to be shown */
	bool unlogged;		   /* its ledger line `asked` could not be written yet */
	bool with_body;		   /* its last PUT went as `{}` */
	bool ended;		   /* it ended, and its words stay on the row */
	unsigned bulk_id;	   /* 0: a single one */
};

/* A place in the index by database: the ticket that is held there. */
struct reset_job_index {
	int64_t uid;
	unsigned reset_id;
};

#define SKIPPED_TEXT_SIZE 32

/* One for a database; the list is by uid. */
struct row_note {
	int64_t uid;
	enum op_kind kind;
	enum reset_obstacle obstacle;
	char skipped[SKIPPED_TEXT_SIZE]; /* "": it is about the gate */
};

struct forbidden_kind {
	int64_t uid;
	enum op_kind kind;
};

/* What was said to the question about the ledger, for all tickets of a bulk. */
enum audit_log_answer { AUDIT_LOG_ANSWER_NONE, AUDIT_LOG_ANSWER_YES, AUDIT_LOG_ANSWER_NO };

struct bulk_job {
	struct bulk_job *next; /* an older one */
	struct bulk summary;   /* but its sums */
	bool dismissed;
	struct reset_job_index *jobs; /* those that are held, by uid */
	size_t job_count;
	struct row_note *skipped; /* by uid */
	size_t skipped_count;
	size_t finished[BULK_OUTCOMES]; /* those that are held no more */
	enum audit_log_answer audit_log_answer;
	unsigned
		asking_reset_id; /* the ticket that asks for all of them about the ledger, 0 none */
};

/* An alert of the cluster itself that is on. */
struct delay_alert {
	int64_t uid, since_s;
};

/* What is asked beside the databases, one at a time. */
struct background_poll {
	bool in_flight;		       /* one is on its way */
	bool unavailable[TOPIC_COUNT]; /* not for this user, or not at this cluster */
	bool wanted[TOPIC_COUNT];
	int64_t not_before_ms[TOPIC_COUNT]; /* the cluster asked for a pause until then */
	bool events_failed;		    /* they could not be read: with the next round */
	int64_t next_ms;		    /* when the next round begins */
	int64_t retry_ms;		    /* nothing before that: there was no place after all */
	bool bdb_info_wanted;		    /* by somebody */
	bool bdb_info_requested;
	bool bdb_info_complete;		  /* once, or why not */
	struct err bdb_info_error;	  /* why the newest answer told none, or "" */
	int64_t bdb_info_requested_ms;	  /* asked then */
	struct delay_alert *delay_alerts; /* by uid */
	size_t delay_alert_count;
	struct bdb_info **bdb_info; /* by uid */
	size_t bdb_info_count;
};

struct cluster {
	unsigned index;
	struct cluster_setup setup;
	struct cluster_status status;
	struct moment now;
	int64_t latest_wall_ms; /* that this run has seen: the clock may be set back */
	void *source;
	const struct source_ops *ops;
	struct roster *roster;
	struct finding *findings; /* one for each record of the roster, in its order */
	size_t finding_count, finding_capacity;
	struct finding *previous_findings; /* the room for those of the next look */
	size_t previous_finding_capacity;
	struct background_poll background;
	struct detail_watch detail;
	struct reset_history history;
	struct clock_estimate clock;
	int64_t clock_offset_s; /* the cluster's clock less ours, by the estimate */
	int64_t now_s;		/* the cluster's clock at the newest list, see cluster_now_s() */
	cluster_on_event_fn *on_event;
	void *on_event_arg;
	cluster_save_pin_fn *save_pin;
	void *save_pin_arg;
	cluster_on_login_refused_fn *on_login_refused;
	void *on_login_refused_arg;
	struct reset_job *jobs; /* in the order in which their questions were opened, by number */
	size_t job_count, job_capacity;
	struct reset_job_index *job_index; /* the same by uid, then number */
	size_t job_index_capacity;
	unsigned last_reset_id, last_bulk_id;
	struct bulk_job *bulks; /* newest first */
	struct row_note *notes;
	size_t note_count, note_capacity;
	struct forbidden_kind *forbidden; /* 403 for that database and kind */
	size_t forbidden_count, forbidden_capacity;
	bool put_needs_body; /* this cluster refused the body-less form */
	bool modules_requested, modules_known;
	char **modules; /* without backup_restore */
	size_t module_count;
	bool collecting_lines;	    /* the ledger's lines, until audit_lines_commit() */
	struct err audit_log_error; /* why the ledger's line could not be written */
	/* list polls that take the place of many single reads: the last one */
	int64_t list_poll_ms;
};

/* Grow an array of count elements by one; false when memory is out. */
bool cluster_grow(void **array, size_t *capacity, size_t count, size_t size);

struct moment cluster_moment(const struct cluster *, int64_t ms);
void cluster_mark_changed(struct cluster *); /* something that can be seen changed */
void cluster_notify(struct cluster *, struct cluster_event *); /* fills in the cluster */
void cluster_notify_connection(struct cluster *, struct moment at, const char *outcome);

/* By its number, or NULL; lives until one is added or forgotten. */
struct reset_job *reset_job_find(const struct cluster *, unsigned reset_id);
/* Those of a database, in the order of their questions: count of them. */
size_t reset_job_count(const struct cluster *, int64_t uid);
struct reset_job *reset_job_at(const struct cluster *, int64_t uid, size_t index);
/* Takes the reset; false when memory is out, and the reset stays the caller's. */
bool reset_job_add(struct cluster *, struct reset *, const struct reset_job *as);

/* Judge every record anew, and tell what happened; the one of an uid; and all without telling. */
void findings_update(struct cluster *);
void findings_update_one(struct cluster *, int64_t uid);
void findings_update_quietly(struct cluster *);
/* An observation is applied, and what became another database is told; -1 when memory is out:
 * roster and findings are as they were. */
int findings_apply(struct cluster *, const struct observation *, struct moment now);
/* The cluster's clock, as a list told it; and a moment of it, as exactly as it is known. */
void findings_clock(struct cluster *, const struct observation *);
struct moment findings_moment(const struct cluster *, int64_t ms);

/* The slow round: its answers, and what of it is due. */
void background_poll_on_data(void *arg, const struct data_reply *, int64_t now_ms);
void background_poll_on_list(struct cluster *, struct moment now);
void background_poll_turn(struct cluster *, struct moment now);
int64_t background_poll_due(const struct cluster *, int64_t now_ms);
void background_poll_release(struct cluster *);

/* A ticket leaves; a question about the ledger is open, and answered, once for all of a bulk. */
void bulk_remove_job(struct cluster *, const struct reset_job *);
void bulk_remove_ended(struct cluster *);
enum audit_log_answer bulk_audit_log_answer(struct cluster *, const struct reset_job *, bool *asks);
bool bulk_answer_audit_log(struct cluster *, unsigned reset_id, enum audit_log_answer,
			   struct moment now);
void bulks_release(struct cluster *);

/* One event to one ticket, and its effects carried out to the end. */
void reset_run_apply(struct cluster *, struct reset_job *, const struct reset_event *,
		     struct moment now);
/* The same to all of them. */
void reset_run_apply_all(struct cluster *, const struct reset_event *, struct moment now);
void reset_run_on_observation(struct cluster *, const struct observation *, struct moment now);
void reset_run_on_answer(struct cluster *, unsigned reset_id, const struct reset_answer *,
			 struct moment now);
void tickets_path(struct cluster *, unsigned reset_id, enum path_state, struct moment now);
void reset_run_on_modules(struct cluster *, struct moment now);
void reset_run_turn(struct cluster *, struct moment now);
int64_t reset_run_due(const struct cluster *, int64_t now_ms);
void reset_run_remove_ended(struct cluster *); /* forget what ended without a trace on its row */
void reset_run_remove(struct cluster *, size_t index);
/* The first of its events, and how the log hears of it. */
unsigned reset_run_add(struct cluster *, const struct reset_target *wanted, bool running,
		       bool pending);
void reset_run_notify(struct cluster *, const struct reset_job *, const char *outcome,
		      struct moment now);
/* The ledger's lines from here on are one write; it is done by the second: -1 when it failed. */
void audit_lines_begin(struct cluster *);
int audit_lines_commit(struct cluster *);
void audit_lines_commit_logged(struct cluster *, struct moment now); /* the same, told in the log */
/* Just before it is confirmed: what stood on its row goes, and the log hears what it was. */
void reset_command_replace_result(struct cluster *, const struct reset_job *, struct moment now);

/* Does it put a word on its row?  A question that is open, or was withdrawn before anything was
 * confirmed, does not. */
bool reset_job_is_shown(const struct reset_job *);
/* Drop the note of a row, true when there was one; and all that are true no more. */
bool row_note_remove(struct cluster *, int64_t uid);
const struct row_note *row_note_find(const struct cluster *, int64_t uid);
void row_note_set(struct cluster *, const struct row_note *);
void row_note_remove_outdated(struct cluster *);

/* The part of the sink that is about trust and log-in. */
void auth_on_prompt(void *arg, const struct source_prompt *, int64_t now_ms);
void auth_on_key_changed(void *arg, const struct source_pin *pinned,
			 const struct source_certificate *offered, int64_t now_ms);
void auth_on_pinned(void *arg, const struct source_pin *, int64_t now_ms);
void auth_on_refused(void *arg, const struct source_refused *, int64_t now_ms);
void auth_on_login(void *arg, int64_t now_ms);
/* A list came: what was asked or refused before is over. */
void auth_on_list(struct cluster *, const struct observation *);
/* True when a question that was put off comes back instead of a poll. */
bool auth_prompt_again(struct cluster *, struct moment now);

bool cluster_kind_is_forbidden(const struct cluster *, int64_t uid, enum op_kind);
void cluster_add_forbidden(struct cluster *, int64_t uid, enum op_kind);

#endif
