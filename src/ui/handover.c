/*
 * The hand-over as a page.  Selected on the screen and pasted into a shell, it must run the same as
 * the text itself: wrapped lines continue as a shell reads them.
 */
#include "page_internal.h"

#include <stdio.h>
#include <string.h>

#include "bdbtop/core/text.h"

#define COMMENT	  "# "
#define CONTINUED " \\"
#define INDENT	  2 /* of continued lines */

/* Length in bytes up to the last space outside quotes that leaves cells for the backslash; 0:
 * none. */
static size_t call_break(const char *call, int cells)
{
	char head[HANDOVER_SIZE];
	bool quoted = false;
	size_t i, last = 0;

	for (i = 0; call[i]; i++) {
		if (call[i] == '\'')
			quoted = !quoted;
		else if (!quoted && call[i] == '\\' && call[i + 1])
			i++;
		if (quoted || call[i] != ' ')
			continue;
		snprintf(head, sizeof(head), "%.*s", (int)i, call);
		if (text_width(head) > cells - text_width(CONTINUED))
			break;
		last = i;
	}
	return last;
}

/* The curl line, continued on the next line with a backslash. */
static void put_call(struct scroll_page *page, const char *call)
{
	int cells = page->context->canvas->cols - 1, indent = 0;

	while (*call) {
		struct text_writer writer = page_line(page);
		size_t length = strlen(call), skip = 0, at;

		writer_skip(&writer, indent);
		at = text_width(call) > cells - indent ? call_break(call, cells - indent) : 0;
		if (at) {
			writer_putf(&writer, STYLE_HEADER, "%.*s" CONTINUED, (int)at, call);
			call += at + 1;
			indent = INDENT;
			continue;
		}
		/* no space to break at: wrap without a backslash, as a terminal does */
		if (text_width(call) > cells - indent)
			length = text_next_line(call, cells - indent, &skip);
		writer_putf(&writer, STYLE_HEADER, "%.*s", (int)length, call);
		call += length;
	}
}

/* A comment; each wrapped line is a comment too. */
static void put_comment(struct scroll_page *page, const char *line)
{
	int cells = page->context->canvas->cols - 1 - text_width(COMMENT), indent;
	size_t length, skip;

	line += strspn(line, "#");
	line += *line == ' ';
	indent = (int)strspn(line, " ");
	line += indent;
	do {
		struct text_writer writer = page_line(page);

		length = text_next_line(line, cells - indent, &skip);
		writer_put(&writer, STYLE_DIM, COMMENT);
		writer_skip(&writer, indent);
		writer_putf(&writer, STYLE_TEXT, "%.*s", (int)length, line);
		line += length + skip;
	} while (*line);
}

static void put_text(struct scroll_page *page, const char *text)
{
	char line[HANDOVER_SIZE];

	while (*text) {
		size_t length = strcspn(text, "\n");

		snprintf(line, sizeof(line), "%.*s", (int)length, text);
		if (*line == '#')
			put_comment(page, line);
		else if (*line)
			put_call(page, line);
		else
			page_line(page);
		text += length + (text[length] == '\n');
	}
}

/* The title with the outcome of the copy; returns the row below. */
static int draw_title(const struct draw_context *context)
{
	static const char title[] = "hand-over";
	const char *outcome = context->view->copy_outcome;
	struct text_flow flow = { .row = 0,
				  .end = context->canvas->rows,
				  .col = 1,
				  .highlight_length = sizeof(title) - 1,
				  .highlight_style = STYLE_HEADER };
	char text[256];

	snprintf(text, sizeof(text), "%s%s%s", title, *outcome ? ": " : "", outcome);
	if (strncmp(outcome, "not sent", 8) == 0)
		flow.style = STYLE_OVERDUE;
	draw_paragraph(context, &flow, text);
	return flow.row;
}

void handover_draw(const struct draw_context *context)
{
	int row = draw_title(context);
	struct scroll_page page;
	bool counting = true;

	row += context->zones.notice >= 0;
	do {
		page_begin(&page, context, row, counting);
		put_text(&page, context->view->handover);
		page_end(&page);
		counting = !counting;
	} while (!counting);
}
