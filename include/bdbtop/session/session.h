/*
 * session/session.h - one sitting at the console: commands, question, filter, pages; knows no
 * terminal.
 *
 * The front (ui) gives input to session_input() and draws what the accessors tell.  Everything that
 * a key can do, and why it does not, is decided here.
 */
#ifndef BDBTOP_SESSION_SESSION_H
#define BDBTOP_SESSION_SESSION_H

#include "bdbtop/core/filter.h"
#include "bdbtop/core/view.h"
#include "bdbtop/fleet/fleet.h"
#include "bdbtop/session/commands.h"
#include "bdbtop/session/handover.h"
#include "bdbtop/session/input.h"
#include "bdbtop/session/log.h"
#include "bdbtop/session/question.h"
#include "bdbtop/session/row.h"

/* LOG_FILTER: the log, while its own filter is typed.  HANDOVER: the page of `y`. */
enum session_mode {
	MODE_LIST, MODE_QUESTION, MODE_FILTER, MODE_HELP, MODE_LOG, MODE_LOG_FILTER,
	MODE_HANDOVER, MODE_DIAGNOSTICS
};

struct session;

/* The fleet stays its maker's and must outlive it.  NULL when memory is out, which free bears. */
struct session *session_new(struct fleet *);
void session_free(struct session *);

/*
 * Before anything else of a turn: both clocks, and the time for which the loop had set its alarm
 * (TIME_NEVER: none).  Coming more than 30 s after it means that the machine slept: the next
 * session_turn() cancels waiting retries instead of firing them, after what arrived has been read.
 */
void session_tick(struct session *, struct moment now, int64_t expected_ms);
/*
 * One piece of input.  A key does what session/commands.h says, or is text; pasted text goes only
 * into a line that is being typed and confirms nothing; what is ignored, and the mouse, only keep
 * an open question from being confirmed right after it.
 */
void session_input(struct session *, const struct input_event *, struct moment now);
/* One command by itself, which does nothing while a question is open. */
void session_run_command(struct session *, enum command_id, struct moment now);
/* What is due in fleet and session; repairs the view. */
void session_turn(struct session *, struct moment now);
int64_t session_due(const struct session *, int64_t now_ms);

/* A signal: what is unfinished ends as the reset contract says, and the session is over. */
void session_terminate(struct session *, struct moment now);
bool session_is_over(const struct session *);
/* CMD_SUSPEND or CMD_REDRAW was asked for; the front carries it out and this forgets it. */
enum command_id session_take_request(struct session *);

/* The front says that a frame is on the terminal: an open question counts as drawn from now. */
void session_on_drawn(struct session *, struct moment now);
/* The front says how many rows of the list it shows: a page, and the log's. */
void session_set_page_rows(struct session *, size_t rows);

/* What there is to draw.  The question is of kind NONE when none is open, the chosen line of the
 * log is a row of what its filter shows (log_row()), the filter is the one in force, typing the
 * line of MODE_FILTER or MODE_LOG_FILTER. */
enum session_mode session_mode(const struct session *);
const struct fleet *session_fleet(const struct session *);
struct view *session_view(struct session *);
/* Memory was out when the rows were last made anew: they are older than the fleet. */
bool session_view_is_stale(const struct session *);
const struct question *session_question(const struct session *);
const struct log *session_log(const struct session *);
size_t session_log_cursor(const struct session *);
const struct filter *session_filter(const struct session *);
const char *session_typing(const struct session *);
/* `!`: only what is failed, stalled, overdue or suspect.  By what the list is sorted. */
bool session_problems_only(const struct session *);
struct sort_order session_order(const struct session *);
/* The mistake in what is being typed, or NULL; the last good filter stays in force meanwhile. */
const struct filter_error *session_filter_error(const struct session *);
/* Filter and order to begin with; -1 with the mistake.  And who keeps them for the next run: called
 * when the user has changed one, not for what he is still typing. */
int session_set_filter(struct session *, const char *expression, struct filter_error *);
void session_set_order(struct session *, struct sort_order);
typedef void session_save_prefs_fn(void *arg, const char *filter, struct sort_order);
void session_set_save_prefs(struct session *, session_save_prefs_fn *, void *arg);
/* The bulk that the notice line sums up, and its cluster; false: none. */
bool session_bulk(const struct session *, struct bulk *out, const struct cluster **of);
/* How many of its databases are marked. */
size_t session_bulk_marked(const struct session *);

