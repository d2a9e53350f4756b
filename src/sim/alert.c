#include "alert.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bdbtop/core/time.h"
#include "memory.h"

static const char delayed[] = "bdb_backup_delayed";

static struct sim_alert *find_alert(const struct sim_bdb *bdb, const char *name)
{
	struct sim_alert *alert;

	for (alert = bdb->alerts; alert; alert = alert->next)
		if (strcmp(alert->name, name) == 0)
			break;
	return alert;
}

struct sim_alert *sim_alert_get(struct sim_bdb *bdb, const char *name)
{
	struct sim_alert *alert = find_alert(bdb, name);

	if (alert)
		return alert;
	alert = sim_memory_new(1, sizeof(*alert));
	alert->name = sim_memory_copy(name);
	alert->enabled = alert->state = -1;
	alert->next = bdb->alerts;
	bdb->alerts = alert;
	return alert;
}

void sim_alert_clear(struct sim_bdb *bdb)
{
	while (bdb->alerts) {
		struct sim_alert *first = bdb->alerts;

		bdb->alerts = first->next;
		free(first->name);
		free(first->threshold);
		free(first->severity);
		free(first);
	}
}

/* Minutes; -1 if the threshold is not a number, and the alert then stays off. */
static int64_t limit_minutes(const struct sim_bdb *bdb, const struct sim_alert *given)
{
	char *end;
	long long minutes;

	if (!given || !given->threshold)
		return bdb->backup_interval_s / 60 + 60;
	minutes = strtoll(given->threshold, &end, 10);
	return end == given->threshold || minutes < 0 || minutes > 100000000 ? -1 : minutes;
}

int64_t sim_alert_delayed_at_s(const struct sim_bdb *bdb)
{
	const struct sim_alert *given = find_alert(bdb, delayed);
	int64_t last_s = bdb->op[SIM_BACKUP].last_ok_s, minutes = limit_minutes(bdb, given);

	if (!bdb->backup_enabled || bdb->backup_interval_s <= 0 || minutes < 0 ||
	    (given && (given->enabled == 0 || given->state >= 0)))
		return INT64_MAX;
	return (last_s ? last_s : bdb->created_s) + minutes * 60;
}

void sim_alert_schedule(struct sim_bdb *bdb, int64_t now_ms)
{
	int64_t delayed_at_s = sim_alert_delayed_at_s(bdb);

	bdb->delayed_at_ms = delayed_at_s < INT64_MAX && delayed_at_s * 1000 > now_ms
				     ? delayed_at_s * 1000
				     : TIME_NEVER;
}

/* The values that are reported. */
struct alert_view {
	const char *threshold, *severity;
	bool enabled, state;
	int64_t change_s;
};

static void put_alert(const char *name, const struct alert_view *view, struct sim_buffer *out)
{
	sim_json_open(out, name, '{');
	sim_json_boolean(out, "enabled", view->enabled);
	sim_json_boolean(out, "state", view->state);
	sim_json_string(out, "threshold", view->threshold);
	sim_json_string(out, "severity", view->severity);
	sim_json_time(out, "change_time", view->change_s);
	sim_json_open(out, "change_value", '{');
	sim_json_boolean(out, "state", view->state);
	sim_json_string(out, "threshold", view->threshold);
	sim_json_close(out, '}');
	sim_json_close(out, '}');
}

/* name accepts NULL: without the key. */
static void put_given(const struct sim_bdb *bdb, const char *name, const struct sim_alert *given,
		      struct sim_buffer *out)
{
	const struct alert_view view = {
		.threshold = given->threshold ? given->threshold : "",
		.severity = given->severity ? given->severity : "WARNING",
		.enabled = given->enabled != 0,
		.state = given->state > 0,
		.change_s = given->change_s ? given->change_s : bdb->created_s,
	};

	put_alert(name, &view, out);
}

static void put_delayed(const struct sim_bdb *bdb, const char *name, int64_t now_ms,
			struct sim_buffer *out)
{
	const struct sim_alert *given = find_alert(bdb, delayed);
	int64_t delayed_at_s = sim_alert_delayed_at_s(bdb), last_s = bdb->op[SIM_BACKUP].last_ok_s;
	bool on = delayed_at_s < INT64_MAX && delayed_at_s * 1000 <= now_ms;
	char minutes[24];
	struct alert_view view = {
		.severity = given && given->severity ? given->severity : "WARNING",
		.threshold = minutes,
		.enabled = !given || given->enabled != 0,
		.state = on,
		.change_s = on	     ? delayed_at_s
			    : last_s ? last_s
				     : bdb->created_s,
	};

	snprintf(minutes, sizeof(minutes), "%" PRId64, limit_minutes(bdb, NULL));
	if (given && given->threshold)
		view.threshold = given->threshold;
	put_alert(name, &view, out);
}

/* True if bdb_backup_delayed follows the backups, and is not set. */
static bool shows_delayed_alert(const struct sim_bdb *bdb)
{
	const struct sim_alert *given = find_alert(bdb, delayed);

	return bdb->backup_enabled && (!given || given->state < 0);
}

void sim_alert_write(const struct sim_bdb *bdb, const char *key, int64_t now_ms,
		     struct sim_buffer *out)
{
	const struct sim_alert *given;

	sim_json_open(out, key, '{');
	if (shows_delayed_alert(bdb))
		put_delayed(bdb, delayed, now_ms, out);
	for (given = bdb->alerts; given; given = given->next)
		if (strcmp(given->name, delayed) != 0 || !shows_delayed_alert(bdb))
			put_given(bdb, given->name, given, out);
	sim_json_close(out, '}');
}

bool sim_alert_write_one(const struct sim_bdb *bdb, const char *name, int64_t now_ms,
			 struct sim_buffer *out)
{
	const struct sim_alert *given = find_alert(bdb, name);

	if (strcmp(name, delayed) == 0 && shows_delayed_alert(bdb))
		put_delayed(bdb, NULL, now_ms, out);
	else if (given)
		put_given(bdb, NULL, given, out);
	else
		return false;
	return true;
}
