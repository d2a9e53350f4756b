/*
 * tests/screen/hostile.h - a cluster that puts hostile text into every string, and bdbtop on it:
 * each byte that a terminal receives is judged (tests/screen/raw_stream.h).
 */
#pragma once

#include "tests/faults/faults.h"
#include "tests/files.h"
#include "tests/main/child.h"
#include "tests/screen/pty.h"

/* As in JSON, with HOSTILE in each.  Text number i is in every string of database i + 1. */
#define HOSTILE_TEXTS 24
extern const char *const hostile_texts[HOSTILE_TEXTS];
/* The bytes of a text, as on a command line or in a header.  Valid until the next call. */
const char *hostile_bytes(int index);

/* What the tests of a program use. */
struct hostile {
	struct faults *server;
	struct pty pty;
	struct temp_dir dir;
	struct child_result ran;
	char state_home[160], url[64], cacert[160]; /* the first is a variable, `NAME=value` */
	const char *locale;			    /* of pty_setup */
};
extern struct hostile hostile;

/* Setup and teardown of cmocka: a server without replies, and variables that name it. */
int hostile_set_up(void **state);
int hostile_tear_down(void **state);

/* Replies to every read with all texts in all strings. */
void hostile_answer_all(void);
/* Replies to what begins with `when` with a form, in which @ is the text and # the uid: for one
 * database (index), or with -1 for all, in a list. */
void hostile_answer(const char *when, const char *open, const char *form, int index,
		    const char *close);
/* The form with the text of one database.  The caller frees it. */
char *hostile_fill(const char *form, int index);
/* The same with its bytes, in which a blank stands for CR and LF.  Valid until the next call. */
const char *hostile_fill_bytes(const char *form, int index);
/* The list; without `failed`, no backup has a status.  The caller frees it. */
char *hostile_list(bool failed);
/* Every PUT is refused, in the cluster's own words. */
void hostile_refuse_resets(void);

/* Starts bdbtop in the pseudo-terminal `hostile.pty`; the console, or a command (plain): its bytes
 * are judged as they come, and `what` is in the message of a failure. */
void hostile_start(const char *what, bool plain, const char *const *words);
/* Runs a command to its end on a terminal; returns what it printed, valid until the next call. */
const char *hostile_on_terminal(const char *const *words);
/* Runs a command whose standard output and standard error are files; judges what is in the latter,
 * and returns the former.  The exit status is in hostile.ran. */
const char *hostile_to_pipe(const char *const *words);
/* Fails unless a text has only what may be in a plain stream. */
void hostile_judge(const char *what, const char *text);
/* Counts a screen of the console that was judged. */
void hostile_count_screen(void);

/* Prints the numbers of a test program as a comment of TAP, and passes the status on. */
int hostile_report(int status);
