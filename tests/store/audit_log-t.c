#include "tests/store/audit_log_fixture.h"

#include <signal.h>
#include <sys/resource.h>

#include <json-c/json.h>

#include "bdbtop/core/array.h"

/* The bytes of the file when it was last synced. */
static off_t synced_bytes;

int __real_fdatasync(int fd);
int __wrap_fdatasync(int fd);

int __wrap_fdatasync(int fd)
{
	struct stat st;

	assert_int_equal(fstat(fd, &st), 0);
	synced_bytes = st.st_size;
	return __real_fdatasync(fd);
}

static int note(struct audit_log_fixture *p, unsigned reset_id, struct err *err)
{
	const struct audit_line line = line_of(p, AUDIT_ASKED, reset_id);

	return audit_log_append(p->audit_log, &line, err);
}

static bool is_line(const char *text, size_t length)
{
	struct json_tokener *tokener = json_tokener_new();
	struct json_object *json = json_tokener_parse_ex(tokener, text, (int)length);
	bool whole = json_object_is_type(json, json_type_object) &&
		     json_tokener_get_parse_end(tokener) == length;

	json_object_put(json);
	json_tokener_free(tokener);
	return whole;
}

/* Counts valid lines; *others: invalid ones, without empty lines, which two processes may cause.
 * The last line must be complete. */
static size_t count_lines(const char *path, size_t *others)
{
	char *text = temp_dir_read(path), *at, *end;
	size_t lines = 0;

	*others = 0;
	for (at = text; (end = strchr(at, '\n')); at = end + 1) {
		if (is_line(at, (size_t)(end - at)))
			lines++;
		else if (end > at)
			++*others;
	}
	assert_int_equal(*at, '\0');
	free(text);
	return lines;
}

static void assert_lines(const struct audit_log_fixture *p, size_t lines, size_t others)
{
	size_t other;

	assert_int_equal(count_lines(p->dir.path, &other), lines);
	assert_int_equal(other, others);
}

static void assert_fails(struct audit_log_fixture *p, const char *cause, const char *remedy)
{
	struct err err = { 0 };

	assert_int_equal(note(p, 1, &err), -1);
	if (!strstr(err.text, cause) || !strstr(err.text, remedy) ||
	    strncmp(err.text, "The audit log /", 15))
		fail_msg("%s", err.text);
	/* complete, although the path is long */
	assert_int_equal(err.text[strlen(err.text) - 1], '.');
}

static void that_of_a_demo_is_another_file_and_can_be_removed(void **state)
{
	struct audit_log_fixture *p = *state;
	char path[128];

	assert_int_equal(note(p, 1, NULL), 0);
	audit_log_free(p->audit_log);
	p->audit_log = audit_log_new_demo(p->dir.state, NULL);
	assert_int_equal(note(p, 1, NULL), 0);
	snprintf(path, sizeof(path), "%s/bdbtop/demo.jsonl", p->dir.state);
	assert_string_equal(audit_log_path(p->audit_log), path);
	assert_int_equal(access(path, F_OK), 0);
	audit_log_remove_files(p->audit_log);
	assert_int_equal(access(path, F_OK), -1);
	assert_int_equal(access(p->dir.path, F_OK), 0);
	audit_log_remove_files(p->audit_log);
}

static void without_a_folder_the_sentence_names_the_two_variables(void **state)
{
	struct audit_log_fixture *p = *state;
	struct err err;

	audit_log_free(p->audit_log);
	p->audit_log = audit_log_new(NULL, NULL);
	assert_int_equal(note(p, 1, &err), -1);
	assert_non_null(strstr(err.text, "Set HOME or XDG_STATE_HOME"));
	assert_int_equal(note(p, 1, NULL), -1);
}

static void nothing_is_made_before_the_first_note(void **state)
{
	struct audit_log_fixture *p = *state;

	assert_int_equal(access(p->dir.state, F_OK), -1);
}

