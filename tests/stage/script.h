/*
 * tests/stage/script.h - a source that a script controls: no network, no clock.
 *
 * It has the databases of a fake cluster.  It answers a request in the turn after it was sent, from
 * the databases of that moment, unless requests of its kind are held.  Lines of words control it,
 * from a test or from a pipe:
 *
 *	bdb UID [KEY=VALUE]...	creates or changes one: name state created changed periodic every
 *				crdt internal modules, and for each operation KIND=STATUS[:REASON],
 *				KIND.percent=N, KIND.last=TIME; %HH is a byte, KEY=~ absent,
 *				KEY=! a wrong type, KEY=? not requested
 *	gone UID		deletes it
 *	unreadable N		so many elements of each list are unreadable
 *	put STATUS [FLAG]... [WORDS]
 *				the answer to the next PUT without one; 0 is no answer, and WORDS
 *				the failure.  200 clears the status, others do not; FLAG is `keep`
 *				(not cleared), `clear` (cleared), `cut` (incomplete), `unsent`,
 *				`of=UID` (only for that database)
 *	path STATE		the result of OPTIONS for the path of a PUT: known, unknown, unclear
 *				(the default)
 *	follow [HOST]		a 307 that may be followed, as answer to the next PUT
 *	hold SORT		holds answers: list, one, put, modules, facts, path; or a TOPIC
 *	release SORT		no longer holds them
 *	land SORT [last]	releases one held answer, the oldest or the last
 *	early on|off		reads answer with the databases as they were when requested
 *	bad one TEXT		single reads fail with this error;  good one
 *	fail TEXT		polls fail with this error;  recover
 *	again MS		from a failed poll to the next one, 2000 by default
 *	asks-pause STATUS	the cluster asked for this pause, with this status, also in failed
 *				replies about data; 0: it did not
 *	refuse login|trust TEXT	401 or lost trust, now;  accept  a new log-in
 *	ask trust|login		prompts the user; sends nothing before the answer.  The certificate
 *				is always the same; a second `ask trust` offers another key
 *	logins good|bad		the result of log-ins typed from now on
 *	changed			the key is not the pinned one: on_key_changed(), on_refused()
 *	pin			on_pinned() with the certificate offered, as after a yes
 *	via NAME		another address is in use
 *	lacking NAME...		the modules that lack backup_restore;  modules unknown
 *	latency MS		the time that an answer reports
 *	ahead SECONDS		of the cluster's clock, in lists after script_wall()
 *
 * Data beside the databases:
 *
 *	event TIME TYPE UID [SEVERITY [TEXT]]
 *				`event 2026-11-21T19:00:00Z backup_failed 12`
 *	alert UID [on|off] [name=NAME] [since=TIME] [limit=MINUTES]
 *				the default name is bdb_backup_delayed
 *	action UID [STATUS] [id=WORD] [name=NAME] [percent=N] [shard=N] [heartbeat=TIME]
 *			[created=TIME]	the same id replaces the action
 *	shard UID [uid=N] [node=N] [role=WORD] [status=WORD] [percent=N]
 *	traits UID [module=NAME]... [tag=KEY=VALUE]... [redis=TEXT] [version=TEXT] [shards=N]
 *			[memory=BYTES]	those after the tags only in a reply about one database
 *	node UID [version=TEXT] [address=TEXT] [status=WORD]
 *	no TOPIC		deletes all events, alerts, actions, shards, traits or nodes
 *	deny TOPIC, lack TOPIC	answers 403, or 404;  spoil TOPIC  an unreadable reply
 *	break TOPIC, mute TOPIC	answers 500, or not at all;  allow TOPIC  answers again
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
	unsigned id; /* in the order of the requests, from 1 */
	int64_t requested_ms, uid;
	unsigned reset_id;	/* of SCRIPT_PUT and SCRIPT_PATH */
	enum op_kind op_kind;	/* the same */
	enum source_topic topic; /* of SCRIPT_DATA */
};

struct script;

/* A source for this sink; its free(), in script_ops(), frees the script.  Never returns NULL. */
struct script *script_new(int64_t every_ms, const struct source_sink *, void *arg);
const struct source_ops *script_ops(void);

/* Runs one line; returns -1 if it is invalid. */
int script_do(struct script *, const char *line, int64_t now_ms);

/* Sets the wall clock: from now on each list has the date of the cluster. */
void script_wall(struct script *, struct moment now);

/* Passes the answers due to the sink, as turn() of script_ops() does too. */
void script_arrive(struct script *, int64_t now_ms);

/* Counts of requests. */
struct script_count {
	unsigned lists, bad_lists, ones, puts, bodies, modules, paths;
	unsigned yeses, noes; /* answers of the user */
	unsigned topics[TOPIC_COUNT]; /* SCRIPT_DATA, by topic */
	unsigned in_flight, max_in_flight;
	unsigned data_in_flight, max_data_in_flight;
};
const struct script_count *script_counts(const struct script *);

/* All PUTs, in the order they were sent. */
struct script_put {
	unsigned reset_id;
	int64_t uid;
	enum op_kind kind;
	bool with_body;
	int64_t at_ms;
	unsigned status; /* valid if answered */
	bool answered;
};
size_t script_puts(const struct script *);
const struct script_put *script_put_at(const struct script *, size_t index);

/* For a test that records requests and replies; on_reply comes before the sink gets the reply. */
struct script_watch {
	void (*on_request)(void *arg, const struct script_request *);
	void (*on_reply)(void *arg, const struct script_request *, const struct observation *,
			 const struct reset_answer *);
};
void script_watch(struct script *, const struct script_watch *, void *arg);

/* The database as it is in the fake cluster now, or NULL. */
const struct bdb *script_bdb(const struct script *, int64_t uid);

#endif
