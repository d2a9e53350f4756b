#include "bdbtop/core/err.h"

#include "bdbtop/core/text.h"

void err_set(struct err *err, enum err_class class, const char *fmt, ...)
{
	struct text text;
	va_list ap;

	if (!err)
		return;
	err->class = class;
	text_init(&text, err->text, sizeof(err->text));
	va_start(ap, fmt);
	text_addv(&text, fmt, ap);
	va_end(ap);
}
