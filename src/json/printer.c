#include "bdbtop/json/printer.h"

#include "bdbtop/core/text.h"

static void print_code(FILE *out, uint32_t code)
{
	if (code >= 0x10000) {
		code -= 0x10000;
		fprintf(out, "\\u%04x\\u%04x", (unsigned)(0xd800 | code >> 10),
			(unsigned)(0xdc00 | (code & 0x3ff)));
	} else {
		fprintf(out, "\\u%04x", (unsigned)code);
	}
}

/* Returns the bytes of the character. */
static size_t print_in_string(struct json_printer *printer, const char *at)
{
	uint32_t code = 0;
	size_t bytes = text_decode(at, &code);

	if (bytes && text_is_unsafe(code))
		print_code(printer->out, code);
	else
		fwrite(at, 1, bytes ? bytes : 1, printer->out);
	printer->in_string = *at != '"' || printer->after_backslash;
	printer->after_backslash = *at == '\\' && !printer->after_backslash;
	return bytes ? bytes : 1;
}

static void start_line(struct json_printer *printer)
{
	if (printer->indented)
		fprintf(printer->out, "\n%*s", 2 * printer->depth, "");
}

static void print_outside(struct json_printer *printer, char c)
{
	bool closes = c == ']' || c == '}', opens = c == '[' || c == '{';

	printer->depth -= closes;
	if (closes ? !printer->is_empty : printer->is_empty && c != '\n')
		start_line(printer);
	if (c != '\n' || !printer->indented || !printer->depth)
		putc(c, printer->out);
	printer->depth += opens;
	printer->is_empty = opens;
	if (c == ',')
		start_line(printer);
	else if (c == ':' && printer->indented)
		putc(' ', printer->out);
	printer->in_string = c == '"';
}

void json_print(struct json_printer *printer, const char *part)
{
	while (*part) {
		if (printer->in_string)
			part += print_in_string(printer, part);
		else
			print_outside(printer, *part++);
	}
}
