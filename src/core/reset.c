#include "reset_internal.h"

#include <stdlib.h>
#include <string.h>

/* When to read back, after the answer; then every REPEAT_MS. */
static const int64_t reads_ms[] = { 300, 1000, 2000, 4000, 7000, 11000, 15000, 20000 };
#define REPEAT_MS 5000

static const int64_t pauses_s[RESET_PAUSES] = { 2, 4, 8, 15, 30, 30 };

int64_t reset_pause_s(unsigned n)
{
	return pauses_s[n - 1];
}

int64_t reset_pause_ms(const struct ticket *ticket, unsigned n)
{
	uint32_t mix = (uint32_t)ticket->seed * 2654435761u + n * 2246822519u;

	mix ^= mix >> 15;
	mix *= 2654435761u;
	mix ^= mix >> 13;
	return reset_pause_s(n) * (900 + (int64_t)(mix % 201));
}

struct reset *reset_new(struct ticket *ticket, bool running, int64_t now_ms)
{
	struct reset *reset = calloc(1, sizeof(*reset));

	if (!reset) {
		ticket_free(ticket);
		return NULL;
	}
	running = running || ticket_op(ticket, ticket->evidence).phase == OP_RUNNING;
	reset->ticket = ticket;
	reset->second = running;
	reset->state = running ? RESET_ASKING2 : RESET_ASKING;
	reset->asks = ASK_RUNNING;
	reset->answered_ms = reset->read_ms = now_ms;
	return reset;
}

void reset_free(struct reset *reset)
{
	if (!reset)
		return;
	bdb_free(reset->last_read);
	ticket_free(reset->ticket);
	free(reset);
}

static int64_t next_read_ms(const struct reset *reset, int64_t now_ms)
{
	size_t i;

	for (i = 0; i < sizeof(reads_ms) / sizeof(reads_ms[0]); i++)
		if (reset->answered_ms + reads_ms[i] > now_ms)
			return reset->answered_ms + reads_ms[i];
	return now_ms + REPEAT_MS;
}

/* What was shown after a 404 still counts while its path is checked. */
static bool judges_reads(const struct reset *reset)
{
	return reset->state == RESET_READING || reset->state == RESET_PROBING ||
	       reset->state == RESET_CHECKING_PATH || (reset->state == RESET_END && reset->watched);
}

static bool reads_back(const struct reset *reset)
{
	return reset->state == RESET_READING || reset->state == RESET_PROBING;
}

enum whose_read { READ_ELSEWHERE, READ_OWN, READ_OWN_STALE };

/* Its own read is over; stale when it was asked for before this ticket wanted it. */
static enum whose_read settle_own(struct reset *reset, const struct reset_event *event)
{
	const struct observation *seen = event->read;

	if (!event->own_read || !reset->read_out || seen->what == OBS_LIST ||
	    seen->uid != reset->ticket->id.uid)
		return READ_ELSEWHERE;
	reset->read_out = false;
	return seen->asked_ms < reset->read_asked_ms ? READ_OWN_STALE : READ_OWN;
}

/* Before a PUT only its own read decides. */
static enum judgement judge_before(const struct reset *reset, const struct observation *seen,
				   enum whose_read whose)
{
	if (whose == READ_ELSEWHERE)
		return JUDGED_NOTHING;
	return whose == READ_OWN ? reset_judge(reset->ticket, seen) : JUDGED_BAD;
}

/* After the answer any read counts that was asked later than it and than those before; its own was
 * in any case.  Two lists in a row prove absence. */
static enum judgement judge_after(struct reset *reset, const struct observation *seen,
				  enum whose_read whose)
{
	enum judgement judged = reset_judge(reset->ticket, seen);

	if ((whose != READ_OWN && seen->asked_ms <= reset->answered_ms) ||
	    seen->asked_ms < reset->newest_ms)
		return JUDGED_NOTHING;
	if (judged == JUDGED_BAD || judged == JUDGED_NOTHING)
		return judged;
	reset->newest_ms = seen->asked_ms;
	if (judged != JUDGED_ABSENT) {
		reset->absent = false;
		return judged;
	}
	if (reset->absent && seen->asked_ms != reset->absent_ms)
		return JUDGED_GONE;
	reset->absent = true;
	reset->absent_ms = seen->asked_ms;
	return JUDGED_ABSENT;
}

static bool is_ours(enum judgement judged)
{
	return judged == JUDGED_IDLE || judged == JUDGED_SAME || judged == JUDGED_RUN ||
	       judged == JUDGED_IDLE_REASON || judged == JUDGED_MOVED;
}

/* What cannot be kept was not read: nothing is sent or said on its strength. */
static enum judgement keep_read(struct reset *reset, const struct bdb *record,
				enum judgement judged)
{
	struct bdb *copy;

	if (!is_ours(judged) || reset->state == RESET_END)
		return judged;
	copy = bdb_copy(record);
	if (!copy)
		return JUDGED_BAD;
	bdb_free(reset->last_read);
	reset->last_read = copy;
	return judged;
}

static void hear_read(struct reset *reset, struct happening *h)
{
	const struct observation *seen = h->event->read;
	enum whose_read whose = settle_own(reset, h->event);

	h->record = ticket_record(reset->ticket, seen);
	if (reset->state == RESET_CHECKING)
		h->judged = judge_before(reset, seen, whose);
	else if (judges_reads(reset))
		h->judged = judge_after(reset, seen, whose);
	h->judged = keep_read(reset, h->record, h->judged);
	if (reads_back(reset) &&
	    (is_ours(h->judged) || h->judged == JUDGED_ELSE || h->judged == JUDGED_GONE))
		reset->good_ms = h->now.ms;
	h->bit = 1u << h->judged;
}

