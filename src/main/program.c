#include "program.h"

#include "settings.h"
#include "demo.h"
#include "files.h"
#include "save_prefs.h"
#include "login.h"
#include "trust_command.h"
#include "self_info.h"

#include "bdbtop/cli/list.h"
#include "bdbtop/cli/output.h"
#include "bdbtop/core/text.h"
#include "bdbtop/rest/rest.h"
#include "bdbtop/store/login_refusals.h"
#include "bdbtop/store/paths.h"
#include "bdbtop/ui/ui.h"

#include <locale.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#include "config.h"

#define EXIT_WRONG	  1
#define EXIT_COMMAND_LINE 2
#define EXIT_UNREADABLE	  3

/* All that a run holds; released in one place. */
struct run {
	const struct world *world;
	struct options options;
	struct environment env;
	struct config *config;
	char *config_path;
	struct choices choices;
	struct pinning pinning;
	struct keeping keeping;
	struct paths_file prefs; /* only shown */
	struct pins *pins;
	struct login_refusals *guard;
	char source[512]; /* of the password, for the guard; "": typed */
	struct demo demo;
	bool has_demo;
	struct login_input place;
	struct trust trust;
	struct source_pin pinned;
	struct audit_user who;
	const char *state, *home; /* where the store is: NULL: nowhere */
	struct err no_store;	  /* why there is none although one is named, or "" */
	struct err note;	  /* of the password, or "" */
	struct audit_log *ledger;
	struct fleet *fleet;
	struct cluster *cluster;
	struct http *http;
	struct self self;
};

_Static_assert(THEME_COLOUR == 0 && THEME_MONOCHROME == 1 && THEME_CONTRAST == 2,
	       "config_theme() has other numbers than ui/theme.h");

static int complain(const char *about, const struct err *err, int status)
{
	fprintf(stderr, about ? "bdbtop: %s: %s\n" : "bdbtop: %s%s\n", about ? about : "",
		err->text);
	return status;
}

static int no_memory(struct err *err)
{
	err_set(err, ERR_FINAL, "There is no memory to begin.");
	return -1;
}

/* A demo's cluster, and that of a test, have no place in the configuration. */
static int find_config(struct run *run, struct err *err)
{
	const char *folder = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
	const char *named = run->options.config;
	int rc;

	if (named)
		rc = asprintf(&run->config_path, "%s", named);
	else if (run->options.demo || run->world->attach)
		rc = asprintf(&run->config_path, "/dev/null");
	else if (folder && *folder == '/')
		rc = asprintf(&run->config_path, "%s/bdbtop/bdbtop.conf", folder);
	else
		rc = asprintf(&run->config_path, "%s/.config/bdbtop/bdbtop.conf",
			      home && *home == '/' ? home : "");
	if (rc >= 0)
		return 0;
	run->config_path = NULL;
	return no_memory(err);
}

static int read_config(struct run *run, struct err *err)
{
	if (find_config(run, err) < 0)
		return complain(NULL, err, EXIT_COMMAND_LINE);
	/* its mistakes name the file, as a compiler's do */
	run->config = config_read(run->config_path, run->options.config != NULL, stderr);
	return run->config ? 0 : EXIT_COMMAND_LINE;
}

/* The variables are not for a cluster that brings its own log-in. */
static int choose(struct run *run, struct err *err)
{
	const struct environment nothing = { .password = run->place.typed_password,
					     .no_color = run->env.no_color,
					     .ascii = run->env.ascii };
	bool own = run->options.demo || run->world->attach;
	const struct choice_makings makings = { .options = &run->options,
						.env = own ? &nothing : &run->env,
						.config = run->config,
						.path = run->config_path };

	if (run->world->attach)
		run->options.cluster = run->world->name;
	if (choices_make(&run->choices, &makings, err) < 0)
		return -1;
	/* no cluster can be called like the option; what is printed is the same in every run */
	if (run->options.mode == RUN_CONSOLE)
		keeping_find(&run->keeping, run->options.demo ? "--demo" : run->choices.name);
	return 0;
}

