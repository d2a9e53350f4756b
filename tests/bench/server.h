/*
 * tests/bench/server.h - a TLS server for measurements: lists of databases that are prepared before
 * they are asked for, from the simulated cluster, so that a reply costs no more than its bytes.
 *
 * It answers in threads of the caller's process.  All but the list is the simulated cluster's
 * answer at the time of server_new().  A call that fails ends the program with an error.
 */
#pragma once

#include <stddef.h>

#define SERVER_USER	"admin@demo.example"
#define SERVER_PASSWORD "bench"

struct server;

/* Of a list: as large as bdbtop accepts, in databases, bytes and text. */
#define SERVER_LARGEST 200000

/* Listens on `ports` ports of 127.0.0.1.  Free with server_free(), when its clients are gone. */
struct server *server_new(int databases, size_t ports);
void server_free(struct server *);

unsigned server_port(const struct server *, size_t index);
/* A file with its certificate; removed by server_free(). */
const char *server_ca_file(const struct server *);
/* The path and query that bdbtop asks for, and how many bytes its reply has. */
const char *server_list_path(void);
size_t server_list_bytes(const struct server *);

/* How many connections there were so far. */
unsigned server_connections(const struct server *);

/* From the next list on, a backup of every `every`-th database has succeeded since the list before;
 * 0: nothing changes. */
void server_change(struct server *, int every);

/* Called in a thread of the server when a list is asked for, before the reply; count: how often it
 * was. */
typedef void server_on_list_fn(void *arg, unsigned count);
void server_set_on_list(struct server *, server_on_list_fn *, void *arg);
