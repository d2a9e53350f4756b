/*
 * Trust: only handshakes before it, the prompt, the pin, a changed key.
 */
#include "tests/net/trust_fixture.h"
#include "tests/rest/rest_fixture.h"

#define LIST "GET /v1/bdbs?"
#define TWO  "[{\"uid\":1},{\"uid\":2}]"

static struct faults *tls_server(void)
{
	return faults_new(&(struct faults_setup){ .protocol = FAULTS_TLS });
}

static struct rest_fixture *first_visit(bool may_ask, bool insecure, bool nobody)
{
	struct rest_fixture *rig =
		rest_fixture_on(&(struct rest_fixture_setup){ .servers = { tls_server() },
							      .by = TRUST_SYSTEM,
							      .interactive = may_ask,
							      .insecure = insecure,
							      .no_login = nobody });

	reply(rig, "", 0, 200, TWO);
	return rig;
}

static void answer(struct rest_fixture *rig, bool yes)
{
	rig->ops->answer(rig->rest, PROMPT_TRUST, yes, rig->now);
}

static void asks_and_sends_nothing_before_the_answer(void **state)
{
	struct rest_fixture *rig = first_visit(true, false, false);

	(void)state;
	until(rig, "asks");
	assert_int_equal(rig->ops->request(rig->rest, TOPIC_LIST, 0, rig->now), -1);
	ten_minutes(rig);
	assert_log(rig, "poll out\npoll in\nasks about 127.0.0.1:% Its certificate is "
			"self-signed, not signed by a trusted CA.\n");
	assert_true(rig->ops->due(rig->rest, rig->now) == TIME_NEVER);
	assert_only_handshakes(rig->server, 3);
	log_clear(rig);
	answer(rig, true);
	assert_log(rig, "");
	assert_int_equal(rig->ops->due(rig->rest, rig->now), rig->now);
	until(rig, "list");
	assert_log(rig, "pinned\npoll out\npoll in\nlist of 2 asked 601000 got 601000\n");
	pin_of(rig->server, rig->pin);
	assert_string_equal(rig->pinned.pin, rig->pin);
	assert_int_equal(strlen(rig->pinned.key_sha256), 95);
	assert_int_equal(strlen(rig->pinned.cert_sha256), 95);
	assert_int_equal(faults_count(rig->server), 1);
	rest_fixture_free(rig);
}

static void accepts_no_until_the_next_requested_poll(void **state)
{
	struct rest_fixture *rig = first_visit(true, false, false);

	(void)state;
	until(rig, "asks");
	answer(rig, false);
	log_clear(rig);
	ten_minutes(rig);
	assert_log(rig, "");
	assert_int_equal(rig->ops->request(rig->rest, TOPIC_LIST, 0, rig->now), 0);
	until(rig, "asks");
	assert_int_equal(faults_count(rig->server), 0);
	/* pins the key that was shown last */
	answer(rig, true);
	until(rig, "list");
	assert_int_equal(faults_count(rig->server), 1);
	rest_fixture_free(rig);
}

static void names_the_command_when_nobody_can_be_asked(void **state)
{
	struct rest_fixture *rig = first_visit(false, false, false);

	(void)state;
	until(rig, "distrusted");
	ten_minutes(rig);
	assert_log(rig,
		   "poll out\n"
		   "poll in\n"
		   "distrusted the certificate of 127.0.0.1:% is self-signed and its key is not "
		   "pinned. See and pin it: bdbtop trust lab\n");
	assert_int_equal(faults_count(rig->server), 0);
	rest_fixture_free(rig);
}

static void continues_when_insecure_is_set(void **state)
{
	struct rest_fixture *rig = first_visit(true, true, false);

	(void)state;
	until(rig, "list");
	assert_log(rig, "poll out\npoll in\nlist of 2 asked 1000 got 1000\n");
	rest_fixture_free(rig);
}

static void asks_about_trust_first_and_for_the_log_in_then(void **state)
{
	struct rest_fixture *rig = first_visit(true, false, true);

	(void)state;
	until(rig, "asks about");
	log_clear(rig);
	answer(rig, true);
	until(rig, "asks");
	assert_log(rig, "pinned\npoll out\npoll in\nasks for a log-in after 0\n");
	assert_int_equal(faults_count(rig->server), 0);
	set_login(rig, "admin@lab", "pass");
	rig->ops->answer(rig->rest, PROMPT_LOGIN, true, rig->now);
	until(rig, "list");
	assert_int_equal(faults_count(rig->server), 1);
	rest_fixture_free(rig);
}

static void takes_a_failing_authority_for_final(void **state)
{
	struct rest_fixture *rig;

	(void)state;
	/* the same with interactive and insecure */
	rig = rest_fixture_on(
		&(struct rest_fixture_setup){ .servers = { faults_new(&(struct faults_setup){
						      .protocol = FAULTS_TLS, .expired = true }) },
					      .by = TRUST_CA,
					      .interactive = true,
					      .insecure = true });
	until(rig, "distrusted");
	log_clear(rig);
	ten_minutes(rig);
	assert_log(rig, "");
	assert_int_equal(rig->ops->request(rig->rest, TOPIC_LIST, 0, rig->now), 0);
	until(rig, "distrusted");
	assert_non_null(strstr(rig->log, "has expired"));
	assert_int_equal(faults_count(rig->server), 0);
	rest_fixture_free(rig);
}