static int take_demo(struct run *run, struct err *err)
{
	struct ready_file *at = &run->demo.at;

	if (demo_start(&run->demo, err) < 0)
		return -1;
	run->has_demo = true;
	snprintf(run->place.user, sizeof(run->place.user), "%s", at->user);
	if (secret_take(run->place.password, at->password, strlen(at->password)) < 0 ||
	    address_parse(&run->choices.address[0], at->url, err) < 0)
		return -1;
	run->choices.addresses = 1;
	snprintf(run->choices.name, sizeof(run->choices.name), "demo");
	run->trust = (struct trust){ .by = TRUST_CA, .capem = at->cacert };
	return 0;
}

static int need_cluster(const struct run *run, struct err *err)
{
	if (run->choices.addresses)
		return 0;
	err_set(err, ERR_FINAL,
		"Which cluster? Name it (bdbtop https://HOST:9443), export REDIS_ENTERPRISE_URL, "
		"give the configuration a default, or look around first: bdbtop --demo.");
	return -1;
}

/* Why the server will be believed.  Returns the exit status of a failure, or 0. */
static int take_trust(struct run *run, struct err *err)
{
	const struct choice *of = run->choices.of;
	int found = pinning_find(&run->pinning, &run->pinned, err);

	if (found < 0)
		return complain(run->choices.name, err, EXIT_UNREADABLE);
	run->trust = (struct trust){ .by = found		    ? TRUST_PIN
					   : of[CONFIG_CACERT].text ? TRUST_CA
								    : TRUST_SYSTEM,
				     .cafile = of[CONFIG_CACERT].text,
				     .pin = found ? run->pinned.pin : NULL,
				     .cert = of[CONFIG_CERT].text,
				     .key = of[CONFIG_KEY].text };
	return 0;
}

static int64_t wall_s(const struct run *run)
{
	return run->world->clock->now(run->world->clock->arg).wall_ms / 1000;
}

/* What the guard knows this log-in by. */
static struct refused_login guarded(const struct run *run)
{
	return (struct refused_login){ .host_port = run->choices.address[0].shown,
				       .user = run->place.user,
				       .credential = run->source };
}

/* A password that was refused a while ago is not sent again by itself: 0 where there is none, 1
 * where the console shall ask for another, -1 with the sentence. */
static int obey_guard(struct run *run, struct err *err)
{
	struct refused_login login = guarded(run);
	bool command = run->choices.of[CONFIG_PASSWORD_COMMAND].text != NULL;
	char user[200], source[CHOICE_WHERE], ago[TIME_TEXT_SIZE], left[TIME_TEXT_SIZE];
	int64_t refused = *run->source ? login_refusals_age_s(run->guard, &login, wall_s(run)) : -1;

	if (refused < 0)
		return 0;
	if (run->options.mode == RUN_CONSOLE)
		return 1;
	time_format_span(ago, refused);
	time_format_span(left, LOGIN_REFUSAL_S - refused);
	err_set(err, ERR_ASK_USER,
		"log-in refused for %s %s ago, with the password of %s. It is not tried again for "
		"%s: five refusals lock the account. Check user and password.",
		text_safe(user, sizeof(user), run->place.user, false), ago,
		command ? choices_where(&run->choices, CONFIG_PASSWORD_COMMAND, source,
					sizeof(source))
			: text_safe(source, sizeof(source), run->source, false),
		left);
	return -1;
}

/* The console asks on its screen; the list only where it was told to. */
static int need_login(struct run *run, struct err *err)
{
	bool password = secret_is_set(run->place.password);
	const char *remedy = run->choices.section ? "write user and password_command into the "
						    "configuration"
						  : "export REDIS_ENTERPRISE_USER and "
						    "REDIS_ENTERPRISE_PASSWORD";

	if (run->options.mode == RUN_CONSOLE)
		return 0;
	if (run->options.askpass)
		return login_ask(&run->place, run->choices.name, err);
	if (*run->place.user && password)
		return 0;
	err_set(err, ERR_ASK_USER,
		"there is no %s to log in with: %s, or give --user with --password-file, "
		"--password-command or --askpass.",
		*run->place.user ? "password"
		: password	 ? "user"
				 : "user and no password",
		remedy);
	return -1;
}