static void hear_answer(struct reset *reset, struct happening *h)
{
	const struct reset_answer *answer = h->event->answer;
	const char *words = *answer->words ? answer->words : answer->why;
	struct reset_try *try;

	h->bit = 1u << answer_class(answer);
	if (reset->state != RESET_SENT)
		return;
	reset->answer = *answer;
	reset->answered_ms = answer->got_ms > reset->put_at.ms ? answer->got_ms : reset->put_at.ms;
	reset->newest_ms = reset->answered_ms;
	if (reset->try_count == RESET_PUTS)
		return;
	try = &reset->tries[reset->try_count++];
	try->sent = reset->put_at;
	try->answered = h->now;
	try->status = answer->status;
	memcpy(try->words, words, sizeof(try->words));
}

static void hear_path(struct reset *reset, struct happening *h)
{
	h->bit = 1u << h->event->path;
	if (reset->state == RESET_CHECKING_PATH)
		reset->read_out = false;
}

static void enter(struct reset *reset, const struct happening *h, const struct reset_row *row)
{
	bool answered = reset->state == RESET_SENT;

	reset->state = row->next;
	reset->outcome = row->outcome;
	reset->told_cancel = false;
	if (reset->state == RESET_QUEUED) {
		reset->asked = true;
		reset->read_ms = h->now.ms;
	} else if (reset->state == RESET_CHECKING) {
		reset->bads = 0;
		reset->read_again = false;
	} else if (reset->state == RESET_END) {
		reset->end_ms = h->now.ms;
		reset->found = h->judged;
	} else if (answered && (reads_back(reset) || reset->state == RESET_HELD)) {
		reset->good_ms = h->now.ms;
		reset->read_ms = next_read_ms(reset, reset->answered_ms);
	}
}

static void carry_out(struct reset *reset, enum reset_effect effect, struct moment now)
{
	bool puts = effect == DO_PUT || effect == DO_PUT_BODY;

	reset->fresh = puts || effect == DO_READ || effect == DO_CHECK_PATH;
	if (effect == DO_READ || effect == DO_CHECK_PATH) {
		reset->read_out = true;
		reset->read_again = false;
		reset->read_asked_ms = now.ms;
		reset->read_ms = next_read_ms(reset, now.ms);
	} else if (puts) {
		reset->puts++;
		reset->put_at = now;
	}
}

enum reset_effect reset_event(struct reset *reset, const struct reset_event *event,
			      struct moment now)
{
	struct happening h = { .event = event, .now = now, .bit = ~0u, .judged = JUDGED_NOTHING };
	const struct reset_row *row;

	if (event->kind == RE_TIME)
		h.judged = JUDGED_BAD;
	if (event->kind == RE_READ)
		hear_read(reset, &h);
	else if (event->kind == RE_ANSWER)
		hear_answer(reset, &h);
	else if (event->kind == RE_PATH)
		hear_path(reset, &h);
	row = reset_row(reset, &h);
	if (row && row->note)
		row->note(reset, &h);
	if (row && row->next != RESET_STAY)
		enter(reset, &h, row);
	carry_out(reset, row ? row->effect : DO_NOTHING, now);
	return row ? row->effect : DO_NOTHING;
}

const struct ticket *reset_ticket(const struct reset *reset)
{
	return reset->ticket;
}

enum reset_state reset_state(const struct reset *reset)
{
	return reset->state;
}

enum reset_outcome reset_outcome(const struct reset *reset)
{
	return reset->outcome;
}

unsigned reset_puts(const struct reset *reset)
{
	return reset->puts;
}

enum reset_question reset_asks(const struct reset *reset)
{
	return reset->asks;
}

const char *reset_ask_why(const struct reset *reset)
{
	return reset->asks == ASK_LEDGER ? reset->ask_why : "";
}

const struct bdb *reset_last_read(const struct reset *reset)
{
	return reset->last_read;
}

bool reset_wants_body(const struct reset *reset)
{
	return reset->with_body;
}

/* When a place is wanted, TIME_NEVER when none is. */
static int64_t place_ms(const struct reset *reset)
{
	if (reset->read_out)
		return TIME_NEVER;
	if (reset->state == RESET_QUEUED || reset->state == RESET_CHECKING ||
	    reset->state == RESET_WAITING || reset->state == RESET_CHECKING_PATH ||
	    reads_back(reset))
		return reset->read_ms;
	return TIME_NEVER;
}

bool reset_wants_place(const struct reset *reset, int64_t now_ms)
{
	return place_ms(reset) <= now_ms;
}

int64_t reset_due(const struct reset *reset)
{
	int64_t due = TIME_NEVER, place = place_ms(reset);

	if (reads_back(reset) || reset->state == RESET_CHECKING_PATH)
		due = reset->good_ms + RESET_SILENT_MS;
	else if (reset_watches(reset) && reset->outcome == OUTCOME_UNCHANGED)
		due = reset->end_ms + RESET_LATE_MS;
	return place < due ? place : due;
}

bool reset_unfinished(const struct reset *reset)
{
	return reset->state != RESET_END && (reset->state != RESET_ASKING2 || reset->asked) &&
	       reset->state != RESET_ASKING;
}

bool reset_watches(const struct reset *reset)
{
	return reset->state == RESET_END && reset->watched;
}

bool reset_try(const struct reset *reset, size_t index, struct reset_try *out)
{
	if (index >= reset->try_count)
		return false;
	*out = reset->tries[index];
	return true;
}
