/*
 * Each fault of a server, for each kind of request that a source sends: what is reported and sent,
 * that the last list stays, how much memory it takes, and that the next request is as any other.
 *
 * FAULTS_ALL=1 runs all pairs; else each fault with the list and one other kind, so each kind with
 * some faults.
 */
#include "tests/faults/heap_peak.h"
#include "tests/faults/fault_run.h"
#include "tests/faults/request_kinds.h"
#include "tests/env_number.h"

/* 64 KiB at once from the server, one element of 1 MiB and its tree, and 50,000 records */
#define GROWTH_MAX ((size_t)16 << 20)

static size_t largest_growth, mismatches;
static const char *largest_name;

/* All pairs are reported, not only the first. */
static void mismatch(const struct fault_case *fault, const struct request_kind *kind,
		     const char *fmt, ...) __attribute__((format(printf, 3, 4)));
static void mismatch(const struct fault_case *fault, const struct request_kind *kind,
		     const char *fmt, ...)
{
	va_list arguments;

	fprintf(stderr, "%s, %s: ", kind->name, fault->name);
	va_start(arguments, fmt);
	vfprintf(stderr, fmt, arguments);
	va_end(arguments);
	fputc('\n', stderr);
	mismatches++;
}

/* --- what is expected ------------------------------------------------------------------------ */

static const char *data_word(unsigned status)
{
	return status == 403 ? "denied" : status == 404 ? "absent" : "bad";
}

/* The report of the request itself. */
static void add_report(char *out, const struct fault_case *fault, const struct request_kind *kind,
		       const char *sentence)
{
	bool stopped = fault->end == END_LOGIN || fault->end == END_TRUST;

	out += strlen(out);
	if (kind->family == KIND_LIST)
		sprintf(out, "poll out\npoll in\n%s%s%s", stopped ? "" : "trouble ",
			stopped ? "" : sentence, stopped ? "" : "\n");
	else if (kind->family == KIND_ONE && fault->status == 404)
		sprintf(out, "gone db:7 asked * got *\n");
	else if (kind->family == KIND_ONE)
		sprintf(out, "bad db:7 asked * got * %s\n", sentence);
	else if (kind->family == KIND_DATA)
		sprintf(out, "told %s asked * got * %s %s\n", kind->name, data_word(fault->status),
			sentence);
	else if (kind->family == KIND_MODULES)
		sprintf(out, "modules not known\n");
	else if (kind->family == KIND_OPTIONS)
		sprintf(out, "path 5: %s\n", fault->status == 404 ? "unknown" : "unclear");
	else
		sprintf(out, "answer 5: %s\n", fault->put);
}

static bool begins_pause(const struct fault_case *fault, const struct request_kind *kind)
{
	if (kind->family == KIND_PUT || kind->family == KIND_OPTIONS)
		return false;
	return fault->end == END_PAUSE ||
	       (fault->end == END_PAUSE_BDBS && kind->family != KIND_DATA);
}

static void expected_log(char *out, const struct fault_case *fault, const struct request_kind *kind,
			 unsigned port)
{
	char sentence[1000];

	fault_fill(sentence, fault_sentence(fault, kind), kind, port);
	*out = '\0';
	add_report(out, fault, kind, sentence);
	out += strlen(out);
	if (fault->end == END_LOGIN)
		sprintf(out, "refused %s\nasks for a log-in after 1\n", sentence);
	else if (fault->end == END_TRUST)
		sprintf(out, "distrusted %s\n", sentence);
	else if (begins_pause(fault, kind) && kind->family != KIND_LIST)
		sprintf(out, "trouble %s\n", sentence);
}

/* How many requests reach the server. */
static size_t expected_requests(const struct fault_case *fault, const struct request_kind *kind)
{
	bool once = kind->family == KIND_PUT || kind->family == KIND_OPTIONS;

	if (fault->become)
		return 0;
	if (fault->twice && !once)
		return 2;
	if (!kind->again)
		return 1;
	if (kind->family == KIND_DATA && kind->topic->topic == TOPIC_ACTIONS)
		return fault->status == 404 ? 2 : 1;
	return fault->status == 400 || fault->status == 406 ? 2 : 1;
}

/* --- one pair -------------------------------------------------------------------------------- */

static void end_fault(struct rest_fixture *fix, const struct fault_case *fault,
		      const struct request_kind *kind)
{
	faults_forget(fix->server);
	if (fault->become)
		faults_become(fix->server, NULL);
	reply(fix, LIST, 0, 200, TWO);
	reply(fix, kind->line, 0, 200, kind->body);
	if (kind->again)
		reply(fix, kind->again, 0, 200, kind->body);
}

static void advance(struct rest_fixture *fix, int64_t seconds)
{
	fix->now += seconds * 1000;
	turn(fix);
}

/* The request is on its way when the clock moves. */
static void reach_server(struct rest_fixture *fix, const struct fault_case *fault, size_t before)
{
	unsigned connections = faults_connections(fix->server);
	int i;

	if (fault->pace != PACE_CONNECT) {
		until_requested(fix, before + 1);
		return;
	}
	for (i = 0; i < 4 && faults_connections(fix->server) == connections; i++) {
		http_wait(fix->http, NULL, 0, 5);
		turn(fix);
	}
}

/* Turns until the request has ended, on the clock of the fault. */
static void run_fault(struct rest_fixture *fix, const struct fault_case *fault,
		      const struct request_kind *kind, size_t before)
{
	const char *end = kind->family == KIND_LIST ? "poll in\n" : "\n";
	int64_t i;

	turn(fix);
	if (fault->pace != PACE_NONE)
		reach_server(fix, fault, before);
	if (fault->pace == PACE_CONNECT)
		advance(fix, 5);
	for (i = 1; fault->pace == PACE_TRICKLE && i <= kind->total_s; i++) {
		faults_open(fix->server);
		advance(fix, 1);
	}
	if (fault->pace == PACE_SILENCE) {
		faults_open(fix->server);
		turn(fix);
		advance(fix, kind->silence_s);
	}
	until(fix, end);
	turn(fix);
}

