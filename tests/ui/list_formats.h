/*
 * tests/ui/list_formats.h - what JSON and metrics of the list say of one database, against its row,
 * its record and the filter.
 */
#pragma once

#include <stdio.h>
#include <string.h>

#include <json-c/json.h>

#include "bdbtop/session/row.h"
#include "bdbtop/session/subject.h"
#include "tests/tap.h"

struct list_formats {
	const struct cluster *cluster;
	const struct roster_entry *entry;
	const struct row *row;
	const char *json, *metrics; /* the complete texts; the list has only this database */
};

/* NULL when it is null. */
static inline const char *formats_member(struct json_object *object, const char *name)
{
	struct json_object *found = NULL;

	assert_true(json_object_object_get_ex(object, name, &found));
	return found ? json_object_get_string(found) : NULL;
}

static inline bool formats_have_state(struct json_object *bdb, const char *word)
{
	struct json_object *states = json_object_object_get(bdb, "states");
	size_t i;

	for (i = 0; i < json_object_array_length(states); i++)
		if (!strcmp(json_object_get_string(json_object_array_get_idx(states, i)), word))
			return true;
	return false;
}

/* Whether there is a sample of the metric for an operation with this text behind it. */
static inline bool formats_have_sample(const struct list_formats *f, const char *metric, int kind,
				       const char *rest)
{
	char sample[FACT_TEXT + 200];

	snprintf(sample, sizeof(sample),
		 "\nbdbtop_database_%s{cluster=\"prod-eu\",db=\"%lld\",operation=\"%s\"%s", metric,
		 (long long)f->entry->bdb->uid, op_defs[kind].word, rest);
	return strstr(f->metrics, sample) != NULL;
}

/* Each of these states is a match of the filter, and no other is.  Not failed: `failed?`, which is
 * suspect, begins with it. */
static inline const char *formats_differ_from_filter(const struct list_formats *f,
						     struct json_object *bdb)
{
	const struct filter_input input = {
		.bdb = f->entry->bdb,
		.finding = cluster_finding(f->cluster, f->entry->bdb->uid),
		.op_since = f->entry->op_since,
		.now_s = cluster_now_s(f->cluster),
	};
	struct filter_error error;
	struct filter filter;
	char expression[40];
	int verdict;

	for (verdict = VERDICT_STALLED; verdict <= VERDICT_SUSPECT; verdict++) {
		const char *word = verdict_defs[verdict].sentence;

		snprintf(expression, sizeof(expression), "state:%s", word);
		assert_int_equal(filter_parse(&filter, expression, &error), 0);
		if (formats_have_state(bdb, word) != filter_matches(&filter, &input))
			return "a state that the filter finds";
	}
	return NULL;
}

static inline const char *formats_differ_in_state(const struct list_formats *f, int kind,
						  struct json_object *op)
{
	const char *state = verdict_defs[f->row->op[kind].verdict].sentence;
	bool late = kind == OP_BACKUP && triage_is_overdue(f->row->finding);
	char rest[80];
	int verdict;

	if (strcmp(formats_member(op, "state"), state) != 0)
		return "the state in JSON";
	for (verdict = 0; verdict < VERDICT_KINDS; verdict++) {
		const char *word = verdict_defs[verdict].sentence;
		bool applies = !strcmp(word, state) || (late && verdict == VERDICT_OVERDUE);

		snprintf(rest, sizeof(rest), ",state=\"%s\"} 1\n", word);
		if (formats_have_sample(f, "state", kind, rest) != applies)
			return "a sample of the state";
	}
	return NULL;
}

/* The reason of a failure as the describer has it on a row, without the numbers at its end. */
static inline const char *formats_differ_in_reason(const struct list_formats *f, int kind)
{
	const struct describe_style style = { .form = DESCRIBE_SHORT };
	struct describe_subject subject;
	char rest[FACT_TEXT + 40] = ",reason=";
	struct description words = { .count = 0 };
	const struct op_finding *op = &f->row->finding->op[kind];
	const struct fact *fact;

	subject_init(&subject, f->cluster, f->entry);
	describe_op(&words, &subject, (enum op_kind)kind, &style);
	fact = description_find(&words, (enum op_kind)kind, FACT_REASON);
	if (op->phase != OP_FAILED && !op->retrying)
		fact = NULL;
	if (fact)
		snprintf(rest, sizeof(rest), ",reason=\"%s\"} 1\n", fact->text);
	return formats_have_sample(f, "failure_info", kind, rest) == (fact != NULL)
		       ? NULL
		       : "the sample of the reason";
}

static inline const char *formats_differ_in_progress(const struct list_formats *f, int kind,
						     struct json_object *op)
{
	const struct op *record = &f->entry->bdb->op[kind];
	bool runs = record->phase == OP_RUNNING && record->percent_presence == FIELD_PRESENT;
	const char *percent = formats_member(op, "progress_percent");
	char rest[60] = "";

	if (runs)
		snprintf(rest, sizeof(rest), "} %.15g\n", record->percent / 100);
	return !percent == !runs && formats_have_sample(f, "progress_ratio", kind, rest) == runs &&
			       (!runs || strtod(percent, NULL) == record->percent)
		       ? NULL
		       : "the progress";
}

static inline const char *formats_differ_in_loss(const struct list_formats *f,
						 struct json_object *bdb)
{
	const char *loss = formats_member(bdb, "loss_window_seconds");
	const char *cell = f->row->cells[COLUMN_LOSS];
	char age[TIME_TEXT_SIZE];
	bool known = strcmp(cell, "-") != 0 && strcmp(cell, "never") != 0;
	const char *beyond = formats_member(bdb, "beyond_rpo");

	if (loss)
		time_format_age(age, strtoll(loss, NULL, 10));
	if (!loss != !known || (loss && strcmp(age, cell) != 0))
		return "the loss window in JSON";
	return (beyond && !strcmp(beyond, "true")) == f->row->finding->beyond_rpo ? NULL
										  : "beyond_rpo";
}

static inline const char *formats_bdb_differs(const struct list_formats *f, struct json_object *bdb,
					      int *kind)
{
	const char *worst = verdict_defs[f->row->worst].sentence, *what = NULL;

	if (strcmp(formats_member(bdb, "state"), worst) != 0 || !formats_have_state(bdb, worst))
		return "the worst state in JSON";
	for (*kind = 0; *kind < OP_KINDS; ++*kind) {
		struct json_object *op = json_object_object_get(bdb, op_defs[*kind].word);

		what = formats_differ_in_state(f, *kind, op);
		if (!what)
			what = formats_differ_in_reason(f, *kind);
		if (!what)
			what = formats_differ_in_progress(f, *kind, op);
		if (what)
			return what;
	}
	*kind = OP_BACKUP;
	what = formats_differ_from_filter(f, bdb);
	return what ? what : formats_differ_in_loss(f, bdb);
}

/* What differs, about an operation; NULL: nothing. */
static inline const char *list_formats_differ(const struct list_formats *f, int *kind)
{
	struct json_object *root = json_tokener_parse(f->json), *bdb;
	const char *what;

	assert_non_null(root);
	bdb = json_object_array_get_idx(json_object_object_get(root, "databases"), 0);
	assert_non_null(bdb);
	what = formats_bdb_differs(f, bdb, kind);
	json_object_put(root);
	return what;
}
