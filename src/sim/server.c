#include "bdbtop/sim/server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <microhttpd.h>

#include "bdbtop/sim/memory.h"
#include "bdbtop/sim/time.h"

/* One open connection. */
struct client_connection {
	struct client_connection *next;
	unsigned no;
	int fd;
};

/* One request, from its first line until its answer is gone. */
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
	struct client_connection *links;
	struct client_request *delayed;	/* suspended: MHD knows nothing of our clock */
	unsigned links_ever;
	unsigned talks;		/* requests whose answer is not gone yet */
	uint16_t port;
	int fd;
	bool ipv6;
};

/* --- answers --- */

/* A body that breaks off. */
struct cut_body {
	char *data;
	uint64_t bytes;
};

static ssize_t broken_read(void *arg, uint64_t at, char *to, size_t most)
{
	const struct cut_body *b = arg;
	uint64_t left = b->bytes - at;

	if (at >= b->bytes)
		return MHD_CONTENT_READER_END_WITH_ERROR;
	if (most > left)
		most = (size_t)left;
	memcpy(to, b->data + at, most);
	return (ssize_t)most;
}

static void broken_free(void *arg)
{
	struct cut_body *b = arg;

	free(b->data);
	free(b);
}

static struct MHD_Response *body_of(struct sim_reply *reply)
{
	size_t length = reply->body.length;
	char *data = sim_buffer_detach(&reply->body);
	struct cut_body *b;

	if (reply->bytes < 0 || (uint64_t)reply->bytes >= length)
		return MHD_create_response_from_buffer(length, data, MHD_RESPMEM_MUST_FREE);
	b = sim_memory_new(1, sizeof(*b));
	b->data = data;
	b->bytes = (uint64_t)reply->bytes;
	return MHD_create_response_from_callback(length, 16384, broken_read, b, broken_free);
}

/* The clock of the node that answers. */
static int64_t next_skew_ms(struct sim_api *api)
{
	unsigned node = api->node_clocks ? api->next_clock++ % api->node_clocks : 0;

	return api->skew_ms[node];
}

/* now_s: as the header Date has it. */
static void add_retry(struct MHD_Response *response, const struct sim_reply *reply, int64_t now_s)
{
	char after[SIM_TIME_HTTP];

	if (!reply->retry_s)
		return;
	if (reply->retry_dated)
		sim_time_format_http(now_s + reply->retry_s, after);
	else
		snprintf(after, sizeof(after), "%" PRId64, reply->retry_s);
	MHD_add_response_header(response, "Retry-After", after);
}

static enum MHD_Result send_reply(struct client_request *exchange)
{
	struct sim_reply *reply = &exchange->reply;
	int64_t now_s;
	char date[SIM_TIME_HTTP];
	struct MHD_Response *response;
	enum MHD_Result result;

	if (!reply->status)
		return MHD_NO;
	response = body_of(reply);
	if (!response)
		return MHD_NO;
	/* ages are reckoned by the cluster's clock, so its answers carry the simulated one */
	now_s = (sim_clock_now(exchange->server->clock) + next_skew_ms(exchange->server->api)) /
		1000;
	sim_time_format_http(now_s, date);
	MHD_add_response_header(response, "Date", date);
	add_retry(response, reply, now_s);
	if (reply->allow)
		MHD_add_response_header(response, "Allow", reply->allow);
	if (reply->type)
		MHD_add_response_header(response, "Content-Type", reply->type);
	if (reply->location)
		MHD_add_response_header(response, "Location", reply->location);
	if (reply->challenge)
		MHD_add_response_header(response, "WWW-Authenticate", "Basic realm=\"cluster\"");
	result = MHD_queue_response(exchange->connection, reply->status, response);
	MHD_destroy_response(response);
	return result;
}

/* --- requests --- */

static void forget_password(char *password)
{
	if (password)
		explicit_bzero(password, strlen(password));
	MHD_free(password);
}

static const char *query(struct MHD_Connection *connection, const char *name)
{
	return MHD_lookup_connection_value(connection, MHD_GET_ARGUMENT_KIND, name);
}

