/*
 * What the decoder knows: the bytes of keys, characters and mouse reports.
 */
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "bdbtop/core/array.h"
#include "bdbtop/session/commands.h"
#include "input_decoder_internal.h"

#define ESC 0x1b

/* Common byte sequences of keys, known in addition to those of terminfo. */
static const struct input_sequence key_spellings[] = {
	{ "\033[A", KEY_CURSOR_UP },	{ "\033OA", KEY_CURSOR_UP },
	{ "\033[B", KEY_CURSOR_DOWN },	{ "\033OB", KEY_CURSOR_DOWN },
	{ "\033[5~", KEY_PAGE_UP },	{ "\033[6~", KEY_PAGE_DOWN },
	{ "\033[H", KEY_FIRST },	{ "\033OH", KEY_FIRST },
	{ "\033[1~", KEY_FIRST },	{ "\033[7~", KEY_FIRST },
	{ "\033[F", KEY_LAST },		{ "\033OF", KEY_LAST },
	{ "\033[4~", KEY_LAST },	{ "\033[8~", KEY_LAST },
	{ "\033OP", KEY_FUNCTION_1 },	{ "\033[[A", KEY_FUNCTION_1 },
	{ "\033[11~", KEY_FUNCTION_1 }, { "\033[15~", KEY_FUNCTION_5 },
	{ "\033[[E", KEY_FUNCTION_5 },	{ "\033Ot", KEY_FUNCTION_5 },
};

void input_decoder_init(struct input_decoder *d, bool utf8, bool mouse)
{
	*d = (struct input_decoder){ .utf8 = utf8, .mouse = mouse };
	memcpy(d->known, key_spellings, sizeof(key_spellings));
	d->known_count = ARRAY_SIZE(key_spellings);
}

/* --- known keys ------------------------------------------------------------------------------ */

static bool is_final(char c)
{
	return c >= '@' && c <= '~';
}

/* rest: the bytes after `ESC [`. */
static bool is_csi_form(const char *rest)
{
	size_t i, last = strlen(rest) - 1;

	if (rest[0] == '[')
		return last == 1;
	/* the bytes after these are always consumed */
	if (!rest[0] || rest[0] == 'M' || rest[0] == '<')
		return false;
	for (i = 0; i < last; i++)
		if (rest[i] < ' ' || is_final(rest[i]) || rest[i] == 0x7f)
			return false;
	return is_final(rest[last]) || (rest[last] == '$' && last > 0);
}

/* rest: the bytes after `ESC O`. */
static bool is_ss3_form(const char *rest)
{
	rest += strspn(rest, "0123456789;");
	return rest[0] > ' ' && rest[0] < 0x7f && !rest[1];
}

/* A key that begins with a control character must not hide a key of bdbtop. */
static bool is_control_form(const char *bytes, int key)
{
	static const char own[] = { KEY_CTRL_C, KEY_CTRL_L, '\r', KEY_CTRL_U, KEY_CTRL_Z, '\t', 0 };
	unsigned char first = (unsigned char)bytes[0];

	if (first >= ' ' && first != 0x7f)
		return false;
	return bytes[1] ? !strchr(own, first) && first != '\n' && first != '\b'
			: key && !strchr(own, first);
}

static bool is_key_form(const char *bytes, int key)
{
	if (bytes[0] != ESC)
		return is_control_form(bytes, key);
	switch (bytes[1]) {
	case '[':
		return is_csi_form(bytes + 2);
	case 'O':
		return is_ss3_form(bytes + 2);
	case '\0':
	case ']':
	case 'P':
	case '_':
	case '^':
	case 'X':
	case ESC:
		return false;
	default:
		return true;
	}
}

bool input_decoder_add(struct input_decoder *d, const char *bytes, int key)
{
	unsigned char first = (unsigned char)bytes[0];
	struct input_sequence sequence = { .key = key };
	size_t i, length = 0;

	/* the decoder turns an 8-bit introducer into the 7-bit one */
	if (first == 0x9b || first == 0x8f) {
		sequence.bytes[length++] = ESC;
		sequence.bytes[length++] = first == 0x9b ? '[' : 'O';
		bytes++;
	}
	if (!first || strlen(bytes) + length >= INPUT_SEQUENCE)
		return false;
	strcpy(sequence.bytes + length, bytes);
	if (!is_key_form(sequence.bytes, key) || d->known_count == INPUT_SEQUENCES)
		return false;
	for (i = 0; i < d->known_count; i++)
		if (!strcmp(d->known[i].bytes, sequence.bytes))
			return false;
	d->known[d->known_count++] = sequence;
	return true;
}

