/*
 * What `bdbtop check` prints, and its exit status.
 */
#include "tests/cli/check_fixture.h"

static void the_output_has_problems_and_performance_data(void **state)
{
	struct check_fixture *fix = *state;

	fill(fix);
	run(fix);
	assert_int_equal(fix->status, CHECK_CRITICAL);
	assert_string_equal(
		fix->out,
		"BDBTOP CRITICAL: 3 failed, 1 overdue of 5; worst db:12 no-permission\n"
		"db:12 orders-eu CRITICAL backup failed: no-permission, 3 missed\n"
		"db:90 quotas CRITICAL backup overdue: never backed up\n"
		"db:44 ledger WARNING export failed: wrong-file-path\n"
		"db:58 clickstream WARNING import failed: file-larger-than-mem-limit\n"
		"|failed=3;0;;0;5 stalled=0;0;;0;5 overdue=1;0;;0;5 missed=3;0;1;0 never=1;;0;0;5 "
		"loss_window=274314s;;;0 time=0.000s;;;0\n");
}

/* One computation: what the counts of list and console say. */
static void the_numbers_are_those_of_the_cluster(void **state)
{
	static const struct {
		const char *label;
		enum verdict verdict;
	} counts[] = { { "failed", VERDICT_FAILED },
		       { "stalled", VERDICT_STALLED },
		       { "overdue", VERDICT_OVERDUE },
		       { "suspect", VERDICT_SUSPECT },
		       { "running", VERDICT_RUNNING } };
	struct check_fixture *fix = *state;
	const struct cluster_status *status = cluster_status(fleet_at(fix->fleet, 0));
	size_t i;

	fill(fix);
	script(fix, "bdb 7 name=sessions backup=exporting backup.percent=42 periodic=false");
	script(fix, "bdb 8 name=odd backup=failed periodic=false");
	script(fix, "bdb 9 name=late backup=exporting backup.percent=1 every=3600 "
		    "backup.last=2026-11-21T10:00:00Z");
	fix->rpo.rpo_s = 3600;
	limit(fix, false, "suspect=0");
	limit(fix, false, "running=0");
	limit(fix, false, "rpo=0");
	run(fix);
	for (i = 0; i < ARRAY_SIZE(counts); i++)
		if ((size_t)atoi(plugin_value(&fix->read, counts[i].label)) !=
			    status->counts[counts[i].verdict] &&
		    strcmp(counts[i].label, "stalled") != 0)
			fail_msg("%s", counts[i].label);
	assert_int_equal(atoi(plugin_value(&fix->read, "rpo")), status->beyond_rpo);
	assert_int_equal(atoi(plugin_value(&fix->read, "loss_window")), status->loss.worst_s);
}

static void a_cluster_without_problems_is_ok(void **state)
{
	struct check_fixture *fix = *state;

	script(fix, "bdb 4 name=quiet periodic=false");
	script(fix, "bdb 5 name=still periodic=false");
	expect(fix, CHECK_OK, "BDBTOP OK: no problems in 2 databases");
	assert_string_equal(fix->read.text, "");
	assert_string_equal(plugin_value(&fix->read, "loss_window"), "U");
	assert_string_equal(plugin_value(&fix->read, "stalled"), "0");
}

static void a_cluster_without_databases_is_ok(void **state)
{
	expect(*state, CHECK_OK, "BDBTOP OK: no databases");
}

static void a_failure_is_a_warning(void **state)
{
	struct check_fixture *fix = *state;

	script(fix, "bdb 4 name=quiet periodic=false export=failed:general-error");
	expect(fix, CHECK_WARNING, "BDBTOP WARNING: 1 failed of 1; worst db:4 general-error");
}

static void a_cluster_that_cannot_be_read_is_unknown(void **state)
{
	static const struct {
		const char *line, *status;
	} cases[] = {
		{ "fail No route to host. Check the network.",
		  "BDBTOP UNKNOWN: internal error: prod-eu: No route to host. Check the network." },
		{ "refuse login 401 from the cluster.",
		  "BDBTOP UNKNOWN: log-in: prod-eu: 401 from the cluster." },
	};
	struct check_fixture *fix = *state;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		begin(fix);
		fill(fix);
		script(fix, "%s", cases[i].line);
		expect(fix, CHECK_UNKNOWN, cases[i].status);
		assert_string_equal(fix->read.text, "");
	}
}

static void a_changed_key_is_below_the_status_line_with_the_pinned_one(void **state)
{
	struct check_fixture *fix = *state;

	script(fix, "changed");
	expect(fix, CHECK_UNKNOWN,
	       "BDBTOP UNKNOWN: certificate: prod-eu: The key of cluster.prod.example:9443 h...");
	assert_non_null(strstr(
		fix->read.text,
		"prod-eu: The key of cluster.prod.example:9443 has changed.\n"
		"  pinned       SHA-256 2B:E8:04:9D:C1:76:3F:5A:90:1E:B7:48:6C:D3:25:FA\n"));
	assert_non_null(strstr(fix->read.text, "\n  offered      SHA-256 C4:07:B9:6E:"));
}