static void answer(struct client_request *exchange, const char *url, const char *method)
{
	struct MHD_Connection *connection = exchange->connection;
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
	const struct client_connection *link = info ? info->socket_context : NULL;
	char *password = NULL;
	char *user = MHD_basic_auth_get_username_password(connection, &password);
	const struct sim_request request = {
		.method = method, .path = url, .target = exchange->target,
		.fields = query(connection, "fields"), .stime = query(connection, "stime"),
		.etime = query(connection, "etime"), .order = query(connection, "order"),
		.limit = query(connection, "limit"), .offset = query(connection, "offset"),
		.user = user, .password = password, .body_length = exchange->body_length,
		.connection = link ? link->no : 0, .in_flight = exchange->server->talks,
	};

	sim_api_answer(exchange->server->api, &request, sim_clock_now(exchange->server->clock),
		       &exchange->reply);
	exchange->answered = true;
	MHD_free(user);
	forget_password(password);
}

static enum MHD_Result on_request(void *arg, struct MHD_Connection *connection, const char *url,
				  const char *method, const char *version, const char *upload,
				  size_t *upload_size, void **state)
{
	struct sim_server *server = arg;
	struct client_request *exchange = *state;

	(void)version;
	(void)upload;
	if (!exchange->started) {
		exchange->started = true;
		return MHD_YES;
	}
	if (*upload_size) {
		exchange->body_length += *upload_size;
		*upload_size = 0;
		return MHD_YES;
	}
	exchange->connection = connection;
	if (!exchange->answered) {
		answer(exchange, url, method);
		if (exchange->reply.ready_ms > sim_clock_now(server->clock)) {
			exchange->next_delayed = server->delayed;
			server->delayed = exchange;
			MHD_suspend_connection(connection);
			return MHD_YES;
		}
	}
	return send_reply(exchange);
}

static void *on_line(void *arg, const char *uri, struct MHD_Connection *connection)
{
	struct client_request *exchange = sim_memory_new(1, sizeof(*exchange));

	exchange->server = arg;
	exchange->server->talks++;
	exchange->connection = connection;
	exchange->target = sim_memory_copy(uri);
	return exchange;
}

static void unhold(struct sim_server *server, const struct client_request *exchange)
{
	struct client_request **at = &server->delayed;

	while (*at && *at != exchange)
		at = &(*at)->next_delayed;
	if (*at)
		*at = exchange->next_delayed;
}

static void on_end(void *arg, struct MHD_Connection *connection, void **state,
		   enum MHD_RequestTerminationCode why)
{
	struct client_request *exchange = *state;

	(void)connection;
	(void)why;
	if (!exchange)
		return;
	exchange->server->talks--;
	unhold(arg, exchange);
	sim_reply_release(&exchange->reply);
	free(exchange->target);
	free(exchange);
	*state = NULL;
}

static void link_open(struct sim_server *server, struct MHD_Connection *connection, void **context)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
	struct client_connection *link = sim_memory_new(1, sizeof(*link));

	link->no = ++server->links_ever;
	link->fd = info ? info->connect_fd : -1;
	link->next = server->links;
	server->links = link;
	*context = link;
}

static void on_link(void *arg, struct MHD_Connection *connection, void **context,
		    enum MHD_ConnectionNotificationCode what)
{
	struct sim_server *server = arg;
	struct client_connection **at = &server->links, *link = *context;

	if (what == MHD_CONNECTION_NOTIFY_STARTED) {
		link_open(server, connection, context);
		return;
	}
	while (*at && *at != link)
		at = &(*at)->next;
	if (*at)
		*at = link->next;
	free(link);
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

static const struct {
	const char *word, *priorities;	/* the latter as GnuTLS reads them */
} versions[SIM_TLS_COUNT] = {
	[SIM_TLS_ANY] = { "any", "NORMAL" },
	[SIM_TLS_1_2] = { "1.2", "NORMAL:-VERS-ALL:+VERS-TLS1.2" },
	[SIM_TLS_1_3] = { "1.3", "NORMAL:-VERS-ALL:+VERS-TLS1.3" },
};

enum sim_tls sim_tls_find(const char *word)
{
	size_t i;

