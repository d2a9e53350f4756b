/*
 * Findings: every record judged, as of the newest good poll.
 */
#include "cluster-private.h"

#include <stdlib.h>
#include <string.h>

static bool make_room(struct cluster *c, size_t count)
{
	struct finding *grown;

	if (count <= c->finding_room)
		return true;
	grown = realloc(c->findings, count * 2 * sizeof(*grown));
	if (!grown)
		return false;
	c->findings = grown;
	c->finding_room = count * 2;
	return true;
}

int64_t cluster_now_s(const struct cluster *c)
{
	return (c->face.listed ? c->face.good.wall_ms : c->tick.wall_ms) / 1000 + c->face.skew_s;
}

void findings_make(struct cluster *c)
{
	size_t i, count = roster_count(c->roster);
	const struct triage_now now = { c->face.listed ? c->face.good.ms : c->tick.ms,
					cluster_now_s(c) };

	if (!make_room(c, count))
		return;
	memset(c->face.counts, 0, sizeof(c->face.counts));
	c->finding_count = count;
	for (i = 0; i < count; i++) {
		struct finding *finding = &c->findings[i];

		triage_judge(roster_at(c->roster, i), &c->setup.rules, &now, finding);
		if (finding->listed)
			c->face.counts[finding->worst]++;
	}
}

static int by_uid(const void *key, const void *finding)
{
	int64_t uid = *(const int64_t *)key, other = ((const struct finding *)finding)->uid;

	return uid < other ? -1 : uid > other;
}

const struct finding *cluster_finding(const struct cluster *c, int64_t uid)
{
	return c->finding_count ? bsearch(&uid, c->findings, c->finding_count,
					  sizeof(*c->findings), by_uid)
				: NULL;
}
