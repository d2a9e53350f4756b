#include "bdbtop/json/audit_line.h"

#include <json-c/json.h>

#include "bdbtop/core/array.h"
#include "tests/tap.h"

static struct bdb orders(void)
{
	struct bdb bdb;

	bdb_init(&bdb, 12);
	bdb.name = "orders-eu";
	bdb.name_presence = FIELD_PRESENT;
	bdb.created_s = 1772445600;
	bdb.created_presence = FIELD_PRESENT;
	bdb.op[OP_BACKUP].status = "failed";
	bdb.op[OP_BACKUP].status_presence = FIELD_PRESENT;
	bdb.op[OP_BACKUP].reason = "no-permission";
	bdb.op[OP_BACKUP].reason_presence = FIELD_PRESENT;
	return bdb;
}

static struct audit_line line_of(enum audit_event event, const struct bdb *bdb)
{
	return (struct audit_line){ .event = event,
				    .at = { 5, 1795017731042 },
				    .run = 4711,
				    .reset_id = 3,
				    .cluster = "cluster.prod.example:9443",
				    .bdb = bdb,
				    .kind = OP_BACKUP };
}

/* Parses the line; fails the test unless it is exactly one line. */
static struct json_object *parse_back(const struct audit_line *line)
{
	char *text = audit_line_format(line);
	struct json_tokener *tokener = json_tokener_new();
	struct json_object *json;

	assert_non_null(text);
	assert_ptr_equal(strchr(text, '\n'), text + strlen(text) - 1);
	json = json_tokener_parse_ex(tokener, text, -1);
	assert_int_equal(json_tokener_get_error(tokener), json_tokener_success);
	json_tokener_free(tokener);
	free(text);
	return json;
}

static const char *text_of(struct json_object *json, const char *key)
{
	struct json_object *value;

	assert_true(json_object_object_get_ex(json, key, &value));
	return json_object_get_string(value);
}

static void an_asked_line_reports_who_what_and_the_state_before(void **state)
{
	struct audit_user who = { "ana", NULL, "10.1.2.3 5000 10.9.9.9 22", "admin@prod.example" };
	struct bdb bdb = orders();
	struct audit_line line = line_of(AUDIT_ASKED, &bdb);
	char *text;

	line.user = &who;
	text = audit_line_format(&line);
	assert_string_equal(
		text,
		"{\"event\":\"asked\",\"at\":\"2026-11-18T16:02:11.042Z\",\"run\":4711,"
		"\"ticket\":3,"
		"\"cluster\":\"cluster.prod.example:9443\",\"uid\":12,\"name\":\"orders-eu\","
		"\"created\":\"2026-03-02T10:00:00Z\",\"operation\":\"backup\","
		"\"status_before\":\"failed\","
		"\"reason_before\":\"no-permission\",\"who\":{\"user\":\"ana\",\"sudo_user\":null,"
		"\"ssh\":\"10.1.2.3 5000 10.9.9.9 22\",\"login\":\"admin@prod.example\"}}\n");
	free(text);
}

static void each_event_has_its_own_keys(void **state)
{
	static const struct {
		const char *word;
		bool put, status;
	} has[AUDIT_EVENTS] = {
		[AUDIT_ASKED] = { "asked", false, false },
		[AUDIT_SENT] = { "sent", true, false },
		[AUDIT_ANSWERED] = { "answered", true, true },
		[AUDIT_ENDED] = { "ended", false, false },
	};
	struct bdb bdb = orders();
	enum audit_event event;

	for (event = 0; event < AUDIT_EVENTS; event++) {
		struct audit_line line = line_of(event, &bdb);
		struct json_object *json;

		line.put = 2;
		line.status = 409;
		line.outcome = "refused";
		line.note = "ticket 42";
		json = parse_back(&line);
		assert_string_equal(text_of(json, "event"), has[event].word);
		assert_int_equal(json_object_object_get_ex(json, "put", NULL), has[event].put);
		assert_int_equal(json_object_object_get_ex(json, "status", NULL),
				 has[event].status);
		assert_int_equal(json_object_object_get_ex(json, "outcome", NULL),
				 event == AUDIT_ENDED);
		assert_int_equal(json_object_object_get_ex(json, "note", NULL),
				 event == AUDIT_ASKED);
		assert_false(json_object_object_get_ex(json, "words", NULL));
		assert_false(json_object_object_get_ex(json, "who", NULL));
		json_object_put(json);
	}
}

static void what_the_cluster_did_not_report_is_null(void **state)
{
	struct audit_line line;
	struct json_object *json;
	struct bdb bdb;

	bdb_init(&bdb, INT64_MAX);
	line = line_of(AUDIT_ENDED, &bdb);
	line.message = "cleared";
	json = parse_back(&line);
	assert_null(text_of(json, "name"));
	assert_null(text_of(json, "created"));
	assert_null(text_of(json, "status_before"));
	assert_null(text_of(json, "reason_before"));
	assert_string_equal(text_of(json, "uid"), "9223372036854775807");
	assert_string_equal(text_of(json, "words"), "cleared");
	json_object_put(json);
}

