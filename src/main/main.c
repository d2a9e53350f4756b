#include "program.h"

const struct world world_real = { .clock = &clock_system };

int main(int argc, char **argv)
{
	return program_run(argc, argv, &world_real);
}
