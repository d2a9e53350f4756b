/*
 * Scenarios of bdbtop-sim, and its lines.
 */
#include "tests/fuzz/fuzz.h"

#include "bdbtop/sim/api.h"

#define START_MS INT64_C(1795292045000)
#define USER	 "admin@demo.example"

static void check_reply(struct sim_api *api, const char *target, int64_t now_ms)
{
	const struct sim_request request = { .method = "GET",
					     .target = target,
					     .user = USER,
					     .password = "pw",
					     .connection = 1,
					     .in_flight = 1 };
	struct sim_reply reply;

	sim_api_answer(api, &request, now_ms, &reply);
	FUZZ_CHECK(reply.body && !reply.body[reply.length]);
	FUZZ_CHECK(reply.send_at_ms >= now_ms);
	sim_reply_release(&reply);
}

/* The first line may be a scenario; those after it are lines of a script. */
int fuzz_scenario(const uint8_t *bytes, size_t length)
{
	const struct sim_setup setup = { .seed = 1, .databases = 20, .start_ms = START_MS };
	char *text = fuzz_text(bytes, length), *rest = text, *line = strsep(&rest, "\n");
	struct err err = { .text = "" };
	struct sim_api *api = sim_api_new(&setup, line, "fuzz", &err);
	int lines = 0;

	if (!api) {
		FUZZ_CHECK(*err.text);
		fuzz_check_safe(err.text, sizeof(err.text));
		api = sim_api_new(&setup,
				  "{\"users\":[{\"name\":\"" USER "\",\"role\":\"admin\"}]}",
				  "empty", &err);
		FUZZ_CHECK(api);
	}
	sim_api_run_line(api, "password " USER " pw", START_MS, &err);
	while (rest && lines++ < 16) {
		line = strsep(&rest, "\n");
		err.text[0] = '\0';
		if (sim_api_run_line(api, line, START_MS + lines * 1000, &err) < 0) {
			FUZZ_CHECK(*err.text);
			fuzz_check_safe(err.text, sizeof(err.text));
		}
	}
	check_reply(api, "/v1/bdbs?fields=uid,name", START_MS + 20000);
	check_reply(api, "/v1/bdbs?fields=uid,name,backup_status,backup_progress",
		    START_MS + 90000);
	check_reply(api, "/v1/logs?limit=20", START_MS + 90000);
	check_reply(api, "/v2/actions", START_MS + 90000);
	sim_api_free(api);
	free(text);
	return 0;
}
