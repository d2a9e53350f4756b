#include "tests/simulation/console.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "bdbtop/core/array.h"
#include "tests/simulation/failure.h"
#include "tests/terminal_noise.h"

/* After more turns than this at one time, something is always due. */
#define TURNS_MAX 1000

static const struct audit_user audit_user = { .user = "ops", .login = "ops" };

/* --- what the source reports: noted, then passed on ------------------------------------------ */

static void note_read(struct console *c, const struct observation *o)
{
	const char *body;
	size_t length;
	const struct script_request request = {
		.kind = o->kind == OBS_LIST ? TOPIC_LIST : TOPIC_ONE,
		.id = http_current(c->http, &body, &length),
		.uid = o->uid,
	};

	if (o->kind == OBS_LIST)
		reported_on_list(&c->reported, body, length, o->requested_ms);
	else if (o->kind == OBS_ONE)
		reported_on_bdb(&c->reported, o->uid, body, length, o->requested_ms);
	else if (o->kind == OBS_GONE)
		reported_on_absence(&c->reported, o->uid, o->requested_ms);
	invariants_on_reply(&c->checker, &request, o, NULL);
}

static int on_observation(void *arg, const struct observation *o, int64_t now_ms)
{
	struct console *c = arg;

	note_read(c, o);
	return cluster_sink()->on_observation(c->cluster, o, now_ms);
}

static void on_answer(void *arg, unsigned reset_id, const struct reset_answer *answer,
		      int64_t now_ms)
{
	struct console *c = arg;
	const struct script_request request = { .kind = SCRIPT_PUT, .reset_id = reset_id };

	invariants_on_reply(&c->checker, &request, NULL, answer);
	cluster_sink()->on_answer(c->cluster, reset_id, answer, now_ms);
}

static void on_refused(void *arg, const struct source_refused *refused, int64_t now_ms)
{
	struct console *c = arg;

	c->count.refused++;
	invariants_on_stop(&c->checker, 0);
	cluster_sink()->on_refused(c->cluster, refused, now_ms);
}

static void on_login(void *arg, int64_t now_ms)
{
	struct console *c = arg;

	c->count.log_ins++;
	cluster_sink()->on_login(c->cluster, now_ms);
}

#define CLUSTER (((struct console *)arg)->cluster)

static void on_path_checked(void *arg, unsigned id, enum path_state state, int64_t now_ms)
{
	cluster_sink()->on_path_checked(CLUSTER, id, state, now_ms);
}

static void on_failure(void *arg, const struct source_failure *failed, int64_t now_ms)
{
	cluster_sink()->on_failure(CLUSTER, failed, now_ms);
}

static void on_modules(void *arg, bool known, const char *const *lacking, size_t count,
		       int64_t now_ms)
{
	cluster_sink()->on_modules(CLUSTER, known, lacking, count, now_ms);
}

static void on_data(void *arg, const struct data_reply *reply, int64_t now_ms)
{
	struct console *c = arg;
	const char *body;
	size_t length;

	if (reply->topic == TOPIC_EVENTS && reply->result == DATA_OK &&
	    http_current(c->http, &body, &length))
		reported_on_events(&c->reported, body, length);
	cluster_sink()->on_data(c->cluster, reply, now_ms);
}

static void on_prompt(void *arg, const struct source_prompt *prompt, int64_t now_ms)
{
	cluster_sink()->on_prompt(CLUSTER, prompt, now_ms);
}

static void on_key_changed(void *arg, const struct source_pin *pinned,
			   const struct source_certificate *offered, int64_t now_ms)
{
	cluster_sink()->on_key_changed(CLUSTER, pinned, offered, now_ms);
}

static void on_pinned(void *arg, const struct source_pin *pin, int64_t now_ms)
{
	cluster_sink()->on_pinned(CLUSTER, pin, now_ms);
}

static void on_address(void *arg, const char *address, int64_t now_ms)
{
	cluster_sink()->on_address(CLUSTER, address, now_ms);
}

static void on_polling(void *arg, bool in_flight, int64_t now_ms)
{
	cluster_sink()->on_polling(CLUSTER, in_flight, now_ms);
}

static const struct source_sink sink = {
	.on_observation = on_observation,
	.on_answer = on_answer,
	.on_path_checked = on_path_checked,
	.on_failure = on_failure,
	.on_refused = on_refused,
	.on_modules = on_modules,
	.on_data = on_data,
	.on_prompt = on_prompt,
	.on_key_changed = on_key_changed,
	.on_pinned = on_pinned,
	.on_address = on_address,
	.on_login = on_login,
	.on_polling = on_polling,
};

