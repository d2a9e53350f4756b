/*
 * The report of this session: the hand-over of every database with a problem or a reset.
 */
#include <stdlib.h>

#include "bdbtop/core/array.h"
#include "handover_internal.h"

/* Of one database; the newest are used. */
#define SENT_LINES 32

/* A database that the report is about. */
struct report_bdb {
	int64_t uid;
	bool has_reset;
	int rank; /* of its worst verdict; lower is worse */
};

bool report_has_reset(const struct fleet *fleet)
{
	const struct history_line *line;
	int64_t uid;
	size_t i;

	for (i = 0; i < fleet_count(fleet); i++)
		if (cluster_history_line(fleet_at(fleet, i), 0, &uid, &line))
			return true;
	return false;
}

static size_t find_sent(const struct cluster *cluster, int64_t uid,
			struct history_line out[SENT_LINES])
{
	const struct history_line *line;
	size_t i, count = 0;
	int64_t of;

	for (i = 0; count < SENT_LINES && cluster_history_line(cluster, i, &of, &line); i++)
		if (of == uid)
			out[count++] = *line;
	return count;
}

/* --- which databases ------------------------------------------------------------------------- */

static int by_uid(const void *left, const void *right)
{
	const struct report_bdb *a = left, *b = right;

	if (a->uid != b->uid)
		return int64_compare(a->uid, b->uid);
	return (int)b->has_reset - (int)a->has_reset;
}

static int by_importance(const void *left, const void *right)
{
	const struct report_bdb *a = left, *b = right;

	if (a->has_reset != b->has_reset)
		return a->has_reset ? -1 : 1;
	return a->rank != b->rank ? a->rank - b->rank : int64_compare(a->uid, b->uid);
}

static struct report_bdb make_bdb(const struct cluster *cluster, int64_t uid, bool has_reset)
{
	const struct finding *finding = cluster_finding(cluster, uid);

	return (struct report_bdb){ uid, has_reset,
				    finding ? triage_rank(finding->worst) : (int)VERDICT_KINDS };
}

static size_t count_history(const struct cluster *cluster)
{
	const struct history_line *line;
	size_t count = 0;
	int64_t uid;

	while (cluster_history_line(cluster, count, &uid, &line))
		count++;
	return count;
}

/* Removes all but the first of each uid. */
static size_t unique(struct report_bdb *bdbs, size_t count)
{
	size_t i, kept = 0;

	qsort(bdbs, count, sizeof(*bdbs), by_uid);
	for (i = 0; i < count; i++)
		if (!kept || bdbs[kept - 1].uid != bdbs[i].uid)
			bdbs[kept++] = bdbs[i];
	return kept;
}

/* In the order of the report; the caller frees them.  NULL when out of memory. */
static struct report_bdb *choose_bdbs(const struct cluster *cluster, size_t *count)
{
	const struct roster *roster = cluster_roster(cluster);
	size_t i, history = count_history(cluster), all = roster_count(roster);
	struct report_bdb *bdbs = malloc((history + all + 1) * sizeof(*bdbs));
	const struct history_line *line;
	int64_t uid;

	*count = 0;
	if (!bdbs)
		return NULL;
	for (i = 0; i < history && cluster_history_line(cluster, i, &uid, &line); i++)
		bdbs[(*count)++] = make_bdb(cluster, uid, true);
	for (i = 0; i < all; i++) {
		const struct finding *finding =
			cluster_finding(cluster, roster_at(roster, i)->bdb->uid);

		if (finding && verdict_defs[finding->worst].problem)
			bdbs[(*count)++] = make_bdb(cluster, finding->uid, false);
	}
	*count = unique(bdbs, *count);
	qsort(bdbs, *count, sizeof(*bdbs), by_importance);
	return bdbs;
}

/* --- the text -------------------------------------------------------------------------------- */

static void add_bdb(struct handover_text *report, const struct report_bdb *bdb, struct moment now)
{
	const struct roster_entry *entry = roster_find(cluster_roster(report->cluster), bdb->uid);
	struct history_line sent[SENT_LINES];

	handover_add(report, "%s", "");
	if (entry)
		handover_add_bdb(report, entry);
	else
		handover_add(report, "db:%lld, " NOT_LISTED, (long long)bdb->uid);
	handover_add_sent(report, sent, find_sent(report->cluster, bdb->uid, sent));
	handover_add_under_way(report, bdb->uid, now);
}

/* Returns how many fit. */
static size_t add_bdbs(struct handover_text *report, const struct report_bdb *bdbs, size_t count,
		       struct moment now)
{
	size_t i, before;

	for (i = 0; i < count; i++) {
		before = report->text.length;
		add_bdb(report, &bdbs[i], now);
		if (!report->full)
			continue;
		report->text.buffer[report->text.length = before] = '\0';
		break;
	}
	return i;
}

static void add_title(struct handover_text *report, const struct report_bdb *bdbs, size_t count,
		      struct moment now)
{
	const struct cluster_setup *setup = cluster_setup(report->cluster);
	size_t i, problems = 0, resets = 0;

	for (i = 0; i < count; i++) {
		const struct finding *finding = cluster_finding(report->cluster, bdbs[i].uid);

		resets += bdbs[i].has_reset;
		problems += finding && verdict_defs[finding->worst].problem;
	}
	handover_add(report, "bdbtop report on %s, %s", setup->name, setup->host);
	handover_add(report, "%zu database%s with a problem, %zu with a reset from here", problems,
		     problems == 1 ? "" : "s", resets);
	handover_add_data_time(report, now);
}

static void add_cluster(struct handover_text *report, struct moment now)
{
	size_t count, fit, reserved = report->text.size;
	struct report_bdb *bdbs = choose_bdbs(report->cluster, &count);

	if (!bdbs) {
		handover_add(report, "out of memory");
		return;
	}
	add_title(report, bdbs, count, now);
	/* the last lines */
	report->text.size -= 200;
	fit = add_bdbs(report, bdbs, count, now);
	report->text.size = reserved;
	free(bdbs);
	if (fit < count)
		handover_add(report, "%zu more do not fit into %d KiB, see bdbtop list --problems",
			     count - fit, REPORT_SIZE / 1024);
	handover_add_replaced(report);
}

size_t report_write(char out[REPORT_SIZE], const struct fleet *fleet, time_offset_fn *offset,
		    struct moment now)
{
	struct handover_text report;
	size_t i, length = 0;

	*out = '\0';
	for (i = 0; i < fleet_count(fleet); i++) {
		handover_init(&report, out + length, REPORT_SIZE - length, fleet_at(fleet, i),
			      offset);
		add_cluster(&report, now);
		length += report.text.length;
	}
	return length;
}
