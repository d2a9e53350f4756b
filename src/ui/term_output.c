/*
 * The way of all bytes out of ui; tests/raw_output-t checks that there is no other.  curses and the
 * escape sequences write into a file in memory; what is in it goes to the terminal without waiting,
 * because a terminal that reads slowly, or nothing, must not block the loop.  Nothing is drawn
 * before the file is empty, so it never contains more than one frame.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/mman.h>
#include <termios.h>
#include <unistd.h>

#include "bdbtop/session/loop.h"
#include "term_internal.h"

#define WRITE_SIZE 16384
#define CRASH_SIZE 512
#define CRASH_WAIT_MS 1000

/* Linux 6.3; the C library of Debian 12 does not have it, and older kernels refuse it */
#ifndef MFD_NOEXEC_SEAL
#define MFD_NOEXEC_SEAL 0x0008U
#endif

static struct {
	FILE *stream; /* of curses */
	int memory;   /* the file; its offset is the end of what it contains */
	off_t sent;   /* the bytes before this one have been written */
	int terminal;
	/* opened here, so that writes do not block: the shell has the other one too, and a change
	 * would change it there */
	bool own;
	uint64_t total;
	char crash[CRASH_SIZE]; /* what term_output_crash() writes */
	size_t crash_length;
} output = { .memory = -1, .terminal = -1 };

static int open_memory(void)
{
	int fd = memfd_create("bdbtop frame", MFD_CLOEXEC | MFD_NOEXEC_SEAL);

	return fd >= 0 || errno != EINVAL ? fd : memfd_create("bdbtop frame", MFD_CLOEXEC);
}

/* The terminal of another user, as after su, can only be opened as one's own. */
static int open_terminal(void)
{
	static const int flags = O_WRONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC;
	int fd = open("/proc/self/fd/1", flags);

	if (fd < 0 && tcgetsid(STDOUT_FILENO) == getsid(0))
		fd = open("/dev/tty", flags);
	return fd;
}

static FILE *open_stream(void)
{
	int fd = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
	FILE *stream = fd < 0 ? NULL : fdopen(fd, "w");

	if (fd >= 0 && !stream)
		close(fd);
	return stream;
}

int term_output_start(void)
{
	int error;

	output.memory = open_memory();
	output.stream = open_stream();
	if (output.memory < 0 || !output.stream) {
		error = errno;
		term_output_stop();
		errno = error;
		return -1;
	}
	output.terminal = open_terminal();
	output.own = output.terminal >= 0;
	if (!output.own)
		output.terminal = STDOUT_FILENO;
	output.sent = 0;
	output.total = 0;
	return 0;
}

FILE *term_output_stream(void)
{
	return output.stream;
}

int term_output_redirect(void)
{
	return dup3(output.memory, fileno(output.stream), O_CLOEXEC) < 0 ? -1 : 0;
}

void term_output_stop(void)
{
	if (output.stream)
		fclose(output.stream);
	if (output.memory >= 0)
		close(output.memory);
	if (output.own)
		close(output.terminal);
	output.stream = NULL;
	output.memory = output.terminal = -1;
	output.own = false;
}

void term_output_add(const char *bytes, size_t length)
{
	while (length) {
		ssize_t written = write(output.memory, bytes, length);

		if (written <= 0)
			return;
		bytes += written;
		length -= (size_t)written;
	}
}

static off_t end(void)
{
	return lseek(output.memory, 0, SEEK_CUR);
}

void term_output_drop(void)
{
	output.total += (uint64_t)(end() - output.sent);
	lseek(output.memory, 0, SEEK_SET);
	output.sent = 0;
}

static bool accepts_a_byte(void)
{
	struct pollfd fd = { .fd = output.terminal, .events = POLLOUT };

	return poll(&fd, 1, 0) > 0;
}

/* Returns how many bytes the terminal accepted, 0 if it is full, -1 if it accepts none anymore. */
static ssize_t write_some(size_t most)
{
	char bytes[WRITE_SIZE];
	ssize_t got, written;

	/* more than one byte might block */
	if (!output.own)
		most = accepts_a_byte();
	got = pread(output.memory, bytes, most < WRITE_SIZE ? most : WRITE_SIZE, output.sent);
	if (got <= 0)
		return got;
	do
		written = write(output.terminal, bytes, (size_t)got);
	while (written < 0 && errno == EINTR);
	return written < 0 && errno == EAGAIN ? 0 : written;
}

enum term_output term_output_flush(void)
{
	off_t length = end();
	enum term_output result = TERM_OUTPUT_DONE;

	while (output.sent < length) {
		ssize_t written = write_some((size_t)(length - output.sent));

		if (!written)
			return TERM_OUTPUT_WAITS;
		if (written < 0) {
			result = TERM_OUTPUT_FAILED;
			break;
		}
		output.sent += written;
		output.total += (uint64_t)written;
	}
	if (length)
		term_output_drop();
	return result;
}

int64_t term_clock_ms(void)
{
	return clock_system.now(NULL).ms;
}

enum term_output term_output_finish(int64_t silence_ms, int64_t total_ms)
{
	struct pollfd fd = { .fd = output.terminal, .events = POLLOUT };
	int64_t now_ms = term_clock_ms(), until_ms = now_ms + total_ms;
	int64_t silent_until_ms = now_ms + silence_ms;

	for (;;) {
		off_t before = output.sent;
		enum term_output result = term_output_flush();
		int64_t left_ms;

		if (result != TERM_OUTPUT_WAITS)
			return result;
		now_ms = term_clock_ms();
		if (output.sent != before)
			silent_until_ms = now_ms + silence_ms;
		left_ms = (silent_until_ms < until_ms ? silent_until_ms : until_ms) - now_ms;
		if (left_ms <= 0)
			return result;
		poll(&fd, 1, (int)left_ms);
	}
}

int term_output_fd(void)
{
	return output.terminal;
}

bool term_output_waits(void)
{
	return output.memory >= 0 && end() > 0;
}

uint64_t term_output_total(void)
{
	return output.total + (uint64_t)(end() - output.sent);
}

void term_output_prepare_crash(const char *bytes, size_t length)
{
	/* a crash during the copy must not write half a string */
	output.crash_length = 0;
	if (length > CRASH_SIZE)
		return;
	memcpy(output.crash, bytes, length);
	output.crash_length = length;
}

/* One byte at a time, each when the terminal accepts it: one that reads nothing must not keep the
 * process. */
void term_output_crash(void)
{
	struct pollfd terminal = { .fd = output.terminal, .events = POLLOUT };
	size_t i;

	for (i = 0; i < output.crash_length; i++)
		if (poll(&terminal, 1, CRASH_WAIT_MS) <= 0 ||
		    write(output.terminal, &output.crash[i], 1) != 1)
			return;
}

int term_output_fill_pipe(const char *text)
{
	size_t length = strlen(text);
	int ends[2];

	if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) < 0)
		return -1;
	if (write(ends[1], text, length) == (ssize_t)length && !fcntl(ends[0], F_SETFL, 0)) {
		close(ends[1]);
		return ends[0];
	}
	close(ends[0]);
	close(ends[1]);
	errno = EFBIG;
	return -1;
}