/* --- what the cluster asks of the source ------------------------------------------------------ */

#define REST (((struct console *)self)->rest)

static int64_t due(void *self, int64_t now_ms)
{
	return rest_ops()->due(REST, now_ms);
}

static void turn(void *self, int64_t now_ms)
{
	rest_ops()->turn(REST, now_ms);
}

static unsigned free_slots(void *self)
{
	return rest_ops()->free_slots(REST);
}

static int request(void *self, enum source_topic topic, int64_t uid, int64_t now_ms)
{
	return rest_ops()->request(REST, topic, uid, now_ms);
}

static int reset(void *self, const struct source_put *put, int64_t now_ms)
{
	struct console *c = self;

	c->put = *put;
	return rest_ops()->reset(c->rest, put, now_ms);
}

static int check_path(void *self, const struct source_put *put, int64_t now_ms)
{
	return rest_ops()->check_path(REST, put, now_ms);
}

static void answer(void *self, enum prompt_kind kind, bool yes, int64_t now_ms)
{
	rest_ops()->answer(REST, kind, yes, now_ms);
}

static void stats(void *self, struct source_stats *out)
{
	rest_ops()->stats(REST, out);
}

static void pause_polls(void *self, bool paused, int64_t now_ms)
{
	rest_ops()->pause(REST, paused, now_ms);
}

static void free_source(void *self)
{
	rest_ops()->free(REST);
}

static const struct source_ops ops = {
	.due = due,
	.turn = turn,
	.free_slots = free_slots,
	.request = request,
	.reset = reset,
	.check_path = check_path,
	.answer = answer,
	.stats = stats,
	.pause = pause_polls,
	.free = free_source,
};

/* A PUT is the one that the cluster just asked for, and its line is in the audit log. */
static void check_put(struct console *c, const struct http_request *sent)
{
	struct script_request put = { .kind = SCRIPT_PUT };

	if (!request_is_reset(sent->path, &put.uid, &put.op_kind))
		failure(c->setup.run, "PUT %s is no reset", sent->path);
	if (put.uid != c->put.uid || put.op_kind != c->put.kind)
		failure(c->setup.run, "PUT %s, a reset of db:%" PRId64 " was asked for", sent->path,
			c->put.uid);
	put.reset_id = c->put.reset_id;
	c->put = (struct source_put){ .uid = 0 };
	c->count.puts++;
	invariants_on_request(&c->checker, &put, http_in_flight(c->http));
}

void console_on_send(struct console *c, unsigned id, const struct http_request *sent)
{
	static const unsigned kinds[] = { [REQUEST_LIST] = TOPIC_LIST,
					  [REQUEST_ONE] = TOPIC_ONE,
					  [REQUEST_OTHER] = TOPIC_EVENTS,
					  [REQUEST_TOKEN] = TOPIC_EVENTS };
	enum request_class class = request_class_of(sent->method, sent->path);
	struct script_request request = { .id = id };

	if (class == REQUEST_PUT) {
		check_put(c, sent);
		return;
	}
	request.kind = kinds[class];
	invariants_on_request(&c->checker, &request, http_in_flight(c->http));
}

/* --- the program begins and ends ------------------------------------------------------------- */

static int save_pin(void *arg, const struct source_pin *pin, struct err *err)
{
	(void)arg;
	(void)pin;
	(void)err;
	return 0;
}

static void set_clock(struct console *c)
{
	c->now.ms = c->setup.network->now_ms - c->ahead_ms;
	c->now.wall_ms = c->setup.network->now_ms + c->wall_ahead_ms;
}

static void open_login(struct console *c)
{
	char password[64];

	c->login = (struct login_input){ .password = secret_new(), .typed_password = secret_new() };
	snprintf(c->login.user, sizeof(c->login.user), "%s", "ops");
	snprintf(password, sizeof(password), "%s", c->setup.password);
	if (!c->login.password || !c->login.typed_password ||
	    secret_take(c->login.password, password, strlen(password)) < 0)
		failure(c->setup.run, "%s", "no log-in");
}

