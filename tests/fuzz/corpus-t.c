/*
 * Each target of the fuzzer on each file of its corpus, and on random changes of it, without
 * libFuzzer.
 *
 * BDBTOP_RUNS and BDBTOP_SEED in the environment choose how many changes of each file, and the
 * first seed.  A target runs in a process of its own; what it fails on is left in the build.
 */
#include "tests/fuzz/fuzz.h"

#include <locale.h>
#include <sys/mman.h>

#include "tests/env_number.h"
#include "tests/files.h"
#include "tests/json/mutate.h"

#define RUNS	  100
#define FILE_MAX  ((size_t)16 << 10)
#define BYTES_MAX (FILE_MAX + 64)

/* What the process of a target runs, seen by the test when it has died. */
struct fuzz_run {
	char file[256];
	unsigned long seed; /* 0: the file as it is */
	size_t length;
	unsigned char bytes[BYTES_MAX];
	unsigned long files, runs;
};

static struct fuzz_run *shared_run(void)
{
	void *shared = mmap(NULL, sizeof(struct fuzz_run), PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	assert_true(shared != MAP_FAILED);
	return shared;
}

static void run_bytes(const struct fuzz_target *target, struct fuzz_run *run)
{
	/* a copy on the heap, so that a sanitizer sees every read beyond the bytes */
	unsigned char *copy = malloc(run->length ? run->length : 1);

	FUZZ_CHECK(copy);
	memcpy(copy, run->bytes, run->length);
	target->run(copy, run->length);
	free(copy);
	run->runs++;
}

static size_t read_file(const char *path, unsigned char *out)
{
	FILE *file = fopen(path, "r");
	size_t length;

	FUZZ_CHECK(file);
	length = fread(out, 1, FILE_MAX + 1, file);
	FUZZ_CHECK(length <= FILE_MAX);
	fclose(file);
	return length;
}

/* Up to four rounds of changes, each of a few bytes. */
static void change(struct fuzz_run *run, unsigned long seed)
{
	uint32_t state = (uint32_t)(seed + 1) * 2654435761U;
	int rounds;

	state = state ? state : 1;
	for (rounds = 1 + (int)(next_random(&state) % 4); rounds; rounds--)
		run->length = mutate((char *)run->bytes, run->length, &state);
	if (next_random(&state) % 8 == 0)
		run->length = next_random(&state) % (run->length + 1);
}

static void run_file(const struct fuzz_target *target, struct fuzz_run *run, const char *path)
{
	unsigned long left = env_number("BDBTOP_RUNS", RUNS), seed = env_number("BDBTOP_SEED", 1);

	run->files++;
	run->seed = 0;
	run->length = read_file(path, run->bytes);
	run_bytes(target, run);
	for (; left; left--, seed++) {
		run->length = read_file(path, run->bytes);
		run->seed = seed;
		change(run, seed);
		run_bytes(target, run);
	}
}

static int is_visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static void run_target(const struct fuzz_target *target, struct fuzz_run *run)
{
	char folder[4096], name[256], path[4400];
	struct dirent **entries;
	int count, i;

	snprintf(name, sizeof(name), "tests/fuzz/corpus/%s", target->name);
	source_path(folder, name);
	count = scandir(folder, &entries, is_visible, alphasort);
	for (i = 0; i < count; i++) {
		snprintf(path, sizeof(path), "%s/%s", folder, entries[i]->d_name);
		snprintf(run->file, sizeof(run->file), "%s", entries[i]->d_name);
		run_file(target, run, path);
		free(entries[i]);
	}
	free(count < 0 ? NULL : entries);
}

/* Keeps the bytes that a target failed on, and says how to run them again. */
static void report(const struct fuzz_target *target, const struct fuzz_run *run)
{
	char path[200];
	FILE *file;

	snprintf(path, sizeof(path), "failed-%s", target->name);
	file = fopen(path, "w");
	if (file) {
		fwrite(run->bytes, 1, run->length, file);
		fclose(file);
	}
	fail_msg("target %s fails on %s changed by seed %lu; the bytes are in %s", target->name,
		 run->file, run->seed, path);
}

static void run_apart(const struct fuzz_target *target, struct fuzz_run *run)
{
	int status;
	pid_t child;

	fflush(NULL);
	child = fork();
	assert_true(child >= 0);
	if (!child) {
		/* cmocka would catch what the target must die of */
		signal(SIGSEGV, SIG_DFL);
		signal(SIGBUS, SIG_DFL);
		signal(SIGFPE, SIG_DFL);
		signal(SIGILL, SIG_DFL);
		run_target(target, run);
		exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	if (status)
		report(target, run);
}

static void targets_hold_on_the_corpus_and_on_changes_of_it(void **state)
{
	struct fuzz_run *run = shared_run();
	const struct fuzz_target *target;
	unsigned long runs = 0, files = 0;
	struct temp_dir dir;

	assert_int_equal(temp_dir_init(&dir, "unused"), 0);
	assert_int_equal(mkdir(dir.state, 0700), 0);
	setenv("FUZZ_DIRECTORY", dir.state, 1);
	for (target = fuzz_targets; target->name; target++) {
		run->files = run->runs = 0;
		run_apart(target, run);
		/* a target without a corpus would hold whatever it does */
		if (run->files < 2)
			fail_msg("tests/fuzz/corpus/%s has fewer than two files", target->name);
		files += run->files;
		runs += run->runs;
	}
	printf("# %lu files, %lu runs\n", files, runs);
	temp_dir_release(dir.top);
	munmap(run, sizeof(*run));
}

static int fails_on_x(const uint8_t *bytes, size_t length)
{
	FUZZ_CHECK(!memchr(bytes, 'x', length));
	return 0;
}

/* Or the test above would pass whatever happens. */
static void a_target_that_fails_is_noticed(void **state)
{
	const struct fuzz_target target = { "time", fails_on_x };
	struct fuzz_run *run = shared_run();
	int status;
	pid_t child;

	child = fork();
	assert_true(child >= 0);
	if (!child) {
		FUZZ_CHECK(freopen("/dev/null", "w", stderr));
		memcpy(run->bytes, "0x1", 3);
		run->length = 3;
		run_bytes(&target, run);
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
	munmap(run, sizeof(*run));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(targets_hold_on_the_corpus_and_on_changes_of_it),
		cmocka_unit_test(a_target_that_fails_is_noticed),
	};

	setlocale(LC_ALL, "C.UTF-8");
	return tap_run(tests);
}
