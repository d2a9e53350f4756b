/*
 * Replies whose JSON is cut at each byte, or has another value in each place in turn: nothing is
 * taken from half a reply, what is refused has a sentence, and the next reply is read as before.
 */
#include <ctype.h>

#include "tests/faults/heap_peak.h"
#include "tests/faults/request_kinds.h"

#define SPANS_MAX 200
#define BODY_MAX   4000
#define GROWTH_MAX ((size_t)1 << 20)

#define OPERATION(of)                                                                              \
	"\"" of "_status\":\"failed\",\"" of "_progress\":42.5,\"" of                              \
	"_failure_reason\":\"no-permission\","
#define TIMES                                                                                      \
	"\"created_time\":\"2026-11-01T00:00:00Z\",\"last_changed_time\":"                         \
	"\"2026-11-02T00:00:00Z\",\"last_backup_time\":\"2026-11-18T16:02:11Z\","                  \
	"\"last_export_time\":null,"
#define ELEMENT                                                                                    \
	"{\"uid\":7,\"name\":\"sessions\",\"status\":\"active\",\"crdt\":false,"                   \
	"\"internal\":true,\"backup\":true,\"backup_interval\":86400," OPERATION("backup")         \
		OPERATION("export") OPERATION("import") TIMES                                      \
		"\"module_list\":[{\"module_name\":\"search\"}]}"
#define ALERTS                                                                                     \
	"{\"bdb_size\":{\"enabled\":true,\"state\":true,\"threshold\":\"80\",\"severity\":"        \
	"\"WARNING\",\"change_time\":\"2026-11-02T00:00:00Z\",\"change_value\":{\"a\":1.5}}}"
#define INFO                                                                                       \
	"{\"uid\":7,\"version\":\"8.0.0\",\"redis_version\":\"8.0\",\"shards_count\":4,"           \
	"\"memory_size\":8589934592,\"tags\":[{\"key\":\"env\",\"value\":\"prod\"}],"              \
	"\"module_list\":[{\"module_name\":\"search\"}]}"

/* A reply with every member that is read, in the order of kind_at(). */
static const char *const bodies[] = {
	"[{\"time\":\"2014-08-29T11:20:00Z\",\"type\":\"bdb_backup_failed\",\"severity\":\"ERROR\","
	"\"description\":\"no\",\"bdb_uid\":\"7\",\"object\":\"bdb:7\"}]",
	"[{\"time\":1409311189,\"type\":\"bdb_backup_failed\",\"object\":\"bdb:7\"}]",
	"{\"7\":" ALERTS "}",
	ALERTS,
	"[{\"action_uid\":\"a\",\"name\":\"backup\",\"action_type\":\"bdb\",\"status\":\"running\","
	"\"progress\":42.5,\"creation_time\":1795292045,\"object_name\":\"bdb:7\","
	"\"additional_info\":{\"object_type\":\"bdb\",\"object_uid\":\"7\",\"pending_ops\":{\"3\":"
	"{\"heartbeat\":1795292045,\"progress\":10}}}}]",
	"[{\"uid\":\"3\",\"bdb_uid\":7,\"node_uid\":\"1\",\"status\":\"active\",\"backup\":"
	"{\"progress\":4.5},\"loading\":{\"progress\":\"7\"}}]",
	"[{\"uid\":1,\"software_version\":\"8.0.2-17\"}]",
	INFO,
	"[" INFO "]",
	"[" ELEMENT "]",
	ELEMENT,
	"[{\"module_name\":\"search\",\"capabilities\":[\"types\",\"backup_restore\"]}]",
};

/* Of every type, numbers of every size, and text that is none. */
static const char *const values[] = {
	"null",
	"true",
	"7",
	"-1",
	"1.5",
	"1e999",
	"123456789012345678901234567890",
	"\"x\"",
	"\"\"",
	"\"\xff\xfe\"",
	"\"\\u0000\"",
	"\"\\ud800\"",
	"[]",
	"{}",
	"[[[]]]",
	"1,\"uid\":8",
};

static size_t mismatches, count;

/* --- values --------------------------------------------------------------------------------- */

/* Where a value begins, and its length. */
struct value_span {
	size_t at, length;
};

static size_t skip_text(const char *body, size_t at)
{
	while (body[++at] != '"')
		at += body[at] == '\\';
	return at + 1;
}

/* Adds the value at `at` and those in it; returns the end of it. */
static size_t add_spans(const char *body, size_t at, struct value_span *spans, size_t *found)
{
	size_t mine = (*found)++, begin = at;

	assert_in_range(mine, 0, SPANS_MAX - 1);
	if (body[at] == '"') {
		at = skip_text(body, at);
	} else if (strchr("[{", body[at])) {
		bool keyed = body[at++] == '{';

		for (; !strchr("]}", body[at]); at += body[at] == ',')
			at = add_spans(body, keyed ? skip_text(body, at) + 1 : at, spans, found);
		at++;
	} else {
		at += strcspn(body + at, ",]}");
	}
	spans[mine] = (struct value_span){ begin, at - begin };
	return at;
}

/* --- replies --------------------------------------------------------------------------------- */

