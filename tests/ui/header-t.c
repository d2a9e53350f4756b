/*
 * The header line at every width, and what it leaves out first.
 */
#include <locale.h>

#include "bdbtop/core/array.h"
#include "bdbtop/ui/draw_context.h"
#include "tests/stage/script.h"
#include "tests/tap.h"

/* A session on a cluster, with a scripted source and a fake clock. */
struct console {
	struct fleet *fleet;
	struct cluster *cluster;
	struct script *script;
	struct session *session;
	struct moment now;
};

static void turn(struct console *c)
{
	session_tick(c->session, c->now, TIME_NEVER);
	session_turn(c->session, c->now);
	session_turn(c->session, c->now);
}

static void open_console(struct console *c, struct cluster_setup setup)
{
	setup.url = "";
	setup.user = "";
	setup.interval_ms = 5000;
	c->now = (struct moment){ .ms = 1000003, .wall_ms = 1795292045000 };
	c->fleet = fleet_new();
	c->cluster = fleet_add(c->fleet, &setup);
	assert_non_null(c->cluster);
	c->script = script_attach(c->cluster, 5000);
	c->session = session_new(c->fleet);
	assert_non_null(c->session);
	script_do(c->script, "latency 38", c->now.ms);
	turn(c);
}

static void advance(struct console *c, int64_t ms)
{
	c->now.ms += ms;
	c->now.wall_ms += ms;
	turn(c);
}

static void close_console(struct console *c)
{
	session_free(c->session);
	fleet_free(c->fleet);
}

static const char *line(const struct console *c, int cols, int row)
{
	static char text[2048];
	struct canvas canvas;

	canvas_init(&canvas, false);
	assert_int_equal(canvas_resize(&canvas, cols, 24), 0);
	frame_draw(&canvas, c->session, "0.1.0", c->now);
	canvas_row(&canvas, row, text, sizeof(text));
	canvas_release(&canvas);
	return text;
}

static const struct cluster_setup prod = { .name = "prod-eu", .host = "cluster.prod.example:9443" };

static void drops_latency_then_interval_then_host_then_its_own_name(void **state)
{
	static const struct {
		int cols;
		const char *want;
	} at[] = {
		{ 94, " bdbtop  prod-eu  cluster.prod.example:9443                 "
		      "polled 20:14:05Z  every 5s  38 ms" },
		{ 80, " bdbtop  prod-eu  cluster.prod.example        "
		      "polled 20:14:05Z  every 5s  38 ms" },
		{ 72, " bdbtop  prod-eu  cluster.prod.example       polled 20:14:05Z  every 5s" },
		{ 66, " bdbtop  prod-eu  cluster.prod.example           polled 20:14:05Z" },
		{ 65, " prod-eu  cluster.prod.example        polled 20:14:05Z  every 5s" },
		{ 50, " prod-eu  cluster.prod.example   polled 20:14:05Z" },
		{ 40, " prod-eu               polled 20:14:05Z" },
	};
	struct console c;
	size_t i;

	open_console(&c, prod);
	for (i = 0; i < ARRAY_SIZE(at); i++)
		assert_string_equal(line(&c, at[i].cols, 0), at[i].want);
	close_console(&c);
}

static void keeps_the_red_word_at_every_width(void **state)
{
	struct cluster_setup setup = prod;
	struct console c;
	int cols;

	setup.insecure = true;
	open_console(&c, setup);
	assert_string_equal(
		line(&c, 80, 0),
		" bdbtop  prod-eu  cluster.prod.example  INSECURE     polled 20:14:05Z  every 5s");
	for (cols = 40; cols < 200; cols++) {
		assert_non_null(strstr(line(&c, cols, 0), "INSECURE"));
		assert_non_null(strstr(line(&c, cols, 0), "polled 20:14:05Z"));
	}
	close_console(&c);
}

static void says_all_the_time_that_nothing_can_be_reset(void **state)
{
	struct cluster_setup setup = prod;
	struct console c;
	int cols;

	setup.read_only = true;
	open_console(&c, setup);
	assert_string_equal(
		line(&c, 80, 0),
		" bdbtop  prod-eu  cluster.prod.example  READ-ONLY    polled 20:14:05Z  every 5s");
	for (cols = 40; cols < 200; cols++)
		assert_non_null(strstr(line(&c, cols, 0), "polled 20:14:05Z"));
	assert_non_null(strstr(line(&c, 40, 0), "READ-ONLY"));
	close_console(&c);
}

