/*
 * What holds for facts of every kind: how bytes are parted makes no difference, a part is never
 * taken for the whole, and nothing that arrives does harm.
 */
#include "bdbtop/json/action.h"
#include "bdbtop/json/alert.h"
#include "bdbtop/json/event.h"
#include "bdbtop/json/node.h"
#include "bdbtop/json/shard.h"
#include "bdbtop/json/bdb_info.h"
#include "tests/json/data_fixture.h"
#include "tests/json/mutate.h"

#include <inttypes.h>

/* An answer of each kind. */
static const struct kind {
	const struct data_format *form;
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

/* Every word and number of the facts, or the sentence. */
struct written {
	char text[4096];
	size_t length;
};

static void put(struct written *w, const char *text)
{
	w->length +=
		(size_t)snprintf(w->text + w->length, sizeof(w->text) - w->length, "%s/", text);
	if (w->length >= sizeof(w->text))
		w->length = sizeof(w->text) - 1;
}

static void put_number(struct written *w, double number)
{
	char text[40];

	snprintf(text, sizeof(text), "%.6g", number);
	put(w, text);
}

static void put_words(struct written *w, const char *const *words, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		put(w, words[i]);
}

static void put_action(struct written *w, const struct action *action)
{
	size_t i;

	put_words(w,
		  (const char *const[]){ action->id, action->name, action->type, action->status },
		  4);
	put_number(w, (double)action->uid);
	put_number(w, action->percent);
	for (i = 0; i < action->op_count; i++) {
		put_number(w, (double)action->ops[i].shard);
		put_number(w, (double)action->ops[i].heartbeat_s);
		put_number(w, action->ops[i].percent);
		put_words(w,
			  (const char *const[]){ action->ops[i].name, action->ops[i].description },
			  2);
	}
}

static void put_shard(struct written *w, const struct shard *shard)
{
	put_number(w, (double)shard->uid);
	put_number(w, (double)shard->bdb);
	put_number(w, shard->backup_percent);
	put_words(w,
		  (const char *const[]){ shard->role, shard->status, shard->detailed_status,
					 shard->backup_status, shard->loading_status },
		  5);
}

static void write_facts(struct written *w, const struct told *told)
{
	const struct cluster_data *data = told->facts;
	size_t i;

	w->length = 0;
	if (!data) {
		put(w, told->err.text);
		return;
	}
	put_number(w, (double)data->unreadable);
	for (i = 0; i < data->event_count; i++) {
		put_number(w, (double)data->events[i].time_s);
		put_number(w, (double)data->events[i].uid);
		put_words(w,
			  (const char *const[]){ data->events[i].type, data->events[i].severity,
						 data->events[i].text },
			  3);
	}
	for (i = 0; i < data->alert_count; i++) {
		put_number(w, (double)data->alerts[i].uid);
		put_words(w,
			  (const char *const[]){ data->alerts[i].name, data->alerts[i].threshold,
						 data->alerts[i].severity },
			  3);
	}
	for (i = 0; i < data->action_count; i++)
		put_action(w, &data->actions[i]);
	for (i = 0; i < data->shard_count; i++)
		put_shard(w, &data->shards[i]);
	for (i = 0; i < data->bdb_info_count; i++) {
		put_words(w, data->bdb_infos[i].modules, data->bdb_infos[i].module_count);
		put_words(w, data->bdb_infos[i].tags, data->bdb_infos[i].tag_count);
		put_number(w, (double)data->bdb_infos[i].shards_count);
		put_number(w, (double)data->bdb_infos[i].memory_size);
		put(w, data->bdb_infos[i].version);
		put(w, data->bdb_infos[i].redis_version);
	}
	for (i = 0; i < data->node_count; i++) {
		put_number(w, (double)data->nodes[i].uid);
		put_words(w,
			  (const char *const[]){ data->nodes[i].address, data->nodes[i].status,
						 data->nodes[i].version },
			  3);
	}
}

static bool read_written(struct written *w, const struct data_format *form, const char *bytes,
			 size_t length, size_t step)
{
	struct asked asked = { .form = form, .step = step };
	struct told told;
	bool whole;

	read_bytes(&told, &asked, bytes, length);
	write_facts(w, &told);
	whole = told.facts != NULL;
	end_facts(&told);
	return whole;
}

static void every_split_gives_the_same_facts(void **state)
{
	struct written whole, split;
	size_t i, step;

	(void)state;
	for (i = 0; i < COUNT(kinds); i++) {
		size_t length = strlen(kinds[i].body);

		assert_true(read_written(&whole, kinds[i].form, kinds[i].body, length, length));
		for (step = 1; step < length; step++) {
			assert_true(
				read_written(&split, kinds[i].form, kinds[i].body, length, step));
			assert_string_equal(split.text, whole.text);
		}
	}
}

static void every_truncation_is_refused(void **state)
{
	struct written w;
	size_t i, at;

	(void)state;
	for (i = 0; i < COUNT(kinds); i++) {
		size_t length = strlen(kinds[i].body);

		while (strchr(" \n", kinds[i].body[length - 1]))
			length--;
		for (at = 0; at < length; at++)
			assert_false(read_written(&w, kinds[i].form, kinds[i].body, at, 0));
	}
}

static void an_answer_of_another_kind_gives_no_facts_of_this_one(void **state)
{
	size_t i, j;

	(void)state;
	for (i = 0; i < COUNT(kinds); i++) {
		for (j = 0; j < COUNT(kinds); j++) {
			struct asked asked = { .form = kinds[i].form };
			struct told told;

			if (kinds[i].form == kinds[j].form)
				continue;
			/* shards and databases both have a uid, and cannot be told apart */
			if (kinds[j].body[strspn(kinds[j].body, " ")] == '[' &&
			    (kinds[i].form == &shard_format || kinds[i].form == &bdb_info_format))
				continue;
			read_bytes(&told, &asked, kinds[j].body, strlen(kinds[j].body));
			if (told.facts && told.facts->event_count + told.facts->alert_count +
						  told.facts->action_count)
				fail_msg("%s", kinds[j].body);
			end_facts(&told);
		}
	}
}

static void facts_of_one_kind_fill_no_array_of_another(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(kinds); i++) {
		struct told told;
		const struct cluster_data *f = read_facts(&told, kinds[i].form, 0, kinds[i].body);
		int filled = !!f->events + !!f->alerts + !!f->actions + !!f->shards +
			     !!f->bdb_infos + !!f->nodes;

		assert_int_equal(filled, 1);
		assert_int_equal(!!f->event_count + !!f->alert_count + !!f->action_count +
					 !!f->shard_count + !!f->bdb_info_count + !!f->node_count,
				 1);
		end_facts(&told);
	}
}

