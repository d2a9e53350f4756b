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

static struct rest_fixture *first_contact(bool may_ask, bool insecure, bool nobody)
{
	struct rest_fixture *fix =
		rest_fixture_on(&(struct rest_fixture_setup){ .servers = { tls_server() },
							      .by = TRUST_SYSTEM,
							      .interactive = may_ask,
							      .insecure = insecure,
							      .no_login = nobody });

	reply(fix, "", 0, 200, TWO);
	return fix;
}

static void answer(struct rest_fixture *fix, bool yes)
{
	fix->ops->answer(fix->rest, PROMPT_TRUST, yes, fix->now);
}

static void asks_and_sends_nothing_before_the_answer(void **state)
{
	struct rest_fixture *fix = first_contact(true, false, false);

	until(fix, "asks");
	assert_int_equal(fix->ops->request(fix->rest, TOPIC_LIST, 0, fix->now), -1);
	ten_minutes(fix);
	assert_log(fix, "poll out\npoll in\nasks about 127.0.0.1:% Its certificate is "
			"self-signed, not signed by a trusted CA.\n");
	assert_true(fix->ops->due(fix->rest, fix->now) == TIME_NEVER);
	assert_only_handshakes(fix->server, 3);
	log_clear(fix);
	answer(fix, true);
	assert_log(fix, "");
	assert_int_equal(fix->ops->due(fix->rest, fix->now), fix->now);
	until(fix, "list");
	assert_log(fix, "pinned\npoll out\npoll in\nlist of 2 asked 601000 got 601000\n");
	pin_of(fix->server, fix->pin);
	assert_string_equal(fix->pinned.pin, fix->pin);
	assert_int_equal(strlen(fix->pinned.key_sha256), 95);
	assert_int_equal(strlen(fix->pinned.cert_sha256), 95);
	assert_int_equal(faults_count(fix->server), 1);
	rest_fixture_free(fix);
}

static void accepts_no_until_the_next_requested_poll(void **state)
{
	struct rest_fixture *fix = first_contact(true, false, false);

	until(fix, "asks");
	answer(fix, false);
	log_clear(fix);
	ten_minutes(fix);
	assert_log(fix, "");
	assert_int_equal(fix->ops->request(fix->rest, TOPIC_LIST, 0, fix->now), 0);
	until(fix, "asks");
	assert_int_equal(faults_count(fix->server), 0);
	/* pins the key that was shown last */
	answer(fix, true);
	until(fix, "list");
	assert_int_equal(faults_count(fix->server), 1);
	rest_fixture_free(fix);
}

static void names_the_command_when_nobody_can_be_asked(void **state)
{
	struct rest_fixture *fix = first_contact(false, false, false);

	until(fix, "distrusted");
	ten_minutes(fix);
	assert_log(fix,
		   "poll out\n"
		   "poll in\n"
		   "distrusted the certificate of 127.0.0.1:% is self-signed and its key is not "
		   "pinned. See and pin it: bdbtop trust lab\n");
	assert_int_equal(faults_count(fix->server), 0);
	rest_fixture_free(fix);
}

static void continues_when_insecure_is_set(void **state)
{
	struct rest_fixture *fix = first_contact(true, true, false);

	until(fix, "list");
	assert_log(fix, "poll out\npoll in\nlist of 2 asked 1000 got 1000\n");
	rest_fixture_free(fix);
}

static void asks_about_trust_first_and_for_the_log_in_then(void **state)
{
	struct rest_fixture *fix = first_contact(true, false, true);

	until(fix, "asks about");
	log_clear(fix);
	answer(fix, true);
	until(fix, "asks");
	assert_log(fix, "pinned\npoll out\npoll in\nasks for a log-in after 0\n");
	assert_int_equal(faults_count(fix->server), 0);
	set_login(fix, "admin@lab", "pass");
	fix->ops->answer(fix->rest, PROMPT_LOGIN, true, fix->now);
	until(fix, "list");
	assert_int_equal(faults_count(fix->server), 1);
	rest_fixture_free(fix);
}

