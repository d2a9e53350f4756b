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

void session_call_for(struct session *s, unsigned ring, unsigned notify)
{
	const unsigned failed = 1U << TRANSITION_FAILED, again = 1U << TRANSITION_FAILED_AGAIN;

	s->calls.ring_for = ring | (ring & failed ? again : 0);
	s->calls.notify_for = notify | (notify & failed ? again : 0);
}

static struct call *call_of(struct calls *calls, unsigned cluster, int64_t uid)
{
	size_t i;

	for (i = 0; i < calls->count; i++)
		if (calls->at[i].id.uid == uid && calls->at[i].id.cluster == cluster)
			return &calls->at[i];
	if (calls->count == CALLS) {
		calls->more++;
		return NULL;
	}
	calls->at[calls->count] = (struct call){ .id = { cluster, uid }, .kind = OP_KINDS };
	return &calls->at[calls->count++];
}

/* What is newer about the same operation takes the place of the older, else the worse stays. */
static void note(struct call *call, const struct cluster_event *event)
{
	const bool first = call->kind == OP_KINDS;

	if (!first && call->kind != event->kind &&
	    transition_defs[call->word].weight > transition_defs[event->transition].weight)
		return;
	call->word = event->transition;
	call->kind = event->kind;
}

void session_call(struct session *s, const struct cluster_event *event)
{
	struct calls *calls = &s->calls;
	const unsigned bit = 1U << event->transition;
	struct call *call;

	if (event->event_kind != CLUSTER_EVENT_TRANSITION ||
	    !((calls->ring_for | calls->notify_for) & bit))
		return;
	calls->ring |= (calls->ring_for & bit) != 0;
	calls->notify |= (calls->notify_for & bit) != 0;
	call = call_of(calls, event->cluster, event->uid);
	if (call)
		note(call, event);
}

static int by_weight(const void *left, const void *right)
{
	const struct call *a = left, *b = right;
	int by = transition_defs[b->word].weight - transition_defs[a->word].weight;

	if (by)
		return by;
	if (a->id.cluster != b->id.cluster)
		return a->id.cluster < b->id.cluster ? -1 : 1;
	return a->id.uid < b->id.uid ? -1 : a->id.uid > b->id.uid;
}

static void write_calls(struct calls *calls, struct text *text)
{
	size_t all = calls->count + calls->more, i;
	size_t named = all > NAMED ? NAMED_LESS : all;

	qsort(calls->at, calls->count, sizeof(calls->at[0]), by_weight);
	for (i = 0; i < named; i++)
		text_addf(text, "%sdb:%lld %s", i ? ", " : "", (long long)calls->at[i].id.uid,
			  transition_defs[calls->at[i].word].word);
	if (named < all)
		text_addf(text, " and %zu more", all - named);
}

bool session_take_attention(struct session *s, struct attention *out)
{
	struct calls *calls = &s->calls;
	struct text text;

	if (!calls->count || s->now.ms < calls->next_ms)
		return false;
	*out = (struct attention){ .ring = calls->ring, .notify = calls->notify };
	text_init(&text, out->text, sizeof(out->text));
	write_calls(calls, &text);
	*calls = (struct calls){ .ring_for = calls->ring_for,
				 .notify_for = calls->notify_for,
				 .next_ms = s->now.ms + PAUSE_MS };
	return true;
}

int64_t session_call_due(const struct session *s, int64_t now_ms)
{
	/* what is due now is taken by the frame of this turn */
	return s->calls.count && s->calls.next_ms > now_ms ? s->calls.next_ms : TIME_NEVER;
}
