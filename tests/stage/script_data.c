/*
 * What the cluster of a script has: databases, events, alerts, actions, shards, nodes, bdb infos.
 *
 * An item is a JSON object, as the REST API sends it.  A line sets its members, and the program's
 * own readers read it when it is requested.  In a line, KEY=~ is absent, KEY=! has a wrong type,
 * and %HH is a byte; of a database, KIND is STATUS[:REASON].
 */
#include "script_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "bdbtop/json/data_formats.h"

#define OP_KEYS(op)                                                                                \
	" " op "=" op "_status " op ".reason=" op "_failure_reason " op ".percent=" op             \
	"_progress " op ".last=last_" op "_time"

static const struct data_kind {
	const char *word;
	enum source_topic topic;
	const struct data_format *format;
	/* KEY[=PATH] of the words of a line.  A word without a key gets the next one.
	 * `LIST/+MEMBER` adds an element, `LIST/MEMBER` sets the last one. */
	const char *keys;
	const char *base; /* before the first line */
} data_kinds[] = {
	/* active, created at noon, with a daily backup that is not due yet; nothing ever ran */
	{ "bdb", TOPIC_LIST, NULL,
	  "uid name state=status created=created_time changed=last_changed_time periodic=backup "
	  "every=backup_interval crdt module=module_list/+module_name" OP_KEYS("backup")
		  OP_KEYS("export") OP_KEYS("import"),
	  "{'name':'nameless','status':'active','created_time':'2026-11-21T12:00:00Z',"
	  "'backup':true,'backup_interval':86400,'crdt':false,'internal':false,'module_list':[],"
	  "'backup_status':'','backup_failure_reason':'','backup_progress':0,'export_status':'',"
	  "'export_failure_reason':'','export_progress':0,'import_status':'',"
	  "'import_failure_reason':'','import_progress':0}" },
	{ "event", TOPIC_EVENTS, &event_format, "time type uid=bdb_uid severity",
	  "{'severity':'INFO'}" },
	{ "alert", TOPIC_ALERTS, &alert_format, "uid state name limit=threshold since=change_time",
	  "{'enabled':true,'state':true,'name':'bdb_backup_delayed','threshold':'1800',"
	  "'severity':'WARNING'}" },
	{ "action", TOPIC_ACTIONS, &action_format,
	  "uid status id=action_uid name percent=progress created=creation_time shard heartbeat",
	  "{'action_uid':'4711','name':'backup','action_type':'other','status':'running',"
	  "'heartbeat':'','progress':-1}" },
	{ "shard", TOPIC_SHARDS, &shard_format,
	  "bdb=bdb_uid uid node=node_uid status percent=backup/progress",
	  "{'uid':1,'node_uid':1,'role':'master','status':'active','detailed_status':'ok'}" },
	{ "node", TOPIC_NODES, &node_format, "uid status version=software_version",
	  "{'addr':'10.0.0.1','status':'active','software_version':'8.0.2-17'}" },
	{ "bdb-info", TOPIC_BDB_INFO, &bdb_info_format,
	  "uid module=module_list/+module_name tag=tags/+key value=tags/value redis=redis_version "
	  "version shards=shards_count memory=memory_size",
	  "{'module_list':[],'tags':[]}" },
};

struct scripted_item {
	const struct data_kind *kind;
	int64_t uid, action_uid; /* of the JSON */
	struct json_object *json;
};

/* --- items ----------------------------------------------------------------------------------- */

static int64_t number_of(struct json_object *json, const char *name)
{
	return json_object_get_int64(json_object_object_get(json, name));
}

/* A member as text, which is JSON if it is no string; "": there is none. */
static const char *text_of(struct json_object *json, const char *name)
{
	const char *text = json_object_get_string(json_object_object_get(json, name));

	return text ? text : "";
}

static void remove_item(struct script *s, size_t index)
{
	json_object_put(s->items[index].json);
	array_remove(s->items, &s->item_count, index, sizeof(s->items[0]));
}

