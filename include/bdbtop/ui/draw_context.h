/*
 * ui/draw_context.h - everything a frame is drawn from, and the rooms that draw its parts.
 *
 * Drawing goes into a canvas only; no room here knows a terminal.
 */
#ifndef BDBTOP_BDBTOP_UI_DRAW_CONTEXT_H
#define BDBTOP_BDBTOP_UI_DRAW_CONTEXT_H

#include "bdbtop/core/text.h"
#include "bdbtop/session/session.h"
#include "bdbtop/ui/canvas.h"
#include "bdbtop/ui/layout.h"

/* Where the detail of the chosen database is. */
enum detail_placement { DETAIL_CLOSED, DETAIL_BESIDE, DETAIL_WHOLE };

struct draw_context {
	struct canvas *canvas;
	struct session *session;
	const struct cluster *cluster;		/* the one of the header */
	const struct cluster_status *status;
	const struct cluster_setup *setup;
	const char *version;
	struct moment now;
	struct zones zones;
	struct columns columns;
	int list_cols;		/* as wide is the list; c is of that width while it is drawn */
	enum detail_placement detail;
	bool outdated;		/* the picture may be over: cut off, refused or paused */
};

/*
 * One whole frame; the canvas has its size.  Tells the session how many rows its pages have, and
 * parks the canvas's cursor.  False: too small a screen for anything but a sentence that says so.
 */
bool frame_draw(struct canvas *, struct session *, const char *version, struct moment now);

/* A pen on a row of the screen from col 0, stale where the picture is. */
struct text_writer context_writer(const struct draw_context *, int row);
/* Text that ends one cell before the right border, cut to `room` cells; returns where it begins. */
int context_right(const struct draw_context *, int row, int room, enum style, const char *text);

/* Where safe text goes on in lines, one below the other, above end. */
struct text_flow {
	int row, end, col;
	int right;		/* the column behind its last; 0: the border of the screen */
	enum style style;
	/* bytes of the text that are something else; length 0: none */
	size_t highlight, highlight_length;
	enum style highlight_style;
};
/* Write it; row is then the one behind it.  What does not fit is cut with the sign. */
void draw_paragraph(const struct draw_context *, struct text_flow *, const char *text);
/* The bytes from `at` on that stand in one line of it, with its mark. */
void draw_paragraph_line(struct text_writer *, const struct text_flow *, const char *text,
			 size_t at, size_t length);
/* Rows that it takes in lines of so many cells. */
int paragraph_rows(const char *text, int cells);

#define SINCE_SIZE (TIME_TEXT_SIZE + 24)

/* `20:13:58Z`, on another day with its date; in local time when that was asked for. */
void context_point(const struct draw_context *, int64_t wall_ms, char out[TIME_TEXT_SIZE]);
/* The same whatever the day. */
void context_clock(const struct draw_context *, int64_t wall_ms, char out[TIME_TEXT_SIZE]);
/* `since 20:13:58Z`, `since before 20:13:58Z` or `since 20:13:58Z (event)`; of a series of failures
 * since the first of them. */
void context_since(const struct draw_context *, const struct roster_entry *, enum op_kind,
		   char out[SINCE_SIZE]);
/* An interval in one unit: `5s`, `90m`, `24h`. */
void context_every(int64_t seconds, char out[TIME_TEXT_SIZE]);

/* What the label of a cluster is; and its name with the label before it, `[PROD] prod-eu`: says
 * where the label begins in the text, and how long it is. */
enum style context_label(const struct cluster_setup *);
void context_add_name(const struct cluster_setup *, struct text *, size_t *at, size_t *length);

/* The first line: which cluster, and how fresh. */
void header_draw(const struct draw_context *);
/* The second: healthy or not, by what the list is sorted, and what it leaves out. */
void counts_draw(const struct draw_context *);
/* One sentence, or nothing; where it has no row of its own it takes that of the headings. */
void notice_draw(const struct draw_context *);

/* Headings, list and rule. */
void table_draw(const struct draw_context *);
/* The rule with the position at its end; "" for none. */
void rule_draw(const struct draw_context *, const char *position);

/* The chosen database in words. */
void summary_draw(const struct draw_context *);

/* All that is known of it, in lines that scroll; tells the session how many there are. */
void detail_draw(const struct draw_context *);
#define RETRY_TEXT_SIZE ROW_RETRY_SIZE
/* What the cluster did by itself after a reset from here cleared it: `retried 4m later`, `no retry
 * seen, next due 02:00Z`; "" where nothing was cleared. */
void context_after(const struct draw_context *, const struct selected_bdb *, enum op_kind,
		   char out[RETRY_TEXT_SIZE]);

/* In the strip's place: the log-in was refused, and nothing is being typed.  The rows it wants. */
int login_refused_rows(const struct draw_context *);
/* And the sentences. */
void login_refused_draw(const struct draw_context *);
/* The same for the prompt: how many log-ins were used up; "" for none, or where the cluster gave
 * another reason than the log-in itself. */
void login_refused_count(const struct cluster_status *, char *out, size_t size);
/* `The cluster says: ...`; "" where it said nothing. */
void login_refused_words(const struct cluster_status *, char *out, size_t size);
/* What can be done about that reason, or the lock-out that more refusals lead to. */
const char *login_refused_remedy(const struct cluster_status *);
#define LOGIN_LOCKOUT_TRIES "5 failed log-ins in 15 min lock the account for 30 min (the default " \
	"policy)."

/* The page in the place of list and strip: a server that is not trusted. */
enum trust_page_kind { TRUST_NO_PAGE, TRUST_FIRST_CONTACT, TRUST_CHANGED };
enum trust_page_kind trust_page(const struct draw_context *);
/* Below the header, above the row `end`. */
void trust_draw(const struct draw_context *, enum trust_page_kind, int end);

/* In the strip's place: the open question.  The rows it wants; *least: without which it is none. */
int question_rows(const struct draw_context *, int *least);
/* The question itself; parks the cursor where a word is typed. */
void question_draw(const struct draw_context *);
/* In the strip's last row: the filter as it is typed; parks the cursor.  And in that of the keys
 * the mistake in it, or two examples. */
void filter_draw(const struct draw_context *);
void filter_hint_draw(const struct draw_context *);

/* The last line: the keys that do something now. */
void keys_draw(const struct draw_context *);

/* The whole screen as help. */
void help_draw(const struct draw_context *);
/* The whole screen as the log. */
void log_draw(const struct draw_context *);
/* The same as the hand-over, and as what the program itself does; both scroll. */
void handover_draw(const struct draw_context *);
void diagnostics_draw(const struct draw_context *);

#endif
