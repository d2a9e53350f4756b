#include "keyword.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "bdbtop/core/time.h"

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

size_t sim_keyword_find(const char *word, const char *const *words)
{
	size_t i = 0;

	while (words[i] && strcmp(words[i], word) != 0)
		i++;
	return i;
}

const void *sim_keyword_row(const char *name, const void *table, size_t count, size_t size)
{
	const char *row = table;

	for (; count; count--, row += size)
		if (strcmp(*(const char *const *)(const void *)row, name) == 0)
			return row;
	return NULL;
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

/* The unit at *text in milliseconds, and move past it; 0 if there is none. */
static int64_t next_unit(const char **text)
{
	bool is_ms = strncmp(*text, "ms", 2) == 0;
	int64_t unit_ms = is_ms ? 1 : 1000 * time_unit_s(**text);

	*text += is_ms ? 2 : unit_ms > 0;
	return unit_ms;
}

bool sim_keyword_duration(const char *word, int64_t *ms)
{
	const int64_t max = 3650 * 1000 * time_unit_s('d');
	int64_t sum = 0;

	do {
		int64_t value = 0, unit;

		if (*word < '0' || *word > '9')
			return false;
		for (; *word >= '0' && *word <= '9'; word++) {
			value = value * 10 + (*word - '0');
			if (value > max)
				return false;
		}
		unit = next_unit(&word);
		if (!unit || value > max / unit)
			return false;
		sum += value * unit;
		if (sum > max)
			return false;
	} while (*word);
	*ms = sum;
	return true;
}

bool sim_keyword_skew(const char *word, int64_t *ms)
{
	bool behind = *word == '-';

	if (!sim_keyword_duration(word + behind, ms))
		return false;
	if (behind)
		*ms = -*ms;
	return true;
}

bool sim_keyword_time(const char *word, int64_t *seconds)
{
	static const char form[] = "2026-11-21T20:14:05Z", epoch[] = "1970-01-01T00:00:00Z";

	if (strcmp(word, epoch) == 0) {
		*seconds = 0;
		return true;
	}
	return strlen(word) == sizeof(form) - 1 && time_parse(word, seconds);
}

const char *sim_keyword_show(const char *text, char shown[SIM_KEYWORD_SHOWN_SIZE])
{
	size_t i;

	for (i = 0; i < SIM_KEYWORD_SHOWN_SIZE - 4 && text[i]; i++)
		shown[i] = text[i] >= ' ' && text[i] <= '~' ? text[i] : '?';
	strcpy(shown + i, text[i] ? "..." : "");
	return shown;
}
