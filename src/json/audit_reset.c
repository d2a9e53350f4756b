#include "bdbtop/json/audit_reset.h"

#include <json-c/json.h>

#include "builder_internal.h"

char *history_object_begin(const struct history_head *head)
{
	struct object_builder builder;

	builder_init(&builder);
	builder_add_schema(&builder, HISTORY_SCHEMA, HISTORY_SCHEMA_VERSION);
	builder_add_text(&builder, "generator", head->generator);
	builder_add_texts(&builder, "warnings", head->warnings, head->warning_count);
	builder_add_number(&builder, "unreadable_lines", (int64_t)head->unreadable_lines);
	builder_add_value(&builder, "resets", json_object_new_array());
	return builder_finish_open(&builder);
}

static void add_number(struct object_builder *builder, const char *key, unsigned number)
{
	builder_add_known_number(builder, key, number, number);
}

static void add_moment(struct object_builder *builder, const char *key, int64_t wall_ms)
{
	char iso[TIME_TEXT_SIZE];

	time_format_iso_ms(iso, wall_ms);
	builder_add_text(builder, key, wall_ms ? iso : NULL);
}

static void add_who(struct object_builder *builder, const struct audit_record *record)
{
	builder_add_known_text(builder, "user", record->user);
	builder_add_known_text(builder, "sudo_user", record->sudo_user);
	builder_add_known_text(builder, "ssh_connection", record->ssh_connection);
	builder_add_known_text(builder, "login", record->login);
}

static void add_what(struct object_builder *builder, const struct audit_record *record)
{
	builder_add_known_text(builder, "cluster", record->cluster);
	builder_add_number(builder, "uid", record->uid);
	builder_add_known_text(builder, "name", record->name);
	builder_add_known_time(builder, "created_at", record->created_s, record->created_s);
	builder_add_text(builder, "operation", op_defs[record->kind].word);
	builder_add_known_text(builder, "status_before", record->op_status);
	builder_add_known_text(builder, "reason_before", record->reason);
	builder_add_known_text(builder, "note", record->note);
}

static void add_reply(struct object_builder *builder, struct json_object *array,
		      const struct audit_reply *reply)
{
	struct object_builder inner;

	builder_init(&inner);
	add_moment(&inner, "at", reply->wall_ms);
	builder_add_number(&inner, "request", reply->put);
	add_number(&inner, "http_status", reply->status);
	builder_add_known_text(&inner, "message", reply->message);
	builder_add_item(builder, array, &inner);
}

static void add_replies(struct object_builder *builder, const struct audit_reset *reset)
{
	struct json_object *array = json_object_new_array();
	size_t i;

	for (i = 0; i < reset->reply_count; i++)
		add_reply(builder, array, &reset->replies[i]);
	builder_add_value(builder, "replies", array);
}

char *history_object_reset(const struct audit_reset *reset)
{
	struct object_builder builder;

	builder_init(&builder);
	add_moment(&builder, "asked_at", reset->first.wall_ms);
	add_number(&builder, "run_id", reset->first.run);
	add_number(&builder, "reset_id", reset->first.reset_id);
	add_who(&builder, &reset->first);
	add_what(&builder, &reset->first);
	builder_add_number(&builder, "requests", reset->puts);
	add_replies(&builder, reset);
	add_moment(&builder, "ended_at", reset->ended_ms);
	builder_add_known_text(&builder, "outcome", outcome_group_words[reset->outcome]);
	builder_add_known_text(&builder, "result", reset->result);
	return builder_finish(&builder, "");
}
