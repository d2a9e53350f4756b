#include <sys/ioctl.h>
#include <unistd.h>

#include "bdbtop/cli/list.h"
#include "program_internal.h"

#define LIST_TIMEOUT_MS 60000

int list_command_run(struct program_run *run, struct err *err)
{
	const struct options *given = &run->options;
	struct winsize size = { 0 };
	struct list_options options = { .terminal = isatty(STDOUT_FILENO),
					.columns = 80,
					.ascii = run->settings.parsed.ascii,
					.filter = run->settings.parsed.filter.expression,
					.sort_order = run->settings.parsed.sort_order,
					.chosen = run->settings.parsed.columns,
					.problems = given->problems,
					.by_cause = given->by_cause,
					.timeout_ms = given->timeout_ms ? given->timeout_ms
									: LIST_TIMEOUT_MS,
					.error_form = program_error_form(run) };

	if (program_connect_source(run, err) < 0)
		return program_complain(run, cluster_setup(run->cluster)->name, err,
					EXIT_UNREADABLE);
	if (options.terminal && !ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) && size.ws_col)
		options.columns = size.ws_col;
	return list_run(run->fleet, run->http, run->program->clock, &options);
}
