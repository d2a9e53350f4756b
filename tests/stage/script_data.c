/*
 * What the cluster of a script has: databases, events, alerts, actions, shards, nodes, bdb infos.
 *
 * An item is a JSON object, as the REST API sends it.  A line sets its members; the program's own
 * readers read it: a database when a line has changed it, the rest when it is requested.  In a
 * line, KEY=~ is absent, KEY=! has a wrong type, and %HH is a byte; of a database, KIND is
 * STATUS[:REASON], and KIND=? is not requested.
 */
#include "script_internal.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "bdbtop/core/text.h"
#include "bdbtop/json/bdb_reader.h"
#include "bdbtop/json/data_formats.h"
#include "bdbtop/json/fields.h"

#define EVENTS_LIMIT 500

#define OP_KEYS(op)                                                                                \
	" " op "=" op "_status " op ".reason=" op "_failure_reason " op ".percent=" op             \
	"_progress " op ".last=last_" op "_time"

static const struct data_kind {
	const char *word;
	enum source_topic topic;
	const struct data_format *format;
	/* KEY[=PATH] of the words of a line.  A word without a key gets the next one, and `text`
	 * takes the rest.  `LIST/+MEMBER` adds an element, `LIST/MEMBER` sets the last one. */
	const char *keys;
	const char *base; /* before the first line */
} data_kinds[] = {
	/* active, created at noon, with a daily backup that is not due yet; nothing ever ran */
	{ "bdb", TOPIC_LIST, NULL,
	  "uid name state=status created=created_time changed=last_changed_time periodic=backup "
	  "every=backup_interval crdt internal module=module_list/+module_name" OP_KEYS("backup")
		  OP_KEYS("export") OP_KEYS("import"),
	  "{'name':'nameless','status':'active','created_time':'2026-11-21T12:00:00Z',"
	  "'backup':true,'backup_interval':86400,'crdt':false,'internal':false,'module_list':[],"
	  "'backup_status':'','backup_failure_reason':'','backup_progress':0,'export_status':'',"
	  "'export_failure_reason':'','export_progress':0,'import_status':'',"
	  "'import_failure_reason':'','import_progress':0}" },
	{ "event", TOPIC_EVENTS, &event_format, "time type uid=bdb_uid severity text=description",
	  "{'severity':'INFO'}" },
	{ "alert", TOPIC_ALERTS, &alert_format, "uid state name limit=threshold since=change_time",
	  "{'enabled':true,'state':true,'name':'bdb_backup_delayed','threshold':'1800',"
	  "'severity':'WARNING'}" },
	{ "action", TOPIC_ACTIONS, &action_format,
	  "uid status id=action_uid name percent=progress created=creation_time shard heartbeat",
	  "{'action_uid':'4711','name':'backup','action_type':'other','status':'running',"
	  "'heartbeat':'','progress':-1}" },
	{ "shard", TOPIC_SHARDS, &shard_format,
	  "bdb=bdb_uid uid node=node_uid role status percent=backup/progress",
	  "{'uid':1,'node_uid':1,'role':'master','status':'active','detailed_status':'ok'}" },
	{ "node", TOPIC_NODES, &node_format, "uid address=addr status version=software_version",
	  "{'addr':'10.0.0.1','status':'active','software_version':'8.0.2-17'}" },
	{ "bdb-info", TOPIC_BDB_INFO, &bdb_info_format,
	  "uid module=module_list/+module_name tag=tags/+key value=tags/value "
	  "redis=one/redis_version version=one/version shards=one/shards_count "
	  "memory=one/memory_size shards_of_all=shards_count memory_of_all=memory_size",
	  "{'module_list':[{}],'tags':[{}],'one':{'replication':false}}" },
};

