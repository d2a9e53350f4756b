/*
 * The key w: the input line, the question, and what is in the files, as another program reads it.
 */
#include <json-c/json.h>

#include "tests/files.h"
#include "tests/stage/stage.h"

static const char *const night[] = {
	"bdb 12 name=orders,\"eu\" backup=failed:no-permission backup.last=2026-11-18T16:02:11Z",
	"bdb 44 name=ledger backup=succeeded backup.last=2026-11-21T15:14:05Z "
	"export=failed:wrong-file-path",
	"bdb 31 name=carts import=importing import.percent=17 backup.last=2026-11-21T18:14:05Z",
	"bdb 4 name=wishlist periodic=false",
	NULL,
};

struct write_fixture {
	struct stage stage;
	char folder[64], path[128];
};

static int enter(void **state)
{
	struct write_fixture *fix = calloc(1, sizeof(*fix));

	*state = fix;
	strcpy(fix->folder, "/tmp/bdbtop-write-t.XXXXXX");
	stage_open(&fix->stage, night);
	return mkdtemp(fix->folder) ? 0 : -1;
}

static int leave(void **state)
{
	struct write_fixture *fix = *state;

	stage_close(&fix->stage);
	temp_dir_release(fix->folder);
	free(fix);
	return 0;
}

static const struct session_view *view_of(const struct write_fixture *fix)
{
	return session_view(fix->stage.session);
}

/* Types the name of a file in the folder, without enter. */
static void type_name(struct write_fixture *fix, const char *name)
{
	snprintf(fix->path, sizeof(fix->path), "%s/%s", fix->folder, name);
	stage_key(&fix->stage, 'w');
	assert_int_equal(view_of(fix)->mode, MODE_WRITE);
	stage_type(&fix->stage, fix->path);
	assert_string_equal(view_of(fix)->write_path, fix->path);
}

static char *write_file(struct write_fixture *fix, const char *name)
{
	type_name(fix, name);
	stage_key(&fix->stage, KEY_RETURN);
	if (view_of(fix)->write_error.text[0])
		fail_msg("%s", view_of(fix)->write_error.text);
	return temp_dir_read(fix->path);
}

static void filter(struct write_fixture *fix, const char *expression)
{
	struct filter_error error;

	assert_int_equal(session_set_filter(fix->stage.session, expression, &error), 0);
	stage_settle(&fix->stage);
}

/* --- JSON ----------------------------------------------------------------------------------- */

/* `backup.reason` */
static struct json_object *member(struct json_object *object, const char *path)
{
	char name[64];
	size_t length = strcspn(path, ".");
	struct json_object *found;

	snprintf(name, sizeof(name), "%.*s", (int)length, path);
	if (!json_object_object_get_ex(object, name, &found))
		fail_msg("there is no %s", path);
	return path[length] ? member(found, path + length + 1) : found;
}

static void is(struct json_object *object, const char *path, const char *text)
{
	struct json_object *value = member(object, path);

	assert_string_equal(
		value ? json_object_to_json_string_ext(
				value, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE)
		      : "null",
		text);
}

static void json_has_the_rows_shown_in_their_order(void **state)
{
	struct write_fixture *fix = *state;
	struct json_object *root, *bdbs, *bdb;
	char *text;

	filter(fix, "!wishlist");
	text = write_file(fix, "list.json");
	root = json_tokener_parse(text);
	assert_non_null(root);
	is(root, "schema", "\"bdbtop.list\"");
	is(root, "schema_version", "1");
	is(root, "polled_at", "\"2026-11-21T20:14:05Z\"");
	is(root, "complete", "true");
	bdb = json_object_array_get_idx(member(root, "clusters"), 0);
	is(bdb, "status", "\"ok\"");
	is(bdb, "error", "null");
	bdbs = member(root, "databases");
	assert_int_equal(json_object_array_length(bdbs), 3);
	bdb = json_object_array_get_idx(bdbs, 0);
	is(bdb, "uid", "12");
	is(bdb, "name", "\"orders,\\\"eu\\\"\"");
	is(bdb, "state", "\"failed\"");
	is(bdb, "states", "[\"failed\",\"overdue\"]");
	is(bdb, "backup.reason", "\"no-permission\"");
	is(bdb, "backup.last_success_at", "\"2026-11-18T16:02:11Z\"");
	is(bdb, "backup.since_at", "null");
	is(bdb, "backup.since_source", "\"before_first_poll\"");
	is(bdb, "backup.progress_percent", "null");
	is(bdb, "export.last_success_at", "null");
	is(bdb, "export.state", "\"idle\"");
	is(bdb, "loss_window_seconds", "274314");
	bdb = json_object_array_get_idx(bdbs, 2);
	is(bdb, "uid", "31");
	is(bdb, "import.progress_percent", "17");
	json_object_put(root);
	free(text);
	assert_int_equal(view_of(fix)->mode, MODE_LIST);
	assert_non_null(strstr(view_of(fix)->notice, "3 databases written to /tmp/"));
}

