#include "tests/stage/invariants.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bdbtop/core/array.h"
#include "tests/tap.h"

#define MUST(b, condition, ...)                                                                    \
	do {                                                                                       \
		if (!(condition))                                                                  \
			report(b, #condition, __VA_ARGS__);                                        \
	} while (0)

static void report(const struct invariant_checker *b, const char *condition, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

static void report(const struct invariant_checker *b, const char *condition, const char *fmt, ...)
{
	char text[200];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	fail_msg("seed %u, step %u: %s (%s)", b->seed, b->step, text, condition);
}

/* --- records --------------------------------------------------------------------------------- */

static struct bdb *keep(const struct bdb *bdb)
{
	struct bdb *kept = bdb_copy(bdb);

	if (!kept)
		abort();
	return kept;
}

static bool was_requested(enum field_presence seen)
{
	return seen != FIELD_NOT_REQUESTED && seen != FIELD_INVALID;
}

static bool is_idle(const struct op *op)
{
	return was_requested(op->status_presence) &&
	       (op->status_presence != FIELD_PRESENT || !op->status[0] ||
		!strcmp(op->status, "idle"));
}

static bool has_no_reason(const struct op *op)
{
	return was_requested(op->reason_presence) && !op->reason[0];
}

static bool is_running(const struct op *op, enum op_kind kind)
{
	const char *const *word;

	for (word = op_defs[kind].running_words; *word; word++)
		if (op->status_presence == FIELD_PRESENT && !strcmp(*word, op->status))
			return true;
	return false;
}

static bool is_same_bdb(const struct bdb *a, const struct bdb *b)
{
	return a->uid == b->uid && !strcmp(a->name, b->name) &&
	       (a->created_presence != FIELD_PRESENT || b->created_presence != FIELD_PRESENT ||
		a->created_s == b->created_s);
}

static bool is_same_status(const struct op *a, const struct op *b)
{
	if (!was_requested(a->status_presence) || !was_requested(b->status_presence))
		return false;
	if (strcmp(a->reason, b->reason) != 0)
		return false;
	return (is_idle(a) && is_idle(b)) || !strcmp(a->status, b->status);
}

/* --- requests -------------------------------------------------------------------------------- */

/* I1: one PUT, and one more per 409 (up to 6), per 307 (up to 2), and once for another form. */
static unsigned puts_allowed(const struct checked_target *target)
{
	return 1 + (target->busy < 6 ? target->busy : 6) + (target->moved < 2 ? target->moved : 2) +
	       (target->refused_form ? 1 : 0);
}

static struct checked_read *read_at(const struct invariant_checker *b, size_t number)
{
	return &b->reads[number % CHECKED_READS];
}

static bool is_put_in_flight(const struct checked_target *target)
{
	return target->puts && !target->arrived;
}

/* I2: the read that arrives at this moment is the one that allows the PUT. */
static void check_read_before(const struct invariant_checker *b,
			      const struct checked_target *target, unsigned after)
{
	const struct checked_read *read;
	const struct op *now;
	bool same, runs;

	MUST(b, b->arriving_uid == target->uid && b->read_count,
	     "a PUT to db:%lld without a read of it (I2)", (long long)target->uid);
	read = read_at(b, b->read_count - 1);
	now = &read->bdb->op[target->kind];
	MUST(b, read->alone && read->bdb->uid == target->uid, "%s", "its read is another's");
	MUST(b, read->requested > after, "%s", "its read was asked too early (I2)");
	MUST(b, is_same_bdb(read->bdb, target->evidence), "%s", "it goes to another database");
	same = is_same_status(now, &target->evidence->op[target->kind]);
	runs = is_running(now, target->kind) && target->confirmed_running;
	MUST(b, same || runs, "the read says %s, not what was agreed to (I2)", now->status);
	MUST(b, !target->bulk_id || (same && !strcmp(now->status, "failed")),
	     "a bulk sends db:%lld, which is %s", (long long)target->uid, now->status);
}

static void check_audit_log(const struct invariant_checker *b, unsigned no, unsigned nth)
{
	size_t count = fake_audit_log_count(b->subject.audit_log, AUDIT_EVENTS);
	char want[40];

	snprintf(want, sizeof(want), "sent %u %u 0 ", no, nth);
	if (count && !strcmp(fake_audit_log_line(b->subject.audit_log, count - 1), want))
		return;
	MUST(b, b->targets[no].confirmed_no_audit_log, "ticket %u: PUT %u without its line (I3)",
	     no, nth);
}

static void on_put(struct invariant_checker *b, const struct script_request *request)
{
	unsigned no = request->reset_id;
	struct checked_target *target = &b->targets[no];

	MUST(b, no < CHECKED_TARGETS && target->known, "ticket %u was never asked about", no);
	MUST(b, target->uid == request->uid && target->kind == request->op_kind,
	     "ticket %u: another database or operation (I6)", no);
	MUST(b, target->confirmed, "ticket %u was not agreed to", no);
	MUST(b, !target->stopped, "ticket %u was stopped (I5)", no);
	MUST(b, !target->ended, "ticket %u has ended (I5)", no);
	MUST(b, !is_put_in_flight(target), "ticket %u: two PUTs at once", no);
	MUST(b, ++target->puts <= puts_allowed(target), "ticket %u: %u PUTs, %u were allowed (I1)",
	     no, target->puts, puts_allowed(target));
	check_read_before(b, target, target->puts > 1 ? target->arrived : target->confirmed_at);
	check_audit_log(b, no, target->puts);
	target->arrived = 0;
	bdb_free(target->before);
	target->before = keep(read_at(b, b->read_count - 1)->bdb);
}

void invariants_on_request(struct invariant_checker *b, const struct script_request *request,
			   unsigned in_flight)
{
	b->events++;
	b->requested[request->id % CHECKED_REQUESTS] = b->events;
	MUST(b, in_flight <= 3, "%s", "more than 3 in flight");
	if (request->kind == SCRIPT_PUT)
		on_put(b, request);
}

/* --- replies --------------------------------------------------------------------------------- */

static void add_read(struct invariant_checker *b, const struct script_request *request,
		     const struct bdb *bdb)
{
	struct checked_read *read = read_at(b, b->read_count++);

	bdb_free(read->bdb);
	*read = (struct checked_read){
		.requested = b->requested[request->id % CHECKED_REQUESTS],
		.alone = request->kind == TOPIC_ONE,
		.bdb = keep(bdb),
	};
}

static void count_answer(const struct invariant_checker *b, struct checked_target *target,
			 const struct reset_answer *answer)
{
	target->arrived = b->events;
	target->status = answer->status;
	target->complete = answer->complete;
	target->busy += answer->status == 409;
	target->moved += answer->status == 307;
	target->refused_form +=
		answer->status == 400 || answer->status == 411 || answer->status == 415;
}

void invariants_on_reply(struct invariant_checker *b, const struct script_request *request,
			 const struct observation *observation, const struct reset_answer *answer)
{
	size_t i;

	b->events++;
	b->arriving_uid = 0;
	for (i = 0; observation && i < observation->count; i++)
		add_read(b, request, observation->bdbs[i]);
	if (observation && observation->kind == OBS_ONE)
		b->arriving_uid = request->uid;
	if (answer)
		count_answer(b, &b->targets[request->reset_id], answer);
}

/* --- keys ------------------------------------------------------------------------------------ */

/* True for the reset targets of the question: one, or all of a bulk. */
static bool is_in_question(const struct invariant_checker *b, unsigned no)
{
	const struct checked_target *target = &b->targets[no];

	if (!target->known)
		return false;
	return b->question_bulk ? target->bulk_id == b->question_bulk : no == b->question_reset_id;
}

static void confirm(struct invariant_checker *b)
{
	unsigned no, count = 0;

	for (no = 1; no <= b->last_reset_id; no++)
		if (is_in_question(b, no)) {
			b->targets[no].confirmed = true;
			b->targets[no].confirmed_at = b->events;
			count++;
		}
	if (!b->question_bulk)
		return;
	MUST(b, count == b->question_targets, "%u tickets, the question said %zu", count,
	     b->question_targets);
	b->confirmed_bulk = b->question_bulk;
	b->confirmed_targets = b->question_targets;
	b->bulk_targets[b->question_bulk % ARRAY_SIZE(b->bulk_targets)] = b->question_targets;
}

/* The second question is about one target, but `yes` about the audit log covers its bulk. */
static void confirm_typed(struct invariant_checker *b)
{
	struct checked_target *target = &b->targets[b->question_reset_id];
	unsigned no;

	confirm(b);
	if (b->question == QUESTION_RUNNING) {
		target->confirmed_running = true;
		return;
	}
	for (no = 1; no <= b->last_reset_id; no++)
		if (no == b->question_reset_id ||
		    (target->bulk_id && b->targets[no].bulk_id == target->bulk_id))
			b->targets[no].confirmed_no_audit_log = true;
}

/* These two return true if the question used the key. */
static bool type(struct invariant_checker *b, const struct input_event *event, const char *word)
{
	size_t length = strlen(b->typed);

	if (event->key == KEY_RETURN || event->key == '\n') {
		if (!event->alone)
			return !length;
		if (!strcmp(b->typed, word)) {
			b->confirmations++;
			if (b->question == QUESTION_BULK)
				confirm(b);
			else
				confirm_typed(b);
		}
		return true;
	}
	if (event->key == KEY_RUBOUT || event->key == KEY_CTRL_U) {
		b->typed[event->key == KEY_RUBOUT && length ? length - 1 : 0] = '\0';
		return true;
	}
	if (event->key <= ' ' || event->key >= KEY_RUBOUT || length >= 7)
		return false;
	b->typed[length] = (char)event->key;
	b->typed[length + 1] = '\0';
	return true;
}

static bool press(struct invariant_checker *b, const struct input_event *event)
{
	bool guarded = b->subject.now->ms < b->guard_ms + QUESTION_GUARD_MS;
	char number[24];

	if (event->kind != INPUT_KEY)
		return false;
	if (b->question == QUESTION_RUNNING || b->question == QUESTION_AUDIT_LOG)
		return !guarded && type(b, event, "yes");
	if (b->question == QUESTION_BULK &&
	    (b->question_targets > BULK_TYPED || b->question_by_canary)) {
		snprintf(number, sizeof(number), "%zu", b->question_targets);
		return !guarded && type(b, event, number);
	}
	if (event->key != 'y' || guarded || !event->alone)
		return false;
	b->confirmations++;
	if (b->question == QUESTION_QUIT)
		invariants_on_stop(b, 0);
	else
		confirm(b);
	return true;
}

/* x and X: what they are about waits no longer. */
static void press_cancel(struct invariant_checker *b, const struct input_event *event)
{
	const struct session *s = b->subject.session;
	struct selected_bdb chosen;

	if (session_view(s)->mode != MODE_LIST || event->kind != INPUT_KEY)
		return;
	if (event->key == 'X')
		invariants_on_stop(b, 0);
	/* in the causes view x is about one operation of a group, not about the row of the list */
	if (event->key == 'x' && !session_view(s)->by_cause && session_selected(s, &chosen))
		invariants_on_stop(b, chosen.id.uid);
}

void invariants_on_input(struct invariant_checker *b, const struct input_event *event)
{
	if (b->mode == MODE_QUESTION && !press(b, event))
		b->guard_ms = b->subject.now->ms;
	press_cancel(b, event);
}

void invariants_on_stop(struct invariant_checker *b, int64_t uid)
{
	unsigned no;

	for (no = 1; no <= b->last_reset_id; no++)
		if (b->targets[no].known && (!uid || b->targets[no].uid == uid))
			b->targets[no].stopped = true;
}

void invariants_on_sleep(struct invariant_checker *b)
{
	unsigned no;

	/* one in flight may still be answered with 409 */
	for (no = 1; no <= b->last_reset_id; no++)
		if (b->targets[no].confirmed && !is_put_in_flight(&b->targets[no]))
			b->targets[no].stopped = true;
}

/* --- checks ---------------------------------------------------------------------------------- */

/* Records a reset target when its question opens; it never changes after that. */
static void add_target(struct invariant_checker *b, const struct reset *reset, unsigned bulk)
{
	const struct reset_target *target = reset_target(reset);

	if (target->reset_id >= CHECKED_TARGETS)
		abort();
	if (b->targets[target->reset_id].known)
		return;
	b->targets[target->reset_id] =
		(struct checked_target){ .known = true,
					 .bulk_id = bulk,
					 .uid = target->id.uid,
					 .kind = target->kind,
					 .evidence = keep(target->evidence) };
	if (target->reset_id > b->last_reset_id)
		b->last_reset_id = target->reset_id;
}

static void add_bulk_targets(struct invariant_checker *b, const struct question *question)
{
	const struct reset *reset;
	struct bulk bulk;
	size_t i;

	MUST(b, cluster_bulk(b->subject.cluster, &bulk) && bulk.id == question->bulk_id, "%s",
	     "a question about another bulk");
	b->question_targets = question->bulk_count;
	b->question_by_canary = question->opened_by_canary;
	for (i = 0; (reset = cluster_bulk_reset(b->subject.cluster, i)) != NULL; i++)
		add_target(b, reset, question->bulk_id);
	MUST(b, i == question->bulk_count && i == bulk.target_count, "%zu tickets, it says %zu", i,
	     question->bulk_count);
}

static void check_question(struct invariant_checker *b)
{
	const struct question *question = &session_view(b->subject.session)->question;
	const struct reset *reset = cluster_reset(b->subject.cluster, question->reset_id);

	b->mode = session_view(b->subject.session)->mode;
	if (b->question == question->kind && b->question_reset_id == question->reset_id &&
	    b->question_bulk == question->bulk_id)
		return;
	b->question = question->kind;
	b->question_reset_id = question->reset_id;
	b->question_bulk = question->bulk_id;
	b->questions += question->kind != QUESTION_NONE;
	b->guard_ms = question->drawn ? question->drawn_ms : b->subject.now->ms;
	MUST(b, b->guard_ms >= b->checked_ms, "%s", "drawn before it was there");
	b->typed[0] = '\0';
	if (b->mode != MODE_QUESTION)
		return;
	if (question->kind == QUESTION_BULK)
		add_bulk_targets(b, question);
	if (!question_is_about_reset(question->kind))
		return;
	MUST(b, reset, "%s", "a question without a ticket");
	add_target(b, reset, 0);
}

/* The totals add up to the confirmed targets at any time, also for results that left their row. */
static void check_bulk_counts(const struct invariant_checker *b)
{
	struct bulk bulk;
	size_t i, all, confirmed;
	int outcome;

	for (i = 0; cluster_sum(b->subject.cluster, i, &bulk); i++) {
		for (all = 0, outcome = 0; outcome < BULK_OUTCOMES; outcome++)
			all += bulk.count[outcome];
		confirmed = b->bulk_targets[bulk.id % ARRAY_SIZE(b->bulk_targets)];
		MUST(b, confirmed, "bulk %u was not agreed to", bulk.id);
		MUST(b, bulk.target_count == confirmed && all == confirmed,
		     "%zu in the sum of %zu, %zu were agreed to", all, bulk.target_count,
		     confirmed);
	}
}

/* I4: the seven conditions, from requests and replies. */
static bool may_be_cleared(const struct invariant_checker *b, unsigned no)
{
	const struct checked_target *target = &b->targets[no];
	const struct op *before;
	size_t i;

	if (!target->puts || !target->arrived || target->status != 200 || !target->complete)
		return false;
	before = &target->before->op[target->kind];
	if (is_idle(before) && before->status_presence != FIELD_PRESENT &&
	    before->status_presence != FIELD_NULL)
		return false;
	for (i = b->read_count < CHECKED_READS ? 0 : b->read_count - CHECKED_READS;
	     i < b->read_count; i++) {
		const struct checked_read *read = read_at(b, i);

		if (read->requested > target->arrived && is_same_bdb(read->bdb, target->evidence) &&
		    is_idle(&read->bdb->op[target->kind]) &&
		    has_no_reason(&read->bdb->op[target->kind]))
			return true;
	}
	return false;
}

static void check_targets(struct invariant_checker *b)
{
	unsigned no;

	for (no = 1; no <= b->last_reset_id; no++) {
		struct checked_target *target = &b->targets[no];
		const struct reset *reset = cluster_reset(b->subject.cluster, no);

		if (!target->known)
			continue;
		if (!reset || reset_state(reset) == RESET_END)
			target->ended = true;
		if (!reset)
			continue;
		MUST(b, !target->ended || reset_state(reset) == RESET_END, "ticket %u came back",
		     no);
		MUST(b, bdb_is_equal(reset_target(reset)->evidence, target->evidence),
		     "ticket %u changed (I6)", no);
		if (reset_outcome(reset) == OUTCOME_CLEARED && !target->cleared) {
			target->cleared = true;
			MUST(b, may_be_cleared(b, no), "ticket %u is called cleared (I4)", no);
		}
	}
}

static void check_text(struct invariant_checker *b, int64_t uid)
{
	struct cluster_result result[8];
	struct reset_text words;
	size_t i, count = cluster_results(b->subject.cluster, uid, result, 8);

	for (i = 0; i < count; i++) {
		if (!result[i].reset)
			continue;
		reset_format(result[i].reset, result[i].question_waits, b->subject.now->ms, &words);
		MUST(b, words.full[0] && words.medium[0] && words.letters[0],
		     "db:%lld has no words", (long long)uid);
		if (!strncmp(words.full, "cleared", 7))
			MUST(b, b->targets[reset_target(result[i].reset)->reset_id].cleared,
			     "db:%lld says %s", (long long)uid, words.full);
	}
}

static bool is_shown(const struct invariant_checker *b, int64_t uid)
{
	size_t i;

	for (i = 0; i < b->row_count; i++)
		if (b->rows[i] == uid)
			return true;
	return false;
}

static void check_rows(struct invariant_checker *b, bool moved)
{
	const struct view *view = session_view(b->subject.session)->list;
	const struct roster *roster = cluster_roster(b->subject.cluster);
	bool frozen = b->mode == MODE_QUESTION &&
		      session_view(b->subject.session)->mode == MODE_QUESTION &&
		      b->question == session_view(b->subject.session)->question.kind &&
		      b->question_reset_id == session_view(b->subject.session)->question.reset_id &&
		      b->question_bulk == session_view(b->subject.session)->question.bulk_id;
	struct bdb_id cursor = { 0 };
	size_t i;

	for (i = 0; frozen && i < b->row_count; i++)
		MUST(b, b->row_count == view_rows(view) && view_at(view, i).uid == b->rows[i], "%s",
		     "a row moved under the question");
	b->row_count = view_rows(view);
	for (i = 0; i < b->row_count; i++)
		b->rows[i] = view_at(view, i).uid;
	view_cursor(view, &cursor, NULL);
	MUST(b, !b->row_count || is_shown(b, cursor.uid), "%s", "the cursor is on no row");
	if (!moved && b->cursor && is_shown(b, b->cursor))
		MUST(b, cursor.uid == b->cursor, "the cursor jumped from db:%lld to db:%lld",
		     (long long)b->cursor, (long long)cursor.uid);
	b->cursor = cursor.uid;
	for (i = 0; i < roster_count(roster); i++) {
		int64_t uid = roster_at(roster, i)->bdb->uid;

		check_text(b, uid);
		if (session_view(b->subject.session)->mode != MODE_QUESTION &&
		    cluster_has_result(b->subject.cluster, uid))
			MUST(b, is_shown(b, uid), "db:%lld has a result and no row",
			     (long long)uid);
	}
}

void invariants_check(struct invariant_checker *b, bool moved)
{
	b->arriving_uid = 0;
	check_targets(b);
	check_bulk_counts(b);
	check_rows(b, moved);
	check_question(b);
	b->checked_ms = b->subject.now->ms;
	b->step++;
}

void invariants_open(struct invariant_checker *b, const struct invariant_subject *subject,
		     unsigned seed)
{
	*b = (struct invariant_checker){ .subject = *subject, .seed = seed };
	b->reads = calloc(CHECKED_READS, sizeof(*b->reads));
	if (!b->reads)
		abort();
	invariants_check(b, true);
}

void invariants_close(struct invariant_checker *b)
{
	size_t i;
	unsigned no;

	for (i = 0; i < CHECKED_READS && i < b->read_count; i++)
		bdb_free(b->reads[i].bdb);
	for (no = 1; no <= b->last_reset_id; no++) {
		bdb_free(b->targets[no].evidence);
		bdb_free(b->targets[no].before);
	}
	free(b->reads);
}
