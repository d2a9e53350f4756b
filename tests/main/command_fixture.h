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
	char variables[5][200];
};

/* file: of the state directory, that dir.path is about. */
static inline void command_open(struct command_fixture *fix, const char *file)
{
	static const char *const options[] = { "--clock=running", NULL };
	const size_t size = sizeof(fix->variables[0]);

	assert_int_equal(temp_dir_init(&fix->dir, file), 0);
	simulated_open(&fix->sim, options);
	snprintf(fix->variables[0], size, "REDIS_ENTERPRISE_URL=%s", fix->sim.at.url);
	snprintf(fix->variables[1], size, "REDIS_ENTERPRISE_USER=%s", fix->sim.at.user);
	snprintf(fix->variables[2], size, "REDIS_ENTERPRISE_PASSWORD=%s", fix->sim.at.password);
	snprintf(fix->variables[3], size, "REDIS_ENTERPRISE_CA_CERT=%s", fix->sim.cacert);
	snprintf(fix->variables[4], size, "XDG_STATE_HOME=%s", fix->dir.state);
}

static inline void command_close(struct command_fixture *fix)
{
	simulated_close(&fix->sim);
	temp_dir_release(fix->dir.top);
}

/* The variables of its runs. */
#define VARIABLES(fix)                                                                             \
	WORDS((fix)->variables[0], (fix)->variables[1], (fix)->variables[2], (fix)->variables[3],  \
	      (fix)->variables[4])

static inline void command_run(struct command_fixture *fix, const char *const *words)
{
	child_run(&fix->ran, words, VARIABLES(fix));
}
