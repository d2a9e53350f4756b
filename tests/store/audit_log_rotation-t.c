/*
 * The audit log is bounded: a full file gets another name, and no line is lost by that.
 */
#include "tests/store/audit_log_fixture.h"

#include <errno.h>
#include <sys/file.h>

#include "bdbtop/core/array.h"
#include "bdbtop/core/text.h"

/* The next fdatasync() finds that another process has replaced the file. */
static const char *replaced_path;
static bool without_locks;
/* Another process that writes a line just before the next lock. */
static struct {
	struct audit_log_fixture *fixture;
	struct audit_log *other;
} before_lock;

int __real_fdatasync(int fd);
int __wrap_fdatasync(int fd);
int __real_flock(int fd, int operation);
int __wrap_flock(int fd, int operation);

int __wrap_fdatasync(int fd)
{
	if (replaced_path)
		assert_int_equal(unlink(replaced_path), 0);
	replaced_path = NULL;
	return __real_fdatasync(fd);
}

static void note_in(struct audit_log_fixture *b, struct audit_log *audit_log,
		    enum audit_event event, unsigned reset_id)
{
	const struct audit_line line = line_of(b, event, reset_id);

	assert_int_equal(audit_log_append(audit_log, &line, NULL), 0);
}

int __wrap_flock(int fd, int operation)
{
	struct audit_log_fixture *fixture = before_lock.fixture;

	before_lock.fixture = NULL;
	if (fixture)
		note_in(fixture, before_lock.other, AUDIT_ASKED, 100);
	if (without_locks) {
		errno = ENOLCK;
		return -1;
	}
	return __real_flock(fd, operation);
}

static void note(struct audit_log_fixture *b, enum audit_event event, unsigned reset_id)
{
	note_in(b, b->audit_log, event, reset_id);
}

static off_t file_size(const char *path)
{
	struct stat st;

	return stat(path, &st) < 0 ? -1 : st.st_size;
}

/* Makes the file as long as that by an invalid line without bytes on disk. */
static void fill(struct audit_log_fixture *b, off_t size)
{
	int fd = open(b->dir.path, O_WRONLY | O_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, "\n", 1, size - 1), 1);
	close(fd);
}

static void fill_up(struct audit_log_fixture *b)
{
	fill(b, AUDIT_LOG_MAX_BYTES);
}

/* Adds `asked3` for each valid line. */
static void add_lines(struct text *out, const char *bytes, size_t length)
{
	static const char *const words[] = { "asked", "sent", "answered", "ended" };
	struct audit_record record;
	const char *end;

	for (; (end = memchr(bytes, '\n', length));
	     length -= (size_t)(end + 1 - bytes), bytes = end + 1)
		if (!audit_line_parse(bytes, (size_t)(end - bytes), &record))
			text_addf(out, "%s%s%u", out->length ? " " : "", words[record.event],
				  record.reset_id);
}

static void lines_are(const char *path, const char *want)
{
	size_t size = (size_t)file_size(path);
	char *bytes = malloc(size), got[400];
	struct text text;
	FILE *file = fopen(path, "r");

	assert_non_null(file);
	assert_int_equal(fread(bytes, 1, size, file), size);
	fclose(file);
	text_init(&text, got, sizeof(got));
	add_lines(&text, bytes, size);
	assert_string_equal(got, want);
	free(bytes);
}

static void a_full_file_gets_the_other_name(void **state)
{
	struct audit_log_fixture *b = *state;

	note(b, AUDIT_ASKED, 1);
	fill(b, AUDIT_LOG_MAX_BYTES - 1);
	note(b, AUDIT_ASKED, 2);
	assert_int_equal(access(b->old_path, F_OK), -1);
	/* at a start too: nothing is known of the file */
	audit_log_free(b->audit_log);
	b->audit_log = audit_log_new(b->dir.state, NULL);
	note(b, AUDIT_ASKED, 3);
	lines_are(b->old_path, "asked1 asked2");
	lines_are(b->dir.path, "asked3");
}

static void only_one_older_file_is_kept(void **state)
{
	struct audit_log_fixture *b = *state;

	note(b, AUDIT_ASKED, 1);
	fill_up(b);
	note(b, AUDIT_ASKED, 2);
	fill_up(b);
	note(b, AUDIT_ASKED, 3);
	lines_are(b->old_path, "asked2");
	lines_are(b->dir.path, "asked3");
	assert_int_equal(temp_dir_count(&b->dir), 2);
}

