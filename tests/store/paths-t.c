#include "bdbtop/store/paths.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/file.h>
#include <sys/resource.h>

#include "tests/store/place.h"

struct rig {
	struct place place;
	struct paths_file file;
};

static int enter(void **state)
{
	struct rig *rig = calloc(1, sizeof(*rig));

	rig->file.thing = "The book";
	rig->file.cannot = "cannot be used";
	*state = rig;
	return place_make(&rig->place, "book") < 0 ||
	       paths_init(&rig->file, "book", rig->place.state, NULL) < 0;
}

static int leave(void **state)
{
	struct rig *rig = *state;

	paths_release(&rig->file);
	place_remove(rig->place.top);
	free(rig);
	return 0;
}

/* What an edit is to write, to answer, and what it was shown. */
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
		err_set(err, ERR_ASK, "It does not want to.");
	return plan->answer;
}

static int change_to(const struct rig *rig, const char *fresh, struct err *err)
{
	struct plan plan = { .fresh = fresh };

	return paths_change(&rig->file, planned, &plan, err);
}

static void assert_fails(const struct rig *rig, const char *cause, const char *remedy)
{
	struct err err = { 0 };

	assert_int_equal(change_to(rig, "new\n", &err), -1);
	says(&err, cause);
	says(&err, remedy);
	says(&err, "The book /");
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

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct paths_file file = { 0 };

		assert_int_equal(paths_init(&file, "book", cases[i].state_home, cases[i].home), 0);
		assert_string_equal(file.path, cases[i].path);
		paths_release(&file);
	}
}

static void without_a_folder_the_text_is_empty_and_a_change_names_the_two_variables(void **state)
{
	const struct paths_file file = { "The book", "cannot be used", (char[]){ "" } };
	struct plan plan = { .fresh = "new" };
	char *text = paths_read(&file, NULL);
	struct err err;

	(void)state;
	assert_string_equal(text, "");
	free(text);
	assert_int_equal(paths_change(&file, planned, &plan, &err), -1);
	says(&err, "Set HOME or XDG_STATE_HOME");
}

static void what_is_not_there_reads_as_empty_and_is_not_made(void **state)
{
	struct rig *rig = *state;
	char *text = paths_read(&rig->file, NULL);

	assert_string_equal(text, "");
	free(text);
	assert_int_equal(access(rig->place.state, F_OK), -1);
}

