/*
 * The formats of the list, as `bdbtop list` and the key w write them.
 */
#include <ctype.h>
#include <locale.h>

#include <json-c/json.h>

#include "bdbtop/core/array.h"
#include "bdbtop/core/text.h"
#include "bdbtop/session/export.h"

#include "tests/files.h"
#include "tests/stage/stage.h"
#include "tests/tap.h"

#define OUT_SIZE     65536
#define HOSTILE_UTF8 "=a\",\n\x1b[2J\t\\|" TEXT_REPLACEMENT "\xc2\x9b"

static const char *const night[] = {
	"bdb 12 name=orders-eu backup=failed:no-permission every=86400 "
	"backup.last=2026-11-18T16:02:11Z",
	"bdb 58 name=clickstream backup=succeeded every=86400 backup.last=2026-11-21T18:00:09Z "
	"import=failed:file-larger-than-mem-limit:12884901888:8589934592",
	"bdb 7 name=sessions backup=exporting:~ backup.percent=42.5 every=3600 backup.last=~",
	"bdb 4 name=caches periodic=false every=0",
	NULL,
};

/* A quote, a line feed, an escape sequence, `=`, `|`, bytes that are not UTF-8, a C1 control. */
static const char *const hostile[] = {
	"bdb 9 name=%3da%22,%0a%1b[2J%09%5c|%ff%c2%9b backup=failed:x%22%0ay",
	NULL,
};

struct export_fixture {
	struct stage stage;
	struct export_job job;
	char out[OUT_SIZE];
};

static void open_with(void **state, const char *const *lines)
{
	struct export_fixture *fix = calloc(1, sizeof(*fix));

	*state = fix;
	stage_open(&fix->stage, lines);
	fix->job = (struct export_job){ .view = session_view(fix->stage.session) };
}

static int open_night(void **state)
{
	open_with(state, night);
	return 0;
}

static int open_hostile(void **state)
{
	open_with(state, hostile);
	return 0;
}

static int open_down(void **state)
{
	static const char *const down[] = { "fail Connection refused.", NULL };

	open_with(state, down);
	return 0;
}

static int leave(void **state)
{
	struct export_fixture *fix = *state;

	stage_close(&fix->stage);
	free(fix);
	return 0;
}

static const char *write_as(struct export_fixture *fix, enum output_format format)
{
	FILE *file = tmpfile();
	struct err err;

	assert_non_null(file);
	fix->job.format = format;
	fix->job.now = fix->stage.now;
	assert_int_equal(export_write(&fix->job, file, &err), 0);
	rewind(file);
	fix->out[fread(fix->out, 1, OUT_SIZE - 1, file)] = '\0';
	fclose(file);
	return fix->out;
}

/* --- JSON ----------------------------------------------------------------------------------- */

static struct json_object *parse(const char *text)
{
	struct json_object *root = json_tokener_parse(text);

	assert_non_null(root);
	return root;
}

static struct json_object *member(struct json_object *object, const char *name)
{
	struct json_object *found = NULL;

	assert_true(json_object_object_get_ex(object, name, &found));
	return found;
}

static const char *text_member(struct json_object *object, const char *name)
{
	return json_object_get_string(member(object, name));
}

/* No control character of ASCII but the line feed, and none of U+0080 to U+009F. */
static void acts_on_no_terminal(const char *text)
{
	uint32_t code = 0;
	size_t bytes;

	for (; *text; text += bytes) {
		bytes = text_decode(text, &code);
		assert_int_not_equal(bytes, 0);
		if (code != '\n')
			assert_false(text_is_unsafe(code));
	}
}

static void json_on_a_terminal_is_the_same_object_indented(void **state)
{
	struct export_fixture *fix = *state;
	struct json_object *compact = parse(write_as(fix, OUTPUT_JSON)), *indented;

	assert_null(strstr(fix->out, "  "));
	acts_on_no_terminal(fix->out);
	fix->job.terminal = true;
	indented = parse(write_as(fix, OUTPUT_JSON));
	assert_memory_equal(fix->out, "{\n  \"schema\": \"bdbtop.list\",\n  \"schema_version\": 1,",
			    50);
	assert_non_null(
		strstr(fix->out, "  \"warnings\": [],\n  \"clusters\": [\n    {\n      \"name\""));
	assert_string_equal(strrchr(fix->out, '\"'), "\": null\n    }\n  ]\n}\n");
	acts_on_no_terminal(fix->out);
	assert_true(json_object_equal(compact, indented));
	json_object_put(compact);
	json_object_put(indented);
}

