/*
 * The reset commands, the only way to a PUT, on a read-only cluster.
 */
#include "tests/stage/stage.h"
#include "tests/tap.h"

static const char *const failed[] = {
	"bdb 12 name=orders-eu backup=failed:no-permission",
	"bdb 7 name=sessions backup=exporting: backup.percent=42",
	NULL,
};

/* Makes the cluster read-only after the question opened. */
static void set_read_only(struct stage *stage)
{
	((struct cluster_setup *)(uintptr_t)cluster_setup(stage->cluster))->read_only = true;
}

static void opens_no_question(void **state)
{
	struct stage stage;

	stage_open(&stage, failed);
	set_read_only(&stage);
	assert_int_equal(cluster_obstacle(stage.cluster, 12, OP_BACKUP), OBSTACLE_READ_ONLY);
	assert_int_equal(cluster_open_reset(stage.cluster, 12, OP_BACKUP, stage.now), 0);
	cluster_confirm_reset(stage.cluster, 1, stage.now);
	stage_advance(&stage, 600000);
	assert_int_equal(script_counts(stage.script)->puts, 0);
	stage_close(&stage);
}

static void y_is_refused_on_a_read_only_cluster(void **state)
{
	struct stage stage;
	unsigned reset_id;

	stage_open(&stage, failed);
	reset_id = cluster_open_reset(stage.cluster, 12, OP_BACKUP, stage.now);
	assert_int_not_equal(reset_id, 0);
	set_read_only(&stage);
	cluster_confirm_reset(stage.cluster, reset_id, stage.now);
	stage_advance(&stage, 600000);
	assert_int_equal(script_counts(stage.script)->puts, 0);
	assert_int_equal(script_counts(stage.script)->ones, 0);
	assert_int_equal(cluster_unfinished_count(stage.cluster), 0);
	stage_close(&stage);
}

static void the_typed_word_is_refused_on_a_read_only_cluster(void **state)
{
	struct stage stage;
	unsigned reset_id;

	stage_open(&stage, failed);
	reset_id = cluster_open_reset(stage.cluster, 7, OP_BACKUP, stage.now);
	assert_int_not_equal(reset_id, 0);
	set_read_only(&stage);
	cluster_confirm_reset_typed(stage.cluster, reset_id, stage.now);
	stage_advance(&stage, 600000);
	assert_int_equal(script_counts(stage.script)->puts, 0);
	assert_int_equal(script_counts(stage.script)->ones, 0);
	stage_close(&stage);
}

static void y_is_accepted_on_a_writable_cluster(void **state)
{
	struct stage stage;
	unsigned reset_id;

	stage_open(&stage, failed);
	reset_id = cluster_open_reset(stage.cluster, 12, OP_BACKUP, stage.now);
	cluster_confirm_reset(stage.cluster, reset_id, stage.now);
	stage_advance(&stage, 1000);
	assert_int_equal(script_counts(stage.script)->puts, 1);
	stage_close(&stage);
}

static void every_key_says_why_it_does_nothing(void **state)
{
	static const char keys[] = "bei";
	struct stage stage;
	char text[120];
	size_t i;

	stage_open(&stage, failed);
	set_read_only(&stage);
	for (i = 0; keys[i]; i++) {
		stage_key(&stage, keys[i]);
		assert_int_equal(session_view(stage.session)->mode, MODE_LIST);
		assert_string_equal(session_view(stage.session)->notice, "no reset: read-only");
		assert_false(session_can(stage.session, command_of_key(keys[i])));
	}
	session_available_keys(stage.session, text, sizeof(text));
	assert_string_equal(text, "no reset: read-only");
	stage_close(&stage);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(opens_no_question),
		cmocka_unit_test(y_is_refused_on_a_read_only_cluster),
		cmocka_unit_test(the_typed_word_is_refused_on_a_read_only_cluster),
		cmocka_unit_test(y_is_accepted_on_a_writable_cluster),
		cmocka_unit_test(every_key_says_why_it_does_nothing),
	};

	return tap_run(tests);
}
