/*
 * The notice line: an error of the cluster, else the notice of the session.
 */
#include <stdio.h>
#include <string.h>

#include "bdbtop/core/array.h"
#include "bdbtop/core/text.h"
#include "bdbtop/ui/draw_context.h"

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

/* Errors that come before the notice of the session. */
static void write_first(const struct draw_context *context, char *out, size_t size)
{
	const struct cluster_status *status = context->status;

	*out = '\0';
	if (status->conn == CONN_DOWN && status->has_list)
		write_down_error(context, out, size);
	else if (status->conn == CONN_UNTRUSTED && status->has_list)
		snprintf(out, size, "%s%s", status->error.text,
			 status->prompt_state == PROMPT_LATER ? " F5 asks again." : "");
}

/* Errors that are shown if the session has no notice. */
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

/* Clears the line of the notice, which may have the headings. */
static struct text_writer clear_line(const struct draw_context *context)
{
	int row = context->zones.notice >= 0 ? context->zones.notice : context->zones.headings;
	struct text_writer writer = writer_at(context->canvas, row, 0, context->canvas->cols);

	writer_field(&writer, STYLE_TEXT, context->canvas->cols, "");
	return writer_at(context->canvas, row, 1, context->canvas->cols - 1);
}

static int parts_width(const struct notice_part *part, size_t count)
{
	int width = 0;
	size_t i;

	for (i = 0; i < count; i++)
		width += text_width(part[i].text);
	return width;
}

/* The summary of a bulk with at most so many outcomes; the others become one number. */
static size_t write_short_bulk(const struct bulk *bulk, size_t max_outcomes,
			       struct notice_part *part)
{
	size_t rest = 0, count = 1;
	int sum;

	snprintf(part[0].text, sizeof(part[0].text), "reset of %zu: ", bulk->target_count);
	part[0].style = STYLE_TEXT;
	for (sum = 0; sum < BULK_OUTCOMES; sum++) {
		if (!bulk->count[sum])
			continue;
		if (count > max_outcomes) {
			rest += bulk->count[sum];
			continue;
		}
		snprintf(part[count].text, sizeof(part[count].text), "%s%zu %s",
			 count > 1 ? ", " : "", bulk->count[sum], bulk_outcome_defs[sum].word);
		part[count++].style = bulk_outcome_defs[sum].style;
	}
	if (rest)
		snprintf(part[count++].text, sizeof(part->text), "%s%zu more",
			 max_outcomes ? ", " : "", rest);
	return count;
}

/* The summary of an absence without its first words: `away (14m): db:3 failed`. */
static size_t write_short_absence(struct notice_part *part, size_t count, int cells)
{
	/* `while you were ` */
	part[0].text[0] = '\0';
	/* the last three parts are `   l more` */
	return parts_width(part, count) > cells && count > 3 ? count - 3 : count;
}

/*
 * Draws the notice of the session.  The summary of a bulk or an absence that does not fit is
 * shortened, and the numbers of a bulk still add up; other text is truncated.
 */
static void draw_parts(const struct draw_context *context, struct notice_part *part, size_t count)
{
	struct text_writer writer = clear_line(context);
	size_t max_outcomes = BULK_OUTCOMES, i;
	struct bulk bulk;

	if (parts_width(part, count) <= writer_cells_left(&writer) ||
	    context->view->notice[0])
		max_outcomes = 0;
	else if (!session_bulk(context->session, &bulk, NULL))
		count = write_short_absence(part, count, writer_cells_left(&writer));
	else
		do {
			memset(part, 0, NOTICE_PARTS * sizeof(*part));
			count = write_short_bulk(&bulk, max_outcomes, part);
		} while (parts_width(part, count) > writer_cells_left(&writer) && max_outcomes--);
	for (i = 0; i < count; i++)
		writer_put_truncated(&writer, part[i].style, part[i].text);
}

void notice_draw(const struct draw_context *context)
{
	struct notice_part part[NOTICE_PARTS];
	char notice[sizeof(struct err) + 64];
	struct text_writer writer;
	size_t count;

	write_first(context, notice, sizeof(notice));
	if (!notice[0]) {
		count = session_notice_parts(context->session, part);
		if (count) {
			draw_parts(context, part, count);
			return;
		}
		write_last(context, notice, sizeof(notice));
	}
	if (!notice[0])
		return;
	writer = clear_line(context);
	writer_put_truncated(&writer, STYLE_TEXT, notice);
}
