#include "options.h"

#include <getopt.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "bdbtop/core/array.h"
#include "param.h"
#include "token.h"
#include "verb.h"
#include "keyword.h"

/* --- options with a value that no parameter type describes --- */

static bool set_speed(struct sim_options *o, const char *value)
{
	char *end;

	o->speed = strtod(value, &end);
	return end != value && !*end && o->speed >= 0.01 && o->speed <= 100000;
}

static bool set_ipv6(struct sim_options *o, const char *value)
{
	(void)value;
	o->ipv6 = true;
	return true;
}

static bool set_reset_running(struct sim_options *o, const char *value)
{
	o->setup.reset_running_ok = strcmp(value, "200") == 0;
	return o->setup.reset_running_ok || strcmp(value, "409") == 0;
}

static bool add_fault(struct sim_options *o, const char *value)
{
	const struct sim_verb_setup check = { .verbs = SIM_VERBS_FAULT };

	if (o->fault_rule_count == SIM_FAULT_RULES_MAX || sim_verb_run(&check, value, NULL) < 0)
		return false;
	o->fault_rules[o->fault_rule_count++] = value;
	return true;
}

static const char *const idle_words[] = {
	[SIM_IDLE_EMPTY] = "empty", [SIM_IDLE_ABSENT] = "absent",
	[SIM_IDLE_NULL] = "null",   [SIM_IDLE_WORD] = "idle", NULL,
};
static const char *const clock_words[] = { "stdin", "running", NULL };

#define NUMBER(name, type, member, min, max)                                                       \
	{ SIM_PARAM(name, type, sim_options, member, min, max) }, NULL
#define STRING(name, member) NUMBER(name, SIM_PARAM_STRING, member, 0, 0)
#define OTHER(key, set) { .name = key }, set
#define WORD(name, member, list)                                                                   \
	{ SIM_PARAM(name, SIM_PARAM_WORD, sim_options, member, 0, 0), .words = list }, NULL
/* 0 to 2 are the standard streams */
#define DESCRIPTOR(name, member) NUMBER(name, SIM_PARAM_SMALL, member, 3, 1000000)

static const struct sim_option {
	struct sim_param param;
	bool (*set)(struct sim_options *, const char *value);	/* NULL: by its type */
	const char *argument;		/* NULL: none */
	const char *requirement;	/* for the error: what the value must be */
	const char *help;
} options[] = {
	{ STRING("scenario", scenario), "NAME|FILE", "triage, calm, disaster, storm or a file",
	  "triage (default), calm, disaster, storm, or a file" },
	{ NUMBER("databases", SIM_PARAM_INT, setup.databases, 0, 100000), "N",
	  "a number up to 100000", "number of databases, instead of the scenario's" },
	{ OTHER("speed", set_speed), "N", "a number from 0.01 to 100000",
	  "simulated seconds per second (1)" },
	{ NUMBER("seed", SIM_PARAM_INT, setup.seed, 0, INT64_MAX), "N", "a number of at least 0",
	  "random seed; makes a run repeatable (1)" },
	{ NUMBER("port", SIM_PARAM_SMALL, port, 0, UINT16_MAX), "N", "a number up to 65535",
	  "port on loopback (0: any free port)" },
	{ OTHER("ipv6", set_ipv6), NULL, NULL, "listen on ::1 instead of 127.0.0.1" },
	{ WORD("idle-as", setup.idle_form, idle_words), "absent|empty|null|idle",
	  "absent, empty, null or idle", "how an idle status is reported (empty)" },
	{ OTHER("reset-running", set_reset_running), "200|409", "200 or 409",
	  "reply to the reset of a running operation (409)" },
	{ WORD("clock", clock, clock_words), "stdin|running", "stdin or running",
	  "read a script, see bdbtop-sim(1); time stands still, or runs" },
	{ NUMBER("skew", SIM_PARAM_SKEW, skew_ms, 0, 0), "[-]DURATION",
	  "a duration as in 2m10s or -90s", "set the cluster's clock ahead, or behind" },
	{ OTHER("fault", add_fault), "LINE", "one of 16 lines as in \"answer GET /v1/logs 403\"",
	  "fault rule from the start: answer, delay, cut or repeat" },
	{ WORD("auth", setup.auth, sim_auth_words), "METHOD", "basic, token or certificate",
	  "log-in to accept: basic, token or certificate (basic)" },
	{ STRING("directory", directory), "DIR", "a directory",
	  "where to write certificate and log-in" },
	{ STRING("certificate", certificate), "FILE", "a file",
	  "key and certificate in PEM; created and kept if missing" },
	{ WORD("certificate-as", shape, sim_cert_words), "SHAPE",
	  "good, expired, not-yet, other-name, ip-only or wildcard",
	  "create a good (default), expired, not-yet, other-name, ... one" },
	{ WORD("tls", tls, sim_tls_words), "1.2|1.3|any", "1.2, 1.3 or any",
	  "TLS version to accept (any)" },
	{ DESCRIPTOR("ready-fd", ready_fd), "N", "a number of at least 3",
	  "write address, log-in and certificate to it as one line of JSON" },
	{ DESCRIPTOR("parent-fd", parent_fd), "N", "a number of at least 3",
	  "exit when the other end of this pipe is closed" },
};

