#include "server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <gnutls/gnutls.h>
#include <microhttpd.h>

#include "memory.h"

/* One open connection. */
struct client_connection {
	LIST_ENTRY(client_connection) link;
	unsigned no;
	int fd;
};

/* One request, from its first line until its reply is sent. */
struct client_request {
	LIST_ENTRY(client_request) delayed;
	struct sim_server *server;
	struct MHD_Connection *connection;	/* NULL: its body is still to come */
	char *target;
	char body[256];			/* as much of it as fits, with a NUL */
	size_t body_length;
	struct sim_reply reply;		/* without a body: not answered yet */
};

struct sim_server {
	struct sim_api *api;
	const struct sim_clock *clock;
	struct MHD_Daemon *daemon;
	bool client_certificates;
	bool stopping;
	LIST_HEAD(, client_connection) clients;
	LIST_HEAD(, client_request) delayed;	/* suspended: MHD does not know our clock */
	unsigned client_count;
	unsigned in_flight; /* requests without a complete reply */
	uint16_t port;
};

/* --- replies --- */

static ssize_t read_cut_body(void *arg, uint64_t at, char *to, size_t max)
{
	const struct sim_reply *reply = arg;
	uint64_t end = (uint64_t)reply->bytes;

	if (at >= end)
		return MHD_CONTENT_READER_END_WITH_ERROR;
	if (max > end - at)
		max = (size_t)(end - at);
	memcpy(to, reply->body + at, max);
	return (ssize_t)max;
}

/* The body remains the reply's, which lives until the request ends. */
static struct MHD_Response *body_of(struct sim_reply *reply)
{
	if (reply->bytes < 0 || (uint64_t)reply->bytes >= reply->length)
		return MHD_create_response_from_buffer(reply->length, reply->body,
						       MHD_RESPMEM_PERSISTENT);
	return MHD_create_response_from_callback(reply->length, 16384, read_cut_body, reply, NULL);
}

static void add_header(struct MHD_Response *response, const char *name, const char *value)
{
	if (value)
		MHD_add_response_header(response, name, value);
}

static void add_date(struct MHD_Response *response, const char *name, time_t seconds)
{
	char date[40];
	struct tm tm;

	/* the C locale has the words that HTTP demands */
	if (gmtime_r(&seconds, &tm) && strftime(date, sizeof(date), "%a, %d %b %Y %T GMT", &tm))
		add_header(response, name, date);
}

static void add_headers(struct MHD_Response *response, const struct sim_reply *reply, time_t now_s)
{
	char after[24];

	/* clients compute ages from the header Date, so it must be simulated time */
	add_date(response, "Date", now_s);
	snprintf(after, sizeof(after), "%" PRId64, reply->retry_s);
	if (reply->retry_s && reply->retry_is_date)
		add_date(response, "Retry-After", now_s + reply->retry_s);
	else if (reply->retry_s)
		add_header(response, "Retry-After", after);
	add_header(response, "Allow", reply->allow);
	add_header(response, "Content-Type", reply->type);
	add_header(response, "Location", reply->location);
	if (reply->challenge)
		add_header(response, "WWW-Authenticate", "Basic realm=\"cluster\"");
}

static enum MHD_Result send_reply(struct client_request *request)
{
	struct sim_reply *reply = &request->reply;
	int64_t now_ms = sim_clock_now(request->server->clock);
	struct MHD_Response *response;
	enum MHD_Result result;

	if (!reply->status)
		return MHD_NO;
	response = body_of(reply);
	if (!response)
		return MHD_NO;
	add_headers(response, reply, (now_ms + reply->skew_ms) / 1000);
	result = MHD_queue_response(request->connection, reply->status, response);
	MHD_destroy_response(response);
	return result;
}

/* --- requests --- */

static void free_password(char *password)
{
	if (password)
		explicit_bzero(password, strlen(password));
	MHD_free(password);
}

/* Whether the client showed a certificate that the cluster's own has signed. */
static bool has_certificate(const struct client_request *request)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(
		request->connection, MHD_CONNECTION_INFO_GNUTLS_SESSION);
	unsigned count = 0, status = 0;

	return request->server->client_certificates && info &&
	       gnutls_certificate_get_peers(info->tls_session, &count) && count &&
	       !gnutls_certificate_verify_peers2(info->tls_session, &status) && !status;
}

/* The token of the header, or NULL. */
static const char *find_token(struct MHD_Connection *connection, bool *as_bearer)
{
	const char *header =
		MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Authorization");

	*as_bearer = header && !strncmp(header, "Bearer ", 7);
	if (*as_bearer)
		return header + 7;
	return header && !strncmp(header, "JWT ", 4) ? header + 4 : NULL;
}

