/*
 * The events of a run: their words, how a seed makes them, and what they do.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bdbtop/core/array.h"
#include "tests/random.h"
#include "tests/simulation/failure.h"
#include "tests/simulation/simulation.h"

const char *const run_event_words[EVENT_KINDS] = {
	[EVENT_WIRE] = "wire",
	[EVENT_ANSWER_PUT] = "answer-put",
	[EVENT_ANSWER_ONE] = "answer-one",
	[EVENT_ANSWER_LIST] = "answer-list",
	[EVENT_ANSWER_OTHER] = "answer-other",
	[EVENT_RETRY_AFTER] = "retry-after",
	[EVENT_PUT_IGNORED] = "put-ignored",
	[EVENT_BUSY] = "busy",
	[EVENT_FAIL] = "fail",
	[EVENT_SUCCEED] = "succeed",
	[EVENT_START] = "start",
	[EVENT_REASON] = "reason",
	[EVENT_RENAME] = "rename",
	[EVENT_RECREATE] = "recreate",
	[EVENT_DELETE] = "delete",
	[EVENT_CREATE] = "create",
	[EVENT_HOSTILE] = "hostile",
	[EVENT_SKEW] = "skew",
	[EVENT_PASSWORD] = "password",
	[EVENT_LOCK] = "lock",
	[EVENT_ROLE] = "role",
	[EVENT_TOKEN_EXPIRES] = "token-expires",
	[EVENT_NODE_DOWN] = "node-down",
	[EVENT_NODE_UP] = "node-up",
	[EVENT_RESTART] = "restart",
	[EVENT_PRIMARY] = "primary",
	[EVENT_CERTIFICATE] = "certificate",
	[EVENT_WALL] = "wall",
	[EVENT_SLEEP] = "sleep",
	[EVENT_STAND_STILL] = "stand-still",
	[EVENT_DISK_FULL] = "disk-full",
	[EVENT_DISK_FREE] = "disk-free",
	[EVENT_RESET] = "reset",
	[EVENT_BULK] = "bulk",
	[EVENT_CANARY] = "canary",
	[EVENT_ANSWER] = "answer",
	[EVENT_CANCEL] = "cancel",
	[EVENT_KEY] = "key",
	[EVENT_NOISE] = "noise",
	[EVENT_PAUSE] = "pause",
	[EVENT_POLL] = "poll",
	[EVENT_QUIT] = "quit",
	[EVENT_LEAVE] = "leave",
	[EVENT_REST] = "rest",
	[EVENT_WORK] = "work",
};

#define GAP_MS (5 * 3600 * 1000) /* between two incidents, on average */

const int64_t simulation_uids[SIMULATION_BDBS] = { 7, 12, 44, 58, 61, 90 };

void run_event_format(const struct run_event *event, char out[120])
{
	snprintf(out, 120, "%3" PRId64 ":%02d:%02d.%03d console %u %s %u %u",
		 event->at_ms / 3600000, (int)(event->at_ms / 60000 % 60),
		 (int)(event->at_ms / 1000 % 60), (int)(event->at_ms % 1000), event->console,
		 run_event_words[event->kind], event->a, event->b);
}

/* --- making them ----------------------------------------------------------------------------- */

struct maker {
	struct run_script *script;
	uint64_t state;
	unsigned console;
};

static unsigned roll(struct maker *m, unsigned sides)
{
	return random_below(&m->state, sides);
}

static void add(struct maker *m, int64_t at_ms, enum event_kind kind, unsigned a, unsigned b)
{
	struct run_script *s = m->script;

	if (s->count == RUN_EVENTS || at_ms >= s->length_ms)
		return;
	s->events[s->count++] = (struct run_event){
		.at_ms = at_ms, .kind = kind, .console = m->console, .a = a, .b = b
	};
}

