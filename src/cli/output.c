#include "bdbtop/cli/output.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "bdbtop/cli/streams.h"

/* Returns 0, or -1 with errno: EPIPE when the reader has closed the pipe; 0 when an earlier write
 * failed, whose cause is lost. */
static int flush(void)
{
	struct pollfd pipe = { .fd = STDOUT_FILENO, .events = POLLOUT };

	errno = 0;
	if (fflush(stream_output()) != EOF && !ferror(stream_output()))
		return 0;
	if (!errno && poll(&pipe, 1, 0) == 1 && pipe.revents & POLLERR)
		errno = EPIPE;
	return -1;
}

static int report(const char *what, enum error_form form)
{
	struct err err;

	err_set_code(&err, ERR_CODE_IO, ERR_FINAL, "%s could not be written%s%s", what,
		     errno ? ": " : ".", errno ? strerror(errno) : "");
	return error_report(form, NULL, &err, 1);
}

int output_flush(const char *what)
{
	if (!flush())
		return 0;
	return errno == EPIPE ? 1 : report(what, ERROR_LINE);
}

int output_end(const char *what, enum error_form form)
{
	return !flush() || errno == EPIPE ? 0 : report(what, form);
}

bool output_is_closed(void)
{
	return flush() < 0;
}
