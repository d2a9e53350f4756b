#include "verb_internal.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bdbtop/core/time.h"
#include "report.h"
#include "scenario.h"
#include "memory.h"
#include "keyword.h"
#include "param.h"

/* --- set, unset --- */

static bool is_field_name(const char *name, size_t length)
{
	size_t i;

	for (i = 0; i < length; i++)
		if (!strchr("abcdefghijklmnopqrstuvwxyz0123456789_-", name[i]))
			return false;
	return length > 0 && length < 64;
}

static void set_field(struct verb_line *line, const char *name, struct json_object *value)
{
	enum sim_kind kind = sim_field_kind(name);
	struct sim_bdb *bdb = line->bdb;

	/* freeze the percent first: in a run it derives from the time */
	if (kind < SIM_KINDS && !bdb->op[kind].manual) {
		bdb->op[kind].tenths = sim_op_tenths(&bdb->op[kind], line->setup->now_ms);
		bdb->op[kind].manual = true;
		bdb->op[kind].manual_since_ms = line->setup->now_ms;
		bdb->op[kind].next_ms = bdb->op[kind].clear_ms = TIME_NEVER;
		sim_lifecycle_replan(bdb);
	}
	sim_raw_remove(bdb, name);
	if (sim_field_set(bdb, name, value, 0) != SIM_SET_OK)
		sim_raw_set(bdb, name, sim_param_json(value));
	if (strcmp(name, "backup") == 0 || strcmp(name, "backup_interval") == 0) {
		bdb->changed_s = line->setup->now_ms / 1000;
		sim_lifecycle_schedule_backup(bdb, line->setup->now_ms);
	}
	sim_alert_schedule(bdb, line->setup->now_ms);
	sim_lifecycle_replan(bdb);
}

/* One FIELD=JSON; the JSON parser finds the end, so strings may contain blanks. */
static int set_one(struct verb_line *line, struct json_tokener *tokener, bool apply)
{
	size_t length = strcspn(line->rest, "= \t");
	struct json_object *value;
	char *name;

	if (line->rest[length] != '=' || !is_field_name(line->rest, length))
		return verb_refuse(line, "is not FIELD=JSON", line->rest);
	json_tokener_reset(tokener);
	/* include the NUL: without it the parser cannot know that a number is complete */
	value = json_tokener_parse_ex(tokener, line->rest + length + 1,
				      (int)strlen(line->rest + length + 1) + 1);
	if (json_tokener_get_error(tokener) != json_tokener_success)
		return verb_refuse(line,
				   "does not contain a complete JSON value; text is "
				   "quoted, as in name=\"orders\"", line->rest);
	name = sim_memory_copy_n(line->rest, length);
	if (apply)
		set_field(line, name, value);
	line->rest += length + 1 + json_tokener_get_parse_end(tokener);
	line->rest += strspn(line->rest, " \t");
	free(name);
	json_object_put(value);
	return 0;
}

static int set_all(struct verb_line *line, bool apply)
{
	struct json_tokener *tokener = json_tokener_new();
	int rc = *line->rest ? 0 : verb_refuse(line, "needs FIELD=JSON", "set");

	while (tokener && rc == 0 && *line->rest)
		rc = set_one(line, tokener, apply);
	json_tokener_free(tokener);
	return rc;
}

int verb_set(struct verb_line *line)
{
	const char *rest = line->rest;

	if (set_all(line, false) < 0)
		return -1;
	line->rest = rest;
	return line->bdb ? set_all(line, true) : 0;
}

int verb_unset(struct verb_line *line)
{
	const char *rest = line->rest;
	char name[64];

	if (!*rest)
		return verb_refuse(line, "needs a FIELD", "unset");
	while (*rest) {
		line->rest = rest;
		if (!sim_keyword_next(&rest, name, sizeof(name)) ||
		    !is_field_name(name, strlen(name)))
			return verb_refuse(line, "is not a field name", line->rest);
		if (line->bdb)
			sim_raw_set(line->bdb, name, NULL);
	}
	return 0;
}

/* --- create, delete, recreate --- */