static void elements_that_cannot_be_read_are_not_ok(void **state)
{
	struct check_fixture *fix = *state;

	script(fix, "bdb 4 name=quiet periodic=false");
	script(fix, "unreadable 2");
	fix->incomplete = true;
	expect(fix, CHECK_UNKNOWN,
	       "BDBTOP UNKNOWN: no problems in 1 database; reply: 2 unreadable");
	assert_string_equal(fix->read.text, "reply: 2 elements of the list could not be read\n");
	begin(fix);
	script(fix, "bdb 4 name=quiet periodic=false export=failed:general-error");
	script(fix, "unreadable 1");
	expect(fix, CHECK_WARNING,
	       "BDBTOP WARNING: 1 failed of 1; reply: 1 unreadable; worst db:4 general-error");
}

/* Whether a database matches is not known. */
static void tags_that_may_not_be_read_are_unknown(void **state)
{
	struct check_fixture *fix = *state;

	fill(fix);
	script(fix, "deny bdb-info");
	fix->options.filter = "tag:team=payments";
	run(fix);
	assert_int_equal(fix->status, CHECK_UNKNOWN);
	assert_non_null(strstr(fix->read.text, "modules and tags, which the filter or an rpo_tag "
					       "needs, could not be read: "));
}

static void without_a_reply_the_run_ends_in_time(void **state)
{
	struct check_fixture *fix = *state;

	fill(fix);
	script(fix, "hold list");
	fix->options.timeout_ms = 10000;
	/* something else took three seconds before */
	fix->now.ms += 3000;
	expect(fix, CHECK_UNKNOWN,
	       "BDBTOP UNKNOWN: time-out: prod-eu: there was no reply within 10 s. Try again...");
	assert_int_equal(fix->now.ms - fix->options.started.ms, 10000);
}

static void a_filter_chooses_the_databases(void **state)
{
	struct check_fixture *fix = *state;

	fill(fix);
	fix->options.filter = "ledger";
	expect(fix, CHECK_WARNING, "BDBTOP WARNING: 1 failed of 1; worst db:44 wrong-file-path");
	assert_string_equal(plugin_find(&fix->read, "failed")->max, "1");
	assert_string_equal(plugin_value(&fix->read, "missed"), "0");
	assert_string_equal(plugin_value(&fix->read, "loss_window"), "18685");
}

static void hostile_texts_stay_in_their_line(void **state)
{
	static const char *const hostile[] = {
		"a|b=1;2;3",
		"x%0ay|z",
		"'quoted'%20=%20",
		"%1b[31mred",
		"%e2%80%ae%cc%81",
		"%ff%fe|%c0%af",
		"%e2%80%a8line",
		"a%cc%81%cc%81%cc%81b",
		"long%20long%20long%20long%20long%20long%20long%20long%20long%20long%20long",
	};
	struct check_fixture *fix = *state;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(hostile); i++) {
		begin(fix);
		script(fix, "bdb 1 name=%s backup=failed:%s periodic=false", hostile[i],
		       hostile[i]);
		script(fix, "bdb 2 name=%s export=%s periodic=false", hostile[i], hostile[i]);
		run(fix);
		assert_int_equal(fix->status, CHECK_WARNING);
		assert_int_equal(fix->read.count, 7);
		assert_non_null(strstr(fix->out, "BDBTOP WARNING: 1 failed of 2; worst db:1"));
	}
}

static size_t count_lines(const char *text)
{
	size_t lines = 0;

	for (; *text; text++)
		lines += *text == '\n';
	return lines;
}

/* Percent signs and digits, as the script takes any bytes. */
static void make_noise(char *out, size_t bytes)
{
	static const char special[] = "|='\n\t;\\% \x1b\x7f\xc3\xa9\xe2\x80\xae\xcc\x81";
	size_t i;

	for (i = 0; i < bytes; i++) {
		unsigned byte =
			rand() % 2 ? (unsigned char)special[(size_t)rand() % (sizeof(special) - 1)]
				   : 1 + (unsigned)rand() % 255;

		out += sprintf(out, "%%%02x", byte);
	}
}

