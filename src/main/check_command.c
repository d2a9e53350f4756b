#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

#include "bdbtop/cli/check.h"
#include "bdbtop/cli/streams.h"
#include "program_internal.h"

/* The loop reports the time limit itself, in better words. */
#define ALARM_GRACE_MS 1000

static void on_alarm(int number)
{
	static const char text[] = "BDBTOP UNKNOWN: time-out: a step before the first request took "
				   "too long\n";

	(void)number;
	stream_write_at_once(text, sizeof(text) - 1);
	_exit(EXIT_UNREADABLE);
}

/* The result is out: what still blocks, such as the look-up of a name, changes nothing. */
static void end_ok(int number)
{
	(void)number;
	_exit(CHECK_OK);
}

static void end_warning(int number)
{
	(void)number;
	_exit(CHECK_WARNING);
}

static void end_critical(int number)
{
	(void)number;
	_exit(CHECK_CRITICAL);
}

static void end_unknown(int number)
{
	(void)number;
	_exit(CHECK_UNKNOWN);
}

static void set_alarm(void (*handler)(int))
{
	const struct sigaction action = { .sa_handler = handler };

	sigaction(SIGALRM, &action, NULL);
}

static void start_alarm(const struct program_run *run)
{
	int64_t limit_ms = run->options.timeout_ms + ALARM_GRACE_MS;
	const struct itimerval limit = { .it_value = { .tv_sec = limit_ms / 1000,
						       .tv_usec = limit_ms % 1000 * 1000 } };

	set_alarm(on_alarm);
	setitimer(ITIMER_REAL, &limit, NULL);
}

/* The time in which somebody types a password does not count, and the terminal must be restored. */
void check_command_start(const struct program_run *run)
{
	if (!run->options.askpass)
		start_alarm(run);
}

int check_command_run(struct program_run *run, struct err *err)
{
	static void (*const ends[])(int) = { [CHECK_OK] = end_ok,
					     [CHECK_WARNING] = end_warning,
					     [CHECK_CRITICAL] = end_critical,
					     [CHECK_UNKNOWN] = end_unknown };
	const struct options *given = &run->options;
	const struct clock *clock = run->program->clock;
	struct check_options options = { .limits = &given->limits,
					 .filter = run->settings.parsed.filter.expression,
					 .warnings = &run->warnings,
					 .verbose = given->verbose,
					 .ascii = run->settings.parsed.ascii,
					 .started = run->started,
					 .timeout_ms = given->timeout_ms,
					 .wait_ms = given->wait_ms };
	int status;

	if (given->askpass) {
		options.started = clock->now(clock->arg);
		start_alarm(run);
	}
	if (program_connect_source(run, err) < 0)
		return program_complain(run, cluster_setup(run->cluster)->name, err,
					EXIT_UNREADABLE);
	status = check_run(run->fleet, run->http, clock, &options);
	set_alarm(ends[status]);
	return status;
}
