#include "tests/screen/hostile.h"

#include "bdbtop/core/array.h"
#include "tests/screen/raw_stream.h"

const char *const hostile_texts[HOSTILE_TEXTS] = {
	"\\u001b]52;c;SE9TVElMRQ==\\u0007HOSTILE",
	"\\u001b[2J\\u001b[7777;7777H\\u001b[7777mHOSTILE",
	"\\u001bP1$rHOSTILE\\u001b\\\\",
	"\\u001b_Ga=T;HOSTILE\\u001b\\\\",
	"\\u009b2JHOSTILE\\u009d0;x\\u009c\\u0090q\\u0085",
	"\\u202eHOSTILE\\u2066\\u061c\\u200f",
	"\\u200bH\\u200dO\\u2060S\\ufeffTILE\\u00adHOSTILE",
	"e\\u0301\\u0301\\u0301\\u0301\\u0301\\u0301HOSTILE\\u20e3",
	"a\\nb\\rHOSTILE\\tc\\u000bd\\u000c\\b\\u007f\\u2028\\u2029",
	"=HYPERLINK(\\\"http://x\\\",\\\"HOSTILE\\\")",
	"-1+1|cmd HOSTILE",
	"@SUM(1)\\\"} 1\\ndb_up{x=\\\"HOSTILE",
	"\\\\\\\"',;|`$(HOSTILE)%s%n",
	"\xff\xc3(\xc0\xaf\xed\xa0\x80\xf4\x90\x80\x80HOSTILE",
	"\\ud800HOSTILE\\udfff\\uffff\\ufdd0\\udb40\\udc41",
	"<b>HOSTILE</b>&amp;#{x}#[fg=red]#(id)",
	"\\u001bcHOSTILE\\u001b#8\\u001b7\\u001b>\\u001b(0",
	"\\u001bPtmux;\\u001b\\u001b]0;HOSTILE\\u0007\\u001b\\\\",
	"\\u001b]8;;http://x\\u0007HOSTILE\\u001b]8;;\\u0007\\u001b]0;t\\u0007",
	"\\u001b[6n\\u001b[c\\u001b[?1000h\\u001b[21tHOSTILE\\u0005",
	"\\n  db:99  HOSTILE  ok\\n\\r\\u001b[1A\\u000e\\u000f",
	"\2332J\2350;x\234HOSTILE\220q\205",
	"\xe6\x97\xa5\xe6\x9c\xac\xc4\x9bJ\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x91\xa9HOSTILE",
	("HOSTILE HOSTILE HOSTILE HOSTILE HOSTILE HOSTILE HOSTILE HOSTILE HOSTILE HOSTILE HOSTILE "
	 "\\u001b[7777;7777H\\u202e\\u009b"),
};

#define N HOSTILE_TEXTS

/* @ is the hostile text, # the uid. */
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
static const char refusal[] = "{\"error_code\":\"@\",\"description\":\"@\"}";

struct hostile hostile;

/* What was judged. */
static struct {
	size_t screens, outputs, bytes;
} judged;
static struct raw_stream stream;
static const char *running;

/* --- texts ----------------------------------------------------------------------------------- */

static size_t put_code(char *out, unsigned code)
{
	if (code < 0x80) {
		out[0] = (char)code;
		return 1;
	}
	if (code < 0x800) {
		out[0] = (char)(0xc0 | code >> 6);
		out[1] = (char)(0x80 | (code & 0x3f));
		return 2;
	}
	out[0] = (char)(0xe0 | code >> 12);
	out[1] = (char)(0x80 | (code >> 6 & 0x3f));
	out[2] = (char)(0x80 | (code & 0x3f));
	return 3;
}

const char *hostile_bytes(int index)
{
	static const char escapes[] = "nrtbf", bytes[] = "\n\r\t\b\f";
	static char text[400];
	const char *at = hostile_texts[index], *known;
	size_t length = 0;
	unsigned code;

	for (; *at; at++) {
		if (*at != '\\') {
			text[length++] = *at;
			continue;
		}
		at++;
		known = strchr(escapes, *at);
		if (*at == 'u' && sscanf(at + 1, "%4x", &code) == 1) {
			/* a NUL would end the text */
			length += put_code(text + length, code ? code : 1);
			at += 4;
		} else {
			text[length++] = known ? bytes[known - escapes] : *at;
		}
	}
	text[length] = '\0';
	return text;
}