static void answer(struct client_request *request, const char *method)
{
	struct MHD_Connection *connection = request->connection;
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
	const struct client_connection *client = info ? info->socket_context : NULL;
	char *password = NULL;
	char *user = MHD_basic_auth_get_username_password(connection, &password);
	struct sim_request api_request = {
		.method = method,
		.target = request->target,
		.user = user,
		.password = password,
		.certificate = has_certificate(request),
		.body = request->body,
		.body_length = request->body_length,
		.connection = client ? client->no : 0,
		.in_flight = request->server->in_flight,
	};

	api_request.token = find_token(connection, &api_request.token_as_bearer);
	sim_api_answer(request->server->api, &api_request, sim_clock_now(request->server->clock),
		       &request->reply);
	MHD_free(user);
	free_password(password);
}

static void add_body(struct client_request *request, const char *bytes, size_t length)
{
	size_t room = sizeof(request->body) - 1;

	if (request->body_length < room) {
		room -= request->body_length;
		memcpy(request->body + request->body_length, bytes, length < room ? length : room);
	}
	request->body_length += length;
}

static enum MHD_Result on_request(void *arg, struct MHD_Connection *connection, const char *url,
				  const char *method, const char *version, const char *upload,
				  size_t *upload_size, void **state)
{
	struct sim_server *server = arg;
	struct client_request *request = *state;

	(void)url;
	(void)version;
	if (!request->connection) {
		request->connection = connection;
		return MHD_YES;
	}
	if (*upload_size) {
		add_body(request, upload, *upload_size);
		*upload_size = 0;
		return MHD_YES;
	}
	if (!request->reply.body) {
		answer(request, method);
		if (request->reply.send_at_ms > sim_clock_now(server->clock) && !server->stopping) {
			LIST_INSERT_HEAD(&server->delayed, request, delayed);
			MHD_suspend_connection(connection);
			return MHD_YES;
		}
	}
	return send_reply(request);
}

static void *on_request_line(void *arg, const char *uri, struct MHD_Connection *connection)
{
	struct client_request *request = sim_memory_new(1, sizeof(*request));

	(void)connection;
	request->server = arg;
	request->server->in_flight++;
	request->target = sim_memory_copy(uri);
	return request;
}

static void on_request_end(void *arg, struct MHD_Connection *connection, void **state,
			   enum MHD_RequestTerminationCode why)
{
	struct client_request *request = *state;

	(void)arg;
	(void)connection;
	(void)why;
	if (!request)
		return;
	request->server->in_flight--;
	sim_reply_release(&request->reply);
	free(request->target);
	free(request);
	*state = NULL;
}

static void add_client(struct sim_server *server, struct MHD_Connection *connection, void **context)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
	struct client_connection *client = sim_memory_new(1, sizeof(*client));

	client->no = ++server->client_count;
	client->fd = info ? info->connect_fd : -1;
	LIST_INSERT_HEAD(&server->clients, client, link);
	*context = client;
}

static void on_connection(void *arg, struct MHD_Connection *connection, void **context,
			  enum MHD_ConnectionNotificationCode what)
{
	struct client_connection *client = *context;

	if (what == MHD_CONNECTION_NOTIFY_STARTED) {
		add_client(arg, connection, context);
		return;
	}
	LIST_REMOVE(client, link);
	free(client);
	*context = NULL;
}

/* --- the server --- */

union listen_address {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
};

