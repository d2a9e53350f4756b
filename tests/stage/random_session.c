#include "tests/stage/random_session.h"

#include "bdbtop/core/array.h"
#include "tests/random.h"
#include "tests/tap.h"
#include "tests/terminal_noise.h"

#define STEPS 60

struct random_session {
	uint64_t rng; /* random_below() */
	struct stage stage;
	struct invariant_checker checker;
	bool trust_lost, sleepy, refusing;
	bool moved; /* a key may have moved the cursor */
	struct noise noise;
	bool noisy; /* the events now are noise */
	unsigned noises;
	unsigned uids; /* number of databases at the start */
};

/* More than 10, so that a bulk asks for its number. */
static const int uids[] = { 7, 12, 44, 58, 1, 2, 3, 4, 5, 6, 8, 9, 10, 11 };
#define FEW 4
#define ALL ARRAY_SIZE(uids)

/* --- the cluster ----------------------------------------------------------------------------- */

static const char *const statuses[] = {
	"failed:x", "failed:x",	   "failed:y",	  "succeeded:~", "~:~", ":",	    "idle:~",
	"idle:x",   "exporting:~", "pondering:~", "!",		 "failed:~",
};
static const char *const kinds[] = { "backup", "export", "import" };

static void change_status(struct random_session *run)
{
	const char *status = statuses[random_below(&run->rng, ARRAY_SIZE(statuses))];
	int uid = uids[random_below(&run->rng, run->uids)];

	stage_script(&run->stage, "bdb %d %s=%s", uid, kinds[random_below(&run->rng, 3)],
		     random_below(&run->rng, 3) ? "failed:x" : status);
}

static void change_identity(struct random_session *run)
{
	int uid = uids[random_below(&run->rng, run->uids)];

	switch (random_below(&run->rng, 4)) {
	case 0:
		stage_script(&run->stage, "bdb %d name=%s", uid,
			     random_below(&run->rng, 2) ? "a" : "b");
		break;
	case 1:
		stage_script(&run->stage, "bdb %d created=2026-11-%02uT00:00:00Z", uid,
			     1 + random_below(&run->rng, 3));
		break;
	case 2:
		stage_script(&run->stage, "gone %d", uid);
		break;
	default:
		stage_script(&run->stage, "bdb %d created=~", uid);
		break;
	}
}

static void change_answers(struct random_session *run)
{
	static const char *const lines[] = {
		"put 409",     "put 409",	   "put 409",	     "put 200 keep",
		"put 200 cut", "put 200 cut keep", "put 0",	     "put 0 clear",
		"put 503",     "put 503 clear",	   "put 400",	     "put 411",
		"put 404",     "put 406",	   "put 403",	     "put 422",
		"put 307",     "put 307 follow",   "put 307 follow", "put 0 unsent keep",
		"put 202",     "put 302",	   "put 404",	     "put 429",
	};

	stage_script(&run->stage, "%s", lines[random_below(&run->rng, ARRAY_SIZE(lines))]);
}

static void change_way(struct random_session *run)
{
	static const char *const lines[] = {
		"hold list",	 "release list", "hold one",	  "release one",  "hold put",
		"release put",	 "release put",	 "early on",	  "early off",	  "bad one Bad.",
		"good one",	 "good one",	 "fail No.",	  "recover",	  "recover",
		"unreadable 1",	 "unreadable 0", "lacking m n",	  "hold modules", "release modules",
		"release one",	 "hold data",	 "release data",  "deny alerts",  "spoil actions",
		"allow actions", "ahead 90",	 "ahead 0",	  "hold shards",  "release shards",
		"break events",	 "allow events", "lack bdb-info", "mute shards",  "allow shards",
		"path known",	 "path unknown", "hold path",	  "release path",
		"unrequested ",	 "unrequested ", "unrequested backup_status",
	};

	stage_script(&run->stage, "%s", lines[random_below(&run->rng, ARRAY_SIZE(lines))]);
}

static void refuse(struct random_session *run)
{
	run->trust_lost = !random_below(&run->rng, 3);
	run->refusing = true;
	invariants_on_stop(&run->checker, 0);
	stage_script(&run->stage, "refuse %s Refused.", run->trust_lost ? "trust" : "login");
}

static void log_in(struct random_session *run)
{
	if (!run->refusing || run->trust_lost)
		return;
	run->refusing = false;
	stage_script(&run->stage, "accept");
	cluster_sink()->on_login(run->stage.cluster, run->stage.now.ms);
}

