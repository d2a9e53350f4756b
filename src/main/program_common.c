#include "program_internal.h"

#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "bdbtop/rest/rest.h"

enum error_form program_error_form(const struct program_run *run)
{
	enum run_mode mode = run->options.mode;

	if (mode == RUN_HELP || mode == RUN_VERSION)
		mode = run->options.help_about;
	if (mode == RUN_CHECK)
		return ERROR_PLUGIN;
	return run->options.format == OUTPUT_TABLE ? ERROR_LINE : ERROR_OBJECT;
}

int program_complain(const struct program_run *run, const char *about, const struct err *err,
		     int status)
{
	/* not the fault of the command line */
	if (status == EXIT_COMMAND_LINE && err->code == ERR_CODE_INTERNAL)
		status = EXIT_UNREADABLE;
	return error_report(program_error_form(run), about, err, status);
}

void program_warn(struct program_run *run, const struct err *err)
{
	struct warnings *warnings = &run->warnings;

	if (program_error_form(run) == ERROR_LINE)
		error_report(ERROR_LINE, NULL, err, 0);
	else if (warnings->count < WARNINGS_MAX)
		warnings->text[warnings->count++] = err->text;
}

int program_columns(void)
{
	struct winsize size = { 0 };

	return !ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) && size.ws_col ? size.ws_col : 80;
}

int program_out_of_memory(struct err *err)
{
	return err_set_code(err, ERR_CODE_INTERNAL, ERR_FINAL, "Out of memory.");
}

/* The state directory, created if it is missing, to be freed; NULL: none is used. */
static char *create_state_dir(const struct program_run *run)
{
	struct err ignored;

	/* a history that is not there is not made */
	if (!*run->prefs.path || *run->store_error.text)
		return NULL;
	if (run->settings.parsed.sandbox && run->options.mode != RUN_HISTORY)
		paths_create_dirs(&run->prefs, &ignored);
	return paths_directory(run->prefs.path);
}

static void add_ports(const struct settings *settings, struct sandbox_setup *setup)
{
	unsigned proxy = http_proxy_port();
	size_t i;

	for (i = 0; i < settings->address_count; i++)
		setup->ports[setup->port_count++] = settings->addresses[i].port;
	if (proxy)
		setup->ports[setup->port_count++] = proxy;
}

void program_enter_sandbox(struct program_run *run)
{
	const struct setting *values = run->settings.values;
	const bool console = run->options.mode == RUN_CONSOLE;
	char *state_dir = create_state_dir(run);
	struct sandbox_setup setup = {
		.off = !run->settings.parsed.sandbox,
		.state_dir = state_dir,
		.home = getenv("HOME"),
		.output = run->options.output,
		.files = { values[CONFIG_CACERT].text, values[CONFIG_CERT].text,
			   values[CONFIG_KEY].text },
		.writes_here = console,
		.copies = console,
	};

	add_ports(&run->settings, &setup);
	run->sandbox = sandbox_enter(&setup);
	if (run->http && sandbox_limits_ports(&run->sandbox))
		http_limit_ports(run->http, setup.ports, setup.port_count);
	free(state_dir);
}

int program_connect_source(struct program_run *run, struct err *err)
{
	struct rest_setup setup = { .addresses = run->settings.addresses,
				    .address_count = run->settings.address_count,
				    .trust = run->trust,
				    .pinned = run->pinned,
				    .insecure = run->settings.insecure,
				    .interactive = run->options.mode == RUN_CONSOLE,
				    .auth = (enum auth_method)run->settings.parsed.auth,
				    .token = run->env.token,
				    .login = { .user = run->login_input.user,
					       .password = run->login_input.password },
				    .name = cluster_setup(run->cluster)->name,
				    .interval_ms = run->settings.parsed.interval_ms,
				    .seed = (unsigned)getpid() };
	struct rest *rest;

	if (run->program->attach) {
		program_enter_sandbox(run);
		run->program->attach(run->program->arg, run->cluster);
		return 0;
	}
	run->http = http_new(err);
	if (!run->http)
		return -1;
	program_enter_sandbox(run);
	rest = rest_new(run->http, &setup, cluster_sink(), run->cluster);
	if (!rest)
		return program_out_of_memory(err);
	cluster_attach(run->cluster, rest, rest_ops());
	return 0;
}
