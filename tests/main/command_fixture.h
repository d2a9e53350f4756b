/*
 * tests/main/command_fixture.h - a command of bdbtop over the network, against the simulated
 * cluster, with a state directory of its own.
 */
#pragma once

#include "tests/files.h"
#include "tests/main/child.h"
#include "tests/screen/simulated.h"

struct command_fixture {
	struct simulated sim;
	struct temp_dir dir;
	struct child_result ran; /* the last one */
	char url[200], user[200], password[200], cacert[200], state[200]; /* variables */
};

/* file: of the state directory, that dir.path is about; option: one more of the simulated cluster,
 * or NULL. */
static inline void command_open(struct command_fixture *fix, const char *file, const char *option)
{
	const char *const options[] = { "--clock=running", option, NULL };
	const size_t size = sizeof(fix->url);

	assert_int_equal(temp_dir_init(&fix->dir, file), 0);
	simulated_open(&fix->sim, options);
	snprintf(fix->url, size, "REDIS_ENTERPRISE_URL=%s", fix->sim.at.url);
	snprintf(fix->user, size, "REDIS_ENTERPRISE_USER=%s", fix->sim.at.user);
	snprintf(fix->password, size, "REDIS_ENTERPRISE_PASSWORD=%s", fix->sim.at.password);
	snprintf(fix->cacert, size, "REDIS_ENTERPRISE_CA_CERT=%s", fix->sim.cacert);
	snprintf(fix->state, size, "XDG_STATE_HOME=%s", fix->dir.state);
}

static inline void command_close(struct command_fixture *fix)
{
	simulated_close(&fix->sim);
	temp_dir_release(fix->dir.top);
}

/* The variables of its runs. */
#define VARIABLES(fix) WORDS((fix)->url, (fix)->user, (fix)->password, (fix)->cacert, (fix)->state)

static inline void command_run(struct command_fixture *fix, const char *const *words)
{
	child_run(&fix->ran, words, VARIABLES(fix));
}
