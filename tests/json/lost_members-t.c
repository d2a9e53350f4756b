/*
 * While a reply is read, each allocation of the process, also of json-c, fails once: the result is
 * the same as without the failure, or out of memory, and never another one.
 *
 * json-c 0.16 crashes when it cannot copy a key, so each run is a separate process.
 */
#include <inttypes.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bdbtop/core/array.h"
#include "bdbtop/json/audit_line.h"
#include "bdbtop/json/bdb_reader.h"
#include "bdbtop/json/data_formats.h"
#include "bdbtop/json/fields.h"
#include "bdbtop/json/module.h"
#include "tests/real_malloc.h"
#include "tests/tap.h"

#define CALLS_MAX 3000
#define LONG_TEXT "a text that is longer than the first buffer that json-c has for one"

static unsigned long calls, fails_at; /* fails_at 0: none */

#if REAL_MALLOC
static bool fails(void)
{
	return fails_at && ++calls == fails_at;
}

void *malloc(size_t size)
{
	return fails() ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
	return fails() ? NULL : __libc_calloc(count, size);
}

void *realloc(void *block, size_t size)
{
	return fails() ? NULL : __libc_realloc(block, size);
}
#endif

/* The decoded reply as text, or "" and the error. */
struct digest {
	char text[4000];
	struct err err;
};

