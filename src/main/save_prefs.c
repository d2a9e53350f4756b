#include "save_prefs.h"

#include <stdio.h>
#include <string.h>

void save_prefs_load(struct save_prefs *keeping, const char *cluster)
{
	keeping->cluster = cluster;
	prefs_read(keeping->state, keeping->home, cluster, &keeping->saved);
	settings_apply_prefs(keeping->settings, &keeping->saved);
}

void save_prefs_on_change(void *arg, const char *filter, struct sort_order order)
{
	struct save_prefs *keeping = arg;
	const struct settings *choices = keeping->settings;
	struct prefs fresh = keeping->saved;
	struct err why;

	/* once changed it is the user's, also where it becomes what was given again */
	keeping->own_filter |= !settings_is_given(choices, CONFIG_FILTER) ||
			       strcmp(filter, choices->filter.expression) != 0;
	keeping->own_sort |= !settings_is_given(choices, CONFIG_SORT) ||
			     order.column != choices->sort_order.column ||
			     order.reversed != choices->sort_order.reversed;
	if (keeping->own_filter)
		snprintf(fresh.filter, sizeof(fresh.filter), "%s", filter);
	if (keeping->own_sort)
		sort_order_format(&order, fresh.sort, sizeof(fresh.sort));
	if (prefs_save(keeping->state, keeping->home, keeping->cluster, &fresh, &why) < 0) {
		keeping->error = why;
		return;
	}
	keeping->saved = fresh;
	keeping->error = (struct err){ .text = "" };
}
