/*
 * Rules for data of every topic: splits into reads make no difference, an incomplete reply is
 * rejected, and no input does harm.
 */
#include <inttypes.h>

#include "bdbtop/json/data_formats.h"
#include "tests/json/data_fixture.h"
#include "tests/json/mutate.h"

/* A reply in each format. */
static const struct data_kind {
	const struct data_format *format;
	const char *body;
} kinds[] = {
	{ &event_format, " [{\"time\":\"2014-08-29T11:19:49Z\",\"type\":\"bdb_backup_failed\","
			 "\"severity\":\"ERROR\",\"bdb_uid\":\"1\",\"description\":\"a\\\"]}\"},"
			 "{\"time\":1409311190,\"type\":\"x\",\"bdb_uid\":2},null]\n" },
	{ &alert_format,
	  "{ \"1\" : {\"bdb_size\":{\"enabled\":true,\"state\":true,\"threshold\":80,"
	  "\"change_time\":\"2014-08-29T11:19:49Z\",\"severity\":\"W\\u00e9\"}},\n"
	  "\"2\":{},\"x\\\":\":7}" },
	{ &action_format,
	  "[{\"action_uid\":\"1\",\"name\":\"backup\",\"progress\":\"42\",\"status\":"
	  "\"running\",\"additional_info\":{\"object_type\":\"bdb\",\"object_uid\":"
	  "\"7\",\"pending_ops\":{\"3\":{\"heartbeat\":5,\"op_name\":\"o\"}}}},{}]" },
	{ &action_format, "{\"actions\":[{\"name\":\"a\"}],\"state-machines\":[{\"name\":\"b\","
			  "\"object_name\":\"bdb:7\",\"pending_ops\":{}}]}" },
	{ &shard_format, "[{\"uid\":\"1\",\"bdb_uid\":7,\"role\":\"master\",\"backup\":{\"status\":"
			 "\"exporting\",\"progress\":42.5}},{\"uid\":2}]" },
	{ &bdb_info_format, "[{\"uid\":7,\"module_list\":[{\"module_name\":\"search\"}],\"tags\":"
			    "[{\"key\":\"env\",\"value\":\"prod\"}]},{\"uid\":8}]" },
	{ &bdb_info_one_format, "{\"uid\":7,\"version\":\"8.0.0\",\"redis_version\":8.0,"
				"\"shards_count\":\"4\",\"memory_size\":8589934592.0,"
				"\"module_list\":[{\"module_name\":\"search\"}]}\n" },
	{ &node_format, "[{\"uid\":1,\"addr\":\"10.0.0.1\",\"status\":\"active\","
			"\"software_version\":\"8.0.2-17\"},{\"uid\":\"2\"},null]" },
};

/* All strings and numbers of the data, or the error. */
struct written_data {
	char text[4096];
	size_t length;
};

static void put(struct written_data *w, const char *text)
{
	w->length +=
		(size_t)snprintf(w->text + w->length, sizeof(w->text) - w->length, "%s/", text);
	if (w->length >= sizeof(w->text))
		w->length = sizeof(w->text) - 1;
}

static void add_number(struct written_data *w, double number)
{
	char text[40];

	snprintf(text, sizeof(text), "%.6g", number);
	put(w, text);
}

static void add_strings(struct written_data *w, const char *const *words, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		put(w, words[i]);
}

static void add_list(struct written_data *w, const char *list)
{
	for (; *list; list = bdb_info_next(list))
		put(w, list);
}

static void add_action(struct written_data *w, const struct action *action)
{
	size_t i;

	add_strings(w,
		    (const char *const[]){ action->id, action->name, action->type, action->status },
		    4);
	add_number(w, (double)action->uid);
	add_number(w, action->percent);
	for (i = 0; i < action->op_count; i++) {
		add_number(w, (double)action->ops[i].shard);
		add_number(w, (double)action->ops[i].heartbeat_s);
		add_number(w, action->ops[i].percent);
	}
}

static void add_shard(struct written_data *w, const struct shard *shard)
{
	add_number(w, (double)shard->uid);
	add_number(w, (double)shard->bdb);
	add_number(w, shard->backup_percent);
	add_number(w, shard->loading_percent);
	put(w, shard->status);
}

