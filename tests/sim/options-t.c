#include "sim/options.h"

#include "tests/tap.h"

enum { WORDS_MAX = 12 };

/* Parse a command line; its words are valid until the next call. */
static int parse(struct sim_options *o, const char *line, struct err *err)
{
	static char copy[400];
	char *words[WORDS_MAX + 1], *word, *rest = copy;
	int count = 0;

	assert_true(strlen(line) < sizeof(copy));
	strcpy(copy, line);
	while (count < WORDS_MAX && (word = strsep(&rest, " ")))
		words[count++] = word;
	words[count] = NULL;
	return sim_options_parse(o, count, words, err);
}

static void wrong(const char *line, const char *sentence)
{
	struct sim_options o;
	struct err err = { .text = "" };

	if (parse(&o, line, &err) != -1)
		fail_msg("\"%s\" was taken", line);
	assert_string_equal(err.text, sentence);
}

static void no_options_use_the_defaults(void **state)
{
	struct sim_options o;
	struct err err;

	assert_int_equal(parse(&o, "bdbtop-sim", &err), SIM_MODE_RUN);
	assert_string_equal(o.scenario, "triage");
	assert_true(o.speed == 1);
	assert_int_equal(o.setup.seed, 1);
	assert_int_equal(o.setup.databases, -1);
	assert_int_equal(o.port, 0);
	assert_int_equal(o.setup.idle_form, SIM_IDLE_EMPTY);
	assert_false(o.setup.reset_running_ok || o.ipv6);
	assert_int_equal(o.clock, SIM_CLOCK_REAL);
	assert_int_equal(o.ready_fd, -1);
	assert_int_equal(o.parent_fd, -1);
	assert_null(o.directory);
	assert_null(o.certificate);
	assert_int_equal(o.shape, SIM_CERT_GOOD);
	assert_int_equal(o.tls, SIM_TLS_ANY);
}

static void accepts_every_option(void **state)
{
	struct sim_options o;
	struct err err;

	assert_int_equal(parse(&o, "bdbtop-sim --speed=2.5 --seed=9 --databases=10000 --port=9443 "
				   "--ipv6 --idle-as=absent --reset-running=200 --ready-fd=3 "
				   "--parent-fd 4", &err), SIM_MODE_RUN);
	assert_true(o.speed == 2.5);
	assert_int_equal(o.setup.seed, 9);
	assert_int_equal(o.setup.databases, 10000);
	assert_int_equal(o.port, 9443);
	assert_true(o.ipv6 && o.setup.reset_running_ok);
	assert_int_equal(o.setup.idle_form, SIM_IDLE_ABSENT);
	assert_int_equal(o.ready_fd, 3);
	assert_int_equal(o.parent_fd, 4);
	assert_int_equal(parse(&o, "bdbtop-sim --certificate=a.pem --certificate-as=wildcard "
				   "--tls=1.2", &err), SIM_MODE_RUN);
	assert_string_equal(o.certificate, "a.pem");
	assert_int_equal(o.shape, SIM_CERT_WILDCARD);
	assert_int_equal(o.tls, SIM_TLS_1_2);
	assert_int_equal(parse(&o, "bdbtop-sim --clock=stdin", &err), SIM_MODE_RUN);
	assert_int_equal(o.clock, SIM_CLOCK_STDIN);
	assert_int_equal(parse(&o, "bdbtop-sim --clock=running --speed=2 --skew=-90s", &err),
			 SIM_MODE_RUN);
	assert_int_equal(o.clock, SIM_CLOCK_RUNNING);
	assert_int_equal(o.skew_ms, -90000);
	assert_int_equal(parse(&o, "bdbtop-sim --help", &err), SIM_MODE_HELP);
	assert_int_equal(parse(&o, "bdbtop-sim -V", &err), SIM_MODE_VERSION);
}

static void accepts_fault_rules_with_blanks(void **state)
{
	char name[] = "bdbtop-sim", first[] = "--fault=answer GET /v1/logs 403",
	     other[] = "--fault", second[] = "delay /v2/actions 20s";
	char *words[] = { name, first, other, second, NULL };
	struct sim_options o;
	struct err err;

	assert_int_equal(sim_options_parse(&o, 4, words, &err), SIM_MODE_RUN);
	assert_int_equal(o.fault_rule_count, 2);
	assert_string_equal(o.fault_rules[0], "answer GET /v1/logs 403");
	assert_string_equal(o.fault_rules[1], "delay /v2/actions 20s");
}

static void errors_are_sentences(void **state)
{
	wrong("bdbtop-sim --speed=fast", "--speed=fast must be a number from 0.01 to 100000.");
	wrong("bdbtop-sim --speed=nan", "--speed=nan must be a number from 0.01 to 100000.");
	wrong("bdbtop-sim --port=65536", "--port=65536 must be a number up to 65535.");
	wrong("bdbtop-sim --databases=-1", "--databases=-1 must be a number up to 100000.");
	wrong("bdbtop-sim --idle-as=0", "--idle-as=0 must be absent, empty, null or idle.");
	wrong("bdbtop-sim --reset-running=404", "--reset-running=404 must be 200 or 409.");
	wrong("bdbtop-sim --clock=sun", "--clock=sun must be stdin or running.");
	wrong("bdbtop-sim --tls=1.1", "--tls=1.1 must be 1.2, 1.3 or any.");
	wrong("bdbtop-sim --certificate-as=bad", "--certificate-as=bad must be good, expired, "
						 "not-yet, other-name, ip-only or wildcard.");
	wrong("bdbtop-sim --ready-fd=1", "--ready-fd=1 must be a number of at least 3.");
	wrong("bdbtop-sim --password=x",
	      "invalid argument \"--password=x\" (see bdbtop-sim --help).");
	wrong("bdbtop-sim calm", "invalid argument \"calm\" (see bdbtop-sim --help).");
	wrong("bdbtop-sim --skew=soon", "--skew=soon must be a duration as in 2m10s or -90s.");
	wrong("bdbtop-sim --fault=answer",
	      "--fault=answer must be one of 16 lines as in \"answer GET /v1/logs 403\".");
	wrong("bdbtop-sim --clock=stdin --skew=2s",
	      "--skew has no meaning with --clock=stdin; there, a line \"skew\" moves the header "
	      "Date.");
	wrong("bdbtop-sim --clock=stdin --speed=2",
	      "--speed has no meaning with --clock=stdin; leave one out.");
}

static void help_names_every_option(void **state)
{
	static const char *const names[] = {
		"--scenario=", "--databases=", "--speed=", "--seed=", "--port=", "--ipv6",
		"--certificate=", "--certificate-as=", "--tls=", "--idle-as=", "--reset-running=",
		"--clock=", "--skew=", "--fault=", "--directory=", "--ready-fd=",
		"--parent-fd=", "--help", "--version",
	};
	char *text = NULL;
	size_t length, i;
	FILE *out = open_memstream(&text, &length);

	sim_options_help(out);
	fclose(out);
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (!strstr(text, names[i]))
			fail_msg("help lacks %s", names[i]);
	assert_null(strstr(text, "assword"));
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_options_use_the_defaults),
		cmocka_unit_test(accepts_every_option),
		cmocka_unit_test(accepts_fault_rules_with_blanks),
		cmocka_unit_test(errors_are_sentences),
		cmocka_unit_test(help_names_every_option),
	};

	return tap_run(tests);
}