enum { OPTION_COUNT = ARRAY_SIZE(options), HELP = 1000, VERSION };

static bool set_option(struct sim_options *o, const struct sim_option *option, const char *value)
{
	return option->set ? option->set(o, value) : sim_param_set_word(&option->param, o, value);
}

static void fill_longs(struct option *longs)
{
	size_t i;

	memset(longs, 0, (OPTION_COUNT + 3) * sizeof(*longs));
	for (i = 0; i < OPTION_COUNT; i++) {
		longs[i].name = options[i].param.name;
		longs[i].has_arg = options[i].argument ? required_argument : no_argument;
		longs[i].val = (int)i + 1;
	}
	longs[i++] = (struct option){ "help", no_argument, NULL, HELP };
	longs[i] = (struct option){ "version", no_argument, NULL, VERSION };
}

static int wrong_value(const struct sim_option *option, const char *value, struct err *err)
{
	char shown[SIM_KEYWORD_SHOWN_SIZE];

	return err_set(err, ERR_ASK_USER, "--%s=%s must be %s.", option->param.name,
		       sim_keyword_show(value, shown), option->requirement);
}

static int wrong_argument(const char *word, struct err *err)
{
	char shown[SIM_KEYWORD_SHOWN_SIZE];

	return err_set(err, ERR_ASK_USER, "invalid argument \"%s\" (see bdbtop-sim --help).",
		       sim_keyword_show(word ? word : "", shown));
}

int sim_options_parse(struct sim_options *o, int argc, char *argv[], struct err *err)
{
	struct option longs[OPTION_COUNT + 3];
	int which;

	*o = (struct sim_options){ .scenario = "triage", .speed = 1, .clock = SIM_CLOCK_REAL,
				   .setup = { .seed = 1, .databases = -1 },
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
		if (!set_option(o, &options[which - 1], optarg))
			return wrong_value(&options[which - 1], optarg, err);
	}
	if (optind < argc)
		return wrong_argument(argv[optind], err);
	if (o->clock == SIM_CLOCK_STDIN && o->speed != 1)
		return err_set(err, ERR_ASK_USER,
			       "--speed has no meaning with --clock=stdin; leave one out.");
	if (o->clock == SIM_CLOCK_STDIN && o->skew_ms)
		return err_set(err, ERR_ASK_USER,
			       "--skew has no meaning with --clock=stdin; there, a line "
			       "\"skew\" moves the header Date.");
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

		snprintf(left, sizeof(left), "--%s%s%s", options[i].param.name,
			 options[i].argument ? "=" : "",
			 options[i].argument ? options[i].argument : "");
		fprintf(out, "  %-32s %s\n", left, options[i].help);
	}
	fputs("  -h, --help                       print this help\n"
	      "  -V, --version                    print the version\n\n"
	      "It prints its address and log-in, and exits on ctrl-c.\n", out);
}
