#include "tests/faults/faults.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <zlib.h>

#define CONNECTIONS_MAX 256
#define REQUESTS_MAX	8192
#define FAULTS_MAX	8192
#define HEAD_MAX	8192

struct connection {
	struct faults *server;
	unsigned number;
	struct faults_socket wire; /* fd -1: closed */
	size_t plain;		 /* bytes after the handshake */
	void *session;		 /* TLS, or NULL */
	pthread_t thread;
};

struct faults {
	struct faults_setup first; /* of faults_new() */
	enum faults_protocol protocol;
	const char *greeting;
	struct faults_tls *tls;	    /* of faults_new() */
	struct faults_tls *changed; /* of faults_become(), or NULL */
	int fd, filler;		    /* filler: fills the queue of FAULTS_UNACCEPTING, or -1 */
	bool six;
	unsigned port;
	pthread_t thread; /* if listening */
	bool listening;

	pthread_mutex_t lock; /* protects all members below */
	pthread_cond_t moved;
	bool over;
	unsigned opened; /* gated answers released */
	unsigned gone;	 /* gated answers written */
	struct fault faults[FAULTS_MAX];
	unsigned used[FAULTS_MAX];
	size_t fault_count, forgotten;
	struct faults_request requests[REQUESTS_MAX];
	size_t request_count;
	struct connection connections[CONNECTIONS_MAX];
	unsigned connection_count;
};

static void die(const char *what)
{
	perror(what);
	exit(1);
}

static long read_some(struct connection *c, void *bytes, size_t length)
{
	long got = c->session ? faults_tls_read(c->session, bytes, length)
			      : faults_socket_read(&c->wire, bytes, length);

	c->plain += got > 0 ? (size_t)got : 0;
	return got;
}

static bool write_all(struct connection *c, const char *bytes, size_t length)
{
	while (length) {
		long put = c->session ? faults_tls_write(c->session, bytes, length)
				      : send(c->wire.fd, bytes, length, MSG_NOSIGNAL);

		if (put <= 0)
			return false;
		bytes += put;
		length -= (size_t)put;
	}
	return true;
}

/* Reads one request with its body; false: the client closed. */
static bool take_request(struct connection *c, struct faults_request *request)
{
	char head[HEAD_MAX + 1];
	size_t got = 0, length = 0, i;
	const char *found;

	do {
		if (got == HEAD_MAX || read_some(c, head + got, 1) != 1)
			return false;
		head[++got] = '\0';
	} while (got < 4 || strcmp(head + got - 4, "\r\n\r\n") != 0);
	found = strcasestr(head, "\r\ncontent-length:");
	if (found)
		length = strtoul(found + 17, NULL, 10);
	request->connection = c->number;
	request->head = strdup(head);
	request->body = calloc(1, length + 1);
	for (i = 0; i < length; i++)
		if (read_some(c, request->body + i, 1) != 1)
			break;
	if (i == length)
		return true;
	free(request->head);
	free(request->body);
	return false;
}

/* Logs the request and chooses the fault; false: none matches. */
static bool choose(struct faults *server, const struct faults_request *request, struct fault *out)
{
	bool found = false;
	size_t i;

	pthread_mutex_lock(&server->lock);
	if (server->request_count == REQUESTS_MAX)
		die("too many requests");
	server->requests[server->request_count++] = *request;
	for (i = server->forgotten; i < server->fault_count && !found; i++) {
		const struct fault *fault = &server->faults[i];

		if (strncmp(request->head, fault->when, strlen(fault->when)) != 0 ||
		    (fault->times && server->used[i] == fault->times))
			continue;
		server->used[i]++;
		*out = *fault;
		found = true;
	}
	pthread_cond_broadcast(&server->moved);
	while (found && out->gated && !server->opened && !server->over)
		pthread_cond_wait(&server->moved, &server->lock);
	if (found && out->gated && server->opened)
		server->opened--;
	pthread_mutex_unlock(&server->lock);
	return found;
}

static void flood(struct connection *c, int letter)
{
	char letters[4096];

	memset(letters, letter, sizeof(letters));
	while (write_all(c, letters, sizeof(letters)))
		;
}

/* Waits until the client or faults_free() closes it. */
static void hang(struct connection *c)
{
	char byte;

	while (read_some(c, &byte, 1) == 1)
		;
}

