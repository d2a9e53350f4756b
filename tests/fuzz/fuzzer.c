/*
 * tests/fuzz/fuzzer.c - runs the target FUZZ_TARGET of the environment under clang's libFuzzer.
 */
#include "tests/fuzz/fuzz.h"

#include <locale.h>

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static const struct fuzz_target *target;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	const char *name = getenv("FUZZ_TARGET");

	(void)argc;
	(void)argv;
	setlocale(LC_ALL, "C.UTF-8");
	target = name ? fuzz_target_find(name) : NULL;
	if (target)
		return 0;
	fprintf(stderr, "FUZZ_TARGET is not a target of tests/fuzz/targets.c.\n");
	exit(2);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	return target->run(bytes, length);
}
