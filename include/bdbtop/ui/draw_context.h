/*
 * ui/draw_context.h - what a frame is drawn from, and the functions that draw its parts.
 *
 * They draw into a canvas only and do not know the terminal.
 */
#pragma once

#include "bdbtop/core/describe.h"
#include "bdbtop/session/session.h"
#include "bdbtop/ui/layout.h"
#include "bdbtop/ui/text_flow.h"

/* The detail is closed, beside the list, or in place of the list. */
enum detail_placement { DETAIL_CLOSED, DETAIL_BESIDE, DETAIL_FULL };

struct draw_context {
	struct canvas *canvas;
	struct session *session;
	const struct session_view *view;	/* of the session */
	const struct cluster *cluster;		/* the cluster in the header */
	const struct cluster_status *status;
	const struct cluster_setup *setup;
	const char *version;
	struct moment now;
	struct zones zones;
	struct column_needs needs;
	/* While the list is drawn, those that the user chose, in the width of the list. */
	struct columns columns;
	int list_cols;		/* width of the list */
	enum detail_placement detail;
	struct text_flow *in_place;	/* what replaces the summary; without rows: nothing does */
	bool outdated;		/* the data may be outdated: connection down, refused or paused */
};

/*
 * Draws a complete frame on a canvas that has the size of the screen, sets the page sizes of the
 * session, and places the cursor.  Returns false if the screen is too small; the frame then only
 * says that.
 */
bool frame_draw(struct canvas *, struct session *, const char *version, struct moment now);

/* A writer from column 0 of a screen row, dimmed if the data is outdated. */
struct text_writer context_writer(const struct draw_context *, int row);
/* A row of a list: blanks it, or reverses it with `>` if it is selected; and a writer within one of
 * its columns. */
void line_begin(struct text_writer *line, bool selected);
struct text_writer line_column(const struct text_writer *line, const struct column_span *);
/* Where clicks find the list, which begins with this row; and a text in place of its rows. */
void context_set_list(const struct draw_context *, size_t first);
void context_draw_empty(const struct draw_context *, const char *text);
/* Writes text that ends one cell before the right border, truncated to `cells` cells; returns its
 * first column. */
int context_draw_right(const struct draw_context *, int row, int cells, enum style,
		       const char *text);

/* Draws a flow from `row` to the row before `end`. */
void context_draw_flow(const struct draw_context *, const struct text_flow *, int row, int end);

/* `20:13:58Z`, with the date if it is another day; in local time if the user chose that. */
void context_format_point(const struct draw_context *, int64_t wall_ms, char out[TIME_TEXT_SIZE]);
/* The same, always without the date. */
void context_format_clock(const struct draw_context *, int64_t wall_ms, char out[TIME_TEXT_SIZE]);
/* How the describer writes on this screen. */
struct describe_style context_describe_style(const struct draw_context *, enum describe_form);
/* The style of a cluster's label. */
enum style context_label_style(const struct cluster_setup *);
/* Adds the name with its label, `[PROD] prod-eu`; sets where the label begins in the text and its
 * length in bytes, 0 without a label. */
void context_add_name(const struct cluster_setup *, struct text *, size_t *at, size_t *length);

/* The title of the terminal: `bdbtop prod-eu: 3 failed`, printable ASCII. */
void title_format(char *out, size_t size, const struct fleet *);

/* The first line: the cluster, and the age of the data. */
void header_draw(const struct draw_context *);
/* The second line: counts by verdict, the sort order and the filter. */
void counts_draw(const struct draw_context *);
/* A sentence or the sum of a bulk, or nothing; on a low screen it replaces the headings.  A second
 * sum, or the rest of a sentence, has a place if notice_layout() was called before the list is
 * drawn: the headings, for a sum on a low screen the last row of the list. */
void notice_layout(struct draw_context *);
void notice_draw(const struct draw_context *);

/* Headings, list and rule. */
void table_draw(const struct draw_context *);
/* The rule with the position at its end; "": none. */
void rule_draw(const struct draw_context *, const char *position);

/* The summary of the selected database. */
void summary_draw(const struct draw_context *);

/* The causes view in place of the list: headings, groups and rule; and the selected group. */
void causes_draw(const struct draw_context *);
void causes_summary_draw(const struct draw_context *);

/* The detail of the selected database, which scrolls; sets its number of lines in the session. */
void detail_draw(const struct draw_context *);

/* In place of the summary after a refused log-in, while nothing is typed. */
void login_refused_fill(const struct draw_context *, struct text_flow *);
/* How many log-ins were used up, also for the prompt; "": none, or the cluster gave another reason
 * than a wrong user or password. */
void login_refused_format_count(const struct cluster_status *, char *out, size_t size);
/* `The cluster says: ...`; "": no message. */
void login_refused_format_message(const struct cluster_status *, char *out, size_t size);
/* The remedy for the reason, or the lock-out that more refusals cause. */
const char *login_refused_remedy(const struct cluster_status *);
#define LOGIN_LOCKOUT_TRIES "5 failed log-ins in 15 min lock the account for 30 min (the default " \
	"policy)."

/* The page about an untrusted server, in place of list and summary. */
enum trust_page_kind { TRUST_NO_PAGE, TRUST_FIRST_CONTACT, TRUST_CHANGED };
enum trust_page_kind trust_page(const struct draw_context *);
/* Draws from the row below the header to the row before `end`.  Returns the row below the page. */
int trust_draw(const struct draw_context *, enum trust_page_kind, int end);

/* The open question, in place of the summary; the cursor is where a word is typed.  Rows of a rank
 * above QUESTION_NEEDED may be dropped. */
#define QUESTION_NEEDED 1
void question_fill(const struct draw_context *, struct text_flow *);
/* The filter, or the name of a file, as it is typed, in the last row of the summary; places the
 * cursor. */
void filter_draw(const struct draw_context *);
/* The sort menu, in the last row of the summary. */
void sort_menu_draw(const struct draw_context *);
/* The error in the filter, or examples, in the row of the keys. */
void filter_hint_draw(const struct draw_context *);
/* Why no file was written under the name that is typed; and in the row of the keys how it ends. */
void write_error_fill(const struct draw_context *, struct text_flow *);
void write_hint_draw(const struct draw_context *);

/* The last line: the keys that do something now. */
void keys_draw(const struct draw_context *);

/* Pages of the full screen, which scroll. */
void help_draw(const struct draw_context *);
void log_draw(const struct draw_context *);
void handover_draw(const struct draw_context *);
void diagnostics_draw(const struct draw_context *);
