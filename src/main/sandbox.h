/*
 * main/sandbox.h - what bdbtop can still do once its start-up is complete: read what its libraries
 * need, write its own files, and connect to its clusters.  doc/decisions.md says why.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "bdbtop/net/address.h"

#define SANDBOX_PORTS	   17 /* of 16 addresses and of the proxy */
#define SANDBOX_FILES	   3
#define SANDBOX_TEXT_BYTES 80

/* What this run needs besides what every run needs.  Paths are raw; NULL: none. */
struct sandbox_setup {
	bool off;
	const char *state_dir; /* it exists, or nothing is written to it */
	const char *home;
	const char *output;		  /* -o: its directory, or the file itself if it is none */
	const char *files[SANDBOX_FILES]; /* certificates and keys, read for each connection */
	bool writes_here; /* the key `w` writes below the working directory, unless that is / */
	bool copies;	  /* the key that copies starts tmux, where bdbtop runs in it */
	unsigned ports[SANDBOX_PORTS];
	size_t port_count;
};

struct sandbox {
	bool off;
	int abi; /* of Landlock; 0: the kernel has none, so only no_new_privs holds */
};

/* Limits this thread, and all threads and children that it starts later; nothing takes it back.
 * Degrades step by step with the kernel, so it cannot fail. */
struct sandbox sandbox_enter(const struct sandbox_setup *);
/* True when the kernel refuses connections to other ports. */
bool sandbox_limits_ports(const struct sandbox *);
/* What it limits, in words.  Returns out. */
char *sandbox_format(const struct sandbox *, char out[SANDBOX_TEXT_BYTES]);