static void json_keeps_a_hostile_name(void **state)
{
	struct export_fixture *fix = *state;
	struct json_object *root, *bdb;

	acts_on_no_terminal(write_as(fix, OUTPUT_JSON));
	root = parse(fix->out);
	bdb = json_object_array_get_idx(member(root, "databases"), 0);
	assert_string_equal(text_member(bdb, "name"), HOSTILE_UTF8);
	assert_string_equal(text_member(member(bdb, "backup"), "reason"), "x\"\ny");
	json_object_put(root);
}

static void jsonl_is_the_list_and_a_line_for_each_database(void **state)
{
	struct export_fixture *fix = *state;
	static const int uids[] = { 12, 58, 7, 4 };
	char *line, *rest = fix->out;
	struct json_object *object;
	size_t i;

	write_as(fix, OUTPUT_JSONL);
	object = parse(strsep(&rest, "\n"));
	assert_string_equal(text_member(object, "schema"), "bdbtop.list");
	assert_false(json_object_object_get_ex(object, "databases", NULL));
	json_object_put(object);
	for (i = 0; i < ARRAY_SIZE(uids); i++) {
		line = strsep(&rest, "\n");
		object = parse(line);
		assert_string_equal(text_member(object, "schema"), "bdbtop.database");
		assert_int_equal(json_object_get_int(member(object, "uid")), uids[i]);
		json_object_put(object);
	}
	assert_string_equal(rest, "");
}

static void what_a_list_lacks_is_a_warning(void **state)
{
	struct export_fixture *fix = *state;
	struct json_object *root;

	stage_script(&fix->stage, "unreadable 2");
	stage_advance(&fix->stage, 5000);
	root = parse(write_as(fix, OUTPUT_JSON));
	assert_false(json_object_get_boolean(member(root, "complete")));
	assert_int_equal(json_object_get_int(member(root, "unreadable")), 2);
	assert_string_equal(
		json_object_get_string(json_object_array_get_idx(member(root, "warnings"), 0)),
		"prod-eu: 2 elements of the list are not databases and are not shown.");
	json_object_put(root);
}

/* --- a cluster that could not be read ------------------------------------------------------- */

static void without_a_list_json_says_why_and_every_value_is_null(void **state)
{
	struct export_fixture *fix = *state;
	struct json_object *root, *cluster;

	root = parse(write_as(fix, OUTPUT_JSON));
	assert_false(json_object_get_boolean(member(root, "complete")));
	assert_null(member(root, "polled_at"));
	assert_int_equal(json_object_array_length(member(root, "databases")), 0);
	cluster = json_object_array_get_idx(member(root, "clusters"), 0);
	assert_string_equal(text_member(cluster, "status"), "down");
	assert_string_equal(text_member(cluster, "error"), "Connection refused.");
	assert_null(member(cluster, "polled_at"));
	assert_null(member(cluster, "latency_ms"));
	json_object_put(root);
}

static void without_a_list_prometheus_says_that_the_cluster_is_not_up(void **state)
{
	struct export_fixture *fix = *state;
	const char *line;
	size_t samples = 0;

	write_as(fix, OUTPUT_PROMETHEUS);
	assert_non_null(strstr(fix->out, "\nbdbtop_cluster_up{cluster=\"prod-eu\"} 0\n"));
	for (line = fix->out; *line; line = strchr(line, '\n') + 1)
		samples += *line != '#';
	assert_int_equal(samples, 1);
}

/* --- CSV and TSV ---------------------------------------------------------------------------- */

