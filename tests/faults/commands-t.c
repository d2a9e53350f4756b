/*
 * The commands against a server that fails, over TLS and in real time: the sentence, the exit
 * status, the code, the requests, and that nothing looks like a list.
 *
 * FAULTS_ALL=1 runs each command with each fault; else the list of one command with each.
 */
#include <unistd.h>

#include "tests/env_number.h"
#include "tests/faults/fault_run.h"
#include "tests/faults/request_kinds.h"
#include "tests/files.h"
#include "tests/main/child.h"

#define SEVEN_FAILED "{\"uid\":7,\"name\":\"orders\",\"backup_status\":\"failed\"}"
#define RUNS	     40 /* at once */
#define TIMED_OUT    "there was no reply within 2 s. Try again, or allow more time with --timeout."
#define CANCELLED    "not finished within --timeout: the rest is cancelled."
#define NO_LIST                                                                                    \
	"no list of databases came within --timeout: nothing was sent. Allow more time, or check " \
	"the load of the node."

struct run;

struct command {
	const char *words[8];
	void (*check)(struct run *);
	const char *timed_out; /* its sentence at the end of its time */
	size_t kind;	       /* of the request that fails: after TOPICS */
};

/* One child, and the server that it reads. */
struct run {
	const struct command *command;
	const struct fault_case *fault;
	struct request_kind kind; /* of the request that fails */
	struct faults *server;
	struct temp_dir dir;
	struct child child;
	struct child_result ran;
	char sentence[1000]; /* that must be reported */
	char url[120], state[200], cacert[100], ca_variable[200];
};

static size_t mismatches, run_count;

static void expect(const struct run *run, bool holds, const char *want)
{
	if (holds)
		return;
	fprintf(stderr, "%s, %s: exit status %d\n%s%snot: %s\n", run->command->words[0],
		run->fault->name, run->ran.status, run->ran.out, run->ran.err, want);
	mismatches++;
}

/* --- what each command must report ----------------------------------------------------------- */

static enum err_code code_of(const struct run *run)
{
	return run->fault->pace == PACE_NONE ? run->fault->code : ERR_CODE_TIMEOUT;
}

static void check_text(struct run *run)
{
	char want[1100];

	snprintf(want, sizeof(want), "bdbtop: *%s\n", run->sentence);
	expect(run, fault_matches(run->ran.err, want), want);
	expect(run, !*run->ran.out, "no output");
}

static void check_json(struct run *run)
{
	enum err_code code = code_of(run);
	char want[1400];

	snprintf(want, sizeof(want),
		 "{\"error\":{\"code\":\"%s\",\"exit_status\":3,\"message\":\"*%s\",*"
		 "\"retryable\":%s}}\n",
		 err_code_word(code), run->sentence,
		 err_code_is_retryable(code) ? "true" : "false");
	expect(run, fault_matches(run->ran.err, want), want);
	snprintf(want, sizeof(want),
		 "{\"schema\":\"bdbtop.list\",*\"complete\":false,*\"databases\":[]}*");
	expect(run, fault_matches(run->ran.out, want), want);
}

static void check_plugin(struct run *run)
{
	char want[1100];

	/* the status line is cut, and the whole sentence follows, without a bar that would begin
	 * performance data and be replaced */
	snprintf(want, sizeof(want), "BDBTOP UNKNOWN: *: *\n*%s\n", run->sentence);
	expect(run, fault_matches(run->ran.out, want), want);
	expect(run, !*run->ran.err, "no error");
}

/* The line of the database after a PUT with this answer, and the number of PUTs. */
static size_t put_result(const struct fault_case *fault, char *out)
{
	unsigned status = (unsigned)strtoul(fault->put, NULL, 10);
	bool answered = status / 100 == 3 || status / 100 == 4;

	if (status == 200)
		strcpy(out, "200 accepted\n1 asked: 1 accepted\n");
	else if (status == 409)
		strcpy(out, "cancelled*\n1 asked: 1 cancelled\n");
	else if (answered)
		sprintf(out, "%u*\n1 asked: 1 refused\n", status);
	else
		strcpy(out, "may have been carried out\n1 asked: 1 no answer\n");
	/* the other form of the body; twice to the target of the redirect */
	return status == 400 ? 2 : strstr(fault->put, " follow ") ? 3 : 1;
}

static void check_rows(struct run *run, const char *result, bool ends)
{
	char want[1200];

	snprintf(want, sizeof(want), "db:7 orders  backup  %s", result);
	expect(run, fault_matches(run->ran.out, want), want);
	want[0] = 0;
	if (!ends)
		snprintf(want, sizeof(want), "bdbtop: *: %s\n", CANCELLED);
	expect(run, fault_matches(run->ran.err, want), want);
}

static void check_put(struct run *run)
{
	char result[200];
	size_t puts = put_result(run->fault, result), sent = faults_count_of(run->server, "PUT ");
	bool ends = !strstr(result, "no answer") && !strstr(result, "cancelled");

	check_rows(run, result, ends);
	expect(run, run->ran.status == (*result != '2'), "exit status 0 or 1");
	/* a busy database is tried again, the others are not */
	expect(run, strchr(result, '*') && !ends ? sent >= puts : sent == puts, "its PUTs");
}