/* --- CSV ------------------------------------------------------------------------------------ */

#define CELLS 64

struct csv {
	char text[20000];
	const char *cell[8][CELLS];
	size_t rows, cells;
};

/* Reads RFC 4180 strictly: every line has as many cells and ends with CR LF. */
static void read_csv(struct csv *csv, const char *from)
{
	char *to = csv->text;
	size_t cells = 0;

	while (*from) {
		bool quoted = *from == '"';

		csv->cell[csv->rows][cells++] = to;
		for (from += quoted;
		     quoted ? *from != '"' || from[1] == '"' : !strchr("\",\r\n", *from); from++) {
			assert_int_not_equal(*from, 0);
			from += quoted && *from == '"';
			*to++ = *from;
		}
		*to++ = '\0';
		from += quoted;
		if (*from == ',') {
			from++;
			continue;
		}
		assert_memory_equal(from, "\r\n", 2);
		from += 2;
		csv->cells = csv->rows ? csv->cells : cells;
		assert_int_equal(cells, csv->cells);
		csv->rows++;
		cells = 0;
	}
}

static const char *csv_cell(const struct csv *csv, size_t row, const char *heading)
{
	size_t i;

	for (i = 0; i < csv->cells; i++)
		if (!strcmp(csv->cell[0][i], heading))
			return csv->cell[row][i];
	fail_msg("there is no column %s", heading);
	return "";
}

static void csv_has_one_row_for_each_database(void **state)
{
	struct write_fixture *fix = *state;
	struct csv *csv = calloc(1, sizeof(*csv));
	char *text = write_file(fix, "list.CSV");

	read_csv(csv, text);
	assert_int_equal(csv->rows, 5);
	assert_string_equal(csv->cell[0][0], "cluster");
	assert_string_equal(csv_cell(csv, 1, "name"), "orders,\"eu\"");
	assert_string_equal(csv_cell(csv, 1, "states"), "failed overdue");
	assert_string_equal(csv_cell(csv, 1, "backup_last_success_at"), "2026-11-18T16:02:11Z");
	assert_string_equal(csv_cell(csv, 2, "export_reason"), "wrong-file-path");
	assert_string_equal(csv_cell(csv, 3, "import_progress_percent"), "17");
	assert_string_equal(csv_cell(csv, 4, "uid"), "4");
	assert_string_equal(csv_cell(csv, 4, "backup_scheduled"), "false");
	assert_string_equal(csv_cell(csv, 4, "loss_window_seconds"), "");
	free(csv);
	free(text);
}

/* --- text ----------------------------------------------------------------------------------- */

static void text_is_the_table_of_the_list(void **state)
{
	struct write_fixture *fix = *state;
	char *text;

	filter(fix, "carts");
	text = write_file(fix, "list.txt");
	assert_memory_equal(text, "DB ", 3);
	assert_non_null(strstr(text, "\ndb:31 "));
	assert_null(strstr(text, "db:12"));
	free(text);
}

static void text_has_the_columns_that_the_user_chose(void **state)
{
	const struct column_list columns = { .column = { COLUMN_LAST, COLUMN_DB }, .count = 2 };
	struct write_fixture *fix = *state;
	char *text;

	filter(fix, "carts");
	session_set_columns(fix->stage.session, &columns);
	text = write_file(fix, "list.txt");
	assert_string_equal(text, "LAST_BACKUP           DB\n"
				  "2026-11-21T18:14:05Z  db:31\n");
	free(text);
}

static void the_log_is_written_as_text_only(void **state)
{
	struct write_fixture *fix = *state;
	char *text;

	stage_choose(&fix->stage, 12);
	stage_confirm(&fix->stage, 'b');
	stage_advance(&fix->stage, 300);
	stage_key(&fix->stage, 'l');
	type_name(fix, "log.json");
	stage_key(&fix->stage, KEY_RETURN);
	assert_string_equal(view_of(fix)->write_error.text,
			    "The log is written as text only: let the name end with .txt.");
	assert_int_equal(view_of(fix)->mode, MODE_WRITE);
	stage_key(&fix->stage, KEY_ESCAPE);
	assert_int_equal(view_of(fix)->mode, MODE_LOG);
	text = write_file(fix, "log.txt");
	assert_memory_equal(text, "TIME ", 5);
	assert_non_null(strstr(text, "2026-11-21T20:14:05Z  reset  db:12 "));
	free(text);
	assert_int_equal(view_of(fix)->mode, MODE_LOG);
}

