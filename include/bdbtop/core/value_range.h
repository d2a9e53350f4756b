/*
 * core/value_range.h - a range of values that are well, in the form of the Monitoring Plugins
 * guidelines.
 *
 *	10	alert below 0 or above 10
 *	10:	alert below 10
 *	~:10	alert above 10
 *	10:20	alert below 10 or above 20
 *	@10:20	alert from 10 to 20
 *
 * Both ends belong to the range.  A number has an optional sign, digits and an optional fraction,
 * but no exponent.
 */
#pragma once

#include <stdbool.h>

#include "bdbtop/core/err.h"

#define VALUE_RANGE_SIZE 64

struct value_range {
	char text[VALUE_RANGE_SIZE];	/* as typed; only `@~:.-` and digits; "": no range */
	double start, end;	/* infinite where an end is open */
	bool alerts_inside;	/* `@` */
};

/* Parses a range.  -1 with err set, and the range unchanged: it is empty, not a range, longer than
 * VALUE_RANGE_SIZE - 1 bytes, or its start is above its end. */
int value_range_parse(struct value_range *, const char *typed, struct err *);

/* True when the value must raise an alert; never without a range. */
bool value_range_alerts(const struct value_range *, double value);
