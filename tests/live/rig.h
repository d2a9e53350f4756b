/*
 * tests/live/rig.h - a live source at a fault server, on a clock that the test turns; what its sink
 * heard stands in a log, one line a call.
 */
#ifndef BDBTOP_TESTS_RIG_H
#define BDBTOP_TESTS_RIG_H

#include "bdbtop/live/live.h"

#include "tests/faults/faults.h"
#include "tests/tap.h"

#include <inttypes.h>
#include <unistd.h>

#define WATCHDOG_S 60 /* far beyond what any of it takes, under valgrind too */
#define EVERY_MS   5000

struct rig {
	struct faults *server;
	struct http *http;
	struct secret *secret;
	void *live;
	const struct source_ops *ops;
	int64_t now;
	char log[65536];
	size_t length;
	int64_t next_ms, since_ms; /* of the last trouble */
	unsigned observed;
};

static inline void note(struct rig *rig, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
static inline void note(struct rig *rig, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	rig->length +=
		(size_t)vsnprintf(rig->log + rig->length, sizeof(rig->log) - rig->length, fmt, ap);
	va_end(ap);
	assert_in_range(rig->length, 0, sizeof(rig->log) - 1);
}

/* What the log holds until now is forgotten. */
static inline void forget(struct rig *rig)
{
	rig->length = 0;
	rig->log[0] = '\0';
}

static inline void rig_observed(void *arg, const struct observation *seen, int64_t now_ms)
{
	static const char *const words[] = {
		[OBS_LIST] = "list", [OBS_ONE] = "one", [OBS_GONE] = "gone", [OBS_BAD] = "bad"
	};
	struct rig *rig = arg;

	rig->observed++;
	assert_int_equal(seen->got_ms, now_ms);
	if (seen->what == OBS_LIST)
		note(rig, "list of %zu asked %" PRId64 " got %" PRId64 "\n", seen->count,
		     seen->asked_ms, now_ms);
	else
		note(rig, "%s db:%" PRId64 " asked %" PRId64 " got %" PRId64 "%s%s\n",
		     words[seen->what], seen->uid, seen->asked_ms, now_ms, seen->why ? " " : "",
		     seen->why ? seen->why->text : "");
	if (seen->unreadable)
		note(rig, "unreadable %zu\n", seen->unreadable);
}

static inline void rig_answered(void *arg, unsigned ticket, const struct reset_answer *answer,
				int64_t now_ms)
{
	assert_int_equal(answer->got_ms, now_ms);
	note(arg, "answer %u: %u%s%s%s words(%s) where(%s) why(%s)\n", ticket, answer->status,
	     answer->whole ? " whole" : "", answer->follow ? " follow" : "",
	     answer->unsent ? " unsent" : "", answer->words, answer->where, answer->why);
}

static inline void rig_troubled(void *arg, const struct source_trouble *trouble, int64_t now_ms)
{
	struct rig *rig = arg;

	(void)now_ms;
	rig->next_ms = trouble->next_ms;
	rig->since_ms = trouble->since_ms;
	note(rig, "trouble %s\n", trouble->err->text);
}

static inline void rig_refused(void *arg, enum source_refusal what, const struct err *err,
			       int64_t now_ms)
{
	(void)now_ms;
	assert_int_equal(what, REFUSED_LOGIN);
	assert_int_equal(err->class, ERR_ASK);
	note(arg, "refused %s\n", err->text);
}

static inline void rig_modules(void *arg, bool known, const char *const *lacking, size_t count,
			       int64_t now_ms)
{
	size_t i;

	(void)now_ms;
	note(arg, "modules %s", known ? "known" : "not known");
	for (i = 0; i < count; i++)
		note(arg, " %s", lacking[i]);
	note(arg, "\n");
}

static inline void rig_polling(void *arg, bool out, int64_t now_ms)
{
	(void)now_ms;
	note(arg, "poll %s\n", out ? "out" : "in");
}

static inline struct rig *rig_new(const struct faults_setup *setup)
{
	static const struct source_sink sink = {
		.observed = rig_observed,
		.answered = rig_answered,
		.troubled = rig_troubled,
		.refused = rig_refused,
		.modules = rig_modules,
		.polling = rig_polling,
	};
	struct rig *rig = calloc(1, sizeof(*rig));
	char typed[64], password[] = "pass";
	struct live_setup live = { .name = "lab", .every_ms = EVERY_MS, .seed = 7 };
	bool tls = setup->talk == FAULTS_TLS;

	alarm(WATCHDOG_S);
	rig->now = 1000;
	rig->server = faults_new(setup);
	rig->http = http_new(NULL);
	rig->secret = secret_new();
	secret_from_env(rig->secret, password);
	snprintf(typed, sizeof(typed), "%s://127.0.0.1:%u", tls ? "https" : "http",
		 faults_port(rig->server));
	assert_int_equal(address_parse(&live.address, typed, NULL), 0);
	live.trust.by = tls ? TRUST_CA : TRUST_NONE;
	live.trust.capem = tls ? faults_pem(rig->server) : NULL;
	live.login = (struct login){ .user = "admin@lab", .password = rig->secret };
	rig->live = live_new(rig->http, &live, &sink, rig);
	rig->ops = live_ops();
	return rig;
}

static inline void rig_free(struct rig *rig)
{
	rig->ops->free(rig->live);
	http_free(rig->http);
	secret_free(rig->secret);
	faults_free(rig->server);
	free(rig);
	alarm(0);
}

static inline int plain_rig(void **state)
{
	*state = rig_new(&(struct faults_setup){ .talk = FAULTS_PLAIN });
	return 0;
}

static inline int end_rig(void **state)
{
	rig_free(*state);
	return 0;
}

/* The server's answer to requests that begin so, `times` times. */
static inline void reply(struct rig *rig, const char *when, unsigned times, unsigned status,
			 const char *body)
{
	char *answer = faults_answer(status, "application/json", body);

	faults_add(rig->server, &(struct fault){ .when = when, .times = times, .bytes = answer });
	free(answer);
}

/* The same, held back until faults_open(). */
static inline void reply_gated(struct rig *rig, const char *when, unsigned times, const char *body)
{
	char *answer = faults_answer(200, "application/json", body);

	faults_add(rig->server,
		   &(struct fault){ .when = when, .times = times, .bytes = answer, .gated = true });
	free(answer);
}

static inline void misdeed(struct rig *rig, const char *when, unsigned times, enum fault_deed deed,
			   const char *bytes)
{
	faults_add(rig->server,
		   &(struct fault){ .when = when, .times = times, .deed = deed, .bytes = bytes });
}

/* A reset of db:7, without a body. */
static inline int put(struct rig *rig, unsigned ticket, enum op_kind kind)
{
	struct source_put out = { .ticket = ticket, .uid = 7, .kind = kind };

	return rig->ops->reset(rig->live, &out, rig->now);
}

/* One turn of a loop, without its wait. */
static inline void turn(struct rig *rig)
{
	http_run(rig->http, rig->now);
	rig->ops->turn(rig->live, rig->now);
}

/* Turns until the log holds the words; the clock stands. */
static inline void until(struct rig *rig, const char *words)
{
	turn(rig);
	while (!strstr(rig->log, words)) {
		http_wait(rig->http, NULL, 0, -1);
		turn(rig);
	}
}

/* Turns until the server has so many requests. */
static inline void until_asked(struct rig *rig, size_t requests)
{
	turn(rig);
	while (faults_count(rig->server) < requests) {
		http_wait(rig->http, NULL, 0, 5);
		turn(rig);
	}
}

/* The gated answer to the next request has come to our socket and was not read yet. */
static inline void until_arrived(struct rig *rig, size_t requests)
{
	until_asked(rig, requests);
	faults_open(rig->server);
}

/* The first poll, answered by what the server was told. */
static inline void first_poll(struct rig *rig)
{
	until(rig, "poll in\n");
	until(rig, "list");
	forget(rig);
}

/* `%` in what is expected stands for the server's port. */
static inline void assert_log(const struct rig *rig, const char *want)
{
	char whole[8192], number[16];
	size_t at = 0;

	snprintf(number, sizeof(number), "%u", faults_port(rig->server));
	for (; *want && at < sizeof(whole) - sizeof(number); want++)
		if (*want == '%')
			at += (size_t)sprintf(whole + at, "%s", number);
		else
			whole[at++] = *want;
	whole[at] = '\0';
	assert_string_equal(rig->log, whole);
}

#endif
