/*
 * sim/script.h - the lines on standard input that turn the clock and order
 * what happens (--clock=stdin).
 *
 * Every line is acknowledged with one that begins "ok" or "error"; "log" puts
 * its lines before its "ok".  Besides the lines of sim/command.h:
 *
 *   advance DURATION                  the clock moves; "ok" and the new time
 *   time                              "ok" and the time
 *   answer [times N] METHOD PREFIX STATUS [allow=METHODS] [retry-after=S|retry-date=S] [BODY]
 *                                     this instead of the truth, and nothing is carried out; for
 *                                     a 3xx BODY is the Location; allow is the header Allow, retry
 *                                     the header Retry-After, in seconds or as a date
 *   delay [times N] [METHOD] PREFIX DURATION
 *                                     carried out at once, answered that much simulated time later
 *   cut [times N] METHOD PREFIX [BYTES]
 *                                     carried out, then the connection closes: without an answer,
 *                                     or after BYTES of its body
 *   cut                               every open connection closes now
 *   forget                            no more orders of these three kinds
 *   redirect URL|off                  this node is not the primary, or is again
 *   role USER ROLE
 *   password USER NEW                 to the end of the line; a lock stays
 *   lock USER                         as after five refusals
 *   certificate new-key|same-key [SHAPE]
 *                                     renewed, and every open connection closes; SHAPE is a word
 *                                     of sim/cert.h; "ok" and the new pin
 *   certificate                       "ok" and the pin that is shown
 *   tls 1.2|1.3|any                   what is spoken; every open connection closes
 *   log [METHOD [PREFIX]]             the requests so far; "ok" and how many
 *   log clear
 *   await METHOD PREFIX [COUNT]       "ok" once so many such requests are in the log; the lines
 *                                     behind it wait
 *
 * METHOD may be "*".  PREFIX begins with "/", fits at whole segments and with
 * "$" at its end is the whole path.  Without "times" an order holds until
 * "forget"; a newer order goes before an older.
 */
#ifndef BDBTOP_SIM_SCRIPT_H
#define BDBTOP_SIM_SCRIPT_H

#include <stddef.h>

#include "bdbtop/sim/api.h"
#include "bdbtop/sim/cert.h"
#include "bdbtop/sim/clock.h"
#include "bdbtop/sim/server.h"

struct sim_script;

/* What a line asks to be shown to those who connect. */
struct sim_script_certificate {
	bool renew, same_key;
	enum sim_cert_shape shape;	/* if renew */
	enum sim_tls tls;		/* SIM_TLS_COUNT: as it is */
};

struct sim_script_setup {
	struct sim_api *api;
	struct sim_clock *clock;			/* stands */
	size_t (*cut_all)(void *arg);			/* close all connections; how many */
	/* show that from now on, and tell the pin; -1 with *err */
	int (*certificate)(void *arg, const struct sim_script_certificate *,
			   char pin[SIM_CERT_PIN_SIZE], struct err *err);
	void (*write)(void *arg, const char *text, size_t length);
	void *arg;
};

/* A script at its beginning; the setup's pointers outlive it.  NULL may be freed. */
struct sim_script *sim_script_new(const struct sim_script_setup *);
void sim_script_free(struct sim_script *);

/* Take bytes of input; the lines that are whole are carried out, in order. */
void sim_script_add_input(struct sim_script *, const char *bytes, size_t length);

/* Requests may have come in: go on behind an await that is over. */
void sim_script_continue(struct sim_script *);

#endif
