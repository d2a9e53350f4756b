/*
 * sim/script.h - the lines on standard input that control the clock and the
 * cluster (--clock=stdin, --clock=running).
 *
 * Each line gets a reply that starts with "ok" or "error"; "log" prints its
 * lines before its "ok".  In addition to the lines of sim/command.h:
 *
 *   advance DURATION                  advance the clock; "ok" and the new time
 *   time                              "ok" and the time
 *   skew [-]DURATION ...              offset of the header Date, for up to four nodes
 *   answer [times N] METHOD PREFIX STATUS [allow=METHODS] [retry-after=S|retry-date=S] [BODY]
 *                                     reply with this and carry out nothing; for a 3xx, BODY is
 *                                     the Location; allow is the header Allow, retry the header
 *                                     Retry-After, in seconds or as a date
 *   delay [times N] [METHOD] PREFIX DURATION
 *                                     carry out at once, reply after this simulated time
 *   cut [times N] METHOD PREFIX [BYTES]
 *                                     carry out, then close the connection: without a reply, or
 *                                     after BYTES of the body
 *   cut                               close all open connections now
 *   forget                            remove all faults of these three kinds
 *   redirect URL|off                  this node is not the primary, or it is
 *   role USER ROLE
 *   password USER NEW                 NEW is the rest of the line; a lock remains
 *   lock USER                         as after five failed logins
 *   certificate new-key|same-key [SHAPE]
 *                                     renew it and close all open connections; SHAPE is a word
 *                                     of sim/cert.h; "ok" and the new pin
 *   certificate                       "ok" and the current pin
 *   tls 1.2|1.3|any                   set the TLS version and close all open connections
 *   log [METHOD [PREFIX]]             print the requests so far; "ok" and their number
 *   log clear
 *   await METHOD PREFIX [COUNT]       "ok" when the log has COUNT (1) such requests; the lines
 *                                     after it wait
 *
 * METHOD may be "*".  PREFIX starts with "/", matches complete segments, and
 * with "$" at its end is the complete path.  Without "times", a fault stays
 * until "forget"; a newer fault has precedence over an older one.
 */
#ifndef BDBTOP_SIM_SCRIPT_H
#define BDBTOP_SIM_SCRIPT_H

#include <stddef.h>

#include "api.h"
#include "cert.h"
#include "clock.h"
#include "server.h"

struct sim_script;

/* A change of what the server shows in the TLS handshake. */
struct sim_script_certificate {
	bool renew, same_key;
	enum sim_cert_shape shape;	/* used if renew */
	enum sim_tls tls;		/* SIM_TLS_COUNT: no change */
};

struct sim_script_setup {
	struct sim_api *api;
	struct sim_clock *clock;
	size_t (*cut_all)(void *arg);	/* close all connections and return their number; or NULL */
	/* apply the change and return the pin: 0, or -1 with *err */
	int (*certificate)(void *arg, const struct sim_script_certificate *,
			   char pin[SIM_CERT_PIN_SIZE], struct err *err);
	void (*write)(void *arg, const char *text, size_t length);
	void *arg;
};

/* A new script; the setup's pointers must outlive it.  sim_script_free() accepts NULL. */
struct sim_script *sim_script_new(const struct sim_script_setup *);
void sim_script_free(struct sim_script *);

/* Add bytes of input and run the complete lines, in order. */
void sim_script_add_input(struct sim_script *, const char *bytes, size_t length);

/* Continue after new requests: run the lines after an await that is satisfied. */
void sim_script_continue(struct sim_script *);

#endif
