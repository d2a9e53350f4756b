/*
 * tests/faults/faults.h - a server that misbehaves as it is told, on an ephemeral port of
 * 127.0.0.1.
 *
 * It speaks raw bytes, plain or over TLS, one thread a connection, and keeps a log of the requests
 * with the number of the connection that each came on.  A request is answered by the first fault
 * that fits its first line and is not used up; where none fits, the connection is closed.
 */
#ifndef BDBTOP_TESTS_FAULTS_H
#define BDBTOP_TESTS_FAULTS_H

#include <stdbool.h>
#include <stddef.h>

enum fault_action {
	FAULT_SEND,	/* the bytes; the connection stays for the next request */
	FAULT_CLOSE,	/* the bytes, then the connection is closed */
	FAULT_BREAK,	/* the bytes, then a real RST */
	FAULT_DRIP,	/* the bytes one by one; the connection stays */
	FAULT_FLOOD,	/* the bytes, then `a` without an end */
	FAULT_HANG,	/* the bytes, then nothing more */
};

struct fault {
	const char *when;	/* beginning of the request's first line; "" fits all */
	unsigned times;		/* how often it may be used; 0: without an end */
	enum fault_action action;
	const char *bytes;	/* copied */
	size_t length;		/* 0: up to the NUL */
	bool gated;		/* waits for faults_open() before it answers */
};

enum faults_protocol {
	FAULTS_PLAIN,		/* no TLS */
	FAULTS_TLS,
	FAULTS_SILENT,		/* takes connections and says nothing, not even TLS */
};

struct faults_setup {
	enum faults_protocol protocol;
	const char *greeting;	/* FAULTS_SILENT: sent at once, then closed; a constant or NULL */
	/* In the certificate: DNS names (with a `*.` too) and addresses, with `,` between them;
	 * NULL: 127.0.0.1. */
	const char *name;
	const char *common;	/* its common name; NULL: the first of the names */
	bool expired, not_yet;
	unsigned tls;		/* 12 or 13: this version alone; 0: both */
	bool rsa;		/* its key; else an elliptic one */
	bool six;		/* listens at ::1, not at 127.0.0.1 */
	const struct faults *same_key_as;	/* has its key: a renewed certificate */
	const struct faults *by;	/* signed by that one, not by itself */
	const char *clients;	/* wants a client certificate, of this authority (PEM); or NULL */
};

struct faults_request {
	unsigned connection;	/* from 1 */
	char *head, *body;	/* as they came, terminated */
};

/* Every byte that a connection brought, as it came, and how many of it were no handshake. */
struct faults_seen {
	const unsigned char *bytes;	/* lives as long as the server */
	size_t length, plain;
};

struct faults;

/* Ends the test program when it cannot be had. */
struct faults *faults_new(const struct faults_setup *);
/* Ends all connections and waits for the threads. */
void faults_free(struct faults *);

unsigned faults_port(const struct faults *);
/* Its self-signed certificate, which may stand as an authority. */
const char *faults_pem(const struct faults *);
/* Its private key, which may serve a client. */
const char *faults_key_pem(const struct faults *);

void faults_add(struct faults *, const struct fault *);
/* Let one gated answer go, the one that waits (so let there be one); when this returns it was
 * written. */
void faults_open(struct faults *);

/* How many requests came whole; how many of them begin so. */
size_t faults_count(struct faults *);
size_t faults_count_of(struct faults *, const char *when);
/* Waits until so many requests came whole. */
void faults_wait(struct faults *, size_t count);
/* Lives as long as the server. */
const struct faults_request *faults_at(struct faults *, size_t index);

/* How many connections were made. */
unsigned faults_connections(struct faults *);
/* Waits until so many connections were made and are over. */
void faults_wait_over(struct faults *, unsigned count);
/* Number from 1; of one that is over. */
struct faults_seen faults_seen(struct faults *, unsigned number);

/* Answers: a head with the body's length, from malloc(). */
char *faults_answer(unsigned status, const char *type, const char *body);

/* gzip, made by hand: bytes as they are, and `size` times the letter `a` in less than a hundredth.
 * */
char *faults_gzip(const char *bytes, size_t length, size_t *out_length);
char *faults_bomb(size_t size, size_t *out_length);

/* faults_tls.c */
struct faults_tls;
struct faults_tls *faults_tls_new(const struct faults_setup *, const struct faults_tls *like,
				  const struct faults_tls *by);
void faults_tls_free(struct faults_tls *);
const char *faults_tls_pem(const struct faults_tls *);
const char *faults_tls_key_pem(const struct faults_tls *);

/* A connected socket that keeps what was read from it. */
struct faults_wire {
	int fd;
	unsigned char *bytes;
	size_t length, room;
};
/* As has_data(). */
long faults_wire_read(struct faults_wire *, void *bytes, size_t length);

/* A session on it, or NULL when the handshake failed. */
void *faults_tls_take(struct faults_tls *, struct faults_wire *);
void faults_tls_drop(void *session, bool politely);
/* As has_data() and write(). */
long faults_tls_read(void *session, void *bytes, size_t length);
long faults_tls_write(void *session, const void *bytes, size_t length);

#endif