static void breaks(struct connection *c)
{
	struct linger now = { .l_onoff = 1 };

	setsockopt(c->wire.fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
}

static void notify_closed(struct faults *server)
{
	pthread_mutex_lock(&server->lock);
	server->gone++;
	pthread_cond_broadcast(&server->moved);
	pthread_mutex_unlock(&server->lock);
}

static void trickle(struct connection *c, const struct fault *fault)
{
	struct faults *server = c->server;
	const char *end = memmem(fault->bytes, fault->length, "\r\n\r\n", 4);
	size_t i = end ? (size_t)(end + 4 - fault->bytes) : 0;

	write_all(c, fault->bytes, i);
	for (; i < fault->length; i++) {
		pthread_mutex_lock(&server->lock);
		while (!server->opened && !server->over)
			pthread_cond_wait(&server->moved, &server->lock);
		server->opened -= server->opened > 0;
		pthread_mutex_unlock(&server->lock);
		write_all(c, fault->bytes + i, 1);
		notify_closed(server);
	}
	hang(c);
}

/* True: the connection can take another request. */
static bool run_fault(struct connection *c, const struct fault *fault)
{
	size_t i;

	if (fault->action == FAULT_DRIP) {
		for (i = 0; i < fault->length; i++)
			if (!write_all(c, fault->bytes + i, 1))
				return false;
		return true;
	}
	if (fault->action == FAULT_TRICKLE)
		trickle(c, fault);
	else if (!write_all(c, fault->bytes, fault->length))
		return false;
	if (fault->gated)
		notify_closed(c->server);
	if (fault->action == FAULT_FLOOD)
		flood(c, 'a');
	else if (fault->action == FAULT_BLANKS)
		flood(c, ' ');
	else if (fault->action == FAULT_HANG)
		hang(c);
	else if (fault->action == FAULT_BREAK)
		breaks(c);
	return fault->action == FAULT_SEND;
}

static void *serve(void *arg)
{
	struct connection *c = arg;
	struct faults *server = c->server;
	struct faults_request request;
	struct fault fault = { 0 };
	char greeted[4096];

	/* reads the client's first bytes: with unread bytes, close() sends a RST, and the client
	 * loses the greeting */
	if (server->greeting && read_some(c, greeted, sizeof(greeted)) > 0)
		write_all(c, server->greeting, strlen(server->greeting));
	else if (server->protocol == FAULTS_SILENT)
		hang(c);
	else if (server->protocol == FAULTS_CUT && read_some(c, greeted, 1) == 1)
		breaks(c);
	if (server->protocol == FAULTS_TLS)
		c->session = faults_tls_take(server->changed ? server->changed : server->tls,
					     &c->wire);
	if (server->protocol == FAULTS_PLAIN || c->session)
		while (take_request(c, &request) && choose(server, &request, &fault) &&
		       run_fault(c, &fault))
			;
	if (c->session)
		faults_tls_drop(c->session, fault.action != FAULT_BREAK);
	pthread_mutex_lock(&server->lock);
	close(c->wire.fd);
	c->wire.fd = -1;
	pthread_cond_broadcast(&server->moved);
	pthread_mutex_unlock(&server->lock);
	return NULL;
}

static void *receive(void *arg)
{
	struct faults *server = arg;
	int fd, on = 1;

	while ((fd = accept(server->fd, NULL, NULL)) >= 0) {
		struct connection *c;

		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
		pthread_mutex_lock(&server->lock);
		if (server->over || server->connection_count == CONNECTIONS_MAX) {
			close(fd);
		} else {
			c = &server->connections[server->connection_count++];
			*c = (struct connection){ .server = server,
						  .wire.fd = fd,
						  .number = server->connection_count };
			if (pthread_create(&c->thread, NULL, serve, c) != 0)
				die("thread");
		}
		pthread_mutex_unlock(&server->lock);
	}
	return NULL;
}

/* port 0: any. */
static void listen_at(struct faults *server, unsigned port, int backlog)
{
	struct sockaddr_in four = { .sin_family = AF_INET,
				    .sin_addr = { htonl(server->first.any ? INADDR_ANY
									  : INADDR_LOOPBACK) },
				    .sin_port = htons((uint16_t)port) };
	struct sockaddr_in6 at = { .sin6_family = AF_INET6,
				   .sin6_addr = IN6ADDR_LOOPBACK_INIT,
				   .sin6_port = htons((uint16_t)port) };
	socklen_t size = server->six ? sizeof(at) : sizeof(four);
	int on = 1;

	if (!server->six)
		memcpy(&at, &four, sizeof(four));
	server->fd = socket(server->six ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (server->fd < 0 || setsockopt(server->fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) ||
	    bind(server->fd, (struct sockaddr *)&at, size) < 0 ||
	    listen(server->fd, backlog) < 0 ||
	    getsockname(server->fd, (struct sockaddr *)&at, &size) < 0)
		die("socket");
	/* the port has the same offset in both */
	server->port = ntohs(at.sin6_port);
}

/* The kernel answers no SYN while the queue of the connections that nobody accepts is full. */
static void fill_queue(struct faults *server)
{
	struct sockaddr_in6 at;
	socklen_t size = sizeof(at);

	server->filler = socket(server->six ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (server->filler < 0 || getsockname(server->fd, (struct sockaddr *)&at, &size) < 0 ||
	    connect(server->filler, (struct sockaddr *)&at, size) < 0)
		die("queue");
}

static void start(struct faults *server, const struct faults_setup *setup, unsigned port)
{
	server->protocol = setup->protocol;
	server->greeting = setup->greeting;
	if (setup->protocol == FAULTS_REFUSING)
		return;
	listen_at(server, port, setup->protocol == FAULTS_UNACCEPTING ? 0 : 64);
	server->listening = setup->protocol != FAULTS_UNACCEPTING;
	if (!server->listening)
		fill_queue(server);
	else if (pthread_create(&server->thread, NULL, receive, server) != 0)
		die("thread");
}

/* Ends what listens and all connections. */
static void stop(struct faults *server)
{
	size_t i;

	pthread_mutex_lock(&server->lock);
	server->over = true;
	shutdown(server->fd, SHUT_RDWR);
	for (i = 0; i < server->connection_count; i++)
		if (server->connections[i].wire.fd >= 0)
			shutdown(server->connections[i].wire.fd, SHUT_RDWR);
	pthread_cond_broadcast(&server->moved);
	pthread_mutex_unlock(&server->lock);
	if (server->listening)
		pthread_join(server->thread, NULL);
	server->listening = false;
	if (server->fd >= 0)
		close(server->fd);
	if (server->filler >= 0)
		close(server->filler);
	server->fd = server->filler = -1;
	faults_wait_over(server, server->connection_count);
}

static struct faults_tls *make_tls(const struct faults_setup *setup)
{
	if (setup->protocol != FAULTS_TLS)
		return NULL;
	return faults_tls_new(setup, setup->same_key_as ? setup->same_key_as->tls : NULL,
			      setup->by ? setup->by->tls : NULL);
}

struct faults *faults_new(const struct faults_setup *setup)
{
	struct faults *server = calloc(1, sizeof(*server));

	signal(SIGPIPE, SIG_IGN);
	server->first = *setup;
	server->six = setup->six;
	server->fd = server->filler = -1;
	server->tls = make_tls(setup);
	pthread_mutex_init(&server->lock, NULL);
	pthread_cond_init(&server->moved, NULL);
	start(server, setup, 0);
	return server;
}

void faults_become(struct faults *server, const struct faults_setup *setup)
{
	stop(server);
	server->over = false;
	faults_tls_free(server->changed);
	server->changed = setup ? make_tls(setup) : NULL;
	start(server, setup ? setup : &server->first, server->port);
}

void faults_free(struct faults *server)
{
	size_t i;

	stop(server);
	for (i = 0; i < server->connection_count; i++) {
		pthread_join(server->connections[i].thread, NULL);
		free(server->connections[i].wire.bytes);
	}
	for (i = 0; i < server->request_count; i++) {
		free(server->requests[i].head);
		free(server->requests[i].body);
	}
	for (i = 0; i < server->fault_count; i++)
		free((char *)server->faults[i].bytes);
	faults_tls_free(server->tls);
	faults_tls_free(server->changed);
	pthread_mutex_destroy(&server->lock);
	pthread_cond_destroy(&server->moved);
	free(server);
}

unsigned faults_port(const struct faults *server)
{
	return server->port;
}

const char *faults_pem(const struct faults *server)
{
	return faults_tls_pem(server->tls);
}

const char *faults_key_pem(const struct faults *server)
{
	return faults_tls_key_pem(server->tls);
}

/* Returns gzip data of this length; the caller frees it. */
static char *compress_bytes(const struct fault *fault, size_t *length)
{
	z_stream stream = { .next_in = (unsigned char *)(uintptr_t)fault->bytes,
			    .avail_in = (unsigned)fault->length };
	unsigned char *out;

	/* 16: with the header of gzip */
	if (deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) !=
	    Z_OK)
		die("deflate");
	stream.avail_out = (unsigned)deflateBound(&stream, fault->length);
	stream.next_out = out = malloc(stream.avail_out);
	if (deflate(&stream, Z_FINISH) != Z_STREAM_END)
		die("deflate");
	*length = stream.total_out;
	deflateEnd(&stream);
	return (char *)out;
}

static void add_head(struct fault *fault)
{
	size_t length = fault->length;
	char *packed = fault->gzip ? compress_bytes(fault, &length) : NULL;
	char *reply = malloc(length + 200);
	size_t head =
		(size_t)sprintf(reply,
				"HTTP/1.1 %u OK\r\nContent-Type: application/json\r\n"
				"%sContent-Length: %zu\r\n\r\n",
				fault->status, packed ? "Content-Encoding: gzip\r\n" : "", length);

	memcpy(reply + head, packed ? packed : fault->bytes, length);
	free(packed);
	fault->bytes = reply;
	fault->length = head + length;
}

size_t faults_add(struct faults *server, const struct fault *fault)
{
	struct fault copy = *fault;

	if (!copy.bytes)
		copy.bytes = "";
	if (!copy.length)
		copy.length = strlen(copy.bytes);
	if (copy.status)
		add_head(&copy);
	else
		copy.bytes = memcpy(malloc(copy.length + 1), copy.bytes, copy.length);
	pthread_mutex_lock(&server->lock);
	if (server->fault_count == FAULTS_MAX)
		die("too many faults");
	server->faults[server->fault_count++] = copy;
	pthread_mutex_unlock(&server->lock);
	return copy.length;
}

void faults_forget(struct faults *server)
{
	pthread_mutex_lock(&server->lock);
	server->forgotten = server->fault_count;
	pthread_mutex_unlock(&server->lock);
}

void faults_open(struct faults *server)
{
	unsigned gone;

	pthread_mutex_lock(&server->lock);
	gone = server->gone;
	server->opened++;
	pthread_cond_broadcast(&server->moved);
	while (server->gone == gone)
		pthread_cond_wait(&server->moved, &server->lock);
	pthread_mutex_unlock(&server->lock);
}

size_t faults_count(struct faults *server)
{
	return faults_count_of(server, "");
}

size_t faults_count_of(struct faults *server, const char *when)
{
	size_t i, count = 0;

	pthread_mutex_lock(&server->lock);
	for (i = 0; i < server->request_count; i++)
		count += !strncmp(server->requests[i].head, when, strlen(when));
	pthread_mutex_unlock(&server->lock);
	return count;
}

void faults_wait(struct faults *server, size_t count)
{
	pthread_mutex_lock(&server->lock);
	while (server->request_count < count)
		pthread_cond_wait(&server->moved, &server->lock);
	pthread_mutex_unlock(&server->lock);
}

const struct faults_request *faults_at(struct faults *server, size_t index)
{
	return &server->requests[index];
}

unsigned faults_connections(struct faults *server)
{
	unsigned count;

	pthread_mutex_lock(&server->lock);
	count = server->connection_count;
	pthread_mutex_unlock(&server->lock);
	return count;
}

/* Needs the lock. */
static bool are_over(const struct faults *server, unsigned count)
{
	unsigned i;

	for (i = 0; i < count && i < server->connection_count; i++)
		if (server->connections[i].wire.fd >= 0)
			return false;
	return server->connection_count >= count;
}

void faults_wait_over(struct faults *server, unsigned count)
{
	pthread_mutex_lock(&server->lock);
	while (!are_over(server, count))
		pthread_cond_wait(&server->moved, &server->lock);
	pthread_mutex_unlock(&server->lock);
}

struct faults_received faults_received(struct faults *server, unsigned number)
{
	const struct connection *c = &server->connections[number - 1];

	return (struct faults_received){ .bytes = c->wire.bytes,
				     .length = c->wire.length,
				     .plain = c->plain };
}

char *faults_answer(unsigned status, const char *type, const char *body)
{
	char *answer;

	if (asprintf(&answer,
		     "HTTP/1.1 %u Said\r\nContent-Type: %s\r\nContent-Length: %zu\r\n\r\n%s",
		     status, type, strlen(body), body) < 0)
		die("memory");
	return answer;
}

void faults_fill(char *text, char mark, unsigned port)
{
	char number[16];
	size_t digits = (size_t)snprintf(number, sizeof(number), "%u", port);

	for (; (text = strchr(text, mark)); text += digits) {
		memmove(text + digits, text + 1, strlen(text));
		memcpy(text, number, digits);
	}
}
