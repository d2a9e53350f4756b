/*
 * tests/stage/stage.h - session, fleet, a scripted source and a turned clock: no network, no
 * curses.
 *
 * Time moves only by stage_advance(), and stops at every deadline on its way, as the loop would.
 * The ledger is a list in memory that can be told to fail.  It begins at 2026-11-21T20:14:05Z.
 */
#ifndef BDBTOP_TESTS_STAGE_STAGE_H
#define BDBTOP_TESTS_STAGE_STAGE_H

#include "bdbtop/session/session.h"
#include "bdbtop/ui/input_decoder.h"
#include "tests/stage/script.h"

struct stage {
	struct moment now;
	struct fleet *fleet;
	struct cluster *cluster;
	struct script *script;
	struct session *session;
	struct audit_log *audit_log;
	struct login_input login; /* admin@prod.example, and the password `first` */
	struct source_pin kept;	  /* the last pin that was given to be kept */
	bool keep_fails;
	int64_t expected_ms;
	struct input_decoder decoder;
	/* what comes out of it, before the session takes it */
	void (*watch)(void *arg, const struct input_event *);
	void *watch_arg;
};

/* Opens it with these script lines (ended by NULL), and lets the first poll come. */
void stage_open(struct stage *, const char *const *lines);
void stage_close(struct stage *);

/* printf of one script line; aborts the test when it is not understood. */
void stage_script(struct stage *, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* One turn of the loop, and more as long as something is due now; what it shows counts as drawn. */
void stage_settle(struct stage *);
void stage_advance(struct stage *, int64_t ms);
/* The machine sleeps: time goes by without any turn. */
void stage_sleep(struct stage *, int64_t ms);
/* One piece of input, as the decoder gives them; no turn comes. */
void stage_input(struct stage *, enum input_kind, int key, bool alone);
/* Bytes of the terminal in one read, through the decoder; no turn comes. */
void stage_read(struct stage *, const char *bytes, size_t length);
/* The same for text, then it settles; and a paste of it, in its brackets. */
void stage_type(struct stage *, const char *keys);
void stage_paste(struct stage *, const char *text);
/* A key that is the only one of its read; then it settles. */
void stage_key(struct stage *, int key);
/* Opens the question (`b`), waits out its guard, and confirms it. */
void stage_confirm(struct stage *, char key);
/* The cursor goes to this database; fails the test when it is not shown. */
void stage_choose(struct stage *, int64_t uid);

/* The words of the newest result on the row of a database: full, medium, code; "" for none. */
const char *stage_result_text(struct stage *, int64_t uid);
const char *stage_result_text_at(struct stage *, int64_t uid,
				 size_t index); /* of an older one, in full */
const char *stage_result_medium(struct stage *, int64_t uid);
const char *stage_result_letters(struct stage *, int64_t uid);

/* The ledger in memory. */
unsigned fake_audit_log_run(const struct audit_log *);	 /* of its last line */
unsigned fake_audit_log_syncs(const struct audit_log *); /* how often it went to the disk */
void fake_audit_log_fails(struct audit_log *, bool);
size_t fake_audit_log_count(const struct audit_log *,
			    enum audit_event); /* AUDIT_EVENTS: all of them */
/* A line of an earlier run, behind those given before it: newest first.  And how often they were
 * read. */
void fake_audit_log_past(struct audit_log *, const struct audit_record *);
unsigned fake_audit_log_reads(const struct audit_log *);
/* The i-th line as `event ticket put status words`. */
const char *fake_audit_log_line(const struct audit_log *, size_t index);

#endif
