#include "sim/buffer.h"

#include "tests/tap.h"

static void writes_json(void **state)
{
	struct sim_buffer b = SIM_BUFFER_INIT;

	sim_json_open(&b, NULL, '{');
	sim_json_number(&b, "least", INT64_MIN);
	sim_json_open(&b, "list", '[');
	sim_json_number(&b, NULL, 0);
	sim_json_tenths(&b, NULL, 614);
	sim_json_tenths(&b, NULL, 0);
	sim_json_close(&b, ']');
	sim_json_boolean(&b, "true", true);
	sim_json_time(&b, "time", 1795292045);
	sim_json_raw(&b, "raw", "{}");
	sim_json_close(&b, '}');
	assert_string_equal(b.data, "{\"least\":-9223372036854775808,\"list\":[0,61.4,0.0],"
				    "\"true\":true,\"time\":\"2026-11-21T20:14:05Z\","
				    "\"raw\":{}}");
	sim_buffer_release(&b);
}

static void escapes_only_what_json_requires(void **state)
{
	struct sim_buffer b = SIM_BUFFER_INIT;

	sim_json_string(&b, NULL, "evil\033[2J \"quoted\" \\ \xff\xc3\xa9\n");
	assert_string_equal(b.data, "\"evil\\u001b[2J \\\"quoted\\\" \\\\ \xff\xc3\xa9\\u000a\"");
	sim_buffer_release(&b);
}

static void detach_transfers_the_contents(void **state)
{
	struct sim_buffer b = SIM_BUFFER_INIT;
	char *empty, *full;
	int i;

	empty = sim_buffer_detach(&b);
	assert_string_equal(empty, "");
	for (i = 0; i < 1000; i++)
		sim_buffer_print(&b, "%03d", i);
	full = sim_buffer_detach(&b);
	assert_int_equal(strlen(full), 3000);
	assert_memory_equal(full + 2997, "999", 3);
	assert_null(b.data);
	assert_int_equal(b.length, 0);
	free(empty);
	free(full);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(writes_json),
		cmocka_unit_test(escapes_only_what_json_requires),
		cmocka_unit_test(detach_transfers_the_contents),
	};

	return tap_run(tests);
}