static void names_from_outside_cannot_break_the_line(void **state)
{
	static const char *const names[] = {
		"a\nb",		"a\"},\"x\":{\"", "\\", "\r\x01\x1b[2J\x7f",
		"\xe2\x80\xa8", "</script>",	  "",
	};
	struct bdb bdb = orders();
	struct audit_line line = line_of(AUDIT_ASKED, &bdb);
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		struct json_object *json;

		bdb.name = names[i];
		json = parse_back(&line);
		assert_string_equal(text_of(json, "name"), names[i]);
		json_object_put(json);
	}
}

static void bytes_that_are_no_utf_8_become_its_sign(void **state)
{
#define SIGN "\xef\xbf\xbd"
	static const struct {
		const char *raw, *written;
	} names[] = {
		{ "a\xff"
		  "b",
		  "a" SIGN "b" },
		{ "\xc3", SIGN },
		{ "\xc3\xa9", "\xc3\xa9" },
		{ "\xe2\x82", SIGN SIGN },
		{ "\xe2\x82\xac", "\xe2\x82\xac" },
		{ "\xf0\x9f\x92\xa5", "\xf0\x9f\x92\xa5" },
		{ "\xf0\x9f\x92", SIGN SIGN SIGN },
		{ "\xc0\x80", SIGN SIGN }, /* overlong */
		{ "\xe0\x9f\xbf", SIGN SIGN SIGN },
		{ "\xf0\x8f\xbf\xbf", SIGN SIGN SIGN SIGN },
		{ "\xed\xa0\x80", SIGN SIGN SIGN },	    /* a surrogate */
		{ "\xf4\x8f\xbf\xbf", "\xf4\x8f\xbf\xbf" }, /* the last character */
		{ "\xf4\x90\x80\x80", SIGN SIGN SIGN SIGN },
		{ "\xf5\x80\x80\x80", SIGN SIGN SIGN SIGN },
		{ "\x80", SIGN },
	};
	struct bdb bdb = orders();
	struct audit_line line = line_of(AUDIT_ASKED, &bdb);
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		struct json_object *json;

		bdb.name = names[i].raw;
		json = parse_back(&line);
		assert_string_equal(text_of(json, "name"), names[i].written);
		json_object_put(json);
	}
}

/* --- reading --------------------------------------------------------------------------------- */

static int read_line(const char *line, struct audit_record *out)
{
	return audit_line_parse(line, strlen(line), out);
}

static void what_was_written_is_read_back(void **state)
{
	struct audit_user who = { "ana", "root", "10.1.2.3 5000", "admin" };
	struct bdb bdb = orders();
	enum audit_event event;
	struct audit_record past;

	for (event = 0; event < AUDIT_EVENTS; event++) {
		struct audit_line line = line_of(event, &bdb);
		bool sent = event == AUDIT_SENT || event == AUDIT_ANSWERED;
		char *text;

		line.put = 2;
		line.status = 409;
		line.user = &who;
		line.outcome = "busy";
		line.note = "ticket\n42";
		line.message = "Database is \"busy\".\n";
		text = audit_line_format(&line);
		assert_int_equal(read_line(text, &past), 0);
		free(text);
		assert_int_equal(past.event, event);
		assert_int_equal(past.wall_ms, 1795017731042);
		assert_int_equal(past.run, 4711);
		assert_int_equal(past.reset_id, 3);
		assert_int_equal(past.put, sent ? 2 : 0);
		assert_int_equal(past.status, event == AUDIT_ANSWERED ? 409 : 0);
		assert_int_equal(past.uid, 12);
		assert_int_equal(past.created_s, 1772445600);
		assert_int_equal(past.kind, OP_BACKUP);
		assert_string_equal(past.cluster, "cluster.prod.example:9443");
		assert_string_equal(past.op_status, "failed");
		assert_string_equal(past.reason, "no-permission");
		assert_string_equal(past.message, line.message);
		assert_string_equal(past.name, "orders-eu");
		assert_string_equal(past.user, "ana");
		assert_string_equal(past.sudo_user, "root");
		assert_string_equal(past.ssh_connection, "10.1.2.3 5000");
		assert_string_equal(past.login, "admin");
		assert_string_equal(past.outcome, event == AUDIT_ENDED ? "busy" : "");
		assert_string_equal(past.note, event == AUDIT_ASKED ? "ticket\n42" : "");
	}
}

static void missing_values_are_read_back_as_missing(void **state)
{
	struct audit_line line;
	struct audit_record past;
	struct bdb bdb;
	char *text;

	bdb_init(&bdb, INT64_MAX);
	line = line_of(AUDIT_ENDED, &bdb);
	line.kind = OP_IMPORT;
	text = audit_line_format(&line);
	assert_int_equal(read_line(text, &past), 0);
	free(text);
	assert_int_equal(past.uid, INT64_MAX);
	assert_int_equal(past.kind, OP_IMPORT);
	assert_int_equal(past.created_s, 0);
	assert_string_equal(past.op_status, "");
	assert_string_equal(past.reason, "");
	assert_string_equal(past.message, "");
	assert_string_equal(past.name, "");
	assert_string_equal(past.user, "");
	assert_string_equal(past.outcome, "");
	assert_string_equal(past.note, "");
}

