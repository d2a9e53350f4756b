/*
 * tests/faults/fault_table.h - how a server can fail, and what is reported of it.
 *
 * Sentences have `%` for the port, `#` for what is read, `&` for what the reply should be, `^` for
 * its length at most, `~` and `!` for the seconds of silence and in all, and `*` for any text.
 */
#pragma once

#include "bdbtop/core/source.h"
#include "tests/faults/faults.h"

enum kind_family { KIND_LIST, KIND_ONE, KIND_DATA, KIND_MODULES, KIND_PUT, KIND_OPTIONS };

struct request_kind {
	enum kind_family family;
	const char *name;
	const char *line;	  /* its first line begins so */
	const char *again;	  /* the first line when it is sent again after a 400, 404 or 406 */
	const char *body;	  /* a good reply */
	const char *good;	  /* what the log has after it */
	const char *what, *shape; /* in sentences: what is read, and what the reply should be */
	const char *limit;	  /* its length at most, as sentences have it */
	int64_t silence_s, total_s;
	const struct data_topic *topic; /* KIND_DATA */
	enum op_kind op;		/* KIND_PUT */
};

enum fault_pace {
	PACE_NONE,    /* ends by itself */
	PACE_CONNECT, /* at the deadline of the connection */
	PACE_SILENCE, /* at the deadline of the silence */
	PACE_TRICKLE, /* at the deadline of all, with one byte each second until then */
};

enum fault_end {
	END_RETRY,	/* the next request is as any other */
	END_PAUSE,	/* after the pause that the reply asks for */
	END_PAUSE_BDBS, /* the same after a read of databases; other data concern only themselves */
	END_LOGIN,	/* nothing is sent until the user gives another log-in */
	END_TRUST,	/* nothing is sent until the user tries again */
};

struct fault_case {
	const char *name;
	/* What the server becomes, signed by its first certificate if `signs`; or what it replies.
	 * make: the bytes, to free; length 0: up to the NUL. */
	const struct faults_setup *become;
	bool signs;
	enum fault_action action;
	unsigned status;
	const char *bytes;
	char *(*make)(const struct request_kind *, unsigned port, size_t *length);

	enum fault_pace pace;
	enum fault_end end;
	enum err_code code;	/* of a list that failed */
	bool twice;	   /* a read on a kept connection is sent again on a new one */
	const char *put;   /* the answer that the sink gets to a PUT */
	const char *read;  /* the sentence of a read; "": it succeeds */
	const char *data;  /* of cluster data; NULL: the same */
	const char *small; /* of replies that may have 64 KiB; NULL: the same */
	const char *quick; /* of replies that have 10 s; NULL: the same */
	const char *map;   /* of replies that are an object; NULL: the same */
};

extern const struct fault_case fault_cases[];
extern const size_t fault_case_count;
