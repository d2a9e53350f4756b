/*
 * fleet/cluster_internal.h - what the files of the module fleet share.  Each of them uses only
 * those below it:
 *
 * fleet.c	the clusters of this run
 * cluster.c	setup, the sink of the source, and who is told what
 * auth.c	trust and log-in
 * data_requests.c	which data is requested besides the list, and when
 * background_data.c	what is kept of it of all databases
 * detail.c, detail_data.c	the detail, see detail_internal.h
 * reset_commands.c	commands of the user for one job
 * bulk_commands.c	and for many
 * reset_observe.c	a read as an event to jobs
 * reset_run.c	events to jobs, and their effects
 * reset_history.c	the resets from here, and the cluster's retries after them
 * past_causes.c	the causes that resets from here have cleared
 * results.c	results, notes and obstacles of the rows
 * reset_jobs.c	the jobs and their index
 * bulk.c	bulks and the counts of their outcomes
 * result_rank.c	what a result means to the user
 * findings.c	judging the databases
 * transition_report.c	reporting what happened to them
 * progress.c	the progress of running operations, from one run of the program to the next
 * names.c	the ids and names for the completions of shells
 * cluster_state.c	the state, and the notice to those who subscribe
 * row_changes.c	which rows changed
 */
#pragma once

#include "bdbtop/core/clock_estimate.h"
#include "bdbtop/fleet/cluster.h"
#include "detail_internal.h"

/* One reset under way, or ended and still on its row. */
struct reset_job {
	struct reset *reset;
	const struct reset_target *target; /* of that reset */
	struct bulk_job *bulk;		   /* NULL: none */
	int64_t read_requested_ms;	   /* of its own read */
	bool read_in_flight;		   /* and that read is in flight */
	bool question_waits;		   /* a read raised a question, which is not shown yet */
	bool unlogged;			   /* its audit line `asked` is not written yet */
	bool with_body;			   /* its last PUT had the body `{}` */
	/* as of the newest event */
	enum reset_state state;
	bool has_text; /* its row shows something, even if no question waits */
};

/* At most one for a database; the array is sorted by uid. */
struct row_note {
	int64_t uid;
	enum op_kind kind;
	enum reset_obstacle obstacle;
};

#define SKIPPED_TEXT_SIZE 32

/* Marked for a bulk but not one of its resets. */
struct skipped_bdb {
	int64_t uid;
	char reason[SKIPPED_TEXT_SIZE]; /* `ok`, `already under way` */
};

/* The answer to the question about the audit log, for all jobs of a bulk. */
enum audit_log_answer { AUDIT_LOG_ANSWER_NONE, AUDIT_LOG_ANSWER_YES, AUDIT_LOG_ANSWER_NO };

struct bulk_job {
	struct bulk_job *next; /* an older one */
	struct bulk summary;   /* without its counts */
	bool dismissed;
	struct reset_job **jobs; /* those on their rows, by uid */
	size_t job_count;
	struct skipped_bdb *skipped; /* by uid */
	size_t skipped_count;
	size_t finished[BULK_OUTCOMES]; /* those that left their rows */
	enum audit_log_answer audit_log_answer;
	struct reset_job *asking; /* asks for all about the audit log, or NULL */
};

/* Sorted by uid and kind. */
struct past_cause_entry {
	int64_t uid;
	enum op_kind kind;
	unsigned generation;
	int64_t cluster_s; /* when it was cleared, by the cluster's clock */
	struct past_cause cause;
};

struct past_causes {
	struct past_cause_entry *entries;
	size_t count, capacity;
	bool log_read; /* those of earlier runs are among them */
};

/* What belongs to one finding: until when it holds, and when its loss window began, if it counts
 * for the worst one, else INT64_MAX. */
struct finding_state {
	struct triage_hold hold;
	int64_t loss_start_s;
	unsigned updated; /* judged_count when its growing values were computed */
};

/* A transition that is not reported yet. */
struct found_transition {
	int64_t uid;
	struct transition transition;
};

/* The findings of a roster, by the slots of its entries.  A removed entry leaves a finding that is
 * not listed. */
struct findings {
	struct finding *findings;
	struct finding_state *states; /* small, so that each list can look at all of them */
	size_t count;		      /* slots that were ever used; the others are zero */
	size_t capacity, state_capacity;
	struct triage_now now;	      /* of the last list that was judged */
	unsigned judged_count;	      /* lists, or all findings, that were judged */
	bool list_judged;
	struct found_transition *transitions;
	size_t transition_count, transition_capacity;
	int64_t *uids; /* to judge */
	size_t uid_count, uid_capacity;
};

