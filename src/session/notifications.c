/*
 * Notifications: which transitions ring the bell or send a desktop notification; several events
 * become one notification.
 */
#include "session_internal.h"

#include <stdlib.h>

#include "bdbtop/core/text.h"

#define INTERVAL_MS	INT64_C(10000)
/* Up to NAMED_MAX databases are listed; of more, NAMED_WITH_MORE and the number of others. */
#define NAMED_MAX	3
#define NAMED_WITH_MORE 2

void session_set_notifications(struct session *s, unsigned bell, unsigned notify)
{
	const unsigned failed = 1U << TRANSITION_FAILED, again = 1U << TRANSITION_FAILED_AGAIN;

	s->notifications.bell_for = bell | (bell & failed ? again : 0);
	s->notifications.notify_for = notify | (notify & failed ? again : 0);
}

struct named_bdb *named_bdbs_find(struct named_bdb *bdbs, size_t count, struct bdb_id id)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (!bdb_id_compare(&bdbs[i].id, &id))
			return &bdbs[i];
	return NULL;
}

static int by_weight(const void *left, const void *right)
{
	const struct named_bdb *a = left, *b = right;
	int by = transition_defs[b->transition].weight - transition_defs[a->transition].weight;

	return by ? by : bdb_id_compare(&a->id, &b->id);
}

void named_bdbs_sort(struct named_bdb *bdbs, size_t count)
{
	qsort(bdbs, count, sizeof(*bdbs), by_weight);
}

static struct named_bdb *entry_of(struct notification_queue *queue, struct bdb_id id)
{
	struct named_bdb *entry = named_bdbs_find(queue->entries, queue->count, id);

	if (entry)
		return entry;
	if (queue->count == NOTIFICATIONS_MAX) {
		queue->more++;
		return NULL;
	}
	entry = &queue->entries[queue->count++];
	*entry = (struct named_bdb){ .id = id, .kind = OP_KINDS };
	return entry;
}

/* A newer event about the same operation replaces the older; otherwise the worse one stays. */
static void add_entry(struct named_bdb *entry, const struct cluster_event *event)
{
	const bool first = entry->kind == OP_KINDS;

	if (!first && entry->kind != event->kind &&
	    transition_defs[entry->transition].weight > transition_defs[event->transition].weight)
		return;
	entry->transition = event->transition;
	entry->kind = event->kind;
}

void session_on_event(struct session *s, const struct cluster_event *event)
{
	struct notification_queue *queue = &s->notifications;
	const unsigned bit = 1U << event->transition;
	struct named_bdb *entry;

	if (event->event_kind != CLUSTER_EVENT_TRANSITION ||
	    !((queue->bell_for | queue->notify_for) & bit))
		return;
	queue->bell |= (queue->bell_for & bit) != 0;
	queue->notify |= (queue->notify_for & bit) != 0;
	entry = entry_of(queue, (struct bdb_id){ event->cluster, event->uid });
	if (entry)
		add_entry(entry, event);
}

static void write_entries(struct notification_queue *queue, struct text *text)
{
	size_t all = queue->count + queue->more, i;
	size_t named = all > NAMED_MAX ? NAMED_WITH_MORE : all;

	named_bdbs_sort(queue->entries, queue->count);
	for (i = 0; i < named; i++)
		text_addf(text, "%sdb:%lld %s", i ? ", " : "", (long long)queue->entries[i].id.uid,
			  transition_defs[queue->entries[i].transition].word);
	if (named < all)
		text_addf(text, " and %zu more", all - named);
}

bool session_take_notification(struct session *s, struct notification *out)
{
	struct notification_queue *queue = &s->notifications;
	struct text text;

	if (!queue->count || s->now.ms < queue->next_ms)
		return false;
	*out = (struct notification){ .bell = queue->bell, .notify = queue->notify };
	text_init(&text, out->text, sizeof(out->text));
	write_entries(queue, &text);
	*queue = (struct notification_queue){ .bell_for = queue->bell_for,
					      .notify_for = queue->notify_for,
					      .next_ms = s->now.ms + INTERVAL_MS };
	return true;
}

int64_t session_notification_due(const struct session *s, int64_t now_ms)
{
	/* a notification that is due now goes out with the frame of this turn */
	return s->notifications.count && s->notifications.next_ms > now_ms
		       ? s->notifications.next_ms
		       : TIME_NEVER;
}
