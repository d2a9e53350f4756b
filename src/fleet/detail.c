/*
 * The one database that is looked at: which corner is asked, and when.
 *
 * One request at a time, and none while the slow round has one out: of the two places that are not
 * the poll's, one is always left for tickets.
 */
#include "cluster_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SETTLE_MS     200   /* who runs through the rows asks for none of them */
#define AGAIN_MS      10000 /* after the first failure; twice, four times that after the next */
#define ROOM_AGAIN_MS 1000  /* after a source that had a place, and yet none */
#define RECENT_MS     (INT64_C(10) * 60 * 1000)
#define DAY_S	      (INT64_C(24) * 60 * 60)
#define OVERLAP_S     30 /* the nodes' clocks differ, and what they log comes in any order */

static const struct {
	enum source_topic topic;
	int64_t calm_ms, busy_ms; /* how often; busy: it runs, or failed just now */
} sorts[LOOK_SORTS] = {
	[CORNER_EVENTS] = { TOPIC_EVENTS, 30000, 10000 },
	[CORNER_ALERTS] = { TOPIC_ALERTS, 30000, 30000 },
	[CORNER_ACTIONS] = { TOPIC_ACTIONS, 30000, 10000 },
	[CORNER_SHARDS] = { TOPIC_SHARDS, 30000, 10000 },
	[CORNER_TRAITS] = { TOPIC_BDB_INFO, 300000, 300000 },
	[LOOK_NODES] = { TOPIC_NODES, TIME_NEVER, TIME_NEVER },
};

static bool may_look(const struct cluster *c)
{
	return c->ops && c->look.face.uid && c->face.link == LINK_FRESH && !c->look.out &&
	       !c->round.out;
}

static bool is_busy(const struct cluster *c)
{
	const struct roster_entry *entry = roster_find(c->roster, c->look.face.uid);
	int kind;

	for (kind = 0; entry && kind < OP_KINDS; kind++) {
		enum op_phase phase = entry->bdb->op[kind].phase;

		if (phase == OP_RUNNING ||
		    (phase == OP_FAILED && c->tick.ms - entry->op_since[kind].since.ms < RECENT_MS))
			return true;
	}
	return false;
}

/* When one is to be asked; busy: the database is. */
static int64_t sort_due(const struct look *look, unsigned i, bool busy)
{
	const struct sort *sort = &look->sort[i];
	int64_t every_ms = busy ? sorts[i].busy_ms : sorts[i].calm_ms;

	if (sort->shut)
		return TIME_NEVER;
	if (sort->failures)
		return sort->again_ms;
	if (!sort->asked)
		return look->begin_ms;
	return every_ms == TIME_NEVER ? TIME_NEVER : sort->asked_ms + every_ms;
}

/* The one that is due first, and when. */
static unsigned first_due(const struct cluster *c, int64_t *due_ms)
{
	bool busy = is_busy(c);
	unsigned i, first = 0;

	*due_ms = TIME_NEVER;
	for (i = 0; i < LOOK_SORTS; i++) {
		int64_t due = sort_due(&c->look, i, busy);

		if (due < *due_ms) {
			*due_ms = due;
			first = i;
		}
	}
	if (*due_ms < c->look.retry_ms)
		*due_ms = c->look.retry_ms;
	return first;
}

int64_t look_due(const struct cluster *c, int64_t now_ms)
{
	int64_t due;

	if (!may_look(c))
		return TIME_NEVER;
	first_due(c, &due);
	/* without a place the reply that frees one wakes us */
	if (due <= now_ms && !c->ops->free_slots(c->source))
		return TIME_NEVER;
	return due;
}

static void changed(struct cluster *c)
{
	c->look.face.revision++;
	cluster_seen(c);
}

/* What the corners say of themselves by the state of the link. */
static void tell_corners(struct cluster *c)
{
	struct look *look = &c->look;
	bool fresh = look->face.uid && c->face.link == LINK_FRESH, any = false;
	unsigned i;

	for (i = 0; i < CORNERS; i++) {
		struct corner_face *face = &look->face.corner[i];
		const struct sort *sort = &look->sort[i];
		bool asking = fresh && !face->read && !face->trouble[0];
		bool again = fresh && face->trouble[0] && !sort->shut;
		bool out = look->out && look->out_no == look->no && look->out_sort == i;
		int64_t next_ms = again ? sort->again_ms : TIME_NEVER;
		int64_t out_ms = out ? sort->asked_ms : TIME_NEVER;

		any |= asking != face->asking || next_ms != face->next_ms || out_ms != face->out_ms;
		face->asking = asking;
		face->next_ms = next_ms;
		face->out_ms = out_ms;
	}
	if (any)
		changed(c);
}

static int64_t about(const struct cluster *c, unsigned sort)
{
	const struct look *look = &c->look;

	switch (sorts[sort].topic) {
	case TOPIC_EVENTS:
		return look->newest_s ? look->newest_s - OVERLAP_S : cluster_now_s(c) - DAY_S;
	case TOPIC_ACTIONS:
	case TOPIC_NODES:
		return 0;
	default:
		return look->face.uid;
	}
}

static void ask_first(struct cluster *c, struct moment now)
{
	struct look *look = &c->look;
	int64_t due_ms;
	unsigned sort = first_due(c, &due_ms);

	if (due_ms > now.ms || !c->ops->free_slots(c->source))
		return;
	if (c->ops->request(c->source, sorts[sort].topic, about(c, sort), now.ms) < 0) {
		look->retry_ms = now.ms + ROOM_AGAIN_MS;
		return;
	}
	look->out = true;
	look->out_no = look->no;
	look->out_sort = sort;
	look->sort[sort].asked = true;
	look->sort[sort].asked_ms = now.ms;
}

