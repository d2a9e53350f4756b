/*
 * The data of a script beside the databases: events, alerts, actions, shards, nodes and bdb infos.
 *
 * An item is a list of KEY=VALUE words.  A reply is made of them in the form of the REST API, and
 * read by the program's own reader.
 */
#include "script_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bdbtop/core/text.h"

#define ITEM_SIZE    1024
#define EVENTS_LIMIT 500

/*
 * How the items of a topic are described and sent.  In a form, `$key` is the first value of that
 * key; what is between < and > comes once for each value of the keys in it.  The last `}` is added.
 */
struct data_kind {
	const char *word;
	enum source_topic topic;
	const char *positions; /* the keys of words without a key; `text` takes the rest */
	const char *defaults;
	const char *about; /* the key that a request about one database compares */
	const struct data_format *format;
	const char *form;
	const char *form_of_one; /* added in a reply about one database, or NULL */
};

static const struct data_kind data_kinds[] = {
	{ "event", TOPIC_EVENTS, "time type uid severity text", "severity=INFO text=", "uid",
	  &event_format,
	  "{\"time\":\"$time\",\"type\":\"$type\",\"object\":\"bdb:$uid\","
	  "\"severity\":\"$severity\",\"description\":\"$text\"",
	  NULL },
	{ "alert", TOPIC_ALERTS, "uid", "state=true name=bdb_backup_delayed limit=1800", "uid",
	  &alert_format,
	  "\"$uid\":{\"$name\":{\"enabled\":true,\"state\":$state,\"threshold\":\"$limit\","
	  "\"severity\":\"WARNING\"<,\"change_time\":\"$since\">}",
	  NULL },
	{ "action", TOPIC_ACTIONS, "uid status",
	  "status=running id=4711 name=backup heartbeat= percent=-1", "uid", &action_format,
	  "{\"action_uid\":\"$id\",\"name\":\"$name\",\"action_type\":\"other\","
	  "\"status\":\"$status\",\"object_name\":\"bdb:$uid\",\"progress\":$percent"
	  "<,\"creation_time\":\"$created\">"
	  "<,\"pending_ops\":{\"$shard\":{\"op_name\":\"save\",\"heartbeat\":\"$heartbeat\","
	  "\"progress\":$percent}}>",
	  NULL },
	{ "shard", TOPIC_SHARDS, "bdb", "uid=1 node=1 role=master status=active", "bdb",
	  &shard_format,
	  "{\"uid\":$uid,\"bdb_uid\":$bdb,\"node_uid\":$node,\"role\":\"$role\","
	  "\"status\":\"$status\",\"detailed_status\":\"ok\""
	  "<,\"backup\":{\"status\":\"exporting\",\"progress\":$percent}>",
	  NULL },
	{ "node", TOPIC_NODES, "uid", "address=10.0.0.1 status=active version=8.0.2-17", "uid",
	  &node_format,
	  "{\"uid\":$uid,\"addr\":\"$address\",\"status\":\"$status\","
	  "\"software_version\":\"$version\"",
	  NULL },
	{ "bdb-info", TOPIC_BDB_INFO, "uid", "", "uid", &bdb_info_format,
	  "{\"uid\":$uid,\"module_list\":[{}<,{\"module_name\":\"$module\"}>],"
	  "\"tags\":[{}<,{\"key\":\"$tag\",\"value\":\"$value\"}>]",
	  "<,\"redis_version\":\"$redis\"><,\"version\":\"$version\">"
	  "<,\"shards_count\":$shards><,\"memory_size\":$memory>" },
};

struct scripted_item {
	const struct data_kind *kind;
	char words[ITEM_SIZE]; /* strings one after the other, and "" after the last */
};

/* --- items ----------------------------------------------------------------------------------- */

/* The value number `nth` of a key, or NULL. */
static const char *value_of(const struct scripted_item *item, const char *key, size_t length,
			    unsigned nth)
{
	const char *word;

	for (word = item->words; *word; word += strlen(word) + 1)
		if (!strncmp(word, key, length) && word[length] == '=' && !nth--)
			return word + length + 1;
	return NULL;
}

static int64_t number_of(const struct scripted_item *item, const char *key)
{
	const char *value = value_of(item, key, strlen(key), 0);

	return value ? atoll(value) : 0;
}

/* Adds the words of a line, each with a newline; one without `=` gets the next key. */
static void add_words(struct text *item, const char *words, const char *positions)
{
	while (*words) {
		size_t key = strcspn(positions, " "), length = strcspn(words, " ");

		if (!strcmp(positions, "text"))
			length = strlen(words);
		if (!memchr(words, '=', length) || !strcmp(positions, "text")) {
			text_addf(item, "%.*s=", (int)key, positions);
			positions += key + (positions[key] == ' ');
		}
		text_addf(item, "%.*s\n", (int)length, words);
		words += length + (words[length] == ' ');
	}
}

