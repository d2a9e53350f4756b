/*
 * fleet/cluster.h - one cluster of this run: source, roster, tickets and ledger; the only door to a
 * PUT.
 *
 * It owns every ticket under way, gives them the places of the source's queue in the order in which
 * their questions were opened, writes the ledger's lines, and tells by its face what the screen may
 * know.  Nothing here waits; time is an argument.
 *
 * Beside the databases it asks, one at a time and only where no ticket wants the place: once, after
 * the first list, the cluster's log of the last 24 hours; then each minute the alerts and the
 * actions of all databases; and modules and tags while somebody wants them.  None of it while
 * paused, cut or refused.  What is answered with 403 or 404 is not asked again in this run, what
 * could not be read is asked in the next round (API pages 4.1 to 4.3).
 */
#ifndef BDBTOP_FLEET_CLUSTER_H
#define BDBTOP_FLEET_CLUSTER_H

#include "bdbtop/core/reset.h"
#include "bdbtop/core/roster.h"
#include "bdbtop/core/source.h"
#include "bdbtop/core/transitions.h"
#include "bdbtop/core/triage.h"
#include "bdbtop/net/secret.h"
#include "bdbtop/store/audit_log.h"

#define LOGIN_USER 128

/*
 * Where the log-in of a cluster lies: the source sends user and password from here, and what the
 * user types comes here.  They change only while the source waits for an answer to PROMPT_LOGIN.
 */
struct login_input {
	char user[LOGIN_USER];		/* raw; "" until one is known */
	struct secret *password;
	struct secret *typed_password;	/* a new one on its way, empty else */
};

/* Copied strings are marked; the rest must outlive the cluster. */
struct cluster_setup {
	const char *name;	/* as shown, safe, copied: `prod-eu`, or the host without one */
	const char *host;	/* `cluster.prod.example:9443`, safe, copied */
	const char *url;	/* `https://cluster.prod.example:9443`, safe, copied */
	const char *user;	/* log-in name, safe, copied */
	int64_t interval_ms;	/* interval of the polls, to be shown */
	struct triage_rules rules;	/* stall_ms 0: TRIAGE_STALL_MS */
	bool single_poll;	/* one look only (`list`): no log, no slow round */
	const char *label;	/* `PROD`, safe, copied; NULL or "": none */
	int label_color;	/* 1 red, 2 green, 3 yellow, 5 magenta, 6 cyan, 0 none */
	bool read_only;		/* no reset leaves, whatever is pressed */
	bool insecure;		/* said in the header all the time */
	struct login_input *login_input;	/* NULL: no log-in can be typed */
	bool interactive;	/* somebody can be asked again */
	unsigned seed;		/* of the jitter of its tickets */
	unsigned run_id;	/* tells runs apart in the ledger: the process id */
	struct audit_log *audit_log;
	const struct audit_user *audit_user;
};

enum conn_state {
	CONN_CONNECTING,	/* no list yet */
	CONN_OK,	/* the last poll was good */
	CONN_DOWN,	/* polls fail: the last picture stays */
	CONN_LOGIN_REFUSED,	/* 401: nothing is sent */
	CONN_UNTRUSTED,	/* nothing is sent */
	CONN_NO_LOGIN, /* no log-in was given yet: nothing is sent */
};

/* A question of the source to the user. */
enum prompt_state {
	PROMPT_NONE,
	PROMPT_NOW,	/* to be shown */
	PROMPT_LATER,	/* the user put it off; cluster_poll() brings it back */
};

