/*
 * Lists that are read with a last list, and the same lists decoded whole: random elements, changes,
 * inserts, deletes, reorders, duplicates, unreadable and broken ones, in random pieces.
 *
 * BDBTOP_RUNS and BDBTOP_SEED in the environment choose how many runs, and the first seed.
 */
#include "tests/env_number.h"
#include "tests/json/bdb_fixture.h"
#include "tests/json/count_decoded.h"
#include "tests/random.h"

#define RUNS	     1000
#define ROUNDS	     12
#define ELEMENTS_MAX 40
#define ELEMENT_SIZE 400

static const char *origin = "n1";

struct lists_run {
	unsigned long seed;
	uint64_t state;
	char elements[ELEMENTS_MAX][ELEMENT_SIZE];
	unsigned count;
	char body[ELEMENTS_MAX * (ELEMENT_SIZE + 8)];
	size_t length;
	struct last_list *last;
	struct bdb_set before; /* the last list, decoded whole */
	bool has_before;
	const char *origin, *fields;
};

/* --- what the cluster sends ------------------------------------------------------------------ */

static void write_element(struct lists_run *run, char *out)
{
	static const char *const strange[] = {
		"{}",
		"7",
		"null",
		"[{\"uid\":3}]",
		"\"{\\\"uid\\\":3}\"",
		"{\"name\":\"no uid\"}",
		"{\"uid\":\"3\"}",
		"1.5",
	};
	static const char *const names[] = {
		"a", "b", "\xff\xc3", "\\u00e9\\\"}", "{[,", "\xc3\xa9"
	};
	static const char *const words[] = { "\"failed\"", "\"\"", "null", "7", "\"exporting\"" };

	if (!random_below(&run->state, 12)) {
		strcpy(out, strange[random_below(&run->state, ARRAY_SIZE(strange))]);
		return;
	}
	snprintf(out, ELEMENT_SIZE,
		 "{\"uid\":%u%s,%s\"name\":\"%s\",\"backup_status\":%s,\"backup_progress\":%s%u,"
		 "\"other\":%s%u}",
		 1 + random_below(&run->state, 30), random_below(&run->state, 9) ? "" : ".0",
		 random_below(&run->state, 5) ? "" : " \n",
		 names[random_below(&run->state, ARRAY_SIZE(names))],
		 words[random_below(&run->state, ARRAY_SIZE(words))],
		 random_below(&run->state, 9) ? "" : "-", random_below(&run->state, 3),
		 random_below(&run->state, 9) ? "" : "[[{}]],\"more\":",
		 random_below(&run->state, 2));
}

static void swap(struct lists_run *run, unsigned a, unsigned b)
{
	char kept[ELEMENT_SIZE];

	memcpy(kept, run->elements[a], sizeof(kept));
	memcpy(run->elements[a], run->elements[b], sizeof(kept));
	memcpy(run->elements[b], kept, sizeof(kept));
}

static void insert_at(struct lists_run *run, unsigned at)
{
	if (run->count == ELEMENTS_MAX)
		return;
	memmove(run->elements[at + 1], run->elements[at], (run->count++ - at) * ELEMENT_SIZE);
	if (random_below(&run->state, 4) || run->count < 2)
		write_element(run, run->elements[at]);
	else /* a duplicate, perhaps changed later */
		memcpy(run->elements[at], run->elements[(at + 1) % run->count], ELEMENT_SIZE);
}

static void change_list(struct lists_run *run)
{
	unsigned at = run->count ? random_below(&run->state, run->count) : 0;

	switch (random_below(&run->state, run->count ? 8 : 1)) {
	case 0:
		insert_at(run, at);
		break;
	case 1:
		memmove(run->elements[at], run->elements[at + 1],
			(--run->count - at) * ELEMENT_SIZE);
		break;
	case 2:
		swap(run, at, random_below(&run->state, run->count));
		break;
	case 3:
	case 4:
		write_element(run, run->elements[at]);
		break;
	default:
		break;
	}
}

static void add_text(struct lists_run *run, const char *text)
{
	size_t length = strlen(text);

	memcpy(run->body + run->length, text, length);
	run->length += length;
}

static void write_body(struct lists_run *run)
{
	static const char *const gaps[] = { ",", ",", ",", ",", ",\n", " ,\t", ", " };
	unsigned i;

	run->length = 0;
	add_text(run, "[");
	for (i = 0; i < run->count; i++) {
		if (i)
			add_text(run, gaps[random_below(&run->state, ARRAY_SIZE(gaps))]);
		add_text(run, run->elements[i]);
	}
	add_text(run, "]");
	if (random_below(&run->state, 8))
		return;
	/* a byte is lost, changed or too many, or the body is cut */
	i = random_below(&run->state, (unsigned)run->length);
	if (random_below(&run->state, 2))
		run->body[i] = "{}[],:\"\\'\0x "[random_below(&run->state, 12)];
	else if (random_below(&run->state, 2))
		run->length = i;
	else
		add_text(run, random_below(&run->state, 2) ? "," : "[");
}

/* --- reading --------------------------------------------------------------------------------- */

