/*
 * session/session_internal.h - the body of a session, shared by session.c (turns), keys.c (what a
 * key does), filter_input.c (filter, order, rows), bulk.c (marks, and resets of many), absence.c
 * (what happened while nobody looked), detail.c, pages.c (hand-over, diagnostics, times),
 * notifications.c (bell and notices), mouse.c (the mouse), notice.c, login.c (the prompt for a
 * password) and available_keys.c (what could be done, in words).
 */
#ifndef BDBTOP_SESSION_SESSION_INTERNAL_H
#define BDBTOP_SESSION_SESSION_INTERNAL_H

#include "bdbtop/session/session.h"

/* A ticket of a bulk: where it ends well its database loses the mark. */
struct bulk_mark_watch {
	unsigned cluster, reset_id;
};

/* A time in which nobody looked, or nothing could be seen. */
struct absence_period {
	int64_t from_ms, to_ms;	/* news after the one, up to the other, are its news */
	int64_t span_s;
	size_t count;		/* databases that it tells of */
};
struct absence_watch {
	bool has_summary;	/* told holds, until it is dismissed */
	struct absence_period summary;
	bool pending;		/* coming holds: what the next look shows still belongs to it */
	struct absence_period next;
	int64_t settled_ms;	/* the first look after that is the last that belongs to it */
	/* what may become one, since when; TIME_NEVER: not now */
	int64_t key_ms, paused_ms, suspended_ms, down_ms;
};

/* Where a text that is longer than its place is scrolled to: its first line in sight. */
struct scroll {
	size_t top, lines, fit;
};

/* What the user is to be called for, and has not been yet. */
#define NOTIFICATIONS_MAX 64
struct notification_entry {
	struct bdb_id id;
	enum transition_kind transition;
	enum op_kind kind; /* OP_KINDS: none yet */
};
struct notification_queue {
	unsigned bell_for, notify_for; /* 1 << transition_kind */
	struct notification_entry entries[NOTIFICATIONS_MAX];
	size_t count, more; /* more: events about databases for which there is no room */
	bool bell, notify;
	int64_t next_ms; /* not before */
};

struct session {
	struct fleet *fleet;
	struct view *view;
	struct log *log;
	struct moment now;
	bool woke_late;
	enum session_mode mode;
	enum session_mode help_over; /* MODE_HELP: what it returns to */
	struct question question;
	struct filter filter, filter_before;
	struct filter_error filter_error;	/* of what is typed, while mistaken */
	bool has_filter_error;
	bool wants_bdb_info;
	struct sort_order order;
	bool problems_only;
	session_save_prefs_fn *save_prefs;
	void *save_prefs_arg;
	char typing[FILTER_SIZE];
	char log_before[LOG_FILTER];
	size_t log_cursor;
	size_t page_rows;
	bool detail_open;
	struct bdb_id detail_bdb;	/* whose lines are scrolled */
	struct scroll detail;
	struct scroll page; /* of HANDOVER and DIAGNOSTICS */
	char handover[HANDOVER_SIZE];
	char copy_outcome[160];
	enum time_format times;
	handover_offset_fn *local_offset;
	struct program_info program_info;
	struct notification_queue notifications;
	bool typed_user; /* the user was typed at a prompt */
	bool shows_last_list;	/* esc put the list in the place of the page about a changed key */
	char notice[256];
	bool notice_is_copy;	/* it says what came of a copy from the log */
	bool notice_is_obstacle;	/* it says why no question was opened: */
	struct bdb_id notice_id;
	enum op_kind notice_kind;
	enum reset_obstacle notice_obstacle;
	struct bulk_mark_watch *mark_watches;
	size_t mark_watch_count, mark_watch_capacity;
	unsigned mark_watch_revision;	/* fleet_revision() that was looked at */
	struct absence_watch absence;
	enum command_id request;
	bool quitting, over;
	int64_t quit_until_ms;
	unsigned revision;	 /* of what is the session's own */
	unsigned view_revision;	 /* fleet_revision() that the view shows */
	bool view_stale;	 /* memory was out when it was to be made anew */
	struct view_item *items; /* room for the candidates of an update */
	size_t item_capacity;
};

void session_mark_changed(struct session *);	/* something that can be seen changed */
void session_repair_view(struct session *);
void session_open_question(struct session *, enum question_kind, unsigned cluster,
			   unsigned reset_id);
bool session_question_is_valid(const struct session *);	/* the open question is still asked */
void session_close_question(struct session *);	/* close the question */
void session_quit(struct session *, struct moment now);

/* --- notice.c ------------------------------------------------------------------------------- */

