/*
 * The commands over a link that loses packets: a list is complete or there is an error, and a PUT
 * is sent once.
 *
 * The link is a tun device in a network namespace of the test.  What is sent to THERE comes back to
 * HERE with both addresses exchanged, so the server at HERE seems to be at THERE.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <pthread.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "bdbtop/core/array.h"
#include "tests/env_number.h"
#include "tests/faults/faults.h"
#include "tests/files.h"
#include "tests/main/child.h"

#define HERE	  "10.9.0.1"
#define THERE	  "10.9.0.2"
#define DATABASES 300
#define RUNS_MAX  40

/* The link; the thread owns all but percent. */
static struct {
	int fd;
	unsigned percent; /* lost; atomic */
	unsigned passed, lost;
	uint32_t seed;
	pthread_t thread;
} link_state;

/* --- the link -------------------------------------------------------------------------------- */

static int write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	bool done = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);

	if (fd >= 0)
		close(fd);
	return done ? 0 : -1;
}

/* A network namespace, in which this user may do everything.  Returns -1 with errno. */
static int enter_namespace(void)
{
	char uids[40], gids[40];

	snprintf(uids, sizeof(uids), "0 %u 1", getuid());
	snprintf(gids, sizeof(gids), "0 %u 1", getgid());
	if (unshare(CLONE_NEWUSER | CLONE_NEWNET) < 0 ||
	    write_file("/proc/self/setgroups", "deny") < 0 ||
	    write_file("/proc/self/uid_map", uids) < 0)
		return -1;
	return write_file("/proc/self/gid_map", gids);
}

static int set_address(int control, struct ifreq *request, unsigned long what, const char *ip)
{
	struct sockaddr_in at = { .sin_family = AF_INET };

	inet_pton(AF_INET, ip, &at.sin_addr);
	memcpy(&request->ifr_addr, &at, sizeof(at));
	return ioctl(control, what, request);
}

static int raise_interface(int control, const char *name)
{
	struct ifreq request = { .ifr_flags = IFF_UP | IFF_RUNNING };

	snprintf(request.ifr_name, sizeof(request.ifr_name), "%s", name);
	return ioctl(control, SIOCSIFFLAGS, &request);
}

/* Returns -1 with errno. */
static int open_link(void)
{
	struct ifreq request = { .ifr_flags = IFF_TUN | IFF_NO_PI };
	int control = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), rc;

	strcpy(request.ifr_name, "lossy");
	link_state.fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC);
	rc = link_state.fd < 0 || control < 0 || ioctl(link_state.fd, TUNSETIFF, &request) < 0 ||
			     set_address(control, &request, SIOCSIFADDR, HERE) < 0 ||
			     set_address(control, &request, SIOCSIFNETMASK, "255.255.255.0") < 0 ||
			     raise_interface(control, "lossy") < 0 ||
			     raise_interface(control, "lo") < 0
		     ? -1
		     : 0;
	if (control >= 0)
		close(control);
	return rc;
}

static bool is_lost(void)
{
	link_state.seed ^= link_state.seed << 13;
	link_state.seed ^= link_state.seed >> 17;
	link_state.seed ^= link_state.seed << 5;
	return link_state.seed % 100 < __atomic_load_n(&link_state.percent, __ATOMIC_RELAXED);
}

/* The sums in the headers stay the same: the addresses are only exchanged. */
static void *carry(void *arg)
{
	unsigned char packet[2048], address[4];
	ssize_t length;

	while ((length = read(link_state.fd, packet, sizeof(packet))) > 0) {
		if (length < 20 || packet[0] >> 4 != 4)
			continue;
		if (is_lost()) {
			link_state.lost++;
			continue;
		}
		memcpy(address, packet + 12, 4);
		memcpy(packet + 12, packet + 16, 4);
		memcpy(packet + 16, address, 4);
		link_state.passed += write(link_state.fd, packet, (size_t)length) == length;
	}
	return NULL;
}

static void lose(unsigned percent)
{
	__atomic_store_n(&link_state.percent, percent, __ATOMIC_RELAXED);
}

/* --- the commands ---------------------------------------------------------------------------- */

static struct faults *server;
static struct temp_dir dir;
static char url[120], ca[120], state_home[120];

static void add_list(void)
{
	char *list = malloc(DATABASES * 100), *end = list;
	size_t i;

	for (i = 1; i <= DATABASES; i++)
		end += sprintf(end, "%c{\"uid\":%zu,\"name\":\"db-%zu\",\"backup_status\":\"%s\"}",
			       i == 1 ? '[' : ',', i, i, i == 7 ? "failed" : "");
	strcpy(end, "]");
	faults_add(server,
		   &(struct fault){ .when = "GET /v1/bdbs?", .status = 200, .bytes = list });
	free(list);
}

