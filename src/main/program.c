#include "program.h"

#include "demo.h"
#include "options.h"

#include "bdbtop/cli/list.h"
#include "bdbtop/core/text.h"
#include "bdbtop/live/live.h"
#include "bdbtop/ui/ui.h"

#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
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
	struct demo demo;
	bool has_demo;
	struct address address;
	struct login login;
	struct trust trust;
	struct ledger_who who;
	struct ledger *ledger;
	struct fleet *fleet;
	struct cluster *cluster;
	struct http *http;
	bool ascii;
};

static int complain(const char *about, const struct err *err, int status)
{
	fprintf(stderr, about ? "bdbtop: %s: %s\n" : "bdbtop: %s%s\n", about ? about : "",
		err->text);
	return status;
}

static int take_demo(struct run *run, struct err *err)
{
	struct announcement *at = &run->demo.at;

	if (demo_start(&run->demo, err) < 0)
		return -1;
	run->has_demo = true;
	run->login.user = at->user;
	run->login.password = run->env.password;
	if (secret_take(run->env.password, at->password, strlen(at->password)) < 0 ||
	    address_parse(&run->address, at->url, err) < 0)
		return -1;
	run->trust = (struct trust){ .by = TRUST_CA, .capem = at->cacert };
	return 0;
}

static int need_login(const struct run *run, struct err *err)
{
	bool user = run->env.user != NULL, password = secret_is_set(run->env.password);

	if (user && password)
		return 0;
	err_set(err, ERR_FINAL, "%s%s%s %s not set: export the log-in of the cluster in %s.",
		user ? "" : "REDIS_ENTERPRISE_USER", user || password ? "" : " and ",
		password ? "" : "REDIS_ENTERPRISE_PASSWORD", user || password ? "is" : "are",
		user || password ? "this variable" : "these two variables");
	return -1;
}

/* Basic authentication ends the user at the first colon. */
static int check_user(const struct run *run, struct err *err)
{
	if (!strchr(run->env.user, ':'))
		return 0;
	err_set(err, ERR_FINAL,
		"REDIS_ENTERPRISE_USER holds a colon, which no log-in of the cluster can have: "
		"export the user alone, and the password in REDIS_ENTERPRISE_PASSWORD.");
	return -1;
}

static int take_cluster(struct run *run, struct err *err)
{
	if (options_join(&run->options, &run->env, err) < 0)
		return -1;
	if (!run->options.cluster) {
		err_set(err, ERR_FINAL,
			"Which cluster? Name it (bdbtop https://HOST:9443), export "
			"REDIS_ENTERPRISE_URL, or look around first: bdbtop --demo.");
		return -1;
	}
	if (address_parse(&run->address, run->options.cluster, err) < 0 ||
	    need_login(run, err) < 0 || check_user(run, err) < 0)
		return -1;
	run->login = (struct login){ .user = run->env.user, .password = run->env.password };
	run->trust.by = run->options.cacert	? TRUST_CA
			: run->options.insecure ? TRUST_NONE
						: TRUST_SYSTEM;
	run->trust.cafile = run->options.cacert;
	if (run->options.cacert && access(run->options.cacert, R_OK) < 0) {
		char safe[160];

		err_set(err, ERR_FINAL,
			"%s, the file of --cacert or REDIS_ENTERPRISE_CA_CERT, cannot be read: %s.",
			text_safe(safe, sizeof(safe), run->options.cacert, false), strerror(errno));
		return -1;
	}
	return 0;
}

static void know_who(struct run *run)
{
	const struct passwd *entry = getpwuid(getuid());

	run->who = (struct ledger_who){ .user = entry ? entry->pw_name : NULL,
					.sudo_user = getenv("SUDO_USER"),
					.ssh = getenv("SSH_CONNECTION"),
					.login = run->login.user };
}

static int make_cluster(struct run *run, struct err *err)
{
	const struct world *world = run->world;
	char user[160];
	struct cluster_setup setup = {
		.name = world->attach	? world->name
			: run->has_demo ? "demo"
					: run->address.shown,
		.host = world->attach ? world->host : run->address.shown,
		.url = world->attach ? world->url : run->address.url,
		.user = world->attach ? world->user
				      : text_safe(user, sizeof(user),
						  run->login.user ? run->login.user : "", false),
		.every_ms = run->options.every_ms,
		.insecure = run->trust.by == TRUST_NONE,
		.terminal = run->options.mode == RUN_CONSOLE,
		.seed = (unsigned)getpid(),
		.run = (unsigned)getpid(),
		.who = &run->who,
	};

	know_who(run);
	run->ledger = ledger_new(getenv("XDG_STATE_HOME"), getenv("HOME"));
	setup.ledger = run->ledger;
	run->fleet = fleet_new();
	run->cluster = run->fleet && run->ledger ? fleet_add(run->fleet, &setup) : NULL;
	if (run->cluster)
		return 0;
	err_set(err, ERR_FINAL, "There is no memory to begin.");
	return -1;
}

