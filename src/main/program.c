#include "program_internal.h"

#include <errno.h>
#include <locale.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#include "bdbtop/cli/output.h"
#include "bdbtop/cli/streams.h"
#include "bdbtop/core/auth_method.h"
#include "bdbtop/core/memory_file.h"
#include "bdbtop/core/text.h"
#include "files.h"
#include "landlock.h"
#include "option_table.h"
#include "settings.h"
#include "usage.h"
#include "config.h"

/* Demos and tests use no configuration file unless --config names one. */
static int find_config(struct program_run *run, struct err *err)
{
	if (run->options.config)
		run->config_path = strdup(run->options.config);
	else if (run->options.demo || run->program->attach)
		run->config_path = strdup("/dev/null");
	else
		run->config_path = paths_config("bdbtop/bdbtop.conf", getenv("XDG_CONFIG_HOME"),
						getenv("HOME"));
	return run->config_path ? 0 : program_out_of_memory(err);
}

static int read_config(struct program_run *run, struct err *err)
{
	int status = EXIT_COMMAND_LINE;
	struct memory_file mistakes;
	bool no_memory;
	char *text;

	if (find_config(run, err) < 0)
		return program_complain(run, NULL, err, EXIT_COMMAND_LINE);
	if (memory_file_open(&mistakes) < 0) {
		program_out_of_memory(err);
		return program_complain(run, NULL, err, EXIT_COMMAND_LINE);
	}
	/* the messages begin with FILE:LINE, like those of a compiler */
	run->config = config_read(run->config_path, run->options.config != NULL, mistakes.file);
	no_memory = !run->config && errno == ENOMEM;
	text = memory_file_close(&mistakes, NULL);
	if (!run->config && text && !no_memory)
		status = error_report_text(program_error_form(run), ERR_CODE_CONFIG, text,
					   EXIT_COMMAND_LINE);
	else if (!run->config && program_out_of_memory(err) < 0)
		status = program_complain(run, NULL, err, status);
	free(text);
	return run->config ? 0 : status;
}

/* The variables do not apply to a demo or a test, which have their own log-in. */
static int choose_settings(struct program_run *run, struct err *err)
{
	const struct environment nothing = { .password = run->login_input.typed_password,
					     .no_color = run->env.no_color,
					     .ascii = run->env.ascii };
	bool own_login = run->options.demo || run->program->attach;
	const struct settings_input input = { .options = &run->options,
					      .env = own_login ? &nothing : &run->env,
					      .config = run->config,
					      .path = run->config_path,
					      .redisctl = own_login ? NULL : &run->redisctl };

	if (own_login)
		secret_clear(run->env.token);
	if (run->program->attach)
		run->options.cluster = run->program->name;
	if (settings_init(&run->settings, &input, err) < 0)
		return err_default_code(err, ERR_CODE_CONFIG);
	/* no cluster can have the name --demo; printed output must not depend on earlier runs */
	if (run->options.mode == RUN_CONSOLE)
		save_prefs_load(&run->save_prefs,
				run->options.demo ? "--demo" : run->settings.name);
	return 0;
}

static int apply_demo(struct program_run *run, struct err *err)
{
	struct ready_file *at = &run->demo.ready;

	if (demo_start(&run->demo, err) < 0)
		return -1;
	run->has_demo = true;
	snprintf(run->login_input.user, sizeof(run->login_input.user), "%s", at->user);
	if (secret_take(run->login_input.password, at->password, strlen(at->password)) < 0 ||
	    address_parse(&run->settings.addresses[0], at->url, err) < 0)
		return -1;
	run->settings.address_count = 1;
	snprintf(run->settings.name, sizeof(run->settings.name), "demo");
	run->trust = (struct trust){ .by = TRUST_CA, .capem = at->cacert };
	return 0;
}

static int need_cluster(const struct program_run *run, struct err *err)
{
	bool reset = run->options.mode == RUN_RESET;
	char word[20];

	if (run->settings.address_count)
		return 0;
	option_format_commands(word, sizeof(word), 1U << run->options.mode);
	return err_set_code(
		err, ERR_CODE_NO_CLUSTER, ERR_FINAL,
		"No cluster was given. Name it (%s%s%shttps://HOST:9443), export "
		"REDIS_ENTERPRISE_URL, set a default in the configuration, or try bdbtop --demo.",
		reset ? "--cluster=" : "bdbtop ", reset ? "" : word, reset || !*word ? "" : " ");
}

