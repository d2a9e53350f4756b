#include "answer.h"

#include <string.h>
#include <strings.h>
#include <termios.h>
#include <unistd.h>

void answer_discard(int terminal)
{
	tcflush(terminal, TCIFLUSH);
}

bool answer_read(int terminal, char *line, size_t size)
{
	ssize_t length = read(terminal, line, size - 1);

	line[length > 0 ? length : 0] = '\0';
	line[strcspn(line, "\r\n")] = '\0';
	return length > 0;
}

bool answer_is_yes(const char *line)
{
	return !strcasecmp(line, "y") || !strcasecmp(line, "yes");
}