void script_delete(struct script *s, enum source_topic topic, int64_t uid)
{
	size_t i;

	for (i = s->item_count; i-- > 0;)
		if (s->items[i].kind->topic == topic && (!uid || s->items[i].uid == uid))
			remove_item(s, i);
}

/* Two events never are the same; two actions of one database only with the same id. */
static struct scripted_item *find_item(const struct script *s, const struct data_kind *kind,
				       int64_t uid, int64_t action_uid)
{
	size_t i;

	for (i = 0; i < s->item_count && kind->topic != TOPIC_EVENTS; i++)
		if (s->items[i].kind == kind && s->items[i].uid == uid &&
		    s->items[i].action_uid == action_uid)
			return &s->items[i];
	return NULL;
}

/* --- lines ----------------------------------------------------------------------------------- */

static void unescape(char *text)
{
	char *to = text;

	for (; *text; text++) {
		unsigned byte = (unsigned char)*text;

		if (*text == '%' && sscanf(text + 1, "%2x", &byte) == 1)
			text += 2;
		*to++ = (char)byte;
	}
	*to = '\0';
}

static void set_member(struct json_object *json, const char *path, const char *value)
{
	bool flag = !strcmp(value, "true");

	if (!strcmp(value, "~"))
		json_object_object_del(json, path);
	else if (!strcmp(value, "!"))
		json_object_object_add(json, path, json_object_new_array());
	else if (flag || !strcmp(value, "false"))
		json_object_object_add(json, path, json_object_new_boolean(flag));
	else if (!strcmp(path, "uid"))
		json_object_object_add(json, path, json_object_new_int64(atoll(value)));
	else
		json_object_object_add(json, path, json_object_new_string(value));
}

static void set_path(struct json_object *json, char *path, const char *value)
{
	char *member = strchr(path, '/');
	struct json_object *inner;

	if (!member) {
		set_member(json, path, value);
		return;
	}
	*member++ = '\0';
	if (!json_object_object_get_ex(json, path, &inner))
		json_object_object_add(json, path, inner = json_object_new_object());
	if (*member == '+')
		json_object_array_add(inner, json_object_new_object());
	if (json_object_is_type(inner, json_type_array))
		inner = json_object_array_get_idx(inner, json_object_array_length(inner) - 1);
	set_member(inner, member + (*member == '+'), value);
}

/* A status is followed by its reason, which has a member of its own. */
static void set_status(struct json_object *json, const char *path, char *status)
{
	char *reason = strchr(status, ':'), reason_path[40];

	snprintf(reason_path, sizeof(reason_path), "%.*s_failure_reason", (int)strcspn(path, "_"),
		 path);
	if (reason)
		*reason++ = '\0';
	set_member(json, reason_path, reason ? reason : strchr("~!", *status) ? status : "");
	set_member(json, path, status);
}

static int set_key(struct json_object *json, const char *keys, const char *key, char *value)
{
	size_t length = strlen(key);
	char path[40];

	while (*keys && (strncmp(keys, key, length) != 0 || !strchr("= ", keys[length])))
		keys += strcspn(keys, " ") + (strchr(keys, ' ') != NULL);
	if (!*keys)
		return -1;
	if (keys[length] != '=' || sscanf(keys + length, "=%39[^ ]", path) != 1)
		snprintf(path, sizeof(path), "%s", key);
	unescape(value);
	if (strstr(path, "_status"))
		set_status(json, path, value);
	else
		set_path(json, path, value);
	return 0;
}

static int set_line(struct json_object *json, const char *keys, char *line)
{
	const char *next = keys;
	char key[20], *word, *value, *save;

	for (word = strtok_r(line, " ", &save); word; word = strtok_r(NULL, " ", &save)) {
		value = strchr(word, '=');
		if (value) {
			*value++ = '\0';
		} else {
			value = word;
			word = key;
			if (sscanf(next, "%19[^ =]", key) != 1)
				return -1;
			next += strcspn(next, " ");
			next += *next == ' ';
		}
		if (set_key(json, keys, word, value) < 0)
			return -1;
	}
	return 0;
}

