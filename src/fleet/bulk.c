/*
 * Bulks: many tickets that one answer confirms, and the sum of what became of them.
 */
#include "cluster_internal.h"

#include "bdbtop/core/text.h"

#include <stdlib.h>
#include <string.h>

const struct bulk_sum_def bulk_sum_defs[SUM_KINDS] = {
	[SUM_CLEARED] = { "cleared", STYLE_CLEARED },
	[SUM_UNCHANGED] = { "unchanged", STYLE_WAITING },
	[SUM_BUSY] = { "busy", STYLE_WAITING },
	[SUM_GONE] = { "gone", STYLE_DIM },
	[SUM_REFUSED] = { "refused", STYLE_REFUSED },
	[SUM_NO_ANSWER] = { "no answer", STYLE_WAITING },
	[SUM_NOT_SENT] = { "not sent", STYLE_TEXT },
	[SUM_CANCELLED] = { "cancelled", STYLE_TEXT },
	[SUM_UNDER_WAY] = { "under way", STYLE_PENDING },
};

/* How those that ended count; after a 200 the read-back alone decides. */
static const enum bulk_sum sum_of_end[] = {
	[OUTCOME_NONE] = SUM_UNDER_WAY,
	[OUTCOME_DECLINED] = SUM_NOT_SENT,
	[OUTCOME_SUPERSEDED] = SUM_NOT_SENT,
	[OUTCOME_NOTHING_TO_RESET] = SUM_NOT_SENT,
	[OUTCOME_IDLE_NOT_BY_US] = SUM_NOT_SENT,
	[OUTCOME_IDLE_BEFORE_REASON_KEPT] = SUM_NOT_SENT,
	[OUTCOME_SKIPPED] = SUM_NOT_SENT,
	[OUTCOME_DROPPED] = SUM_NOT_SENT,
	[OUTCOME_CANNOT_READ] = SUM_NOT_SENT,
	[OUTCOME_CANCELLED] = SUM_CANCELLED,
	[OUTCOME_ASLEEP] = SUM_CANCELLED,
	[OUTCOME_STOPPED] = SUM_CANCELLED,
	[OUTCOME_CLEARED] = SUM_CLEARED,
	[OUTCOME_REASON_KEPT] = SUM_UNCHANGED,
	[OUTCOME_RUNNING] = SUM_UNCHANGED,
	[OUTCOME_MOVED] = SUM_UNCHANGED,
	[OUTCOME_UNCHANGED] = SUM_UNCHANGED,
	[OUTCOME_OTHER_BDB] = SUM_GONE,
	[OUTCOME_THEN_GONE] = SUM_GONE,
	[OUTCOME_NOT_CONFIRMED] = SUM_NO_ANSWER,
	[OUTCOME_REFUSED_307] = SUM_REFUSED,
	[OUTCOME_REFUSED_401] = SUM_REFUSED,
	[OUTCOME_REFUSED_403] = SUM_REFUSED,
	[OUTCOME_GONE] = SUM_GONE,
	[OUTCOME_PATH_UNKNOWN] = SUM_REFUSED,
	[OUTCOME_STILL_LISTED] = SUM_REFUSED,
	[OUTCOME_REFUSED_406] = SUM_REFUSED,
	[OUTCOME_GAVE_UP] = SUM_BUSY,
	[OUTCOME_REFUSED_OTHER] = SUM_REFUSED,
	[OUTCOME_UNSENT] = SUM_NOT_SENT,
	[OUTCOME_NO_ANSWER] = SUM_NO_ANSWER,
	[OUTCOME_UNKNOWN] = SUM_NO_ANSWER,
};

/* The code of the newest answer; 0: none came, or none was sent. */
static unsigned newest_status(const struct reset *reset)
{
	struct reset_attempt try = { .status = 0 };
	size_t i;

	for (i = 0; reset_attempt(reset, i, &try); i++)
		;
	return try.status;
}

enum bulk_sum bulk_sum_of(const struct reset *reset)
{
	unsigned status;