static void a_long_note_is_cut(void **state)
{
	struct bdb bdb = orders();
	struct audit_line line = line_of(AUDIT_ASKED, &bdb);
	struct audit_record past;
	char note[1000], *text;

	memset(note, 'n', sizeof(note) - 1);
	note[sizeof(note) - 1] = '\0';
	line.note = note;
	text = audit_line_format(&line);
	assert_true(strlen(text) < 1000);
	assert_int_equal(read_line(text, &past), 0);
	free(text);
	assert_int_equal(strlen(past.note), AUDIT_NOTE_SIZE - 1);
	assert_string_equal(past.note + AUDIT_NOTE_SIZE - 4, "\xe2\x80\xa6");
}

static void long_words_are_cut_at_a_whole_character(void **state)
{
	char words[403] = "";
	struct bdb bdb = orders();
	struct audit_line line = line_of(AUDIT_ENDED, &bdb);
	struct audit_record past;
	size_t i;
	char *text;

	strcpy(words, "xx");
	for (i = 0; i < 100; i++)
		strcat(words, "\xe2\x82\xac");
	line.message = words;
	text = audit_line_format(&line);
	assert_int_equal(read_line(text, &past), 0);
	free(text);
	assert_int_equal(strlen(past.message), 197);
	assert_memory_equal(past.message, words, 197);
}

static void foreign_lines_are_refused(void **state)
{
#define AT   "\"at\":\"2026-11-18T16:02:11.042Z\","
#define REST "\"uid\":12,\"operation\":\"backup\""
	static const char *const lines[] = {
		"",
		"x",
		"null",
		"[]",
		"12",
		"{}",
		"{\"event\":\"asked\"," AT REST,
		"{" AT REST "}",
		"{\"event\":\"dreamt\"," AT REST "}",
		"{\"event\":7," AT REST "}",
		"{\"event\":\"asked\"," REST "}",
		"{\"event\":\"asked\",\"at\":\"yesterday\"," REST "}",
		"{\"event\":\"asked\"," AT "\"uid\":12}",
		"{\"event\":\"asked\"," AT "\"operation\":\"backup\"}",
		"{\"event\":\"asked\"," AT "\"uid\":-1,\"operation\":\"backup\"}",
		"{\"event\":\"asked\"," AT "\"uid\":12,\"operation\":\"restore\"}",
		"[[[[[[[[[[[[]]]]]]]]]]]]",
	};
	struct audit_record past;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(lines); i++)
		if (read_line(lines[i], &past) != -1)
			fail_msg("%s", lines[i]);
	/* the minimal line; unknown keys are ignored */
	assert_int_equal(read_line("{\"event\":\"asked\"," AT REST "}", &past), 0);
	assert_int_equal(read_line("{\"event\":\"asked\"," AT REST ",\"put\":{},\"run\":-5,"
				   "\"ticket\":1e99,\"words\":3,\"cluster\":null}",
				   &past),
			 0);
	assert_int_equal(past.put + past.run + past.reset_id, 0);
	assert_string_equal(past.message, "");
}

static void every_character_of_a_name_is_written(void **state)
{
	const struct audit_user who = { .user = "ana" };
	char name[128], *text;
	struct bdb bdb;
	struct audit_line line = { .event = AUDIT_ASKED,
				   .at.wall_ms = 1795292045000,
				   .cluster = "c",
				   .bdb = &bdb,
				   .user = &who };
	struct audit_record past;
	int i;

	for (i = 1; i < 128; i++)
		name[i - 1] = (char)i;
	name[127] = '\0';
	bdb_init(&bdb, 7);
	bdb.op[OP_BACKUP].reason = name;
	bdb.op[OP_BACKUP].reason_presence = FIELD_PRESENT;
	text = audit_line_format(&line);
	assert_non_null(text);
	assert_int_equal(audit_line_parse(text, strlen(text), &past), 0);
	assert_string_equal(past.reason, name);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_character_of_a_name_is_written),
		cmocka_unit_test(an_asked_line_reports_who_what_and_the_state_before),
		cmocka_unit_test(each_event_has_its_own_keys),
		cmocka_unit_test(what_the_cluster_did_not_report_is_null),
		cmocka_unit_test(names_from_outside_cannot_break_the_line),
		cmocka_unit_test(bytes_that_are_no_utf_8_become_its_sign),
		cmocka_unit_test(what_was_written_is_read_back),
		cmocka_unit_test(missing_values_are_read_back_as_missing),
		cmocka_unit_test(long_words_are_cut_at_a_whole_character),
		cmocka_unit_test(a_long_note_is_cut),
		cmocka_unit_test(foreign_lines_are_refused),
	};

	return tap_run(tests);
}
