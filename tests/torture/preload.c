/*
 * Loaded into bdbtop by LD_PRELOAD: lets chosen allocations of the process and its libraries fail,
 * and reports the peak memory, the blocks that were not freed, the files that were not closed,
 * and the object in which a crash happened.
 *
 * FAIL_REPORT=FILE	gets `calls N` and `peak KIB` at exit, `failed OBJECT+OFFSET` about the
 *			N-th allocation, `for OBJECT+OFFSET` about the call of bdbtop in which that
 *			is, `crash OBJECT` at a crash, and `at OBJECT+OFFSET FUNCTION` for each
 *			frame up to that of bdbtop
 * FAIL_LEAKS=1		and `leak BYTES OBJECT+OFFSET` for each block of bdbtop and of json-c that
 *			is not freed at exit, `leak FILE` for each descriptor that is not closed
 * FAIL_AT=N		the N-th allocation fails
 * FAIL_ON=1		and all later ones
 * FAIL_OWN=1		counts only what the code of bdbtop allocates
 * FAIL_NOW=S		the wall clock always shows this second
 * FAIL_WITHIN=S	SIGALRM ends it then
 */
#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <link.h>
#include <search.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "bdbtop/core/array.h"
#include "tests/real_malloc.h"
#include "tests/torture/blocks.h"
#include "tests/torture/marker.h"

#define FRAMES	      64
#define FILES	      256
#define STACK_BYTES   ((size_t)64 << 10)
/* The code to which a signal handler of x86-64 returns. */
#define SIGNAL_RETURN "\x48\xc7\xc0\x0f\0\0\0\x0f\x05"
#define CALLER	      ((uintptr_t)__builtin_return_address(0))

int __asprintf_chk(char **text, int flag, const char *format, ...);

struct code {
	uintptr_t begin, end;
};

static struct {
	bool armed, all_later, own_only, leaks;
	unsigned long calls, at;
	struct code own, json_c;
	int report;	  /* open from the start, because the sandbox forbids it later; -1: none */
	time_t now_s;	  /* or 0 */
	bool open[FILES]; /* at the start */
	char stack[STACK_BYTES];
} state;

/* The caller in bdbtop of a function of the C library that allocates, or 0. */
static __thread uintptr_t outer_caller;

static bool is_in(const struct code *code, uintptr_t caller)
{
	return caller >= code->begin && caller < code->end;
}

static bool is_own(uintptr_t caller)
{
	return is_in(&state.own, caller);
}

static void report(const char *text)
{
	if (state.report >= 0 && write(state.report, text, strlen(text)) < 0)
		_exit(99);
}

static const char *base_name(const char *path)
{
	const char *name = strrchr(path, '/');

	return name ? name + 1 : path;
}

/* Appends `OBJECT+OFFSET`, which addr2line understands. */
static void report_place(const char *what, uintptr_t caller)
{
	char text[300];
	Dl_info info;

	if (!dladdr((const void *)caller, &info) || !info.dli_fname)
		return;
	snprintf(text, sizeof(text), "%s %s+0x%lx\n", what, base_name(info.dli_fname),
		 (unsigned long)(caller - (uintptr_t)info.dli_fbase));
	report(text);
}

static void report_own_caller(void)
{
	void *frames[FRAMES];
	int i, count = backtrace(frames, FRAMES);

	for (i = 0; i < count && !is_own((uintptr_t)frames[i]); i++)
		;
	if (i < count)
		report_place("for", (uintptr_t)frames[i]);
}

/* --- allocations ---------------------------------------------------------------------------- */

static void add_block(const void *block, size_t size, uintptr_t caller)
{
	if (state.leaks)
		blocks_add(block, size, caller);
}

static struct live_block remove_block(const void *block)
{
	return state.leaks ? blocks_remove(block) : (struct live_block){ .at = 0 };
}

/* Also called by resolver threads of libcurl. */
static bool fails(uintptr_t caller)
{
	unsigned long call;

	if (!state.armed || (state.own_only && !is_own(caller)))
		return false;
	call = __atomic_add_fetch(&state.calls, 1, __ATOMIC_RELAXED);
	if (!state.at || call < state.at || (call > state.at && !state.all_later))
		return false;
	if (call == state.at) {
		state.armed = false;
		report_place("failed", caller);
		report_own_caller();
		state.armed = true;
	}
	errno = ENOMEM;
	return true;
}

static uintptr_t caller_of(uintptr_t caller)
{
	return outer_caller ? outer_caller : caller;
}

static void *allocate(size_t size, uintptr_t caller)
{
	void *block = fails(caller) ? NULL : __libc_malloc(size);

	add_block(block, size, caller);
	return block;
}

