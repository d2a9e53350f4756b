/*
 * sim/server.h - the cluster's API over HTTPS, on loopback alone.
 *
 * One thread: the caller waits for sim_server_fd() to be readable, or for
 * sim_server_wait(), and then calls sim_server_run(), which does all the work
 * and never blocks.
 */
#ifndef BDBTOP_SIM_SERVER_H
#define BDBTOP_SIM_SERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bdbtop/core/err.h"
#include "bdbtop/sim/api.h"
#include "bdbtop/sim/cert.h"
#include "bdbtop/sim/clock.h"

/* What is spoken. */
enum sim_tls { SIM_TLS_ANY, SIM_TLS_1_2, SIM_TLS_1_3, SIM_TLS_COUNT };

/* The version called so ("any", "1.2", "1.3"), or SIM_TLS_COUNT. */
enum sim_tls sim_tls_find(const char *word);

struct sim_server;

struct sim_server_setup {
	struct sim_api *api;		/* these two outlive the server */
	const struct sim_clock *clock;
	const struct sim_cert *cert;	/* of the start; copied */
	bool ipv6;			/* ::1 instead of 127.0.0.1 */
	uint16_t port;			/* 0: one that is free */
	enum sim_tls tls;
};

/* A server that listens; NULL with *err, which says why the port cannot be had. */
struct sim_server *sim_server_new(const struct sim_server_setup *, struct err *);

/* Close everything; answers that are held back are never given. */
void sim_server_free(struct sim_server *);

/* The port that was given, or found. */
uint16_t sim_server_port(const struct sim_server *);

/*
 * Show another certificate, or speak another TLS, from now on: every open
 * connection is closed, what was held is never answered, and those that wait
 * to be taken are taken with the new one; the port is open all the time.
 * -1 with *err: nothing is served any more.
 */
int sim_server_set_certificate(struct sim_server *, const struct sim_cert *, enum sim_tls,
			       struct err *);

/*
 * Becomes readable when there is something to do; belongs to the server, and
 * is another one after sim_server_set_certificate().
 */
int sim_server_fd(const struct sim_server *);

/* Real milliseconds until a turn is due without it; -1: none is. */
int sim_server_wait(struct sim_server *);

/* Take, carry out and answer what is there. */
void sim_server_run(struct sim_server *);

/* Close every open connection in the middle of whatever it is in; returns how many. */
size_t sim_server_close_connections(struct sim_server *);

#endif