void session_set_notice(struct session *, const char *notice);
/* Say why a gate is shut for more than this row, for as long as it is. */
void session_set_obstacle_notice(struct session *, struct bdb_id, enum op_kind,
				 enum reset_obstacle);
/* A notice that nothing can be reset goes when it is true no more. */
void session_review_notice(struct session *);
/* Takes the uppermost notice away; false when there was none that can go. */
bool session_drop_notice(struct session *);
bool session_may_drop_notice(const struct session *);
/* One more piece of a notice. */
void session_add_part(struct notice_part *out, size_t *count, enum style, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));
/* The sentence for a gate that is shut for all operations alike, "" for another. */
const char *session_obstacle_text(const struct cluster *, enum reset_obstacle);

/* --- filter_input.c
 * --------------------------------------------------------------------------------- */

void session_open_filter(struct session *);
void session_filter_key(struct session *, int key);
void session_open_log(struct session *);
void session_log_key(struct session *, enum command_id, struct moment now);
void session_log_filter_key(struct session *, int key);
void session_sort(struct session *, enum command_id);
void session_toggle_problems(struct session *);
/* Move the cursor of the list, of the log. */
void session_move(struct session *, long by);
void session_move_log(struct session *, long by);

/* --- bulk.c --------------------------------------------------------------------------------- */

void session_mark(struct session *, enum command_id);
/* b e i while something is marked. */
void session_reset_marked(struct session *, enum op_kind, struct moment now);
bool session_can_reset_marked(const struct session *, enum op_kind);
void session_answer_bulk(struct session *, const struct question *, bool yes, struct moment now);
bool session_bulk_question_is_valid(const struct session *);
/* What ended well loses its mark. */
void session_review_marks(struct session *);
/* Its sum and its results go; false while any of them is to come. */
bool session_dismiss_bulk(struct session *);
bool session_may_dismiss_bulk(const struct session *);
size_t session_bulk_parts(const struct session *, struct notice_part *out);

/* --- absence.c
 * --------------------------------------------------------------------------------- */

/* A turn begins: sets the clock of the session. */
void session_begin_turn(struct session *, bool woke_late, struct moment now);
void session_on_key(struct session *, struct moment now);
void session_on_suspend(struct session *, struct moment now);	/* ctrl-z */
/* Pauses and outages that begin or end; and whether what was missed is all there. */
void session_update_absence(struct session *);
bool session_has_absence_summary(const struct session *);
void session_clear_absence(struct session *);
size_t session_absence_parts(const struct session *, struct notice_part *out);

/* --- detail.c ------------------------------------------------------------------------------- */

/* So many lines, of which so many fit; move by lines; and by a command: false: it moves nothing. */
void scroll_fit(struct scroll *, size_t lines, size_t fit);
void scroll_by(struct scroll *, long by);
bool scroll_command(struct scroll *, enum command_id);
/* Look at what the cursor is on while the detail is open. */
void session_follow_cursor(struct session *, struct moment now);
void session_open_detail(struct session *);
/* These tell whether it was open. */
bool session_close_detail(struct session *);
bool session_scroll_detail(struct session *, enum command_id);

/* --- pages.c -------------------------------------------------------------------------------- */

/* `y` in the list; in the log, of the chosen line. */
void session_open_handover(struct session *, struct moment now);
void session_copy_line(struct session *);
void session_set_copy_notice(struct session *, const char *outcome);
/* The log is left: what its copy came to is said. */
void session_clear_copy_notice(struct session *);
void session_handover_key(struct session *, enum command_id, struct moment now);
void session_help_key(struct session *, int key);
void session_diagnostics_key(struct session *, enum command_id);
void session_next_time_format(struct session *);

/* --- notifications.c
 * ---------------------------------------------------------------------------- */

/* The user is called for this, if he wants to be. */
void session_on_event(struct session *, const struct cluster_event *);
int64_t session_notification_due(const struct session *, int64_t now_ms);

/* --- commands of keys.c that other modes have too ------------------------------------------- */

void session_common_command(struct session *, enum command_id, struct moment now);

/* --- login.c -------------------------------------------------------------------------------- */

/* Open the prompt for the log-in of a cluster; one piece of its input; drop what was typed. */
void session_open_login(struct session *, unsigned cluster);
void session_login_input(struct session *, const struct input_event *, struct moment now);
void session_clear_login(struct session *);

#define KEY_BYTES 5
/* A character as UTF-8, ended; gives its length. */
size_t session_encode(int key, char out[KEY_BYTES]);
/* Take the last character off. */
void session_erase_last(char *text);

#endif
