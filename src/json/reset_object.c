#include "bdbtop/json/reset_object.h"

#include "builder_internal.h"

char *reset_object_format(const struct reset_object *object)
{
	struct object_builder builder;

	builder_init(&builder);
	builder_add_schema(&builder, RESET_SCHEMA, RESET_SCHEMA_VERSION);
	builder_add_text(&builder, "cluster", object->cluster);
	builder_add_number(&builder, "uid", object->uid);
	builder_add_text(&builder, "name", object->name);
	builder_add_text(&builder, "operation", object->operation);
	builder_add_text(&builder, "outcome", object->outcome);
	builder_add_known_number(&builder, "http_status", object->http_status, object->http_status);
	builder_add_number(&builder, "attempts", object->attempts);
	builder_add_text(&builder, "status_before", object->status_before);
	builder_add_text(&builder, "reason_before", object->reason_before);
	builder_add_text(&builder, "status_after", object->status_after);
	builder_add_text(&builder, "error", object->error);
	return builder_finish(&builder, "\n");
}
