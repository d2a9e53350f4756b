#include "tests/screen/simulated.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bdbtop/core/array.h"
#include "tests/main/child.h"
#include "tests/tap.h"

#define PATIENCE_MS 180000
#define OPTIONS_MAX 10

static size_t read_some(int fd, char *out, size_t room)
{
	struct pollfd ready = { .fd = fd, .events = POLLIN };
	ssize_t got;

	if (poll(&ready, 1, PATIENCE_MS) <= 0)
		fail_msg("%s", "the simulated cluster does not answer");
	got = read(fd, out, room);
	if (got <= 0)
		fail_msg("%s", "the simulated cluster ended");
	return (size_t)got;
}

static void run(const char *const *options, int in, int out, int announce)
{
	const char *words[OPTIONS_MAX + 3] = { "--clock=stdin", "--ready-fd=3" };
	int i;

	for (i = 0; i < OPTIONS_MAX && options[i]; i++)
		words[i + 2] = options[i];
	/* above the numbers that they get, so that dup2() overwrites neither */
	in = fcntl(in, F_DUPFD_CLOEXEC, 10);
	out = fcntl(out, F_DUPFD_CLOEXEC, 10);
	announce = fcntl(announce, F_DUPFD_CLOEXEC, 10);
	if (dup2(in, 0) == 0 && dup2(out, 1) == 1 && dup2(announce, 3) == 3)
		child_exec("bdbtop-sim", words);
	_exit(127);
}

static void learn(struct simulated *sim, int fd)
{
	char line[16384];
	size_t length = 0;
	struct err err;
	int file;

	while (!length || line[length - 1] != '\n')
		length += read_some(fd, line + length, sizeof(line) - length);
	if (ready_file_read(&sim->at, line, length, &err) < 0)
		fail_msg("%s", err.text);
	strcpy(sim->cacert, "/tmp/bdbtop-cluster-XXXXXX");
	file = mkstemp(sim->cacert);
	assert_true(dprintf(file, "%s", sim->at.cacert) > 0);
	close(file);
}

void simulated_open(struct simulated *sim, const char *const *options)
{
	int in[2], out[2], announce[2];

	memset(sim, 0, sizeof(*sim));
	assert_int_equal(pipe2(in, O_CLOEXEC), 0);
	assert_int_equal(pipe2(out, O_CLOEXEC), 0);
	assert_int_equal(pipe2(announce, O_CLOEXEC), 0);
	sim->pid = fork();
	assert_true(sim->pid >= 0);
	if (sim->pid == 0)
		run(options, in[0], out[1], announce[1]);
	close(in[0]);
	close(out[1]);
	close(announce[1]);
	sim->in = in[1];
	sim->out = out[0];
	learn(sim, announce[0]);
	close(announce[0]);
	setenv("REDIS_ENTERPRISE_URL", sim->at.url, 1);
	setenv("REDIS_ENTERPRISE_USER", sim->at.user, 1);
	setenv("REDIS_ENTERPRISE_PASSWORD", sim->at.password, 1);
	setenv("REDIS_ENTERPRISE_CA_CERT", sim->cacert, 1);
}

void simulated_close(struct simulated *sim)
{
	int status = -1;

	/* it exits at the end of its standard input */
	close(sim->in);
	assert_int_equal(waitpid(sim->pid, &status, 0), sim->pid);
	close(sim->out);
	unlink(sim->cacert);
	ready_file_release(&sim->at);
	unsetenv("REDIS_ENTERPRISE_PASSWORD");
	assert_int_equal(status, 0);
}

/* The last complete line, or NULL. */
static const char *last_line(const struct simulated *sim)
{
	const char *at;

	if (!sim->length || sim->output[sim->length - 1] != '\n')
		return NULL;
	at = memrchr(sim->output, '\n', sim->length - 1);
	return at ? at + 1 : sim->output;
}

bool simulated_try(struct simulated *sim, const char *line)
{
	const char *last = NULL;

	sim->length = 0;
	assert_true(dprintf(sim->in, "%s\n", line) > 0);
	while (!last || (strncmp(last, "ok", 2) != 0 && strncmp(last, "error", 5) != 0)) {
		if (sim->length == sizeof(sim->output) - 1)
			fail_msg("%s", "the simulated cluster says too much");
		sim->length += read_some(sim->out, sim->output + sim->length,
					 sizeof(sim->output) - 1 - sim->length);
		sim->output[sim->length] = '\0';
		last = last_line(sim);
	}
	return !strncmp(last, "ok", 2);
}

void simulated_say(struct simulated *sim, const char *line)
{
	if (!simulated_try(sim, line))
		fail_msg("%s: %s", line, last_line(sim));
}

static bool read_request(struct sim_request *request, const char *line)
{
	char credentials[20];

	if (sscanf(line, "request %*u %*s connection %u %7s %999s %u %19s body %u in-flight %u",
		   &request->connection, request->method, request->target, &request->status,
		   credentials, &request->body, &request->in_flight) != 7)
		return false;
	request->credentials = !strcmp(credentials, "credentials");
	return true;
}

size_t simulated_log(struct simulated *sim, const char *method)
{
	const char *line;
	size_t count = 0;

	simulated_say(sim, "log");
	sim->requests = 0;
	for (line = sim->output; strncmp(line, "ok", 2) != 0; line = strchr(line, '\n') + 1) {
		assert_true(sim->requests < REQUESTS_MAX);
		if (!read_request(&sim->request[sim->requests], line))
			fail_msg("a line of the log that is not understood: %s", line);
		count += !strcmp(sim->request[sim->requests++].method, method);
	}
	return count;
}

size_t simulated_request_count(const struct simulated *sim, const char *method, const char *target)
{
	size_t i, count = 0;

	for (i = 0; i < sim->requests; i++)
		count += !strcmp(sim->request[i].method, method) &&
			 !strncmp(sim->request[i].target, target, strlen(target));
	return count;
}

/* The event log, alerts or actions. */
static bool is_background_poll(const struct sim_request *request)
{
	static const char *const aside[] = { "/v1/logs", "/v1/bdbs/alerts", "/v2/actions" };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(aside); i++)
		if (!strncmp(request->target, aside[i], strlen(aside[i])))
			return true;
	return false;
}

size_t simulated_log_bdbs(struct simulated *sim, const char *method)
{
	size_t i, kept = 0, count = 0;

	simulated_log(sim, method);
	for (i = 0; i < sim->requests; i++) {
		if (is_background_poll(&sim->request[i]) && sim->request[i].status != 401)
			continue;
		count += !strcmp(sim->request[i].method, method);
		sim->request[kept++] = sim->request[i];
	}
	sim->requests = kept;
	return count;
}
