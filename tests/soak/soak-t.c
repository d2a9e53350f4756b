/*
 * A long run of the console against a cluster with 1,000 databases that change all the time: random
 * keys with y and without, resizes, suspends, faults, restarts, renewed certificates.
 *
 * SOAK_MINUTES (10) and BDBTOP_SEED choose how long and from which seed; the order of events within
 * the run depends on the machine, too.
 */
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bdbtop/session/loop.h"
#include "bdbtop/session/question.h"
#include "tests/env_number.h"
#include "tests/files.h"
#include "tests/main/child.h"
#include "tests/soak/flatness.h"
#include "tests/soak/monkey.h"
#include "tests/soak/put_count.h"

#define PASSWORD	"soak Pw-1"
#define QUESTION	"from now on?"
#define SAMPLE_S	2
#define CHECK_S		3
#define PHASE_S		20	/* so long with y, then so long without */
#define BLANK_MS	10000
#define WARM_UP_SHARE	0.3
#define WARM_UP_MOST_S	900
#define LIMITS_FROM_S	300

static struct soak {
	struct simulated sim;
	struct pty pty;
	struct monkey monkey;
	struct put_count count;
	struct flatness flat;
	char top[64], state[96], scenario[128], state_variable[128];
	pid_t console;
	int64_t started_ms;
	size_t suspends, restarts, checks, confirmations_before;
} soak;

static double now_s(void)
{
	return (double)(clock_system.now(NULL).ms - soak.started_ms) / 1000;
}

/* --- the cluster ------------------------------------------------------------------------------ */

/* The scenario storm, with a password that is the same after a restart. */
static void write_scenario(void)
{
	static const char user[] = "\"name\": \"admin@demo.example\", ";
	char *text = source_text("assets/scenarios/storm.json"), *at;

	assert_non_null(text);
	at = strstr(text, user);
	assert_non_null(at);
	at += strlen(user);
	temp_dir_append(soak.scenario, text, (size_t)(at - text));
	temp_dir_append(soak.scenario, "\"password\": \"" PASSWORD "\", ",
			strlen("\"password\": \"" PASSWORD "\", "));
	temp_dir_append(soak.scenario, at, strlen(at));
	free(text);
}

static void start_cluster(const char *port)
{
	char scenario[160], certificate[160], port_option[32];

	snprintf(scenario, sizeof(scenario), "--scenario=%s", soak.scenario);
	snprintf(certificate, sizeof(certificate), "--certificate=%s/both.pem", soak.top);
	snprintf(port_option, sizeof(port_option), "--port=%s", port);
	simulated_open(&soak.sim, WORDS("--clock=running", "--databases=1000", scenario,
					certificate, port_option));
	assert_string_equal(soak.sim.at.password, PASSWORD);
	/* trust comes from the pin, as a renewed certificate is not the one of the file */
	unsetenv("REDIS_ENTERPRISE_CA_CERT");
}

/* --- the console ------------------------------------------------------------------------------ */

static void start_console(void)
{
	static const char *const words[] = { "--interval=1", NULL };
	const struct pty_setup setup = { .cols = 120, .rows = 36, .words = words, .job = true,
					 .variable = soak.state_variable };

	pty_start(&soak.pty, &setup);
	pty_await(&soak.pty, QUESTION);
	pty_confirm(&soak.pty);
	pty_await(&soak.pty, "db:");
	soak.console = process_child(soak.pty.child);
	assert_true(soak.console > 0);
}

static void await_state(char wanted)
{
	int64_t until = clock_system.now(NULL).ms + BLANK_MS;

	while ((process_state(soak.console) == 'T') != (wanted == 'T')) {
		if (clock_system.now(NULL).ms > until)
			fail_msg("the console does not %s", wanted == 'T' ? "stop" : "go on");
		pty_let_pass(&soak.pty, 5);
	}
}

