/*
 * What `bdbtop check` measures, and the limits.
 */
#include <math.h>
#include <string.h>

#include "bdbtop/core/text.h"
#include "check_internal.h"

static double is_worst(const struct check_subject *subject, enum verdict verdict)
{
	return subject->finding->worst == verdict;
}

static double is_failed(const struct check_subject *subject)
{
	return is_worst(subject, VERDICT_FAILED);
}

static double is_stalled(const struct check_subject *subject)
{
	return is_worst(subject, VERDICT_STALLED);
}

static double is_overdue(const struct check_subject *subject)
{
	return is_worst(subject, VERDICT_OVERDUE);
}

static double is_suspect(const struct check_subject *subject)
{
	return is_worst(subject, VERDICT_SUSPECT);
}

static double is_running(const struct check_subject *subject)
{
	return is_worst(subject, VERDICT_RUNNING);
}

static double get_missed(const struct check_subject *subject)
{
	return (double)subject->finding->due.missed_intervals;
}

static double is_never(const struct check_subject *subject)
{
	return subject->finding->loss_s == LOSS_NEVER && triage_is_overdue(subject->finding);
}

/* A database without a schedule has none. */
static double get_loss(const struct check_subject *subject)
{
	int64_t loss_s = loss_by_age_s(subject->entry->bdb, subject->finding->loss_s,
				       cluster_now_s(subject->cluster));

	return loss_s == LOSS_NEVER ? INFINITY : loss_is_time(loss_s) ? (double)loss_s : NAN;
}

static double is_beyond_rpo(const struct check_subject *subject)
{
	return subject->finding->beyond_rpo;
}

const struct check_metric_def check_metric_defs[CHECK_METRICS] = {
	[CHECK_FAILED] = { "failed", "", "0", "", false, false, is_failed },
	[CHECK_STALLED] = { "stalled", "", "0", "", false, false, is_stalled },
	[CHECK_OVERDUE] = { "overdue", "", "0", "", false, false, is_overdue },
	[CHECK_SUSPECT] = { "suspect", "", "", "", true, false, is_suspect },
	[CHECK_RUNNING] = { "running", "", "", "", true, false, is_running },
	[CHECK_MISSED] = { "missed", "", "0", "1", false, true, get_missed },
	[CHECK_NEVER] = { "never", "", "", "0", false, false, is_never },
	[CHECK_LOSS_WINDOW] = { "loss_window", "s", "", "", false, true, get_loss },
	[CHECK_RPO] = { "rpo", "", "", "", true, false, is_beyond_rpo },
	[CHECK_TIME] = { "time", "s", "", "", false, false, NULL },
};

void check_limits_init(struct check_limits *limits)
{
	int i;

	*limits = (struct check_limits){ .warning = { { .text = "" } } };
	for (i = 0; i < CHECK_METRICS; i++) {
		if (*check_metric_defs[i].warning)
			value_range_parse(&limits->warning[i], check_metric_defs[i].warning, NULL);
		if (*check_metric_defs[i].critical)
			value_range_parse(&limits->critical[i], check_metric_defs[i].critical,
					  NULL);
	}
}

/* Returns CHECK_METRICS for an unknown name. */
static int find_metric(const char *name, size_t length)
{
	int i = 0;

	while (i < CHECK_METRICS && (strncmp(name, check_metric_defs[i].name, length) != 0 ||
				     check_metric_defs[i].name[length]))
		i++;
	return i;
}

static int set_name_error(const char *option, const char *typed, struct err *err)
{
	char safe[80], words[120];
	struct text names;
	int i;

	text_init(&names, words, sizeof(words));
	for (i = 0; i < CHECK_METRICS; i++)
		text_addf(&names, "%s%s", i ? " " : "", check_metric_defs[i].name);
	return err_set_code(err, ERR_CODE_USAGE, ERR_FINAL,
			    "invalid --%s \"%s\": give NAME=RANGE, as in --%s=failed=2; the names "
			    "are %s.",
			    option, text_safe(safe, sizeof(safe), typed, false), option, words);
}

int check_limits_set(struct check_limits *limits, bool critical, const char *typed, struct err *err)
{
	const char *option = critical ? "critical" : "warning", *equals = strchr(typed, '=');
	int metric = equals ? find_metric(typed, (size_t)(equals - typed)) : CHECK_METRICS;
	struct err cause;

	if (metric == CHECK_METRICS)
		return set_name_error(option, typed, err);
	if (!value_range_parse(critical ? &limits->critical[metric] : &limits->warning[metric],
			       equals + 1, &cause))
		return 0;
	return err_set_code(err, ERR_CODE_USAGE, ERR_FINAL, "invalid --%s for %s: %s", option,
			    check_metric_defs[metric].name, cause.text);
}

enum check_state check_limits_judge(const struct check_limits *limits, enum check_metric metric,
				    double value)
{
	if (isnan(value))
		return CHECK_OK;
	if (value_range_alerts(&limits->critical[metric], value))
		return CHECK_CRITICAL;
	return value_range_alerts(&limits->warning[metric], value) ? CHECK_WARNING : CHECK_OK;
}
