/*
 * The lines of notices: for a moment the reply to an unknown key, then an error of the cluster,
 * else the notice of the session; then the sums of bulks.
 */
#include <stdio.h>
#include <string.h>

#include "bdbtop/core/array.h"
#include "bdbtop/core/text.h"
#include "bdbtop/ui/draw_context.h"

#define SENTENCE_SIZE (sizeof(struct err) + 64)

/* Adds `since` to the first sentence: `Connection refused by … since 20:13:25Z. Is this …?` */
static void add_sentence(struct text *text, const char *sentence, const char *since)
{
	const char *end = strstr(sentence, ". ");
	size_t length = strlen(sentence);

	if (!end)
		end = length && strchr(".?!", sentence[length - 1]) ? sentence + length - 1
								    : sentence + length;
	text_addf(text, "%.*s%s%s", (int)(end - sentence), sentence, since, end);
}

/* As much as fits: the remedy is dropped before the time. */
static void write_down_error(const struct draw_context *context, char *out, size_t size)
{
	static const struct {
		bool since, remedy;
	} forms[] = { { true, true }, { true, false }, { false, false } };
	char since[TIME_TEXT_SIZE + 16], point[TIME_TEXT_SIZE];
	struct text text;
	size_t i;

	context_format_point(context, context->status->down_since.wall_ms, point);
	snprintf(since, sizeof(since), " since %s", point);
	for (i = 0; i < ARRAY_SIZE(forms); i++) {
		text_init(&text, out, size);
		add_sentence(&text, context->status->error.text, forms[i].since ? since : "");
		if (forms[i].remedy && !context->status->retry_status)
			text_add(&text, " F5 tries now.");
		if (text_width(out) <= context->canvas->cols - 2)
			return;
	}
}

static void write_unknown_key(const struct draw_context *context, char *out, size_t size)
{
	char key[KEY_TEXT];

	key_format(context->view->unknown_key, context->canvas->ascii, key);
	snprintf(out, size, "no key %s here; %s shows the keys", key,
		 commands[CMD_HELP].footer_key);
}

/* What comes before the notice of the session. */
static void write_first(const struct draw_context *context, char *out, size_t size)
{
	const struct cluster_status *status = context->status;

	*out = '\0';
	if (context->view->unknown_key) {
		write_unknown_key(context, out, size);
		return;
	}
	if (status->conn == CONN_DOWN && status->has_list)
		write_down_error(context, out, size);
	else if (status->conn == CONN_UNTRUSTED && status->has_list)
		snprintf(out, size, "%s%s", status->error.text,
			 status->prompt_state == PROMPT_LATER ? " F5 asks again." : "");
}

/* Errors that are shown if there is nothing else. */
static void write_last(const struct draw_context *context, char *out, size_t size)
{
	const struct cluster_status *status = context->status;

	*out = '\0';
	if (status->conn == CONN_LOGIN_REFUSED && context->view->detail_open)
		snprintf(out, size, "%s", status->error.text);
	else if (status->pin_error.text[0])
		snprintf(out, size, "%s", status->pin_error.text);
	else if (status->unreadable)
		snprintf(out, size, "%zu elements of the list could not be read as databases.",
			 status->unreadable);
}

/* Clears a line, which may have the headings or a row of the list. */
static struct text_writer clear_line(const struct draw_context *context, int row)
{
	bool beside = context->detail == DETAIL_BESIDE && row >= context->zones.headings;
	int cols = beside ? layout_beside_list(context->canvas->cols) : context->canvas->cols;
	struct text_writer writer = writer_at(context->canvas, row, 0, cols);

	writer_field(&writer, STYLE_TEXT, cols, "");
	return writer_at(context->canvas, row, 1, cols - 1);
}

static int part_width(const struct notice_part *part)
{
	return part->bar_cells ? part->bar_cells : text_width(part->text);
}

static int parts_width(const struct notice_part *part, size_t count)
{
	int width = 0;
	size_t i;

	for (i = 0; i < count; i++)
		width += part_width(&part[i]);
	return width;
}

