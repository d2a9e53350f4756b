/*
 * verb_internal.h - what the files of sim/verb share.
 */
#pragma once

#include "verb.h"

/* One line: its parameters as read so far, and what is left of it. */
struct verb_line {
	const struct sim_verb_setup *setup;
	const struct verb *verb;
	const char *rest;
	struct err *err;

	struct sim_bdb *bdb;		/* u; NULL if the line is only checked */
	struct sim_user *user;		/* U */
	int64_t uid;			/* u */
	enum sim_kind kind;		/* k */
	int64_t ms;			/* d, D */
	int64_t number;			/* #; -1: not given */
	int64_t times;			/* t; -1: not given */
	char method[16];		/* m, M; "*": not given */
	char prefix[SIM_VERB_PREFIX_MAX];	/* p; "": not given */
	char word[SIM_VERB_PREFIX_MAX];	/* w; "": not given */
	char second[SIM_REASON_MAX];	/* v */
};

/*
 * params, a letter for each parameter:
 *
 *   U the name of a user
 *   u the uid of a database   k a kind of operation   w, v a word   # a number of at least 0
 *   d a duration              D the same; errors say what is wrong, not the usage
 *   t [times N]               m METHOD                M [METHOD]    p a prefix
 *   ; the end of the line     . the same; errors say what is wrong, not the usage
 *   ? the rest is optional
 *
 * Without an end, apply reads what is left.
 */
struct verb {
	const char *name;
	unsigned set;			/* SIM_VERBS_... */
	const char *params;
	int (*apply)(struct verb_line *);
	const char *usage;
	bool checks;			/* apply also checks: it is called without an api too */
};

/* Read the parameters of the verb: 0, or -1 with the error set. */
int verb_read_params(struct verb_line *);

/* Set the error "WORD" what, or the usage of the verb; both return -1. */
int verb_refuse(struct verb_line *, const char *what, const char *word);
int verb_usage(struct verb_line *);

/* verb_bdb.c: the verbs for databases. */
int verb_set(struct verb_line *);
int verb_unset(struct verb_line *);
int verb_create(struct verb_line *);
int verb_delete(struct verb_line *);
int verb_recreate(struct verb_line *);
int verb_start(struct verb_line *);
int verb_finish(struct verb_line *);
int verb_busy(struct verb_line *);
int verb_alert(struct verb_line *);
int verb_event(struct verb_line *);

/* verb_program.c: the verbs of the program. */
int verb_advance(struct verb_line *);
int verb_time(struct verb_line *);
int verb_cut_all(struct verb_line *);
int verb_certificate(struct verb_line *);
int verb_tls(struct verb_line *);
int verb_log(struct verb_line *);
int verb_await(struct verb_line *);