static void open_source(struct console *c)
{
	struct address addresses[NETWORK_NODES];
	struct rest_setup setup = {
		.addresses = addresses,
		.address_count = c->setup.addresses,
		.trust = { .by = TRUST_SYSTEM },
		.interactive = true,
		.auth = c->setup.auth,
		.login = { .user = c->login.user, .password = c->login.password },
		.name = "simulated",
		.interval_ms = c->setup.interval_ms,
		.seed = c->setup.seed,
	};
	char text[40];
	unsigned i;

	for (i = 0; i < c->setup.addresses; i++) {
		snprintf(text, sizeof(text), "https://10.0.0.%u:9443",
			 1 + (i + c->setup.index) % NETWORK_NODES);
		if (address_parse(&addresses[i], text, NULL) < 0)
			failure(c->setup.run, "%s is no address", text);
	}
	c->rest = rest_new(c->http, &setup, &sink, c);
	cluster_attach(c->cluster, c, &ops);
}

static void open_program(struct console *c)
{
	struct cluster_setup setup = { .name = "simulated",
				       .host = "10.0.0.1:9443",
				       .url = "https://10.0.0.1:9443",
				       .user = "ops",
				       .interval_ms = c->setup.interval_ms,
				       .interactive = true,
				       .login_input = &c->login,
				       .seed = c->setup.seed,
				       .run_id = 1 + (unsigned)c->count.runs,
				       .audit_user = &audit_user,
				       .save_pin = save_pin };

	c->http = http_new(NULL);
	http_connect(c->http, c->setup.network, c->setup.index);
	http_set_clock(c->http, c->ahead_ms);
	setup.audit_log = c->audit_log = audit_log_new(NULL, NULL);
	c->fleet = fleet_new();
	c->cluster = fleet_add(c->fleet, &setup);
	open_source(c);
	c->session = session_new(c->fleet);
	session_set_page_rows(c->session, 13);
}

void console_open(struct console *c, const struct console_setup *setup)
{
	const struct console_count count = c->count;
	const int64_t ahead_ms = c->ahead_ms, wall_ahead_ms = c->wall_ahead_ms;
	struct invariant_subject subject;

	memset(c, 0, sizeof(*c));
	c->setup = *setup;
	c->count = count;
	/* an odd monotonic clock, so that no code mistakes it for the wall clock */
	c->ahead_ms = ahead_ms ? ahead_ms : setup->network->now_ms - 1000003;
	c->wall_ahead_ms = wall_ahead_ms;
	c->expected_ms = TIME_NEVER;
	c->reported.run = setup->run;
	set_clock(c);
	open_login(c);
	input_decoder_init(&c->decoder, true, true);
	open_program(c);
	subject = (struct invariant_subject){ .session = c->session,
					      .cluster = c->cluster,
					      .audit_log = c->audit_log,
					      .now = &c->now };
	invariants_open(&c->checker, &subject, (unsigned)setup->network->seed);
	c->count.runs++;
}

static void count_up(struct console *c)
{
	unsigned no;

	c->count.questions += c->checker.questions;
	c->count.confirmations += c->checker.confirmations;
	for (no = 1; no <= c->checker.last_reset_id; no++) {
		c->count.resets += c->checker.targets[no].confirmed;
		c->count.cleared += c->checker.targets[no].cleared;
		if (c->checker.targets[no].puts > c->count.most_puts)
			c->count.most_puts = c->checker.targets[no].puts;
	}
	c->count.checks += c->reported.compared;
}

void console_close(struct console *c)
{
	count_up(c);
	invariants_close(&c->checker);
	reported_release(&c->reported);
	session_free(c->session);
	fleet_free(c->fleet);
	http_free(c->http);
	audit_log_free(c->audit_log);
	secret_free(c->login.password);
	secret_free(c->login.typed_password);
}

/* --- keys ------------------------------------------------------------------------------------ */

void console_type(struct console *c, int64_t at_ms, const char *bytes, size_t length, bool noise)
{
	struct typed_bytes *typed;

	while (length && c->key_count < CONSOLE_KEYS) {
		size_t part = length < sizeof(typed->bytes) ? length : sizeof(typed->bytes);

		typed = &c->keys[(c->key_first + c->key_count++) % CONSOLE_KEYS];
		*typed = (struct typed_bytes){ .at_ms = at_ms, .length = part, .noise = noise };
		memcpy(typed->bytes, bytes, part);
		bytes += part;
		length -= part;
	}
}