static void a_refused_answer_stays_refused(void **state)
{
	struct data_reader *reader = data_reader_new(&event_format, 0, 0);
	struct err first, later;

	(void)state;
	assert_int_equal(data_reader_feed(reader, "[{}x", 4, &first), -1);
	assert_int_equal(data_reader_feed(reader, "]", 1, &later), -1);
	assert_string_equal(first.text, later.text);
	assert_null(data_reader_end(reader, &later));
	assert_string_equal(first.text, later.text);
	assert_null(data_reader_end(reader, NULL));
	data_reader_free(reader);
	data_reader_free(NULL);
}

static void a_text_longer_than_a_block_is_kept_whole(void **state)
{
	const size_t length = 100000;
	char *body = malloc(length + 100), *end = body;
	struct told told;

	(void)state;
	end += sprintf(end, "[{\"time\":5,\"type\":\"");
	memset(end, 'x', length);
	strcpy(end + length, "\"},{\"time\":4,\"type\":\"short\"}]");
	read_facts(&told, &event_format, 0, body);
	assert_int_equal(strlen(told.facts->events[0].type), length);
	assert_string_equal(told.facts->events[1].type, "short");
	end_facts(&told);
	free(body);
}

static void mutations_do_no_harm_and_splits_never_matter(void **state)
{
	struct written whole, split;
	uint32_t seed = 20261122;
	size_t i, passed = 0;
	char body[600];

	(void)state;
	for (i = 0; i < 12000; i++) {
		const struct kind *kind = &kinds[i % COUNT(kinds)];
		size_t length = strlen(kind->body), step;
		bool ok;

		assert_true(length + MUTATE_MORE <= sizeof(body));
		memcpy(body, kind->body, length);
		length = mutate(body, length, &seed);
		step = 1 + next_random(&seed) % 9;
		ok = read_written(&whole, kind->form, body, length, 0);
		if (ok != read_written(&split, kind->form, body, length, step))
			fail_msg("%.*s, %zu: %s, %s", (int)length, body, step, whole.text,
				 split.text);
		if (ok)
			assert_string_equal(whole.text, split.text);
		passed += ok;
	}
	/* some must pass and some must not, or the test would show nothing */
	assert_in_range(passed, 1000, 11000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_split_gives_the_same_facts),
		cmocka_unit_test(every_truncation_is_refused),
		cmocka_unit_test(an_answer_of_another_kind_gives_no_facts_of_this_one),
		cmocka_unit_test(facts_of_one_kind_fill_no_array_of_another),
		cmocka_unit_test(a_refused_answer_stays_refused),
		cmocka_unit_test(a_text_longer_than_a_block_is_kept_whole),
		cmocka_unit_test(mutations_do_no_harm_and_splits_never_matter),
	};

	return tap_run(tests);
}
