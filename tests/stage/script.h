/*
 * tests/stage/script.h - a source that does what a script says: no network, no clock of its own.
 *
 * It holds the databases of a pretended cluster.  Requests are answered in the turn after they were
 * asked, from what the cluster then holds, unless answers of their sort are held back.  It is told
 * what to do in lines of words, so that a test and a pipe can say the same:
 *
 *	bdb UID [KEY=VALUE]...	make or change one: name state created periodic every crdt internal
 *				modules, and for each operation KIND=STATUS[:REASON],
 *				KIND.percent=N, KIND.last=TIME; %HH is a byte, KEY=~ makes it
 *				absent, KEY=! of a wrong type, KEY=? not asked
 *	gone UID		it is no longer there
 *	unreadable N		that many elements of each list are no database
 *	put STATUS [FLAG]... [WORDS]
 *				the answer to the next PUT that has none yet; 0 is no answer, WORDS
 *				then why.  200 clears the status, any other does not; FLAG is `keep`
 *				(not cleared), `clear` (cleared), `cut` (not whole), `unsent`,
 *				`of=UID` (of that database alone)
 *	path STATE		what OPTIONS for the path of a PUT tells from now on: known,
 *				unknown, unclear (so without this line)
 *	follow [HOST]		a 307 that passes trust, as the next PUT's answer
 *	hold SORT		hold answers back: list, one, put, modules, facts, path;
 *				or one TOPIC of the facts
 *	release SORT		let them come
 *	land SORT [last]	let one of those held back come, the oldest or the last
 *	early on|off		reads asked from now on tell what was so when they were asked
 *	bad one TEXT		single reads tell nothing, with this sentence;  good one
 *	fail TEXT		polls fail with this sentence;  recover
 *	again MS		from a poll that failed to the next one, 2000 without it
 *	asks-pause STATUS	it is the pause that the cluster asked for with this status, in its
 *				answers to facts that it does not tell too; 0: not
 *	refuse login|trust TEXT	401 or a lost trust, now;  accept  a new log-in
 *	ask trust|login		asks the user; nothing leaves before the answer.  The certificate is
 *				always the same; a second `ask trust` offers another key
 *	logins good|bad		what becomes of log-ins that are typed from now on
 *	changed			another key than the pinned one: told, and refused
 *	pin			tells that the certificate offered is pinned, as a yes does
 *	via NAME		another address answers
 *	lacking NAME...		what GET modules tells;  modules unknown
 *	latency MS		how long an answer is said to have taken
 *	ahead SECONDS		of the cluster's clock, told with lists after script_wall()
 *
 * Facts, told to who asks for them:
 *
 *	event TIME TYPE UID [SEVERITY [TEXT]]
 *				`event 2026-11-21T19:00:00Z backup_failed 12`
 *	alert UID [on|off] [name=NAME] [since=TIME] [limit=MINUTES]
 *				bdb_backup_delayed without a name
 *	action UID [STATUS] [id=WORD] [name=NAME] [percent=N] [shard=N] [heartbeat=TIME]
 *			[created=TIME]	the same id again is the same action
 *	shard UID [uid=N] [node=N] [role=WORD] [status=WORD] [percent=N]
 *	traits UID [module=NAME]... [tag=KEY=VALUE]... [redis=TEXT] [version=TEXT] [shards=N]
 *			[memory=BYTES]	those after the tags are told of one alone
 *	node UID [version=TEXT] [address=TEXT] [status=WORD]
 *	no TOPIC		forget them: events, alerts, actions, shards, traits, nodes
 *	deny TOPIC, lack TOPIC	answer 403, or 404;  spoil TOPIC  as if it could not be read;
 *	break TOPIC, mute TOPIC	answer 500, or not at all;  allow TOPIC  answer again
 */
#ifndef BDBTOP_TESTS_STAGE_SCRIPT_H
#define BDBTOP_TESTS_STAGE_SCRIPT_H

#include "bdbtop/core/source.h"

enum script_request_kind {
	SCRIPT_LIST,
	SCRIPT_ONE,
	SCRIPT_PUT,
	SCRIPT_MODULES,
	SCRIPT_DATA,
	SCRIPT_PATH,
	SCRIPT_REQUEST_KINDS
};

struct script_request {
	enum script_request_kind kind;
	unsigned id; /* in the order in which they were asked, from 1 */
	int64_t requested_ms, uid;
	unsigned reset_id;	/* of a PUT or a PATH, as is the kind */
	enum op_kind op_kind;
	enum source_topic topic; /* of DATA_PATHS */
};

struct script;

/* A source that tells this sink; its free(), in the operations, frees the script. */
struct script *script_new(int64_t every_ms, const struct source_sink *, void *arg);
const struct source_ops *script_ops(void);

/* One line.  -1: not understood. */
int script_do(struct script *, const char *line, int64_t now_ms);

/* What the wall clock is at a time: from now on each list tells the cluster's own. */
void script_wall(struct script *, struct moment now);

/* What has arrived is told to the sink; its change_phase() does so too. */
void script_arrive(struct script *, int64_t now_ms);

/* What was asked of it. */
struct script_count {
	unsigned lists, bad_lists, ones, puts, bodies, modules, paths;
	unsigned yeses, noes; /* answers of the user */
	unsigned topics[TOPIC_COUNT]; /* facts */
	unsigned in_flight, most_in_flight;
	unsigned data_in_flight, most_data; /* of them */
};
const struct script_count *script_counts(const struct script *);

/* The PUTs in their order, and one of them: a test looks at what really left. */
struct script_put {
	unsigned reset_id;
	int64_t uid;
	enum op_kind kind;
	bool with_body;
	int64_t at_ms;
	unsigned status; /* answered so; meaningful when answered */
	bool answered;
};
size_t script_puts(const struct script *);
const struct script_put *script_put_at(const struct script *, size_t index);

/* For a test that keeps its own books: what left, and what is about to be told of it. */
struct script_watch {
	void (*on_request)(void *arg, const struct script_request *);
	void (*on_reply)(void *arg, const struct script_request *, const struct observation *,
			 const struct reset_answer *);
};
void script_watch(struct script *, const struct script_watch *, void *arg);

/* What the pretended cluster holds now, or NULL. */
const struct bdb *script_bdb(const struct script *, int64_t uid);

#endif
