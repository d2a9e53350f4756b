/*
 * tests/core/reset_scenario.h - runs a reset from a line of words, on a fake clock.
 *
 * Words before the first event set up the reset target: `bulk`, `alone` (no terminal), `pictured`
 * (the screen shows it running), `was:READ` (the evidence), `old` (creation time unknown).
 * Then events: y n yes place (a request slot is free) noted unnoted (audit line written, or not)
 * unsent nomemory (for the request) x 401 trust asleep q over login time modules, and known unknown
 * unclear for the answer to OPTIONS.  `+MS` advances the clock; `=CODE` answers the PUT; a READ
 * answers its own DO_READ; `list:READ` is a list requested now, `old:READ` one requested when the
 * PUT was answered.  `slow` is a read answered with 429 and a pause of 7 s.  Every word but `+MS`
 * takes 1 ms.
 */
#pragma once

#include "bdbtop/core/array.h"
#include "bdbtop/core/reset.h"
#include "tests/core/sample.h"
#include "tests/tap.h"

/* Lines up to a state. */
#define TO_SENT "y place same noted "
#define TO_READING TO_SENT "=200 "
#define TO_PROBING TO_SENT "=0 "
#define TO_404 TO_SENT "=404 "
#define TO_WAITING TO_SENT "=409 "
#define TO_PATH TO_404 "same "
#define TO_OPTIONS TO_PATH "place "
#define SAME_20S "+300 place same +20000 place same"
#define SILENT "+120000 time"
#define RETRY(pause) "+" #pause " place same noted =409 "
#define GAVE_UP                                                                                    \
	TO_WAITING RETRY(2200) RETRY(4400) RETRY(8800) RETRY(16500) RETRY(33000) RETRY(33000)

struct reset_scenario {
	struct reset *reset;
	struct moment now;
	int64_t read_ms;		/* its own read was requested then */
	int64_t answer_ms;
	enum reset_effect effect;	/* of the last event */
	unsigned puts, bodies;
	struct bdb evidence;
	struct reset_target wanted;
	bool shown_running;
};

static const char *const scenario_modules[] = { "search", "graph" };

struct scenario_read {
	const char *word;
	enum field_presence status_presence;
	const char *status;
	enum field_presence reason_presence;
	const char *reason;
	double percent;
};

/* The statuses that a read may show. */
static const struct scenario_read scenario_reads[] = {
	{ "same", FIELD_PRESENT, "failed", FIELD_PRESENT, "no-permission", -1 },
	{ "idle", FIELD_ABSENT, "", FIELD_ABSENT, "", -1 },
	{ "null", FIELD_NULL, "", FIELD_NULL, "", -1 },
	{ "empty", FIELD_PRESENT, "", FIELD_PRESENT, "", -1 },
	{ "idled", FIELD_PRESENT, "idle", FIELD_ABSENT, "", -1 },
	{ "idle+", FIELD_PRESENT, "idle", FIELD_PRESENT, "no-permission", -1 },
	{ "absent+", FIELD_ABSENT, "", FIELD_PRESENT, "no-permission", -1 },
	{ "idle++", FIELD_ABSENT, "", FIELD_PRESENT, "general-error", -1 },
	{ "run", FIELD_PRESENT, "exporting", FIELD_ABSENT, "", 3.9 },
	{ "runs", FIELD_PRESENT, "exporting", FIELD_ABSENT, "", -1 },
	{ "run+", FIELD_PRESENT, "exporting", FIELD_PRESENT, "no-permission", 42 },
	{ "moved", FIELD_PRESENT, "succeeded", FIELD_ABSENT, "", -1 },
	{ "again", FIELD_PRESENT, "failed", FIELD_PRESENT, "general-error", -1 },
	{ "failed", FIELD_PRESENT, "failed", FIELD_ABSENT, "", -1 },
	{ "strange", FIELD_PRESENT, "pondering", FIELD_ABSENT, "", -1 },
	{ "unasked", FIELD_NOT_REQUESTED, "", FIELD_ABSENT, "", -1 },
	{ "wrong", FIELD_PRESENT, "failed", FIELD_INVALID, "", -1 },
};

static inline bool scenario_read_find(struct bdb *bdb, const char *word)
{
	size_t i;
	struct op *op = &bdb->op[OP_BACKUP];

	for (i = 0; i < ARRAY_SIZE(scenario_reads); i++) {
		const struct scenario_read *read = &scenario_reads[i];

		if (strcmp(read->word, word) != 0)
			continue;
		sample_status(bdb, OP_BACKUP, read->status, read->reason);
		op->status_presence = read->status_presence;
		op->reason_presence = read->reason_presence;
		op->percent_presence = read->percent < 0 ? FIELD_ABSENT : FIELD_PRESENT;
		op->percent = read->percent;
		op_classify(op, OP_BACKUP);
		return true;
	}
	return false;
}

