#include "bdbtop/core/value_range.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bdbtop/core/text.h"

#define DIGITS "0123456789"

/* Bytes of a number; 0: there is none. */
static size_t number_length(const char *text)
{
	size_t sign = *text == '-', digits = strspn(text + sign, DIGITS), fraction = 0;

	if (!digits)
		return 0;
	if (text[sign + digits] == '.') {
		fraction = strspn(text + sign + digits + 1, DIGITS);
		if (!fraction)
			return 0;
		fraction++;
	}
	return sign + digits + fraction;
}

/* Reads a number that ends at `end`. */
static bool read_number(const char *text, const char *end, double *out)
{
	if (text == end || text + number_length(text) != end)
		return false;
	*out = strtod(text, NULL);
	return true;
}

static bool read_start(const char *text, const char *end, double *out)
{
	if (end - text == 1 && *text == '~') {
		*out = -INFINITY;
		return true;
	}
	return read_number(text, end, out);
}

/* What is behind the `@`. */
static bool read_ends(struct value_range *range, const char *text)
{
	const char *colon = strchr(text, ':'), *end = text + strlen(text);

	range->start = 0;
	range->end = INFINITY;
	if (!colon)
		return read_number(text, end, &range->end);
	return read_start(text, colon, &range->start) &&
	       (colon + 1 == end || read_number(colon + 1, end, &range->end));
}

int value_range_parse(struct value_range *out, const char *typed, struct err *err)
{
	struct value_range range = { .alerts_inside = *typed == '@' };
	char safe[VALUE_RANGE_SIZE];

	if (strlen(typed) >= VALUE_RANGE_SIZE || !read_ends(&range, typed + range.alerts_inside))
		return err_set(err, ERR_FINAL,
			       "\"%s\" is not a range: give 10, 10:, ~:10, 10:20 or @10:20.",
			       text_safe(safe, sizeof(safe), typed, false));
	if (range.start > range.end)
		return err_set(err, ERR_FINAL,
			       "\"%s\" is not a range: its start is above its end. Swap them.",
			       text_safe(safe, sizeof(safe), typed, false));
	strcpy(range.text, typed);
	*out = range;
	return 0;
}

bool value_range_alerts(const struct value_range *range, double value)
{
	bool inside = value >= range->start && value <= range->end;

	return *range->text && inside == range->alerts_inside;
}