/* --- the user -------------------------------------------------------------------------------- */

static bool is_mover(int key)
{
	static const int movers[] = {
		'n',	     'N',	    'j', 'k', 'g', 'G', KEY_CURSOR_UP, KEY_CURSOR_DOWN,
		KEY_PAGE_UP, KEY_PAGE_DOWN, ' '
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(movers); i++)
		if (key == movers[i])
			return true;
	return false;
}

static void on_input(void *arg, const struct input_event *event)
{
	struct random_session *run = arg;
	const struct session *s = run->stage.session;

	if (run->noisy && !noise_allows(event))
		fail_msg("seed %u: noise became the key %#x", run->checker.seed, event->key);
	invariants_on_input(&run->checker, event);
	/* text typed or pasted into the filter moves the cursor too; so does that of a group */
	run->moved |= is_mover(event->key) || session_view(s)->mode == MODE_FILTER ||
		      session_view(s)->by_cause || session_view(s)->filter_is_cause;
}

static void press_only(struct random_session *run, int key, enum input_kind kind, bool alone)
{
	stage_input(&run->stage, kind, key, alone);
}

static void settle_and_check(struct random_session *run)
{
	stage_settle(&run->stage);
	invariants_check(&run->checker, run->moved);
	run->moved = false;
}

static void press(struct random_session *run, int key)
{
	/* sometimes pasted, sometimes not alone in its read */
	bool pasted = random_below(&run->rng, 40) == 0;

	press_only(run, key, pasted ? INPUT_PASTED : INPUT_KEY, random_below(&run->rng, 20) != 0);
	settle_and_check(run);
}

static void press_all(struct random_session *run, const char *keys)
{
	for (; *keys && !session_view(run->stage.session)->over; keys++)
		press(run, (unsigned char)*keys);
}

static void wait(struct random_session *run, int64_t ms)
{
	stage_advance(&run->stage, ms);
	settle_and_check(run);
}

/* Bytes that a terminal sends by itself, in several reads. */
static void send_noise(struct random_session *run)
{
	struct noise *noise = &run->noise;
	size_t from, to;
	int64_t gap_ms;

	noise->state = run->rng;
	random_below(&run->rng, 2);
	noise_make(noise);
	run->noisy = true;
	run->noises++;
	for (from = 0; from < noise->length && !session_view(run->stage.session)->over; from = to) {
		to = noise_split(noise, from, &gap_ms);
		stage_read(&run->stage, (const char *)noise->bytes + from, to - from);
		settle_and_check(run);
		wait(run, gap_ms);
	}
	/* ends the sequence, so that the user's next key is not part of it */
	if (!session_view(run->stage.session)->over)
		wait(run, noise->open ? INPUT_SILENCE_MS : INPUT_ESCAPE_MS);
	run->noisy = false;
}

static void press_something(struct random_session *run)
{
	static const char typed[] = "bbeiynxXq/l?pjkgGa\033\r\003\025\177 *u!srtdcBNSY";
	static const int others[] = { KEY_FUNCTION_5, KEY_CURSOR_UP, KEY_CURSOR_DOWN,
				      KEY_PAGE_DOWN };
	unsigned key = random_below(&run->rng, sizeof(typed) - 1 + ARRAY_SIZE(others));

	press(run, key < ARRAY_SIZE(others) ? others[key] : typed[key - ARRAY_SIZE(others)]);
}

/* A change between a question and its answer. */
static void change_something(struct random_session *run)
{
	switch (random_below(&run->rng, 6)) {
	case 0:
		change_identity(run);
		break;
	case 1:
		wait(run, 5000);
		break;
	case 2:
		session_set_page_rows(run->stage.session, 1 + random_below(&run->rng, 20));
		break;
	case 3:
		change_way(run);
		break;
	default:
		change_status(run);
		break;
	}
}

/* Opens or closes the detail, or moves the cursor, which an open detail follows. */
static void use_detail(struct random_session *run)
{
	static const int ways[] = { KEY_RETURN, KEY_RETURN, 'j', 'k', KEY_ESCAPE };

	press(run, ways[random_below(&run->rng, ARRAY_SIZE(ways))]);
}

