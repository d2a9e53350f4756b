#include "report.h"

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

static int64_t last_success_s(const struct sim_bdb *bdb)
{
	int64_t last_s = bdb->op[SIM_BACKUP].last_ok_s;

	return last_s ? last_s : bdb->created_s;
}

int64_t sim_alert_delayed_at_s(const struct sim_bdb *bdb)
{
	const struct sim_alert *given = find_alert(bdb, delayed);
	int64_t minutes = limit_minutes(bdb, given);

	if (!bdb->backup_enabled || bdb->backup_interval_s <= 0 || minutes < 0 ||
	    (given && (given->enabled == 0 || given->state >= 0)))
		return INT64_MAX;
	return last_success_s(bdb) + minutes * 60;
}

void sim_alert_schedule(struct sim_bdb *bdb, int64_t now_ms)
{
	int64_t delayed_at_s = sim_alert_delayed_at_s(bdb);

	bdb->delayed_at_ms = delayed_at_s < INT64_MAX && delayed_at_s * 1000 > now_ms
				     ? delayed_at_s * 1000
				     : TIME_NEVER;
}

/* True if the alert follows the backups, and is not set. */
static bool is_derived(const struct sim_bdb *bdb, const char *name)
{
	const struct sim_alert *given = find_alert(bdb, name);

	return strcmp(name, delayed) == 0 && bdb->backup_enabled && (!given || given->state < 0);
}

/* key accepts NULL: without the key. */
static void put_alert(const struct sim_report *report, const struct sim_bdb *bdb, const char *key,
		      const char *name)
{
	static const struct sim_alert unset = { .enabled = -1, .state = -1 };
	const struct sim_alert *found = find_alert(bdb, name), *given = found ? found : &unset;
	int64_t change_s = given->change_s ? given->change_s : bdb->created_s;
	bool state = given->state > 0;
	char minutes[24] = "";
	const char *threshold = given->threshold ? given->threshold : minutes;
	struct sim_buffer *out = report->out;

	if (is_derived(bdb, name)) {
		int64_t delayed_at_s = sim_alert_delayed_at_s(bdb);

		state = delayed_at_s <= report->now_ms / 1000;
		change_s = state ? delayed_at_s : last_success_s(bdb);
		snprintf(minutes, sizeof(minutes), "%" PRId64, limit_minutes(bdb, &unset));
	}
	sim_json_open(out, key, '{');
	sim_json_boolean(out, "enabled", given->enabled != 0);
	sim_json_boolean(out, "state", state);
	sim_json_string(out, "threshold", threshold);
	sim_json_string(out, "severity", given->severity ? given->severity : "WARNING");
	sim_json_time(out, "change_time", change_s);
	sim_json_open(out, "change_value", '{');
	sim_json_boolean(out, "state", state);
	sim_json_string(out, "threshold", threshold);
	sim_json_close(out, '}');
	sim_json_close(out, '}');
}

static void put_alerts(const struct sim_report *report, const struct sim_bdb *bdb, const char *key)
{
	const struct sim_alert *given;

	sim_json_open(report->out, key, '{');
	if (is_derived(bdb, delayed))
		put_alert(report, bdb, delayed, delayed);
	for (given = bdb->alerts; given; given = given->next)
		if (!is_derived(bdb, given->name))
			put_alert(report, bdb, given->name, given->name);
	sim_json_close(report->out, '}');
}

void sim_alert_write(const struct sim_report *report, const struct sim_bdb *bdb)
{
	if (!report->word)
		put_alerts(report, bdb, NULL);
	else if (find_alert(bdb, report->word) || is_derived(bdb, report->word))
		put_alert(report, bdb, NULL, report->word);
}

void sim_alert_write_by_uid(const struct sim_report *report, const struct sim_bdb *bdb)
{
	char uid[24];

	snprintf(uid, sizeof(uid), "%" PRId64, bdb->uid);
	put_alerts(report, bdb, uid);
}
