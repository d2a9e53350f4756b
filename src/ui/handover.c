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
static void put_call(struct text_flow *flow, const char *call)
{
	int cells = flow->cells - 1, indent = 0;

	while (*call) {
		struct text_writer writer = flow_writer(flow, 1 + indent);
		size_t length = strlen(call), skip = 0, at;

		at = text_width(call) > cells - indent ? call_break(call, cells - indent) : 0;
		if (at) {
			writer_putf(&writer, STYLE_HEADER, "%.*s" CONTINUED, (int)at, call);
			call += at + 1;
			indent = INDENT;
			flow_next_row(flow);
			continue;
		}
		/* no space to break at: wrap without a backslash, as a terminal does */
		if (text_width(call) > cells - indent)
			length = text_next_line(call, cells - indent, &skip);
		writer_putf(&writer, STYLE_HEADER, "%.*s", (int)length, call);
		call += length;
		flow_next_row(flow);
	}
}

/* A comment; each wrapped line is a comment too. */
static void put_comment(struct text_flow *flow, const char *line)
{
	struct flow_paragraph comment = { .col = 1 + text_width(COMMENT),
					  .label = COMMENT,
					  .repeats_label = true,
					  .label_col = 1,
					  .label_style = STYLE_DIM };

	line += strspn(line, "#");
	line += *line == ' ';
	comment.text = line + strspn(line, " ");
	comment.col += (int)(comment.text - line);
	flow_add(flow, &comment);
}

static void put_text(struct text_flow *flow, const char *text)
{
	char line[HANDOVER_SIZE];

	while (*text) {
		size_t length = strcspn(text, "\n");

		snprintf(line, sizeof(line), "%.*s", (int)length, text);
		if (*line == '#')
			put_comment(flow, line);
		else if (*line)
			put_call(flow, line);
		else
			flow_next_row(flow);
		text += length + (text[length] == '\n');
	}
}

/* The title with the outcome of the copy. */
static void put_title(const struct draw_context *context, struct text_flow *flow)
{
	const char *title = context->view->is_report ? "report" : "hand-over";
	const char *outcome = context->view->copy_outcome;
	char text[256];
	struct flow_paragraph line = { .text = text,
				       .col = 1,
				       .highlight_length = strlen(title),
				       .highlight_style = STYLE_HEADER };

	snprintf(text, sizeof(text), "%s%s%s", title, *outcome ? ": " : "", outcome);
	if (context->view->copy_failed)
		line.style = STYLE_OVERDUE;
	flow_add(flow, &line);
}

void handover_draw(const struct draw_context *context)
{
	struct canvas *canvas = context->canvas;
	struct text_flow flow;
	int row;

	flow_init(&flow, canvas->cols, canvas->ascii);
	put_title(context, &flow);
	context_draw_flow(context, &flow, 0, canvas->rows);
	row = (int)flow.rows + (context->zones.notice >= 0);
	flow_init(&flow, canvas->cols, canvas->ascii);
	put_text(&flow, context->view->handover);
	page_draw(context, &flow, row);
}