/* Decides how to trust the server.  Returns the exit status of a failure, or 0. */
static int apply_trust(struct program_run *run, struct err *err)
{
	const struct setting *values = run->settings.values;
	int found = trust_command_find_pin(&run->trust_command, &run->pinned, err);

	if (found < 0)
		return program_complain(run, run->settings.name, err, EXIT_UNREADABLE);
	run->trust = (struct trust){ .by = found			? TRUST_PIN
					   : values[CONFIG_CACERT].text ? TRUST_CA
									: TRUST_SYSTEM,
				     .cafile = values[CONFIG_CACERT].text,
				     .pin = found ? run->pinned.pin : NULL,
				     .cert = values[CONFIG_CERT].text,
				     .key = values[CONFIG_KEY].text };
	return 0;
}

static int64_t wall_s(const struct program_run *run)
{
	return run->program->clock->now(run->program->clock->arg).wall_ms / 1000;
}

/* The key of this log-in in login_refusals. */
static struct refused_login get_refused_login(const struct program_run *run)
{
	return (struct refused_login){ .host_port = run->settings.addresses[0].shown,
				       .user = run->login_input.user,
				       .credential = run->credential };
}

/* Does not send a recently refused password again.  Returns 0 if it was not refused, 1 if the
 * console must ask for another, -1 with err set. */
static int refuse_known_bad_login(struct program_run *run, struct err *err)
{
	struct refused_login login = get_refused_login(run);
	bool command = run->settings.values[CONFIG_PASSWORD_COMMAND].text != NULL;
	char user[200], source[SETTING_SOURCE_BYTES], ago[TIME_TEXT_SIZE], left[TIME_TEXT_SIZE];
	int64_t refused =
		*run->source ? login_refusals_age_s(run->login_refusals, &login, wall_s(run)) : -1;

	if (refused < 0)
		return 0;
	if (run->options.mode == RUN_CONSOLE)
		return 1;
	time_format_span(ago, refused);
	time_format_span(left, LOGIN_REFUSAL_S - refused);
	return err_set_code(
		err, ERR_CODE_LOGIN_REFUSED, ERR_ASK_USER,
		"log-in refused for %s %s ago, with the password of %s. It is not tried again for "
		"%s: five failed log-ins lock the account. Check user and password.",
		text_safe(user, sizeof(user), run->login_input.user, false), ago,
		command ? settings_format_source(&run->settings, CONFIG_PASSWORD_COMMAND, source,
						 sizeof(source))
			: text_safe(source, sizeof(source), run->source, false),
		left);
}

/* The console asks on its screen; `bdbtop list` asks only with --askpass. */
static int need_login(struct program_run *run, struct err *err)
{
	bool password = secret_is_set(run->login_input.password);
	const struct err *no_login = &run->settings.redisctl.no_login;
	const char *remedy = run->settings.section || run->settings.redisctl.profile
				     ? "set user and password_command in the configuration"
				     : "export REDIS_ENTERPRISE_USER and "
				       "REDIS_ENTERPRISE_PASSWORD";

	if (run->options.mode == RUN_CONSOLE)
		return 0;
	if (run->options.askpass)
		return login_ask(&run->login_input, run->settings.name, err);
	if (*run->login_input.user && password)
		return 0;
	if (*no_login->text) {
		*err = *no_login;
		return -1;
	}
	return err_set_code(err, ERR_CODE_LOGIN_MISSING, ERR_ASK_USER,
		       "%s is set for the log-in: %s, or give --user with --password-file, "
		       "--password-command or --askpass.",
		       *run->login_input.user ? "no password"
		       : password	      ? "no user"
					      : "neither a user nor a password",
		       remedy);
}

