/*
 * session/session.h - one run of the console: commands, question, filter, pages.
 *
 * It does not know the terminal.  The front end (ui) passes input to session_input() and draws what
 * session_view() has.  The session decides what a key does, and why it does nothing.
 */
#pragma once

#include "bdbtop/core/causes.h"
#include "bdbtop/core/view.h"
#include "bdbtop/fleet/fleet.h"
#include "bdbtop/session/commands.h"
#include "bdbtop/session/handover.h"
#include "bdbtop/session/input.h"
#include "bdbtop/session/log.h"
#include "bdbtop/session/question.h"
#include "bdbtop/session/recent_filters.h"
#include "bdbtop/session/row.h"
#include "bdbtop/store/output_file.h"

/* LOG_FILTER: the log while its filter is typed.  HANDOVER: the page that `y` or `Y` opens.  WRITE:
 * the list or the log while the name of a file is typed (the key `w`). */
enum session_mode {
	MODE_LIST, MODE_QUESTION, MODE_FILTER, MODE_SORT, MODE_HELP, MODE_LOG, MODE_LOG_FILTER,
	MODE_HANDOVER, MODE_DIAGNOSTICS, MODE_WRITE
};

/* MODE_DIAGNOSTICS: facts about the program as lines of name and value, safe.  The strings must
 * outlive the session. */
struct program_info {
	const char *const (*lines)[2];
	size_t count;
	int64_t (*memory_bytes)(void);	/* resident memory now; NULL: not known */
};

struct session;

/* What a front end draws.  Only the session changes it. */
struct session_view {
	const struct fleet *fleet;
	const struct log *log;
	struct view *list;		/* its rows, for view_top() and the like */
	bool list_is_stale;		/* its last update ran out of memory: it is older than the
					 * data of the fleet */
	enum session_mode mode;
	struct question question;	/* kind QUESTION_NONE: none is open */
	struct filter filter;		/* the one in effect */
	char typing[FILTER_SIZE];	/* the line as typed in MODE_FILTER and MODE_LOG_FILTER */
	bool has_filter_error;		/* that line is invalid, see filter_error; the last valid
					 * filter stays in effect meanwhile */
	struct filter_error filter_error;
	char write_path[OUTPUT_PATH];	/* the name as typed in MODE_WRITE, raw */
	bool writes_log;		/* it is for the log, else for the list */
	struct err write_error;		/* why no file of that name was written; "": none */
	struct sort_order order;
	struct column_list columns;	/* of the list; count 0: those that fit */
	bool problems_only;		/* only databases that are failed, stalled, overdue or
					 * suspect are shown (the key `!`) */
	bool by_cause;			/* the causes view is shown in place of the list (the key
					 * `c`) */
	const struct causes *causes;	/* its groups, of all databases whatever the filter; they
					 * do not change while a question is open */
	size_t cause_row;		/* the group under the cursor, below causes_count() */
	bool filter_is_cause;		/* the filter shows the databases of a group: esc returns
					 * to the causes view */
	size_t log_cursor;		/* a row for log_row() */
	bool detail_open;		/* of the selected database; part of MODE_LIST */
	struct scroll detail;
	struct scroll page;		/* of MODE_HELP, MODE_HANDOVER and MODE_DIAGNOSTICS */
	bool help_words;		/* MODE_HELP: its second page, of words; else of keys */
	enum session_mode help_over;	/* MODE_HELP, MODE_DIAGNOSTICS: what they return to */
	bool shows_last_list;		/* after esc the last list replaces the page about a changed
					 * key, until F5 */
	enum time_format times;		/* how times are shown; session_zone() has the zone */
	char handover[REPORT_SIZE];	/* the text to copy: that of the page in MODE_HANDOVER, one
					 * curl line in the log */
	bool is_report;			/* MODE_HANDOVER: of all problems, which `Y` opens */
	bool copy_failed;
	char copy_outcome[160];		/* for the page; "": not known yet */
	char notice[256];		/* the reply to a key or an event, such as `question
					 * withdrawn: log-in refused`; "": none */
	int unknown_key;		/* the key that was just pressed and means nothing here;
					 * after two seconds, or the next key, 0: none */
	struct program_info program_info;
	bool over;			/* the session has ended */
};
/* Valid until session_free(). */
const struct session_view *session_view(const struct session *);

/* The caller keeps the fleet, which must outlive the session.  NULL when out of memory;
 * session_free() accepts NULL. */
struct session *session_new(struct fleet *);
void session_free(struct session *);

/*
 * Must be called first in a turn: with the time, and the deadline of the last wait (TIME_NEVER:
 * none).  More than 30 s after that deadline means that the machine was suspended: waiting retries
 * are then cancelled, not sent.
 */