static void put(FILE *out, const char *form, const char *text, int index)
{
	for (; *form; form++)
		if (*form == '@')
			fputs(text, out);
		else if (*form == '#')
			fprintf(out, "%d", index + 1);
		else
			putc(*form, out);
}

/* In a list, or one. */
static char *fill(const char *open, const char *form, int index, const char *close)
{
	char *body;
	size_t length;
	FILE *out = open_memstream(&body, &length);
	int i;

	fputs(open, out);
	for (i = index < 0 ? 0 : index; i < (index < 0 ? N : index + 1); i++) {
		fputs(index < 0 && i ? "," : "", out);
		put(out, form, hostile_texts[i], i);
	}
	fputs(close, out);
	fclose(out);
	return body;
}

char *hostile_fill(const char *form, int index)
{
	return fill("", form, index, "");
}

const char *hostile_fill_bytes(const char *form, int index)
{
	static char filled[2000];
	FILE *out = fmemopen(filled, sizeof(filled), "w");
	char line[400], *at;

	snprintf(line, sizeof(line), "%s", hostile_bytes(index));
	for (at = line; *at; at++)
		*at = *at == '\n' || *at == '\r' ? ' ' : *at;
	put(out, form, line, index);
	fclose(out);
	return filled;
}

char *hostile_list(bool failed)
{
	static const char before[] = "\"backup_status\":";
	char *list = fill("[", record, -1, "]"), *at;

	for (at = list; !failed && (at = strstr(at, before)); at += sizeof(before))
		memcpy(at + sizeof(before) - 1, "null    ", strlen("\"failed\""));
	return list;
}

/* --- the cluster ----------------------------------------------------------------------------- */

static void answer(const char *when, unsigned status, char *body)
{
	faults_add(hostile.server,
		   &(struct fault){ .when = when, .status = status, .bytes = body });
	free(body);
}

void hostile_answer(const char *when, const char *open, const char *form, int index,
		    const char *close)
{
	answer(when, 200, fill(open, form, index, close));
}

/* A path with the number of a database; faults_add() keeps the pointer. */
static const char *path_of(unsigned kind, int index)
{
	static const char *const around[][2] = { { "GET /v1/bdbs/", "?" },
						 { "GET /v1/bdbs/", "/shards" },
						 { "GET /v1/bdbs/alerts/", " " },
						 { "PUT /v1/bdbs/", "/" } };
	static char paths[ARRAY_SIZE(around)][N][40];

	snprintf(paths[kind][index], sizeof(paths[0][0]), "%s%d%s", around[kind][0], index + 1,
		 around[kind][1]);
	return paths[kind][index];
}

void hostile_answer_all(void)
{
	int i;

	hostile_answer("GET /v1/bdbs?", "[", record, -1, "]");
	hostile_answer("GET /v1/logs", "[", event, -1, "]");
	hostile_answer("GET /v2/actions", "[", action, -1, "]");
	hostile_answer("GET /v1/nodes", "", nodes, 0, "");
	hostile_answer("GET /v1/modules", "", modules, 0, "");
	for (i = 0; i < N; i++) {
		hostile_answer(path_of(0, i), "", record, i, "");
		hostile_answer(path_of(1, i), "", shard, i, "");
		hostile_answer(path_of(2, i), "", alert, i, "");
	}
}

void hostile_refuse_resets(void)
{
	int i;

	for (i = 0; i < N; i++)
		answer(path_of(3, i), 406, hostile_fill(refusal, i));
}