void look_turn(struct cluster *c, struct moment now)
{
	if (may_look(c))
		ask_first(c, now);
	tell_corners(c);
}

/* --- what is told ---------------------------------------------------------------------------- */

static void say_trouble(char trouble[64], const struct data_reply *told)
{
	static const struct {
		enum data_result how;
		unsigned status;
		const char *words;
	} says[] = {
		{ DATA_FORBIDDEN, 403, "403 role may not see them" },
		{ DATA_MISSING, 404, "404 not on this cluster" },
		{ DATA_FAILED, 0, "not answered" },
		{ DATA_FAILED, 200, "not understood" },
		{ DATA_FAILED, 429, "429 too many requests" },
		{ DATA_OK, 200, "no memory for them" },
	};
	size_t i;

	for (i = 0; i < sizeof(says) / sizeof(says[0]); i++)
		if (told->result == says[i].how &&
		    (told->result != DATA_FAILED || told->status == says[i].status)) {
			snprintf(trouble, 64, "%s", says[i].words);
			return;
		}
	snprintf(trouble, 64, "%u", told->status);
}

static void failed(struct cluster *c, unsigned i, const struct data_reply *told, int64_t now_ms)
{
	struct look *look = &c->look;
	struct sort *sort = &look->sort[i];
	int64_t pause_ms = AGAIN_MS;

	if (sort->failures)
		pause_ms *= sort->failures > 1 ? 4 : 2;
	sort->shut = told->result == DATA_FORBIDDEN || told->result == DATA_MISSING;
	sort->failures++;
	sort->again_ms = now_ms + pause_ms;
	if (told->retry_ms > sort->again_ms)
		sort->again_ms = told->retry_ms;
	/* what the whole cluster does not answer is said in the header */
	if (i < CORNERS && c->face.link == LINK_FRESH)
		say_trouble(look->face.corner[i].trouble, told);
}

static void came(struct cluster *c, unsigned i, const struct data_reply *told)
{
	struct look *look = &c->look;
	struct corner_face *face;

	look->sort[i].failures = 0;
	if (i >= CORNERS)
		return;
	face = &look->face.corner[i];
	face->read = true;
	face->read_at = cluster_moment(c, told->received_ms);
	face->trouble[0] = '\0';
}

/* What moves in the shards is known sooner than by the slow round; a picture that is held stays. */
static void feel(struct cluster *c, const struct data_reply *told)
{
	if (c->face.paused)
		return;
	roster_heartbeat(c->roster, told->data, findings_moment(c, told->received_ms));
	findings_make(c);
}

bool look_told(struct cluster *c, const struct data_reply *told, int64_t now_ms)
{
	struct look *look = &c->look;
	unsigned i = look->out_sort;

	if (!look->out)
		return false;
	look->out = false;
	if (told->result == DATA_OK && told->topic == TOPIC_ACTIONS)
		feel(c, told);
	if (look->out_no != look->no && i != LOOK_NODES)
		return true;
	if (told->result == DATA_OK && pages_take(c, i, told))
		came(c, i, told);
	else
		failed(c, i, told, now_ms);
	changed(c);
	return true;
}

/* --- who looks ------------------------------------------------------------------------------- */

static void release(struct look *look)
{
	pages_release(look);
	free(look->past);
	free(look->sent);
	look->past = look->sent = NULL;
	look->face.sent = NULL;
	look->past_count = look->face.sent_count = 0;
}

void look_release(struct cluster *c)
{
	release(&c->look);
}

void look_sent(struct cluster *c)
{
	struct look *look = &c->look;

	free(look->sent);
	look->sent = look->face.uid ? sent_lines(c, look->face.uid, &look->face.sent_count) : NULL;
	look->face.sent = look->sent;
	if (!look->sent)
		look->face.sent_count = 0;
	changed(c);
}

static void begin(struct cluster *c, int64_t uid, int64_t begin_ms)
{
	const struct roster_entry *entry = roster_find(c->roster, uid);
	struct look *look = &c->look;
	struct sort nodes = look->sort[LOOK_NODES];

	release(look);
	look->face = (struct detail){ .uid = uid, .revision = look->face.revision };
	memset(look->sort, 0, sizeof(look->sort));
	look->sort[LOOK_NODES] = nodes;
	look->no++;
	look->life = entry ? entry->generation : 0;
	look->begin_ms = begin_ms;
	look->newest_s = 0;
	if (uid)
		look->past = sent_past(c, uid, &look->past_count);
	look_sent(c);
	tell_corners(c);
}

void cluster_look(struct cluster *c, int64_t uid, struct moment now)
{
	bool moves = c->look.face.uid && uid;

	if (uid != c->look.face.uid)
		begin(c, uid, now.ms + (moves ? SETTLE_MS : 0));
}

void look_observed(struct cluster *c, struct moment now)
{
	const struct roster_entry *entry = roster_find(c->roster, c->look.face.uid);

	/* another database under the same uid: what was told is about the one before it */
	if (entry && c->look.face.uid && entry->generation != c->look.life)
		begin(c, c->look.face.uid, now.ms);
}

const struct detail *cluster_detail(const struct cluster *c)
{
	return &c->look.face;
}

const char *cluster_version(const struct cluster *c)
{
	return c->look.version;
}
