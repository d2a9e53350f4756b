/*
 * tests/stage/scenario.h - what happens on a stage and what must be seen, as lines.
 *
 *	> LINE			tell the script;  + LINE  and let no turn come before the next line
 *	go UID			the cursor goes there
 *	type TEXT		keys in one read
 *	key NAME		one that is no letter too: esc enter ctrl-c up f5 ...
 *	paste TEXT		the same, out of a paste
 *	ignored			bytes came that are no key
 *	ask K			open the question with key K and wait until it takes an answer
 *	confirm K		and answer it with y
 *	yes			wait until the question takes an answer; then the word, and enter
 *	wait MS, sleep MS	time goes by, with and without turns
 *	ledger fails|works	from now on
 *	login			a new log-in was accepted
 *	no user			none is known: the prompt asks for it too
 *	keeping fails		pins cannot be kept from now on
 *	terminate		SIGTERM
 *
 *	row UID FULL [| MEDIUM [| CODE]]	the newest result of that row, all of it
 *	also UID FULL		the result below it
 *	none UID		that row has no result
 *	password TEXT, user TEXT	what the source would send
 *	half TEXT		what stands at the prompt, seen by nobody else
 *	kept PIN		what was given to be kept, or nothing
 *	face nothing|now|later	what it says of a question of the source
 *	yeses N, noes N		answers to questions of the source
 *	puts N, bodies N, ones N, lists N, modules N, in flight N	were asked so far
 *	wrote EVENT...		the events of the ledger's lines since the last `wrote`
 *	line TEXT		its last line
 *	mode list|question|filter|help|log|log filter|handover|diagnostics
 *	question none|reset|running|ledger|bulk|quit|trust|login
 *	second line TEXT	of the question: what changed
 *	notice TEXT, advice TEXT	the notice; the end of the strip's first line
 *	log TEXT		the newest line of the log;  logged TEXT  any of its lines
 *	news, no news		the line before changed, or did not, what can be seen
 *	can K, cannot K		the key would do something, or not
 *	cursor UID, rows UID...	all of them, in order
 *	hidden N		rows that the filter leaves out
 *	typing TEXT		the line of the filter;  typed TEXT  that of the question
 *	at N			the chosen line of the log, from the newest
 *	request none|redraw|suspend|copy
 *	listed UID, not listed UID	by the newest list
 *	link first|fresh|cut|refused|untrusted|signed-out
 *	counts FAILED STALLED OVERDUE DOUBTFUL RUNNING OTHER QUIET
 *	verdict UID BACKUP EXPORT IMPORT worst WORD	as its finding has them
 *	told TOPIC N		facts were asked for so often: events, alerts, actions, traits
 *	sum N WORD, N WORD	of the newest bulk, or none; checked that it adds up
 *	skew SECONDS		of the cluster's clock
 *	filter TEXT		in force;  mistake AT TEXT, no mistake  in what is typed
 *	order WORD		of the list;  problems on|off
 *	marked UID...		all marks, in order
 *	asks N M		a bulk: of N databases, M of them hidden;  leaves N  of the marked
 *	takes WORD		the question takes this word, or nothing
 *	bulk changed TEXT	second line of the question about a bulk
 *	says TEXT		the whole notice line;  says nothing
 *	clauses UID TEXT	what the row says, in full
 *	cells UID B E I		its words for backup, export, import
 *	next UID TEXT		when its next backup is due
 *	last UID TEXT		when its last good one was
 *	shown N			lines that the log shows;  topmost TEXT  of them
 *	redraw MS, redraw never	the frame changes by itself in so many ms, or does not
 *	over, going on		of the session
 *
 *	click ROW [twice], wheel N, wheel detail N	of the mouse
 *	fits N of M		lines of the detail, or of the page in front
 *	offset SECONDS		local time is known, so far ahead of UTC: 7200, 0 or -12600
 *	copied TEXT		what came of a copy;  outcome TEXT  as it is shown
 *	rings for WORD,WORD	and  notifies for WORD,WORD:  what the user is called for
 *	detail open|closed, looks UID, top N	the detail, whom it asks about, its first line
 *	page N			the first line of the page in front
 *	times ages|local|utc
 *	holds TEXT, lacks TEXT, hands TEXT	the text to hand over, the last all of it
 *	after UID KIND TEXT	what the cluster did after a clearing
 *	called rings TEXT	or  notifies, both:  the user is called;  not called
 *	corner N TEXT		what corner N of the detail has to say for itself
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

/* Lines of a play, ended for it. */
#define LINES(...)                                                                                 \
	(const char *const[])                                                                      \
	{                                                                                          \
		__VA_ARGS__, NULL                                                                  \
	}

/* A line of scenario_more.c, scenario_fleet.c or scenario_detail.c, of the play of that name;
 * false: it is none. */
bool scenario_more(struct stage *, const char *name, const char *line);
bool scenario_fleet(struct stage *, const char *name, const char *line);
bool scenario_detail(struct stage *, const char *name, const char *line);

/* Runs each as a test, and more tests after them; gives main's exit status. */
int scenario_run_all(const struct scenario *, size_t count, const struct CMUnitTest *more,
		     size_t more_count);

#endif
