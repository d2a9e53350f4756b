/*
 * What a scenario expects of the causes view.
 */
#include "scenario_internal.h"

void scenario_get_causes(struct scenario_run *p, struct text *got)
{
	const struct session_view *view = session_view(p->stage.session);
	size_t i;

	if (!view->by_cause)
		text_add(got, "no");
	for (i = 0; view->by_cause && i < causes_count(view->causes); i++) {
		const struct cause_group *group = causes_at(view->causes, i);

		text_addf(got, "%s%s%s%s %s %s %zu", i ? "; " : "",
			  i == view->cause_row ? ">" : "",
			  session_cause_is_marked(p->stage.session, group) ? "*" : "",
			  op_defs[group->cause.kind].word, verdict_defs[group->cause.state].count,
			  group->cause.reason[0] ? group->cause.reason : "-", group->count);
	}
}