void session_tick(struct session *, struct moment now, int64_t expected_ms);
/*
 * Handles one piece of input.  A key is a command (session/commands.h) or text.  Pasted text only
 * goes into a line that is being typed and never confirms.  Ignored input and the mouse only delay
 * the confirmation of an open question.
 */
void session_input(struct session *, const struct input_event *, struct moment now);
/* Runs one command; does nothing while a question is open. */
void session_run_command(struct session *, enum command_id, struct moment now);
/* Runs what is due in fleet and session, and updates the view. */
void session_turn(struct session *, struct moment now);
/* When the next session_turn() is due; TIME_NEVER: only after input or a reply. */
int64_t session_due(const struct session *, int64_t now_ms);

/* A confirmed quit: cancels what was not sent, and waits up to 3 s for replies in flight; then the
 * session is over. */
void session_quit(struct session *, struct moment now);
/* A signal: unfinished resets end as doc/reset-contract.md says, and the session is over. */
void session_terminate(struct session *, struct moment now);
/* Returns and clears the command that the front end must run: CMD_SUSPEND, CMD_REDRAW or CMD_COPY;
 * CMD_NONE: none. */
enum command_id session_take_request(struct session *);

/* A frame is on the terminal: an open question counts as drawn from now on. */
void session_on_drawn(struct session *, struct moment now);
/* A filter that is typed is evaluated for so many rows in a turn, so that keys need not wait; until
 * it is complete, the filter before it stays in effect, and session_due() is now.  SIZE_MAX, the
 * default: all at once. */
void session_set_slice(struct session *, size_t rows);
/* The widths in cells of the longest name and the longest status of all databases, at most 255. */
int session_name_width(const struct session *, bool ascii);
int session_status_width(const struct session *, bool ascii);
/* Sets how many rows of the list, or of the log, fit on the screen; page keys move by as many. */
void session_set_page_rows(struct session *, size_t rows);

/* Sets the filter; -1 with the error if it is invalid. */
int session_set_filter(struct session *, const char *expression, struct filter_error *);
void session_set_order(struct session *, struct sort_order);
/* Sets the columns of the list, and requests what they need. */
void session_set_columns(struct session *, const struct column_list *);
/* Says on the notice line, until the filter changes, where the filter in effect is from: `--filter`
 * or `/etc/bdbtop.conf:12`, safe. */
void session_name_filter_source(struct session *, const char *source);
/* Adds a filter of an earlier run to those that up and down recall in the filter line, as the
 * newest one; ignores "". */
void session_add_recent_filter(struct session *, const char *expression);

/* What the next run begins with.  Valid during the call. */
struct session_prefs {
	struct sort_order order;
	enum time_format times;
	const struct recent_filters *recent;
};
/* The callback saves them.  It runs after the user has changed the order or the time format, or has
 * applied a filter, not while it is typed. */
typedef void session_save_prefs_fn(void *arg, const struct session_prefs *);
void session_set_save_prefs(struct session *, session_save_prefs_fn *, void *arg);
/* The bulks with a sum, newest first, as cluster_sum(), and their cluster (accepts NULL); false
 * past the end.  And how many there are. */
bool session_sum(const struct session *, size_t index, struct bulk *out, struct cluster **);
size_t session_sum_count(const struct session *);

/* How many databases the question has, and how many of them fit. */
void session_set_question_lines(struct session *, size_t lines, size_t fit);
/* How many lines the detail has, and how many of them fit. */
void session_set_detail_lines(struct session *, size_t lines, size_t fit);

/* The zone of the shown times at a time: UTC unless the user chose local times. */
struct time_zone session_zone(const struct session *, int64_t wall_s);
/* How the describer writes in a form, with the time format that the user chose. */
struct describe_style session_describe_style(const struct session *, enum describe_form);
/* Sets how times are shown, as the key `t` does. */
void session_set_times(struct session *, enum time_format);
/* Sets the local time (session/handover.h); accepts NULL: local time is UTC. */
void session_set_offset(struct session *, time_offset_fn *);

/* When session_take_request() returns CMD_COPY, the front end sends the text to copy to the
 * terminal's clipboard and reports the outcome, a sentence.  The page shows it; the log shows it as
 * the notice. */
void session_on_copied(struct session *, bool sent, const char *outcome);
/* The report of all problems and resets, if this session has a reset; else writes nothing.  Returns
 * the bytes written without the final NUL. */
size_t session_write_report(const struct session *, char out[REPORT_SIZE], struct moment now);
/* How many lines the page of MODE_HELP, MODE_HANDOVER or MODE_DIAGNOSTICS has, and how many of them
 * fit. */
