#include "tests/core/reset-play.h"

#define IN(state, effect) RESET_##state, DO_##effect, OUTCOME_NONE
#define ENDED(outcome) RESET_END, DO_END, OUTCOME_##outcome
#define ENDED_AND(outcome, effect) RESET_END, DO_##effect, OUTCOME_##outcome
#define ALL(words) words, NULL, NULL
#define CODE(words, code) words, NULL, code

/* Every row of the contract's table, and those that the header settles. */
static const struct row_case {
	const char *line;	/* its last word is the row's event */
	enum reset_state state;
	enum reset_effect effect;
	enum reset_outcome outcome;
	const char *full, *medium, *code;	/* NULL: as the wider one */
} cases[] = {
	/* asking */
	{ "y", IN(QUEUED, NOTE), ALL("queued") },
	{ "y noted", IN(QUEUED, NOTHING), ALL("queued") },
	{ "y unnoted", IN(QUEUED, NOTHING), ALL("queued") },
	{ "n", ENDED_AND(DECLINED, NOTHING), ALL("") },
	{ "x", ENDED_AND(DECLINED, NOTHING), ALL("") },
	{ "q", ENDED_AND(DECLINED, NOTHING), ALL("") },
	{ "401", ENDED_AND(STOPPED, NOTHING), ALL("") },
	{ "yes", IN(ASKING, NOTHING), ALL("") },
	{ "asleep", IN(ASKING, NOTHING), ALL("") },
	{ "list:moved", IN(ASKING, NOTHING), ALL("") },
	{ "list:without", IN(ASKING, NOTHING), ALL("") },

	/* the second question as the first */
	{ "pictured time", IN(ASKING2, NOTHING), ALL("") },
	{ "pictured y", IN(ASKING2, NOTHING), ALL("") },
	{ "pictured yes", IN(QUEUED, NOTE), ALL("queued") },
	{ "pictured yes place run", IN(NOTING, NOTE), ALL("checking") },
	{ "pictured yes place run+", IN(NOTING, NOTE), ALL("checking") },
	{ "pictured n", ENDED(DECLINED), ALL("not sent") },
	{ "pictured x", ENDED(CANCELLED), ALL("cancelled") },
	{ "pictured 401", ENDED_AND(STOPPED, NOTHING), ALL("") },
	{ "pictured trust", ENDED_AND(STOPPED, NOTHING), ALL("") },
	{ "pictured asleep", ENDED(ASLEEP), CODE("cancelled: asleep", "cancelled") },

	/* queued */
	{ "y place", IN(CHECKING, READ), ALL("checking") },
	{ "y x", ENDED(CANCELLED), ALL("cancelled") },
	{ "y 401", ENDED(STOPPED), CODE("stopped: log-in refused", "stopped") },
	{ "y trust", ENDED(STOPPED), CODE("stopped: trust lost", "stopped") },
	{ "y asleep", ENDED(ASLEEP), CODE("cancelled: asleep", "cancelled") },
	{ "y q", ENDED(CANCELLED), ALL("cancelled") },
	{ "y over", ENDED(CANCELLED), ALL("cancelled") },

	/* checking */
	{ "y place unsent", IN(CHECKING, NOTHING), ALL("checking") },
	{ "y place unsent +250 place", IN(CHECKING, READ), ALL("checking") },
	{ "y place x", ENDED(CANCELLED), ALL("cancelled") },
	{ "y place 401", ENDED(STOPPED), CODE("stopped: log-in refused", "stopped") },
	{ "y place asleep", ENDED(ASLEEP), CODE("cancelled: asleep", "cancelled") },
	{ "y place q", ENDED(CANCELLED), ALL("cancelled") },
	{ "y place slow", IN(CHECKING, NOTHING), "429 too many requests, next try in 7s",
	  "429, next try in 7s", "429 again in 7s" },
	{ "y place slow +6998 place", IN(CHECKING, NOTHING),
	  "429 too many requests, next try in 1s", "429, next try in 1s", "429 again in 1s" },
	{ "y place slow +6999 place", IN(CHECKING, READ), ALL("checking") },
	{ "y place slow +7000 place bad", IN(CHECKING, NOTHING),
	  CODE("checking, again in 2s", "checking 2s") },
	{ "y place same", IN(NOTING, NOTE), ALL("checking") },
	{ "y place list:same", IN(CHECKING, NOTHING), ALL("checking") },
	{ "y place list:idle", IN(CHECKING, NOTHING), ALL("checking") },
	{ "y place idle", ENDED(NOTHING_TO_RESET), CODE("nothing to reset", "not sent") },
	{ TO_WAITING "+2200 place idle", ENDED(IDLE_NOT_BY_US),
	  CODE("idle now, not by us", "idle, not by us") },
	{ "y place idle+", ENDED(IDLE_BEFORE_REASON_KEPT),
	  CODE("idle now, reason kept", "reason kept") },
	{ "was:idle+ y place absent+", IN(NOTING, NOTE), ALL("checking") },
	{ "was:idle+ y place idle++", ENDED_AND(SUPERSEDED, ASK_AGAIN), ALL("") },
	{ "was:idle+ bulk y place idle++", ENDED(LEFT_OUT),
	  "not sent, now idle: general-error", "not sent, now idle", "not sent" },
	{ "y place run", IN(ASKING2, ASK_AGAIN), ALL("") },
	{ "bulk y place run", ENDED(LEFT_OUT), CODE("not sent, running 3%", "not sent") },
	{ "alone y place run", ENDED(LEFT_OUT), CODE("not sent, running 3%", "not sent") },
	{ TO_WAITING "+2200 place run", ENDED(LEFT_OUT), CODE("not sent, running 3%", "not sent") },
	{ "y place moved", ENDED_AND(SUPERSEDED, ASK_AGAIN), ALL("") },
	{ "bulk y place moved", ENDED(LEFT_OUT), CODE("not sent, now succeeded", "not sent") },
	{ "alone y place moved", ENDED(LEFT_OUT), CODE("not sent, now succeeded", "not sent") },
	{ TO_WAITING "+2200 place again", ENDED(LEFT_OUT),
	  "not sent, now failed: general-error", "not sent, now failed", "not sent" },
	{ "y place else", ENDED(DROPPED),
	  "not sent, another database under db:7", "not sent, another database", "not sent" },
	{ "y place renamed", ENDED(DROPPED),
	  "not sent, another database under db:7", "not sent, another database", "not sent" },
	{ "y place gone", ENDED(DROPPED), ALL("not sent, gone") },
	{ "y place bad", IN(CHECKING, NOTHING), CODE("checking, again in 1s", "checking 1s") },
	{ "y place unasked", IN(CHECKING, NOTHING), CODE("checking, again in 1s", "checking 1s") },
	{ "y place bad +998 place", IN(CHECKING, NOTHING),
	  CODE("checking, again in 1s", "checking 1s") },
	{ "y place bad +1000 place", IN(CHECKING, READ), ALL("checking") },
	{ "y place bad +1000 place wrong", IN(CHECKING, NOTHING),
	  CODE("checking, again in 2s", "checking 2s") },
	{ "y place bad +1000 place bad +2000 place same", IN(NOTING, NOTE), ALL("checking") },
	{ "y place bad +1000 place bad +2000 place bad", ENDED(CANNOT_READ),
	  CODE("not sent, cannot read", "not sent") },

	/* asking2, reached by a read */
	{ "y place run yes", IN(CHECKING, READ), ALL("checking") },
	{ "y place run y", IN(ASKING2, NOTHING), ALL("") },
	{ "y place run yes unsent", IN(CHECKING, NOTHING), ALL("checking") },
	{ "y place run yes same", IN(NOTING, NOTE), ALL("checking") },
	{ "y place run yes run", IN(NOTING, NOTE), ALL("checking") },
	{ "y place run yes moved", ENDED_AND(SUPERSEDED, ASK_AGAIN), ALL("") },
	{ "y place run yes run noted =409 +2200 place run", IN(NOTING, NOTE), ALL("checking") },
	{ "y place run n", ENDED(DECLINED), ALL("not sent") },
	{ "y place run x", ENDED(CANCELLED), ALL("cancelled") },
	{ "y place run 401", ENDED(STOPPED), CODE("stopped: log-in refused", "stopped") },
	{ "y place run asleep", ENDED(ASLEEP), CODE("cancelled: asleep", "cancelled") },
	{ "y place run q", ENDED(CANCELLED), ALL("cancelled") },

	/* noting */
	{ "y place same noted", IN(SENT, PUT), ALL("sent") },
	{ "y place same unnoted", IN(ASKING2, ASK_AGAIN),
	  "cannot write the ledger: No space left.", "cannot write the ledger", "no ledger" },
	{ "y place same unnoted yes", IN(CHECKING, READ), ALL("checking") },
	{ "y place same unnoted yes run", IN(ASKING2, ASK_AGAIN), ALL("") },
	{ "y place same unnoted yes same unnoted", IN(SENT, PUT), ALL("sent") },
	{ "y place same unnoted yes same noted", IN(SENT, PUT), ALL("sent") },
	{ "y place run yes run unnoted", IN(ASKING2, ASK_AGAIN),
	  "cannot write the ledger: No space left.", "cannot write the ledger", "no ledger" },
	{ "y place same unnoted n", ENDED(DECLINED), ALL("not sent") },
	{ "y place same x", ENDED(CANCELLED), ALL("cancelled") },
	{ "y place same 401", ENDED(STOPPED), CODE("stopped: log-in refused", "stopped") },
	{ "y place same asleep", ENDED(ASLEEP), CODE("cancelled: asleep", "cancelled") },
	{ "y place same q", ENDED(CANCELLED), ALL("cancelled") },

	/* sent */
	{ TO_SENT "unsent", IN(CHECKING, NOTHING), ALL("checking") },
	{ TO_SENT "unsent +250 place same", IN(NOTING, NOTE), ALL("checking") },
	{ TO_SENT "time unsent", IN(SENT, NOTHING), ALL("sent") },
	{ TO_SENT "asleep", IN(SENT, NOTHING), ALL("sent") },
	{ TO_SENT "x", IN(SENT, NOTHING),
	  "on its way, cannot be cancelled", "on its way, cannot cancel", "on its way" },
	{ TO_SENT "=200", IN(READING, NOTHING), ALL("200 accepted") },
	{ TO_SENT "=400", IN(CHECKING, READ), ALL("checking") },
	{ TO_SENT "=411", IN(CHECKING, READ), ALL("checking") },
	{ TO_SENT "=415 same noted", IN(SENT, PUT_BODY), ALL("sent") },
	{ TO_SENT "=400 unsent +250 place same noted", IN(SENT, PUT_BODY), ALL("sent") },
	{ TO_SENT "=400 same noted =400:bad_request", ENDED(REFUSED_OTHER),
	  CODE("400 bad_request", "400") },
	{ TO_SENT "=400 same unnoted yes same unnoted", IN(SENT, PUT_BODY), ALL("sent") },
	{ TO_SENT "=400b", ENDED(REFUSED_OTHER), ALL("400") },
	{ TO_SENT "=307f", IN(CHECKING, READ), CODE("primary is 10.0.0.3", "checking") },
	{ TO_SENT "=307f same", IN(NOTING, NOTE), ALL("checking") },
	{ TO_SENT "=307f same noted", IN(SENT, PUT), ALL("sent") },
	{ TO_SENT "=307f same noted =307f same noted =307f", ENDED(REFUSED_307),
	  CODE("307 primary is 10.0.0.3", "307 not primary") },
	{ TO_SENT "=307", ENDED(REFUSED_307), CODE("307 primary is 10.0.0.3", "307 not primary") },
	{ TO_SENT "=401", ENDED(REFUSED_401), CODE("401 log-in refused", "401 log-in") },
	{ TO_SENT "=401c", ENDED(REFUSED_401), CODE("401 log-in refused", "401 log-in") },
	{ TO_SENT "=403", ENDED(REFUSED_403), CODE("403 role may not reset", "403 role") },
	{ TO_SENT "=403:denied", ENDED(REFUSED_403),
	  "403 role may not reset: denied", "403 role may not reset", "403 role" },
	{ TO_SENT "=404", IN(PROBING, READ), ALL("404") },
	{ TO_SENT "=406:lacking", ENDED_AND(REFUSED_406, ASK_MODULES), CODE("406 lacking", "406") },
	{ TO_SENT "=406:lacking modules", ENDED(REFUSED_406),
	  "406 module graph lacks backup_restore", "406 module graph", "406 module" },
	{ TO_SENT "=406 401", ENDED(REFUSED_406), ALL("406") },
	{ TO_SENT "=406 401 modules", ENDED_AND(REFUSED_406, NOTHING), ALL("406") },
	{ TO_SENT "=409", IN(WAITING, NOTHING),
	  CODE("409 busy, again in 2s (1/6)", "409 again in 2s") },
	{ "y place pending noted =409", IN(WAITING, NOTHING),
	  "409 busy: import-pending, again in 2s (1/6)",
	  "409 busy, again in 2s (1/6)", "409 again in 2s" },
	{ GAVE_UP, ENDED(GAVE_UP),
	  "409 busy, gave up after 6 retries", "409 busy, gave up", "409 gave up" },
	{ "pictured yes place run noted =409", ENDED(GAVE_UP),
	  CODE("409 busy, gave up", "409 gave up") },
	{ TO_SENT "=429:slow", ENDED(REFUSED_OTHER), CODE("429 slow", "429") },
	{ TO_SENT "=418:teapot", ENDED(REFUSED_OTHER), CODE("418 teapot", "418") },
	{ TO_SENT "=302", ENDED(REFUSED_OTHER), ALL("302") },
	{ TO_SENT "=503:no_quorum", IN(PROBING, NOTHING), CODE("503 no_quorum", "503") },
	{ TO_SENT "=0", IN(PROBING, NOTHING),
	  "no answer after 10s, may have been done", "no answer after 10s", "no answer 10s" },
	{ TO_SENT "=200c", IN(PROBING, NOTHING),
	  "no answer, may have been done", "no answer", NULL },
	{ TO_SENT "=409c", IN(PROBING, NOTHING),
	  "no answer, may have been done", "no answer", NULL },
	{ TO_SENT "=202", IN(PROBING, NOTHING), ALL("202") },
	{ TO_SENT "=0u", ENDED(UNSENT), CODE("no answer, not sent", "not sent") },
	{ TO_SENT "q", IN(SENT, NOTHING), ALL("sent") },
	{ TO_SENT "q over", ENDED(UNKNOWN), CODE("may have been carried out", "may be done") },
	{ TO_SENT "q =200", ENDED(NOT_CONFIRMED),
	  CODE("accepted, not confirmed", "not confirmed") },
	{ TO_SENT "q =0", ENDED(UNKNOWN), CODE("may have been carried out", "may be done") },
	{ TO_SENT "q =404", ENDED(REFUSED_OTHER), ALL("404, cannot read") },
	{ TO_SENT "q =406", ENDED(REFUSED_406), ALL("406") },
	{ TO_SENT "q =409", ENDED(CANCELLED), ALL("cancelled") },
	{ TO_SENT "x =409", ENDED(CANCELLED), ALL("cancelled") },
	{ TO_SENT "x =400", ENDED(CANCELLED), ALL("cancelled") },
	{ TO_SENT "x =200", IN(READING, NOTHING), ALL("200 accepted") },
	{ TO_SENT "401 =307f", ENDED(STOPPED), CODE("stopped: log-in refused", "stopped") },
	{ TO_SENT "401 =409", ENDED(STOPPED), CODE("stopped: log-in refused", "stopped") },
	{ TO_SENT "401 login =409", ENDED(STOPPED), CODE("stopped: log-in refused", "stopped") },
	{ TO_SENT "401 =401", ENDED(REFUSED_401), CODE("401 log-in refused", "401 log-in") },
	{ TO_SENT "401 =200", IN(HELD, NOTHING),
	  "accepted, not confirmed: log-in", "accepted, not confirmed", "not confirmed" },
	{ TO_SENT "401 login =200", IN(READING, NOTHING), ALL("200 accepted") },
	{ TO_SENT "401 =503", IN(HELD, NOTHING),
	  "503, cannot read: log-in", "503, cannot read", "503" },

	/* waiting */
	{ TO_WAITING "+1700 place", IN(WAITING, NOTHING),
	  CODE("409 busy, again in 1s (1/6)", "409 again in 1s") },
	{ TO_WAITING "+2200 place", IN(CHECKING, READ), ALL("checking") },
	{ TO_WAITING RETRY(2200), IN(WAITING, NOTHING),
	  CODE("409 busy, again in 4s (2/6)", "409 again in 4s") },
	{ TO_WAITING "x", ENDED(CANCELLED), ALL("cancelled") },
	{ TO_WAITING RETRY(2200) "x", ENDED(CANCELLED),
	  CODE("cancelled after 1 retry", "cancelled") },
	{ TO_WAITING RETRY(2200) RETRY(4400) "x", ENDED(CANCELLED),
	  CODE("cancelled after 2 retries", "cancelled") },
	{ TO_WAITING "401", ENDED(STOPPED), CODE("stopped: log-in refused", "stopped") },
	{ TO_WAITING "asleep", ENDED(ASLEEP), CODE("cancelled: asleep", "cancelled") },
	{ TO_WAITING "q", ENDED(CANCELLED), ALL("cancelled") },

	/* reading */
	{ TO_READING "+300 place", IN(READING, READ), ALL("200 accepted") },
	{ TO_READING "+300 place unsent", IN(READING, NOTHING), ALL("200 accepted") },
	{ TO_READING "x", IN(READING, NOTHING), CODE("sent, only reading", "only reading") },
	{ TO_READING "asleep", IN(READING, NOTHING), ALL("200 accepted") },
	{ TO_READING "old:idle", IN(READING, NOTHING), ALL("200 accepted") },
	{ TO_READING "list:idle", ENDED(CLEARED), "cleared, was no-permission", "cleared", NULL },
	{ TO_READING "+300 place idle", ENDED(CLEARED),
	  "cleared, was no-permission", "cleared", NULL },
	{ TO_READING "+300 place null", ENDED(CLEARED),
	  "cleared, was no-permission", "cleared", NULL },
	{ TO_READING "+300 place empty", ENDED(CLEARED),
	  "cleared, was no-permission", "cleared", NULL },
	{ TO_READING "+300 place idled", ENDED(CLEARED),
	  "cleared, was no-permission", "cleared", NULL },
	{ "was:absent+ y place absent+ noted =200 +300 place idle", ENDED(NOT_CONFIRMED),
	  CODE("accepted, not confirmed", "not confirmed") },
	{ TO_READING "+300 place idle+", ENDED(REASON_KEPT),
	  CODE("idle, reason kept", "reason kept") },
	{ TO_READING "list:run", ENDED(RUNNING),
	  CODE("accepted, running now 3%", "running now 3%") },
	{ TO_READING "list:runs", ENDED(RUNNING), CODE("accepted, running now", "running now") },
	{ TO_READING "list:moved", ENDED(MOVED), CODE("accepted, now succeeded", "now succeeded") },
	{ TO_READING "list:again", ENDED(MOVED),
	  "accepted, now failed: general-error", "accepted, now failed", "now failed" },
	{ TO_READING "list:strange", ENDED(MOVED),
	  CODE("accepted, now pondering", "now pondering") },
	{ TO_READING "+300 place same", IN(READING, NOTHING), ALL("200 accepted") },
	{ TO_READING "+20000 list:same", IN(READING, NOTHING), ALL("200 accepted") },
	{ TO_READING SAME_20S, ENDED(UNCHANGED),
	  "accepted, still failed after 20s", "accepted, still failed 20s", "still failed 20s" },
	{ "pictured yes place run noted =200 +300 place run +20000 place run", ENDED(UNCHANGED),
	  "accepted, still running after 20s", "accepted, still running 20s", "still running" },
	{ TO_READING "list:else", ENDED(OTHER_BDB),
	  "accepted, then another under db:7", "accepted, then another", "then another" },
	{ TO_READING "+300 place gone", ENDED(THEN_GONE),
	  CODE("accepted, then gone", "then gone") },
	{ TO_READING "list:without", IN(READING, NOTHING), ALL("200 accepted") },
	{ TO_READING "list:without list:without", ENDED(THEN_GONE),
	  CODE("accepted, then gone", "then gone") },
	{ TO_READING "list:without list:same list:without", IN(READING, NOTHING),
	  ALL("200 accepted") },
	{ TO_READING "list:unreadable list:unreadable", IN(READING, NOTHING), ALL("200 accepted") },
	{ TO_READING "list:twice", IN(READING, NOTHING), ALL("200 accepted") },
	{ TO_READING "+300 place bad", IN(READING, NOTHING), ALL("200 accepted") },
	{ TO_READING "+119998 time", IN(READING, NOTHING), ALL("200 accepted") },
	{ TO_READING SILENT, ENDED(NOT_CONFIRMED),
	  CODE("accepted, not confirmed", "not confirmed") },
	{ TO_READING "+100000 asleep +20000 time", IN(READING, NOTHING), ALL("200 accepted") },
	{ TO_READING "401", IN(HELD, NOTHING),
	  "accepted, not confirmed: log-in", "accepted, not confirmed", "not confirmed" },
	{ TO_READING "trust", IN(HELD, NOTHING),
	  "accepted, not confirmed: trust lost", "accepted, not confirmed", "not confirmed" },
	{ TO_READING "q", ENDED(NOT_CONFIRMED), CODE("accepted, not confirmed", "not confirmed") },

	/* held */
	{ TO_READING "401 list:idle", IN(HELD, NOTHING),
	  "accepted, not confirmed: log-in", "accepted, not confirmed", "not confirmed" },
	{ TO_READING "401 +200000 time", IN(HELD, NOTHING),
	  "accepted, not confirmed: log-in", "accepted, not confirmed", "not confirmed" },
	{ TO_READING "401 login", IN(READING, NOTHING), ALL("200 accepted") },
	{ TO_READING "401 +200000 login place", IN(READING, READ), ALL("200 accepted") },
	{ TO_READING "+300 place 401 bad login place", IN(READING, READ), ALL("200 accepted") },
	{ TO_READING "+300 place 401 login place", IN(READING, READ), ALL("200 accepted") },
	{ TO_READING "401 q", ENDED(NOT_CONFIRMED),
	  CODE("accepted, not confirmed", "not confirmed") },
	{ TO_PROBING "401", IN(HELD, NOTHING),
	  "no answer, cannot read: log-in", "no answer, cannot read", "no answer" },
	{ TO_PROBING "401 login", IN(PROBING, NOTHING),
	  "no answer after 10s, may have been done", "no answer after 10s", "no answer 10s" },
	{ TO_404 "401", IN(HELD, NOTHING), "404, cannot read: log-in", "404, cannot read", NULL },

	/* probing */
	{ TO_PROBING "+300 place", IN(PROBING, READ),
	  "no answer after 10s, may have been done", "no answer after 10s", "no answer 10s" },
	{ TO_PROBING "x", IN(PROBING, NOTHING), CODE("sent, only reading", "only reading") },
	{ TO_PROBING "old:idle", IN(PROBING, NOTHING),
	  "no answer after 10s, may have been done", "no answer after 10s", "no answer 10s" },
	{ TO_PROBING "list:idle", ENDED(NO_ANSWER),
	  CODE("no answer, now idle", "no answer, idle") },
	{ TO_PROBING "list:idle+", ENDED(NO_ANSWER),
	  "no answer, now idle, reason kept", "no answer, reason kept", "no answer, idle" },
	{ TO_PROBING SAME_20S, ENDED(NO_ANSWER),
	  CODE("no answer, still failed", "no answer, still") },
	{ TO_PROBING "list:run", ENDED(NO_ANSWER),
	  "no answer, running now 3%", "no answer, running now", "no answer, runs" },
	{ TO_PROBING "list:moved", ENDED(NO_ANSWER),
	  CODE("no answer, now succeeded", "no answer, moved") },
	{ TO_PROBING "list:again", ENDED(NO_ANSWER),
	  "no answer, now failed: general-error", "no answer, now failed", "no answer, moved" },
	{ TO_PROBING "list:else", ENDED(NO_ANSWER),
	  "no answer, another under db:7", "no answer, another database", "no answer, other" },
	{ TO_PROBING "+300 place gone", ENDED(NO_ANSWER), ALL("no answer, gone") },
	{ TO_PROBING SILENT, ENDED(NO_ANSWER), CODE("no answer, cannot read", "no answer") },
	{ TO_PROBING "q", ENDED(UNKNOWN), CODE("may have been carried out", "may be done") },
	{ TO_PROBING "401 over", ENDED(UNKNOWN), CODE("may have been carried out", "may be done") },
	{ TO_SENT "=503 list:idle", ENDED(NO_ANSWER), CODE("503, now idle", "503, idle") },
	{ TO_SENT "=503 " SAME_20S, ENDED(NO_ANSWER), CODE("503, still failed", "503, still") },
	{ TO_SENT "=202 list:idle", ENDED(NO_ANSWER), CODE("202, now idle", "202, idle") },
	{ TO_404 "gone", ENDED(GONE), ALL("404 gone") },
	{ TO_404 "list:without list:without", ENDED(GONE), ALL("404 gone") },
	{ TO_404 "same", ENDED(PATH_UNKNOWN), CODE("404, path unknown here", "404 path unknown") },
	{ TO_404 "idle", ENDED(PATH_UNKNOWN), CODE("404, path unknown here", "404 path unknown") },
	{ TO_404 "else", ENDED(PATH_UNKNOWN), CODE("404, path unknown here", "404 path unknown") },
	{ TO_404 "bad", IN(PROBING, NOTHING), ALL("404") },
	{ TO_404 "bad +300 place", IN(PROBING, READ), ALL("404") },
	{ TO_404 SILENT, ENDED(REFUSED_OTHER), ALL("404, cannot read") },
	{ TO_404 "q", ENDED(REFUSED_OTHER), ALL("404, cannot read") },

	/* ended */
	{ TO_READING SAME_20S " +22700 list:idle", ENDED(CLEARED),
	  "cleared after 43s, was no-permission", "cleared after 43s", "cleared 43s" },
	{ TO_READING SAME_20S " +300000 list:idle", ENDED_AND(UNCHANGED, NOTHING),
	  "accepted, still failed after 20s", "accepted, still failed 20s", "still failed 20s" },
	{ TO_READING SAME_20S " +300000 time", ENDED_AND(UNCHANGED, NOTHING),
	  "accepted, still failed after 20s", "accepted, still failed 20s", "still failed 20s" },
	{ TO_READING SAME_20S " list:run", ENDED_AND(UNCHANGED, NOTHING),
	  "accepted, still failed after 20s", "accepted, still failed 20s", "still failed 20s" },
	{ TO_READING SAME_20S " list:else list:idle", ENDED_AND(UNCHANGED, NOTHING),
	  "accepted, still failed after 20s", "accepted, still failed 20s", "still failed 20s" },
	{ "was:absent+ y place absent+ noted =200 "
	  "+300 place absent+ +20000 place absent+ list:idle",
	  ENDED(NOT_CONFIRMED), CODE("accepted, not confirmed", "not confirmed") },
	{ TO_READING "list:idle list:again", ENDED_AND(CLEARED, NOTHING),
	  "cleared, failed again 08:00:00Z", "cleared, failed again", "failed again" },
	{ TO_READING "list:idle old:same", ENDED_AND(CLEARED, NOTHING),
	  "cleared, was no-permission", "cleared", NULL },
	{ TO_READING "list:idle list:else list:same", ENDED_AND(CLEARED, NOTHING),
	  "cleared, was no-permission", "cleared", NULL },
	{ TO_READING "list:idle list:run", ENDED_AND(CLEARED, NOTHING),
	  "cleared, was no-permission", "cleared", NULL },
	{ "y x y place yes", ENDED_AND(CANCELLED, NOTHING), ALL("cancelled") },
};

static void expect_words(const struct row_case *row, const struct reset_words *words)
{
	const char *medium = row->medium ? row->medium : row->full;
	const char *code = row->code ? row->code : medium;

	if (strcmp(words->full, row->full) != 0 || strcmp(words->medium, medium) != 0 ||
	    strcmp(words->code, code) != 0)
		fail_msg("%s: shows `%s` | `%s` | `%s`", row->line, words->full, words->medium,
			 words->code);
}

static void walks_every_row_of_the_contract(void **state)
{
	struct reset_words words;
	struct play play;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct row_case *row = &cases[i];

		play_line(&play, row->line);
		if (reset_state(play.reset) != row->state || play.effect != row->effect ||
		    reset_outcome(play.reset) != row->outcome)
			fail_msg("%s: state %d, effect %d, outcome %d", row->line,
				 reset_state(play.reset), play.effect, reset_outcome(play.reset));
		reset_show(play.reset, false, play.now.ms, &words);
		expect_words(row, &words);
		play_over(&play);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(walks_every_row_of_the_contract),
	};

	return tap_run(tests);
}