/* Returns the exit status of a failure, or 0. */
static int take_password(struct run *run, struct err *err)
{
	int refused;

	if (login_user(&run->place, &run->choices, err) < 0)
		return complain(NULL, err, EXIT_COMMAND_LINE);
	login_source(&run->choices, run->source, sizeof(run->source));
	refused = obey_guard(run, err);
	if (refused < 0)
		return complain(run->choices.name, err, EXIT_UNREADABLE);
	if (refused) {
		*run->source = '\0';
		secret_clear(run->place.password);
	} else if (login_password(&run->place, &run->choices, &run->env, err) < 0) {
		return complain(NULL, err, EXIT_COMMAND_LINE);
	} else if (login_note(&run->place, &run->choices, &run->note) &&
		   run->options.mode != RUN_CONSOLE) {
		complain(NULL, &run->note, 0);
	}
	if (need_login(run, err) < 0)
		return complain(run->choices.name, err, EXIT_UNREADABLE);
	return 0;
}

/* Returns the exit status of a failure, or 0. */
static int take_cluster(struct run *run, struct err *err)
{
	int status;

	if (files_check(&run->choices, err) < 0)
		return complain(NULL, err, EXIT_COMMAND_LINE);
	status = take_trust(run, err);
	return status ? status : take_password(run, err);
}

static void know_who(struct run *run)
{
	const struct passwd *entry = getpwuid(getuid());

	run->who = (struct audit_user){ .user = entry ? entry->pw_name : NULL,
					.sudo_user = getenv("SUDO_USER"),
					.ssh_connection = getenv("SSH_CONNECTION"),
					.login = run->place.user };
}

/* The first refusal is that of the source; what is typed later is not noted. */
static void note_refusal(void *arg)
{
	struct run *run = arg;
	struct refused_login login = guarded(run);

	/* where it cannot be noted, this run is guarded all the same */
	if (*run->source)
		login_refusals_record(run->guard, &login, false, wall_s(run), NULL);
	*run->source = '\0';
}

static struct cluster_setup describe(struct run *run, char *user, size_t size)
{
	const struct world *world = run->world;
	const struct address *first = &run->choices.address[0];

	if (world->attach)
		snprintf(run->place.user, sizeof(run->place.user), "%s", world->user);
	return (struct cluster_setup){
		.name = world->attach ? world->name : run->choices.name,
		.host = world->attach ? world->host : first->shown,
		.url = world->attach ? world->url : first->url,
		.user = text_safe(user, size, run->place.user, false),
		.interval_ms = run->choices.every_ms,
		.rules = { .stall_ms = run->choices.stall_ms },
		.single_poll = run->options.mode == RUN_LIST,
		.label_color = run->choices.color,
		.read_only = run->choices.read_only,
		.insecure =
			run->choices.insecure && (world->attach || run->trust.by == TRUST_SYSTEM),
		.login_input = &run->place,
		.interactive = run->options.mode == RUN_CONSOLE,
		.seed = (unsigned)getpid(),
		.run_id = (unsigned)getpid(),
		.audit_log = run->ledger,
		.audit_user = &run->who,
	};
}

static int make_cluster(struct run *run, struct err *err)
{
	const char *raw = run->choices.of[CONFIG_LABEL].text;
	char user[200], label[64] = "";
	struct cluster_setup setup;

	know_who(run);
	run->ledger = audit_log_new(run->state, run->home);
	setup = describe(run, user, sizeof(user));
	setup.label = raw ? text_safe(label, sizeof(label), raw, run->choices.ascii) : NULL;
	run->fleet = fleet_new();
	run->cluster = run->fleet && run->ledger ? fleet_add(run->fleet, &setup) : NULL;
	if (!run->cluster)
		return no_memory(err);
	cluster_set_save_pin(run->cluster, pinning_keep, &run->pinning);
	cluster_set_on_login_refused(run->cluster, note_refusal, run);
	return 0;
}

