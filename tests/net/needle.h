/*
 * tests/net/needle.h - searches the memory of this process for a password.  The server runs in a
 * child process, because its log contains the password too.
 */
#pragma once

#include <fcntl.h>
#include <stdbool.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/faults/faults.h"
#include "tests/tap.h"

#define USER	 "admin"
#define LENGTH	 51 /* of the password: with the user and the colon a multiple of three */
#define CHUNK	 ((size_t)64 << 10)
#define TOO_LONG ((size_t)256 << 20) /* shadows of AddressSanitizer and valgrind */

/* What to search for, with every bit inverted, so that the search does not find this copy. */
struct needle {
	unsigned char turned[80];
	size_t length;
};

static inline char password_at(size_t i)
{
	return (char)("abcdefghijklmnopqrstuvwxyz"[i * 7 % 26] ^ (i % 3 ? 0 : ' '));
}

static inline unsigned char login_at(size_t i)
{
	static const char user[] = USER ":";

	return (unsigned char)(i < strlen(user) ? user[i] : password_at(i - strlen(user)));
}

static inline struct needle the_password(void)
{
	struct needle needle = { .length = LENGTH };
	size_t i;

	for (i = 0; i < LENGTH; i++)
		needle.turned[i] = (unsigned char)~password_at(i);
	return needle;
}

static inline struct needle the_header(void)
{
	static const char letters[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const size_t length = strlen(USER ":") + LENGTH;
	struct needle needle = { .length = length / 3 * 4 };
	size_t i;

	for (i = 0; i < needle.length; i++) {
		size_t from = i / 4 * 3;
		unsigned long three = (unsigned long)login_at(from) << 16 |
				      (unsigned long)login_at(from + 1) << 8 | login_at(from + 2);

		needle.turned[i] = (unsigned char)~letters[three >> (18 - i % 4 * 6) & 63];
	}
	return needle;
}

static inline bool stands_at(const unsigned char *at, const struct needle *needle)
{
	size_t i;

	for (i = 0; i < needle->length && (at[i] ^ needle->turned[i]) == 0xff; i++)
		;
	return i == needle->length;
}

/* Counts it in one mapping.  Clears the buffer, because the search covers it too. */
static inline unsigned count_between(int memory, size_t from, size_t to,
				     const struct needle *needle)
{
	static unsigned char buffer[CHUNK];
	unsigned found = 0;
	ssize_t got, i;

	for (; from < to; from += CHUNK - needle->length) {
		size_t want = to - from < CHUNK ? to - from : CHUNK;

		got = pread(memory, buffer, want, (off_t)from);
		for (i = 0; i + (ssize_t)needle->length <= got; i++)
			found += stands_at(buffer + i, needle);
		explicit_bzero(buffer, sizeof(buffer));
	}
	return found;
}

/* How often it is in the writable memory of this process. */
static inline unsigned count(const struct needle *needle)
{
	/* stays open: later the program makes itself undumpable, then only root may open it */
	static int memory = -1;
	FILE *maps = fopen("/proc/self/maps", "re");
	unsigned found = 0;
	size_t from, to;
	char line[512], may[8];

	if (memory < 0)
		memory = open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
	assert_true(memory >= 0 && maps);
	while (fgets(line, sizeof(line), maps))
		if (sscanf(line, "%zx-%zx %7s", &from, &to, may) == 3 && may[1] == 'w' &&
		    to - from < TOO_LONG)
			found += count_between(memory, from, to, needle);
	fclose(maps);
	return found;
}

/* The child: writes its port and its certificate to `out`, then a byte when a request arrived, and
 * answers the request after a byte from `in`. */
static inline void serve(int in, int out, unsigned tls)
{
	struct faults *server =
		faults_new(&(struct faults_setup){ .protocol = FAULTS_TLS, .tls = tls });
	char byte = 'r', pem[4096] = "";
	unsigned port = faults_port(server);

	alarm(60);
	faults_add(server,
		   &(struct fault){ .when = "GET ", .gated = true, .status = 200, .bytes = "[]" });
	snprintf(pem, sizeof(pem), "%s", faults_pem(server));
	if (write(out, &port, sizeof(port)) < 0 || write(out, pem, sizeof(pem)) < 0)
		_exit(1);
	faults_wait(server, 1);
	if (write(out, &byte, 1) != 1 || read(in, &byte, 1) != 1)
		_exit(1);
	faults_open(server);
	(void)!read(in, &byte, 1);
	_exit(0);
}

struct child {
	pid_t pid;
	int in, out;
	unsigned port;
	char pem[4096];
};

static inline struct child child_new(unsigned tls)
{
	struct child child;
	int there[2], back[2];

	assert_int_equal(pipe2(there, O_CLOEXEC) | pipe2(back, O_CLOEXEC), 0);
	child.pid = fork();
	assert_true(child.pid >= 0);
	if (!child.pid) {
		close(there[1]);
		serve(there[0], back[1], tls);
	}
	close(there[0]);
	close(back[1]);
	child.in = back[0];
	child.out = there[1];
	alarm(60);
	assert_int_equal(read(child.in, &child.port, sizeof(child.port)), sizeof(child.port));
	assert_int_equal(read(child.in, child.pem, sizeof(child.pem)), sizeof(child.pem));
	return child;
}

static inline void child_free(struct child *child)
{
	int status;

	close(child->in);
	close(child->out);
	assert_int_equal(waitpid(child->pid, &status, 0), child->pid);
	assert_true(WIFEXITED(status) && !WEXITSTATUS(status));
}
