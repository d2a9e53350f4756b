/*
 * Several addresses, and redirects: which server gets which request, under which host name, and
 * what is never sent to it.
 */
#include "bdbtop/core/array.h"
#include "tests/rest/rest_fixture.h"

#define LIST  "GET /v1/bdbs?"
#define ONE   "GET /v1/bdbs/7?"
#define PUT   "PUT /v1/bdbs/7/actions/backup_reset_status "
#define TWO   "[{\"uid\":1},{\"uid\":2}]"
#define SEVEN "{\"uid\":7,\"name\":\"sessions\"}"
#define THERE "http://127.0.0.1:%/v1/bdbs"
#define THIS  "http://127.0.0.1:%/v1/bdbs/7/actions/backup_reset_status"

static unsigned port(const struct rest_fixture *fix, size_t server)
{
	return faults_port(fix->servers[server]);
}

static void asks_the_next_address_when_one_does_not_answer(void **state)
{
	static const struct {
		enum fault_action action;
		const char *bytes;
	} rows[] = {
		{ FAULT_SEND, "HTTP/1.1 502 No\r\nContent-Length: 0\r\n\r\n" },
		{ FAULT_SEND, "HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n" },
		{ FAULT_SEND, "HTTP/1.1 504 No\r\nContent-Length: 0\r\n\r\n" },
		{ FAULT_CLOSE, "" },
		{ FAULT_BREAK, "" },
	};
	struct rest_fixture *fix;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		fix = plain_servers(2, 2);
		server_fault(fix, "", 0, rows[i].action, rows[i].bytes);
		reply_of(fix->servers[1], LIST, 0, 200, TWO);
		reply_of(fix->servers[1], ONE, 0, 200, SEVEN);
		until(fix, "list");
		assert_log(fix, "poll out\nvia (127.0.0.1:$)\npoll in\n"
				"list of 2 asked 1000 got 1000\n");
		/* the address stays in use, also for other reads */
		log_clear(fix);
		assert_int_equal(fix->ops->request(fix->rest, TOPIC_ONE, 7, fix->now), 0);
		until(fix, "one");
		fix->now = 6000;
		until(fix, "list");
		assert_log(fix, "one db:7 asked 1000 got 1000\npoll out\npoll in\n"
				"list of 2 asked 6000 got 6000\n");
		assert_int_equal(faults_count(fix->servers[0]), 1);
		rest_fixture_free(fix);
	}
}

static void asks_the_next_address_when_one_is_silent(void **state)
{
	struct rest_fixture *fix = plain_servers(2, 2);

	server_fault(fix, LIST, 0, FAULT_HANG, "");
	reply_of(fix->servers[1], LIST, 0, 200, TWO);
	until_requested(fix, 1);
	fix->now = 20999;
	turn(fix);
	assert_int_equal(faults_count(fix->servers[1]), 0);
	fix->now = 21000;
	until(fix, "list");
	assert_int_equal(faults_count(fix->servers[1]), 1);
	rest_fixture_free(fix);
}

static void asks_the_next_address_when_nobody_listens(void **state)
{
	struct faults *gone = server_new(FAULTS_PLAIN);
	struct rest_fixture *fix;

	fix = rest_fixture_on(
		&(struct rest_fixture_setup){ .servers = { gone, server_new(FAULTS_PLAIN) },
					      .addresses = 2,
					      .plain = true,
					      .by = TRUST_NONE });
	faults_free(gone);
	fix->servers[0] = fix->server = fix->servers[1];
	fix->servers[1] = NULL;
	reply(fix, ONE, 0, 200, SEVEN);
	fix->ops->pause(fix->rest, true, fix->now);
	assert_int_equal(fix->ops->request(fix->rest, TOPIC_ONE, 7, fix->now), 0);
	until(fix, "one");
	assert_log(fix, "via (127.0.0.1:%)\none db:7 asked 1000 got 1000\n");
	rest_fixture_free(fix);
}

