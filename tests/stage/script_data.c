/*
 * What a script tells beside the databases: events, alerts, actions, shards, traits and nodes.
 */
#include "script_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A fact owns its strings; each is one line that was told. */
#define WORDS 8
struct scripted_data {
	enum source_topic topic;
	char *text; /* the line, cut into words */
	const char *word[WORDS];
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
	{ "events", TOPIC_EVENTS }, { "alerts", TOPIC_ALERTS }, { "actions", TOPIC_ACTIONS },
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
	while (s->fact_count) {
		struct scripted_data *fact = s->facts[--s->fact_count];

		free(fact->text);
		free(fact);
	}
	free(s->facts);
	s->facts = NULL;
}

static struct scripted_data *make(struct script *s, enum source_topic topic, const char *text)
{
	struct scripted_data *fact = calloc(1, sizeof(*fact));
	struct scripted_data **grown =
		realloc(s->facts, (s->fact_count + 1) * sizeof(struct scripted_data *));

	if (!fact || !grown)
		abort();
	fact->topic = topic;
	fact->text = strdup(text);
	if (!fact->text)
		abort();
	s->facts = grown;
	s->facts[s->fact_count++] = fact;
	return fact;
}

/* `no TOPIC`, or those of one database. */
static void drop(struct script *s, enum source_topic topic, int64_t uid)
{
	size_t i, kept = 0;

	for (i = 0; i < s->fact_count; i++) {
		struct scripted_data *fact = s->facts[i];
		bool its = !uid || (topic == TOPIC_BDB_INFO && fact->bdb_info.uid == uid) ||
			   (topic == TOPIC_ALERTS && fact->alert.uid == uid) ||
			   (topic == TOPIC_ACTIONS && fact->action.uid == uid) ||
			   (topic == TOPIC_SHARDS && fact->shard.uid == uid) ||
			   (topic == TOPIC_NODES && fact->node.uid == uid);

		if (fact->topic != topic || !its) {
			s->facts[kept++] = fact;
			continue;
		}
		free(fact->text);
		free(fact);
	}
	s->fact_count = kept;
}

/* The value of KEY=VALUE, cut out of the rest of a line; otherwise what it is without it. */
static const char *value_of(struct scripted_data *fact, const char *key, const char *otherwise)
{
	size_t length = strlen(key), i;

	for (i = 0; i < WORDS && fact->word[i]; i++)
		if (!strncmp(fact->word[i], key, length) && fact->word[i][length] == '=')
			return fact->word[i] + length + 1;
	return otherwise;
}

static int64_t time_of(struct scripted_data *fact, const char *key)
{
	int64_t at = 0;

	return time_parse(value_of(fact, key, ""), &at) ? at : 0;
}

/* `backup_failed`, with and without `bdb_` before it. */
static void set_type(struct event *event, const char *type)
{
	static const char *const whats[] = {
		[EVENT_STARTED] = "_started",
		[EVENT_SUCCEEDED] = "_succeeded",
		[EVENT_FAILED] = "_failed",
	};
	const char *bare = strncmp(type, "bdb_", 4) ? type : type + 4;
	int kind, what;

	event->type = type;
	for (kind = 0; kind < OP_KINDS; kind++)
		for (what = EVENT_STARTED; what <= EVENT_FAILED; what++) {
			size_t length = strlen(op_defs[kind].word);

			if (strncmp(bare, op_defs[kind].word, length) != 0 ||
			    strcmp(bare + length, whats[what]) != 0)
				continue;
			event->kind = (enum op_kind)kind;
			event->class = (enum event_class)what;
		}
}