static void csv_quotes_and_keeps_a_hostile_name(void **state)
{
	struct export_fixture *fix = *state;

	write_as(fix, OUTPUT_CSV);
	assert_memory_equal(fix->out, "cluster,uid,name,", 17);
	assert_non_null(strstr(fix->out, "\r\nprod-eu,9,\"=a\"\",\n\x1b[2J\t\\|" TEXT_REPLACEMENT
					 "\xc2\x9b\",active,"));
	fix->job.no_header = true;
	assert_memory_equal(write_as(fix, OUTPUT_CSV), "prod-eu,9,", 10);
}

static void csv_for_a_spreadsheet_has_no_formula(void **state)
{
	struct export_fixture *fix = *state;

	fix->job.excel = true;
	assert_non_null(strstr(write_as(fix, OUTPUT_CSV), "\r\nprod-eu,9,\"'=a\"\","));
}

static void tsv_is_a_line_for_each_database(void **state)
{
	struct export_fixture *fix = *state;

	write_as(fix, OUTPUT_TSV);
	assert_memory_equal(fix->out, "cluster\tuid\tname\t", 17);
	assert_non_null(strstr(fix->out, "\nprod-eu\t9\t=a\",\\n\x1b[2J\\t\\\\|" TEXT_REPLACEMENT
					 "\xc2\x9b\tactive\t"));
	assert_string_equal(strchr(strchr(fix->out, '\n') + 1, '\n'), "\n");
}

static void nothing_acts_on_a_terminal(void **state)
{
	struct export_fixture *fix = *state;
	int format;

	fix->job.terminal = true;
	for (format = 0; format < OUTPUT_FORMATS; format++) {
		char *at;

		write_as(fix, (enum output_format)format);
		/* what a format has between its cells */
		while ((at = strpbrk(fix->out, "\r\t")))
			*at = ' ';
		acts_on_no_terminal(fix->out);
	}
}

static void csv_can_have_the_fields_of_chosen_columns(void **state)
{
	struct export_fixture *fix = *state;
	struct column_list columns = { .count = 0 };
	struct err err;

	stage_script(&fix->stage, "bdb-info 12 tag=team value=a,b");
	assert_int_equal(column_list_parse(&columns, "name,reason,db,tags,size,loss", &err), 0);
	session_set_columns(fix->stage.session, &columns);
	stage_settle(&fix->stage);
	fix->job.columns = &columns;
	write_as(fix, OUTPUT_CSV);
	assert_memory_equal(fix->out,
			    "name,backup_reason,export_reason,import_reason,uid,tags,"
			    "memory_limit_bytes,loss_window_seconds\r\n"
			    "orders-eu,no-permission,,,12,\"team=a,b\",,274314\r\n",
			    140);
}

/* --- Prometheus ----------------------------------------------------------------------------- */