static void says_that_none_of_them_answers_after_each_was_asked_once(void **state)
{
	struct rest_fixture *fix = plain_servers(3, 3);
	size_t i;

	for (i = 0; i < 3; i++)
		reply_of(fix->servers[i], "", 1, 503, "");
	reply_of(fix->servers[0], LIST, 0, 200, TWO);
	until(fix, "trouble");
	assert_log(fix,
		   "poll out\n"
		   "poll in\n"
		   "trouble none of the 3 addresses answers; the last one: the node is unavailable "
		   "or not in a cluster, or the cluster has no quorum (503). Try another node.\n");
	assert_int_equal(fix->code, ERR_CODE_UNREACHABLE);
	for (i = 0; i < 3; i++)
		assert_int_equal(faults_count(fix->servers[i]), 1);
	fix->now = fix->next_ms;
	until(fix, "list");
	rest_fixture_free(fix);
}

static void follows_a_redirect_and_stays_there(void **state)
{
	struct rest_fixture *fix = plain_servers(2, 1);
	char host[64];

	redirect(fix->servers[0], LIST, 0, THERE, port(fix, 1));
	reply_of(fix->servers[1], LIST, 0, 200, TWO);
	reply_of(fix->servers[1], "PUT ", 0, 200, "");
	until(fix, "list");
	assert_log(fix, "poll out\nvia (127.0.0.1:$)\npoll in\nlist of 2 asked 1000 got 1000\n");
	/* Host is still the name of the operator */
	snprintf(host, sizeof(host), "Host: 127.0.0.1:%u\r\n", port(fix, 0));
	assert_non_null(strstr(faults_at(fix->servers[1], 0)->head, host));
	assert_memory_equal(faults_at(fix->servers[1], 0)->head, "GET /v1/bdbs?fields=uid,", 24);
	assert_int_equal(put_seven(fix, 1, OP_BACKUP), 0);
	until(fix, "answer 1: 200");
	fix->now = 6000;
	log_clear(fix);
	until(fix, "list");
	assert_int_equal(faults_count(fix->servers[0]), 1);
	assert_int_equal(faults_count(fix->servers[1]), 3);
	rest_fixture_free(fix);
}

static void goes_back_when_the_kept_target_fails_or_redirects(void **state)
{
	struct rest_fixture *fix;
	unsigned i;

	for (i = 0; i < 2; i++) {
		fix = plain_servers(2, 1);
		redirect(fix->servers[0], LIST, 1, THERE, port(fix, 1));
		reply_of(fix->servers[1], LIST, 1, 200, TWO);
		if (i)
			redirect(fix->servers[1], LIST, 0, THERE, port(fix, 0));
		else
			reply_of(fix->servers[1], LIST, 0, 503, "");
		reply_of(fix->servers[0], LIST, 0, 200, TWO);
		first_poll(fix);
		fix->now = 6000;
		until(fix, "list");
		assert_log(fix, "poll out\nvia ()\npoll in\nlist of 2 asked 6000 got 6000\n");
		assert_int_equal(faults_count(fix->servers[0]), 2);
		assert_int_equal(faults_count(fix->servers[1]), 2);
		rest_fixture_free(fix);
	}
}

static void refuses_a_redirect_that_leads_nowhere_good(void **state)
{
	static const struct {
		const char *target, *error;
	} rows[] = {
		{ "https://127.0.0.1:%/v1/bdbs", "its target has another scheme" },
		{ "http://10.0.0.3:9443/v1/bdbs", "its target is plain http" },
		{ "/v1/bdbs", "its target is not a complete URL" },
		{ "http://admin@lab:pass@127.0.0.1:%/v1/bdbs", "user information" },
		{ "http://127.0.0.1:%/v1/users", "a different path" },
		{ "", "the redirect is invalid" },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		struct rest_fixture *fix = plain_servers(2, 1);

		redirect(fix->servers[0], "", 0, rows[i].target, port(fix, 1));
		until(fix, "trouble");
		assert_non_null(strstr(fix->log, rows[i].error));
		assert_non_null(strstr(fix->log, "handle_redirects"));
		assert_int_equal(fix->code, ERR_CODE_NOT_A_CLUSTER);
		assert_null(strstr(fix->log, "pass@"));
		assert_int_equal(faults_count(fix->servers[0]), 1);
		assert_int_equal(faults_count(fix->servers[1]), 0);
		rest_fixture_free(fix);
	}
}

