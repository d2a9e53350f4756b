/*
 * sim/script.h - the lines on standard input that control the clock and the
 * cluster (--clock=stdin, --clock=running).
 *
 * Each line gets a reply that starts with "ok" or "error", with the output of
 * the verb (sim/verb.h) behind "ok"; "log" prints its lines before its "ok".
 * Lines behind an "await" wait until it is satisfied.
 */
#pragma once

#include "verb.h"

struct sim_script;

/* A new script; both, and what the program points to, must outlive it.  sim_script_free() accepts
 * NULL. */
struct sim_script *sim_script_new(struct sim_api *, const struct sim_program *);
void sim_script_free(struct sim_script *);

/* Add bytes of input and run the complete lines, in order. */
void sim_script_add_input(struct sim_script *, const char *bytes, size_t length);

/* Continue after new requests: run the lines after an await that is satisfied. */
void sim_script_continue(struct sim_script *);
