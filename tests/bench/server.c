#include "server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "bdbtop/core/array.h"
#include "bdbtop/json/fields.h"
#include "bdbtop/sim/api.h"
#include "bench.h"
#include "sim/scenario.h"
#include "tests/faults/faults.h"

#define CONNECTIONS_MAX	 256
#define REQUEST_SIZE	 8192
#define TIME_KEY	 "\"last_backup_time\":\""
#define MINUTES_OFFSET	 (sizeof("2026-11-21T20:") - 1)
#define SCENARIO	 "triage"
#define TIMES_IN_AN_HOUR 3600
#define LARGEST_ELEMENT	 650 /* bytes */

struct connection {
	struct server *server;
	bool used;
	atomic_bool over; /* its thread has ended */
	struct faults_socket socket;
	pthread_t thread;
};

struct server {
	struct faults_tls *tls;
	struct sim_api *sim;
	char ca_file[BENCH_PATH];
	int *listeners;
	unsigned *ports;
	size_t port_count;
	int stop; /* an eventfd */
	pthread_t acceptor;
	struct connection connections[CONNECTIONS_MAX];
	unsigned accepted;
	pthread_mutex_t lock; /* of what follows, and of the simulated cluster */
	int64_t start_ms;
	char *list;
	size_t list_bytes;
	char **times; /* where the list has the minutes of a last_backup_time */
	size_t time_count;
	int every, round;
	unsigned asked;
	server_on_list_fn *on_list;
	void *on_list_arg;
};

const char *server_list_path(void)
{
	static char path[4096];

	snprintf(path, sizeof(path), "/v1/bdbs?fields=%s", fields_list(FIELDS_FULL));
	return path;
}

static void answer(struct server *s, const char *target, struct sim_reply *reply)
{
	const struct sim_request request = { .method = "GET",
					     .target = target,
					     .user = SERVER_USER,
					     .password = SERVER_PASSWORD,
					     .in_flight = 1 };

	sim_api_answer(s->sim, &request, s->start_ms, reply);
}

static void find_times(struct server *s)
{
	char *at = s->list;
	size_t count = 0;

	while ((at = strstr(at, TIME_KEY))) {
		at += strlen(TIME_KEY);
		count++;
	}
	s->times = calloc(count + 1, sizeof(*s->times));
	if (!s->times)
		die("memory");
	for (at = s->list; (at = strstr(at, TIME_KEY));) {
		at += strlen(TIME_KEY);
		if (*at != '"')
			s->times[s->time_count++] = at + MINUTES_OFFSET;
	}
}

/* The names take nearly all of the text that is allowed, and what bdbtop does not read fills the
 * bytes: 650 for an element. */
static void make_largest_list(struct server *s)
{
	const size_t room = (size_t)SERVER_LARGEST * LARGEST_ELEMENT + 2;
	char *at = s->list = malloc(room + 1);
	int uid;

	if (!at)
		die("memory");
	for (uid = 1; uid <= SERVER_LARGEST; uid++) {
		char *end = at + LARGEST_ELEMENT;

		at += sprintf(at,
			      "%c{\"uid\":%d,\"name\":\"%0120d\",\"backup_status\":\"failed\","
			      "\"backup_failure_reason\":\"no-permission\"," TIME_KEY
			      "2026-11-21T20:14:05Z\",\"notes\":\"",
			      uid == 1 ? '[' : ',', uid, uid);
		memset(at, 'x', (size_t)(end - at));
		at = end;
		memcpy(at - 2, "\"}", 2);
	}
	strcpy(at, "]");
	s->list_bytes = strlen(s->list);
}

static void take_list(struct server *s)
{
	struct sim_reply reply;

	answer(s, server_list_path(), &reply);
	if (reply.status != 200)
		die("the list of the simulated cluster");
	s->list = reply.body;
	s->list_bytes = reply.length;
	reply.body = NULL;
	sim_reply_release(&reply);
}

