/*
 * fleet/cluster.h - one cluster of this run: source, roster, reset jobs and audit log; the only way
 * to a PUT.
 *
 * It owns every reset job, assigns the slots of the source to the jobs in the order in which their
 * questions were opened, writes the audit log, and has a status for the screen.  Nothing here
 * waits; time is an argument.
 *
 * Beside the list it requests other data, one request at a time and only when no job needs the
 * slot: once, after the first list, the cluster's log of the last 24 hours; then every minute the
 * alerts and the actions of all databases; and modules and tags while they are wanted.  It requests
 * none of these while polls are paused or the connection is not CONN_OK.  After a 403 or 404 a
 * request is not repeated in this run; after another failure it is repeated in the next round.
 */
#pragma once

#include "bdbtop/core/past_cause.h"
#include "bdbtop/core/reset.h"
#include "bdbtop/core/roster.h"
#include "bdbtop/core/rpo.h"
#include "bdbtop/core/source.h"
#include "bdbtop/core/transitions.h"
#include "bdbtop/core/triage.h"
#include "bdbtop/net/secret.h"
#include "bdbtop/store/audit_log.h"
#include "bdbtop/store/progress.h"

#define LOGIN_USER 128

/*
 * The log-in of a cluster: the source sends user and password from here, and what the user types is
 * stored here.  They change only while the source waits for the answer to PROMPT_LOGIN.
 */
struct login_input {
	char user[LOGIN_USER];		/* raw; "" until one is known */
	struct secret *password;
	struct secret *typed_password;	/* while it is typed, else empty */
};

/* Saves a pin for the next run: 0, or -1 and sets err. */
typedef int cluster_save_pin_fn(void *arg, const struct source_pin *, struct err *);
/* Records a refused log-in for other processes; called once for every refusal. */
typedef void cluster_on_login_refused_fn(void *arg);

/* Copied strings are marked; everything else must outlive the cluster. */
struct cluster_setup {
	const char *name;	/* as shown, safe, copied: `prod-eu`, or the host */
	const char *host;	/* `cluster.prod.example:9443`, safe, copied */
	const char *url;	/* `https://cluster.prod.example:9443`, safe, copied */
	const char *user;	/* log-in name, safe, copied */
	int64_t interval_ms;	/* interval of the polls, only to show it */
	int64_t stall_ms;	/* as in struct triage_rules; 0: TRIAGE_STALL_MS */
	struct rpo_rules rpo;	/* with tags: those of all databases are read */
	bool single_poll;	/* one list only (`list`): no cluster log, no rounds */
	const char *label;	/* `PROD`, safe, copied; NULL or "": none */
	int label_color;	/* 1 red, 2 green, 3 yellow, 5 magenta, 6 cyan, 0 none */
	bool read_only;		/* resets are disabled */
	bool insecure;		/* the header always warns */
	struct login_input *login_input;	/* NULL: the user cannot type a log-in */
	bool interactive;	/* the user can be asked again */
	unsigned seed;		/* of the jitter of the pauses of its resets */
	unsigned run_id;	/* identifies the run in the audit log: the process id */
	struct name_cache *names;	/* NULL: the names are not kept for completions */
	struct progress_file *progress;	/* NULL: nothing is known from earlier runs */
	struct audit_log *audit_log;
	const struct audit_user *audit_user;
	const char *note;	/* of the audit lines `asked`, raw; NULL: none */
	const char *trust_note;	/* shown with an untrusted certificate; NULL: nothing */
	cluster_save_pin_fn *save_pin;	/* NULL: pins are not saved */
	void *save_pin_arg;
	cluster_on_login_refused_fn *on_login_refused;	/* NULL: nobody records it */
	void *on_login_refused_arg;
};

enum conn_state {
	CONN_CONNECTING,	/* no list yet */
	CONN_OK,	/* the last poll succeeded */
	CONN_DOWN,	/* polls fail: the last list stays on the screen */
	CONN_LOGIN_REFUSED,	/* 401: nothing is sent */
	CONN_UNTRUSTED,	/* nothing is sent */
	CONN_NO_LOGIN,	/* no log-in was given yet: nothing is sent */
};

/* A prompt of the source to the user. */
enum prompt_state {
	PROMPT_NONE,
	PROMPT_NOW,	/* must be shown */
	PROMPT_LATER,	/* the user postponed it; cluster_poll() shows it again */
};

