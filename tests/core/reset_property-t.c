/*
 * The invariants of doc/reset-contract.md, on random events.
 *
 *   reset_property-t [SEED]	repeats one run, with the seed that a failure printed
 */
#include "bdbtop/core/array.h"
#include "tests/alloc.h"
#include "tests/core/reset_invariants.h"

#define RUNS 10000
#define SEED 20261121

/* Applies an event and checks the effect. */
static void apply_event(struct reset_checker *w, const struct reset_event *event)
{
	enum reset_state before = reset_state(w->reset);
	enum reset_outcome outcome = reset_outcome(w->reset);
	bool line = w->line_in_flight;
	size_t length = strlen(w->trace);

	w->event = event->kind;
	if (event->kind == EV_LINE_WRITTEN || event->kind == EV_LINE_FAILED)
		w->line_in_flight = false;
	snprintf(w->trace + length, sizeof(w->trace) - length, "%d:%d ", (int)before % 100,
		 (int)event->kind % 100);
	if (w->memory_out)
		alloc_limit(0);
	w->effect = reset_apply(w->reset, event, w->now);
	alloc_limit(-1);
	if (w->effect == DO_READ) {
		require(w, !w->read_in_flight, "one read at a time");
		w->read_in_flight = true;
		w->read_ms = w->now.ms;
		w->read_step = w->step;
	} else if (w->effect == DO_PUT || w->effect == DO_PUT_BODY) {
		w->puts[w->put_count++] =
			(struct reset_put_record){ .step = w->step,
						   .with_body = w->effect == DO_PUT_BODY };
		w->put_in_flight = true;
		check_put(w, line);
	} else if (w->effect == DO_CHECK_PATH) {
		w->path_in_flight = true;
		w->paths++;
		check_path(w);
	} else if (w->effect == DO_WRITE_LINE) {
		w->line_in_flight = reset_state(w->reset) == RESET_NOTING;
	}
	if (reset_outcome(w->reset) == OUTCOME_CLEARED && outcome != OUTCOME_CLEARED)
		check_cleared(w);
	require(w, before != RESET_END || reset_state(w->reset) == RESET_END, "I5: the end");
	require(w, before != RESET_END || outcome == reset_outcome(w->reset) ||
			   outcome == OUTCOME_UNCHANGED, "I5: an end became another one");
	require(w, reset_state(w->reset) != RESET_END ||
			   (w->effect != DO_READ && w->effect != DO_WRITE_LINE &&
			    w->effect != DO_CHECK_PATH), "I5: after the end");
	check_target(w);
}

static void apply_event_of_kind(struct reset_checker *w, enum reset_event_kind kind)
{
	bool fails = kind == EV_LINE_FAILED || (kind == EV_UNSENT && random_percent(w, 30));
	struct reset_event event = { .kind = kind, .failure = fails ? "full" : NULL };

	if (kind == EV_CANCEL || kind == EV_QUIT || kind == EV_QUIT_TIMEOUT || kind == EV_REFUSED)
		w->stopped = true;
	if (kind == EV_REFUSED)
		w->refused = true;
	if (kind == EV_LOGGED_IN)
		w->refused = false;
	if (kind == EV_LOGGED_IN && reset_state(w->reset) == RESET_HELD)
		w->read_in_flight = false;	/* dropped with the old log-in */
	if (kind == EV_TYPED_YES && reset_state(w->reset) == RESET_ASKING2) {
		if (reset_question(w->reset) == ASK_AUDIT_LOG)
			w->yes_audit_log = true;
		else
			w->yes_running = true;
		w->confirmed = w->step;
	}
	if (kind == EV_CONFIRM && reset_state(w->reset) == RESET_ASKING)
		w->confirmed = w->step;
	apply_event(w, &event);
}

static void make_idle(struct reset_checker *w, struct op *op)
{
	static const struct {
		enum field_presence presence;
		const char *status;
	} spellings[] = { { FIELD_ABSENT, "" }, { FIELD_NULL, "" }, { FIELD_PRESENT, "" },
			  { FIELD_PRESENT, "idle" } };
	unsigned i = random_below(w, 4);

	op->status_presence = spellings[i].presence;
	op->status = spellings[i].status;
	op->reason_presence = random_below(w, 2) ? FIELD_ABSENT : FIELD_NULL;
	op->reason = "";
}

