#include "config.h"

#include <stdio.h>

#include "bdbtop/sim/run.h"

int main(int argc, char *argv[])
{
	struct sim_options options;
	struct err err;

	switch (sim_options_parse(&options, argc, argv, &err)) {
	case SIM_WISH_HELP:
		sim_options_help(stdout);
		return 0;
	case SIM_WISH_VERSION:
		puts("bdbtop-sim " PACKAGE_VERSION);
		return 0;
	case SIM_WISH_WRONG:
		fprintf(stderr, "bdbtop-sim: %s\n", err.text);
		return 2;
	default:
		return sim_run(&options);
	}
}
