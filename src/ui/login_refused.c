/*
 * In the strip's place: the log-in was refused, and what that may cost.
 */
#include "bdbtop/ui/draw_context.h"

#include <stdio.h>

#define INDENT 3
#define LINES  5

struct login_refused {
	char lines[LINES][320];
	int count;
};

#define USUAL 5 /* that many lock the account */

void login_refused_count(const struct cluster_status *face, char *out, size_t size)
{
	unsigned used = face->login_refusals;

	*out = '\0';
	/* an account that is shut for another reason has no attempts to count */
	if (face->login_refusal != LOGIN_REFUSED)
		return;
	if (used >= USUAL)
		snprintf(out, size, "%u were used from here: the account may be locked by now.",
			 used);
	else if (used)
		snprintf(out, size, "%u %s used from here, so at most %u %s left.", used,
			 used == 1 ? "was" : "were", USUAL - used,
			 USUAL - used == 1 ? "is" : "are");
}

void login_refused_words(const struct cluster_status *face, char *out, size_t size)
{
	*out = '\0';
	if (face->login_words[0])
		snprintf(out, size, "The cluster says: %s", face->login_words);
}

const char *login_refused_remedy(const struct cluster_status *face)
{
	const char *remedy = login_refusal_remedy(face->login_refusal);

	return *remedy ? remedy : LOGIN_LOCKOUT_TRIES;
}

/* The next line; one without words is none. */
static void add_line(struct login_refused *r)
{
	r->count += r->lines[r->count][0] != '\0';
}

static void write_refusal(const struct draw_context *scene, struct login_refused *r)
{
	bool asked = scene->status->prompt_state != PROMPT_NONE;

	*r = (struct login_refused){ 0 };
	snprintf(r->lines[r->count], sizeof(r->lines[0]), "Log-in refused (401)%s%s. Nothing %s.",
		 scene->setup->user[0] ? " for " : "", scene->setup->user,
		 asked ? "is sent until you answer" : "more is sent");
	add_line(r);
	login_refused_words(scene->status, r->lines[r->count], sizeof(r->lines[0]));
	add_line(r);
	snprintf(r->lines[r->count], sizeof(r->lines[0]), "%s",
		 login_refused_remedy(scene->status));
	add_line(r);
	login_refused_count(scene->status, r->lines[r->count], sizeof(r->lines[0]));
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

int login_refused_rows(const struct draw_context *scene)
{
	struct login_refused r;
	int rows = 0, i;

	write_refusal(scene, &r);
	for (i = 0; i < r.count; i++)
		rows += paragraph_rows(r.lines[i], scene->canvas->cols - col_of(i));
	return rows;
}

void login_refused_draw(const struct draw_context *scene)
{
	struct text_flow prose = { .row = scene->zones.summary,
				   .end = scene->zones.summary + scene->zones.summary_rows };
	struct login_refused r;
	int i;

	write_refusal(scene, &r);
	for (i = 0; i < r.count; i++) {
		prose.col = col_of(i);
		prose.style = i ? STYLE_TEXT : STYLE_QUESTION;
		draw_paragraph(scene, &prose, r.lines[i]);
	}
}
