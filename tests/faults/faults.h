/*
 * tests/faults/faults.h - a server that misbehaves in chosen ways, on an ephemeral port of
 * 127.0.0.1.
 *
 * It sends raw bytes, plain or over TLS, with one thread per connection, and logs each request with
 * the number of its connection.  The first fault that matches the first line of a request and is
 * not used up answers it; if none matches, the server closes the connection.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum fault_action {
	FAULT_SEND,	/* the bytes; the connection stays open for the next request */
	FAULT_CLOSE,	/* the bytes, then the connection is closed */
	FAULT_BREAK,	/* the bytes, then a real RST */
	FAULT_DRIP,	/* the bytes one by one; the connection stays */
	FAULT_FLOOD,	/* the bytes, then `a` endlessly */
	FAULT_BLANKS,	/* the bytes, then blanks endlessly */
	FAULT_TRICKLE,	/* complete headers at once, then one byte for each faults_open() */
	FAULT_HANG,	/* the bytes, then silence */
};

struct fault {
	const char *when;	/* prefix of the request's first line; "" matches all */
	unsigned times;		/* how often it may be used; 0: unlimited */
	enum fault_action action;
	const char *bytes;	/* copied */
	size_t length;		/* 0: up to the NUL */
	unsigned status;	/* not 0: sends a complete reply, with the bytes as JSON body */
	bool gzip;		/* compresses that body */
	bool gated;		/* answers only after faults_open() */
};

enum faults_protocol {
	FAULTS_PLAIN,		/* no TLS */
	FAULTS_TLS,
	FAULTS_SILENT,		/* accepts connections and sends nothing, not even TLS */
	FAULTS_CUT,		/* ends each connection with an RST during the handshake */
	FAULTS_REFUSING,	/* nothing listens on its port */
	FAULTS_UNACCEPTING,	/* listens, but no connection is established */
};

struct faults_setup {
	enum faults_protocol protocol;
	const char *greeting;	/* FAULTS_SILENT: sent at once, then closed; a constant or NULL */
	/* In the certificate: DNS names (also `*.`) and addresses, separated by `,`; NULL:
	 * 127.0.0.1. */
	const char *name;
	const char *common;	/* its common name; NULL: the first of the names */
	bool expired, not_yet;
	unsigned tls;		/* 11, 12 or 13: only this version; 0: 1.2 and 1.3 */
	bool rsa;		/* RSA key; else an elliptic-curve key */
	bool six;		/* listens on ::1, not on 127.0.0.1 */
	bool any;		/* listens on every address: only in a network of its own */
	const struct faults *same_key_as;	/* uses its key: a renewed certificate */
	const struct faults *by;	/* signed by its certificate; else self-signed */
	const char *clients;	/* requires a client certificate of this CA (PEM); or NULL */
};

struct faults_request {
	unsigned connection;	/* from 1 */
	char *head, *body;	/* as received, with a NUL at the end */
};

/* All bytes received on a connection, and how many of them (decrypted) follow the handshake. */
struct faults_received {
	const unsigned char *bytes;	/* lives as long as the server */
	size_t length, plain;
};

struct faults;

/* Never returns NULL: ends the test program when it fails.  Free with faults_free(). */
struct faults *faults_new(const struct faults_setup *);
/* Closes all connections and waits for the threads. */
void faults_free(struct faults *);
/* Closes all connections; from now on the server at this port is that one, or with NULL the one of
 * faults_new() again.  Its requests, faults and faults_pem() stay. */
void faults_become(struct faults *, const struct faults_setup *);

unsigned faults_port(const struct faults *);
/* Its certificate; a self-signed one may serve as a CA. */
const char *faults_pem(const struct faults *);
/* Its private key; a client may use it with the certificate. */
const char *faults_key_pem(const struct faults *);

#define FAULTS_OK "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
/* Returns the number of bytes that it sends. */
size_t faults_add(struct faults *, const struct fault *);
/* The faults so far answer no more requests. */
void faults_forget(struct faults *);
/* Releases the one gated answer that waits, or the next byte of FAULT_TRICKLE, and returns when it
 * is written.  Exactly one must wait. */
void faults_open(struct faults *);

/* The number of complete requests; of those whose first line begins with `when`. */
size_t faults_count(struct faults *);
size_t faults_count_of(struct faults *, const char *when);
/* Waits until `count` complete requests arrived. */
void faults_wait(struct faults *, size_t count);
/* The result lives as long as the server. */
const struct faults_request *faults_at(struct faults *, size_t index);

/* The number of connections accepted so far. */
unsigned faults_connections(struct faults *);
/* Waits until `count` connections were accepted and closed. */
void faults_wait_over(struct faults *, unsigned count);
/* The bytes of a closed connection; number from 1. */
struct faults_received faults_received(struct faults *, unsigned number);

/* A complete reply with Content-Length.  The caller frees it. */
char *faults_answer(unsigned status, const char *type, const char *body);

/* Replaces each `mark` in a text by a number: its port.  The buffer has room for that. */
void faults_fill(char *text, char mark, unsigned port);

/* faults_tls.c */
struct faults_tls;
struct faults_tls *faults_tls_new(const struct faults_setup *, const struct faults_tls *like,
				  const struct faults_tls *by);
void faults_tls_free(struct faults_tls *);
const char *faults_tls_pem(const struct faults_tls *);
const char *faults_tls_key_pem(const struct faults_tls *);

/* A connected socket and a copy of all bytes read from it. */
struct faults_socket {
	int fd;
	unsigned char *bytes;
	size_t length, room;
};
/* As read(). */
long faults_socket_read(struct faults_socket *, void *bytes, size_t length);

/* A TLS session on the socket, or NULL if the handshake failed. */
void *faults_tls_take(struct faults_tls *, struct faults_socket *);
void faults_tls_drop(void *session, bool politely);
/* As read() and write(). */
long faults_tls_read(void *session, void *bytes, size_t length);
long faults_tls_write(void *session, const void *bytes, size_t length);