/* The notice of the session, or a sum if line is not NULL, in one form; returns the parts. */
static size_t make_parts(const struct draw_context *context, const struct sum_line *line,
			 unsigned form, struct notice_part part[NOTICE_PARTS])
{
	return line ? session_sum_parts(context->session, line, form, part)
		    : session_notice_parts(context->session, form, part);
}

/*
 * Draws the notice of the session, or a sum, in the longest form that fits; truncates it if none
 * does.  Returns false if there is no notice.
 */
static bool draw_parts(const struct draw_context *context, int row, const struct sum_line *line)
{
	struct notice_part part[NOTICE_PARTS];
	struct text_writer writer;
	unsigned form = 0;
	size_t count = make_parts(context, line, form, part), i;

	if (!count)
		return false;
	writer = clear_line(context, row);
	while (parts_width(part, count) > writer_cells_left(&writer) && form++ < NOTICE_FORMS)
		count = make_parts(context, line, form, part);
	for (i = 0; i < count; i++)
		if (part[i].bar_cells)
			writer_gauge(&writer, part[i].style, part[i].bar_cells,
				     part[i].bar_percent);
		else
			writer_put_truncated(&writer, part[i].style, part[i].text);
	return true;
}

static int first_row(const struct draw_context *context)
{
	return context->zones.notice >= 0 ? context->zones.notice : context->zones.headings;
}

static size_t part_count(const struct draw_context *context)
{
	struct notice_part part[NOTICE_PARTS];

	return session_notice_parts(context->session, 0, part);
}

/* The sentence of the first line; empty if parts or sums take its place. */
static void write_sentence(const struct draw_context *context, char out[SENTENCE_SIZE])
{
	write_first(context, out, SENTENCE_SIZE);
	if (!*out)
		snprintf(out, SENTENCE_SIZE, "%s", context->view->notice);
	if (!*out && !part_count(context) && !session_sum_count(context->session))
		write_last(context, out, SENTENCE_SIZE);
}

/* Two if a sentence needs them, where the second is directly below the first. */
static size_t sentence_lines(const struct draw_context *context, const char *sentence)
{
	return 1 + (text_width(sentence) > context->canvas->cols - 2 &&
		    context->zones.notice >= 0 && context->detail != DETAIL_FULL &&
		    !session_sum_count(context->session));
}

void notice_layout(struct draw_context *context)
{
	struct zones *zones = &context->zones;
	size_t lines = session_sum_count(context->session);
	char sentence[SENTENCE_SIZE];

	write_sentence(context, sentence);
	lines += sentence[0] ? sentence_lines(context, sentence) : part_count(context) > 0;
	if (lines < 2)
		return;
	/* without a line for notices, the headings are replaced already */
	if (zones->notice >= 0)
		zones->second_notice = zones->headings;
	else if (context->detail == DETAIL_CLOSED && zones->list_rows > 1)
		zones->second_notice = zones->list + --zones->list_rows;
}

/* Returns the lines used. */
static size_t draw_sentence(const struct draw_context *context, const int row[2], char *sentence)
{
	size_t lines = row[1] >= 0 ? sentence_lines(context, sentence) : 1, at = 0, skip;
	struct text_writer writer = clear_line(context, row[0]);

	if (lines > 1) {
		at = text_next_line(sentence, writer_cells_left(&writer), &skip);
		writer_putf(&writer, STYLE_TEXT, "%.*s", (int)at, sentence);
		writer = clear_line(context, row[1]);
		at += skip;
	}
	writer_put_truncated(&writer, STYLE_TEXT, sentence + at);
	return lines;
}

void notice_draw(const struct draw_context *context)
{
	const int row[] = { first_row(context), context->zones.second_notice };
	size_t rows = row[1] >= 0 ? 2 : 1, used, sums = session_sum_count(context->session);
	struct sum_line line = { .index = 0 };
	char sentence[SENTENCE_SIZE];

	write_sentence(context, sentence);
	used = sentence[0] ? draw_sentence(context, row, sentence)
			   : draw_parts(context, row[0], NULL);
	for (; used < rows && line.index < sums; used++, line.index++) {
		if (used + 1 == rows)
			line.more = sums - line.index - 1;
		draw_parts(context, row[used], &line);
	}
}