/* What the screen shows beside the databases and their resets. */
struct cluster_status {
	enum conn_state conn;
	bool has_list;		/* a list was read: list_at, latency_ms and counts are valid */
	bool paused;
	struct moment paused_at;
	struct moment started_at;	/* when the wait for the first list began */
	struct moment list_at;	/* reply time of the last good list */
	int64_t latency_ms;	/* of that poll */
	bool polling;		/* a poll is in flight */
	int64_t poll_started_ms;	/* valid while polling */
	/* CONN_DOWN, CONN_LOGIN_REFUSED, CONN_UNTRUSTED: the error text, or "" */
	struct err error;
	struct moment down_since;	/* start of the first of consecutive failures, or refusal */
	int64_t retry_ms;	/* CONN_DOWN: time of the next try; TIME_NEVER: none */
	unsigned retry_status;	/* CONN_DOWN: 429 or 503 when the cluster asked for a pause until
				 * retry_ms, which F5 does not shorten; else 0 */
	size_t unreadable;	/* elements of the newest list that could not be read */
	size_t counts[VERDICT_KINDS];	/* listed databases by worst verdict */
	size_t stall_unknown;	/* listed databases of which it is not known whether they are
				 * stalled: core/triage.h */
	int64_t progress_seen_s;	/* when an earlier run saw the progress that was taken over
					 * at the first list; 0: none is saved */
	struct err progress_error;	/* why it could not be read, or "" */
	struct loss_sum loss;	/* of the listed databases */
	size_t beyond_rpo;	/* listed databases with a loss window above their rpo */
	int64_t skew_s;		/* the cluster's clock minus ours, when they differ by over 60 s;
				 * else 0 */
	int64_t clocks_differ_s; /* the clocks of its nodes differ by this; skew_s is then from
				  * earlier replies (core/clock_estimate.h); 0: they agree */
	bool kind_forbidden[OP_KINDS];	/* two databases refused this kind with 403 */
	/* not PROMPT_NONE: prompt is valid; prompt_id differs for each prompt */
	enum prompt_state prompt_state;
	struct source_prompt prompt;
	unsigned prompt_id;
	bool reconnecting;	/* CONN_LOGIN_REFUSED: a new log-in is being tried;
				 * CONN_UNTRUSTED: the certificate is checked again */
	unsigned login_refusals;	/* log-ins refused in this run */
	enum login_refusal login_refusal;	/* reason of the newest of them, */
	char login_words[160];	/* and the cluster's message, safe, or "" */
	bool key_changed;	/* CONN_UNTRUSTED: pinned and offered are valid */
	struct source_pin pinned;
	struct source_certificate offered;
	struct err pin_error;	/* why a pin could not be saved, or "" */
	char via[64];		/* which of several addresses answers; "": there is one */
	unsigned revision;	/* grows with every visible change, the newest list included */
	uint64_t rows_revision;	/* grows when rows may have changed: cluster_row_changes() */
};

struct cluster;

/* For the log page.  Strings are valid during the call.  TRANSITION: what happened to a database
 * between two observations, never at the first one; a database that is no longer listed is reported
 * as gone, and as new when it comes back. */
enum cluster_event_kind { CLUSTER_EVENT_RESET, CLUSTER_EVENT_CONNECTION, CLUSTER_EVENT_TRANSITION };
struct cluster_event {
	enum cluster_event_kind event_kind;
	struct moment at;
	unsigned cluster;
	int64_t uid;			/* CLUSTER_EVENT_RESET, CLUSTER_EVENT_TRANSITION */
	/* CLUSTER_EVENT_TRANSITION; kind is valid except for NEW and GONE */
	enum transition_kind transition;
	const char *name;		/* raw */
	enum op_kind kind;
	unsigned reset_id;
	bool bulk;			/* the reset is one of a bulk */
	enum style style;		/* of outcome; STYLE_TEXT: none of its own */
	const char *outcome;		/* safe: `was failed`, `200 accepted in 41 ms`;
					 * TRANSITION: `failed, no-permission`, `stalled at 42%` */
	const struct reset_text *end;	/* a reset ended: its words, of which outcome is the full
					 * text; else NULL */
	bool is_answer;			/* to a PUT: status, message and took_ms are valid */
	unsigned status;
	const char *message;
	int64_t took_ms;
	struct moment question_at;	/* when its question was opened */
};
typedef void cluster_on_event_fn(void *arg, const struct cluster_event *);

