/*
 * Runs a program of the build directory and lets chosen system calls fail, those of its libraries
 * included.  Not a test: the tests of this folder run it, by hand it runs as
 *
 *	FAIL_CALL=write FAIL_CALL_WITH=ENOSPC FAIL_CALL_AT=3 FAIL_REPORT=/dev/stderr \
 *		FAIL_PRELOAD=tests/torture/preload.so tests/torture/tracer bdbtop list
 *
 * FAIL_CALL=KIND	which calls: see `kinds`
 * FAIL_CALL_WITH=WHAT	the error that they return, `short`: they take one byte, `zero`: return 0
 * FAIL_CALL_AT=N	the N-th call, counted from main() on; 0, the default: none
 * FAIL_CALL_ON=1	and all later ones
 * FAIL_REPORT=FILE	gets `traced N` at the end, and `hit CALL FILE` about the N-th call
 * FAIL_PRELOAD=FILE	tests/torture/preload.so, which marks the start and the end
 *
 * It ends as the program does.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bdbtop/core/array.h"
#include "tests/env_number.h"
#include "tests/main/child.h"
#include "tests/torture/marker.h"

/* Before the first call that counts. */
#define TRACED_SIGNAL SIGSTOP

struct system_call {
	const char *kind, *name;
	long number;
	int file, length; /* its arguments with a file descriptor or a path, and a length; or -1 */
	bool is_path;
};

static const struct system_call calls[] = {
	{ "write", "write", SYS_write, 0, 2, false },
	{ "write", "pwrite64", SYS_pwrite64, 0, 2, false },
	{ "write", "writev", SYS_writev, 0, -1, false },
	{ "read", "read", SYS_read, 0, 2, false },
	{ "read", "pread64", SYS_pread64, 0, 2, false },
	{ "open", "open", SYS_open, 0, -1, true },
	{ "open", "openat", SYS_openat, 1, -1, true },
	{ "fsync", "fsync", SYS_fsync, 0, -1, false },
	{ "fsync", "fdatasync", SYS_fdatasync, 0, -1, false },
	{ "rename", "rename", SYS_rename, 0, -1, true },
	{ "rename", "link", SYS_link, 0, -1, true },
	{ "socket", "socket", SYS_socket, -1, -1, false },
	{ "socket", "socketpair", SYS_socketpair, -1, -1, false },
	{ "socket", "pipe2", SYS_pipe2, -1, -1, false },
	{ "socket", "eventfd2", SYS_eventfd2, -1, -1, false },
	{ "socket", "signalfd4", SYS_signalfd4, -1, -1, false },
	{ "poll", "poll", SYS_poll, -1, -1, false },
	{ "poll", "ppoll", SYS_ppoll, -1, -1, false },
	{ "send", "sendto", SYS_sendto, 0, 2, false },
	{ "send", "sendmsg", SYS_sendmsg, 0, -1, false },
	{ "send", "connect", SYS_connect, 0, -1, false },
	{ "receive", "recvfrom", SYS_recvfrom, 0, 2, false },
	{ "receive", "recvmsg", SYS_recvmsg, 0, -1, false },
	{ "process", "fork", SYS_fork, -1, -1, false },
	{ "process", "vfork", SYS_vfork, -1, -1, false },
	{ "process", "clone", SYS_clone, -1, -1, false },
	{ "process", "clone3", SYS_clone3, -1, -1, false },
	{ "file", "newfstatat", SYS_newfstatat, 1, -1, true },
	{ "file", "mkdir", SYS_mkdir, 0, -1, true },
	{ "file", "flock", SYS_flock, 0, -1, false },
	{ "file", "unlink", SYS_unlink, 0, -1, true },
	{ "file", "fchmod", SYS_fchmod, 0, -1, false },
};

static const struct {
	const char *name;
	int cause;
} causes[] = {
	{ "ENOSPC", ENOSPC }, { "EIO", EIO },	    { "EMFILE", EMFILE }, { "EINTR", EINTR },
	{ "EAGAIN", EAGAIN }, { "ENOMEM", ENOMEM }, { "EACCES", EACCES }, { "zero", 0 },
};

static struct {
	const char *kind;
	bool is_short, all_later, armed;
	int cause;
	unsigned long at, count;
	int report;
} tracer;

static void report(const char *format, ...)
{
	va_list list;

	va_start(list, format);
	vdprintf(tracer.report, format, list);
	va_end(list);
}

#ifdef __x86_64__

static unsigned long long *argument(struct user_regs_struct *regs, int i)
{
	unsigned long long *all[] = { &regs->rdi, &regs->rsi, &regs->rdx };

	return all[i];
}

static const struct system_call *find_call(struct user_regs_struct *regs)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(calls); i++) {
		const struct system_call *call = &calls[i];

		if (call->number != (long)regs->orig_rax || strcmp(call->kind, tracer.kind) != 0)
			continue;
		if (tracer.is_short && (call->length < 0 || *argument(regs, call->length) < 2))
			return NULL;
		return call;
	}
	return NULL;
}

static void read_path(pid_t pid, unsigned long long at, char *out, size_t size)
{
	char path[64];
	int memory;

	snprintf(path, sizeof(path), "/proc/%d/mem", (int)pid);
	memory = open(path, O_RDONLY | O_CLOEXEC);
	if (pread(memory, out, size - 1, (off_t)at) < 0)
		strcpy(out, "?");
	close(memory);
}

static void read_link(pid_t pid, unsigned long long fd, char *out, size_t size)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/fd/%d", (int)pid, (int)fd);
	if (readlink(path, out, size - 1) < 0)
		strcpy(out, "?");
}

