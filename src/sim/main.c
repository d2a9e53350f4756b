/*
 * bdbtop-sim: the command line, then the main loop.  It waits for the server's descriptor
 * (requests), standard input (lines of the script), the parent's pipe (end of file) and signals.
 * After any of them the server runs first, then the script, which may wait for a request.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#include "options.h"
#include "ready_file.h"
#include "scenario.h"
#include "script.h"
#include "server.h"
#include "config.h"

enum { FD_SERVER, FD_SIGNALS, FD_PARENT, FD_INPUT, FDS };

struct sim_run {
	const struct sim_options *options;
	struct sim_clock clock;
	struct sim_api *api;
	struct sim_cert cert;
	char *client;	/* PEM of a client certificate; NULL: none */
	enum sim_tls tls;
	struct sim_server *server;
	struct sim_script *script;
	struct sim_directory directory;
	struct pollfd fds[FDS];
	bool over;
	int write_error; /* errno of a failed write to standard output, or 0 */
};

/* End the run: its output is lost. */
static void set_write_error(struct sim_run *run)
{
	run->write_error = errno;
	run->over = true;
}

static void on_output(void *arg, const char *text, size_t length)
{
	struct sim_run *run = arg;

	if (fwrite(text, 1, length, stdout) < length || fflush(stdout) == EOF)
		set_write_error(run);
}

static size_t on_cut(void *arg)
{
	struct sim_run *run = arg;

	return sim_server_close_connections(run->server);
}

static int on_handshake(void *arg, const struct sim_handshake *change, char pin[SIM_CERT_PIN_SIZE],
			struct err *err)
{
	struct sim_run *run = arg;

	if (change->renew && sim_cert_renew(&run->cert, change->shape, change->same_key,
					    (long long)time(NULL), err) < 0)
		return -1;
	if (change->tls != SIM_TLS_COUNT)
		run->tls = change->tls;
	sim_cert_pin(&run->cert, pin);
	if (!change->renew && change->tls == SIM_TLS_COUNT)
		return 0;
	if (sim_server_set_certificate(run->server, &run->cert, run->tls, err) < 0) {
		run->over = true;
		return -1;
	}
	return run->directory.certificate ?
	       sim_directory_renew(&run->directory, run->cert.certificate, err) : 0;
}

static bool is_open(const char *what, int fd, struct err *err)
{
	return fd < 0 || fcntl(fd, F_SETFD, FD_CLOEXEC) == 0 ||
	       err_set(err, ERR_ASK_USER, "--%s-fd=%d is not an open descriptor.", what, fd) == 0;
}

static bool init_fds(struct sim_run *run, struct err *err)
{
	sigset_t ends;
	int i;

	sigemptyset(&ends);
	sigaddset(&ends, SIGINT);
	sigaddset(&ends, SIGTERM);
	sigaddset(&ends, SIGHUP);
	sigprocmask(SIG_BLOCK, &ends, NULL);
	signal(SIGPIPE, SIG_IGN);
	for (i = 0; i < FDS; i++)
		run->fds[i] = (struct pollfd){ .fd = -1, .events = POLLIN };
	run->fds[FD_SIGNALS].fd = signalfd(-1, &ends, SFD_CLOEXEC);
	/* what the parent writes does not matter, only that it closes the pipe */
	run->fds[FD_PARENT] = (struct pollfd){ .fd = run->options->parent_fd };
	if (run->options->clock != SIM_CLOCK_REAL)
		run->fds[FD_INPUT].fd = STDIN_FILENO;
	return is_open("parent", run->options->parent_fd, err) &&
	       is_open("ready", run->options->ready_fd, err);
}

static bool load_scenario(struct sim_run *run, struct err *err)
{
	/* 2026-11-21T20:14:05Z, the time on the screens in doc/screens.md */
	const int64_t manual_start_ms = INT64_C(1795292045000);
	const struct sim_options *o = run->options;
	struct sim_setup setup = o->setup;
	int i;

	if (o->clock == SIM_CLOCK_STDIN)
		sim_clock_start_manual(&run->clock, manual_start_ms);
	else
		sim_clock_start(&run->clock, o->speed);
	sim_clock_advance(&run->clock, o->skew_ms);
	setup.start_ms = sim_clock_now(&run->clock);
	run->api = sim_scenario_load(&setup, o->scenario, err);
	if (!run->api)
		return false;
	/* they have precedence over those of the scenario */
	for (i = 0; i < o->fault_rule_count; i++)
		sim_api_run_line(run->api, o->fault_rules[i], setup.start_ms, NULL);
	return (sim_lockout_set_passwords(&run->api->lockout) &&
		sim_random_word(run->api->tokens.key)) ||
	       err_set(err, ERR_FINAL,
		       "The system did not provide random bytes for a password.") == 0;
}

/* Load the certificate from the file; make it, and save it there, if there is no file. */
static bool get_certificate(struct sim_run *run, struct err *err)
{
	const char *file = run->options->certificate;
	int rc = file ? sim_cert_load(&run->cert, file, err) : 1;

	if (rc <= 0)
		return rc == 0;
	return sim_cert_renew(&run->cert, run->options->shape, false, (long long)time(NULL), err) ==
		       0 &&
	       (!file || sim_cert_save(&run->cert, file, err) == 0);
}