/* event TIME TYPE UID [SEVERITY [TEXT]] */
static int do_event(struct script *s, const char *rest)
{
	struct scripted_data *fact = make(s, TOPIC_EVENTS, rest);
	char *save, *at = strtok_r(fact->text, " ", &save);
	const char *type = strtok_r(NULL, " ", &save), *uid = strtok_r(NULL, " ", &save);
	const char *severity = strtok_r(NULL, " ", &save);

	fact->event = (struct event){ .severity = severity ? severity : "INFO",
				      .text = severity ? save : "" };
	if (!at || !uid || !time_parse(at, &fact->event.time_s)) {
		s->fact_count--;
		free(fact->text);
		free(fact);
		return -1;
	}
	fact->event.uid = atoll(uid);
	set_type(&fact->event, type);
	return 0;
}

/* UID [WORD] [KEY=VALUE]...: cut into words. */
static struct scripted_data *cut(struct script *s, enum source_topic topic, const char *rest,
				 int64_t *uid)
{
	struct scripted_data *fact = make(s, topic, rest);
	char *save, *word = strtok_r(fact->text, " ", &save);
	size_t i;

	*uid = word ? atoll(word) : 0;
	for (i = 0; i < WORDS && (word = strtok_r(NULL, " ", &save)); i++)
		fact->word[i] = word;
	return fact;
}

/* alert UID [on|off] [name=NAME] [since=TIME] [limit=MINUTES] */
static int do_alert(struct script *s, const char *rest)
{
	int64_t uid;
	struct scripted_data *fact;

	drop(s, TOPIC_ALERTS, atoll(rest));
	fact = cut(s, TOPIC_ALERTS, rest, &uid);
	fact->alert = (struct alert){ .uid = uid,
				      .name = value_of(fact, "name", "bdb_backup_delayed"),
				      .enabled = true,
				      .on = !fact->word[0] || strcmp(fact->word[0], "off") != 0,
				      .since_s = time_of(fact, "since"),
				      .threshold = value_of(fact, "limit", "1800"),
				      .severity = "WARNING" };
	return 0;
}

/* The one told before, if any: not the newest, which is being told. */
static void drop_action(struct script *s, int64_t uid, const char *id)
{
	size_t i;

	for (i = 0; i + 1 < s->fact_count; i++) {
		struct scripted_data *fact = s->facts[i];

		if (fact->topic != TOPIC_ACTIONS || fact->action.uid != uid ||
		    strcmp(fact->action.id, id) != 0)
			continue;
		memmove(&s->facts[i], &s->facts[i + 1],
			(--s->fact_count - i) * sizeof(s->facts[0]));
		free(fact->text);
		free(fact);
		return;
	}
}

/* action UID [STATUS] [id=WORD] [name=NAME] [percent=N] [shard=N] [heartbeat=TIME]
 * [created=TIME] */
static int do_action(struct script *s, const char *rest)
{
	const char *status, *id;
	int64_t uid;
	struct scripted_data *fact;

	fact = cut(s, TOPIC_ACTIONS, rest, &uid);
	id = value_of(fact, "id", "4711");
	drop_action(s, uid, id);
	status = fact->word[0] && !strchr(fact->word[0], '=') ? fact->word[0] : "running";
	fact->op = (struct action_op){ .shard = atoll(value_of(fact, "shard", "0")),
				       .heartbeat_s = time_of(fact, "heartbeat"),
				       .percent = atof(value_of(fact, "percent", "-1")),
				       .name = "save",
				       .description = "" };
	fact->action = (struct action){ .uid = uid,
					.id = id,
					.name = value_of(fact, "name", "backup"),
					.type = "other",
					.status = status,
					.running = !strcmp(status, "running"),
					.percent = fact->op.percent,
					.created_s = time_of(fact, "created"),
					.ops = &fact->op,
					.op_count = fact->op.shard != 0 };
	return 0;
}