/* Stops the console where it is, and the shell that would continue it. */
static void hold_console(void)
{
	kill(soak.pty.child, SIGSTOP);
	kill(soak.console, SIGSTOP);
	await_state('T');
}

static void release_console(void)
{
	kill(soak.console, SIGCONT);
	/* the console may stop by itself now, for an earlier SIGTSTP: only the shell ends that */
	kill(soak.pty.child, SIGCONT);
	await_state('S');
}

static bool is_blank(void)
{
	const char *text = pty_text(&soak.pty);

	return text[strspn(text, " \n")] == '\0';
}

static void screen_is_not_blank(void)
{
	int64_t until = clock_system.now(NULL).ms + BLANK_MS;

	/* nothing fits into one cell */
	while (soak.pty.cols > 1 && is_blank()) {
		if (clock_system.now(NULL).ms > until)
			fail_msg("the screen of %dx%d is blank", soak.pty.cols, soak.pty.rows);
		pty_let_pass(&soak.pty, 20);
	}
}

/* --- checks ----------------------------------------------------------------------------------- */

static void count_puts(void)
{
	char what[160];

	simulated_say(&soak.sim, "log PUT");
	put_count_requests(&soak.count, soak.sim.output);
	put_count_audit(&soak.count, soak.state);
	if (!put_count_holds(&soak.count, what, sizeof(what)))
		fail_msg("%s", what);
	if (soak.count.confirmations > soak.monkey.confirmations)
		fail_msg("%zu confirmations in the audit log, %zu typed",
			 soak.count.confirmations, soak.monkey.confirmations);
	soak.checks++;
}

/* The log of the cluster is read before that of the console, which stands still. */
static void check_puts(void)
{
	hold_console();
	count_puts();
	release_console();
}

static void restart_cluster(void)
{
	char port[16];

	hold_console();
	/* afterwards no PUT is on its way that the log does not have */
	simulated_say(&soak.sim, "cut");
	count_puts();
	snprintf(port, sizeof(port), "%s", strrchr(soak.sim.at.url, ':') + 1);
	simulated_close(&soak.sim);
	release_console();
	pty_let_pass(&soak.pty, monkey_random(&soak.monkey, 3000));
	start_cluster(port);
	put_count_restart(&soak.count);
	soak.restarts++;
}

/* In a phase without y, nothing may be confirmed. */
static void change_phase(void)
{
	check_puts();
	if (!soak.monkey.may_confirm)
		assert_int_equal(soak.count.confirmations, soak.confirmations_before);
	soak.confirmations_before = soak.count.confirmations;
	soak.monkey.may_confirm = !soak.monkey.may_confirm;
	/* a y that the console has not read yet belongs to the phase before */
	pty_let_pass(&soak.pty, 1000);
	check_puts();
	soak.confirmations_before = soak.count.confirmations;
}

static void suspend(void)
{
	if (monkey_random(&soak.monkey, 2)) {
		kill(soak.console, SIGTSTP);
	} else {
		hold_console();
		pty_let_pass(&soak.pty, monkey_random(&soak.monkey, 3000));
		release_console();
	}
	soak.suspends++;
}

static void step(void)
{
	unsigned what = monkey_random(&soak.monkey, 1000);

	if (what < 20)
		monkey_resize(&soak.monkey);
	else if (what < 35)
		suspend();
	else if (what < 70)
		monkey_fault(&soak.monkey);
	else if (what < 75)
		monkey_renew(&soak.monkey);
	else if (what < 77)
		restart_cluster();
	else
		monkey_type(&soak.monkey);
	monkey_change(&soak.monkey);
	pty_let_pass(&soak.pty, 20 + monkey_random(&soak.monkey, 150));
	screen_is_not_blank();
}

/* Everything that is done at intervals. */
struct intervals {
	double sample_s, check_s, phase_s;
};