/* One of the wires, of the cluster or of the machine, and its end where it has one. */
static void add_fault(struct maker *m, int64_t at_ms)
{
	static const enum event_kind kinds[] = {
		EVENT_WIRE,	     EVENT_WIRE,	EVENT_WIRE,	    EVENT_WIRE,
		EVENT_WIRE,	     EVENT_WIRE,	EVENT_ANSWER_PUT,   EVENT_ANSWER_PUT,
		EVENT_ANSWER_ONE,    EVENT_ANSWER_LIST, EVENT_ANSWER_OTHER, EVENT_RETRY_AFTER,
		EVENT_PUT_IGNORED,   EVENT_BUSY,	EVENT_BUSY,	    EVENT_FAIL,
		EVENT_SUCCEED,	     EVENT_START,	EVENT_REASON,	    EVENT_RENAME,
		EVENT_RECREATE,	     EVENT_DELETE,	EVENT_CREATE,	    EVENT_HOSTILE,
		EVENT_SKEW,	     EVENT_PASSWORD,	EVENT_LOCK,	    EVENT_ROLE,
		EVENT_TOKEN_EXPIRES, EVENT_NODE_DOWN,	EVENT_RESTART,	    EVENT_PRIMARY,
		EVENT_PRIMARY,	     EVENT_CERTIFICATE, EVENT_WALL,	    EVENT_SLEEP,
		EVENT_STAND_STILL,   EVENT_DISK_FULL,
	};
	enum event_kind kind = kinds[roll(m, ARRAY_SIZE(kinds))];
	unsigned a = roll(m, 1 << 16), b = roll(m, 1 << 30);
	int64_t end_ms = at_ms + 500 + roll(m, roll(m, 4) ? 20000 : 300000);

	add(m, at_ms, kind, a, b);
	if (kind == EVENT_NODE_DOWN || kind == EVENT_RESTART)
		add(m, end_ms, EVENT_NODE_UP, kind == EVENT_RESTART ? NETWORK_NODES : a, 0);
	else if (kind == EVENT_DISK_FULL)
		add(m, end_ms, EVENT_DISK_FREE, 0, 0);
	else if (kind == EVENT_ROLE)
		add(m, end_ms, EVENT_ROLE, 0, 0);
	else if (kind == EVENT_CERTIFICATE)
		add(m, end_ms, EVENT_CERTIFICATE, 0, 0);
	else if (kind == EVENT_DELETE)
		add(m, end_ms, EVENT_CREATE, a, b);
}

/* A failure, the user who resets it, and what comes in between. */
static void add_reset(struct maker *m, int64_t at_ms)
{
	unsigned row = roll(m, SIMULATION_BDBS), kind = roll(m, 4), faults = roll(m, 8);
	enum event_kind how = roll(m, 4) ? EVENT_RESET : roll(m, 3) ? EVENT_BULK : EVENT_CANARY;
	int64_t key_ms = at_ms + 6000 + roll(m, 3000), answer_ms;

	add(m, at_ms, EVENT_FAIL, row, kind < 2 ? 0 : kind - 1);
	if (how != EVENT_RESET)
		add(m, at_ms, EVENT_FAIL, row + 1, kind < 2 ? 0 : kind - 1);
	while (faults--)
		add_fault(m, key_ms - 500 + roll(m, roll(m, 2) ? 2000 : 20000));
	add(m, key_ms, how, roll(m, 64), roll(m, 64));
	answer_ms = key_ms + 600 + roll(m, roll(m, 3) ? 600 : 6000);
	add(m, answer_ms, EVENT_ANSWER, roll(m, 1 << 16), 0);
	if (!roll(m, 3))
		add(m, answer_ms + roll(m, 5000), EVENT_ANSWER, roll(m, 1 << 16), 0);
	/* what a PUT meets most: busy, or another primary */
	if (!roll(m, 3))
		add(m, key_ms, EVENT_ANSWER_PUT, roll(m, 3), roll(m, 1 << 16));
	else if (!roll(m, 4))
		add(m, answer_ms - 100 + roll(m, 200), EVENT_PRIMARY, roll(m, 3), 1);
	if (!roll(m, 8))
		add(m, answer_ms + roll(m, 4000), roll(m, 2) ? EVENT_SLEEP : EVENT_STAND_STILL,
		    roll(m, 2), roll(m, 1 << 30));
	if (!roll(m, 10))
		add(m, answer_ms + roll(m, 12000), EVENT_CANCEL, roll(m, 2), 0);
	if (!roll(m, 40))
		add(m, answer_ms + roll(m, 8000), roll(m, 2) ? EVENT_QUIT : EVENT_LEAVE, 0, 0);
}

