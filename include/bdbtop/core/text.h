/*
 * core/text.h - text from outside made safe, measured and cut; sentences built in bounded buffers.
 *
 * Columns are terminal cells by the C library's wcwidth(), so LC_CTYPE decides; in a locale without
 * UTF-8 everything outside ASCII is shown as a mark and one byte is one cell.
 */
#ifndef BDBTOP_CORE_TEXT_H
#define BDBTOP_CORE_TEXT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

/* A string being built in a buffer of its caller.  Always terminated; what does not fit is cut at a
 * whole character and remembered; after that nothing more is taken. */
struct text {
	char *buffer;
	size_t size, length;	/* bytes; length without the terminator */
	bool truncated;
};

/* Begin with "" in a buffer of size > 0 bytes, which must outlive the text. */
void text_init(struct text *, char *buffer, size_t size);

/* Append safe text, as it is or formatted. */
void text_add(struct text *, const char *plain);
void text_addf(struct text *, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void text_addv(struct text *, const char *fmt, va_list) __attribute__((format(printf, 2, 0)));

/* Append raw bytes from outside, made safe as text_safe() does. */
void text_add_safe(struct text *, const char *raw);

/*
 * Make raw text safe for display: a control byte becomes `^[` and the like (0x7f `^?`, C1
 * controls `<U+009B>`), a byte that is no UTF-8 `\xFF`, bidi controls, other invisible format
 * characters, line and paragraph separators and lone combining marks at the start `<U+202E>`.
 * Wide and combining characters stay, but a fifth mark on one character, variation selectors and
 * skin tones count as invisible: terminals differ about their width.  A backslash stays as it
 * is.  ascii: everything else above 0x7f becomes `<U+XXXX>` too.  Returns out, cut at a whole
 * mark or character when size bytes do not hold it.
 */
char *text_safe(char *out, size_t size, const char *raw, bool ascii);

/* Cells that safe text takes. */
int text_width(const char *safe);

/*
 * Copy safe text into at most `cells` cells; text that is longer loses its end (cut) or its middle
 * (cut_middle) to the sign, `…` or `~` by ascii, one cell.  Never splits a character nor parts a
 * combining mark from its base.  Returns the cells used (<= cells).
 */
int text_truncate(char *out, size_t size, const char *safe, int cells, bool ascii);
int text_truncate_middle(char *out, size_t size, const char *safe, int cells, bool ascii);

/*
 * The bytes of the next line of safe text when lines hold `cells` cells: breaks after a space where
 * there is one, else between characters; *skip is the bytes to leave out before the line after it
 * (the spaces at the break).  0 at the end of the text; before that at least one character, even
 * where it is wider than the line.
 */
size_t text_next_line(const char *safe, int cells, size_t *skip);

/* True when needle occurs in hay, or stands at its beginning; and the order of two texts, byte by
 * byte: below 0 when a is first.  ASCII letters without regard to case. */
bool text_contains(const char *hay, const char *needle);
bool text_has_prefix(const char *hay, const char *needle);
int text_compare(const char *a, const char *b);

#endif