static void prepare(struct server *s, int databases)
{
	bool largest = databases == SERVER_LARGEST;
	struct timespec now;
	struct sim_setup setup = { .seed = 1, .databases = largest ? 0 : databases };
	struct err err;

	clock_gettime(CLOCK_REALTIME, &now);
	/* an hour ago, so that a time that changes within its hour is never in the future */
	s->start_ms = setup.start_ms = ((int64_t)now.tv_sec - TIMES_IN_AN_HOUR) * 1000;
	s->sim = sim_scenario_load(&setup, SCENARIO, &err);
	if (!s->sim || sim_api_run_line(s->sim, "password " SERVER_USER " " SERVER_PASSWORD,
					s->start_ms, &err) < 0)
		die(err.text);
	if (largest)
		make_largest_list(s);
	else
		take_list(s);
	find_times(s);
}

/* A minute and a second that the times did not have before. */
static void change_list(struct server *s)
{
	char digits[8];
	size_t i;

	if (!s->every)
		return;
	s->round = (s->round + 1) % TIMES_IN_AN_HOUR;
	snprintf(digits, sizeof(digits), "%02d:%02d", s->round / 60, s->round % 60);
	for (i = 0; i < s->time_count; i += (size_t)s->every)
		memcpy(s->times[i], digits, 5);
}

static bool send_bytes(void *session, const char *bytes, size_t length)
{
	while (length) {
		long sent = faults_tls_write(session, bytes, length);

		if (sent <= 0)
			return false;
		bytes += sent;
		length -= (size_t)sent;
	}
	return true;
}

static bool send_reply(void *session, unsigned status, const char *body, size_t length)
{
	char head[300], date[64];
	time_t now = time(NULL);
	struct tm utc;

	strftime(date, sizeof(date), "%a, %d %b %Y %H:%M:%S GMT", gmtime_r(&now, &utc));
	snprintf(head, sizeof(head),
		 "HTTP/1.1 %u Bench\r\nDate: %s\r\nContent-Type: application/json\r\n"
		 "Content-Length: %zu\r\n\r\n",
		 status, date, length);
	return send_bytes(session, head, strlen(head)) && send_bytes(session, body, length);
}

static bool send_list(struct server *s, void *session)
{
	s->asked++;
	if (s->on_list)
		s->on_list(s->on_list_arg, s->asked);
	change_list(s);
	return send_reply(session, 200, s->list, s->list_bytes);
}

static bool take_request(struct server *s, void *session, char *head)
{
	struct sim_reply reply;
	char *target = strchr(head, ' '), *end = target ? strchr(++target, ' ') : NULL;
	bool sent;

	if (!end || strncmp(head, "GET ", 4) != 0)
		return false;
	*end = '\0';
	pthread_mutex_lock(&s->lock);
	if (!strcmp(target, server_list_path())) {
		sent = send_list(s, session);
	} else {
		answer(s, target, &reply);
		sent = send_reply(session, reply.status, reply.body, reply.length);
		sim_reply_release(&reply);
	}
	pthread_mutex_unlock(&s->lock);
	return sent;
}

static void serve(struct server *s, void *session)
{
	char head[REQUEST_SIZE];
	size_t length = 0;
	long got;

	while ((got = faults_tls_read(session, head + length, sizeof(head) - 1 - length)) > 0) {
		length += (size_t)got;
		head[length] = '\0';
		if (!strstr(head, "\r\n\r\n"))
			continue;
		if (!take_request(s, session, head))
			return;
		length = 0;
	}
}

static void *run_connection(void *arg)
{
	struct connection *c = arg;
	void *session = faults_tls_take(c->server->tls, &c->socket);

	if (session) {
		serve(c->server, session);
		faults_tls_drop(session, false);
	}
	shutdown(c->socket.fd, SHUT_RDWR);
	c->over = true;
	return NULL;
}

static void end_connection(struct connection *c)
{
	pthread_join(c->thread, NULL);
	close(c->socket.fd);
	free(c->socket.bytes);
	c->used = false;
}

static struct connection *find_free(struct server *s)
{
	size_t i;

	for (i = 0; i < CONNECTIONS_MAX; i++) {
		struct connection *c = &s->connections[i];

		if (c->used && c->over)
			end_connection(c);
		if (!c->used)
			return c;
	}
	errno = 0;
	die("too many connections");
}

