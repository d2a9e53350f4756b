#include "bdbtop/json/list_object.h"

#include <json-c/json.h>

#include "builder_internal.h"

static void add_time(struct object_builder *builder, const char *key, int64_t wall_s)
{
	builder_add_known_time(builder, key, wall_s > 0, wall_s);
}

static void add_cluster(struct object_builder *builder, struct json_object *array,
			const struct list_cluster *cluster)
{
	struct object_builder inner;

	builder_init(&inner);
	builder_add_text(&inner, "name", cluster->name);
	builder_add_text(&inner, "address", cluster->address);
	builder_add_text(&inner, "status", cluster->status);
	add_time(&inner, "polled_at", cluster->polled_at_s);
	builder_add_known_number(&inner, "latency_ms",
				 cluster->polled_at_s && cluster->latency_ms >= 0,
				 cluster->latency_ms);
	builder_add_text(&inner, "error", cluster->error);
	builder_add_item(builder, array, &inner);
}

static void add_clusters(struct object_builder *builder, const struct list_head *head)
{
	struct json_object *array = json_object_new_array();
	size_t i;

	for (i = 0; i < head->cluster_count; i++)
		add_cluster(builder, array, &head->clusters[i]);
	builder_add_value(builder, "clusters", array);
}

char *list_object_begin(const struct list_head *head, const char *name)
{
	struct object_builder builder;

	builder_init(&builder);
	builder_add_schema(&builder, LIST_SCHEMA, SCHEMA_VERSION);
	builder_add_text(&builder, "generator", head->generator);
	add_time(&builder, "polled_at", head->polled_at_s);
	builder_add_boolean(&builder, "complete", head->complete);
	builder_add_number(&builder, "unreadable", (int64_t)head->unreadable);
	builder_add_texts(&builder, "warnings", head->warnings, head->warning_count);
	add_clusters(&builder, head);
	if (name)
		builder_add_value(&builder, name, json_object_new_array());
	return name ? builder_finish_open(&builder) : builder_finish(&builder, "");
}

/* --- a database ----------------------------------------------------------------------------- */

struct bdb_builder {
	struct object_builder *bdb;
	const char *object; /* the operation whose object is being filled, or NULL */
	struct object_builder inner;
};

static void add_states(struct object_builder *builder, const char *name, unsigned states)
{
	struct json_object *array = json_object_new_array();
	int verdict;

	for (verdict = 0; verdict < VERDICT_KINDS; verdict++)
		if (states & 1U << verdict)
			builder_add_element(builder, array,
					    json_object_new_string(verdict_defs[verdict].sentence));
	builder_add_value(builder, name, array);
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
		builder_add_boolean(builder, name, value->boolean);
		break;
	case LIST_PERCENT:
		builder_add_percent(builder, name, value->percent, 15); /* as it was received */
		break;
	case LIST_TIME:
		builder_add_time(builder, name, value->number);
		break;
	case LIST_STATES:
		add_states(builder, name, value->states);
		break;
	}
}

static void on_field(void *arg, const char *object, const char *name,
		     const struct list_value *value)
{
	struct bdb_builder *builder = arg;

	if (builder->object && builder->object != object)
		builder_add_object(builder->bdb, builder->object, &builder->inner);
	if (object && builder->object != object)
		builder_init(&builder->inner);
	builder->object = object;
	add_field(object ? &builder->inner : builder->bdb, name, value);
}

/* Adds the fields to an object. */
static void add_bdb(struct object_builder *builder, const struct list_subject *subject)
{
	struct bdb_builder bdb = { .bdb = builder };

	list_fields_each(subject, on_field, &bdb);
}

char *list_object_bdb(const struct list_subject *subject, bool line)
{
	struct object_builder builder;

	builder_init(&builder);
	if (line)
		builder_add_schema(&builder, DATABASE_SCHEMA, SCHEMA_VERSION);
	add_bdb(&builder, subject);
	return builder_finish(&builder, "");
}

/* --- a cause -------------------------------------------------------------------------------- */

static void add_uids(struct object_builder *builder, const struct list_cause *cause)
{
	struct json_object *array = json_object_new_array();
	size_t i;

	for (i = 0; i < cause->count; i++)
		builder_add_element(builder, array, json_object_new_int64(cause->uids[i]));
	builder_add_value(builder, "uids", array);
}

char *list_object_cause(const struct list_cause *cause, bool line)
{
	struct object_builder builder;

	builder_init(&builder);
	if (line)
		builder_add_schema(&builder, CAUSE_SCHEMA, SCHEMA_VERSION);
	builder_add_text(&builder, "cluster", cause->cluster);
	builder_add_text(&builder, "operation", op_defs[cause->kind].word);
	builder_add_text(&builder, "state", verdict_defs[cause->state].sentence);
	builder_add_known_text(&builder, "reason", cause->reason);
	builder_add_number(&builder, "database_count", (int64_t)cause->count);
	add_uids(&builder, cause);
	add_time(&builder, "since_at", cause->since_s);
	builder_add_known_number(&builder, "loss_window_seconds", loss_is_time(cause->loss_s),
				 cause->loss_s);
	builder_add_known_text(&builder, "next_step", cause->next_step);
	return builder_finish(&builder, "");
}

/* --- an event of --watch -------------------------------------------------------------------- */

static void add_transition(struct object_builder *builder, const struct watch_event *event)
{
	struct object_builder inner;

	if (!event->transition) {
		builder_add_null(builder, "transition");
		return;
	}
	builder_init(&inner);
	builder_add_text(&inner, "kind", event->transition);
	builder_add_text(&inner, "operation", event->kind < 0 ? NULL : op_defs[event->kind].word);
	builder_add_text(&inner, "text", event->text);
	builder_add_object(builder, "transition", &inner);
}

static void add_database(struct object_builder *builder, const struct watch_event *event)
{
	struct object_builder inner;

	if (!event->subject && !event->uid) {
		builder_add_null(builder, "database");
		return;
	}
	builder_init(&inner);
	if (event->subject) {
		add_bdb(&inner, event->subject);
	} else {
		builder_add_text(&inner, "cluster", event->cluster);
		builder_add_number(&inner, "uid", event->uid);
		builder_add_text(&inner, "name", event->name);
	}
	builder_add_object(builder, "database", &inner);
}

char *list_object_event(const struct watch_event *event)
{
	struct object_builder builder;

	builder_init(&builder);
	builder_add_schema(&builder, WATCH_SCHEMA, SCHEMA_VERSION);
	builder_add_text(&builder, "type", event->type);
	builder_add_time(&builder, "at", event->at_s);
	builder_add_text(&builder, "cluster", event->cluster);
	add_transition(&builder, event);
	add_database(&builder, event);
	builder_add_text(&builder, "error", event->error);
	return builder_finish(&builder, "");
}
