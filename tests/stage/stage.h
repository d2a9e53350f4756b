/*
 * tests/stage/stage.h - session, fleet, a scripted source and a fake clock: no network, no curses.
 *
 * The clock starts at 2026-11-21T20:14:05Z.  Only stage_advance() and stage_sleep() move it;
 * stage_advance() stops at every deadline, as the loop would.  The audit log is a list in memory
 * that can fail.
 */
#pragma once

#include "bdbtop/session/row.h"
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
	struct login_input login;    /* admin@prod.example, and the password `first` */
	struct source_pin saved_pin; /* the last one */
	bool save_pin_fails;
	int64_t expected_ms;
	struct input_decoder decoder;
	/* called for each event before the session takes it; or NULL */
	void (*watch)(void *arg, const struct input_event *);
	void *watch_arg;
};

/* Opens it with these script lines (ended by NULL, or NULL), and answers the first poll. */
void stage_open(struct stage *, const char *const *lines);
/* The same, with the rpo of the configuration; NULL: none. */
void stage_open_rpo(struct stage *, const char *const *lines, const struct rpo_rules *);
void stage_close(struct stage *);

/* Formats and runs one script line; fails the test if the line is invalid. */
#define stage_script(stage, ...) script_run((stage)->script, (stage)->now.ms, __VA_ARGS__)
/* Turns of the loop until nothing is due now.  Each turn counts as drawn. */
void stage_settle(struct stage *);
void stage_advance(struct stage *, int64_t ms);
/* The machine sleeps: time passes without a turn of the loop. */
void stage_sleep(struct stage *, int64_t ms);
/* One input event, as the decoder returns them; no turn. */
void stage_input(struct stage *, enum input_kind, int key, bool alone);
/* Bytes of the terminal in one read, through the decoder; no turn. */
void stage_read(struct stage *, const char *bytes, size_t length);
/* The same for text, then stage_settle(); and the text as a bracketed paste. */
void stage_type(struct stage *, const char *keys);
void stage_paste(struct stage *, const char *text);
/* A key that is alone in its read; then stage_settle(). */
void stage_key(struct stage *, int key);
/* Opens the question with this key (`b`), waits for its guard interval, and confirms it. */
void stage_confirm(struct stage *, char key);
/* Moves the cursor to this database; fails the test if no row shows it. */
void stage_choose(struct stage *, int64_t uid);

/* Result number `index` on the row of a database, the newest is 0; "": none.  Valid until the next
 * call of either.  stage_result_text() is the newest in full. */
const char *stage_result(struct stage *, int64_t uid, size_t index, enum row_width);
const char *stage_result_text(struct stage *, int64_t uid);

/* The audit log in memory. */
/* Run, outcome and note of its last line. */
const struct audit_record *fake_audit_log_last(const struct audit_log *);
unsigned fake_audit_log_syncs(const struct audit_log *); /* number of syncs to the disk */
void fake_audit_log_fails(struct audit_log *, bool);
size_t fake_audit_log_count(const struct audit_log *,
			    enum audit_event); /* AUDIT_EVENTS: all lines */
/* Adds a line of an earlier run; add the newest first.  And how often these lines were read, of one
 * database and of all. */
void fake_audit_log_past(struct audit_log *, const struct audit_record *);
unsigned fake_audit_log_reads(const struct audit_log *);
unsigned fake_audit_log_ended_reads(const struct audit_log *);
/* Line number `index`, as `EVENT RESET-ID PUT STATUS MESSAGE`. */
const char *fake_audit_log_line(const struct audit_log *, size_t index);
