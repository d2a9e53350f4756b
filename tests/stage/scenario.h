/*
 * tests/stage/scenario.h - actions on a stage and expectations, as lines of text.
 *
 * Actions:
 *
 *	> LINE			a line for the script;  + LINE  without a turn of the loop after it
 *	go UID			moves the cursor to that database
 *	type TEXT		keys in one read
 *	key NAME		one key alone: a letter, or esc enter ctrl-c up f5 ...
 *	paste TEXT		a bracketed paste
 *	ignored			bytes that are not a key
 *	ask K			opens the question with key K and waits for its guard interval
 *	confirm K		the same, then y
 *	yes			waits for the guard interval, then types yes and enter
 *	wait MS, sleep MS	time passes, with and without turns of the loop
 *	audit log fails|works	writing the audit log, from now on
 *	login			a new log-in is accepted
 *	no user			the user is unknown: the prompt asks for it too
 *	saving pins fails	from now on
 *	terminate		SIGTERM
 *	click ROW [twice], wheel N, wheel detail N	the mouse
 *	fits N of M		N of M lines of the detail, or of the open page, fit
 *	offset SECONDS		local time is so far ahead of UTC
 *	copied TEXT		the result of a copy;  outcome TEXT  expects it as it is shown
 *	rings for WORD,WORD	the transitions that ring the bell;  notifies for WORD,WORD  that
 *				send a notification;  rings and notifies for WORD,WORD
 *
 * Expectations:
 *
 *	row UID FULL [| MEDIUM [| CODE]]	the newest result of that row, exactly
 *	also UID FULL		the result below it
 *	none UID		that row has no result
 *	password TEXT, user TEXT	what the source would send
 *	typed password TEXT	so far
 *	saved pin PIN		the last one, or nothing
 *	prompt state nothing|now|later	prompt_state of the cluster
 *	yeses N, noes N		answers to prompts of the source
 *	puts N, bodies N, ones N, lists N, modules N, paths N, in flight N	requests so far
 *	wrote EVENT...		the events of the audit lines since the last `wrote`
 *	line TEXT		the last audit line
 *	mode list|question|filter|sort|help|log|log filter|handover|diagnostics|
 *				write
 *	question none|reset|running|audit log|bulk|quit|trust|overwrite|login
 *	second line TEXT	of the question: what changed
 *	notice TEXT		the notice;  available keys TEXT  in the summary
 *	log TEXT		the newest log entry;  logged TEXT  any log entry
 *	changed, unchanged	the line before changed, or did not change, the revision
 *	can K, cannot K		the key is available, or not
 *	cursor UID, rows UID...	the database at the cursor; all rows, in order
 *	causes GROUP; GROUP	groups of the causes view: `>*backup failed no-permission 2` is at
 *				the cursor and marked;  causes no: the list is shown
 *	hidden N		rows that the filter hides
 *	typing TEXT		the filter line;  typed TEXT  the text typed at the question
 *	log cursor N		the cursor of the log, from the newest entry
 *	request none|redraw|suspend|copy
 *	listed UID, not listed UID	by the newest list
 *	conn connecting|ok|down|login-refused|untrusted|no-login	of the cluster
 *	counts FAILED STALLED OVERDUE DOUBTFUL RUNNING OTHER QUIET
 *	requested shards N, requested bdb-info N	requests so far
 *	skew SECONDS		of the cluster's clock
 *	filter TEXT		the filter in force;  filter error AT TEXT, no filter error
 *	order WORD		of the list;  problems on|off
 *	marked UID...		all marks, in order
 *	bulk of N M		N databases, M of them hidden;  skipped N
 *	confirmed by WORD	the word that the question accepts, or nothing
 *	bulk changed TEXT	second line of the question about a bulk
 *	notice line TEXT	complete;  notice line nothing
 *	clauses UID TEXT	the text of the row, full width
 *	cells UID B E I		its words for backup, export, import
 *	next UID TEXT		when its next backup is due
 *	last UID TEXT		when its last good backup was
 *	log rows N		log entries that pass the filter;  first log row TEXT
 *	redraw MS, redraw never	when the frame next changes without input
 *	over, not over		the session has ended, or not
 *	detail open|closed, detail of UID, detail top N	the detail, its database, its first line
 *	page N			the first line of the open page
 *	times ages|local|utc
 *	handover has TEXT, handover lacks TEXT, handover begins TEXT	its text; its first line
 *	after reset UID KIND TEXT	what the cluster did after a reset
 *	notified rings TEXT	or  notifies, both:  a notification is due;  not notified
 *	section error N TEXT	the error of section N of the detail
 */
#pragma once

#include "tests/stage/stage.h"
#include "tests/tap.h"

struct scenario {
	const char *name;	    /* a sentence, with spaces */
	const char *const *cluster; /* script lines before the first poll */
	const char *const *lines;
};

/* Lines of a scenario; adds the NULL. */
#define LINES(...)                                                                                 \
	(const char *const[])                                                                      \
	{                                                                                          \
		__VA_ARGS__, NULL                                                                  \
	}

/* Runs each as a test, with lists that are decoded whole and with lists that are compared with the
 * last one, then more tests; returns main's exit status. */
int scenario_run_all(const struct scenario *, size_t count, const struct CMUnitTest *more,
		     size_t more_count);
