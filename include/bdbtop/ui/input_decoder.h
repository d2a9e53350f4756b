/*
 * ui/input_decoder.h - bytes from the terminal become events.
 *
 * A state machine without a terminal, a clock or a descriptor: bytes and the time are arguments.
 * It consumes whole whatever is not a key, however the bytes are split over reads:
 *
 *   CSI, SS3	to their final byte; `ESC [ M` and three bytes more (the legacy mouse report);
 *		`ESC [ [` and one byte more (function keys of the Linux console)
 *   OSC, DCS,	to ST or BEL, in their 7-bit forms, and as C1: U+0080 to U+009F, and bytes 0x80
 *   APC, PM,	to 0x9F outside valid UTF-8
 *   SOS
 *   ESC x	two bytes
 *
 * CAN and SUB abort each of them.  A lone ESC is the esc key after INPUT_ESCAPE_MS; when one of
 * `[ O ] P _ ^` comes within INPUT_SILENCE_MS after that key, it continues a sequence and is
 * consumed with it.  What has begun is abandoned after INPUT_SILENCE_MS without a byte.
 */
#ifndef BDBTOP_UI_INPUT_DECODER_H
#define BDBTOP_UI_INPUT_DECODER_H

#include <stddef.h>
#include <stdint.h>

#include "bdbtop/session/input.h"

#define INPUT_ESCAPE_MS	   25
#define INPUT_SILENCE_MS   1000
#define INPUT_READ	   4096 /* bytes of one read, at most */
#define INPUT_SEQUENCE	   24	/* bytes of a known key, with its end */
#define INPUT_SEQUENCES	   320	/* known keys, at most */
#define INPUT_PASTE_LENGTH 4096 /* characters of a paste; more are dropped */
#define INPUT_QUEUE	   16

struct input_sequence {
	char bytes[INPUT_SEQUENCE];
	int key; /* 0: a key that does nothing here */
};

/* The body is the decoder's own. */
struct input_decoder {
	bool utf8, mouse;
	struct input_sequence known[INPUT_SEQUENCES];
	size_t known_count;
	/* the read that is being decoded */
	unsigned char read[INPUT_READ];
	size_t length, at;
	bool fresh;		 /* nothing was unfinished before it */
	unsigned decoded;	 /* events that came of it */
	int64_t now_ms, last_ms; /* of the last byte */
	/* a character that has begun */
	unsigned char pending[8];
	size_t pending_length;
	/* a sequence that has begun */
	int state;
	char sequence[INPUT_SEQUENCE * 2];
	size_t sequence_length;
	bool no_key; /* whatever it turns out to be */
	int escapes, report_left;
	bool escaped; /* esc was the last key: */
	int64_t escaped_ms;
	bool pasting, line_over;
	size_t paste_length;
	struct input_event queue[INPUT_QUEUE];
	size_t queue_first, queue_count;
};

/*
 * Begins in the ground state and knows the spellings that terminals agree about.  Without utf8 a
 * character has the bytes that the locale says (mbrtowc), and only those from 0xA0 on may be text.
 * mouse: SGR reports become INPUT_MOUSE; else they are ignored.
 */
void input_decoder_init(struct input_decoder *, bool utf8, bool mouse);
/*
 * One more key: its bytes, as terminfo names them, and what it is (0: it does nothing).  False: it
 * is not taken, because it is known, because there is no room, or because of its form: text, a
 * prefix of sequences that are consumed (cons25 names `ESC [ M` as F1), a control character that
 * is a key by itself.
 */
bool input_decoder_add(struct input_decoder *, const char *bytes, int key);

/*
 * One read of up to INPUT_READ bytes, which are copied; all events of the read before must have
 * been taken.  Bytes that come after the escape delay, but before input_decoder_tick() was called
 * then, still continue a sequence: the reader was late, not they.
 */
void input_decoder_feed(struct input_decoder *, const void *bytes, size_t length, int64_t now_ms);
/* The next event of what was fed; false: there is none.  Of what was taken no copy is kept, for it
 * may be a password. */
bool input_decoder_next(struct input_decoder *, struct input_event *);
/* No byte is waiting at this time: a lone ESC, or a silence, may be over. */
void input_decoder_tick(struct input_decoder *, int64_t now_ms);
/* When input_decoder_tick() has something to do; TIME_NEVER: not before the next byte. */
int64_t input_decoder_due(const struct input_decoder *);
/* Drops all events of what was fed.  What has begun there ends as no key; a paste goes on. */
void input_decoder_drop(struct input_decoder *);

#endif