static bool is_mover(int key)
{
	static const int movers[] = { 'n',	   'N',		  'j',
				      'k',	   'g',		  'G',
				      ' ',	   KEY_CURSOR_UP, KEY_CURSOR_DOWN,
				      KEY_PAGE_UP, KEY_PAGE_DOWN };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(movers); i++)
		if (key == movers[i])
			return true;
	return false;
}

static void check_revision(struct console *c)
{
	unsigned revision = session_revision(c->session);

	if (revision == c->revision && !c->moved)
		return;
	c->revision = revision;
	invariants_check(&c->checker, c->moved);
	reported_check(&c->reported, c->cluster, c->now);
	c->moved = false;
}

static void take_events(struct console *c)
{
	const struct session_view *view = session_view(c->session);
	struct input_event event;

	while (input_decoder_next(&c->decoder, &event)) {
		if (c->noisy && !noise_allows(&event))
			failure(c->setup.run, "noise became the key %#x", (unsigned)event.key);
		invariants_on_input(&c->checker, &event);
		c->moved |= event.kind != INPUT_KEY || is_mover(event.key) ||
			    view->mode == MODE_FILTER || view->by_cause || view->filter_is_cause;
		session_input(c->session, &event, c->now);
	}
}

/* One read.  Another one belongs to the next turn, so that each key may be alone in its read. */
static void read_keys(struct console *c)
{
	const struct typed_bytes *typed = &c->keys[c->key_first];

	input_decoder_tick(&c->decoder, c->now.ms);
	take_events(c);
	if (!c->key_count || typed->at_ms > c->setup.network->now_ms)
		return;
	c->key_first = (c->key_first + 1) % CONSOLE_KEYS;
	c->key_count--;
	c->noisy = typed->noise;
	input_decoder_feed(&c->decoder, typed->bytes, typed->length, c->now.ms);
	take_events(c);
}

/* --- turns ----------------------------------------------------------------------------------- */

static int64_t earlier(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* What the front end would do. */
static void serve_requests(struct console *c)
{
	enum command_id command = session_take_request(c->session);

	if (command == CMD_COPY)
		session_on_copied(c->session, true, "Copied.");
}

static void one_turn(struct console *c)
{
	if (c->expected_ms != TIME_NEVER && c->now.ms - c->expected_ms > 30000)
		invariants_on_sleep(&c->checker);
	session_tick(c->session, c->now, c->expected_ms);
	http_run(c->http, c->now.ms);
	read_keys(c);
	http_turn(c->http, c->now.ms);
	session_turn(c->session, c->now);
	session_on_drawn(c->session, c->now);
	serve_requests(c);
	c->expected_ms =
		earlier(session_due(c->session, c->now.ms),
			earlier(http_due(c->http, c->now.ms), input_decoder_due(&c->decoder)));
	c->started = true;
	c->count.turns++;
	check_revision(c);
}

static void restart(struct console *c)
{
	const struct console_setup setup = c->setup;

	console_close(c);
	console_open(c, &setup);
}

void console_turn(struct console *c)
{
	int64_t true_ms = c->setup.network->now_ms;
	int turns = 0;

	if (c->asleep_until_ms > true_ms)
		return;
	c->asleep_until_ms = 0;
	set_clock(c);
	do {
		one_turn(c);
		if (++turns > TURNS_MAX)
			failure(c->setup.run, "%s", "something is due for ever");
		if (session_view(c->session)->over)
			restart(c);
	} while (console_next(c) <= true_ms);
}

int64_t console_next(const struct console *c)
{
	int64_t next = http_next(c->http);

	if (!c->started)
		next = 0;
	else if (c->expected_ms != TIME_NEVER)
		next = earlier(next, c->expected_ms + c->ahead_ms);
	if (c->key_count)
		next = earlier(next, c->keys[c->key_first].at_ms);
	return next < c->asleep_until_ms ? c->asleep_until_ms : next;
}

void console_sleep(struct console *c, int64_t until_ms, bool still)
{
	int64_t now_ms = c->setup.network->now_ms;

	if (c->asleep_until_ms > now_ms || until_ms <= now_ms)
		return;
	c->asleep_until_ms = until_ms;
	c->count.sleeps++;
	if (!still)
		return;
	c->ahead_ms += until_ms - now_ms;
	http_set_clock(c->http, c->ahead_ms);
}

void console_terminate(struct console *c)
{
	if (c->asleep_until_ms > c->setup.network->now_ms)
		return;
	set_clock(c);
	invariants_on_stop(&c->checker, 0);
	session_terminate(c->session, c->now);
	restart(c);
}
