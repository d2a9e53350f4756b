/*
 * sim/lockout.h - who may sign in, as what, and the lock-out.
 *
 * The documented defaults: five refusals within 15 minutes lock an account
 * for 30 minutes, and then the right password is refused too.  A request
 * without credentials, or for nobody's account, counts against none.
 */
#ifndef BDBTOP_SIM_LOCKOUT_H
#define BDBTOP_SIM_LOCKOUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SIM_LOCKOUT_TRIES = 5, SIM_LOCKOUT_WITHIN_MS = 900000, SIM_LOCKOUT_MS = 1800000 };

struct sim_role {
	const char *word;	/* "admin", "db_viewer", ... */
	bool reads, resets;
	bool logs;		/* may read the log of events */
};

struct sim_user {
	char *name, *password;	/* password NULL: nobody can sign in yet */
	const struct sim_role *role;
	int64_t refused_ms[SIM_LOCKOUT_TRIES];
	int refused_count;
	int64_t locked_until_ms;
};

struct sim_lockout {
	struct sim_user *users;
	size_t count;
};

/* The role of that name as the permission tables of the REST reference have it, or NULL. */
const struct sim_role *sim_role_find(const char *word);

/* Add a user; name and password are copied, password may be NULL.  False: the name is taken. */
bool sim_lockout_add(struct sim_lockout *, const char *name, const char *password,
		     const struct sim_role *);

/* Give everybody without a password a random one.  False: the system gave no random bytes. */
bool sim_lockout_set_passwords(struct sim_lockout *);

/* The user of that name, or NULL. */
struct sim_user *sim_lockout_find(struct sim_lockout *, const char *name);

/* Another password for a user, copied; the old one is overwritten.  A lock stays. */
void sim_lockout_set_password(struct sim_user *, const char *password);

/* Lock a user from now on, as five refusals do. */
void sim_lockout_lock(struct sim_user *, int64_t now_ms);

/* One sign-in at now; NULL: 401.  name or password may be NULL. */
const struct sim_user *sim_lockout_log_in(struct sim_lockout *, const char *name,
					 const char *password, int64_t now_ms);

/* Free the contents; passwords are overwritten first. */
void sim_lockout_release(struct sim_lockout *);

#endif
