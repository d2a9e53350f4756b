/*
 * session/session_internal.h - struct session and the functions that the files of session share:
 * session.c (turns, questions), keys.c (keys by mode), filter_input.c (filter, order, log), rows.c,
 * bulk.c (marks, bulk resets), absence.c (events while the user was away), detail.c, pages.c
 * (hand-over, help, diagnostics, time format), notifications.c (bell and desktop notifications),
 * canary.c, causes.c and causes_keys.c (the causes view), mouse.c, notice.c, login.c (the log-in
 * prompt) and available_keys.c (which keys do something).
 */
#pragma once

#include "bdbtop/session/session.h"
#include "completion.h"

/* Ids of databases of one cluster, ascending. */
struct uid_list {
	int64_t *uid;
	size_t count;
};

/* A reset of a bulk; its database loses its mark when the reset succeeds. */
struct bulk_mark_watch {
	unsigned cluster, reset_id;
};

/* A period in which the user was away or the cluster could not be polled. */
struct absence_period {
	int64_t from_ms, to_ms;	/* events after from_ms up to to_ms belong to it */
	int64_t span_s;
	size_t count;		/* databases with such events */
};
struct absence_watch {
	bool has_summary;	/* `summary` is shown until the user dismisses it */
	struct absence_period summary;
	bool pending;		/* `next` is over, but the polls that show its events may come */
	struct absence_period next;
	int64_t settled_ms;	/* the first poll after this is the last that belongs to `next` */
	/* possible absences: last key, start of pause, ctrl-z, outage; TIME_NEVER: not now */
	int64_t key_ms, paused_ms, suspended_ms, down_ms;
};

/* A database in a sentence such as `db:12 failed, db:7 stalled and 3 more`. */
struct named_bdb {
	struct bdb_id id;
	enum transition_kind transition;
	enum op_kind kind; /* notifications: of the transition; OP_KINDS: none yet */
	unsigned kinds;	   /* absence, 1 << op_kind: a newer line was used already */
	bool complete;	   /* absence, created or gone: older lines are about another database */
};

/* Databases with events that the next notification will report. */
#define NOTIFICATIONS_MAX 64
struct notification_queue {
	unsigned bell_for, notify_for; /* 1 << transition_kind */
	struct named_bdb entries[NOTIFICATIONS_MAX];
	size_t count, more; /* more: events about databases that did not fit */
	bool bell, notify;
	int64_t next_ms; /* the next notification is not sent before */
};

/* A group of the causes view, which may have gone meanwhile. */
struct cause_id {
	unsigned cluster;
	struct cause cause;
};

/* What the groups were made of. */
struct causes_origin {
	uint64_t rows_revision;
	struct triage_now at;
	int64_t aged_s; /* by how much the groups were aged since */
};

struct causes_cursor {
	struct causes *groups;
	struct causes_origin *origins; /* of each cluster */
	size_t origin_capacity;
	bool started; /* the cursor was set once */
	struct cause_id at;
	size_t top;
	struct cause_id *marks;
	size_t mark_count, mark_capacity;
	/* while filter_is_cause: what the filter was, and the cause that it shows */
	struct filter filter_before;
	struct cause_id shown;
};

enum canary_state {
	CANARY_NONE,
	CANARY_ASKING,	   /* its question is open */
	CANARY_RESETTING,  /* confirmed */
	CANARY_WAITING,	   /* cleared: until the cluster's next backup of it ended */
	CANARY_READING,	   /* that succeeded: until a later poll shows the others */
};
struct canary {
	enum canary_state state;
	struct bdb_id id;
	unsigned generation, reset_id;
	struct cause cause;
	int64_t last_success_s; /* before its reset */
	int64_t limit_s;	/* of the wait: one interval and its tolerance */
	int64_t from_ms;	/* begin of the wait */
	int64_t succeeded_ms;
	struct uid_list rest; /* the others; owned */
};

/* A filter that is being evaluated, row by row. */
struct row_pass {
	bool running;
	bool all, narrow; /* all rows match; only those that match now may */
	struct filter filter;
	size_t cluster, row, next; /* where it is: next counts the rows of all clusters */
	unsigned char *matches;
};

