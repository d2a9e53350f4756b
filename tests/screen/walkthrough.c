#include "tests/screen/walkthrough.h"

#include "bdbtop/session/question.h"
#include "tests/tap.h"
#include "tests/files.h"

struct simulated sim, other;
struct pty pty;
char walkthrough_state[64];

static bool other_runs, pty_runs;
static char state_variable[96], pem_option[128];

/* --- setup and input -------------------------------------------------------------------------- */

static void point_to(const struct simulated *at)
{
	setenv("REDIS_ENTERPRISE_URL", at->at.url, 1);
	setenv("REDIS_ENTERPRISE_USER", at->at.user, 1);
	setenv("REDIS_ENTERPRISE_PASSWORD", at->at.password, 1);
	unsetenv("REDIS_ENTERPRISE_CA_CERT");
}

static void start_cluster(struct simulated *at, const char *option, const char *second)
{
	const char *const options[] = { "--scenario=disaster", "--databases=14", option, second,
					NULL };

	simulated_open(at, options);
	point_to(at);
}

static void open_with(const char *second)
{
	strcpy(walkthrough_state, "/tmp/bdbtop-trust-XXXXXX");
	assert_non_null(mkdtemp(walkthrough_state));
	snprintf(state_variable, sizeof(state_variable), "XDG_STATE_HOME=%s", walkthrough_state);
	snprintf(pem_option, sizeof(pem_option), "--certificate=%s/both.pem", walkthrough_state);
	start_cluster(&sim, pem_option, second);
}

int walkthrough_open(void **unused)
{
	open_with(NULL);
	return 0;
}

/* As on a real cluster: the certificate has the names of the nodes, not their addresses. */
int walkthrough_open_named(void **unused)
{
	char named[128];

	open_with("--certificate-as=wildcard");
	snprintf(named, sizeof(named), "https://node1.sim.localhost:%s",
		 strrchr(sim.at.url, ':') + 1);
	setenv("REDIS_ENTERPRISE_URL", named, 1);
	return 0;
}

void walkthrough_open_other(bool same_certificate)
{
	char line[300], url[256];

	snprintf(url, sizeof(url), "%s", getenv("REDIS_ENTERPRISE_URL"));
	start_cluster(&other, same_certificate ? pem_option : NULL, NULL);
	other_runs = true;
	snprintf(line, sizeof(line), "password %s %s", other.at.user, sim.at.password);
	simulated_say(&other, line);
	setenv("REDIS_ENTERPRISE_URL", url, 1);
	setenv("REDIS_ENTERPRISE_PASSWORD", sim.at.password, 1);
}

void walkthrough_open_ipv6(void)
{
	start_cluster(&other, "--ipv6", NULL);
	other_runs = true;
}

static void close_console(void)
{
	if (pty_runs)
		pty_close(&pty);
	pty_runs = false;
}

int walkthrough_close(void **unused)
{
	close_console();
	if (other_runs)
		simulated_close(&other);
	other_runs = false;
	simulated_close(&sim);
	temp_dir_release(walkthrough_state);
	return 0;
}

void walkthrough_run(const char *const *words, bool job)
{
	const struct pty_setup setup = { .cols = 120, .rows = 36, .words = words, .job = job,
					 .variable = state_variable };

	close_console();
	pty_start(&pty, &setup);
	pty_runs = true;
}

void walkthrough_start(const char *word, const char *second)
{
	/* a redirect to the other cluster leads to another port, because both are on loopback */
	const char *const words[] = { other_runs ? "--no-sandbox" : "--interval=3600",
				      "--interval=3600", word, second, NULL };

	walkthrough_run(words, false);
}

void walkthrough_settle(void)
{
	pty_send(&pty, "?");
	pty_await(&pty, "d diagnostics");
	pty_send(&pty, " ");
	pty_await_not(&pty, "d diagnostics");
}

void walkthrough_type(const char *bytes)
{
	pty_let_pass(&pty, INT64_C(2) * QUESTION_GUARD_MS);
	pty_send(&pty, bytes);
}

void walkthrough_quit(void)
{
	pty_send(&pty, "q");
	assert_int_equal(pty_wait(&pty), 0);
}

void walkthrough_pin(void)
{
	walkthrough_start(NULL, NULL);
	pty_await(&pty, WALKTHROUGH_QUESTION);
	pty_confirm(&pty);
	pty_await(&pty, WALKTHROUGH_LISTED);
}

/* --- checks ----------------------------------------------------------------------------------- */

const char *walkthrough_pin_of(struct simulated *at)
{
	static char pin[64];

	simulated_say(at, "certificate");
	assert_int_equal(sscanf(at->output, "ok %63s", pin), 1);
	return pin;
}

size_t walkthrough_with_status(struct simulated *at, unsigned status)
{
	size_t i, count = 0;

	simulated_log_bdbs(at, "GET");
	for (i = 0; i < at->requests; i++)
		count += !status || at->request[i].status == status;
	return count;
}

size_t walkthrough_requests(struct simulated *at)
{
	return walkthrough_with_status(at, 0);
}
