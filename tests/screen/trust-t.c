/*
 * Trust in the console: the question, the pin for the next start, which redirects it follows, and
 * what it never sends, checked with the request log of the simulated cluster.
 */
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bdbtop/core/array.h"
#include "tests/screen/walkthrough.h"
#include "tests/tap.h"

#define NEW_KEY	   " HAS CHANGED. Refused; no log-in was sent."
#define PUT_BACKUP "/v1/bdbs/12/actions/backup_reset_status"

static void read_state(const char *name, char *out, size_t size, mode_t *mode)
{
	char path[128];
	struct stat st = { .st_mode = 0 };
	size_t length = 0;
	FILE *file;

	snprintf(path, sizeof(path), "%s/bdbtop/%s", walkthrough_state, name);
	file = fopen(path, "r");
	if (file) {
		length = fread(out, 1, size - 1, file);
		assert_int_equal(fstat(fileno(file), &st), 0);
		fclose(file);
	}
	out[length] = '\0';
	*mode = st.st_mode & 07777;
}

static void read_known(char *out, size_t size, mode_t *mode)
{
	read_state("known_clusters", out, size, mode);
}

/* --- trust ------------------------------------------------------------------------------------ */

static void the_first_contact_asks_and_no_sends_nothing(void **unused)
{
	char known[1024];
	mode_t mode;

	walkthrough_start(NULL, NULL);
	pty_await(&pty, WALKTHROUGH_QUESTION);
	pty_await(&pty, "not trusted, nothing sent");
	pty_await(&pty, "First visit to 127.0.0.1:");
	pty_await(&pty, "self-signed");
	pty_await(&pty, "bdbtop-sim throw-away");
	assert_int_equal(walkthrough_requests(&sim), 0);
	pty_send(&pty, "n");
	pty_await_not(&pty, WALKTHROUGH_QUESTION);
	walkthrough_settle();
	assert_int_equal(walkthrough_requests(&sim), 0);
	walkthrough_quit();
	assert_int_equal(walkthrough_requests(&sim), 0);
	read_known(known, sizeof(known), &mode);
	assert_string_equal(known, "");
}

static void yes_pins_the_key_and_the_next_start_does_not_ask(void **unused)
{
	char known[1024], line[128], names[16384];
	mode_t mode;

	walkthrough_pin();
	assert_int_equal(walkthrough_with_status(&sim, 200), walkthrough_requests(&sim));
	read_known(known, sizeof(known), &mode);
	snprintf(line, sizeof(line), "%.40s %s cert=", sim.at.url + strlen("https://"),
		 walkthrough_pin_of(&sim));
	assert_memory_equal(known, line, strlen(line));
	assert_int_equal(mode, 0600);
	assert_non_null(strstr(known, " since=20"));
	assert_null(strstr(known, sim.at.password));
	assert_false(pty_shows(&pty, "cannot be used"));
	walkthrough_quit();
	walkthrough_start(NULL, NULL);
	pty_await(&pty, WALKTHROUGH_LISTED);
	assert_false(pty_got(&pty, "First visit"));
	/* the console keeps the names for completions */
	read_state("names", names, sizeof(names), &mode);
	assert_non_null(strstr(names, "\t80\tinvoices\n"));
	assert_int_equal(mode, 0600);
}

static void another_key_is_refused_before_anything_is_sent(void **unused)
{
	walkthrough_pin();
	walkthrough_quit();
	simulated_say(&sim, "log clear");
	simulated_say(&sim, "certificate new-key");
	walkthrough_start(NULL, NULL);
	pty_await(&pty, NEW_KEY);
	pty_await(&pty, "bdbtop trust --replace 127.0.0.1:");
	pty_await(&pty, "pinned       SHA-256 ");
	pty_await(&pty, "offered      SHA-256 ");
	pty_send(&pty, "\033[15~y.");
	pty_await(&pty, NEW_KEY);
	assert_int_equal(walkthrough_requests(&sim), 0);
	walkthrough_quit();
	assert_int_equal(walkthrough_requests(&sim), 0);
}

static void another_key_in_mid_session_gets_no_log_in(void **unused)
{
	walkthrough_pin();
	simulated_say(&sim, "certificate new-key");
	simulated_say(&sim, "log clear");
	pty_send(&pty, ".");
	pty_await(&pty, NEW_KEY);
	assert_int_equal(walkthrough_requests(&sim), 0);
}

static void an_address_of_ipv6_is_pinned_too(void **unused)
{
	const struct sockaddr_in6 here = { .sin6_family = AF_INET6,
					   .sin6_addr = in6addr_loopback };
	int probe = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool can = probe >= 0 && !bind(probe, (const struct sockaddr *)&here, sizeof(here));

	if (probe >= 0)
		close(probe);
	/* nothing to test without IPv6 */
	if (!can)
		return;
	walkthrough_open_ipv6();
	walkthrough_pin();
	pty_await(&pty, " [::1]:");
	assert_in_range(walkthrough_requests(&other), 1, 2);
	walkthrough_quit();
	walkthrough_start(NULL, NULL);
	pty_await(&pty, WALKTHROUGH_LISTED);
	assert_int_equal(walkthrough_requests(&sim), 0);
}