static void do_what_is_due(struct intervals *next)
{
	if (now_s() >= next->sample_s) {
		flatness_sample(&soak.flat, soak.console, now_s());
		next->sample_s = now_s() + SAMPLE_S;
	}
	if (now_s() >= next->check_s) {
		check_puts();
		next->check_s = now_s() + CHECK_S;
	}
	if (now_s() >= next->phase_s) {
		change_phase();
		next->phase_s = now_s() + PHASE_S;
	}
}

/* --- the end ---------------------------------------------------------------------------------- */

static bool is_over(void)
{
	char state = process_state(soak.console);

	return !state || state == 'Z';
}

/* Types a key until the words come: the first may close something else, or be ignored. */
static void press_until(const char *key, const char *words)
{
	int tries;

	for (tries = 0; tries < 40 && !pty_shows(&soak.pty, words); tries++) {
		if (pty_shows(&soak.pty, "Password (not shown)"))
			monkey_type(&soak.monkey);
		pty_send(&soak.pty, "\033");
		pty_let_pass(&soak.pty, 500);
		pty_send(&soak.pty, key);
		pty_let_pass(&soak.pty, 500);
	}
	if (!pty_shows(&soak.pty, words))
		fail_msg("\"%s\" brings no \"%s\" but\n%s", key, words, pty_text(&soak.pty));
}

static void reacts_to_a_key(void)
{
	simulated_say(&soak.sim, "forget");
	simulated_say(&soak.sim, "skew 0s");
	pty_set_size(&soak.pty, 120, 36);
	press_until("?", "d diagnostics");
	pty_send(&soak.pty, " ");
	pty_await_not(&soak.pty, "d diagnostics");
}

/* Reads output for a while, also that of a console that ends. */
static void watch(int64_t ms)
{
	int64_t until = clock_system.now(NULL).ms + ms;

	while (clock_system.now(NULL).ms < until && !is_over()) {
		struct pollfd drawn = { .fd = soak.pty.master, .events = POLLIN };

		poll(&drawn, 1, 20);
		pty_take(&soak.pty, PTY_TEXT);
	}
}

