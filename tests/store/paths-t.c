#include "bdbtop/store/paths.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/file.h>
#include <sys/resource.h>

#include "bdbtop/core/array.h"
#include "tests/files.h"

struct store_fixture {
	struct temp_dir dir;
	struct paths_file file;
};

static int enter(void **state)
{
	struct store_fixture *fix = temp_dir_enter(state, sizeof(*fix), "book");

	fix->file.subject = "The book";
	fix->file.predicate = "cannot be used";
	return paths_init(&fix->file, "book", fix->dir.state, NULL);
}

static int leave(void **state)
{
	struct store_fixture *fix = *state;

	paths_release(&fix->file);
	return temp_dir_leave(state);
}

/* What an edit writes and returns, and the text that it received. */
struct plan {
	const char *fresh;
	int answer;
	char old[64];
};

static int planned(void *arg, const char *old, FILE *fresh, struct err *err)
{
	struct plan *plan = arg;

	snprintf(plan->old, sizeof(plan->old), "%s", old);
	fputs(plan->fresh, fresh);
	if (plan->answer < 0)
		err_set(err, ERR_ASK_USER, "It does not want to.");
	return plan->answer;
}

static int change_to(const struct store_fixture *fix, const char *fresh, struct err *err)
{
	struct plan plan = { .fresh = fresh };

	return paths_update(&fix->file, planned, &plan, err);
}

static void assert_fails(const struct store_fixture *fix, const char *cause, const char *remedy)
{
	struct err err = { 0 };

	assert_int_equal(change_to(fix, "new\n", &err), -1);
	error_contains(&err, cause);
	error_contains(&err, remedy);
	error_contains(&err, "The book /");
}

static void the_path_follows_the_xdg_rule(void **state)
{
	static const struct {
		const char *state_home, *home, *path;
	} cases[] = {
		{ "/s", "/h", "/s/bdbtop/book" },
		{ NULL, "/h", "/h/.local/state/bdbtop/book" },
		{ "", "/h", "/h/.local/state/bdbtop/book" },
		{ "relative", "/h", "/h/.local/state/bdbtop/book" },
		{ NULL, NULL, "" },
		{ "", "relative", "" },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct paths_file file = { 0 };

		assert_int_equal(paths_init(&file, "book", cases[i].state_home, cases[i].home), 0);
		assert_string_equal(file.path, cases[i].path);
		paths_release(&file);
	}
}

static void without_a_folder_the_text_is_empty_and_a_change_names_the_two_variables(void **state)
{
	const struct paths_file file = { .subject = "The book",
					 .predicate = "cannot be used",
					 .path = (char[]){ "" } };
	struct plan plan = { .fresh = "new" };
	char *text = paths_read(&file, NULL);
	struct err err;

	assert_string_equal(text, "");
	free(text);
	assert_int_equal(paths_update(&file, planned, &plan, &err), -1);
	error_contains(&err, "Set HOME or XDG_STATE_HOME");
}

static void what_is_not_there_reads_as_empty_and_is_not_made(void **state)
{
	struct store_fixture *fix = *state;
	char *text = paths_read(&fix->file, NULL);

	assert_string_equal(text, "");
	free(text);
	assert_int_equal(access(fix->dir.state, F_OK), -1);
}

