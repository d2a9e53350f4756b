#include "line_input.h"

#include <string.h>

#include "bdbtop/session/commands.h"

size_t line_encode(int key, char out[LINE_KEY_BYTES])
{
	size_t length = 0;
	unsigned c = (unsigned)key;

	if (c < 0x80) {
		out[length++] = (char)c;
	} else if (c < 0x800) {
		out[length++] = (char)(0xc0 | c >> 6);
	} else if (c < 0x10000) {
		out[length++] = (char)(0xe0 | c >> 12);
		out[length++] = (char)(0x80 | (c >> 6 & 0x3f));
	} else {
		out[length++] = (char)(0xf0 | c >> 18);
		out[length++] = (char)(0x80 | (c >> 12 & 0x3f));
		out[length++] = (char)(0x80 | (c >> 6 & 0x3f));
	}
	if (c >= 0x80)
		out[length++] = (char)(0x80 | (c & 0x3f));
	out[length] = '\0';
	return length;
}

static void erase_last(char *text)
{
	size_t length = strlen(text);

	while (length && ((unsigned char)text[length - 1] & 0xc0) == 0x80)
		length--;
	text[length ? length - 1 : 0] = '\0';
}

bool line_takes(int key)
{
	return key >= ' ' && key < KEY_CURSOR_UP && key != KEY_RUBOUT;
}

static void type_character(char *line, size_t size, int key)
{
	char bytes[LINE_KEY_BYTES];
	size_t length = strlen(line), more = line_encode(key, bytes);

	if (length + more < size)
		memcpy(line + length, bytes, more + 1);
}

bool line_edit(char *line, size_t size, int key)
{
	if (key == KEY_CTRL_U)
		line[0] = '\0';
	else if (key == KEY_RUBOUT)
		erase_last(line);
	else if (line_takes(key))
		type_character(line, size, key);
	else
		return false;
	return true;
}