/* After the first frame: curl's own start takes longer than all of ours. */
static int connect_source(struct run *run, struct err *err)
{
	struct rest_setup setup = { .addresses = run->choices.address,
				    .address_count = run->choices.addresses,
				    .trust = run->trust,
				    .pinned = run->pinned,
				    .insecure = run->choices.insecure,
				    .interactive = run->options.mode == RUN_CONSOLE,
				    .login = { .user = run->place.user,
					       .password = run->place.password },
				    .name = cluster_setup(run->cluster)->name,
				    .interval_ms = run->choices.every_ms,
				    .seed = (unsigned)getpid() };
	struct rest *live;

	if (run->world->attach) {
		run->world->attach(run->world->arg, run->cluster);
		return 0;
	}
	run->http = http_new(err);
	if (!run->http)
		return -1;
	live = rest_new(run->http, &setup, cluster_sink(), run->cluster);
	if (!live)
		return no_memory(err);
	cluster_attach(run->cluster, live, rest_ops());
	return 0;
}

static int run_list(struct run *run, struct err *err)
{
	struct winsize size = { 0 };
	struct list_options options = { .terminal = isatty(STDOUT_FILENO),
					.columns = 80,
					.ascii = run->choices.ascii,
					.filter = run->choices.filter.expression,
					.order = run->choices.order,
					.problems = run->options.problems };

	if (connect_source(run, err) < 0)
		return complain(cluster_setup(run->cluster)->name, err, EXIT_UNREADABLE);
	if (options.terminal && !ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) && size.ws_col)
		options.columns = size.ws_col;
	return list_run(run->fleet, run->http, run->world->clock, &options);
}

/* What the user sees first, and who keeps it when it becomes something else. */
static void take_view(struct run *run, struct session *session)
{
	struct filter_error unused;

	session_set_filter(session, run->choices.filter.expression, &unused);
	session_set_order(session, run->choices.order);
	if (!*run->no_store.text)
		session_set_save_prefs(session, keeping_keep, &run->keeping);
	if (*run->no_store.text)
		session_add_notice(session, run->no_store.text);
	else if (*run->note.text)
		session_add_notice(session, run->note.text);
	session_set_notifications(session, run->choices.bell, run->choices.notify);
	session_set_offset(session, self_offset);
}

static void take_self(struct run *run, struct session *session)
{
	const struct self_paths paths = { .config = run->config_path,
					  .known_clusters = pins_path(run->pins),
					  .prefs = run->prefs.path,
					  .ledger = *run->no_store.text
							    ? run->no_store.text
							    : audit_log_path(run->ledger) };

	self_look(&run->self, &paths, run->choices.ascii);
	session_set_program_info(session, &run->self.about);
}

static int run_console(struct run *run, struct err *err)
{
	struct ui_options options = { .ascii = run->choices.ascii,
				      .theme = (enum theme)run->choices.theme,
				      .mouse = run->choices.mouse,
				      .version = PACKAGE_VERSION };
	struct session *session = session_new(run->fleet);
	const struct clock *clock = run->world->clock;
	struct moment now = clock->now(clock->arg);
	struct ui *ui;
	int rc;

	if (!session) {
		err_set(err, ERR_FINAL, "There is no memory to begin.");
		return complain(NULL, err, EXIT_COMMAND_LINE);
	}
	ui = ui_start(session, &options, err);
	if (!ui) {
		session_free(session);
		return complain(NULL, err, EXIT_COMMAND_LINE);
	}
	session_tick(session, now, TIME_NEVER);
	take_view(run, session);
	ui_ops()->draw(ui, now);
	rc = connect_source(run, err);
	take_self(run, session);
	if (!rc)
		loop_run(session, run->http, clock, ui, ui_ops());
	ui_stop(ui);
	session_free(session);
	/* the one notice was the other's */
	if (*run->no_store.text && *run->note.text)
		complain(NULL, &run->note, 0);
	if (*run->keeping.trouble.text)
		complain(NULL, &run->keeping.trouble, 0);
	return rc ? complain(cluster_setup(run->cluster)->name, err, EXIT_UNREADABLE) : 0;
}

static int run_trust(struct run *run, struct err *err)
{
	if (files_check(&run->choices, err) < 0)
		return complain(NULL, err, EXIT_COMMAND_LINE);
	run->http = http_new(err);
	if (!run->http)
		return complain(run->choices.name, err, EXIT_UNREADABLE);
	return pinning_run(&run->pinning, run->http, run->options.replace);
}