static void lets_a_pin_alone_decide(void **state)
{
	/* without the pin, neither its name nor its dates would verify */
	struct rest_fixture *rig = rest_fixture_on(&(struct rest_fixture_setup){
		.servers = { faults_new(&(struct faults_setup){
			.protocol = FAULTS_TLS, .name = "other.example", .expired = true }) },
		.by = TRUST_PIN });

	(void)state;
	reply(rig, "", 0, 200, TWO);
	until(rig, "list");
	assert_log(rig, "poll out\npoll in\nlist of 2 asked 1000 got 1000\n");
	rest_fixture_free(rig);
}

#define CHANGED                                                                                    \
	"changed\ndistrusted the key of lab has changed: 127.0.0.1:$ does not present the pinned " \
	"key. Nothing was sent. If the key was renewed, accept it: bdbtop trust --replace lab\n"

/* The first address is pinned and answers once; the second has the same or another key. */
static struct rest_fixture *two_keys(bool same)
{
	struct faults *first = tls_server();
	struct rest_fixture *rig = rest_fixture_on(&(struct rest_fixture_setup){
		.servers = { first, faults_new(&(struct faults_setup){
					    .protocol = FAULTS_TLS,
					    .name = "renewed.example",
					    .same_key_as = same ? first : NULL }) },
		.addresses = 2,
		.by = TRUST_PIN,
		.insecure = true,
		.interactive = true });

	reply(rig, LIST, 1, 200, TWO);
	reply(rig, LIST, 0, 503, "");
	reply_of(rig->servers[1], "", 0, 200, TWO);
	first_poll(rig);
	rig->now = 6000;
	return rig;
}

static void refuses_another_key_before_any_credential(void **state)
{
	struct rest_fixture *rig = two_keys(false);

	(void)state;
	until(rig, "distrusted");
	assert_log(rig, "poll out\npoll in\n" CHANGED);
	log_clear(rig);
	ten_minutes(rig);
	assert_log(rig, "");
	assert_int_equal(rig->ops->request(rig->rest, TOPIC_LIST, 0, rig->now), 0);
	until(rig, "distrusted");
	assert_log(rig, "poll out\npoll in\n" CHANGED);
	assert_only_handshakes(rig->servers[1], 6);
	rest_fixture_free(rig);
}

static void takes_a_renewed_certificate_with_the_same_key(void **state)
{
	struct rest_fixture *rig = two_keys(true);

	(void)state;
	until(rig, "list");
	assert_log(rig, "poll out\nvia (127.0.0.1:$)\npoll in\nlist of 2 asked 6000 got 6000\n");
	rest_fixture_free(rig);
}

static void ends_what_is_under_way_when_trust_is_lost(void **state)
{
	struct rest_fixture *rig = two_keys(false);

	(void)state;
	server_fault(rig, "GET /v1/bdbs/7?", 0, FAULT_HANG, "");
	assert_int_equal(rig->ops->request(rig->rest, TOPIC_ONE, 7, rig->now), 0);
	until_asked(rig, 2);
	until(rig, "distrusted");
	assert_log(rig, "poll out\npoll in\n"
			"bad db:7 asked 6000 got 6000 stopped: trust lost.\n" CHANGED);
	assert_int_equal(rig->ops->free_slots(rig->rest), 0);
	assert_int_equal(faults_count(rig->servers[1]), 0);
	rest_fixture_free(rig);
}

static void calls_no_callback_when_freed_during_a_probe(void **state)
{
	struct rest_fixture *rig = first_visit(true, false, false);

	(void)state;
	until(rig, "poll in");
	rig->ops->free(rig->rest);
	rig->rest = NULL;
	log_clear(rig);
	http_run(rig->http, 3600000);
	http_turn(rig->http, 3600000);
	assert_log(rig, "");
	rest_fixture_free(rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(asks_and_sends_nothing_before_the_answer),
		cmocka_unit_test(accepts_no_until_the_next_requested_poll),
		cmocka_unit_test(names_the_command_when_nobody_can_be_asked),
		cmocka_unit_test(continues_when_insecure_is_set),
		cmocka_unit_test(asks_about_trust_first_and_for_the_log_in_then),
		cmocka_unit_test(takes_a_failing_authority_for_final),
		cmocka_unit_test(lets_a_pin_alone_decide),
		cmocka_unit_test(refuses_another_key_before_any_credential),
		cmocka_unit_test(takes_a_renewed_certificate_with_the_same_key),
		cmocka_unit_test(ends_what_is_under_way_when_trust_is_lost),
		cmocka_unit_test(calls_no_callback_when_freed_during_a_probe),
	};

	return tap_run(tests);
}
