/*
 * Hostile text in every string that a cluster sends: what bdbtop writes to a terminal, in every
 * format and on every screen, has no byte that acts on it, and no row or field more.
 */
#include <unistd.h>

#include "bdbtop/core/array.h"
#include "bdbtop/core/text.h"
#include "tests/faults/faults.h"
#include "tests/files.h"
#include "tests/main/child.h"
#include "tests/screen/pty.h"

/* As in JSON.  Each is in every string of the database whose uid is its index plus one. */
static const char *const corpus[] = {
	"\\u001b]52;c;SE9TVElMRQ==\\u0007HOSTILE",
	"\\u001b[2J\\u001b[1;1H\\u001b[31mHOSTILE",
	"\\u001bP1$rHOSTILE\\u001b\\\\",
	"\\u001b_Ga=T;HOSTILE\\u001b\\\\",
	"\\u009b2JHOSTILE\\u009d0;x\\u009c\\u0090q\\u0085",
	"\\u202eHOSTILE\\u2066\\u061c\\u200f",
	"\\u200bH\\u200dO\\u2060S\\ufeffTILE\\u00ad",
	"e\\u0301\\u0301\\u0301\\u0301\\u0301\\u0301HOSTILE\\u20e3",
	"a\\nb\\rHOSTILE\\tc\\u000bd\\u000c\\b\\u007f\\u2028\\u2029",
	"=HYPERLINK(\\\"http://x\\\",\\\"HOSTILE\\\")",
	"-1+1|cmd HOSTILE",
	"@SUM(1)\\\"} 1\\ndb_up{x=\\\"HOSTILE",
	"\\\\\\\"',;|`$(HOSTILE)%s%n",
	"\xff\xc3(\xc0\xaf\xed\xa0\x80\xf4\x90\x80\x80HOSTILE",
	"\\ud800HOSTILE\\udfff\\uffff\\ufdd0\\udb40\\udc41",
	"<b>HOSTILE</b>&amp;#{x}#[fg=red]",
};

#define N ((int)ARRAY_SIZE(corpus))

/* @ is the hostile string, # the uid. */
static const char record[] =
	"{\"uid\":#,\"name\":\"@\",\"status\":\"@\",\"type\":\"@\",\"version\":\"@\","
	"\"redis_version\":\"@\",\"crdt\":false,\"backup\":true,\"backup_interval\":86400,"
	"\"backup_status\":\"failed\",\"backup_failure_reason\":\"@\",\"export_status\":\"@\","
	"\"export_failure_reason\":\"@\",\"import_status\":\"importing\",\"import_progress\":61,"
	"\"import_failure_reason\":\"@\",\"last_backup_time\":\"@\",\"last_export_time\":\"@\","
	"\"created_time\":\"@\",\"last_changed_time\":\"@\",\"memory_size\":1,\"shards_count\":1,"
	"\"data_persistence\":\"@\",\"action_uid\":\"@\",\"endpoints\":[{\"dns_name\":\"@\","
	"\"addr\":[\"@\"],\"port\":1,\"uid\":\"@\",\"addr_type\":\"@\",\"proxy_policy\":\"@\"}],"
	"\"module_list\":[{\"module_name\":\"@\",\"semantic_version\":\"@\",\"module_args\":\"@\","
	"\"module_id\":\"@\"}],\"tags\":[{\"key\":\"@\",\"value\":\"@\"}]}";
static const char event[] =
	"{\"time\":\"2026-11-28T10:00:00Z\",\"type\":\"@\",\"severity\":\"@\",\"bdb_uid\":\"#\","
	"\"reason\":\"@\",\"description\":\"@\",\"originator_username\":\"@\"}";
static const char alert[] =
	"{\"@\":{\"enabled\":true,\"state\":true,\"severity\":\"@\",\"threshold\":\"@\","
	"\"change_time\":\"2026-11-28T10:00:00Z\",\"change_value\":{\"state\":true}}}";
static const char action[] =
	"{\"action_uid\":\"@\",\"name\":\"@\",\"status\":\"@\",\"creation_time\":1795873361,"
	"\"additional_info\":{\"object_type\":\"bdb\",\"object_uid\":\"#\",\"error\":\"@\","
	"\"pending_ops\":{\"5\":{\"op_name\":\"@\",\"status_description\":\"@\"}}},\"object_name\":"
	"\"bdb:#\",\"error_code\":\"@\",\"error_message\":\"@\"}";
static const char shard[] =
	"[{\"uid\":\"21\",\"bdb_uid\":#,\"node_uid\":\"1\",\"role\":\"@\",\"assigned_slots\":\"@\","
	"\"status\":\"@\",\"detailed_status\":\"@\",\"loading\":{\"status\":\"@\"},"
	"\"backup\":{\"status\":\"@\",\"progress\":3},\"report_timestamp\":\"@\"}]";
