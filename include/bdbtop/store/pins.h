/*
 * store/pins.h - the public keys of clusters that the user has accepted, like ssh's known_hosts.
 *
 * $XDG_STATE_HOME/bdbtop/known_clusters, 0600, one line per cluster: `host:port sha256//PIN
 * cert=SHA256 since=TIME`.  The last two are optional; blank lines and lines that begin with `#`
 * are kept.  Host names are case-insensitive.  paths_update() changes the file.
 */
#pragma once

#include <stdbool.h>

#include "bdbtop/core/err.h"
#include "bdbtop/core/source.h"

struct pins;

/* Paths as in store/audit_log.h; opens nothing.  NULL when out of memory. */
struct pins *pins_new(const char *state_home, const char *home);
void pins_free(struct pins *); /* accepts NULL */
const char *pins_path(const struct pins *);

/* Formats the pin `sha256//BASE64` as `2B:E8:...`; false and "" if it is not a pin of 32 bytes. */
bool pins_fingerprint(char out[96], const char *pin);

/* 1: *out is the pin of `host:port`; 0: none; -1 with err set (file and line) when the file cannot
 * be read, is refused (store/paths.h), or has an invalid line anywhere: then nothing is trusted. */
int pins_find(const struct pins *, const char *host_port, struct source_pin *out, struct err *);

/* Save a pin.  Another pin of the cluster is replaced only if `replace`; a line with the same pin
 * stays unchanged.  -1 with err set and the file unchanged. */
int pins_save(struct pins *, const char *host_port, const struct source_pin *, bool replace,
	      struct err *);
