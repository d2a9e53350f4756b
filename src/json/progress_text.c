#include "bdbtop/json/progress_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "bdbtop/core/array.h"
#include "bdbtop/json/value.h"
#include "builder_internal.h"
#include "json_internal.h"

#define DEPTH	8 /* the text has four levels */
#define SCHEMA	"bdbtop.progress"
#define VERSION 1
#define AHEAD_S 60 /* another run may have waited for the lock and then looked */

/* --- read ------------------------------------------------------------------------------------ */

/* The array of clusters of a text, to be released with its tree; NULL: damaged. */
static struct json_object *parse(const char *text, struct json_object **tree)
{
	size_t length = strlen(text), end;
	struct json_object *clusters;
	const char *schema;
	int64_t version;

	*tree = NULL;
	if (parser_read_once(text, length, DEPTH, tree, &end) != PARSER_OK)
		return NULL;
	schema = value_member_text(*tree, "schema");
	clusters = value_member(*tree, "clusters");
	if (strspn(text + end, "\n") == length - end && schema && !strcmp(schema, SCHEMA) &&
	    value_integer(value_member(*tree, "schema_version"), &version) == FIELD_PRESENT &&
	    version == VERSION && json_object_is_type(clusters, json_type_array))
		return clusters;
	json_object_put(*tree);
	*tree = NULL;
	return NULL;
}

static bool get_time(struct json_object *object, const char *key, int64_t *out_s)
{
	struct json_object *value = value_member(object, key);

	return value && value_time(value, out_s) == FIELD_PRESENT;
}

static bool get_boolean(struct json_object *object, const char *key, bool *out)
{
	struct json_object *value = value_member(object, key);

	return value && value_boolean(value, out) == FIELD_PRESENT;
}

static bool get_kind(struct json_object *object, enum op_kind *out)
{
	const char *word = value_member_text(object, "operation");
	int kind;

	for (kind = 0; word && kind < OP_KINDS; kind++)
		if (!strcmp(word, op_defs[kind].word)) {
			*out = (enum op_kind)kind;
			return true;
		}
	return false;
}

/* A missing time or percent is not known; everything else must be there. */
static bool read_op(struct json_object *object, struct saved_op *out)
{
	struct json_object *uid = value_member(object, "uid"),
			   *percent = value_member(object, "percent");
	const char *status = value_member_text(object, "status");

	*out = (struct saved_op){ .percent = -1 };
	if (!uid || value_uid(uid, &out->uid) != FIELD_PRESENT || !get_kind(object, &out->kind) ||
	    !status || strlen(status) >= sizeof(out->status) ||
	    (percent && value_percent(percent, &out->percent) != FIELD_PRESENT))
		return false;
	strcpy(out->status, status);
	get_time(object, "created_at", &out->created_s);
	get_time(object, "last_success_at", &out->last_success_s);
	return get_time(object, "moved_at", &out->moved_s) &&
	       get_boolean(object, "unmoved", &out->unmoved);
}

static bool read_ops(struct json_object *array, struct saved_progress *out)
{
	size_t i, count = array ? json_object_array_length(array) : 0;

	if (!ARRAY_RESERVE(out->ops, out->capacity, count, SAVED_OPS_MAX))
		return false;
	for (i = 0; i < count; i++) {
		struct saved_op *op = &out->ops[out->count];

		if (!read_op(json_object_array_get_idx(array, i), op) ||
		    (i && saved_op_compare(op - 1, op) >= 0))
			return false;
		out->count++;
	}
	return true;
}

static bool read_cluster(struct json_object *object, struct saved_progress *out)
{
	struct json_object *running = value_member(object, "running");

	return get_time(object, "seen_at", &out->seen_s) &&
	       get_boolean(object, "complete", &out->complete) &&
	       json_object_is_type(running, json_type_array) && read_ops(running, out);
}

static bool is_of_cluster(struct json_object *object, const char *cluster)
{
	const char *name = value_member_text(object, "cluster");

	return name && !strcmp(name, cluster);
}

static struct json_object *find_cluster(struct json_object *clusters, const char *cluster)
{
	size_t i;

	for (i = 0; i < json_object_array_length(clusters); i++)
		if (is_of_cluster(json_object_array_get_idx(clusters, i), cluster))
			return json_object_array_get_idx(clusters, i);
	return NULL;
}

int progress_text_read(const char *text, const char *cluster, struct saved_progress *out)
{
	struct json_object *tree, *clusters, *object;
	bool good;

	saved_progress_init(out);
	if (!*text)
		return 0;
	clusters = parse(text, &tree);
	if (!clusters)
		return -1;
	object = find_cluster(clusters, cluster);
	good = !object || read_cluster(object, out);
	json_object_put(tree);
	if (good)
		return 0;
	saved_progress_release(out);
	return -1;
}