	switch (reset_state(reset)) {
	case RESET_END:
		return sum_of_end[reset_outcome(reset)];
	case RESET_WAITING:
		return SUM_BUSY;
	case RESET_PROBING:
	case RESET_HELD:
		/* a 200 or a 404 is an answer: what it means is still being read */
		status = newest_status(reset);
		return status == 200 || status == 404 ? SUM_UNDER_WAY : SUM_NO_ANSWER;
	default:
		return SUM_UNDER_WAY;
	}
}

static struct bulk_held *find(const struct cluster *c, unsigned no)
{
	struct bulk_held *bulk;

	for (bulk = c->bulks; bulk && bulk->face.no != no; bulk = bulk->next)
		;
	return bulk;
}

static struct bulk_held *newest(const struct cluster *c)
{
	struct bulk_held *bulk;

	for (bulk = c->bulks; bulk && bulk->dismissed; bulk = bulk->next)
		;
	return bulk;
}

static void release(struct bulk_held *bulk)
{
	free(bulk->tickets);
	free(bulk->left_out);
	free(bulk);
}

void bulks_release(struct cluster *c)
{
	while (c->bulks) {
		struct bulk_held *bulk = c->bulks;

		c->bulks = bulk->next;
		release(bulk);
	}
}

/* --- opened ---------------------------------------------------------------------------------- */

/* Why a database is left out, in a word or two. */
static void why_not(const struct cluster *c, int64_t uid, struct note *note)
{
	const struct roster_entry *entry = roster_find(c->roster, uid);
	const struct op *op = entry ? &entry->bdb->op[note->kind] : NULL;
	enum gate gate = cluster_gate(c, uid, note->kind);
	struct text text;

	text_init(&text, note->left_out, sizeof(note->left_out));
	if (!op || gate == GATE_NOT_LISTED)
		text_add(&text, "gone");
	else if (gate == GATE_UNDER_WAY)
		text_add(&text, "already under way");
	else if (op->phase == OP_FAILED)
		text_add(&text, gate == GATE_GREYED ? "role may not reset" : "no memory");
	else
		text_add_safe(&text, triage_op_sentence(op));
	if (op && op->phase == OP_RUNNING && op->percent_presence == FIELD_PRESENT)
		text_addf(&text, " %d%%", (int)op->percent);
}

static unsigned open_one(struct cluster *c, int64_t uid, enum op_kind kind, struct moment now)
{
	const struct roster_entry *entry = roster_find(c->roster, uid);
	struct reset_target wanted = { .id = { c->index, uid },
				 .kind = kind,
				 .shown_at = now,
				 .bulk = true,
				 .interactive = c->setup.terminal };

	if (!entry || entry->bdb->op[kind].phase != OP_FAILED ||
	    cluster_gate(c, uid, kind) != GATE_OPEN)
		return 0;
	wanted.evidence = entry->bdb;
	return tickets_make(c, &wanted, false, false);
}

static int by_number(const void *left, const void *right)
{
	int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;

	return a < b ? -1 : a > b;
}

static void fill(struct cluster *c, struct bulk_held *bulk, const int64_t *uids, size_t count,
		 struct moment now)
{
	size_t i;

	for (i = 0; i < count; i++) {
		unsigned no;

		if (i && uids[i] == uids[i - 1])
			continue;
		no = open_one(c, uids[i], bulk->face.kind, now);
		if (no) {
			cluster_held(c, no)->bulk = bulk->face.no;
			bulk->tickets[bulk->ticket_count++] =
				(struct place){ .uid = uids[i], .ticket = no };
		} else {
			struct note *note = &bulk->left_out[bulk->left_out_count++];

			*note = (struct note){ .uid = uids[i], .kind = bulk->face.kind };
			why_not(c, uids[i], note);
		}
	}
	bulk->face.tickets = bulk->ticket_count;
	bulk->face.left_out = bulk->left_out_count;
}

