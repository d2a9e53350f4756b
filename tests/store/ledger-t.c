#include "bdbtop/store/ledger.h"

#include <dirent.h>
#include <fcntl.h>
#include <json-c/json.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/tap.h"

/* A folder of its own for each test, taken away with everything in it. */
struct place {
	char top[64];		/* the folder */
	char state[80];		/* XDG_STATE_HOME in it, not made */
	char path[128];		/* the ledger's file, not made */
	struct ledger *ledger;
	struct bdb bdb;
};

static int enter(void **state)
{
	struct place *p = calloc(1, sizeof(*p));

	strcpy(p->top, "/tmp/bdbtop-ledger-t.XXXXXX");
	if (!mkdtemp(p->top)) {
		free(p);
		return -1;
	}
	snprintf(p->state, sizeof(p->state), "%s/state", p->top);
	snprintf(p->path, sizeof(p->path), "%s/bdbtop/actions.jsonl", p->state);
	p->ledger = ledger_new(p->state, NULL);
	bdb_init(&p->bdb, 12);
	p->bdb.name = "orders-eu";
	p->bdb.name_seen = SEEN_GIVEN;
	*state = p;
	return 0;
}

static void remove_all(const char *path)
{
	struct dirent *entry;
	DIR *folder;

	chmod(path, 0700);
	folder = opendir(path);
	while (folder && (entry = readdir(folder))) {
		char inner[512];

		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
			continue;
		snprintf(inner, sizeof(inner), "%s/%s", path, entry->d_name);
		if (unlink(inner) < 0)
			remove_all(inner);
	}
	if (folder)
		closedir(folder);
	rmdir(path);
}

static int leave(void **state)
{
	struct place *p = *state;

	ledger_free(p->ledger);
	remove_all(p->top);
	free(p);
	return 0;
}

static int note(struct place *p, unsigned ticket, struct err *err)
{
	const struct ledger_line line = { .event = LEDGER_ASKED,
					  .at = { 0, 1795017731042 },
					  .run = 1,
					  .ticket = ticket,
					  .cluster = "c.example:9443",
					  .bdb = &p->bdb };

	return ledger_note(p->ledger, &line, err);
}

static void make_folder(const struct place *p)
{
	char folder[128];

	snprintf(folder, sizeof(folder), "%s/bdbtop", p->state);
	assert_int_equal(mkdir(p->state, 0700), 0);
	assert_int_equal(mkdir(folder, 0700), 0);
}

