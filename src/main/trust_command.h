/*
 * main/trust_command.h - finds and saves the pin of a cluster, and implements `bdbtop trust`.
 */
#pragma once

#include "bdbtop/session/loop.h"
#include "bdbtop/store/pins.h"
#include "settings.h"

struct trust_command {
	struct settings *settings;
	struct pins *pins;
	const struct clock *clock;
};

/* Finds the pin that the cluster must match: 1, 0 for none, -1 with err set, also when its
 * addresses have different pins in known_clusters.  A pin in the configuration takes precedence. */
int trust_command_find_pin(const struct trust_command *, struct source_pin *, struct err *);

/* Saves a pin for every address of the cluster; -1 with err set.  A cluster_save_pin_fn; arg is a
 * struct trust_command. */
int trust_command_save_pin(void *arg, const struct source_pin *, struct err *);

/* What to say with a certificate that no trusted CA signed, besides that; NULL for nothing. */
const char *trust_command_note(const struct settings *);

/* `bdbtop trust`: probes all addresses, prints the certificate, asks, saves the pin.  Returns the
 * exit status: 0 pinned; 1 not; 3 if a file or the cluster cannot be read, or without terminal. */
int trust_command_run(const struct trust_command *, struct http *, bool replace);