/* NULL when out of memory.  index is its position in the fleet.  cluster_free() accepts NULL and
 * frees the source too.  There is one listener for events, NULL: none. */
struct cluster *cluster_new(const struct cluster_setup *, unsigned index);
void cluster_free(struct cluster *);
void cluster_set_listener(struct cluster *, cluster_on_event_fn *, void *arg);

/* The sink for a source, with the cluster as its arg; and takes ownership of that source. */
const struct source_sink *cluster_sink(void);
void cluster_attach(struct cluster *, void *source, const struct source_ops *);

/* Its setup, its status for the screen, its databases, its position in the fleet. */
const struct cluster_setup *cluster_setup(const struct cluster *);
const struct cluster_status *cluster_status(const struct cluster *);
const struct roster *cluster_roster(const struct cluster *);
unsigned cluster_index(const struct cluster *);

/* The finding of a database as of the newest good poll, or NULL; valid until the next turn.  And
 * the cluster's clock by which it was judged, in seconds since 1970; ours before the first list. */
const struct finding *cluster_finding(const struct cluster *, int64_t uid);
/* The same of an entry of the roster, without a search; NULL for NULL.  And if what grows each
 * second may be that of an earlier poll: loss_s, still_s and due.overdue_s. */
const struct finding *cluster_finding_of(const struct cluster *, const struct roster_entry *);
const struct finding *cluster_state_of(const struct cluster *, const struct roster_entry *);
int64_t cluster_now_s(const struct cluster *);
/* Modules, tags and sizes of a database, NULL while they are not known.  While wanted, and always
 * if an rpo is for a tag, they are requested at once, then every 5 minutes. */
const struct bdb_info *cluster_bdb_info(const struct cluster *, int64_t uid);
void cluster_want_bdb_info(struct cluster *, bool wanted);
/* They are not wanted, or the cluster has replied once: nothing to wait for.  *error is the error
 * of the newest reply, or NULL; error accepts NULL. */
bool cluster_bdb_info_is_complete(const struct cluster *, const struct err **error);
/* The cluster's alert for a delayed backup is on, since *since_s (UNIX time; 0: unknown). */
bool cluster_has_delay_alert(const struct cluster *, int64_t uid, int64_t *since_s);

/* Saves the progress of running operations for the next run.  Does nothing without a list or a file
 * for it.  -1 with err set. */
int cluster_save_progress(const struct cluster *, struct moment now, struct err *);

/* Both clocks, before anything else in a turn: callbacks that have only ms take the wall time from
 * here. */
void cluster_tick(struct cluster *, struct moment now);
/* When cluster_turn() must be called; it does what is due in the source and in the jobs. */
int64_t cluster_due(const struct cluster *, int64_t now_ms);
void cluster_turn(struct cluster *, struct moment now);

/* Why no question for this kind can be opened on this row; OBSTACLE_NONE: it can. */
enum reset_obstacle {
	OBSTACLE_NONE,
	OBSTACLE_NOTHING_TO_RESET,	/* `nothing to reset` */
	OBSTACLE_UNDER_WAY,	/* `already under way` */
	OBSTACLE_FORBIDDEN,	/* an earlier reset got 403 */
	OBSTACLE_DISCONNECTED,	/* the cluster does not answer */
	OBSTACLE_LOGIN_REFUSED,	/* or no log-in yet, or the server is not trusted */
	OBSTACLE_NOT_LISTED,	/* the database is no longer listed */
	OBSTACLE_UNSUPPORTED,	/* the source cannot send resets */
	OBSTACLE_READ_ONLY,	/* --read-only, or read_only in the configuration */
};
enum reset_obstacle cluster_obstacle(const struct cluster *, int64_t uid, enum op_kind);
static inline bool obstacle_is_for_all_rows(enum reset_obstacle obstacle)
{
	return obstacle >= OBSTACLE_DISCONNECTED && obstacle != OBSTACLE_NOT_LISTED;
}

