/*
 * The data of a script beside the databases: events, alerts, actions, shards, bdb_info and nodes.
 */
#include "script_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One item, from one line; it owns its strings. */
#define WORDS 8
struct scripted_data {
	enum source_topic topic;
	char *text; /* the line, split into words */
	const char *word[WORDS];
	char modules[200], tags[200]; /* of bdb_info */
	union {
		struct event event;
		struct alert alert;
		struct action action;
		struct shard shard;
		struct bdb_info bdb_info;
		struct node node;
	};
	struct action_op op;
};

static const struct {
	const char *word;
	enum source_topic topic;
} topics[] = {
	{ "events", TOPIC_EVENTS }, { "alerts", TOPIC_ALERTS },	  { "actions", TOPIC_ACTIONS },
	{ "shards", TOPIC_SHARDS }, { "traits", TOPIC_BDB_INFO }, { "nodes", TOPIC_NODES },
};
#define TOPICS (sizeof(topics) / sizeof(topics[0]))

int script_topic(const char *word)
{
	size_t i;

	for (i = 0; i < TOPICS; i++)
		if (!strcmp(word, topics[i].word))
			return (int)topics[i].topic;
	return -1;
}

void script_clear_data(struct script *s)
{
	while (s->data_count) {
		struct scripted_data *item = s->data[--s->data_count];

		free(item->text);
		free(item);
	}
	free(s->data);
	s->data = NULL;
}

static struct scripted_data *make(struct script *s, enum source_topic topic, const char *text)
{
	struct scripted_data *item = calloc(1, sizeof(*item));
	struct scripted_data **grown =
		realloc(s->data, (s->data_count + 1) * sizeof(struct scripted_data *));

	if (!item || !grown)
		abort();
	item->topic = topic;
	item->text = strdup(text);
	if (!item->text)
		abort();
	s->data = grown;
	s->data[s->data_count++] = item;
	return item;
}

/* Deletes the items of a topic, of one database or (uid 0) of all. */
static void drop(struct script *s, enum source_topic topic, int64_t uid)
{
	size_t i, count = 0;

	for (i = 0; i < s->data_count; i++) {
		struct scripted_data *item = s->data[i];
		bool its = !uid || (topic == TOPIC_BDB_INFO && item->bdb_info.uid == uid) ||
			   (topic == TOPIC_ALERTS && item->alert.uid == uid) ||
			   (topic == TOPIC_ACTIONS && item->action.uid == uid) ||
			   (topic == TOPIC_SHARDS && item->shard.uid == uid) ||
			   (topic == TOPIC_NODES && item->node.uid == uid);

		if (item->topic != topic || !its) {
			s->data[count++] = item;
			continue;
		}
		free(item->text);
		free(item);
	}
	s->data_count = count;
}

/* The value of KEY=VALUE in the words of a line, or `otherwise`. */
static const char *value_of(struct scripted_data *item, const char *key, const char *otherwise)
{
	size_t length = strlen(key), i;

	for (i = 0; i < WORDS && item->word[i]; i++)
		if (!strncmp(item->word[i], key, length) && item->word[i][length] == '=')
			return item->word[i] + length + 1;
	return otherwise;
}

static int64_t time_of(struct scripted_data *item, const char *key)
{
	int64_t at = 0;

	return time_parse(value_of(item, key, ""), &at) ? at : 0;
}

#define PUT(array, text) snprintf(array, sizeof(array), "%s", text)

/* `backup_failed`, with and without `bdb_` before it. */
static void set_type(struct event *event, const char *type)
{
	static const char *const suffixes[] = {
		[EVENT_STARTED] = "_started",
		[EVENT_SUCCEEDED] = "_succeeded",
		[EVENT_FAILED] = "_failed",
	};
	const char *bare = strncmp(type, "bdb_", 4) ? type : type + 4;
	int kind, what;

	PUT(event->type, type);
	for (kind = 0; kind < OP_KINDS; kind++)
		for (what = EVENT_STARTED; what <= EVENT_FAILED; what++) {
			size_t length = strlen(op_defs[kind].word);

			if (strncmp(bare, op_defs[kind].word, length) != 0 ||
			    strcmp(bare + length, suffixes[what]) != 0)
				continue;
			event->kind = (enum op_kind)kind;
			event->class = (enum event_class)what;
		}
}

