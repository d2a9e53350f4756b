#include "options.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "fault_rule.h"
#include "keyword.h"
#include "time.h"

static bool parse_scenario(struct sim_options *o, const char *value)
{
	o->scenario = value;
	return *value;
}

static bool parse_directory(struct sim_options *o, const char *value)
{
	o->directory = value;
	return *value;
}

static bool parse_certificate(struct sim_options *o, const char *value)
{
	o->certificate = value;
	return *value;
}

static bool parse_shape(struct sim_options *o, const char *value)
{
	o->shape = sim_cert_find(value);
	return o->shape < SIM_CERT_SHAPES;
}

static bool parse_tls(struct sim_options *o, const char *value)
{
	o->tls = sim_tls_find(value);
	return o->tls < SIM_TLS_COUNT;
}

static bool parse_speed(struct sim_options *o, const char *value)
{
	char *end;

	o->speed = strtod(value, &end);
	return end != value && !*end && o->speed >= 0.01 && o->speed <= 100000;
}

static bool parse_seed(struct sim_options *o, const char *value)
{
	int64_t seed = 0;
	bool good = sim_keyword_number(value, 0, INT64_MAX, &seed);

	o->seed = (uint64_t)seed;
	return good;
}

static bool parse_databases(struct sim_options *o, const char *value)
{
	return sim_keyword_number(value, 0, 100000, &o->databases);
}

static bool parse_port(struct sim_options *o, const char *value)
{
	int64_t port = 0;
	bool good = sim_keyword_number(value, 0, 65535, &port);

	o->port = (uint16_t)port;
	return good;
}

static bool parse_ipv6(struct sim_options *o, const char *value)
{
	(void)value;
	o->ipv6 = true;
	return true;
}

static bool parse_clock(struct sim_options *o, const char *value)
{
	o->manual_clock = strcmp(value, "stdin") == 0;
	o->script = o->manual_clock || strcmp(value, "running") == 0;
	return o->script;
}

static bool parse_skew(struct sim_options *o, const char *value)
{
	bool behind = *value == '-';

	if (!sim_duration_parse(value + behind, &o->skew_ms))
		return false;
	if (behind)
		o->skew_ms = -o->skew_ms;
	return true;
}

static bool take_fault(struct sim_options *o, const char *value)
{
	struct sim_faults tried = { NULL, 0 };
	struct err ignored;
	bool good = o->fault_rule_count < SIM_FAULT_RULES_MAX &&
		    sim_fault_rule_run(&tried, value, &ignored) == 0;

	sim_faults_release(&tried);
	if (good)
		o->fault_rules[o->fault_rule_count++] = value;
	return good;
}

static bool take_idle_form(struct sim_options *o, const char *value)
{
	static const char *const words[] = {
		[SIM_IDLE_EMPTY] = "empty", [SIM_IDLE_ABSENT] = "absent",
		[SIM_IDLE_NULL] = "null", [SIM_IDLE_WORD] = "idle",
	};
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strcmp(value, words[i]) == 0) {
			o->idle_form = (enum sim_idle_form)i;
			return true;
		}
	}
	return false;
}

static bool parse_reset_running(struct sim_options *o, const char *value)
{
	o->reset_running_ok = strcmp(value, "200") == 0;
	return o->reset_running_ok || strcmp(value, "409") == 0;
}

static bool parse_fd(int *fd, const char *value)
{
	int64_t number;

	/* 0 to 2 are the standard streams */
	if (!sim_keyword_number(value, 3, 1000000, &number))
		return false;
	*fd = (int)number;
	return true;
}

static bool take_ready_fd(struct sim_options *o, const char *value)
{
	return parse_fd(&o->ready_fd, value);
}

static bool parse_parent(struct sim_options *o, const char *value)
{
	return parse_fd(&o->parent_fd, value);
}

