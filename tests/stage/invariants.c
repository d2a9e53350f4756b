#include "tests/stage/invariants.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/tap.h"

#define MUST(b, condition, ...)                                                                    \
	do {                                                                                       \
		if (!(condition))                                                                  \
			complain(b, #condition, __VA_ARGS__);                                      \
	} while (0)

static void complain(const struct invariant_checker *b, const char *condition, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

static void complain(const struct invariant_checker *b, const char *condition, const char *fmt, ...)
{
	char text[200];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	fail_msg("seed %u, step %u: %s (%s)", b->seed, b->step, text, condition);
}

/* --- sights ---------------------------------------------------------------------------------- */

static struct observed_state observe_state(const struct bdb *bdb)
{
	struct observed_state sight;
	int kind;

	/* compared byte by byte, gaps too */
	memset(&sight, 0, sizeof(sight));
	sight.uid = bdb->uid;
	sight.created_s = bdb->created_s;
	sight.created = bdb->created_presence;
	snprintf(sight.name, sizeof(sight.name), "%s", bdb->name);
	for (kind = 0; kind < OP_KINDS; kind++) {
		const struct op *op = &bdb->op[kind];

		sight.status_presence[kind] = op->status_presence;
		sight.reason_presence[kind] = op->reason_presence;
		snprintf(sight.status[kind], sizeof(sight.status[0]), "%s", op->status);
		snprintf(sight.reason[kind], sizeof(sight.reason[0]), "%s", op->reason);
	}
	return sight;
}

static bool was_asked(enum field_presence seen)
{
	return seen != FIELD_NOT_REQUESTED && seen != FIELD_INVALID;
}

static bool is_idle(const struct observed_state *sight, enum op_kind kind)
{
	const char *status = sight->status[kind];

	return was_asked(sight->status_presence[kind]) &&
	       (sight->status_presence[kind] != FIELD_PRESENT || !status[0] ||
		!strcmp(status, "idle"));
}

static bool has_no_reason(const struct observed_state *sight, enum op_kind kind)
{
	return was_asked(sight->reason_presence[kind]) && !sight->reason[kind][0];
}

static bool is_running(const struct observed_state *sight, enum op_kind kind)
{
	const char *const *word;

	for (word = op_defs[kind].running_words; *word; word++)
		if (sight->status_presence[kind] == FIELD_PRESENT &&
		    !strcmp(*word, sight->status[kind]))
			return true;
	return false;
}

static bool is_same_bdb(const struct observed_state *a, const struct observed_state *b)
{
	return a->uid == b->uid && !strcmp(a->name, b->name) &&
	       (a->created != FIELD_PRESENT || b->created != FIELD_PRESENT ||
		a->created_s == b->created_s);
}

static bool is_same_status(const struct observed_state *a, const struct observed_state *b,
			   enum op_kind kind)
{
	if (!was_asked(a->status_presence[kind]) || !was_asked(b->status_presence[kind]))
		return false;
	if (strcmp(a->reason[kind], b->reason[kind]) != 0)
		return false;
	return (is_idle(a, kind) && is_idle(b, kind)) || !strcmp(a->status[kind], b->status[kind]);
}

/* --- what leaves ----------------------------------------------------------------------------- */

static unsigned puts_of(const struct invariant_checker *b, unsigned reset_id,
			const struct checked_put **last)
{
	unsigned n = 0;
	size_t i;

	*last = NULL;
	for (i = 0; i < b->put_count; i++)
		if (b->puts[i].reset_id == reset_id) {
			*last = &b->puts[i];
			n++;
		}
	return n;
}

/* One PUT, as many more as it was busy, was sent elsewhere, or was refused for its form once. */
static void count_puts(const struct invariant_checker *b, unsigned no)
{
	unsigned sent = 1, busy = 0, moved = 0, form = 0, allowed;
	size_t i;

	for (i = 0; i < b->put_count; i++) {
		const struct checked_put *put = &b->puts[i];

		if (put->reset_id != no)
			continue;
		sent++;
		busy += put->status == 409;
		moved += put->status == 307;
		form += put->status == 400 || put->status == 411 || put->status == 415;
	}
	allowed = 1 + (busy < 6 ? busy : 6) + (moved < 2 ? moved : 2) + (form < 1 ? form : 1);
	MUST(b, sent <= allowed, "ticket %u: %u PUTs, %u were allowed (I1)", no, sent, allowed);
}

/* The read that is being told at this very moment is the one the PUT is sent upon. */
static void check_read_before(const struct invariant_checker *b,
			      const struct checked_target *ticket, unsigned after)
{
	const struct checked_read *read;
	const struct observed_state *now;
	bool same, runs;

	MUST(b, b->landing == ticket->uid && b->read_count,
	     "a PUT to db:%lld without a read of it (I2)", (long long)ticket->uid);
	read = &b->reads[b->read_count - 1];
	now = &read->state;
	MUST(b, read->alone && now->uid == ticket->uid, "%s", "its read is another's");
	MUST(b, read->asked > after, "%s", "its read was asked too early (I2)");
	MUST(b, is_same_bdb(now, &ticket->evidence), "%s", "it goes to another database");
	same = is_same_status(now, &ticket->evidence, ticket->kind);
	runs = is_running(now, ticket->kind) && ticket->agreed_running;
	MUST(b, same || runs, "the read says %s, not what was agreed to (I2)",
	     now->status[ticket->kind]);
	MUST(b, !ticket->bulk_id || (same && !strcmp(now->status[ticket->kind], "failed")),
	     "a bulk sends db:%lld, which is %s", (long long)ticket->uid,
	     now->status[ticket->kind]);
}

static void check_audit_log(const struct invariant_checker *b, unsigned no, unsigned nth)
{
	size_t count = fake_audit_log_count(b->stage->audit_log, AUDIT_EVENTS);
	char want[40];

	snprintf(want, sizeof(want), "sent %u %u 0 ", no, nth);
	if (count && !strcmp(fake_audit_log_line(b->stage->audit_log, count - 1), want))
		return;
	MUST(b, b->targets[no].agreed_no_audit_log, "ticket %u: PUT %u without its line (I3)", no,
	     nth);
}

static void on_put(struct invariant_checker *b, const struct script_request *flight)
{
	const struct checked_put *last;
	unsigned no = flight->reset_id, nth;
	const struct checked_target *ticket = &b->targets[no];

	MUST(b, no < CHECKED_TARGETS && ticket->known, "ticket %u was never asked about", no);
	MUST(b, ticket->uid == flight->uid && ticket->kind == flight->op_kind,
	     "ticket %u: another database or operation (I6)", no);
	MUST(b, ticket->agreed, "ticket %u was not agreed to", no);
	MUST(b, !ticket->stopped, "ticket %u was stopped (I5)", no);
	MUST(b, !ticket->ended, "ticket %u has ended (I5)", no);
	nth = puts_of(b, no, &last) + 1;
	count_puts(b, no);
	MUST(b, !last || last->came, "ticket %u: two PUTs at once", no);
	check_read_before(b, ticket, last ? last->came : ticket->agreed_at);
	check_audit_log(b, no, nth);
	if (b->put_count == CHECKED_PUTS)
		abort();
	b->puts[b->put_count++] = (struct checked_put){ .reset_id = no,
							.asked = b->log,
							.before = b->read_count - 1 };
}

static void on_request(void *arg, const struct script_request *flight)
{
	struct invariant_checker *b = arg;

	b->log++;
	if (flight->id >= CHECKED_REQUESTS)
		abort();
	b->asked[flight->id] = b->log;
	MUST(b, script_counts(b->stage->script)->in_flight <= 3, "%s", "more than 3 in flight");
	if (flight->kind == SCRIPT_PUT)
		on_put(b, flight);
}

/* --- what comes ------------------------------------------------------------------------------ */

static void keep_read(struct invariant_checker *b, const struct script_request *flight,
		      const struct bdb *bdb)
{
	if (b->read_count == CHECKED_READS)
		abort();
	b->reads[b->read_count++] = (struct checked_read){ .asked = b->asked[flight->id],
							   .came = b->log,
							   .alone = flight->kind == SCRIPT_ONE,
							   .state = observe_state(bdb) };
}

static void on_reply(void *arg, const struct script_request *flight,
		     const struct observation *observation, const struct reset_answer *answer)
{
	struct invariant_checker *b = arg;
	size_t i;

	b->log++;
	b->landing = 0;
	for (i = 0; observation && i < observation->count; i++)
		keep_read(b, flight, observation->bdbs[i]);
	if (observation && observation->kind == OBS_ONE)
		b->landing = flight->uid;
	for (i = 0; answer && i < b->put_count; i++)
		if (b->puts[i].reset_id == flight->reset_id && !b->puts[i].came) {
			b->puts[i].came = b->log;
			b->puts[i].status = answer->status;
			b->puts[i].whole = answer->complete;
		}
}

/* --- what is pressed ------------------------------------------------------------------------- */

/* The tickets of the question: one, or all of a bulk. */
static bool is_asked(const struct invariant_checker *b, unsigned no)
{
	const struct checked_target *ticket = &b->targets[no];

	if (!ticket->known)
		return false;
	return b->question_bulk ? ticket->bulk_id == b->question_bulk : no == b->question_reset_id;
}

static void agree(struct invariant_checker *b)
{
	unsigned no, count = 0;

	for (no = 1; no <= b->last_reset_id; no++)
		if (is_asked(b, no)) {
			b->targets[no].agreed = true;
			b->targets[no].agreed_at = b->log;
			count++;
		}
	if (!b->question_bulk)
		return;
	MUST(b, count == b->question_targets, "%u tickets, the question said %zu", count,
	     b->question_targets);
	b->agreed_bulk = b->question_bulk;
	b->agreed_targets = b->question_targets;
}

/* The second question: about one, but what is said of the ledger holds for all of its bulk. */
static void agree_typed(struct invariant_checker *b)
{
	struct checked_target *ticket = &b->targets[b->question_reset_id];
	unsigned no;

	agree(b);
	if (b->question == QUESTION_RUNNING) {
		ticket->agreed_running = true;
		return;
	}
	for (no = 1; no <= b->last_reset_id; no++)
		if (no == b->question_reset_id ||
		    (ticket->bulk_id && b->targets[no].bulk_id == ticket->bulk_id))
			b->targets[no].agreed_no_audit_log = true;
}

/* These two tell whether the question used the key. */
static bool type(struct invariant_checker *b, const struct input_event *event, const char *word)
{
	size_t length = strlen(b->typed);

	if (event->key == KEY_RETURN || event->key == '\n') {
		if (!event->alone)
			return !length;
		if (!strcmp(b->typed, word)) {
			b->confirmations++;
			if (b->question == QUESTION_BULK)
				agree(b);
			else
				agree_typed(b);
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
	bool guarded = b->stage->now.ms < b->guard_ms + QUESTION_GUARD_MS;
	char number[24];

	if (event->kind != INPUT_KEY)
		return false;
	if (b->question == QUESTION_RUNNING || b->question == QUESTION_AUDIT_LOG)
		return !guarded && type(b, event, "yes");
	if (b->question == QUESTION_BULK && b->question_targets > BULK_TYPED) {
		snprintf(number, sizeof(number), "%zu", b->question_targets);
		return !guarded && type(b, event, number);
	}
	if (event->key != 'y' || guarded || !event->alone)
		return false;
	b->confirmations++;
	if (b->question == QUESTION_QUIT)
		invariants_on_stop(b, 0);
	else
		agree(b);
	return true;
}

void books_input(struct invariant_checker *b, const struct input_event *event)
{
	if (b->mode == MODE_QUESTION && !press(b, event))
		b->guard_ms = b->stage->now.ms;
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

	for (no = 1; no <= b->last_reset_id; no++) {
		const struct checked_put *last;

		/* one that is on its way may still be told that it was busy */
		puts_of(b, no, &last);
		if (b->targets[no].agreed && (!last || last->came))
			b->targets[no].stopped = true;
	}
}

/* --- what must hold -------------------------------------------------------------------------- */

/* A ticket is written down as it is when its question is there, for good. */
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
					 .evidence = observe_state(target->evidence) };
	if (target->reset_id > b->last_reset_id)
		b->last_reset_id = target->reset_id;
}

static void add_bulk_targets(struct invariant_checker *b, const struct question *question)
{
	const struct reset *reset;
	struct bulk bulk;
	size_t i;

	MUST(b, cluster_bulk(b->stage->cluster, &bulk) && bulk.id == question->bulk_id, "%s",
	     "a question about another bulk");
	b->question_targets = question->bulk_count;
	for (i = 0; (reset = cluster_bulk_reset(b->stage->cluster, i)) != NULL; i++)
		add_target(b, reset, question->bulk_id);
	MUST(b, i == question->bulk_count && i == bulk.target_count, "%zu tickets, it says %zu", i,
	     question->bulk_count);
}

static void check_question(struct invariant_checker *b)
{
	const struct question *question = session_question(b->stage->session);
	const struct reset *reset = cluster_reset(b->stage->cluster, question->reset_id);

	b->mode = session_mode(b->stage->session);
	if (b->question == question->kind && b->question_reset_id == question->reset_id &&
	    b->question_bulk == question->bulk_id)
		return;
	b->question = question->kind;
	b->question_reset_id = question->reset_id;
	b->question_bulk = question->bulk_id;
	b->questions += question->kind != QUESTION_NONE;
	b->guard_ms = question->drawn ? question->drawn_ms : b->stage->now.ms;
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

/* What was agreed to adds up, at any time and whatever left its row. */
static void check_bulk_counts(const struct invariant_checker *b)
{
	struct bulk bulk;
	size_t all = 0;
	int sum;

	if (!cluster_bulk(b->stage->cluster, &bulk))
		return;
	for (sum = 0; sum < BULK_OUTCOMES; sum++)
		all += bulk.count[sum];
	if (!bulk.confirmed)
		return;
	MUST(b, bulk.id == b->agreed_bulk, "bulk %u was not agreed to", bulk.id);
	MUST(b, bulk.target_count == b->agreed_targets && all == bulk.target_count,
	     "%zu in the sum of %zu, %zu were agreed to", all, bulk.target_count,
	     b->agreed_targets);
}

/* The seven conditions, from what was asked and what came. */
static bool may_be_cleared(const struct invariant_checker *b, unsigned no)
{
	const struct checked_target *ticket = &b->targets[no];
	enum op_kind kind = ticket->kind;
	const struct checked_put *last;
	const struct observed_state *before;
	size_t i;

	puts_of(b, no, &last);
	if (!last || !last->came || last->status != 200 || !last->whole)
		return false;
	before = &b->reads[last->before].state;
	if (is_idle(before, kind) && before->status_presence[kind] != FIELD_PRESENT &&
	    before->status_presence[kind] != FIELD_NULL)
		return false;
	for (i = 0; i < b->read_count; i++) {
		const struct checked_read *read = &b->reads[i];

		if (read->asked > last->came && is_same_bdb(&read->state, &ticket->evidence) &&
		    is_idle(&read->state, kind) && has_no_reason(&read->state, kind))
			return true;
	}
	return false;
}

static void check_targets(struct invariant_checker *b)
{
	unsigned no;

	for (no = 1; no <= b->last_reset_id; no++) {
		struct checked_target *ticket = &b->targets[no];
		const struct reset *reset = cluster_reset(b->stage->cluster, no);
		struct observed_state now;

		if (!ticket->known)
			continue;
		if (!reset || reset_state(reset) == RESET_END)
			ticket->ended = true;
		if (!reset)
			continue;
		MUST(b, !ticket->ended || reset_state(reset) == RESET_END, "ticket %u came back",
		     no);
		now = observe_state(reset_target(reset)->evidence);
		MUST(b, !memcmp(&now, &ticket->evidence, sizeof(now)), "ticket %u changed (I6)",
		     no);
		if (reset_outcome(reset) == OUTCOME_CLEARED && !ticket->cleared) {
			ticket->cleared = true;
			MUST(b, may_be_cleared(b, no), "ticket %u is called cleared (I4)", no);
		}
	}
}

static void check_text(struct invariant_checker *b, int64_t uid)
{
	struct cluster_result result[8];
	struct reset_text words;
	size_t i, count = cluster_results(b->stage->cluster, uid, result, 8);

	for (i = 0; i < count; i++) {
		if (!result[i].reset)
			continue;
		reset_format(result[i].reset, result[i].question_waits, b->stage->now.ms, &words);
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
	const struct view *view = session_view(b->stage->session);
	const struct roster *roster = cluster_roster(b->stage->cluster);
	bool frozen = b->mode == MODE_QUESTION &&
		      session_mode(b->stage->session) == MODE_QUESTION &&
		      b->question == session_question(b->stage->session)->kind &&
		      b->question_reset_id == session_question(b->stage->session)->reset_id &&
		      b->question_bulk == session_question(b->stage->session)->bulk_id;
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
		if (session_mode(b->stage->session) != MODE_QUESTION &&
		    cluster_has_result(b->stage->cluster, uid))
			MUST(b, is_shown(b, uid), "db:%lld has a result and no row",
			     (long long)uid);
	}
}

void invariants_check(struct invariant_checker *b, bool moved)
{
	b->landing = 0;
	check_targets(b);
	check_bulk_counts(b);
	check_rows(b, moved);
	check_question(b);
	b->checked_ms = b->stage->now.ms;
	b->step++;
}

void invariants_open(struct invariant_checker *b, struct stage *stage, unsigned seed)
{
	static const struct script_watch watch = { .on_request = on_request, .on_reply = on_reply };

	*b = (struct invariant_checker){ .stage = stage, .seed = seed };
	b->reads = malloc(CHECKED_READS * sizeof(*b->reads));
	b->puts = malloc(CHECKED_PUTS * sizeof(*b->puts));
	if (!b->reads || !b->puts)
		abort();
	script_watch(stage->script, &watch, b);
	invariants_check(b, true);
}

void invariants_close(struct invariant_checker *b)
{
	free(b->reads);
	free(b->puts);
}