/* The database as a read may return it: mostly unchanged. */
static void make_record(struct reset_checker *w, struct bdb *bdb)
{
	struct op *op = &bdb->op[w->wanted.kind];
	unsigned what = random_below(w, 100);

	*bdb = w->evidence;
	op->phase = (enum op_phase)random_below(w, 7);
	op->percent_presence = random_below(w, 2) ? FIELD_PRESENT : FIELD_ABSENT;
	op->percent = random_below(w, 100);
	if (what < 60 || (w->usual && random_percent(w, 90))) {
		return;
	} else if (what < 76) {
		make_idle(w, op);
	} else if (what < 80) {
		make_idle(w, op);
		op->reason_presence = FIELD_PRESENT;
		op->reason = random_below(w, 2) ? w->evidence.op[w->wanted.kind].reason : "other";
	} else if (what < 90) {
		op->status_presence = FIELD_PRESENT;
		op->status = what < 84 ? "exporting" : what < 87 ? "succeeded" : "pondering";
		op->reason = random_below(w, 2) ? op->reason : "other";
	} else if (what < 93) {
		op->reason_presence = FIELD_PRESENT;
		op->reason = "other";
	} else if (what < 95) {
		bdb->name = "another";
	} else if (what < 97) {
		bdb->created_s++;
	} else {
		op->status_presence = random_below(w, 2) ? FIELD_INVALID : FIELD_PRESENT;
		op->reason_presence = random_below(w, 2) ? FIELD_INVALID : FIELD_NOT_REQUESTED;
		bdb->name_presence = random_below(w, 4) ? FIELD_PRESENT : FIELD_INVALID;
	}
	if (random_percent(w, 3))
		bdb->created_presence = FIELD_NOT_REQUESTED;
	if (random_percent(w, 10)) {
		make_idle(w, op);
		bdb->name_presence = FIELD_INVALID;
	}
}

static void send_read(struct reset_checker *w, struct reset_read_record *read, bool own)
{
	static const int64_t nothing_changed;
	struct bdb other;
	const struct bdb *at[3] = { &read->record, &read->record, &other };
	struct observation observation = { .kind = read->what, .requested_ms = read->requested_ms,
				    .received_ms = w->now.ms, .bdbs = at, .count = read->copies,
				    .unreadable = read->unreadable, .uid = 7 };
	struct reset_event event = { .kind = EV_READ, .read = &observation, .own_read = own };

	bdb_init(&other, 8);
	/* both forms: what was listed is only in bdbs */
	if (read->what == OBS_LIST && w->step % 2)
		observation.changed = &nothing_changed;
	if (read->what == OBS_LIST && read->copies < 2) {
		at[read->copies] = &other;
		observation.count = read->copies + 1;
	}
	w->memory_out = random_percent(w, 3);
	read->stored = !w->memory_out;
	read->step = w->step;
	w->reads[w->read_count++] = *read;
	apply_event(w, &event);
	w->memory_out = false;
}

static void answer_own_read(struct reset_checker *w)
{
	struct reset_read_record read = { .own = true,
					  .requested_ms = w->read_ms,
					  .request_step = w->read_step };
	unsigned what = random_below(w, 100);

	read.what = what < 86 || w->usual ? OBS_ONE : what < 90 ? OBS_GONE : OBS_BAD;
	read.copies = read.what == OBS_ONE;
	make_record(w, &read.record);
	w->read_in_flight = false;
	send_read(w, &read, true);
}

/* A new or old list, a read of another reset, or an old read that claims to be the own one. */
static void send_unrelated_read(struct reset_checker *w)
{
	struct reset_read_record read = {
		.requested_ms = w->now.ms - (random_below(w, 2) ? 0 : random_below(w, 30000))
	};
	bool own = random_percent(w, 20);

	/* requested at the time of the answer, so not after it */
	if (w->put_count && w->puts[w->put_count - 1].answered && random_percent(w, 20))
		read.requested_ms = w->puts[w->put_count - 1].answer.received_ms;
	read.what = (enum observation_kind)random_below(w, 4);
	if (random_percent(w, 50))
		read.what = OBS_LIST;
	read.copies = read.what == OBS_LIST ? (random_percent(w, 85) ? 1 + random_percent(w, 8) : 0)
					    : read.what == OBS_ONE;
	read.unreadable = read.what == OBS_LIST ? random_percent(w, 10) : 0;
	make_record(w, &read.record);
	/* older than the own read, else the reset could not tell them apart */
	if (own && w->read_in_flight && read.what != OBS_LIST) {
		read.requested_ms = w->read_ms - 1 - random_below(w, 5000);
		w->read_in_flight = false;
	}
	send_read(w, &read, own);
}