/* --- the line and the question -------------------------------------------------------------- */

static void answer_question(struct write_fixture *fix, int key)
{
	stage_key(&fix->stage, KEY_RETURN);
	assert_int_equal(view_of(fix)->question.kind, QUESTION_OVERWRITE);
	stage_advance(&fix->stage, QUESTION_GUARD_MS);
	stage_key(&fix->stage, key);
}

static void a_file_is_overwritten_only_after_a_yes(void **state)
{
	struct write_fixture *fix = *state;

	type_name(fix, "list.txt");
	temp_dir_write(fix->path, "old\n");
	answer_question(fix, 'n');
	temp_dir_file_is(fix->path, "old\n");
	assert_string_equal(view_of(fix)->notice, "nothing was written, the file is unchanged");
	stage_key(&fix->stage, KEY_ESCAPE);
	assert_int_equal(view_of(fix)->mode, MODE_LIST);
	stage_key(&fix->stage, 'l');
	type_name(fix, "list.txt");
	answer_question(fix, KEY_ESCAPE);
	temp_dir_file_is(fix->path, "old\n");
	answer_question(fix, 'y');
	assert_int_equal(view_of(fix)->mode, MODE_LOG);
	assert_non_null(strstr(view_of(fix)->notice, " of the log written to "));
}

static void the_name_stays_after_a_no(void **state)
{
	struct write_fixture *fix = *state;

	type_name(fix, "list.txt");
	temp_dir_write(fix->path, "old\n");
	answer_question(fix, 'n');
	assert_int_equal(view_of(fix)->mode, MODE_WRITE);
	assert_string_equal(view_of(fix)->write_path, fix->path);
	stage_key(&fix->stage, KEY_RUBOUT);
	stage_key(&fix->stage, KEY_RUBOUT);
	stage_key(&fix->stage, KEY_RUBOUT);
	stage_type(&fix->stage, "csv");
	stage_key(&fix->stage, KEY_RETURN);
	assert_int_equal(view_of(fix)->mode, MODE_LIST);
	assert_non_null(strstr(view_of(fix)->notice, "list.csv"));
	temp_dir_file_is(fix->path, "old\n");
}

static void a_mistake_is_named_and_can_be_corrected(void **state)
{
	struct write_fixture *fix = *state;

	type_name(fix, "list.xml");
	stage_key(&fix->stage, KEY_RETURN);
	assert_string_equal(view_of(fix)->write_error.text,
			    "The name must end with .json, .jsonl, .csv, .tsv, .prom or .txt.");
	stage_key(&fix->stage, KEY_RUBOUT);
	assert_string_equal(view_of(fix)->write_error.text, "");
	stage_key(&fix->stage, KEY_CTRL_U);
	stage_key(&fix->stage, KEY_RETURN);
	assert_string_equal(view_of(fix)->write_error.text,
			    "The name is empty: type the name of a file.");
	stage_type(&fix->stage, fix->folder);
	stage_type(&fix->stage, "/missing/list.csv");
	stage_key(&fix->stage, KEY_RETURN);
	assert_non_null(strstr(view_of(fix)->write_error.text, "No such file or directory"));
	assert_int_equal(view_of(fix)->mode, MODE_WRITE);
	stage_key(&fix->stage, KEY_ESCAPE);
	assert_int_equal(view_of(fix)->mode, MODE_LIST);
}

static void pasted_text_is_typed_and_never_writes(void **state)
{
	struct write_fixture *fix = *state;

	stage_key(&fix->stage, 'w');
	stage_paste(&fix->stage, "/tmp/x.csv\n");
	assert_int_equal(view_of(fix)->mode, MODE_WRITE);
	assert_string_equal(view_of(fix)->write_path, "/tmp/x.csv");
}

static void the_causes_view_is_not_written(void **state)
{
	struct write_fixture *fix = *state;

	stage_key(&fix->stage, 'c');
	stage_key(&fix->stage, 'w');
	assert_int_equal(view_of(fix)->mode, MODE_LIST);
	assert_string_equal(view_of(fix)->notice, "this key is for the list; c shows it");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, enter, leave)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(json_has_the_rows_shown_in_their_order),
		TEST(csv_has_one_row_for_each_database),
		TEST(text_is_the_table_of_the_list),
		TEST(text_has_the_columns_that_the_user_chose),
		TEST(the_log_is_written_as_text_only),
		TEST(a_file_is_overwritten_only_after_a_yes),
		TEST(the_name_stays_after_a_no),
		TEST(a_mistake_is_named_and_can_be_corrected),
		TEST(pasted_text_is_typed_and_never_writes),
		TEST(the_causes_view_is_not_written),
	};

	return tap_run(tests);
}
