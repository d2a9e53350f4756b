/*
 * core/describe.h - one database in words.
 *
 * The only place that turns a finding into text: row, summary, detail, hand-over, list and
 * questions choose which facts they show and what is between them, and write none themselves.
 * Pure: no clock, no allocation.
 */
#pragma once

#include "bdbtop/core/past_cause.h"
#include "bdbtop/core/text.h"
#include "bdbtop/core/triage.h"

enum fact_what {
	FACT_STATE,	 /* `failed`, `retrying`; an unknown status as received */
	FACT_REASON,	 /* `no-permission`; while it is retried, of the newest failure */
	FACT_ATTEMPT,	 /* `7th try` */
	FACT_SUSPECT,	 /* `percent decreased`: one for each contradiction */
	FACT_EVERY,	 /* `every 24h` */
	FACT_LATE,	 /* `2d 04h late` */
	FACT_NEVER,	 /* `never backed up` */
	FACT_MISSED,	 /* `3 missed` */
	FACT_RPO,	 /* `beyond rpo 24h` */
	FACT_DUE,	 /* `due 20:14:05Z`; in a report `next due ...` or `was due ...` */
	FACT_PERCENT,	 /* `42%` */
	FACT_UNCHANGED,	 /* `unchanged for 12m (since 20:01:57Z)` */
	FACT_LIMIT,	 /* `limit 10m` */
	FACT_USUAL,	 /* `usually done in 4m` */
	FACT_FORMER,	 /* `was failed, no-permission`, before the database was gone */
	/* `last reason: no-permission`: the cluster still reports it beside another state */
	FACT_KEPT_REASON,
	FACT_PAST_CAUSE, /* `was no-permission`: of the failure that a reset from here cleared */
	FACT_SIZES,	 /* `needs 12.0 GiB, limit 8.0 GiB, short 4.0 GiB` */
	/* `since before 20:13:58Z`, `since 20:13:58Z (event)`, `for at least 9h (the log starts
	 * 13:03Z)`: when the run, else the state or the first of its failures began */
	FACT_SINCE,
	FACT_EVIDENCE,	 /* `shard 7 without heartbeat since 20:01:55Z` */
	FACT_LAST_GOOD,	 /* `last good backup 2026-11-18 16:02:11Z` */
	FACT_LAST_AGE,	 /* `3d 04h ago` */
	FACT_LOSS,	 /* `loss at least 3d 04h`, in a report `at least 3d 04h`: core/loss.h */
	FACT_START,	 /* `created 2026-11-18 16:02:11Z`: the first interval counts from here */
	FACT_NEXT_TRY,	 /* `none by itself`: what retries it without the user */
	FACT_RETRIED,	 /* `no retry seen, next due 02:00Z`: since a reset from here cleared it */
	FACT_MEANING,	 /* `The storage refused the write.`; of a past cause also its reset */
	FACT_ALERT,	 /* `The alert bdb_backup_delayed of the cluster is on.` */
	FACT_NEXT_STEP,	 /* `Check free space at both ends.`: the first next step, a sentence */
	FACT_CHECK,	 /* `the credentials are still valid`: one for each next step */
	FACT_RESET,	 /* `A reset does not start a backup.`: what a reset does in this state */
	FACT_RESULT,	 /* of a reset from here; session/row.h */
	FACT_NOT_LISTED, /* `not listed` */
	/* SHORT, of the backup: `3d 04h` or its time; `never`, `-` */
	FACT_LAST_COLUMN,
	/* SHORT, of the backup: its loss window, `3d 04h`; `never`, `-` */
	FACT_LOSS_COLUMN,
	/* SHORT, of the next one: `in 3h`, `due`, `2d 04h late`, or its time; `-` */
	FACT_NEXT_COLUMN,
	/* SHORT, of the backup: the interval of its schedule, `24h`; `-` */
	FACT_INTERVAL_COLUMN,
};

/* Where a form shows a fact; the order in which detail and report have them.  Each fact is in one
 * part. */
enum fact_part {
	PART_STATE, /* beside the name of the operation */
	PART_SINCE,
	PART_STARTED, /* in detail and report instead, of a run: its percent has another since */
	PART_FAILING, /* and of several failures */
	PART_SIZES,
	PART_KEPT_REASON,
	PART_PAST_CAUSE,
	PART_EVIDENCE,
	PART_USUAL,
	PART_LAST_GOOD,
	PART_LOSS, /* in a report; elsewhere it is in the title */
	PART_SCHEDULE,
	PART_NEXT_TRY,
	PART_RETRIED,
	PART_NEXT_STEPS, /* meaning and next steps: of a past cause, then of the state */
	PART_NONE,	 /* only description_find() has it */
};
#define FACT_PARTS PART_NONE

/* A narrow surface drops facts of the lowest rank first, and of these the last. */
enum fact_rank { RANK_PLAIN, RANK_NEVER, RANK_PERCENT };

