#include "sim/script.h"

#include "tests/sim/sim_fixture.h"

struct script_fixture {
	struct sim_api *api;
	struct sim_clock clock;
	struct sim_script *script;
	struct sim_buffer output;
	int cuts;
	struct sim_handshake certificate;	/* the last request for a change */
	bool no_certificate;
};

static void on_output(void *arg, const char *text, size_t length)
{
	struct script_fixture *s = arg;

	sim_buffer_add(&s->output, text, length);
}

static size_t on_cut(void *arg)
{
	struct script_fixture *s = arg;

	s->cuts++;
	return 3;
}

static int on_certificate(void *arg, const struct sim_handshake *change,
			  char pin[SIM_CERT_PIN_SIZE], struct err *err)
{
	struct script_fixture *s = arg;

	s->certificate = *change;
	strcpy(pin, "sha256//PIN=");
	if (s->no_certificate)
		err_set(err, ERR_FINAL, "No.");
	return s->no_certificate ? -1 : 0;
}

static struct script_fixture *script_fixture_open(void)
{
	struct script_fixture *s = calloc(1, sizeof(*s));
	const struct sim_program program = { &s->clock, on_cut, on_certificate, on_output, s };

	s->api = fixture_api("{\"users\":[{\"name\":\"me\",\"role\":\"admin\","
			     "\"password\":\"pw\"}],\"databases\":[{\"uid\":12,"
			     "\"name\":\"orders\",\"backup_status\":\"failed\"}]}");
	sim_clock_start_manual(&s->clock, FIXTURE_NOW_MS);
	s->script = sim_script_new(s->api, &program);
	return s;
}

static void script_fixture_close(struct script_fixture *s)
{
	sim_script_free(s->script);
	sim_api_free(s->api);
	sim_buffer_release(&s->output);
	free(s);
}

/* Check the output for this input. */
static void says(struct script_fixture *s, const char *input, const char *output)
{
	sim_buffer_release(&s->output);
	sim_script_add_input(s->script, input, strlen(input));
	assert_string_equal(s->output.data ? s->output.data : "", output);
}

static unsigned send_as(struct script_fixture *s, const char *password, const char *method,
			const char *path)
{
	const struct sim_request request = { .method = method, .target = path, .user = "me",
					     .password = password, .connection = 1 };
	struct sim_reply reply;

	sim_api_answer(s->api, &request, sim_clock_now(&s->clock), &reply);
	sim_reply_release(&reply);
	return reply.status;
}

static unsigned send_request(struct script_fixture *s, const char *method, const char *path)
{
	return send_as(s, "pw", method, path);
}

static void only_lines_advance_the_time(void **state)
{
	struct script_fixture *s = script_fixture_open();

	says(s, "time\n", "ok 2026-11-21T20:14:05Z\n");
	says(s, "advance 60s\nadvance 250ms\n", "ok 2026-11-21T20:15:05Z\n"
						 "ok 2026-11-21T20:15:05.250Z\n");
	assert_int_equal(sim_clock_now(&s->clock), FIXTURE_S(60) + 250);
	assert_int_equal(s->api->cluster->now_ms, FIXTURE_S(60) + 250);
	says(s, "advance soon\n",
	     "error Usage: advance DURATION, as in \"advance 60s\".\n");
	script_fixture_close(s);
}

static void every_line_gets_a_reply_however_it_is_split(void **state)
{
	struct script_fixture *s = script_fixture_open();

	says(s, "set 12 na", "");
	says(s, "me=\"a\"\r\nset 13 name=\"b\"\n\n# words\ndan",
	     "ok\nerror Database 13 does not exist.\nok\nok\n");
	says(s, "ce\n",
	     "error unknown command \"dance\" (see bdbtop-sim(1)).\n");
	assert_written(s->api->cluster, 12, "name", "{\"name\":\"a\"}");
	script_fixture_close(s);
}

