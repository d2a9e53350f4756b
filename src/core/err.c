#include "bdbtop/core/err.h"

#include <stdarg.h>
#include <stdio.h>

static size_t sequence_length(unsigned char lead)
{
	return lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
}

void err_set(struct err *err, enum err_class class, const char *fmt, ...)
{
	va_list ap;
	int want;

	if (!err)
		return;
	err->class = class;
	va_start(ap, fmt);
	want = vsnprintf(err->text, sizeof(err->text), fmt, ap);
	va_end(ap);
	if (want >= (int)sizeof(err->text)) {
		size_t end = sizeof(err->text) - 1, start = end;

		/* a cut in the middle of a character would put a broken byte on the screen */
		while (start > 0 && ((unsigned char)err->text[start - 1] & 0xc0) == 0x80)
			start--;
		if (start > 0 && (unsigned char)err->text[start - 1] >= 0xc0 &&
		    end - start + 1 < sequence_length((unsigned char)err->text[start - 1]))
			err->text[start - 1] = '\0';
	}
}