static int print_config(struct run *run, struct err *err)
{
	struct source_pin pin;
	int found = run->choices.addresses ? pinning_find(&run->pinning, &pin, err) : 0;

	if (found < 0)
		return complain(run->choices.name, err, EXIT_UNREADABLE);
	if (found)
		choices_pin(&run->choices, &pin);
	choices_print(&run->choices, stdout, pins_path(run->pins), run->prefs.path);
	return output_flush("the configuration");
}

static void release(struct run *run)
{
	fleet_free(run->fleet);
	http_free(run->http);
	audit_log_free(run->ledger);
	login_refusals_free(run->guard);
	pins_free(run->pins);
	config_free(run->config);
	free(run->config_path);
	paths_release(&run->prefs);
	secret_free(run->place.typed_password);
	environment_release(&run->env);
	if (run->has_demo)
		demo_stop(&run->demo);
}

/* The holders of what is found on the way.  The variable's password is the place's first. */
static int prepare(struct run *run, struct err *err)
{
	const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");

	/* as root with another user's HOME: nothing is written there */
	if (paths_check(state, home, &run->no_store) < 0)
		state = home = NULL;
	run->state = state;
	run->home = home;
	run->place.password = run->env.password;
	run->place.typed_password = secret_new();
	run->pins = pins_new(state, home);
	run->guard = login_refusals_new(state, home);
	run->pinning = (struct pinning){ .choices = &run->choices,
					 .pins = run->pins,
					 .clock = run->world->clock };
	run->keeping = (struct keeping){ .choices = &run->choices, .state = state, .home = home };
	if (paths_init(&run->prefs, "prefs", state, home) < 0)
		return no_memory(err);
	return run->place.typed_password && run->pins && run->guard ? 0 : no_memory(err);
}

static int begin(struct run *run, struct err *err)
{
	bool console = run->options.mode == RUN_CONSOLE && !run->options.print_config;
	int status;

	if (prepare(run, err) < 0)
		return complain(NULL, err, EXIT_COMMAND_LINE);
	if (*run->no_store.text && !console)
		complain(NULL, &run->no_store, 0);
	status = read_config(run, err);
	if (status)
		return status;
	if (choose(run, err) < 0)
		return complain(NULL, err, EXIT_COMMAND_LINE);
	if (run->options.print_config)
		return print_config(run, err);
	if (run->options.demo ? take_demo(run, err) < 0 : need_cluster(run, err) < 0)
		return complain(NULL, err, EXIT_COMMAND_LINE);
	if (run->options.mode == RUN_TRUST)
		return run_trust(run, err);
	if (!run->options.demo && !run->world->attach) {
		status = take_cluster(run, err);
		if (status)
			return status;
	}
	if (make_cluster(run, err) < 0)
		return complain(NULL, err, EXIT_COMMAND_LINE);
	return run->options.mode == RUN_LIST ? run_list(run, err) : run_console(run, err);
}

static int tell(enum mode mode)
{
	if (mode == RUN_HELP)
		options_help();
	else
		puts(PACKAGE_STRING);
	return output_flush("the text");
}

int program_run(int argc, char **argv, const struct world *world)
{
	struct run run = { .world = world };
	struct err err;
	int status;

	if (files_open_closed() < 0) {
		perror("bdbtop: /dev/null cannot be opened");
		return EXIT_WRONG;
	}
	/* before a password is read: no core file, no reader of /proc among the user's other
	 * processes */
	prctl(PR_SET_DUMPABLE, 0);
	signal(SIGPIPE, SIG_IGN);
	/* a limit on the size of files is an error of the ledger, not the end */
	signal(SIGXFSZ, SIG_IGN);
	setlocale(LC_CTYPE, "");
	tzset();
	if (environment_take(&run.env, &err) < 0 ||
	    options_read(&run.options, argc, argv, &err) < 0) {
		environment_release(&run.env);
		return complain(NULL, &err, EXIT_COMMAND_LINE);
	}
	if (run.options.mode == RUN_HELP || run.options.mode == RUN_VERSION)
		status = tell(run.options.mode);
	else
		status = begin(&run, &err);
	release(&run);
	/* standard error is not buffered */
	return !status && ferror(stderr) ? EXIT_WRONG : status;
}
