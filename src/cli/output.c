#include "bdbtop/cli/output.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

int output_flush(const char *what)
{
	errno = 0;
	if (fflush(stdout) != EOF && !ferror(stdout))
		return 0;
	/* errno is 0 when an earlier write failed: its cause is lost */
	if (errno != EPIPE)
		fprintf(stderr, "bdbtop: %s could not be written%s%s\n", what, errno ? ": " : ".",
			errno ? strerror(errno) : "");
	return 1;
}