static void write_data(struct written_data *w, const struct data_result *result)
{
	const struct cluster_data *data = result->data;
	size_t i;

	w->length = 0;
	if (!data) {
		put(w, result->err.text);
		return;
	}
	add_number(w, (double)data->unreadable);
	for (i = 0; i < data->event_count; i++) {
		add_number(w, (double)data->events[i].time_s);
		add_number(w, (double)data->events[i].uid);
		add_strings(w,
			    (const char *const[]){ data->events[i].type, data->events[i].severity,
						   data->events[i].text },
			    3);
	}
	for (i = 0; i < data->alert_count; i++) {
		add_number(w, (double)data->alerts[i].uid);
		add_strings(w,
			    (const char *const[]){ data->alerts[i].name, data->alerts[i].threshold,
						   data->alerts[i].severity },
			    3);
	}
	for (i = 0; i < data->action_count; i++)
		add_action(w, &data->actions[i]);
	for (i = 0; i < data->shard_count; i++)
		add_shard(w, &data->shards[i]);
	for (i = 0; i < data->bdb_info_count; i++) {
		add_list(w, data->bdb_infos[i].modules);
		add_list(w, data->bdb_infos[i].tags);
		add_number(w, (double)data->bdb_infos[i].shards_count);
		add_number(w, (double)data->bdb_infos[i].memory_size);
		put(w, data->bdb_infos[i].version);
		put(w, data->bdb_infos[i].redis_version);
	}
	for (i = 0; i < data->node_count; i++) {
		add_number(w, (double)data->nodes[i].uid);
		put(w, data->nodes[i].version);
	}
}

static bool read_written(struct written_data *w, const struct data_format *form, const char *bytes,
			 size_t length, size_t step)
{
	struct data_request request = { .format = form, .step = step };
	struct data_result result;
	bool whole;

	read_bytes(&result, &request, bytes, length);
	write_data(w, &result);
	whole = result.data != NULL;
	end_data(&result);
	return whole;
}

static void every_truncation_is_refused(void **state)
{
	struct written_data w;
	size_t i, at;

	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		size_t length = strlen(kinds[i].body);

		while (strchr(" \n", kinds[i].body[length - 1]))
			length--;
		for (at = 0; at < length; at++)
			assert_false(read_written(&w, kinds[i].format, kinds[i].body, at, 0));
	}
}

static void an_answer_of_another_kind_gives_no_data_of_this_one(void **state)
{
	size_t i, j;

	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		for (j = 0; j < ARRAY_SIZE(kinds); j++) {
			struct data_request request = { .format = kinds[i].format };
			struct data_result result;

			if (kinds[i].format == kinds[j].format)
				continue;
			/* the elements of both have a uid, so they cannot be told apart */
			if (kinds[j].body[strspn(kinds[j].body, " ")] == '[' &&
			    (kinds[i].format == &shard_format ||
			     kinds[i].format == &bdb_info_format))
				continue;
			read_bytes(&result, &request, kinds[j].body, strlen(kinds[j].body));
			if (result.data && result.data->event_count + result.data->alert_count +
						   result.data->action_count)
				fail_msg("%s", kinds[j].body);
			end_data(&result);
		}
	}
}

static void data_of_one_kind_fill_no_array_of_another(void **state)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		struct data_result result;
		const struct cluster_data *f =
			read_data(&result, kinds[i].format, 0, kinds[i].body);
		int filled = !!f->events + !!f->alerts + !!f->actions + !!f->shards +
			     !!f->bdb_infos + !!f->nodes;

		assert_int_equal(filled, 1);
		assert_int_equal(!!f->event_count + !!f->alert_count + !!f->action_count +
					 !!f->shard_count + !!f->bdb_info_count + !!f->node_count,
				 1);
		end_data(&result);
	}
}

static size_t count_of(const struct cluster_data *data)
{
	return data->event_count + data->alert_count + data->action_count + data->shard_count +
	       data->bdb_info_count + data->node_count;
}

/* Replaces the `@` in a reply by this many letters. */
static const char *reply_with(char body[1000], const char *reply, size_t letters)
{
	size_t before = strcspn(reply, "@");

	assert_in_range(strlen(reply) + letters, letters, 999);
	memcpy(body, reply, before);
	memset(body + before, 'x', letters);
	strcpy(body + before + letters, reply + before + 1);
	return body;
}