enum input_known input_known(const struct input_decoder *d, int *key)
{
	enum input_known known = KNOWN_NONE;
	size_t i;

	for (i = 0; i < d->known_count; i++) {
		if (strncmp(d->known[i].bytes, d->sequence, d->sequence_length) != 0)
			continue;
		if (!d->known[i].bytes[d->sequence_length]) {
			*key = d->known[i].key;
			return KNOWN_KEY;
		}
		known = KNOWN_PREFIX;
	}
	return known;
}

/* --- characters ------------------------------------------------------------------------------ */

/* The range of the second byte excludes overlong forms, surrogates and code points above
 * U+10FFFF. */
static const struct {
	unsigned char first, last, second_min, second_max, length;
} leads[] = {
	{ 0xc2, 0xdf, 0x80, 0xbf, 2 }, { 0xe0, 0xe0, 0xa0, 0xbf, 3 }, { 0xe1, 0xec, 0x80, 0xbf, 3 },
	{ 0xed, 0xed, 0x80, 0x9f, 3 }, { 0xee, 0xef, 0x80, 0xbf, 3 }, { 0xf0, 0xf0, 0x90, 0xbf, 4 },
	{ 0xf1, 0xf3, 0x80, 0xbf, 4 }, { 0xf4, 0xf4, 0x80, 0x8f, 4 },
};

static enum input_character decode_utf8(const unsigned char *byte, size_t length, int *c)
{
	size_t lead, i;

	for (lead = 0; lead < ARRAY_SIZE(leads); lead++)
		if (byte[0] >= leads[lead].first && byte[0] <= leads[lead].last)
			break;
	if (lead == ARRAY_SIZE(leads))
		return CHARACTER_INVALID;
	if (length > 1 && (byte[1] < leads[lead].second_min || byte[1] > leads[lead].second_max))
		return CHARACTER_INVALID;
	for (i = 2; i < length; i++)
		if ((byte[i] & 0xc0) != 0x80)
			return CHARACTER_INVALID;
	if (length < leads[lead].length)
		return CHARACTER_UNFINISHED;
	*c = byte[0] & (0x7f >> length);
	for (i = 1; i < length; i++)
		*c = *c << 6 | (byte[i] & 0x3f);
	return CHARACTER_COMPLETE;
}

static enum input_character decode_locale(const unsigned char *byte, size_t length, int *c)
{
	mbstate_t state;
	wchar_t wide = 0;
	size_t used;

	if (byte[0] < 0xa0)
		return CHARACTER_INVALID;
	memset(&state, 0, sizeof(state));
	used = mbrtowc(&wide, (const char *)byte, length, &state);
	if (used == (size_t)-2 && length < 6)
		return CHARACTER_UNFINISHED;
	if (used != length || wide < 0xa0 || wide >= KEY_CURSOR_UP ||
	    (wide >= 0xd800 && wide < 0xe000))
		return CHARACTER_INVALID;
	*c = (int)wide;
	return CHARACTER_COMPLETE;
}

enum input_character input_character(const struct input_decoder *d, int *c)
{
	if (d->pending[0] < 0x80) {
		*c = d->pending[0];
		return d->pending_length == 1 ? CHARACTER_COMPLETE : CHARACTER_INVALID;
	}
	return d->utf8 ? decode_utf8(d->pending, d->pending_length, c)
		       : decode_locale(d->pending, d->pending_length, c);
}

/* --- the mouse ------------------------------------------------------------------------------- */

void input_decode_report(const char *report, struct input_event *event)
{
	enum term_mouse mouse;
	long part[3] = { 0 };
	char *end;
	size_t i;

	for (i = 0; i < 3; i++) {
		if (*report < '0' || *report > '9')
			return;
		part[i] = strtol(report, &end, 10);
		if (*end != (i < 2 ? ';' : 'M') || part[i] > 9999)
			return;
		report = end + 1;
	}
	mouse = part[0] == 0	? MOUSE_CLICK
		: part[0] == 64 ? MOUSE_WHEEL_UP
		: part[0] == 65 ? MOUSE_WHEEL_DOWN
				: MOUSE_NONE;
	if (mouse == MOUSE_NONE || *report || part[1] < 1 || part[2] < 1)
		return;
	*event = (struct input_event){ .kind = INPUT_MOUSE,
				       .mouse = mouse,
				       .row = (int)part[2] - 1,
				       .col = (int)part[1] - 1 };
}