static void add_keys(struct maker *m, int64_t at_ms)
{
	static const enum event_kind kinds[] = { EVENT_KEY,   EVENT_KEY,  EVENT_KEY,   EVENT_NOISE,
						 EVENT_PAUSE, EVENT_POLL, EVENT_ANSWER };
	unsigned count = 1 + roll(m, 6);

	while (count--) {
		add(m, at_ms, kinds[roll(m, ARRAY_SIZE(kinds))], roll(m, 1 << 16), 0);
		at_ms += roll(m, 3000);
	}
}

static int compare(const void *a, const void *b)
{
	const struct run_event *x = a, *y = b;

	return x->at_ms < y->at_ms ? -1 : x->at_ms > y->at_ms;
}

/* Between two incidents most consoles are paused or their machines asleep: nothing is polled. */
static void add_rest(struct maker *m, int64_t from_ms, int64_t to_ms)
{
	if (to_ms > m->script->length_ms)
		to_ms = m->script->length_ms;
	for (m->console = 0; m->console < RUN_CONSOLES && from_ms < to_ms; m->console++)
		add(m, from_ms, EVENT_REST, roll(m, 40), (unsigned)((to_ms - from_ms) / 1000));
}

static void add_incident(struct maker *m, int64_t at_ms)
{
	switch (roll(m, 7)) {
	case 0:
		add_fault(m, at_ms);
		break;
	case 1:
		add_keys(m, at_ms);
		break;
	case 2:
		add_reset(m, at_ms);
		m->console = roll(m, RUN_CONSOLES);
		add_reset(m, at_ms + roll(m, 20000));
		break;
	default:
		add_reset(m, at_ms);
		break;
	}
	/* an open question or prompt is answered some time */
	add(m, at_ms + 60000, EVENT_ANSWER, roll(m, 1 << 16), 0);
}

void events_make(struct run_script *script, uint64_t seed, int64_t length_ms)
{
	struct maker m = { .script = script, .state = random_start(seed) };
	int64_t at_ms = 0, rest_ms;

	script->count = 0;
	script->length_ms = length_ms;
	while (at_ms < length_ms && script->count < RUN_EVENTS - 64) {
		rest_ms = at_ms + 60000 + roll(&m, roll(&m, 3) ? 120000 : 600000);
		at_ms = rest_ms + roll(&m, 2 * GAP_MS);
		add_rest(&m, rest_ms, at_ms);
		m.console = roll(&m, RUN_CONSOLES);
		add(&m, at_ms, EVENT_WORK, 0, 0);
		add_incident(&m, at_ms + 10000);
		at_ms += 30000;
	}
	qsort(script->events, script->count, sizeof(script->events[0]), compare);
}

/* --- the cluster ----------------------------------------------------------------------------- */

#define BUSY_BODY  "{\"error_code\":\"bdb_busy\",\"description\":\"Database is busy.\"}"
#define SAYS(text) "{\"error_code\":\"x\",\"description\":\"" text "\"}"

