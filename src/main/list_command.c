#include <unistd.h>

#include "bdbtop/cli/list.h"
#include "program_internal.h"

#define LIST_TIMEOUT_MS 60000

static struct list_options make_options(const struct program_run *run)
{
	const struct options *given = &run->options;
	struct list_options options = { .terminal = isatty(STDOUT_FILENO),
					.columns = program_columns(),
					.ascii = run->settings.parsed.ascii,
					.filter = run->settings.parsed.filter.expression,
					.sort_order = run->settings.parsed.sort_order,
					.chosen = run->settings.parsed.columns,
					/* what the configuration says is for people */
					.chosen_fields = given->flag[CONFIG_COLUMNS] != NULL,
					.problems = given->problems,
					.by_cause = given->by_cause,
					.format = given->format,
					.no_header = given->no_header,
					.excel = given->excel,
					.output = given->output,
					.exit_status = given->exit_status,
					.timeout_ms = given->timeout_ms,
					.error_form = program_error_form(run),
					.warnings = &run->warnings };

	if (!options.timeout_ms && !given->watch)
		options.timeout_ms = LIST_TIMEOUT_MS;
	return options;
}

void list_command_fail(struct program_run *run, const struct err *failure)
{
	const struct clock *clock = run->program->clock;
	struct list_options options = make_options(run);

	if (run->options.watch)
		list_watch_print_failure(run->fleet, failure, &options, clock->now(clock->arg));
	else
		list_print_failure(run->fleet, failure, &options, clock->now(clock->arg));
}

int list_command_run(struct program_run *run, struct err *err)
{
	struct list_options options = make_options(run);
	int (*const run_fn)(struct fleet *, struct http *, const struct clock *,
			    const struct list_options *) = run->options.watch ? list_watch
									      : list_run;

	if (program_connect_source(run, err) < 0) {
		list_command_fail(run, err);
		return program_complain(run, cluster_setup(run->cluster)->name, err,
					EXIT_UNREADABLE);
	}
	return run_fn(run->fleet, run->http, run->program->clock, &options);
}
