#include "bdbtop/json/list_object.h"

#include <stdio.h>
#include <string.h>

#include <json-c/json.h>

#include "builder_internal.h"

static struct json_object *make_cluster(const struct list_cluster *cluster, bool *failed)
{
	struct object_builder builder;

	builder_init(&builder);
	builder_add_text(&builder, "name", cluster->name);
	builder_add_text(&builder, "address", cluster->address);
	builder_add_text(&builder, "status", cluster->status);
	builder_add_time(&builder, "polled_at", cluster->polled_at_s);
	builder_add_number(&builder, "latency_ms", cluster->latency_ms);
	builder_add_text(&builder, "error", cluster->error);
	*failed |= builder.failed;
	return builder.object;
}

static void add_clusters(struct object_builder *builder, const struct list_head *head)
{
	struct json_object *array = json_object_new_array(), *cluster;
	size_t i;

	for (i = 0; array && i < head->cluster_count; i++) {
		cluster = make_cluster(&head->clusters[i], &builder->failed);
		if (cluster && !json_object_array_add(array, cluster))
			continue;
		json_object_put(cluster);
		builder->failed = true;
	}
	builder_add_value(builder, "clusters", array);
}

char *list_object_begin(const struct list_head *head)
{
	struct object_builder builder;
	char *text;

	builder_init(&builder);
	builder_add_text(&builder, "schema", LIST_SCHEMA);
	builder_add_number(&builder, "schema_version", LIST_SCHEMA_VERSION);
	builder_add_text(&builder, "generator", head->generator);
	builder_add_time(&builder, "polled_at", head->polled_at_s);
	builder_add_value(&builder, "complete", json_object_new_boolean(head->complete));
	builder_add_number(&builder, "unreadable", (int64_t)head->unreadable);
	builder_add_value(&builder, "warnings", json_object_new_array());
	add_clusters(&builder, head);
	builder_add_value(&builder, "databases", json_object_new_array());
	text = builder_finish(&builder, "");
	if (text)
		text[strlen(text) - strlen("]}")] = '\0';
	return text;
}

/* --- a database ----------------------------------------------------------------------------- */

struct bdb_builder {
	struct object_builder bdb;
	const char *object; /* the operation whose object is being filled, or NULL */
	struct object_builder inner;
};

/* As it was received: json-c alone writes `17.100000000000001`. */
static struct json_object *make_percent(double percent)
{
	char text[32];

	snprintf(text, sizeof(text), "%.15g", percent);
	return json_object_new_double_s(percent, text);
}

static struct json_object *make_states(unsigned states)
{
	struct json_object *array = json_object_new_array(), *word;
	int verdict;

	for (verdict = 0; array && verdict < VERDICT_KINDS; verdict++) {
		if (!(states & 1U << verdict))
			continue;
		word = json_object_new_string(verdict_defs[verdict].sentence);
		if (word && !json_object_array_add(array, word))
			continue;
		json_object_put(word);
		json_object_put(array);
		return NULL;
	}
	return array;
}

static void add_field(struct object_builder *builder, const char *name,
		      const struct list_value *value)
{
	switch (value->type) {
	case LIST_UNKNOWN:
		builder_add_null(builder, name);
		break;
	case LIST_TEXT:
		builder_add_text(builder, name, value->text);
		break;
	case LIST_NUMBER:
		builder_add_number(builder, name, value->number);
		break;
	case LIST_BOOLEAN:
		builder_add_value(builder, name, json_object_new_boolean(value->boolean));
		break;
	case LIST_PERCENT:
		builder_add_value(builder, name, make_percent(value->percent));
		break;
	case LIST_TIME:
		builder_add_time(builder, name, value->number);
		break;
	case LIST_STATES:
		builder_add_value(builder, name, make_states(value->states));
		break;
	}
}

static void on_field(void *arg, const char *object, const char *name,
		     const struct list_value *value)
{
	struct bdb_builder *builder = arg;

	if (builder->object && builder->object != object)
		builder_add_object(&builder->bdb, builder->object, &builder->inner);
	if (object && builder->object != object)
		builder_init(&builder->inner);
	builder->object = object;
	add_field(object ? &builder->inner : &builder->bdb, name, value);
}

char *list_object_bdb(const struct list_subject *subject)
{
	struct bdb_builder builder = { .object = NULL };

	builder_init(&builder.bdb);
	list_fields_each(subject, on_field, &builder);
	return builder_finish(&builder.bdb, "");
}
