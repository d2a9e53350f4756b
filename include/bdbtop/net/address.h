/*
 * net/address.h - the address of a cluster: scheme, host and port, parsed from what the user typed.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "bdbtop/core/err.h"

struct address {
	bool tls;		/* false: plain http, allowed for a loopback host only */
	char host[256];		/* name, IPv4, or IPv6 without brackets */
	unsigned port;
	bool loopback;		/* 127.0.0.0/8, ::1 or `localhost`: never through a proxy */
	bool port_given;	/* false: a URL without a port, so 443; an error suggests 9443 */
	char shown[280];	/* `host:9443`, brackets around IPv6; safe to show */
	char url[300];		/* `https://host:9443`, no slash at the end */
};

/*
 * Parse `https://host:9443`, `host` or `host:port` (https and 9443 are the defaults; a URL without
 * a port means 443).  Returns 0, or -1 with err set and *out unchanged for user information, a path
 * other than "/", a query, a fragment, plain http to a host that is not loopback, and anything
 * else that is not an address.  The error never repeats user information.
 */
int address_parse(struct address *out, const char *typed, struct err *);

/*
 * The host that a raw Location header names, without port and user information, safe to show.
 * Returns false and "" for a relative target and for anything else without a host.
 */
bool address_location_host(char *out, size_t size, const char *location);

/*
 * The target of a 307, from its raw Location header and the requested path.  Takes only host and
 * port.  Returns -1 with err set (ERR_ASK_USER) and *out unchanged for user information, a relative
 * target, plain http to a host that is not loopback, and another scheme or path than those of the
 * request.  Ignores the query: some clusters drop it, and the caller sends its own again.
 */
int address_redirect(struct address *out, const struct address *from, const char *location,
		     const char *path, struct err *);
