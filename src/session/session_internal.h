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
struct bulk_watch {
	unsigned cluster, ticket;
};

/* A time in which nobody looked, or nothing could be seen. */
struct absent {
	int64_t from_ms, to_ms;	/* news after the one, up to the other, are its news */
	int64_t span_s;
	size_t count;		/* databases that it tells of */
};
struct absence {
	bool over;		/* told holds, until it is dismissed */
	struct absent told;
	bool open;		/* coming holds: what the next look shows still belongs to it */
	struct absent coming;
	int64_t settle_ms;	/* the first look after that is the last that belongs to it */
	/* what may become one, since when; TIME_NEVER: not now */
	int64_t key_ms, paused_ms, suspended_ms, cut_ms;
};

/* Where a text that is longer than its place is scrolled to: its first line in sight. */
struct scroll {
	size_t top, lines, fit;
};

/* What the user is to be called for, and has not been yet. */
#define CALLS 64
struct call {
	struct bdb_id id;
	enum transition_kind word;
	enum op_kind kind; /* OP_KINDS: none yet */
};
struct calls {
	unsigned ring_for, notify_for; /* 1 << transition_kind */
	struct call at[CALLS];
	size_t count, more; /* more: events about databases for which there is no room */
	bool ring, notify;
	int64_t next_ms; /* not before */
};

struct session {
	struct fleet *fleet;
	struct view *view;
	struct log *log;
	struct moment now;
	bool slept;
	enum session_mode mode;
	enum session_mode help_over; /* MODE_HELP: what it returns to */
	struct question question;
	struct filter filter, filter_before;
	struct filter_error mistake; /* of what is typed, while mistaken */
	bool mistaken;
	bool wants_traits;
	struct sort_order order;
	bool problems_only;
	session_keep_fn *keep;
	void *keep_arg;
	char typing[FILTER_SIZE];
	char log_before[LOG_FILTER];
	size_t log_cursor;
	size_t page_rows;
	bool detail_open;
	struct bdb_id looked_at; /* whose lines are scrolled */
	struct scroll detail;
	struct scroll page; /* of HANDOVER and DIAGNOSTICS */
	char handover[HANDOVER_SIZE];
	char copy_outcome[160];
	enum time_format times;
	handover_offset_fn *offset;
	struct about about;
	struct calls calls;
	bool typed_user; /* the user was typed at a prompt */
	bool picture;	 /* esc put the list in the place of the page about a changed key */
	char notice[256];
	bool notice_copied; /* it says what came of a copy from the log */
	bool notice_shut; /* it says why no question was opened: */
	struct bdb_id notice_id;
	enum op_kind notice_kind;
	enum reset_obstacle notice_gate;
	struct bulk_watch *watch;
	size_t watches, watch_room;
	unsigned watch_of; /* fleet_revision() that was looked at */
	struct absence absence;
	enum command_id request;
	bool quitting, over;
	int64_t quit_until_ms;
	unsigned revision;	 /* of what is the session's own */
	unsigned view_of;	 /* fleet_revision() that the view shows */
	bool view_stale;	 /* memory was out when it was to be made anew */
	struct view_item *items; /* room for the candidates of an update */
	size_t item_room;
};

void session_seen(struct session *); /* something that can be seen changed */
void session_repair_view(struct session *);
void session_ask(struct session *, enum question_kind, unsigned cluster, unsigned ticket);
bool session_has_ground(const struct session *); /* the open question is still asked */
void session_unask(struct session *); /* close the question */
void session_quit(struct session *, struct moment now);

/* --- notice.c ------------------------------------------------------------------------------- */

void session_say(struct session *, const char *notice);
/* Say why a gate is shut for more than this row, for as long as it is. */
void session_say_shut(struct session *, struct bdb_id, enum op_kind, enum reset_obstacle);
/* A notice that nothing can be reset goes when it is true no more. */
void session_review_notice(struct session *);
/* Takes the uppermost notice away; false when there was none that can go. */
bool session_drop_notice(struct session *);
bool session_may_drop_notice(const struct session *);
/* One more piece of a notice. */
void session_add_part(struct notice_part *out, size_t *count, enum style, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));
/* The sentence for a gate that is shut for all operations alike, "" for another. */
const char *session_shut_word(const struct cluster *, enum reset_obstacle);

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
bool session_bulk_has_ground(const struct session *);
/* What ended well loses its mark. */
void session_review_marks(struct session *);
/* Its sum and its results go; false while any of them is to come. */
bool session_dismiss_bulk(struct session *);
bool session_may_dismiss_bulk(const struct session *);
size_t session_bulk_parts(const struct session *, struct notice_part *out);

/* --- absence.c
 * --------------------------------------------------------------------------------- */

/* A turn begins: sets the clock of the session. */
void session_wake(struct session *, bool slept, struct moment now);
void session_key_came(struct session *, struct moment now);
void session_leaves(struct session *, struct moment now); /* ctrl-z */
/* Pauses and outages that begin or end; and whether what was missed is all there. */
void session_look(struct session *);
bool session_is_away_told(const struct session *);
void session_forget_absence(struct session *);
size_t session_away_parts(const struct session *, struct notice_part *out);

/* --- detail.c ------------------------------------------------------------------------------- */

/* So many lines, of which so many fit; move by lines; and by a command: false: it moves nothing. */
void scroll_fit(struct scroll *, size_t lines, size_t fit);
void scroll_by(struct scroll *, long by);
bool scroll_command(struct scroll *, enum command_id);
/* Look at what the cursor is on while the detail is open. */
void session_follow(struct session *, struct moment now);
void session_open_detail(struct session *);
/* These tell whether it was open. */
bool session_close_detail(struct session *);
bool session_scroll_detail(struct session *, enum command_id);

/* --- pages.c -------------------------------------------------------------------------------- */

/* `y` in the list; in the log, of the chosen line. */
void session_open_handover(struct session *, struct moment now);
void session_copy_line(struct session *);
void session_say_copied(struct session *, const char *outcome);
/* The log is left: what its copy came to is said. */
void session_forget_copied(struct session *);
void session_handover_key(struct session *, enum command_id, struct moment now);
void session_help_key(struct session *, int key);
void session_diagnostics_key(struct session *, enum command_id);
void session_turn_times(struct session *);

/* --- notifications.c
 * ---------------------------------------------------------------------------- */

/* The user is called for this, if he wants to be. */
void session_call(struct session *, const struct cluster_event *);
int64_t session_call_due(const struct session *, int64_t now_ms);

/* --- commands of keys.c that other modes have too ------------------------------------------- */

void session_keep_command(struct session *, enum command_id, struct moment now);

/* --- login.c -------------------------------------------------------------------------------- */

/* Open the prompt for the log-in of a cluster; one piece of its input; drop what was typed. */
void session_ask_login(struct session *, unsigned cluster);
void session_login_input(struct session *, const struct input_event *, struct moment now);
void session_forget_login(struct session *);

#define KEY_BYTES 5
/* A character as UTF-8, ended; gives its length. */
size_t session_encode(int key, char out[KEY_BYTES]);
/* Take the last character off. */
void session_rub_out(char *text);

#endif