static void *resize(void *block, size_t size, uintptr_t caller)
{
	struct live_block old;
	void *fresh;

	if (fails(caller))
		return NULL;
	/* before the call: another thread may get the same address right after it */
	old = remove_block(block);
	fresh = __libc_realloc(block, size);
	if (fresh)
		add_block(fresh, size, old.caller ? old.caller : caller);
	else if (size)
		add_block(block, old.size, old.caller);
	return fresh;
}

void *malloc(size_t size)
{
	return allocate(size, caller_of(CALLER));
}

void *calloc(size_t count, size_t size)
{
	uintptr_t caller = caller_of(CALLER);
	void *block = fails(caller) ? NULL : __libc_calloc(count, size);

	add_block(block, count * size, caller);
	return block;
}

void *realloc(void *block, size_t size)
{
	return resize(block, size, caller_of(CALLER));
}

void *reallocarray(void *block, size_t count, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(count, size, &bytes)) {
		errno = ENOMEM;
		return NULL;
	}
	return resize(block, bytes, caller_of(CALLER));
}

void free(void *block)
{
	int cause = errno;

	remove_block(block);
	__libc_free(block);
	errno = cause;
}

char *strndup(const char *text, size_t max)
{
	size_t length = strnlen(text, max);
	char *copy = allocate(length + 1, caller_of(CALLER));

	if (!copy)
		return NULL;
	copy[length] = '\0';
	return memcpy(copy, text, length);
}

char *strdup(const char *text)
{
	size_t size = strlen(text) + 1;
	char *copy = allocate(size, caller_of(CALLER));

	return copy ? memcpy(copy, text, size) : NULL;
}

/* --- functions of the C library that allocate for their caller ------------------------------- */

/* ISO C has no cast from an object pointer to a function pointer. */
static void find_next(void *function, const char *name)
{
	void *next = dlsym(RTLD_NEXT, name);

	memcpy(function, &next, sizeof(next));
}

#define FORWARD(type, name, parameters, arguments)                                                 \
	type name parameters                                                                       \
	{                                                                                          \
		static type(*next) parameters;                                                     \
		uintptr_t before = outer_caller, caller = CALLER;                                  \
		type result;                                                                       \
		if (!next)                                                                         \
			find_next(&next, #name);                                                   \
		outer_caller = is_own(caller) ? caller : before;                                   \
		result = next arguments;                                                           \
		outer_caller = before;                                                             \
		return result;                                                                     \
	}

FORWARD(FILE *, open_memstream, (char **text, size_t *size), (text, size))
FORWARD(FILE *, fopen, (const char *path, const char *mode), (path, mode))
FORWARD(FILE *, fdopen, (int fd, const char *mode), (fd, mode))
FORWARD(ssize_t, getline, (char **line, size_t *size, FILE *file), (line, size, file))
FORWARD(char *, realpath, (const char *path, char *out), (path, out))
FORWARD(void *, tsearch, (const void *key, void **root, __compar_fn_t compare),
	(key, root, compare))
FORWARD(int, posix_spawn_file_actions_adddup2,
	(posix_spawn_file_actions_t * actions, int fd, int to), (actions, fd, to))
FORWARD(int, posix_spawn_file_actions_addopen,
	(posix_spawn_file_actions_t * actions, int fd, const char *path, int flags, mode_t mode),
	(actions, fd, path, flags, mode))
FORWARD(int, vasprintf, (char **text, const char *format, va_list list), (text, format, list))

int __asprintf_chk(char **text, int flag, const char *format, ...)
{
	uintptr_t before = outer_caller, caller = CALLER;
	va_list list;
	int length;

	(void)flag;
	va_start(list, format);
	outer_caller = is_own(caller) ? caller : before;
	length = vasprintf(text, format, list);
	outer_caller = before;
	va_end(list);
	return length;
}

/* --- the clock ------------------------------------------------------------------------------- */

int clock_gettime(clockid_t clock, struct timespec *out)
{
	static int (*next)(clockid_t, struct timespec *);

	if (clock == CLOCK_REALTIME && state.now_s) {
		*out = (struct timespec){ .tv_sec = state.now_s };
		return 0;
	}
	if (!next)
		find_next(&next, "clock_gettime");
	return next(clock, out);
}

time_t time(time_t *out)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	if (out)
		*out = now.tv_sec;
	return now.tv_sec;
}

/* --- start, end, crash ----------------------------------------------------------------------- */

static bool is_of(const void *frame, const char *object)
{
	Dl_info info;

	return dladdr(frame, &info) && info.dli_fname &&
	       !strncmp(base_name(info.dli_fname), object, strlen(object));
}

/* A bad pointer of another object often crashes in the C library, or here. */
static bool is_blamed(const void *frame)
{
	Dl_info info;

	return dladdr(frame, &info) && info.dli_fname && !is_of(frame, "preload.so") &&
	       !is_of(frame, "libc.") && !is_of(frame, "linux-vdso");
}

