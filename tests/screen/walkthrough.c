#include "tests/screen/walkthrough.h"

#include <ftw.h>
#include <poll.h>
#include <sys/stat.h>
#include <time.h>

#include "bdbtop/session/question.h"
#include "tests/tap.h"

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

static void make_state(void)
{
	strcpy(walkthrough_state, "/tmp/bdbtop-trust-XXXXXX");
	assert_non_null(mkdtemp(walkthrough_state));
	snprintf(state_variable, sizeof(state_variable), "XDG_STATE_HOME=%s", walkthrough_state);
	snprintf(pem_option, sizeof(pem_option), "--certificate=%s/both.pem", walkthrough_state);
}

int walkthrough_open(void **unused)
{
	const char *const options[] = { "--scenario=disaster", "--databases=14", pem_option, NULL };

	(void)unused;
	make_state();
	simulated_open(&sim, options);
	point_to(&sim);
	return 0;
}

/* As on a real cluster: the certificate has the names of the nodes, not their addresses. */
int walkthrough_open_named(void **unused)
{
	const char *const options[] = { "--scenario=disaster", "--databases=14", pem_option,
					"--certificate-as=wildcard", NULL };
	char named[128];

	(void)unused;
	make_state();
	simulated_open(&sim, options);
	point_to(&sim);
	snprintf(named, sizeof(named), "https://node1.sim.localhost:%s",
		 strrchr(sim.at.url, ':') + 1);
	setenv("REDIS_ENTERPRISE_URL", named, 1);
	return 0;
}

void walkthrough_open_other(bool same_certificate)
{
	const char *const options[] = { "--scenario=disaster", "--databases=14",
					same_certificate ? pem_option : NULL, NULL };
	char line[300], url[256];

	snprintf(url, sizeof(url), "%s", getenv("REDIS_ENTERPRISE_URL"));
	simulated_open(&other, options);
	other_runs = true;
	snprintf(line, sizeof(line), "password %s %s", other.at.user, sim.at.password);
	simulated_say(&other, line);
	setenv("REDIS_ENTERPRISE_URL", url, 1);
	setenv("REDIS_ENTERPRISE_PASSWORD", sim.at.password, 1);
	unsetenv("REDIS_ENTERPRISE_CA_CERT");
}

void walkthrough_open_ipv6(void)
{
	const char *const options[] = { "--scenario=disaster", "--databases=14", "--ipv6", NULL };

	simulated_open(&other, options);
	other_runs = true;
	point_to(&other);
}

static int remove_one(const char *path, const struct stat *st, int what, struct FTW *walk)
{
	(void)st;
	(void)what;
	(void)walk;
	return remove(path);
}

static void close_console(void)
{
	if (pty_runs)
		pty_close(&pty);
	pty_runs = false;
}

int walkthrough_close(void **unused)
{
	(void)unused;
	close_console();
	if (other_runs)
		simulated_close(&other);
	other_runs = false;
	simulated_close(&sim);
	return nftw(walkthrough_state, remove_one, 8, FTW_DEPTH | FTW_PHYS);
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
	const char *const words[] = { "--interval=3600", word, second, NULL };

	walkthrough_run(words, false);
}

void walkthrough_settle(void)
{
	pty_send(&pty, "?");
	pty_await(&pty, "STATES, worst first");
	pty_send(&pty, " ");
	pty_await_not(&pty, "STATES, worst first");
}

static int64_t clock_ms(void)
{
	struct timespec at;

	clock_gettime(CLOCK_MONOTONIC, &at);
	return (int64_t)at.tv_sec * 1000 + at.tv_nsec / 1000000;
}

void walkthrough_type(const char *bytes)
{
	int64_t from = clock_ms() + 2 * QUESTION_GUARD_MS, now;

	while ((now = clock_ms()) < from)
		poll(NULL, 0, (int)(from - now));
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

void walkthrough_poll(size_t polls)
{
	char line[64];

	/* a poll in flight would count as this one */
	walkthrough_settle();
	pty_send(&pty, ".");
	snprintf(line, sizeof(line), "await GET /v1/bdbs$ %zu", polls);
	simulated_say(&sim, line);
}

/* --- checks ----------------------------------------------------------------------------------- */

const char *walkthrough_pin_of(struct simulated *at)
{
	static char pin[64];

	simulated_say(at, "certificate");
	assert_int_equal(sscanf(at->output, "ok %63s", pin), 1);
	return pin;
}

/* Leaves out the background poll, because its times vary, but counts every refused log-in. */
static size_t count_requests(struct simulated *at, unsigned status)
{
	size_t i, count = 0;

	simulated_log(at, "GET");
	for (i = 0; i < at->requests; i++) {
		const struct sim_request *request = &at->request[i];

		if (simulated_is_background_poll(request) && request->status != 401)
			continue;
		count += !status || request->status == status;
	}
	return count;
}

size_t walkthrough_requests(struct simulated *at)
{
	return count_requests(at, 0);
}

size_t walkthrough_with_status(struct simulated *at, unsigned status)
{
	return count_requests(at, status);
}