static void remove_item(struct script *s, size_t index)
{
	free(s->items[index]);
	memmove(&s->items[index], &s->items[index + 1],
		(--s->item_count - index) * sizeof(s->items[0]));
}

void script_drop_data(struct script *s, enum source_topic topic)
{
	size_t i;

	for (i = s->item_count; i-- > 0;)
		if (s->items[i]->kind->topic == topic)
			remove_item(s, i);
}

/* Two events never are; two actions of one database only with the same id. */
static bool is_same_item(const struct scripted_item *a, const struct scripted_item *b)
{
	return a->kind == b->kind && a->kind->topic != TOPIC_EVENTS &&
	       number_of(a, "uid") == number_of(b, "uid") &&
	       number_of(a, "id") == number_of(b, "id");
}

int script_do_data(struct script *s, const char *line)
{
	size_t i, kind = 0, word = strcspn(line, " ");
	struct scripted_item *item;
	struct text words;

	while (kind < ARRAY_SIZE(data_kinds) && (strlen(data_kinds[kind].word) != word ||
						 strncmp(line, data_kinds[kind].word, word) != 0))
		kind++;
	if (kind == ARRAY_SIZE(data_kinds))
		return -1;
	item = calloc(1, sizeof(*item));
	if (!item || !ARRAY_RESERVE(s->items, s->item_capacity, s->item_count + 1, SIZE_MAX))
		abort();
	item->kind = &data_kinds[kind];
	text_init(&words, item->words, sizeof(item->words));
	add_words(&words, line + word + (line[word] == ' '), item->kind->positions);
	add_words(&words, item->kind->defaults, "");
	while (words.length--)
		if (item->words[words.length] == '\n')
			item->words[words.length] = '\0';
	for (i = s->item_count; i-- > 0;)
		if (is_same_item(s->items[i], item))
			remove_item(s, i);
	s->items[s->item_count++] = item;
	return 0;
}

/* --- replies --------------------------------------------------------------------------------- */

static void add_escaped(struct text *out, const char *value)
{
	for (; *value; value++)
		if ((unsigned char)*value < ' ' || *value == '"' || *value == '\\')
			text_addf(out, "\\u%04x", (unsigned)*value);
		else
			text_addf(out, "%c", *value);
}

/* Adds a part of a form with the values number `nth`; false: a key has none. */
static bool add_values(struct text *out, const struct scripted_item *item, const char *form,
		       size_t length, unsigned nth)
{
	const char *end = form + length, *value;

	while (form < end) {
		if (*form != '$') {
			text_addf(out, "%c", *form++);
			continue;
		}
		length = strspn(++form, "abcdefghijklmnopqrstuvwxyz");
		value = value_of(item, form, length, nth);
		if (!value)
			return false;
		add_escaped(out, value);
		form += length;
	}
	return true;
}

static void add_form(struct text *out, const struct scripted_item *item, const char *form)
{
	bool repeats = false;
	size_t length, before;
	unsigned nth;

	for (; *form; form += length) {
		length = strcspn(form, "<>");
		nth = 0;
		do
			before = out->length;
		while (add_values(out, item, form, length, nth++) && repeats);
		if (repeats)
			out->buffer[out->length = before] = '\0';
		repeats = form[length] == '<';
		length += form[length] != '\0';
	}
}

static bool is_requested(const struct scripted_item *item, const struct script_request *request)
{
	int64_t time_s;

	if (item->kind->topic != request->topic)
		return false;
	if (request->topic == TOPIC_EVENTS)
		return time_parse(value_of(item, "time", 4, 0), &time_s) && time_s >= request->uid;
	return !request->uid || number_of(item, item->kind->about) == request->uid;
}

static void feed(struct data_reader *reader, const char *bytes)
{
	struct err err;

	if (!data_reader_feed(reader, bytes, strlen(bytes), &err))
		return;
	fprintf(stderr, "the script's data cannot be read: %s: %s\n", err.text, bytes);
	abort();
}

struct data_reader *script_read_data(struct script *s, const struct script_request *request)
{
	bool events = request->topic == TOPIC_EVENTS, map = request->topic == TOPIC_ALERTS;
	const struct data_kind *kind = data_kinds;
	struct data_reader *reader;
	const char *comma = "";
	char bytes[4 * ITEM_SIZE];
	struct text out;
	size_t i;

	while (kind->topic != request->topic)
		kind++;
	reader =
		data_reader_new(kind->format, events ? 0 : request->uid, events ? EVENTS_LIMIT : 0);
	if (!reader)
		abort();
	feed(reader, map ? "{" : "[");
	for (i = 0; i < s->item_count; i++) {
		if (!is_requested(s->items[i], request))
			continue;
		text_init(&out, bytes, sizeof(bytes));
		text_add(&out, comma);
		add_form(&out, s->items[i], kind->form);
		if (request->uid && kind->form_of_one)
			add_form(&out, s->items[i], kind->form_of_one);
		text_add(&out, "}");
		feed(reader, bytes);
		comma = ",";
	}
	feed(reader, map ? "}" : "]");
	return reader;
}