/* The database cannot be read before the PUT. */
static void check_read(struct run *run)
{
	unsigned status = run->fault->status;
	bool slow = run->fault->pace != PACE_NONE;
	char unread[1100];

	snprintf(unread, sizeof(unread), "not sent, cannot read: %s\n1 asked: 1 not sent\n",
		 run->sentence);
	check_rows(run,
		   status == 401   ? "stopped: log-in refused\n1 asked: 1 cancelled\n"
		   : status == 404 ? "not sent, gone\n1 asked: 1 not sent\n"
		   : slow	   ? "cancelled\n1 asked: 1 cancelled\n"
				   : unread,
		   !slow);
	expect(run, run->ran.status == 1, "exit status 1");
	expect(run, !faults_count_of(run->server, "PUT "), "no PUT");
}

#define RESET "reset", "backup", "7", "--yes"

static const struct command commands[] = {
	{ { "list" }, check_text, TIMED_OUT, 0 },
	{ { "list", "--format=json" }, check_json, TIMED_OUT, 0 },
	{ { "check" }, check_plugin, TIMED_OUT, 0 },
	{ { RESET }, check_text, NO_LIST, 0 },
	{ { RESET }, check_read, CANCELLED, 1 },
	{ { RESET }, check_put, CANCELLED, 3 },
};
#define LISTERS 4 /* whose list fails, first in the table */

/* --- running them ---------------------------------------------------------------------------- */

static void write_certificate(struct run *run)
{
	FILE *file;

	snprintf(run->cacert, sizeof(run->cacert), "%s/ca.pem", run->dir.top);
	file = fopen(run->cacert, "we");
	assert_non_null(file);
	fputs(faults_pem(run->server), file);
	fclose(file);
}

static void start_run(struct run *run, const struct command *command,
		      const struct fault_case *fault)
{
	const char *words[8];
	size_t i;

	memcpy(words, command->words, sizeof(words));
	/* what is slow ends then; what is only long needs more on a slow machine */
	for (i = 0; words[i];)
		i++;
	words[i] = fault->pace || command->check == check_put ? "--timeout=2" : "--timeout=50";
	run->command = command;
	run->fault = fault;
	run->server = faults_new(&(struct faults_setup){ .protocol = FAULTS_TLS });
	assert_int_equal(temp_dir_init(&run->dir, "actions.jsonl"), 0);
	write_certificate(run);
	fault_begin(run->server, fault, &run->kind);
	faults_add(run->server,
		   &(struct fault){ .when = LIST, .status = 200, .bytes = "[" SEVEN_FAILED "]" });
	faults_add(run->server,
		   &(struct fault){ .when = ONE, .status = 200, .bytes = SEVEN_FAILED });
	fault_fill(run->sentence,
		   fault->pace ? command->timed_out : fault_sentence(fault, &run->kind), &run->kind,
		   faults_port(run->server));
	snprintf(run->url, sizeof(run->url), "REDIS_ENTERPRISE_URL=https://127.0.0.1:%u",
		 faults_port(run->server));
	snprintf(run->state, sizeof(run->state), "XDG_STATE_HOME=%s", run->dir.state);
	snprintf(run->ca_variable, sizeof(run->ca_variable), "REDIS_ENTERPRISE_CA_CERT=%s",
		 run->cacert);
	child_start(&run->child, &run->ran, words,
		    WORDS(run->url, run->state, run->ca_variable, "REDIS_ENTERPRISE_USER=admin@lab",
			  "REDIS_ENTERPRISE_PASSWORD=pass"));
	run_count++;
}

/* A list failed: it was requested once, or once more with fewer fields, and nothing else. */
static void check_list(struct run *run)
{
	bool again = run->fault->status == 400 || run->fault->status == 406;
	size_t count = run->fault->become ? 0 : again ? 2 : 1;

	expect(run, run->ran.status == 3, "exit status 3");
	expect(run, faults_count(run->server) == count, "one request");
	expect(run, faults_count_of(run->server, "GET ") == count, "only reads");
}

static void end_run(struct run *run)
{
	child_end(&run->child);
	if (!run->command->kind)
		check_list(run);
	run->command->check(run);
	faults_free(run->server);
	temp_dir_release(run->dir.top);
}

/* Without FAULTS_ALL each fault has one command whose list fails, and few others. */
static bool is_run(size_t fault, size_t command)
{
	/* the server becomes another one only between two requests */
	if (commands[command].kind && fault_cases[fault].become)
		return false;
	if (env_number("FAULTS_ALL", 0))
		return true;
	if (commands[command].kind)
		return (fault + 5 * command) % 40 == 0 && !fault_cases[fault].pace;
	return fault % LISTERS == command && (!fault_cases[fault].pace || !command);
}

static void each_command_reports_each_fault(void **state)
{
	size_t pairs = fault_case_count * ARRAY_SIZE(commands), i, j, count = 0;
	struct run *runs = calloc(RUNS, sizeof(*runs));

	for (i = 0; i < pairs; i++) {
		size_t fault = i / ARRAY_SIZE(commands), command = i % ARRAY_SIZE(commands);

		if (is_run(fault, command)) {
			runs[count].kind = kind_at(TOPICS + commands[command].kind);
			start_run(&runs[count++], &commands[command], &fault_cases[fault]);
		}
		if (count < RUNS && i + 1 < pairs)
			continue;
		for (j = 0; j < count; j++)
			end_run(&runs[j]);
		count = 0;
	}
	free(runs);
	printf("# %zu runs of a command\n", run_count);
	assert_int_equal(mismatches, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_command_reports_each_fault),
	};

	return tap_run(tests);
}