/* The detail never shows data of another database, in whatever order replies come. */
static void check_detail(const struct random_session *run)
{
	const struct detail *detail = cluster_detail(run->stage.cluster);
	const struct cluster_data *data = &detail->data;
	size_t i;

	assert_in_range(script_counts(run->stage.script)->data_in_flight, 0, 1);
	for (i = 0; i < data->event_count; i++)
		assert_int_equal(data->events[i].uid, detail->uid);
	for (i = 0; i < data->alert_count; i++)
		assert_int_equal(data->alerts[i].uid, detail->uid);
	for (i = 0; i < data->action_count; i++)
		assert_int_equal(data->actions[i].uid, detail->uid);
	for (i = 0; i < data->shard_count; i++)
		assert_int_equal(data->shards[i].bdb, detail->uid);
	assert_true(!detail->bdb_info || detail->bdb_info->uid == detail->uid);
	assert_true(detail->uid || !detail->history_count);
}

static bool takes_word(const struct random_session *run)
{
	char word[QUESTION_WORD];

	question_word(&session_view(run->stage.session)->question, word);
	return word[0] != '\0';
}

/* The keys of a user who wants a reset, with mistakes. */
static void want_reset(struct random_session *run)
{
	unsigned down = random_below(&run->rng, run->uids);

	press(run, 'g');
	while (down--)
		press(run, 'j');
	press(run, "bbei"[random_below(&run->rng, 4)]);
	if (random_below(&run->rng, 10))
		wait(run, 200 + random_below(&run->rng, 100));
	if (!random_below(&run->rng, 4))
		change_status(run);
	if (session_view(run->stage.session)->over)
		return;
	press_all(run, takes_word(run) ? "yes\r" : "y");
}

/* A word, sometimes with a typing error. */
static void type_word(struct random_session *run)
{
	char word[QUESTION_WORD + 2];

	question_word(&session_view(run->stage.session)->question, word);
	if (!random_below(&run->rng, 4))
		word[strlen(word) - 1]++;
	strcat(word, "\r");
	press_all(run, word);
}

/* The keys of a user who wants a bulk reset. */
static void want_bulk(struct random_session *run)
{
	unsigned some = random_below(&run->rng, 4);

	if (session_view(run->stage.session)->mode != MODE_LIST)
		return;
	while (some--) {
		press(run, ' ');
		press(run, 'j');
	}
	if (random_below(&run->rng, 2))
		press(run, '*');
	press(run, "bbei"[random_below(&run->rng, 4)]);
	if (random_below(&run->rng, 3))
		change_something(run);
	wait(run, 200 + random_below(&run->rng, 100));
	if (random_below(&run->rng, 2))
		change_something(run);
	if (session_view(run->stage.session)->over)
		return;
	if (takes_word(run))
		type_word(run);
	else
		press(run, 'y');
}

static void answer_question(struct random_session *run)
{
	const struct question *question = &session_view(run->stage.session)->question;

	if (!random_below(&run->rng, 3))
		send_noise(run);
	wait(run, 245 + random_below(&run->rng, 20));
	if (session_view(run->stage.session)->mode != MODE_QUESTION)
		return;
	if (takes_word(run))
		type_word(run);
	else
		press(run,
		      question->kind == QUESTION_QUIT && random_below(&run->rng, 8) ? 'n' : 'y');
}

/* Two keys in one read. */
static void press_at_once(struct random_session *run)
{
	press_only(run, "beix/q* "[random_below(&run->rng, 8)], INPUT_KEY, false);
	press_only(run, "yyyn\r\033"[random_below(&run->rng, 6)], INPUT_KEY, false);
	settle_and_check(run);
}

static void advance_time(struct random_session *run)
{
	static const int64_t spans[] = { 1,    100,  300,  300,	  700,	 1000,
					 2300, 5000, 5000, 11000, 20000, 65000 };

	wait(run, spans[random_below(&run->rng, ARRAY_SIZE(spans))]);
}

static void sleep_on(struct random_session *run)
{
	bool late = random_below(&run->rng, 2);

	if (late && run->stage.expected_ms != TIME_NEVER)
		invariants_on_sleep(&run->checker);
	/* and a held answer arrives meanwhile */
	if (random_below(&run->rng, 2))
		stage_script(&run->stage, "release one");
	if (random_below(&run->rng, 2))
		stage_script(&run->stage, "release put");
	stage_sleep(&run->stage, late ? 400000 : 20000);
	invariants_check(&run->checker, false);
}

