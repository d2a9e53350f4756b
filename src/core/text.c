#include "bdbtop/core/text.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <wchar.h>

#include "bdbtop/core/array.h"

/* A curses cell holds one character and four marks on it (CCHARW_MAX). */
#define MARKS_MAX 4

struct range {
	uint32_t first, last;
};

/*
 * Characters that wcwidth() calls printable but that are invisible, or that terminals disagree
 * about: format characters (Unicode category Cf), fillers that look like a space, and variation
 * selectors and skin tones, which change the width of the character before in some terminals.
 */
static const struct range invisible_ranges[] = {
	{ 0x00ad, 0x00ad },   { 0x034f, 0x034f },   { 0x0600, 0x0605 },	  { 0x061c, 0x061c },
	{ 0x06dd, 0x06dd },   { 0x070f, 0x070f },   { 0x0890, 0x0891 },	  { 0x08e2, 0x08e2 },
	{ 0x115f, 0x1160 },   { 0x17b4, 0x17b5 },   { 0x180b, 0x180f },	  { 0x200b, 0x200f },
	{ 0x2028, 0x202e },   { 0x2060, 0x206f },   { 0x3164, 0x3164 },	  { 0xfe00, 0xfe0f },
	{ 0xfeff, 0xfeff },   { 0xffa0, 0xffa0 },   { 0xfff0, 0xfffb },	  { 0x110bd, 0x110bd },
	{ 0x110cd, 0x110cd }, { 0x13430, 0x1343f }, { 0x1bca0, 0x1bca3 }, { 0x1d173, 0x1d17a },
	{ 0x1f3fb, 0x1f3ff }, { 0xe0000, 0xe0fff },
};

static int compare_range(const void *code, const void *range)
{
	uint32_t wanted = *(const uint32_t *)code;
	const struct range *r = range;

	return wanted < r->first ? -1 : wanted > r->last;
}

static bool is_invisible(uint32_t code)
{
	return array_find(&code, invisible_ranges, ARRAY_SIZE(invisible_ranges),
			  sizeof(invisible_ranges[0]), compare_range) != NULL;
}

bool text_is_unsafe(uint32_t code)
{
	return code < 0x20 || (code >= 0x7f && code < 0xa0) || is_invisible(code);
}

/* Tries one character, because the names of encodings differ between systems. */
static bool locale_is_utf8(void)
{
	mbstate_t start = { 0 };
	wchar_t wide;

	return mbrtowc(&wide, "\xc3\xa9", 2, &start) == 2 && wide == 0xe9;
}

static bool is_plain(unsigned char byte)
{
	return byte >= 0x20 && byte < 0x7f;
}

/* Bytes of printable ASCII at the start of text, which nearly always is all of it. */
static size_t plain_span(const char *text)
{
	const char *end = text;

	while (is_plain((unsigned char)*end))
		end++;
	return (size_t)(end - text);
}

static size_t sequence_length(unsigned char lead)
{
	return lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1;
}

size_t text_decode(const char *text, uint32_t *code)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	static const unsigned char bits[] = { 0, 0x7f, 0x1f, 0x0f, 0x07 };
	unsigned char lead = (unsigned char)*text;
	size_t bytes = sequence_length(lead), i;

	if ((lead >= 0x80 && lead < 0xc2) || lead > 0xf4)
		return 0;
	*code = lead & bits[bytes];
	for (i = 1; i < bytes; i++) {
		if (((unsigned char)text[i] & 0xc0) != 0x80)
			return 0;
		*code = *code << 6 | ((unsigned char)text[i] & 0x3f);
	}
	if (*code < least[bytes] || (*code >= 0xd800 && *code < 0xe000) || *code > 0x10ffff)
		return 0;
	return bytes;
}

/* Returns end, or the start of the character that end would split. */
static size_t last_whole_character(const char *text, size_t end)
{
	size_t start = end;

	while (start > 0 && ((unsigned char)text[start - 1] & 0xc0) == 0x80)
		start--;
	if (start > 0 && end - start + 1 < sequence_length((unsigned char)text[start - 1]))
		return start - 1;
	return end;
}

void text_init(struct text *text, char *buffer, size_t size)
{
	*text = (struct text){ .buffer = buffer, .size = size };
	buffer[0] = '\0';
}

static void truncate_end(struct text *text, size_t end)
{
	text->truncated = true;
	text->length = last_whole_character(text->buffer, end);
	text->buffer[text->length] = '\0';
}

static void add_bytes(struct text *text, const char *bytes, size_t count)
{
	size_t capacity = text->size - text->length - 1;

	/* text added after a cut would hide that something is missing */
	if (text->truncated)
		return;
	memcpy(text->buffer + text->length, bytes, count < capacity ? count : capacity);
	if (count > capacity) {
		truncate_end(text, text->size - 1);
		return;
	}
	text->length += count;
	text->buffer[text->length] = '\0';
}

void text_add(struct text *text, const char *plain)
{
	add_bytes(text, plain, strlen(plain));
}

