#include "command.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alert.h"
#include "bdb_spec.h"
#include "keyword.h"
#include "memory.h"
#include "time.h"

/* One line; cluster and bdb are NULL if it is only checked. */
struct command_call {
	struct sim_cluster *cluster;
	struct sim_bdb *bdb;
	int64_t uid, now_ms;
	const char *rest;
	struct err *err;
};

struct sim_command {
	const char *word;
	bool takes_uid;
	int (*run)(struct command_call *);
	const char *usage;
};

static int refuse(struct command_call *call, const char *what, const char *word)
{
	char shown[SIM_KEYWORD_SHOWN_SIZE];

	err_set(call->err, ERR_FINAL, "\"%s\" %s.", sim_keyword_show(word, shown), what);
	return -1;
}

static int expect_line_end(struct command_call *call)
{
	return *call->rest ? refuse(call, "is not expected here", call->rest) : 0;
}

/* --- set, unset --- */

static bool is_field_name(const char *name, size_t length)
{
	size_t i;

	for (i = 0; i < length; i++)
		if (!strchr("abcdefghijklmnopqrstuvwxyz0123456789_-", name[i]))
			return false;
	return length > 0 && length < 64;
}

static void set_field(struct command_call *call, const char *name, struct json_object *value)
{
	enum sim_kind kind = sim_field_kind(name);
	struct sim_bdb *bdb = call->bdb;

	/* freeze the percent first: in a run it derives from the time */
	if (kind < SIM_KINDS && !bdb->op[kind].manual) {
		bdb->op[kind].tenths = sim_op_tenths(&bdb->op[kind], call->now_ms);
		bdb->op[kind].manual = true;
		bdb->op[kind].manual_since_ms = call->now_ms;
		bdb->op[kind].next_ms = bdb->op[kind].clear_ms = SIM_NEVER;
		sim_lifecycle_replan(bdb);
	}
	sim_raw_remove(bdb, name);
	if (sim_field_set(bdb, name, value, 0) != SIM_SET_OK)
		sim_raw_set(bdb, name,
			    json_object_to_json_string_ext(value, JSON_C_TO_STRING_PLAIN));
	if (strcmp(name, "backup") == 0 || strcmp(name, "backup_interval") == 0) {
		bdb->changed_s = call->now_ms / 1000;
		sim_lifecycle_schedule_backup(bdb, sim_cluster_defaults(call->cluster),
					      call->now_ms);
	}
	sim_alert_schedule(bdb, call->now_ms);
	sim_lifecycle_replan(bdb);
}

/* One FIELD=JSON; the JSON parser finds the end, so strings may contain blanks. */
static int set_one(struct command_call *call, struct json_tokener *tokener, bool apply)
{
	size_t length = strcspn(call->rest, "= \t");
	struct json_object *value;
	char *name;

	if (call->rest[length] != '=' || !is_field_name(call->rest, length))
		return refuse(call, "is not FIELD=JSON", call->rest);
	json_tokener_reset(tokener);
	/* include the NUL: without it the parser cannot know that a number is complete */
	value = json_tokener_parse_ex(tokener, call->rest + length + 1,
				      (int)strlen(call->rest + length + 1) + 1);
	if (json_tokener_get_error(tokener) != json_tokener_success)
		return refuse(call, "does not contain a complete JSON value; text is quoted, as "
				    "in name=\"orders\"", call->rest);
	name = sim_memory_copy_n(call->rest, length);
	if (apply)
		set_field(call, name, value);
	call->rest += length + 1 + json_tokener_get_parse_end(tokener);
	call->rest += strspn(call->rest, " \t");
	free(name);
	json_object_put(value);
	return 0;
}

static int set_all(struct command_call *call, bool apply)
{
	struct json_tokener *tokener = json_tokener_new();
	int rc = *call->rest ? 0 : refuse(call, "needs FIELD=JSON", "set");

	while (tokener && rc == 0 && *call->rest)
		rc = set_one(call, tokener, apply);
	json_tokener_free(tokener);
	return rc;
}

static int run_set(struct command_call *call)
{
	const char *rest = call->rest;

	if (set_all(call, false) < 0)
		return -1;
	call->rest = rest;
	return call->bdb ? set_all(call, true) : 0;
}