/* event TIME TYPE UID [SEVERITY [TEXT]] */
static int do_event(struct script *s, const char *rest)
{
	struct scripted_data *item = make(s, TOPIC_EVENTS, rest);
	char *save, *at = strtok_r(item->text, " ", &save);
	const char *type = strtok_r(NULL, " ", &save), *uid = strtok_r(NULL, " ", &save);
	const char *severity = strtok_r(NULL, " ", &save);

	PUT(item->event.severity, severity ? severity : "INFO");
	PUT(item->event.text, severity ? save : "");
	if (!at || !uid || !time_parse(at, &item->event.time_s)) {
		s->data_count--;
		free(item->text);
		free(item);
		return -1;
	}
	item->event.uid = atoll(uid);
	set_type(&item->event, type);
	return 0;
}

/* Splits UID [WORD] [KEY=VALUE]... into words. */
static struct scripted_data *cut(struct script *s, enum source_topic topic, const char *rest,
				 int64_t *uid)
{
	struct scripted_data *item = make(s, topic, rest);
	char *save, *word = strtok_r(item->text, " ", &save);
	size_t i;

	*uid = word ? atoll(word) : 0;
	for (i = 0; i < WORDS && (word = strtok_r(NULL, " ", &save)); i++)
		item->word[i] = word;
	return item;
}

/* alert UID [on|off] [name=NAME] [since=TIME] [limit=MINUTES] */
static int do_alert(struct script *s, const char *rest)
{
	int64_t uid;
	struct scripted_data *item;

	drop(s, TOPIC_ALERTS, atoll(rest));
	item = cut(s, TOPIC_ALERTS, rest, &uid);
	item->alert = (struct alert){ .uid = uid,
				      .enabled = true,
				      .on = !item->word[0] || strcmp(item->word[0], "off") != 0,
				      .since_s = time_of(item, "since"),
				      .severity = "WARNING" };
	PUT(item->alert.name, value_of(item, "name", "bdb_backup_delayed"));
	PUT(item->alert.threshold, value_of(item, "limit", "1800"));
	return 0;
}

/* Removes an earlier action with this id; the newest item is the new one. */
static void drop_action(struct script *s, int64_t uid, const char *id)
{
	size_t i;

	for (i = 0; i + 1 < s->data_count; i++) {
		struct scripted_data *item = s->data[i];

		if (item->topic != TOPIC_ACTIONS || item->action.uid != uid ||
		    strcmp(item->action.id, id) != 0)
			continue;
		memmove(&s->data[i], &s->data[i + 1], (--s->data_count - i) * sizeof(s->data[0]));
		free(item->text);
		free(item);
		return;
	}
}

/* action UID [STATUS] [id=WORD] [name=NAME] [percent=N] [shard=N] [heartbeat=TIME]
 * [created=TIME] */
static int do_action(struct script *s, const char *rest)
{
	const char *status, *id;
	int64_t uid;
	struct scripted_data *item;

	item = cut(s, TOPIC_ACTIONS, rest, &uid);
	id = value_of(item, "id", "4711");
	drop_action(s, uid, id);
	status = item->word[0] && !strchr(item->word[0], '=') ? item->word[0] : "running";
	item->op = (struct action_op){ .shard = atoll(value_of(item, "shard", "0")),
				       .heartbeat_s = time_of(item, "heartbeat"),
				       .percent = atof(value_of(item, "percent", "-1")),
				       .name = "save" };
	item->action = (struct action){ .uid = uid,
					.type = "other",
					.running = !strcmp(status, "running"),
					.percent = item->op.percent,
					.created_s = time_of(item, "created"),
					.ops = &item->op,
					.op_count = item->op.shard != 0 };
	PUT(item->action.id, id);
	PUT(item->action.name, value_of(item, "name", "backup"));
	PUT(item->action.status, status);
	return 0;
}

