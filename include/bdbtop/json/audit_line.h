/*
 * json/audit_line.h - one event of a reset as one line of JSON.
 */
#ifndef BDBTOP_BDBTOP_JSON_AUDIT_LINE_H
#define BDBTOP_BDBTOP_JSON_AUDIT_LINE_H

#include <stdbool.h>

#include "bdbtop/core/bdb.h"
#include "bdbtop/core/time.h"

enum audit_event { AUDIT_ASKED, AUDIT_SENT, AUDIT_ANSWERED, AUDIT_ENDED, AUDIT_EVENTS };

/* Who is at the keyboard; strings may be NULL. */
struct audit_user {
	const char *user;		/* of the process */
	const char *sudo_user;		/* SUDO_USER */
	const char *ssh_connection;	/* SSH_CONNECTION */
	const char *login;		/* user name at the cluster */
};

struct audit_line {
	enum audit_event event;
	struct moment at;
	unsigned run;			/* tells runs apart: the process id */
	unsigned reset_id;
	const char *cluster;		/* its host and port */
	const struct bdb *bdb;		/* the evidence: which one, status and reason before */
	enum op_kind kind;
	unsigned put;			/* SENT, ANSWERED: the n-th PUT */
	unsigned status;		/* ANSWERED: HTTP status, 0 for none */
	const char *message;		/* ANSWERED: the server's; ENDED: of the row; or NULL */
	const struct audit_user *user;
};

/* One line of JSON with its newline, from malloc(); NULL when memory is out.  Raw bytes that
 * are no UTF-8 are written as U+FFFD, so that a line always parses.  What the cluster did not
 * tell is null. */
char *audit_line_format(const struct audit_line *);

/* A line that was written before, read back. */
struct audit_record {
	enum audit_event event;
	int64_t wall_ms;
	unsigned run, reset_id, put, status;
	int64_t uid, created_s;		/* of the database; 0 not told */
	enum op_kind kind;
	char cluster[300];		/* raw, as are all of these */
	char op_status[64], reason[160];	/* ASKED: before */
	char message[200];
};

/* -1: it is no line of ours. */
int audit_line_parse(const char *line, size_t length, struct audit_record *out);

#endif
