#include "reset_internal.h"

#include <stdlib.h>
#include <string.h>

struct reset_target *reset_target_new(const struct reset_target *from)
{
	struct reset_target *ticket = malloc(sizeof(*ticket));

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

void reset_target_free(struct reset_target *ticket)
{
	if (!ticket)
		return;
	bdb_free((struct bdb *)ticket->evidence);
	free(ticket);
}

const struct bdb *reset_target_record(const struct reset_target *ticket,
				      const struct observation *seen)
{
	const struct bdb *found = NULL;
	size_t i;

	if (seen->kind != OBS_LIST && seen->kind != OBS_ONE)
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

struct op reset_target_op(const struct reset_target *ticket, const struct bdb *bdb)
{
	struct op op = bdb->op[ticket->kind];

	op_classify(&op, ticket->kind);
	return op;
}

static bool is_readable(enum field_presence seen)
{
	return seen != FIELD_NOT_REQUESTED && seen != FIELD_INVALID;
}

static const char *is_present(enum field_presence seen, const char *text)
{
	return seen == FIELD_PRESENT ? text : "";
}

/* The four spellings of idle are one status, the three of no reason one reason. */
static bool is_same_evidence(const struct op *before, const struct op *now)
{
	if (!is_readable(before->status_presence) || !is_readable(before->reason_presence))
		return false;
	if (before->phase != now->phase)
		return false;
	if (now->phase != OP_IDLE && strcmp(before->status, now->status))
		return false;
	return !strcmp(is_present(before->reason_presence, before->reason),
		       is_present(now->reason_presence, now->reason));
}

static enum read_result judge_record(const struct reset_target *ticket, const struct bdb *bdb)
{
	const struct bdb *evidence = ticket->evidence;
	struct op before = reset_target_op(ticket, evidence), now = reset_target_op(ticket, bdb);

	if (!is_readable(now.status_presence) || !is_readable(now.reason_presence))
		return READ_BAD;
	/* without its name nobody can say that it is, or is not, the same database */
	if (bdb->name_presence != FIELD_PRESENT && bdb->name_presence != evidence->name_presence)
		return READ_BAD;
	if (!bdb_is_same(evidence, bdb))
		return READ_OTHER_BDB;
	if (op_is_clear(&now))
		return READ_IDLE;
	if (is_same_evidence(&before, &now))
		return READ_SAME;
	if (now.phase == OP_RUNNING)
		return READ_RUNNING;
	return now.phase == OP_IDLE ? READ_IDLE_REASON : READ_MOVED;
}

static enum read_result judge_list(const struct reset_target *ticket,
				   const struct observation *seen)
{
	const struct bdb *bdb = reset_target_record(ticket, seen);
	size_t i;

	if (bdb)
		return judge_record(ticket, bdb);
	for (i = 0; i < seen->count; i++)
		if (seen->bdbs[i]->uid == ticket->id.uid)
			return READ_IRRELEVANT;	/* twice in one list: which one is it? */
	return seen->unreadable ? READ_IRRELEVANT : READ_ABSENT;
}

enum read_result reset_judge(const struct reset_target *ticket, const struct observation *seen)
{
	const struct bdb *bdb;

	if (seen->kind == OBS_LIST)
		return judge_list(ticket, seen);
	if (seen->uid != ticket->id.uid)
		return READ_IRRELEVANT;
	if (seen->kind == OBS_GONE)
		return READ_GONE;
	bdb = reset_target_record(ticket, seen);
	return bdb ? judge_record(ticket, bdb) : READ_BAD;
}

enum answer_class answer_classify(const struct reset_answer *answer)
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
	if (!answer->complete && answer->status != 401)
		return ANSWER_LOST;
	for (i = 0; i < sizeof(classes) / sizeof(classes[0]); i++)
		if (answer->status >= classes[i].first && answer->status <= classes[i].last)
			return classes[i].class;
	return ANSWER_LOST;
}