/* A part of the cluster that is told what happened: of an observation when it is applied and
 * judged, and of every event.  Either function may be NULL. */
struct cluster_subscriber {
	void (*on_observation)(struct cluster *, const struct observation *, struct moment now);
	void (*on_event)(struct cluster *, const struct cluster_event *);
};

/* The uids of the rows that changed, in the order of the changes: each adds one to the revision.
 * Those up to base_revision are not kept. */
struct row_changes {
	int64_t *uids;
	size_t count, capacity;
	uint64_t base_revision;
};

struct cluster {
	unsigned index;
	const struct cluster_subscriber *subscribers; /* in the order in which they are told */
	size_t subscriber_count;
	struct cluster_setup setup;
	struct cluster_status status;
	struct moment now;
	int64_t earliest_wall_ms; /* start of this run; earlier if the clock was set back */
	void *source;
	const struct source_ops *ops;
	struct roster *roster;
	struct findings findings;
	struct row_changes row_changes;
	bool names_changed; /* of the listed databases, since they were kept for completions */
	int64_t names_ms;   /* when that was */
	struct data_requests data_requests;
	struct background_data background;
	struct detail_watch detail;
	struct reset_history history;
	struct past_causes past_causes;
	struct clock_estimate clock;
	int64_t clock_offset_s; /* the cluster's clock minus ours */
	int64_t now_s;		/* the cluster's clock at the newest list, see cluster_now_s() */
	cluster_on_event_fn *on_event;
	void *on_event_arg;
	/* a job never moves: both arrays point to the same job_count jobs */
	struct reset_job **jobs;	/* in the order of their questions, so by reset id */
	struct reset_job **jobs_by_uid; /* by uid, then reset id */
	size_t job_count, job_capacity, job_by_uid_capacity;
	size_t job_states[RESET_END + 1]; /* how many jobs are in each state */
	unsigned last_reset_id, last_bulk_id;
	struct bulk_job *bulks; /* newest first */
	struct row_note *notes;
	size_t note_count, note_capacity;
	int64_t forbidden_uid[OP_KINDS]; /* whose reset got 403; 0: none */
	bool trust_lost;	/* and no list has come since; at trust_lost_ms */
	int64_t trust_lost_ms;
	bool put_needs_body; /* the cluster refused a PUT without a body */
	bool modules_requested, modules_known;
	char **modules; /* without backup_restore */
	size_t module_count;
	struct err audit_log_error; /* why an audit line could not be written */
	int64_t list_poll_ms;	    /* of the newest one instead of many single reads */
};

struct moment cluster_moment(const struct cluster *, int64_t ms);
void cluster_mark_changed(struct cluster *);		       /* something visible changed */
/* And with it the row of a database; all rows. */
void cluster_mark_row_changed(struct cluster *, int64_t uid);
void cluster_mark_rows_changed(struct cluster *);
void row_changes_release(struct cluster *);
/* Tell the subscribers; an event gets its cluster from here. */
void cluster_notify(struct cluster *, struct cluster_event *);
void cluster_notify_connection(struct cluster *, struct moment at, const char *outcome);
void cluster_notify_observation(struct cluster *, const struct observation *, struct moment now);

/* NULL: none; valid until the job is removed. */
struct reset_job *reset_job_find(const struct cluster *, unsigned reset_id);
/* The jobs of a database, in the order of their questions; returns how many.  *jobs is valid until
 * a job is added; a job that is removed moves those after it. */
size_t reset_jobs_of(const struct cluster *, int64_t uid, struct reset_job ***jobs);
/* The index in jobs_by_uid of the first job of this uid or one above it. */
size_t reset_jobs_from(const struct cluster *, int64_t uid);
/* Takes ownership of the reset; NULL when out of memory: the caller keeps it. */
struct reset_job *reset_job_add(struct cluster *, struct reset *);
void reset_job_remove(struct cluster *, struct reset_job *);
/* After an event. */
void reset_job_update(struct cluster *, struct reset_job *);
/* Those without a result on their row, and ended bulks; after the last use of a job. */
void reset_jobs_remove_ended(struct cluster *);

/* Judges what an observation may have changed; findings_report() reports the transitions. */
void findings_judge(struct cluster *, const struct observation *);
void findings_report(struct cluster *, const struct observation *, struct moment now);
/* Judge the entries that the roster has changed, and report transitions; all of them without
 * reporting. */