static const char *const put_answers[] = {
	"409 " BUSY_BODY,
	"409 " BUSY_BODY,
	"409",
	"503",
	"500 <html>",
	"400",
	"411",
	"415",
	"403 " SAYS("no"),
	"404",
	"406",
	"429 retry-after=20",
	"202",
	"204",
	"302 https://10.0.0.9:9443/",
	"307 https://10.0.0.2:8443/v1/other",
	"401",
	"422 " SAYS("why"),
	"200 <html>",
	"200 {}",
};
static const char *const one_answers[] = {
	"404",
	"503",
	"500 <html>",
	"400",
	"406",
	"401",
	"403",
	"200 <html>",
	"200 {}",
	"200 []",
	"429 retry-after=7",
	"200 {\"uid\":7}",
	"200 {\"uid\":12,\"name\":\"x\"}",
	"204",
	"200",
};
static const char *const list_answers[] = {
	"503",
	"500 <html>",
	"400",
	"406",
	"403",
	"401",
	"404",
	"200 <html>",
	"200 []",
	"200 [{",
	"200 {}",
	"200 [1,2]",
	"429 retry-after=30",
	"204",
	"200",
	"200 [{\"uid\":7,\"name\":\"a\"},{\"uid\":7,\"name\":\"b\"}]",
	"200 [{\"uid\":-1},{\"uid\":\"12\"}]",
};
static const char *const other_answers[] = { "403", "404", "500", "200 nonsense", "503", "200 [{" };
static const char *const other_paths[] = { "/v1/logs", "/v1/bdbs/alerts", "/v2/actions",
					   "/v1/modules" };
static const char *const hostile_values[] = {
	"backup_status=17",
	"backup_failure_reason=[1]",
	"backup_status=null",
	"backup_status=\"pondering\"",
	"name=\"\\u001b[2Jy\\r\"",
	"name=17",
	"backup_status=\"failed\" backup_failure_reason=\"\\u202eevil\\u0007\"",
	"backup_status=\"idle\" backup_failure_reason=\"kept\"",
	"backup_progress=\"x\"",
	"export_status=\"failed\" export_failure_reason=null",
	"name=\"a\\u0000b\"",
	"last_backup_time=\"yesterday\"",
	"status=\"recovery\"",
	"created_time=\"never\"",
};
static const char *const reasons[] = { "no-permission", "general-error", "unreachable", "timeout" };
static const char *const kinds[] = { "backup", "export", "import" };
static const char *const behaviours[] = {
	"{}",
	"{}",
	"{\"reset_behaviour\":\"ignores\"}",
	"{\"reset_behaviour\":\"denies\"}",
	"{\"reset_behaviour\":\"silent\"}",
	"{\"busy\":\"20s\"}",
};
static const char *const skews[] = { "0s", "-90s", "2h", "0s 3h", "0s", "30s -30s" };
static const char *const roles[] = { "admin", "cluster_viewer", "none", "db_viewer" };

#define PICK(list, number) (list)[(number) % ARRAY_SIZE(list)]

/* The index of a database in simulation_uids: half the time that of the newest reset. */
static size_t bdb_of(const struct simulation *w, const struct run_event *e)
{
	const struct invariant_checker *checker =
		&w->consoles[e->console % w->console_count].checker;
	size_t i;

	if (e->a & 1 << 15 && checker->last_reset_id)
		for (i = 0; i < SIMULATION_BDBS; i++)
			if (simulation_uids[i] == checker->targets[checker->last_reset_id].uid)
				return i;
	return e->a % SIMULATION_BDBS;
}

static void change_bdb(struct simulation *w, const struct run_event *e)
{
	size_t bdb = bdb_of(w, e);
	int64_t uid = simulation_uids[bdb];
	const char *kind = PICK(kinds, e->kind == EVENT_FAIL ? e->b : e->b >> 4);

	/* a database that was deleted has no lines */
	if (!w->exists[bdb])
		return;
	switch (e->kind) {
	case EVENT_BUSY:
		simulation_line(w, "busy %" PRId64 " %us", uid, 1 + e->b % 90);
		break;
	case EVENT_FAIL:
	case EVENT_REASON:
		simulation_line(w, "finish %" PRId64 " %s %s", uid, kind, PICK(reasons, e->b >> 8));
		break;
	case EVENT_SUCCEED:
		simulation_line(w, "finish %" PRId64 " %s", uid, kind);
		break;
	case EVENT_START:
		simulation_line(w, "start %" PRId64 " %s", uid, kind);
		break;
	case EVENT_RENAME:
		simulation_line(w, "set %" PRId64 " name=\"name-%u\"", uid, e->b % 3);
		break;
	case EVENT_RECREATE:
		simulation_line(w, "recreate %" PRId64, uid);
		break;
	case EVENT_DELETE:
		simulation_line(w, "delete %" PRId64, uid);
		w->exists[bdb] = false;
		break;
	default:
		simulation_line(w, "set %" PRId64 " %s", uid, PICK(hostile_values, e->b));
	}
}

