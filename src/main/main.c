#include "program.h"

const struct program program_real = { .clock = &clock_system };

int main(int argc, char **argv)
{
	return program_run(argc, argv, &program_real);
}