static const struct sim_option {
	const char *name, *argument;
	bool (*parse)(struct sim_options *, const char *value);
	const char *requirement;	/* for the error: what the value must be */
	const char *help;
} options[] = {
	{ "scenario", "NAME|FILE", parse_scenario, "triage, calm, disaster, storm or a file",
	  "triage (default), calm, disaster, storm, or a file" },
	{ "databases", "N", parse_databases, "a number up to 100000",
	  "number of databases, instead of the scenario's" },
	{ "speed", "N", parse_speed, "a number from 0.01 to 100000",
	  "simulated seconds per second (1)" },
	{ "seed", "N", parse_seed, "a number of at least 0",
	  "random seed; makes a run repeatable (1)" },
	{ "port", "N", parse_port, "a number up to 65535",
	  "port on loopback (0: any free port)" },
	{ "ipv6", NULL, parse_ipv6, NULL, "listen on ::1 instead of 127.0.0.1" },
	{ "idle-as", "absent|empty|null|idle", take_idle_form, "absent, empty, null or idle",
	  "how an idle status is reported (empty)" },
	{ "reset-running", "200|409", parse_reset_running, "200 or 409",
	  "reply to the reset of a running operation (409)" },
	{ "clock", "stdin|running", parse_clock, "stdin or running",
	  "read a script, see bdbtop-sim(1); time stands still, or runs" },
	{ "skew", "[-]DURATION", parse_skew, "a duration as in 2m10s or -90s",
	  "set the cluster's clock ahead, or behind" },
	{ "fault", "LINE", take_fault, "one of 16 lines as in \"answer GET /v1/logs 403\"",
	  "fault rule from the start: answer, delay or cut" },
	{ "directory", "DIR", parse_directory, "a directory",
	  "where to write certificate and log-in" },
	{ "certificate", "FILE", parse_certificate, "a file",
	  "key and certificate in PEM; created and kept if missing" },
	{ "certificate-as", "SHAPE", parse_shape,
	  "good, expired, not-yet, other-name, ip-only or wildcard",
	  "create a good (default), expired, not-yet, other-name, ... one" },
	{ "tls", "1.2|1.3|any", parse_tls, "1.2, 1.3 or any", "TLS version to accept (any)" },
	{ "ready-fd", "N", take_ready_fd, "a number of at least 3",
	  "write address, log-in and certificate to it as one line of JSON" },
	{ "parent-fd", "N", parse_parent, "a number of at least 3",
	  "exit when the other end of this pipe is closed" },
};

enum { OPTION_COUNT = sizeof(options) / sizeof(options[0]), HELP = 1000, VERSION };

static void fill_longs(struct option *longs)
{
	size_t i;

	memset(longs, 0, (OPTION_COUNT + 3) * sizeof(*longs));
	for (i = 0; i < OPTION_COUNT; i++) {
		longs[i].name = options[i].name;
		longs[i].has_arg = options[i].argument ? required_argument : no_argument;
		longs[i].val = (int)i + 1;
	}
	longs[i++] = (struct option){ "help", no_argument, NULL, HELP };
	longs[i] = (struct option){ "version", no_argument, NULL, VERSION };
}

static enum sim_run_mode wrong_value(const struct sim_option *option, const char *value,
				     struct err *err)
{
	char shown[SIM_KEYWORD_SHOWN_SIZE];

	err_set(err, ERR_ASK_USER, "--%s=%s must be %s.", option->name,
		sim_keyword_show(value, shown), option->requirement);
	return SIM_MODE_INVALID;
}

static enum sim_run_mode wrong_argument(const char *word, struct err *err)
{
	char shown[SIM_KEYWORD_SHOWN_SIZE];

	err_set(err, ERR_ASK_USER, "invalid argument \"%s\" (see bdbtop-sim --help).",
		sim_keyword_show(word ? word : "", shown));
	return SIM_MODE_INVALID;
}

enum sim_run_mode sim_options_parse(struct sim_options *o, int argc, char *argv[], struct err *err)
{
	struct option longs[OPTION_COUNT + 3];
	int which;

	*o = (struct sim_options){ .scenario = "triage", .speed = 1, .seed = 1, .databases = -1,
				   .ready_fd = -1, .parent_fd = -1 };
	fill_longs(longs);
	opterr = 0;
	optind = 0;
	while ((which = getopt_long(argc, argv, "+hV", longs, NULL)) != -1) {
		if (which == 'h' || which == HELP)
			return SIM_MODE_HELP;
		if (which == 'V' || which == VERSION)
			return SIM_MODE_VERSION;
		if (which < 1 || which > OPTION_COUNT)
			return wrong_argument(argv[optind - 1], err);
		if (!options[which - 1].parse(o, optarg))
			return wrong_value(&options[which - 1], optarg, err);
	}
	if (optind < argc)
		return wrong_argument(argv[optind], err);
	if (o->manual_clock && o->speed != 1) {
		err_set(err, ERR_ASK_USER,
			"--speed has no meaning with --clock=stdin; leave one out.");
		return SIM_MODE_INVALID;
	}
	if (o->manual_clock && o->skew_ms) {
		err_set(err, ERR_ASK_USER,
			"--skew has no meaning with --clock=stdin; there, a line "
			"\"skew\" moves the header Date.");
		return SIM_MODE_INVALID;
	}
	return SIM_MODE_RUN;
}

void sim_options_help(FILE *out)
{
	size_t i;

	fputs("Usage: bdbtop-sim [OPTION]...\n"
	      "A simulated Redis Enterprise cluster: its REST API over HTTPS on loopback.\n\n",
	      out);
	for (i = 0; i < OPTION_COUNT; i++) {
		char left[64];

		snprintf(left, sizeof(left), "--%s%s%s", options[i].name,
			 options[i].argument ? "=" : "",
			 options[i].argument ? options[i].argument : "");
		fprintf(out, "  %-32s %s\n", left, options[i].help);
	}
	fputs("  -h, --help                       print this help\n"
	      "  -V, --version                    print the version\n\n"
	      "It prints its address and log-in, and exits on ctrl-c.\n", out);
}
