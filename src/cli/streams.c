#include "streams.h"

#include <unistd.h>

FILE *stream_output(void)
{
	return stdout;
}

FILE *stream_errors(void)
{
	return stderr;
}

FILE *stream_terminal(int terminal)
{
	int copy = dup(terminal);
	FILE *out = copy < 0 ? NULL : fdopen(copy, "w");

	if (!out && copy >= 0)
		close(copy);
	return out;
}