/* Without `bdbtop_database_` and the cluster of each. */
static const char samples[] =
	"cluster_up{cluster=\"prod-eu\"} 1\n"
	"cluster_poll_duration_seconds{cluster=\"prod-eu\"} 0.038\n"
	"cluster_unreadable_elements{cluster=\"prod-eu\"} 0\n"
	"last_poll_timestamp_seconds{cluster=\"prod-eu\"} 1795292045\n"
	"info{db=\"12\",name=\"orders-eu\"} 1\n"
	"info{db=\"58\",name=\"clickstream\"} 1\n"
	"info{db=\"7\",name=\"sessions\"} 1\n"
	"info{db=\"4\",name=\"caches\"} 1\n"
	"state{db=\"12\",operation=\"backup\",state=\"failed\"} 1\n"
	"state{db=\"12\",operation=\"backup\",state=\"overdue\"} 1\n"
	"state{db=\"12\",operation=\"export\",state=\"idle\"} 1\n"
	"state{db=\"12\",operation=\"import\",state=\"idle\"} 1\n"
	"state{db=\"58\",operation=\"backup\",state=\"ok\"} 1\n"
	"state{db=\"58\",operation=\"export\",state=\"idle\"} 1\n"
	"state{db=\"58\",operation=\"import\",state=\"failed\"} 1\n"
	"state{db=\"7\",operation=\"backup\",state=\"running\"} 1\n"
	"state{db=\"7\",operation=\"export\",state=\"idle\"} 1\n"
	"state{db=\"7\",operation=\"import\",state=\"idle\"} 1\n"
	"state{db=\"4\",operation=\"backup\",state=\"idle\"} 1\n"
	"state{db=\"4\",operation=\"export\",state=\"idle\"} 1\n"
	"state{db=\"4\",operation=\"import\",state=\"idle\"} 1\n"
	"failure_info{db=\"12\",operation=\"backup\",reason=\"no-permission\"} 1\n"
	"failure_info{db=\"58\",operation=\"import\",reason=\"file-larger-than-mem-limit\"} 1\n"
	"progress_ratio{db=\"7\",operation=\"backup\"} 0.425\n"
	"backup_exists{db=\"12\"} 1\n"
	"backup_exists{db=\"58\"} 1\n"
	"backup_exists{db=\"7\"} 0\n"
	"backup_last_success_timestamp_seconds{db=\"12\"} 1795017731\n"
	"backup_last_success_timestamp_seconds{db=\"58\"} 1795284009\n"
	"backup_interval_seconds{db=\"12\"} 86400\n"
	"backup_interval_seconds{db=\"58\"} 86400\n"
	"backup_interval_seconds{db=\"7\"} 3600\n"
	"backup_next_due_timestamp_seconds{db=\"12\"} 1795104131\n"
	"backup_next_due_timestamp_seconds{db=\"58\"} 1795370409\n"
	"backup_next_due_timestamp_seconds{db=\"7\"} 1795266000\n"
	"backup_missed_intervals{db=\"12\"} 3\n"
	"backup_missed_intervals{db=\"58\"} 0\n"
	"loss_window_seconds{db=\"12\"} 274314\n"
	"loss_window_seconds{db=\"58\"} 8036\n";

static void add_sample(struct text *out, const char *line)
{
	static const char bdb[] = "bdbtop_database_", cluster[] = "{cluster=\"prod-eu\",";
	const char *labels = strstr(line, cluster);

	if (strncmp(line, bdb, strlen(bdb)) != 0) {
		text_addf(out, "%s\n", line + strlen("bdbtop_"));
		return;
	}
	assert_non_null(labels);
	text_addf(out, "%.*s{%s\n", (int)(labels - line - (int)strlen(bdb)), line + strlen(bdb),
		  labels + strlen(cluster));
}

static void prometheus_has_one_sample_for_each_state(void **state)
{
	struct export_fixture *fix = *state;
	char *line, *rest = fix->out, found[OUT_SIZE];
	struct text text;

	text_init(&text, found, sizeof(found));
	write_as(fix, OUTPUT_PROMETHEUS);
	while ((line = strsep(&rest, "\n")))
		if (*line && *line != '#')
			add_sample(&text, line);
	assert_string_equal(found, samples);
}

/* HELP and TYPE of a metric, then its samples, then nothing of it. */
static void samples_of_a_metric_follow_its_type(void **state)
{
	struct export_fixture *fix = *state;
	char *line, *rest = fix->out, name[100] = "", type[120], seen[8000] = "";

	write_as(fix, OUTPUT_PROMETHEUS);
	assert_int_equal(fix->out[strlen(fix->out) - 1], '\n');
	while ((line = strsep(&rest, "\n")) && *line) {
		if (!strncmp(line, "# HELP ", 7)) {
			snprintf(name, sizeof(name), " %.*s ", (int)strcspn(line + 7, " "),
				 line + 7);
			assert_null(strstr(seen, name));
			strcat(seen, name);
			snprintf(type, sizeof(type), "# TYPE%sgauge", name);
			assert_string_equal(strsep(&rest, "\n"), type);
		} else {
			assert_int_equal(strcspn(line, "{"), strlen(name) - 2);
			assert_memory_equal(line, name + 1, strlen(name) - 2);
		}
	}
}

/* A name with its context, so that no longer name counts. */
static void is_in(const char *text, const char *name, const char *where)
{
	const char *at = text;

	while ((at = strstr(at, name)) && (at[strlen(name)] == '_' || isalnum(at[strlen(name)])))
		at++;
	if (!at)
		fail_msg("%s is not in %s", name, where);
}

