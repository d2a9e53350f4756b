#include "bdbtop/fleet/fleet.h"

#include <stdlib.h>

struct fleet {
	struct cluster **clusters;
	size_t count;
	cluster_on_event_fn *on_event;
	void *on_event_arg;
};

struct fleet *fleet_new(void)
{
	return calloc(1, sizeof(struct fleet));
}

void fleet_free(struct fleet *f)
{
	size_t i;

	if (!f)
		return;
	for (i = 0; i < f->count; i++)
		cluster_free(f->clusters[i]);
	free(f->clusters);
	free(f);
}

struct cluster *fleet_add(struct fleet *f, const struct cluster_setup *setup)
{
	struct cluster **grown = realloc(f->clusters, (f->count + 1) * sizeof(*grown));

	if (!grown)
		return NULL;
	f->clusters = grown;
	f->clusters[f->count] = cluster_new(setup, (unsigned)f->count);
	if (!f->clusters[f->count])
		return NULL;
	cluster_set_listener(f->clusters[f->count], f->on_event, f->on_event_arg);
	return f->clusters[f->count++];
}

size_t fleet_count(const struct fleet *f)
{
	return f->count;
}

struct cluster *fleet_at(const struct fleet *f, size_t index)
{
	return f->clusters[index];
}

void fleet_set_listener(struct fleet *f, cluster_on_event_fn *on_event, void *arg)
{
	size_t i;

	f->on_event = on_event;
	f->on_event_arg = arg;
	for (i = 0; i < f->count; i++)
		cluster_set_listener(f->clusters[i], on_event, arg);
}

void fleet_tick(struct fleet *f, struct moment now)
{
	size_t i;

	for (i = 0; i < f->count; i++)
		cluster_tick(f->clusters[i], now);
}

int64_t fleet_due(const struct fleet *f, int64_t now_ms)
{
	int64_t due = TIME_NEVER, one;
	size_t i;

	for (i = 0; i < f->count; i++) {
		one = cluster_due(f->clusters[i], now_ms);
		if (one < due)
			due = one;
	}
	return due;
}

void fleet_turn(struct fleet *f, struct moment now)
{
	size_t i;

	for (i = 0; i < f->count; i++)
		cluster_turn(f->clusters[i], now);
}

unsigned fleet_revision(const struct fleet *f)
{
	unsigned sum = 0;
	size_t i;

	for (i = 0; i < f->count; i++)
		sum += cluster_status(f->clusters[i])->revision;
	return sum;
}

size_t fleet_unfinished_count(const struct fleet *f)
{
	size_t i, sum = 0;

	for (i = 0; i < f->count; i++)
		sum += cluster_unfinished_count(f->clusters[i]);
	return sum;
}

bool fleet_has_put_in_flight(const struct fleet *f)
{
	size_t i;

	for (i = 0; i < f->count; i++)
		if (cluster_has_put_in_flight(f->clusters[i]))
			return true;
	return false;
}

void fleet_on_late_wake(struct fleet *f, struct moment now)
{
	size_t i;

	for (i = 0; i < f->count; i++)
		cluster_on_late_wake(f->clusters[i], now);
}

int fleet_save_progress(const struct fleet *f, struct moment now, struct err *err)
{
	size_t i;
	int rc = 0;

	for (i = 0; i < f->count; i++)
		if (cluster_save_progress(f->clusters[i], now, err) < 0)
			rc = -1;
	return rc;
}

void fleet_quit(struct fleet *f, bool timed_out, struct moment now)
{
	size_t i;

	for (i = 0; i < f->count; i++)
		cluster_quit(f->clusters[i], timed_out, now);
}
