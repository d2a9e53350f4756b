#include "cluster_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool cluster_grow(void **array, size_t *room, size_t count, size_t size)
{
	size_t want;
	void *grown;

	if (count < *room)
		return true;
	want = *room ? *room * 2 : 8;
	grown = realloc(*array, want * size);
	if (!grown)
		return false;
	*array = grown;
	*room = want;
	return true;
}

static int copy_setup(struct cluster_setup *to, const struct cluster_setup *from)
{
	*to = *from;
	to->name = strdup(from->name);
	to->host = strdup(from->host);
	to->url = strdup(from->url);
	to->user = strdup(from->user ? from->user : "");
	to->label = strdup(from->label ? from->label : "");
	return to->name && to->host && to->url && to->user && to->label ? 0 : -1;
}

/* A row with a result stays until that is dismissed, also when the database is long gone. */
static bool is_spoken_of(void *arg, int64_t uid)
{
	const struct cluster *c = arg;

	return held_count(c, uid) || notes_find(c, uid);
}

struct cluster *cluster_new(const struct cluster_setup *setup, unsigned index)
{
	struct cluster *c = calloc(1, sizeof(*c));

	if (!c)
		return NULL;
	c->index = index;
	c->face.next_ms = TIME_NEVER;
	c->roster = roster_new();
	if (copy_setup(&c->setup, setup) < 0 || !c->roster) {
		cluster_free(c);
		return NULL;
	}
	if (!c->setup.rules.stall_ms)
		c->setup.rules.stall_ms = TRIAGE_STALL_MS;
	roster_set_retain(c->roster, is_spoken_of, c);
	return c;
}

static void forget_modules(struct cluster *c)
{
	size_t i;

	for (i = 0; i < c->module_count; i++)
		free(c->modules[i]);
	free(c->modules);
	c->modules = NULL;
	c->module_count = 0;
}

void cluster_free(struct cluster *c)
{
	if (!c)
		return;
	if (c->ops)
		c->ops->free(c->source);
	while (c->held_count)
		tickets_forget(c, c->held_count - 1);
	bulks_release(c);
	free(c->held);
	free(c->places);
	free(c->notes);
	free(c->denied);
	forget_modules(c);
	facts_release(c);
	look_release(c);
	sent_release(c);
	free(c->findings);
	free(c->former);
	roster_free(c->roster);
	free((char *)c->setup.name);
	free((char *)c->setup.host);
	free((char *)c->setup.url);
	free((char *)c->setup.user);
	free((char *)c->setup.label);
	free(c);
}

void cluster_listen(struct cluster *c, cluster_listen_fn *listen, void *arg)
{
	c->listen = listen;
	c->listen_arg = arg;
}

void cluster_attach(struct cluster *c, void *source, const struct source_ops *ops)
{
	c->source = source;
	c->ops = ops;
}

const struct cluster_setup *cluster_setup(const struct cluster *c)
{
	return &c->setup;
}

const struct cluster_face *cluster_face(const struct cluster *c)
{
	return &c->face;
}

const struct roster *cluster_roster(const struct cluster *c)
{
	return c->roster;
}

unsigned cluster_index(const struct cluster *c)
{
	return c->index;
}

struct moment cluster_moment(const struct cluster *c, int64_t ms)
{
	return (struct moment){ .ms = ms, .wall_ms = c->tick.wall_ms + (ms - c->tick.ms) };
}

void cluster_seen(struct cluster *c)
{
	c->face.revision++;
}

void cluster_tell(struct cluster *c, struct cluster_event *event)
{
	event->cluster = c->index;
	sent_hear(c, event);
	if (c->listen)
		c->listen(c->listen_arg, event);
}

void cluster_tell_link(struct cluster *c, struct moment at, const char *outcome)
{
	struct cluster_event event = {
		.what = NEWS_LINK, .at = at, .outcome = outcome, .name = ""
	};

	cluster_tell(c, &event);
}

void cluster_tick(struct cluster *c, struct moment now)
{
	if (!c->face.started.wall_ms)
		c->face.started = now;
	if (!c->least_wall_ms || now.wall_ms < c->least_wall_ms)
		c->least_wall_ms = now.wall_ms;
	c->tick = now;
}

int64_t cluster_due(const struct cluster *c, int64_t now_ms)
{
	int64_t due = tickets_due(c, now_ms), facts = facts_due(c, now_ms), source;
	int64_t look = look_due(c, now_ms);

	if (!c->ops)
		return due;
	source = c->ops->due(c->source, now_ms);
	due = facts < due ? facts : due;
	due = look < due ? look : due;
	return source < due ? source : due;
}

void cluster_turn(struct cluster *c, struct moment now)
{
	if (!c->ops)
		return;
	c->ops->turn(c->source, now.ms);
	tickets_turn(c, now);
	facts_turn(c, now);
	look_turn(c, now);
}

static void list_came(struct cluster *c, const struct observation *seen, struct moment now)
{
	struct cluster_face *face = &c->face;
	char span[TIME_TEXT_SIZE], words[TIME_TEXT_SIZE + 32];

	/* a list that was overtaken by a newer one tells nothing new about freshness */
	if (face->listed && seen->requested_ms < face->good.ms - face->latency_ms)
		return;
	if (face->link == LINK_CUT) {
		time_format_span(span, (now.ms - face->cut.ms) / 1000);
		snprintf(words, sizeof(words), "answers again after %s", span);
		cluster_tell_link(c, now, words);
	} else if (!face->listed) {
		cluster_tell_link(c, now, "first answer");
	}
	asks_over(c, seen);
	if (face->link != LINK_REFUSED && face->link != LINK_UNTRUSTED)
		face->link = LINK_FRESH;
	face->listed = true;
	face->good = cluster_moment(c, seen->received_ms);
	face->latency_ms = seen->received_ms - seen->requested_ms;
	face->unreadable = seen->unreadable;
	face->next_ms = TIME_NEVER;
	findings_clock(c, seen);
}