/* After the first frame: curl's own start takes longer than all of ours. */
static int connect_source(struct run *run, struct err *err)
{
	struct live_setup setup = { .address = run->address,
				    .trust = run->trust,
				    .login = run->login,
				    .name = cluster_setup(run->cluster)->name,
				    .every_ms = run->options.every_ms,
				    .seed = (unsigned)getpid() };
	struct live *live;

	if (run->world->attach) {
		run->world->attach(run->world->arg, run->cluster);
		return 0;
	}
	run->http = http_new(err);
	if (!run->http)
		return -1;
	live = live_new(run->http, &setup, cluster_sink(), run->cluster);
	if (!live) {
		err_set(err, ERR_FINAL, "There is no memory to begin.");
		return -1;
	}
	cluster_attach(run->cluster, live, live_ops());
	return 0;
}

static int run_list(struct run *run, struct err *err)
{
	struct winsize size = { 0 };
	struct list_options options = { .terminal = isatty(STDOUT_FILENO),
					.columns = 80,
					.ascii = run->ascii };

	if (connect_source(run, err) < 0)
		return complain(cluster_setup(run->cluster)->name, err, EXIT_UNREADABLE);
	if (options.terminal && !ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) && size.ws_col)
		options.columns = size.ws_col;
	return list_run(run->fleet, run->http, run->world->clock, &options);
}

static int run_console(struct run *run, struct err *err)
{
	struct ui_options options = { .ascii = run->ascii,
				      .monochrome = getenv("NO_COLOR") && *getenv("NO_COLOR"),
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
	ui_ops()->draw(ui, now);
	rc = connect_source(run, err);
	if (!rc)
		loop_run(session, run->http, clock, ui, ui_ops());
	ui_stop(ui);
	session_free(session);
	return rc ? complain(cluster_setup(run->cluster)->name, err, EXIT_UNREADABLE) : 0;
}

static void release(struct run *run)
{
	fleet_free(run->fleet);
	http_free(run->http);
	ledger_free(run->ledger);
	environment_release(&run->env);
	if (run->has_demo)
		demo_stop(&run->demo);
}

static int begin(struct run *run, struct err *err)
{
	int rc = run->options.demo    ? take_demo(run, err)
		 : run->world->attach ? 0
				      : take_cluster(run, err);

	if (rc < 0 || make_cluster(run, err) < 0)
		return complain(NULL, err, EXIT_COMMAND_LINE);
	return run->options.mode == RUN_LIST ? run_list(run, err) : run_console(run, err);
}

static int tell(enum mode mode)
{
	if (mode == RUN_HELP)
		options_help();
	else
		puts(PACKAGE_STRING);
	if (fflush(stdout) != EOF && !ferror(stdout))
		return 0;
	perror("bdbtop: the text could not be written");
	return EXIT_WRONG;
}

int program_run(int argc, char **argv, const struct world *world)
{
	struct run run = { .world = world };
	struct err err;
	int status;

	/* before a password is read: no core file, no reader of /proc among the user's other
	 * processes */
	prctl(PR_SET_DUMPABLE, 0);
	signal(SIGPIPE, SIG_IGN);
	/* a limit on the size of files is an error of the ledger, not the end */
	signal(SIGXFSZ, SIG_IGN);
	setlocale(LC_CTYPE, "");
	if (environment_take(&run.env, &err) < 0 ||
	    options_read(&run.options, argc, argv, &err) < 0) {
		environment_release(&run.env);
		return complain(NULL, &err, EXIT_COMMAND_LINE);
	}
	run.ascii = run.options.ascii || strcmp(nl_langinfo(CODESET), "UTF-8") != 0;
	if (run.options.mode == RUN_HELP || run.options.mode == RUN_VERSION)
		status = tell(run.options.mode);
	else
		status = begin(&run, &err);
	release(&run);
	return status;
}