static void refuses_to_run_in_a_circle(void **state)
{
	struct rest_fixture *fix = plain_servers(2, 1);

	redirect(fix->servers[0], "", 0, THERE, port(fix, 1));
	redirect(fix->servers[1], "", 0, THERE, port(fix, 0));
	until(fix, "trouble");
	assert_log(fix, "poll out\n"
			"poll in\n"
			"trouble 127.0.0.1:$ redirects in a loop, to 127.0.0.1:% (307). Give the "
			"address of the primary node, or turn on the cluster option "
			"handle_redirects.\n");
	assert_int_equal(faults_count(fix->servers[0]), 1);
	assert_int_equal(faults_count(fix->servers[1]), 1);
	rest_fixture_free(fix);
}

static void follows_twice_and_no_more(void **state)
{
	struct rest_fixture *fix = plain_servers(3, 1);

	redirect(fix->servers[0], "", 0, THERE, port(fix, 1));
	redirect(fix->servers[1], "", 0, THERE, port(fix, 2));
	redirect(fix->servers[2], "", 1, "http://127.0.0.1:1/v1/bdbs", 0);
	reply_of(fix->servers[2], "", 0, 200, TWO);
	until(fix, "trouble");
	assert_log(fix, "poll out\n"
			"poll in\n"
			"trouble 127.0.0.1:~ redirects again, to 127.0.0.1:1 (307), after 2 "
			"redirects. Give the address of the primary node, or turn on the cluster "
			"option handle_redirects.\n");
	fix->now = fix->next_ms;
	until(fix, "list");
	assert_int_equal(faults_count(fix->servers[2]), 2);
	rest_fixture_free(fix);
}

static void follows_no_other_redirect_than_a_307(void **state)
{
	char answer[200];
	struct rest_fixture *fix = plain_servers(2, 1);

	snprintf(answer, sizeof(answer),
		 "HTTP/1.1 301 Moved\r\nContent-Length: 0\r\n"
		 "Location: http://127.0.0.1:%u/v1/bdbs\r\n\r\n",
		 port(fix, 1));
	server_fault(fix, "", 0, FAULT_SEND, answer);
	until(fix, "trouble 127.0.0.1:");
	assert_non_null(
		strstr(fix->log, "is not the primary node and redirects to 127.0.0.1 (301)"));
	assert_int_equal(faults_count(fix->servers[1]), 0);
	rest_fixture_free(fix);
}

/* Two nodes: the cluster is named `localhost`, the certificate is for that name only, and the
 * redirect leads to a numeric address. */
static struct rest_fixture *two_nodes(enum trust_by by, bool good)
{
	struct faults *first = faults_new(&(struct faults_setup){
		.protocol = FAULTS_TLS, .name = "first.example,localhost" });
	struct faults_setup second = { .protocol = FAULTS_TLS, .name = "localhost" };

	if (good && by == TRUST_PIN)
		second.same_key_as = first;
	else if (good)
		second.by = first;
	return rest_fixture_on(
		&(struct rest_fixture_setup){ .servers = { first, faults_new(&second) },
					      .host = "localhost",
					      .by = by,
					      .insecure = true });
}