void text_addv(struct text *text, const char *fmt, va_list ap)
{
	size_t capacity = text->size - text->length;
	int want;

	if (text->truncated)
		return;
	want = vsnprintf(text->buffer + text->length, capacity, fmt, ap);
	if (want < 0)
		truncate_end(text, text->length);
	else if ((size_t)want >= capacity)
		truncate_end(text, text->size - 1);
	else
		text->length += (size_t)want;
}

void text_addf(struct text *text, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	text_addv(text, fmt, ap);
	va_end(ap);
}

static const char *term_value(const struct text_term *terms, size_t count, const char *name,
			      size_t length)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (strlen(terms[i].name) == length && !strncmp(terms[i].name, name, length))
			return terms[i].value;
	return "";
}

void text_add_pattern(struct text *text, const char *pattern, const struct text_term *terms,
		      size_t count)
{
	const char *open;

	while ((open = strchr(pattern, '{'))) {
		size_t length = strcspn(open + 1, "}");

		text_addf(text, "%.*s", (int)(open - pattern), pattern);
		text_add(text, term_value(terms, count, open + 1, length));
		pattern = open + length + 2;
	}
	text_add(text, pattern);
}

/* Adds all of an escape or character, or nothing: half an escape would be misread. */
static void add_whole(struct text *text, const char *escape, size_t count)
{
	if (!text->truncated && count > text->size - text->length - 1)
		text->truncated = true;
	add_bytes(text, escape, count);
}

/* Adds the character at raw, whose first byte is not plain, and returns its bytes.  *marks counts
 * the combining marks on the last character; it is MARKS_MAX if there is no such character. */
static size_t add_escaped(struct text *text, const char *raw, bool ascii, int *marks)
{
	uint32_t code = 0;
	size_t bytes = text_decode(raw, &code);
	int width = -1, count;
	char escape[16];

	if (bytes > 1 && !ascii && !is_invisible(code))
		width = wcwidth((wchar_t)code);
	if (width > 0 || (!width && *marks < MARKS_MAX)) {
		*marks = width ? 0 : *marks + 1;
		add_whole(text, raw, bytes);
		return bytes;
	}
	*marks = MARKS_MAX;
	if (!bytes)
		count = snprintf(escape, sizeof(escape), "\\x%02X", (unsigned)(unsigned char)*raw);
	else if (bytes == 1)
		count = snprintf(escape, sizeof(escape), "^%c", (int)code ^ 0x40);
	else
		count = snprintf(escape, sizeof(escape), "<U+%04X>", (unsigned)code);
	add_whole(text, escape, (size_t)count);
	return bytes ? bytes : 1;
}

static void add_safe(struct text *text, const char *raw, bool ascii)
{
	int marks = MARKS_MAX;
	bool checked = ascii;

	while (*raw && !text->truncated) {
		size_t plain = plain_span(raw);

		add_bytes(text, raw, plain);
		raw += plain;
		if (plain)
			marks = 0;
		if (!*raw)
			return;
		if (!checked) {
			ascii = !locale_is_utf8();
			checked = true;
		}
		raw += add_escaped(text, raw, ascii, &marks);
	}
}

void text_add_safe(struct text *text, const char *raw)
{
	add_safe(text, raw, false);
}

char *text_safe(char *out, size_t size, const char *raw, bool ascii)
{
	struct text text;

	text_init(&text, out, size);
	add_safe(&text, raw, ascii);
	return out;
}

char *text_truncate_bytes(char *out, size_t size, const char *raw)
{
	static const char mark[] = "…";
	size_t length = strnlen(raw, size);

	if (length == size) {
		length = last_whole_character(raw, size - sizeof(mark));
		memcpy(out + length, mark, sizeof(mark));
	} else {
		out[length] = '\0';
	}
	return memcpy(out, raw, length);
}

/* Bytes of the character at text with its combining marks; a cut must not split them. */
static size_t grapheme_length(const char *text, bool utf8, int *cells)
{
	uint32_t code;
	size_t bytes, more;
	int width;

	*cells = 1;
	if (!*text)
		return 0;
	bytes = utf8 ? text_decode(text, &code) : 0;
	if (!bytes)
		return 1;
	width = wcwidth((wchar_t)code);
	if (width >= 0)
		*cells = width;
	while (text[bytes] & 0x80) {
		more = text_decode(text + bytes, &code);
		if (!more || wcwidth((wchar_t)code))
			break;
		bytes += more;
	}
	return bytes;
}

static int character_width(const char *safe, bool utf8)
{
	int width = 0, cells;
	size_t bytes;

	while ((bytes = grapheme_length(safe, utf8, &cells)) > 0) {
		safe += bytes;
		width += cells;
	}
	return width;
}

int text_width(const char *safe)
{
	size_t plain = plain_span(safe);

	if (!safe[plain])
		return (int)plain;
	return character_width(safe, locale_is_utf8());
}