/* --- write ----------------------------------------------------------------------------------- */

/* Reads back as the same number. */
static struct json_object *make_percent(double percent)
{
	char text[32];

	snprintf(text, sizeof(text), "%.17g", percent);
	return json_object_new_double_s(percent, text);
}

static void add_time_or_null(struct object_builder *builder, const char *key, int64_t wall_s)
{
	if (wall_s)
		builder_add_time(builder, key, wall_s);
	else
		builder_add_null(builder, key);
}

static struct json_object *make_op(const struct saved_op *op, bool *failed)
{
	struct object_builder builder;

	builder_init(&builder);
	builder_add_number(&builder, "uid", op->uid);
	builder_add_text(&builder, "operation", op_defs[op->kind].word);
	builder_add_text(&builder, "status", op->status);
	if (op->percent < 0)
		builder_add_null(&builder, "percent");
	else
		builder_add_value(&builder, "percent", make_percent(op->percent));
	add_time_or_null(&builder, "created_at", op->created_s);
	add_time_or_null(&builder, "last_success_at", op->last_success_s);
	builder_add_time(&builder, "moved_at", op->moved_s);
	builder_add_value(&builder, "unmoved", json_object_new_boolean(op->unmoved));
	*failed |= builder.failed;
	return builder.object;
}

/* Takes the object; NULL: out of memory. */
static void append(struct json_object *array, struct json_object *object, bool *failed)
{
	if (array && object && !json_object_array_add(array, object))
		return;
	json_object_put(object);
	*failed = true;
}

static struct json_object *make_cluster(const char *cluster, const struct saved_progress *progress,
					bool *failed)
{
	struct json_object *running = json_object_new_array();
	struct object_builder builder;
	size_t i;

	builder_init(&builder);
	builder_add_text(&builder, "cluster", cluster);
	builder_add_time(&builder, "seen_at", progress->seen_s);
	builder_add_value(&builder, "complete", json_object_new_boolean(progress->complete));
	for (i = 0; i < progress->count; i++)
		append(running, make_op(&progress->ops[i], &builder.failed), &builder.failed);
	builder_add_value(&builder, "running", running);
	*failed |= builder.failed;
	return builder.object;
}

/* A change of the text. */
struct replacement {
	const char *cluster;
	const struct saved_progress *progress;
	int64_t now_s;
	size_t ops; /* of the clusters that stay */
};

/* Also false for a cluster that is saved anew. */
static bool stays(struct replacement *change, struct json_object *object)
{
	struct json_object *running = value_member(object, "running");
	int64_t seen_s;

	if (!get_time(object, "seen_at", &seen_s) || seen_s > change->now_s + AHEAD_S ||
	    time_subtract(change->now_s, seen_s) > SAVED_PROGRESS_S ||
	    !json_object_is_type(running, json_type_array))
		return false;
	change->ops += json_object_array_length(running);
	if (is_of_cluster(object, change->cluster))
		return seen_s > change->progress->seen_s;
	return value_member_text(object, "cluster") && change->ops <= SAVED_OPS_MAX;
}

/* The new list of clusters, that of the change first, then the others in the order of the text:
 * those saved last come first. */
static struct json_object *make_clusters(struct replacement *change, struct json_object *old,
					 bool *failed)
{
	struct json_object *clusters = json_object_new_array();
	struct json_object *same = old ? find_cluster(old, change->cluster) : NULL;
	size_t i, count = old ? json_object_array_length(old) : 0;

	if (same && stays(change, same)) {
		append(clusters, json_object_get(same), failed);
	} else {
		change->ops = change->progress->count;
		append(clusters, make_cluster(change->cluster, change->progress, failed), failed);
	}
	for (i = 0; clusters && i < count && json_object_array_length(clusters) < PROGRESS_CLUSTERS;
	     i++) {
		struct json_object *object = json_object_array_get_idx(old, i);

		if (!is_of_cluster(object, change->cluster) && stays(change, object))
			append(clusters, json_object_get(object), failed);
	}
	return clusters;
}

char *progress_text_replace(const char *text, const char *cluster,
			    const struct saved_progress *progress, int64_t now_s)
{
	struct replacement change = { .cluster = cluster, .progress = progress, .now_s = now_s };
	struct json_object *tree, *old = parse(text, &tree);
	struct object_builder builder;
	char *out;

	builder_init(&builder);
	builder_add_text(&builder, "schema", SCHEMA);
	builder_add_number(&builder, "schema_version", VERSION);
	builder_add_value(&builder, "clusters", make_clusters(&change, old, &builder.failed));
	out = builder_finish(&builder, "\n");
	json_object_put(tree);
	return out;
}