void session_set_page_lines(struct session *, size_t lines, size_t fit);

/* One notification about the events since the last one, at most one in 10 s.  It has only ids and
 * transitions: `db:12 failed, db:7 stalled and 3 more`.  False: none.  bell, notify: which of the
 * two to use. */
struct notification {
	bool bell, notify;
	char text[120];			/* ASCII */
};
bool session_take_notification(struct session *, struct notification *out);
/* Which transitions use the bell and a desktop notification: bits 1 << enum transition_kind.
 * TRANSITION_FAILED includes TRANSITION_FAILED_AGAIN.  Both are 0 by default. */
void session_set_notifications(struct session *, unsigned bell, unsigned notify);

/* Calls a function for each event, after the log has it; it must not use the session.  There is one
 * function; NULL: none. */
void session_set_listener(struct session *, cluster_on_event_fn *, void *arg);

/* Sets what MODE_DIAGNOSTICS shows; copies the struct. */
void session_set_program_info(struct session *, const struct program_info *);

/* A click on a row of the list (below view_rows()) or of the log (below log_rows()); a double click
 * opens the detail.  Rows outside are ignored. */
void session_click(struct session *, size_t row, bool twice, struct moment now);
/* The wheel scrolls the list, the log or a page by so many rows; negative: up. */
void session_wheel(struct session *, int by, struct moment now);
/* The wheel over the detail scrolls the detail. */
void session_wheel_detail(struct session *, int by, struct moment now);

/* Appends a message, which must be safe, to the notice; the next notice replaces both. */
void session_add_notice(struct session *, const char *text);
/*
 * The lines of notices in parts, each with a style: the canary, or what happened during an absence
 * where no bulk has a sum; and the sums.  A problem of the cluster and the notice of the view take
 * precedence.  Form 0 has all words; each form up to NOTICE_FORMS is a shorter one, or the same
 * text.  The numbers of a sum add up to what was confirmed in every form.  Return the number of
 * parts; 0: there is none.
 */
struct notice_part {
	char text[256];			/* safe */
	enum style style;
	int bar_cells, bar_percent;	/* a bar instead of the text; bar_cells 0: none */
};
#define NOTICE_PARTS 32
#define NOTICE_FORMS (BULK_OUTCOMES + 5)
size_t session_notice_parts(const struct session *, unsigned form,
			    struct notice_part out[NOTICE_PARTS]);
struct sum_line {
	size_t index;			/* as in session_sum() */
	size_t more;			/* this is the last line, and so many sums have none */
};
size_t session_sum_parts(const struct session *, const struct sum_line *, unsigned form,
			 struct notice_part out[NOTICE_PARTS]);
/* Changes with every visible change. */
unsigned session_revision(const struct session *);

/* The database under the cursor, its cluster and roster entry; false when there is no row. */
struct selected_bdb {
	struct bdb_id id;
	struct cluster *cluster;
	const struct roster_entry *entry;
};
bool session_selected(const struct session *, struct selected_bdb *out);

/* The group under the cursor of the causes view; NULL: there is none, or the view is not shown. */
const struct cause_group *session_selected_cause(const struct session *);
/* Groups are marked by their cause, apart from databases; the mark goes with the group. */
bool session_cause_is_marked(const struct session *, const struct cause_group *);
size_t session_marked_causes(const struct session *);
/* The first group on the screen when `height` rows fit, as view_top(). */
size_t session_causes_top(struct session *, size_t height);

/* Would the command do something now? */
bool session_can(const struct session *, enum command_id);
/* Would it help, by what session_available_keys() says of the row?  The footer dims the others. */
bool session_helps(const struct session *, enum command_id);
/* A canary (the key B) is under way: its question was confirmed.  CMD_CANCEL ends it. */
bool session_has_canary(const struct session *);
/*
 * What esc removes next in the list, topmost first: the page about a changed key, the detail, all
 * settled results and sums at once, the causes view, the filter, the key `!`.  Question, input line
 * and pages take esc before that.  Marks are never removed.
 */
enum close_layer {
	CLOSE_NOTHING, CLOSE_CHANGED_KEY, CLOSE_DETAIL, CLOSE_RESULTS, CLOSE_CAUSES,
	CLOSE_FILTER,
	CLOSE_PROBLEMS_ONLY
};
enum close_layer session_close_layer(const struct session *);
/* The end of the summary's first line: the key to press, or why no key helps; "": nothing. */
void session_available_keys(const struct session *, char *out, size_t size);

/* When the screen next changes by itself because it counts seconds (until a retry, of an outage, of
 * a slow poll); TIME_NEVER: it does not count. */
int64_t session_redraw_due(const struct session *, int64_t now_ms);