/* All that the screen may know beside roster and tickets. */
struct cluster_status {
	enum conn_state conn;
	bool has_list;		/* a list has come: good, latency_ms, counts mean something */
	bool paused;
	struct moment paused_at;
	struct moment started_at;	/* the first poll was asked */
	struct moment list_at;	/* answer of the last good list */
	int64_t latency_ms;	/* of that poll */
	bool polling;		/* a poll is out */
	int64_t poll_started_ms;	/* since then */
	/* CONN_DOWN, CONN_LOGIN_REFUSED, CONN_UNTRUSTED: the sentence, or "" */
	struct err error;
	struct moment down_since;	/* begin of the unbroken series of failures */
	int64_t retry_ms;	/* CONN_DOWN: next try; TIME_NEVER */
	unsigned retry_status;	/* CONN_DOWN: 429 or 503, and the cluster asked for a pause until
				 * then, which F5 does not shorten; 0: it did not */
	size_t unreadable;	/* elements of the newest list that are no database */
	size_t counts[VERDICT_KINDS];	/* listed databases by worst verdict */
	int64_t skew_s;		/* the cluster's clock less ours, while they differ by over 60 s;
				 * else 0 */
	int64_t clocks_differ_s; /* the clocks of its nodes differ by so much, and skew_s is that
				  * of the earlier replies (core/clock_estimate.h); 0: they agree */
	bool kind_forbidden[OP_KINDS];	/* two databases refused this kind with 403 */
	/* not NOTHING: ask holds, prompt_id tells one from the next */
	enum prompt_state prompt_state;
	struct source_prompt prompt;
	unsigned prompt_id;
	bool reconnecting;	/* REFUSED: a new log-in is on its way; UNTRUSTED: a new look */
	unsigned login_refusals;	/* log-ins refused in this run */
	enum login_refusal login_refusal;	/* of the newest of them: why, and the */
	char login_words[160];	/* cluster's own words, safe, or "" */
	bool key_changed;	/* CONN_UNTRUSTED: pinned and offered hold */
	struct source_pin pinned;
	struct source_certificate offered;
	struct err pin_error;	/* why a pin could not be kept, or "" */
	char via[64];		/* which of several addresses answers; "": the only one */
	unsigned revision;	/* grows with everything that can be seen */
};

struct cluster;

/* What the log hears.  Strings die when the call returns.  SEEN: what happened to a database
 * between two looks, never at the first one; one that is not listed any more is told as gone then,
 * and as new when it comes back. */
enum cluster_event_kind { CLUSTER_EVENT_RESET, CLUSTER_EVENT_CONNECTION, CLUSTER_EVENT_TRANSITION };
struct cluster_event {
	enum cluster_event_kind event_kind;
	struct moment at;
	unsigned cluster;
	int64_t uid;			/* CLUSTER_EVENT_RESET, CLUSTER_EVENT_TRANSITION */
	/* CLUSTER_EVENT_TRANSITION; kind holds but for NEW and GONE */
	enum transition_kind transition;
	const char *name;		/* raw */
	enum op_kind kind;
	unsigned reset_id;
	const char *outcome;		/* safe words: `was failed`, `200 accepted in 41 ms`;
					 * SEEN: `failed, no-permission`, `stalled at 42%` */
	bool is_answer;			/* it is the answer to a PUT: status, words, took_ms hold */
	unsigned status;
	const char *message;
	int64_t took_ms;
	struct moment confirmed_at;	/* when the user confirmed */
};
typedef void cluster_on_event_fn(void *arg, const struct cluster_event *);

/* NULL when memory is out; free, which bears NULL, frees the source too.  index is its place in the
 * fleet; one listener hears its news, NULL: none. */
struct cluster *cluster_new(const struct cluster_setup *, unsigned index);
void cluster_free(struct cluster *);
void cluster_set_listener(struct cluster *, cluster_on_event_fn *, void *arg);

/* The sink to give to a source, with the cluster as its arg; then the source is handed over. */
const struct source_sink *cluster_sink(void);
void cluster_attach(struct cluster *, void *source, const struct source_ops *);

/* What it was made with, what of it may be shown, its databases, its place in the fleet. */
const struct cluster_setup *cluster_setup(const struct cluster *);
const struct cluster_status *cluster_status(const struct cluster *);
const struct roster *cluster_roster(const struct cluster *);
unsigned cluster_index(const struct cluster *);

/* The finding of a database as of the newest good poll, NULL for none; lives until the next turn.
 * And the clock it was judged by: the cluster's, in seconds. */
const struct finding *cluster_finding(const struct cluster *, int64_t uid);
int64_t cluster_now_s(const struct cluster *);
/* Modules and tags of a database, NULL while they are not known; somebody wants them from now on:
 * asked at once, then every 5 minutes while wanted. */
