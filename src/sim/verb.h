/*
 * sim/verb.h - the lines that control the simulator: one table of verbs for scripts, for the events
 * and fault rules of a scenario, and for --fault.
 *
 * Databases:
 *   set UID FIELD=JSON ...        set fields of the API; a set operation changes only with a
 *                                 reset or another line; an unknown field or a value of another
 *                                 type is reported unchanged
 *   unset UID FIELD ...           omit the key from replies until it is set again
 *   create {...}                  a database, as in a scenario (sim/bdb_spec.h)
 *   delete UID
 *   recreate UID                  another database with the same uid and name
 *   start UID KIND                start a backup, export or import
 *   finish UID KIND [REASON]      end it: succeeded, or failed with the reason
 *   busy UID DURATION             a configuration change, during which resets are refused
 *   alert UID NAME on|off [THRESHOLD]
 *   event UID TYPE [{...}]        an entry in the event log, with more members
 *
 * Rules for requests (enum sim_fault_kind of sim/api.h):
 *   answer [times N] METHOD PREFIX STATUS [allow=METHODS] [retry-after=S|retry-date=S] [BODY]
 *                                 for a 3xx, BODY is the Location; allow is the header Allow,
 *                                 retry the header Retry-After, in seconds or as a date
 *   delay [times N] [METHOD] PREFIX DURATION      of simulated time
 *   cut [times N] METHOD PREFIX [BYTES]           no reply, or only BYTES of its body
 *   repeat [times N] METHOD PREFIX
 *   forget                        remove all rules
 *
 * The node and its users:
 *   redirect URL|off              this node is not the primary, or it is
 *   role USER ROLE
 *   password USER NEW             NEW is the rest of the line; a lock remains
 *   lock USER                     as after five failed logins
 *   skew [-]DURATION ...          offset of the header Date, for up to four nodes
 *
 * The program:
 *   advance DURATION              advance the clock; output: the new time
 *   time                          output: the time
 *   cut                           close all open connections now; output: their number
 *   certificate new-key|same-key [SHAPE]          renew it and close all open connections; SHAPE
 *                                 is a word of sim/cert.h; output: the new pin
 *   certificate                   output: the current pin
 *   tls 1.2|1.3|any               set the TLS version and close all open connections
 *   log [METHOD [PREFIX]]         print the requests so far; output: their number
 *   log clear
 *   await METHOD PREFIX [COUNT]   wait until the log has COUNT (1) such requests
 *
 * METHOD may be "*".  PREFIX starts with "/", matches complete segments, and
 * with "$" at its end is the complete path.  Without "times", a rule stays
 * until "forget"; a newer rule has precedence over an older one.
 */
#ifndef BDBTOP_SIM_VERB_H
#define BDBTOP_SIM_VERB_H

#include "api_internal.h"
#include "clock.h"
#include "handshake.h"

/* Where a line comes from: the sets of verbs that it may use. */
enum {
	SIM_VERBS_BDB = 1,
	SIM_VERBS_FAULT = 2,
	SIM_VERBS_NODE = 4,
	SIM_VERBS_PROGRAM = 8,
};

enum { SIM_VERB_PREFIX_MAX = 512 };

/* What the verbs of the program need. */
struct sim_program {
	struct sim_clock *clock;
	size_t (*cut_all)(void *arg);	/* close all connections and return their number */
	/* apply the change and return the pin: 0, or -1 with *err */
	int (*handshake)(void *arg, const struct sim_handshake *, char pin[SIM_CERT_PIN_SIZE],
			 struct err *err);
	void (*write)(void *arg, const char *text, size_t length);
	void *arg;
};

/* An await that the caller completes. */
struct sim_await {
	char method[16], prefix[SIM_VERB_PREFIX_MAX];
	int64_t count;			/* 0: none */
};

/* The surroundings of a line. */
struct sim_verb_setup {
	unsigned verbs;			/* SIM_VERBS_... */
	struct sim_api *api;		/* NULL: only check the line */
	int64_t now_ms;			/* the time of the cluster */
	/* for the verbs of the program only: */
	const struct sim_program *program;
	struct sim_buffer *out;		/* gets the output */
	struct sim_await *await;
};

/* Run one line: 0, or -1 with *err and nothing changed. */
int sim_verb_run(const struct sim_verb_setup *, const char *line, struct err *err);

#endif
