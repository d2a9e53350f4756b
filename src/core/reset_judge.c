#include "reset_internal.h"

#include <stdlib.h>
#include <string.h>

#include "bdbtop/core/array.h"

struct reset_target *reset_target_new(const struct reset_target *from)
{
	struct reset_target *target = malloc(sizeof(*target));

	if (!target)
		return NULL;
	*target = *from;
	target->evidence = bdb_copy(from->evidence);
	if (!target->evidence) {
		free(target);
		return NULL;
	}
	return target;
}

void reset_target_free(struct reset_target *target)
{
	if (!target)
		return;
	bdb_free((struct bdb *)target->evidence);
	free(target);
}

const struct bdb *reset_target_record(const struct reset_target *target,
				      const struct observation *observation)
{
	const struct bdb *found = NULL;
	size_t i;

	if (observation->kind != OBS_LIST && observation->kind != OBS_ONE)
		return NULL;
	for (i = 0; i < observation->count; i++) {
		if (observation->bdbs[i]->uid != target->id.uid)
			continue;
		if (found)
			return NULL;
		found = observation->bdbs[i];
	}
	return found;
}

struct op reset_target_op(const struct reset_target *target, const struct bdb *bdb)
{
	struct op op = bdb->op[target->kind];

	op_classify(&op, target->kind);
	return op;
}

static bool is_readable(enum field_presence presence)
{
	return presence != FIELD_NOT_REQUESTED && presence != FIELD_INVALID;
}

static const char *text_or_empty(enum field_presence presence, const char *text)
{
	return presence == FIELD_PRESENT ? text : "";
}

/* The four spellings of idle are equal, and so are the three of no reason. */
static bool is_same_evidence(const struct op *before, const struct op *now)
{
	if (!is_readable(before->status_presence) || !is_readable(before->reason_presence))
		return false;
	if (before->phase != now->phase)
		return false;
	if (now->phase != OP_IDLE && strcmp(before->status, now->status))
		return false;
	return !strcmp(text_or_empty(before->reason_presence, before->reason),
		       text_or_empty(now->reason_presence, now->reason));
}

static enum read_result judge_record(const struct reset_target *target, const struct bdb *bdb)
{
	const struct bdb *evidence = target->evidence;
	struct op before = reset_target_op(target, evidence), now = reset_target_op(target, bdb);

	if (!is_readable(now.status_presence) || !is_readable(now.reason_presence))
		return READ_BAD;
	/* without a name it is unknown whether it is the same database */
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

static enum read_result judge_list(const struct reset_target *target,
				   const struct observation *observation)
{
	const struct bdb *bdb = reset_target_record(target, observation);
	size_t i;

	if (bdb)
		return judge_record(target, bdb);
	for (i = 0; i < observation->count; i++)
		if (observation->bdbs[i]->uid == target->id.uid)
			return READ_IRRELEVANT; /* twice in one list */
	return observation->unreadable ? READ_IRRELEVANT : READ_ABSENT;
}

enum read_result reset_judge(const struct reset_target *target,
			     const struct observation *observation)
{
	const struct bdb *bdb;

	if (observation->kind == OBS_LIST)
		return judge_list(target, observation);
	if (observation->uid != target->id.uid)
		return READ_IRRELEVANT;
	if (observation->kind == OBS_GONE)
		return READ_GONE;
	bdb = reset_target_record(target, observation);
	return bdb ? judge_record(target, bdb) : READ_BAD;
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
	/* a refused log-in stops everything, even if its answer is incomplete */
	if (!answer->complete && answer->status != 401)
		return ANSWER_LOST;
	for (i = 0; i < ARRAY_SIZE(classes); i++)
		if (answer->status >= classes[i].first && answer->status <= classes[i].last)
			return classes[i].class;
	return ANSWER_LOST;
}
