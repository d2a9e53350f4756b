#include "line_reader.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

void line_reader_init(struct line_reader *reader, int fd, char *buffer)
{
	*reader = (struct line_reader){ .fd = fd, .buffer = buffer };
}

static void take(struct line_reader *reader, size_t length, size_t with_newline,
		 struct file_line *out)
{
	*out = (struct file_line){ .text = reader->too_long ? NULL : reader->buffer + reader->at,
				   .length = length,
				   .offset = reader->offset + (int64_t)reader->at };
	reader->at += with_newline;
	reader->too_long = false;
}

/* Moves what is left to the begin of the buffer and reads more.  Returns the bytes read. */
static ssize_t fill(struct line_reader *reader)
{
	size_t left = reader->length - reader->at;
	ssize_t got;

	if (left == LINE_READER_MAX) {
		reader->too_long = true;
		reader->at = reader->length;
		left = 0;
	}
	memmove(reader->buffer, reader->buffer + reader->at, left);
	reader->offset += (int64_t)reader->at;
	reader->at = 0;
	reader->length = left;
	do
		got = pread(reader->fd, reader->buffer + left, LINE_READER_MAX - left,
			    reader->offset + (int64_t)left);
	while (got < 0 && errno == EINTR);
	reader->length += got > 0 ? (size_t)got : 0;
	return got;
}

int line_reader_next(struct line_reader *reader, struct file_line *out)
{
	size_t searched = 0, left;
	ssize_t got;

	for (;;) {
		const char *begin = reader->buffer + reader->at, *end;

		left = reader->length - reader->at;
		end = memchr(begin + searched, '\n', left - searched);
		if (end) {
			take(reader, (size_t)(end - begin), (size_t)(end - begin) + 1, out);
			return 1;
		}
		searched = left == LINE_READER_MAX ? 0 : left;
		got = fill(reader);
		if (got < 0)
			return -1;
		if (got)
			continue;
		left = reader->length - reader->at;
		if (!left && !reader->too_long)
			return 0;
		take(reader, left, left, out);
		return 1;
	}
}
