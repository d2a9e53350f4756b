#include "tests/core/reset_scenario.h"

#include "bdbtop/core/array.h"
#include "bdbtop/core/outcome_group.h"

#define IN(state, effect) RESET_##state, DO_##effect, OUTCOME_NONE
#define ENDED(outcome) RESET_END, DO_END, OUTCOME_##outcome
#define ENDED_AND(outcome, effect) RESET_END, DO_##effect, OUTCOME_##outcome

/* Every row of doc/reset-contract.md, and cases of bdbtop/core/reset.h. */
static const struct {
	const char *line;	/* its last word is the row's event */
	enum reset_state state;
	enum reset_effect effect;
	enum reset_outcome outcome;
	const char *words;	/* in full */
} cases[] = {
	/* asking */
	{ "y", IN(QUEUED, WRITE_LINE), "queued" },
	{ "y noted", IN(QUEUED, NOTHING), "queued" },
	{ "y unnoted", IN(QUEUED, NOTHING), "queued" },
	{ "n", ENDED_AND(DECLINED, NOTHING), "" },
	{ "x", ENDED_AND(DECLINED, NOTHING), "" },
	{ "q", ENDED_AND(DECLINED, NOTHING), "" },
	{ "401", ENDED_AND(STOPPED, NOTHING), "" },
	{ "yes", IN(ASKING, NOTHING), "" },
	{ "asleep", IN(ASKING, NOTHING), "" },
	{ "list:moved", IN(ASKING, NOTHING), "" },
	{ "list:without", IN(ASKING, NOTHING), "" },

	/* the second question, opened as the first */
	{ "pictured time", IN(ASKING2, NOTHING), "" },
	{ "pictured y", IN(ASKING2, NOTHING), "" },
	{ "pictured yes", IN(QUEUED, WRITE_LINE), "queued" },
	{ "pictured yes place run", IN(NOTING, WRITE_LINE), "checking" },
	{ "pictured yes place run+", IN(NOTING, WRITE_LINE), "checking" },
	{ "pictured n", ENDED(DECLINED), "not sent" },
	{ "pictured x", ENDED(CANCELLED), "cancelled" },
	{ "pictured 401", ENDED_AND(STOPPED, NOTHING), "" },
	{ "pictured trust", ENDED_AND(STOPPED, NOTHING), "" },
	{ "pictured asleep", ENDED(ASLEEP), "cancelled: asleep" },

	/* queued */
	{ "y place", IN(CHECKING, READ), "checking" },
	{ "y x", ENDED(CANCELLED), "cancelled" },
	{ "y 401", ENDED(STOPPED), "stopped: log-in refused" },
	{ "y trust", ENDED(STOPPED), "stopped: trust lost" },
	{ "y asleep", ENDED(ASLEEP), "cancelled: asleep" },
	{ "y q", ENDED(CANCELLED), "cancelled" },
	{ "y over", ENDED(CANCELLED), "cancelled" },

	/* checking */
	{ "y place unsent", IN(CHECKING, NOTHING), "checking" },
	{ "y place unsent +250 place", IN(CHECKING, READ), "checking" },
	{ "y place x", ENDED(CANCELLED), "cancelled" },
	{ "y place 401", ENDED(STOPPED), "stopped: log-in refused" },
	{ "y place asleep", ENDED(ASLEEP), "cancelled: asleep" },
	{ "y place q", ENDED(CANCELLED), "cancelled" },
	{ "y place slow", IN(CHECKING, NOTHING), "429 too many requests, next try in 7s" },
	{ "y place slow +6998 place", IN(CHECKING, NOTHING),
	  "429 too many requests, next try in 1s" },
	{ "y place slow +6999 place", IN(CHECKING, READ), "checking" },
	{ "y place slow +7000 place bad", IN(CHECKING, NOTHING), "checking, again in 2s" },
	{ "y place same", IN(NOTING, WRITE_LINE), "checking" },
	{ "y place list:same", IN(CHECKING, NOTHING), "checking" },
	{ "y place list:idle", IN(CHECKING, NOTHING), "checking" },
	{ "y place idle", ENDED(NOTHING_TO_RESET), "nothing to reset" },
	{ TO_WAITING "+2200 place idle", ENDED(IDLE_NOT_BY_US), "idle now, not by us" },
	{ "y place idle+", ENDED(IDLE_BEFORE_REASON_KEPT), "idle now, reason kept" },
	{ "was:idle+ y place absent+", IN(NOTING, WRITE_LINE), "checking" },
	{ "was:idle+ y place idle++", ENDED_AND(SUPERSEDED, ASK_AGAIN), "" },
	{ "was:idle+ bulk y place idle++", ENDED(SKIPPED), "not sent, now idle: general-error" },
	{ "y place run", IN(ASKING2, ASK_AGAIN), "" },
	{ "bulk y place run", ENDED(SKIPPED), "not sent, running 3%" },
	{ "alone y place run", ENDED(SKIPPED), "not sent, running 3%" },
	{ TO_WAITING "+2200 place run", ENDED(SKIPPED), "not sent, running 3%" },
	{ "y place moved", ENDED_AND(SUPERSEDED, ASK_AGAIN), "" },
	{ "bulk y place moved", ENDED(SKIPPED), "not sent, now succeeded" },
	{ "alone y place moved", ENDED(SKIPPED), "not sent, now succeeded" },
	{ TO_WAITING "+2200 place again", ENDED(SKIPPED), "not sent, now failed: general-error" },
	{ "y place else", ENDED(DROPPED), "not sent, another database under db:7" },
	{ "y place renamed", ENDED(DROPPED), "not sent, another database under db:7" },
	{ "y place gone", ENDED(DROPPED), "not sent, gone" },
	{ "y place bad", IN(CHECKING, NOTHING), "checking, again in 1s" },
	{ "y place unasked", IN(CHECKING, NOTHING), "checking, again in 1s" },
	{ "y place bad +998 place", IN(CHECKING, NOTHING), "checking, again in 1s" },
	{ "y place bad +1000 place", IN(CHECKING, READ), "checking" },
	{ "y place bad +1000 place wrong", IN(CHECKING, NOTHING), "checking, again in 2s" },
	{ "y place bad +1000 place bad +2000 place same", IN(NOTING, WRITE_LINE), "checking" },
	{ "y place bad +1000 place bad +2000 place bad", ENDED(CANNOT_READ),
	  "not sent, cannot read: no reply within 10s." },
	{ "y place bad +1000 place bad +2000 place wrong", ENDED(CANNOT_READ),
	  "not sent, cannot read: the reply does not show its name, status and reason." },
	{ "y place nomemory", IN(CHECKING, NOTHING), "checking, again in 1s" },
	{ "y place nomemory +1000 place", IN(CHECKING, READ), "checking" },
	{ "y place nomemory +1000 place bad +2000 place nomemory", ENDED(CANNOT_READ),
	  "not sent, cannot read: out of memory." },

	/* asking2, reached by a read */
	{ "y place run yes", IN(CHECKING, READ), "checking" },
	{ "y place run y", IN(ASKING2, NOTHING), "" },
	{ "y place run yes unsent", IN(CHECKING, NOTHING), "checking" },
	{ "y place run yes same", IN(NOTING, WRITE_LINE), "checking" },
	{ "y place run yes run", IN(NOTING, WRITE_LINE), "checking" },
	{ "y place run yes moved", ENDED_AND(SUPERSEDED, ASK_AGAIN), "" },
	{ "y place run yes run noted =409 +2200 place run", IN(NOTING, WRITE_LINE), "checking" },
	{ "y place run n", ENDED(DECLINED), "not sent" },
	{ "y place run x", ENDED(CANCELLED), "cancelled" },
	{ "y place run 401", ENDED(STOPPED), "stopped: log-in refused" },
	{ "y place run asleep", ENDED(ASLEEP), "cancelled: asleep" },
	{ "y place run q", ENDED(CANCELLED), "cancelled" },

	/* noting */
	{ "y place same noted", IN(SENT, PUT), "sent" },
	{ "y place same unnoted", IN(ASKING2, ASK_AGAIN),
	  "cannot write the audit log: No space left." },
	{ "y place same unnoted yes", IN(CHECKING, READ), "checking" },
	{ "y place same unnoted yes run", IN(ASKING2, ASK_AGAIN), "" },
	{ "y place same unnoted yes same unnoted", IN(SENT, PUT), "sent" },
	{ "y place same unnoted yes same noted", IN(SENT, PUT), "sent" },
	{ "y place run yes run unnoted", IN(ASKING2, ASK_AGAIN),
	  "cannot write the audit log: No space left." },
	{ "y place same unnoted n", ENDED(DECLINED), "not sent" },
	{ "y place same x", ENDED(CANCELLED), "cancelled" },
	{ "y place same 401", ENDED(STOPPED), "stopped: log-in refused" },
	{ "y place same asleep", ENDED(ASLEEP), "cancelled: asleep" },
	{ "y place same q", ENDED(CANCELLED), "cancelled" },

	/* sent */
	{ TO_SENT "unsent", IN(CHECKING, NOTHING), "checking" },
	{ TO_SENT "unsent +250 place same", IN(NOTING, WRITE_LINE), "checking" },
	{ TO_SENT "time unsent", IN(SENT, NOTHING), "sent" },
	{ TO_SENT "nomemory", ENDED(UNSENT), "not sent: out of memory." },
	{ "y place bad +1000 place same noted =0u", ENDED(UNSENT), "no answer, not sent" },
	{ TO_WAITING "+2200 place same noted nomemory", ENDED(UNSENT), "not sent: out of memory." },
	{ TO_SENT "asleep", IN(SENT, NOTHING), "sent" },
	{ TO_SENT "x", IN(SENT, NOTHING), "in flight, cannot be cancelled" },
	{ TO_SENT "=200", IN(READING, NOTHING), "200 accepted" },
	{ TO_SENT "=400", IN(CHECKING, READ), "checking" },
	{ TO_SENT "=411", IN(CHECKING, READ), "checking" },
	{ TO_SENT "=415 same noted", IN(SENT, PUT_BODY), "sent" },
	{ TO_SENT "=400 unsent +250 place same noted", IN(SENT, PUT_BODY), "sent" },
	{ TO_SENT "=400 same noted =400:bad_request", ENDED(REFUSED_OTHER), "400 bad_request" },
	{ TO_SENT "=400 same unnoted yes same unnoted", IN(SENT, PUT_BODY), "sent" },
	{ TO_SENT "=400b", ENDED(REFUSED_OTHER), "400" },
	{ TO_SENT "=307f", IN(CHECKING, READ), "primary is 10.0.0.3" },
	{ TO_SENT "=307f same", IN(NOTING, WRITE_LINE), "checking" },
	{ TO_SENT "=307f same noted", IN(SENT, PUT), "sent" },
	{ TO_SENT "=307f same noted =307f same noted =307f", ENDED(REFUSED_307),
	  "307 primary is 10.0.0.3" },
	{ TO_SENT "=307", ENDED(REFUSED_307), "307 primary is 10.0.0.3" },
	{ TO_SENT "=401", ENDED(REFUSED_401), "401 log-in refused" },
	{ TO_SENT "=401c", ENDED(REFUSED_401), "401 log-in refused" },
	{ TO_SENT "=403", ENDED(REFUSED_403), "403 role may not reset" },
	{ TO_SENT "=403:denied", ENDED(REFUSED_403), "403 role may not reset: denied" },
	{ TO_SENT "=404", IN(PROBING, READ), "404" },
	{ TO_SENT "=406:lacking", ENDED_AND(REFUSED_406, READ_MODULES), "406 lacking" },
	{ TO_SENT "=406:lacking modules", ENDED(REFUSED_406),
	  "406 module graph lacks backup_restore" },
	{ TO_SENT "=406 401", ENDED(REFUSED_406), "406" },
	{ TO_SENT "=406 401 modules", ENDED_AND(REFUSED_406, NOTHING), "406" },
	{ TO_SENT "=409", IN(WAITING, NOTHING), "409 busy, again in 2s (1/6)" },
	{ "y place pending noted =409", IN(WAITING, NOTHING),
	  "409 busy: import-pending, again in 2s (1/6)" },
	{ GAVE_UP, ENDED(GAVE_UP), "409 busy, gave up after 6 retries" },
	{ "pictured yes place run noted =409", ENDED(GAVE_UP), "409 busy, gave up" },
	{ TO_SENT "=429:slow", ENDED(REFUSED_OTHER), "429 slow" },
	{ TO_SENT "=418:teapot", ENDED(REFUSED_OTHER), "418 teapot" },
	{ TO_SENT "=302", ENDED(REFUSED_OTHER), "302" },
	{ TO_SENT "=503:no_quorum", IN(PROBING, NOTHING), "503 no_quorum" },
	{ TO_SENT "=0", IN(PROBING, NOTHING), "no answer after 10s, may have been done" },
	{ TO_SENT "=200c", IN(PROBING, NOTHING), "no answer, may have been done" },
	{ TO_SENT "=409c", IN(PROBING, NOTHING), "no answer, may have been done" },
	{ TO_SENT "=202", IN(PROBING, NOTHING), "202" },
	{ TO_SENT "=0u", ENDED(UNSENT), "no answer, not sent" },
	{ TO_SENT "q", IN(SENT, NOTHING), "sent" },
	{ TO_SENT "q over", ENDED(UNKNOWN), "may have been carried out" },
	{ TO_SENT "q =200", ENDED(NOT_CONFIRMED), "accepted, not confirmed" },
	{ TO_SENT "q =0", ENDED(UNKNOWN), "may have been carried out" },
	{ TO_SENT "q =404", ENDED(REFUSED_OTHER), "404, cannot read" },
	{ TO_SENT "q =406", ENDED(REFUSED_406), "406" },
	{ TO_SENT "q =409", ENDED(CANCELLED), "cancelled" },
	{ TO_SENT "x =409", ENDED(CANCELLED), "cancelled" },
	{ TO_SENT "x =400", ENDED(CANCELLED), "cancelled" },
	{ TO_SENT "x =200", IN(READING, NOTHING), "200 accepted" },
	{ TO_SENT "401 =307f", ENDED(STOPPED), "stopped: log-in refused" },
	{ TO_SENT "401 =409", ENDED(STOPPED), "stopped: log-in refused" },
	{ TO_SENT "401 login =409", ENDED(STOPPED), "stopped: log-in refused" },
	{ TO_SENT "401 =401", ENDED(REFUSED_401), "401 log-in refused" },
	{ TO_SENT "401 =200", IN(HELD, NOTHING), "accepted, not confirmed: log-in" },
	{ TO_SENT "401 login =200", IN(READING, NOTHING), "200 accepted" },
	{ TO_SENT "401 =503", IN(HELD, NOTHING), "503, cannot read: log-in" },

	/* waiting */
	{ TO_WAITING "+1700 place", IN(WAITING, NOTHING), "409 busy, again in 1s (1/6)" },
	{ TO_WAITING "+2200 place", IN(CHECKING, READ), "checking" },
	{ TO_WAITING RETRY(2200), IN(WAITING, NOTHING), "409 busy, again in 4s (2/6)" },
	{ TO_WAITING "x", ENDED(CANCELLED), "cancelled" },
	{ TO_WAITING RETRY(2200) "x", ENDED(CANCELLED), "cancelled after 1 retry" },
	{ TO_WAITING RETRY(2200) RETRY(4400) "x", ENDED(CANCELLED), "cancelled after 2 retries" },
	{ TO_WAITING "401", ENDED(STOPPED), "stopped: log-in refused" },
	{ TO_WAITING "asleep", ENDED(ASLEEP), "cancelled: asleep" },
	{ TO_WAITING "q", ENDED(CANCELLED), "cancelled" },

	/* reading */
	{ TO_READING "+300 place", IN(READING, READ), "200 accepted" },
	{ TO_READING "+300 place unsent", IN(READING, NOTHING), "200 accepted" },
	{ TO_READING "+300 place nomemory", IN(READING, NOTHING), "200 accepted" },
	{ TO_READING "x", IN(READING, NOTHING), "sent, only reading" },
	{ TO_READING "asleep", IN(READING, NOTHING), "200 accepted" },
	{ TO_READING "old:idle", IN(READING, NOTHING), "200 accepted" },
	{ TO_READING "list:idle", ENDED(CLEARED), "cleared, was no-permission" },
	{ TO_READING "+300 place idle", ENDED(CLEARED), "cleared, was no-permission" },
	{ TO_READING "+300 place null", ENDED(CLEARED), "cleared, was no-permission" },
	{ TO_READING "+300 place empty", ENDED(CLEARED), "cleared, was no-permission" },
	{ TO_READING "+300 place idled", ENDED(CLEARED), "cleared, was no-permission" },
	{ "was:absent+ y place absent+ noted =200 +300 place idle", ENDED(NOT_CONFIRMED),
	  "accepted, not confirmed" },
	{ TO_READING "+300 place idle+", ENDED(REASON_KEPT), "idle, reason kept" },
	{ TO_READING "list:run", ENDED(RUNNING), "accepted, running now 3%" },
	{ TO_READING "list:runs", ENDED(RUNNING), "accepted, running now" },
	{ TO_READING "list:moved", ENDED(MOVED), "accepted, now succeeded" },
	{ TO_READING "list:again", ENDED(MOVED), "accepted, now failed: general-error" },
	{ TO_READING "list:strange", ENDED(MOVED), "accepted, now pondering" },
	{ TO_READING "+300 place same", IN(READING, NOTHING), "200 accepted" },
	{ TO_READING "+20000 list:same", IN(READING, NOTHING), "200 accepted" },
	{ TO_READING SAME_20S, ENDED(UNCHANGED), "accepted, still failed after 20s" },
	{ "pictured yes place run noted =200 +300 place run +20000 place run", ENDED(UNCHANGED),
	  "accepted, still running after 20s" },
	{ TO_READING "list:else", ENDED(OTHER_BDB), "accepted, then another under db:7" },
	{ TO_READING "+300 place gone", ENDED(THEN_GONE), "accepted, then gone" },
	{ TO_READING "list:without", IN(READING, NOTHING), "200 accepted" },
	{ TO_READING "list:without list:without", ENDED(THEN_GONE), "accepted, then gone" },
	{ TO_READING "list:without list:same list:without", IN(READING, NOTHING), "200 accepted" },
	{ TO_READING "list:unreadable list:unreadable", IN(READING, NOTHING), "200 accepted" },
	{ TO_READING "list:twice", IN(READING, NOTHING), "200 accepted" },
	{ TO_READING "+300 place bad", IN(READING, NOTHING), "200 accepted" },
	{ TO_READING "+119998 time", IN(READING, NOTHING), "200 accepted" },
	{ TO_READING SILENT, ENDED(NOT_CONFIRMED), "accepted, not confirmed" },
	{ TO_READING "+100000 asleep +20000 time", IN(READING, NOTHING), "200 accepted" },
	{ TO_READING "401", IN(HELD, NOTHING), "accepted, not confirmed: log-in" },
	{ TO_READING "trust", IN(HELD, NOTHING), "accepted, not confirmed: trust lost" },
	{ TO_READING "q", ENDED(NOT_CONFIRMED), "accepted, not confirmed" },

	/* held */
	{ TO_READING "401 list:idle", IN(HELD, NOTHING), "accepted, not confirmed: log-in" },
	{ TO_READING "401 +200000 time", IN(HELD, NOTHING), "accepted, not confirmed: log-in" },
	{ TO_READING "401 login", IN(READING, NOTHING), "200 accepted" },
	{ TO_READING "401 +200000 login place", IN(READING, READ), "200 accepted" },
	{ TO_READING "+300 place 401 bad login place", IN(READING, READ), "200 accepted" },
	{ TO_READING "+300 place 401 login place", IN(READING, READ), "200 accepted" },
	{ TO_READING "401 q", ENDED(NOT_CONFIRMED), "accepted, not confirmed" },
	{ TO_PROBING "401", IN(HELD, NOTHING), "no answer, cannot read: log-in" },
	{ TO_PROBING "401 login", IN(PROBING, NOTHING), "no answer after 10s, may have been done" },
	{ TO_404 "401", IN(HELD, NOTHING), "404, cannot read: log-in" },

	/* probing */
	{ TO_PROBING "+300 place", IN(PROBING, READ), "no answer after 10s, may have been done" },
	{ TO_PROBING "x", IN(PROBING, NOTHING), "sent, only reading" },
	{ TO_PROBING "old:idle", IN(PROBING, NOTHING), "no answer after 10s, may have been done" },
	{ TO_PROBING "list:idle", ENDED(NO_ANSWER), "no answer, now idle" },
	{ TO_PROBING "list:idle+", ENDED(NO_ANSWER), "no answer, now idle, reason kept" },
	{ TO_PROBING SAME_20S, ENDED(NO_ANSWER), "no answer, still failed" },
	{ TO_PROBING "list:run", ENDED(NO_ANSWER), "no answer, running now 3%" },
	{ TO_PROBING "list:moved", ENDED(NO_ANSWER), "no answer, now succeeded" },
	{ TO_PROBING "list:again", ENDED(NO_ANSWER), "no answer, now failed: general-error" },
	{ TO_PROBING "list:else", ENDED(NO_ANSWER), "no answer, another under db:7" },
	{ TO_PROBING "+300 place gone", ENDED(NO_ANSWER), "no answer, gone" },
	{ TO_PROBING SILENT, ENDED(NO_ANSWER), "no answer, cannot read" },
	{ TO_PROBING "q", ENDED(UNKNOWN), "may have been carried out" },
	{ TO_PROBING "401 over", ENDED(UNKNOWN), "may have been carried out" },
	{ TO_SENT "=503 list:idle", ENDED(NO_ANSWER), "503, now idle" },
	{ TO_SENT "=503 " SAME_20S, ENDED(NO_ANSWER), "503, still failed" },
	{ TO_SENT "=202 list:idle", ENDED(NO_ANSWER), "202, now idle" },
	{ TO_404 "gone", ENDED(GONE), "404 gone" },
	{ TO_404 "list:without list:without", ENDED(GONE), "404 gone" },
	{ TO_404 "same", IN(CHECKING_PATH, NOTHING), "404" },
	{ TO_404 "idle", IN(CHECKING_PATH, NOTHING), "404" },
	{ TO_404 "idle+", IN(CHECKING_PATH, NOTHING), "404" },
	{ TO_404 "run", IN(CHECKING_PATH, NOTHING), "404" },
	{ TO_404 "moved", IN(CHECKING_PATH, NOTHING), "404" },
	{ TO_404 "else", ENDED(PATH_UNKNOWN), "404, path unknown here" },
	{ TO_404 "bad", IN(PROBING, NOTHING), "404" },
	{ TO_404 "bad +300 place", IN(PROBING, READ), "404" },
	{ TO_404 SILENT, ENDED(REFUSED_OTHER), "404, cannot read" },
	{ TO_404 "q", ENDED(REFUSED_OTHER), "404, cannot read" },

	/* checking the path */
	{ TO_PATH "place", IN(CHECKING_PATH, CHECK_PATH), "404" },
	{ TO_404 "list:same place", IN(CHECKING_PATH, NOTHING), "404" },
	{ TO_404 "list:same same place", IN(CHECKING_PATH, CHECK_PATH), "404" },
	{ TO_OPTIONS "place", IN(CHECKING_PATH, NOTHING), "404" },
	{ TO_OPTIONS "unsent", IN(CHECKING_PATH, NOTHING), "404" },
	{ TO_OPTIONS "unsent place", IN(CHECKING_PATH, NOTHING), "404" },
	{ TO_OPTIONS "unsent +250 place", IN(CHECKING_PATH, CHECK_PATH), "404" },
	{ TO_OPTIONS "known", ENDED(STILL_LISTED), "404, still listed" },
	{ TO_OPTIONS "unknown", ENDED(PATH_UNKNOWN), "404, path unknown here" },
	{ TO_OPTIONS "unclear", ENDED(PATH_UNKNOWN), "404, path unknown here" },
	{ TO_OPTIONS "known unknown", ENDED_AND(STILL_LISTED, NOTHING), "404, still listed" },
	{ TO_OPTIONS "x", IN(CHECKING_PATH, NOTHING), "sent, only reading" },
	{ TO_OPTIONS "x known", ENDED(STILL_LISTED), "404, still listed" },
	{ TO_OPTIONS "asleep", IN(CHECKING_PATH, NOTHING), "404" },
	{ TO_OPTIONS "list:idle", IN(CHECKING_PATH, NOTHING), "404" },
	{ TO_OPTIONS "list:else", ENDED(PATH_UNKNOWN), "404, path unknown here" },
	{ TO_OPTIONS "list:without list:without", ENDED(GONE), "404 gone" },
	{ TO_OPTIONS "list:without list:without known", ENDED_AND(GONE, NOTHING), "404 gone" },
	{ TO_OPTIONS "401", ENDED(PATH_UNKNOWN), "404, path unknown here" },
	{ TO_OPTIONS "q", ENDED(PATH_UNKNOWN), "404, path unknown here" },
	{ TO_OPTIONS "over", ENDED(PATH_UNKNOWN), "404, path unknown here" },
	{ TO_OPTIONS SILENT, ENDED(PATH_UNKNOWN), "404, path unknown here" },
	{ TO_404 "known", IN(PROBING, NOTHING), "404" },

	/* ended */
	{ TO_READING SAME_20S " +22700 list:idle", ENDED(CLEARED),
	  "cleared after 43s, was no-permission" },
	{ TO_READING SAME_20S " +300000 list:idle", ENDED_AND(UNCHANGED, NOTHING),
	  "accepted, still failed after 20s" },
	{ TO_READING SAME_20S " +300000 time", ENDED_AND(UNCHANGED, NOTHING),
	  "accepted, still failed after 20s" },
	{ TO_READING SAME_20S " list:run", ENDED_AND(UNCHANGED, NOTHING),
	  "accepted, still failed after 20s" },
	{ TO_READING SAME_20S " list:else list:idle", ENDED_AND(UNCHANGED, NOTHING),
	  "accepted, still failed after 20s" },
	{ "was:absent+ y place absent+ noted =200 "
	  "+300 place absent+ +20000 place absent+ list:idle",
	  ENDED(NOT_CONFIRMED), "accepted, not confirmed" },
	{ TO_READING "list:idle list:again", ENDED_AND(CLEARED, NOTHING),
	  "cleared, failed again 08:00:00Z" },
	{ TO_READING "list:idle old:same", ENDED_AND(CLEARED, NOTHING),
	  "cleared, was no-permission" },
	{ TO_READING "list:idle list:else list:same", ENDED_AND(CLEARED, NOTHING),
	  "cleared, was no-permission" },
	{ TO_READING "list:idle list:run", ENDED_AND(CLEARED, NOTHING),
	  "cleared, was no-permission" },
	{ "y x y place yes", ENDED_AND(CANCELLED, NOTHING), "cancelled" },
};

