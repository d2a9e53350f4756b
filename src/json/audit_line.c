#include "bdbtop/json/audit_line.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "bdbtop/core/array.h"
#include "bdbtop/json/value.h"
#include "json_internal.h"

#define DEPTH 8 /* a line has two levels */

static const char *const event_names[AUDIT_EVENTS] = {
	[AUDIT_ASKED] = "asked",
	[AUDIT_SENT] = "sent",
	[AUDIT_ANSWERED] = "answered",
	[AUDIT_ENDED] = "ended",
};

/* An object that is being filled.  failed: a member could not be added; checked once at the end. */
struct line_builder {
	struct json_object *object;
	bool failed;
};

/* Takes value. */
static void add_value(struct line_builder *builder, const char *key, struct json_object *value)
{
	if (value && !json_object_object_add(builder->object, key, value))
		return;
	json_object_put(value);
	builder->failed = true;
}

static void add_null(struct line_builder *builder, const char *key)
{
	if (json_object_object_add(builder->object, key, NULL))
		builder->failed = true;
}

/* UTF-8 characters by their first byte: the length, and the range of the second byte that excludes
 * overlong forms, surrogates and code points above U+10FFFF. */
static const struct utf8_lead {
	unsigned char from, to;
	size_t length;
	unsigned char low, high;
} utf8_leads[] = {
	{ 0x00, 0x7f, 1, 0x00, 0x00 }, { 0xc2, 0xdf, 2, 0x80, 0xbf }, { 0xe0, 0xe0, 3, 0xa0, 0xbf },
	{ 0xe1, 0xec, 3, 0x80, 0xbf }, { 0xed, 0xed, 3, 0x80, 0x9f }, { 0xee, 0xef, 3, 0x80, 0xbf },
	{ 0xf0, 0xf0, 4, 0x90, 0xbf }, { 0xf1, 0xf3, 4, 0x80, 0xbf }, { 0xf4, 0xf4, 4, 0x80, 0x8f },
};

/* Bytes of the UTF-8 character at `at`; 0 if it is invalid. */
static size_t utf8_length(const unsigned char *at, size_t left)
{
	const struct utf8_lead *lead = utf8_leads, *end = utf8_leads + ARRAY_SIZE(utf8_leads);
	size_t i;

	while (lead < end && (*at < lead->from || *at > lead->to))
		lead++;
	if (lead == end || lead->length > left)
		return 0;
	if (lead->length > 1 && (at[1] < lead->low || at[1] > lead->high))
		return 0;
	for (i = 2; i < lead->length; i++)
		if ((at[i] & 0xc0) != 0x80)
			return 0;
	return lead->length;
}

/* Returns a copy in which every invalid byte is U+FFFD; NULL when out of memory. */
static char *replace_invalid_utf8(const char *raw)
{
	size_t left = strlen(raw), step;
	char *copy = malloc(3 * left + 1), *end = copy;

	if (!copy)
		return NULL;
	for (; left; raw += step, left -= step) {
		size_t character = utf8_length((const unsigned char *)raw, left);

		step = character ? character : 1;
		memcpy(end, character ? raw : "\xef\xbf\xbd", character ? character : 3);
		end += character ? character : 3;
	}
	*end = '\0';
	return copy;
}

/* raw accepts NULL: adds null. */
static void add_text(struct line_builder *builder, const char *key, const char *raw)
{
	char *text;

	if (!raw) {
		add_null(builder, key);
		return;
	}
	text = replace_invalid_utf8(raw);
	add_value(builder, key, text ? json_object_new_string(text) : NULL);
	free(text);
}

static void add_number(struct line_builder *builder, const char *key, int64_t number)
{
	add_value(builder, key, json_object_new_int64(number));
}

/* The evidence; null for values that the cluster did not report. */
static void add_evidence(struct line_builder *builder, const struct bdb *bdb, enum op_kind kind)
{
	const struct op *op = &bdb->op[kind];
	char created[TIME_TEXT_SIZE];

	time_format_iso(created, bdb->created_s);
	add_number(builder, "uid", bdb->uid);
	add_text(builder, "name", bdb->name_presence == FIELD_PRESENT ? bdb->name : NULL);
	add_text(builder, "created", bdb->created_presence == FIELD_PRESENT ? created : NULL);
	add_text(builder, "operation", op_defs[kind].word);
	add_text(builder, "status_before",
		 op->status_presence == FIELD_PRESENT ? op->status : NULL);
	add_text(builder, "reason_before",
		 op->reason_presence == FIELD_PRESENT ? op->reason : NULL);
}