/* q asks while resets are under way. */
static void quit(void)
{
	int status, tries;

	for (tries = 0; tries < 20 && !is_over(); tries++) {
		pty_send(&soak.pty, pty_shows(&soak.pty, "Quit?") ? "y" : "q");
		watch(1000);
	}
	if (!is_over())
		fail_msg("q does not end the console, which shows\n%s", pty_text(&soak.pty));
	status = pty_wait(&soak.pty);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

static void print_counts(void)
{
	const struct monkey *m = &soak.monkey;
	const struct put_count *c = &soak.count;

	printf("# %.1f minutes: %zu keys, %zu confirming, %zu resizes, %zu suspends, %zu log-ins\n",
	       now_s() / 60, m->keys, m->confirmations, m->resizes, soak.suspends, m->log_ins);
	printf("# %zu changes of databases, %zu faults, %zu restarts, %zu certificates\n",
	       m->changes, m->faults, soak.restarts, m->renewals);
	printf("# %zu confirmations of %zu resets, %zu lines sent, %zu PUTs, none over in %zu "
	       "comparisons\n",
	       c->confirmations, c->askeds, c->sents, c->puts, soak.checks);
}

/* --- tests ------------------------------------------------------------------------------------ */

static void growth_is_noticed(void **unused)
{
	struct flatness *f = calloc(1, sizeof(*f));
	int i;

	for (i = 0; i < 600; i++) {
		f->at_s[f->count] = i;
		f->value[FLAT_RSS_KIB][f->count] = 20000 + 3.0 * i + 200 * (i % 2);
		f->value[FLAT_HEAP_KIB][f->count] = 20000 + (i < 100 ? 9.0 * i : 900) + i % 7;
		f->value[FLAT_DESCRIPTORS][f->count] = 12 + i / 150;
		f->value[FLAT_CHILDREN][f->count] = i % 20 == 0;
		f->count++;
	}
	assert_true(flatness_grows(f, FLAT_RSS_KIB, 100));
	assert_false(flatness_grows(f, FLAT_HEAP_KIB, 100));
	assert_true(flatness_grows(f, FLAT_DESCRIPTORS, 100));
	assert_false(flatness_grows(f, FLAT_CHILDREN, 100));
	free(f);
}

static void a_put_without_its_line_is_noticed(void **unused)
{
	static const char put[] =
		"request 7 2026-11-21T20:14:05.000Z connection 1 PUT "
		"/v1/bdbs/12/actions/export_reset_status 200 credentials body 0 in-flight 1\n"
		"ok 1\n";
	struct put_count *c = calloc(1, sizeof(*c));
	char what[160];

	put_count_requests(c, put);
	/* a line that was counted counts once */
	put_count_requests(c, put);
	assert_int_equal(c->puts, 1);
	assert_false(put_count_holds(c, what, sizeof(what)));
	assert_string_equal(what, "db:12 export: 1 PUTs, 0 lines sent, 0 asked");
	c->sent[12][1] = 1;
	assert_false(put_count_holds(c, what, sizeof(what)));
	c->asked[12][1] = 1;
	assert_true(put_count_holds(c, what, sizeof(what)));
	free(c);
}

static int open_both(void **unused)
{
	memset(&soak, 0, sizeof(soak));
	strcpy(soak.top, "/tmp/bdbtop-soak-XXXXXX");
	assert_non_null(mkdtemp(soak.top));
	/* w writes to this directory */
	assert_int_equal(chdir(soak.top), 0);
	snprintf(soak.state, sizeof(soak.state), "%s/state", soak.top);
	snprintf(soak.scenario, sizeof(soak.scenario), "%s/scenario.json", soak.top);
	snprintf(soak.state_variable, sizeof(soak.state_variable), "XDG_STATE_HOME=%s", soak.state);
	write_scenario();
	start_cluster("0");
	start_console();
	soak.monkey = (struct monkey){ .pty = &soak.pty, .sim = &soak.sim, .password = PASSWORD,
				       .seed = env_number("BDBTOP_SEED", 1) + 1,
				       /* that of the certificate */
				       .confirmations = 1 };
	soak.started_ms = clock_system.now(NULL).ms;
	return 0;
}

static int close_both(void **unused)
{
	pty_close(&soak.pty);
	simulated_close(&soak.sim);
	temp_dir_release(soak.top);
	return 0;
}

static void stays_flat_and_sends_only_what_was_confirmed(void **unused)
{
	double length_s = 60 * (double)env_number("SOAK_MINUTES", 10), warm_up_s;
	struct intervals next = { 0, 0, 0 };
	int v, grown = 0;

	warm_up_s = length_s * WARM_UP_SHARE < WARM_UP_MOST_S ? length_s * WARM_UP_SHARE :
								WARM_UP_MOST_S;
	while (now_s() < length_s) {
		step();
		do_what_is_due(&next);
	}
	reacts_to_a_key();
	quit();
	count_puts();
	print_counts();
	flatness_print(&soak.flat, warm_up_s);
	/* a shorter run still warms up */
	for (v = 0; v < FLAT_VALUES && length_s >= LIMITS_FROM_S; v++)
		grown += flatness_grows(&soak.flat, (enum flat_value)v, warm_up_s);
	assert_int_equal(grown, 0);
	assert_true(soak.count.puts > 0);
}

static int nothing_is_left(void **unused)
{
	close_both(unused);
	/* what the console would have left behind is now a child of this program */
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(growth_is_noticed),
		cmocka_unit_test(a_put_without_its_line_is_noticed),
		cmocka_unit_test_setup_teardown(stays_flat_and_sends_only_what_was_confirmed,
						open_both, nothing_is_left),
	};

	prctl(PR_SET_CHILD_SUBREAPER, 1);
	return tap_run(tests);
}