/* What the view shows of the fleet, see rows.h. */
#define ROW_WIDTHS   4
#define ROW_STATUSES 8
struct row_updates {
	uint64_t *revisions; /* rows_revision of each cluster */
	size_t cluster_count, revision_capacity;
	struct bdb_id *changed; /* reused by each update */
	size_t changed_count, changed_capacity;
	bool all; /* the next update makes all rows anew */
	bool filter_changed, order_changed;
	bool resort; /* the rows that keep their place are sorted, too, once the order changes */
	size_t width_counts[ROW_WIDTHS][256]; /* rows with a text of that width */
	/* all words that databases had as their status, unless there are more */
	char statuses[ROW_STATUSES][32];
	size_t status_count;
	bool more_statuses;
	struct row_pass pass;
	size_t slice; /* rows of a pass in one turn */
};

struct session {
	struct session_view view;
	struct fleet *fleet;
	struct log *log;
	cluster_on_event_fn *listener; /* or NULL */
	void *listener_arg;
	struct moment now;
	bool woke_late;
	struct scroll handover_scroll; /* while the help is over the hand-over */
	struct filter filter_before, typed_filter;
	struct recent_filters recent;
	size_t recalled;		/* the filter line shows this one; 0: the text typed */
	char typed[FILTER_SIZE];	/* that text, while another one is shown */
	struct completion completion;
	bool completing;		/* the last key was tab: the next tab shows the next word */
	bool wants_bdb_info;
	int64_t unknown_until_ms; /* view.unknown_key is shown */
	session_save_prefs_fn *save_prefs;
	void *save_prefs_arg;
	char log_before[LOG_FILTER];
	size_t page_rows;
	struct bdb_id detail_bdb;	/* the database whose detail is scrolled */
	time_offset_fn *local_offset;
	struct notification_queue notifications;
	bool typed_user; /* the user was typed at a prompt */
	bool notice_is_copy;	/* the notice is the outcome of a copy from the log */
	bool notice_is_filter;	/* the notice names the source of the filter in effect */
	bool notice_is_brief;	/* the notice goes with the next key */
	bool notice_is_obstacle;	/* the notice says why no question was opened: */
	struct bdb_id notice_id;
	enum op_kind notice_kind;
	enum reset_obstacle notice_obstacle;
	struct bulk_mark_watch *mark_watches;
	size_t mark_watch_count, mark_watch_capacity;
	unsigned mark_watch_revision;	/* fleet_revision() of the last review */
	struct absence_watch absence;
	enum session_mode write_from;	/* the key w: what the input line returns to */
	enum command_id request;
	bool quitting;
	int64_t quit_until_ms;
	struct causes_cursor causes;
	struct canary canary;
	unsigned revision;	 /* counts changes of the session itself */
	unsigned view_revision;	 /* fleet_revision() that the view shows */
	struct row_updates rows;
};

/* The page about a changed key is shown, and esc can replace it with the last list. */
bool session_can_show_last_list(const struct session *);
/* Something visible changed. */
static inline void session_mark_changed(struct session *s)
{
	s->revision++;
}
void session_repair_view(struct session *);
/* The question that a reset waits for. */
enum question_kind session_question_kind(const struct reset *);
void session_open_question(struct session *, enum question_kind, unsigned cluster,
			   unsigned reset_id);
/* The reset, or the prompt of the source, still waits for the answer. */
bool session_question_is_valid(const struct session *);
void session_close_question(struct session *);

/* --- notice.c ------------------------------------------------------------------------------- */

void session_set_notice(struct session *, const char *notice);
/* Shows a notice until the next key. */
void session_set_brief_notice(struct session *, const char *notice);
/* Shows why no reset is possible, not only in this row, for as long as that is true. */
void session_set_obstacle_notice(struct session *, struct bdb_id, enum op_kind,
				 enum reset_obstacle);
