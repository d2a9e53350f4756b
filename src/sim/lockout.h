/*
 * sim/lockout.h - users, roles and the lockout after failed logins.
 *
 * The documented defaults: five failed logins within 15 minutes lock an account
 * for 30 minutes; the lock refuses the right password too.  A request without
 * credentials, or for an unknown user, does not count.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SIM_LOCKOUT_TRIES = 5, SIM_LOCKOUT_WITHIN_MS = 900000, SIM_LOCKOUT_MS = 1800000 };

struct sim_role {
	const char *word;	/* "admin", "db_viewer", ... */
	bool reads, resets;
	bool logs;		/* may read the event log */
};

struct sim_user {
	char *name, *password;	/* password NULL: login is not possible yet */
	const struct sim_role *role;
	int64_t refused_ms[SIM_LOCKOUT_TRIES];
	int refused_count;
	int64_t locked_until_ms;
};

struct sim_lockout {
	struct sim_user *users;
	size_t count, size;
};

/* The role with this name, as in the permission tables of the REST reference, or NULL. */
const struct sim_role *sim_role_find(const char *word);

/* Add a user; both texts are copied, password accepts NULL.  False: the name is in use. */
bool sim_lockout_add(struct sim_lockout *, const char *name, const char *password,
		     const struct sim_role *);

/* 64 characters, one for six bits, as in base64url; no shell treats them specially. */
extern const char sim_letters[];

enum { SIM_RANDOM_SIZE = 25 };
/* Fill with random letters; false if no random bytes are available. */
bool sim_random_word(char word[SIM_RANDOM_SIZE]);

/* Set a random password for each user without one; false if no random bytes are available. */
bool sim_lockout_set_passwords(struct sim_lockout *);

/* The user with this name, or NULL. */
struct sim_user *sim_lockout_find(struct sim_lockout *, const char *name);

/* Set the password, which is copied; overwrite the old one.  A lock remains. */
void sim_lockout_set_password(struct sim_user *, const char *password);

/* Lock a user from now_ms on, as five failed logins do. */
void sim_lockout_lock(struct sim_user *, int64_t now_ms);

/* One login: the user, or NULL for a 401.  name and password accept NULL. */
const struct sim_user *sim_lockout_log_in(struct sim_lockout *, const char *name,
					  const char *password, int64_t now_ms);

/* Overwrite the passwords and free the contents. */
void sim_lockout_release(struct sim_lockout *);