/* shard BDB uid=N node=N role=WORD status=WORD percent=N */
static int do_shard(struct script *s, const char *rest)
{
	int64_t uid;
	struct scripted_data *item = cut(s, TOPIC_SHARDS, rest, &uid);
	int64_t its = atoll(value_of(item, "uid", "1"));
	const char *percent = value_of(item, "percent", "-1");

	/* removes the earlier one; the new one is the last */
	s->data_count--;
	drop(s, TOPIC_SHARDS, its);
	s->data[s->data_count++] = item;
	item->shard = (struct shard){ .uid = its,
				      .bdb = uid,
				      .node = atoll(value_of(item, "node", "1")),
				      .detailed_status = "ok",
				      .backup_percent = atof(percent),
				      .loading_percent = -1 };
	PUT(item->shard.role, value_of(item, "role", "master"));
	PUT(item->shard.status, value_of(item, "status", "active"));
	PUT(item->shard.backup_status, *percent == '-' ? "" : "exporting");
	return 0;
}

/* node UID [version=TEXT] [address=TEXT] [status=WORD] */
static int do_node(struct script *s, const char *rest)
{
	int64_t uid;
	struct scripted_data *item;

	drop(s, TOPIC_NODES, atoll(rest));
	item = cut(s, TOPIC_NODES, rest, &uid);
	item->node = (struct node){ .uid = uid };
	PUT(item->node.address, value_of(item, "address", "10.0.0.1"));
	PUT(item->node.status, value_of(item, "status", "active"));
	PUT(item->node.version, value_of(item, "version", "8.0.2-17"));
	return 0;
}

/* traits UID [module=NAME]... [tag=KEY=VALUE]... [redis=TEXT] [version=TEXT] [shards=N]
 * [memory=BYTES] */
static int do_bdb_info(struct script *s, const char *rest)
{
	struct scripted_data *item;
	char *modules, *tags;
	int64_t uid;
	size_t i;

	drop(s, TOPIC_BDB_INFO, atoll(rest));
	item = cut(s, TOPIC_BDB_INFO, rest, &uid);
	item->bdb_info = (struct bdb_info){ .uid = uid,
					    .modules = item->modules,
					    .tags = item->tags,
					    .shards_count = atoll(value_of(item, "shards", "-1")),
					    .memory_size = atoll(value_of(item, "memory", "-1")) };
	PUT(item->bdb_info.version, value_of(item, "version", ""));
	PUT(item->bdb_info.redis_version, value_of(item, "redis", ""));
	modules = item->modules;
	tags = item->tags;
	for (i = 0; i < WORDS && item->word[i]; i++) {
		if (!strncmp(item->word[i], "module=", 7))
			modules = stpcpy(modules, item->word[i] + 7) + 1;
		else if (!strncmp(item->word[i], "tag=", 4))
			tags = stpcpy(tags, item->word[i] + 4) + 1;
	}
	return 0;
}

static int do_data_result(struct script *s, const char *word, const char *rest)
{
	static const struct {
		const char *word;
		enum data_result result;
		unsigned status;
	} results[] = {
		{ "allow", DATA_OK, 200 },     { "deny", DATA_FORBIDDEN, 403 },
		{ "lack", DATA_MISSING, 404 }, { "spoil", DATA_FAILED, 200 },
		{ "break", DATA_FAILED, 500 }, { "mute", DATA_FAILED, 0 },
	};
	int topic = script_topic(rest);
	size_t i;

	for (i = 0; topic >= 0 && i < sizeof(results) / sizeof(results[0]); i++)
		if (!strcmp(word, results[i].word)) {
			s->data_results[topic] = results[i].result;
			s->status[topic] = results[i].status;
			return 0;
		}
	if (strcmp(word, "no") != 0 || topic < 0)
		return -1;
	drop(s, (enum source_topic)topic, 0);
	return 0;
}

int script_do_data(struct script *s, const char *word, const char *rest)
{
	if (!strcmp(word, "event"))
		return do_event(s, rest);
	if (!strcmp(word, "alert"))
		return do_alert(s, rest);
	if (!strcmp(word, "action"))
		return do_action(s, rest);
	if (!strcmp(word, "shard"))
		return do_shard(s, rest);
	if (!strcmp(word, "traits"))
		return do_bdb_info(s, rest);
	if (!strcmp(word, "node"))
		return do_node(s, rest);
	return do_data_result(s, word, rest);
}

/* --- replies --------------------------------------------------------------------------------- */

