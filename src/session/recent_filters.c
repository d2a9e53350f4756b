#include "bdbtop/session/recent_filters.h"

#include <string.h>

static size_t find(const struct recent_filters *recent, const char *expression)
{
	size_t i = 0;

	while (i < recent->count && strcmp(recent->expression[i], expression) != 0)
		i++;
	return i;
}

void recent_filters_add(struct recent_filters *recent, const char *expression)
{
	size_t from = find(recent, expression);
	char line[FILTER_SIZE];

	if (!*expression)
		return;
	/* it may be one of those that move */
	strcpy(line, expression);
	if (from == recent->count && recent->count < RECENT_FILTERS)
		recent->count++;
	if (from == RECENT_FILTERS)
		from--;
	memmove(recent->expression[1], recent->expression[0], from * sizeof(recent->expression[0]));
	strcpy(recent->expression[0], line);
}
