#include "bdbtop/json/redisctl_list.h"

#include "bdbtop/core/array.h"
#include "tests/json/mutate.h"
#include "tests/tap.h"

/* As release 0.10.1 prints it. */
static const char printed[] =
	"{\n"
	"  \"config_path\": \"/home/ann/.config/redisctl/config.toml\",\n"
	"  \"count\": 3,\n"
	"  \"profiles\": [\n"
	"    {\"api_url\": \"https://api.redislabs.com/v1\", \"deployment_type\": \"cloud\",\n"
	"     \"is_default_cloud\": true, \"is_default_enterprise\": false, \"name\": \"cloud\"},\n"
	"    {\"ca_cert\": \"/etc/prod.pem\", \"deployment_type\": \"enterprise\",\n"
	"     \"insecure\": true, \"is_default_cloud\": false, \"is_default_enterprise\": true,\n"
	"     \"name\": \"prod\", \"tags\": [\"prod\", \"us-east\"],\n"
	"     \"url\": \"https://prod.example:9443\", \"username\": \"admin\"},\n"
	"    {\"database\": 0, \"deployment_type\": \"database\", \"host\": \"cache.example\",\n"
	"     \"is_default_cloud\": false, \"is_default_enterprise\": false, \"name\": \"cache\",\n"
	"     \"port\": 12345, \"tls\": true, \"username\": \"default\"}\n"
	"  ]\n"
	"}\n";

static void the_profiles_are_read(void **state)
{
	struct redisctl_list *list = redisctl_list_read(printed, sizeof(printed) - 1);
	const struct redisctl_profile *profiles;
	size_t count;

	assert_non_null(list);
	assert_string_equal(redisctl_list_path(list), "/home/ann/.config/redisctl/config.toml");
	profiles = redisctl_list_profiles(list, &count);
	assert_int_equal(count, 3);
	assert_string_equal(profiles[0].name, "cloud");
	assert_int_equal(profiles[0].kind, REDISCTL_CLOUD);
	assert_null(profiles[0].tags);
	assert_string_equal(profiles[1].name, "prod");
	assert_int_equal(profiles[1].kind, REDISCTL_ENTERPRISE);
	assert_string_equal(profiles[1].url, "https://prod.example:9443");
	assert_string_equal(profiles[1].user, "admin");
	assert_string_equal(profiles[1].cacert, "/etc/prod.pem");
	assert_string_equal(profiles[1].tags, "prod, us-east");
	assert_true(profiles[1].insecure);
	assert_true(profiles[1].is_default);
	assert_null(profiles[1].password);
	assert_int_equal(profiles[1].line, 0);
	assert_int_equal(profiles[2].kind, REDISCTL_DATABASE);
	assert_false(profiles[0].insecure || profiles[0].is_default || profiles[2].is_default);
	redisctl_list_free(list);
}

static void another_form_is_refused(void **state)
{
	static const char *const others[] = {
		"",
		"null",
		"No profiles configured.\n",
		"NAME            TYPE         DETAILS\n",
		"{\"profiles\": {}}",
		"{\"profiles\": [1]}",
		"{\"profiles\": [{\"deployment_type\": \"cloud\"}]}",
		"{\"profiles\": [{\"name\": \"a\", \"deployment_type\": \"enterprise\"}]}",
		/* release 0.1 */
		"[{\"name\": \"a\", \"deployment_type\": \"Enterprise\", \"is_default\": true}]",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(others); i++)
		if (redisctl_list_read(others[i], strlen(others[i])))
			fail_msg("%s", others[i]);
}

static void a_damaged_list_is_read_or_refused(void **state)
{
	char body[sizeof(printed) + 16 * MUTATE_MORE];
	uint32_t seed = 4711;
	size_t length;
	int i;

	for (length = 0; length < sizeof(printed) - 2; length++)
		assert_null(redisctl_list_read(printed, length));
	for (i = 0; i < 3000; i++) {
		memcpy(body, printed, sizeof(printed));
		length = mutate(body, sizeof(printed) - 1, &seed);
		redisctl_list_free(redisctl_list_read(body, length));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_profiles_are_read),
		cmocka_unit_test(another_form_is_refused),
		cmocka_unit_test(a_damaged_list_is_read_or_refused),
	};

	return tap_run(tests);
}