/* Returns the exit status of a failure, or 0. */
static int apply_password(struct program_run *run, struct err *err)
{
	int refused;

	login_source(&run->settings, run->source, sizeof(run->source));
	/* where Basic was refused because it is off, the other way may be tried at once */
	snprintf(run->credential, sizeof(run->credential), "%s%s",
		 run->settings.parsed.auth == AUTH_TOKEN ? "token:" : "", run->source);
	refused = refuse_known_bad_login(run, err);
	if (refused < 0)
		return program_complain(run, run->settings.name, err, EXIT_UNREADABLE);
	if (refused) {
		*run->source = '\0';
		secret_clear(run->login_input.password);
	} else if (login_password(&run->login_input, &run->settings, &run->redisctl, err) < 0) {
		return program_complain(run, NULL, err, EXIT_COMMAND_LINE);
	} else if (login_note(&run->login_input, &run->settings, &run->password_notice) &&
		   run->options.mode != RUN_CONSOLE) {
		program_warn(run, &run->password_notice);
	}
	if (need_login(run, err) < 0)
		return program_complain(run, run->settings.name, err, EXIT_UNREADABLE);
	/* the console asks, and says why the profile does not answer */
	if (!secret_is_set(run->login_input.password) && !run->options.askpass &&
	    !*run->password_notice.text)
		run->password_notice = run->settings.redisctl.no_login;
	return 0;
}

/* Whether the log-in needs no password: a supplied token or the client certificate is enough.
 * Returns 1, 0, or -1 with err set. */
static int has_other_login(struct program_run *run, struct err *err)
{
	const struct settings *settings = &run->settings;
	bool certificate = settings->parsed.auth == AUTH_CERTIFICATE;
	char where[SETTING_SOURCE_BYTES];

	if (login_token(run->env.token, settings, &run->env, err) < 0)
		return -1;
	if (certificate && !settings->values[CONFIG_CERT].text)
		return err_set_code(
			err, ERR_CODE_CONFIG, ERR_ASK_USER,
			"%s: the log-in is a certificate, and none is set: set cert too, or give "
			"--cert.",
			settings_format_source(settings, CONFIG_AUTH, where, sizeof(where)));
	return certificate || settings_use_token(settings);
}

/* Returns the exit status of a failure, or 0. */
static int apply_login(struct program_run *run, struct err *err)
{
	int rc;

	if (login_user(&run->login_input, &run->settings, err) < 0)
		return program_complain(run, NULL, err, EXIT_COMMAND_LINE);
	rc = has_other_login(run, err);
	if (rc < 0)
		return program_complain(run, NULL, err, EXIT_COMMAND_LINE);
	if (!rc)
		return apply_password(run, err);
	secret_clear(run->login_input.password);
	return 0;
}

/* Returns the exit status of a failure, or 0. */
static int apply_cluster(struct program_run *run, struct err *err)
{
	int status;

	if (files_check(&run->settings, err) < 0)
		return program_complain(run, NULL, err, EXIT_COMMAND_LINE);
	status = apply_trust(run, err);
	return status ? status : apply_login(run, err);
}

static void find_audit_user(struct program_run *run)
{
	const struct passwd *entry = getpwuid(getuid());

	run->audit_user = (struct audit_user){ .user = entry ? entry->pw_name : NULL,
					       .sudo_user = getenv("SUDO_USER"),
					       .ssh_connection = getenv("SSH_CONNECTION"),
					       .login = run->login_input.user };
}

/* Records only the first refusal, that of the password's source, not those of typed passwords. */
static void record_login_refusal(void *arg)
{
	struct program_run *run = arg;
	struct refused_login login = get_refused_login(run);

	/* if this fails, this run still does not send it again */
	if (*run->source)
		login_refusals_record(run->login_refusals, &login, false, wall_s(run), NULL);
	*run->source = '\0';
}

static struct cluster_setup make_setup(struct program_run *run, char *user, size_t size)
{
	const struct program *program = run->program;
	const struct address *first = &run->settings.addresses[0];

	if (program->attach)
		snprintf(run->login_input.user, sizeof(run->login_input.user), "%s", program->user);
	return (struct cluster_setup){
		.name = program->attach ? program->name : run->settings.name,
		.host = program->attach ? program->host : first->shown,
		.url = program->attach ? program->url : first->url,
		.user = text_safe(user, size, run->login_input.user, false),
		.interval_ms = run->settings.parsed.interval_ms,
		.stall_ms = run->settings.parsed.stall_ms,
		.rpo = run->settings.parsed.rpo,
		.single_poll = run->options.mode != RUN_CONSOLE && !run->options.watch,
		.label_color = run->settings.parsed.color,
		.read_only = run->settings.parsed.read_only,
		.insecure = run->settings.insecure &&
			    (program->attach || run->trust.by == TRUST_SYSTEM),
		.login_input = &run->login_input,
		.interactive = run->options.mode == RUN_CONSOLE,
		.seed = (unsigned)getpid(),
		.run_id = (unsigned)getpid(),
		.progress = run->progress,
		.audit_log = run->audit_log,
		.audit_user = &run->audit_user,
		.trust_note = trust_command_note(&run->settings),
		.note = run->options.note,
		.save_pin = trust_command_save_pin,
		.save_pin_arg = &run->trust_command,
		.on_login_refused = record_login_refusal,
		.on_login_refused_arg = run,
	};
}