static void add_who(struct line_builder *builder, const struct audit_user *user)
{
	struct line_builder inner = { json_object_new_object(), false };

	if (inner.object) {
		add_text(&inner, "user", user->user);
		add_text(&inner, "sudo_user", user->sudo_user);
		add_text(&inner, "ssh", user->ssh_connection);
		add_text(&inner, "login", user->login);
	}
	builder->failed = builder->failed || inner.failed;
	add_value(builder, "who", inner.object);
}

static void add_members(struct line_builder *builder, const struct audit_line *line)
{
	char at[TIME_TEXT_SIZE];

	time_format_iso_ms(at, line->at.wall_ms);
	add_text(builder, "event", event_names[line->event]);
	add_text(builder, "at", at);
	add_number(builder, "run", line->run);
	add_number(builder, "ticket", line->reset_id);
	add_text(builder, "cluster", line->cluster);
	add_evidence(builder, line->bdb, line->kind);
	if (line->event == AUDIT_SENT || line->event == AUDIT_ANSWERED)
		add_number(builder, "put", line->put);
	if (line->event == AUDIT_ANSWERED)
		add_number(builder, "status", line->status);
	if (line->message)
		add_text(builder, "words", line->message);
	if (line->user)
		add_who(builder, line->user);
}

/* Bytes that json-c writes for a string, with its quotes. */
static size_t string_bytes(const char *text)
{
	size_t bytes = 2;

	for (; *text; text++) {
		if (strchr("\"\\\b\n\r\t\f", *text))
			bytes += 2;
		else
			bytes += (unsigned char)*text < ' ' ? 6 : 1;
	}
	return bytes;
}

/* Bytes of a value of the line.  When out of memory, json-c omits text without an error, and only
 * the length shows it. */
static size_t value_bytes(struct json_object *value)
{
	size_t bytes = 1;

	if (!value)
		return strlen("null");
	if (json_object_is_type(value, json_type_string))
		return string_bytes(json_object_get_string(value));
	if (json_object_is_type(value, json_type_int))
		return (size_t)snprintf(NULL, 0, "%" PRId64, json_object_get_int64(value));
	json_object_object_foreach(value, key, inner)
	{
		/* a colon, and a comma or the last bracket */
		bytes += string_bytes(key) + value_bytes(inner) + 2;
	}
	return bytes;
}

char *audit_line_format(const struct audit_line *line)
{
	struct line_builder builder = { json_object_new_object(), false };
	const char *json = NULL;
	char *out = NULL;
	size_t length;

	if (!builder.object)
		return NULL;
	add_members(&builder, line);
	if (!builder.failed)
		json = json_object_to_json_string_length(
			builder.object, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE,
			&length);
	if (json && length == value_bytes(builder.object))
		out = malloc(length + 2);
	if (out) {
		memcpy(out, json, length);
		memcpy(out + length, "\n", 2);
	}
	json_object_put(builder.object);
	return out;
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

static int find_kind(const char *word)
{
	int kind;

	for (kind = 0; kind < OP_KINDS; kind++)
		if (!strcmp(word, op_defs[kind].word))
			return kind;
	return -1;
}

static int read_back(struct json_object *line, struct audit_record *out)
{
	char word[16];
	int event, kind;

	memset(out, 0, sizeof(*out));
	get_text(line, "event", word, sizeof(word));
	event = find_event(word);
	get_text(line, "operation", word, sizeof(word));
	kind = find_kind(word);
	if (event < 0 || kind < 0 ||
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
	get_text(line, "words", out->message, sizeof(out->message));
	return 0;
}

int audit_line_parse(const char *line, size_t length, struct audit_record *out)
{
	struct json_object *json;
	size_t end;
	int rc;

	if (parser_read_once(line, length, DEPTH, &json, &end) != PARSER_OK)
		return -1;
	rc = read_back(json, out);
	json_object_put(json);
	return rc;
}
