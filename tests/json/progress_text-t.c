#include "bdbtop/json/progress_text.h"

#include "bdbtop/core/array.h"
#include "tests/tap.h"

#define NOW   INT64_C(1795292045) /* 2026-11-21T20:14:05Z */
#define HERE  "cluster.prod.example:9443"
#define THERE "other.example:9443"

static struct saved_op some_ops[] = {
	{ 7, OP_BACKUP, NOW - 9000, NOW - 4000, "exporting", 17.100000000000001, NOW - 700, true },
	{ 7, OP_IMPORT, 0, 0, "initializing", -1, NOW - 60, false },
	{ 12, OP_EXPORT, NOW - 9000, 0, "exporting", 0, NOW - 5, true },
};

static struct saved_progress progress_at(int64_t seen_s)
{
	return (struct saved_progress){
		.seen_s = seen_s, .complete = true, .ops = some_ops, .count = ARRAY_SIZE(some_ops)
	};
}

/* Replaces the text, which it frees. */
static char *replace(char *text, const char *cluster, int64_t seen_s, int64_t now_s)
{
	struct saved_progress progress = progress_at(seen_s);
	char *fresh = progress_text_replace(text ? text : "", cluster, &progress, now_s);

	assert_non_null(fresh);
	free(text);
	return fresh;
}

/* When the progress of a cluster was seen; 0: nothing is saved. */
static int64_t seen_in(const char *text, const char *cluster)
{
	struct saved_progress progress;
	int64_t seen_s;

	assert_int_equal(progress_text_read(text, cluster, &progress), 0);
	seen_s = progress.seen_s;
	saved_progress_release(&progress);
	return seen_s;
}

static void what_is_saved_is_read_back(void **state)
{
	char *text = replace(NULL, HERE, NOW, NOW);
	struct saved_progress progress;
	size_t i;

	assert_int_equal(progress_text_read(text, HERE, &progress), 0);
	assert_int_equal(progress.seen_s, NOW);
	assert_true(progress.complete);
	assert_int_equal(progress.count, ARRAY_SIZE(some_ops));
	for (i = 0; i < progress.count; i++) {
		const struct saved_op *op = &progress.ops[i], *was = &some_ops[i];

		assert_int_equal(saved_op_compare(op, was), 0);
		assert_int_equal(op->created_s, was->created_s);
		assert_int_equal(op->last_success_s, was->last_success_s);
		assert_string_equal(op->status, was->status);
		assert_true(op->percent == was->percent);
		assert_int_equal(op->moved_s, was->moved_s);
		assert_int_equal(op->unmoved, was->unmoved);
	}
	saved_progress_release(&progress);
	free(text);
}

static void nothing_is_saved_of_another_cluster_or_in_no_text(void **state)
{
	char *text = replace(NULL, HERE, NOW, NOW);

	assert_int_equal(seen_in(text, THERE), 0);
	assert_int_equal(seen_in("", HERE), 0);
	free(text);
}

static void clusters_do_not_disturb_one_another(void **state)
{
	char *text = replace(NULL, HERE, NOW, NOW);

	text = replace(text, THERE, NOW + 10, NOW + 10);
	text = replace(text, HERE, NOW + 20, NOW + 20);
	assert_int_equal(seen_in(text, THERE), NOW + 10);
	assert_int_equal(seen_in(text, HERE), NOW + 20);
	free(text);
}

/* Both runs read the same text; the one that saw the older list writes last. */
static void the_newer_of_two_runs_wins(void **state)
{
	char *text = replace(NULL, HERE, NOW + 5, NOW + 6);

	text = replace(text, HERE, NOW + 3, NOW + 6);
	assert_int_equal(seen_in(text, HERE), NOW + 5);
	free(text);
}

static void progress_from_the_future_is_replaced(void **state)
{
	char *text = replace(NULL, HERE, NOW + 3600, NOW + 3600);

	text = replace(text, THERE, NOW + 3600, NOW + 3600);
	text = replace(text, HERE, NOW, NOW);
	assert_int_equal(seen_in(text, HERE), NOW);
	assert_int_equal(seen_in(text, THERE), 0);
	free(text);
}

static void old_progress_is_dropped(void **state)
{
	char *text = replace(NULL, THERE, NOW, NOW);

	text = replace(text, HERE, NOW + SAVED_PROGRESS_S, NOW + SAVED_PROGRESS_S);
	assert_int_equal(seen_in(text, THERE), NOW);
	text = replace(text, HERE, NOW + SAVED_PROGRESS_S + 1, NOW + SAVED_PROGRESS_S + 1);
	assert_int_equal(seen_in(text, THERE), 0);
	assert_null(strstr(text, THERE));
	free(text);
}

static void the_number_of_clusters_is_limited(void **state)
{
	char *text = NULL, name[32];
	int i;

	for (i = 0; i <= PROGRESS_CLUSTERS; i++) {
		snprintf(name, sizeof(name), "c%d.example:9443", i);
		text = replace(text, name, NOW + i, NOW + i);
	}
	assert_int_equal(seen_in(text, "c0.example:9443"), 0);
	assert_int_equal(seen_in(text, "c1.example:9443"), NOW + 1);
	assert_int_equal(seen_in(text, name), NOW + PROGRESS_CLUSTERS);
	free(text);
}

