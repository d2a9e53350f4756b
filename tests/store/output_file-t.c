#include "bdbtop/store/output_file.h"

#include "tests/files.h"

struct output_fixture {
	struct temp_dir dir;
	struct err err;
	char text[8]; /* to write: `new` */
};

static int enter(void **state)
{
	struct output_fixture *fix = temp_dir_enter(state, sizeof(*fix), "list.json");

	strcpy(fix->text, "new\n");
	temp_dir_mkdir(&fix->dir);
	return 0;
}

static int write_new(void *arg, FILE *out, struct err *err)
{
	fputs(arg, out);
	return 0;
}

static int fail_halfway(void *arg, FILE *out, struct err *err)
{
	fputs(arg, out);
	return err_set(err, ERR_FINAL, "Out of memory.");
}

static int create_meanwhile(void *arg, FILE *out, struct err *err)
{
	fputs("new\n", out);
	temp_dir_write(arg, "of another program\n");
	return 0;
}

/* Hidden ones too: the temporary file is gone. */
static size_t count_entries(const struct output_fixture *fix)
{
	char folder[128];
	size_t count = 0;
	DIR *open;

	snprintf(folder, sizeof(folder), "%s/bdbtop", fix->dir.state);
	open = opendir(folder);
	assert_non_null(open);
	while (readdir(open))
		count++;
	closedir(open);
	return count - 2;
}