static struct bdb_reader *reader_of(const struct lists_run *run)
{
	struct bdb_reader *reader = bdb_reader_new(run->fields, 0);

	assert_non_null(reader);
	return reader;
}

/* Both get the same pieces, and must say the same to each. */
static void feed(struct lists_run *run, struct bdb_reader *readers[2], struct err errs[2])
{
	size_t at, step, most = random_below(&run->state, 2) ? run->length + 1 : 60;
	int rc[2], i;

	for (at = 0; at < run->length; at += step) {
		step = 1 + random_below(&run->state, (unsigned)most);
		if (step > run->length - at)
			step = run->length - at;
		for (i = 0; i < 2; i++)
			rc[i] = bdb_reader_feed(readers[i], run->body + at, step, &errs[i]);
		assert_int_equal(rc[0], rc[1]);
		/* a single read overtakes the list */
		if (!random_below(&run->state, 40))
			last_list_forget(run->last, 1 + random_below(&run->state, 30));
	}
}

static const struct bdb *record_of(const struct bdb_set *set, int64_t uid)
{
	size_t i;

	for (i = 0; i < set->count; i++)
		if (set->bdbs[i]->uid == uid)
			return set->bdbs[i];
	return NULL;
}

static void check_record(const struct lists_run *run, const struct observation *observation,
			 const struct bdb *before, const struct bdb *after)
{
	int64_t uid = before ? before->uid : after->uid;
	size_t k;

	for (k = 0; k < observation->changed_count; k++)
		if (observation->changed[k] == uid)
			return;
	if (!before || !after || !bdb_is_equal(before, after))
		fail_msg("seed %lu: db:%d counts as unchanged", run->seed, (int)uid);
}

static void check_changed(const struct lists_run *run, const struct bdb_set *set,
			  const struct bdb_reader *reader)
{
	struct observation observation = { .kind = OBS_LIST };
	size_t i;

	bdb_reader_get_changes(reader, &observation);
	for (i = 1; observation.ascending && i < set->count; i++)
		assert_true(set->bdbs[i - 1]->uid < set->bdbs[i]->uid);
	assert_true(run->has_before || !observation.changed);
	if (!observation.changed)
		return;
	for (i = 0; i < set->count; i++)
		check_record(run, &observation, record_of(&run->before, set->bdbs[i]->uid),
			     set->bdbs[i]);
	for (i = 0; i < run->before.count; i++)
		check_record(run, &observation, run->before.bdbs[i],
			     record_of(set, run->before.bdbs[i]->uid));
}

static void compare(const struct lists_run *run, const struct list_result *whole,
		    const struct list_result *compared)
{
	size_t i;

	if (whole->rc != compared->rc || whole->unreadable != compared->unreadable ||
	    whole->set.count != compared->set.count)
		fail_msg("seed %lu: another result", run->seed);
	if (whole->rc < 0 && memcmp(&whole->err, &compared->err, sizeof(whole->err)) != 0)
		fail_msg("seed %lu: %s %s", run->seed, whole->err.text, compared->err.text);
	for (i = 0; i < whole->set.count; i++)
		if (!bdb_is_equal(whole->set.bdbs[i], compared->set.bdbs[i]))
			fail_msg("seed %lu: another record", run->seed);
}

/* The list was applied. */
static void keep(struct lists_run *run, struct bdb_reader *reader, struct list_result *whole)
{
	bdb_reader_keep(reader);
	bdb_set_release(&run->before);
	run->before = whole->set;
	bdb_set_init(&whole->set);
	run->has_before = true;
}

static void read_both(struct lists_run *run)
{
	struct bdb_reader *readers[2] = { reader_of(run), reader_of(run) };
	struct list_result results[2] = { { .rc = 0 } };
	struct err errs[2] = { { .text = "" }, { .text = "" } };
	int i;

	bdb_reader_compare(readers[1], run->last, run->origin);
	feed(run, readers, errs);
	for (i = 0; i < 2; i++) {
		bdb_set_init(&results[i].set);
		results[i].err = errs[i];
		results[i].rc = bdb_reader_end(readers[i], &results[i].set, &results[i].unreadable,
					       &results[i].err);
	}
	compare(run, &results[0], &results[1]);
	if (!results[0].rc) {
		check_changed(run, &results[1].set, readers[1]);
		if (random_below(&run->state, 10))
			keep(run, readers[1], &results[0]);
	}
	for (i = 0; i < 2; i++) {
		release(&results[i]);
		bdb_reader_free(readers[i]);
	}
}

static void run_once(unsigned long seed)
{
	struct lists_run run = { .seed = seed,
				 .state = random_start(seed),
				 .last = last_list_new(),
				 .origin = "one",
				 .fields = "uid,name,backup_status,backup_progress" };
	int round;

	assert_non_null(run.last);
	bdb_set_init(&run.before);
	run.count = random_below(&run.state, ELEMENTS_MAX);
	for (round = 0; round < (int)run.count; round++)
		write_element(&run, run.elements[round]);
	for (round = 0; round < ROUNDS; round++) {
		unsigned changes = random_below(&run.state, 4);

		while (changes--)
			change_list(&run);
		if (!random_below(&run.state, 10))
			last_list_forget(run.last, 1 + random_below(&run.state, 30));
		if (!random_below(&run.state, 20))
			run.origin = random_below(&run.state, 2) ? "one" : "two";
		write_body(&run);
		read_both(&run);
	}
	bdb_set_release(&run.before);
	last_list_free(run.last);
}

