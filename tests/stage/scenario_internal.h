/*
 * tests/stage/scenario_internal.h - the steps of a scenario, shared by scenario.c (the runner and
 * the actions) and scenario_expect.c (the expectations).
 */
#pragma once

#include "bdbtop/core/array.h"
#include "bdbtop/core/text.h"
#include "tests/stage/scenario.h"

/* A scenario that runs. */
struct scenario_run {
	const struct scenario *scenario;
	struct stage stage;
	const char *line;
	const char *rest;  /* of the line, after the words of its step */
	const char *want;  /* what an expectation must get: rest without the UID */
	int64_t uid;	   /* of the line, if the step has one */
	size_t wrote;	   /* audit lines checked so far */
	unsigned revision; /* before the previous line */
	const char *lists; /* their form, as a script line */
};

/* Where the value of an expectation is, if it needs no function, and its type there. */
enum value_of { OF_VIEW, OF_STATUS, OF_DETAIL, OF_STAGE, OF_COUNTS, OF_ROW, OF_BULK };
enum value_type { VALUE_TEXT, VALUE_SIZE, VALUE_COUNT, VALUE_NUMBER, VALUE_WORD, VALUE_FLAG };

/* One step.  An action runs a function.  An expectation gets a text, which must be p->want. */
struct scenario_step {
	const char *word;
	void (*act)(struct scenario_run *, const char *rest);
	void (*act_text)(struct stage *, const char *rest);
	void (*act_number)(struct stage *, int64_t number);
	void (*get)(struct scenario_run *, struct text *got);
	bool has_uid; /* UID comes before the text */
	bool line;    /* the text is the complete line */
	enum value_of of;
	enum value_type type;
	size_t offset;
	const char *const *words; /* of VALUE_WORD and VALUE_FLAG, by the value */
};

extern const struct scenario_step scenario_expectations[];
extern const size_t scenario_expectation_count;

/* Compares what the expectation gets. */
void scenario_expect(struct scenario_run *, const struct scenario_step *);

/* Fails the test at this line of the scenario. */
void scenario_fail(const struct scenario_run *, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* A key by its name (`esc`), or a character. */
int scenario_key(const struct scenario_run *, const char *name);