static inline void scenario_bdb(struct bdb *bdb)
{
	*bdb = sample(7, "orders-eu");
	bdb->modules = scenario_modules;
	bdb->module_count = 2;
	bdb->modules_presence = FIELD_PRESENT;
}

static inline void scenario_start(struct reset_scenario *run)
{
	struct reset_target *target;

	if (run->reset)
		return;
	run->wanted.evidence = &run->evidence;
	target = reset_target_new(&run->wanted);
	assert_non_null(target);
	run->reset = reset_new(target, run->shown_running, run->now.ms);
	assert_non_null(run->reset);
}

static inline void scenario_init(struct reset_scenario *run)
{
	*run = (struct reset_scenario){ .now = { 1000000, 1800000000000 } };
	scenario_bdb(&run->evidence);
	scenario_read_find(&run->evidence, "same");
	run->wanted = (struct reset_target){ .reset_id = 1, .id = { 0, 7 }, .kind = OP_BACKUP,
					.shown_at = run->now, .interactive = true, .seed = 12 };
}

static inline void scenario_turn(struct reset_scenario *run, int64_t ms)
{
	run->now.ms += ms;
	run->now.wall_ms += ms;
}

static inline void scenario_event(struct reset_scenario *run, const struct reset_event *event)
{
	scenario_start(run);
	run->effect = reset_apply(run->reset, event, run->now);
	if (run->effect == DO_READ)
		run->read_ms = run->now.ms;
	run->puts += run->effect == DO_PUT || run->effect == DO_PUT_BODY;
	run->bodies += run->effect == DO_PUT_BODY;
}

static inline void scenario_observe(struct reset_scenario *run,
				    const struct observation *observation, bool own)
{
	scenario_event(run, &(struct reset_event){
				     .kind = EV_READ, .read = observation, .own_read = own });
}

/* A word of scenario_reads, or one that changes more than the backup. */
static inline bool scenario_record(struct bdb *bdb, const char *word)
{
	scenario_bdb(bdb);
	if (scenario_read_find(bdb, word))
		return true;
	scenario_read_find(bdb, "same");
	if (!strcmp(word, "else"))
		bdb->created_s++;
	else if (!strcmp(word, "renamed"))
		bdb->name = "orders-us";
	else if (!strcmp(word, "nameless"))
		bdb->name_presence = FIELD_INVALID, bdb->name = "";
	else if (!strcmp(word, "pending"))
		bdb->state = "import-pending";
	else if (!strcmp(word, "exports"))
		sample_status(bdb, OP_EXPORT, "exporting", "");
	else
		return false;
	return true;
}

static inline bool scenario_read(struct reset_scenario *run, const char *word)
{
	struct bdb bdb;
	const struct bdb *at[] = { &bdb };
	struct observation observation = { .requested_ms = run->read_ms,
				    .received_ms = run->now.ms,
				    .uid = 7 };
	struct err why = { .class = ERR_RETRY, .text = "no reply within 10s." };

	if (!strcmp(word, "gone"))
		observation.kind = OBS_GONE;
	else if (!strcmp(word, "bad") || !strcmp(word, "slow"))
		observation.kind = OBS_BAD, observation.error = &why;
	else if (scenario_record(&bdb, word))
		observation.kind = OBS_ONE, observation.bdbs = at, observation.count = 1;
	else
		return false;
	if (!strcmp(word, "slow"))
		observation.retry_status = 429, observation.retry_ms = run->now.ms + 7000;
	scenario_observe(run, &observation, true);
	return true;
}

static inline bool scenario_list(struct reset_scenario *run, const char *word)
{
	static const int64_t nothing_changed;
	bool old = !strncmp(word, "old:", 4);
	struct bdb bdb, other;
	const struct bdb *at[] = { &other, &bdb };
	struct observation observation = { .kind = OBS_LIST, .bdbs = at, .count = 2,
				    .requested_ms = run->now.ms, .received_ms = run->now.ms };

	if (strncmp(word, "list:", 5) != 0 && !old)
		return false;
	word = strchr(word, ':') + 1;
	/* both forms: what was listed is only in bdbs */
	if (run->now.ms % 2)
		observation.changed = &nothing_changed;
	bdb_init(&other, 8);
	if (old)
		observation.requested_ms = run->answer_ms;
	if (!strcmp(word, "without"))
		observation.count = 1;
	else if (!strcmp(word, "unreadable"))
		observation.count = observation.unreadable = 1;
	else if (!strcmp(word, "twice"))
		at[0] = &bdb, scenario_record(&bdb, "idle");
	else if (!scenario_record(&bdb, word))
		return false;
	scenario_observe(run, &observation, false);
	return true;
}