static void a_list_says_the_same_with_and_without_a_last_list(void **state)
{
	unsigned long runs = env_number("BDBTOP_RUNS", RUNS), seed = env_number("BDBTOP_SEED", 1);

	while (runs--)
		run_once(seed++);
}

/* --- what is decoded ------------------------------------------------------------------------- */

/* Reads a list in pieces, keeps it, and returns how many elements were decoded.  names: which uids
 * count as changed, `all` without a list before.  forget: a single read of this uid is answered
 * after the last piece; 0: none. */
static unsigned long decode_and_forget(struct last_list *last, const char *body, size_t step,
				       const char *names, int64_t forget)
{
	struct bdb_reader *reader = bdb_reader_new("uid,name", 0);
	size_t at, length = strlen(body), unreadable, i;
	struct observation observation = { .kind = OBS_LIST };
	char found[100] = "";
	struct bdb_set set;
	struct err err;

	bdb_set_init(&set);
	bdb_reader_compare(reader, last, origin);
	decoded = 0;
	for (at = 0; at < length; at += step)
		assert_int_equal(bdb_reader_feed(reader, body + at,
						 step < length - at ? step : length - at, &err),
				 0);
	if (forget)
		last_list_forget(last, forget);
	assert_int_equal(bdb_reader_end(reader, &set, &unreadable, &err), 0);
	bdb_reader_get_changes(reader, &observation);
	for (i = 0; i < observation.changed_count; i++)
		snprintf(found + strlen(found), sizeof(found) - strlen(found), "%s%d", i ? " " : "",
			 (int)observation.changed[i]);
	assert_string_equal(observation.changed ? found : "all", names);
	bdb_reader_keep(reader);
	bdb_set_release(&set);
	bdb_reader_free(reader);
	return decoded;
}

static unsigned long decode(struct last_list *last, const char *body, size_t step,
			    const char *names)
{
	return decode_and_forget(last, body, step, names, 0);
}

#define ONE   "{\"uid\":1,\"name\":\"a\"}"
#define TWO   "{\"uid\":2,\"name\":\"b\"}"
#define THREE "{\"uid\":3,\"name\":\"c\"}"
#define FOUR  "{\"uid\":4,\"name\":\"d\"}"

static void only_changed_elements_are_decoded(void **state)
{
	struct last_list *last = last_list_new();
	size_t step;

	assert_int_equal(decode(last, "[" ONE "," TWO "," THREE "]", 99, "all"), 3);
	for (step = 1; step < 70; step++)
		assert_int_equal(decode(last, "[" ONE ",\n" TWO "," THREE "]", step, ""), 0);
	/* other bytes, and the same content */
	assert_int_equal(decode(last, "[" ONE ",{ \"uid\":2,\"name\":\"b\"}," THREE "]", 9, ""), 1);
	assert_int_equal(decode(last, "[" ONE "," TWO "," THREE "]", 9, ""), 1);
	/* inserted, deleted, moved */
	assert_int_equal(decode(last, "[" ONE "," FOUR "," TWO "," THREE "]", 9, "4"), 1);
	assert_int_equal(decode(last, "[" ONE "," TWO "," THREE "]", 9, "4"), 1);
	assert_int_equal(decode(last, "[" THREE "," ONE "," TWO "]", 9, ""), 2);
	assert_int_equal(decode(last, "[" THREE "," ONE "," TWO "]", 9, ""), 0);
	last_list_free(last);
}

static void a_forgotten_element_is_decoded(void **state)
{
	static const char body[] = "[" ONE "," TWO "," THREE "]";
	struct last_list *last = last_list_new();
	int i;

	assert_int_equal(decode(last, body, 99, "all"), 3);
	last_list_forget(last, 2);
	assert_int_equal(decode(last, body, 99, "2"), 1);
	assert_int_equal(decode(last, body, 99, ""), 0);
	/* the read overtakes a list */
	assert_int_equal(decode_and_forget(last, body, 99, "2", 2), 0);
	assert_int_equal(decode(last, body, 99, "2"), 1);
	/* of another log-in, node or field list: all */
	origin = "n2";
	assert_int_equal(decode(last, body, 99, ""), 3);
	assert_int_equal(decode(last, body, 99, ""), 0);
	/* more single reads than are noted */
	for (i = 0; i < 100; i++)
		last_list_forget(last, 1 + i % 3);
	assert_int_equal(decode(last, body, 99, "1 2 3"), 3);
	last_list_free(last);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_list_says_the_same_with_and_without_a_last_list),
		cmocka_unit_test(only_changed_elements_are_decoded),
		cmocka_unit_test(a_forgotten_element_is_decoded),
	};

	return tap_run(tests);
}
