/*
 * store/audit_log.h - what was asked, sent and answered here: on disk before a PUT leaves.
 */
#ifndef BDBTOP_BDBTOP_STORE_AUDIT_LOG_H
#define BDBTOP_BDBTOP_STORE_AUDIT_LOG_H

#include "bdbtop/core/err.h"
#include "bdbtop/json/audit_line.h"

struct audit_log;

/*
 * $XDG_STATE_HOME/bdbtop/actions.jsonl, or $HOME/.local/state/bdbtop/actions.jsonl; state_home
 * and home may be NULL or "".  Nothing is opened or made before the first note.  NULL when
 * memory is out.
 */
struct audit_log *audit_log_new(const char *state_home, const char *home);
void audit_log_free(struct audit_log *);
const char *audit_log_path(const struct audit_log *);	/* "" when neither folder is known */

/*
 * Append one line and fdatasync() it: 0 only when it is on disk.  Folders are made with mode
 * 0700, the file with 0600, opened O_APPEND|O_NOFOLLOW|O_CLOEXEC; a file that is no regular
 * file, is of another user or may be written by others is refused.  -1 with a sentence that
 * names the path and the remedy, class ERR_ASK_USER; a line half written is ended by a newline
 * before the next one.  The next note tries again by itself.  The program must ignore SIGXFSZ,
 * or a limit on the size of files ends it here.
 */
int audit_log_append(struct audit_log *, const struct audit_line *, struct err *);

/*
 * The newest lines about one database of a cluster (host and port as they were noted), newest
 * first, from the last AUDIT_LOG_TAIL bytes of the file; lines that cannot be read are passed over.
 * Gives how many of out are filled.
 */
#define AUDIT_LOG_TAIL ((size_t)1 << 20)
size_t audit_log_history(struct audit_log *, const char *cluster, int64_t uid,
			 struct audit_record *out, size_t capacity);

/*
 * Many lines, one fdatasync(): between begin and commit audit_log_append() only collects, and gives
 * 0 unless memory is out.  Commit gives 0 when all that was collected is on disk, else -1 as a note
 * does: any of them may be missing then, and it has forgotten them all.  With nothing collected it
 * does nothing.  The two do not nest; a ledger that is freed in between writes nothing.
 */
void audit_log_begin(struct audit_log *);
int audit_log_commit(struct audit_log *, struct err *);

#endif
