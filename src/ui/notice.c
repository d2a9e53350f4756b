/*
 * One sentence: trouble of the cluster, else what the session has to say.
 */
#include <stdio.h>
#include <string.h>

#include "bdbtop/core/text.h"
#include "bdbtop/ui/draw_context.h"

/* Since when goes into the first sentence: `Connection refused by … since 20:13:25Z. Is this …?` */
static void add_sentence(struct text *text, const char *sentence, const char *since)
{
	const char *end = strstr(sentence, ". ");
	size_t length = strlen(sentence);

	if (!end)
		end = length && strchr(".?!", sentence[length - 1]) ? sentence + length - 1
								    : sentence + length;
	text_addf(text, "%.*s%s%s", (int)(end - sentence), sentence, since, end);
}

/* As much of it as the line holds: the remedy comes before since when. */
static void write_trouble(const struct draw_context *context, char *out, size_t size)
{
	static const struct {
		bool since, remedy;
	} form[] = { { true, true }, { true, false }, { false, false } };
	char since[TIME_TEXT_SIZE + 16], point[TIME_TEXT_SIZE];
	struct text text;
	size_t i;

	context_point(context, context->status->down_since.wall_ms, point);
	snprintf(since, sizeof(since), " since %s", point);
	for (i = 0; i < sizeof(form) / sizeof(form[0]); i++) {
		text_init(&text, out, size);
		add_sentence(&text, context->status->error.text, form[i].since ? since : "");
		if (form[i].remedy && !context->status->retry_status)
			text_add(&text, " F5 tries now.");
		if (text_width(out) <= context->canvas->cols - 2)
			return;
	}
}

/* What the cluster itself is about: before all else, and where nobody else speaks. */
static void write_first(const struct draw_context *context, char *out, size_t size)
{
	const struct cluster_status *status = context->status;

	*out = '\0';
	if (status->conn == CONN_DOWN && status->has_list)
		write_trouble(context, out, size);
	else if (status->conn == CONN_UNTRUSTED && status->has_list)
		snprintf(out, size, "%s%s", status->error.text,
			 status->prompt_state == PROMPT_LATER ? " F5 asks again." : "");
}

static void write_last(const struct draw_context *context, char *out, size_t size)
{
	const struct cluster_status *status = context->status;

	*out = '\0';
	if (status->conn == CONN_LOGIN_REFUSED && session_detail_open(context->session))
		snprintf(out, size, "%s", status->error.text);
	else if (status->pin_error.text[0])
		snprintf(out, size, "%s", status->pin_error.text);
	else if (status->unreadable)
		snprintf(out, size, "%zu elements of the list could not be read as databases.",
			 status->unreadable);
}

/* Where the line of the notice is; what else stands in it gives way. */
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

/* What the sums of a bulk are when that many of them have a place: the rest is one number. */
static size_t brief_sums(const struct bulk *bulk, size_t places, struct notice_part *part)
{
	size_t rest = 0, count = 1;
	int sum;

	snprintf(part[0].text, sizeof(part[0].text), "reset of %zu: ", bulk->target_count);
	part[0].style = STYLE_TEXT;
	for (sum = 0; sum < BULK_OUTCOMES; sum++) {
		if (!bulk->count[sum])
			continue;
		if (count > places) {
			rest += bulk->count[sum];
			continue;
		}
		snprintf(part[count].text, sizeof(part[count].text), "%s%zu %s",
			 count > 1 ? ", " : "", bulk->count[sum], bulk_outcome_defs[sum].word);
		part[count++].style = bulk_outcome_defs[sum].style;
	}
	if (rest)
		snprintf(part[count++].text, sizeof(part->text), "%s%zu more", places ? ", " : "",
			 rest);
	return count;
}

/* `away (14m): db:3 failed`; with less of what only explains. */
static size_t brief_away(struct notice_part *part, size_t count, int room)
{
	static const char looked[] = "while you were ";
	char rest[sizeof(part->text)];

	if (strncmp(part[0].text, looked, sizeof(looked) - 1) != 0)
		return count;
	snprintf(rest, sizeof(rest), "%s", part[0].text + sizeof(looked) - 1);
	memcpy(part[0].text, rest, sizeof(rest));
	/* `   l more` */
	return parts_width(part, count) > room && count > 3 ? count - 3 : count;
}

/*
 * The session's own words, each in its colour.  A sum that the line does not hold is said shorter,
 * and its numbers add up all the same; of anything else the end is cut.
 */
static void draw_parts(const struct draw_context *context, struct notice_part *part, size_t count)
{
	struct text_writer writer = clear_line(context);
	size_t places = BULK_OUTCOMES, i;
	const struct cluster *of;
	struct bulk bulk;

	if (parts_width(part, count) <= writer_cells_left(&writer) ||
	    session_notice(context->session)[0])
		places = 0;
	else if (!session_bulk(context->session, &bulk, &of))
		count = brief_away(part, count, writer_cells_left(&writer));
	else
		do {
			memset(part, 0, NOTICE_PARTS * sizeof(*part));
			count = brief_sums(&bulk, places, part);
		} while (parts_width(part, count) > writer_cells_left(&writer) && places--);
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
