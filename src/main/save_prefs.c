#include "save_prefs.h"

#include <stdio.h>
#include <string.h>

void keeping_find(struct keeping *keeping, const char *cluster)
{
	keeping->cluster = cluster;
	prefs_read(keeping->state, keeping->home, cluster, &keeping->kept);
	choices_prefs(keeping->choices, &keeping->kept);
}

void keeping_keep(void *arg, const char *filter, struct sort_order order)
{
	struct keeping *keeping = arg;
	const struct choices *choices = keeping->choices;
	struct prefs fresh = keeping->kept;
	struct err why;

	/* once changed it is the user's, also where it becomes what was given again */
	keeping->own_filter |= !choices_given(choices, CONFIG_FILTER) ||
			       strcmp(filter, choices->filter.expression) != 0;
	keeping->own_sort |= !choices_given(choices, CONFIG_SORT) ||
			     order.column != choices->order.column ||
			     order.reversed != choices->order.reversed;
	if (keeping->own_filter)
		snprintf(fresh.filter, sizeof(fresh.filter), "%s", filter);
	if (keeping->own_sort)
		sort_order_format(&order, fresh.sort, sizeof(fresh.sort));
	if (prefs_save(keeping->state, keeping->home, keeping->cluster, &fresh, &why) < 0) {
		keeping->trouble = why;
		return;
	}
	keeping->kept = fresh;
	keeping->trouble = (struct err){ .text = "" };
}
