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
 *	ledger fails|works	writing the audit log, from now on
 *	login			a new log-in is accepted
 *	no user			the user is unknown: the prompt asks for it too
 *	keeping fails		saving a pin, from now on
 *	terminate		SIGTERM
 *	click ROW [twice], wheel N, wheel detail N	the mouse
 *	fits N of M		N of M lines of the detail, or of the open page, fit
 *	offset SECONDS		local time is so far ahead of UTC: 7200, 0 or -12600
 *	copied TEXT		the result of a copy;  outcome TEXT  expects it as it is shown
 *	rings for WORD,WORD	the transitions that ring the bell;  notifies for WORD,WORD  that
 *				send a notification;  calls for WORD,WORD  that do both
 *
 * Expectations:
 *
 *	row UID FULL [| MEDIUM [| CODE]]	the newest result of that row, exactly
 *	also UID FULL		the result below it
 *	none UID		that row has no result
 *	password TEXT, user TEXT	what the source would send
 *	half TEXT		the password typed so far
 *	kept PIN		the last saved pin, or nothing
 *	face nothing|now|later	prompt_state of the cluster
 *	yeses N, noes N		answers to prompts of the source
 *	puts N, bodies N, ones N, lists N, modules N, paths N, in flight N	requests so far
 *	wrote EVENT...		the events of the audit lines since the last `wrote`
 *	line TEXT		the last audit line
 *	mode list|question|filter|help|log|log filter|handover|diagnostics
 *	question none|reset|running|ledger|bulk|quit|trust|login
 *	second line TEXT	of the question: what changed
 *	notice TEXT, advice TEXT	the notice; the available keys in the summary
 *	log TEXT		the newest log entry;  logged TEXT  any log entry
 *	news, no news		the line before changed, or did not change, the revision
 *	can K, cannot K		the key is available, or not
 *	cursor UID, rows UID...	the database at the cursor; all rows, in order
 *	hidden N		rows that the filter hides
 *	typing TEXT		the filter line;  typed TEXT  the text typed at the question
 *	at N			the cursor of the log, from the newest entry
 *	request none|redraw|suspend|copy
 *	listed UID, not listed UID	by the newest list
 *	link first|fresh|cut|refused|untrusted|signed-out	conn of the cluster
 *	counts FAILED STALLED OVERDUE DOUBTFUL RUNNING OTHER QUIET
 *	verdict UID BACKUP EXPORT IMPORT worst WORD	of its finding
 *	told TOPIC N		requests so far for events, alerts, actions, shards, traits, nodes
 *	sum N WORD, N WORD	totals of the newest bulk, or none; they must add up
 *	skew SECONDS		of the cluster's clock
 *	filter TEXT		the filter in force;  mistake AT TEXT, no mistake  its error
 *	order WORD		of the list;  problems on|off
 *	marked UID...		all marks, in order
 *	asks N M		a bulk of N databases, M of them hidden;  leaves N  skipped ones
 *	takes WORD		the word that the question accepts, or nothing
 *	bulk changed TEXT	second line of the question about a bulk
 *	says TEXT		the complete notice line;  says nothing
 *	clauses UID TEXT	the text of the row, full width
 *	cells UID B E I		its words for backup, export, import
 *	next UID TEXT		when its next backup is due
 *	last UID TEXT		when its last good backup was
 *	shown N			log entries that pass the filter;  topmost TEXT  the first of them
 *	redraw MS, redraw never	when the frame next changes without input
 *	over, going on		the session has ended, or not
 *	detail open|closed, looks UID, top N	the detail, its database, its first line
 *	page N			the first line of the open page
 *	times ages|local|utc
 *	holds TEXT, lacks TEXT, hands TEXT	the handover contains TEXT, or not; its first line
 *	after UID KIND TEXT	what the cluster did after a reset
 *	called rings TEXT	or  notifies, both:  a notification is due;  not called
 *	corner N TEXT		the error of section N of the detail
 */
#ifndef BDBTOP_TESTS_STAGE_SCENARIO_H
#define BDBTOP_TESTS_STAGE_SCENARIO_H

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

/* Runs each as a test, then more tests; returns main's exit status. */
int scenario_run_all(const struct scenario *, size_t count, const struct CMUnitTest *more,
		     size_t more_count);

#endif
