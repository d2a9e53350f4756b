#include "server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <microhttpd.h>

#include "memory.h"

/* One open connection. */
struct client_connection {
	struct client_connection *next;
	unsigned no;
	int fd;
};

/* One request, from its first line until its reply is sent. */
struct client_request {
	struct sim_server *server;
	struct client_request *next_delayed;
	struct MHD_Connection *connection;
	char *target;
	size_t body_length;
	bool started, answered;
	struct sim_reply reply;
};

struct sim_server {
	struct sim_api *api;
	const struct sim_clock *clock;
	struct MHD_Daemon *daemon;
	struct client_connection *clients;
	struct client_request *delayed;	/* suspended, because MHD does not know our clock */
	unsigned client_count;
	unsigned in_flight; /* requests without a complete reply */
	uint16_t port;
	int fd;
	bool ipv6;
};

/* --- replies --- */

/* A body that is cut after some bytes. */
struct cut_body {
	char *data;
	uint64_t bytes;
};

static ssize_t read_cut_body(void *arg, uint64_t at, char *to, size_t max)
{
	const struct cut_body *b = arg;
	uint64_t left = b->bytes - at;

	if (at >= b->bytes)
		return MHD_CONTENT_READER_END_WITH_ERROR;
	if (max > left)
		max = (size_t)left;
	memcpy(to, b->data + at, max);
	return (ssize_t)max;
}

static void free_cut_body(void *arg)
{
	struct cut_body *b = arg;

	free(b->data);
	free(b);
}

static struct MHD_Response *body_of(struct sim_reply *reply)
{
	size_t length = reply->length;
	char *data = reply->body;
	struct cut_body *b;

	reply->body = NULL;
	if (reply->bytes < 0 || (uint64_t)reply->bytes >= length)
		return MHD_create_response_from_buffer(length, data, MHD_RESPMEM_MUST_FREE);
	b = sim_memory_new(1, sizeof(*b));
	b->data = data;
	b->bytes = (uint64_t)reply->bytes;
	return MHD_create_response_from_callback(length, 16384, read_cut_body, b, free_cut_body);
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

static void answer(struct client_request *request, const char *method)
{
	struct MHD_Connection *connection = request->connection;
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
	const struct client_connection *client = info ? info->socket_context : NULL;
	char *password = NULL;
	char *user = MHD_basic_auth_get_username_password(connection, &password);
	const struct sim_request api_request = {
		.method = method,
		.target = request->target,
		.user = user,
		.password = password,
		.body_length = request->body_length,
		.connection = client ? client->no : 0,
		.in_flight = request->server->in_flight,
	};

	sim_api_answer(request->server->api, &api_request, sim_clock_now(request->server->clock),
		       &request->reply);
	request->answered = true;
	MHD_free(user);
	free_password(password);
}

static enum MHD_Result on_request(void *arg, struct MHD_Connection *connection, const char *url,
				  const char *method, const char *version, const char *upload,
				  size_t *upload_size, void **state)
{
	struct sim_server *server = arg;
	struct client_request *request = *state;

	(void)url;
	(void)version;
	(void)upload;
	if (!request->started) {
		request->started = true;
		return MHD_YES;
	}
	if (*upload_size) {
		request->body_length += *upload_size;
		*upload_size = 0;
		return MHD_YES;
	}
	request->connection = connection;
	if (!request->answered) {
		answer(request, method);
		if (request->reply.send_at_ms > sim_clock_now(server->clock)) {
			request->next_delayed = server->delayed;
			server->delayed = request;
			MHD_suspend_connection(connection);
			return MHD_YES;
		}
	}
	return send_reply(request);
}

static void *on_request_line(void *arg, const char *uri, struct MHD_Connection *connection)
{
	struct client_request *request = sim_memory_new(1, sizeof(*request));

	request->server = arg;
	request->server->in_flight++;
	request->connection = connection;
	request->target = sim_memory_copy(uri);
	return request;
}

static void remove_delayed(struct sim_server *server, const struct client_request *request)
{
	struct client_request **at = &server->delayed;

	while (*at && *at != request)
		at = &(*at)->next_delayed;
	if (*at)
		*at = request->next_delayed;
}

static void on_request_end(void *arg, struct MHD_Connection *connection, void **state,
			   enum MHD_RequestTerminationCode why)
{
	struct client_request *request = *state;

	(void)connection;
	(void)why;
	if (!request)
		return;
	request->server->in_flight--;
	remove_delayed(arg, request);
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
	client->next = server->clients;
	server->clients = client;
	*context = client;
}

static void on_connection(void *arg, struct MHD_Connection *connection, void **context,
			  enum MHD_ConnectionNotificationCode what)
{
	struct sim_server *server = arg;
	struct client_connection **at = &server->clients, *client = *context;

	if (what == MHD_CONNECTION_NOTIFY_STARTED) {
		add_client(server, connection, context);
		return;
	}
	while (*at && *at != client)
		at = &(*at)->next;
	if (*at)
		*at = client->next;
	free(client);
	*context = NULL;
}

/* --- the server --- */

union listen_address {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
};

static union listen_address address_of(const struct sim_server_setup *setup)
{
	union listen_address a;