int hostile_set_up(void **state)
{
	(void)state;
	assert_int_equal(temp_dir_init(&hostile.dir, "actions.jsonl"), 0);
	hostile.server = faults_new(&(struct faults_setup){ .protocol = FAULTS_TLS });
	hostile.locale = NULL;
	snprintf(hostile.cacert, sizeof(hostile.cacert), "%s/ca.pem", hostile.dir.top);
	temp_dir_write(hostile.cacert, faults_pem(hostile.server));
	snprintf(hostile.state_home, sizeof(hostile.state_home), "XDG_STATE_HOME=%s",
		 hostile.dir.state);
	snprintf(hostile.url, sizeof(hostile.url), "https://127.0.0.1:%u",
		 faults_port(hostile.server));
	setenv("REDIS_ENTERPRISE_URL", hostile.url, 1);
	setenv("REDIS_ENTERPRISE_CA_CERT", hostile.cacert, 1);
	setenv("REDIS_ENTERPRISE_USER", "admin@lab", 1);
	setenv("REDIS_ENTERPRISE_PASSWORD", "hunter2", 1);
	return 0;
}

int hostile_tear_down(void **state)
{
	(void)state;
	faults_free(hostile.server);
	temp_dir_release(hostile.dir.top);
	return 0;
}

/* --- bdbtop ---------------------------------------------------------------------------------- */

static void judge(const char *what, struct raw_stream *read, const char *bytes, size_t length)
{
	size_t before = read->bytes, at;
	const char *wrong = raw_stream_read(read, bytes, length);

	at = read->bytes - before;
	judged.bytes += at;
	if (wrong)
		fail_msg("%s: %s: the last byte of \"%.*s\"", what, wrong, (int)(at > 60 ? 60 : at),
			 bytes + (at > 60 ? at - 60 : 0));
}

static void on_bytes(const char *bytes, size_t length)
{
	judge(running, &stream, bytes, length);
}

void hostile_start(const char *what, bool plain, const char *const *words)
{
	stream = (struct raw_stream){ .plain = plain, .ascii = hostile.locale != NULL };
	running = what;
	pty_start(&hostile.pty, &(struct pty_setup){ .cols = 200,
						     .rows = 50,
						     .variable = hostile.state_home,
						     .locale = hostile.locale,
						     .words = words,
						     .on_bytes = on_bytes });
	judged.outputs += plain;
}

const char *hostile_on_terminal(const char *const *words)
{
	static char text[PTY_TEXT + 1];

	hostile_start(words[0], true, words);
	pty_wait(&hostile.pty);
	memcpy(text, hostile.pty.stream, hostile.pty.stream_length);
	text[hostile.pty.stream_length] = '\0';
	pty_close(&hostile.pty);
	return text;
}

void hostile_judge(const char *what, const char *text)
{
	struct raw_stream read = { .plain = true };

	judged.outputs++;
	judge(what, &read, text, strlen(text));
}

const char *hostile_to_pipe(const char *const *words)
{
	char url[100], ca[200];

	snprintf(url, sizeof(url), "REDIS_ENTERPRISE_URL=%s", hostile.url);
	snprintf(ca, sizeof(ca), "REDIS_ENTERPRISE_CA_CERT=%s", hostile.cacert);
	child_run(&hostile.ran, words,
		  WORDS(url, ca, hostile.state_home, "LC_ALL=C.UTF-8",
			"REDIS_ENTERPRISE_USER=admin@lab", "REDIS_ENTERPRISE_PASSWORD=hunter2"));
	hostile_judge(words[0], hostile.ran.err);
	return hostile.ran.out;
}

void hostile_count_screen(void)
{
	judged.screens++;
}

int hostile_report(int status)
{
	static const char *const forms[] = { record, event, alert,   action,
					     shard,  nodes, modules, refusal };
	size_t i, fields = 0;
	const char *at;

	for (i = 0; i < ARRAY_SIZE(forms); i++)
		for (at = forms[i]; (at = strchr(at, '@')); at++)
			fields++;
	printf("# %d texts in each of %zu fields of a cluster; %zu screens, %zu outputs, %zu bytes "
	       "judged\n",
	       N, fields, judged.screens, judged.outputs, judged.bytes);
	return status;
}
