/*
 * tests/net/needle.h - searches the memory of this process for a password.  The server runs in a
 * child process, because its log contains the password too.
 */
#pragma once

#include <fcntl.h>
#include <stdbool.h>
#include <sys/socket.h>
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

struct child {
	pid_t pid;
	int fd; /* a byte comes when it has a request; it answers after a byte from us */
	struct {
		unsigned port;
		char pem[4096];
	} at;
};

/* Answers a POST with the password as a token; holds back the answers to GET. */
static inline void serve(struct child *child, unsigned tls, size_t requests)
{
	struct faults *server =
		faults_new(&(struct faults_setup){ .protocol = FAULTS_TLS, .tls = tls });
	char byte = 'r', token[32 + LENGTH];
	size_t i, begin = (size_t)snprintf(token, sizeof(token), "{\"access_token\":\"");

	alarm(60);
	for (i = 0; i < LENGTH; i++)
		token[begin + i] = password_at(i);
	snprintf(token + begin + LENGTH, sizeof(token) - begin - LENGTH, "\"}");
	faults_add(server, &(struct fault){ .when = "POST ", .status = 200, .bytes = token });
	faults_add(server,
		   &(struct fault){ .when = "GET ", .gated = true, .status = 200, .bytes = "[]" });
	child->at.port = faults_port(server);
	snprintf(child->at.pem, sizeof(child->at.pem), "%s", faults_pem(server));
	if (write(child->fd, &child->at, sizeof(child->at)) < 0)
		_exit(1);
	faults_wait(server, requests);
	if (write(child->fd, &byte, 1) != 1 || read(child->fd, &byte, 1) != 1)
		_exit(1);
	faults_open(server);
	(void)!read(child->fd, &byte, 1);
	_exit(0);
}

/* A server that tells of this many requests. */
static inline struct child child_new(unsigned tls, size_t requests)
{
	struct child child = { .pid = -1 };
	int ends[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
	child.pid = fork();
	assert_true(child.pid >= 0);
	child.fd = ends[!child.pid];
	close(ends[!!child.pid]);
	if (!child.pid)
		serve(&child, tls, requests);
	alarm(60);
	assert_int_equal(recv(child.fd, &child.at, sizeof(child.at), MSG_WAITALL),
			 sizeof(child.at));
	return child;
}

static inline void child_free(struct child *child)
{
	int status;

	close(child->fd);
	assert_int_equal(waitpid(child->pid, &status, 0), child->pid);
	assert_true(WIFEXITED(status) && !WEXITSTATUS(status));
}
