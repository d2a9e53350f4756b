/*
 * main/save_prefs.h - saves sort order, time format and recent filters of the console for the next
 * run.
 *
 * A value from an option or the configuration is not saved.  What the user chooses instead is
 * saved, and used in runs for which neither has a value.
 */
#pragma once

#include "bdbtop/session/session.h"
#include "settings.h"

struct save_prefs {
	struct settings *settings;
	const char *state, *home; /* $XDG_STATE_HOME and $HOME, or NULL */
	const char *cluster;	  /* key in the file of preferences */
	struct prefs saved;	  /* as last read or written */
	bool own_sort, own_times; /* to save: not that of an option or the configuration */
	struct err error;	  /* why the last save failed, or "" */
};

/* Applies the saved preferences of the cluster to the settings.  `cluster` must outlive it. */
void save_prefs_load(struct save_prefs *, const char *cluster);

/* Sets filter, order, time format and recent filters of the session, and says where the filter is
 * from.  save: what the user changes is saved; the save_prefs must then outlive the session. */
void save_prefs_apply(struct save_prefs *, struct session *, bool save);

/* A session_save_prefs_fn; arg is a struct save_prefs. */
void save_prefs_on_change(void *arg, const struct session_prefs *);