static int open_server(void **state)
{
	FILE *file;

	server = faults_new(
		&(struct faults_setup){ .protocol = FAULTS_TLS, .name = THERE, .any = true });
	add_list();
	assert_int_equal(temp_dir_init(&dir, "actions.jsonl"), 0);
	snprintf(ca, sizeof(ca), "%s/ca.pem", dir.top);
	file = fopen(ca, "we");
	assert_non_null(file);
	fputs(faults_pem(server), file);
	fclose(file);
	snprintf(ca, sizeof(ca), "REDIS_ENTERPRISE_CA_CERT=%s/ca.pem", dir.top);
	snprintf(url, sizeof(url), "REDIS_ENTERPRISE_URL=https://" THERE ":%u",
		 faults_port(server));
	snprintf(state_home, sizeof(state_home), "XDG_STATE_HOME=%s", dir.state);
	lose(0);
	return 0;
}

static int close_server(void **state)
{
	faults_free(server);
	temp_dir_release(dir.top);
	return 0;
}

#define VARIABLES                                                                                  \
	WORDS(url, ca, state_home, "REDIS_ENTERPRISE_USER=admin@lab",                              \
	      "REDIS_ENTERPRISE_PASSWORD=pass")

static size_t lines_of(const char *text)
{
	size_t count = 0;

	for (; (text = strchr(text, '\n')); text++)
		count++;
	return count;
}

static void a_list_is_complete_or_there_is_an_error(void **state)
{
	struct child_result *runs = calloc(RUNS_MAX + 1, sizeof(*runs)), *whole = &runs[RUNS_MAX];
	struct child children[RUNS_MAX];
	size_t count = env_number("FAULTS_ALL", 0) ? RUNS_MAX : 6, complete = 0, i;

	child_run(whole, WORDS("list", "--format=csv", "--timeout=20"), VARIABLES);
	assert_int_equal(whole->status, 0);
	assert_int_equal(lines_of(whole->out), DATABASES + 1);
	for (i = 0; i < count; i++) {
		lose(i % 2 ? 20 : 5);
		child_start(&children[i], &runs[i], WORDS("list", "--format=csv", "--timeout=8"),
			    VARIABLES);
	}
	for (i = 0; i < count; i++) {
		child_end(&children[i]);
		if (!runs[i].status) {
			assert_string_equal(runs[i].out, whole->out);
			complete++;
			continue;
		}
		assert_int_equal(runs[i].status, 3);
		assert_string_equal(runs[i].out, "");
		assert_memory_equal(runs[i].err, "{\"error\":{\"code\":\"", 18);
	}
	printf("# %zu of %zu lists are complete, the others have an error; %u packets of %u are "
	       "lost\n",
	       complete, count, link_state.lost, link_state.lost + link_state.passed);
	assert_in_range(link_state.lost, 1, UINT32_MAX);
	free(runs);
}

static void a_put_is_sent_once(void **state)
{
	struct child_result *ran = calloc(1, sizeof(*ran));

	faults_add(server, &(struct fault){ .when = "GET /v1/bdbs/7?",
					    .status = 200,
					    .bytes = "{\"uid\":7,\"name\":\"db-7\","
						     "\"backup_status\":\"failed\"}" });
	faults_add(server, &(struct fault){ .when = "PUT ", .status = 200, .bytes = "" });
	lose(10);
	child_run(ran, WORDS("reset", "backup", "7", "--yes", "--timeout=20"), VARIABLES);
	assert_in_range(faults_count_of(server, "PUT "), 0, 1);
	if (!ran->status)
		assert_int_equal(faults_count_of(server, "PUT "), 1);
	free(ran);
}

static void when_nothing_passes_the_error_says_so_until_it_does(void **state)
{
	struct child_result *ran = calloc(1, sizeof(*ran));

	lose(100);
	child_run(ran, WORDS("list", "--timeout=1"), VARIABLES);
	assert_int_equal(ran->status, 3);
	assert_non_null(strstr(ran->err, "there was no reply within 1 s."));
	assert_int_equal(faults_count(server), 0);
	lose(0);
	child_run(ran, WORDS("list", "--timeout=20"), VARIABLES);
	assert_int_equal(ran->status, 0);
	free(ran);
}

#define ON_SERVER(test) cmocka_unit_test_setup_teardown(test, open_server, close_server)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_SERVER(a_list_is_complete_or_there_is_an_error),
		ON_SERVER(a_put_is_sent_once),
		ON_SERVER(when_nothing_passes_the_error_says_so_until_it_does),
	};

	if (enter_namespace() < 0 || open_link() < 0) {
		printf("1..0 # SKIP no tun device in a network namespace: %s\n", strerror(errno));
		return 0;
	}
	link_state.seed = (uint32_t)env_number("BDBTOP_SEED", 4711);
	if (pthread_create(&link_state.thread, NULL, carry, NULL) != 0)
		return 1;
	return tap_run(tests);
}
