/*
 * sim/server.h - the cluster's API over HTTPS, on loopback alone.
 *
 * One thread: the caller waits for sim_server_fd() to be readable, or for
 * sim_server_wait(), and then calls sim_server_turn(), which does all the work
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

struct sim_server;

struct sim_server_setup {
	struct sim_api *api;		/* these three outlive the server */
	const struct sim_clock *clock;
	const struct sim_cert *cert;
	bool ipv6;			/* ::1 instead of 127.0.0.1 */
	uint16_t port;			/* 0: one that is free */
};

/* A server that listens; NULL with *err, which says why the port cannot be had. */
struct sim_server *sim_server_new(const struct sim_server_setup *, struct err *);

/* Close everything; answers that are held back are never given. */
void sim_server_free(struct sim_server *);

/* The port that was given, or found. */
uint16_t sim_server_port(const struct sim_server *);

/* Becomes readable when there is something to do; belongs to the server. */
int sim_server_fd(const struct sim_server *);

/* Real milliseconds until a turn is due without it; -1: none is. */
int sim_server_wait(struct sim_server *);

/* Take, carry out and answer what is there. */
void sim_server_turn(struct sim_server *);

/* Close every open connection in the middle of whatever it is in; returns how many. */
size_t sim_server_cut(struct sim_server *);

#endif
