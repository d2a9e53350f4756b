/*
 * In the strip's place: the log-in was refused, and what that may cost.
 */
#include "bdbtop/ui/draw_context.h"

#include <stdio.h>

#define INDENT 3
#define LINES  5

struct refusal {
	char line[LINES][320];
	int count;
};

#define USUAL 5 /* that many lock the account */

void refusal_count(const struct cluster_status *face, char *out, size_t size)
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

void refusal_words(const struct cluster_status *face, char *out, size_t size)
{
	*out = '\0';
	if (face->login_words[0])
		snprintf(out, size, "The cluster says: %s", face->login_words);
}

const char *refusal_remedy(const struct cluster_status *face)
{
	const char *remedy = login_refusal_remedy(face->login_refusal);

	return *remedy ? remedy : REFUSAL_LOCK;
}

/* The next line; one without words is none. */
static void add_line(struct refusal *r)
{
	r->count += r->line[r->count][0] != '\0';
}

static void write_refusal(const struct scene *scene, struct refusal *r)
{
	bool asked = scene->face->prompt_state != PROMPT_NONE;

	*r = (struct refusal){ 0 };
	snprintf(r->line[r->count], sizeof(r->line[0]), "Log-in refused (401)%s%s. Nothing %s.",
		 scene->setup->user[0] ? " for " : "", scene->setup->user,
		 asked ? "is sent until you answer" : "more is sent");
	add_line(r);
	refusal_words(scene->face, r->line[r->count], sizeof(r->line[0]));
	add_line(r);
	snprintf(r->line[r->count], sizeof(r->line[0]), "%s", refusal_remedy(scene->face));
	add_line(r);
	refusal_count(scene->face, r->line[r->count], sizeof(r->line[0]));
	add_line(r);
	snprintf(r->line[r->count], sizeof(r->line[0]), "%s",
		 asked ? "enter or F5 asks for the password again."
		       : "q quits; start again with the right user and password.");
	add_line(r);
}

static int col_of(int line)
{
	return line ? INDENT : 1;
}

int refusal_rows(const struct scene *scene)
{
	struct refusal r;
	int rows = 0, i;

	write_refusal(scene, &r);
	for (i = 0; i < r.count; i++)
		rows += scene_prose_rows(r.line[i], scene->canvas->cols - col_of(i));
	return rows;
}

void refusal_draw(const struct scene *scene)
{
	struct prose prose = { .row = scene->z.strip, .end = scene->z.strip + scene->z.strip_rows };
	struct refusal r;
	int i;

	write_refusal(scene, &r);
	for (i = 0; i < r.count; i++) {
		prose.col = col_of(i);
		prose.element = i ? STYLE_TEXT : STYLE_QUESTION;
		scene_prose(scene, &prose, r.line[i]);
	}
}
