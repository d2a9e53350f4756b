/*
 * store/audit_log.h - the audit log of resets: each line is on disk before the PUT is sent.
 *
 * It is bounded: before the first line of a write, actions.jsonl of AUDIT_LOG_MAX_BYTES or more
 * becomes actions.1.jsonl, which replaces an older one.  All lines of a reset go to the file in
 * which its first one is.  Where the file system has no locks, nothing is renamed.
 */
#pragma once

#include <sys/types.h>

#include "bdbtop/core/err.h"
#include "bdbtop/json/audit_line.h"

struct audit_log;

#define AUDIT_LOG_MAX_BYTES ((off_t)16 << 20)

/*
 * $XDG_STATE_HOME/bdbtop/actions.jsonl, or $HOME/.local/state/bdbtop/actions.jsonl; accepts NULL
 * and "" for both.  Opens and creates nothing.  NULL when out of memory.
 */
struct audit_log *audit_log_new(const char *state_home, const char *home);
/* The same for resets that are no part of the user's history: demo.jsonl and demo.1.jsonl. */
struct audit_log *audit_log_new_demo(const char *state_home, const char *home);
/* Deletes both files, as far as they exist. */
void audit_log_remove_files(const struct audit_log *);
/* Tells why the caller gave no directory: errors name it.  Must outlive the audit log. */
void audit_log_set_refusal(struct audit_log *, const struct err *refusal);
void audit_log_free(struct audit_log *);	      /* accepts NULL */
const char *audit_log_path(const struct audit_log *); /* "" when neither directory is known */

/*
 * Append one line and fdatasync() it: 0 only when it is on disk.  Creates missing directories
 * (0700) and the file (0600); opens it with O_APPEND|O_NOFOLLOW|O_CLOEXEC and refuses it under the
 * rules of store/paths.h.  -1 with err set (ERR_ASK_USER): path and remedy; the next call tries
 * again.  If the last line of the file is incomplete, ends it with a newline first.  The program
 * must ignore SIGXFSZ, or a limit on file sizes ends it here.
 */
int audit_log_append(struct audit_log *, const struct audit_line *, struct err *);

/*
 * Fills `out` with the newest lines about one database of a cluster (host and port as in the
 * lines), newest first, from the last AUDIT_LOG_TAIL bytes of the two files; skips lines that
 * cannot be decoded.  Returns the number of lines.
 */
#define AUDIT_LOG_TAIL ((size_t)1 << 20)
size_t audit_log_history(struct audit_log *, const char *cluster, int64_t uid,
			 struct audit_record *out, size_t capacity);

/*
 * Calls on_record with the lines `ended` about a cluster, all databases, newest first, from the
 * last AUDIT_LOG_ENDED_TAIL bytes of the two files (about 5000 resets); skips lines that cannot be
 * decoded.  The record is valid during the call.
 */
#define AUDIT_LOG_ENDED_TAIL ((size_t)8 << 20)
typedef void audit_log_on_record_fn(void *arg, const struct audit_record *);
void audit_log_read_ended(struct audit_log *, const char *cluster, audit_log_on_record_fn *,
			  void *arg);

/*
 * Many lines, one fdatasync(): between begin and commit audit_log_append() only collects, and
 * returns 0 unless out of memory.  Commit returns 0 when all collected lines are on disk (or there
 * are none, also without begin), else -1 with err set as above: any of them may be missing, and
 * none is tried again.  The two do not nest; audit_log_free() in between drops the lines.
 */
void audit_log_begin(struct audit_log *);
int audit_log_commit(struct audit_log *, struct err *);