static int make_cluster(struct program_run *run, struct err *err)
{
	const char *raw = run->settings.values[CONFIG_LABEL].text;
	char user[200], label[64] = "";
	struct cluster_setup setup;

	find_audit_user(run);
	run->audit_log = run->options.demo ? audit_log_new_demo(run->state, run->home)
					   : audit_log_new(run->state, run->home);
	if (run->audit_log && *run->store_error.text)
		audit_log_set_refusal(run->audit_log, &run->store_error);
	/* a demo is another cluster each time */
	if ((run->options.mode == RUN_LIST || run->options.mode == RUN_CHECK) &&
	    !run->options.demo) {
		run->progress = progress_file_new(run->state, run->home);
		if (!run->progress)
			return program_out_of_memory(err);
	}
	setup = make_setup(run, user, sizeof(user));
	if ((run->options.mode == RUN_LIST || run->options.mode == RUN_CONSOLE) &&
	    !run->options.demo)
		setup.names = run->names = name_cache_new(run->state, run->home, setup.name);
	setup.label = raw ? text_safe(label, sizeof(label), raw, run->settings.parsed.ascii) : NULL;
	run->fleet = fleet_new();
	run->cluster = run->fleet && run->audit_log ? fleet_add(run->fleet, &setup) : NULL;
	if (!run->cluster)
		return program_out_of_memory(err);
	return 0;
}

static int run_trust(struct program_run *run, struct err *err)
{
	if (files_check(&run->settings, err) < 0)
		return program_complain(run, NULL, err, EXIT_COMMAND_LINE);
	run->http = http_new(err);
	if (!run->http)
		return program_complain(run, run->settings.name, err, EXIT_UNREADABLE);
	program_enter_sandbox(run);
	return trust_command_run(&run->trust_command, run->http, run->options.replace);
}

/* What the sandbox of this run would limit; print-config itself needs none. */
static void print_sandbox(const struct program_run *run)
{
	const struct sandbox sandbox = { .off = !run->settings.parsed.sandbox,
					 .abi = landlock_abi() };
	char text[SANDBOX_TEXT_BYTES];

	fprintf(stream_output(), "; sandbox: %s\n", sandbox_format(&sandbox, text));
}

static int print_config(struct program_run *run, struct err *err)
{
	struct source_pin pin;
	int found = run->settings.address_count
			    ? trust_command_find_pin(&run->trust_command, &pin, err)
			    : 0;

	if (found < 0)
		return program_complain(run, run->settings.name, err, EXIT_UNREADABLE);
	if (found)
		settings_set_pin(&run->settings, &pin);
	settings_print(&run->settings, stream_output(), pins_path(run->pins), run->prefs.path);
	print_sandbox(run);
	return output_flush("the configuration");
}

static void release(struct program_run *run)
{
	fleet_free(run->fleet);
	if (run->options.demo && run->audit_log)
		audit_log_remove_files(run->audit_log);
	http_free(run->http);
	audit_log_free(run->audit_log);
	progress_file_free(run->progress);
	name_cache_free(run->names);
	login_refusals_free(run->login_refusals);
	pins_free(run->pins);
	config_free(run->config);
	free(run->config_path);
	redisctl_release(&run->redisctl);
	paths_release(&run->prefs);
	secret_free(run->login_input.typed_password);
	environment_release(&run->env);
	if (run->has_demo)
		demo_stop(&run->demo);
}

/* Creates what later steps fill.  The password of the variable is the first candidate. */
static int prepare(struct program_run *run, struct err *err)
{
	const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");

	/* for example as root with another user's HOME: write nothing there */
	if (paths_check(state, home, &run->store_error) < 0)
		state = home = NULL;
	run->state = state;
	run->home = home;
	run->login_input.password = run->env.password;
	run->redisctl.env = &run->env;
	run->login_input.typed_password = secret_new();
	run->pins = pins_new(state, home);
	run->login_refusals = login_refusals_new(state, home);
	run->trust_command = (struct trust_command){ .settings = &run->settings,
						     .pins = run->pins,
						     .clock = run->program->clock };
	run->save_prefs =
		(struct save_prefs){ .settings = &run->settings, .state = state, .home = home };
	if (paths_init(&run->prefs, "prefs", state, home) < 0)
		return program_out_of_memory(err);
	return run->login_input.typed_password && run->pins && run->login_refusals
		       ? 0
		       : program_out_of_memory(err);
}

