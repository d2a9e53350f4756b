#include "tests/simulation/run.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <json-c/json.h>

#include "tests/simulation/failure.h"
#include "tests/simulation/simulation.h"

/* 2026-11-21T20:14:05Z */
#define START_MS INT64_C(1795292045000)
static const char scenario[] =
	"{\"users\":[{\"name\":\"root\",\"role\":\"admin\",\"password\":\"root\"},"
	"{\"name\":\"ops\",\"role\":\"admin\",\"password\":\"secret-0\"}],"
	"\"nodes\":[\"10.0.0.1\",\"10.0.0.2\",\"10.0.0.3\"],"
	"\"databases\":["
	"{\"uid\":7,\"name\":\"name-0\",\"backup_status\":\"failed\","
	"\"backup_failure_reason\":\"no-permission\"},"
	"{\"uid\":12,\"name\":\"name-1\",\"backup\":true,\"backup_interval\":3600,"
	"\"sim\":{\"backup\":{\"run_time\":\"40s\",\"retry_after\":\"5m\"}}},"
	"{\"uid\":44,\"name\":\"name-2\",\"export_status\":\"failed\","
	"\"export_failure_reason\":\"unreachable\",\"sim\":%s},"
	"{\"uid\":58,\"name\":\"name-0\",\"import_status\":\"failed\","
	"\"import_failure_reason\":\"timeout\",\"sim\":%s},"
	"{\"uid\":61,\"name\":\"name-1\",\"backup\":true,\"backup_interval\":900,"
	"\"sim\":{\"backup\":{\"run_time\":\"90s\",\"fault\":\"no-permission\"}}}]}";

/* How two of them react to a reset, by the seed. */
static const char *const behaviours[] = {
	"{}",
	"{\"reset_behaviour\":\"ignores\"}",
	"{\"reset_behaviour\":\"denies\"}",
	"{\"reset_behaviour\":\"silent\"}",
	"{\"busy\":\"20s\"}",
};
#define BEHAVIOUR(number) behaviours[(number) % (sizeof(behaviours) / sizeof(behaviours[0]))]

void simulation_line(struct simulation *w, const char *fmt, ...)
{
	char line[600];
	struct err err;
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	if (sim_api_run_line(w->api, line, w->network.now_ms, &err) < 0)
		failure(w->run, "the cluster does not understand: %s: %s", line, err.text);
}

/* --- watching the wires ---------------------------------------------------------------------- */

static void hash_bytes(struct simulation *w, const void *bytes, size_t length)
{
	const unsigned char *at = bytes;

	while (length--)
		w->hash = (w->hash ^ *at++) * UINT64_C(0x100000001b3);
}

static void on_send(void *arg, unsigned client, unsigned id, const struct http_request *request)
{
	struct simulation *w = arg;

	console_on_send(&w->consoles[client], id, request);
}

static void on_arrival(void *arg, const struct arrival *a, const struct sim_reply *reply)
{
	struct simulation *w = arg;

	hash_bytes(w, &a->at_ms, sizeof(a->at_ms));
	hash_bytes(w, a->method, strlen(a->method));
	hash_bytes(w, a->target, strlen(a->target) < 40 ? strlen(a->target) : 40);
	hash_bytes(w, &reply->status, sizeof(reply->status));
	hash_bytes(w, &reply->length, sizeof(reply->length));
	w->tally->requests++;
	/* the fifth of them locks the account, and so does a line */
	if (reply->status == 401)
		w->locked_until_ms = a->at_ms + LOCKED_MS;
}

/* --- time ------------------------------------------------------------------------------------ */

