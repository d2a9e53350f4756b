/*
 * core/describe_internal.h - the parts of the describer: description.c (the list of facts, and the
 * pieces of their texts), describe.c (the facts of an operation), describe_schedule.c (those of its
 * last success and its schedule), describe_next_steps.c (what a state means, and what to do next).
 */
#pragma once

#include "bdbtop/core/describe.h"

/* More pieces than one text has. */
#define DESCRIBER_PIECES 6

/* One operation while it is described. */
struct describer {
	struct description *facts;
	const struct describe_subject *subject;
	const struct describe_style *style;
	enum op_kind kind;
	const struct op *op;
	const struct op_finding *finding;
	const struct op_since *since;
	char pieces[DESCRIBER_PIECES][POINT_TEXT_SIZE];
	unsigned next;
};

void describer_init(struct describer *, struct description *, const struct describe_subject *,
		    enum op_kind, const struct describe_style *);

/* Adds a fact in the style of plain text, separated by a comma. */
struct fact *describer_add(struct describer *, enum fact_what, enum fact_part, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));
/* The forms with labels: LONG and REPORT. */
bool describer_is_long(const struct describer *);
bool describer_is_short(const struct describer *);

/* Each is valid until DESCRIBER_PIECES further pieces: an empty buffer of POINT_TEXT_SIZE bytes, an
 * age, a point in time, and ` (12m)` or, in a report, `, 12m`: a parenthesis is special to a shell.
 */
char *describer_piece(struct describer *);
const char *describer_age(struct describer *, int64_t seconds);
/* The zone of the times of this style. */
struct time_zone describer_zone(const struct describer *, int64_t wall_s);
const char *describer_point(struct describer *, int64_t wall_s);
/* `02:00Z`: no seconds, and no date if it is less than a day away. */
const char *describer_minute(struct describer *, int64_t wall_s);
/* Of `until you reset it at 22:07Z`: the words, and the time; the operation has a past cause. */
const char *describer_until_reset(const struct describer *);
const char *describer_reset_time(struct describer *);
const char *describer_aside(struct describer *, const char *words);

/* Periodic backups are on. */
bool describer_has_schedule(const struct describer *);
/* Add the facts about the last success and the schedule, and those of the columns of a row. */
void describer_add_schedule(struct describer *);
void describer_add_columns(struct describer *);

/* The raw reason of the state, while it is retried that of the newest failure; "": none. */
const char *describer_reason(const struct describer *);
