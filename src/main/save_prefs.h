/*
 * main/save_prefs.h - saves the filter and the sort order of the console for the next run.
 *
 * A value from an option or the configuration is not saved.  What the user chooses instead is
 * saved, and used in runs for which neither has a value.
 */
#pragma once

#include "settings.h"

struct save_prefs {
	struct settings *settings;
	const char *state, *home;  /* $XDG_STATE_HOME and $HOME, or NULL */
	const char *cluster;	   /* key in the file of preferences */
	struct prefs saved;	   /* as last read or written */
	bool own_filter, own_sort; /* to save: not that of an option or the configuration */
	struct err error;	   /* why the last save failed, or "" */
};

/* Applies the saved preferences of the cluster to the settings.  `cluster` must outlive it. */
void save_prefs_load(struct save_prefs *, const char *cluster);

/* A session_save_prefs_fn; arg is a struct save_prefs. */
void save_prefs_on_change(void *arg, const char *filter, struct sort_order);
