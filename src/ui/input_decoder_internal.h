/*
 * ui/input_decoder_internal.h - shared by input_decoder.c (the states) and input_keys.c (known
 * keys, characters, mouse reports).
 */
#pragma once

#include "bdbtop/ui/input_decoder.h"

/* Are the bytes of the sequence so far a known key, or its beginning?  KNOWN_KEY sets the key. */
enum input_known { KNOWN_NONE, KNOWN_PREFIX, KNOWN_KEY };
enum input_known input_known(const struct input_decoder *, int *key);

/* Decodes the pending bytes as one character; INVALID: the first byte does not begin one. */
enum input_character { CHARACTER_INVALID, CHARACTER_UNFINISHED, CHARACTER_COMPLETE };
enum input_character input_character(const struct input_decoder *, int *c);

/* Decodes an SGR mouse report, `0;5;7M`: button, column and row from 1; M pressed, m released.  The
 * event is unchanged if the report is not a click or the wheel. */
void input_decode_report(const char *report, struct input_event *);