static void a_reset_under_way_keeps_its_file(void **state)
{
	struct audit_log_fixture *b = *state;

	note(b, AUDIT_ASKED, 7);
	note(b, AUDIT_ASKED, 5);
	fill_up(b);
	note(b, AUDIT_SENT, 5);
	note(b, AUDIT_ASKED, 6);
	note(b, AUDIT_ENDED, 7);
	note(b, AUDIT_ENDED, 6);
	note(b, AUDIT_ENDED, 5);
	lines_are(b->old_path, "asked7 asked5 sent5 ended7 ended5");
	lines_are(b->dir.path, "asked6 ended6");
}

static void the_same_number_at_another_cluster_is_another_reset(void **state)
{
	struct audit_log_fixture *b = *state;
	struct audit_line line = line_of(b, AUDIT_ASKED, 5);

	note(b, AUDIT_ASKED, 5);
	fill_up(b);
	line.cluster = "d.example:9443";
	assert_int_equal(audit_log_append(b->audit_log, &line, NULL), 0);
	lines_are(b->dir.path, "asked5");
}

static void lines_of_one_commit_go_to_the_files_of_their_resets(void **state)
{
	struct audit_log_fixture *b = *state;

	note(b, AUDIT_ASKED, 1);
	fill_up(b);
	audit_log_begin(b->audit_log);
	note(b, AUDIT_ASKED, 2);
	note(b, AUDIT_ENDED, 1);
	note(b, AUDIT_SENT, 2);
	assert_int_equal(audit_log_commit(b->audit_log, NULL), 0);
	lines_are(b->old_path, "asked1 ended1");
	lines_are(b->dir.path, "asked2 sent2");
}

static void another_process_notices_the_new_name(void **state)
{
	struct audit_log_fixture *b = *state;
	struct audit_log *other = audit_log_new(b->dir.state, NULL);

	note(b, AUDIT_ASKED, 1);
	fill_up(b);
	note_in(b, other, AUDIT_ASKED, 100);
	note(b, AUDIT_ENDED, 1);
	note(b, AUDIT_ASKED, 2);
	lines_are(b->old_path, "asked1 ended1");
	lines_are(b->dir.path, "asked100 asked2");
	audit_log_free(other);
}

static void a_rename_between_lines_and_commit_loses_none(void **state)
{
	struct audit_log_fixture *b = *state;
	struct audit_log *other = audit_log_new(b->dir.state, NULL);

	note(b, AUDIT_ASKED, 1);
	audit_log_begin(b->audit_log);
	note(b, AUDIT_SENT, 1);
	note(b, AUDIT_ASKED, 2);
	fill_up(b);
	note_in(b, other, AUDIT_ASKED, 100);
	assert_int_equal(audit_log_commit(b->audit_log, NULL), 0);
	lines_are(b->old_path, "asked1 sent1 asked2");
	lines_are(b->dir.path, "asked100");
	audit_log_free(other);
}

/* Its first lines are lost with the file, but not the others. */
static void a_reset_whose_file_has_gone_continues_in_the_newest(void **state)
{
	struct audit_log_fixture *b = *state;
	struct audit_log *other = audit_log_new(b->dir.state, NULL);

	note(b, AUDIT_ASKED, 1);
	fill_up(b);
	note_in(b, other, AUDIT_ASKED, 100);
	fill_up(b);
	note_in(b, other, AUDIT_ASKED, 101);
	note(b, AUDIT_ENDED, 1);
	lines_are(b->old_path, "asked100");
	lines_are(b->dir.path, "asked101 ended1");
	audit_log_free(other);
}

static void a_line_in_a_file_that_is_replaced_meanwhile_is_written_again(void **state)
{
	struct audit_log_fixture *b = *state;

	note(b, AUDIT_ASKED, 1);
	replaced_path = b->dir.path;
	note(b, AUDIT_ASKED, 2);
	assert_null(replaced_path);
	lines_are(b->dir.path, "asked2");
}

/* After a crash between the rename and the first line of the new file. */
static void without_a_newest_file_one_is_made(void **state)
{
	struct audit_log_fixture *b = *state;
	struct audit_record past[2];

	note(b, AUDIT_ASKED, 1);
	assert_int_equal(rename(b->dir.path, b->old_path), 0);
	assert_int_equal(audit_log_history(b->audit_log, CLUSTER, 12, past, 2), 1);
	note(b, AUDIT_ENDED, 1);
	note(b, AUDIT_ASKED, 2);
	lines_are(b->old_path, "asked1 ended1");
	lines_are(b->dir.path, "asked2");
}

static void a_name_that_is_taken_stops_no_line(void **state)
{
	struct audit_log_fixture *b = *state;

	note(b, AUDIT_ASKED, 1);
	fill_up(b);
	assert_int_equal(mkdir(b->old_path, 0700), 0);
	note(b, AUDIT_ASKED, 2);
	lines_are(b->dir.path, "asked1 asked2");
	assert_int_equal(rmdir(b->old_path), 0);
	note(b, AUDIT_ASKED, 3);
	lines_are(b->old_path, "asked1 asked2");
}