/* esc put the last list in the place of the page about a changed key, until F5; and would it? */
bool session_shows_last_list(const struct session *);
bool session_can_show_last_list(const struct session *);
/* enter opened the detail of the chosen database (with it, LIST is the list and its detail), and
 * the first of its lines that is shown; the front says how many there are and how many fit. */
bool session_detail_open(const struct session *);
size_t session_detail_top(const struct session *);
void session_set_detail_lines(struct session *, size_t lines, size_t fit);

/* How times are shown, and the zone of a point in time: UTC unless local times were asked for. */
enum time_format session_times(const struct session *);
struct time_zone session_zone(const struct session *, int64_t wall_s);
/* The same as the style of a row wants it. */
void session_row_style(const struct session *, struct row_style *);
/* Who knows local time (session/handover.h); NULL: nobody, and local is UTC. */
void session_set_offset(struct session *, handover_offset_fn *);

/*
 * MODE_HANDOVER: the text, where the log is in front one curl line alone.  CMD_COPY as a request
 * means that the front is to hand it to the terminal; session_on_copied() tells what became of it:
 * `sent to the terminal`, or a sentence why not.  The page shows that, "" before it is known; in
 * the log it is the session's answer.
 */
const char *session_handover(const struct session *);
void session_on_copied(struct session *, const char *outcome);
const char *session_copy_outcome(const struct session *);
/* MODE_HANDOVER, MODE_DIAGNOSTICS: the first of its lines that is shown; the front says how many
 * there are and how many fit. */
size_t session_page_top(const struct session *);
void session_set_page_lines(struct session *, size_t lines, size_t fit);

/* What happened that the user wants to be called for, since this was last asked: at most one in 10
 * s, several in one; only ids and verdicts, `db:12 failed, db:7 stalled and 3 more`.  False:
 * nothing.  ring, notify: which of both. */
struct notification {
	bool bell, notify;
	char text[120];			/* ASCII */
};
bool session_take_notification(struct session *, struct notification *out);
/* Which transitions call: bits 1 << enum transition_kind, and with TRANSITION_FAILED also
 * TRANSITION_FAILED_AGAIN; 0 at the start. */
void session_set_notifications(struct session *, unsigned ring, unsigned notify);

/* MODE_DIAGNOSTICS: what main knows of the program itself, lines `name  value`, safe; the strings
 * must outlive the session. */
struct program_info {
	const char *const (*lines)[2];
	size_t count;
	int64_t (*memory_bytes)(void);	/* resident now; NULL: not known */
};
void session_set_program_info(struct session *, const struct program_info *);
const struct program_info *session_program_info(const struct session *);

/* A click on a row of the list (below view_rows()), or of the log (log_rows()); twice: it opens the
 * detail.  And the wheel, by so many rows: it moves the list, the log or a page. */
void session_click(struct session *, size_t row, bool twice, struct moment now);
void session_wheel(struct session *, int by, struct moment now);
/* The same over the detail, which it scrolls. */
void session_wheel_detail(struct session *, int by, struct moment now);

/* What the session answers to a key or an event, such as `question withdrawn: log-in refused`; ""
 * for none. */
const char *session_notice(const struct session *);
/* One more message of the program's own there, safe to show, until a key takes their place. */
void session_add_notice(struct session *, const char *text);
/*
 * The notice line: that answer, else the sum of a bulk, else what was seen since the user looked
 * away; in pieces that have a colour each, which one after the other are its text.  A trouble of
 * the cluster comes before it.  Gives how many; 0: nothing to say.
 */
struct notice_part {
	char text[256];			/* safe */
	enum style style;
};
#define NOTICE_PARTS 24
size_t session_notice_parts(const struct session *, struct notice_part out[NOTICE_PARTS]);
/* Grows with everything that can be seen. */
unsigned session_revision(const struct session *);

/* The chosen database, its cluster and record; false when there is no row. */
struct selected_bdb {
	struct bdb_id id;
	struct cluster *cluster;
	const struct roster_entry *entry;
};
bool session_selected(const struct session *, struct selected_bdb *out);

/* Would the command do something now?  For the footer: key or key.off. */
bool session_can(const struct session *, enum command_id);
/* The end of the strip's first line: the key to press, or why none helps; "" for nothing to say. */
void session_available_keys(const struct session *, char *out, size_t size);

/* While something shown counts seconds (a retry's pause, the clock of an outage, a first wait): the
 * next time it changes; else TIME_NEVER. */
int64_t session_redraw_due(const struct session *, int64_t now_ms);

#endif