static void accept_one(struct server *s, int listener)
{
	struct connection *c = find_free(s);
	int fd = accept(listener, NULL, NULL);

	if (fd < 0)
		return;
	*c = (struct connection){ .server = s, .used = true, .socket.fd = fd };
	if (pthread_create(&c->thread, NULL, run_connection, c))
		die("a thread");
	s->accepted++;
}

static void *run_acceptor(void *arg)
{
	struct server *s = arg;
	struct pollfd *fds = calloc(s->port_count + 1, sizeof(*fds));
	size_t i;

	if (!fds)
		die("memory");
	for (i = 0; i < s->port_count; i++)
		fds[i] = (struct pollfd){ .fd = s->listeners[i], .events = POLLIN };
	fds[i] = (struct pollfd){ .fd = s->stop, .events = POLLIN };
	while (poll(fds, s->port_count + 1, -1) > 0 && !fds[s->port_count].revents)
		for (i = 0; i < s->port_count; i++)
			if (fds[i].revents)
				accept_one(s, s->listeners[i]);
	free(fds);
	return NULL;
}

static void listen_on(struct server *s, size_t index)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t size = sizeof(at);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || bind(fd, (void *)&at, sizeof(at)) || listen(fd, 16) ||
	    getsockname(fd, (void *)&at, &size))
		die("a port");
	s->listeners[index] = fd;
	s->ports[index] = ntohs(at.sin_port);
}

static void write_certificate(struct server *s)
{
	FILE *file;

	temporary_file(s->ca_file);
	file = fopen(s->ca_file, "we");
	if (!file || fputs(faults_tls_pem(s->tls), file) < 0 || fclose(file))
		die(s->ca_file);
}

struct server *server_new(int databases, size_t ports)
{
	struct server *s = calloc(1, sizeof(*s));
	size_t i;

	if (!s)
		die("memory");
	s->listeners = calloc(ports, sizeof(*s->listeners));
	s->ports = calloc(ports, sizeof(*s->ports));
	s->port_count = ports;
	s->stop = eventfd(0, EFD_CLOEXEC);
	if (!s->listeners || !s->ports || s->stop < 0)
		die("memory");
	prepare(s, databases);
	s->tls = faults_tls_new(&(struct faults_setup){ .protocol = FAULTS_TLS }, NULL, NULL);
	write_certificate(s);
	for (i = 0; i < ports; i++)
		listen_on(s, i);
	pthread_mutex_init(&s->lock, NULL);
	if (pthread_create(&s->acceptor, NULL, run_acceptor, s))
		die("a thread");
	return s;
}

void server_free(struct server *s)
{
	size_t i;

	eventfd_write(s->stop, 1);
	pthread_join(s->acceptor, NULL);
	for (i = 0; i < CONNECTIONS_MAX; i++) {
		if (!s->connections[i].used)
			continue;
		shutdown(s->connections[i].socket.fd, SHUT_RDWR);
		end_connection(&s->connections[i]);
	}
	for (i = 0; i < s->port_count; i++)
		close(s->listeners[i]);
	close(s->stop);
	unlink(s->ca_file);
	faults_tls_free(s->tls);
	sim_api_free(s->sim);
	pthread_mutex_destroy(&s->lock);
	free(s->list);
	free(s->times);
	free(s->listeners);
	free(s->ports);
	free(s);
}

unsigned server_port(const struct server *s, size_t index)
{
	return s->ports[index];
}

const char *server_ca_file(const struct server *s)
{
	return s->ca_file;
}

unsigned server_connections(const struct server *s)
{
	return s->accepted;
}

size_t server_list_bytes(const struct server *s)
{
	return s->list_bytes;
}

void server_change(struct server *s, int every)
{
	pthread_mutex_lock(&s->lock);
	s->every = every;
	pthread_mutex_unlock(&s->lock);
}

void server_set_on_list(struct server *s, server_on_list_fn *fn, void *arg)
{
	pthread_mutex_lock(&s->lock);
	s->on_list = fn;
	s->on_list_arg = arg;
	s->asked = 0;
	pthread_mutex_unlock(&s->lock);
}
