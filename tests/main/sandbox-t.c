/*
 * The sandbox: what a process can no longer do in it, and what bdbtop still does in it.  Each test
 * enters it in a child.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <pthread.h>
#include <sys/prctl.h>
#include <sys/socket.h>

#include "bdbtop/core/array.h"
#include "main/landlock.h"
#include "main/sandbox.h"
#include "tests/faults/faults.h"
#include "tests/files.h"
#include "tests/main/child.h"
#include "tests/screen/pty.h"

/* Where a child may do what. */
struct places {
	struct temp_dir dir; /* the state directory */
	char state_dir[120], home[120], output[120], here[120], elsewhere[120], certificate[120];
	char cluster_ca[120];
	int listener, other_listener;
	unsigned other_port, closed_port;
	struct sandbox_setup setup;
};

/* DIRECTORY/NAME; both are short. */
static char *join(char out[120], const char *directory, const char *name)
{
	assert_true(snprintf(out, 120, "%s/%s", directory, name) < 120);
	return out;
}

static int make_listener(unsigned *port)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t length = sizeof(at);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_int_equal(bind(fd, (struct sockaddr *)&at, length), 0);
	assert_int_equal(listen(fd, 8), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &length), 0);
	*port = ntohs(at.sin_port);
	return fd;
}

static void make_file(const char *folder, const char *name)
{
	char path[120];

	join(path, folder, name);
	temp_dir_append(path, "x", 1);
}

static void make_dir(struct places *p, char *out, const char *name)
{
	join(out, p->dir.top, name);
	assert_int_equal(mkdir(out, 0700), 0);
	make_file(out, "old");
}

static int open_places(void **state)
{
	static struct places places;
	struct places *p = *state = &places;

	assert_int_equal(temp_dir_init(&p->dir, "old"), 0);
	temp_dir_mkdir(&p->dir);
	temp_dir_append(p->dir.path, "x", 1);
	join(p->state_dir, p->dir.state, "bdbtop");
	make_dir(p, p->home, "home");
	make_dir(p, p->output, "output");
	make_dir(p, p->here, "here");
	make_dir(p, p->elsewhere, "elsewhere");
	join(p->certificate, p->home, "ca.pem");
	temp_dir_append(p->certificate, "x", 1);
	p->setup = (struct sandbox_setup){ .home = p->home, .port_count = 1 };
	p->listener = make_listener(&p->setup.ports[0]);
	p->other_listener = make_listener(&p->other_port);
	close(make_listener(&p->closed_port));
	join(p->cluster_ca, p->dir.top, "cluster.pem");
	return 0;
}

static int close_places(void **state)
{
	struct places *p = *state;

	close(p->listener);
	close(p->other_listener);
	temp_dir_release(p->dir.top);
	return 0;
}

/* 0, or the errno of opening DIRECTORY/NAME. */
static int try_open(const char *directory, const char *name, int flags)
{
	char path[120];
	int fd;

	join(path, directory, name);
	fd = open(path, flags | O_CLOEXEC, 0600);
	if (fd < 0)
		return errno;
	close(fd);
	return 0;
}

static int try_create(const char *directory)
{
	return try_open(directory, "new", O_WRONLY | O_CREAT | O_EXCL);
}

static int try_connect(unsigned port)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
				  .sin_port = htons((uint16_t)port),
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), rc;

	rc = connect(fd, (struct sockaddr *)&at, sizeof(at)) < 0 ? errno : 0;
	close(fd);
	return rc;
}

/* Runs a function in a child, which fails with the line of the first assertion that does not
 * hold. */