	for (i = 0; i < SIM_TLS_COUNT; i++)
		if (strcmp(versions[i].word, word) == 0)
			break;
	return (enum sim_tls)i;
}

/* Serve with this option of where to listen. */
static bool serve(struct sim_server *server, const struct sim_cert *cert, enum sim_tls tls,
		  const struct MHD_OptionItem *where)
{
	const unsigned flags = MHD_USE_EPOLL | MHD_USE_TLS | MHD_ALLOW_SUSPEND_RESUME |
			       MHD_USE_SUPPRESS_DATE_NO_CLOCK |
			       (server->ipv6 ? MHD_USE_IPv6 : 0);
	const union MHD_DaemonInfo *info;

	server->daemon = MHD_start_daemon(flags, server->port, NULL, NULL, on_request, server,
		MHD_OPTION_HTTPS_MEM_KEY, cert->key,
		MHD_OPTION_HTTPS_MEM_CERT, cert->certificate,
		MHD_OPTION_HTTPS_PRIORITIES, versions[tls].priorities,
		MHD_OPTION_ARRAY, where,
		MHD_OPTION_NOTIFY_COMPLETED, on_end, server,
		MHD_OPTION_NOTIFY_CONNECTION, on_link, server,
		MHD_OPTION_URI_LOG_CALLBACK, on_line, server, MHD_OPTION_END);
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

/* Why the port cannot be had, 0 when it can: libmicrohttpd leaves errno to what it did afterwards.
 */
static int port_trouble(const struct sim_server_setup *setup)
{
	union listen_address address = address_of(setup);
	socklen_t size = setup->ipv6 ? sizeof(address.v6) : sizeof(address.v4);
	int fd = socket(address.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0), trouble = 0;

	if (fd < 0)
		return errno;
	if (bind(fd, &address.any, size) < 0)
		trouble = errno;
	close(fd);
	return trouble;
}

struct sim_server *sim_server_new(const struct sim_server_setup *setup, struct err *err)
{
	int trouble;

	struct sim_server *server = sim_memory_new(1, sizeof(*server));

	server->api = setup->api;
	server->clock = setup->clock;
	server->ipv6 = setup->ipv6;
	server->port = setup->port;
	if (listen_on(server, setup))
		return server;
	trouble = port_trouble(setup);
	err_set(err, ERR_ASK_USER,
		"Cannot open port %u of %s%s%s. Choose another with --port, or 0 for any free "
		"port.",
		setup->port, setup->ipv6 ? "::1" : "127.0.0.1", trouble ? ": " : "",
		trouble ? strerror(trouble) : "");
	sim_server_free(server);
	return NULL;
}

static void let_go(struct client_request *exchange)
{
	unhold(exchange->server, exchange);
	MHD_resume_connection(exchange->connection);
}

/* Those who are held get their connection closed at the next run. */
static void drop_delayed(struct sim_server *server)
{
	while (server->delayed) {
		server->delayed->reply.status = 0;
		let_go(server->delayed);
	}
}

static void stop(struct sim_server *server)
{
	/* MHD must not be stopped with a connection suspended */
	drop_delayed(server);
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

	/* the socket goes from one daemon to the next, so that nobody is refused in between */
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
	MHD_UNSIGNED_LONG_LONG theirs;
	const struct client_request *exchange;
	int wait = -1;

	for (exchange = server->delayed; exchange; exchange = exchange->next_delayed) {
		int mine = sim_clock_wait(server->clock, exchange->reply.ready_ms);

		if (mine >= 0 && (wait < 0 || mine < wait))
			wait = mine;
	}
	if (server->daemon && MHD_get_timeout(server->daemon, &theirs) == MHD_YES &&
	    (wait < 0 || theirs < (unsigned)wait))
		wait = theirs < INT_MAX ? (int)theirs : INT_MAX;
	return wait;
}

void sim_server_turn(struct sim_server *server)
{
	int64_t now_ms = sim_clock_now(server->clock);
	struct client_request *exchange, *next;

	for (exchange = server->delayed; exchange; exchange = next) {
		next = exchange->next_delayed;
		if (exchange->reply.ready_ms <= now_ms)
			let_go(exchange);
	}
	if (server->daemon)
		MHD_run(server->daemon);
}

size_t sim_server_cut(struct sim_server *server)
{
	struct client_connection *link;
	size_t count = 0;

	drop_delayed(server);
	for (link = server->links; link; link = link->next) {
		shutdown(link->fd, SHUT_RDWR);
		count++;
	}
	if (server->daemon)
		MHD_run(server->daemon);
	return count;
}
