/*
 * json/audit_line.h - one event of a reset as one line of JSON.
 */
#pragma once

#include "bdbtop/core/bdb.h"
#include "bdbtop/core/time.h"

enum audit_event { AUDIT_ASKED, AUDIT_SENT, AUDIT_ANSWERED, AUDIT_ENDED, AUDIT_EVENTS };

/* The user of this run; strings may be NULL. */
struct audit_user {
	const char *user;		/* of the process */
	const char *sudo_user;		/* SUDO_USER */
	const char *ssh_connection;	/* SSH_CONNECTION */
	const char *login;		/* user name at the cluster */
};

struct audit_line {
	enum audit_event event;
	struct moment at;
	unsigned run;			/* the process id; differs between runs */
	unsigned reset_id;
	const char *cluster;		/* its host and port */
	const struct bdb *bdb;		/* the evidence: database, status and reason before */
	enum op_kind kind;
	unsigned put;			/* SENT, ANSWERED: the n-th PUT */
	unsigned status;		/* ANSWERED: HTTP status; 0: none */
	const char *message;		/* ANSWERED: the server's; ENDED: of the row; or NULL */
	const char *outcome;		/* ENDED: a word of core/outcome_group.h; or NULL */
	const char *note;		/* ASKED: why, in the user's words, raw; or NULL */
	const struct audit_user *user;	/* or NULL */
};

#define AUDIT_NOTE_SIZE 400 /* bytes of a note with its NUL; a longer one is cut */

/* Returns one line of JSON with its newline, from malloc(); NULL when out of memory.  Bytes that
 * are not valid UTF-8 become U+FFFD, so that the line always parses.  Values that the cluster did
 * not report are null. */
char *audit_line_format(const struct audit_line *);

/* A line that was read back. */
struct audit_record {
	enum audit_event event;
	int64_t wall_ms;		/* milliseconds since 1970 */
	unsigned run, reset_id, put, status;
	int64_t uid;			/* of the database */
	int64_t created_s;		/* of the database, seconds since 1970; 0: not known */
	enum op_kind kind;
	char cluster[300];		/* raw, as are all strings here; "": none */
	char name[256];			/* of the database */
	char op_status[64], reason[160];	/* of the evidence */
	char message[200];
	char outcome[24];
	char user[80], sudo_user[80], ssh_connection[160], login[160];
	char note[AUDIT_NOTE_SIZE];
};

/* Parses a line, with or without its newline.  Returns 0, or -1 if it is not a valid line. */
int audit_line_parse(const char *line, size_t length, struct audit_record *out);

/* The same for many lines, faster: the parser is used again.  NULL when out of memory; free()
 * accepts NULL.  Reading returns 0, 1 if it is not a valid line, or -1 when out of memory. */
struct audit_line_parser;
struct audit_line_parser *audit_line_parser_new(void);
void audit_line_parser_free(struct audit_line_parser *);
int audit_line_parser_read(struct audit_line_parser *, const char *line, size_t length,
			   struct audit_record *out);