void findings_update(struct cluster *);
void findings_update_all_quietly(struct cluster *);
/* What happened to a database since it was judged before (NULL: it was not), to be reported. */
void transitions_find(struct cluster *, const struct finding *before, const struct finding *after);
/* Another one has replaced it under its uid. */
void transition_report_gone(struct cluster *, const struct bdb *before);
void findings_release(struct cluster *);
/* Applies an observation to the roster and reports databases that were replaced under their uid; -1
 * when out of memory: roster and findings are unchanged. */
int findings_apply(struct cluster *, const struct observation *, struct moment now);
/* Update the cluster's clock from a list.  And a moment by that clock, as exactly as known. */
void findings_clock(struct cluster *, const struct observation *);
struct moment findings_moment(const struct cluster *, int64_t ms);

/* At the first list, before it is judged. */
void progress_resume(struct cluster *);
/* Keeps the names of a list. */
void names_on_observation(struct cluster *, const struct observation *, struct moment now);

/* A job leaves its row; ended bulks are freed; the question about the audit log is asked and
 * answered once for a bulk: *must_ask: this job asks it. */
void bulk_remove_job(const struct reset_job *);
void bulk_remove_ended(struct cluster *);
enum audit_log_answer bulk_audit_log_answer(struct reset_job *, bool *must_ask);
bool bulk_answer_audit_log(struct cluster *, const struct reset_job *, enum audit_log_answer,
			   struct moment now);
bool bulk_has_log_question(const struct reset_job *);
struct bulk_job *bulk_find(const struct cluster *, unsigned bulk_id); /* NULL: none */
void bulk_free(struct bulk_job *);
void bulks_release(struct cluster *);

/* Apply one event to one job, and carry out its effects; may add a job. */
void reset_run_apply(struct cluster *, struct reset_job *, const struct reset_event *,
		     struct moment now);
/* The answer that confirms it: removes the old result of its row, and logs the old status. */
void reset_run_confirm(struct cluster *, struct reset_job *, enum reset_event_kind answer,
		       struct moment now);
/* One event for all jobs. */
void reset_run_apply_all(struct cluster *, const struct reset_event *, struct moment now);
void reset_run_on_observation(struct cluster *, const struct observation *, struct moment now);
void reset_run_on_answer(struct cluster *, unsigned reset_id, const struct reset_answer *,
			 struct moment now);
void reset_run_on_path(struct cluster *, unsigned reset_id, enum path_state, struct moment now);
void reset_run_on_modules(struct cluster *, struct moment now);
void reset_run_turn(struct cluster *, struct moment now);
int64_t reset_run_due(const struct cluster *, int64_t now_ms);
/* A new job for what the roster shows now; NULL when there is an obstacle or out of memory. */
struct reset_job *reset_run_open(struct cluster *, int64_t uid, enum op_kind, bool bulk,
				 struct moment now);
/* Write the collected audit lines; a failure goes to the log. */
void audit_lines_commit(struct cluster *, struct moment now);

/* The first list makes it read the audit log; each observation ends causes; `cleared` adds one. */
void past_causes_on_observation(struct cluster *, const struct observation *, struct moment now);
void past_causes_on_event(struct cluster *, const struct cluster_event *);
void past_causes_release(struct cluster *);

/* Remove the note of a row, true when there was one; and all notes that are no longer true. */
bool row_note_remove(struct cluster *, int64_t uid);
const struct row_note *row_note_find(const struct cluster *, int64_t uid);
void row_note_remove_outdated(struct cluster *);

/* The functions of the sink for trust and log-in. */
void auth_on_prompt(void *arg, const struct source_prompt *, int64_t now_ms);
void auth_on_key_changed(void *arg, const struct source_pin *pinned,
			 const struct source_certificate *offered, int64_t now_ms);
void auth_on_pinned(void *arg, const struct source_pin *, int64_t now_ms);
void auth_on_refused(void *arg, const struct source_refused *, int64_t now_ms);
/* Stopped reads go on, nothing else does.  It does not restore trust that was lost. */
void auth_on_login(void *arg, int64_t now_ms);
/* A list came: ends an untrusted state and a trust prompt. */
void auth_on_list(struct cluster *, const struct observation *, struct moment now);
/* True when a postponed prompt is shown again instead of a poll. */
bool auth_prompt_again(struct cluster *, struct moment now);

/* A reset of this kind got 403. */
void cluster_add_forbidden(struct cluster *, int64_t uid, enum op_kind);