/* Removes the notice that no reset is possible when that is no longer true. */
void session_review_notice(struct session *);
/* Removes the topmost notice; false if there was none that can be removed. */
bool session_drop_notice(struct session *);
bool session_may_drop_notice(const struct session *);
/* Adds a part to a notice; out must have space for it. */
void session_add_part(struct notice_part *out, size_t *count, enum style, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));
/* Adds a key and what it does, with the text before it. */
void session_add_key(struct notice_part *out, size_t *count, const char *before, const char *key,
		     const char *after);
/* Shows that a key means nothing here. */
void session_set_unknown_key(struct session *, int key, struct moment now);
/* Forgets it, after a while or at once. */
void session_review_unknown_key(struct session *, struct moment now);
void session_clear_unknown_key(struct session *);
/* The sentence for an obstacle to all operations alike; "" for other obstacles. */
const char *session_obstacle_text(const struct cluster *, enum reset_obstacle);

/* --- filter_input.c --------------------------------------------------------------------------- */

void session_open_filter(struct session *);
/* Goes on with a filter that is being typed. */
void session_continue_filter(struct session *);
/* A key while the filter is typed, and while that of the log is. */
void session_filter_key(struct session *, int key);
void session_log_filter_key(struct session *, int key);
void session_open_log(struct session *);
/* Returns false for a key that the log does not have. */
bool session_log_key(struct session *, enum command_id, struct moment now);
void session_reverse_order(struct session *);
void session_open_sort_menu(struct session *);
void session_sort_key(struct session *, int key);
void session_toggle_problems(struct session *);
/* Saves order, time format and recent filters, after the user has changed one. */
void session_save_current_prefs(struct session *);
/* Move the cursor of the list or of the log. */
void session_move(struct session *, long by);
void session_move_log(struct session *, long by);

/* --- bulk.c --------------------------------------------------------------------------------- */

void session_mark(struct session *, enum command_id);
/* The keys b, e and i while databases are marked. */
void session_reset_marked(struct session *, enum op_kind, struct moment now);
bool session_can_reset_marked(const struct session *, enum op_kind);
void session_answer_bulk(struct session *, const struct question *, bool yes, struct moment now);
bool session_bulk_question_is_valid(const struct session *);
/* Unmarks databases whose bulk reset succeeded. */
void session_review_marks(struct session *);
/* Dismisses the sums of all bulks without an unfinished reset; true when there were any. */
bool session_dismiss_sums(struct session *);
bool session_may_dismiss_sums(const struct session *);

/* Opens the question about these databases of one cluster; false: none of them can be reset, or
 * there is an obstacle to all resets, which the notice says. */
bool session_ask_bulk(struct session *, unsigned cluster, enum op_kind, const struct uid_list *,
		      struct moment now);

/* The marked databases of one cluster; false when out of memory.  The caller frees them. */
bool session_marked_bdbs(const struct session *, struct uid_list *out, unsigned *cluster);

/* --- canary.c ------------------------------------------------------------------------------- */

/* The key B: opens the question about the reset of one database, or says why not. */
void session_start_canary(struct session *, struct moment now);
bool session_can_start_canary(const struct session *);
/* Ends it, if there is one, and says why: nothing more is sent. */
void session_end_canary(struct session *, const char *why);
void session_forget_canary(struct session *);
/* In each turn, after the replies: its next step. */
void session_follow_canary(struct session *);
/* When its wait is over, and when the notice line counts on; TIME_NEVER: it does not wait. */
int64_t session_canary_due(const struct session *);
int64_t session_canary_redraw_due(const struct session *, int64_t now_ms);
size_t session_canary_parts(const struct session *, unsigned form, struct notice_part *out);

/* --- causes.c ------------------------------------------------------------------------------- */

/* Updates the groups; -1 when out of memory: they stay as they are. */
int session_update_causes(struct session *);
void session_move_cause(struct session *, size_t row);
/* The databases of the marked groups of this operation, else those of the group under the cursor;
 * false when out of memory.  The caller frees them. */
bool session_cause_bdbs(const struct session *, enum op_kind, struct uid_list *out,
			unsigned *cluster);
