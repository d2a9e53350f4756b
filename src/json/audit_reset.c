#include "bdbtop/json/audit_reset.h"

#include <json-c/json.h>

#include "builder_internal.h"

char *history_object_begin(const struct history_head *head)
{
	struct object_builder builder;

	builder_init(&builder);
	builder_add_text(&builder, "schema", HISTORY_SCHEMA);
	builder_add_number(&builder, "schema_version", HISTORY_SCHEMA_VERSION);
	builder_add_text(&builder, "generator", head->generator);
	builder_add_texts(&builder, "warnings", head->warnings, head->warning_count);
	builder_add_number(&builder, "unreadable_lines", (int64_t)head->unreadable_lines);
	builder_add_value(&builder, "resets", json_object_new_array());
	return builder_finish_open(&builder);
}

/* Null for "" and 0. */
static void add_known_text(struct object_builder *builder, const char *key, const char *raw)
{
	builder_add_text(builder, key, *raw ? raw : NULL);
}

static void add_known_number(struct object_builder *builder, const char *key, int64_t number)
{
	if (number)
		builder_add_number(builder, key, number);
	else
		builder_add_null(builder, key);
}

static void add_moment(struct object_builder *builder, const char *key, int64_t wall_ms)
{
	char iso[TIME_TEXT_SIZE];

	time_format_iso_ms(iso, wall_ms);
	builder_add_text(builder, key, wall_ms ? iso : NULL);
}

static void add_who(struct object_builder *builder, const struct audit_record *record)
{
	add_known_text(builder, "user", record->user);
	add_known_text(builder, "sudo_user", record->sudo_user);
	add_known_text(builder, "ssh_connection", record->ssh_connection);
	add_known_text(builder, "login", record->login);
}

static void add_what(struct object_builder *builder, const struct audit_record *record)
{
	add_known_text(builder, "cluster", record->cluster);
	builder_add_number(builder, "uid", record->uid);
	add_known_text(builder, "name", record->name);
	if (record->created_s)
		builder_add_time(builder, "created_at", record->created_s);
	else
		builder_add_null(builder, "created_at");
	builder_add_text(builder, "operation", op_defs[record->kind].word);
	add_known_text(builder, "status_before", record->op_status);
	add_known_text(builder, "reason_before", record->reason);
	add_known_text(builder, "note", record->note);
}

static struct json_object *make_reply(const struct audit_reply *reply, bool *failed)
{
	struct object_builder builder;

	builder_init(&builder);
	add_moment(&builder, "at", reply->wall_ms);
	builder_add_number(&builder, "request", reply->put);
	add_known_number(&builder, "http_status", reply->status);
	add_known_text(&builder, "message", reply->message);
	*failed |= builder.failed;
	return builder.object;
}

static void add_replies(struct object_builder *builder, const struct audit_reset *reset)
{
	struct json_object *array = json_object_new_array();
	size_t i;

	for (i = 0; i < reset->reply_count; i++)
		builder_add_element(builder, array,
				    make_reply(&reset->replies[i], &builder->failed));
	builder_add_value(builder, "replies", array);
}

char *history_object_reset(const struct audit_reset *reset)
{
	struct object_builder builder;

	builder_init(&builder);
	add_moment(&builder, "asked_at", reset->first.wall_ms);
	add_known_number(&builder, "run_id", reset->first.run);
	add_known_number(&builder, "reset_id", reset->first.reset_id);
	add_who(&builder, &reset->first);
	add_what(&builder, &reset->first);
	builder_add_number(&builder, "requests", reset->puts);
	add_replies(&builder, reset);
	add_moment(&builder, "ended_at", reset->ended_ms);
	add_known_text(&builder, "outcome", outcome_group_words[reset->outcome]);
	add_known_text(&builder, "result", reset->result);
	return builder_finish(&builder, "");
}