static int run_unset(struct command_call *call)
{
	const char *rest = call->rest;
	char name[64];

	if (!*rest)
		return refuse(call, "needs a FIELD", "unset");
	while (*rest) {
		call->rest = rest;
		if (!sim_keyword_next(&rest, name, sizeof(name)) ||
		    !is_field_name(name, strlen(name)))
			return refuse(call, "is not a field name", call->rest);
		if (call->bdb)
			sim_raw_set(call->bdb, name, NULL);
	}
	return 0;
}

/* --- create, delete, recreate --- */

static int run_create(struct command_call *call)
{
	struct json_object *described = json_tokener_parse(call->rest);
	struct sim_bdb *bdb;
	uint64_t seed = call->cluster ? sim_cluster_defaults(call->cluster)->seed : 0;

	if (!described)
		return refuse(call, "is not a JSON object", call->rest);
	bdb = sim_bdb_spec_new(described, seed, 0, "create", call->err);
	json_object_put(described);
	if (!bdb)
		return -1;
	bdb->in_scenario = true;
	if (!bdb->created_s)
		bdb->created_s = bdb->changed_s = call->now_ms / 1000;
	if (call->cluster && sim_cluster_add(call->cluster, bdb))
		return 0;
	sim_bdb_free(bdb);
	return call->cluster ? refuse(call, "has a uid that is already used", call->rest) : 0;
}

static int run_delete(struct command_call *call)
{
	if (expect_line_end(call) < 0)
		return -1;
	if (call->bdb)
		sim_cluster_delete(call->cluster, call->uid);
	return 0;
}

static int run_recreate(struct command_call *call)
{
	if (expect_line_end(call) < 0)
		return -1;
	if (call->bdb)
		sim_cluster_recreate(call->cluster, call->uid);
	return 0;
}

/* --- operations --- */

static bool kind_next(struct command_call *call, enum sim_kind *kind)
{
	char word[16] = "";

	*kind = SIM_KINDS;
	if (sim_keyword_next(&call->rest, word, sizeof(word)))
		*kind = sim_kind_find(word);
	if (*kind < SIM_KINDS)
		return true;
	refuse(call, "is not backup, export or import", *word ? word : call->rest);
	return false;
}

static int run_start(struct command_call *call)
{
	enum sim_kind kind;

	if (!kind_next(call, &kind) || expect_line_end(call) < 0)
		return -1;
	if (call->bdb)
		sim_lifecycle_start(call->bdb, sim_cluster_defaults(call->cluster), kind,
				    call->now_ms);
	return 0;
}

static int run_finish(struct command_call *call)
{
	char reason[SIM_REASON_MAX] = "";
	enum sim_kind kind;

	if (!kind_next(call, &kind))
		return -1;
	sim_keyword_next(&call->rest, reason, sizeof(reason));
	if (expect_line_end(call) < 0)
		return -1;
	if (call->bdb)
		sim_lifecycle_finish(call->bdb, kind, reason, call->now_ms);
	return 0;
}

static int run_busy(struct command_call *call)
{
	char word[32] = "";
	int64_t ms;

	if (!sim_keyword_next(&call->rest, word, sizeof(word)) || !sim_duration_parse(word, &ms))
		return refuse(call, "is not a duration such as 90s", *word ? word : call->rest);
	if (expect_line_end(call) < 0)
		return -1;
	if (call->bdb)
		sim_bdb_start_change(call->bdb, "active-change-pending", call->now_ms, ms);
	return 0;
}

/* --- alerts and events --- */

static int run_alert(struct command_call *call)
{
	char name[64] = "", state[8] = "", threshold[24] = "";
	struct sim_alert *alert;

	if (!sim_keyword_next(&call->rest, name, sizeof(name)) ||
	    !sim_keyword_next(&call->rest, state, sizeof(state)) ||
	    (strcmp(state, "on") != 0 && strcmp(state, "off") != 0))
		return refuse(call, "is not NAME on|off", *state ? state : name);
	sim_keyword_next(&call->rest, threshold, sizeof(threshold));
	if (expect_line_end(call) < 0)
		return -1;
	if (!call->bdb)
		return 0;
	alert = sim_alert_get(call->bdb, name);
	alert->state = strcmp(state, "on") == 0;
	alert->change_s = call->now_ms / 1000;
	if (*threshold)
		sim_alert_set_threshold(alert, threshold);
	sim_alert_schedule(call->bdb, call->now_ms);
	sim_lifecycle_replan(call->bdb);
	return 0;
}

