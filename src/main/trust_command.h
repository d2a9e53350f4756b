/*
 * main/trust_command.h - the keys that the user has accepted: found for a cluster, kept, and
 * accepted by `bdbtop trust`.
 */
#ifndef BDBTOP_MAIN_TRUST_COMMAND_H
#define BDBTOP_MAIN_TRUST_COMMAND_H

#include "bdbtop/session/loop.h"
#include "bdbtop/store/pins.h"
#include "settings.h"

struct trust_command {
	struct settings *settings;
	struct pins *pins;
	const struct clock *clock;
};

/* The key that the cluster must show: 1, 0 for none, or -1 with the sentence.  All addresses of a
 * cluster have one; the configuration's wins over that of known_clusters. */
int trust_command_find_pin(const struct trust_command *, struct source_pin *, struct err *);

/* Keep it for every address of the cluster; a struct trust_command is the arg of fleet/cluster's
 * cluster_save_pin_fn. */
int trust_command_save_pin(void *arg, const struct source_pin *, struct err *);

/* `bdbtop trust`: looks at the cluster, shows, asks, keeps.  Returns the exit status: 0 pinned, 1
 * not, 3 when the cluster or the user could not be reached. */
int trust_command_run(const struct trust_command *, struct http *, bool replace);

#endif
