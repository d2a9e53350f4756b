#include "bdbtop/json/progress_text.h"

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
	return value_time(value_member(object, key), out_s) == FIELD_PRESENT;
}

static bool get_boolean(struct json_object *object, const char *key, bool *out)
{
	return value_boolean(value_member(object, key), out) == FIELD_PRESENT;
}

static bool get_kind(struct json_object *object, enum op_kind *out)
{
	const char *word = value_member_text(object, "operation");

	*out = (enum op_kind)op_kind_find(word ? word : "");
	return *out < OP_KINDS;
}

/* A missing time or percent is not known; everything else must be there. */
static bool read_op(struct json_object *object, struct saved_op *out)
{
	struct json_object *percent = value_member(object, "percent");
	const char *status = value_member_text(object, "status");

	*out = (struct saved_op){ .percent = -1 };
	if (value_uid(value_member(object, "uid"), &out->uid) != FIELD_PRESENT ||
	    !get_kind(object, &out->kind) || !status || strlen(status) >= sizeof(out->status) ||
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

static void add_op(struct object_builder *builder, struct json_object *array,
		   const struct saved_op *op)
{
	struct object_builder inner;

	builder_init(&inner);
	builder_add_number(&inner, "uid", op->uid);
	builder_add_text(&inner, "operation", op_defs[op->kind].word);
	builder_add_text(&inner, "status", op->status);
	if (op->percent < 0)
		builder_add_null(&inner, "percent");
	else
		/* reads back as the same number */
		builder_add_percent(&inner, "percent", op->percent, 17);
	builder_add_known_time(&inner, "created_at", op->created_s, op->created_s);
	builder_add_known_time(&inner, "last_success_at", op->last_success_s, op->last_success_s);
	builder_add_time(&inner, "moved_at", op->moved_s);
	builder_add_boolean(&inner, "unmoved", op->unmoved);
	builder_add_item(builder, array, &inner);
}

static void add_cluster(struct object_builder *builder, struct json_object *array,
			const char *cluster, const struct saved_progress *progress)
{
	struct json_object *running = json_object_new_array();
	struct object_builder inner;
	size_t i;

	builder_init(&inner);
	builder_add_text(&inner, "cluster", cluster);
	builder_add_time(&inner, "seen_at", progress->seen_s);
	builder_add_boolean(&inner, "complete", progress->complete);
	for (i = 0; i < progress->count; i++)
		add_op(&inner, running, &progress->ops[i]);
	builder_add_value(&inner, "running", running);
	builder_add_item(builder, array, &inner);
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

/* Adds the new list of clusters, that of the change first, then the others in the order of the
 * text: those saved last come first. */
static void add_clusters(struct object_builder *builder, struct replacement *change,
			 struct json_object *old)
{
	struct json_object *clusters = json_object_new_array();
	struct json_object *same = old ? find_cluster(old, change->cluster) : NULL;
	size_t i, count = old ? json_object_array_length(old) : 0;

	if (same && stays(change, same)) {
		builder_add_element(builder, clusters, json_object_get(same));
	} else {
		change->ops = change->progress->count;
		add_cluster(builder, clusters, change->cluster, change->progress);
	}
	for (i = 0; clusters && i < count && json_object_array_length(clusters) < PROGRESS_CLUSTERS;
	     i++) {
		struct json_object *object = json_object_array_get_idx(old, i);

		if (!is_of_cluster(object, change->cluster) && stays(change, object))
			builder_add_element(builder, clusters, json_object_get(object));
	}
	builder_add_value(builder, "clusters", clusters);
}

char *progress_text_replace(const char *text, const char *cluster,
			    const struct saved_progress *progress, int64_t now_s)
{
	struct replacement change = { .cluster = cluster, .progress = progress, .now_s = now_s };
	struct json_object *tree, *old = parse(text, &tree);
	struct object_builder builder;
	char *out;

	builder_init(&builder);
	builder_add_schema(&builder, SCHEMA, VERSION);
	add_clusters(&builder, &change, old);
	out = builder_finish(&builder, "\n");
	json_object_put(tree);
	return out;
}