/* The audit log of an earlier release has only the text. */
static void assert_same_group(const struct reset_scenario *run, const struct reset_text *words)
{
	enum outcome_group group = outcome_group_of(reset_outcome(run->reset));

	if (words->full[0] && reset_state(run->reset) == RESET_END &&
	    outcome_group_of_text(words->full) != group)
		fail_msg("`%s` is not read as %s", words->full, outcome_group_words[group]);
	assert_int_equal(outcome_group_find(outcome_group_words[group]), group);
}

static void walks_every_row_of_the_contract(void **state)
{
	struct reset_text words;
	struct reset_scenario run;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		scenario_line(&run, cases[i].line);
		if (reset_state(run.reset) != cases[i].state || run.effect != cases[i].effect ||
		    reset_outcome(run.reset) != cases[i].outcome)
			fail_msg("%s: state %d, effect %d, outcome %d", cases[i].line,
				 reset_state(run.reset), run.effect, reset_outcome(run.reset));
		reset_format(run.reset, false, run.now.ms, &words);
		if (strcmp(words.full, cases[i].words) != 0)
			fail_msg("%s: shows `%s`", cases[i].line, words.full);
		assert_same_group(&run, &words);
		scenario_over(&run);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(walks_every_row_of_the_contract),
	};

	return tap_run(tests);
}