static void adds_answers_delays_and_cuts(void **state)
{
	struct script_fixture *s = script_fixture_open();

	says(s, "answer times 2 PUT /v1/bdbs/12 409 {\"description\": \"busy\"}\n"
		"answer GET /v1/bdbs$ 503\ndelay /v1/modules 2s\ndelay times 1 GET /v1/nodes 2s\n"
		"cut PUT /v1/bdbs 10\ncut\n", "ok\nok\nok\nok\nok\nok 3\n");
	assert_int_equal(s->cuts, 1);
	assert_int_equal(send_request(s, "PUT", "/v1/bdbs/12/actions/backup_reset_status"), 409);
	assert_int_equal(send_request(s, "PUT", "/v1/bdbs/12/actions/backup_reset_status"), 409);
	assert_int_equal(send_request(s, "PUT", "/v1/bdbs/12/actions/backup_reset_status"), 200);
	assert_int_equal(send_request(s, "GET", "/v1/bdbs"), 503);
	assert_int_equal(send_request(s, "GET", "/v1/bdbs/12"), 200);
	says(s, "forget\n", "ok\n");
	assert_int_equal(send_request(s, "GET", "/v1/bdbs"), 200);
	says(s, "answer PUT v1 409\ncut times 0 PUT /\ndelay /v1\n",
	     "error Usage: answer [times N] METHOD /PREFIX STATUS [allow=METHODS] "
	     "[retry-after=S|retry-date=S] [BODY].\nerror Usage: cut, or cut [times N] METHOD "
	     "/PREFIX [BYTES].\nerror Usage: delay [times N] [METHOD] /PREFIX DURATION.\n");
	script_fixture_close(s);
}

static void redirects_and_changes_roles(void **state)
{
	struct script_fixture *s = script_fixture_open();

	says(s, "redirect https://10.0.0.3:9443\n", "ok\n");
	assert_int_equal(send_request(s, "GET", "/v1/bdbs"), 307);
	says(s, "redirect off\nrole me db_viewer\n", "ok\nok\n");
	assert_int_equal(send_request(s, "PUT", "/v1/bdbs/12/actions/backup_reset_status"), 403);
	says(s, "role you admin\nrole me king\nredirect 10.0.0.3\n",
	     "error This user does not exist.\nerror Usage: role USER ROLE, with a role of the "
	     "API.\nerror Usage: redirect https://HOST:PORT, or redirect off.\n");
	script_fixture_close(s);
}

static void changes_a_password_and_locks(void **state)
{
	struct script_fixture *s = script_fixture_open();

	says(s, "password me n w\n", "ok\n");
	assert_int_equal(send_as(s, "pw", "GET", "/v1/bdbs"), 401);
	assert_int_equal(send_as(s, "n w", "GET", "/v1/bdbs"), 200);
	says(s, "lock me\n", "ok\n");
	assert_int_equal(send_as(s, "n w", "GET", "/v1/bdbs"), 401);
	says(s, "advance 30m\n", "ok 2026-11-21T20:44:05Z\n");
	assert_int_equal(send_as(s, "n w", "GET", "/v1/bdbs"), 200);
	says(s, "password you x\nlock you\npassword me\nlock\n",
	     "error This user does not exist.\nerror This user does not exist.\nerror Usage: "
	     "password USER NEW.\nerror Usage: lock USER.\n");
	script_fixture_close(s);
}

static void replaces_the_certificate(void **state)
{
	static const char form[] =
		"error Usage: certificate, or certificate new-key|same-key "
		"[expired|not-yet|other-name|ip-only|wildcard].\n";
	struct script_fixture *s = script_fixture_open();

	says(s, "certificate\n", "ok sha256//PIN=\n");
	assert_false(s->certificate.renew);
	assert_int_equal(s->certificate.tls, SIM_TLS_COUNT);
	says(s, "certificate new-key\n", "ok sha256//PIN=\n");
	assert_true(s->certificate.renew && !s->certificate.same_key);
	assert_int_equal(s->certificate.shape, SIM_CERT_GOOD);
	says(s, "certificate same-key not-yet\n", "ok sha256//PIN=\n");
	assert_true(s->certificate.renew && s->certificate.same_key);
	assert_int_equal(s->certificate.shape, SIM_CERT_NOT_YET);
	assert_int_equal(s->certificate.tls, SIM_TLS_COUNT);
	says(s, "tls 1.3\n", "ok sha256//PIN=\n");
	assert_false(s->certificate.renew);
	assert_int_equal(s->certificate.tls, SIM_TLS_1_3);
	says(s, "certificate other-key\n", form);
	says(s, "certificate new-key better\n", form);
	says(s, "certificate new-key expired now\n", form);
	says(s, "tls 1.1\n", "error Usage: tls 1.2|1.3|any.\n");
	s->no_certificate = true;
	says(s, "tls any\n", "error No.\n");
	script_fixture_close(s);
}

