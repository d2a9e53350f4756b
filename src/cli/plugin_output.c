#include "plugin_output.h"

#include <string.h>

#define CUT "..."

static bool is_first_byte(char c)
{
	return ((unsigned char)c & 0xc0) != 0x80;
}

size_t plugin_characters(const char *text)
{
	size_t count = 0;

	for (; *text; text++)
		count += is_first_byte(*text);
	return count;
}

static void print_bytes(FILE *out, const char *text, size_t length)
{
	for (; length; text++, length--)
		putc(*text == '|' ? ' ' : *text, out);
}

void plugin_print(FILE *out, const char *text)
{
	print_bytes(out, text, strlen(text));
}

bool plugin_print_status(FILE *out, const char *text)
{
	size_t line = strcspn(text, "\n"), i, count = 0, cut = 0;

	for (i = 0; i < line; i++) {
		if (!is_first_byte(text[i]))
			continue;
		if (count++ == PLUGIN_STATUS_MAX - strlen(CUT))
			cut = i;
	}
	if (count <= PLUGIN_STATUS_MAX)
		cut = line;
	print_bytes(out, text, cut);
	fputs(cut < line ? CUT "\n" : "\n", out);
	return cut < line;
}
