#include "lines.h"

#include <stdlib.h>
#include <string.h>

char *lines_next(char **rest)
{
	if (!*rest || !**rest)
		return NULL;
	return strsep(rest, "\n");
}

bool lines_accept(const char *text, unsigned char lowest)
{
	for (; *text; text++)
		if ((unsigned char)*text < lowest || *text == 0x7f)
			return false;
	return true;
}

int lines_copy(FILE *out, const char *old, size_t most, lines_keep_fn *keep, void *arg)
{
	char *text = strdup(old), *end = text, *rest = text, *line;
	size_t kept = 0;

	if (!text)
		return -1;
	while ((line = lines_next(&rest))) {
		if (!keep(arg, line))
			continue;
		kept++;
		memmove(end, line, strlen(line) + 1);
		end += strlen(end) + 1;
	}
	for (line = text; kept; line += strlen(line) + 1)
		if (kept-- <= most)
			fprintf(out, "%s\n", line);
	free(text);
	return 0;
}