static void the_label_stands_before_the_name_and_the_node_behind_the_host(void **state)
{
	struct cluster_setup setup = prod;
	struct console c;
	int cols;

	setup.label = "PROD";
	open_console(&c, setup);
	script_do(c.script, "via n2", c.now.ms);
	assert_string_equal(
		line(&c, 80, 0),
		" bdbtop  [PROD] prod-eu  cluster.prod.example via n2 polled 20:14:05Z  every 5s");
	for (cols = 40; cols < 200; cols++) {
		assert_non_null(strstr(line(&c, cols, 0), "[PROD] prod-eu "));
		assert_non_null(strstr(line(&c, cols, 0), "polled 20:14:05Z"));
	}
	close_console(&c);
}

static void the_red_word_and_the_label_outlast_all_other_words(void **state)
{
	struct cluster_setup setup = prod;
	struct console c;
	int cols;

	setup.label = "PROD";
	setup.insecure = setup.read_only = true;
	open_console(&c, setup);
	script_do(c.script, "via n2", c.now.ms);
	for (cols = 40; cols < 200; cols++) {
		assert_non_null(strstr(line(&c, cols, 0), "[PROD] p"));
		assert_non_null(strstr(line(&c, cols, 0), "INSECURE"));
		assert_non_null(strstr(line(&c, cols, 0), "polled 20:14:05Z"));
	}
	close_console(&c);
}

static void a_host_without_a_name_stands_there_once(void **state)
{
	static const struct {
		const char *name, *host, *narrow, *wide;
	} of[] = {
		{ "cluster.prod.example:9443", "cluster.prod.example:9443",
		  " bdbtop  cluster.prod.example  ", " bdbtop  cluster.prod.example:9443  " },
		{ "10.1.2.3", "10.1.2.3:9443", " bdbtop  10.1.2.3  ", " bdbtop  10.1.2.3:9443  " },
		{ "[::1]:9443", "[::1]:9443", " bdbtop  [::1]  ", " bdbtop  [::1]:9443  " },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(of); i++) {
		const struct cluster_setup setup = { .name = of[i].name, .host = of[i].host };
		struct console c;

		open_console(&c, setup);
		assert_int_equal(strncmp(line(&c, 80, 0), of[i].narrow, strlen(of[i].narrow)), 0);
		assert_int_equal(strncmp(line(&c, 120, 0), of[i].wide, strlen(of[i].wide)), 0);
		close_console(&c);
	}
}

static void a_long_name_gives_way_to_the_freshness(void **state)
{
	const struct cluster_setup setup = {
		.name = "a-cluster-with-quite-a-long-name-of-its-own",
		.host = "a.very.long.host.name.of.some.cluster.example:9443"
	};
	struct console c;
	int cols;

	open_console(&c, setup);
	for (cols = 40; cols < 200; cols++)
		assert_non_null(strstr(line(&c, cols, 0), "polled 20:14:05Z"));
	assert_string_equal(line(&c, 40, 0), " a-cluster-…f-its-own  polled 20:14:05Z");
	close_console(&c);
}

static void the_phrase_of_an_outage_ends_at_its_comma_where_there_is_no_room(void **state)
{
	struct console c;

	open_console(&c, prod);
	script_do(c.script, "fail Connection refused by 10.1.2.3 port 9443.", c.now.ms);
	advance(&c, 5000);
	advance(&c, 2000);
	advance(&c, 2000);
	advance(&c, 1200);
	assert_non_null(strstr(line(&c, 80, 0), "no answer for 5s, next try in 1s"));
	assert_string_equal(line(&c, 40, 0), " prod-eu               no answer for 5s");
	assert_string_equal(
		line(&c, 80, 2),
		" Connection refused by 10.1.2.3 port 9443 since 20:14:10Z. F5 tries now.");
	assert_string_equal(line(&c, 60, 2),
			    " Connection refused by 10.1.2.3 port 9443 since 20:14:10Z.");
	assert_string_equal(line(&c, 50, 2), " Connection refused by 10.1.2.3 port 9443.");
	close_console(&c);
}

static void names_the_pause_that_the_cluster_asked_for(void **state)
{
	struct console c;

	open_console(&c, prod);
	script_do(c.script, "fail Too many requests (429).", c.now.ms);
	script_do(c.script, "again 7000", c.now.ms);
	script_do(c.script, "retry-after 429", c.now.ms);
	advance(&c, 5000);
	advance(&c, 0);
	assert_non_null(strstr(line(&c, 80, 0), "429 too many requests, next try in 7s"));
	assert_string_equal(line(&c, 40, 0), " prod-eu          429 too many requests");
	/* no key is offered that does nothing */
	assert_null(strstr(line(&c, 80, 2), "F5 tries now"));
	advance(&c, 3000);
	assert_non_null(strstr(line(&c, 80, 0), "429 too many requests, next try in 4s"));
	script_do(c.script, "retry-after 503", c.now.ms);
	advance(&c, 4000);
	advance(&c, 0);
	assert_non_null(strstr(line(&c, 80, 0), "503 not available, next try in 7s"));
	close_console(&c);
}

