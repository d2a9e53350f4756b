/*
 * The first line: the cluster, and the age of its data.
 */
#include <stdio.h>
#include <string.h>

#include "bdbtop/core/array.h"
#include "bdbtop/core/text.h"
#include "bdbtop/ui/draw_context.h"

#define GAP 2

enum header_piece_id {
	PROGRAM,
	LABEL,
	NAME,
	HOST,
	VIA,
	READ_ONLY,
	INSECURE,
	PAUSED,
	SKEW,
	PHRASE,
	EVERY,
	LATENCY,
	PIECES
};

struct header_piece {
	char text[160];
	char shorter[160]; /* instead of text if the line is too long */
	enum style style;
};

/*
 * Callers count full seconds of the clock, not of the span: everything on the screen that counts
 * then changes at the same time, when session_redraw_due() wakes the loop.
 */
static void write_span(char *out, size_t size, const char *before, int64_t seconds,
		       const char *after)
{
	char span[TIME_TEXT_SIZE];

	time_format_span(span, seconds > 0 ? seconds : 0);
	snprintf(out, size, "%s%s%s", before, span, after);
}

static int64_t seconds_since(const struct draw_context *context, int64_t from_ms)
{
	return context->now.ms / 1000 - from_ms / 1000;
}

static void write_down(const struct draw_context *context, char *out, size_t size)
{
	const struct cluster_status *status = context->status;
	char after[64] = "";

	if (status->polling)
		snprintf(after, sizeof(after), ", still asking");
	else if (status->retry_ms != TIME_NEVER)
		write_span(after, sizeof(after), ", next try in ",
			   -seconds_since(context, status->retry_ms), "");
	if (status->retry_status)
		snprintf(out, size, "%u %s%s", status->retry_status,
			 status->retry_status == 429 ? "too many requests" : "not available",
			 after);
	else
		write_span(out, size, "no answer for ",
			   seconds_since(context, status->down_since.ms), after);
}

/* The last poll succeeded: its time, the poll interval and the latency. */
static void write_fresh(const struct draw_context *context, struct header_piece *piece)
{
	const struct cluster_status *status = context->status;
	char clock[TIME_TEXT_SIZE], every[TIME_TEXT_SIZE];

	if (status->polling &&
	    context->now.ms - status->poll_started_ms >= context->setup->interval_ms) {
		write_span(piece[PHRASE].text, sizeof(piece[PHRASE].text), "no reply for ",
			   seconds_since(context, status->poll_started_ms), ", still asking");
		return;
	}
	context_format_clock(context, status->list_at.wall_ms, clock);
	snprintf(piece[PHRASE].text, sizeof(piece[PHRASE].text), "polled %s", clock);
	describe_interval(every, context->setup->interval_ms / 1000);
	snprintf(piece[EVERY].text, sizeof(piece[EVERY].text), "every %s", every);
	snprintf(piece[LATENCY].text, sizeof(piece[LATENCY].text), "%lld ms",
		 (long long)status->latency_ms);
}

static void write_paused(const struct draw_context *context, struct header_piece *piece)
{
	char clock[TIME_TEXT_SIZE];

	strcpy(piece[PAUSED].text, "PAUSED");
	if (!context->status->has_list) {
		strcpy(piece[PHRASE].text, "no answer yet, p resumes");
		return;
	}
	context_format_clock(context, context->status->list_at.wall_ms, clock);
	snprintf(piece[PHRASE].text, sizeof(piece[PHRASE].text), "as of %s, p resumes", clock);
}

/* How much the clocks of the nodes, or of cluster and host, differ: times of the cluster do not
 * compare with the times in this header. */
static void write_skew(const struct draw_context *context, struct header_piece *piece)
{
	int64_t skew_s = context->status->skew_s;
	char age[TIME_TEXT_SIZE];

	if (context->status->clocks_differ_s) {
		time_format_age(age, context->status->clocks_differ_s);
		snprintf(piece[SKEW].text, sizeof(piece->text), "node clocks differ by %s", age);
		strcpy(piece[SKEW].shorter, "clocks vary");
	} else if (skew_s) {
		write_span(piece[SKEW].text, sizeof(piece->text), "clock ",
			   skew_s < 0 ? -skew_s : skew_s, skew_s < 0 ? " behind" : " ahead");
		strcpy(piece[SKEW].shorter, skew_s < 0 ? "clock behind" : "clock ahead");
	}
}

static void write_phrase(const struct draw_context *context, struct header_piece *piece)
{
	char *out = piece[PHRASE].text;
	size_t size = sizeof(piece[PHRASE].text);

	piece[PHRASE].style = STYLE_DANGER;
	if (context->status->conn == CONN_LOGIN_REFUSED) {
		strcpy(out, context->status->reconnecting ? "trying the new log-in"
							  : "log-in refused, polling stopped");
		if (context->status->reconnecting)
			piece[PHRASE].style = STYLE_TEXT;
	} else if (context->status->conn == CONN_NO_LOGIN) {
		strcpy(out, "no log-in, nothing sent");
	} else if (context->status->conn == CONN_UNTRUSTED) {
		strcpy(out, "not trusted, nothing sent");
	} else if (context->status->paused) {
		piece[PHRASE].style = STYLE_TEXT;
		write_paused(context, piece);
	} else if (context->status->conn == CONN_DOWN) {
		write_down(context, out, size);
	} else {
		piece[PHRASE].style = STYLE_TEXT;
		if (context->status->conn == CONN_CONNECTING)
			write_span(out, size, "no answer yet, asking for ",
				   seconds_since(context, context->status->started_at.ms), "");
		else
			write_fresh(context, piece);
	}
}