static void step(struct random_session *run)
{
	unsigned what = random_below(&run->rng, 100);

	if (session_view(run->stage.session)->mode == MODE_QUESTION && what < 50)
		answer_question(run);
	else if (what < 18)
		want_reset(run);
	else if (what < 26)
		want_bulk(run);
	else if (what < 32)
		advance_time(run);
	else if (what < 36)
		send_noise(run);
	else if (what < 50)
		press_something(run);
	else if (what < 54)
		press_at_once(run);
	else if (what < 70)
		change_answers(run);
	else if (what < 80)
		change_way(run);
	else if (what < 86)
		change_status(run);
	else if (what < 88)
		use_detail(run);
	else if (what < 92)
		change_identity(run);
	else if (what < 94)
		fake_audit_log_fails(run->stage.audit_log, random_below(&run->rng, 3) == 0);
	else if (what < 96)
		log_in(run);
	else if (what < 97 && run->sleepy)
		sleep_on(run);
	else if (what == 98 && run->sleepy && !run->refusing)
		refuse(run);
	else
		press(run, KEY_ESCAPE);
}

static void count_run(const struct invariant_checker *b, struct session_tally *tally)
{
	size_t i;

	tally->questions += b->questions;
	tally->confirmations += b->confirmations;
	tally->bulks += b->confirmed_bulk != 0;
	tally->big_bulks += b->confirmed_targets > BULK_TYPED;
	for (i = 1; i <= b->last_reset_id; i++) {
		tally->puts += b->targets[i].puts;
		tally->bulk_puts += b->targets[i].bulk_id ? b->targets[i].puts : 0;
	}
}

/* Data about each database. */
static void set_data(struct random_session *run)
{
	size_t k;

	for (k = 0; k < run->uids; k++) {
		stage_script(&run->stage, "event 2026-11-21T20:00:%02zuZ backup_failed %d", k,
			     uids[k]);
		stage_script(&run->stage, "alert %d", uids[k]);
		stage_script(&run->stage, "action %d running shard=1 percent=3", uids[k]);
		stage_script(&run->stage, "shard %d uid=%d", uids[k], 100 + uids[k]);
		stage_script(&run->stage, "bdb-info %d module=search", uids[k]);
	}
}

static void on_request(void *arg, const struct script_request *request)
{
	struct random_session *run = arg;

	invariants_on_request(&run->checker, request, script_counts(run->stage.script)->in_flight);
}

static void on_reply(void *arg, const struct script_request *request,
		     const struct observation *observation, const struct reset_answer *answer)
{
	struct random_session *run = arg;

	invariants_on_reply(&run->checker, request, observation, answer);
}

static void open_checker(struct random_session *run, unsigned seed)
{
	static const struct script_watch watch = { .on_request = on_request, .on_reply = on_reply };
	const struct invariant_subject subject = { .session = run->stage.session,
						   .cluster = run->stage.cluster,
						   .audit_log = run->stage.audit_log,
						   .now = &run->stage.now };

	invariants_open(&run->checker, &subject, seed);
	script_watch(run->stage.script, &watch, run);
}

void random_session_run(const struct random_session_setup *setup, struct session_tally *tally)
{
	const char *const cluster[] = {
		"latency 0",
		setup->lists ? setup->lists : "lists whole",
		"bdb 7 name=a backup=failed:x",
		"bdb 12 name=a backup=failed:x",
		"bdb 44 name=b backup=exporting:~ export=failed:x",
		"bdb 58 name=b import=failed:y",
		NULL,
	};
	size_t k;
	struct random_session run = { .rng = random_start(setup->seed) };
	int i;

	run.sleepy = random_below(&run.rng, 2);
	run.uids = random_below(&run.rng, 4) ? FEW : ALL;
	stage_open(&run.stage, cluster);
	for (k = FEW; k < run.uids; k++)
		stage_script(&run.stage, "bdb %d name=c backup=failed:x", uids[k]);
	set_data(&run);
	open_checker(&run, setup->seed);
	run.stage.watch = on_input;
	run.stage.watch_arg = &run;
	for (i = 0; i < STEPS && !session_view(run.stage.session)->over; i++) {
		step(&run);
		if (session_view(run.stage.session)->over)
			break;
		stage_settle(&run.stage);
		invariants_check(&run.checker, false);
		check_detail(&run);
		if (setup->on_step)
			setup->on_step(setup->arg, &run.stage);
	}
	if (!session_view(run.stage.session)->over) {
		invariants_on_stop(&run.checker, 0);
		session_terminate(run.stage.session, run.stage.now);
	}
	assert_int_equal(cluster_unfinished_count(run.stage.cluster), 0);
	count_run(&run.checker, tally);
	tally->noises += run.noises;
	invariants_close(&run.checker);
	stage_close(&run.stage);
}
