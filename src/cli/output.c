#include "bdbtop/cli/output.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

int output_flush(const char *what)
{
	errno = 0;
	if (fflush(stdout) != EOF && !ferror(stdout))
		return 0;
	/* an earlier write may have failed, of which the cause is not known any more */
	if (errno != EPIPE)
		fprintf(stderr, "bdbtop: %s could not be written%s%s\n", what, errno ? ": " : ".",
			errno ? strerror(errno) : "");
	return 1;
}