/* Open a socket that listens and read its port: the descriptor, or -1 with errno. */
static int open_listener(const struct sim_server_setup *setup, uint16_t *port)
{
	union listen_address a = { .v6 = { .sin6_family = AF_UNSPEC } };
	socklen_t size = setup->ipv6 ? sizeof(a.v6) : sizeof(a.v4);
	int fd, error;

	if (setup->ipv6)
		a.v6 = (struct sockaddr_in6){ AF_INET6, htons(setup->port), 0,
					      in6addr_loopback, 0 };
	else
		a.v4 = (struct sockaddr_in){ .sin_family = AF_INET, .sin_port = htons(setup->port),
					     .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	fd = socket(a.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -1;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &(int){ 1 }, sizeof(int));
	if (bind(fd, &a.any, size) == 0 && listen(fd, SOMAXCONN) == 0 &&
	    getsockname(fd, &a.any, &size) == 0) {
		*port = ntohs(setup->ipv6 ? a.v6.sin6_port : a.v4.sin_port);
		return fd;
	}
	error = errno;
	close(fd);
	errno = error;
	return -1;
}

static const char *const tls_priorities[SIM_TLS_COUNT] = {	/* for GnuTLS */
	[SIM_TLS_ANY] = "NORMAL",
	[SIM_TLS_1_2] = "NORMAL:-VERS-ALL:+VERS-TLS1.2",
	[SIM_TLS_1_3] = "NORMAL:-VERS-ALL:+VERS-TLS1.3",
};

/* Start a daemon, which then owns the listener. */
static bool serve(struct sim_server *server, int listener, const struct sim_cert *cert,
		  enum sim_tls tls)
{
	const unsigned flags = MHD_USE_EPOLL | MHD_USE_TLS | MHD_ALLOW_SUSPEND_RESUME |
			       MHD_USE_SUPPRESS_DATE_NO_CLOCK;

	struct MHD_OptionItem clients[] = {
		{ MHD_OPTION_HTTPS_MEM_TRUST, 0, cert->certificate },
		{ MHD_OPTION_END, 0, NULL },
	};

	if (!server->client_certificates)
		clients[0].option = MHD_OPTION_END;
	server->daemon = MHD_start_daemon(
		flags, 0, NULL, NULL, on_request, server, MHD_OPTION_ARRAY, clients,
		MHD_OPTION_HTTPS_MEM_KEY, cert->key,
		MHD_OPTION_HTTPS_MEM_CERT, cert->certificate, MHD_OPTION_HTTPS_PRIORITIES,
		tls_priorities[tls], MHD_OPTION_LISTEN_SOCKET, listener,
		MHD_OPTION_NOTIFY_COMPLETED, on_request_end, server, MHD_OPTION_NOTIFY_CONNECTION,
		on_connection, server, MHD_OPTION_URI_LOG_CALLBACK, on_request_line, server,
		MHD_OPTION_END);
	return server->daemon;
}

struct sim_server *sim_server_new(const struct sim_server_setup *setup, struct err *err)
{
	struct sim_server *server = sim_memory_new(1, sizeof(*server));
	int listener = open_listener(setup, &server->port);
	const char *reason = listener < 0 ? strerror(errno) : NULL;

	server->api = setup->api;
	server->clock = setup->clock;
	server->client_certificates = setup->client_certificates;
	if (listener >= 0 && serve(server, listener, setup->cert, setup->tls))
		return server;
	err_set(err, ERR_ASK_USER,
		"Cannot open port %u of %s%s%s. Choose another with --port, or 0 for any free "
		"port.",
		setup->port, setup->ipv6 ? "::1" : "127.0.0.1", reason ? ": " : "",
		reason ? reason : "");
	sim_server_free(server);
	return NULL;
}

static void resume(struct client_request *request)
{
	LIST_REMOVE(request, delayed);
	MHD_resume_connection(request->connection);
}

/* MHD closes these connections in its next run, because status 0 queues no reply. */
static void close_delayed(struct sim_server *server)
{
	struct client_request *request;

	while ((request = LIST_FIRST(&server->delayed))) {
		request->reply.status = 0;
		resume(request);
	}
}

static void stop(struct sim_server *server)
{
	/* MHD must not stop while a connection is suspended, and its last run may read requests */
	server->stopping = true;
	close_delayed(server);
	MHD_run(server->daemon);
	MHD_stop_daemon(server->daemon);
	server->daemon = NULL;
	server->stopping = false;
}

void sim_server_free(struct sim_server *server)
{
	if (server->daemon)
		stop(server);
	free(server);
}

int sim_server_set_certificate(struct sim_server *server, const struct sim_cert *cert,
			       enum sim_tls tls, struct err *err)
{
	int listener = MHD_quiesce_daemon(server->daemon);

	/* pass the socket to the next daemon, so that no connection is refused in between */
	stop(server);
	if (listener >= 0 && serve(server, listener, cert, tls))
		return 0;
	return err_set(err, ERR_FINAL, "Cannot serve with this certificate on port %u.",
		       server->port);
}

uint16_t sim_server_port(const struct sim_server *server)
{
	return server->port;
}

int sim_server_fd(const struct sim_server *server)
{
	const union MHD_DaemonInfo *info =
		server->daemon ? MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_EPOLL_FD)
			       : NULL;

	return info ? info->epoll_fd : -1;
}

int sim_server_wait(struct sim_server *server)
{
	MHD_UNSIGNED_LONG_LONG mhd_ms;
	const struct client_request *request;
	int wait = -1;

	LIST_FOREACH (request, &server->delayed, delayed) {
		int delay_ms = sim_clock_wait(server->clock, request->reply.send_at_ms);

		if (delay_ms >= 0 && (wait < 0 || delay_ms < wait))
			wait = delay_ms;
	}
	if (server->daemon && MHD_get_timeout(server->daemon, &mhd_ms) == MHD_YES &&
	    (wait < 0 || mhd_ms < (unsigned)wait))
		wait = mhd_ms < INT_MAX ? (int)mhd_ms : INT_MAX;
	return wait;
}

void sim_server_run(struct sim_server *server)
{
	int64_t now_ms = sim_clock_now(server->clock);
	struct client_request *request, *next;

	for (request = LIST_FIRST(&server->delayed); request; request = next) {
		next = LIST_NEXT(request, delayed);
		if (request->reply.send_at_ms <= now_ms)
			resume(request);
	}
	if (server->daemon)
		MHD_run(server->daemon);
}

size_t sim_server_close_connections(struct sim_server *server)
{
	struct client_connection *client;
	size_t count = 0;

	close_delayed(server);
	LIST_FOREACH (client, &server->clients, link) {
		shutdown(client->fd, SHUT_RDWR);
		count++;
	}
	if (server->daemon)
		MHD_run(server->daemon);
	return count;
}
