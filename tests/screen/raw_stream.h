/*
 * tests/screen/raw_stream.h - judges each byte that bdbtop sends to a terminal: it is text that
 * acts on nothing, or belongs to a sequence that bdbtop itself writes.  Shares no code with
 * core/text.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct raw_stream {
	bool plain;	/* only text; else also the sequences of the console */
	bool ascii;	/* only ASCII: a locale without UTF-8 */
	enum raw_state { RAW_TEXT, RAW_ESC, RAW_CHARSET, RAW_CSI, RAW_OSC } state;
	char part[16384]; /* of a sequence or of a character */
	size_t length;
	size_t bytes;	/* read so far */
};

/* Reads the next bytes.  Returns NULL, or what is wrong with the first one that is. */
const char *raw_stream_read(struct raw_stream *, const char *bytes, size_t length);
