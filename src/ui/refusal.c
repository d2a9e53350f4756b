/*
 * In the strip's place: the log-in was refused, and what that may cost.
 */
#include "bdbtop/ui/scene.h"

#include <stdio.h>

#define INDENT 3
#define LINES  4

struct refusal {
	char line[LINES][320];
	int count;
};

#define USUAL 5 /* that many lock the account */

void refusal_count(const struct cluster_face *face, char *out, size_t size)
{
	unsigned used = face->refusals;

	*out = '\0';
	if (used >= USUAL)
		snprintf(out, size, "%u were used from here: the account may be locked by now.",
			 used);
	else if (used)
		snprintf(out, size, "%u %s used from here, so at most %u %s left.", used,
			 used == 1 ? "was" : "were", USUAL - used,
			 USUAL - used == 1 ? "is" : "are");
}

static void write_refusal(const struct scene *scene, struct refusal *r)
{
	bool asked = scene->face->asking != ASKING_NOTHING;

	*r = (struct refusal){ .count = LINES };
	snprintf(r->line[0], sizeof(r->line[0]), "Log-in refused (401)%s%s. Nothing %s.",
		 scene->setup->user[0] ? " for " : "", scene->setup->user,
		 asked ? "is sent until you answer" : "more is sent");
	snprintf(r->line[1], sizeof(r->line[1]), "%s", REFUSAL_LOCK);
	refusal_count(scene->face, r->line[2], sizeof(r->line[2]));
	snprintf(r->line[3], sizeof(r->line[3]), "%s",
		 asked ? "enter or F5 asks for the password again."
		       : "q quits; start again with the right user and password.");
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
		prose.element = i ? EL_TEXT : EL_QUESTION;
		scene_prose(scene, &prose, r.line[i]);
	}
}