static void create_bdb(struct simulation *w, const struct run_event *e)
{
	size_t bdb = 0;

	while (bdb < SIMULATION_BDBS && w->exists[bdb])
		bdb++;
	if (bdb == SIMULATION_BDBS)
		return;
	w->exists[bdb] = true;
	simulation_line(w,
			"create {\"uid\":%" PRId64 ",\"name\":\"name-%u\","
			"\"backup_status\":\"failed\",\"backup_failure_reason\":\"%s\","
			"\"sim\":%s}",
			simulation_uids[bdb], e->b % 3, PICK(reasons, e->b >> 8),
			PICK(behaviours, e->b >> 12));
}

static void change_answers(struct simulation *w, const struct run_event *e)
{
	int64_t uid = simulation_uids[bdb_of(w, e)];
	unsigned times = 1 + e->b % 7;

	switch (e->kind) {
	case EVENT_ANSWER_PUT:
		simulation_line(w, "answer times %u PUT /v1/bdbs %s", times,
				PICK(put_answers, e->a));
		break;
	case EVENT_ANSWER_ONE:
		simulation_line(w, "answer times %u GET /v1/bdbs/%" PRId64 " %s", times, uid,
				PICK(one_answers, e->b >> 8));
		break;
	case EVENT_ANSWER_LIST:
		simulation_line(w, "answer times %u GET /v1/bdbs$ %s", times,
				PICK(list_answers, e->b >> 8));
		break;
	case EVENT_ANSWER_OTHER:
		simulation_line(w, "answer times %u GET %s %s", times, PICK(other_paths, e->a),
				PICK(other_answers, e->b >> 8));
		break;
	case EVENT_RETRY_AFTER:
		simulation_line(w, "answer times 1 GET /v1/bdbs %u retry-after=%u",
				e->a % 2 ? 429 : 503, 1 + e->b % RETRY_AFTER_MAX_S);
		break;
	default:
		simulation_line(w, "answer times 1 PUT /v1/bdbs/%" PRId64 " 200", uid);
	}
}

static void change_password(struct simulation *w)
{
	snprintf(w->password, sizeof(w->password), "secret-%u", ++w->password_number);
	simulation_line(w, "password ops %s", w->password);
}

static void change_node(struct simulation *w, const struct run_event *e)
{
	struct network *n = &w->network;
	unsigned i;

	for (i = 0; i < NETWORK_NODES; i++)
		if (e->kind == EVENT_RESTART || i == e->a % NETWORK_NODES ||
		    (e->kind == EVENT_NODE_UP && e->a == NETWORK_NODES))
			n->up[i] = e->kind == EVENT_NODE_UP;
}

static void run_cluster_event(struct simulation *w, const struct run_event *e)
{
	struct network *n = &w->network;

	switch (e->kind) {
	case EVENT_SKEW:
		simulation_line(w, "skew %s", PICK(skews, e->a));
		break;
	case EVENT_PASSWORD:
		change_password(w);
		break;
	case EVENT_LOCK:
		simulation_line(w, "lock ops");
		w->locked_until_ms = n->now_ms + LOCKED_MS;
		break;
	case EVENT_ROLE:
		simulation_line(w, "role ops %s", PICK(roles, e->a));
		break;
	case EVENT_TOKEN_EXPIRES:
		simulation_line(w, "token expire");
		break;
	case EVENT_PRIMARY:
		n->primary = e->a % NETWORK_NODES;
		n->redirects = e->b % 2;
		break;
	case EVENT_CERTIFICATE:
		n->certificate = e->a % 3;
		break;
	case EVENT_CREATE:
		create_bdb(w, e);
		break;
	default:
		change_node(w, e);
	}
}