static int sink_observed(void *arg, const struct observation *seen, int64_t now_ms)
{
	struct cluster *c = arg;
	struct moment now = cluster_moment(c, now_ms);
	bool first = !c->face.listed;

	if (findings_apply(c, seen, now) < 0)
		return -1;
	if (seen->kind == OBS_LIST)
		list_came(c, seen, now);
	if (seen->kind != OBS_LIST)
		findings_one(c, seen->uid);
	else if (first)
		findings_again(c);
	else
		findings_make(c);
	if (first && c->face.listed)
		facts_listed(c, now);
	cluster_seen(c);
	tickets_observed(c, seen, now);
	sent_observed(c);
	look_observed(c, now);
	notes_review(c);
	return 0;
}

static void sink_answered(void *arg, unsigned ticket, const struct reset_answer *answer,
			  int64_t now_ms)
{
	struct cluster *c = arg;

	tickets_answered(c, ticket, answer, cluster_moment(c, now_ms));
	notes_review(c);
	cluster_seen(c);
}

static void sink_path_checked(void *arg, unsigned ticket, enum path_state path, int64_t now_ms)
{
	struct cluster *c = arg;

	tickets_path(c, ticket, path, cluster_moment(c, now_ms));
	notes_review(c);
	cluster_seen(c);
}

static void sink_troubled(void *arg, const struct source_failure *trouble, int64_t now_ms)
{
	struct cluster *c = arg;
	struct cluster_face *face = &c->face;

	if ((face->link == LINK_REFUSED || face->link == LINK_UNTRUSTED) && !face->trying)
		return;
	if (face->link != LINK_CUT || strcmp(face->trouble.text, trouble->error->text) != 0)
		cluster_tell_link(c, cluster_moment(c, now_ms), trouble->error->text);
	face->link = LINK_CUT;
	face->trouble = *trouble->error;
	face->cut = cluster_moment(c, trouble->failing_since_ms);
	face->next_ms = trouble->next_ms;
	face->retry_status = trouble->retry_status;
	cluster_seen(c);
}

static void sink_modules(void *arg, bool known, const char *const *lacking, size_t count,
			 int64_t now_ms)
{
	struct cluster *c = arg;
	size_t i;

	forget_modules(c);
	c->modules_came = true;
	c->modules = known && count ? calloc(count, sizeof(*c->modules)) : NULL;
	for (i = 0; c->modules && i < count; i++) {
		c->modules[i] = strdup(lacking[i]);
		if (!c->modules[i])
			break;
		c->module_count++;
	}
	tickets_modules(c, cluster_moment(c, now_ms));
	cluster_seen(c);
}

static void sink_polling(void *arg, bool out, int64_t now_ms)
{
	struct cluster *c = arg;

	c->face.polling = out;
	c->face.poll_ms = now_ms;
	/* its end is seen by what it brought, its begin only when it lasts: then time redraws */
	if (!c->face.listed)
		cluster_seen(c);
}

static void sink_via(void *arg, const char *address, int64_t now_ms)
{
	struct cluster *c = arg;

	(void)now_ms;
	snprintf(c->face.via, sizeof(c->face.via), "%s", address);
	cluster_seen(c);
}

const struct source_sink *cluster_sink(void)
{
	static const struct source_sink sink = {
		.on_observation = sink_observed,
		.on_answer = sink_answered,
		.path_checked = sink_path_checked,
		.on_failure = sink_troubled,
		.on_refused = asks_refused,
		.on_modules = sink_modules,
		.on_data = facts_told,
		.on_prompt = asks_asked,
		.on_key_changed = asks_changed,
		.on_pinned = asks_pinned,
		.on_address = sink_via,
		.on_login = asks_logged_in,
		.on_polling = sink_polling,
	};

	return &sink;
}

void cluster_pause(struct cluster *c, bool pause, struct moment now)
{
	if (pause == c->face.paused)
		return;
	c->face.paused = pause;
	c->face.paused_at = now;
	if (c->ops)
		c->ops->pause(c->source, pause, now.ms);
	cluster_tell_link(c, now, pause ? "polling paused" : "polling resumed");
	cluster_seen(c);
}

void cluster_poll(struct cluster *c, struct moment now)
{
	if (!c->ops || asks_again(c, now))
		return;
	c->face.trying |= c->face.link == LINK_UNTRUSTED;
	c->ops->request(c->source, TOPIC_LIST, 0, now.ms);
}

bool cluster_measure(const struct cluster *c, struct source_stats *out)
{
	if (!c->ops || !c->ops->stats)
		return false;
	c->ops->stats(c->source, out);
	return true;
}

size_t cluster_queued(const struct cluster *c)
{
	size_t i, waiting = 0;

	for (i = 0; i < c->held_count; i++)
		waiting += !c->held[i].reading && reset_needs_slot(c->held[i].reset, c->tick.ms);
	return waiting;
}