const struct bdb_info *cluster_bdb_info(const struct cluster *, int64_t uid);
void cluster_want_bdb_info(struct cluster *, bool);
/* Those that are wanted were answered once: nobody has to wait for them any longer.  *why (why may
 * be NULL) is the sentence where the newest answer told none, else NULL. */
bool cluster_bdb_info_is_complete(const struct cluster *, const struct err **error);
/* The alert of the cluster itself that its backup is delayed is on, since *since_s (0 not told). */
bool cluster_has_delay_alert(const struct cluster *, int64_t uid, int64_t *since_s);

/* Both clocks, before anything else of a turn: callbacks that bring only ms take the wall time from
 * here. */
void cluster_tick(struct cluster *, struct moment now);
/* When turn wants to be called, and what is then due, of the source and of the tickets. */
int64_t cluster_due(const struct cluster *, int64_t now_ms);
void cluster_turn(struct cluster *, struct moment now);

/* May a question for this kind be opened on this row?  When not, why: a clause for row or strip. */
enum reset_obstacle {
	OBSTACLE_NONE,
	OBSTACLE_NOTHING_TO_RESET,	/* `nothing to reset` */
	OBSTACLE_UNDER_WAY,	/* `already under way` */
	OBSTACLE_FORBIDDEN,	/* 403 before */
	OBSTACLE_DISCONNECTED,	/* no reset until the cluster answers */
	OBSTACLE_LOGIN_REFUSED,	/* log-in refused */
	OBSTACLE_NOT_LISTED,	/* no database there any more */
	OBSTACLE_UNSUPPORTED,	/* the source cannot act */
	OBSTACLE_READ_ONLY,	/* --read-only, or read_only in the configuration */
};
enum reset_obstacle cluster_obstacle(const struct cluster *, int64_t uid, enum op_kind);

/* Make a ticket from what the roster shows now; its question is to be shown at once.  0 when the
 * gate is shut or memory is out. */
unsigned cluster_open_reset(struct cluster *, int64_t uid, enum op_kind, struct moment now);
/* The oldest ticket whose question a read raised and which nobody has shown yet; it counts as shown
 * from now on.  0: none. */
unsigned cluster_take_question(struct cluster *);

/* The answers to its question: `y`, the typed word, anything that declines.  There is no other way
 * to a PUT, and where the cluster is read-only every answer declines. */
void cluster_confirm_reset(struct cluster *, unsigned reset_id, struct moment now);
void cluster_confirm_reset_typed(struct cluster *, unsigned reset_id, struct moment now);
void cluster_decline_reset(struct cluster *, unsigned reset_id, struct moment now);
/*
 * Several at once.  A ticket is made for each of the uids whose operation failed and whose gate is
 * open; each of the others gets a word on its row when the bulk is confirmed (`not sent, ok`).
 * Gives the number of the bulk, 0 when no ticket could be made.  One answer answers all, and so
 * does one to the question that the ledger cannot be written (to whichever of its tickets it is
 * put).  Confirmed, it takes the place of an older bulk; declined, or withdrawn with all its
 * tickets (a refused log-in), it is gone.
 */
unsigned cluster_open_bulk(struct cluster *, enum op_kind, const int64_t *uids, size_t count,
			   struct moment now);
void cluster_confirm_bulk(struct cluster *, unsigned bulk, struct moment now);
void cluster_decline_bulk(struct cluster *, unsigned bulk, struct moment now);