/* The commands that need a cluster. */
static int (*const command_runs[])(struct program_run *, struct err *) = {
	[RUN_CONSOLE] = console_run,
	[RUN_LIST] = list_command_run,
	[RUN_CHECK] = check_command_run,
	[RUN_RESET] = reset_command_run,
};

/* Returns the exit status of the failure. */
static int fail_to_ask(struct program_run *run, const struct err *failure, int status)
{
	struct err err;

	if (run->options.mode == RUN_LIST && !make_cluster(run, &err))
		list_command_fail(run, failure);
	return status;
}

static int dispatch(struct program_run *run, struct err *err)
{
	bool console = run->options.mode == RUN_CONSOLE && !run->options.print_config;
	int status;

	if (prepare(run, err) < 0)
		return program_complain(run, NULL, err, EXIT_COMMAND_LINE);
	if (*run->store_error.text && !console && run->options.mode != RUN_HISTORY)
		program_warn(run, &run->store_error);
	status = read_config(run, err);
	if (status)
		return status;
	if (choose_settings(run, err) < 0)
		return program_complain(run, NULL, err, EXIT_COMMAND_LINE);
	if (run->options.print_config)
		return print_config(run, err);
	if (run->options.mode == RUN_HISTORY)
		return history_command_run(run, err);
	if (run->options.demo ? apply_demo(run, err) < 0 : need_cluster(run, err) < 0)
		return program_complain(run, NULL, err, EXIT_COMMAND_LINE);
	if (run->options.mode == RUN_TRUST)
		return run_trust(run, err);
	if (!run->options.demo && !run->program->attach) {
		status = apply_cluster(run, err);
		redisctl_forget(&run->redisctl);
		if (status)
			return fail_to_ask(run, err, status);
	}
	if (make_cluster(run, err) < 0)
		return program_complain(run, NULL, err, EXIT_COMMAND_LINE);
	return command_runs[run->options.mode](run, err);
}

static int print_help_or_version(const struct options *options)
{
	int status;

	if (options->mode == RUN_HELP)
		usage_print(options->help_about);
	else
		fputs(PACKAGE_STRING "\n", stream_output());
	status = output_flush("the text");
	/* the guidelines for monitoring plugins ask for it */
	return options->help_about == RUN_CHECK ? EXIT_UNREADABLE : status;
}

int program_run(int argc, char **argv, const struct program *program)
{
	struct program_run run = { .program = program,
				   .started = program->clock->now(program->clock->arg) };
	struct err err;
	int status;

	if (streams_start() < 0)
		return EXIT_WRONG;
	if (files_open_closed() < 0) {
		fprintf(stream_errors(), "bdbtop: /dev/null cannot be opened: %s\n",
			strerror(errno));
		return EXIT_WRONG;
	}
	/* before reading a password: no core dump, no access through /proc */
	prctl(PR_SET_DUMPABLE, 0);
	signal(SIGPIPE, SIG_IGN);
	/* a limit on file sizes must be an error of the audit log, not end the program */
	signal(SIGXFSZ, SIG_IGN);
	setlocale(LC_CTYPE, "");
	tzset();
	/* the options first: they say in which form an error is reported */
	if (options_read(&run.options, argc, argv, &err) < 0 ||
	    environment_take(&run.env, &err) < 0) {
		environment_release(&run.env);
		return program_complain(&run, NULL, &err, EXIT_COMMAND_LINE);
	}
	if (run.options.mode == RUN_CHECK)
		check_command_start(&run);
	if (run.options.mode == RUN_HELP || run.options.mode == RUN_VERSION)
		status = print_help_or_version(&run.options);
	else
		status = dispatch(&run, &err);
	release(&run);
	/* it is unbuffered, so ferror() already knows of every failed write; a plugin prints
	 * nothing there that matters */
	if (!status && run.options.mode != RUN_CHECK && ferror(stream_errors()))
		return EXIT_WRONG;
	return status;
}
