#include "bdbtop/cli/streams.h"

#include <errno.h>
#include <langinfo.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bdbtop/core/text.h"

#define CHUNK	  1024
#define CHARACTER 4 /* maximum bytes of one in UTF-8 */
#define ESCAPE	  9 /* maximum bytes that text_safe() makes of one: `<U+E0041>` */

struct stream {
	int fd;
	size_t rest_length;
	char rest[CHARACTER]; /* of a character whose end was not written yet */
	FILE *file;
};

/* Those of the process, as in the C library. */
static struct {
	struct stream output, errors;
} standard = { .output = { .fd = STDOUT_FILENO }, .errors = { .fd = STDERR_FILENO } };

static int write_all(int fd, const char *bytes, size_t length)
{
	while (length) {
		ssize_t written = write(fd, bytes, length);

		if (written < 0)
			return -1;
		bytes += written;
		length -= (size_t)written;
	}
	return 0;
}

/* --- to a terminal --------------------------------------------------------------------------- */

/* The bytes of the character that begins with this one, as far as it tells. */
static size_t expected_bytes(unsigned char first)
{
	if (first < 0xc2 || first > 0xf4)
		return 1;
	return first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
}

/* True if these bytes may be the beginning of a character, or of the CR LF of CSV. */
static bool is_cut(const char *at, size_t left)
{
	size_t i;

	if (*at == '\r')
		return left == 1;
	for (i = 1; i < left; i++)
		if (((unsigned char)at[i] & 0xc0) != 0x80)
			return false;
	return left < expected_bytes((unsigned char)*at);
}

static bool is_harmless(const char *at, uint32_t code)
{
	if (*at == '\n' || *at == '\t' || (*at == '\r' && at[1] == '\n'))
		return true;
	return !text_is_unsafe(code) && (code < 0x80 || !strcmp(nl_langinfo(CODESET), "UTF-8"));
}

/* Copies one character, or its escape, to out; returns its bytes at `at`. */
static size_t copy_character(struct text *out, const char *at)
{
	char one[CHARACTER + 1] = "", safe[ESCAPE + 1];
	uint32_t code = 0;
	size_t bytes = *at ? text_decode(at, &code) : 1;

	memcpy(one, at, bytes ? bytes : 1);
	if (!*at)
		text_add(out, "^@");
	else if (bytes && is_harmless(at, code))
		text_add(out, one);
	else
		text_add(out, text_safe(safe, sizeof(safe), one, false));
	return bytes ? bytes : 1;
}

/* Writes the rest of the chunk before and up to CHUNK bytes; returns how many of these, -1 when the
 * terminal accepts none. */
static ssize_t write_chunk(struct stream *stream, const char *bytes, size_t length)
{
	char in[CHARACTER + CHUNK + 1], escaped[(CHARACTER + CHUNK) * ESCAPE + 1];
	size_t taken = length < CHUNK ? length : CHUNK, end = stream->rest_length + taken, at = 0;
	struct text out;

	memcpy(in, stream->rest, stream->rest_length);
	memcpy(in + stream->rest_length, bytes, taken);
	in[end] = '\0';
	text_init(&out, escaped, sizeof(escaped));
	while (at < end && !is_cut(in + at, end - at))
		at += copy_character(&out, in + at);
	stream->rest_length = end - at;
	memcpy(stream->rest, in + at, end - at);
	return write_all(stream->fd, escaped, out.length) < 0 ? -1 : (ssize_t)taken;
}

/* --- all that is printed --------------------------------------------------------------------- */

static bool is_terminal(int fd)
{
	int before = errno;
	bool terminal = isatty(fd);

	/* errno is the cause of an earlier failure, or 0 */
	errno = before;
	return terminal;
}

/* Returns 0 on error, as fopencookie() wants it. */
static ssize_t on_write(void *cookie, const char *bytes, size_t length)
{
	struct stream *stream = cookie;
	size_t at;

	if (!is_terminal(stream->fd))
		return write_all(stream->fd, bytes, length) < 0 ? 0 : (ssize_t)length;
	for (at = 0; at < length;) {
		ssize_t written = write_chunk(stream, bytes + at, length - at);

		if (written < 0)
			return 0;
		at += (size_t)written;
	}
	return (ssize_t)length;
}

static int on_close(void *cookie)
{
	free(cookie);
	return 0;
}

static FILE *start(struct stream *stream, int mode)
{
	static const cookie_io_functions_t functions = { .write = on_write };

	if (!stream->file)
		stream->file = fopencookie(stream, "w", functions);
	else
		return stream->file;
	if (stream->file)
		setvbuf(stream->file, NULL, mode, BUFSIZ);
	return stream->file;
}

FILE *stream_output(void)
{
	return start(&standard.output, is_terminal(STDOUT_FILENO) ? _IOLBF : _IOFBF);
}

FILE *stream_errors(void)
{
	return start(&standard.errors, _IONBF);
}

FILE *stream_terminal(int terminal)
{
	static const cookie_io_functions_t functions = { .write = on_write, .close = on_close };
	struct stream *stream = calloc(1, sizeof(*stream));
	FILE *file = stream ? fopencookie(stream, "w", functions) : NULL;

	if (!file)
		free(stream);
	else
		stream->fd = terminal;
	return file;
}

int streams_start(void)
{
	static const char text[] = "bdbtop: Out of memory.\n";

	if (stream_output() && stream_errors())
		return 0;
	write_all(STDERR_FILENO, text, sizeof(text) - 1);
	return -1;
}

void stream_write_at_once(const char *text, size_t length)
{
	write_all(STDOUT_FILENO, text, length);
}