static void takes_a_failing_authority_for_final(void **state)
{
	struct rest_fixture *fix;

	/* the same with interactive and insecure */
	fix = rest_fixture_on(
		&(struct rest_fixture_setup){ .servers = { faults_new(&(struct faults_setup){
						      .protocol = FAULTS_TLS, .expired = true }) },
					      .by = TRUST_CA,
					      .interactive = true,
					      .insecure = true });
	until(fix, "distrusted");
	log_clear(fix);
	ten_minutes(fix);
	assert_log(fix, "");
	assert_int_equal(fix->ops->request(fix->rest, TOPIC_LIST, 0, fix->now), 0);
	until(fix, "distrusted");
	assert_non_null(strstr(fix->log, "has expired"));
	assert_int_equal(faults_count(fix->server), 0);
	rest_fixture_free(fix);
}

static void lets_a_pin_alone_decide(void **state)
{
	/* without the pin, neither its name nor its dates would verify */
	struct rest_fixture *fix = rest_fixture_on(&(struct rest_fixture_setup){
		.servers = { faults_new(&(struct faults_setup){
			.protocol = FAULTS_TLS, .name = "other.example", .expired = true }) },
		.by = TRUST_PIN });

	reply(fix, "", 0, 200, TWO);
	until(fix, "list");
	assert_log(fix, "poll out\npoll in\nlist of 2 asked 1000 got 1000\n");
	rest_fixture_free(fix);
}

#define CHANGED                                                                                    \
	"changed\ndistrusted the key of lab has changed: 127.0.0.1:$ does not present the pinned " \
	"key. Nothing was sent. If the key was renewed, accept it: bdbtop trust --replace lab\n"

/* The first address is pinned and answers once; the second has the same or another key. */
static struct rest_fixture *two_keys(bool same)
{
	struct faults *first = tls_server();
	struct rest_fixture *fix = rest_fixture_on(&(struct rest_fixture_setup){
		.servers = { first, faults_new(&(struct faults_setup){
					    .protocol = FAULTS_TLS,
					    .name = "renewed.example",
					    .same_key_as = same ? first : NULL }) },
		.addresses = 2,
		.by = TRUST_PIN,
		.insecure = true,
		.interactive = true });

	reply(fix, LIST, 1, 200, TWO);
	reply(fix, LIST, 0, 503, "");
	reply_of(fix->servers[1], "", 0, 200, TWO);
	first_poll(fix);
	fix->now = 6000;
	return fix;
}

static void refuses_another_key_before_any_credential(void **state)
{
	struct rest_fixture *fix = two_keys(false);

	until(fix, "distrusted");
	assert_log(fix, "poll out\npoll in\n" CHANGED);
	log_clear(fix);
	ten_minutes(fix);
	assert_log(fix, "");
	assert_int_equal(fix->ops->request(fix->rest, TOPIC_LIST, 0, fix->now), 0);
	until(fix, "distrusted");
	assert_log(fix, "poll out\npoll in\n" CHANGED);
	assert_only_handshakes(fix->servers[1], 6);
	rest_fixture_free(fix);
}

static void takes_a_renewed_certificate_with_the_same_key(void **state)
{
	struct rest_fixture *fix = two_keys(true);

	until(fix, "list");
	assert_log(fix, "poll out\nvia (127.0.0.1:$)\npoll in\nlist of 2 asked 6000 got 6000\n");
	rest_fixture_free(fix);
}

static void ends_what_is_under_way_when_trust_is_lost(void **state)
{
	struct rest_fixture *fix = two_keys(false);

	server_fault(fix, "GET /v1/bdbs/7?", 0, FAULT_HANG, "");
	assert_int_equal(fix->ops->request(fix->rest, TOPIC_ONE, 7, fix->now), 0);
	until_requested(fix, 2);
	until(fix, "distrusted");
	assert_log(fix, "poll out\npoll in\n"
			"bad db:7 asked 6000 got 6000 stopped: trust lost.\n" CHANGED);
	assert_int_equal(fix->ops->free_slots(fix->rest), 0);
	assert_int_equal(faults_count(fix->servers[1]), 0);
	rest_fixture_free(fix);
}

static void calls_no_callback_when_freed_during_a_probe(void **state)
{
	struct rest_fixture *fix = first_contact(true, false, false);

	until(fix, "poll in");
	fix->ops->free(fix->rest);
	fix->rest = NULL;
	log_clear(fix);
	http_run(fix->http, 3600000);
	http_turn(fix->http, 3600000);
	assert_log(fix, "");
	rest_fixture_free(fix);
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