/* Makes a reset target from what the roster shows now, and its job; its question must be shown at
 * once.  Returns the reset id, 0 when there is an obstacle or out of memory. */
unsigned cluster_open_reset(struct cluster *, int64_t uid, enum op_kind, struct moment now);
/* The oldest reset whose question was raised by a read and is not shown yet; it counts as shown
 * from now on.  0: none. */
unsigned cluster_take_question(struct cluster *);

/* The answers to its question: `y`, the typed word, anything that declines.  Apart from a bulk
 * there is no other way to a PUT; where the cluster is read-only every answer declines. */
void cluster_confirm_reset(struct cluster *, unsigned reset_id, struct moment now);
void cluster_confirm_reset_typed(struct cluster *, unsigned reset_id, struct moment now);
void cluster_decline_reset(struct cluster *, unsigned reset_id, struct moment now);
/*
 * Several at once.  The uids are ascending.  There is one job for each whose operation failed and
 * has no obstacle; the others are skipped: nothing happens to them or their rows.  Returns the bulk
 * id, 0 when there is no job.  One answer is for all, also the answer to the question that the
 * audit log cannot be written (whichever of the jobs asks it).  A bulk that is declined, or
 * withdrawn with all its jobs (a refused log-in), is removed.
 */
unsigned cluster_open_bulk(struct cluster *, enum op_kind, const int64_t *uids, size_t count,
			   struct moment now);
void cluster_confirm_bulk(struct cluster *, unsigned bulk_id, struct moment now);
void cluster_decline_bulk(struct cluster *, unsigned bulk_id, struct moment now);

/* The outcomes of the resets of a bulk; their counts always add up to target_count. */
enum bulk_outcome {
	BULK_CLEARED,
	BULK_UNCHANGED,
	BULK_REFUSED,
	BULK_BUSY,
	BULK_GONE,
	BULK_NO_ANSWER,
	BULK_NOT_SENT,
	BULK_CANCELLED,
	BULK_UNDER_WAY,
	BULK_OUTCOMES
};
struct bulk_outcome_def {
	const char *word;		/* `cleared`, `under way` */
	enum style style;
};
extern const struct bulk_outcome_def bulk_outcome_defs[BULK_OUTCOMES];
/* How a confirmed reset counts, also one that is not part of a bulk. */
enum bulk_outcome bulk_outcome_of(const struct reset *);

struct bulk {
	unsigned id;
	enum op_kind kind;
	bool confirmed;
	size_t target_count;		/* the databases that the user confirms */
	size_t skipped_count;		/* marked, but not failed or with an obstacle */
	size_t count[BULK_OUTCOMES];	/* once confirmed; with results that left their rows */
	size_t unfinished_count;	/* resets that have not ended, whatever they count as */
	bool needs_operator;		/* a result on one of its rows did not end well */
};
/* The newest bulk that is open, or confirmed and not dismissed; false: none. */
bool cluster_bulk(const struct cluster *, struct bulk *out);
/*
 * The bulks with a sum, newest first; false past the end.  Each that is unfinished or needs the
 * operator has one until it is dismissed; so has the newest, if at most one other does, and no
 * later one takes its place.
 */
bool cluster_sum(const struct cluster *, size_t index, struct bulk *out);
/* Dismisses all sums without an unfinished reset; true when there were any.  And would it? */
bool cluster_dismiss_sums(struct cluster *);
bool cluster_may_dismiss_sums(const struct cluster *);
/* The resets of any bulk that are still on their rows, by uid; NULL past the end. */
const struct reset *cluster_reset_of_bulk(const struct cluster *, unsigned bulk_id, size_t index);
/* The resets of the newest one, as above; and the skipped databases with the reason in a word or
 * two (`ok`, `running`); false past the end. */
const struct reset *cluster_bulk_reset(const struct cluster *, size_t index);
bool cluster_bulk_skipped(const struct cluster *, size_t index, int64_t *uid, char word[32]);

/*
 * Gets the databases whose rows may have changed since status.rows_revision was `since`: their
 * record or finding, whether they are listed, their results, notes, past causes or info.  They are
 * in any order, perhaps repeated, some perhaps removed; valid until the next turn.  False, with no
 * uid: any may have changed.  Left out is what time alone changes without a change of state: in a
 * finding loss_s, still_s and due.overdue_s, ages, and results that count down; and what is the
 * same for all rows, like the connection.
 */