/* `=409`, `=307f` (may be followed), `=200c` (incomplete), `=400b` (the cluster is known to want a
 * body), `=0` (no answer after 10 s), `=0u` (not sent); `=503:WORDS` with the server's message. */
static inline bool scenario_answer(struct reset_scenario *run, const char *word)
{
	struct reset_answer answer = { .complete = true,
				       .received_ms = run->now.ms,
				       .took_ms = 31 };
	struct reset_event event = { .kind = EV_ANSWER, .answer = &answer };
	char *end;

	if (*word != '=')
		return false;
	answer.status = (unsigned)strtoul(word + 1, &end, 10);
	if (!answer.status) {
		answer.complete = false;
		answer.took_ms = 10020;
		strcpy(answer.failure, "no answer after 10s");
	}
	if (answer.status == 307)
		strcpy(answer.location_host, "10.0.0.3");
	answer.can_follow = *end == 'f';
	answer.unsent = *end == 'u';
	answer.complete = answer.complete && *end != 'c';
	event.form_learned = *end == 'b';
	if (*end == ':')
		snprintf(answer.message, sizeof(answer.message), "%s", end + 1);
	run->answer_ms = run->now.ms;
	scenario_event(run, &event);
	return true;
}

static inline bool scenario_key(struct reset_scenario *run, const char *word)
{
	static const char *const lacking[] = { "graph", "timeseries" };
	static const struct {
		const char *word;
		enum reset_event_kind kind;
		const char *failure;
	} keys[] = {
		{ "y", EV_CONFIRM, NULL },	    { "n", EV_DECLINE, NULL },
		{ "yes", EV_TYPED_YES, NULL },	    { "place", EV_REQUEST_SLOT, NULL },
		{ "noted", EV_LINE_WRITTEN, NULL }, { "unnoted", EV_LINE_FAILED, "No space left." },
		{ "unsent", EV_UNSENT, NULL },	    { "x", EV_CANCEL, NULL },
		{ "nomemory", EV_UNSENT, "out of memory." },
		{ "401", EV_REFUSED, NULL },	    { "trust", EV_REFUSED, "trust lost" },
		{ "asleep", EV_ASLEEP, NULL },	    { "q", EV_QUIT, NULL },
		{ "over", EV_QUIT_TIMEOUT, NULL },  { "login", EV_LOGGED_IN, NULL },
		{ "time", EV_TIMER, NULL },	    { "modules", EV_MODULES, NULL },
		{ "known", EV_PATH, NULL },	    { "unknown", EV_PATH, NULL },
		{ "unclear", EV_PATH, NULL },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(keys); i++) {
		struct reset_event event = { .kind = keys[i].kind, .failure = keys[i].failure,
					     .modules = lacking, .module_count = 2 };

		if (keys[i].kind == EV_PATH)
			event.path = !strcmp(word, "known")	? PATH_KNOWN
				     : !strcmp(word, "unknown") ? PATH_UNKNOWN
								: PATH_UNCLEAR;

		if (strcmp(keys[i].word, word) != 0)
			continue;
		scenario_event(run, &event);
		return true;
	}
	return false;
}

static inline bool scenario_setup(struct reset_scenario *run, const char *word)
{
	if (run->reset)
		return false;
	if (!strcmp(word, "bulk"))
		run->wanted.bulk = true;
	else if (!strcmp(word, "alone"))
		run->wanted.interactive = false;
	else if (!strcmp(word, "pictured"))
		run->shown_running = true, scenario_read_find(&run->evidence, "run");
	else if (!strcmp(word, "old"))
		run->evidence.created_presence = FIELD_NOT_REQUESTED;
	else if (!strncmp(word, "was:", 4))
		return scenario_read_find(&run->evidence, word + 4);
	else
		return false;
	return true;
}

static inline void scenario_word(struct reset_scenario *run, const char *word)
{
	if (scenario_setup(run, word))
		return;
	scenario_start(run);
	if (*word == '+') {
		scenario_turn(run, atol(word + 1));
		return;
	}
	scenario_turn(run, 1);
	if (!scenario_key(run, word) && !scenario_answer(run, word) &&
	    !scenario_list(run, word) && !scenario_read(run, word))
		fail_msg("`%s` is no word of the play", word);
}

/* Continues with more words. */
static inline void scenario_on(struct reset_scenario *run, const char *line)
{
	char copy[400], *word, *rest = NULL;

	snprintf(copy, sizeof(copy), "%s", line);
	for (word = strtok_r(copy, " ", &rest); word; word = strtok_r(NULL, " ", &rest))
		scenario_word(run, word);
	scenario_start(run);
}

static inline void scenario_line(struct reset_scenario *run, const char *line)
{
	scenario_init(run);
	scenario_on(run, line);
}

static inline void scenario_over(struct reset_scenario *run)
{
	reset_free(run->reset);
}