static void make_answer(struct reset_checker *w, struct reset_answer *answer)
{
	static const unsigned codes[] = {
		200, 200, 200, 200, 200, 200, 200, 200, 200, 409, 409, 409, 409, 409,
		409, 409, 409, 409, 409, 409, 400, 411, 415, 307, 307, 307, 401, 403,
		404, 404, 406, 503, 503, 500, 0,   0,	0,   418, 202, 302,
	};

	*answer = (struct reset_answer){ .complete = true, .took_ms = random_below(w, 12000) };
	answer->status = codes[random_below(w, ARRAY_SIZE(codes))];
	if (w->usual && random_percent(w, 95))
		answer->status = w->usual;
	answer->complete = answer->status && !random_percent(w, w->usual ? 1 : 6);
	answer->can_follow = answer->status == 307 && random_percent(w, 90);
	answer->unsent = !answer->status && random_percent(w, 30);
	answer->received_ms = w->now.ms - random_below(w, 3);
}

static void answer_put(struct reset_checker *w)
{
	struct reset_put_record *put = &w->puts[w->put_count - 1];
	struct reset_event event = { .kind = EV_ANSWER, .answer = &put->answer };

	make_answer(w, &put->answer);
	put->learned = event.form_learned = !put->with_body && random_percent(w, 10);
	put->answered = true;
	put->answer_step = w->step;
	w->put_in_flight = false;
	apply_event(w, &event);
}

static void answer_path(struct reset_checker *w)
{
	struct reset_event event = { .kind = EV_PATH, .path = (enum path_state)random_below(w, 3) };

	w->path_in_flight = false;
	apply_event(w, &event);
}

static void send_unrelated_event(struct reset_checker *w)
{
	struct reset_answer answer;
	struct reset_event event = { .kind = EV_ANSWER, .answer = &answer };
	unsigned kind = random_percent(w, 50) ? EV_READ : random_below(w, EV_TIMER + 1);

	switch (kind) {
	case EV_READ:
		send_unrelated_read(w);
		break;
	case EV_ANSWER:
		make_answer(w, &answer);
		if (!w->put_in_flight)
			apply_event(w, &event);
		break;
	case EV_PATH:
		/* exactly one answer per OPTIONS */
		if (w->path_in_flight)
			answer_path(w);
		break;
	case EV_LINE_WRITTEN:
	case EV_LINE_FAILED:
		if (!w->line_in_flight)
			apply_event_of_kind(w, kind);
		break;
	case EV_UNSENT:
		/* valid only right after an effect, so not here */
		apply_event_of_kind(w, EV_TIMER);
		apply_event_of_kind(w, kind);
		break;
	default:
		/* few events that end the reset, so that runs get longer */
		if (kind == EV_LOGGED_IN || kind == EV_TIMER || kind == EV_REQUEST_SLOT ||
		    random_percent(w, 25))
			apply_event_of_kind(w, kind);
	}
}

/* The event that the reset waits for. */
static void send_awaited_event(struct reset_checker *w)
{
	enum reset_state state = reset_state(w->reset);

	if (w->line_in_flight)
		apply_event_of_kind(w, random_percent(w, 85) ? EV_LINE_WRITTEN : EV_LINE_FAILED);
	else if (w->put_in_flight)
		answer_put(w);
	else if (w->read_in_flight)
		answer_own_read(w);
	else if (w->path_in_flight)
		answer_path(w);
	else if (state == RESET_ASKING)
		apply_event_of_kind(w, random_percent(w, 97) ? EV_CONFIRM : EV_DECLINE);
	else if (state == RESET_ASKING2)
		apply_event_of_kind(w, random_percent(w, 90) ? EV_TYPED_YES : EV_DECLINE);
	else if (state == RESET_HELD)
		apply_event_of_kind(w, EV_LOGGED_IN);
	else if (reset_needs_slot(w->reset, w->now.ms))
		apply_event_of_kind(w, EV_REQUEST_SLOT);
	else
		apply_event_of_kind(w, EV_TIMER);
}

/* Events right after an effect: a request not sent for lack of a slot, or the result of a line. */
static void report_at_once(struct reset_checker *w)
{
	if (w->effect == DO_WRITE_LINE && !w->line_in_flight)
		apply_event_of_kind(w, random_percent(w, 80) ? EV_LINE_WRITTEN : EV_LINE_FAILED);
	else if (w->effect == DO_READ && random_percent(w, 3)) {
		w->read_in_flight = false;
		apply_event_of_kind(w, EV_UNSENT);
	} else if ((w->effect == DO_PUT || w->effect == DO_PUT_BODY) && random_percent(w, 5)) {
		w->put_in_flight = false;
		w->put_count--;
		apply_event_of_kind(w, EV_UNSENT);
	} else if (w->effect == DO_CHECK_PATH && random_percent(w, 10)) {
		w->path_in_flight = false;
		w->paths--;
		apply_event_of_kind(w, EV_UNSENT);
	} else if (w->effect == DO_READ_MODULES) {
		apply_event_of_kind(w, EV_MODULES);
	}
}

