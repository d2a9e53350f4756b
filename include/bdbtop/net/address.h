/*
 * net/address.h - where a cluster is: scheme, host and port out of what the user typed.
 */
#ifndef BDBTOP_NET_ADDRESS_H
#define BDBTOP_NET_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>

#include "bdbtop/core/err.h"

struct address {
	bool tls;		/* false: plain http, which only a loopback address may use */
	char host[256];		/* name, IPv4, or IPv6 without brackets */
	unsigned port;
	bool loopback;		/* 127.0.0.0/8, ::1 or `localhost`: never through a proxy */
	bool port_given;	/* false for a URL without a port: 443, and a refusal names 9443 */
	char shown[280];	/* `host:9443`, brackets around IPv6; safe to show */
	char url[300];		/* `https://host:9443`, no slash at the end */
};

/*
 * Read `https://host:9443`, `host` or `host:port` (https and 9443 are the defaults; a URL without
 * a port means 443).  User information, a path other than "/", a query or a fragment, plain http
 * to anything but loopback, and anything that is no cluster: -1 with the sentence, whose text
 * never repeats user information; out is then untouched.
 */
int address_parse(struct address *out, const char *typed, struct err *);

/*
 * The host that a Location header (raw) names, without port and user information, safe to show.
 * False and "" for a relative target and for anything that is no URL.
 */
bool address_location_host(char *out, size_t size, const char *location);

/*
 * Where a 307 leads, from its raw Location header and the path that was asked for: only host and
 * port are taken.  -1 with the sentence (ERR_ASK_USER, out untouched) for user information, a
 * relative target, a scheme that is not the address's own, or another path: a redirect that is not
 * understood.  Queries are not compared: some targets lose theirs, and the one asked is used.
 */
int address_redirect(struct address *out, const struct address *from, const char *location,
		     const char *path, struct err *);

#endif