/* An action names its database and, if the line has a shard, what this shard does. */
static void finish_action(struct json_object *json)
{
	const char *shard = text_of(json, "shard");
	struct json_object *ops = json_object_new_object(), *op = NULL;
	char name[32];

	snprintf(name, sizeof(name), "bdb:%lld", (long long)number_of(json, "uid"));
	json_object_object_add(json, "object_name", json_object_new_string(name));
	if (*shard && json_object_deep_copy(json, &op, NULL) == 0)
		json_object_object_add(ops, shard, op);
	json_object_object_add(json, "pending_ops", ops);
}

int script_do_data(struct script *s, char *line)
{
	const struct data_kind *kind = data_kinds;
	struct scripted_item item, *at;

	while (kind < data_kinds + ARRAY_SIZE(data_kinds) && !script_take_word(&line, kind->word))
		kind++;
	if (kind == data_kinds + ARRAY_SIZE(data_kinds))
		return -1;
	item.kind = kind;
	at = kind->topic == TOPIC_LIST ? find_item(s, kind, atoll(line), 0) : NULL;
	item.json = at ? NULL : json_tokener_parse(kind->base);
	/* a copy, because replies that are held share the items */
	if (at && json_object_deep_copy(at->json, &item.json, NULL) < 0)
		abort();
	if (set_line(item.json, kind->keys, line) < 0)
		return -1;
	if (kind->topic == TOPIC_ACTIONS)
		finish_action(item.json);
	item.uid = number_of(item.json, "uid");
	item.action_uid = number_of(item.json, "action_uid");
	at = find_item(s, kind, item.uid, item.action_uid);
	if (at)
		remove_item(s, (size_t)(at - s->items));
	if (!ARRAY_RESERVE(s->items, s->item_capacity, s->item_count + 1, SIZE_MAX))
		abort();
	s->items[s->item_count++] = item;
	return 0;
}

/* --- replies --------------------------------------------------------------------------------- */

static bool is_requested(const struct scripted_item *item, const struct script_request *request)
{
	const char *about = request->kind == TOPIC_SHARDS ? "bdb_uid" : "uid";
	int64_t time_s;

	if (item->kind->topic != request->kind)
		return false;
	if (request->kind == TOPIC_EVENTS)
		return time_parse(text_of(item->json, "time"), &time_s) && time_s >= request->uid;
	return !request->uid || number_of(item->json, about) == request->uid;
}

/* Alerts are in a map from uid to a map from name. */
static void add_item(struct json_object *reply, struct json_object *item)
{
	struct json_object *alerts = json_object_new_object();

	json_object_get(item);
	if (json_object_is_type(reply, json_type_array)) {
		json_object_array_add(reply, item);
		json_object_put(alerts);
		return;
	}
	json_object_object_add(alerts, text_of(item, "name"), item);
	json_object_object_add(reply, text_of(item, "uid"), alerts);
}

/* Each unreadable element is one without a uid, or repeats the first one with another name. */
static void add_unreadable(struct json_object *list, bool repeat)
{
	struct json_object *first = json_object_array_get_idx(list, 0), *copy = NULL;

	if (!repeat || !first || json_object_deep_copy(first, &copy, NULL) < 0)
		copy = json_object_new_object();
	json_object_object_add(copy, "name", json_object_new_string("unreadable"));
	json_object_array_add(list, copy);
}

struct json_object *script_reply(const struct script *s, const struct script_request *request)
{
	const struct scripted_item *one = find_item(s, data_kinds, request->uid, 0);
	struct json_object *reply;
	size_t i;

	if (request->kind == TOPIC_ONE)
		return one ? json_object_get(one->json) : NULL;
	reply = request->kind == TOPIC_ALERTS ? json_object_new_object() : json_object_new_array();
	for (i = 0; i < s->item_count; i++)
		if (is_requested(&s->items[i], request))
			add_item(reply, s->items[i].json);
	for (i = 0; request->kind == TOPIC_LIST && i < (size_t)s->unreadable; i++)
		add_unreadable(reply, i % 2 == 0);
	return reply;
}

const struct data_format *script_data_format(enum source_topic topic)
{
	const struct data_kind *kind = data_kinds;

	while (kind->topic != topic)
		kind++;
	return kind->format;
}