static const char nodes[] = "[{\"uid\":1,\"addr\":\"@\",\"status\":\"@\",\"software_version\":"
			    "\"@\"}]";
static const char modules[] = "[{\"uid\":\"@\",\"module_name\":\"@\",\"semantic_version\":\"@\","
			      "\"capabilities\":[\"@\"]}]";

static struct faults *server;
static struct pty pty;
static struct temp_dir dir;
static char state_home[160], cacert[160];

/* --- the cluster ----------------------------------------------------------------------------- */

static void put(FILE *out, const char *form, int index)
{
	for (; *form; form++)
		if (*form == '@')
			fputs(corpus[index], out);
		else if (*form == '#')
			fprintf(out, "%d", index + 1);
		else
			putc(*form, out);
}

/* Answers what begins with `when` with the form for one database, or in a list for all. */
static void answer(const char *when, const char *open, const char *form, int index,
		   const char *close)
{
	char *body;
	size_t length;
	FILE *out = open_memstream(&body, &length);
	int i;

	fputs(open, out);
	for (i = index < 0 ? 0 : index; i < (index < 0 ? N : index + 1); i++) {
		fputs(index < 0 && i ? "," : "", out);
		put(out, form, i);
	}
	fputs(close, out);
	fclose(out);
	faults_add(server, &(struct fault){ .when = when, .status = 200, .bytes = body });
	free(body);
}

/* A path with the number of a database; faults_add() keeps the pointer. */
static const char *path_of(unsigned kind, int index)
{
	static const char *const around[][2] = { { "GET /v1/bdbs/", "?" },
						 { "GET /v1/bdbs/", "/shards" },
						 { "GET /v1/bdbs/alerts/", " " },
						 { "PUT /v1/bdbs/", "/" } };
	static char paths[ARRAY_SIZE(around)][ARRAY_SIZE(corpus)][40];

	snprintf(paths[kind][index], sizeof(paths[0][0]), "%s%d%s", around[kind][0], index + 1,
		 around[kind][1]);
	return paths[kind][index];
}

static void answer_all(void)
{
	int i;

	answer("GET /v1/bdbs?", "[", record, -1, "]");
	answer("GET /v1/logs", "[", event, -1, "]");
	answer("GET /v2/actions", "[", action, -1, "]");
	answer("GET /v1/nodes", "", nodes, 0, "");
	answer("GET /v1/modules", "", modules, 0, "");
	for (i = 0; i < N; i++) {
		answer(path_of(0, i), "", record, i, "");
		answer(path_of(1, i), "", shard, i, "");
		answer(path_of(2, i), "", alert, i, "");
	}
}

/* Every PUT is refused, in the cluster's own words. */
static void refuse_resets(void)
{
	static const char form[] = "{\"error_code\":\"@\",\"description\":\"@\"}";
	char *body;
	size_t length;
	int i;

	for (i = 0; i < N; i++) {
		FILE *out = open_memstream(&body, &length);

		put(out, form, i);
		fclose(out);
		faults_add(server,
			   &(struct fault){ .when = path_of(3, i), .status = 406, .bytes = body });
		free(body);
	}
}

static int set_up(void **state)
{
	char url[64];

	(void)state;
	assert_int_equal(temp_dir_init(&dir, "actions.jsonl"), 0);
	server = faults_new(&(struct faults_setup){ .protocol = FAULTS_TLS });
	snprintf(cacert, sizeof(cacert), "%s/ca.pem", dir.top);
	temp_dir_append(cacert, faults_pem(server), strlen(faults_pem(server)));
	answer_all();
	snprintf(state_home, sizeof(state_home), "XDG_STATE_HOME=%s", dir.state);
	snprintf(url, sizeof(url), "https://127.0.0.1:%u", faults_port(server));
	setenv("REDIS_ENTERPRISE_URL", url, 1);
	setenv("REDIS_ENTERPRISE_CA_CERT", cacert, 1);
	setenv("REDIS_ENTERPRISE_USER", "admin@lab", 1);
	setenv("REDIS_ENTERPRISE_PASSWORD", "hunter2", 1);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	faults_free(server);
	temp_dir_release(dir.top);
	return 0;
}

/* --- what is printed ------------------------------------------------------------------------- */

static void is_safe(const char *text, const char *what)
{
	const char *at = text;
	uint32_t code;
	size_t bytes;

	for (; *at; at += bytes) {
		bytes = text_decode(at, &code);
		/* the terminal driver writes a CR before each LF */
		if (*at == '\r' ? strchr("\r\n", at[1]) != NULL
				: bytes && (strchr("\n\t", *at) || !text_is_unsafe(code)))
			continue;
		fail_msg("%s: unsafe byte %02x in \"%.60s\"", what, (unsigned char)*at,
			 at - text > 30 ? at - 30 : text);
	}
}