	memset(&a, 0, sizeof(a));
	if (setup->ipv6) {
		a.v6.sin6_family = AF_INET6;
		a.v6.sin6_port = htons(setup->port);
		a.v6.sin6_addr = in6addr_loopback;
	} else {
		a.v4.sin_family = AF_INET;
		a.v4.sin_port = htons(setup->port);
		a.v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	}
	return a;
}

static const char *const tls_priorities[SIM_TLS_COUNT] = {	/* for GnuTLS */
	[SIM_TLS_ANY] = "NORMAL",
	[SIM_TLS_1_2] = "NORMAL:-VERS-ALL:+VERS-TLS1.2",
	[SIM_TLS_1_3] = "NORMAL:-VERS-ALL:+VERS-TLS1.3",
};

/* Start a daemon; where is the MHD option for the address or the socket. */
static bool serve(struct sim_server *server, const struct sim_cert *cert, enum sim_tls tls,
		  const struct MHD_OptionItem *where)
{
	const unsigned flags = MHD_USE_EPOLL | MHD_USE_TLS | MHD_ALLOW_SUSPEND_RESUME |
			       MHD_USE_SUPPRESS_DATE_NO_CLOCK |
			       (server->ipv6 ? MHD_USE_IPv6 : 0);
	const union MHD_DaemonInfo *info;

	server->daemon = MHD_start_daemon(
		flags, server->port, NULL, NULL, on_request, server, MHD_OPTION_HTTPS_MEM_KEY,
		cert->key, MHD_OPTION_HTTPS_MEM_CERT, cert->certificate,
		MHD_OPTION_HTTPS_PRIORITIES, tls_priorities[tls], MHD_OPTION_ARRAY, where,
		MHD_OPTION_NOTIFY_COMPLETED, on_request_end, server, MHD_OPTION_NOTIFY_CONNECTION,
		on_connection, server, MHD_OPTION_URI_LOG_CALLBACK, on_request_line, server,
		MHD_OPTION_END);
	if (!server->daemon)
		return false;
	info = MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_EPOLL_FD);
	server->fd = info ? info->epoll_fd : -1;
	return server->fd >= 0;
}

static bool listen_on(struct sim_server *server, const struct sim_server_setup *setup)
{
	union listen_address address = address_of(setup);
	const struct MHD_OptionItem where[] = {
		{ MHD_OPTION_SOCK_ADDR, 0, &address.any }, { MHD_OPTION_END, 0, NULL },
	};
	const union MHD_DaemonInfo *info;

	if (!serve(server, setup->cert, setup->tls, where))
		return false;
	info = MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_BIND_PORT);
	server->port = info ? info->port : 0;
	return server->port;
}

/* The errno of a bind to the port, 0 if it works: libmicrohttpd does not preserve errno. */
static int bind_error(const struct sim_server_setup *setup)
{
	union listen_address address = address_of(setup);
	socklen_t size = setup->ipv6 ? sizeof(address.v6) : sizeof(address.v4);
	int fd = socket(address.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0), error = 0;

	if (fd < 0)
		return errno;
	if (bind(fd, &address.any, size) < 0)
		error = errno;
	close(fd);
	return error;
}

struct sim_server *sim_server_new(const struct sim_server_setup *setup, struct err *err)
{
	int error;

	struct sim_server *server = sim_memory_new(1, sizeof(*server));

	server->api = setup->api;
	server->clock = setup->clock;
	server->ipv6 = setup->ipv6;
	server->port = setup->port;
	if (listen_on(server, setup))
		return server;
	error = bind_error(setup);
	err_set(err, ERR_ASK_USER,
		"Cannot open port %u of %s%s%s. Choose another with --port, or 0 for any free "
		"port.",
		setup->port, setup->ipv6 ? "::1" : "127.0.0.1", error ? ": " : "",
		error ? strerror(error) : "");
	sim_server_free(server);
	return NULL;
}

static void resume(struct client_request *request)
{
	remove_delayed(request->server, request);
	MHD_resume_connection(request->connection);
}

/* MHD closes these connections in its next run, because status 0 queues no reply. */
static void close_delayed(struct sim_server *server)
{
	while (server->delayed) {
		server->delayed->reply.status = 0;
		resume(server->delayed);
	}
}

static void stop(struct sim_server *server)
{
	/* MHD must not stop while a connection is suspended */
	close_delayed(server);
	MHD_run(server->daemon);
	MHD_stop_daemon(server->daemon);
	server->daemon = NULL;
	server->fd = -1;
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
	struct MHD_OptionItem where[] = {
		{ MHD_OPTION_LISTEN_SOCKET, 0, NULL }, { MHD_OPTION_END, 0, NULL },
	};
	int listener = MHD_quiesce_daemon(server->daemon);

	/* pass the socket to the next daemon, so that no connection is refused in between */
	stop(server);
	where[0].value = listener;
	if (listener >= 0 && serve(server, cert, tls, where))
		return 0;
	err_set(err, ERR_FINAL, "Cannot serve with this certificate on port %u.",
		server->port);
	return -1;
}

uint16_t sim_server_port(const struct sim_server *server)
{
	return server->port;
}

int sim_server_fd(const struct sim_server *server)
{
	return server->fd;
}

int sim_server_wait(struct sim_server *server)
{
	MHD_UNSIGNED_LONG_LONG mhd_ms;
	const struct client_request *request;
	int wait = -1;

	for (request = server->delayed; request; request = request->next_delayed) {
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

	for (request = server->delayed; request; request = next) {
		next = request->next_delayed;
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
	for (client = server->clients; client; client = client->next) {
		shutdown(client->fd, SHUT_RDWR);
		count++;
	}
	if (server->daemon)
		MHD_run(server->daemon);
	return count;
}
