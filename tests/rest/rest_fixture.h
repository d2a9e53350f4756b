/*
 * tests/rest/rest_fixture.h - a REST source at a fault server, on a fake clock.  Its sink logs one
 * line per call.
 */
#pragma once

#include <inttypes.h>
#include <unistd.h>

#include "bdbtop/rest/rest.h"
#include "tests/net/trust_fixture.h"
#include "tests/tap.h"

#define INTERVAL_MS	5000
#define FIXTURE_SERVERS 3

struct rest_fixture {
	struct faults *server; /* the first of servers */
	struct faults *servers[FIXTURE_SERVERS];
	struct http *http;
	struct secret *secret;
	char user[64];
	struct source_pin pinned; /* of the last on_pinned */
	char pin[64];		  /* TRUST_PIN */
	void *rest;
	const struct source_ops *ops;
	int64_t now;
	char log[65536];
	size_t length;
	int64_t next_ms, since_ms; /* of the last on_failure */
	unsigned retry_status;
	unsigned bad_status;	/* of the newest observation: a pause that the cluster asked for */
	int64_t bad_ms;
	int64_t data_retry_ms;	/* the same of the newest data */
	unsigned observed;
	enum err_code code; /* of the last failure */
	bool no_memory; /* on_observation returns an error */
	int64_t date_s; /* of the newest observation */
	bool knows_changed; /* the same, and how many there are */
	size_t changed_count;
	unsigned data_status; /* of the newest data */
	struct source_refused refused; /* the newest; its error is dangling */
};

