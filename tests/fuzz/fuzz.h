/*
 * tests/fuzz/fuzz.h - what reads bytes from outside, as targets for a fuzzer.
 *
 * A target gets any bytes, and checks what must hold whatever they are.  libFuzzer runs one
 * (tests/fuzz/fuzzer.c), and tests/fuzz/corpus-t.c runs all on the corpus and on changes of it.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct fuzz_target {
	const char *name; /* of its folder in tests/fuzz/corpus */
	int (*run)(const uint8_t *bytes, size_t length);
};
/* A row without a name is the end. */
extern const struct fuzz_target fuzz_targets[];

/* The target with this name, or NULL. */
const struct fuzz_target *fuzz_target_find(const char *name);

/* Ends the process with SIGABRT unless it is true; works without NDEBUG and without cmocka. */
#define FUZZ_CHECK(condition)                                                                      \
	do {                                                                                       \
		if (!(condition))                                                                  \
			fuzz_fail(__FILE__, __LINE__, #condition);                                 \
	} while (0)
/* Prints what does not hold where, and ends the process. */
_Noreturn void fuzz_fail(const char *file, int line, const char *condition);

/* A copy with a NUL at its end, to be freed, as what reads strings gets it. */
char *fuzz_text(const uint8_t *bytes, size_t length);

/* The text ends within size bytes, is valid UTF-8, and has nothing that a terminal acts on. */
void fuzz_check_safe(const char *text, size_t size);

/* The same for each line of a text. */
void fuzz_check_safe_lines(const char *text);

/* The lengths of the next piece of so many bytes: the same bytes are cut in the same places. */
struct fuzz_cuts {
	uint32_t seed;
	size_t most; /* bytes of a piece */
	bool random;
};
/* round 0: all at once; 1: byte by byte, unless it is long; others: random pieces. */
struct fuzz_cuts fuzz_cuts(const uint8_t *bytes, size_t length, int round);
/* Bytes of the next piece, 1 to left; left > 0. */
size_t fuzz_cut(struct fuzz_cuts *, size_t left);
#define FUZZ_ROUNDS 3

/* A file with these bytes that only the user can write: its path, valid until the next call. */
const char *fuzz_file(const uint8_t *bytes, size_t length);
/* The directory FUZZ_DIRECTORY is the state directory of the targets that have one; writes the file
 * NAME of bdbtop there.  Returns XDG_STATE_HOME. */
const char *fuzz_state_file(const char *name, const uint8_t *bytes, size_t length);

/* The targets, one a file of the table in targets.c. */
int fuzz_action(const uint8_t *, size_t);
int fuzz_address(const uint8_t *, size_t);
int fuzz_alert(const uint8_t *, size_t);
int fuzz_audit_line(const uint8_t *, size_t);
int fuzz_audit_log(const uint8_t *, size_t);
int fuzz_bdb(const uint8_t *, size_t);
int fuzz_bdb_info(const uint8_t *, size_t);
int fuzz_bdb_info_one(const uint8_t *, size_t);
int fuzz_config(const uint8_t *, size_t);
int fuzz_error_body(const uint8_t *, size_t);
int fuzz_event(const uint8_t *, size_t);
int fuzz_filter(const uint8_t *, size_t);
int fuzz_input(const uint8_t *, size_t);
int fuzz_last_list(const uint8_t *, size_t);
int fuzz_module(const uint8_t *, size_t);
int fuzz_node(const uint8_t *, size_t);
int fuzz_pins(const uint8_t *, size_t);
int fuzz_prefs(const uint8_t *, size_t);
int fuzz_progress(const uint8_t *, size_t);
int fuzz_redisctl_file(const uint8_t *, size_t);
int fuzz_redisctl_list(const uint8_t *, size_t);
int fuzz_scenario(const uint8_t *, size_t);
int fuzz_shard(const uint8_t *, size_t);
int fuzz_text_safe(const uint8_t *, size_t);
int fuzz_time(const uint8_t *, size_t);
int fuzz_token(const uint8_t *, size_t);
int fuzz_toml(const uint8_t *, size_t);
