/*
 * `bdbtop list --watch`: what it prints from poll to poll, on a clock that jumps to the next
 * deadline, while the cluster changes as a script says.
 */
#include <json-c/json.h>

#include "tests/cli/list_fixture.h"

/* The line of the script that is run at a time, from the start; ends with NULL. */
struct change {
	int64_t at_ms;
	const char *line;
};

struct watch_fixture {
	struct list_fixture list;
	const struct change *changes;
	int64_t start_ms;
	char out[400000];
};

static struct moment now_of(void *arg)
{
	return ((struct watch_fixture *)arg)->list.now;
}

/* Nothing happens before the next deadline or change. */
static int64_t jump(void *arg, int64_t due_ms, int64_t now_ms)
{
	struct watch_fixture *fix = arg;
	const struct change *change = fix->changes;
	int64_t until_ms = due_ms;

	if (change->line && fix->start_ms + change->at_ms < until_ms)
		until_ms = fix->start_ms + change->at_ms;
	assert_true(until_ms < now_ms + 3600000);
	if (until_ms > now_ms) {
		fix->list.now.ms += until_ms - now_ms;
		fix->list.now.wall_ms += until_ms - now_ms;
	}
	while (fix->changes->line && fix->start_ms + fix->changes->at_ms <= fix->list.now.ms)
		script(&fix->list, fix->changes++->line);
	return 0;
}

static int open_watch(void **state)
{
	struct cluster_setup setup = { .name = "prod-eu",
				       .host = "cluster.prod.example:9443",
				       .url = "https://cluster.prod.example:9443" };
	struct watch_fixture *fix = calloc(1, sizeof(*fix));
	struct cluster *cluster;

	setup.audit_log = fix->list.audit_log = audit_log_new(NULL, NULL);
	fix->start_ms = 1000;
	fix->list.now = (struct moment){ .ms = 1000, .wall_ms = 1795292045000 };
	fix->list.fleet = fleet_new();
	cluster = fleet_add(fix->list.fleet, &setup);
	fix->list.script = script_attach(cluster, 5000);
	script_wall(fix->list.script, fix->list.now);
	*state = fix;
	return 0;
}

/* Watches for some seconds; then fix->out has what was printed. */
static void watch(struct watch_fixture *fix, enum output_format format, int64_t seconds,
		  const struct change *changes)
{
	struct clock clock = { .now = now_of, .wait = jump, .fd = -1, .arg = fix };
	struct output_capture out, err;

	fix->changes = changes;
	fix->list.options.format = format;
	fix->list.options.timeout_ms = seconds * 1000;
	capture_start(&out, STDOUT_FILENO);
	capture_start(&err, STDERR_FILENO);
	fix->list.status = list_watch(fix->list.fleet, NULL, &clock, &fix->list.options);
	capture_end(&err, fix->list.err, sizeof(fix->list.err));
	capture_end(&out, fix->out, sizeof(fix->out));
}

/* --- jsonl ----------------------------------------------------------------------------------- */

static const char *member(struct json_object *object, const char *name)
{
	struct json_object *found = NULL;

	return object && json_object_object_get_ex(object, name, &found) && found
		       ? json_object_get_string(found)
		       : "-";
}

static struct json_object *inner(struct json_object *object, const char *name)
{
	struct json_object *found = NULL;

	assert_true(json_object_object_get_ex(object, name, &found));
	return found;
}

/* `MODIFIED 12 failed failed` is its type, uid, state and transition; nothing of a BOOKMARK. */
static void events_are(struct watch_fixture *fix, const char *expected)
{
	char *line, *rest = fix->out, found[4000] = "";

	while ((line = strsep(&rest, "\n")) && *line) {
		struct json_object *event = json_tokener_parse(line);
		struct json_object *bdb = inner(event, "database");
		const char *type = member(event, "type");

		assert_string_equal(member(event, "schema"), "bdbtop.watch");
		if (bdb)
			sprintf(found + strlen(found), "%s %s %s %s\n", type, member(bdb, "uid"),
				member(bdb, "state"), member(inner(event, "transition"), "kind"));
		else if (strcmp(type, "BOOKMARK") != 0)
			sprintf(found + strlen(found), "%s\n", type);
		json_object_put(event);
	}
	assert_string_equal(found, expected);
}