static int64_t earlier(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static int64_t next_ms(const struct simulation *w)
{
	int64_t next = network_next(&w->network);
	size_t i;

	for (i = 0; i < w->console_count; i++)
		next = earlier(next, console_next(&w->consoles[i]));
	return next;
}

/* Everything that happens until then, in the order of its time. */
static void run_until(struct simulation *w, int64_t end_ms)
{
	int64_t next;
	size_t i;

	while ((next = next_ms(w)) <= end_ms) {
		if (next > w->network.now_ms)
			network_advance(&w->network, next);
		else
			network_advance(&w->network, w->network.now_ms);
		for (i = 0; i < w->console_count; i++)
			if (console_next(&w->consoles[i]) <= w->network.now_ms)
				console_turn(&w->consoles[i]);
	}
	network_advance(&w->network, end_ms);
}

/* --- the end: nothing goes wrong any more ----------------------------------------------------- */

static void heal(struct simulation *w)
{
	size_t i;

	for (i = 0; i < w->console_count; i++)
		if (w->consoles[i].asleep_until_ms > w->network.now_ms)
			run_until(w, w->consoles[i].asleep_until_ms);
	network_heal(&w->network);
	simulation_line(w, "forget");
	simulation_line(w, "skew 0s");
	simulation_line(w, "role ops admin");
	for (i = 0; i < w->console_count; i++)
		fake_audit_log_fails(w->consoles[i].audit_log, false);
}

/* Every user leaves what is open, and polls once more. */
static void settle_users(struct simulation *w)
{
	int round;
	size_t i;

	for (round = 0; round < 30; round++) {
		for (i = 0; i < w->console_count; i++)
			user_settle(&w->consoles[i], w->password);
		run_until(w, w->network.now_ms + 6000);
	}
	for (i = 0; i < w->console_count; i++)
		console_type(&w->consoles[i], w->network.now_ms, ".", 1, false);
}

static void check_jobs(struct simulation *w, const struct console *c)
{
	size_t i, count = cluster_unfinished_count(c->cluster);
	const struct roster *roster = cluster_roster(c->cluster);
	struct cluster_result result[8];
	size_t row, results;
	unsigned id;

	for (id = 1; count && id <= c->checker.last_reset_id; id++) {
		const struct reset *reset = cluster_reset(c->cluster, id);

		if (reset && reset_is_unfinished(reset))
			failure(w->run,
				"%zu resets have not ended %d s after the last fault; number %u is "
				"in state %d, the console in mode %d, question %d",
				count, (int)(RUN_SETTLED_MS / 1000), id, (int)reset_state(reset),
				(int)session_view(c->session)->mode,
				(int)session_view(c->session)->question.kind);
	}
	for (row = 0; row < roster_count(roster); row++) {
		results = cluster_results(c->cluster, roster_at(roster, row)->bdb->uid, result, 8);
		for (i = 0; i < results; i++)
			if (cluster_result_rank(&result[i]) == RESULT_UNDER_WAY)
				failure(w->run, "the row of db:%" PRId64 " has not settled",
					roster_at(roster, row)->bdb->uid);
	}
}

static bool is_listed(const struct roster *roster, int64_t uid)
{
	const struct roster_entry *entry = roster_find(roster, uid);

	return entry && !entry->absences && !entry->gone;
}

/* The rows have what reported.c read last; this compares which databases there are, and how old it
 * is. */
static void check_list(struct simulation *w, const struct console *c)
{
	const struct sim_request request = {
		.method = "GET", .target = "/v1/bdbs?fields=uid", .user = "root", .password = "root"
	};
	const struct cluster_status *status = cluster_status(c->cluster);
	const struct roster *roster = cluster_roster(c->cluster);
	struct sim_reply reply;
	struct json_object *list, *uid;
	size_t i, listed = 0;

	if (status->conn != CONN_OK)
		failure(w->run, "the connection has not come back: state %d, %s", (int)status->conn,
			status->error.text);
	if (c->now.ms - status->list_at.ms > c->setup.interval_ms + 1000)
		failure(w->run, "the list is %" PRId64 " ms old", c->now.ms - status->list_at.ms);
	sim_api_answer(w->api, &request, w->network.now_ms, &reply);
	list = json_tokener_parse(reply.body);
	for (i = 0; i < json_object_array_length(list); i++) {
		json_object_object_get_ex(json_object_array_get_idx(list, i), "uid", &uid);
		if (!is_listed(roster, json_object_get_int64(uid)))
			failure(w->run, "db:%" PRId64 " has no row", json_object_get_int64(uid));
	}
	for (i = 0; i < roster_count(roster); i++)
		listed += is_listed(roster, roster_at(roster, i)->bdb->uid);
	if (listed != json_object_array_length(list))
		failure(w->run, "%zu rows, the cluster has %zu databases", listed,
			json_object_array_length(list));
	json_object_put(list);
	sim_reply_release(&reply);
}

static void end_run(struct simulation *w)
{
	size_t i;

	heal(w);
	/* a console that waits as a reply told it to cannot use a log-in before */
	run_until(w, w->network.now_ms + RETRY_AFTER_MAX_S * 1000);
	if (w->locked_until_ms > w->network.now_ms)
		run_until(w, w->locked_until_ms);
	settle_users(w);
	run_until(w, w->network.now_ms + RUN_SETTLED_MS);
	for (i = 0; i < w->console_count; i++) {
		check_list(w, &w->consoles[i]);
		check_jobs(w, &w->consoles[i]);
		reported_check(&w->consoles[i].reported, w->consoles[i].cluster,
			       w->consoles[i].now);
	}
}

/* --- a run ----------------------------------------------------------------------------------- */

static void open_simulation(struct simulation *w, uint64_t seed, struct run_tally *tally)
{
	static const int64_t intervals_ms[] = { 5000, 5000, 30000, 60000 };
	const struct sim_setup setup = { .seed = seed,
					 .idle_form = (enum sim_idle_form)(seed % 4),
					 .reset_running_ok = seed / 4 % 2,
					 .auth = SIM_AUTH_BASIC,
					 .databases = -1,
					 .start_ms = START_MS };
	char text[sizeof(scenario) + 80];
	size_t i;

	snprintf(text, sizeof(text), scenario, BEHAVIOUR(seed), BEHAVIOUR(seed / 5));
	*w = (struct simulation){ .seed = seed,
				  .tally = tally,
				  .start_ms = START_MS,
				  .hash = UINT64_C(0xcbf29ce484222325),
				  .password = "secret-0" };
	snprintf(w->run, sizeof(w->run), "seed %" PRIu64, seed);
	/* the last one is created later */
	for (i = 0; i < SIMULATION_BDBS - 1; i++)
		w->exists[i] = true;
	w->api = sim_api_new(&setup, text, "the scenario", NULL);
	network_init(&w->network, w->api, seed, START_MS);
	w->network.watch = (struct network_watch){ .on_send = on_send, .on_arrival = on_arrival };
	w->network.arg = w;
	w->console_count = seed % 5 < 3 ? 1 : seed % 5 - 1;
	for (i = 0; i < w->console_count; i++)
		console_open(&w->consoles[i],
			     &(struct console_setup){
				     .network = &w->network,
				     .index = (unsigned)i,
				     .seed = (unsigned)(seed * RUN_CONSOLES + i),
				     .run = w->run,
				     .interval_ms = intervals_ms[(seed / 3 + i) % 4],
				     .auth = (seed / 7 + i) % 3 ? AUTH_BASIC : AUTH_TOKEN,
				     .addresses = 1 + (seed / 5 + i) % NETWORK_NODES,
				     .password = w->password });
}

static void count_console(struct run_tally *t, const struct console_count *c)
{
	t->turns += c->turns;
	t->puts += c->puts;
	t->resets += c->resets;
	if (c->most_puts > t->most_puts)
		t->most_puts = c->most_puts;
	t->confirmations += c->confirmations;
	t->questions += c->questions;
	t->cleared += c->cleared;
	t->compared += c->checks;
	t->noises += c->noises;
	t->restarts += c->runs - 1;
	t->refused += c->refused;
	t->log_ins += c->log_ins;
	t->sleeps += c->sleeps;
}

static void close_simulation(struct simulation *w)
{
	struct run_tally *t = w->tally;
	size_t i;

	for (i = 0; i < w->console_count; i++) {
		console_close(&w->consoles[i]);
		count_console(t, &w->consoles[i].count);
	}
	for (i = 0; i < WIRE_FAULTS; i++)
		t->wires[i] += w->network.fired[i];
	for (i = 0; i < SIM_FAULT_KINDS; i++)
		t->sim[i] += sim_api_fired(w->api, (enum sim_fault_kind)i);
	t->redirects += w->network.redirects_sent;
	t->nodes += w->network.refused_nodes;
	t->untrusted += w->network.untrusted;
	t->overtaken += w->network.overtaken;
	t->simulated_ms += w->network.now_ms - w->start_ms;
	t->hash = t->hash * 31 + w->hash;
	t->runs++;
	network_release(&w->network);
	sim_api_free(w->api);
}

void run_events(const struct run_script *script, uint64_t seed, struct run_tally *tally)
{
	static struct simulation w;
	size_t i;

	open_simulation(&w, seed, tally);
	for (i = 0; i < script->count; i++) {
		if (script->events[i].omitted)
			continue;
		run_until(&w, w.start_ms + script->events[i].at_ms);
		tally->reached_ms = script->events[i].at_ms;
		simulation_run_event(&w, &script->events[i]);
	}
	run_until(&w, w.start_ms + script->length_ms);
	end_run(&w);
	close_simulation(&w);
}
