#include "save_prefs.h"

#include <stdio.h>
#include <string.h>

void save_prefs_load(struct save_prefs *saved, const char *cluster)
{
	saved->cluster = cluster;
	prefs_read(saved->state, saved->home, cluster, &saved->saved);
	settings_apply_prefs(saved->settings, &saved->saved);
}

void save_prefs_on_change(void *arg, const char *filter, struct sort_order order)
{
	struct save_prefs *saved = arg;
	const struct settings *settings = saved->settings;
	struct prefs fresh = saved->saved;
	struct err error;

	/* once changed it is the user's, even if it becomes the given value again */
	saved->own_filter |= !settings_is_given(settings, CONFIG_FILTER) ||
			     strcmp(filter, settings->parsed.filter.expression) != 0;
	saved->own_sort |= !settings_is_given(settings, CONFIG_SORT) ||
			   order.column != settings->parsed.sort_order.column ||
			   order.reversed != settings->parsed.sort_order.reversed;
	if (saved->own_filter)
		snprintf(fresh.filter, sizeof(fresh.filter), "%s", filter);
	if (saved->own_sort)
		sort_order_format(&order, fresh.sort, sizeof(fresh.sort));
	if (prefs_save(saved->state, saved->home, saved->cluster, &fresh, &error) < 0) {
		saved->error = error;
		return;
	}
	saved->saved = fresh;
	saved->error = (struct err){ .text = "" };
}