static size_t count_of(const char *text, const char *part)
{
	size_t count = 0;

	while ((text = strstr(text, part))) {
		count++;
		text++;
	}
	return count;
}

static void the_first_list_is_added_and_each_poll_is_a_bookmark(void **state)
{
	static const struct change none[] = { { 0, NULL } };
	struct watch_fixture *fix = *state;

	fill(&fix->list);
	watch(fix, OUTPUT_JSONL, 21, none);
	assert_int_equal(fix->list.status, 0);
	assert_string_equal(fix->list.err, "");
	assert_int_equal(count_of(fix->out, "\"type\":\"BOOKMARK\""), 5);
	events_are(fix, "ADDED 12 failed -\nADDED 44 failed -\nADDED 7 running -\n"
			"ADDED 1 other -\nADDED 4 idle -\n");
}

static void changes_are_events_with_their_transition(void **state)
{
	static const struct change changes[] = {
		{ 6000, "bdb 4 name=quiet every=0 backup=exporting" },
		{ 11000, "bdb 4 name=quiet every=0 backup=failed:no-permission" },
		{ 16000, "bdb 9 name=new every=0" },
		{ 21000, "gone 12" },
		{ 26000, "bdb 4 name=quiet every=0 backup=succeeded" },
		{ 0, NULL },
	};
	struct watch_fixture *fix = *state;

	script(&fix->list, "bdb 4 name=quiet every=0");
	script(&fix->list, "bdb 12 name=orders every=0");
	watch(fix, OUTPUT_JSONL, 40, changes);
	events_are(fix, "ADDED 4 idle -\nADDED 12 idle -\n"
			"MODIFIED 4 running started\n"
			"MODIFIED 4 failed failed\n"
			"ADDED 9 idle new\n"
			"DELETED 12 - gone\n"
			"MODIFIED 4 ok recovered\n");
}

/* No line of the log says so. */
static void a_change_without_a_transition_is_an_event_too(void **state)
{
	static const struct change none[] = { { 0, NULL } };
	struct watch_fixture *fix = *state;

	script(&fix->list, "bdb 4 name=late periodic=true every=3600 backup=succeeded "
			   "backup.last=2026-11-21T18:59:10Z created=2026-10-01T00:00:00Z");
	watch(fix, OUTPUT_JSONL, 20, none);
	events_are(fix, "ADDED 4 ok -\nMODIFIED 4 overdue -\n");
}

static void with_a_filter_a_database_comes_and_goes(void **state)
{
	static const struct change changes[] = {
		{ 6000, "bdb 4 name=quiet every=0 backup=failed:no-permission" },
		{ 11000, "bdb 4 name=quiet every=0 backup=succeeded" },
		{ 16000, "bdb 9 name=new every=0" },
		{ 0, NULL },
	};
	struct watch_fixture *fix = *state;

	script(&fix->list, "bdb 4 name=quiet every=0");
	fix->list.options.filter = "state:failed";
	watch(fix, OUTPUT_JSONL, 20, changes);
	events_are(fix, "ADDED 4 failed failed\nDELETED 4 ok recovered\n");
}

static void another_database_under_a_uid_is_deleted_and_added(void **state)
{
	static const struct change changes[] = {
		{ 6000, "bdb 4 name=other every=0 created=2026-11-21T20:14:00Z" },
		{ 0, NULL },
	};
	struct watch_fixture *fix = *state;

	script(&fix->list, "bdb 4 name=quiet every=0");
	watch(fix, OUTPUT_JSONL, 12, changes);
	assert_non_null(strstr(fix->out, "\"database\":{\"cluster\":\"prod-eu\",\"uid\":4,"
					 "\"name\":\"quiet\"},"));
	events_are(fix, "ADDED 4 idle -\nDELETED 4 - gone\nADDED 4 idle new\n");
}

