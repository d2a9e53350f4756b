#include "keyword.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const char blanks[] = " \t";

bool sim_keyword_next(const char **line, char *word, size_t size)
{
	const char *at = *line + strspn(*line, blanks);
	size_t length = strcspn(at, blanks);

	if (!length || length >= size)
		return false;
	memcpy(word, at, length);
	word[length] = '\0';
	at += length;
	*line = at + strspn(at, blanks);
	return true;
}

bool sim_keyword_number(const char *word, int64_t min, int64_t max, int64_t *value)
{
	intmax_t number;
	char *end;

	if (*word != '-' && (*word < '0' || *word > '9'))
		return false;
	errno = 0;
	number = strtoimax(word, &end, 10);
	if (errno || end == word || *end || number < min || number > max)
		return false;
	*value = number;
	return true;
}

const char *sim_keyword_show(const char *text, char shown[SIM_KEYWORD_SHOWN_SIZE])
{
	size_t i;

	for (i = 0; i < SIM_KEYWORD_SHOWN_SIZE - 4 && text[i]; i++)
		shown[i] = text[i] >= ' ' && text[i] <= '~' ? text[i] : '?';
	strcpy(shown + i, text[i] ? "..." : "");
	return shown;
}