static void the_manual_has_every_metric_and_the_rules_no_other(void **state)
{
	static const char begin[] = "bdbtop_";
	struct export_fixture *fix = *state;
	char *manual = source_text("assets/bdbtop.1"),
	     *rules = source_text("assets/bdbtop.rules.yml");
	const char *at, *help = "# HELP ";
	char name[100];

	write_as(fix, OUTPUT_PROMETHEUS);
	for (at = fix->out; (at = strstr(at, help)); at++) {
		snprintf(name, sizeof(name), "%.*s", (int)strcspn(at + strlen(help), " "),
			 at + strlen(help));
		is_in(manual, name, "the manual");
	}
	for (at = rules; (at = strstr(at, begin)); at++) {
		snprintf(name, sizeof(name), "%s%.*s", help,
			 (int)strspn(at, "abcdefghijklmnopqrstuvwxyz_"), at);
		is_in(fix->out, name, "the metrics");
	}
	free(manual);
	free(rules);
}

static void prometheus_escapes_a_hostile_name(void **state)
{
	struct export_fixture *fix = *state;

	write_as(fix, OUTPUT_PROMETHEUS);
	assert_non_null(strstr(fix->out, "db=\"9\",name=\"=a\\\",\\n\x1b[2J\t\\\\|" TEXT_REPLACEMENT
					 "\xc2\x9b\"} 1\n"));
	assert_non_null(strstr(fix->out, "operation=\"backup\",reason=\"x\\\"^Jy\"} 1\n"));
}

/* --- causes --------------------------------------------------------------------------------- */

static void causes_take_the_place_of_the_databases(void **state)
{
	struct export_fixture *fix = *state;
	struct json_object *root, *cause;

	stage_key(&fix->stage, 'c');
	fix->job.causes = session_view(fix->stage.session)->causes;
	root = parse(write_as(fix, OUTPUT_JSON));
	assert_false(json_object_object_get_ex(root, "databases", NULL));
	cause = json_object_array_get_idx(member(root, "causes"), 0);
	assert_string_equal(text_member(cause, "operation"), "backup");
	assert_string_equal(text_member(cause, "reason"), "no-permission");
	assert_string_equal(text_member(cause, "uids"), "[ 12 ]");
	assert_string_equal(text_member(cause, "loss_window_seconds"), "274314");
	json_object_put(root);
	write_as(fix, OUTPUT_CSV);
	assert_non_null(strstr(fix->out, "\r\nprod-eu,backup,failed,no-permission,1,12,,274314,"));
	assert_non_null(
		strstr(fix->out, "\r\nprod-eu,import,failed,file-larger-than-mem-limit,1,58,,,"));
}

#define TEST(name, open) cmocka_unit_test_setup_teardown(name, open, leave)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(json_on_a_terminal_is_the_same_object_indented, open_night),
		TEST(json_keeps_a_hostile_name, open_hostile),
		TEST(jsonl_is_the_list_and_a_line_for_each_database, open_night),
		TEST(what_a_list_lacks_is_a_warning, open_night),
		TEST(without_a_list_json_says_why_and_every_value_is_null, open_down),
		TEST(without_a_list_prometheus_says_that_the_cluster_is_not_up, open_down),
		TEST(csv_quotes_and_keeps_a_hostile_name, open_hostile),
		TEST(csv_for_a_spreadsheet_has_no_formula, open_hostile),
		TEST(tsv_is_a_line_for_each_database, open_hostile),
		TEST(nothing_acts_on_a_terminal, open_hostile),
		TEST(csv_can_have_the_fields_of_chosen_columns, open_night),
		TEST(prometheus_has_one_sample_for_each_state, open_night),
		TEST(samples_of_a_metric_follow_its_type, open_night),
		TEST(the_manual_has_every_metric_and_the_rules_no_other, open_night),
		TEST(prometheus_escapes_a_hostile_name, open_hostile),
		TEST(causes_take_the_place_of_the_databases, open_night),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return tap_run(tests);
}