/* Length without the port: `cluster.prod.example` of `cluster.prod.example:9443`, `[::1]` of
 * `[::1]:9443`. */
static int host_length(const char *host)
{
	const char *colon = strrchr(host, ':');

	if (!colon || (strchr(host, ':') != colon && colon[-1] != ']'))
		return (int)strlen(host);
	return (int)(colon - host);
}

static void write_cluster(const struct draw_context *context, struct header_piece *piece)
{
	const char *host = context->setup->host, *name = context->setup->name;
	int bare = host_length(host);
	bool full = context->canvas->cols >= LAYOUT_WIDE_COLS ||
		    context->status->conn == CONN_UNTRUSTED;
	bool same = !strcmp(name, host) ||
		    (strlen(name) == (size_t)bare && !strncmp(name, host, (size_t)bare));

	snprintf(piece[same ? NAME : HOST].text, sizeof(piece->text), "%.*s",
		 full ? (int)strlen(host) : bare, host);
	if (!same)
		snprintf(piece[NAME].text, sizeof(piece->text), "%s", name);
	if (context->setup->label[0])
		snprintf(piece[LABEL].text, sizeof(piece->text), "[%s]", context->setup->label);
	if (context->status->via[0])
		snprintf(piece[VIA].text, sizeof(piece->text), "via %s", context->status->via);
}

/* Only one cell separates a label from its name and a node from its host and from the phrase. */
static int gap_after(const struct header_piece *piece, int which)
{
	if (which == LABEL)
		return 1;
	if (which == HOST && piece[VIA].text[0])
		return 1;
	if (which == VIA && !piece[READ_ONLY].text[0] && !piece[INSECURE].text[0] &&
	    !piece[PAUSED].text[0])
		return 1;
	return GAP;
}

static int width_of(const struct header_piece *piece, int first, int end)
{
	int width = 0, i;

	for (i = first; i < end; i++)
		if (piece[i].text[0])
			width += text_width(piece[i].text) + gap_after(piece, i);
	return width;
}

/* Number of cells by which the line is too long; it has a margin of one cell on either side. */
static int excess_width(const struct draw_context *context, const struct header_piece *piece)
{
	return 1 + width_of(piece, PROGRAM, PIECES) - GAP + 1 - context->canvas->cols;
}

/* Shortens one piece after the other until the line fits, and at last the name. */
static void shorten_pieces(const struct draw_context *context, struct header_piece *piece)
{
	/* the line of keys shows read-only as well */
	static const enum header_piece_id order[] = { LATENCY, EVERY,  VIA,  HOST,
						      PROGRAM, PHRASE, SKEW, READ_ONLY };
	char name[sizeof(piece->text)];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(order) && excess_width(context, piece) > 0; i++)
		memcpy(piece[order[i]].text, piece[order[i]].shorter, sizeof(piece->text));
	if (excess_width(context, piece) > 0) {
		strcpy(name, piece[NAME].text);
		text_truncate_middle(piece[NAME].text, sizeof(piece->text), name,
				     text_width(name) - excess_width(context, piece),
				     context->canvas->ascii);
	}
}

static void put_pieces(struct text_writer *writer, const struct header_piece *piece, int first,
		       int end)
{
	for (; first < end; first++)
		if (piece[first].text[0]) {
			writer_put(writer, piece[first].style, piece[first].text);
			writer_skip(writer, gap_after(piece, first));
		}
}

void header_draw(const struct draw_context *context)
{
	struct header_piece piece[PIECES] = {
		[LABEL] = { .style = context_label_style(context->setup) },
		[NAME] = { .style = STYLE_HEADER },
		[HOST] = { .style = STYLE_DIM },
		[VIA] = { .style = STYLE_DIM },
		[READ_ONLY] = { .style = STYLE_HEADER },
		[INSECURE] = { .style = STYLE_DANGER },
		[PAUSED] = { .style = STYLE_HEADER },
		[SKEW] = { .style = STYLE_DANGER },
		[EVERY] = { .style = STYLE_DIM },
		[LATENCY] = { .style = STYLE_DIM },
	};
	struct text_writer writer =
		writer_at(context->canvas, context->zones.header, 1, context->canvas->cols);

	if (context->canvas->cols >= LAYOUT_WORDS_COLS)
		strcpy(piece[PROGRAM].text, "bdbtop");
	if (context->setup->read_only)
		strcpy(piece[READ_ONLY].text, "READ-ONLY");
	if (context->setup->insecure)
		strcpy(piece[INSECURE].text, "INSECURE");
	write_cluster(context, piece);
	write_skew(context, piece);
	write_phrase(context, piece);
	/* on a narrow screen the phrase ends at its first comma */
	memcpy(piece[PHRASE].shorter, piece[PHRASE].text, strcspn(piece[PHRASE].text, ","));
	shorten_pieces(context, piece);
	put_pieces(&writer, piece, PROGRAM, SKEW);
	writer.col = context->canvas->cols - 1 - (width_of(piece, SKEW, PIECES) - GAP);
	put_pieces(&writer, piece, SKEW, PIECES);
}
