/*
 * Calling the user: which of the things seen are worth a bell or a notice, several of them in one.
 */
#include "session_internal.h"

#include "bdbtop/core/text.h"

#include <stdlib.h>
#include <string.h>

#define PAUSE_MS   INT64_C(10000)
/* How many are named: all, or these and how many more. */
#define NAMED	   3
#define NAMED_LESS 2

void session_set_notifications(struct session *s, unsigned ring, unsigned notify)
{
	const unsigned failed = 1U << TRANSITION_FAILED, again = 1U << TRANSITION_FAILED_AGAIN;

	s->notifications.bell_for = ring | (ring & failed ? again : 0);
	s->notifications.notify_for = notify | (notify & failed ? again : 0);
}

static struct notification_entry *find_entry(struct notification_queue *calls, unsigned cluster,
					     int64_t uid)
{
	size_t i;

	for (i = 0; i < calls->count; i++)
		if (calls->entries[i].id.uid == uid && calls->entries[i].id.cluster == cluster)
			return &calls->entries[i];
	if (calls->count == NOTIFICATIONS_MAX) {
		calls->more++;
		return NULL;
	}
	calls->entries[calls->count] =
		(struct notification_entry){ .id = { cluster, uid }, .kind = OP_KINDS };
	return &calls->entries[calls->count++];
}

/* What is newer about the same operation takes the place of the older, else the worse stays. */
static void add_entry(struct notification_entry *call, const struct cluster_event *event)
{
	const bool first = call->kind == OP_KINDS;

	if (!first && call->kind != event->kind &&
	    transition_defs[call->transition].weight > transition_defs[event->transition].weight)
		return;
	call->transition = event->transition;
	call->kind = event->kind;
}

void session_on_event(struct session *s, const struct cluster_event *event)
{
	struct notification_queue *calls = &s->notifications;
	const unsigned bit = 1U << event->transition;
	struct notification_entry *call;

	if (event->event_kind != CLUSTER_EVENT_TRANSITION ||
	    !((calls->bell_for | calls->notify_for) & bit))
		return;
	calls->bell |= (calls->bell_for & bit) != 0;
	calls->notify |= (calls->notify_for & bit) != 0;
	call = find_entry(calls, event->cluster, event->uid);
	if (call)
		add_entry(call, event);
}

static int by_weight(const void *left, const void *right)
{
	const struct notification_entry *a = left, *b = right;
	int by = transition_defs[b->transition].weight - transition_defs[a->transition].weight;

	if (by)
		return by;
	if (a->id.cluster != b->id.cluster)
		return a->id.cluster < b->id.cluster ? -1 : 1;
	return a->id.uid < b->id.uid ? -1 : a->id.uid > b->id.uid;
}

static void write_entries(struct notification_queue *calls, struct text *text)
{
	size_t all = calls->count + calls->more, i;
	size_t named = all > NAMED ? NAMED_LESS : all;

	qsort(calls->entries, calls->count, sizeof(calls->entries[0]), by_weight);
	for (i = 0; i < named; i++)
		text_addf(text, "%sdb:%lld %s", i ? ", " : "", (long long)calls->entries[i].id.uid,
			  transition_defs[calls->entries[i].transition].word);
	if (named < all)
		text_addf(text, " and %zu more", all - named);
}

bool session_take_notification(struct session *s, struct notification *out)
{
	struct notification_queue *calls = &s->notifications;
	struct text text;

	if (!calls->count || s->now.ms < calls->next_ms)
		return false;
	*out = (struct notification){ .bell = calls->bell, .notify = calls->notify };
	text_init(&text, out->text, sizeof(out->text));
	write_entries(calls, &text);
	*calls = (struct notification_queue){ .bell_for = calls->bell_for,
					      .notify_for = calls->notify_for,
					      .next_ms = s->now.ms + PAUSE_MS };
	return true;
}

int64_t session_notification_due(const struct session *s, int64_t now_ms)
{
	/* what is due now is taken by the frame of this turn */
	return s->notifications.count && s->notifications.next_ms > now_ms
		       ? s->notifications.next_ms
		       : TIME_NEVER;
}
