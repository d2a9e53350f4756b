#include "tests/screen/raw_stream.h"

#include <stdint.h>
#include <string.h>

#include "bdbtop/core/array.h"

/* Characters that act on the text around them or cannot be seen: first and last. */
static const uint32_t acting[][2] = {
	{ 0x7f, 0x9f },	    { 0xad, 0xad },	{ 0x61c, 0x61c },   { 0x180b, 0x180f },
	{ 0x200b, 0x200f }, { 0x2028, 0x202e }, { 0x2060, 0x206f }, { 0xd800, 0xdfff },
	{ 0xfe00, 0xfe0f }, { 0xfeff, 0xfeff }, { 0xfff9, 0xfffb }, { 0xe0000, 0xe0fff },
};

static const char *judge_character(const char *part, size_t length)
{
	static const unsigned char first_mask[] = { 0, 0x7f, 0x1f, 0x0f, 0x07 };
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	uint32_t code = (unsigned char)part[0] & first_mask[length];
	size_t i;

	for (i = 1; i < length; i++)
		code = code << 6 | ((unsigned char)part[i] & 0x3f);
	if (code < least[length] || code > 0x10ffff)
		return "an invalid character";
	for (i = 0; i < ARRAY_SIZE(acting); i++)
		if (code >= acting[i][0] && code <= acting[i][1])
			return "a character that acts on the text or is invisible";
	return NULL;
}

static size_t length_of(unsigned char first)
{
	return first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
}

static const char *read_text(struct raw_stream *stream, unsigned char byte)
{
	if (stream->length) {
		if ((byte & 0xc0) != 0x80)
			return "an incomplete character";
		stream->part[stream->length++] = (char)byte;
		if (stream->length < length_of((unsigned char)stream->part[0]))
			return NULL;
		byte = (unsigned char)stream->length;
		stream->length = 0;
		return judge_character(stream->part, byte);
	}
	if (byte >= 0x80) {
		stream->part[stream->length++] = (char)byte;
		return stream->ascii	 ? "a byte outside ASCII"
		       : length_of(byte) ? NULL
					 : "a byte that begins no character";
	}
	if (byte == '\033' && !stream->plain) {
		stream->state = RAW_ESC;
		return NULL;
	}
	/* curses moves the cursor with BS */
	if (byte >= ' ' || strchr(stream->plain ? "\r\n\t" : "\r\n\t\b", byte ? byte : 1))
		return byte == 0x7f ? "DEL" : NULL;
	return "a control character";
}

/* Up to three digits in each number: no screen of a test is larger. */
static bool is_small(const char *part)
{
	size_t digits = 0;

	for (; *part; part++) {
		digits = *part >= '0' && *part <= '9' ? digits + 1 : 0;
		if (digits > 3 || (!digits && *part != ';'))
			return false;
	}
	return true;
}

static const char *judge_csi(char *part, size_t length)
{
	static const char *const modes[] = {
		"?1049h", "?1049l", "22;0;0t", "23;0;0t", "22;2t",	 "23;2t",	"?2026$p",
		"?2026h", "?2026l", "?2004h",  "?2004l",  "?1006;1000h", "?1006;1000l", "?1h",
		"?1l",	  "?7h",    "?12l",    "?25h",	  "?25l",	 "4l",		"?12;25h",
	};
	char final = part[length - 1];
	size_t i;

	part[length] = '\0';
	for (i = 0; i < ARRAY_SIZE(modes); i++)
		if (!strcmp(part, modes[i]))
			return NULL;
	part[length - 1] = '\0';
	return strchr("ABCDGHJKLMPSTXZ@bdmr", final) && is_small(part)
		       ? NULL
		       : "a control sequence that bdbtop does not write";
}

static const char *judge_osc(char *part, size_t length)
{
	static const char *const begins[] = { "2;bdbtop", "9;bdbtop: ", "777;notify;bdbtop;" };
	size_t i;

	part[length] = '\0';
	for (i = 0; i < ARRAY_SIZE(begins); i++)
		if (!strncmp(part, begins[i], strlen(begins[i])))
			return NULL;
	/* each text that the console copies begins with `# `, in base64 */
	i = strlen("52;c;Iy");
	if (!strncmp(part, "52;c;Iy", i) &&
	    !part[i + strspn(part + i, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				       "0123456789+/=")])
		return NULL;
	return "a command to the terminal that bdbtop does not write";
}

static const char *read_escape(struct raw_stream *stream, char byte)
{
	stream->state = byte == '[' ? RAW_CSI : byte == ']' ? RAW_OSC : RAW_TEXT;
	if (byte == '(')
		stream->state = RAW_CHARSET;
	/* keypad, cursor saved and restored, one line up */
	return strchr("[](=>78M", byte ? byte : 1) ? NULL : "an escape that bdbtop does not write";
}

/* Collects a sequence up to its last byte. */
static const char *read_sequence(struct raw_stream *stream, char byte)
{
	bool csi = stream->state == RAW_CSI;
	bool ends = csi ? byte >= '@' : byte == '\a';
	size_t length;

	if (csi && (byte < ' ' || byte > '~'))
		return "a control sequence that is cut";
	if (!csi && !ends && (byte < ' ' || byte > '~'))
		return "a byte in a title, notice or copy that is not printable";
	if (stream->length + 2 > sizeof(stream->part))
		return "a sequence without end";
	if (csi || !ends)
		stream->part[stream->length++] = byte;
	if (!ends)
		return NULL;
	length = stream->length;
	stream->length = 0;
	stream->state = RAW_TEXT;
	return csi ? judge_csi(stream->part, length) : judge_osc(stream->part, length);
}

static const char *read_byte(struct raw_stream *stream, char byte)
{
	switch (stream->state) {
	case RAW_ESC:
		return read_escape(stream, byte);
	case RAW_CHARSET:
		stream->state = RAW_TEXT;
		return byte == 'B' || byte == '0' ? NULL : "an unknown character set";
	case RAW_CSI:
	case RAW_OSC:
		return read_sequence(stream, byte);
	default:
		return read_text(stream, (unsigned char)byte);
	}
}

const char *raw_stream_read(struct raw_stream *stream, const char *bytes, size_t length)
{
	const char *wrong = NULL;
	size_t i;

	for (i = 0; i < length && !wrong; i++) {
		wrong = read_byte(stream, bytes[i]);
		stream->bytes++;
	}
	return wrong;
}
