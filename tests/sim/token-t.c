/*
 * Log-ins beside user and password: tokens, which of them the cluster accepts, client certificates.
 */
#include "bdbtop/sim/api.h"

#include "tests/sim/sim_fixture.h"

static const char cluster_json[] =
	"{\"users\":[{\"name\":\"me\",\"role\":\"admin\",\"password\":\"pw\"}],"
	"\"databases\":[{\"uid\":12}]}";

#define AUTHORIZE "/v1/users/authorize"
#define REFRESH	  "/v1/users/refresh_jwt"
#define LIST	  "/v1/bdbs?fields=uid"

/* Moves the token of the last reply to the request, in place of user and password. */
static void use_token(struct api_fixture *d, char token[SIM_TOKEN_SIZE])
{
	assert_int_equal(sscanf(d->reply.body, "{\"access_token\":\"%255[^\"]\"}", token), 1);
	d->request.user = d->request.password = NULL;
	d->request.token = token;
}

static void use_password(struct api_fixture *d)
{
	d->request.user = "me";
	d->request.password = "pw";
	d->request.token = NULL;
}

static void say(struct api_fixture *d, const char *line)
{
	fixture_run_line(d->api, line, d->now_ms);
}

static unsigned post(struct api_fixture *d, const char *path, const char *body)
{
	unsigned status;

	d->request.body = body;
	status = fixture_send(d, "POST", path);
	d->request.body = NULL;
	return status;
}

static void a_token_is_issued_for_a_log_in_and_good_until_it_expires(void **state)
{
	struct api_fixture *d = api_fixture_open(cluster_json);
	char token[SIM_TOKEN_SIZE];

	assert_int_equal(post(d, AUTHORIZE, "{\"ttl\":60}"), 200);
	/* {"iat":1795292045,"uid":"1","exp":1795292105} */
	assert_non_null(strstr(d->reply.body, ".eyJpYXQiOjE3OTUyOTIwNDUsInVpZCI6IjEiLCJleHAiOjE3OTU"
					      "yOTIxMDV9.1-"));
	use_token(d, token);
	d->now_ms += 59999;
	assert_int_equal(fixture_send(d, "GET", LIST), 200);
	d->now_ms += 1;
	assert_int_equal(fixture_send(d, "GET", LIST), 401);
	assert_int_equal(post(d, REFRESH, NULL), 401);
	api_fixture_close(d);
}

static void a_token_can_be_renewed_a_password_cannot(void **state)
{
	struct api_fixture *d = api_fixture_open(cluster_json);
	char first[SIM_TOKEN_SIZE], second[SIM_TOKEN_SIZE];

	assert_int_equal(post(d, REFRESH, NULL), 401);
	assert_int_equal(post(d, AUTHORIZE, ""), 200);
	use_token(d, first);
	d->now_ms += 200000;
	assert_int_equal(post(d, REFRESH, NULL), 200);
	use_token(d, second);
	assert_string_not_equal(first, second);
	d->now_ms += 299999;
	assert_int_equal(fixture_send(d, "GET", LIST), 200);
	d->request.token = first;
	assert_int_equal(fixture_send(d, "GET", LIST), 401);
	api_fixture_close(d);
}

static void the_body_holds_a_lifetime_and_nothing_else(void **state)
{
	static const char *const wrong[] = { "{\"ttl\":0}",
					     "{\"ttl\":86401}",
					     "[]",
					     "x",
					     "{\"username\":\"me\",\"password\":\"pw\"}",
					     "{\"ttl\":60,\"password\":\"pw\"}" };
	struct api_fixture *d = api_fixture_open(cluster_json);
	size_t i;

	for (i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
		assert_int_equal(post(d, AUTHORIZE, wrong[i]), 400);
	assert_int_equal(post(d, AUTHORIZE, "{}"), 200);
	assert_int_equal(fixture_send(d, "GET", AUTHORIZE), 405);
	api_fixture_close(d);
}

static void basic_can_be_switched_off(void **state)
{
	static const struct {
		const char *line;
		unsigned basic, authorize, certificate;
	} rows[] = {
		{ "auth basic", 200, 200, 401 },
		{ "auth token", 401, 200, 401 },
		{ "auth certificate", 401, 401, 200 },
	};
	struct api_fixture *d = api_fixture_open(cluster_json);
	char token[SIM_TOKEN_SIZE];
	size_t i, k;

	assert_int_equal(post(d, AUTHORIZE, NULL), 200);
	use_token(d, token);
	for (i = 0; i < 3; i++) {
		say(d, rows[i].line);
		/* a token is good in any case, and no refusal counts towards a lock */
		d->request.token = token;
		assert_int_equal(fixture_send(d, "GET", LIST), 200);
		use_password(d);
		for (k = 0; k < 6; k++) {
			assert_int_equal(fixture_send(d, "GET", LIST), rows[i].basic);
			assert_int_equal(post(d, AUTHORIZE, NULL), rows[i].authorize);
		}
		d->request.user = d->request.password = NULL;
		d->request.certificate = true;
		assert_int_equal(fixture_send(d, "GET", LIST), rows[i].certificate);
		d->request.certificate = false;
	}
	api_fixture_close(d);
}

static void a_wrong_password_for_a_token_counts_towards_the_lock(void **state)
{
	struct api_fixture *d = api_fixture_open(cluster_json);
	int i;

	say(d, "auth token");
	d->request.password = "no";
	for (i = 0; i < 5; i++)
		assert_int_equal(post(d, AUTHORIZE, NULL), 401);
	use_password(d);
	assert_int_equal(post(d, AUTHORIZE, NULL), 401);
	api_fixture_close(d);
}

static void lines_end_tokens_and_limit_them(void **state)
{
	struct api_fixture *d = api_fixture_open(cluster_json);
	char token[SIM_TOKEN_SIZE];

	say(d, "token life 20s");
	assert_int_equal(post(d, AUTHORIZE, "{\"ttl\":300}"), 200);
	use_token(d, token);
	d->now_ms += 19999;
	assert_int_equal(fixture_send(d, "GET", LIST), 200);
	say(d, "token scheme bearer");
	assert_int_equal(fixture_send(d, "GET", LIST), 401);
	d->request.token_as_bearer = true;
	assert_int_equal(fixture_send(d, "GET", LIST), 200);
	say(d, "token scheme jwt");
	assert_int_equal(fixture_send(d, "GET", LIST), 401);
	say(d, "token scheme any");
	assert_int_equal(fixture_send(d, "GET", LIST), 200);
	say(d, "token expire");
	assert_int_equal(fixture_send(d, "GET", LIST), 401);
	assert_int_equal(sim_api_run_line(d->api, "token life", d->now_ms, NULL), -1);
	assert_int_equal(sim_api_run_line(d->api, "auth none", d->now_ms, NULL), -1);
	api_fixture_close(d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_token_is_issued_for_a_log_in_and_good_until_it_expires),
		cmocka_unit_test(a_token_can_be_renewed_a_password_cannot),
		cmocka_unit_test(the_body_holds_a_lifetime_and_nothing_else),
		cmocka_unit_test(basic_can_be_switched_off),
		cmocka_unit_test(a_wrong_password_for_a_token_counts_towards_the_lock),
		cmocka_unit_test(lines_end_tokens_and_limit_them),
	};

	return tap_run(tests);
}
