/*
 * core/text.h - makes text from outside safe, measures and cuts it, builds text in fixed buffers.
 *
 * Cells are terminal cells by the C library's wcwidth(), so LC_CTYPE matters.  In a locale without
 * UTF-8, everything outside ASCII is shown escaped, and one byte is one cell.
 */
#pragma once

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A string that is built in a buffer of the caller.  It is always terminated.  Text that does not
 * fit is cut at a complete character and sets truncated; later additions are then ignored. */
struct text {
	char *buffer;
	size_t size, length;	/* bytes; length without the terminator */
	bool truncated;
};

/* Starts with "" in a buffer of size > 0 bytes, which must outlive the text. */
void text_init(struct text *, char *buffer, size_t size);

/* Append safe text, plain or formatted. */
void text_add(struct text *, const char *plain);
void text_addf(struct text *, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void text_addv(struct text *, const char *fmt, va_list) __attribute__((format(printf, 2, 0)));

/* A value of a pattern, by name; safe text. */
struct text_term {
	const char *name, *value;
};

/* Appends a pattern in which `{name}` stands for the value of a term; one that is not there is
 * empty.  Braces in values mean nothing. */
void text_add_pattern(struct text *, const char *pattern, const struct text_term *, size_t count);

/* Appends raw bytes from outside, made safe as by text_safe() without ascii. */
void text_add_safe(struct text *, const char *raw);

/* Appends a size: `8.0 GiB`, `512 bytes`. */
void text_add_size(struct text *, uint64_t bytes);

/*
 * Makes raw text safe for display.  A control byte becomes `^[` and the like (0x7f `^?`, C1
 * controls `<U+009B>`); a byte that is not valid UTF-8 `\xFF`; bidi controls, other invisible
 * format characters, line and paragraph separators and combining marks without a base `<U+202E>`.
 * Wide and combining characters stay, but a fifth mark on one character, variation selectors and
 * skin tones count as invisible, because terminals differ about their width.  A backslash stays as
 * it is.  ascii: everything else above 0x7f becomes `<U+XXXX>` too.  Returns out, cut at a complete
 * character or escape when it does not fit into size bytes.
 */
char *text_safe(char *out, size_t size, const char *raw, bool ascii);

/* Returns the bytes of the valid UTF-8 character at text, and sets its code; 0 when the bytes there
 * are not valid.  text must not be at its NUL. */
size_t text_decode(const char *text, uint32_t *code);
/* U+FFFD, in place of such a byte. */
#define TEXT_REPLACEMENT "\xef\xbf\xbd"
/* True for a character that text_safe() escapes wherever it is: a control character or an invisible
 * one. */
bool text_is_unsafe(uint32_t code);

/*
 * Copies raw text into size bytes, at least 4.  Longer text loses its end, at a character boundary,
 * to `…`.  Bytes that are not valid UTF-8 are copied as they are.  Returns out.
 */
char *text_truncate_bytes(char *out, size_t size, const char *raw);

/* Returns the cells that safe text takes. */
int text_width(const char *safe);

/*
 * Copy safe text into at most `cells` cells.  Longer text loses its end (text_truncate) or its
 * middle (text_truncate_middle) to one cell of `…`, or `~` if ascii.  A character stays complete,
 * with its combining marks.  Both return the cells used.
 */
int text_truncate(char *out, size_t size, const char *safe, int cells, bool ascii);
int text_truncate_middle(char *out, size_t size, const char *safe, int cells, bool ascii);

/* Copies raw text, made safe and shortened to so many cells in its middle.  Returns out. */
char *text_shorten(char *out, size_t size, const char *raw, int cells);

/*
 * Returns the bytes of the next line of safe text, for lines of `cells` cells.  Breaks at a space
 * if there is one, else after a comma, else between characters.  *skip is the number of bytes to
 * omit before the line after it (the spaces at the break).  Returns 0 at the end of the text, else
 * at least one character, even if it is wider than the line.
 */
size_t text_next_line(const char *safe, int cells, size_t *skip);

/* True when hay contains needle, or begins with it; and the order of two texts by bytes: < 0, 0,
 * > 0.  All three ignore the case of ASCII letters. */
bool text_contains(const char *hay, const char *needle);
bool text_has_prefix(const char *hay, const char *needle);
int text_compare(const char *a, const char *b);
/* The small letter of a capital ASCII letter; any other byte as it is. */
static inline char text_lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* How many typing errors lead from one word to the other: characters that are missing, added or
 * wrong, or two neighbours in the wrong order.  TEXT_FAR for words of more than 32 bytes. */
#define TEXT_FAR 99
size_t text_edit_distance(const char *a, const char *b);
