/*
 * tests/bench/console.c - measures times of the console with the simulated cluster and real TLS.
 *
 * Prints figures and checks none.  A figure of a short run is the median of RUNS runs.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <json-c/json.h>

#define RUNS	    9
#define PATIENCE_MS 60000

struct simulator {
	pid_t pid;
	int leash;
	char certificate[64];
};

struct console {
	pid_t pid;
	int pty;
	double started_ms;
	size_t bytes;
};

static double now_ms(void)
{
	struct timespec at;

	clock_gettime(CLOCK_MONOTONIC, &at);
	return (double)at.tv_sec * 1e3 + (double)at.tv_nsec / 1e6;
}

static void die(const char *what)
{
	fprintf(stderr, "bench: %s: %s\n", what, strerror(errno));
	exit(1);
}

static const char *beside(const char *name)
{
	static char path[4096];
	const char *build = getenv("BUILDDIR");

	snprintf(path, sizeof(path), "%s/%s", build ? build : ".", name);
	return path;
}

static void take_announcement(struct simulator *sim, const char *line)
{
	static const char *const names[][2] = { { "url", "REDIS_ENTERPRISE_URL" },
						{ "user", "REDIS_ENTERPRISE_USER" },
						{ "password", "REDIS_ENTERPRISE_PASSWORD" } };
	json_object *said = json_tokener_parse(line), *value;
	size_t i;
	int fd;

	for (i = 0; i < 3; i++)
		if (json_object_object_get_ex(said, names[i][0], &value))
			setenv(names[i][1], json_object_get_string(value), 1);
	strcpy(sim->certificate, "/tmp/bdbtop-bench-XXXXXX");
	fd = mkstemp(sim->certificate);
	if (fd < 0 || !json_object_object_get_ex(said, "cacert", &value) ||
	    write(fd, json_object_get_string(value), strlen(json_object_get_string(value))) < 0)
		die("the simulator's certificate");
	close(fd);
	setenv("REDIS_ENTERPRISE_CA_CERT", sim->certificate, 1);
	json_object_put(said);
}

static void start_simulator(struct simulator *sim, int databases)
{
	int said[2], leash[2];
	char count[40], line[65536];
	size_t length = 0;
	ssize_t got;

	snprintf(count, sizeof(count), "--databases=%d", databases);
	if (pipe2(said, O_CLOEXEC) < 0 || pipe2(leash, O_CLOEXEC) < 0)
		die("pipe");
	sim->pid = fork();
	if (sim->pid == 0) {
		dup2(said[1], 100);
		dup2(leash[0], STDIN_FILENO);
		dup2(open("/dev/null", O_WRONLY), STDOUT_FILENO);
		/* its clock does not move, so nothing changes between polls */
		execl(beside("bdbtop-sim"), "bdbtop-sim", "--ready-fd=100", "--clock=stdin",
		      "--scenario=calm", "--seed=1", count, (char *)NULL);
		_exit(127);
	}
	close(said[1]);
	close(leash[0]);
	sim->leash = leash[1];
	while (length < sizeof(line) - 1 &&
	       (got = read(said[0], line + length, sizeof(line) - 1 - length)) > 0)
		length += (size_t)got;
	line[length] = '\0';
	close(said[0]);
	if (!length)
		die("the simulator said nothing");
	take_announcement(sim, line);
}

static void stop_simulator(struct simulator *sim)
{
	close(sim->leash);
	waitpid(sim->pid, NULL, 0);
	unlink(sim->certificate);
}

static void start_console(struct console *console, const char *interval)
{
	struct winsize size = { .ws_row = 40, .ws_col = 120 };

	console->bytes = 0;
	console->started_ms = now_ms();
	console->pid = forkpty(&console->pty, NULL, NULL, &size);
	if (console->pid < 0)
		die("forkpty");
	if (console->pid == 0) {
		setenv("TERM", "xterm-256color", 1);
		setenv("LC_ALL", "C.UTF-8", 1);
		execl(beside("bdbtop"), "bdbtop", "-i", interval, (char *)NULL);
		_exit(127);
	}
}

static void stop_console(struct console *console)
{
	char rest[4096];

	kill(console->pid, SIGTERM);
	while (read(console->pty, rest, sizeof(rest)) > 0)
		;
	waitpid(console->pid, NULL, 0);
	close(console->pty);
}

/* Reads until the words come or a timeout; returns the milliseconds since `since`. */
static double until(struct console *console, const char *words, double since, double patience_ms)
{
	static char seen[1 << 20];
	size_t length = 0;
	struct pollfd ready = { .fd = console->pty, .events = POLLIN };

	while (now_ms() - since < patience_ms) {
		ssize_t got;

		if (poll(&ready, 1, 1) <= 0)
			continue;
		got = read(console->pty, seen + length, sizeof(seen) - 1 - length);
		if (got <= 0)
			die("the console ended");
		console->bytes += (size_t)got;
		length += (size_t)got;
		seen[length] = '\0';
		if (words && memmem(seen, length, words, strlen(words)))
			break;
		if (length > sizeof(seen) / 2)
			length = 0;
	}
	return now_ms() - since;
}

/* CPU time of the process so far, in ms. */
static double cpu_ms(pid_t pid)
{
	clockid_t clock;
	struct timespec used;

	if (clock_getcpuclockid(pid, &clock) || clock_gettime(clock, &used))
		die("cpu clock");
	return (double)used.tv_sec * 1e3 + (double)used.tv_nsec / 1e6;
}

