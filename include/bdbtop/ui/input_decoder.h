/*
 * ui/input_decoder.h - bytes from the terminal become events.
 *
 * The decoder is a state machine without terminal, clock or descriptor: bytes and the time are
 * arguments.  It consumes every sequence that is not a key completely, however reads split it:
 *
 *   CSI, SS3	to their final byte; `ESC [ M` and three bytes more (the legacy mouse report);
 *		`ESC [ [` and one byte more (function keys of the Linux console)
 *   OSC, DCS,	to ST or BEL, in their 7-bit forms, and as C1: U+0080 to U+009F, and bytes 0x80
 *   APC, PM,	to 0x9F outside valid UTF-8
 *   SOS
 *   ESC x	two bytes
 *
 * CAN and SUB abort each of them.  A lone ESC is the esc key after INPUT_ESCAPE_MS.  One of
 * `[ O ] P _ ^` within INPUT_SILENCE_MS after that key continues a sequence and is consumed with
 * it.  An incomplete sequence is abandoned after INPUT_SILENCE_MS without a byte.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "bdbtop/session/input.h"

#define INPUT_ESCAPE_MS	   25
#define INPUT_SILENCE_MS   1000
#define INPUT_READ	   4096 /* maximum bytes of one read */
#define INPUT_SEQUENCE	   24	/* bytes of a known key with the final NUL */
#define INPUT_SEQUENCES	   320	/* maximum number of known keys */
#define INPUT_PASTE_LENGTH 4096 /* maximum characters of a paste; more are dropped */
#define INPUT_QUEUE	   16

/* What the terminal replied to the query about mode 2026, synchronized output. */
enum mode_support { MODE_UNKNOWN, MODE_SUPPORTED, MODE_UNSUPPORTED };

struct input_sequence {
	char bytes[INPUT_SEQUENCE];
	int key; /* 0: a key without a function in bdbtop */
};

/* Only the decoder uses the members, except that `synchronized` may be read. */
struct input_decoder {
	bool utf8, mouse;
	struct input_sequence known[INPUT_SEQUENCES];
	size_t known_count;
	/* the current read */
	unsigned char read[INPUT_READ];
	size_t length, at;
	bool fresh;		 /* nothing was incomplete before this read */
	unsigned decoded;	 /* events of this read so far */
	int64_t now_ms, last_ms; /* time of the read; time of the last byte */
	/* the bytes of an incomplete character */
	unsigned char pending[8];
	size_t pending_length;
	/* an incomplete sequence */
	int state;
	char sequence[INPUT_SEQUENCE * 2];
	size_t sequence_length;
	bool no_key; /* the sequence must not become a key */
	int escapes, report_left;
	bool escaped; /* the last event was the esc key, at */
	int64_t escaped_ms;
	/* The newest reply outside a paste.  It is also an INPUT_IGNORED like every reply. */
	enum mode_support synchronized;
	bool pasting, line_over;
	size_t paste_length;
	struct input_event queue[INPUT_QUEUE];
	size_t queue_first, queue_count;
};

/*
 * Starts in the ground state with the key sequences that terminals have in common.  Without utf8
 * the locale decodes characters (mbrtowc): bytes from 0x80 to 0x9F never begin one.  With mouse,
 * SGR reports become INPUT_MOUSE; without, they are ignored.
 */
void input_decoder_init(struct input_decoder *, bool utf8, bool mouse);
/*
 * Adds a key: its bytes from terminfo, and the key (0: without a function).  Returns false if the
 * bytes are known, the table is full, or the bytes cannot be a key: text, the prefix of a sequence
 * that is consumed (cons25 has `ESC [ M` as F1), a control character that is a key by itself.
 */
bool input_decoder_add(struct input_decoder *, const char *bytes, int key);

/*
 * Copies one read of up to INPUT_READ bytes; all events of the previous read must have been taken.
 * Bytes after the escape delay still continue a sequence if input_decoder_tick() was not called in
 * between: the reader was late, not the bytes.
 */
void input_decoder_feed(struct input_decoder *, const void *bytes, size_t length, int64_t now_ms);
/* The next event of the read; false: none.  The decoder keeps no copy of events or their bytes,
 * because they may be a password. */
bool input_decoder_next(struct input_decoder *, struct input_event *);
/* Must be called when no byte is pending: ends a lone ESC or an incomplete sequence that is due. */
void input_decoder_tick(struct input_decoder *, int64_t now_ms);
/* When input_decoder_tick() is due; TIME_NEVER: not before the next byte. */
int64_t input_decoder_due(const struct input_decoder *);
/* Drops all events of the read.  An incomplete sequence will not become a key; a paste goes on. */
void input_decoder_drop(struct input_decoder *);