struct scripted_item {
	const struct data_kind *kind;
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

void script_drop_data(struct script *s, enum source_topic topic)
{
	size_t i;

	for (i = s->item_count; i-- > 0;)
		if (s->items[i].kind->topic == topic)
			remove_item(s, i);
}

/* Two events never are the same; two actions of one database only with the same id. */
static struct scripted_item *find_item(const struct script *s, const struct data_kind *kind,
				       int64_t uid, int64_t id)
{
	size_t i;

	for (i = 0; i < s->item_count && kind->topic != TOPIC_EVENTS; i++)
		if (s->items[i].kind == kind && number_of(s->items[i].json, "uid") == uid &&
		    number_of(s->items[i].json, "action_uid") == id)
			return &s->items[i];
	return NULL;
}

static void forget_bdb(struct script *s, int64_t uid)
{
	struct bdb **at = script_find(&s->bdbs, uid);

	if (!at)
		return;
	bdb_free(*at);
	*at = s->bdbs.bdbs[--s->bdbs.count];
}

int script_do_gone(struct script *s, char *rest)
{
	int64_t uid = atoll(rest);
	struct scripted_item *item = find_item(s, data_kinds, uid, 0);

	if (item)
		remove_item(s, (size_t)(item - s->items));
	forget_bdb(s, uid);
	return 0;
}

/* --- lines ----------------------------------------------------------------------------------- */

static void unescape(char *text)
{
	char *to = text;
	unsigned byte;

	for (; *text; text++)
		if (*text == '%' && isxdigit((unsigned char)text[1]) &&
		    isxdigit((unsigned char)text[2]) && sscanf(text + 1, "%2x", &byte) == 1) {
			*to++ = (char)byte;
			text += 2;
		} else {
			*to++ = *text;
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
	set_member(json, reason_path, reason ? reason : strchr("~!?", *status) ? status : "");
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
	char key[20], *word, *value;

	while (*line) {
		bool rest = text_has_prefix(next, "text=");

		word = line;
		line += strcspn(line, rest ? "" : " ");
		if (*line)
			*line++ = '\0';
		value = rest ? NULL : strchr(word, '=');
		if (value)
			*value++ = '\0';
		else if (sscanf(next, "%19[^ =]", key) != 1)
			return -1;
		if (set_key(json, keys, value ? word : key, value ? value : word) < 0)
			return -1;
		next += value ? 0 : strcspn(next, " ");
		next += *next == ' ';
	}
	return 0;
}

static void refuse(const char *bytes, const struct err *err)
{
	fprintf(stderr, "the script's data cannot be read: %s: %s\n", err->text, bytes);
	abort();
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

/* Reads the database as if it were requested alone. */
static void keep_bdb(struct script *s, struct json_object *json)
{
	int64_t uid = number_of(json, "uid");
	const char *bytes = json_object_to_json_string(json);
	struct bdb_reader *reader;
	struct bdb_set set;
	size_t unreadable;
	char fields[1000];
	struct err err;
	int kind;

	snprintf(fields, sizeof(fields), "%s%s", fields_list(FIELDS_FULL),
		 strstr(bytes, "module_name") ? ",module_list" : "");
	for (kind = 0; kind < OP_KINDS; kind++)
		if (!strcmp(text_of(json, op_defs[kind].status_key), "?"))
			*strstr(fields, op_defs[kind].status_key) =
				*strstr(fields, op_defs[kind].reason_key) = '?';
	reader = bdb_reader_new(fields, uid);
	bdb_set_init(&set);
	if (!reader || bdb_reader_feed(reader, bytes, strlen(bytes), &err) < 0 ||
	    bdb_reader_end(reader, &set, &unreadable, &err) < 0)
		refuse(bytes, &err);
	forget_bdb(s, uid);
	if (bdb_set_add(&s->bdbs, set.bdbs[0]) < 0)
		abort();
	bdb_set_release(&set);
	bdb_reader_free(reader);
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
	item.json = at ? json_object_get(at->json) : json_tokener_parse(kind->base);
	if (!item.json || set_line(item.json, kind->keys, line) < 0)
		return -1;
	if (kind->topic == TOPIC_ACTIONS)
		finish_action(item.json);
	if (kind->topic == TOPIC_LIST)
		keep_bdb(s, item.json);
	at = find_item(s, kind, number_of(item.json, "uid"), number_of(item.json, "action_uid"));
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

static void feed(struct data_reader *reader, const char *bytes, size_t length)
{
	struct err err;

	if (data_reader_feed(reader, bytes, length, &err) < 0)
		refuse(bytes, &err);
}

/* Alerts are in a map from uid to a map from name; `one` is only in a reply about one database. */
static void feed_item(struct data_reader *reader, struct json_object *json, bool map, bool alone)
{
	const char *bytes = json_object_to_json_string(json), *one = text_of(json, "one");
	char before[100];
	int length = snprintf(before, sizeof(before), "\"%s\":{%s:", text_of(json, "uid"),
			      json_object_to_json_string(json_object_object_get(json, "name")));

	feed(reader, before, map ? (size_t)length : 0);
	feed(reader, bytes, strlen(bytes) - (alone && *one));
	if (alone && *one) {
		feed(reader, ",", 1);
		feed(reader, one + 1, strlen(one + 1));
	}
	feed(reader, "}", map);
}

void script_list_bdbs(const struct script *s, struct json_object *list)
{
	size_t i;

	for (i = 0; i < s->item_count; i++)
		if (s->items[i].kind == data_kinds)
			json_object_array_add(list, json_object_get(s->items[i].json));
}

struct data_reader *script_read_data(struct script *s, const struct script_request *request)
{
	bool events = request->kind == TOPIC_EVENTS, map = request->kind == TOPIC_ALERTS;
	const struct data_kind *kind = data_kinds;
	struct data_reader *reader;
	bool first = true;
	size_t i;

	while (kind->topic != request->kind)
		kind++;
	reader =
		data_reader_new(kind->format, events ? 0 : request->uid, events ? EVENTS_LIMIT : 0);
	if (!reader)
		abort();
	feed(reader, map ? "{" : "[", 1);
	for (i = 0; i < s->item_count; i++)
		if (is_requested(&s->items[i], request)) {
			feed(reader, ",", !first);
			feed_item(reader, s->items[i].json, map, request->uid != 0);
			first = false;
		}
	feed(reader, map ? "}" : "]", 1);
	return reader;
}
