#include "bdbtop/json/audit_line.h"

#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "bdbtop/core/text.h"
#include "bdbtop/json/value.h"
#include "builder_internal.h"
#include "json_internal.h"

#define DEPTH 8 /* a line has two levels */

static const char *const event_names[AUDIT_EVENTS] = {
	[AUDIT_ASKED] = "asked",
	[AUDIT_SENT] = "sent",
	[AUDIT_ANSWERED] = "answered",
	[AUDIT_ENDED] = "ended",
};

/* The evidence; null for values that the cluster did not report. */
static void add_evidence(struct object_builder *builder, const struct bdb *bdb, enum op_kind kind)
{
	const struct op *op = &bdb->op[kind];
	char created[TIME_TEXT_SIZE];

	time_format_iso(created, bdb->created_s);
	builder_add_number(builder, "uid", bdb->uid);
	builder_add_text(builder, "name", bdb->name_presence == FIELD_PRESENT ? bdb->name : NULL);
	builder_add_text(builder, "created",
			 bdb->created_presence == FIELD_PRESENT ? created : NULL);
	builder_add_text(builder, "operation", op_defs[kind].word);
	builder_add_text(builder, "status_before",
			 op->status_presence == FIELD_PRESENT ? op->status : NULL);
	builder_add_text(builder, "reason_before",
			 op->reason_presence == FIELD_PRESENT ? op->reason : NULL);
}

static void add_who(struct object_builder *builder, const struct audit_user *user)
{
	struct object_builder inner;

	builder_init(&inner);
	builder_add_text(&inner, "user", user->user);
	builder_add_text(&inner, "sudo_user", user->sudo_user);
	builder_add_text(&inner, "ssh", user->ssh_connection);
	builder_add_text(&inner, "login", user->login);
	builder_add_object(builder, "who", &inner);
}

static void add_members(struct object_builder *builder, const struct audit_line *line)
{
	char at[TIME_TEXT_SIZE], note[AUDIT_NOTE_SIZE];

	time_format_iso_ms(at, line->at.wall_ms);
	builder_add_text(builder, "event", event_names[line->event]);
	builder_add_text(builder, "at", at);
	builder_add_number(builder, "run", line->run);
	builder_add_number(builder, "ticket", line->reset_id);
	builder_add_text(builder, "cluster", line->cluster);
	add_evidence(builder, line->bdb, line->kind);
	if (line->event == AUDIT_SENT || line->event == AUDIT_ANSWERED)
		builder_add_number(builder, "put", line->put);
	if (line->event == AUDIT_ANSWERED)
		builder_add_number(builder, "status", line->status);
	if (line->message)
		builder_add_text(builder, "words", line->message);
	if (line->event == AUDIT_ENDED && line->outcome)
		builder_add_text(builder, "outcome", line->outcome);
	if (line->user)
		add_who(builder, line->user);
	if (line->event == AUDIT_ASKED && line->note)
		builder_add_text(builder, "note",
				 text_truncate_bytes(note, sizeof(note), line->note));
}

char *audit_line_format(const struct audit_line *line)
{
	struct object_builder builder;

	builder_init(&builder);
	add_members(&builder, line);
	return builder_finish(&builder, "\n");
}

/* --- read back ------------------------------------------------------------------------------- */

/* Copies a string, cut at a complete character; "" if it is missing. */
static void get_text(struct json_object *line, const char *key, char *out, size_t size)
{
	const char *text = value_member_text(line, key);
	size_t length = text ? strlen(text) : 0;

	if (length >= size)
		for (length = size - 1; length && (text[length] & 0xc0) == 0x80;)
			length--;
	memcpy(out, text ? text : "", length);
	out[length] = '\0';
}

static unsigned get_number(struct json_object *line, const char *key)
{
	int64_t number = 0;

	if (value_integer(value_member(line, key), &number) != FIELD_PRESENT || number > UINT32_MAX)
		return 0;
	return (unsigned)number;
}

