#include <unistd.h>

#include "bdbtop/cli/reset.h"
#include "program_internal.h"

/* Opens the terminal if there will be a question; -1 with err set. */
static int open_terminal(const struct options *options, int *terminal, struct err *err)
{
	*terminal = -1;
	if (options->yes || options->dry_run)
		return 0;
	*terminal = login_terminal("cannot ask without a terminal: nothing was sent. Give --yes, "
				   "or --dry-run to see what would be sent.",
				   err);
	return *terminal < 0 ? -1 : 0;
}

int reset_command_run(struct program_run *run, struct err *err)
{
	const struct options *given = &run->options;
	const char *name = cluster_setup(run->cluster)->name;
	struct reset_options options = { .kind = given->operation,
					 .words = (const char *const *)given->words,
					 .word_count = given->word_count,
					 .all_failed = given->all_failed,
					 .filter = run->settings.parsed.filter.expression,
					 .dry_run = given->dry_run,
					 .yes = given->yes,
					 .wait = given->wait,
					 .wait_ms = given->wait_ms,
					 .timeout_ms = given->timeout_ms,
					 .error_form = program_error_form(run),
					 .jsonl = given->format == OUTPUT_JSONL };
	int status;

	if (open_terminal(given, &options.terminal, err) < 0) {
		err->code = ERR_CODE_CONFIRMATION_NEEDED;
		return program_complain(run, name, err, EXIT_COMMAND_LINE);
	}
	if (program_connect_source(run, err) < 0)
		status = program_complain(run, name, err, EXIT_UNREADABLE);
	else
		status = reset_run(run->fleet, run->http, run->program->clock, &options);
	if (options.terminal >= 0)
		close(options.terminal);
	return status;
}
