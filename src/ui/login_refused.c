/*
 * In place of the summary: the log-in was refused, and when the account may be locked.
 */
#include <stdio.h>

#include "bdbtop/ui/draw_context.h"

#define INDENT 3
#define LINES  5

struct login_refused {
	char lines[LINES][320];
	int count;
};

#define LOCKOUT_TRIES 5 /* refusals that lock the account by default */

void login_refused_format_count(const struct cluster_status *status, char *out, size_t size)
{
	unsigned used = status->login_refusals;

	*out = '\0';
	/* for another reason the number of tries does not matter */
	if (status->login_refusal != LOGIN_REFUSED)
		return;
	if (used >= LOCKOUT_TRIES)
		snprintf(out, size, "%u attempts were made from here: the account may be locked "
				    "now.",
			 used);
	else if (used)
		snprintf(out, size, "%u %s used from here, so at most %u %s left.", used,
			 used == 1 ? "was" : "were", LOCKOUT_TRIES - used,
			 LOCKOUT_TRIES - used == 1 ? "is" : "are");
}

void login_refused_format_message(const struct cluster_status *status, char *out, size_t size)
{
	*out = '\0';
	if (status->login_words[0])
		snprintf(out, size, "The cluster says: %s", status->login_words);
}

const char *login_refused_remedy(const struct cluster_status *status)
{
	const char *remedy = login_refusal_remedy(status->login_refusal);

	return *remedy ? remedy : LOGIN_LOCKOUT_TRIES;
}

/* Keeps the line just written, unless it is empty. */
static void add_line(struct login_refused *r)
{
	r->count += r->lines[r->count][0] != '\0';
}

static void write_refusal(const struct draw_context *context, struct login_refused *r)
{
	bool asked = context->status->prompt_state != PROMPT_NONE;

	*r = (struct login_refused){ 0 };
	snprintf(r->lines[r->count], sizeof(r->lines[0]), "Log-in refused (401)%s%s. Nothing %s.",
		 context->setup->user[0] ? " for " : "", context->setup->user,
		 asked ? "is sent until you answer" : "more is sent");
	add_line(r);
	login_refused_format_message(context->status, r->lines[r->count], sizeof(r->lines[0]));
	add_line(r);
	snprintf(r->lines[r->count], sizeof(r->lines[0]), "%s",
		 login_refused_remedy(context->status));
	add_line(r);
	login_refused_format_count(context->status, r->lines[r->count], sizeof(r->lines[0]));
	add_line(r);
	snprintf(r->lines[r->count], sizeof(r->lines[0]), "%s",
		 asked ? "enter or F5 asks for the password again."
		       : "q quits; start again with the right user and password.");
	add_line(r);
}

static int col_of(int line)
{
	return line ? INDENT : 1;
}

int login_refused_rows(const struct draw_context *context)
{
	struct login_refused r;
	int rows = 0, i;

	write_refusal(context, &r);
	for (i = 0; i < r.count; i++)
		rows += paragraph_rows(r.lines[i], context->canvas->cols - col_of(i));
	return rows;
}

void login_refused_draw(const struct draw_context *context)
{
	struct text_flow flow = { .row = context->zones.summary,
				  .end = context->zones.summary + context->zones.summary_rows };
	struct login_refused r;
	int i;

	write_refusal(context, &r);
	for (i = 0; i < r.count; i++) {
		flow.col = col_of(i);
		flow.style = i ? STYLE_TEXT : STYLE_QUESTION;
		draw_paragraph(context, &flow, r.lines[i]);
	}
}