static void report_frame(const void *frame)
{
	char what[300];
	Dl_info info;

	if (!dladdr(frame, &info) || !info.dli_fname)
		return;
	snprintf(what, sizeof(what), "at %s+0x%lx %s\n", base_name(info.dli_fname),
		 (unsigned long)((uintptr_t)frame - (uintptr_t)info.dli_fbase),
		 info.dli_sname ? info.dli_sname : "-");
	report(what);
}

/* The first frame after those of the signal handlers: that of bdbtop raises the signal again. */
static int skip_handlers(void *const *frames, int count)
{
	int i, first = 0;

	for (i = 0; i < count; i++)
		if (!memcmp(frames[i], SIGNAL_RETURN, sizeof(SIGNAL_RETURN) - 1))
			first = i + 1;
	return first;
}

static void report_crash(void)
{
	void *frames[FRAMES];
	int count = backtrace(frames, FRAMES), first = skip_handlers(frames, count), i = first;
	char text[200];
	Dl_info info;

	for (; i < count && !is_blamed(frames[i]); i++)
		;
	snprintf(text, sizeof(text), "crash %s\n",
		 i < count && dladdr(frames[i], &info) ? base_name(info.dli_fname) : "?");
	report(text);
	for (i = first; i < count; i++) {
		report_frame(frames[i]);
		if (is_own((uintptr_t)frames[i]))
			break;
	}
}

static void on_crash(int signal_number)
{
	state.armed = false;
	report_crash();
	signal(signal_number, SIG_DFL);
	raise(signal_number);
}

static unsigned long number(const char *name)
{
	const char *text = getenv(name);

	return text ? strtoul(text, NULL, 10) : 0;
}

/* The first object is the program. */
static int on_object(struct dl_phdr_info *info, size_t size, void *arg)
{
	struct code *code = !state.own.end			     ? &state.own
			    : strstr(info->dlpi_name, "/libjson-c.") ? &state.json_c
								     : NULL;
	ElfW(Half) i;

	(void)size;
	(void)arg;
	for (i = 0; code && i < info->dlpi_phnum; i++)
		if (info->dlpi_phdr[i].p_type == PT_LOAD && info->dlpi_phdr[i].p_flags & PF_X) {
			code->begin = info->dlpi_addr + info->dlpi_phdr[i].p_vaddr;
			code->end = code->begin + info->dlpi_phdr[i].p_memsz;
		}
	return 0;
}

/* Not a program that bdbtop runs. */
static bool is_bdbtop(void)
{
	return !strcmp(program_invocation_short_name, "bdbtop");
}

__attribute__((constructor)) static void begin(void)
{
	static const int crashes[] = { SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL };
	stack_t stack = { .ss_sp = state.stack, .ss_size = sizeof(state.stack) };
	struct sigaction action = { .sa_handler = on_crash, .sa_flags = SA_ONSTACK };
	const char *report = getenv("FAIL_REPORT");
	void *frame[1];
	size_t i;

	if (!is_bdbtop())
		return;
	/* the first call loads a library, so not in the signal handler */
	backtrace(frame, 1);
	dl_iterate_phdr(on_object, NULL);
	for (i = 0; i < FILES; i++)
		state.open[i] = fcntl((int)i, F_GETFD) >= 0;
	state.report = report ? open(report, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600) : -1;
	state.at = number("FAIL_AT");
	state.all_later = number("FAIL_ON") != 0;
	state.own_only = number("FAIL_OWN") != 0;
	state.leaks = number("FAIL_LEAKS") != 0;
	state.now_s = (time_t)number("FAIL_NOW");
	sigaltstack(&stack, NULL);
	for (i = 0; i < ARRAY_SIZE(crashes); i++)
		sigaction(crashes[i], &action, NULL);
	alarm((unsigned)number("FAIL_WITHIN"));
	state.armed = true;
	syscall(MARKER_BEGIN);
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

static void on_block(const struct live_block *block)
{
	char what[40];

	if (!is_own(block->caller) && !is_in(&state.json_c, block->caller))
		return;
	snprintf(what, sizeof(what), "leak %zu", block->size);
	report_place(what, block->caller);
}

static void report_files(void)
{
	char path[40], text[300];
	int fd;

	for (fd = 0; fd < FILES; fd++) {
		ssize_t length;

		if (fd == state.report || state.open[fd] || fcntl(fd, F_GETFD) < 0)
			continue;
		snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
		strcpy(text, "leak ");
		length = readlink(path, text + 5, sizeof(text) - 7);
		strcpy(text + 5 + (length > 0 ? length : 0), "\n");
		report(text);
	}
}

__attribute__((destructor)) static void end(void)
{
	char text[80];

	if (!is_bdbtop())
		return;
	syscall(MARKER_END);
	state.armed = false;
	snprintf(text, sizeof(text), "calls %lu\npeak %lu\n", state.calls, peak());
	report(text);
	if (state.leaks) {
		blocks_each(on_block);
		report_files();
	}
	/* the C library writes what it has left */
	syscall(MARKER_BEGIN);
}