static long status_of(pid_t pid, const char *key)
{
	char path[64], line[256];
	long value = -1;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
	file = fopen(path, "r");
	while (file && fgets(line, sizeof(line), file))
		if (!strncmp(line, key, strlen(key)))
			value = atol(line + strlen(key) + 1);
	if (file)
		fclose(file);
	return value;
}

static int by_size(const void *a, const void *b)
{
	double left = *(const double *)a, right = *(const double *)b;

	return left < right ? -1 : left > right;
}

static void report(const char *what, double *of, int count, const char *unit)
{
	qsort(of, (size_t)count, sizeof(*of), by_size);
	printf("%-62s %8.1f %s  (%.1f to %.1f)\n", what, of[count / 2], unit, of[0], of[count - 1]);
}

static void starts(void)
{
	double frame[RUNS], list[RUNS];
	struct simulator sim;
	struct console console;
	int i;

	start_simulator(&sim, 200);
	for (i = 0; i < RUNS; i++) {
		start_console(&console, "60");
		frame[i] = until(&console, "bdbtop", console.started_ms, PATIENCE_MS);
		list[i] = until(&console, "of 200", console.started_ms, PATIENCE_MS);
		stop_console(&console);
	}
	report("first frame, from fork", frame, RUNS, "ms");
	report("first picture of 200 databases over TLS, from fork", list, RUNS, "ms");
	stop_simulator(&sim);
}

/* Gives every 100th database another interval. */
static void change(const struct simulator *sim, int databases, int round)
{
	char line[64];
	int uid, length;

	for (uid = 1; uid <= databases; uid += 100) {
		length = snprintf(line, sizeof(line), "set %d backup_interval=%d\n", uid,
				  86400 + round);
		if (write(sim->leash, line, (size_t)length) != length)
			die("a change");
	}
}

/* The cost of a poll without changes, or with 1 % changed before each. */
static void polls(int databases, bool changing)
{
	const char *what = changing ? ", 1 % changed" : "";
	struct simulator sim;
	struct console console;
	double cpu;
	int seconds = 10, round;
	size_t bytes;
	long woken;

	start_simulator(&sim, databases);
	start_console(&console, "1");
	until(&console, " of ", console.started_ms, PATIENCE_MS);
	until(&console, NULL, now_ms(), 2500);
	cpu = cpu_ms(console.pid);
	bytes = console.bytes;
	woken = status_of(console.pid, "voluntary_ctxt_switches:");
	for (round = 0; round < seconds; round++) {
		if (changing)
			change(&sim, databases, round);
		until(&console, NULL, now_ms(), 1000);
	}
	printf("%5d databases: a poll%-42s%8.2f ms of CPU, "
	       "%.1f bytes to the "
	       "terminal, %.1f wake-ups\n",
	       databases, what, (cpu_ms(console.pid) - cpu) / seconds,
	       (double)(console.bytes - bytes) / seconds,
	       (double)(status_of(console.pid, "voluntary_ctxt_switches:") - woken) / seconds);
	printf("%5d databases: resident memory                                 %8.1f MiB\n",
	       databases, (double)status_of(console.pid, "VmRSS:") / 1024);
	stop_console(&console);
	stop_simulator(&sim);
}

/* Milliseconds until a page of output has come, which is more than a poll without changes draws. */
static double until_page(struct console *console, double since)
{
	size_t before = console->bytes;

	while (console->bytes - before < 100 && now_ms() - since < PATIENCE_MS)
		until(console, NULL, now_ms(), 0.2);
	return now_ms() - since;
}

static void press(struct console *console, const char *key, double *late)
{
	double pressed = now_ms();

	if (write(console->pty, key, 1) < 0)
		die("a key");
	*late = until_page(console, pressed);
}

static void report_keys(const char *what, int databases, double *late, int presses)
{
	qsort(late, (size_t)presses, sizeof(*late), by_size);
	printf("%5d databases, polled every second: %-27s %8.1f ms  (99 of 100 within %.1f, "
	       "latest %.1f)\n",
	       databases, what, late[presses / 2], late[presses * 99 / 100], late[presses - 1]);
}

/* Keys while a long list arrives: opens and closes the log, types a filter and clears it. */
static void keys(int databases)
{
	enum { PRESSES = 400 };
	static double late[PRESSES];
	static const char *const typed[] = { "9", "\x15" };
	struct simulator sim;
	struct console console;
	double unused;
	int i;

	start_simulator(&sim, databases);
	start_console(&console, "1");
	until(&console, " of ", console.started_ms, PATIENCE_MS);
	for (i = 0; i < PRESSES; i++) {
		press(&console, "l", &late[i]);
		until(&console, NULL, now_ms(), 3 + (i * 7) % 23);
	}
	report_keys("a key's effect", databases, late, PRESSES);
	press(&console, "/", &unused);
	for (i = 0; i < PRESSES; i++) {
		press(&console, typed[i % 2], &late[i]);
		until(&console, NULL, now_ms(), 3 + (i * 7) % 23);
	}
	report_keys("a key typed in the filter", databases, late, PRESSES);
	stop_console(&console);
	stop_simulator(&sim);
}

int main(void)
{
	unsetenv("https_proxy");
	setvbuf(stdout, NULL, _IOLBF, 0);
	starts();
	polls(200, false);
	polls(1000, false);
	polls(10000, false);
	polls(10000, true);
	keys(10000);
	return 0;
}