#define HOLDS(condition)                                                                           \
	do {                                                                                       \
		if (!(condition)) {                                                                \
			printf("# line %d: %s\n", __LINE__, #condition);                           \
			fflush(stdout);                                                            \
			_exit(1);                                                                  \
		}                                                                                  \
	} while (0)

static void in_child(struct places *p, void (*body)(struct places *))
{
	int status = 0;
	pid_t child = fork();

	assert_true(child >= 0);
	if (!child) {
		alarm(60);
		body(p);
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

/* --- what is forbidden ----------------------------------------------------------------------- */

static void writes(struct places *p)
{
	char old[120], fresh[120], output[120];

	join(output, p->output, "out.csv");
	p->setup.state_dir = p->state_dir;
	p->setup.output = output;
	p->setup.writes_here = true;
	HOLDS(!chdir(p->here));
	HOLDS(sandbox_enter(&p->setup).abi > 0);
	HOLDS(!try_create(p->setup.state_dir));
	HOLDS(!try_create(p->output));
	HOLDS(!try_create(p->here));
	HOLDS(try_create(p->elsewhere) == EACCES);
	HOLDS(try_create(p->home) == EACCES);
	HOLDS(try_open(p->elsewhere, "old", O_WRONLY) == EACCES);
	HOLDS(try_open("/dev", "null", O_RDWR) == 0);
	join(old, p->elsewhere, "old");
	join(fresh, p->here, "stolen");
	HOLDS(unlink(old) < 0 && errno == EACCES);
	HOLDS(rename(old, fresh) < 0 && errno == EACCES);
	HOLDS(mkdir(fresh, 0700) < 0 && errno == EACCES);
	join(old, p->here, "old");
	HOLDS(!rename(old, fresh) && !unlink(fresh));
}

static void a_file_is_written_only_where_bdbtop_writes(void **state)
{
	in_child(*state, writes);
}

static void nothing(struct places *p)
{
	HOLDS(sandbox_enter(&p->setup).abi > 0);
	HOLDS(try_create(p->here) == EACCES);
	HOLDS(try_open(p->state_dir, "old", O_RDONLY) == EACCES);
	HOLDS(try_open(p->home, "old", O_RDONLY) == EACCES);
	execl("/bin/true", "true", (char *)NULL);
	HOLDS(errno == EACCES);
	/* what libraries read */
	HOLDS(!try_open("/etc", "passwd", O_RDONLY));
	HOLDS(!try_open("/proc/self", "statm", O_RDONLY));
	HOLDS(!try_open("/usr", "lib", O_RDONLY | O_DIRECTORY));
}

static void a_run_without_a_store_writes_nothing_and_reads_only_the_system(void **state)
{
	in_child(*state, nothing);
}

static void certificates(struct places *p)
{
	char key[120];

	join(key, p->elsewhere, "key.pem");
	temp_dir_append(key, "x", 1);
	p->setup.files[0] = p->certificate;
	p->setup.files[2] = key;
	HOLDS(sandbox_enter(&p->setup).abi > 0);
	HOLDS(!try_open(p->home, "ca.pem", O_RDONLY));
	HOLDS(!try_open(p->elsewhere, "key.pem", O_RDONLY));
	/* the file beside it may be the renewed one; but not in the home directory */
	HOLDS(!try_open(p->elsewhere, "old", O_RDONLY));
	HOLDS(try_open(p->home, "old", O_RDONLY) == EACCES);
	HOLDS(try_open(p->elsewhere, "old", O_WRONLY) == EACCES);
}

static void certificates_are_read_but_not_the_home_directory(void **state)
{
	in_child(*state, certificates);
}

static void devices(struct places *p)
{
	p->setup.output = "/dev/full";
	HOLDS(sandbox_enter(&p->setup).abi > 0);
	HOLDS(!try_open("/dev", "full", O_WRONLY));
	HOLDS(try_open("/dev", "zero", O_WRONLY) == EACCES);
	HOLDS(try_create("/dev/shm") == EACCES);
}

static void an_output_that_is_no_file_opens_no_directory(void **state)
{
	in_child(*state, devices);
}

/* --- what inherits it ------------------------------------------------------------------------ */

static void *in_thread(void *arg)
{
	struct places *p = arg;

	HOLDS(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1);
	HOLDS(try_create(p->elsewhere) == EACCES);
	return NULL;
}

static void heirs(struct places *p)
{
	pthread_t thread;
	int status;
	pid_t child;

	HOLDS(sandbox_enter(&p->setup).abi > 0);
	HOLDS(!pthread_create(&thread, NULL, in_thread, p));
	HOLDS(!pthread_join(thread, NULL));
	child = fork();
	if (!child) {
		in_thread(p);
		_exit(0);
	}
	HOLDS(waitpid(child, &status, 0) == child && !status);
}

static void threads_and_children_inherit_it(void **state)
{
	in_child(*state, heirs);
}

/* --- ports, and older kernels ---------------------------------------------------------------- */

static void connects(struct places *p)
{
	struct sandbox sandbox = sandbox_enter(&p->setup);

	HOLDS(sandbox_limits_ports(&sandbox));
	HOLDS(!try_connect(p->setup.ports[0]));
	HOLDS(try_connect(p->other_port) == EACCES);
	HOLDS(try_connect(53) == ECONNREFUSED || !try_connect(53));
}

static void it_connects_only_to_the_ports_of_the_cluster(void **state)
{
	if (landlock_abi() < LANDLOCK_PORTS) {
		print_message("the kernel has no rules for TCP ports: not tested\n");
		return;
	}
	in_child(*state, connects);
}

static int older_abi;

static void degraded(struct places *p)
{
	struct landlock rules;

	landlock_init(&rules, older_abi);
	landlock_allow(&rules, p->here, LANDLOCK_READ | LANDLOCK_WRITE);
	landlock_allow(&rules, "/dev/null", LANDLOCK_WRITE);
	landlock_allow_port(&rules, p->setup.ports[0]);
	HOLDS(landlock_enforce(&rules) == older_abi);
	HOLDS(!try_open(p->here, "old", O_WRONLY | O_TRUNC));
	HOLDS(!try_create(p->here));
	HOLDS(try_create(p->elsewhere) == EACCES);
	HOLDS(!try_connect(p->other_port));
}

static int remove_new(const struct places *p)
{
	char path[120];

	join(path, p->here, "new");
	return unlink(path);
}

static void an_older_kernel_limits_files_alone(void **state)
{
	for (older_abi = 1; older_abi < LANDLOCK_PORTS && older_abi <= landlock_abi();
	     older_abi++) {
		in_child(*state, degraded);
		assert_int_equal(remove_new(*state), 0);
	}
}

static void unlimited(struct places *p)
{
	struct landlock rules;

	landlock_init(&rules, 0);
	landlock_allow(&rules, p->here, LANDLOCK_READ);
	HOLDS(landlock_enforce(&rules) == 0);
	HOLDS(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1);
	HOLDS(!try_create(p->elsewhere));
}

static void off(struct places *p)
{
	p->setup.off = true;
	HOLDS(sandbox_enter(&p->setup).off);
	HOLDS(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 0);
	HOLDS(!try_create(p->home));
}

static void without_landlock_only_privileges_and_when_off_nothing(void **state)
{
	in_child(*state, unlimited);
	in_child(*state, off);
}

static void its_level_has_words(void **state)
{
	static const struct {
		struct sandbox sandbox;
		const char *words;
	} rows[] = {
		{ { .off = true, .abi = 7 }, "off" },
		{ { .abi = 0 }, "no new privileges (the kernel has no Landlock)" },
		{ { .abi = 3 }, "files (Landlock ABI 3; for TCP ports Linux 6.7 is needed)" },
		{ { .abi = 4 }, "files and TCP ports (Landlock ABI 4)" },
	};
	char text[SANDBOX_TEXT_BYTES];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++)
		assert_string_equal(sandbox_format(&rows[i].sandbox, text), rows[i].words);
}

/* --- bdbtop in it ---------------------------------------------------------------------------- */

static struct child_result ran;

/* Lists the cluster behind a server that redirects to another port. */
static void list_redirected(const struct places *p, const char *option)
{
	char answer[200], cacert[160], at[40], state_home[160];
	struct faults *server = faults_new(&(struct faults_setup){ .protocol = FAULTS_TLS });

	snprintf(answer, sizeof(answer),
		 "HTTP/1.1 307 Moved\r\nContent-Length: 0\r\n"
		 "Location: https://127.0.0.1:%u/v1/bdbs\r\n\r\n",
		 p->closed_port);
	faults_add(server, &(struct fault){ .when = "", .bytes = answer });
	temp_dir_append(p->cluster_ca, faults_pem(server), strlen(faults_pem(server)));
	snprintf(cacert, sizeof(cacert), "--cacert=%s", p->cluster_ca);
	snprintf(at, sizeof(at), "127.0.0.1:%u", faults_port(server));
	snprintf(state_home, sizeof(state_home), "XDG_STATE_HOME=%s", p->dir.state);
	child_run(&ran, WORDS("list", at, cacert, "--user=u", "--password-command=echo p", option),
		  WORDS(state_home));
	faults_free(server);
	unlink(p->cluster_ca);
}

static void a_redirect_to_another_port_is_an_error_of_the_request(void **state)
{
	const struct places *p = *state;
	char sentence[200];

	if (landlock_abi() < LANDLOCK_PORTS) {
		print_message("the kernel has no rules for TCP ports: not tested\n");
		return;
	}
	list_redirected(p, "--ascii");
	snprintf(sentence, sizeof(sentence),
		 "a redirect (307) leads to 127.0.0.1 port %u, which the sandbox does not allow. "
		 "Give an address of the cluster with that port, or start bdbtop with "
		 "--no-sandbox.\n",
		 p->closed_port);
	assert_non_null(strstr(ran.err, sentence));
	assert_int_equal(ran.status, 3);
	list_redirected(p, "--no-sandbox");
	assert_non_null(strstr(ran.err, "refuses the connection"));
}

static void the_console_writes_below_its_directory_and_says_so(void **state)
{
	const struct places *p = *state;
	char typed[160], level[SANDBOX_TEXT_BYTES];
	static struct pty pty;

	pty_open(&pty, &(struct pty_setup){ .cols = 100, .rows = 50 });
	pty_script(&pty, "bdb 12 name=orders-eu");
	pty_script(&pty, "release list");
	pty_advance(&pty, 0);
	snprintf(typed, sizeof(typed), "w%s/list.csv\r", p->elsewhere);
	pty_type(&pty, typed);
	assert_true(
		pty_shows(&pty, "list.csv was not written: the sandbox forbids it. Name a file"));
	assert_int_equal(try_open(p->elsewhere, "list.csv", O_RDONLY), ENOENT);
	pty_type(&pty, "\033");
	snprintf(typed, sizeof(typed), "wsandbox-%ld.csv\r", (long)getpid());
	pty_type(&pty, typed);
	typed[strlen(typed) - 1] = '\0';
	assert_int_equal(unlink(typed + 1), 0);
	pty_type(&pty, "?d");
	pty_type(&pty, "G");
	assert_true(
		pty_shows(&pty, sandbox_format(&(struct sandbox){ .abi = landlock_abi() }, level)));
	pty_close(&pty);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_places, close_places)
	const struct CMUnitTest tests[] = {
		TEST(a_file_is_written_only_where_bdbtop_writes),
		TEST(a_run_without_a_store_writes_nothing_and_reads_only_the_system),
		TEST(certificates_are_read_but_not_the_home_directory),
		TEST(an_output_that_is_no_file_opens_no_directory),
		TEST(threads_and_children_inherit_it),
		TEST(it_connects_only_to_the_ports_of_the_cluster),
		TEST(an_older_kernel_limits_files_alone),
		TEST(without_landlock_only_privileges_and_when_off_nothing),
		TEST(its_level_has_words),
		TEST(a_redirect_to_another_port_is_an_error_of_the_request),
		TEST(the_console_writes_below_its_directory_and_says_so),
	};

	if (!landlock_abi()) {
		puts("1..0 # SKIP the kernel has no Landlock");
		return 0;
	}
	return tap_run(tests);
}
