#include "tests/search/checked_internal.h"

#include "bdbtop/core/array.h"
#include "tests/core/reset_scenario.h"

/* Words of reset_scenario.h; RECORD_SAME depends on the evidence. */
static const char *const record_words[RECORDS] = {
	[RECORD_IDLE] = "idle",		 [RECORD_RUNNING] = "run",	  [RECORD_MOVED] = "moved",
	[RECORD_FAILED_AGAIN] = "again", [RECORD_IDLE_REASON] = "idle++", [RECORD_OTHER] = "else",
	[RECORD_UNREADABLE] = "wrong",
};
static const char *const evidence_words[EVIDENCES] = {
	[EVIDENCE_FAILED] = "same",
	[EVIDENCE_RUNNING] = "runs",
	[EVIDENCE_IDLE_REASON] = "absent+",
};

struct bdb *search_records[EVIDENCES][RECORDS];
struct bdb *search_other_bdb;

void search_make_records(void)
{
	struct bdb bdb;
	int evidence, record;

	if (search_other_bdb)
		return;
	for (evidence = 0; evidence < EVIDENCES; evidence++)
		for (record = 0; record < RECORDS; record++) {
			const char *word = record == RECORD_SAME ? evidence_words[evidence]
								 : record_words[record];

			assert_true(scenario_record(&bdb, word));
			search_records[evidence][record] = bdb_copy(&bdb);
		}
	bdb_init(&bdb, 8);
	search_other_bdb = bdb_copy(&bdb);
}

/* --- the alphabet ---------------------------------------------------------------------------- */

#define KEY(word, event)                                                                           \
	{                                                                                          \
		.name = (word), .kind = EV_##event                                                 \
	}
#define OWN_READ(word, what)                                                                       \
	{                                                                                          \
		.name = "own " word, .kind = EV_READ, .read = OBS_ONE, .record = RECORD_##what,    \
		.copies = 1                                                                        \
	}
#define OTHER_READ(word, what, time, kind_of_read, n, bad)                                         \
	{                                                                                          \
		.name = (word), .kind = EV_READ, .read = OBS_##kind_of_read,                       \
		.record = RECORD_##what, .when = (time), .copies = (n), .unreadable = (bad)        \
	}
#define LIST(word, what, time) OTHER_READ("list " word, what, time, LIST, 1, 0)
#define ANSWER(word, code, whole, second)                                                          \
	{                                                                                          \
		.name = (word), .kind = EV_ANSWER, .status = (code), .complete = (whole),          \
		.other = (second)                                                                  \
	}

const struct search_step search_step_defs[] = {
	KEY("y", CONFIRM),
	KEY("n", DECLINE),
	KEY("yes", TYPED_YES),
	KEY("slot", REQUEST_SLOT),
	KEY("written", LINE_WRITTEN),
	KEY("unwritten", LINE_FAILED),
	KEY("unsent", UNSENT),
	{ .name = "no memory", .kind = EV_UNSENT, .other = true },
	KEY("modules", MODULES),
	KEY("x", CANCEL),
	KEY("401", REFUSED),
	KEY("log-in", LOGGED_IN),
	KEY("asleep", ASLEEP),
	KEY("q", QUIT),
	KEY("3 s over", QUIT_TIMEOUT),
	KEY("timer", TIMER),
	{ .name = "time passes", .kind = EV_TIMER, .pass = true },

	OWN_READ("same", SAME),
	OWN_READ("idle", IDLE),
	OWN_READ("running", RUNNING),
	OWN_READ("succeeded", MOVED),
	OWN_READ("failed again", FAILED_AGAIN),
	OWN_READ("idle, reason", IDLE_REASON),
	OWN_READ("another database", OTHER),
	OWN_READ("unreadable", UNREADABLE),
	OTHER_READ("own stale same", SAME, OWN_STALE, ONE, 1, 0),
	OTHER_READ("own stale idle", IDLE, OWN_STALE, ONE, 1, 0),
	{ .name = "own gone", .kind = EV_READ, .read = OBS_GONE, .record = NO_RECORD },
	{ .name = "own bad", .kind = EV_READ, .read = OBS_BAD, .record = NO_RECORD },
	{ .name = "own later",
	  .kind = EV_READ,
	  .read = OBS_BAD,
	  .record = NO_RECORD,
	  .retry_ms = 7000 },
	{ .name = "read gone",
	  .kind = EV_READ,
	  .read = OBS_GONE,
	  .record = NO_RECORD,
	  .when = FRESH },
	OTHER_READ("read idle", IDLE, FRESH, ONE, 1, 0),

	LIST("same", SAME, FRESH),
	LIST("idle", IDLE, FRESH),
	LIST("running", RUNNING, FRESH),
	LIST("succeeded", MOVED, FRESH),
	LIST("failed again", FAILED_AGAIN, FRESH),
	LIST("idle, reason", IDLE_REASON, FRESH),
	LIST("another database", OTHER, FRESH),
	LIST("same, after the answer", SAME, AFTER_ANSWER),
	LIST("idle, after the answer", IDLE, AFTER_ANSWER),
	LIST("idle, with the answer", IDLE, WITH_ANSWER),
	LIST("idle, before the answer", IDLE, BEFORE_ANSWER),
	LIST("failed again, with the answer", FAILED_AGAIN, WITH_ANSWER),
	OTHER_READ("list without it", IDLE, FRESH, LIST, 0, 0),
	OTHER_READ("list without it, after the answer", IDLE, AFTER_ANSWER, LIST, 0, 0),
	OTHER_READ("list without it, unreadable", IDLE, FRESH, LIST, 0, 1),
	OTHER_READ("list with it twice", IDLE, FRESH, LIST, 2, 0),

	ANSWER("=200", 200, true, false),
	ANSWER("=200 incomplete", 200, false, false),
	ANSWER("=202", 202, true, false),
	ANSWER("=307 to follow", 307, true, true),
	ANSWER("=307", 307, true, false),
	ANSWER("=400", 400, true, false),
	ANSWER("=400, form known", 400, true, true),
	ANSWER("=401", 401, true, false),
	ANSWER("=401 incomplete", 401, false, false),
	ANSWER("=403", 403, true, false),
	ANSWER("=404", 404, true, false),
	ANSWER("=406", 406, true, false),
	ANSWER("=409", 409, true, false),
	ANSWER("=418", 418, true, false),
	ANSWER("=503", 503, true, false),
	ANSWER("no answer", 0, false, false),
	ANSWER("no connection", 0, false, true),

	{ .name = "path known", .kind = EV_PATH, .path = PATH_KNOWN },
	{ .name = "path unknown", .kind = EV_PATH, .path = PATH_UNKNOWN },
	{ .name = "path unclear", .kind = EV_PATH, .path = PATH_UNCLEAR },
};

size_t search_steps(void)
{
	return ARRAY_SIZE(search_step_defs);
}

const char *search_step_name(size_t step)
{
	return search_step_defs[step].name;
}

size_t search_find_step(const char *name)
{
	size_t i;

	for (i = 0; strcmp(search_step_defs[i].name, name) != 0; i++)
		assert_true(i + 1 < ARRAY_SIZE(search_step_defs));
	return i;
}
