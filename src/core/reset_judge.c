#include "reset_internal.h"

#include <stdlib.h>
#include <string.h>

struct ticket *ticket_new(const struct ticket *from)
{
	struct ticket *ticket = malloc(sizeof(*ticket));

	if (!ticket)
		return NULL;
	*ticket = *from;
	ticket->evidence = bdb_copy(from->evidence);
	if (!ticket->evidence) {
		free(ticket);
		return NULL;
	}
	return ticket;
}

void ticket_free(struct ticket *ticket)
{
	if (!ticket)
		return;
	bdb_free((struct bdb *)ticket->evidence);
	free(ticket);
}

const struct bdb *ticket_record(const struct ticket *ticket, const struct observation *seen)
{
	const struct bdb *found = NULL;
	size_t i;

	if (seen->what != OBS_LIST && seen->what != OBS_ONE)
		return NULL;
	for (i = 0; i < seen->count; i++) {
		if (seen->bdbs[i]->uid != ticket->id.uid)
			continue;
		if (found)
			return NULL;
		found = seen->bdbs[i];
	}
	return found;
}

struct op ticket_op(const struct ticket *ticket, const struct bdb *bdb)
{
	struct op op = bdb->op[ticket->kind];

	op_settle(&op, ticket->kind);
	return op;
}

static bool readable(enum seen seen)
{
	return seen != SEEN_NOT_ASKED && seen != SEEN_WRONG;
}

static const char *given(enum seen seen, const char *text)
{
	return seen == SEEN_GIVEN ? text : "";
}

/* The four spellings of idle are one status, the three of no reason one reason. */
static bool same_evidence(const struct op *before, const struct op *now)
{
	if (!readable(before->status_seen) || !readable(before->reason_seen))
		return false;
	if (before->phase != now->phase)
		return false;
	if (now->phase != OP_IDLE && strcmp(before->status, now->status))
		return false;
	return !strcmp(given(before->reason_seen, before->reason),
		       given(now->reason_seen, now->reason));
}

static enum judgement judge_record(const struct ticket *ticket, const struct bdb *bdb)
{
	const struct bdb *evidence = ticket->evidence;
	struct op before = ticket_op(ticket, evidence), now = ticket_op(ticket, bdb);

	if (!readable(now.status_seen) || !readable(now.reason_seen))
		return JUDGED_BAD;
	/* without its name nobody can say that it is, or is not, the same database */
	if (bdb->name_seen != SEEN_GIVEN && bdb->name_seen != evidence->name_seen)
		return JUDGED_BAD;
	if (!bdb_same(evidence, bdb))
		return JUDGED_ELSE;
	if (op_is_clear(&now))
		return JUDGED_IDLE;
	if (same_evidence(&before, &now))
		return JUDGED_SAME;
	if (now.phase == OP_RUNNING)
		return JUDGED_RUN;
	return now.phase == OP_IDLE ? JUDGED_IDLE_REASON : JUDGED_MOVED;
}

static enum judgement judge_list(const struct ticket *ticket, const struct observation *seen)
{
	const struct bdb *bdb = ticket_record(ticket, seen);
	size_t i;

	if (bdb)
		return judge_record(ticket, bdb);
	for (i = 0; i < seen->count; i++)
		if (seen->bdbs[i]->uid == ticket->id.uid)
			return JUDGED_NOTHING;	/* twice in one list: which one is it? */
	return seen->unreadable ? JUDGED_NOTHING : JUDGED_ABSENT;
}

enum judgement reset_judge(const struct ticket *ticket, const struct observation *seen)
{
	const struct bdb *bdb;

	if (seen->what == OBS_LIST)
		return judge_list(ticket, seen);
	if (seen->uid != ticket->id.uid)
		return JUDGED_NOTHING;
	if (seen->what == OBS_GONE)
		return JUDGED_GONE;
	bdb = ticket_record(ticket, seen);
	return bdb ? judge_record(ticket, bdb) : JUDGED_BAD;
}

enum answer_class answer_class(const struct reset_answer *answer)
{
	static const struct {
		unsigned first, last;
		enum answer_class class;
	} classes[] = {
		{ 200, 200, ANSWER_ACCEPTED },
		{ 307, 307, ANSWER_PRIMARY },
		{ 400, 400, ANSWER_FORM },
		{ 401, 401, ANSWER_LOGIN },
		{ 403, 403, ANSWER_ROLE },
		{ 404, 404, ANSWER_ABSENT },
		{ 406, 406, ANSWER_MODULE },
		{ 409, 409, ANSWER_BUSY },
		{ 411, 411, ANSWER_FORM },
		{ 415, 415, ANSWER_FORM },
		{ 300, 499, ANSWER_REFUSED },
	};
	size_t i;

	if (!answer->status && answer->unsent)
		return ANSWER_UNSENT;
	/* a refused log-in stops everything, however little of its answer came */
	if (!answer->whole && answer->status != 401)
		return ANSWER_LOST;
	for (i = 0; i < sizeof(classes) / sizeof(classes[0]); i++)
		if (answer->status >= classes[i].first && answer->status <= classes[i].last)
			return classes[i].class;
	return ANSWER_LOST;
}