static void write_file(const struct place *p, const char *text)
{
	int fd = open(p->path, O_WRONLY | O_CREAT | O_APPEND, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
}

static char *read_file(const char *path)
{
	char *text = calloc(1, 4 * 1024 * 1024);
	FILE *file = fopen(path, "r");

	assert_non_null(file);
	text[fread(text, 1, 4 * 1024 * 1024 - 1, file)] = '\0';
	fclose(file);
	return text;
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

/* Lines that parse; *others counts those that do not, but for empty ones, which are the worst
 * that may come of two processes; the last must be ended. */
static size_t count_lines(const char *path, size_t *others)
{
	char *text = read_file(path), *at, *end;
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

static void assert_lines(const struct place *p, size_t lines, size_t others)
{
	size_t other;

	assert_int_equal(count_lines(p->path, &other), lines);
	assert_int_equal(other, others);
}

static void assert_fails(struct place *p, const char *cause, const char *remedy)
{
	struct err err = { 0 };

	assert_int_equal(note(p, 1, &err), -1);
	if (!strstr(err.text, cause) || !strstr(err.text, remedy) ||
	    strncmp(err.text, "The ledger /", 12))
		fail_msg("%s", err.text);
	/* whole, although the path of a test is as long as any */
	assert_int_equal(err.text[strlen(err.text) - 1], '.');
}

static void the_path_follows_the_xdg_rule(void **state)
{
	static const struct {
		const char *state_home, *home, *path;
	} cases[] = {
		{ "/s", "/h", "/s/bdbtop/actions.jsonl" },
		{ NULL, "/h", "/h/.local/state/bdbtop/actions.jsonl" },
		{ "", "/h", "/h/.local/state/bdbtop/actions.jsonl" },
		{ "relative", "/h", "/h/.local/state/bdbtop/actions.jsonl" },
		{ NULL, NULL, "" },
		{ "", "", "" },
		{ NULL, "relative", "" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct ledger *ledger = ledger_new(cases[i].state_home, cases[i].home);

		assert_string_equal(ledger_path(ledger), cases[i].path);
		ledger_free(ledger);
	}
	ledger_free(NULL);
}

static void without_a_folder_the_sentence_names_the_two_variables(void **state)
{
	struct place *p = *state;
	struct err err;

	ledger_free(p->ledger);
	p->ledger = ledger_new(NULL, NULL);
	assert_int_equal(note(p, 1, &err), -1);
	assert_non_null(strstr(err.text, "Set HOME or XDG_STATE_HOME"));
	assert_int_equal(note(p, 1, NULL), -1);
}

static void nothing_is_made_before_the_first_note(void **state)
{
	struct place *p = *state;

	assert_int_equal(access(p->state, F_OK), -1);
}

static void the_file_is_for_its_owner_alone_and_so_are_its_folders(void **state)
{
	struct place *p = *state;
	char folder[128];
	struct stat st;
	mode_t mask = umask(0);

	assert_int_equal(note(p, 1, NULL), 0);
	umask(mask);
	assert_int_equal(stat(p->path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	snprintf(folder, sizeof(folder), "%s/bdbtop", p->state);
	assert_int_equal(stat(folder, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0700);
	assert_int_equal(stat(p->state, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0700);
	assert_lines(p, 1, 0);
}

static void lines_are_appended(void **state)
{
	struct place *p = *state;
	char *text;

	make_folder(p);
	write_file(p, "{\"event\":\"asked\"}\n");
	assert_int_equal(note(p, 1, NULL), 0);
	assert_int_equal(note(p, 2, NULL), 0);
	assert_lines(p, 3, 0);
	text = read_file(p->path);
	assert_true(strstr(text, "\"ticket\":1") < strstr(text, "\"ticket\":2"));
	free(text);
}

static void a_half_written_line_is_ended_before_the_next(void **state)
{
	struct place *p = *state;

	make_folder(p);
	write_file(p, "{\"event\":\"asked\"}\n{\"event\":\"se");
	assert_int_equal(note(p, 1, NULL), 0);
	assert_lines(p, 2, 1);
	assert_int_equal(note(p, 2, NULL), 0);
	assert_lines(p, 3, 1);
}

static void a_symbolic_link_is_not_followed(void **state)
{
	struct place *p = *state;
	char target[128];

	make_folder(p);
	snprintf(target, sizeof(target), "%s/target", p->top);
	assert_int_equal(symlink(target, p->path), 0);
	assert_fails(p, "symbolic link", "remove it");
	assert_int_equal(access(target, F_OK), -1);
}

static void what_is_no_regular_file_is_refused(void **state)
{
	struct place *p = *state;

	make_folder(p);
	/* must not wait for a reader either */
	assert_int_equal(mkfifo(p->path, 0600), 0);
	assert_fails(p, "it is no regular file", "Move it away");
	unlink(p->path);
	assert_int_equal(mkdir(p->path, 0700), 0);
	assert_fails(p, "Is a directory", "move it away");
}

static void a_file_that_others_may_write_is_refused(void **state)
{
	struct place *p = *state;

	make_folder(p);
	write_file(p, "");
	assert_int_equal(chmod(p->path, 0620), 0);
	assert_fails(p, "others may write to it", "chmod 600");
	assert_int_equal(chmod(p->path, 0602), 0);
	assert_fails(p, "others may write to it", "chmod 600");
	assert_int_equal(chmod(p->path, 0644), 0);
	assert_int_equal(note(p, 1, NULL), 0);
}

static void a_file_of_another_user_is_refused(void **state)
{
	struct place *p = *state;

	if (geteuid() != 0) {
		printf("# only root can give a file away, so this was not tried\n");
		return;
	}
	make_folder(p);
	write_file(p, "");
	assert_int_equal(chown(p->path, 65534, 65534), 0);
	assert_fails(p, "belongs to another user", "XDG_STATE_HOME");
}

/* In a child that is not root, for whom a mode is no obstacle. */
static void a_folder_that_cannot_be_written_is_named_with_a_remedy(void **state)
{
	struct place *p = *state;
	int status;
	pid_t child;

	assert_int_equal(chmod(p->top, 0555), 0);
	child = fork();
	assert_true(child >= 0);
	if (!child) {
		struct err err = { 0 };
		bool well;

		if (geteuid() == 0 && setresuid(65534, 65534, 65534) < 0)
			_exit(2);
		well = note(p, 1, &err) < 0 && strstr(err.text, p->path) &&
		       strstr(err.text, "Permission denied") &&
		       strstr(err.text, "Make it writable, or set XDG_STATE_HOME");
		if (!well)
			printf("# %s\n", err.text);
		fflush(stdout);
		_exit(!well);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	chmod(p->top, 0700);
}

static void a_file_in_the_place_of_a_folder_is_named(void **state)
{
	struct place *p = *state;
	int fd = open(p->state, O_WRONLY | O_CREAT, 0600);

	close(fd);
	assert_fails(p, "Not a directory", "no folder");
}

static void on_a_full_disk_it_fails_and_the_next_try_works(void **state)
{
	struct place *p = *state;
	struct rlimit old, low;
	off_t size;
	struct stat st;

	assert_int_equal(note(p, 1, NULL), 0);
	assert_int_equal(stat(p->path, &st), 0);
	size = st.st_size;
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
	low = old;
	low.rlim_cur = (rlim_t)size + 10;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &low), 0);
	assert_fails(p, "File too large", "ulimit -f");
	setrlimit(RLIMIT_FSIZE, &old);
	signal(SIGXFSZ, SIG_DFL);
	/* half a line is there, and does not spoil the next */
	assert_int_equal(stat(p->path, &st), 0);
	assert_int_equal(st.st_size, size + 10);
	assert_int_equal(note(p, 2, NULL), 0);
	assert_lines(p, 2, 1);
}

static void a_file_that_was_moved_away_is_made_anew(void **state)
{
	struct place *p = *state;
	char old[160];
	size_t others;

	assert_int_equal(note(p, 1, NULL), 0);
	snprintf(old, sizeof(old), "%s.1", p->path);
	assert_int_equal(rename(p->path, old), 0);
	assert_int_equal(note(p, 2, NULL), 0);
	assert_lines(p, 1, 0);
	assert_int_equal(count_lines(old, &others), 1);
}

static void lines_of_two_processes_stay_whole(void **state)
{
	struct place *p = *state;
	char name[3001];
	pid_t child[2];
	int status;
	size_t i, k;

	/* as long as a page, so that a write in parts would show */
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

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, enter, leave)
	const struct CMUnitTest tests[] = {
		TEST(the_path_follows_the_xdg_rule),
		TEST(without_a_folder_the_sentence_names_the_two_variables),
		TEST(nothing_is_made_before_the_first_note),
		TEST(the_file_is_for_its_owner_alone_and_so_are_its_folders),
		TEST(lines_are_appended),
		TEST(a_half_written_line_is_ended_before_the_next),
		TEST(a_symbolic_link_is_not_followed),
		TEST(what_is_no_regular_file_is_refused),
		TEST(a_file_that_others_may_write_is_refused),
		TEST(a_file_of_another_user_is_refused),
		TEST(a_folder_that_cannot_be_written_is_named_with_a_remedy),
		TEST(a_file_in_the_place_of_a_folder_is_named),
		TEST(on_a_full_disk_it_fails_and_the_next_try_works),
		TEST(a_file_that_was_moved_away_is_made_anew),
		TEST(lines_of_two_processes_stay_whole),
	};

	return tap_run(tests);
}
