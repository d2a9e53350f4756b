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

/*
 * Draws the notice of the session in the longest form that fits; truncates it if none does.
 * Returns false if there is no notice.
 */
static bool draw_parts(const struct draw_context *context)
{
	const int cells = context->canvas->cols - 2;
	struct notice_part part[NOTICE_PARTS];
	struct text_writer writer;
	unsigned form = 0;
	size_t count, i;

	do
		count = session_notice_parts(context->session, form, part);
	while (parts_width(part, count) > cells && form++ < NOTICE_FORMS);
	if (!count)
		return false;
	writer = clear_line(context);
	for (i = 0; i < count; i++)
		writer_put_truncated(&writer, part[i].style, part[i].text);
	return true;
}

void notice_draw(const struct draw_context *context)
{
	char notice[sizeof(struct err) + 64];
	struct text_writer writer;

	write_first(context, notice, sizeof(notice));
	if (!notice[0]) {
		if (draw_parts(context))
			return;
		write_last(context, notice, sizeof(notice));
	}
	if (!notice[0])
		return;
	writer = clear_line(context);
	writer_put_truncated(&writer, STYLE_TEXT, notice);
}
