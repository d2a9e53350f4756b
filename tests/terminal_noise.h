/*
 * tests/terminal_noise.h - random bytes that a terminal may send although the user typed no
 * command: replies, reports, pastes, keys with Alt, invalid bytes.  The decoder may turn them into
 * esc, cursor keys, pasted text and mouse events, but into no command.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "bdbtop/session/commands.h"
#include "bdbtop/session/input.h"
#include "tests/random.h"

#define NOISE_BYTES 1024
#define NOISE_GAP   950 /* ms, longest gap between reads: below the timeout of a sequence */

struct noise {
	uint64_t state; /* from random_start() */
	unsigned char bytes[NOISE_BYTES];
	bool glued[NOISE_BYTES]; /* the next byte is in the same read; else this is an esc key */
	size_t length;
	bool open; /* the last sequence is incomplete: only the timeout ends it */
};

static inline unsigned noise_roll(struct noise *n, unsigned sides)
{
	return random_below(&n->state, sides);
}

static inline void noise_add(struct noise *n, const char *bytes, size_t length)
{
	memcpy(n->bytes + n->length, bytes, length);
	memset(n->glued + n->length, false, length);
	n->length += length;
}

static inline void noise_text(struct noise *n, const char *text)
{
	noise_add(n, text, strlen(text));
}

static inline void noise_one_of(struct noise *n, const char *bytes)
{
	noise_add(n, bytes + noise_roll(n, (unsigned)strlen(bytes)), 1);
}

/* Bytes that would be commands if they were keys; none of them ends a control string. */
static inline void noise_body(struct noise *n)
{
	static const char *const parts[] = { "b",	 "y",	 "\r",	  "by",	  "yes\r",  "11\r",
					     "rgb:1e1e", ";",	 "q",	  "X",	  "/e\r",   "\n",
					     "\xc3\x9c", "\xff", "\033b", "\x1b", "?",	    "\xc3",
					     "\xe2\x82", "e",	 "i",	  "\t",	  "\x1b[By" };
	unsigned count = noise_roll(n, 8);

	while (count--)
		noise_text(n, parts[noise_roll(n, sizeof(parts) / sizeof(parts[0]))]);
}

/* An introducer in one of its three forms. */
static inline void noise_introducer(struct noise *n, char c)
{
	const char raw = (char)(c + 0x40), seven[] = { 0x1b, c }, eight[] = { (char)0xc2, raw };

	switch (noise_roll(n, 4)) {
	case 0:
		noise_add(n, &raw, 1);
		break;
	case 1:
		noise_add(n, eight, 2);
		break;
	default:
		noise_add(n, seven, 2);
		/* bdbtop has a key X, so after esc it is that key */
		n->glued[n->length - 2] = c == 'X';
		break;
	}
}

static inline void noise_string(struct noise *n, bool open)
{
	static const char *const ends[] = { "\a", "\x1b\\", "\x9c", "\xc2\x9c", "\x18", "\x1a" };

	noise_introducer(n, "]]P_^X"[noise_roll(n, 6)]);
	noise_body(n);
	if (open)
		return;
	/* completes a character that the body may have begun: it would swallow a C1 byte */
	noise_text(n, ";");
	noise_text(n, ends[noise_roll(n, 6)]);
}

/* A control sequence without the final byte of a known key. */
static inline void noise_control(struct noise *n, bool open)
{
	unsigned count = noise_roll(n, 6);

	noise_introducer(n, '[');
	noise_one_of(n, "?>=12345");
	while (count--)
		noise_one_of(n, "0123456789;:");
	if (noise_roll(n, 3) == 0)
		noise_one_of(n, " !\"#$%&'*+");
	if (!open)
		noise_one_of(n, "byRnctIOuxqeis@`{|}");
}

static inline void noise_report(struct noise *n)
{
	int i;

	noise_introducer(n, '[');
	if (noise_roll(n, 2)) {
		noise_text(n, noise_roll(n, 2) ? "<0;5;7M" : "<35;80;24m");
		return;
	}
	noise_text(n, "M");
	for (i = 0; i < 3; i++)
		noise_one_of(n, "byei \r\x1b[Oq\x80\x9b\xc3\xff!#");
}

static inline void noise_paste(struct noise *n, bool open)
{
	static const char *const parts[] = { "b",    "y",      "yes\r", "\n",	  "q", "\xc3\xa9",
					     "\xff", "\x1b[A", "11\r",	"\x1bOP", " " };
	unsigned count = noise_roll(n, 6);

	noise_introducer(n, '[');
	noise_text(n, "200~");
	while (count--)
		noise_text(n, parts[noise_roll(n, sizeof(parts) / sizeof(parts[0]))]);
	if (!open)
		noise_text(n, "\x1b[201~");
}

static inline void noise_alt(struct noise *n)
{
	size_t at = n->length;

	noise_text(n, "\x1b");
	noise_one_of(n, "byeinqxl/?*u!sSrtpjkgG \r\t.\x7f\x03");
	n->glued[at] = true;
}

static inline void noise_piece(struct noise *n, bool open)
{
	/* each is complete: a leading byte alone would form a character with a C1 byte after it */
	static const char *const others[] = { "\xff", "\xc3\xff", "\xe2\x82\xff", "\xc0\xaf",
					      "\xed\xa0\xff" };
	unsigned what = noise_roll(n, 20);

	if (open)
		what = what % 8;
	if (what < 4)
		noise_string(n, open);
	else if (what < 7)
		noise_control(n, open);
	else if (what < 8)
		noise_paste(n, open);
	else if (what < 10)
		noise_report(n);
	else if (what < 11)
		noise_paste(n, false);
	else if (what < 13)
		noise_alt(n);
	else if (what < 14)
		noise_text(n, noise_roll(n, 2) ? "\x1bO5b" : "\x1bOy");
	else if (what < 15)
		noise_text(n, noise_roll(n, 2) ? "\x1b[[B" : "\x1b[[y");
	else if (what < 16)
		noise_text(n, noise_roll(n, 2) ? "\x1b[A" : "\x1bOB");
	else if (what < 17)
		noise_text(n, "\x1b");
	else
		noise_text(n, others[noise_roll(n, 5)]);
}

/* A mix.  It never ends with a lone ESC, which would form one key with the user's next byte. */
static inline void noise_make(struct noise *n)
{
	unsigned pieces = 1 + noise_roll(n, 6);

	n->length = 0;
	n->open = false;
	while (pieces--) {
		n->open = !pieces && noise_roll(n, 8) == 0;
		noise_piece(n, n->open);
	}
	if (n->bytes[n->length - 1] == 0x1b && !n->open)
		noise_text(n, "\x1b[I");
}

/* The end of the read that starts at `from`, and the time before that read. */
static inline size_t noise_split(struct noise *n, size_t from, int64_t *gap_ms)
{
	unsigned most = noise_roll(n, 3) ? 1 + noise_roll(n, 40) : 1;
	size_t to = from + most < n->length ? from + most : n->length;

	while (to < n->length && n->glued[to - 1])
		to++;
	*gap_ms = noise_roll(n, 5) < 3 ? 0 : noise_roll(n, NOISE_GAP + 1);
	return to;
}

/* True if the decoder may produce this event from noise. */
static inline bool noise_allows(const struct input_event *event)
{
	return event->kind != INPUT_KEY || event->key == KEY_ESCAPE ||
	       event->key == KEY_CURSOR_UP || event->key == KEY_CURSOR_DOWN;
}