static void put(struct digest *d, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

static void put(struct digest *d, const char *fmt, ...)
{
	size_t used = strlen(d->text);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(d->text + used, sizeof(d->text) - used, fmt, ap);
	va_end(ap);
}

static void put_bdb(struct digest *d, const struct bdb *bdb)
{
	size_t i;
	int kind;

	put(d, "%" PRId64 " %d%s %d%s %d", bdb->uid, bdb->name_presence, bdb->name,
	    bdb->state_presence, bdb->state, bdb->crdt_presence);
	for (kind = 0; kind < OP_KINDS; kind++) {
		const struct op *op = &bdb->op[kind];

		put(d, " %d %d%s %d%s %d %d", op->phase, op->status_presence, op->status,
		    op->reason_presence, op->reason, op->percent_presence,
		    op->last_success_presence);
	}
	for (i = 0; i < bdb->module_count; i++)
		put(d, " %s", bdb->modules[i]);
	put(d, "\n");
}

static void read_bdbs(struct digest *d, const char *body, int64_t only_uid)
{
	const char *fields = only_uid ? fields_one(FIELDS_FULL) : fields_list(FIELDS_FULL);
	struct bdb_reader *r = bdb_reader_new(fields, only_uid);
	struct bdb_set set;
	size_t unreadable = 0, i;

	if (!r) {
		err_set(&d->err, ERR_RETRY, "out of memory.");
		return;
	}
	bdb_set_init(&set);
	bdb_reader_feed(r, body, strlen(body), &d->err);
	if (!bdb_reader_end(r, &set, &unreadable, &d->err)) {
		put(d, "%zu unreadable\n", unreadable);
		for (i = 0; i < set.count; i++)
			put_bdb(d, set.bdbs[i]);
	}
	bdb_set_release(&set);
	bdb_reader_free(r);
}

static void read_list(struct digest *d, const char *body)
{
	read_bdbs(d, body, 0);
}

static void read_one(struct digest *d, const char *body)
{
	read_bdbs(d, body, 7);
}

static void put_data(struct digest *d, const struct cluster_data *f)
{
	const char *word;
	size_t i, j;

	put(d, "%zu unreadable\n", f->unreadable);
	for (i = 0; i < f->event_count; i++)
		put(d, "%" PRId64 " %" PRId64 " %s %s %s\n", f->events[i].time_s, f->events[i].uid,
		    f->events[i].type, f->events[i].severity, f->events[i].text);
	for (i = 0; i < f->alert_count; i++)
		put(d, "%" PRId64 " %s %d %d %s %s\n", f->alerts[i].uid, f->alerts[i].name,
		    f->alerts[i].on, f->alerts[i].enabled, f->alerts[i].threshold,
		    f->alerts[i].severity);
	for (i = 0; i < f->action_count; i++) {
		const struct action *action = &f->actions[i];

		put(d, "%" PRId64 " %s %s %s %d\n", action->uid, action->id, action->name,
		    action->status, action->running);
		for (j = 0; j < action->op_count; j++)
			put(d, " %" PRId64 " %" PRId64 "\n", action->ops[j].shard,
			    action->ops[j].heartbeat_s);
	}
	for (i = 0; i < f->shard_count; i++)
		put(d, "%" PRId64 " %s %d\n", f->shards[i].uid, f->shards[i].status,
		    (int)f->shards[i].backup_percent);
	for (i = 0; i < f->bdb_info_count; i++) {
		const struct bdb_info *info = &f->bdb_infos[i];

		put(d, "%" PRId64 " %s", info->uid, info->version);
		for (word = info->modules; *word; word = bdb_info_next(word))
			put(d, " %s", word);
		for (word = info->tags; *word; word = bdb_info_next(word))
			put(d, " %s", word);
		put(d, "\n");
	}
	for (i = 0; i < f->node_count; i++)
		put(d, "%" PRId64 " %s\n", f->nodes[i].uid, f->nodes[i].version);
}

static void read_topic(struct digest *d, const struct data_format *form, const char *body)
{
	struct data_reader *r = data_reader_new(form, 0, 0);
	const struct cluster_data *data;

	if (!r) {
		err_set(&d->err, ERR_RETRY, "out of memory.");
		return;
	}
	data_reader_feed(r, body, strlen(body), &d->err);
	data = data_reader_end(r, &d->err);
	if (data)
		put_data(d, data);
	data_reader_free(r);
}

#define READ_DATA(of)                                                                              \
	static void read_##of##s(struct digest *d, const char *body)                               \
	{                                                                                          \
		read_topic(d, &of##_format, body);                                                 \
	}
READ_DATA(event)
READ_DATA(alert)
READ_DATA(action)
READ_DATA(shard)
READ_DATA(bdb_info)
READ_DATA(node)

static void read_modules(struct digest *d, const char *body)
{
	struct module_names names;
	size_t i;

	if (modules_lacking(&names, body, strlen(body), &d->err) < 0)
		return;
	put(d, "%zu", names.count);
	for (i = 0; i < names.count; i++)
		put(d, " %s", names.names[i]);
	module_names_release(&names);
}

/* Writes an audit line with this name and reads it. */
static void write_line(struct digest *d, const char *name)
{
	const struct audit_user who = { .user = "ana", .login = LONG_TEXT };
	struct bdb bdb;
	struct audit_line line = { .event = AUDIT_ANSWERED,
				   .cluster = "c:9443",
				   .bdb = &bdb,
				   .status = 409,
				   .message = LONG_TEXT LONG_TEXT,
				   .user = &who };
	char *text;

	bdb_init(&bdb, 7);
	bdb.name = name;
	bdb.name_presence = FIELD_PRESENT;
	text = audit_line_format(&line);
	if (text)
		put(d, "%s", text);
	else
		err_set(&d->err, ERR_RETRY, "out of memory.");
	free(text);
}

static const struct kind {
	const char *name;
	void (*read)(struct digest *, const char *body);
	const char *body;
} kinds[] = {
	{ "a list of databases", read_list,
	  "[{\"uid\":2,\"name\":\"" LONG_TEXT "\",\"status\":\"active\",\"crdt\":true,"
	  "\"backup_status\":\"failed\",\"backup_failure_reason\":\"no-permission\","
	  "\"backup_progress\":41.5,\"last_backup_time\":\"2026-11-18T16:02:11Z\"},"
	  "{\"uid\":1,\"export_status\":\"failed\",\"export_failure_reason\":\"" LONG_TEXT "\"},"
	  "{\"uid\":2},{\"uid\":3,\"import_status\":null,\"tags\":[{\"key\":\"a\"},{}]},"
	  "7,true,null]" },
	{ "a key that an element has twice", read_list,
	  "[{\"uid\":7,\"backup_status\":\"\",\"x\":{\"a\":{\"b\":1},\"a\":2},\"backup_status\":"
	  "\"failed\",\"x\":[{\"c\":1,\"c\":1}],\"backup_failure_reason\":\"no-permission\"}]" },
	{ "one database", read_one,
	  "{\"uid\":7,\"name\":\"a\",\"module_list\":[{\"module_name\":\"search\"},"
	  "{\"module_name\":\"" LONG_TEXT "\"}],\"backup_status\":\"failed\"}" },
	{ "events", read_events,
	  "[{\"time\":\"2026-11-18T16:02:11Z\",\"type\":\"backup_failed\",\"severity\":\"INFO\","
	  "\"description\":\"" LONG_TEXT "\",\"bdb_uid\":\"7\"},{\"time\":3,\"type\":\"b\","
	  "\"object\":\"bdb:7\"},{\"time\":2,\"type\":\"c\"}]" },
	{ "alerts", read_alerts,
	  "{\"1\":{\"a\":{\"state\":true,\"enabled\":true,\"threshold\":80,\"severity\":\"INFO\"},"
	  "\"b\":{\"state\":false,\"threshold\":"
	  "80.0000000000000000000000000000000000000000000000000000000000000001}},\"2\":{}}" },
	{ "actions", read_actions,
	  "{\"actions\":[{\"action_uid\":\"1\",\"name\":\"a\",\"status\":\"running\","
	  "\"object_name\":\"bdb:7\",\"additional_info\":{\"pending_ops\":{\"3\":"
	  "{\"op_name\":\"x\",\"heartbeat\":5},"
	  "\"4\":{\"op_name\":\"" LONG_TEXT "\"}}}},{\"name\":\"b\"}],\"more\":[]}" },
	{ "shards", read_shards,
	  "[{\"uid\":1,\"role\":\"master\",\"detailed_status\":\"ok\",\"backup\":{\"status\":"
	  "\"exporting\",\"progress\":12}},{\"uid\":\"2\",\"role\":\"" LONG_TEXT "\"}]" },
	{ "modules and tags", read_bdb_infos,
	  "[{\"uid\":1,\"version\":7.5,\"module_list\":[{\"module_name\":\"search\"}],\"tags\":["
	  "{\"key\":\"env\",\"value\":\"" LONG_TEXT "\"}]}]" },
	{ "nodes", read_nodes,
	  "[{\"uid\":1,\"addr\":\"10.0.0.1\",\"software_version\":\"" LONG_TEXT "\"}]" },
	{ "modules", read_modules,
	  "[{\"module_name\":\"" LONG_TEXT "\",\"capabilities\":[\"types\"]},{\"module_name\":"
	  "\"search\",\"capabilities\":[\"types\",\"backup_restore\"]}]" },
	{ "a line of the audit log", write_line, LONG_TEXT },
};

enum ending { READ = 0, REFUSED = 10, WRONG, NOT_REACHED };

/* Runs in a child; want: the result without a failure. */
static void read_once(const struct kind *kind, unsigned long at, const struct digest *want)
{
	static struct digest d;

	calls = 0;
	fails_at = at;
	kind->read(&d, kind->body);
	fails_at = 0;
	if (calls < at)
		_exit(NOT_REACHED);
	if (!strcmp(d.text, want->text))
		_exit(READ);
	_exit(!*d.text && !strncmp(d.err.text, "out of memory", 13) ? REFUSED : WRONG);
}

static int ending_of(const struct kind *kind, unsigned long at, const struct digest *want)
{
	int status = 0;
	pid_t child;

	fflush(NULL);
	child = fork();
	assert_true(child >= 0);
	if (!child) {
		/* the handler of cmocka would report a failed test */
		signal(SIGSEGV, SIG_DFL);
		read_once(kind, at, want);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static void what_json_c_loses_refuses_the_answer(void **state)
{
	static struct digest want;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		unsigned refused = 0, crashed = 0;
		unsigned long at;
		int ending = READ;

		memset(&want, 0, sizeof(want));
		kinds[i].read(&want, kinds[i].body);
		if (!*want.text)
			fail_msg("%s: %s", kinds[i].name, want.err.text);
		for (at = 1; at < CALLS_MAX && ending != NOT_REACHED; at++) {
			ending = ending_of(&kinds[i], at, &want);
			if (ending == WRONG)
				fail_msg("%s: allocation %lu: read as another one", kinds[i].name,
					 at);
			refused += ending == REFUSED;
			crashed += ending == 128 + SIGSEGV;
			assert_true(ending <= NOT_REACHED || ending == 128 + SIGSEGV);
		}
		assert_int_equal(ending, NOT_REACHED);
		assert_true(refused > 5);
		printf("# %s: %lu allocations, %u refused, %u crashed in json-c\n", kinds[i].name,
		       at - 2, refused, crashed);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_json_c_loses_refuses_the_answer),
	};

	if (!REAL_MALLOC || (getenv("LD_PRELOAD") && strstr(getenv("LD_PRELOAD"), "valgrind"))) {
		puts("1..0 # SKIP a sanitizer or valgrind has malloc(), or no __libc_malloc()");
		return 0;
	}
	return tap_run(tests);
}