/* shard BDB uid=N node=N role=WORD status=WORD percent=N */
static int do_shard(struct script *s, const char *rest)
{
	int64_t uid;
	struct scripted_data *fact = cut(s, TOPIC_SHARDS, rest, &uid);
	int64_t its = atoll(value_of(fact, "uid", "1"));
	const char *percent = value_of(fact, "percent", "-1");

	/* the one that was told before goes, the new one is the last */
	s->fact_count--;
	drop(s, TOPIC_SHARDS, its);
	s->facts[s->fact_count++] = fact;
	fact->shard = (struct shard){ .uid = its,
				      .bdb = uid,
				      .node = atoll(value_of(fact, "node", "1")),
				      .role = value_of(fact, "role", "master"),
				      .status = value_of(fact, "status", "active"),
				      .detailed_status = "ok",
				      .backup_percent = atof(percent),
				      .loading_percent = -1,
				      .backup_status = *percent == '-' ? "" : "exporting",
				      .loading_status = "" };
	return 0;
}

/* node UID [version=TEXT] [address=TEXT] [status=WORD] */
static int do_node(struct script *s, const char *rest)
{
	int64_t uid;
	struct scripted_data *fact;

	drop(s, TOPIC_NODES, atoll(rest));
	fact = cut(s, TOPIC_NODES, rest, &uid);
	fact->node = (struct node){ .uid = uid,
				    .address = value_of(fact, "address", "10.0.0.1"),
				    .status = value_of(fact, "status", "active"),
				    .version = value_of(fact, "version", "8.0.2-17") };
	return 0;
}

/* traits UID [module=NAME]... [tag=KEY=VALUE]... [redis=TEXT] [version=TEXT] [shards=N]
 * [memory=BYTES] */
static int do_bdb_info(struct script *s, const char *rest)
{
	const char *module[WORDS] = { NULL }, *tag[WORDS] = { NULL };
	size_t i, modules = 0, tags = 0;
	int64_t uid;
	struct scripted_data *fact;

	drop(s, TOPIC_BDB_INFO, atoll(rest));
	fact = cut(s, TOPIC_BDB_INFO, rest, &uid);
	fact->bdb_info = (struct bdb_info){ .uid = uid,
					.version = value_of(fact, "version", ""),
					.redis_version = value_of(fact, "redis", ""),
					.shards_count = atoll(value_of(fact, "shards", "-1")),
					.memory_size = atoll(value_of(fact, "memory", "-1")) };
	for (i = 0; i < WORDS && fact->word[i]; i++) {
		if (!strncmp(fact->word[i], "module=", 7))
			module[modules++] = fact->word[i] + 7;
		else if (!strncmp(fact->word[i], "tag=", 4))
			tag[tags++] = fact->word[i] + 4;
	}
	/* in the same place: modules first, tags behind them */
	memcpy(fact->word, module, modules * sizeof(module[0]));
	memcpy(fact->word + modules, tag, tags * sizeof(tag[0]));
	fact->bdb_info.modules = fact->word;
	fact->bdb_info.module_count = modules;
	fact->bdb_info.tags = fact->word + modules;
	fact->bdb_info.tag_count = tags;
	return 0;
}

