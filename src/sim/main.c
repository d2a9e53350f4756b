#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "run.h"
#include "config.h"

/* The next socket or file would get the number of a closed descriptor and receive the output.  Open
 * each closed one in the wrong direction, so that its use fails. */
static int open_closed_descriptors(void)
{
	static const int modes[] = { O_WRONLY, O_RDONLY, O_RDONLY };
	int fd;

	for (fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", modes[fd]) < 0)
			return -1;
	return 0;
}

static int flush(void)
{
	errno = 0;
	if (fflush(stdout) != EOF && !ferror(stdout))
		return 0;
	fprintf(stderr, "bdbtop-sim: the output could not be written%s%s\n", errno ? ": " : ".",
		errno ? strerror(errno) : "");
	return 1;
}

int main(int argc, char *argv[])
{
	struct sim_options options;
	struct err err;

	if (open_closed_descriptors() < 0) {
		perror("bdbtop-sim: /dev/null cannot be opened");
		return 1;
	}
	switch (sim_options_parse(&options, argc, argv, &err)) {
	case SIM_MODE_HELP:
		sim_options_help(stdout);
		return flush();
	case SIM_MODE_VERSION:
		puts("bdbtop-sim " PACKAGE_VERSION);
		return flush();
	case SIM_MODE_INVALID:
		fprintf(stderr, "bdbtop-sim: %s\n", err.text);
		return 2;
	default:
		return sim_run(&options);
	}
}