static void follows_to_a_number_outside_the_certificate(void **state)
{
	static const enum trust_by by[] = { TRUST_PIN, TRUST_CA };
	char host[64];
	size_t i;

	for (i = 0; i < 2; i++) {
		struct rest_fixture *fix = two_nodes(by[i], true);

		redirect(fix->servers[0], "", 0, "https://127.0.0.1:%/v1/bdbs", port(fix, 1));
		reply_of(fix->servers[1], "", 0, 200, TWO);
		until(fix, "list");
		assert_log(fix,
			   "poll out\nvia (127.0.0.1)\npoll in\nlist of 2 asked 1000 got 1000\n");
		snprintf(host, sizeof(host), "Host: localhost:%u\r\n", port(fix, 0));
		assert_non_null(strstr(faults_at(fix->servers[1], 0)->head, host));
		rest_fixture_free(fix);
	}
}

static void sends_nothing_to_a_target_that_does_not_pass(void **state)
{
	static const enum trust_by by[] = { TRUST_PIN, TRUST_CA };
	size_t i;

	for (i = 0; i < 2; i++) {
		struct rest_fixture *fix = two_nodes(by[i], false);

		redirect(fix->servers[0], LIST, 0, "https://127.0.0.1:%/v1/bdbs", port(fix, 1));
		redirect(fix->servers[0], PUT, 0,
			 "https://127.0.0.1:%/v1/bdbs/7/actions/backup_reset_status", port(fix, 1));
		reply_of(fix->servers[1], "", 0, 200, TWO);
		until(fix, "trouble");
		assert_log(fix,
			   "poll out\n"
			   "poll in\n"
			   "trouble localhost:% redirects to 127.0.0.1:$ (307), whose certificate "
			   "is not trusted; nothing was sent to it. Give the address of the "
			   "primary node, or turn on the cluster option handle_redirects.\n");
		assert_int_equal(fix->code, ERR_CODE_TLS_UNTRUSTED);
		log_clear(fix);
		fix->ops->pause(fix->rest, true, fix->now);
		assert_int_equal(put_seven(fix, 5, OP_BACKUP), 0);
		until(fix, "answer");
		assert_log(fix, "answer 5: 307 whole words() where(127.0.0.1) why()\n");
		assert_int_equal(faults_count(fix->servers[1]), 0);
		rest_fixture_free(fix);
	}
}

static void sends_one_log_in_to_a_target_that_refuses_it(void **state)
{
	struct rest_fixture *fix = plain_servers(2, 1);

	redirect(fix->servers[0], "", 0, THERE, port(fix, 1));
	reply_of(fix->servers[1], "", 0, 401, "");
	until(fix, "refused");
	ten_minutes(fix);
	assert_int_equal(faults_count(fix->servers[0]), 1);
	assert_int_equal(faults_count(fix->servers[1]), 1);
	rest_fixture_free(fix);
}

static void follows_a_reset_only_after_a_new_read_there(void **state)
{
	struct rest_fixture *fix = plain_servers(2, 1);

	fix->ops->pause(fix->rest, true, fix->now);
	reply_of(fix->servers[0], ONE, 0, 200, SEVEN);
	redirect(fix->servers[0], "PUT ", 0, THIS, port(fix, 1));
	reply_of(fix->servers[1], ONE, 0, 200, SEVEN);
	reply_of(fix->servers[1], "PUT ", 0, 200, "");
	assert_int_equal(fix->ops->request(fix->rest, TOPIC_ONE, 7, fix->now), 0);
	until(fix, "one");
	log_clear(fix);
	assert_int_equal(put_seven(fix, 1, OP_BACKUP), 0);
	until(fix, "answer");
	assert_log(fix, "answer 1: 307 whole follow words() where(127.0.0.1) why()\n");
	/* only a handshake reached the second node */
	assert_int_equal(faults_count(fix->servers[1]), 0);
	assert_int_equal(fix->ops->free_slots(fix->rest), 2);

	/* no PUT goes there without a read there */
	log_clear(fix);
	assert_int_equal(put_seven(fix, 2, OP_BACKUP), 0);
	until(fix, "answer");
	assert_int_equal(faults_count(fix->servers[0]), 3);
	assert_int_equal(faults_count(fix->servers[1]), 0);

	log_clear(fix);
	assert_int_equal(fix->ops->request(fix->rest, TOPIC_ONE, 7, fix->now), 0);
	until(fix, "one");
	assert_int_equal(put_seven(fix, 3, OP_BACKUP), 0);
	until(fix, "answer");
	assert_log(fix, "via (127.0.0.1:$)\none db:7 asked 1000 got 1000\n"
			"answer 3: 200 whole words() where() why()\n");
	assert_int_equal(faults_count(fix->servers[0]), 3);
	assert_int_equal(faults_count(fix->servers[1]), 2);
	assert_memory_equal(faults_at(fix->servers[1], 0)->head, ONE, strlen(ONE));
	assert_memory_equal(faults_at(fix->servers[1], 1)->head, PUT, strlen(PUT));
	rest_fixture_free(fix);
}

