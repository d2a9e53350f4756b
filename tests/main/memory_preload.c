/*
 * Loaded into bdbtop by LD_PRELOAD: lets chosen allocations of the process and its libraries fail,
 * and reports the peak memory and the object in which a crash happened.
 *
 * FAIL_REPORT=FILE	gets `calls N` and `peak KIB` at exit, `crash NAME` at a crash
 * FAIL_AT=N		the N-th allocation after the first byte sent over TLS fails
 * FAIL_ON=1		and all later ones
 */
#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bdbtop/core/array.h"
#include "tests/real_malloc.h"

#define FRAMES	    64
#define STACK_BYTES ((size_t)64 << 10)

int SSL_write(void *ssl, const void *bytes, int length);

static struct {
	bool armed, all_later;
	unsigned long calls, at;
	int report; /* open from the start, because the sandbox forbids it later; -1: none */
	int (*ssl_write)(void *, const void *, int);
	char stack[STACK_BYTES];
} state;

/* Also called by resolver threads of libcurl. */
static bool fails(void)
{
	unsigned long call;

	if (!state.armed)
		return false;
	call = __atomic_add_fetch(&state.calls, 1, __ATOMIC_RELAXED);
	if (!state.at || call < state.at || (call > state.at && !state.all_later))
		return false;
	errno = ENOMEM;
	return true;
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

int SSL_write(void *ssl, const void *bytes, int length)
{
	state.armed = true;
	return state.ssl_write ? state.ssl_write(ssl, bytes, length) : -1;
}

static void report(const char *text)
{
	if (write(state.report, text, strlen(text)) < 0)
		_exit(99);
}

/* The innermost object that is neither this one nor the C library, because a bad pointer of another
 * object often crashes in the C library. */
static const char *crashed_object(void)
{
	void *frames[FRAMES];
	int i, count = backtrace(frames, FRAMES);

	for (i = 0; i < count; i++) {
		Dl_info info;
		const char *name;

		if (!dladdr(frames[i], &info) || !info.dli_fname)
			continue;
		name = strrchr(info.dli_fname, '/');
		name = name ? name + 1 : info.dli_fname;
		if (strcmp(name, "memory_preload.so") && strncmp(name, "libc.", 5) &&
		    strncmp(name, "linux-vdso", 10))
			return name;
	}
	return "?";
}

static void on_crash(int signal_number)
{
	char text[200];

	state.armed = false;
	snprintf(text, sizeof(text), "crash %s\n", crashed_object());
	report(text);
	signal(signal_number, SIG_DFL);
	raise(signal_number);
}

static unsigned long number(const char *name)
{
	const char *text = getenv(name);

	return text ? strtoul(text, NULL, 10) : 0;
}

__attribute__((constructor)) static void begin(void)
{
	static const int crashes[] = { SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL };
	stack_t stack = { .ss_sp = state.stack, .ss_size = sizeof(state.stack) };
	struct sigaction action = { .sa_handler = on_crash, .sa_flags = SA_ONSTACK };
	const char *report = getenv("FAIL_REPORT");
	void *frame[1];
	size_t i;

	/* the first call loads a library, so not in the signal handler */
	backtrace(frame, 1);
	state.report = report ? open(report, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600) : -1;
	state.at = number("FAIL_AT");
	state.all_later = number("FAIL_ON") != 0;
	/* ISO C has no cast from an object pointer to a function pointer */
	*(void **)&state.ssl_write = dlsym(RTLD_NEXT, "SSL_write");
	sigaltstack(&stack, NULL);
	for (i = 0; i < ARRAY_SIZE(crashes); i++)
		sigaction(crashes[i], &action, NULL);
}

/* The peak resident memory, in KiB. */
static unsigned long peak(void)
{
	FILE *file = fopen("/proc/self/status", "re");
	unsigned long kib = 0;
	char line[200];

	while (file && fgets(line, sizeof(line), file))
		if (sscanf(line, "VmHWM: %lu", &kib) == 1)
			break;
	if (file)
		fclose(file);
	return kib;
}

__attribute__((destructor)) static void end(void)
{
	char text[80];

	state.armed = false;
	snprintf(text, sizeof(text), "calls %lu\npeak %lu\n", state.calls, peak());
	if (state.report >= 0)
		report(text);
}