static bool get_time(struct json_object *line, const char *key, int64_t *out_s)
{
	return value_time(value_member(line, key), out_s) == FIELD_PRESENT;
}

/* Reads `...T16:02:11.042Z`, or without the fraction. */
static bool get_moment(struct json_object *line, int64_t *out_ms)
{
	char text[TIME_TEXT_SIZE], *point;
	int64_t at_s;

	get_text(line, "at", text, sizeof(text));
	if (!get_time(line, "at", &at_s))
		return false;
	point = strchr(text, '.');
	*out_ms = time_to_ms(at_s);
	if (point && strspn(point + 1, "0123456789") == 3)
		*out_ms += atoi(point + 1);
	return true;
}

/* Returns an enum audit_event, or -1. */
static int find_event(const char *word)
{
	int event;

	for (event = 0; event < AUDIT_EVENTS; event++)
		if (!strcmp(word, event_names[event]))
			return event;
	return -1;
}

static void read_who(struct json_object *who, struct audit_record *out)
{
	get_text(who, "user", out->user, sizeof(out->user));
	get_text(who, "sudo_user", out->sudo_user, sizeof(out->sudo_user));
	get_text(who, "ssh", out->ssh_connection, sizeof(out->ssh_connection));
	get_text(who, "login", out->login, sizeof(out->login));
}

static int read_back(struct json_object *line, struct audit_record *out)
{
	char word[16];
	int event, kind;

	memset(out, 0, sizeof(*out));
	get_text(line, "event", word, sizeof(word));
	event = find_event(word);
	get_text(line, "operation", word, sizeof(word));
	kind = op_kind_find(word);
	if (event < 0 || kind == OP_KINDS ||
	    value_uid(value_member(line, "uid"), &out->uid) != FIELD_PRESENT ||
	    !get_moment(line, &out->wall_ms))
		return -1;
	out->event = (enum audit_event)event;
	out->kind = (enum op_kind)kind;
	out->run = get_number(line, "run");
	out->reset_id = get_number(line, "ticket");
	out->put = get_number(line, "put");
	out->status = get_number(line, "status");
	get_time(line, "created", &out->created_s);
	get_text(line, "cluster", out->cluster, sizeof(out->cluster));
	get_text(line, "status_before", out->op_status, sizeof(out->op_status));
	get_text(line, "reason_before", out->reason, sizeof(out->reason));
	get_text(line, "name", out->name, sizeof(out->name));
	get_text(line, "words", out->message, sizeof(out->message));
	get_text(line, "outcome", out->outcome, sizeof(out->outcome));
	get_text(line, "note", out->note, sizeof(out->note));
	read_who(value_member(line, "who"), out);
	return 0;
}

struct audit_line_parser {
	struct parser *parser;
};

struct audit_line_parser *audit_line_parser_new(void)
{
	struct audit_line_parser *lines = calloc(1, sizeof(*lines));

	if (!lines)
		return NULL;
	lines->parser = parser_new(DEPTH, false);
	if (lines->parser)
		return lines;
	free(lines);
	return NULL;
}

void audit_line_parser_free(struct audit_line_parser *lines)
{
	if (!lines)
		return;
	parser_free(lines->parser);
	free(lines);
}

int audit_line_parser_read(struct audit_line_parser *lines, const char *line, size_t length,
			   struct audit_record *out)
{
	enum parser_result result;
	struct json_object *json;
	int rc;

	result = parser_read(lines->parser, line, length, &json);
	if (result != PARSER_OK)
		return result == PARSER_NO_MEMORY ? -1 : 1;
	rc = read_back(json, out);
	json_object_put(json);
	return rc < 0 ? 1 : 0;
}

int audit_line_parse(const char *line, size_t length, struct audit_record *out)
{
	struct audit_line_parser *lines = audit_line_parser_new();
	int rc = lines ? audit_line_parser_read(lines, line, length, out) : -1;

	audit_line_parser_free(lines);
	return rc ? -1 : 0;
}