static void follows_no_reset_that_is_not_understood(void **state)
{
	static const struct {
		const char *target, *log;
	} rows[] = {
		{ "/v1/bdbs/7/actions/backup_reset_status",
		  "answer 1: 307 whole words() where() why()\n" },
		{ THERE, "answer 1: 307 whole words() where(127.0.0.1) why()\n" },
		{ "https://127.0.0.1:%/v1/bdbs/7/actions/backup_reset_status",
		  "answer 1: 307 whole words() where(127.0.0.1) why()\n" },
		{ "http://bob:hunter2@127.0.0.1:%/v1/bdbs/7/actions/backup_reset_status",
		  "answer 1: 307 whole words() where(127.0.0.1) why()\n" },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		struct rest_fixture *fix = plain_servers(2, 1);

		fix->ops->pause(fix->rest, true, fix->now);
		redirect(fix->servers[0], "PUT ", 0, rows[i].target, port(fix, 1));
		assert_int_equal(put_seven(fix, 1, OP_BACKUP), 0);
		until(fix, "answer");
		assert_log(fix, rows[i].log);
		assert_int_equal(faults_count(fix->servers[1]), 0);
		rest_fixture_free(fix);
	}
}

static void sends_no_reset_to_the_next_address(void **state)
{
	struct rest_fixture *fix = plain_servers(2, 2);

	fix->ops->pause(fix->rest, true, fix->now);
	reply_of(fix->servers[0], "PUT ", 0, 503, "");
	reply_of(fix->servers[1], "", 0, 200, "");
	assert_int_equal(put_seven(fix, 1, OP_BACKUP), 0);
	until(fix, "answer 1: 503");
	assert_int_equal(faults_count(fix->servers[0]), 1);
	assert_int_equal(faults_count(fix->servers[1]), 0);
	rest_fixture_free(fix);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(asks_the_next_address_when_one_does_not_answer),
		cmocka_unit_test(asks_the_next_address_when_one_is_silent),
		cmocka_unit_test(asks_the_next_address_when_nobody_listens),
		cmocka_unit_test(says_that_none_of_them_answers_after_each_was_asked_once),
		cmocka_unit_test(follows_a_redirect_and_stays_there),
		cmocka_unit_test(goes_back_when_the_kept_target_fails_or_redirects),
		cmocka_unit_test(refuses_a_redirect_that_leads_nowhere_good),
		cmocka_unit_test(refuses_to_run_in_a_circle),
		cmocka_unit_test(follows_twice_and_no_more),
		cmocka_unit_test(follows_no_other_redirect_than_a_307),
		cmocka_unit_test(follows_to_a_number_outside_the_certificate),
		cmocka_unit_test(sends_nothing_to_a_target_that_does_not_pass),
		cmocka_unit_test(sends_one_log_in_to_a_target_that_refuses_it),
		cmocka_unit_test(follows_a_reset_only_after_a_new_read_there),
		cmocka_unit_test(follows_no_reset_that_is_not_understood),
		cmocka_unit_test(sends_no_reset_to_the_next_address),
	};

	return tap_run(tests);
}
