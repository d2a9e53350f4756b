/*
 * main/save_prefs.h - the filter and the order of the console, kept from one run to the next.
 *
 * What a flag or the configuration says is in force in every run, and so is not kept; what the user
 * chose instead of it is kept, and counts in runs for which neither says anything.
 */
#ifndef BDBTOP_MAIN_SAVE_PREFS_H
#define BDBTOP_MAIN_SAVE_PREFS_H

#include "settings.h"

struct save_prefs {
	struct settings *settings;
	const char *state, *home;  /* $XDG_STATE_HOME and $HOME, or NULL */
	const char *cluster;	   /* what it is kept under */
	struct prefs saved;	   /* as last read or written */
	bool own_filter, own_sort; /* the user chose it in this run */
	struct err error;	   /* why the last one could not be kept, or "" */
};

/* What was kept for the cluster becomes a choice.  The name must live on. */
void save_prefs_load(struct save_prefs *, const char *cluster);

/* The session_save_prefs_fn; arg is a struct save_prefs. */
void save_prefs_on_change(void *arg, const char *filter, struct sort_order);

#endif