static bool start_server(struct sim_run *run, struct err *err)
{
	const struct sim_server_setup server = {
		.api = run->api, .clock = &run->clock, .cert = &run->cert,
		.ipv6 = run->options->ipv6, .port = (uint16_t)run->options->port,
		.tls = run->options->tls,
		.client_certificates = run->options->setup.auth == SIM_AUTH_CERTIFICATE,
	};
	const struct sim_program program = { &run->clock, on_cut, on_handshake, on_output, run };

	run->tls = run->options->tls;
	if (!get_certificate(run, err))
		return false;
	if (server.client_certificates) {
		run->client = sim_cert_make_client(&run->cert, (long long)time(NULL), err);
		if (!run->client)
			return false;
	}
	run->server = sim_server_new(&server, err);
	if (!run->server)
		return false;
	run->script = sim_script_new(run->api, &program);
	return true;
}

static bool write_ready_file(struct sim_run *run, struct err *err)
{
	const struct sim_user *first = &run->api->lockout.users[0];
	char url[64];
	const struct sim_ready_info info = {
		.url = url, .user = first->name, .password = first->password,
		.certificate = run->cert.certificate, .client = run->client,
		.scenario = run->options->scenario,
		.databases = run->api->cluster->count,
	};

	snprintf(url, sizeof(url), "https://%s:%u", run->options->ipv6 ? "[::1]" : "127.0.0.1",
		 sim_server_port(run->server));
	if (run->options->ready_fd >= 0)
		return sim_ready_file_write(run->options->ready_fd, &info, err) == 0;
	if (sim_directory_create(&run->directory, run->options->directory, &info, err) < 0)
		return false;
	sim_directory_describe(&run->directory, &info, stdout);
	if (ferror(stdout))
		set_write_error(run);
	return true;
}

static void read_input(struct sim_run *run)
{
	char bytes[65536];
	ssize_t got = read(STDIN_FILENO, bytes, sizeof(bytes));

	if (got > 0)
		sim_script_add_input(run->script, bytes, (size_t)got);
	else if (got == 0 || errno != EINTR)
		run->over = true;
}

static void run_once(struct sim_run *run)
{
	run->fds[FD_SERVER].fd = sim_server_fd(run->server);
	if (poll(run->fds, FDS, sim_server_wait(run->server)) < 0 && errno != EINTR)
		run->over = true;
	if (run->fds[FD_SIGNALS].revents || run->fds[FD_PARENT].revents)
		run->over = true;
	if (run->fds[FD_INPUT].revents)
		read_input(run);
	sim_server_run(run->server);
	sim_script_continue(run->script);
}

static void release(struct sim_run *run)
{
	sim_directory_remove(&run->directory);
	sim_script_free(run->script);
	if (run->server)
		sim_server_free(run->server);
	sim_api_free(run->api);
	sim_cert_release(&run->cert);
	if (run->client)
		explicit_bzero(run->client, strlen(run->client));
	free(run->client);
	close(run->fds[FD_SIGNALS].fd);
}

/* Returns the exit status. */
static int report_write_error(int error_number)
{
	fprintf(stderr, "bdbtop-sim: the output could not be written%s%s\n",
		error_number ? ": " : ".", error_number ? strerror(error_number) : "");
	return 1;
}

/* Serve until a signal, or the end of standard input or of the parent, ends the run.  Returns the
 * exit status. */
static int run(const struct sim_options *options)
{
	struct sim_run run = { .options = options };
	struct err err;
	bool ready;

	ready = init_fds(&run, &err) && load_scenario(&run, &err) && start_server(&run, &err) &&
		write_ready_file(&run, &err);
	if (!ready)
		fprintf(stderr, "bdbtop-sim: %s\n", err.text);
	while (ready && !run.over)
		run_once(&run);
	release(&run);
	if (run.write_error)
		report_write_error(run.write_error);
	return !ready ? 2 : run.write_error != 0;
}

/* The next socket or file would get the number of a closed descriptor and receive the output.  Open
 * each closed one in the wrong direction, so that its use fails. */
static int open_closed_descriptors(void)
{
	static const int modes[] = { O_WRONLY, O_RDONLY, O_RDONLY };
	int fd;

	for (fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", modes[fd]) < 0)
			return -1;
	return 0;
}

static int flush(void)
{
	errno = 0;
	return fflush(stdout) != EOF && !ferror(stdout) ? 0 : report_write_error(errno);
}

int main(int argc, char *argv[])
{
	struct sim_options options;
	struct err err;

	if (open_closed_descriptors() < 0) {
		perror("bdbtop-sim: /dev/null cannot be opened");
		return 1;
	}
	switch (sim_options_parse(&options, argc, argv, &err)) {
	case SIM_MODE_HELP:
		sim_options_help(stdout);
		return flush();
	case SIM_MODE_VERSION:
		puts("bdbtop-sim " PACKAGE_VERSION);
		return flush();
	case SIM_MODE_RUN:
		return run(&options);
	default:
		fprintf(stderr, "bdbtop-sim: %s\n", err.text);
		return 2;
	}
}