/* --- redirects -------------------------------------------------------------------------------- */

/* Sends the first simulator an order that ends with the address of the second. */
static void redirect(const char *order, const char *path)
{
	char line[512];

	snprintf(line, sizeof(line), "%s %.200s%s", order, other.at.url, path);
	simulated_say(&sim, line);
}

static void puts_are(struct simulated *at, size_t count, unsigned status)
{
	size_t i;

	assert_int_equal(simulated_log_bdbs(at, "PUT"), count);
	for (i = 0; i < at->requests; i++)
		if (!strcmp(at->request[i].method, "PUT")) {
			assert_string_equal(at->request[i].target, PUT_BACKUP);
			assert_int_equal(at->request[i].status, status);
		}
}

static void reset_orders(void)
{
	pty_send(&pty, "jjb");
	pty_await(&pty, "status of db:12 orders-eu");
	pty_confirm(&pty);
}

static void a_redirect_is_followed_under_the_pin(void **unused)
{
	walkthrough_open_other(true);
	redirect("redirect", "");
	walkthrough_pin();
	assert_int_equal(walkthrough_with_status(&sim, 307), walkthrough_requests(&sim));
	assert_int_equal(walkthrough_with_status(&other, 200), walkthrough_requests(&other));
	assert_in_range(walkthrough_requests(&other), 1, 2);
}

static void a_redirect_is_followed_under_a_ca_although_it_is_to_an_ip(void **unused)
{
	walkthrough_open_other(true);
	redirect("redirect", "");
	setenv("REDIS_ENTERPRISE_CA_CERT", sim.cacert, 1);
	walkthrough_start(NULL, NULL);
	pty_await(&pty, WALKTHROUGH_LISTED);
	assert_in_range(walkthrough_with_status(&other, 200), 1, 2);
	assert_int_equal(walkthrough_with_status(&sim, 307), walkthrough_requests(&sim));
}

static void a_reset_goes_to_the_second_node_after_a_read_there(void **unused)
{
	walkthrough_open_other(true);
	walkthrough_pin();
	redirect("answer PUT /v1/bdbs 307", PUT_BACKUP);
	reset_orders();
	simulated_say(&other, "await PUT " PUT_BACKUP);
	simulated_say(&other, "advance 2s");
	pty_await(&pty, "200 accepted");
	puts_are(&sim, 1, 307);
	puts_are(&other, 1, 200);
	assert_string_equal(other.request[0].method, "GET");
	assert_memory_equal(other.request[0].target, "/v1/bdbs/12?fields=", 19);
}

static void a_redirect_to_another_key_gets_no_log_in(void **unused)
{
	walkthrough_open_other(false);
	walkthrough_pin();
	redirect("redirect", "");
	pty_send(&pty, ".");
	simulated_say(&sim, "await GET /v1/bdbs$ 2");
	pty_await(&pty, "polled");
	walkthrough_settle();
	assert_int_equal(walkthrough_requests(&other), 0);
}

static void a_reset_that_is_sent_to_another_key_gets_no_log_in(void **unused)
{
	walkthrough_open_other(false);
	walkthrough_pin();
	redirect("answer PUT /v1/bdbs 307", PUT_BACKUP);
	reset_orders();
	pty_await(&pty, "307 primary is 127.0.0.1");
	puts_are(&sim, 1, 307);
	assert_int_equal(walkthrough_requests(&other), 0);
}

#define PLAIN(test) cmocka_unit_test_setup_teardown(test, walkthrough_open, walkthrough_close)
#define NAMED(test) cmocka_unit_test_setup_teardown(test, walkthrough_open_named, walkthrough_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		PLAIN(the_first_contact_asks_and_no_sends_nothing),
		PLAIN(yes_pins_the_key_and_the_next_start_does_not_ask),
		PLAIN(another_key_is_refused_before_anything_is_sent),
		PLAIN(another_key_in_mid_session_gets_no_log_in),
		PLAIN(an_address_of_ipv6_is_pinned_too),
		NAMED(a_redirect_is_followed_under_the_pin),
		NAMED(a_redirect_is_followed_under_a_ca_although_it_is_to_an_ip),
		NAMED(a_reset_goes_to_the_second_node_after_a_read_there),
		PLAIN(a_redirect_to_another_key_gets_no_log_in),
		PLAIN(a_reset_that_is_sent_to_another_key_gets_no_log_in),
	};

	return tap_run_within(300, tests);
}