static void a_failed_poll_is_an_event_and_so_is_the_next_good_one(void **state)
{
	static const struct change changes[] = {
		{ 6000, "fail Connection refused." },
		{ 14000, "recover" },
		{ 0, NULL },
	};
	struct watch_fixture *fix = *state;

	script(&fix->list, "bdb 4 name=quiet every=0");
	watch(fix, OUTPUT_JSONL, 30, changes);
	assert_int_equal(fix->list.status, 0);
	assert_int_equal(count_of(fix->out, "\"type\":\"POLL_OK\""), 1);
	assert_true(count_of(fix->out, "\"type\":\"POLL_FAILED\"") >= 2);
	assert_non_null(strstr(fix->out, "\"type\":\"POLL_FAILED\",\"at\":\"2026-11-21T20:14:15Z\","
					 "\"cluster\":\"prod-eu\",\"transition\":null,"
					 "\"database\":null,\"error\":\"Connection refused.\"}\n"));
}

/* --- the end --------------------------------------------------------------------------------- */

static void what_was_never_read_within_the_limit_ends_with_3(void **state)
{
	static const struct change none[] = { { 0, NULL } };
	struct watch_fixture *fix = *state;

	script(&fix->list, "fail Connection refused.");
	watch(fix, OUTPUT_JSONL, 10, none);
	assert_int_equal(fix->list.status, 3);
	assert_string_equal(fix->list.err, "bdbtop: prod-eu: Connection refused.\n");
}

static void a_refused_log_in_ends_it_with_3(void **state)
{
	static const struct change changes[] = { { 6000, "refuse login Log-in refused (401)." },
						 { 0, NULL } };
	struct watch_fixture *fix = *state;

	script(&fix->list, "bdb 4 name=quiet every=0");
	watch(fix, OUTPUT_JSONL, 3000, changes);
	assert_int_equal(fix->list.status, 3);
	assert_string_equal(fix->list.err, "bdbtop: prod-eu: Log-in refused (401).\n");
	events_are(fix, "ADDED 4 idle -\nPOLL_FAILED\n");
}

/* --- text ------------------------------------------------------------------------------------ */

static void text_is_a_line_for_each_transition_as_in_the_log(void **state)
{
	static const struct change changes[] = {
		{ 6000, "bdb 4 name=q%1b[2Jx every=0 backup=failed:no-permission" },
		{ 11000, "bdb 9 name=new every=0" },
		{ 16000, "fail Connection refused." },
		{ 0, NULL },
	};
	struct watch_fixture *fix = *state;

	script(&fix->list, "bdb 4 name=q%1b[2Jx every=0");
	watch(fix, OUTPUT_TABLE, 30, changes);
	assert_int_equal(fix->list.status, 0);
	assert_string_equal(
		fix->out,
		"TIME                  WHAT   DB        NAME                  KIND    OUTCOME\n"
		"2026-11-21T20:14:05Z  link   -         -                     -       first "
		"answer\n"
		"2026-11-21T20:14:15Z  seen   db:4      q^[[2Jx               backup  failed, "
		"no-permission\n"
		"2026-11-21T20:14:20Z  seen   db:9      new                   -       new\n"
		"2026-11-21T20:14:25Z  link   -         -                     -       Connection "
		"refused.\n");
}

#define IN_WATCH(test) cmocka_unit_test_setup_teardown(test, open_watch, close_fixture)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_WATCH(the_first_list_is_added_and_each_poll_is_a_bookmark),
		IN_WATCH(changes_are_events_with_their_transition),
		IN_WATCH(a_change_without_a_transition_is_an_event_too),
		IN_WATCH(with_a_filter_a_database_comes_and_goes),
		IN_WATCH(another_database_under_a_uid_is_deleted_and_added),
		IN_WATCH(a_failed_poll_is_an_event_and_so_is_the_next_good_one),
		IN_WATCH(what_was_never_read_within_the_limit_ends_with_3),
		IN_WATCH(a_refused_log_in_ends_it_with_3),
		IN_WATCH(text_is_a_line_for_each_transition_as_in_the_log),
	};

	return tap_run(tests);
}