static void a_new_file_is_readable_by_all(void **state)
{
	struct output_fixture *fix = *state;
	mode_t before = umask(0077);
	struct stat st;

	assert_int_equal(output_file_check(fix->dir.path, &fix->err), 0);
	assert_int_equal(output_file_write(fix->dir.path, false, write_new, fix->text, &fix->err),
			 0);
	umask(before);
	temp_dir_file_is(fix->dir.path, "new\n");
	assert_int_equal(stat(fix->dir.path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0644);
	assert_int_equal(count_entries(fix), 1);
}

static void an_old_file_is_replaced_only_when_that_is_wanted(void **state)
{
	struct output_fixture *fix = *state;

	temp_dir_write(fix->dir.path, "old\n");
	assert_int_equal(output_file_check(fix->dir.path, &fix->err), 1);
	assert_int_equal(output_file_write(fix->dir.path, false, write_new, fix->text, &fix->err),
			 -1);
	error_contains(&fix->err, "list.json was not written: another program has created it");
	temp_dir_file_is(fix->dir.path, "old\n");
	assert_int_equal(output_file_write(fix->dir.path, true, write_new, fix->text, &fix->err),
			 0);
	temp_dir_file_is(fix->dir.path, "new\n");
	assert_int_equal(count_entries(fix), 1);
}

static void a_file_that_appears_while_it_is_written_is_kept(void **state)
{
	struct output_fixture *fix = *state;

	assert_int_equal(
		output_file_write(fix->dir.path, false, create_meanwhile, fix->dir.path, &fix->err),
		-1);
	temp_dir_file_is(fix->dir.path, "of another program\n");
	assert_int_equal(count_entries(fix), 1);
}

static void a_text_that_fails_halfway_leaves_the_old_file(void **state)
{
	struct output_fixture *fix = *state;

	temp_dir_write(fix->dir.path, "old\n");
	assert_int_equal(output_file_write(fix->dir.path, true, fail_halfway, fix->text, &fix->err),
			 -1);
	assert_string_equal(fix->err.text, "Out of memory.");
	temp_dir_file_is(fix->dir.path, "old\n");
	assert_int_equal(count_entries(fix), 1);
}

static void refuses(struct output_fixture *fix, const char *path, const char *why)
{
	assert_int_equal(output_file_check(path, &fix->err), -1);
	error_contains(&fix->err, why);
	assert_int_equal(output_file_write(path, true, write_new, fix->text, &fix->err), -1);
	error_contains(&fix->err, why);
}

static void only_a_regular_file_is_written(void **state)
{
	struct output_fixture *fix = *state;
	char pipe[160], link[160], folder[160], inside[200];

	snprintf(pipe, sizeof(pipe), "%s/pipe.txt", fix->dir.top);
	snprintf(link, sizeof(link), "%s/link.txt", fix->dir.top);
	snprintf(folder, sizeof(folder), "%s/folder.txt", fix->dir.top);
	snprintf(inside, sizeof(inside), "%s/", folder);
	assert_int_equal(mkfifo(pipe, 0600), 0);
	assert_int_equal(symlink("list.txt", link), 0);
	assert_int_equal(mkdir(folder, 0700), 0);
	refuses(fix, "", "The name is empty");
	refuses(fix, "~/list.txt", "it begins with ~");
	refuses(fix, pipe, "it is not a regular file");
	refuses(fix, link, "it is a symbolic link");
	refuses(fix, folder, "it is not a regular file");
	refuses(fix, inside, "it names a directory");
	refuses(fix, "/dev/null", "it is not a regular file");
}

static void a_directory_that_is_missing_is_named(void **state)
{
	struct output_fixture *fix = *state;
	char path[160];

	snprintf(path, sizeof(path), "%s/missing/list.json", fix->dir.top);
	assert_int_equal(output_file_check(path, &fix->err), 0);
	assert_int_equal(output_file_write(path, false, write_new, fix->text, &fix->err), -1);
	error_contains(&fix->err, "list.json was not written: No such file or directory.");
	snprintf(path, sizeof(path), "%s/list.json", fix->dir.path);
	temp_dir_write(fix->dir.path, "old\n");
	assert_int_equal(output_file_check(path, &fix->err), -1);
	error_contains(&fix->err, "Not a directory");
}

static void a_name_without_a_directory_is_in_the_current_one(void **state)
{
	struct output_fixture *fix = *state;
	char before[4096], path[160];

	assert_non_null(getcwd(before, sizeof(before)));
	assert_int_equal(chdir(fix->dir.top), 0);
	assert_int_equal(output_file_write("list.csv", false, write_new, fix->text, &fix->err), 0);
	assert_int_equal(chdir(before), 0);
	snprintf(path, sizeof(path), "%s/list.csv", fix->dir.top);
	temp_dir_file_is(path, "new\n");
}

static void a_file_left_by_a_killed_process_is_no_obstacle(void **state)
{
	struct output_fixture *fix = *state;
	char left[200];

	snprintf(left, sizeof(left), "%s/bdbtop/.list.json.%ld.tmp", fix->dir.state,
		 (long)getpid());
	temp_dir_write(left, "half");
	assert_int_equal(output_file_write(fix->dir.path, true, write_new, fix->text, &fix->err),
			 0);
	temp_dir_file_is(fix->dir.path, "new\n");
	assert_int_equal(count_entries(fix), 1);
}

static void a_link_to_a_regular_file_is_kept_and_its_file_replaced(void **state)
{
	struct output_fixture *fix = *state;
	char link[160];
	struct stat before, after;

	snprintf(link, sizeof(link), "%s/link.json", fix->dir.top);
	temp_dir_write(fix->dir.path, "old\n");
	assert_int_equal(stat(fix->dir.path, &before), 0);
	assert_int_equal(symlink(fix->dir.path, link), 0);
	assert_int_equal(output_file_write_any(link, write_new, fix->text, &fix->err), 0);
	temp_dir_file_is(fix->dir.path, "new\n");
	assert_int_equal(lstat(link, &after), 0);
	assert_true(S_ISLNK(after.st_mode));
	assert_int_equal(stat(fix->dir.path, &after), 0);
	assert_int_not_equal(before.st_ino, after.st_ino);
}

static void a_link_to_nothing_is_called_so(void **state)
{
	struct output_fixture *fix = *state;
	char link[160];

	snprintf(link, sizeof(link), "%s/link.txt", fix->dir.top);
	assert_int_equal(symlink("missing.txt", link), 0);
	assert_int_equal(output_file_write_any(link, write_new, fix->text, &fix->err), -1);
	error_contains(&fix->err, "it is a symbolic link to a file that does not exist. Name ");
}

static void what_is_not_regular_is_written_in_place(void **state)
{
	struct output_fixture *fix = *state;
	char fifo[160], text[8] = "";
	struct stat st;
	int reader;

	snprintf(fifo, sizeof(fifo), "%s/pipe", fix->dir.top);
	assert_int_equal(mkfifo(fifo, 0600), 0);
	reader = open(fifo, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	assert_int_equal(output_file_write_any(fifo, write_new, fix->text, &fix->err), 0);
	assert_int_equal(read(reader, text, sizeof(text)), 4);
	close(reader);
	assert_string_equal(text, "new\n");
	assert_int_equal(stat(fifo, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(output_file_write_any("/dev/full", write_new, fix->text, &fix->err), -1);
	error_contains(&fix->err, "/dev/full was not written: No space left on device. ");
	assert_int_equal(output_file_write_any(fix->dir.top, write_new, fix->text, &fix->err), -1);
	error_contains(&fix->err, "it is not a regular file");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, enter, temp_dir_leave)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(a_new_file_is_readable_by_all),
		TEST(an_old_file_is_replaced_only_when_that_is_wanted),
		TEST(a_file_that_appears_while_it_is_written_is_kept),
		TEST(a_text_that_fails_halfway_leaves_the_old_file),
		TEST(only_a_regular_file_is_written),
		TEST(a_directory_that_is_missing_is_named),
		TEST(a_name_without_a_directory_is_in_the_current_one),
		TEST(a_file_left_by_a_killed_process_is_no_obstacle),
		TEST(a_link_to_a_regular_file_is_kept_and_its_file_replaced),
		TEST(a_link_to_nothing_is_called_so),
		TEST(what_is_not_regular_is_written_in_place),
	};

	return tap_run(tests);
}