/* A new event with the members that every event has. */
static struct json_object *new_event(const struct command_call *call, const char *type)
{
	struct json_object *event = json_object_new_object();
	char iso[SIM_TIME_ISO_SIZE], uid[24];

	sim_time_format(call->now_ms / 1000, iso);
	snprintf(uid, sizeof(uid), "%" PRId64, call->uid);
	json_object_object_add(event, "time", json_object_new_string(iso));
	json_object_object_add(event, "type", json_object_new_string(type));
	json_object_object_add(event, "severity", json_object_new_string("INFO"));
	json_object_object_add(event, "bdb_uid", json_object_new_string(uid));
	return event;
}

static void record_event(const struct command_call *call, const char *type,
			 struct json_object *more)
{
	struct json_object *event = new_event(call, type);
	struct sim_event entry = { .at_ms = call->now_ms, .uid = call->uid,
				   .event_kind = SIM_EVENT_CUSTOM };

	if (more) {
		json_object_object_foreach(more, key, value)
			json_object_object_add(event, key, json_object_get(value));
	}
	entry.members = json_object_to_json_string_ext(event, JSON_C_TO_STRING_PLAIN);
	sim_event_log_add(sim_cluster_event_log(call->cluster), &entry);
	json_object_put(event);
}

static int run_event(struct command_call *call)
{
	struct json_object *more = NULL;
	char type[64] = "", word[24] = "";

	if (!sim_keyword_next(&call->rest, word, sizeof(word)) ||
	    !sim_keyword_number(word, 0, INT64_MAX, &call->uid) ||
	    !sim_keyword_next(&call->rest, type, sizeof(type)))
		return refuse(call, "is not UID TYPE", *type ? type : word);
	if (*call->rest)
		more = json_tokener_parse(call->rest);
	if (*call->rest && !json_object_is_type(more, json_type_object)) {
		json_object_put(more);
		return refuse(call, "is not a JSON object", call->rest);
	}
	if (call->cluster)
		record_event(call, type, more);
	json_object_put(more);
	return 0;
}

static const struct sim_command commands[] = {
	{ "set", true, run_set, "set UID FIELD=JSON ..." },
	{ "unset", true, run_unset, "unset UID FIELD ..." },
	{ "create", false, run_create, "create {...}" },
	{ "delete", true, run_delete, "delete UID" },
	{ "recreate", true, run_recreate, "recreate UID" },
	{ "start", true, run_start, "start UID KIND" },
	{ "finish", true, run_finish, "finish UID KIND [REASON]" },
	{ "busy", true, run_busy, "busy UID DURATION" },
	{ "alert", true, run_alert, "alert UID NAME on|off [THRESHOLD]" },
	{ "event", false, run_event, "event UID TYPE [{...}]" },
};

static const struct sim_command *find_command(const char **line)
{
	char word[16];
	size_t i;

	if (!sim_keyword_next(line, word, sizeof(word)))
		return NULL;
	for (i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		if (strcmp(commands[i].word, word) == 0)
			return &commands[i];
	return NULL;
}

bool sim_command_is_known(const char *line)
{
	return find_command(&line);
}

static int uid_next(struct command_call *call, const struct sim_command *command)
{
	char word[24] = "";

	if (!sim_keyword_next(&call->rest, word, sizeof(word)) ||
	    !sim_keyword_number(word, 1, INT64_MAX, &call->uid)) {
		err_set(call->err, ERR_FINAL, "\"%s\" needs a UID: %s.", command->word,
			command->usage);
		return -1;
	}
	if (!call->cluster)
		return 0;
	call->bdb = sim_cluster_find(call->cluster, call->uid);
	if (call->bdb)
		return 0;
	err_set(call->err, ERR_FINAL, "Database %" PRId64 " does not exist.", call->uid);
	return -1;
}

static int run_line(struct command_call *call)
{
	const char *line = call->rest;
	const struct sim_command *command = find_command(&call->rest);

	if (!command)
		return refuse(call, "is not a command that changes a database", line);
	if (command->takes_uid && uid_next(call, command) < 0)
		return -1;
	return command->run(call);
}

int sim_command_run(struct sim_cluster *cluster, const char *line, int64_t now_ms, struct err *err)
{
	struct command_call call = {
		.cluster = cluster, .now_ms = now_ms, .rest = line, .err = err
	};

	return run_line(&call);
}

int sim_command_check(const char *line, struct err *err)
{
	struct command_call call = { .rest = line, .err = err };

	return run_line(&call);
}
