#include "tests/stage/stage.h"

#include "tests/tap.h"

/* After more turns than this at the same time, something is always due. */
#define TURNS_MAX 1000

static const struct audit_user audit_user = { .user = "ops",
					      .ssh_connection = "10.9.8.7 50000 10.0.0.9 22",
					      .login = "admin@prod.example" };

static int save_pin(void *arg, const struct source_pin *pin, struct err *err)
{
	struct stage *stage = arg;

	err_set(err, ERR_FINAL, "The pin could not be kept: the disk is full.");
	if (stage->save_pin_fails)
		return -1;
	stage->saved_pin = *pin;
	return 0;
}

static void open_login(struct stage *stage)
{
	char password[] = "first";

	stage->login = (struct login_input){ .user = "admin@prod.example",
					     .password = secret_new(),
					     .typed_password = secret_new() };
	assert_non_null(stage->login.password);
	assert_non_null(stage->login.typed_password);
	assert_int_equal(secret_take(stage->login.password, password, strlen(password)), 0);
}

void stage_open_rpo(struct stage *stage, const char *const *lines, const struct rpo_rules *rpo)
{
	struct cluster_setup setup = { .name = "prod-eu",
				       .host = "cluster.prod.example:9443",
				       .url = "https://cluster.prod.example:9443",
				       .user = "admin@prod.example",
				       .interval_ms = 5000,
				       .interactive = true,
				       .login_input = &stage->login,
				       .seed = 7,
				       .audit_user = &audit_user,
				       .save_pin = save_pin,
				       .save_pin_arg = stage };

	if (rpo)
		setup.rpo = *rpo;
	/* an odd monotonic clock, so that no code mistakes it for the wall clock */
	stage->now = (struct moment){ .ms = 1000003, .wall_ms = 1795292045000 };
	stage->expected_ms = TIME_NEVER;
	stage->saved_pin = (struct source_pin){ .pin = "" };
	stage->save_pin_fails = false;
	stage->watch = NULL;
	input_decoder_init(&stage->decoder, true, true);
	open_login(stage);
	stage->audit_log = setup.audit_log = audit_log_new(NULL, NULL);
	stage->fleet = fleet_new();
	stage->cluster = fleet_add(stage->fleet, &setup);
	assert_non_null(stage->cluster);
	stage->script = script_attach(stage->cluster, 5000);
	script_wall(stage->script, stage->now);
	stage->session = session_new(stage->fleet);
	assert_non_null(stage->session);
	session_set_page_rows(stage->session, 13);
	for (; lines && *lines; lines++)
		stage_script(stage, "%s", *lines);
	stage_settle(stage);
}

void stage_open(struct stage *stage, const char *const *lines)
{
	stage_open_rpo(stage, lines, NULL);
}

void stage_close(struct stage *stage)
{
	session_free(stage->session);
	fleet_free(stage->fleet);
	audit_log_free(stage->audit_log);
	secret_free(stage->login.password);
	secret_free(stage->login.typed_password);
}

static void take_events(struct stage *stage);

/* One turn as in loop_run(). */
static void turn(struct stage *stage)
{
	int64_t due;

	session_tick(stage->session, stage->now, stage->expected_ms);
	script_arrive(stage->script, stage->now.ms);
	input_decoder_tick(&stage->decoder, stage->now.ms);
	take_events(stage);
	session_turn(stage->session, stage->now);
	session_on_drawn(stage->session, stage->now);
	stage->expected_ms = session_due(stage->session, stage->now.ms);
	due = input_decoder_due(&stage->decoder);
	if (due < stage->expected_ms)
		stage->expected_ms = due;
}

void stage_settle(struct stage *stage)
{
	int turns = 0;

	do {
		turn(stage);
		if (++turns > TURNS_MAX)
			fail_msg("%s", "something is due for ever");
	} while (!session_view(stage->session)->over && stage->expected_ms <= stage->now.ms);
}

static void move_clock(struct stage *stage, int64_t by)
{
	stage->now.ms += by;
	stage->now.wall_ms += by;
}

void stage_advance(struct stage *stage, int64_t ms)
{
	int64_t end = stage->now.ms + ms;

	stage_settle(stage);
	while (!session_view(stage->session)->over && stage->expected_ms <= end) {
		move_clock(stage, stage->expected_ms - stage->now.ms);
		stage_settle(stage);
	}
	move_clock(stage, end - stage->now.ms);
	stage_settle(stage);
}

void stage_sleep(struct stage *stage, int64_t ms)
{
	move_clock(stage, ms);
	stage_settle(stage);
}

void stage_input(struct stage *stage, enum input_kind kind, int key, bool alone)
{
	const struct input_event event = { .kind = kind, .key = key, .alone = alone };

	if (stage->watch)
		stage->watch(stage->watch_arg, &event);
	session_input(stage->session, &event, stage->now);
}

void stage_key(struct stage *stage, int key)
{
	stage_input(stage, INPUT_KEY, key, true);
	stage_settle(stage);
}

static void take_events(struct stage *stage)
{
	struct input_event event;

	while (input_decoder_next(&stage->decoder, &event)) {
		if (stage->watch)
			stage->watch(stage->watch_arg, &event);
		session_input(stage->session, &event, stage->now);
	}
}

void stage_read(struct stage *stage, const char *bytes, size_t length)
{
	input_decoder_feed(&stage->decoder, bytes, length, stage->now.ms);
	take_events(stage);
}

void stage_type(struct stage *stage, const char *keys)
{
	stage_read(stage, keys, strlen(keys));
	stage_settle(stage);
}

void stage_paste(struct stage *stage, const char *text)
{
	char bytes[400];

	snprintf(bytes, sizeof(bytes), "\033[200~%s\033[201~", text);
	stage_type(stage, bytes);
}

void stage_confirm(struct stage *stage, char key)
{
	stage_key(stage, key);
	assert_int_equal(session_view(stage->session)->mode, MODE_QUESTION);
	stage_advance(stage, QUESTION_GUARD_MS);
	stage_key(stage, 'y');
}

void stage_choose(struct stage *stage, int64_t uid)
{
	struct view *view = session_view(stage->session)->list;
	size_t row;

	for (row = 0; row < view_rows(view); row++)
		if (view_at(view, row).uid == uid) {
			view_move_to(view, row);
			return;
		}
	fail_msg("db:%lld is not shown", (long long)uid);
}

#define RESULTS_MAX 8

const char *stage_result(struct stage *stage, int64_t uid, size_t index, enum row_width width)
{
	static struct fact clause;
	struct cluster_result result[RESULTS_MAX];

	clause.text[0] = '\0';
	if (cluster_results(stage->cluster, uid, result, RESULTS_MAX) > index)
		row_format_result(&clause, &result[index], width, stage->now.ms);
	return clause.text;
}

const char *stage_result_text(struct stage *stage, int64_t uid)
{
	return stage_result(stage, uid, 0, ROW_FULL);
}