/* The path, or what the descriptor is about. */
static void describe(pid_t pid, const struct system_call *call, struct user_regs_struct *regs)
{
	char text[300] = "";

	if (call->is_path)
		read_path(pid, *argument(regs, call->file), text, sizeof(text));
	if (!*text && call->file >= 0)
		read_link(pid, *argument(regs, 0), text, sizeof(text));
	report("hit %s %s\n", call->name, *text ? text : "-");
}

/* Changes the call that begins; true: its result must be changed when it ends. */
static bool on_entry(pid_t pid)
{
	struct user_regs_struct regs;
	const struct system_call *call;

	ptrace(PTRACE_GETREGS, pid, NULL, &regs);
	if ((long)regs.orig_rax == MARKER_BEGIN || (long)regs.orig_rax == MARKER_END)
		tracer.armed = (long)regs.orig_rax == MARKER_BEGIN;
	call = tracer.armed ? find_call(&regs) : NULL;
	if (!call)
		return false;
	tracer.count++;
	if (!tracer.at || tracer.count < tracer.at ||
	    (tracer.count > tracer.at && !tracer.all_later))
		return false;
	if (tracer.count == tracer.at)
		describe(pid, call, &regs);
	if (tracer.is_short)
		*argument(&regs, call->length) = 1;
	else
		regs.orig_rax = (unsigned long long)-1;
	ptrace(PTRACE_SETREGS, pid, NULL, &regs);
	return !tracer.is_short;
}

static void set_result(pid_t pid)
{
	struct user_regs_struct regs;

	ptrace(PTRACE_GETREGS, pid, NULL, &regs);
	regs.rax = (unsigned long long)(long long)-tracer.cause;
	ptrace(PTRACE_SETREGS, pid, NULL, &regs);
}

#else

static bool on_entry(pid_t pid)
{
	(void)pid;
	return false;
}

static void set_result(pid_t pid)
{
	(void)pid;
}

#endif

/* --- threads --------------------------------------------------------------------------------- */

#define THREADS_MAX 64

static struct thread {
	pid_t pid;
	bool inside, changed; /* a call; its result is to be changed */
} threads[THREADS_MAX];

static struct thread *find_thread(pid_t pid)
{
	size_t i;

	for (i = 0; i < THREADS_MAX && threads[i].pid && threads[i].pid != pid; i++)
		;
	if (i == THREADS_MAX)
		_exit(97);
	threads[i].pid = pid;
	return &threads[i];
}

static void on_call(struct thread *thread)
{
	thread->inside = !thread->inside;
	if (thread->inside)
		thread->changed = on_entry(thread->pid);
	else if (thread->changed)
		set_result(thread->pid);
}

/* Lets a thread go on; returns the signal that it gets. */
static int on_stop(struct thread *thread, int status)
{
	int signal_number = WSTOPSIG(status);

	if (signal_number == (SIGTRAP | 0x80))
		on_call(thread);
	else if (signal_number != SIGTRAP && signal_number != TRACED_SIGNAL)
		return signal_number;
	return 0;
}

/* Returns the status of waitpid(). */
static int trace(pid_t child)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, __WALL)) > 0) {
		if (!WIFSTOPPED(status)) {
			if (pid == child)
				return status;
			find_thread(pid)->inside = false;
			continue;
		}
		ptrace(PTRACE_SYSCALL, pid, NULL, on_stop(find_thread(pid), status));
	}
	return status;
}

/* --- start ----------------------------------------------------------------------------------- */

static int read_cause(const char *what)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(causes); i++)
		if (!strcmp(causes[i].name, what))
			return causes[i].cause;
	fprintf(stderr, "tracer: unknown error %s\n", what);
	exit(96);
}

static void read_environment(void)
{
	const char *what = getenv("FAIL_CALL_WITH"), *file = getenv("FAIL_REPORT");

	tracer.kind = getenv("FAIL_CALL");
	tracer.kind = tracer.kind ? tracer.kind : "";
	tracer.is_short = what && !strcmp(what, "short");
	tracer.cause = what && !tracer.is_short ? read_cause(what) : 0;
	tracer.at = env_number("FAIL_CALL_AT", 0);
	tracer.all_later = env_number("FAIL_CALL_ON", 0) != 0;
	tracer.report = open(file ? file : "/dev/null", O_WRONLY | O_APPEND | O_CLOEXEC);
}

static void be_traced(char **argv)
{
	const char *preload = getenv("FAIL_PRELOAD");

	if (preload)
		setenv("LD_PRELOAD", preload, 1);
	if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) < 0)
		_exit(95);
	raise(TRACED_SIGNAL);
	child_exec(argv[1], (const char *const *)(argv + 2));
}

int main(int argc, char **argv)
{
	int status = 0;
	pid_t child;

	if (argc < 2) {
		fputs("tracer: started by the tests of tests/torture, with a program.\n", stderr);
		return 96;
	}
	read_environment();
	child = fork();
	if (child == 0)
		be_traced(argv);
	if (child < 0 || waitpid(child, &status, 0) != child || !WIFSTOPPED(status))
		return 95;
	ptrace(PTRACE_SETOPTIONS, child, NULL,
	       PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL | PTRACE_O_TRACECLONE);
	ptrace(PTRACE_SYSCALL, child, NULL, 0);
	status = trace(child);
	report("traced %lu\n", tracer.count);
	if (WIFEXITED(status))
		return WEXITSTATUS(status);
	signal(WTERMSIG(status), SIG_DFL);
	raise(WTERMSIG(status));
	return 94;
}
