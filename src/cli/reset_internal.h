/*
 * cli/reset_internal.h - what the files of `bdbtop reset` share:
 *
 * reset.c		the stages: list, question, resets
 * reset_ask.c		the question
 * reset_choice.c	which databases
 * reset_report.c	the lines, the totals and the exit status
 */
#pragma once

#include <stdio.h>

#include "bdbtop/cli/reset.h"
#include "bdbtop/core/outcome_group.h"

/* What became of one database: an enum outcome_group, of which GROUP_NONE is accepted and not
 * followed, or the last one: it would be sent. */
enum { RESET_ACCEPTED = GROUP_NONE, RESET_WOULD_SEND = OUTCOME_GROUPS, RESET_RESULTS };

/* A database that the command is about. */
struct reset_item {
	struct bdb *bdb;   /* as the list showed it */
	unsigned reset_id; /* 0: skipped */
	bool reported;
};

struct reset_items {
	struct reset_item *at; /* by uid */
	size_t count, capacity;
};

struct reset_report {
	const char *cluster; /* its name */
	enum op_kind kind;
	bool jsonl;
	int id_cells, name_cells;    /* of the widest */
	size_t count[RESET_RESULTS]; /* of the lines so far */
	enum error_form error_form;
	bool lost; /* output was lost, and not because its reader has gone */
};

/*
 * Adds an item for each database that the words name, or for each whose operation failed.  -1 with
 * err set: a name is not listed, or not unique; out of memory.
 */
int reset_choose(const struct reset_options *, const struct session_view *, struct reset_items *,
		 struct err *);
void reset_items_release(struct reset_items *);

/* The widths of the columns. */
void report_init(struct reset_report *, const struct reset_items *);
/* `db:12 orders-eu  backup  WORDS`. */
void report_print_line(const struct reset_report *, FILE *, const struct bdb *, const char *words);
/* Report an item that is skipped; one whose reset would be sent; one with its reset. */
void report_skipped(struct reset_report *, const struct reset_item *);
void report_would_send(struct reset_report *, const struct reset_item *);
void report_reset(struct reset_report *, const struct reset_item *, const struct reset *,
		  int64_t now_ms);
/* `2 asked: 1 cleared, 1 nothing to reset`. */
void report_totals(struct reset_report *);
/* Returns 0, or 1 if not all ended well or output was lost. */
int report_status(const struct reset_report *);

/* The question on a terminal. */
struct reset_question_line {
	int terminal;
	size_t target_count;
	bool guarded; /* input counts only from guard_ms on */
	int64_t guard_ms;
};
enum reset_reply { REPLY_NONE, REPLY_YES, REPLY_NO };
/* Shows what is asked about, and asks.  -1: that failed, so there must be no answer. */
int ask_print(struct reset_question_line *, const struct reset_report *, const struct reset_items *,
	      int64_t now_ms);
/* Ends its line: there will be no answer. */
void ask_withdraw(const struct reset_question_line *);
/* Reads the answer, if there is one. */
enum reset_reply ask_read(struct reset_question_line *, int64_t now_ms);