static void without_the_lock_it_keeps_its_name(void **state)
{
	struct audit_log_fixture *b = *state;
	int fd;

	note(b, AUDIT_ASKED, 1);
	fill_up(b);
	fd = open(b->dir.path, O_RDONLY | O_CLOEXEC);
	assert_int_equal(__real_flock(fd, LOCK_EX), 0);
	note(b, AUDIT_ASKED, 2);
	close(fd);
	without_locks = true;
	note(b, AUDIT_ASKED, 3);
	without_locks = false;
	lines_are(b->dir.path, "asked1 asked2 asked3");
	note(b, AUDIT_ASKED, 4);
	lines_are(b->dir.path, "asked4");
}

/* A second rename would replace the full file by the new one. */
static void a_file_that_another_process_renames_meanwhile_is_not_renamed_again(void **state)
{
	struct audit_log_fixture *b = *state;

	note(b, AUDIT_ASKED, 1);
	fill_up(b);
	before_lock.fixture = b;
	before_lock.other = audit_log_new(b->dir.state, NULL);
	note(b, AUDIT_ASKED, 2);
	lines_are(b->old_path, "asked1 asked2");
	lines_are(b->dir.path, "asked100");
	audit_log_free(before_lock.other);
}

static void add_ended(void *arg, const struct audit_record *record)
{
	text_addf(arg, "%u ", record->reset_id);
}

static void both_files_are_read_newest_first(void **state)
{
	struct audit_log_fixture *b = *state;
	struct audit_record past[8];
	char ids[80], ended[80];
	struct text text;
	size_t i, count;

	note(b, AUDIT_ENDED, 1);
	note(b, AUDIT_ENDED, 2);
	assert_int_equal(rename(b->dir.path, b->old_path), 0);
	note(b, AUDIT_ENDED, 3);
	note(b, AUDIT_ENDED, 4);
	text_init(&text, ids, sizeof(ids));
	count = audit_log_history(b->audit_log, CLUSTER, 12, past, ARRAY_SIZE(past));
	for (i = 0; i < count; i++)
		text_addf(&text, "%u ", past[i].reset_id);
	assert_string_equal(ids, "4 3 2 1 ");
	assert_int_equal(audit_log_history(b->audit_log, CLUSTER, 12, past, 3), 3);
	assert_int_equal(past[2].reset_id, 2);
	text_init(&text, ended, sizeof(ended));
	audit_log_read_ended(b->audit_log, CLUSTER, add_ended, &text);
	assert_string_equal(ended, "4 3 2 1 ");
}

/* The limit of what is read counts for both files together. */
static void the_older_file_is_read_as_far_as_the_newest_leaves_room(void **state)
{
	struct audit_log_fixture *b = *state;
	struct audit_record past[2];

	note(b, AUDIT_ASKED, 1);
	assert_int_equal(rename(b->dir.path, b->old_path), 0);
	note(b, AUDIT_ASKED, 2);
	fill(b, (off_t)AUDIT_LOG_TAIL - 1000);
	assert_int_equal(audit_log_history(b->audit_log, CLUSTER, 12, past, 2), 2);
	fill(b, (off_t)AUDIT_LOG_TAIL - 100);
	assert_int_equal(audit_log_history(b->audit_log, CLUSTER, 12, past, 2), 1);
	fill(b, (off_t)AUDIT_LOG_TAIL);
	assert_int_equal(audit_log_history(b->audit_log, CLUSTER, 12, past, 2), 1);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, enter, leave)
	const struct CMUnitTest tests[] = {
		TEST(a_full_file_gets_the_other_name),
		TEST(only_one_older_file_is_kept),
		TEST(a_reset_under_way_keeps_its_file),
		TEST(the_same_number_at_another_cluster_is_another_reset),
		TEST(lines_of_one_commit_go_to_the_files_of_their_resets),
		TEST(another_process_notices_the_new_name),
		TEST(a_rename_between_lines_and_commit_loses_none),
		TEST(a_reset_whose_file_has_gone_continues_in_the_newest),
		TEST(a_line_in_a_file_that_is_replaced_meanwhile_is_written_again),
		TEST(without_a_newest_file_one_is_made),
		TEST(a_name_that_is_taken_stops_no_line),
		TEST(without_the_lock_it_keeps_its_name),
		TEST(a_file_that_another_process_renames_meanwhile_is_not_renamed_again),
		TEST(both_files_are_read_newest_first),
		TEST(the_older_file_is_read_as_far_as_the_newest_leaves_room),
	};

	return tap_run(tests);
}
