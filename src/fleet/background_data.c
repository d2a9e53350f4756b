/*
 * What is read of all databases beside the list: the cluster's log, alerts for delayed backups,
 * running actions, modules and tags.
 */
#include "cluster_internal.h"

#include <stdlib.h>
#include <string.h>

static bool is_delay_alert(const struct alert *alert)
{
	const char *name = alert->name;

	return alert->enabled && alert->on &&
	       !strcmp(strncmp(name, "bdb_", 4) ? name : name + 4, "backup_delayed");
}

bool background_apply_alerts(struct cluster *c, const struct data_reply *reply)
{
	const struct cluster_data *data = reply->data;
	struct background_data *background = &c->background;
	struct delay_alert *delayed = malloc((data->alert_count + 1) * sizeof(*delayed));
	size_t i, count = 0;

	if (!delayed)
		return false;
	for (i = 0; i < data->alert_count; i++)
		if (is_delay_alert(&data->alerts[i]))
			delayed[count++] =
				(struct delay_alert){ .uid = data->alerts[i].uid,
						      .since_s = data->alerts[i].since_s };
	qsort(delayed, count, sizeof(*delayed), int64_compare_at);
	if (count != background->delay_alert_count ||
	    (count && memcmp(delayed, background->delay_alerts, count * sizeof(*delayed)) != 0))
		cluster_mark_changed(c);
	free(background->delay_alerts);
	background->delay_alerts = delayed;
	background->delay_alert_count = count;
	return true;
}

bool cluster_has_delay_alert(const struct cluster *c, int64_t uid, int64_t *since_s)
{
	const struct background_data *background = &c->background;
	const struct delay_alert *found =
		array_find(&uid, background->delay_alerts, background->delay_alert_count,
			   sizeof(*background->delay_alerts), int64_compare_at);

	if (!found)
		return false;
	*since_s = found->since_s;
	return true;
}

static void bdb_infos_free(struct bdb_info **info, size_t count)
{
	while (count)
		free(info[--count]);
	free(info);
}

/* All of them or none: with a part, a filter would omit databases silently. */
bool background_apply_bdb_info(struct cluster *c, const struct data_reply *reply)
{
	struct background_data *background = &c->background;
	size_t i, count = reply->data->bdb_info_count;
	struct bdb_info **copies = malloc((count + 1) * sizeof(struct bdb_info *));

	for (i = 0; copies && i < count; i++) {
		copies[i] = bdb_info_copy(&reply->data->bdb_infos[i]);
		if (copies[i])
			continue;
		bdb_infos_free(copies, i);
		copies = NULL;
	}
	if (!copies)
		return false;
	qsort(copies, count, sizeof(*copies), int64_compare_behind);
	bdb_infos_free(background->bdb_info, background->bdb_info_count);
	background->bdb_info = copies;
	background->bdb_info_count = count;
	/* the rpo of a tag */
	if (c->setup.rpo.by_tag.count)
		findings_update_all_quietly(c);
	return true;
}

void background_on_bdb_info(struct cluster *c, const struct data_reply *reply, bool applied)
{
	struct err *error = &c->background.bdb_info_error;

	c->background.bdb_info_complete = true;
	if (applied)
		error->text[0] = '\0';
	else if (reply->result == DATA_OK)
		err_set(error, ERR_RETRY, "out of memory.");
	else
		*error = *reply->error;
	cluster_mark_rows_changed(c);
}

void cluster_want_bdb_info(struct cluster *c, bool wanted)
{
	c->background.bdb_info_wanted = wanted || c->setup.rpo.by_tag.count;
}

bool cluster_bdb_info_is_complete(const struct cluster *c, const struct err **error)
{
	const struct background_data *background = &c->background;

	if (error)
		*error = *background->bdb_info_error.text ? &background->bdb_info_error : NULL;
	return !background->bdb_info_wanted || background->bdb_info_complete;
}

/* Past events change findings, but are no transitions of this run. */
bool background_apply_events(struct cluster *c, const struct data_reply *reply)
{
	roster_backfill(c->roster, reply->data, reply->uid, findings_moment(c, reply->received_ms));
	findings_update_all_quietly(c);
	cluster_mark_changed(c);
	return true;
}

bool background_apply_actions(struct cluster *c, const struct data_reply *reply)
{
	roster_heartbeat(c->roster, reply->data, findings_moment(c, reply->received_ms));
	findings_update(c);
	cluster_mark_changed(c);
	return true;
}

void background_release(struct cluster *c)
{
	bdb_infos_free(c->background.bdb_info, c->background.bdb_info_count);
	free(c->background.delay_alerts);
}