static void a_change_makes_a_file_for_its_owner_alone(void **state)
{
	struct rig *rig = *state;
	mode_t mask = umask(0);
	struct stat st;

	assert_int_equal(change_to(rig, "one\n", NULL), 0);
	umask(mask);
	place_holds(rig->place.path, "one\n");
	assert_int_equal(stat(rig->place.path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(stat(rig->place.state, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0700);
}

static void an_edit_sees_what_is_there_and_may_leave_it(void **state)
{
	struct rig *rig = *state;
	struct plan plan = { .fresh = "two\n", .answer = 1 };
	struct err err;

	assert_int_equal(change_to(rig, "one\n", NULL), 0);
	assert_int_equal(paths_change(&rig->file, planned, &plan, NULL), 0);
	assert_string_equal(plan.old, "one\n");
	place_holds(rig->place.path, "one\n");
	plan.answer = -1;
	assert_int_equal(paths_change(&rig->file, planned, &plan, &err), -1);
	says(&err, "It does not want to.");
	place_holds(rig->place.path, "one\n");
}

static void who_reads_meanwhile_keeps_the_old_text_whole(void **state)
{
	struct rig *rig = *state;
	char text[8] = "";
	int fd;

	assert_int_equal(change_to(rig, "one\n", NULL), 0);
	fd = open(rig->place.path, O_RDONLY | O_CLOEXEC);
	assert_int_equal(change_to(rig, "two\n", NULL), 0);
	assert_int_equal(read(fd, text, sizeof(text) - 1), 4);
	close(fd);
	assert_string_equal(text, "one\n");
	place_holds(rig->place.path, "two\n");
}

/* Linked in the place of the C library's: the process dies before the call that is chosen. */
static int calls_left = -1;

static void die_in_time(void)
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
	die_in_time();
	return __real_write(fd, bytes, length);
}

int __wrap_fsync(int fd)
{
	die_in_time();
	return __real_fsync(fd);
}

int __wrap_rename(const char *from, const char *to)
{
	die_in_time();
	return __real_rename(from, to);
}

/* True when it died of it. */
static bool dies_before(const struct rig *rig, int call)
{
	pid_t child = fork();
	int status;

	if (!child) {
		calls_left = call;
		_exit(change_to(rig, "two\n", NULL) != 0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	return WIFSIGNALED(status);
}

static void a_crash_at_any_step_leaves_the_old_text_or_the_new_and_no_lock(void **state)
{
	/* before the writing, the sync and the renaming of the file, and the sync of its folder */
	static const char *const after[] = { "one\n", "one\n", "one\n", "two\n" };
	struct rig *rig = *state;
	int call;

	for (call = 0; call < 4; call++) {
		assert_int_equal(change_to(rig, "one\n", NULL), 0);
		assert_true(dies_before(rig, call));
		place_holds(rig->place.path, after[call]);
	}
	assert_false(dies_before(rig, 4));
	assert_int_equal(place_count(&rig->place), 2);
}

static void what_is_left_beside_it_is_not_in_the_way_be_it_a_link(void **state)
{
	struct rig *rig = *state;
	char beside[160];

	assert_int_equal(change_to(rig, "one\n", NULL), 0);
	snprintf(beside, sizeof(beside), "%s.new", rig->place.path);
	assert_int_equal(symlink(rig->place.path, beside), 0);
	assert_int_equal(change_to(rig, "two\n", NULL), 0);
	place_holds(rig->place.path, "two\n");
	assert_int_equal(place_count(&rig->place), 2);
}

static void on_a_full_disk_the_old_text_stays(void **state)
{
	struct rig *rig = *state;
	struct rlimit old, low;

	assert_int_equal(change_to(rig, "one\n", NULL), 0);
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
	low = old;
	low.rlim_cur = 2;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &low), 0);
	assert_fails(rig, "File too large", "ulimit -f");
	setrlimit(RLIMIT_FSIZE, &old);
	signal(SIGXFSZ, SIG_DFL);
	place_holds(rig->place.path, "one\n");
	assert_int_equal(place_count(&rig->place), 2);
	assert_int_equal(change_to(rig, "two\n", NULL), 0);
}

static void what_must_not_be_used_is_refused_and_left(void **state)
{
	struct rig *rig = *state;
	char target[128];

	place_folder(&rig->place);
	snprintf(target, sizeof(target), "%s/target", rig->place.top);
	place_write(target, "theirs\n");
	assert_int_equal(symlink(target, rig->place.path), 0);
	assert_fails(rig, "symbolic link", "remove it");
	place_holds(target, "theirs\n");
	unlink(rig->place.path);
	assert_int_equal(mkfifo(rig->place.path, 0600), 0);
	assert_fails(rig, "it is no regular file", "Move it away");
	unlink(rig->place.path);
	place_write(rig->place.path, "one\n");
	assert_int_equal(chmod(rig->place.path, 0620), 0);
	assert_fails(rig, "others may write to it", "chmod 600");
	assert_int_equal(chmod(rig->place.path, 0602), 0);
	assert_fails(rig, "others may write to it", "chmod 600");
	if (geteuid() == 0) {
		assert_int_equal(chmod(rig->place.path, 0600), 0);
		assert_int_equal(chown(rig->place.path, 65534, 65534), 0);
		assert_fails(rig, "belongs to another user", "XDG_STATE_HOME");
	}
}

static void a_NUL_and_more_than_a_MiB_are_refused(void **state)
{
	struct rig *rig = *state;
	char *long_one = malloc((1 << 20) + 1), *text;

	place_folder(&rig->place);
	place_append(rig->place.path, "a\0b\n", 4);
	assert_fails(rig, "NUL", "Move it away");
	unlink(rig->place.path);
	memset(long_one, 'x', (1 << 20) + 1);
	place_append(rig->place.path, long_one, 1 << 20);
	text = paths_read(&rig->file, NULL);
	assert_int_equal(strlen(text), 1 << 20);
	free(text);
	place_append(rig->place.path, long_one, 1);
	assert_fails(rig, "1 MiB", "Move it away");
	free(long_one);
}

static int add_a_line(void *arg, const char *old, FILE *fresh, struct err *err)
{
	(void)arg;
	(void)err;
	fprintf(fresh, "%sx\n", old);
	return 0;
}

static void changes_of_four_processes_are_all_there(void **state)
{
	struct rig *rig = *state;
	pid_t child[4];
	char *text;
	size_t k, i;

	for (k = 0; k < 4; k++) {
		child[k] = fork();
		if (!child[k]) {
			int failed = 0;

			for (i = 0; i < 25; i++)
				failed |= paths_change(&rig->file, add_a_line, NULL, NULL);
			_exit(failed != 0);
		}
	}
	for (k = 0; k < 4; k++)
		place_reap(child[k]);
	text = place_read(rig->place.path);
	assert_int_equal(strlen(text), 200);
	free(text);
}

static void a_lock_that_is_not_given_back_is_not_waited_for_for_ever(void **state)
{
	struct rig *rig = *state;
	char lock[160];
	int fd;

	assert_int_equal(change_to(rig, "one\n", NULL), 0);
	snprintf(lock, sizeof(lock), "%s.lock", rig->place.path);
	fd = open(lock, O_RDWR | O_CLOEXEC);
	assert_int_equal(flock(fd, LOCK_EX), 0);
	assert_fails(rig, "Another bdbtop", "try again");
	close(fd);
	place_holds(rig->place.path, "one\n");
	assert_int_equal(change_to(rig, "two\n", NULL), 0);
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
		TEST(changes_of_four_processes_are_all_there),
		TEST(a_lock_that_is_not_given_back_is_not_waited_for_for_ever),
	};

	return tap_run(tests);
}
