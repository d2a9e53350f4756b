/*
 * store/pins.h - the keys of clusters that the user has accepted, as ssh keeps its known hosts.
 *
 * $XDG_STATE_HOME/bdbtop/known_clusters, 0600, one line a cluster: `host:port sha256//PIN
 * cert=SHA256 since=TIME`.  The last two may be absent; blank lines and those that begin with `#`
 * are kept.  Hosts are compared without regard to case.  Changed under a lock, written to a
 * temporary file and renamed (store/paths).
 */
#ifndef BDBTOP_STORE_PINS_H
#define BDBTOP_STORE_PINS_H

#include <stdbool.h>

#include "bdbtop/core/err.h"
#include "bdbtop/core/source.h"

struct pins;

/* Paths as in store/audit_log.h; nothing is opened yet.  NULL when memory is out. */
struct pins *pins_new(const char *state_home, const char *home);
void pins_free(struct pins *);
const char *pins_path(const struct pins *);

/* The fingerprint `2B:E8:...` of a pin `sha256//BASE64`; false when it is no pin of 32 bytes. */
bool pins_fingerprint(char out[96], const char *pin);

/* 1: *out is the pin of `host:port`; 0: none; -1 with the sentence (file and line) when the file
 * cannot be read, is another's, may be written by others, or a line in it is no pin: then nothing
 * is trusted. */
int pins_find(const struct pins *, const char *host_port, struct source_pin *out, struct err *);

/* Keep it; replace says whether another pin that is there may be replaced; the same one stays as it
 * is.  -1 with the sentence, and nothing was changed. */
int pins_save(struct pins *, const char *host_port, const struct source_pin *, bool replace,
	      struct err *);

#endif