static void says_that_the_clocks_differ_at_every_width(void **state)
{
	struct console c;
	int cols;

	open_console(&c, prod);
	script_wall(c.script, c.now);
	script_do(c.script, "ahead 130", c.now.ms);
	advance(&c, 5000);
	advance(&c, 5000);
	assert_string_equal(
		line(&c, 80, 0),
		" bdbtop  prod-eu  cluster.prod.example     clock 2m 10s ahead  polled 20:14:15Z");
	for (cols = 40; cols < 200; cols++) {
		assert_non_null(strstr(line(&c, cols, 0), "clock "));
		assert_non_null(strstr(line(&c, cols, 0), "ahead  polled 20:14:15Z"));
	}
	script_do(c.script, "ahead 60", c.now.ms);
	advance(&c, 5000);
	assert_null(strstr(line(&c, 80, 0), "clock"));
	close_console(&c);
	open_console(&c, prod);
	script_wall(c.script, c.now);
	script_do(c.script, "ahead -4000", c.now.ms);
	advance(&c, 5000);
	assert_non_null(strstr(line(&c, 80, 0), "clock 1h 06m behind  polled"));
	close_console(&c);
}

static void says_that_the_clocks_of_the_nodes_differ_at_every_width(void **state)
{
	struct console c;
	int cols;

	open_console(&c, prod);
	script_wall(c.script, c.now);
	advance(&c, 5000);
	script_do(c.script, "ahead 10800", c.now.ms);
	advance(&c, 5000);
	assert_string_equal(
		line(&c, 100, 0),
		" bdbtop  prod-eu  cluster.prod.example:9443    node clocks differ by 3h  "
		"polled 20:14:15Z  every 5s");
	assert_non_null(strstr(line(&c, 80, 0), "node clocks differ by 3h  polled 20:14:15Z"));
	for (cols = 40; cols < 200; cols++)
		assert_non_null(strstr(line(&c, cols, 0), cols < 60 ? "clocks " : "clocks differ"));
	assert_non_null(strstr(line(&c, 40, 0), " prod-eu  clocks vary  polled"));
	close_console(&c);
}

static void counts_no_zeros_of_problems_where_there_is_none(void **state)
{
	struct console c;

	open_console(&c, prod);
	script_do(c.script, "bdb 1 backup=succeeded", c.now.ms);
	advance(&c, 5000);
	assert_string_equal(line(&c, 80, 1), " no problems   0 running   1 quiet"
					     "                                sort severity");
	assert_string_equal(line(&c, 40, 1), " no problems 0 running 1 quiet");
	script_do(c.script, "bdb 2 backup=pondering", c.now.ms);
	advance(&c, 5000);
	assert_string_equal(line(&c, 80, 1), " no problems   0 running   1 other   1 quiet"
					     "   worst loss never   sort severity");
	script_do(c.script, "bdb 3 backup=failed:no-permission", c.now.ms);
	advance(&c, 5000);
	assert_string_equal(line(&c, 80, 1), " 1 failed   0 stalled   0 overdue   0 running   "
					     "1 other   1 quiet");
	close_console(&c);
}

static void what_is_beyond_an_rpo_is_counted_where_one_is_set(void **state)
{
	struct cluster_setup setup = prod;
	struct console c;

	setup.rpo.rpo_s = 3600;
	open_console(&c, setup);
	script_do(c.script, "bdb 1 backup=succeeded", c.now.ms);
	advance(&c, 5000);
	assert_non_null(strstr(line(&c, 80, 1), " no problems   0 running   1 quiet  "));
	script_do(c.script,
		  "bdb 2 backup=succeeded periodic=true every=86400 "
		  "backup.last=2026-11-21T16:02:11Z",
		  c.now.ms);
	advance(&c, 5000);
	assert_string_equal(line(&c, 80, 1), " 0 failed   0 stalled   1 overdue   1 beyond rpo"
					     "   0 running   1 quiet");
	close_console(&c);
}

static void a_hidden_database_is_one_database(void **state)
{
	struct console c;

	open_console(&c, prod);
	script_do(c.script, "bdb 1 backup=succeeded", c.now.ms);
	advance(&c, 5000);
	session_input(c.session, &(struct input_event){ .kind = INPUT_KEY, .key = '!' }, c.now);
	assert_non_null(strstr(line(&c, 120, 5), " ! shows the 1 database."));
	script_do(c.script, "bdb 2 backup=succeeded", c.now.ms);
	advance(&c, 5000);
	assert_non_null(strstr(line(&c, 120, 5), " ! shows all 2 databases."));
	close_console(&c);
}