int verb_create(struct verb_line *line)
{
	struct sim_api *api = line->setup->api;
	struct json_object *description = json_tokener_parse(line->rest);
	struct sim_bdb *bdb;

	if (!description)
		return verb_refuse(line, "is not a JSON object", line->rest);
	bdb = sim_bdb_spec_new(description, api ? api->cluster->defaults.setup.seed : 0, 0,
			       "create", line->err);
	json_object_put(description);
	if (!bdb)
		return -1;
	bdb->in_scenario = true;
	if (!bdb->created_s)
		bdb->created_s = bdb->changed_s = line->setup->now_ms / 1000;
	if (api && sim_cluster_add(api->cluster, bdb))
		return 0;
	sim_bdb_free(bdb);
	return api ? verb_refuse(line, "has a uid that is already used", line->rest) : 0;
}

int verb_delete(struct verb_line *line)
{
	sim_cluster_delete(line->setup->api->cluster, line->uid);
	return 0;
}

int verb_recreate(struct verb_line *line)
{
	sim_cluster_recreate(line->setup->api->cluster, line->uid);
	return 0;
}

/* --- operations --- */

int verb_start(struct verb_line *line)
{
	sim_lifecycle_start(line->bdb, line->kind, line->setup->now_ms);
	return 0;
}

int verb_finish(struct verb_line *line)
{
	sim_lifecycle_finish(line->bdb, line->kind, line->second, line->setup->now_ms);
	return 0;
}

int verb_busy(struct verb_line *line)
{
	sim_bdb_start_change(line->bdb, "active-change-pending", line->setup->now_ms, line->ms);
	return 0;
}

/* --- alerts and events --- */

int verb_alert(struct verb_line *line)
{
	char name[64] = "", state[8] = "", threshold[24] = "";
	struct sim_alert *alert;

	if (!sim_keyword_next(&line->rest, name, sizeof(name)) ||
	    !sim_keyword_next(&line->rest, state, sizeof(state)) ||
	    (strcmp(state, "on") != 0 && strcmp(state, "off") != 0))
		return verb_refuse(line, "is not NAME on|off", *state ? state : name);
	sim_keyword_next(&line->rest, threshold, sizeof(threshold));
	if (*line->rest)
		return verb_refuse(line, "is not expected here", line->rest);
	if (!line->bdb)
		return 0;
	alert = sim_alert_get(line->bdb, name);
	alert->state = strcmp(state, "on") == 0;
	alert->change_s = line->setup->now_ms / 1000;
	if (*threshold)
		sim_memory_replace(&alert->threshold, threshold);
	sim_alert_schedule(line->bdb, line->setup->now_ms);
	sim_lifecycle_replan(line->bdb);
	return 0;
}

static void record_event(const struct verb_line *line, const char *type,
			 struct json_object *more)
{
	struct json_object *event = json_object_new_object();
	struct sim_event entry = { .at_ms = line->setup->now_ms, .uid = line->uid,
				   .event_kind = SIM_EVENT_CUSTOM };
	char iso[TIME_TEXT_SIZE], uid[24];

	time_format_iso(iso, line->setup->now_ms / 1000);
	snprintf(uid, sizeof(uid), "%" PRId64, line->uid);
	json_object_object_add(event, "time", json_object_new_string(iso));
	json_object_object_add(event, "type", json_object_new_string(type));
	json_object_object_add(event, "severity", json_object_new_string("INFO"));
	json_object_object_add(event, "bdb_uid", json_object_new_string(uid));
	if (more) {
		json_object_object_foreach(more, key, value)
			json_object_object_add(event, key, json_object_get(value));
	}
	entry.members = sim_param_json(event);
	sim_event_log_add(line->setup->api->cluster->event_log, &entry);
	json_object_put(event);
}

int verb_event(struct verb_line *line)
{
	struct json_object *more = NULL;
	char type[64] = "", word[24] = "";

	if (!sim_keyword_next(&line->rest, word, sizeof(word)) ||
	    !sim_keyword_number(word, 0, INT64_MAX, &line->uid) ||
	    !sim_keyword_next(&line->rest, type, sizeof(type)))
		return verb_refuse(line, "is not UID TYPE", *type ? type : word);
	if (*line->rest)
		more = json_tokener_parse(line->rest);
	if (*line->rest && !json_object_is_type(more, json_type_object)) {
		json_object_put(more);
		return verb_refuse(line, "is not a JSON object", line->rest);
	}
	if (line->setup->api)
		record_event(line, type, more);
	json_object_put(more);
	return 0;
}