static void the_file_is_for_its_owner_alone_and_so_are_its_folders(void **state)
{
	struct audit_log_fixture *p = *state;
	char folder[128];
	struct stat st;
	mode_t mask = umask(0);

	assert_int_equal(note(p, 1, NULL), 0);
	umask(mask);
	assert_int_equal(stat(p->dir.path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	snprintf(folder, sizeof(folder), "%s/bdbtop", p->dir.state);
	assert_int_equal(stat(folder, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0700);
	assert_int_equal(stat(p->dir.state, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0700);
	assert_lines(p, 1, 0);
}

static void lines_are_appended(void **state)
{
	struct audit_log_fixture *p = *state;
	char *text;

	temp_dir_mkdir(&p->dir);
	temp_dir_write(p->dir.path, "{\"event\":\"asked\"}\n");
	assert_int_equal(note(p, 1, NULL), 0);
	assert_int_equal(note(p, 2, NULL), 0);
	assert_lines(p, 3, 0);
	text = temp_dir_read(p->dir.path);
	assert_true(strstr(text, "\"ticket\":1") < strstr(text, "\"ticket\":2"));
	free(text);
}

static void a_half_written_line_is_ended_before_the_next(void **state)
{
	struct audit_log_fixture *p = *state;

	temp_dir_mkdir(&p->dir);
	temp_dir_write(p->dir.path, "{\"event\":\"asked\"}\n{\"event\":\"se");
	assert_int_equal(note(p, 1, NULL), 0);
	assert_lines(p, 2, 1);
	assert_int_equal(note(p, 2, NULL), 0);
	assert_lines(p, 3, 1);
}

static void a_symbolic_link_is_not_followed(void **state)
{
	struct audit_log_fixture *p = *state;
	char target[128];

	temp_dir_mkdir(&p->dir);
	snprintf(target, sizeof(target), "%s/target", p->dir.top);
	assert_int_equal(symlink(target, p->dir.path), 0);
	assert_fails(p, "symbolic link", "remove it");
	assert_int_equal(access(target, F_OK), -1);
}

static void what_is_no_regular_file_is_refused(void **state)
{
	struct audit_log_fixture *p = *state;

	temp_dir_mkdir(&p->dir);
	/* a FIFO: open() must not wait for a reader */
	assert_int_equal(mkfifo(p->dir.path, 0600), 0);
	assert_fails(p, "is not a regular file", "Move it away");
	unlink(p->dir.path);
	assert_int_equal(mkdir(p->dir.path, 0700), 0);
	assert_fails(p, "Is a directory", "move it away");
}

static void a_file_that_others_may_write_is_refused(void **state)
{
	struct audit_log_fixture *p = *state;

	temp_dir_mkdir(&p->dir);
	temp_dir_write(p->dir.path, "");
	assert_int_equal(chmod(p->dir.path, 0620), 0);
	assert_fails(p, "can be written by others", "chmod 600");
	assert_int_equal(chmod(p->dir.path, 0602), 0);
	assert_fails(p, "can be written by others", "chmod 600");
	assert_int_equal(chmod(p->dir.path, 0644), 0);
	assert_int_equal(note(p, 1, NULL), 0);
}

static void a_file_of_another_user_is_refused(void **state)
{
	struct audit_log_fixture *p = *state;

	if (geteuid() != 0) {
		printf("# only root can give a file away, so this was not tried\n");
		return;
	}
	temp_dir_mkdir(&p->dir);
	temp_dir_write(p->dir.path, "");
	assert_int_equal(chown(p->dir.path, 65534, 65534), 0);
	assert_fails(p, "belongs to another user", "XDG_STATE_HOME");
}

/* In a child without root rights, because root ignores modes. */
static void a_folder_that_cannot_be_written_is_named_with_a_remedy(void **state)
{
	struct audit_log_fixture *p = *state;
	int status;
	pid_t child;

	assert_int_equal(chmod(p->dir.top, 0555), 0);
	child = fork();
	assert_true(child >= 0);
	if (!child) {
		struct err err = { 0 };
		bool well;

		if (geteuid() == 0 && setresuid(65534, 65534, 65534) < 0)
			_exit(2);
		well = note(p, 1, &err) < 0 && strstr(err.text, p->dir.path) &&
		       strstr(err.text, "Permission denied") &&
		       strstr(err.text, "Make it writable, or set XDG_STATE_HOME");
		if (!well)
			printf("# %s\n", err.text);
		fflush(stdout);
		_exit(!well);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	chmod(p->dir.top, 0700);
}

static void a_file_in_the_place_of_a_folder_is_named(void **state)
{
	struct audit_log_fixture *p = *state;
	int fd = open(p->dir.state, O_WRONLY | O_CREAT, 0600);

	close(fd);
	assert_fails(p, "Not a directory", "is not a directory");
}

static void on_a_full_disk_it_fails_and_the_next_try_works(void **state)
{
	struct audit_log_fixture *p = *state;
	struct rlimit old, low;
	off_t size;
	struct stat st;

	assert_int_equal(note(p, 1, NULL), 0);
	assert_int_equal(stat(p->dir.path, &st), 0);
	size = st.st_size;
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
	low = old;
	low.rlim_cur = (rlim_t)size + 10;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &low), 0);
	assert_fails(p, "File too large", "ulimit -f");
	setrlimit(RLIMIT_FSIZE, &old);
	signal(SIGXFSZ, SIG_DFL);
	/* a partial line remains and does not damage the next one */
	assert_int_equal(stat(p->dir.path, &st), 0);
	assert_int_equal(st.st_size, size + 10);
	assert_int_equal(note(p, 2, NULL), 0);
	assert_lines(p, 2, 1);
}

static void a_file_that_was_moved_away_is_made_anew(void **state)
{
	struct audit_log_fixture *p = *state;
	char old[160];
	size_t others;

	assert_int_equal(note(p, 1, NULL), 0);
	snprintf(old, sizeof(old), "%s.1", p->dir.path);
	assert_int_equal(rename(p->dir.path, old), 0);
	assert_int_equal(note(p, 2, NULL), 0);
	assert_lines(p, 1, 0);
	assert_int_equal(count_lines(old, &others), 1);
}

static void many_lines_come_with_one_commit(void **state)
{
	struct audit_log_fixture *p = *state;
	unsigned i;

	assert_int_equal(note(p, 1, NULL), 0);
	audit_log_begin(p->audit_log);
	for (i = 2; i <= 500; i++)
		assert_int_equal(note(p, i, NULL), 0);
	assert_lines(p, 1, 0);
	assert_int_equal(audit_log_commit(p->audit_log, NULL), 0);
	assert_lines(p, 500, 0);
	assert_int_equal(note(p, 501, NULL), 0);
	assert_lines(p, 501, 0);
}

static void a_commit_of_nothing_makes_no_file(void **state)
{
	struct audit_log_fixture *p = *state;

	audit_log_begin(p->audit_log);
	assert_int_equal(audit_log_commit(p->audit_log, NULL), 0);
	assert_int_equal(access(p->dir.state, F_OK), -1);
}

static void a_commit_ends_a_half_written_line_too(void **state)
{
	struct audit_log_fixture *p = *state;

	temp_dir_mkdir(&p->dir);
	temp_dir_write(p->dir.path, "{\"event\":\"asked\"}\n{\"event\":\"se");
	audit_log_begin(p->audit_log);
	assert_int_equal(note(p, 1, NULL), 0);
	assert_int_equal(note(p, 2, NULL), 0);
	assert_int_equal(audit_log_commit(p->audit_log, NULL), 0);
	assert_lines(p, 3, 1);
}

static void a_commit_that_fails_says_so_and_forgets_its_lines(void **state)
{
	struct audit_log_fixture *p = *state;
	struct err err = { 0 };

	temp_dir_mkdir(&p->dir);
	assert_int_equal(mkdir(p->dir.path, 0700), 0);
	audit_log_begin(p->audit_log);
	assert_int_equal(note(p, 1, NULL), 0);
	assert_int_equal(audit_log_commit(p->audit_log, &err), -1);
	if (!strstr(err.text, "Is a directory") || !strstr(err.text, "move it away"))
		fail_msg("%s", err.text);
	assert_int_equal(rmdir(p->dir.path), 0);
	assert_int_equal(note(p, 2, NULL), 0);
	assert_lines(p, 1, 0);
}

static void lines_of_two_processes_stay_complete(void **state)
{
	struct audit_log_fixture *p = *state;
	char name[3001];
	pid_t child[2];
	int status;
	size_t i, k;

	/* a page long, so that a partial write would show */
	memset(name, 'n', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	p->bdb.name = name;
	assert_int_equal(note(p, 1, NULL), 0);
	for (k = 0; k < 2; k++) {
		child[k] = fork();
		assert_true(child[k] >= 0);
		if (!child[k]) {
			for (i = 0; i < 100; i++)
				if (note(p, 1, NULL) < 0)
					_exit(1);
			_exit(0);
		}
	}
	for (k = 0; k < 2; k++) {
		assert_int_equal(waitpid(child[k], &status, 0), child[k]);
		assert_int_equal(status, 0);
	}
	assert_lines(p, 201, 0);
}

/* A PUT follows an appended line: after a crash of the machine the line must be there. */
static void a_line_is_on_disk_when_append_returns(void **state)
{
	struct audit_log_fixture *p = *state;
	struct stat st;
	unsigned i;

	for (i = 1; i <= 2; i++) {
		synced_bytes = 0;
		assert_int_equal(note(p, i, &(struct err){ 0 }), 0);
		assert_int_equal(stat(audit_log_path(p->audit_log), &st), 0);
		assert_int_equal(synced_bytes, st.st_size);
	}
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, enter, leave)
	const struct CMUnitTest tests[] = {
		TEST(that_of_a_demo_is_another_file_and_can_be_removed),
		TEST(without_a_folder_the_sentence_names_the_two_variables),
		TEST(nothing_is_made_before_the_first_note),
		TEST(the_file_is_for_its_owner_alone_and_so_are_its_folders),
		TEST(lines_are_appended),
		TEST(a_line_is_on_disk_when_append_returns),
		TEST(a_half_written_line_is_ended_before_the_next),
		TEST(a_symbolic_link_is_not_followed),
		TEST(what_is_no_regular_file_is_refused),
		TEST(a_file_that_others_may_write_is_refused),
		TEST(a_file_of_another_user_is_refused),
		TEST(a_folder_that_cannot_be_written_is_named_with_a_remedy),
		TEST(a_file_in_the_place_of_a_folder_is_named),
		TEST(on_a_full_disk_it_fails_and_the_next_try_works),
		TEST(a_file_that_was_moved_away_is_made_anew),
		TEST(many_lines_come_with_one_commit),
		TEST(a_commit_of_nothing_makes_no_file),
		TEST(a_commit_ends_a_half_written_line_too),
		TEST(a_commit_that_fails_says_so_and_forgets_its_lines),
		TEST(lines_of_two_processes_stay_complete),
	};

	return tap_run(tests);
}