static void zeros_stay_and_rare_states_are_counted_when_present(void **state)
{
	struct console c;

	open_console(&c, prod);
	script_do(c.script, "bdb 1 backup=failed:no-permission", c.now.ms);
	advance(&c, 5000);
	assert_string_equal(line(&c, 80, 1), " 1 failed   0 stalled   0 overdue   0 running   "
					     "0 quiet           sort severity");
	script_do(c.script, "bdb 2 backup=failed", c.now.ms);
	advance(&c, 5000);
	assert_non_null(strstr(line(&c, 80, 1), "0 overdue   1 suspect   0 running   0 quiet"));
	assert_string_equal(line(&c, 40, 1), " 1 failed 0 stalled 0 overdue 1 suspect");
	close_console(&c);
}

static void quiet_is_dropped_before_the_filter_and_problems_never(void **state)
{
	struct filter_error error;
	struct console c;
	int cols;

	open_console(&c, prod);
	script_do(c.script, "bdb 1 backup=failed:no-permission", c.now.ms);
	assert_int_equal(session_set_filter(c.session, "reason:no-permission", &error), 0);
	advance(&c, 5000);
	assert_string_equal(line(&c, 80, 1), " 1 failed   0 stalled   0 overdue   0 running"
					     "       filter reason:no-permission");
	assert_string_equal(line(&c, 94, 1), " 1 failed   0 stalled   0 overdue   0 running   "
					     "0 quiet           filter reason:no-permission");
	for (cols = 40; cols < 200; cols++) {
		assert_non_null(strstr(line(&c, cols, 1), "1 failed"));
		assert_non_null(strstr(line(&c, cols, 1), "0 overdue"));
		assert_non_null(strstr(line(&c, cols, 1), "filter"));
	}
	close_console(&c);
}

static void says_by_what_the_list_is_sorted_and_puts_its_sign_in_the_heading(void **state)
{
	static const struct {
		const char *order, *side, *heading, *turned;
	} by[] = {
		{ "db", "sort DB   filter none", "DB▲", "DB▼" },
		{ "name", "sort NAME   filter none", "NAME▲", "NAME▼" },
		{ "loss", "sort LOSS, largest first   filter none", "LOSS▼", "LOSS▲" },
		{ "backup", "sort BACKUP, worst first   filter none", "BACKUP▼", "BACKUP▲" },
	};
	struct sort_order order;
	struct console c;
	size_t i;

	open_console(&c, prod);
	script_do(c.script, "bdb 1 backup=failed:no-permission", c.now.ms);
	for (i = 0; i < ARRAY_SIZE(by); i++) {
		assert_int_equal(sort_order_parse(&order, by[i].order), 0);
		session_set_order(c.session, order);
		advance(&c, 5000);
		assert_non_null(strstr(line(&c, 120, 1), by[i].side));
		assert_non_null(strstr(line(&c, 120, 3), by[i].heading));
		order.reversed = true;
		session_set_order(c.session, order);
		advance(&c, 5000);
		assert_null(strstr(line(&c, 120, 3), by[i].heading));
		assert_non_null(strstr(line(&c, 120, 3), by[i].turned));
	}
	close_console(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(drops_latency_then_interval_then_host_then_its_own_name),
		cmocka_unit_test(keeps_the_red_word_at_every_width),
		cmocka_unit_test(says_all_the_time_that_nothing_can_be_reset),
		cmocka_unit_test(the_label_stands_before_the_name_and_the_node_behind_the_host),
		cmocka_unit_test(the_red_word_and_the_label_outlast_all_other_words),
		cmocka_unit_test(a_host_without_a_name_stands_there_once),
		cmocka_unit_test(a_long_name_gives_way_to_the_freshness),
		cmocka_unit_test(the_phrase_of_an_outage_ends_at_its_comma_where_there_is_no_room),
		cmocka_unit_test(names_the_pause_that_the_cluster_asked_for),
		cmocka_unit_test(says_that_the_clocks_differ_at_every_width),
		cmocka_unit_test(says_that_the_clocks_of_the_nodes_differ_at_every_width),
		cmocka_unit_test(counts_no_zeros_of_problems_where_there_is_none),
		cmocka_unit_test(what_is_beyond_an_rpo_is_counted_where_one_is_set),
		cmocka_unit_test(a_hidden_database_is_one_database),
		cmocka_unit_test(zeros_stay_and_rare_states_are_counted_when_present),
		cmocka_unit_test(quiet_is_dropped_before_the_filter_and_problems_never),
		cmocka_unit_test(says_by_what_the_list_is_sorted_and_puts_its_sign_in_the_heading),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return tap_run(tests);
}