static void a_long_description_loses_its_end_between_characters(void **state)
{
	static const char reply[] = "[{\"time\":5,\"type\":\"x\",\"description\":\"@éyz\"}]";
	static const struct {
		size_t letters; /* before the rest of 4 bytes */
		const char *end;
	} rows[] = { { 507, "xéyz" }, { 508, "xxx…" }, { 507 + 300, "xxx…" } };
	struct data_result result;
	char body[1000];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		const char *text;

		reply_with(body, reply, rows[i].letters);
		text = read_data(&result, &event_format, 0, body)->events->text;
		assert_int_equal(strlen(text), 511);
		assert_string_equal(text + 511 - strlen(rows[i].end), rows[i].end);
		end_data(&result);
	}
	/* the character would have one byte before the cut */
	read_data(
		&result, &event_format, 0,
		reply_with(body, "[{\"time\":5,\"type\":\"x\",\"description\":\"@ézzzz\"}]", 507));
	assert_int_equal(strlen(result.data->events->text), 510);
	assert_string_equal(result.data->events->text + 506, "x…");
	end_data(&result);
}

/* What decides something is compared as received, so it is complete or its element unreadable. */
static void an_element_with_a_name_that_does_not_fit_is_unreadable(void **state)
{
	static const struct {
		const struct data_format *format;
		const char *reply;
	} rows[] = {
		{ &event_format, "[{\"time\":5,\"type\":\"@\"},{\"time\":5,\"type\":\"b\"}]" },
		{ &alert_format, "{\"7\":{\"@\":{\"state\":true},\"b\":{\"state\":true}}}" },
		{ &action_format, "[{\"action_uid\":\"a\",\"name\":\"@\"},{\"name\":\"b\"}]" },
		{ &action_format, "[{\"name\":\"a\",\"action_uid\":\"@\"},{\"name\":\"b\"}]" },
		{ &action_format, "[{\"name\":\"a\",\"action_type\":\"@\"},{\"name\":\"b\"}]" },
		{ &action_format, "{\"actions\":[{\"name\":\"@\"},{\"name\":\"b\"}]}" },
		{ &node_format, "[{\"uid\":1,\"software_version\":\"@\"},{\"uid\":2}]" },
	};
	struct data_result result;
	char body[1000];
	size_t i, letters;

	for (i = 0; i < ARRAY_SIZE(rows); i++)
		for (letters = DATA_NAME_SIZE - 1; letters <= DATA_NAME_SIZE; letters++) {
			bool fits = letters < DATA_NAME_SIZE;

			reply_with(body, rows[i].reply, letters);
			read_data(&result, rows[i].format, 0, body);
			if (result.data->unreadable != (fits ? 0 : 1) ||
			    count_of(result.data) != (fits ? 2 : 1))
				fail_msg("%s", body);
			end_data(&result);
		}
}

static void mutations_do_no_harm_and_splits_never_matter(void **state)
{
	struct written_data whole, split;
	uint32_t seed = 20261122;
	size_t i, passed = 0;
	char body[600];

	for (i = 0; i < 12000; i++) {
		const struct data_kind *kind = &kinds[i % ARRAY_SIZE(kinds)];
		size_t length = strlen(kind->body), step;
		bool ok;

		assert_true(length + MUTATE_MORE <= sizeof(body));
		memcpy(body, kind->body, length);
		length = mutate(body, length, &seed);
		step = 1 + next_random(&seed) % 9;
		ok = read_written(&whole, kind->format, body, length, 0);
		if (ok != read_written(&split, kind->format, body, length, step))
			fail_msg("%.*s, %zu: %s, %s", (int)length, body, step, whole.text,
				 split.text);
		if (ok)
			assert_string_equal(whole.text, split.text);
		passed += ok;
	}
	/* some must pass and some fail, else the test proves nothing */
	assert_in_range(passed, 1000, 11000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_truncation_is_refused),
		cmocka_unit_test(an_answer_of_another_kind_gives_no_data_of_this_one),
		cmocka_unit_test(data_of_one_kind_fill_no_array_of_another),
		cmocka_unit_test(a_long_description_loses_its_end_between_characters),
		cmocka_unit_test(an_element_with_a_name_that_does_not_fit_is_unreadable),
		cmocka_unit_test(mutations_do_no_harm_and_splits_never_matter),
	};

	return tap_run(tests);
}