static void a_change_makes_a_file_for_its_owner_alone(void **state)
{
	struct store_fixture *fix = *state;
	mode_t mask = umask(0);
	struct stat st;

	assert_int_equal(change_to(fix, "one\n", NULL), 0);
	umask(mask);
	temp_dir_file_is(fix->dir.path, "one\n");
	assert_int_equal(stat(fix->dir.path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(stat(fix->dir.state, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0700);
}

static void an_edit_sees_what_is_there_and_may_leave_it(void **state)
{
	struct store_fixture *fix = *state;
	struct plan plan = { .fresh = "two\n", .answer = 1 };
	struct err err;

	assert_int_equal(change_to(fix, "one\n", NULL), 0);
	assert_int_equal(paths_update(&fix->file, planned, &plan, NULL), 0);
	assert_string_equal(plan.old, "one\n");
	temp_dir_file_is(fix->dir.path, "one\n");
	plan.answer = -1;
	assert_int_equal(paths_update(&fix->file, planned, &plan, &err), -1);
	error_contains(&err, "It does not want to.");
	temp_dir_file_is(fix->dir.path, "one\n");
}

static void who_reads_meanwhile_keeps_the_old_text_whole(void **state)
{
	struct store_fixture *fix = *state;
	char text[8] = "";
	int fd;

	assert_int_equal(change_to(fix, "one\n", NULL), 0);
	fd = open(fix->dir.path, O_RDONLY | O_CLOEXEC);
	assert_int_equal(change_to(fix, "two\n", NULL), 0);
	assert_int_equal(read(fd, text, sizeof(text) - 1), 4);
	close(fd);
	assert_string_equal(text, "one\n");
	temp_dir_file_is(fix->dir.path, "two\n");
}

/* Replace those of the C library: the process ends before the chosen call. */
static int calls_left = -1;

static void count_call(void)
{
	if (calls_left >= 0 && !calls_left--)
		raise(SIGKILL);
}

ssize_t __real_write(int fd, const void *bytes, size_t length);
int __real_fsync(int fd);
int __real_rename(const char *from, const char *to);
ssize_t __wrap_write(int fd, const void *bytes, size_t length);
int __wrap_fsync(int fd);
int __wrap_rename(const char *from, const char *to);

ssize_t __wrap_write(int fd, const void *bytes, size_t length)
{
	count_call();
	return __real_write(fd, bytes, length);
}

int __wrap_fsync(int fd)
{
	count_call();
	return __real_fsync(fd);
}

int __wrap_rename(const char *from, const char *to)
{
	count_call();
	return __real_rename(from, to);
}

/* The errno of every flock(); 0: call the C library. */
static int flock_fails;

int __real_flock(int fd, int how);
int __wrap_flock(int fd, int how);

int __wrap_flock(int fd, int how)
{
	errno = flock_fails;
	return flock_fails ? -1 : __real_flock(fd, how);
}

/* Runs an edit in a child; true if it ended before that call. */
static bool dies_before(const struct store_fixture *fix, int call)
{
	pid_t child = fork();
	int status;

	if (!child) {
		calls_left = call;
		_exit(change_to(fix, "two\n", NULL) != 0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	return WIFSIGNALED(status);
}

static void a_crash_at_any_step_leaves_the_old_text_or_the_new_and_no_lock(void **state)
{
	/* before write, fsync and rename of the file, and fsync of its directory */
	static const char *const after[] = { "one\n", "one\n", "one\n", "two\n" };
	struct store_fixture *fix = *state;
	int call;

	for (call = 0; call < 4; call++) {
		assert_int_equal(change_to(fix, "one\n", NULL), 0);
		assert_true(dies_before(fix, call));
		temp_dir_file_is(fix->dir.path, after[call]);
	}
	assert_false(dies_before(fix, 4));
	assert_int_equal(temp_dir_count(&fix->dir), 2);
}

static void what_is_left_beside_it_is_not_in_the_way_be_it_a_link(void **state)
{
	struct store_fixture *fix = *state;
	char beside[160];

	assert_int_equal(change_to(fix, "one\n", NULL), 0);
	snprintf(beside, sizeof(beside), "%s.new", fix->dir.path);
	assert_int_equal(symlink(fix->dir.path, beside), 0);
	assert_int_equal(change_to(fix, "two\n", NULL), 0);
	temp_dir_file_is(fix->dir.path, "two\n");
	assert_int_equal(temp_dir_count(&fix->dir), 2);
}

static void on_a_full_disk_the_old_text_stays(void **state)
{
	struct store_fixture *fix = *state;
	struct rlimit old, low;

	assert_int_equal(change_to(fix, "one\n", NULL), 0);
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
	low = old;
	low.rlim_cur = 2;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &low), 0);
	assert_fails(fix, "File too large", "ulimit -f");
	setrlimit(RLIMIT_FSIZE, &old);
	signal(SIGXFSZ, SIG_DFL);
	temp_dir_file_is(fix->dir.path, "one\n");
	assert_int_equal(temp_dir_count(&fix->dir), 2);
	assert_int_equal(change_to(fix, "two\n", NULL), 0);
}

static void what_must_not_be_used_is_refused_and_left(void **state)
{
	struct store_fixture *fix = *state;
	char target[128];

	temp_dir_mkdir(&fix->dir);
	snprintf(target, sizeof(target), "%s/target", fix->dir.top);
	temp_dir_write(target, "theirs\n");
	assert_int_equal(symlink(target, fix->dir.path), 0);
	assert_fails(fix, "symbolic link", "remove it");
	temp_dir_file_is(target, "theirs\n");
	unlink(fix->dir.path);
	assert_int_equal(mkfifo(fix->dir.path, 0600), 0);
	assert_fails(fix, "is not a regular file", "Move it away");
	unlink(fix->dir.path);
	temp_dir_write(fix->dir.path, "one\n");
	assert_int_equal(chmod(fix->dir.path, 0620), 0);
	assert_fails(fix, "can be written by others", "chmod 600");
	assert_int_equal(chmod(fix->dir.path, 0602), 0);
	assert_fails(fix, "can be written by others", "chmod 600");
	if (geteuid() == 0) {
		assert_int_equal(chmod(fix->dir.path, 0600), 0);
		assert_int_equal(chown(fix->dir.path, 65534, 65534), 0);
		assert_fails(fix, "belongs to another user", "XDG_STATE_HOME");
	}
}

static void a_NUL_and_more_than_a_MiB_are_refused(void **state)
{
	struct store_fixture *fix = *state;
	char *long_one = malloc((1 << 20) + 1), *text;

	temp_dir_mkdir(&fix->dir);
	temp_dir_append(fix->dir.path, "a\0b\n", 4);
	assert_fails(fix, "NUL", "Move it away");
	unlink(fix->dir.path);
	memset(long_one, 'x', (1 << 20) + 1);
	temp_dir_append(fix->dir.path, long_one, 1 << 20);
	text = paths_read(&fix->file, NULL);
	assert_int_equal(strlen(text), 1 << 20);
	free(text);
	temp_dir_append(fix->dir.path, long_one, 1);
	assert_fails(fix, "1 MiB", "Move it away");
	free(long_one);
}

static int add_a_line(void *arg, const char *old, FILE *fresh, struct err *err)
{
	fprintf(fresh, "%sx\n", old);
	return 0;
}

static void a_file_with_a_second_hard_link_is_refused(void **state)
{
	struct store_fixture *fix = *state;
	char other[128];

	temp_dir_mkdir(&fix->dir);
	snprintf(other, sizeof(other), "%s/other", fix->dir.top);
	temp_dir_write(other, "theirs\n");
	assert_int_equal(link(other, fix->dir.path), 0);
	assert_fails(fix, "has more than one hard link (owner ",
		     ", mode 0600). Replace it with a copy of itself.");
	temp_dir_file_is(other, "theirs\n");
	unlink(other);
	assert_int_equal(change_to(fix, "new\n", NULL), 0);
}

/* The error names the directory, its owner and mode; nothing is created in it. */
static void refuses_directory(struct store_fixture *fix, const char *what, const char *remedy)
{
	struct err err;
	size_t before = temp_dir_count(&fix->dir);

	assert_fails(fix, what, remedy);
	assert_int_equal(temp_dir_count(&fix->dir), before);
	assert_null(paths_read(&fix->file, &err));
	error_contains(&err, what);
	assert_int_equal(paths_check(fix->dir.state, NULL, &err), -1);
	error_contains(&err, "The state directory /tmp/bdbtop-store-t");
	error_contains(&err, "is not used, and nothing is saved in this run: ");
	error_contains(&err, what);
	error_contains(&err, remedy);
}

static void a_directory_that_others_can_write_to_is_refused(void **state)
{
	struct store_fixture *fix = *state;
	char own[128];

	temp_dir_mkdir(&fix->dir);
	snprintf(own, sizeof(own), "%s/bdbtop", fix->dir.state);
	assert_int_equal(chmod(own, 0777), 0);
	refuses_directory(fix, "can be written by others (owner ", ", mode 0777). Check the files");
	assert_int_equal(chmod(own, 01777), 0);
	refuses_directory(fix, "can be written by others (owner ", ", mode 1777). Check the files");
	assert_int_equal(chmod(own, 0770), 0);
	refuses_directory(fix, "can be written by others (owner ", ", mode 0770). Check the files");
	assert_int_equal(chmod(own, 0755), 0);
	assert_int_equal(chmod(fix->dir.state, 0777), 0);
	refuses_directory(fix, "can be written by others (owner ",
			  ", mode 0777). Run chmod o-w on it");
	/* like /tmp */
	assert_int_equal(chmod(fix->dir.state, 01777), 0);
	assert_int_equal(paths_check(fix->dir.state, NULL, NULL), 0);
	assert_int_equal(change_to(fix, "one\n", NULL), 0);
	/* groups with one user are common */
	assert_int_equal(chmod(fix->dir.state, 0775), 0);
	assert_int_equal(change_to(fix, "two\n", NULL), 0);
}

static void a_directory_that_is_a_symbolic_link_is_refused(void **state)
{
	struct store_fixture *fix = *state;
	char own[128], target[128];

	temp_dir_mkdir(&fix->dir);
	snprintf(own, sizeof(own), "%s/bdbtop", fix->dir.state);
	snprintf(target, sizeof(target), "%s/target", fix->dir.top);
	assert_int_equal(rename(own, target), 0);
	assert_int_equal(symlink(target, own), 0);
	refuses_directory(fix, "is a symbolic link (owner ", "Set XDG_STATE_HOME");
	/* its parent may be a symlink, as to another disk */
	assert_int_equal(unlink(own), 0);
	assert_int_equal(rmdir(fix->dir.state), 0);
	assert_int_equal(symlink(target, fix->dir.state), 0);
	assert_int_equal(change_to(fix, "one\n", NULL), 0);
	unlink(fix->dir.state);
}

static bool is_not_root(void)
{
	if (!geteuid())
		return false;
	printf("# only root can give a directory away, so this was not tried\n");
	return true;
}

static void nothing_is_made_in_a_directory_of_another_user(void **state)
{
	struct store_fixture *fix = *state;
	char path[128];
	struct err err;

	if (is_not_root())
		return;
	/* as with sudo -E: the directory belongs to another user */
	assert_int_equal(chown(fix->dir.top, 65534, 65534), 0);
	assert_fails(fix, "belongs to another user (owner nobody, mode 0700)", "XDG_STATE_HOME");
	assert_int_equal(paths_check(fix->dir.state, NULL, &err), -1);
	assert_int_equal(access(fix->dir.state, F_OK), -1);
	paths_release(&fix->file);
	assert_int_equal(paths_init(&fix->file, "book", NULL, fix->dir.top), 0);
	assert_fails(fix, "belongs to another user (owner nobody, mode 0700)", "XDG_STATE_HOME");
	assert_int_equal(paths_check(NULL, fix->dir.top, &err), -1);
	error_contains(&err, fix->dir.top);
	snprintf(path, sizeof(path), "%s/.local", fix->dir.top);
	assert_int_equal(access(path, F_OK), -1);
	assert_int_equal(chown(fix->dir.top, 0, 0), 0);
	/* and one further down the path */
	assert_int_equal(mkdir(path, 0700) | chown(path, 65534, 65534), 0);
	assert_fails(fix, "belongs to another user (owner nobody, mode 0700)", "XDG_STATE_HOME");
	assert_int_equal(rmdir(path), 0);
}

static void the_home_directory_itself_is_never_made(void **state)
{
	struct store_fixture *fix = *state;
	char home[96], inside[128];

	snprintf(home, sizeof(home), "%s/home", fix->dir.top);
	snprintf(inside, sizeof(inside), "%s/x/state", home);
	paths_release(&fix->file);
	assert_int_equal(paths_init(&fix->file, "book", NULL, home), 0);
	assert_fails(fix, "the home directory does not exist", "Create it");
	paths_release(&fix->file);
	assert_int_equal(paths_init(&fix->file, "book", inside, home), 0);
	assert_fails(fix, "the home directory does not exist", "Create it");
	assert_int_equal(access(home, F_OK), -1);
	assert_int_equal(mkdir(home, 0700), 0);
	assert_int_equal(change_to(fix, "one\n", NULL), 0);
}

static void the_check_finds_a_file_that_must_not_be_used(void **state)
{
	static const char *const names[] = { "actions.jsonl", "actions.1.jsonl", "demo.jsonl",
					     "demo.1.jsonl",  "known_clusters",	 "names",
					     "prefs",	      "progress.json",	 "refused" };
	struct store_fixture *fix = *state;
	char path[160], other[128];
	struct err err;
	size_t i;

	assert_int_equal(paths_check(NULL, NULL, &err), 0);
	assert_int_equal(paths_check(fix->dir.state, NULL, &err), 0);
	assert_int_equal(access(fix->dir.state, F_OK), -1);
	temp_dir_mkdir(&fix->dir);
	snprintf(other, sizeof(other), "%s/other", fix->dir.top);
	temp_dir_write(other, "");
	for (i = 0; i < ARRAY_SIZE(names); i++) {
		snprintf(path, sizeof(path), "%s/bdbtop/%s", fix->dir.state, names[i]);
		assert_int_equal(link(other, path), 0);
		assert_int_equal(paths_check(fix->dir.state, NULL, &err), -1);
		error_contains(&err, names[i]);
		error_contains(&err, "has more than one hard link (owner ");
		unlink(path);
		assert_int_equal(paths_check(fix->dir.state, NULL, &err), 0);
	}
}

static void where_there_are_no_locks_the_change_is_made_without(void **state)
{
	static const int causes[] = { ENOLCK, EOPNOTSUPP, ENOSYS };
	struct store_fixture *fix = *state;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(causes); i++) {
		flock_fails = causes[i];
		assert_int_equal(change_to(fix, i % 2 ? "one\n" : "two\n", NULL), 0);
		temp_dir_file_is(fix->dir.path, i % 2 ? "one\n" : "two\n");
		assert_int_equal(temp_dir_count(&fix->dir), 2);
	}
	flock_fails = EIO;
	assert_fails(fix, "Input/output error", "Check the disk");
	flock_fails = 0;
}

/* One process ends between write and rename; the other must not rename its file. */
static void without_a_lock_no_process_takes_the_unfinished_file_of_another(void **state)
{
	struct store_fixture *fix = *state;

	flock_fails = ENOLCK;
	assert_int_equal(change_to(fix, "one\n", NULL), 0);
	assert_true(dies_before(fix, 2));
	assert_int_equal(temp_dir_count(&fix->dir), 3);
	assert_int_equal(change_to(fix, "two\n", NULL), 0);
	temp_dir_file_is(fix->dir.path, "two\n");
	assert_int_equal(temp_dir_count(&fix->dir), 3);
	flock_fails = 0;
}

static void changes_of_four_processes_are_all_there(void **state)
{
	struct store_fixture *fix = *state;
	pid_t child[4];
	char *text;
	size_t k, i;

	for (k = 0; k < 4; k++) {
		child[k] = fork();
		if (!child[k]) {
			int failed = 0;

			for (i = 0; i < 25; i++)
				failed |= paths_update(&fix->file, add_a_line, NULL, NULL);
			_exit(failed != 0);
		}
	}
	for (k = 0; k < 4; k++)
		temp_dir_reap(child[k]);
	text = temp_dir_read(fix->dir.path);
	assert_int_equal(strlen(text), 200);
	free(text);
}

static void a_lock_that_is_not_given_back_is_not_waited_for_for_ever(void **state)
{
	struct store_fixture *fix = *state;
	char lock[160];
	int fd;

	assert_int_equal(change_to(fix, "one\n", NULL), 0);
	snprintf(lock, sizeof(lock), "%s.lock", fix->dir.path);
	fd = open(lock, O_RDWR | O_CLOEXEC);
	assert_int_equal(flock(fd, LOCK_EX), 0);
	assert_fails(fix, "Another bdbtop", "try again");
	close(fd);
	temp_dir_file_is(fix->dir.path, "one\n");
	assert_int_equal(change_to(fix, "two\n", NULL), 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, enter, leave)
	const struct CMUnitTest tests[] = {
		TEST(the_path_follows_the_xdg_rule),
		TEST(without_a_folder_the_text_is_empty_and_a_change_names_the_two_variables),
		TEST(what_is_not_there_reads_as_empty_and_is_not_made),
		TEST(a_change_makes_a_file_for_its_owner_alone),
		TEST(an_edit_sees_what_is_there_and_may_leave_it),
		TEST(who_reads_meanwhile_keeps_the_old_text_whole),
		TEST(a_crash_at_any_step_leaves_the_old_text_or_the_new_and_no_lock),
		TEST(what_is_left_beside_it_is_not_in_the_way_be_it_a_link),
		TEST(on_a_full_disk_the_old_text_stays),
		TEST(what_must_not_be_used_is_refused_and_left),
		TEST(a_NUL_and_more_than_a_MiB_are_refused),
		TEST(a_file_with_a_second_hard_link_is_refused),
		TEST(a_directory_that_others_can_write_to_is_refused),
		TEST(a_directory_that_is_a_symbolic_link_is_refused),
		TEST(nothing_is_made_in_a_directory_of_another_user),
		TEST(the_home_directory_itself_is_never_made),
		TEST(the_check_finds_a_file_that_must_not_be_used),
		TEST(where_there_are_no_locks_the_change_is_made_without),
		TEST(without_a_lock_no_process_takes_the_unfinished_file_of_another),
		TEST(changes_of_four_processes_are_all_there),
		TEST(a_lock_that_is_not_given_back_is_not_waited_for_for_ever),
	};

	return tap_run(tests);
}
