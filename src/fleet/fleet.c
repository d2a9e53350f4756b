#include "bdbtop/fleet/fleet.h"

#include <stdlib.h>

struct fleet {
	struct cluster **at;
	size_t count;
	cluster_listen_fn *listen;
	void *listen_arg;
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
		cluster_free(f->at[i]);
	free(f->at);
	free(f);
}

struct cluster *fleet_add(struct fleet *f, const struct cluster_setup *setup)
{
	struct cluster **grown = realloc(f->at, (f->count + 1) * sizeof(*grown));

	if (!grown)
		return NULL;
	f->at = grown;
	f->at[f->count] = cluster_new(setup, (unsigned)f->count);
	if (!f->at[f->count])
		return NULL;
	cluster_listen(f->at[f->count], f->listen, f->listen_arg);
	return f->at[f->count++];
}

size_t fleet_count(const struct fleet *f)
{
	return f->count;
}

struct cluster *fleet_at(const struct fleet *f, size_t index)
{
	return f->at[index];
}

void fleet_listen(struct fleet *f, cluster_listen_fn *listen, void *arg)
{
	size_t i;

	f->listen = listen;
	f->listen_arg = arg;
	for (i = 0; i < f->count; i++)
		cluster_listen(f->at[i], listen, arg);
}

void fleet_tick(struct fleet *f, struct moment now)
{
	size_t i;

	for (i = 0; i < f->count; i++)
		cluster_tick(f->at[i], now);
}

int64_t fleet_due(const struct fleet *f, int64_t now_ms)
{
	int64_t due = TIME_NEVER, one;
	size_t i;

	for (i = 0; i < f->count; i++) {
		one = cluster_due(f->at[i], now_ms);
		if (one < due)
			due = one;
	}
	return due;
}

void fleet_turn(struct fleet *f, struct moment now)
{
	size_t i;

	for (i = 0; i < f->count; i++)
		cluster_turn(f->at[i], now);
}

unsigned fleet_revision(const struct fleet *f)
{
	unsigned sum = 0;
	size_t i;

	for (i = 0; i < f->count; i++)
		sum += cluster_face(f->at[i])->revision;
	return sum;
}

size_t fleet_unfinished(const struct fleet *f)
{
	size_t i, sum = 0;

	for (i = 0; i < f->count; i++)
		sum += cluster_unfinished(f->at[i]);
	return sum;
}

bool fleet_in_flight(const struct fleet *f)
{
	size_t i;

	for (i = 0; i < f->count; i++)
		if (cluster_in_flight(f->at[i]))
			return true;
	return false;
}

void fleet_asleep(struct fleet *f, struct moment now)
{
	size_t i;

	for (i = 0; i < f->count; i++)
		cluster_asleep(f->at[i], now);
}

void fleet_quit(struct fleet *f, bool over, struct moment now)
{
	size_t i;

	for (i = 0; i < f->count; i++)
		cluster_quit(f->at[i], over, now);
}