/* The group counts for this operation: marked, or under the cursor if none is marked. */
bool session_cause_is_meant(const struct session *, const struct cause_group *, enum op_kind);
/* -1: out of memory, not every group was marked. */
int session_mark_causes(struct session *, enum command_id);

/* --- causes_keys.c --------------------------------------------------------------------------- */

/* Shows the causes view in place of the list, or the list.  If the filter is that of a group, it is
 * again what it was before. */
void session_show_causes(struct session *, bool shown);
/* Shows the databases of the group under the cursor: the list with the filter of its cause. */
void session_open_cause(struct session *);
/* A command in the causes view; false: it does the same as in the list. */
bool session_causes_command(struct session *, enum command_id, struct moment now);
bool session_can_in_causes(const struct session *, enum command_id);
void session_available_cause_keys(const struct session *, char *out, size_t size);

/* --- absence.c -------------------------------------------------------------------------------- */

/* Begins a turn and sets the clock of the session. */
void session_begin_turn(struct session *, bool woke_late, struct moment now);
void session_on_key(struct session *, struct moment now);
void session_on_suspend(struct session *, struct moment now);	/* ctrl-z */
/* Follows pauses and outages, and updates the summary until its events are complete. */
void session_update_absence(struct session *);
bool session_has_absence_summary(const struct session *);
void session_clear_absence(struct session *);
size_t session_absence_parts(const struct session *, unsigned form, struct notice_part *out);

/* --- detail.c ------------------------------------------------------------------------------- */

/* By how many rows a command moves; negative: up; 0: it does not move. */
long command_rows(enum command_id, long page);
/* Sets the number of lines and how many of them fit. */
void scroll_fit(struct scroll *, size_t lines, size_t fit);
void scroll_by(struct scroll *, long by);
/* Returns false for a command that does not scroll. */
bool scroll_command(struct scroll *, enum command_id);
/* While the detail is open: fetches the data of the database under the cursor. */
void session_follow_cursor(struct session *, struct moment now);
void session_open_detail(struct session *);
/* Returns whether the detail was open. */
bool session_scroll_detail(struct session *, enum command_id);

/* --- pages.c -------------------------------------------------------------------------------- */

/* The keys Y and y in the list. */
void session_open_report(struct session *, struct moment now);
void session_open_handover(struct session *, struct moment now);
/* The key y in the log: copies the curl line of the selected line. */
void session_copy_line(struct session *);
/* Removes the notice about a copy when the log closes. */
void session_clear_copy_notice(struct session *);
/* Returns false for a key that the page does not have. */
bool session_handover_key(struct session *, enum command_id, struct moment now);
void session_open_help(struct session *);
void session_help_key(struct session *, int key, enum command_id);
void session_diagnostics_key(struct session *, enum command_id);
void session_next_time_format(struct session *);

/* The key w: opens the line for the name of a file. */
void session_open_write(struct session *);
void session_write_key(struct session *, int key, struct moment now);
/* After the question was closed: writes the file, or leaves it as it is. */
void session_answer_overwrite(struct session *, bool yes, struct moment now);

/* --- notifications.c -------------------------------------------------------------------------- */

/* Queues the event for the next notification, if the user wants that. */
void session_on_event(struct session *, const struct cluster_event *);
int64_t session_notification_due(const struct session *, int64_t now_ms);
/* The database with the id, or NULL. */
struct named_bdb *named_bdbs_find(struct named_bdb *, size_t count, struct bdb_id);
/* Sorts by what is named first: the weight of the transition, then the id. */
void named_bdbs_sort(struct named_bdb *, size_t count);

/* --- keys.c: commands that other modes have too --------------------------------------------- */

void session_common_command(struct session *, enum command_id, struct moment now);
/* Those of them that the log and the hand-over have; false for others. */
bool session_page_command(struct session *, enum command_id, struct moment now);

/* --- login.c -------------------------------------------------------------------------------- */

/* Opens the log-in prompt of a cluster. */
void session_open_login(struct session *, unsigned cluster);
/* Handles one piece of input of the prompt. */
void session_login_input(struct session *, const struct input_event *, struct moment now);
/* Erases the typed password. */
void session_clear_login(struct session *);