static void skew_changes_only_the_header_date(void **state)
{
	struct script_fixture *s = script_fixture_open();

	says(s, "skew 2m10s\ntime\n", "ok\nok 2026-11-21T20:14:05Z\n");
	assert_int_equal(s->api->skew_ms[0], 130000);
	says(s, "skew -90s\n", "ok\n");
	assert_int_equal(s->api->skew_ms[0], -90000);
	assert_int_equal(s->api->node_clocks, 1);
	says(s, "skew 0s 3h -2m\n", "ok\n");
	assert_int_equal(s->api->node_clocks, 3);
	assert_int_equal(s->api->skew_ms[1], 10800000);
	assert_int_equal(s->api->skew_ms[2], -120000);
	says(s, "skew\nskew 1s 1s 1s 1s 1s\n",
	     "error Usage: skew [-]DURATION for up to four nodes, as in \"skew -90s\" or \"skew "
	     "0s 3h\".\nerror Usage: skew [-]DURATION for up to four nodes, as in \"skew -90s\" "
	     "or \"skew 0s 3h\".\n");
	assert_int_equal(s->api->node_clocks, 3);
	script_fixture_close(s);
}

static void prints_and_clears_the_log(void **state)
{
	struct script_fixture *s = script_fixture_open();

	send_request(s, "GET", "/v1/bdbs");
	send_request(s, "PUT", "/v1/bdbs/99/actions/backup_reset_status");
	says(s, "log PUT\nlog GET /v1/bdbs/99\n",
	     "request 2 2026-11-21T20:14:05.000Z connection 1 PUT "
	     "/v1/bdbs/99/actions/backup_reset_status 404 credentials body 0 in-flight 0\n"
	     "ok 1\nok 0\n");
	says(s, "log clear\nlog\n", "ok\nok 0\n");
	script_fixture_close(s);
}

static void an_await_delays_the_lines_after_it(void **state)
{
	struct script_fixture *s = script_fixture_open();

	says(s, "await GET /v1/bdbs 2\ntime\n", "");
	send_request(s, "GET", "/v1/bdbs");
	sim_script_continue(s->script);
	assert_int_equal(s->output.length, 0);
	send_request(s, "GET", "/v1/bdbs/12");
	sim_script_continue(s->script);
	assert_string_equal(s->output.data, "ok 2\nok 2026-11-21T20:14:05Z\n");
	says(s, "await GET /v1/bdbs\nawait GET /v1/bdbs 2\ntime\n",
	     "ok 2\nok 2\nok 2026-11-21T20:14:05Z\n");
	script_fixture_close(s);
}

static void a_line_that_is_too_long_is_discarded(void **state)
{
	struct script_fixture *s = script_fixture_open();
	char *long_line = malloc((1 << 20) + 2);

	memset(long_line, 'x', (1 << 20) + 1);
	long_line[(1 << 20) + 1] = '\0';
	says(s, long_line, "");
	says(s, "yyy\ntime\n", "error The line is longer than 1 MiB.\nok 2026-11-21T20:14:05Z\n");
	free(long_line);
	script_fixture_close(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_lines_advance_the_time),
		cmocka_unit_test(every_line_gets_a_reply_however_it_is_split),
		cmocka_unit_test(adds_answers_delays_and_cuts),
		cmocka_unit_test(redirects_and_changes_roles),
		cmocka_unit_test(changes_a_password_and_locks),
		cmocka_unit_test(replaces_the_certificate),
		cmocka_unit_test(skew_changes_only_the_header_date),
		cmocka_unit_test(prints_and_clears_the_log),
		cmocka_unit_test(an_await_delays_the_lines_after_it),
		cmocka_unit_test(a_line_that_is_too_long_is_discarded),
	};

	return tap_run(tests);
}