/* --- machines and users ---------------------------------------------------------------------- */

static void run_machine_event(struct console *c, const struct run_event *e)
{
	static const int64_t steps_s[] = { 1, -1, 90, -90, 3600, -3600, 172800, -172800 };
	int64_t now_ms = c->setup.network->now_ms;
	int64_t span_ms = 1000 + e->b % (e->a % 2 ? 60000 : 3600000);

	switch (e->kind) {
	case EVENT_WALL:
		c->wall_ahead_ms += PICK(steps_s, e->a) * 1000;
		break;
	case EVENT_SLEEP:
	case EVENT_STAND_STILL:
		console_sleep(c, now_ms + span_ms, e->kind == EVENT_STAND_STILL);
		break;
	default:
		fake_audit_log_fails(c->audit_log, e->kind == EVENT_DISK_FULL);
	}
}

/* The user pauses, or the machine sleeps; of 40 users one goes on. */
static void rest(struct simulation *w, struct console *c, const struct run_event *e)
{
	const struct session_view *view = session_view(c->session);

	if (!e->a)
		return;
	if (e->a >= 16 || view->mode != MODE_LIST)
		console_sleep(c, w->network.now_ms + (int64_t)e->b * 1000, e->a % 2);
	else if (!cluster_status(c->cluster)->paused)
		console_type(c, w->network.now_ms, "p", 1, false);
}

static void work(struct simulation *w)
{
	size_t i;

	for (i = 0; i < w->console_count; i++)
		if (cluster_status(w->consoles[i].cluster)->paused)
			console_type(&w->consoles[i], w->network.now_ms, "p", 1, false);
}

static void run_user_event(struct simulation *w, struct console *c, const struct run_event *e)
{
	int64_t now_ms = w->network.now_ms;

	switch (e->kind) {
	case EVENT_RESET:
		user_reset(c, e->a, e->b);
		break;
	case EVENT_BULK:
		user_bulk(c, e->a, e->b);
		break;
	case EVENT_CANARY:
		console_type(c, now_ms, "cB", 1 + e->a % 2, false);
		break;
	case EVENT_ANSWER:
		user_answer(c, w->password, e->a);
		break;
	case EVENT_CANCEL:
		console_type(c, now_ms, e->a % 2 ? "X" : "x", 1, false);
		break;
	case EVENT_KEY:
		user_key(c, e->a);
		break;
	case EVENT_NOISE:
		user_noise(c, e->a);
		break;
	case EVENT_PAUSE:
		console_type(c, now_ms, "p", 1, false);
		break;
	case EVENT_POLL:
		console_type(c, now_ms, ".", 1, false);
		break;
	case EVENT_QUIT:
		console_type(c, now_ms, "q", 1, false);
		break;
	case EVENT_REST:
		rest(w, c, e);
		break;
	case EVENT_WORK:
		work(w);
		break;
	default:
		console_terminate(c);
	}
}

void simulation_run_event(struct simulation *w, const struct run_event *e)
{
	/* each rests for itself */
	bool is_absent = e->kind == EVENT_REST && e->console >= w->console_count;
	struct console *c = &w->consoles[e->console % w->console_count];

	if (is_absent)
		return;

	w->tally->events[e->kind]++;
	if (e->kind == EVENT_WIRE)
		network_add_rule(&w->network,
				 &(struct wire_rule){ .fault = 1 + e->a % (WIRE_FAULTS - 1),
						      .request = (e->b >> 8) % (REQUEST_ANY + 1),
						      .times = 1 + (e->b >> 16) % 3,
						      .number = e->b });
	else if (e->kind <= EVENT_PUT_IGNORED)
		change_answers(w, e);
	else if (e->kind <= EVENT_DELETE || e->kind == EVENT_HOSTILE)
		change_bdb(w, e);
	else if (e->kind <= EVENT_CERTIFICATE)
		run_cluster_event(w, e);
	else if (e->kind <= EVENT_DISK_FREE)
		run_machine_event(c, e);
	else
		run_user_event(w, c, e);
}