static int count_lines(const char *text, const char *prefix)
{
	int count = 0;

	for (; text && *text; text = strchr(text, '\n'), text += text != NULL)
		count += !strncmp(text + strspn(text, " "), prefix, strlen(prefix));
	return count;
}

/* A command whose output is a terminal. */
static const char *on_terminal(const char *const *words)
{
	static char stream[PTY_TEXT + 1];

	pty_start(&pty, &(struct pty_setup){
				.cols = 200, .rows = 50, .variable = state_home, .words = words });
	pty_wait(&pty);
	memcpy(stream, pty.stream, pty.stream_length);
	stream[pty.stream_length] = '\0';
	pty_close(&pty);
	is_safe(stream, words[0]);
	assert_non_null(strstr(stream, "HOSTILE"));
	return stream;
}

static void a_terminal_gets_text_and_a_line_for_each_database(void **state)
{
	static const struct {
		const char *option, *prefix;
		int lines;
	} rows[] = {
		{ "--format=table", "db:", N },
		{ "--by=cause", "db:", 0 },
		{ "--format=jsonl", "{\"schema\":\"bdbtop.database\"", N },
		{ "--format=csv", "", N + 1 },
		{ "--format=tsv", "", N + 1 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		int lines = count_lines(on_terminal(WORDS("list", rows[i].option)), rows[i].prefix);

		if (lines != rows[i].lines)
			fail_msg("%s: %d lines", rows[i].option, lines);
	}
	on_terminal(WORDS("list", "--by=cause"));
	on_terminal(WORDS("list", "--format=json"));
	on_terminal(WORDS("list", "--format=prometheus"));
	on_terminal(WORDS("check", "-vvv"));
}

static void resets_and_their_history_are_text_too(void **state)
{
	(void)state;
	refuse_resets();
	assert_int_equal(
		count_lines(on_terminal(WORDS("reset", "backup", "--all-failed", "--yes")), "db:"),
		N);
	on_terminal(WORDS("reset", "backup", "--all-failed", "--yes", "--format=jsonl"));
	on_terminal(WORDS("history"));
	on_terminal(WORDS("history", "--format=json"));
	on_terminal(WORDS("history", "--format=csv"));
}

/* --- what programs read ---------------------------------------------------------------------- */

static struct child_result ran;

static const char *to_a_pipe(const char *const *words)
{
	char url[100], ca[200];

	snprintf(url, sizeof(url), "REDIS_ENTERPRISE_URL=https://127.0.0.1:%u",
		 faults_port(server));
	snprintf(ca, sizeof(ca), "REDIS_ENTERPRISE_CA_CERT=%s", cacert);
	child_run(&ran, words,
		  WORDS(url, ca, state_home, "REDIS_ENTERPRISE_USER=admin@lab",
			"REDIS_ENTERPRISE_PASSWORD=hunter2"));
	assert_string_equal(ran.err, "");
	return ran.out;
}

/* Reads one field of RFC 4180; the character behind it. */
static const char *skip_field(const char *at)
{
	if (*at != '"')
		return at + strcspn(at, ",\r\n");
	for (at++; *at && (*at != '"' || at[1] == '"'); at++)
		at += *at == '"';
	return *at ? at + 1 : at;
}

static void csv_has_the_same_fields_in_each_record_and_no_formula(void **state)
{
	const char *at = to_a_pipe(WORDS("list", "--format=csv", "--excel"));
	int fields = 0, first = 0, records = 0;

	(void)state;
	while (*at) {
		if (*at == '"')
			assert_true(!at[1] || !strchr("=+-@\t\r", at[1]));
		else
			assert_null(strchr("=+-@\t", *at));
		at = skip_field(at);
		fields++;
		if (*at == ',') {
			at++;
			continue;
		}
		assert_memory_equal(at, "\r\n", 2);
		first = records++ ? first : fields;
		assert_int_equal(fields, first);
		fields = 0;
		at += 2;
	}
	assert_int_equal(records, N + 1);
}

static void tsv_has_the_same_fields_in_each_line(void **state)
{
	const char *at = to_a_pipe(WORDS("list", "--format=tsv"));
	int tabs = 0, first = -1, lines = 0;

	(void)state;
	for (; *at; at++) {
		tabs += *at == '\t';
		assert_true(*at != '\r');
		if (*at != '\n')
			continue;
		first = first < 0 ? tabs : first;
		assert_int_equal(tabs, first);
		tabs = 0;
		lines++;
	}
	assert_int_equal(lines, N + 1);
}

/* NAME{LABEL="...",...} NUMBER, where \\, \" and \n are the escapes. */
static void is_sample(const char *line, size_t length)
{
	const char *end = line + length, *at = line + strspn(line, "abcdefghijklmnopqrstuvwxyz_");
	bool quoted = false;

	assert_int_equal(*at, '{');
	for (at++; at < end && (quoted || *at != '}'); at++) {
		if (quoted && *at == '\\')
			assert_non_null(strchr("\\\"n", *++at));
		else if (*at == '"')
			quoted = !quoted;
	}
	assert_memory_equal(at, "} ", 2);
	at += 2;
	assert_int_equal(at + strspn(at, "0123456789.e+-"), end);
}

static void metrics_are_samples_and_comments(void **state)
{
	const char *at = to_a_pipe(WORDS("list", "--format=prometheus"));
	size_t length, samples = 0;

	(void)state;
	for (; *at; at += length + 1) {
		length = strcspn(at, "\n");
		if (*at == '#')
			continue;
		assert_memory_equal(at, "bdbtop_", 7);
		is_sample(at, length);
		samples++;
	}
	assert_true(samples > (size_t)N);
}

static void json_is_safe_in_a_pipe_too(void **state)
{
	(void)state;
	is_safe(to_a_pipe(WORDS("list", "--format=json")), "json");
	is_safe(to_a_pipe(WORDS("list", "--format=jsonl")), "jsonl");
}

/* --- the console ----------------------------------------------------------------------------- */

/* What bdbtop itself never sends. */
static void got_nothing_hostile(const char *where)
{
	static const char *const needles[] = {
		"\033]52;c;SE9TVElMRQ==",
		"\033[1;1H\033[31m",
		"\033P1$r",
		"\033_G",
		"\302\205",
		"\302\220",
		"\302\233",
		"\302\234",
		"\302\235",
		"\302\255",
		"\330\234",
		"\342\200\213",
		"\342\200\215",
		"\342\200\217",
		"\342\200\250",
		"\342\200\251",
		"\342\200\256",
		"\342\201\240",
		"\342\201\246",
		"\357\273\277",
		"\355\240\200",
		"\300\257",
		"\364\220\200",
		"\177",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(needles); i++)
		if (memmem(pty.stream, pty.stream_length, needles[i], strlen(needles[i])))
			fail_msg("%s: needle %zu is in the stream", where, i);
	pty.stream_length = 0;
}

/* Presses a key, and waits until the screen has both words. */
static void press(const char *key, const char *words, const char *more)
{
	pty_send(&pty, key);
	pty_await(&pty, words);
	pty_await(&pty, more);
	got_nothing_hostile(words);
}

static void no_screen_of_the_console_acts_on_the_terminal(void **state)
{
	static const struct {
		const char *key, *words, *close;
	} pages[] = {
		{ "y", "copy again", "\033" },
		{ "Y", "copy again", "\033" },
		{ "c", "NEXT STEP", "c" },
		{ "/HOSTILE", "esc", "\033" },
	};
	char title[20];
	int i;

	(void)state;
	refuse_resets();
	pty_start(&pty, &(struct pty_setup){ .cols = 200,
					     .rows = 50,
					     .variable = state_home,
					     .words = WORDS("--interval=3600", "--sort=db") });
	pty_await(&pty, "db:16 ");
	pty_send(&pty, "\r");
	for (i = 0; i < N; i++) {
		snprintf(title, sizeof(title), "\342\224\202 db:%d ", i + 1);
		pty_await(&pty, title);
		pty_await(&pty, "on since");
		press("\033[6~", "SENT FROM HERE", "SHARDS");
		pty_send(&pty, "j");
	}
	pty_send(&pty, "\033");
	pty_await_not(&pty, "SENT FROM HERE");
	for (i = 0; i < (int)ARRAY_SIZE(pages); i++) {
		press(pages[i].key, pages[i].words, "HOSTILE");
		pty_send(&pty, pages[i].close);
		pty_await(&pty, "s sort");
	}
	press("b", "Reset the backup status", "HOSTILE");
	pty_confirm(&pty);
	pty_await(&pty, " 406 ");
	press("l", "406", "HOSTILE");
	pty_close(&pty);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(a_terminal_gets_text_and_a_line_for_each_database),
		TEST(resets_and_their_history_are_text_too),
		TEST(csv_has_the_same_fields_in_each_record_and_no_formula),
		TEST(tsv_has_the_same_fields_in_each_line),
		TEST(metrics_are_samples_and_comments),
		TEST(json_is_safe_in_a_pipe_too),
		TEST(no_screen_of_the_console_acts_on_the_terminal),
	};

	return tap_run(tests);
}
