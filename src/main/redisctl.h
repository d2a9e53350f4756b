/*
 * main/redisctl.h - finds a cluster that the user named as a profile of redisctl.
 *
 * The profiles are those that `redisctl profile list -o json` prints if redisctl is installed and
 * new enough, else those of its file; the password always comes from the file, because redisctl
 * prints none.  Nothing is read before the first redisctl_find().
 */
#pragma once

#include <stdio.h>

#include "bdbtop/json/redisctl_list.h"
#include "bdbtop/store/redisctl_file.h"
#include "options.h"

struct redisctl {
	const struct environment *env; /* must outlive it */
	bool loaded;
	struct err error;	    /* why there are no profiles, or "" */
	struct err file_error;	    /* why the file gives no passwords, or "" */
	struct redisctl_list *list; /* NULL: the profiles are those of the file */
	struct redisctl_file *file;
};

#define REDISCTL_ORIGIN_BYTES 240

/* A profile, with variables replaced by their values.  Strings belong to the environment and to the
 * struct redisctl. */
struct redisctl_choice {
	const struct redisctl_profile *profile; /* NULL: no profile was chosen */
	char origin[REDISCTL_ORIGIN_BYTES];	/* `redisctl profile prod` or FILE:LINE, safe */
	const char *url, *user, *cacert;	/* NULL: not set, or see no_login */
	char *password;				/* NULL: not set, or see no_login */
	char variable[REDISCTL_VARIABLE_BYTES]; /* the password is its value; "": is `password` */
	struct err no_login;	  /* why user or password of the profile cannot be used, or "" */
	const char *exposed_file; /* others can read this file, which has the password; or NULL */
};

/* True if this may be the name of a profile: not a URL, not a list, no port. */
bool redisctl_is_name(const char *typed);

/*
 * Chooses the profile with this name; NULL: the default profile.  Returns 1, 0 if there is none, or
 * -1 with err set: the profile is not for Redis Enterprise, it has no usable url or ca_cert, or the
 * profiles cannot be read.  As that must not stop a user who names a host, it is no error for a
 * name with a dot.
 */
int redisctl_find(struct redisctl *, const char *name, struct redisctl_choice *, struct err *);

/* Moves the password of the chosen profile to the secret.  -1 with err set. */
int redisctl_take_password(const struct redisctl *, const struct redisctl_choice *, struct secret *,
			   struct err *);

/* Prints what the chosen profile has that is not a setting, as comments of a configuration. */
void redisctl_print(const struct redisctl_choice *, FILE *);
/* Overwrites all passwords that were read. */
void redisctl_forget(struct redisctl *);
/* Frees what was read; a struct of zeros is valid. */
void redisctl_release(struct redisctl *);