static void random_texts_stay_in_their_line(void **state)
{
	struct check_fixture *fix = *state;
	char name[91], reason[91];
	int i;

	srand(1);
	for (i = 0; i < 300; i++) {
		begin(fix);
		make_noise(name, 1 + (size_t)rand() % 30);
		make_noise(reason, 1 + (size_t)rand() % 30);
		script(fix, "bdb 1 name=%s backup=failed:%s periodic=false", name, reason);
		run(fix);
		assert_int_equal(fix->status, CHECK_WARNING);
		assert_int_equal(count_lines(fix->read.text), 1);
	}
}

static void an_error_stays_in_its_line(void **state)
{
	struct check_fixture *fix = *state;

	script(fix, "fail the reply|was \"<html>|\", and that is no JSON that anybody could read, "
		    "however hard they tried.");
	run(fix);
	assert_int_equal(fix->status, CHECK_UNKNOWN);
	assert_string_equal(fix->read.text,
			    "prod-eu: the reply was \"<html> \", and that is no JSON that anybody "
			    "could read, however hard they tried.\n");
}

static void twenty_problems_are_printed_and_v_prints_all(void **state)
{
	struct check_fixture *fix = *state;
	int uid, pass;

	for (pass = 0; pass < 2; pass++) {
		begin(fix);
		fix->options.verbose = (unsigned)pass;
		for (uid = 1; uid <= 23; uid++)
			script(fix, "bdb %d name=x periodic=false export=failed:general-error",
			       uid);
		run(fix);
		assert_int_equal(count_lines(fix->read.text), pass ? 24 : 21);
		assert_int_equal(!strstr(fix->read.text, "\nand 3 more, which -v prints\n"), pass);
	}
}

static void each_v_says_more(void **state)
{
	struct check_fixture *fix = *state;

	script(fix, "bdb 4 name=quiet periodic=false export=failed:no-permission");
	fix->options.verbose = 1;
	fix->options.filter = "quiet";
	fix->warnings = (struct warnings){ .text = { "Beware." }, .count = 1 };
	run(fix);
	assert_string_equal(fix->read.text, "db:4 quiet WARNING export failed: no-permission\n"
					    "filter: quiet\n"
					    "Beware.\n"
					    "progress: nothing is saved from an earlier run\n");
	begin(fix);
	script(fix, "bdb 4 name=quiet periodic=false export=failed:no-permission");
	fix->options.verbose = 3;
	run(fix);
	assert_non_null(strstr(fix->read.text, "no-permission\n    Check that the role has "));
	assert_non_null(strstr(fix->read.text, "\nprogress: an earlier run saw this cluster at "
					       "2026-11-21T20:14:05Z\n"
					       "cluster: prod-eu at cluster.prod.example:9443, "
					       "polled 2026-11-21T20:14:05Z, answered in "));
}

static void two_operations_of_a_database_are_one_line(void **state)
{
	struct check_fixture *fix = *state;

	script(fix, "bdb 4 name=busy every=3600 backup=exporting backup.percent=42 "
		    "backup.last=2026-11-21T10:00:00Z export=failed:no-permission "
		    "import=failed:general-error");
	run(fix);
	assert_non_null(strstr(fix->read.text, "db:4 busy WARNING export failed: no-permission; "
					       "import failed: general-error\n"));
}

static void it_reads_and_sends_nothing(void **state)
{
	struct check_fixture *fix = *state;

	fill(fix);
	run(fix);
	assert_int_equal(script_counts(fix->script)->topics[TOPIC_LIST], 1);
	assert_int_equal(script_counts(fix->script)->topics[TOPIC_EVENTS], 0);
	assert_int_equal(script_counts(fix->script)->puts, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_FIXTURE(the_output_has_problems_and_performance_data),
		IN_FIXTURE(the_numbers_are_those_of_the_cluster),
		IN_FIXTURE(a_cluster_without_problems_is_ok),
		IN_FIXTURE(a_cluster_without_databases_is_ok),
		IN_FIXTURE(a_failure_is_a_warning),
		IN_FIXTURE(a_cluster_that_cannot_be_read_is_unknown),
		IN_FIXTURE(a_changed_key_is_below_the_status_line_with_the_pinned_one),
		IN_FIXTURE(elements_that_cannot_be_read_are_not_ok),
		IN_FIXTURE(tags_that_may_not_be_read_are_unknown),
		IN_FIXTURE(without_a_reply_the_run_ends_in_time),
		IN_FIXTURE(a_filter_chooses_the_databases),
		IN_FIXTURE(hostile_texts_stay_in_their_line),
		IN_FIXTURE(random_texts_stay_in_their_line),
		IN_FIXTURE(an_error_stays_in_its_line),
		IN_FIXTURE(twenty_problems_are_printed_and_v_prints_all),
		IN_FIXTURE(each_v_says_more),
		IN_FIXTURE(two_operations_of_a_database_are_one_line),
		IN_FIXTURE(it_reads_and_sends_nothing),
	};

	return tap_run(tests);
}