#define FACT_TEXT 400
struct fact {
	enum fact_what what;
	enum fact_part part;
	enum fact_rank rank;
	enum op_kind kind;
	enum style style;
	const char *join;     /* what separates it from a fact before it in its part */
	bool has_past_cause;  /* FACT_RESULT: it says what the reason was, too */
	int percent;	      /* FACT_PERCENT: a running operation's, -1: not reported; else -1 */
	char text[FACT_TEXT]; /* safe */
};

/* Enough for all operations of a database in any form. */
#define FACTS_MAX 96
struct description {
	size_t count;
	struct fact fact[FACTS_MAX];
};

/* What is to be described: a record, what triage made of it, and what the record does not have. */
struct describe_subject {
	const struct roster_entry *entry;
	const struct finding *finding;
	int64_t stall_ms; /* as in struct triage_rules; 0: default */
	int64_t now_s;	  /* the cluster's clock by which it was judged */
	struct {
		int64_t failed_s;    /* time of the event about this failure; 0: none */
		int64_t silent_node; /* node of the silent shard; 0: not known */
		bool cleared;	     /* a reset from here cleared it in this run */
		int64_t retried_s;   /* seconds from then to its next run; -1: none yet */
		const struct past_cause *past_cause; /* or NULL */
	} op[OP_KINDS];
	bool delay_alert;      /* the cluster's alert about a late backup is on */
	int64_t delay_alert_s; /* since then; 0: not known */
};

enum describe_form {
	DESCRIBE_SHORT,	   /* a row: few words, no dates where ages are shown */
	DESCRIBE_SENTENCE, /* the summary */
	DESCRIBE_LONG,	   /* the detail: values for labels */
	DESCRIBE_REPORT,   /* the hand-over: as LONG, with all dates, in UTC and local time, and
				 * without the characters that are special to a shell */
};

struct describe_style {
	enum describe_form form;
	bool ascii;	   /* no character outside ASCII */
	bool full_reasons; /* reasons with the numbers at their end */
	bool ages;	   /* SENTENCE: the last good one by its age, unless times are points */
	enum time_format times;
	time_offset_fn *local_offset; /* NULL: local time is UTC */
	int64_t today_s;	      /* a time on this day has no date; not for REPORT */
};

/* Appends the facts of one operation, those of a part in its order. */
void describe_op(struct description *, const struct describe_subject *, enum op_kind,
		 const struct describe_style *);
/* The operation that needs the user most: the worst one; if that is well, the first with a past
 * cause. */
enum op_kind describe_main_kind(const struct describe_subject *);
/* Appends what the state of one operation means, and what to do next: PART_NEXT_STEPS. */
void describe_next_steps(struct description *, const struct describe_subject *, enum op_kind,
			 const struct describe_style *);

/* The most telling of the contradictions; false: none. */
bool describe_suspect(unsigned suspect_bits, enum suspect_reason *out);
/* Writes what to check first in the fewest words, for a state of an operation: `memory limit of
 * db:58`; several: the subject is one of several databases in this state, which it does not name.
 * "": nothing. */
void describe_brief_step(char out[FACT_TEXT], const struct describe_subject *, enum op_kind,
			 enum verdict, bool several);

/* Writes a raw reason as this style shows it: SHORT without numbers at its end, SENTENCE and LONG
 * without the sizes that FACT_SIZES explains. */
void describe_reason(char out[FACT_TEXT], const char *reason, enum op_kind,
		     const struct describe_style *);
/* Adds the status of a record that need not be the newest: `failed, no-permission`, `running, 42%`;
 * the reason as with full_reasons. */
void describe_status(struct text *, const struct bdb *, enum op_kind, bool ascii);
/* A point in time as this style shows it. */
#define POINT_TEXT_SIZE (2 * TIME_TEXT_SIZE + 8)
void describe_point(char out[POINT_TEXT_SIZE], int64_t wall_s, const struct describe_style *);

/* How often and when something happened; count is above 1.  Not for REPORT. */
struct series_words {
	char count[24];				/* `36 times` */
	char every[TIME_TEXT_SIZE + 8];		/* `every 5m` */
	char period[2 * POINT_TEXT_SIZE + 8];	/* `13:03Z to 22:03Z`, `11-21 16:08Z to 20:13Z` */
};
void describe_series(struct series_words *, unsigned count, int64_t first_s, int64_t last_s,
		     const struct describe_style *);

/* The next fact of an operation and part after `after`, NULL: the first; NULL past the last. */
const struct fact *description_next(const struct description *, enum op_kind, enum fact_part,
				    const struct fact *after);
/* The fact of an operation, or NULL. */
const struct fact *description_find(const struct description *, enum op_kind, enum fact_what);
/* Adds the facts of a part but FACT_STATE, with what separates them. */
void description_join(struct text *, const struct description *, enum op_kind, enum fact_part);

/* The label of a part in detail and report: `since`, `last good`; NULL: none. */
const char *fact_part_label(enum fact_part);

/* For a database that the newest list lacks. */
#define NOT_LISTED "not listed"
/* For a schedule without a successful backup. */
#define NEVER_BACKED_UP "never backed up"

/* An interval in one unit: `5s`, `90m`, `24h`. */
void describe_interval(char out[TIME_TEXT_SIZE], int64_t seconds);
