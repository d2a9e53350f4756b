/*
 * More lines of a scenario: findings, requests for cluster data, totals of a bulk, clock skew.
 */
#include "tests/stage/scenario.h"

static void same(const char *name, const char *line, const char *want, const char *got)
{
	if (strcmp(want, got) != 0)
		fail_msg("\"%s\", at \"%s\": it is \"%s\"", name, line, got);
}

static const char *after_word(const char *rest)
{
	rest += strcspn(rest, " ");
	return rest + (*rest == ' ');
}

static void format_topic(const struct stage *stage, const char *rest, char *out, size_t size)
{
	static const char *const names[TOPIC_COUNT] = {
		[TOPIC_EVENTS] = "events", [TOPIC_ALERTS] = "alerts",	[TOPIC_ACTIONS] = "actions",
		[TOPIC_SHARDS] = "shards", [TOPIC_BDB_INFO] = "traits", [TOPIC_NODES] = "nodes",
	};
	size_t length = strcspn(rest, " ");
	int topic;

	for (topic = TOPIC_EVENTS; topic < TOPIC_COUNT; topic++)
		if (strlen(names[topic]) == length && !strncmp(names[topic], rest, length))
			snprintf(out, size, "%s %u", names[topic],
				 script_counts(stage->script)->topics[topic]);
}

static void format_verdict(const struct stage *stage, const char *rest, char *out, size_t size)
{
	const struct finding *finding = cluster_finding(stage->cluster, atoll(rest));
	int kind;

	if (!finding)
		return;
	snprintf(out, size, "%lld ", (long long)finding->uid);
	for (kind = 0; kind < OP_KINDS; kind++)
		snprintf(out + strlen(out), size - strlen(out), "%s ",
			 verdict_defs[finding->op[kind].verdict].sentence);
	snprintf(out + strlen(out), size - strlen(out), "worst %s",
		 verdict_defs[finding->worst].sentence);
}

static void format_sum(const struct stage *stage, const char *rest, char *out, size_t size)
{
	struct bulk bulk;
	size_t all = 0;
	int sum;

	(void)rest;
	if (!cluster_bulk(stage->cluster, &bulk)) {
		snprintf(out, size, "none");
		return;
	}
	for (sum = 0; sum < BULK_OUTCOMES; sum++) {
		all += bulk.count[sum];
		if (bulk.count[sum])
			snprintf(out + strlen(out), size - strlen(out), "%s%zu %s",
				 out[0] ? ", " : "", bulk.count[sum], bulk_outcome_defs[sum].word);
	}
	if (bulk.confirmed && all != bulk.target_count)
		snprintf(out, size, "%zu of %zu in the sum", all, bulk.target_count);
}

static void format_skew(const struct stage *stage, const char *rest, char *out, size_t size)
{
	(void)rest;
	snprintf(out, size, "%lld", (long long)cluster_status(stage->cluster)->skew_s);
}

static const struct {
	const char *word;
	void (*format)(const struct stage *, const char *rest, char *out, size_t size);
} words[] = {
	{ "told", format_topic },
	{ "verdict", format_verdict },
	{ "sum", format_sum },
	{ "skew", format_skew },
};

bool scenario_fleet(struct stage *stage, const char *name, const char *line)
{
	size_t length = strcspn(line, " "), i;
	char got[240] = "";

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strlen(words[i].word) != length || strncmp(line, words[i].word, length) != 0)
			continue;
		words[i].format(stage, after_word(line), got, sizeof(got));
		same(name, line, after_word(line), got);
		return true;
	}
	return false;
}