static void check_requests(struct rest_fixture *fix, const struct fault_case *fault,
			   const struct request_kind *kind, size_t before)
{
	size_t count = expected_requests(fault, kind), i;

	if (faults_count(fix->server) != before + count)
		mismatch(fault, kind, "%zu requests, not %zu", faults_count(fix->server) - before,
			 count);
	for (i = 0; i < count; i++) {
		const char *head = faults_at(fix->server, before + i)->head;
		const char *line = i && !fault->twice ? kind->again : kind->line;

		if (strncmp(head, line, strlen(line)))
			mismatch(fault, kind, "request %zu is %s", i, head);
	}
}

/* The user answers, or the pause passes. */
static void overcome(struct rest_fixture *fix, const struct fault_case *fault,
		     const struct request_kind *kind)
{
	bool stopped = fault->end == END_LOGIN || fault->end == END_TRUST;
	size_t before = faults_count(fix->server);

	log_clear(fix);
	if (begins_pause(fault, kind))
		fix->ops->request(fix->rest, TOPIC_LIST, 0, fix->now);
	if (stopped || begins_pause(fault, kind)) {
		fix->now += stopped ? INTERVAL_MS : 2999;
		turn(fix);
		turn(fix);
		if (faults_count(fix->server) != before)
			mismatch(fault, kind, "something was sent after it");
	}
	if (fault->end == END_LOGIN) {
		set_login(fix, "admin@lab", "better");
		fix->ops->answer(fix->rest, PROMPT_LOGIN, true, fix->now);
	} else if (fault->end == END_TRUST) {
		fix->ops->request(fix->rest, TOPIC_LIST, 0, fix->now);
	} else {
		/* within one interval */
		fix->now += INTERVAL_MS;
	}
	until(fix, "list of 2");
}

/* Reads of databases have fewer fields from now on. */
static bool fewer_fields(const struct fault_case *fault, const struct request_kind *kind)
{
	return (fault->status == 400 || fault->status == 406) &&
	       (kind->family == KIND_LIST || kind->family == KIND_ONE);
}

static void check_recovery(struct rest_fixture *fix, const struct fault_case *fault,
			   const struct request_kind *kind)
{
	/* a read forgets its database; a list with fewer fields is another one */
	size_t changed = fewer_fields(fault, kind) ? 2 : kind->family == KIND_ONE;

	end_fault(fix, fault, kind);
	fix->ops->pause(fix->rest, false, fix->now);
	overcome(fix, fault, kind);
	if (!fix->knows_changed || fix->changed_count > changed)
		mismatch(fault, kind, "the last list was lost");
	log_clear(fix);
	if (kind->family == KIND_LIST)
		fix->now += INTERVAL_MS;
	cause_request(fix, kind);
	until(fix, kind->good);
}

static struct rest_fixture *open_pair(void)
{
	struct rest_fixture *fix = rest_fixture_on(&(struct rest_fixture_setup){
		.servers = { faults_new(&(struct faults_setup){ .protocol = FAULTS_TLS }) },
		.by = TRUST_CA,
		.interactive = true });

	/* under valgrind, 128 MiB take a while */
	alarm(10 * WATCHDOG_S);
	reply(fix, LIST, 0, 200, TWO);
	first_poll(fix);
	return fix;
}

static void run_pair(const struct fault_case *fault, const struct request_kind *kind)
{
	struct rest_fixture *fix = open_pair();
	size_t before = faults_count(fix->server);
	unsigned observed = fix->observed;
	char want[2000];

	fault_begin(fix->server, fault, kind);
	expected_log(want, fault, kind, faults_port(fix->server));
	/* no other poll while the clock moves */
	fix->ops->pause(fix->rest, true, fix->now);
	heap_mark();
	cause_request(fix, kind);
	run_fault(fix, fault, kind, before);
	if (heap_growth() > largest_growth) {
		largest_growth = heap_growth();
		largest_name = fault->name;
	}
	if (!fault_matches(fix->log, want))
		mismatch(fault, kind, "\n%snot:\n%s", fix->log, want);
	if (kind->family == KIND_LIST && fault->code != fix->code)
		mismatch(fault, kind, "the code is %s", err_code_word(fix->code));
	/* nothing was taken from the reply */
	if (fix->observed != observed + (kind->family == KIND_ONE))
		mismatch(fault, kind, "%u observations", fix->observed - observed);
	check_requests(fix, fault, kind, before);
	check_recovery(fix, fault, kind);
	rest_fixture_free(fix);
}

static void each_fault_has_its_sentence_and_is_over_when_it_ends(void **state)
{
	bool all = env_number("FAULTS_ALL", 0) != 0;
	size_t i, j, count = 0;

	for (i = 0; i < fault_case_count; i++) {
		for (j = 0; j < KINDS; j++) {
			const struct request_kind kind = kind_at(j);

			if (!all && kind.family != KIND_LIST && (i + j) % KINDS != 0)
				continue;
			run_pair(&fault_cases[i], &kind);
			count++;
		}
	}
	printf("# %zu faults, %zu kinds of requests, %zu pairs; at most %zu KiB, for %s\n",
	       fault_case_count, KINDS, count, largest_growth >> 10, largest_name);
	assert_int_equal(mismatches, 0);
	assert_in_range(largest_growth, 0, GROWTH_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_fault_has_its_sentence_and_is_over_when_it_ends),
	};

	heap_count();
	return tap_run(tests);
}
