/*
 * sim/server.h - the cluster's API over HTTPS, on loopback only.
 *
 * It uses one thread: the caller waits until sim_server_fd() is readable or
 * sim_server_wait() has passed, then calls sim_server_run(), which does all the
 * work and never blocks.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bdbtop/sim/api.h"
#include "cert.h"
#include "clock.h"

struct sim_server;

struct sim_server_setup {
	struct sim_api *api;		/* these two must outlive the server */
	const struct sim_clock *clock;
	const struct sim_cert *cert;	/* used only by sim_server_new() */
	bool ipv6;			/* ::1 instead of 127.0.0.1 */
	uint16_t port;			/* 0: any free port */
	enum sim_tls tls;
	bool client_certificates;	/* ask for one signed by *cert */
};

/* A new server that listens; NULL with *err if the port cannot be opened. */
struct sim_server *sim_server_new(const struct sim_server_setup *, struct err *);

/* Close all connections and free the server; delayed replies are not sent. */
void sim_server_free(struct sim_server *);

/* The port it listens on. */
uint16_t sim_server_port(const struct sim_server *);

/*
 * Change the certificate and the TLS version: close all open connections and
 * drop delayed replies.  The port stays open, and connections that wait to be
 * accepted get the new certificate.  0, or -1 with *err; the server then no
 * longer serves.
 */
int sim_server_set_certificate(struct sim_server *, const struct sim_cert *, enum sim_tls,
			       struct err *);

/*
 * A descriptor that is readable when there is work; the server owns it, and
 * sim_server_set_certificate() replaces it.
 */
int sim_server_fd(const struct sim_server *);

/* Real milliseconds until sim_server_run() is due anyway; -1: only when readable. */
int sim_server_wait(struct sim_server *);

/* Accept connections, handle requests and send replies that are due. */
void sim_server_run(struct sim_server *);

/* Close all open connections at once, also during a reply; returns their number. */
size_t sim_server_close_connections(struct sim_server *);