/* What became of the tickets of a bulk: the sums add up to tickets at any time. */
enum bulk_outcome {
	BULK_CLEARED,
	BULK_UNCHANGED,
	BULK_BUSY,
	BULK_GONE,
	BULK_REFUSED,
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

struct bulk {
	unsigned id;
	enum op_kind kind;
	bool confirmed;
	size_t target_count;		/* what the user confirms */
	size_t skipped_count;		/* of those marked: not failed, or the gate is shut */
	size_t count[BULK_OUTCOMES];	/* once confirmed; what left its row counts as then */
};
/* The newest bulk that is open or was confirmed and not dismissed; false: none. */
bool cluster_bulk(const struct cluster *, struct bulk *out);
void cluster_dismiss_bulk(struct cluster *);
/* Its tickets by uid that are still on their rows: one at an index, NULL past the end; and those
 * left out with their words (`ok`, `running 42%`), false past the end. */
const struct reset *cluster_bulk_reset(const struct cluster *, size_t index);
bool cluster_bulk_skipped(const struct cluster *, size_t index, int64_t *uid, char word[32]);
/* How the ticket counts in a sum. */
enum bulk_outcome bulk_outcome_of(const struct reset *);

/* False: its source measures nothing. */
bool cluster_stats(const struct cluster *, struct source_stats *out);
/* Tickets that wait for a place. */
size_t cluster_queued_count(const struct cluster *);

/* x: what waits on that row; X: on any. */
void cluster_cancel(struct cluster *, int64_t uid, struct moment now);
void cluster_cancel_all(struct cluster *, struct moment now);
/* The loop woke more than 30 s late: before replies are read, and once more after them. */
void cluster_on_late_wake(struct cluster *, struct moment now);
/* A new log-in was accepted after a refused one: reads that were held go on, nothing else is
 * revived.  It gives no trust back that was lost. */
void cluster_on_login(struct cluster *, struct moment now);

/* q confirmed, SIGTERM, SIGHUP; over: the wait for answers in flight is over as well. */
void cluster_quit(struct cluster *, bool over, struct moment now);
/* Tickets that have not ended, first questions not counted; and is a PUT without its answer? */
size_t cluster_unfinished_count(const struct cluster *);
bool cluster_has_put_in_flight(const struct cluster *);

/*
 * The user's answer to what the face asks; nothing when it asks something else.  PROMPT_LOGIN: yes
 * when user and password in the log-in's place are new, no puts the question off.
 */
void cluster_answer(struct cluster *, enum prompt_kind, bool yes, struct moment now);
/* Who keeps a pin for the next run; -1 with the sentence. */
typedef int cluster_save_pin_fn(void *arg, const struct source_pin *, struct err *);
void cluster_set_save_pin(struct cluster *, cluster_save_pin_fn *, void *arg);
/* Who notes for other processes that a log-in was refused; called once for every refusal. */
typedef void cluster_on_login_refused_fn(void *arg);
void cluster_set_on_login_refused(struct cluster *, cluster_on_login_refused_fn *, void *arg);

/* List polls only: hold them, go on; and ask for one now, paused or not.  Where a question was put
 * off it is that which comes back. */
void cluster_pause(struct cluster *, bool, struct moment now);
void cluster_poll(struct cluster *, struct moment now);

/* NULL: unknown or dismissed. */
const struct reset *cluster_reset(const struct cluster *, unsigned reset_id);

/* What stands on a row: the newest unfinished first, then its note (the answer to a key that opened
 * no question), then the newest settled. */
struct cluster_result {
	const struct reset *reset;	/* NULL: a note */
	enum op_kind kind;
	enum reset_obstacle obstacle;	/* of a note */
	const char *skipped;		/* of a note: why a bulk did not take it (`ok`), or NULL */
	bool question_waits;		/* its question is held back by another one */
};
size_t cluster_results(const struct cluster *, int64_t uid, struct cluster_result *out,
		       size_t capacity);
bool cluster_has_result(const struct cluster *, int64_t uid);
/* Put a note on the row; it goes by itself when it is no longer true. */
void cluster_set_row_note(struct cluster *, int64_t uid, enum op_kind, enum reset_obstacle);
/* Take settled results and notes off the row; true when there were any.  And would it? */
bool cluster_dismiss(struct cluster *, int64_t uid);
bool cluster_may_dismiss(const struct cluster *, int64_t uid);
/* Some row shows seconds that go down: the pause of a retry. */
bool cluster_has_countdown(const struct cluster *);
/* x would do something on this row; uid 0: X would on any. */
bool cluster_may_cancel(const struct cluster *, int64_t uid);

#endif
