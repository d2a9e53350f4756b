#include "lockout.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "bdbtop/core/array.h"
#include "keyword.h"
#include "memory.h"

const char sim_letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

static const struct sim_role roles[] = {
	{ "admin", true, true, true },
	{ "cluster_member", true, true, true },
	{ "cluster_viewer", true, false, true },
	{ "db_member", true, true, true },
	{ "db_viewer", true, false, false },
	{ "user_manager", true, false, true },
	{ "none", false, false, false },
};

const struct sim_role *sim_role_find(const char *word)
{
	return SIM_KEYWORD_ROW(word, roles);
}

struct sim_user *sim_lockout_find(struct sim_lockout *lockout, const char *name)
{
	size_t i;

	for (i = 0; i < lockout->count; i++)
		if (strcmp(lockout->users[i].name, name) == 0)
			return &lockout->users[i];
	return NULL;
}

bool sim_lockout_add(struct sim_lockout *lockout, const char *name, const char *password,
		     const struct sim_role *role)
{
	struct sim_user user = { .role = role };

	if (sim_lockout_find(lockout, name))
		return false;
	user.name = sim_memory_copy(name);
	user.password = password ? sim_memory_copy(password) : NULL;
	SIM_MEMORY_RESERVE(lockout->users, lockout->size, lockout->count + 1);
	lockout->users[lockout->count++] = user;
	return true;
}

static void drop_password(struct sim_user *user)
{
	if (user->password)
		explicit_bzero(user->password, strlen(user->password));
	free(user->password);
	user->password = NULL;
}

void sim_lockout_set_password(struct sim_user *user, const char *password)
{
	drop_password(user);
	user->password = sim_memory_copy(password);
}

bool sim_random_word(char word[SIM_RANDOM_SIZE])
{
	size_t length = SIM_RANDOM_SIZE - 1, i;

	if (getrandom(word, length, 0) != (ssize_t)length)
		return false;
	for (i = 0; i < length; i++)
		word[i] = sim_letters[word[i] & 63];
	word[length] = '\0';
	return true;
}

bool sim_lockout_set_passwords(struct sim_lockout *lockout)
{
	char password[SIM_RANDOM_SIZE];
	size_t i;

	for (i = 0; i < lockout->count; i++) {
		if (lockout->users[i].password)
			continue;
		if (!sim_random_word(password))
			return false;
		sim_lockout_set_password(&lockout->users[i], password);
		explicit_bzero(password, sizeof(password));
	}
	return true;
}

void sim_lockout_lock(struct sim_user *user, int64_t now_ms)
{
	user->refused_count = 0;
	user->locked_until_ms = now_ms + SIM_LOCKOUT_MS;
}

static void refuse(struct sim_user *user, int64_t now_ms)
{
	int i, kept = 0;

	for (i = 0; i < user->refused_count; i++)
		if (now_ms - user->refused_ms[i] < SIM_LOCKOUT_WITHIN_MS)
			user->refused_ms[kept++] = user->refused_ms[i];
	user->refused_ms[kept++] = now_ms;
	user->refused_count = kept;
	if (kept == SIM_LOCKOUT_TRIES)
		sim_lockout_lock(user, now_ms);
}

const struct sim_user *sim_lockout_log_in(struct sim_lockout *lockout, const char *name,
					  const char *password, int64_t now_ms)
{
	struct sim_user *user = name ? sim_lockout_find(lockout, name) : NULL;

	if (!user || !password || now_ms < user->locked_until_ms)
		return NULL;
	if (!user->password || strcmp(user->password, password) != 0) {
		refuse(user, now_ms);
		return NULL;
	}
	user->refused_count = 0;
	return user;
}

void sim_lockout_release(struct sim_lockout *lockout)
{
	size_t i;

	for (i = 0; i < lockout->count; i++) {
		drop_password(&lockout->users[i]);
		free(lockout->users[i].name);
	}
	free(lockout->users);
	*lockout = (struct sim_lockout){ NULL, 0, 0 };
}