static int newest_first(const void *left, const void *right)
{
	const struct event *a = left, *b = right;

	return a->time_s > b->time_s ? -1 : a->time_s < b->time_s;
}

/* Arrays with space for all items. */
struct scripted_data_set {
	struct event *events;
	struct alert *alerts;
	struct action *actions;
	struct shard *shards;
	struct bdb_info *bdb_info;
	struct node *nodes;
};

static void *new_array(const struct script *s, size_t size)
{
	void *made = calloc(s->data_count + 1, size);

	if (!made)
		abort();
	return made;
}

/* Versions and sizes are only in a reply about one database. */
static void add_bdb_info(struct bdb_info *to, const struct bdb_info *from, int64_t about)
{
	*to = *from;
	if (about)
		return;
	to->version[0] = to->redis_version[0] = '\0';
	to->shards_count = to->memory_size = -1;
}

static void add_data(struct scripted_data_set *arrays, struct cluster_data *data,
		     const struct scripted_data *item, int64_t about)
{
	switch (item->topic) {
	case TOPIC_EVENTS:
		if (item->event.time_s >= about)
			arrays->events[data->event_count++] = item->event;
		break;
	case TOPIC_ALERTS:
		if (!about || item->alert.uid == about)
			arrays->alerts[data->alert_count++] = item->alert;
		break;
	case TOPIC_ACTIONS:
		arrays->actions[data->action_count++] = item->action;
		break;
	case TOPIC_SHARDS:
		if (item->shard.bdb == about)
			arrays->shards[data->shard_count++] = item->shard;
		break;
	case TOPIC_NODES:
		arrays->nodes[data->node_count++] = item->node;
		break;
	default:
		if (!about || item->bdb_info.uid == about)
			add_bdb_info(&arrays->bdb_info[data->bdb_info_count++], &item->bdb_info,
				     about);
		break;
	}
}

#define EVENTS_MAX 500

static void send_data(struct script *s, const struct data_reply *base, int64_t now_ms)
{
	struct data_reply reply = *base;
	struct scripted_data_set arrays = { .events = new_array(s, sizeof(struct event)),
					    .alerts = new_array(s, sizeof(struct alert)),
					    .actions = new_array(s, sizeof(struct action)),
					    .shards = new_array(s, sizeof(struct shard)),
					    .bdb_info = new_array(s, sizeof(struct bdb_info)),
					    .nodes = new_array(s, sizeof(struct node)) };
	struct cluster_data data = { .events = arrays.events,
				     .alerts = arrays.alerts,
				     .actions = arrays.actions,
				     .shards = arrays.shards,
				     .bdb_infos = arrays.bdb_info,
				     .nodes = arrays.nodes };
	size_t i;

	for (i = 0; i < s->data_count; i++)
		if (s->data[i]->topic == reply.topic)
			add_data(&arrays, &data, s->data[i], reply.uid);
	qsort(arrays.events, data.event_count, sizeof(*arrays.events), newest_first);
	data.truncated = data.event_count >= EVENTS_MAX;
	if (data.truncated)
		data.event_count = EVENTS_MAX;
	reply.data = &data;
	s->sink->on_data(s->arg, &reply, now_ms);
	free(arrays.events);
	free(arrays.alerts);
	free(arrays.actions);
	free(arrays.shards);
	free(arrays.bdb_info);
	free(arrays.nodes);
}

void script_answer_data(struct script *s, const struct script_request *request, int64_t now_ms)
{
	struct data_reply reply = { .topic = request->topic,
				    .uid = request->uid,
				    .requested_ms = request->requested_ms,
				    .received_ms = now_ms,
				    .result = s->refused ? DATA_FAILED
							 : s->data_results[request->topic] };
	struct err why;

	err_set(&why, ERR_RETRY, "%s", "The script does not tell.");
	reply.error = &why;
	reply.status = reply.result == DATA_OK ? 200 : s->refused ? 0 : s->status[request->topic];
	if (reply.result == DATA_FAILED && s->retry_status)
		reply.retry_ms = now_ms + s->retry_ms;
	if (reply.result == DATA_OK)
		send_data(s, &reply, now_ms);
	else
		s->sink->on_data(s->arg, &reply, now_ms);
}