/* Bytes of the characters at the start of safe that fit into the cells. */
static size_t fitting_length(const char *safe, bool utf8, int cells)
{
	size_t end = 0, bytes;
	int wide;

	while ((bytes = grapheme_length(safe + end, utf8, &wide)) > 0 && wide <= cells) {
		end += bytes;
		cells -= wide;
	}
	return end;
}

static int truncate(struct text *out, const char *safe, int head, int tail, bool ascii)
{
	bool utf8 = locale_is_utf8();
	int rest = character_width(safe, utf8), wide;
	const char *end = safe;

	if (rest <= head + tail + 1) {
		text_add(out, safe);
	} else if (head >= 0) {
		for (; rest > tail; rest -= wide)
			end += grapheme_length(end, utf8, &wide);
		add_bytes(out, safe, fitting_length(safe, utf8, head));
		add_bytes(out, ascii || !utf8 ? "~" : "…", ascii || !utf8 ? 1 : strlen("…"));
		text_add(out, end);
	}
	return text_width(out->buffer);
}

int text_truncate(char *out, size_t size, const char *safe, int cells, bool ascii)
{
	struct text text;

	text_init(&text, out, size);
	return truncate(&text, safe, cells - 1, 0, ascii);
}

int text_truncate_middle(char *out, size_t size, const char *safe, int cells, bool ascii)
{
	struct text text;
	int tail = cells > 0 ? (cells - 1) / 2 : 0;

	text_init(&text, out, size);
	return truncate(&text, safe, cells - 1 - tail, tail, ascii);
}

char *text_shorten(char *out, size_t size, const char *raw, int cells)
{
	char safe[1024];

	text_safe(safe, sizeof(safe), raw, false);
	text_truncate_middle(out, size, safe, cells, true);
	return out;
}

static size_t count_spaces(const char *text)
{
	return strspn(text, " ");
}

/* Where to break a word of at least `end` bytes. */
static size_t after_comma(const char *word, size_t end)
{
	size_t at;

	for (at = end; at > 0; at--)
		if (word[at - 1] == ',')
			return at;
	return end;
}

size_t text_next_line(const char *safe, int cells, size_t *skip)
{
	bool utf8 = locale_is_utf8();
	size_t end = fitting_length(safe, utf8, cells), at;
	int wide;

	*skip = 0;
	if (!safe[end])
		return end;
	/* a caller that loops must advance, even if the screen is too narrow for this character */
	if (!end)
		return grapheme_length(safe, utf8, &wide);
	for (at = end; at > 0 && safe[at] != ' ' && safe[at - 1] != ' '; at--)
		;
	while (at > 0 && safe[at - 1] == ' ')
		at--;
	if (!at)
		return after_comma(safe, end);
	*skip = count_spaces(safe + at);
	return at;
}

bool text_has_prefix(const char *hay, const char *needle)
{
	while (*needle && text_lower(*hay) == text_lower(*needle)) {
		hay++;
		needle++;
	}
	return !*needle;
}

bool text_contains(const char *hay, const char *needle)
{
	char first = text_lower(*needle);

	if (!first)
		return true;
	for (; *hay; hay++)
		if (text_lower(*hay) == first && text_has_prefix(hay + 1, needle + 1))
			return true;
	return false;
}

int text_compare(const char *a, const char *b)
{
	while (*a && text_lower(*a) == text_lower(*b)) {
		a++;
		b++;
	}
	return (unsigned char)text_lower(*a) - (unsigned char)text_lower(*b);
}

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

#define EDIT_MAX 32

size_t text_edit_distance(const char *a, const char *b)
{
	size_t rows[3][EDIT_MAX + 1], i, k, length = strlen(b);
	size_t *before = rows[0], *above = rows[1], *row = rows[2], *free_row;

	if (strlen(a) > EDIT_MAX || length > EDIT_MAX)
		return TEXT_FAR;
	for (k = 0; k <= length; k++)
		row[k] = k;
	for (i = 1; a[i - 1]; i++) {
		free_row = before;
		before = above;
		above = row;
		row = free_row;
		row[0] = i;
		for (k = 1; k <= length; k++) {
			row[k] = least(above[k - 1] + (a[i - 1] != b[k - 1]),
				       least(above[k], row[k - 1]) + 1);
			if (i > 1 && k > 1 && a[i - 1] == b[k - 2] && a[i - 2] == b[k - 1])
				row[k] = least(row[k], before[k - 2] + 1);
		}
	}
	return row[length];
}

void text_add_size(struct text *text, uint64_t bytes)
{
	static const char *const units[] = { "KiB", "MiB", "GiB", "TiB", "PiB", "EiB" };
	const size_t last = ARRAY_SIZE(units) - 1;
	double size = (double)bytes / 1024;
	size_t unit = 0;

	if (bytes < 1024) {
		text_addf(text, "%u byte%s", (unsigned)bytes, bytes == 1 ? "" : "s");
		return;
	}
	/* 1023.96 would be printed as 1024.0 */
	while (size >= 1023.95 && unit < last) {
		size /= 1024;
		unit++;
	}
	text_addf(text, "%.1f %s", size, units[unit]);
}