static char *replace_many(char *text, const char *cluster, size_t count)
{
	struct saved_progress progress = { .seen_s = NOW, .count = count };
	char *fresh;
	size_t i;

	progress.ops = calloc(count, sizeof(*progress.ops));
	for (i = 0; i < count; i++)
		progress.ops[i] = (struct saved_op){ .uid = (int64_t)i + 1,
						     .created_s = NOW - 9000,
						     .last_success_s = NOW - 4000,
						     .status = "initializing",
						     .percent = 17.100000000000001,
						     .moved_s = NOW };
	fresh = progress_text_replace(text, cluster, &progress, NOW);
	free(progress.ops);
	assert_non_null(fresh);
	return fresh;
}

static void the_number_of_operations_is_limited(void **state)
{
	char *text = replace(NULL, THERE, NOW, NOW), *many;
	struct saved_progress progress;

	many = replace_many(text, HERE, SAVED_OPS_MAX - ARRAY_SIZE(some_ops));
	assert_int_equal(seen_in(many, THERE), NOW);
	free(many);
	many = replace_many(text, HERE, SAVED_OPS_MAX);
	assert_int_equal(seen_in(many, THERE), 0);
	assert_int_equal(progress_text_read(many, HERE, &progress), 0);
	assert_int_equal(progress.count, SAVED_OPS_MAX);
	/* what a file of the store can have */
	assert_true(strlen(many) < 1024 * 1024);
	saved_progress_release(&progress);
	free(many);
	free(text);
}

#define CLUSTER(members)                                                                           \
	"{\"schema\":\"bdbtop.progress\",\"schema_version\":1,\"clusters\":[{\"cluster\":\"" HERE  \
	"\"," members "}]}\n"
#define RUNNING(ops)                                                                               \
	CLUSTER("\"seen_at\":\"2026-11-21T20:14:05Z\",\"complete\":true,\"running\":[" ops "]")
#define OP(uid, more)                                                                              \
	"{\"uid\":" uid ",\"operation\":\"backup\",\"status\":\"exporting\",\"percent\":4,"        \
	"\"moved_at\":\"2026-11-21T20:14:05Z\",\"unmoved\":true" more "}"

static void a_damaged_text_is_noticed_and_replaced(void **state)
{
	static const char *const damaged[] = {
		"x",
		"{}",
		"[]",
		"null",
		"{\"schema\":\"bdbtop.progress\",\"schema_version\":2,\"clusters\":[]}",
		"{\"schema\":\"bdbtop.list\",\"schema_version\":1,\"clusters\":[]}",
		"{\"schema\":\"bdbtop.progress\",\"schema_version\":1,\"clusters\":{}}",
		RUNNING("") "x",
		CLUSTER("\"seen_at\":\"soon\",\"complete\":true,\"running\":[]"),
		CLUSTER("\"seen_at\":\"2026-11-21T20:14:05Z\",\"complete\":1,\"running\":[]"),
		CLUSTER("\"seen_at\":\"2026-11-21T20:14:05Z\",\"complete\":true,\"running\":{}"),
		RUNNING("null"),
		RUNNING("{}"),
		RUNNING(OP("0", "")),
		RUNNING(OP("7", ",\"operation\":\"reset\"")),
		RUNNING(OP("7", ",\"percent\":101")),
		RUNNING(OP("7", ",\"status\":\"0123456789012345678901234567890123456789\"")),
		RUNNING(OP("7", ",\"moved_at\":null")),
		RUNNING(OP("7", ",\"unmoved\":null")),
		RUNNING(OP("7", "") "," OP("7", "")),
		RUNNING(OP("8", "") "," OP("7", "")),
	};
	struct saved_progress progress;
	size_t i;

	assert_int_equal(progress_text_read(RUNNING(OP("7", "")), HERE, &progress), 0);
	assert_int_equal(progress.count, 1);
	saved_progress_release(&progress);
	for (i = 0; i < ARRAY_SIZE(damaged); i++) {
		char *text;

		if (!progress_text_read(damaged[i], HERE, &progress) || progress.seen_s ||
		    progress.ops)
			fail_msg("accepts %s", damaged[i]);
		text = replace(strdup(damaged[i]), HERE, NOW, NOW);
		assert_int_equal(seen_in(text, HERE), NOW);
		free(text);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_saved_is_read_back),
		cmocka_unit_test(nothing_is_saved_of_another_cluster_or_in_no_text),
		cmocka_unit_test(clusters_do_not_disturb_one_another),
		cmocka_unit_test(the_newer_of_two_runs_wins),
		cmocka_unit_test(progress_from_the_future_is_replaced),
		cmocka_unit_test(old_progress_is_dropped),
		cmocka_unit_test(the_number_of_clusters_is_limited),
		cmocka_unit_test(the_number_of_operations_is_limited),
		cmocka_unit_test(a_damaged_text_is_noticed_and_replaced),
	};

	return tap_run(tests);
}
