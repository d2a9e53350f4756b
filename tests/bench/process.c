#include "process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "bench.h"

#define PATIENCE_MS	120000
#define KEY_PATIENCE_MS 5000
#define TOGETHER_MAX	16

void process_start(struct process *p, const char *const *argv, const char *const *variables)
{
	struct winsize size = { .ws_row = 40, .ws_col = 120 };

	memset(p, 0, sizeof(*p));
	p->started_ms = now_ms();
	p->pid = forkpty(&p->pty, NULL, NULL, &size);
	if (p->pid < 0)
		die("forkpty");
	if (p->pid) {
		fcntl(p->pty, F_SETFD, FD_CLOEXEC);
		return;
	}
	setenv("TERM", "xterm-256color", 1);
	for (; variables && *variables; variables++)
		putenv((char *)*variables);
	execvp(argv[0], (char *const *)argv);
	_exit(127);
}

/* Reads once, what is there; false: it has ended. */
static bool read_some(struct process *p)
{
	const size_t most = sizeof(p->last) - 1;
	ssize_t got;

	if (p->last_length > most / 2) {
		memmove(p->last, p->last + p->last_length - most / 4, most / 4);
		p->last_length = most / 4;
	}
	got = read(p->pty, p->last + p->last_length, most - p->last_length);
	if (got <= 0) {
		p->ended = true;
		return false;
	}
	p->bytes += (size_t)got;
	p->last_length += (size_t)got;
	p->last[p->last_length] = '\0';
	return true;
}

void process_read_all(struct process *const *all, size_t count, double ms)
{
	struct pollfd fds[TOGETHER_MAX];
	double until = now_ms() + ms, left;
	size_t i;

	while ((left = until - now_ms()) > 0) {
		const struct timespec wait = { (time_t)(left / 1e3),
					       (long)((left - (double)(time_t)(left / 1e3) * 1e3) *
						      1e6) };

		for (i = 0; i < count; i++)
			fds[i] = (struct pollfd){ .fd = all[i]->ended ? -1 : all[i]->pty,
						  .events = POLLIN };
		ppoll(fds, count, &wait, NULL);
		for (i = 0; i < count; i++)
			if (fds[i].revents)
				read_some(all[i]);
	}
}

void process_read(struct process *p, double ms)
{
	process_read_all(&p, 1, ms);
}

/* Waits for output; false: none until the time, or it has ended. */
static bool wait_for_output(struct process *p, double until_ms)
{
	struct pollfd fd = { .fd = p->pty, .events = POLLIN };

	while (!p->ended && now_ms() < until_ms)
		if (poll(&fd, 1, 10) > 0)
			return read_some(p);
	return false;
}

double process_until(struct process *p, const char *words)
{
	double until_ms = now_ms() + PATIENCE_MS;

	p->last_length = 0;
	p->last[0] = '\0';
	while (wait_for_output(p, until_ms))
		if (memmem(p->last, p->last_length, words, strlen(words)))
			break;
	if (!p->ended && now_ms() >= until_ms) {
		errno = 0;
		fprintf(stderr, "bench: \"%s\" did not come, but: %s\n", words, p->last);
		die("the program did not show what it should");
	}
	return now_ms();
}

double process_key(struct process *p, const char *key, size_t bytes)
{
	size_t wanted = p->bytes + bytes;
	double pressed_ms = now_ms();

	if (write(p->pty, key, strlen(key)) < 0)
		die("a key");
	while (p->bytes < wanted)
		if (!wait_for_output(p, pressed_ms + KEY_PATIENCE_MS))
			return -1;
	return now_ms() - pressed_ms;
}

double process_cpu_ms(const struct process *p)
{
	clockid_t clock;
	struct timespec used;

	if (clock_getcpuclockid(p->pid, &clock) || clock_gettime(clock, &used))
		return 0;
	return (double)used.tv_sec * 1e3 + (double)used.tv_nsec / 1e6;
}

double process_peak_mib(const struct process *p)
{
	char path[64], line[256];
	double kib = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/status", (int)p->pid);
	file = fopen(path, "re");
	while (file && fgets(line, sizeof(line), file))
		if (!strncmp(line, "VmHWM:", 6))
			kib = atof(line + 6);
	if (file)
		fclose(file);
	return kib / 1024;
}

struct process_cost process_wait(struct process *p, bool stop)
{
	struct process_cost cost;
	struct rusage used;

	if (stop)
		kill(p->pid, SIGTERM);
	while (!p->ended)
		wait_for_output(p, now_ms() + 1000);
	cost.ended_ms = now_ms();
	if (wait4(p->pid, NULL, 0, &used) < 0)
		die("wait4");
	cost.cpu_ms = (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1e3 +
		      (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e3;
	cost.peak_mib = (double)used.ru_maxrss / 1024;
	close(p->pty);
	return cost;
}