unsigned cluster_open_bulk(struct cluster *c, enum op_kind kind, const int64_t *uids, size_t count,
			   struct moment now)
{
	struct bulk_held *bulk = calloc(1, sizeof(*bulk));
	int64_t *sorted = malloc((count + 1) * sizeof(*sorted));

	if (bulk) {
		bulk->tickets = malloc((count + 1) * sizeof(*bulk->tickets));
		bulk->left_out = malloc((count + 1) * sizeof(*bulk->left_out));
	}
	if (!sorted || !bulk || !bulk->tickets || !bulk->left_out) {
		free(sorted);
		if (bulk)
			release(bulk);
		return 0;
	}
	if (count)
		memcpy(sorted, uids, count * sizeof(*sorted));
	qsort(sorted, count, sizeof(*sorted), by_number);
	bulk->face = (struct bulk){ .no = ++c->last_bulk, .kind = kind };
	bulk->next = c->bulks;
	c->bulks = bulk;
	fill(c, bulk, sorted, count, now);
	free(sorted);
	cluster_seen(c);
	if (bulk->face.tickets)
		return bulk->face.no;
	c->bulks = bulk->next;
	release(bulk);
	return 0;
}

/* --- answered -------------------------------------------------------------------------------- */

static void event_all(struct cluster *c, const struct bulk_held *bulk, enum reset_event_kind kind,
		      struct moment now)
{
	const struct reset_event event = { .kind = kind };
	size_t i;

	for (i = 0; i < bulk->ticket_count; i++) {
		struct held *held = cluster_held(c, bulk->tickets[i].ticket);

		if (kind == EV_CONFIRM)
			doors_pass(c, held, now);
		/* what was replaced on its row may have moved it */
		tickets_event(c, cluster_held(c, bulk->tickets[i].ticket), &event, now);
	}
}

static void mark_unasked(struct cluster *c, const struct bulk_held *bulk)
{
	size_t i;

	for (i = 0; i < bulk->ticket_count; i++)
		cluster_held(c, bulk->tickets[i].ticket)->unasked = true;
}

void cluster_confirm_bulk(struct cluster *c, unsigned no, struct moment now)
{
	struct bulk_held *bulk = find(c, no), *older;
	size_t i;

	if (!bulk || bulk->face.confirmed)
		return;
	if (c->setup.read_only) {
		cluster_decline_bulk(c, no, now);
		return;
	}
	for (older = bulk->next; older; older = older->next)
		older->dismissed = true;
	bulk->face.confirmed = true;
	for (i = 0; i < bulk->ticket_count; i++)
		notes_drop(c, bulk->tickets[i].uid);
	for (i = 0; i < bulk->left_out_count; i++)
		notes_put(c, &bulk->left_out[i]);
	/* one write for all their lines: hundreds of them must not hold up the screen */
	lines_collect(c);
	event_all(c, bulk, EV_CONFIRM, now);
	if (lines_write(c) < 0)
		mark_unasked(c, bulk);
	tickets_sweep(c);
	cluster_seen(c);
}

void cluster_decline_bulk(struct cluster *c, unsigned no, struct moment now)
{
	struct bulk_held *bulk = find(c, no);

	if (!bulk || bulk->face.confirmed)
		return;
	event_all(c, bulk, EV_DECLINE, now);
	tickets_sweep(c);
	cluster_seen(c);
}

/* --- the question about the ledger, one for all ---------------------------------------------- */

static bool asks_ledger(const struct held *held)
{
	return reset_state(held->reset) == RESET_ASKING2 &&
	       reset_question(held->reset) == ASK_AUDIT_LOG;
}

enum bulk_say bulk_ledger(struct cluster *c, const struct held *held, bool *asks)
{
	struct bulk_held *bulk = find(c, held->bulk);

	*asks = !bulk || !bulk->asker;
	if (!bulk)
		return SAID_NOTHING;
	if (bulk->ledger == SAID_NOTHING && *asks)
		bulk->asker = reset_target(held->reset)->reset_id;
	return bulk->ledger;
}

