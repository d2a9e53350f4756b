/*
 * store/audit_log.h - what was asked, sent and answered here: on disk before a PUT leaves.
 */
#ifndef BDBTOP_BDBTOP_STORE_AUDIT_LOG_H
#define BDBTOP_BDBTOP_STORE_AUDIT_LOG_H

#include "bdbtop/core/err.h"
#include "bdbtop/json/audit_line.h"

struct ledger;

/*
 * $XDG_STATE_HOME/bdbtop/actions.jsonl, or $HOME/.local/state/bdbtop/actions.jsonl; state_home
 * and home may be NULL or "".  Nothing is opened or made before the first note.  NULL when
 * memory is out.
 */
struct ledger *ledger_new(const char *state_home, const char *home);
void ledger_free(struct ledger *);
const char *ledger_path(const struct ledger *);	/* "" when neither folder is known */

/*
 * Append one line and fdatasync() it: 0 only when it is on disk.  Folders are made with mode
 * 0700, the file with 0600, opened O_APPEND|O_NOFOLLOW|O_CLOEXEC; a file that is no regular
 * file, is of another user or may be written by others is refused.  -1 with a sentence that
 * names the path and the remedy, class ERR_ASK_USER; a line half written is ended by a newline
 * before the next one.  The next note tries again by itself.  The program must ignore SIGXFSZ,
 * or a limit on the size of files ends it here.
 */
int ledger_note(struct ledger *, const struct audit_line *, struct err *);

/*
 * The newest lines about one database of a cluster (host and port as they were noted), newest
 * first, from the last LEDGER_TAIL bytes of the file; lines that cannot be read are passed over.
 * Gives how many of out are filled.
 */
#define LEDGER_TAIL ((size_t)1 << 20)
size_t ledger_history(struct ledger *, const char *cluster, int64_t uid, struct audit_record *out,
		      size_t room);

/*
 * Many lines, one fdatasync(): between begin and commit ledger_note() only collects, and gives 0
 * unless memory is out.  Commit gives 0 when all that was collected is on disk, else -1 as a note
 * does: any of them may be missing then, and it has forgotten them all.  With nothing collected it
 * does nothing.  The two do not nest; a ledger that is freed in between writes nothing.
 */
void ledger_begin(struct ledger *);
int ledger_commit(struct ledger *, struct err *);

#endif