bool cluster_row_changes(const struct cluster *, uint64_t since, const int64_t **uids,
			 size_t *count);

/* False: its source has no statistics. */
bool cluster_stats(const struct cluster *, struct source_stats *out);
/* Jobs that wait for a slot. */
size_t cluster_queued_count(const struct cluster *);

/* x: cancels what waits on that row; X: on all rows. */
void cluster_cancel(struct cluster *, int64_t uid, struct moment now);
void cluster_cancel_all(struct cluster *, struct moment now);
/* The loop woke more than 30 s late: call it before replies are read, and again after them. */
void cluster_on_late_wake(struct cluster *, struct moment now);

/* q confirmed, SIGTERM, SIGHUP; timed_out: the wait for answers in flight is over, too. */
void cluster_quit(struct cluster *, bool timed_out, struct moment now);
/* Jobs that have not ended, without those whose first question is open; and whether a PUT waits for
 * its answer. */
size_t cluster_unfinished_count(const struct cluster *);
bool cluster_has_put_in_flight(const struct cluster *);

/*
 * The user's answer to the prompt of the status; ignored when that is another one.  PROMPT_LOGIN:
 * yes when user and password in login_input are new, no postpones the prompt.
 */
void cluster_answer(struct cluster *, enum prompt_kind, bool yes, struct moment now);

/* Pause or resume list polls; and poll now, paused or not.  A postponed prompt is shown again
 * instead of a poll. */
void cluster_pause(struct cluster *, bool pause, struct moment now);
void cluster_poll(struct cluster *, struct moment now);

/* NULL: unknown or dismissed. */
const struct reset *cluster_reset(const struct cluster *, unsigned reset_id);

/* What a result means to the user, worst first.  NEEDS_OPERATOR: the reset did not end well (`still
 * failed`, refused, `no answer`, `gave up`), or what it cleared failed again.  UNDER_WAY: it waits
 * or is being sent or read.  CLEARED: it ended well, or the operation ran on without it.  NOTE:
 * nothing was to be done, or the user cancelled it. */
enum result_rank { RESULT_NEEDS_OPERATOR, RESULT_UNDER_WAY, RESULT_CLEARED, RESULT_NOTE };

/* One result on a row: a reset, or the note that answers a key that opened no question. */
struct cluster_result {
	const struct reset *reset;	/* NULL: a note */
	enum op_kind kind;
	enum reset_obstacle obstacle;	/* of a note */
	bool question_waits;		/* its question waits for another one to close */
};
enum result_rank cluster_result_rank(const struct cluster_result *);
/* The results on a row, at most capacity of them: worst first; of the same rank resets, newest
 * first, then the note.  Returns how many. */
size_t cluster_results(const struct cluster *, int64_t uid, struct cluster_result *out,
		       size_t capacity);
/* A result on the row did not end well; the user has not dismissed it. */
bool cluster_needs_operator(const struct cluster *, int64_t uid);
bool cluster_has_result(const struct cluster *, int64_t uid);
/* Sets *uid to the next uid above it with a reset, a note or a past cause; false: there is none. */
bool cluster_next_noted(const struct cluster *, int64_t *uid);
/* Why the operation failed before a reset from here cleared its status, in this run or an earlier
 * one of this user; valid until the next turn.  NULL: none, or the operation has since succeeded or
 * failed again.  Those of earlier runs are known from the first list on, as far as the end of the
 * audit log goes back (store/audit_log.h). */
const struct past_cause *cluster_past_cause(const struct cluster *, int64_t uid, enum op_kind);
/* Puts a note on the row, which is removed when it is no longer true. */
void cluster_set_row_note(struct cluster *, int64_t uid, enum op_kind, enum reset_obstacle);
/* Remove ended results and the note from the row; true when there were any.  And would it?  uid 0:
 * of any row. */
bool cluster_dismiss(struct cluster *, int64_t uid);
bool cluster_may_dismiss(const struct cluster *, int64_t uid);
/* Some row counts down the seconds of a pause. */
bool cluster_has_countdown(const struct cluster *);
/* Whether x would cancel something on this row; uid 0: X on any row. */
bool cluster_may_cancel(const struct cluster *, int64_t uid);