static inline void log_add(struct rest_fixture *fix, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
static inline void log_add(struct rest_fixture *fix, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	fix->length +=
		(size_t)vsnprintf(fix->log + fix->length, sizeof(fix->log) - fix->length, fmt, ap);
	va_end(ap);
	assert_in_range(fix->length, 0, sizeof(fix->log) - 1);
}

static inline void log_clear(struct rest_fixture *fix)
{
	fix->length = 0;
	fix->log[0] = '\0';
}

static inline int fixture_on_observation(void *arg, const struct observation *observation,
					 int64_t now_ms)
{
	static const char *const words[] = {
		[OBS_LIST] = "list", [OBS_ONE] = "one", [OBS_GONE] = "gone", [OBS_BAD] = "bad"
	};
	struct rest_fixture *fix = arg;

	fix->observed++;
	fix->date_s = observation->date_s;
	fix->knows_changed = observation->changed != NULL;
	fix->changed_count = observation->changed_count;
	fix->bad_status = observation->retry_status;
	fix->bad_ms = observation->retry_ms;
	assert_int_equal(observation->received_ms, now_ms);
	if (observation->kind == OBS_LIST)
		log_add(fix, "list of %zu asked %" PRId64 " got %" PRId64 "\n", observation->count,
			observation->requested_ms, now_ms);
	else
		log_add(fix, "%s db:%" PRId64 " asked %" PRId64 " got %" PRId64 "%s%s\n",
			words[observation->kind], observation->uid, observation->requested_ms,
			now_ms, observation->error ? " " : "",
			observation->error ? observation->error->text : "");
	if (observation->unreadable)
		log_add(fix, "unreadable %zu\n", observation->unreadable);
	return fix->no_memory ? -1 : 0;
}

static inline void fixture_on_answer(void *arg, unsigned reset_id,
				     const struct reset_answer *answer, int64_t now_ms)
{
	assert_int_equal(answer->received_ms, now_ms);
	log_add(arg, "answer %u: %u%s%s%s words(%s) where(%s) why(%s)\n", reset_id, answer->status,
		answer->complete ? " whole" : "", answer->can_follow ? " follow" : "",
		answer->unsent ? " unsent" : "", answer->message, answer->location_host,
		answer->failure);
}

static inline void fixture_on_path_checked(void *arg, unsigned reset_id, enum path_state path,
				    int64_t now_ms)
{
	static const char *const words[] = { [PATH_UNCLEAR] = "unclear",
					     [PATH_UNKNOWN] = "unknown",
					     [PATH_KNOWN] = "known" };

	log_add(arg, "path %u: %s\n", reset_id, words[path]);
}

static inline void fixture_on_failure(void *arg, const struct source_failure *trouble,
				      int64_t now_ms)
{
	struct rest_fixture *fix = arg;

	fix->next_ms = trouble->next_ms;
	fix->since_ms = trouble->failing_since_ms;
	fix->retry_status = trouble->retry_status;
	fix->code = trouble->error->code;
	log_add(fix, "trouble %s\n", trouble->error->text);
}

static inline void fixture_on_refused(void *arg, const struct source_refused *refused,
				      int64_t now_ms)
{
	struct rest_fixture *fix = arg;

	assert_int_equal(refused->err->class, ERR_ASK_USER);
	fix->refused = *refused;
	fix->code = refused->err->code;
	log_add(arg, "%s %s\n", refused->what == REFUSED_LOGIN ? "refused" : "distrusted",
		refused->err->text);
}

static inline void fixture_on_prompt(void *arg, const struct source_prompt *ask, int64_t now_ms)
{
	if (ask->kind == PROMPT_LOGIN) {
		log_add(arg, "asks for a log-in after %u\n", ask->login_refusals);
		return;
	}
	assert_memory_equal(ask->offered.pin, "sha256//", 8);
	log_add(arg, "asks about %s %s\n", ask->host, ask->problem);
}

static inline void fixture_on_key_changed(void *arg, const struct source_pin *pinned,
					  const struct source_certificate *offered, int64_t now_ms)
{
	struct rest_fixture *fix = arg;

	assert_string_equal(pinned->pin, fix->pin);
	assert_int_equal(strlen(pinned->key_sha256), 95);
	assert_string_not_equal(offered->pin, fix->pin);
	assert_string_not_equal(offered->key_sha256, pinned->key_sha256);
	log_add(arg, "changed\n");
}

static inline void fixture_on_pinned(void *arg, const struct source_pin *pin, int64_t now_ms)
{
	struct rest_fixture *fix = arg;

	fix->pinned = *pin;
	log_add(arg, "pinned\n");
}

static inline void fixture_on_address(void *arg, const char *address, int64_t now_ms)
{
	log_add(arg, "via (%s)\n", address);
}

static inline void fixture_on_login(void *arg, int64_t now_ms)
{
	log_add(arg, "logged in\n");
}

static inline void fixture_on_modules(void *arg, bool known, const char *const *lacking,
				      size_t count, int64_t now_ms)
{
	size_t i;

	log_add(arg, "modules %s", known ? "known" : "not known");
	for (i = 0; i < count; i++)
		log_add(arg, " %s", lacking[i]);
	log_add(arg, "\n");
}

static inline size_t count_words(const char *list)
{
	size_t count = 0;

	for (; *list; list = bdb_info_next(list))
		count++;
	return count;
}

static inline void fixture_log_bdb_info(struct rest_fixture *fix, const struct bdb_info *info)
{
	log_add(fix, "  %" PRId64 " %zu %zu\n", info->uid, count_words(info->modules),
		count_words(info->tags));
	if (*info->version)
		log_add(fix, "  %s %s %" PRId64 " %" PRId64 "\n", info->version,
			info->redis_version, info->shards_count, info->memory_size);
}

/* One line, and one more per item. */
static inline void fixture_on_data(void *arg, const struct data_reply *reply, int64_t now_ms)
{
	static const char *const topics[TOPIC_COUNT] = {
		[TOPIC_EVENTS] = "events", [TOPIC_ALERTS] = "alerts", [TOPIC_ACTIONS] = "actions",
		[TOPIC_SHARDS] = "shards", [TOPIC_BDB_INFO] = "traits", [TOPIC_NODES] = "nodes",
	};
	static const char *const hows[] = { [DATA_OK] = "whole",
					    [DATA_FORBIDDEN] = "denied",
					    [DATA_MISSING] = "absent",
					    [DATA_FAILED] = "bad" };
	const struct cluster_data *data = reply->data;
	struct rest_fixture *fix = arg;
	size_t i;

	assert_int_equal(reply->received_ms, now_ms);
	assert_int_equal(reply->result == DATA_OK, data != NULL);
	assert_int_equal(reply->result == DATA_OK, reply->error == NULL);
	fix->data_status = reply->status;
	fix->data_retry_ms = reply->retry_ms;
	log_add(fix, "told %s of %" PRId64 " asked %" PRId64 " got %" PRId64 " %s%s%s%s\n",
		topics[reply->topic], reply->uid, reply->requested_ms, reply->received_ms,
		hows[reply->result], data && data->truncated ? " cut" : "", reply->error ? " " : "",
		reply->error ? reply->error->text : "");
	for (i = 0; data && i < data->event_count && i < 3; i++)
		log_add(fix, "  %" PRId64 " %s\n", data->events[i].uid, data->events[i].type);
	for (i = 0; data && i < data->alert_count; i++)
		log_add(fix, "  %" PRId64 " %s\n", data->alerts[i].uid, data->alerts[i].name);
	for (i = 0; data && i < data->action_count; i++)
		log_add(fix, "  %" PRId64 " %s\n", data->actions[i].uid, data->actions[i].name);
	for (i = 0; data && i < data->shard_count; i++)
		log_add(fix, "  %" PRId64 " %s\n", data->shards[i].uid, data->shards[i].status);
	for (i = 0; data && i < data->bdb_info_count; i++)
		fixture_log_bdb_info(fix, &data->bdb_infos[i]);
	for (i = 0; data && i < data->node_count; i++)
		log_add(fix, "  %" PRId64 " %s\n", data->nodes[i].uid, data->nodes[i].version);
	if (data && data->unreadable)
		log_add(fix, "unreadable %zu\n", data->unreadable);
}

static inline void fixture_on_polling(void *arg, bool out, int64_t now_ms)
{
	log_add(arg, "poll %s\n", out ? "out" : "in");
}

/* The fixture takes ownership of the servers. */
struct rest_fixture_setup {
	struct faults *servers[FIXTURE_SERVERS];
	size_t addresses; /* how many of them are addresses of the cluster; 0: one */
	const char *host; /* in these addresses; NULL: 127.0.0.1 */
	bool plain;	  /* http: */
	enum trust_by by; /* TRUST_CA: the certificate of the first server; TRUST_PIN: its key */
	bool insecure, interactive;
	bool no_login;	/* starts without a log-in */
	enum auth_method auth;
	const char *token; /* AUTH_TOKEN: supplied; or NULL */
};

/* The pin of a server's key, from a probe. */
static inline void pin_of(struct faults *server, char out[64])
{
	struct endpoint target = endpoint_with_trust(server, TRUST_NONE);
	struct http *http = http_new(NULL);

	strcpy(out, run_probe(http, &target, NULL).offered.pin);
	http_free(http);
}

static inline void set_login(struct rest_fixture *fix, const char *user, const char *password)
{
	char typed[64];

	snprintf(fix->user, sizeof(fix->user), "%s", user);
	snprintf(typed, sizeof(typed), "%s", password);
	secret_clear(fix->secret);
	assert_int_equal(secret_take(fix->secret, typed, strlen(typed)), 0);
}

static inline struct rest_fixture *rest_fixture_on(const struct rest_fixture_setup *setup)
{
	static const struct source_sink sink = {
		.on_observation = fixture_on_observation,
		.on_answer = fixture_on_answer,
		.on_path_checked = fixture_on_path_checked,
		.on_failure = fixture_on_failure,
		.on_refused = fixture_on_refused,
		.on_modules = fixture_on_modules,
		.on_data = fixture_on_data,
		.on_prompt = fixture_on_prompt,
		.on_key_changed = fixture_on_key_changed,
		.on_pinned = fixture_on_pinned,
		.on_address = fixture_on_address,
		.on_login = fixture_on_login,
		.on_polling = fixture_on_polling,
	};
	struct rest_fixture *fix = calloc(1, sizeof(*fix));
	struct address at[FIXTURE_SERVERS];
	size_t i, count = setup->addresses ? setup->addresses : 1;
	char typed[64];
	struct rest_setup rest_setup = { .addresses = at,
				   .address_count = count,
				   .trust.by = setup->by,
				   .insecure = setup->insecure,
				   .interactive = setup->interactive,
				   .auth = setup->auth,
				   .name = "lab",
				   .interval_ms = INTERVAL_MS,
				   .seed = 7 };

	alarm(WATCHDOG_S);
	fix->now = 1000;
	memcpy(fix->servers, setup->servers, sizeof(fix->servers));
	fix->server = fix->servers[0];
	fix->http = http_new(NULL);
	fix->secret = secret_new();
	if (!setup->no_login)
		set_login(fix, "admin@lab", "pass");
	for (i = 0; i < count; i++) {
		snprintf(typed, sizeof(typed), "%s://%s:%u", setup->plain ? "http" : "https",
			 setup->host ? setup->host : "127.0.0.1", faults_port(fix->servers[i]));
		assert_int_equal(address_parse(&at[i], typed, NULL), 0);
	}
	if (setup->by == TRUST_CA)
		rest_setup.trust.capem = faults_pem(fix->server);
	if (setup->by == TRUST_PIN)
		pin_of(fix->server, fix->pin);
	rest_setup.trust.pin = fix->pin;
	rest_setup.login = (struct login){ .user = fix->user, .password = fix->secret };
	rest_setup.token = secret_new();
	if (setup->token) {
		snprintf(typed, sizeof(typed), "%s", setup->token);
		assert_int_equal(secret_take(rest_setup.token, typed, strlen(typed)), 0);
	}
	fix->rest = rest_new(fix->http, &rest_setup, &sink, fix);
	secret_free(rest_setup.token);
	fix->ops = rest_ops();
	return fix;
}

static inline struct rest_fixture *rest_fixture_new(const struct faults_setup *setup)
{
	bool plain = setup->protocol != FAULTS_TLS;

	return rest_fixture_on(&(struct rest_fixture_setup){ .servers = { faults_new(setup) },
					   .plain = plain,
					   .by = plain ? TRUST_NONE : TRUST_CA });
}

/* At one server without TLS, and set up further like this; or NULL. */
static inline struct rest_fixture *rest_fixture_plain(const struct rest_fixture_setup *more)
{
	struct rest_fixture_setup setup = more ? *more : (struct rest_fixture_setup){ 0 };

	setup.servers[0] = server_new(FAULTS_PLAIN);
	setup.plain = true;
	setup.by = TRUST_NONE;
	return rest_fixture_on(&setup);
}

/* A cluster with so many servers without TLS, the first of which are its addresses. */
static inline struct rest_fixture *plain_servers(size_t count, size_t addresses)
{
	struct rest_fixture_setup setup = { .plain = true,
					    .by = TRUST_NONE,
					    .addresses = addresses };
	size_t i;

	for (i = 0; i < count; i++)
		setup.servers[i] = server_new(FAULTS_PLAIN);
	return rest_fixture_on(&setup);
}

static inline void rest_fixture_free(struct rest_fixture *fix)
{
	size_t i;

	fix->ops->free(fix->rest);
	http_free(fix->http);
	secret_free(fix->secret);
	for (i = 0; i < FIXTURE_SERVERS && fix->servers[i]; i++)
		faults_free(fix->servers[i]);
	free(fix);
	alarm(0);
}

static inline int plain_fixture(void **state)
{
	*state = rest_fixture_plain(NULL);
	return 0;
}

static inline int end_fixture(void **state)
{
	rest_fixture_free(*state);
	return 0;
}

/* The reply to requests that begin so, `times` times (0: unlimited). */
static inline void reply_of(struct faults *server, const char *when, unsigned times,
			    unsigned status, const char *body)
{
	faults_add(server, &(struct fault){
				   .when = when, .times = times, .status = status, .bytes = body });
}

static inline void reply(struct rest_fixture *fix, const char *when, unsigned times,
			 unsigned status, const char *body)
{
	reply_of(fix->server, when, times, status, body);
}

/* A 307; `%` in the target is the port. */
static inline void redirect(struct faults *server, const char *when, unsigned times,
			    const char *target, unsigned port)
{
	char answer[512];

	snprintf(answer, sizeof(answer),
		 "HTTP/1.1 307 Moved\r\nContent-Length: 0\r\nLocation: %s\r\n\r\n", target);
	faults_fill(answer, '%', port);
	faults_add(server, &(struct fault){ .when = when, .times = times, .bytes = answer });
}

/* The same, held back until faults_open(). */
static inline void reply_gated(struct rest_fixture *fix, const char *when, unsigned times,
			       const char *body)
{
	faults_add(fix->server, &(struct fault){ .when = when,
						 .times = times,
						 .status = 200,
						 .bytes = body,
						 .gated = true });
}

static inline void server_fault(struct rest_fixture *fix, const char *when, unsigned times,
				enum fault_action action, const char *bytes)
{
	faults_add(fix->server,
		   &(struct fault){
			   .when = when, .times = times, .action = action, .bytes = bytes });
}

/* A reset of db:7, without a body. */
static inline int put_seven(struct rest_fixture *fix, unsigned reset_id, enum op_kind kind)
{
	struct source_put out = { .reset_id = reset_id, .uid = 7, .kind = kind };

	return fix->ops->reset(fix->rest, &out, fix->now);
}

/* One turn of a loop, without its wait. */
static inline void turn(struct rest_fixture *fix)
{
	http_run(fix->http, fix->now);
	fix->ops->turn(fix->rest, fix->now);
}

/* Turns until the log contains the words; the clock does not move. */
static inline void until(struct rest_fixture *fix, const char *words)
{
	turn(fix);
	while (!strstr(fix->log, words)) {
		http_wait(fix->http, NULL, 0, -1);
		turn(fix);
	}
}

/* Turns until the server has so many requests. */
static inline void until_requested(struct rest_fixture *fix, size_t requests)
{
	turn(fix);
	while (faults_count(fix->server) < requests) {
		http_wait(fix->http, NULL, 0, 5);
		turn(fix);
	}
}

/* Runs the first poll; the server must have a reply for it. */
static inline void first_poll(struct rest_fixture *fix)
{
	until(fix, "poll in\n");
	until(fix, "list");
	log_clear(fix);
}

/* The log is `want`, with `%` as the first server's port, `$` and `~` as the others'. */
static inline void assert_log(const struct rest_fixture *fix, const char *want)
{
	static const char marks[] = "%$~";
	char whole[8192];
	size_t i;

	snprintf(whole, sizeof(whole), "%s", want);
	for (i = 0; i < FIXTURE_SERVERS && fix->servers[i]; i++)
		faults_fill(whole, marks[i], faults_port(fix->servers[i]));
	assert_string_equal(fix->log, whole);
}

/* Ten minutes pass, second by second, with everything that could cause a request. */
static inline void ten_minutes(struct rest_fixture *fix)
{
	int64_t end = fix->now + 600000;

	for (; fix->now < end; fix->now += 1000) {
		turn(fix);
		fix->ops->pause(fix->rest, true, fix->now);
		turn(fix);
		fix->ops->pause(fix->rest, false, fix->now);
		fix->ops->request(fix->rest, TOPIC_ONE, 7, fix->now);
		put_seven(fix, 1, OP_BACKUP);
		turn(fix);
	}
}