bool bulk_answer(struct cluster *c, unsigned ticket, enum bulk_say say, struct moment now)
{
	const struct held *held = cluster_held(c, ticket);
	struct bulk_held *bulk = held && asks_ledger(held) ? find(c, held->bulk) : NULL;
	struct reset_event event = { .kind = say == SAID_YES ? EV_TYPED_YES : EV_DECLINE };
	size_t i;

	if (!bulk)
		return false;
	bulk->ledger = say;
	bulk->asker = 0;
	for (i = 0; i < bulk->ticket_count; i++) {
		struct held *one = cluster_held(c, bulk->tickets[i].ticket);

		if (asks_ledger(one))
			tickets_event(c, one, &event, now);
	}
	tickets_sweep(c);
	return true;
}

/* The one that asks for the others was cancelled: another one asks in its place. */
static void pass_on(struct cluster *c, struct bulk_held *bulk)
{
	const struct held *asker = bulk->asker ? cluster_held(c, bulk->asker) : NULL;
	size_t i;

	if (!bulk->asker || (asker && asks_ledger(asker)))
		return;
	bulk->asker = 0;
	for (i = 0; i < bulk->ticket_count && !bulk->asker; i++) {
		struct held *held = cluster_held(c, bulk->tickets[i].ticket);

		if (!asks_ledger(held))
			continue;
		bulk->asker = bulk->tickets[i].ticket;
		held->pending = true;
	}
}

void bulk_forget(struct cluster *c, const struct held *held)
{
	struct bulk_held *bulk = held->bulk ? find(c, held->bulk) : NULL;
	unsigned no = reset_target(held->reset)->reset_id;
	size_t i;

	for (i = 0; bulk && i < bulk->ticket_count; i++)
		if (bulk->tickets[i].ticket == no) {
			bulk->past[bulk_sum_of(held->reset)]++;
			bulk->ticket_count--;
			memmove(&bulk->tickets[i], &bulk->tickets[i + 1],
				(bulk->ticket_count - i) * sizeof(*bulk->tickets));
			return;
		}
}

void bulk_sweep(struct cluster *c)
{
	struct bulk_held **at = &c->bulks, *bulk;

	while ((bulk = *at)) {
		pass_on(c, bulk);
		/* a question that was declined or withdrawn, or nothing left to tell */
		if (!bulk->ticket_count && (bulk->dismissed || !bulk->face.confirmed)) {
			*at = bulk->next;
			release(bulk);
		} else {
			at = &bulk->next;
		}
	}
}

/* --- what is told ---------------------------------------------------------------------------- */

bool cluster_bulk(const struct cluster *c, struct bulk *out)
{
	const struct bulk_held *bulk = newest(c);
	size_t i;

	if (!bulk)
		return false;
	*out = bulk->face;
	if (!bulk->face.confirmed)
		return true;
	memcpy(out->sum, bulk->past, sizeof(out->sum));
	for (i = 0; i < bulk->ticket_count; i++)
		out->sum[bulk_sum_of(cluster_held(c, bulk->tickets[i].ticket)->reset)]++;
	return true;
}

void cluster_dismiss_bulk(struct cluster *c)
{
	struct bulk_held *bulk;

	for (bulk = c->bulks; bulk; bulk = bulk->next)
		bulk->dismissed |= bulk->face.confirmed;
	bulk_sweep(c);
	cluster_seen(c);
}

const struct reset *cluster_bulk_ticket(const struct cluster *c, size_t index)
{
	const struct bulk_held *bulk = newest(c);

	return bulk && index < bulk->ticket_count
		       ? cluster_held(c, bulk->tickets[index].ticket)->reset
		       : NULL;
}

bool cluster_bulk_left_out(const struct cluster *c, size_t index, int64_t *uid, char word[32])
{
	const struct bulk_held *bulk = newest(c);

	if (!bulk || index >= bulk->left_out_count)
		return false;
	*uid = bulk->left_out[index].uid;
	memcpy(word, bulk->left_out[index].left_out, LEFT_OUT_TEXT);
	return true;
}