static void advance_clock(struct reset_checker *w)
{
	int64_t due_ms = reset_due(w->reset), by_ms = random_below(w, 50);

	if (due_ms != TIME_NEVER && due_ms > w->now.ms && random_percent(w, 60))
		by_ms = due_ms - w->now.ms;
	else if (random_percent(w, 5))
		by_ms = random_below(w, 20000);
	w->now.ms += by_ms;
	w->now.wall_ms += by_ms;
}

static void begin(struct reset_checker *w, unsigned seed)
{
	static const char *const statuses[] = { "failed", "failed", "failed", "exporting", "" };
	struct bdb shown;
	struct op *op;

	memset(w, 0, sizeof(*w));
	w->seed = seed;
	w->random = seed * 0x9e3779b97f4a7c15u + 1;
	w->step = 1;
	w->noise = (unsigned[]){ 0, 5, 20, 60 }[random_below(w, 4)];
	w->usual = (unsigned[]){ 0, 0, 0, 0, 409, 409, 307, 400 }[random_below(w, 8)];
	w->now = (struct moment){ 100000, 1800000000000 };
	bdb_init(&w->evidence, 7);
	w->evidence.name = "orders";
	w->evidence.name_presence = w->evidence.created_presence = FIELD_PRESENT;
	w->evidence.created_s = 1700000000;
	w->wanted = (struct reset_target){ .reset_id = 5,
					   .id = { 3, 7 },
					   .seed = seed,
					   .kind = random_below(w, 2) ? OP_BACKUP : OP_EXPORT,
					   .bulk = random_percent(w, 20),
					   .interactive = random_percent(w, 80) };
	op = &w->evidence.op[w->wanted.kind];
	op->status = statuses[random_below(w, 5)];
	op->status_presence = *op->status	   ? FIELD_PRESENT
			      : random_below(w, 2) ? FIELD_ABSENT
						   : FIELD_NULL;
	op->reason_presence = FIELD_PRESENT;
	op->reason = "no-permission";

	/* the target copies what the screen shows, and the screen changes after that */
	shown = w->evidence;
	shown.name = strcpy(w->name, shown.name);
	shown.op[w->wanted.kind].status = strcpy(w->status, op->status);
	shown.op[w->wanted.kind].reason = strcpy(w->reason, op->reason);
	w->wanted.evidence = &shown;
	w->reset = reset_new(reset_target_new(&w->wanted), false, w->now.ms);
	strcpy(w->name, "screen");
	strcpy(w->status, "idle");
	strcpy(w->reason, "changed");
	shown.uid = 8;
}

static void run_once(struct reset_checker *w, unsigned seed)
{
	begin(w, seed);
	for (; w->step < STEPS - 4; w->step++) {
		if (random_percent(w, w->noise))
			send_unrelated_event(w);
		else
			send_awaited_event(w);
		report_at_once(w);
		advance_clock(w);
		if (reset_state(w->reset) == RESET_END) {
			check_text(w);
			if (!reset_is_watched(w->reset) && random_percent(w, 20))
				break;
		}
	}
}

static unsigned first_seed = SEED, runs = RUNS;

static void keeps_its_invariants_whatever_happens(void **state)
{
	static struct reset_checker w;
	unsigned run, ends[OUTCOME_UNKNOWN + 1] = { 0 }, most = 0, outcome;

	for (run = 0; run < runs; run++) {
		run_once(&w, first_seed + run);
		ends[reset_outcome(w.reset)]++;
		if (w.put_count > most)
			most = (unsigned)w.put_count;
		reset_free(w.reset);
	}
	/* an outcome that no run reached was not tested */
	for (outcome = OUTCOME_DECLINED; runs == RUNS && outcome <= OUTCOME_UNKNOWN; outcome++)
		if (!ends[outcome])
			fail_msg("no run ended with outcome %u", outcome);
	assert_true(runs != RUNS || most > 7);
}

/* Without noise every reset ends, whatever the cluster answers. */
static void ends_when_everything_awaited_happens(void **state)
{
	static struct reset_checker w;
	unsigned run;

	for (run = 0; run < runs; run++) {
		begin(&w, first_seed + run);
		for (; w.step < STEPS - 4 && reset_state(w.reset) != RESET_END; w.step++) {
			int64_t due_ms;

			send_awaited_event(&w);
			report_at_once(&w);
			due_ms = reset_due(w.reset);
			if (due_ms != TIME_NEVER && due_ms > w.now.ms)
				w.now.ms = due_ms;
		}
		require(&w, reset_state(w.reset) == RESET_END, "an end");
		reset_free(w.reset);
	}
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keeps_its_invariants_whatever_happens),
		cmocka_unit_test(ends_when_everything_awaited_happens),
	};

	if (argc > 1) {
		first_seed = (unsigned)strtoul(argv[1], NULL, 10);
		runs = 1;
	}
	return tap_run(tests);
}
