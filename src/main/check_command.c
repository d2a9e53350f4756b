#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

#include "bdbtop/cli/check.h"
#include "program_internal.h"

/* The loop reports the time limit itself, in better words. */
#define ALARM_GRACE_MS 1000

static int64_t timeout_ms(const struct options *options)
{
	return options->timeout_ms ? options->timeout_ms : options->wait_ms + CHECK_TIMEOUT_MS;
}

static void on_alarm(int number)
{
	static const char text[] = "BDBTOP UNKNOWN: time-out: a step before the first request took "
				   "too long\n";
	ssize_t ignored = write(STDOUT_FILENO, text, sizeof(text) - 1);

	(void)number;
	(void)ignored;
	_exit(EXIT_UNREADABLE);
}

void check_command_start(const struct program_run *run)
{
	int64_t limit_ms = timeout_ms(&run->options) + ALARM_GRACE_MS;
	const struct itimerval limit = { .it_value = { .tv_sec = limit_ms / 1000,
						       .tv_usec = limit_ms % 1000 * 1000 } };
	struct sigaction action = { .sa_handler = on_alarm };

	sigaction(SIGALRM, &action, NULL);
	setitimer(ITIMER_REAL, &limit, NULL);
}

int check_command_run(struct program_run *run, struct err *err)
{
	const struct options *given = &run->options;
	const struct check_options options = { .limits = &given->limits,
					       .filter = run->settings.parsed.filter.expression,
					       .verbose = given->verbose,
					       .ascii = run->settings.parsed.ascii,
					       .started = run->started,
					       .timeout_ms = timeout_ms(given),
					       .wait_ms = given->wait_ms };

	if (program_connect_source(run, err) < 0)
		return program_complain(run, cluster_setup(run->cluster)->name, err,
					EXIT_UNREADABLE);
	return check_run(run->fleet, run->http, run->program->clock, &options);
}