static int do_data_result(struct script *s, const char *word, const char *rest)
{
	static const struct {
		const char *word;
		enum data_result result;
		unsigned status;
	} hows[] = {
		{ "allow", DATA_OK, 200 }, { "deny", DATA_FORBIDDEN, 403 },
		{ "lack", DATA_MISSING, 404 }, { "spoil", DATA_FAILED, 200 },
		{ "break", DATA_FAILED, 500 },   { "mute", DATA_FAILED, 0 },
	};
	int topic = script_topic(rest);
	size_t i;

	for (i = 0; topic >= 0 && i < sizeof(hows) / sizeof(hows[0]); i++)
		if (!strcmp(word, hows[i].word)) {
			s->tells[topic] = hows[i].result;
			s->status[topic] = hows[i].status;
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

/* --- answers --------------------------------------------------------------------------------- */

static int newest_first(const void *left, const void *right)
{
	const struct event *a = left, *b = right;

	return a->time_s > b->time_s ? -1 : a->time_s < b->time_s;
}

/* Arrays with room for everything that was told. */
struct scripted_data_set {
	struct event *events;
	struct alert *alerts;
	struct action *actions;
	struct shard *shards;
	struct bdb_info *bdb_info;
	struct node *nodes;
};

static void *page(const struct script *s, size_t size)
{
	void *made = calloc(s->fact_count + 1, size);

	if (!made)
		abort();
	return made;
}

/* Versions and sizes are told of one alone. */
static void add_bdb_info(struct bdb_info *to, const struct bdb_info *from, int64_t about)
{
	*to = *from;
	if (about)
		return;
	to->version = to->redis_version = "";
	to->shards_count = to->memory_size = -1;
}

static void add_data(struct scripted_data_set *pages, struct cluster_data *data,
		     const struct scripted_data *fact, int64_t about)
{
	switch (fact->topic) {
	case TOPIC_EVENTS:
		if (fact->event.time_s >= about)
			pages->events[data->event_count++] = fact->event;
		break;
	case TOPIC_ALERTS:
		if (!about || fact->alert.uid == about)
			pages->alerts[data->alert_count++] = fact->alert;
		break;
	case TOPIC_ACTIONS:
		pages->actions[data->action_count++] = fact->action;
		break;
	case TOPIC_SHARDS:
		if (fact->shard.bdb == about)
			pages->shards[data->shard_count++] = fact->shard;
		break;
	case TOPIC_NODES:
		pages->nodes[data->node_count++] = fact->node;
		break;
	default:
		if (!about || fact->bdb_info.uid == about)
			add_bdb_info(&pages->bdb_info[data->bdb_info_count++], &fact->bdb_info,
				     about);
		break;
	}
}

#define EVENTS_AT_MOST 500

static void send_data(struct script *s, const struct data_reply *whole, int64_t now_ms)
{
	struct data_reply told = *whole;
	struct scripted_data_set pages = { .events = page(s, sizeof(struct event)),
			       .alerts = page(s, sizeof(struct alert)),
			       .actions = page(s, sizeof(struct action)),
			       .shards = page(s, sizeof(struct shard)),
			       .bdb_info = page(s, sizeof(struct bdb_info)),
			       .nodes = page(s, sizeof(struct node)) };
	struct cluster_data data = { .events = pages.events,
			       .alerts = pages.alerts,
			       .actions = pages.actions,
			       .shards = pages.shards,
			       .bdb_infos = pages.bdb_info,
			       .nodes = pages.nodes };
	size_t i;

	for (i = 0; i < s->fact_count; i++)
		if (s->facts[i]->topic == told.topic)
			add_data(&pages, &data, s->facts[i], told.uid);
	qsort(pages.events, data.event_count, sizeof(*pages.events), newest_first);
	data.truncated = data.event_count >= EVENTS_AT_MOST;
	if (data.truncated)
		data.event_count = EVENTS_AT_MOST;
	told.data = &data;
	s->sink->on_data(s->arg, &told, now_ms);
	free(pages.events);
	free(pages.alerts);
	free(pages.actions);
	free(pages.shards);
	free(pages.bdb_info);
	free(pages.nodes);
}

void script_answer_data(struct script *s, const struct script_request *flight, int64_t now_ms)
{
	struct data_reply told = { .topic = flight->topic,
				    .uid = flight->uid,
				    .requested_ms = flight->requested_ms,
				    .received_ms = now_ms,
				    .result = s->refused ? DATA_FAILED : s->tells[flight->topic] };
	struct err why;

	err_set(&why, ERR_RETRY, "%s", "The script does not tell.");
	told.error = &why;
	told.status = told.result == DATA_OK ? 200 : s->refused ? 0 : s->status[flight->topic];
	if (told.result == DATA_FAILED && s->retry_status)
		told.retry_ms = now_ms + s->again_ms;
	if (told.result == DATA_OK)
		send_data(s, &told, now_ms);
	else
		s->sink->on_data(s->arg, &told, now_ms);
}
