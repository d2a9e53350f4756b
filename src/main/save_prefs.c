#include "save_prefs.h"

#include <stdio.h>
#include <string.h>

void save_prefs_load(struct save_prefs *saved, const char *cluster)
{
	saved->cluster = cluster;
	prefs_read(saved->state, saved->home, cluster, &saved->saved);
	settings_apply_prefs(saved->settings, &saved->saved);
}

static void copy_recent(struct prefs *prefs, const struct recent_filters *recent)
{
	size_t i;

	for (i = 0; i < PREFS_RECENT && i < recent->count; i++)
		snprintf(prefs->recent[i], sizeof(prefs->recent[i]), "%s", recent->expression[i]);
}

void save_prefs_on_change(void *arg, const struct session_prefs *chosen)
{
	struct save_prefs *saved = arg;
	const struct settings *settings = saved->settings;
	struct prefs fresh = saved->saved;
	struct err error;

	/* once changed it is the user's, even if it becomes the given value again */
	saved->own_sort |= !settings_is_given(settings, CONFIG_SORT) ||
			   chosen->order.column != settings->parsed.sort_order.column ||
			   chosen->order.reversed != settings->parsed.sort_order.reversed;
	saved->own_times |= !settings_is_given(settings, CONFIG_TIMES) ||
			    chosen->times != (enum time_format)settings->parsed.times;
	if (saved->own_sort)
		sort_order_format(&chosen->order, fresh.sort, sizeof(fresh.sort));
	if (saved->own_times)
		strcpy(fresh.times, time_format_words[chosen->times]);
	copy_recent(&fresh, chosen->recent);
	if (prefs_save(saved->state, saved->home, saved->cluster, &fresh, &error) < 0) {
		saved->error = error;
		return;
	}
	saved->saved = fresh;
	saved->error = (struct err){ .text = "" };
}

void save_prefs_apply(struct save_prefs *saved, struct session *session, bool save)
{
	const struct settings *settings = saved->settings;
	const char *filter = settings->parsed.filter.expression;
	char where[SETTING_SOURCE_BYTES];
	struct filter_error unused;
	size_t i;

	session_set_filter(session, filter, &unused);
	if (*filter)
		session_name_filter_source(session, settings_format_source(settings, CONFIG_FILTER,
									   where, sizeof(where)));
	session_set_order(session, settings->parsed.sort_order);
	session_set_times(session, (enum time_format)settings->parsed.times);
	for (i = PREFS_RECENT; i-- > 0;)
		session_add_recent_filter(session, saved->saved.recent[i]);
	if (save)
		session_set_save_prefs(session, save_prefs_on_change, saved);
}
