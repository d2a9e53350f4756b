/*
 * tests/json/mutate.h - changes a few random bytes of a reply.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define MUTATE_MORE 4

static inline uint32_t next_random(uint32_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 17;
	*seed ^= *seed << 5;
	return *seed;
}

/* Replaces a few bytes by random ones or by JSON punctuation, repeats or removes them.  Returns the
 * new length, at most MUTATE_MORE more than before: the buffer must have room for it. */
static inline size_t mutate(char *body, size_t length, uint32_t *seed)
{
	static const char signs[] = "[]{},:\"'\\0-.eNtnIfu \n<\x01\xff";
	uint32_t times = 1 + next_random(seed) % 4;

	while (times-- && length > 2) {
		size_t at = next_random(seed) % length;

		switch (next_random(seed) % 4) {
		case 0:
			body[at] = (char)next_random(seed);
			break;
		case 1:
			body[at] = signs[next_random(seed) % (sizeof(signs) - 1)];
			break;
		case 2:
			memmove(body + at + 1, body + at, length - at);
			length++;
			break;
		default:
			memmove(body + at, body + at + 1, length - at - 1);
			length--;
		}
	}
	return length;
}
