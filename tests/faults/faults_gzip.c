/*
 * A minimal gzip encoder (RFC 1951, 1952), so that the tests need no library for it.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "tests/faults/faults.h"

struct bits {
	unsigned char *at;
	size_t length;
	unsigned held, count;
};

static void put_byte(struct bits *out, unsigned byte)
{
	out->at[out->length++] = (unsigned char)byte;
}

/* Lowest bit first, as everything in deflate except Huffman codes. */
static void put(struct bits *out, unsigned value, unsigned count)
{
	out->held |= value << out->count;
	out->count += count;
	for (; out->count >= 8; out->count -= 8, out->held >>= 8)
		put_byte(out, out->held & 0xff);
}

/* A Huffman code: highest bit first. */
static void put_code(struct bits *out, unsigned code, unsigned count)
{
	while (count--)
		put(out, code >> count & 1, 1);
}

static void put_header(struct bits *out)
{
	static const unsigned char head[10] = { 0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255 };
	size_t i;

	for (i = 0; i < sizeof(head); i++)
		put_byte(out, head[i]);
}

static void put_word(struct bits *out, uint32_t word)
{
	unsigned i;

	for (i = 0; i < 32; i += 8)
		put_byte(out, word >> i & 0xff);
}

static uint32_t crc(uint32_t sum, unsigned char byte)
{
	unsigned i;

	sum ^= byte;
	for (i = 0; i < 8; i++)
		sum = sum >> 1 ^ (sum & 1 ? 0xedb88320u : 0);
	return sum;
}

char *faults_gzip(const char *bytes, size_t length, size_t *out_length)
{
	struct bits out = { .at = malloc(length + length / 1000 * 5 + 64) };
	uint32_t sum = 0xffffffffu;
	size_t i, left = length, piece;

	put_header(&out);
	do {
		piece = left < 65535 ? left : 65535;
		put_byte(&out, piece == left);
		put_byte(&out, piece & 0xff);
		put_byte(&out, piece >> 8 & 0xff);
		put_byte(&out, ~piece & 0xff);
		put_byte(&out, ~piece >> 8 & 0xff);
		for (i = length - left; piece--; i++, left--) {
			put_byte(&out, (unsigned char)bytes[i]);
			sum = crc(sum, (unsigned char)bytes[i]);
		}
	} while (left);
	put_word(&out, ~sum);
	put_word(&out, (uint32_t)length);
	*out_length = out.length;
	return (char *)out.at;
}

char *faults_bomb(size_t size, size_t *out_length)
{
	struct bits out = { .at = malloc(size / 100 + 64) };
	uint32_t sum = 0xffffffffu;
	size_t i, made = 1;

	put_header(&out);
	put(&out, 1, 1); /* the last block */
	put(&out, 1, 2); /* with the fixed codes */
	put_code(&out, 0x30 + 'a', 8);
	for (; size - made >= 258; made += 258) {
		put_code(&out, 0xc0 + 285 - 280, 8); /* 258 bytes ... */
		put_code(&out, 0, 5);		     /* ... from one byte back */
	}
	for (; made < size; made++)
		put_code(&out, 0x30 + 'a', 8);
	put_code(&out, 0, 7);
	put(&out, 0, (8 - out.count) % 8);
	for (i = 0; i < size; i++)
		sum = crc(sum, 'a');
	put_word(&out, ~sum);
	put_word(&out, (uint32_t)size);
	*out_length = out.length;
	return (char *)out.at;
}