static void mismatch(const struct request_kind *kind, const char *body, const char *log)
{
	fprintf(stderr, "%s: %s: %s\n", kind->name, body, log);
	mismatches++;
}

/* Requests it once with this reply. */
static void request_with(struct rest_fixture *fix, const struct request_kind *kind,
			 const char *body, size_t length)
{
	faults_forget(fix->server);
	faults_add(fix->server, &(struct fault){ .when = kind->line,
						 .status = 200,
						 .bytes = length ? body : "",
						 .length = length });
	log_clear(fix);
	heap_mark();
	cause_request(fix, kind);
	until(fix, kind->family == KIND_LIST ? "poll in\n" : "\n");
	turn(fix);
	if (heap_growth() > GROWTH_MAX)
		mismatch(kind, body, "too much memory");
	count++;
}

static void request_good(struct rest_fixture *fix, const struct request_kind *kind,
			 const char *body)
{
	static const char *const good[] = { [KIND_LIST] = "list of 1 ",
					    [KIND_ONE] = "one db:7 ",
					    [KIND_DATA] = " whole",
					    [KIND_MODULES] = "modules known" };

	request_with(fix, kind, body, strlen(body));
	if (!strstr(fix->log, good[kind->family]) || strstr(fix->log, "unreadable"))
		mismatch(kind, body, fix->log);
}

static void check_cut(struct rest_fixture *fix, const struct request_kind *kind, const char *body,
		      size_t length)
{
	char want[200], cut[BODY_MAX];

	snprintf(want, sizeof(want),
		 length ? "the reply was cut off after %zu byte%s, so none of it is used. "
			: "the reply is empty where ",
		 length, length == 1 ? "" : "s");
	if (kind->family == KIND_MODULES)
		strcpy(want, "modules not known");
	snprintf(cut, sizeof(cut), "%.*s", (int)length, body);
	request_with(fix, kind, body, length);
	if (!strstr(fix->log, want))
		mismatch(kind, cut, fix->log);
}

/* What is wrong, and a remedy: two sentences, of which the last may be a question. */
static bool has_remedy(const char *log)
{
	const char *first = strstr(log, ". ");

	return first && first[2] && strchr(".?", log[strlen(log) - 2]);
}

/* Complete, or refused with two sentences that have nothing of the terminal. */
static void check_changed(struct rest_fixture *fix, const struct request_kind *kind,
			  const char *body)
{
	const char *trouble = strstr(fix->log, "trouble "), *bad = strstr(fix->log, " bad ");
	size_t length = strlen(fix->log), i;

	if ((!strncmp(fix->log, "bad ", 4) || bad || trouble) && !has_remedy(fix->log))
		mismatch(kind, body, fix->log);
	for (i = 0; i < length; i++)
		if (iscntrl((unsigned char)fix->log[i]) && fix->log[i] != '\n')
			mismatch(kind, body, fix->log);
}

static void change_values(struct rest_fixture *fix, const struct request_kind *kind,
			  const char *body)
{
	struct value_span spans[SPANS_MAX];
	size_t found = 0, i, j;
	char changed[BODY_MAX];

	assert_int_equal(add_spans(body, 0, spans, &found), strlen(body));
	for (i = 0; i < found * ARRAY_SIZE(values); i++) {
		const struct value_span *span = &spans[i / ARRAY_SIZE(values)];

		j = i % ARRAY_SIZE(values);
		snprintf(changed, sizeof(changed), "%.*s%s%s", (int)span->at, body, values[j],
			 body + span->at + span->length);
		request_with(fix, kind, changed, strlen(changed));
		check_changed(fix, kind, changed);
		request_good(fix, kind, body);
	}
}

static struct rest_fixture *open_kind(void)
{
	struct rest_fixture *fix = rest_fixture_plain(NULL);

	reply(fix, LIST, 0, 200, TWO);
	first_poll(fix);
	fix->ops->pause(fix->rest, true, fix->now);
	return fix;
}

static void a_reply_that_is_cut_at_any_byte_is_not_used(void **state)
{
	size_t i, length;

	for (i = 0; i < ARRAY_SIZE(bodies); i++) {
		const struct request_kind kind = kind_at(i);
		struct rest_fixture *fix = open_kind();

		for (length = 0; length < strlen(bodies[i]); length++)
			check_cut(fix, &kind, bodies[i], length);
		request_good(fix, &kind, bodies[i]);
		rest_fixture_free(fix);
	}
	printf("# %zu replies that are cut\n", count);
	assert_int_equal(mismatches, 0);
}

static void any_value_in_any_place_is_read_or_refused_with_a_sentence(void **state)
{
	size_t i;

	count = 0;
	for (i = 0; i < ARRAY_SIZE(bodies); i++) {
		const struct request_kind kind = kind_at(i);
		struct rest_fixture *fix = open_kind();

		change_values(fix, &kind, bodies[i]);
		rest_fixture_free(fix);
	}
	printf("# %zu replies with another value, and as many good ones\n", count / 2);
	assert_int_equal(mismatches, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_reply_that_is_cut_at_any_byte_is_not_used),
		cmocka_unit_test(any_value_in_any_place_is_read_or_refused_with_a_sentence),
	};

	heap_count();
	return tap_run(tests);
}
