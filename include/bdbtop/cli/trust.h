/*
 * cli/trust.h - `bdbtop trust`: what a cluster's certificate says, and the question whether to pin
 * its key.
 */
#ifndef BDBTOP_CLI_TRUST_H
#define BDBTOP_CLI_TRUST_H

#include <stdio.h>

#include "bdbtop/core/source.h"

/* What is shown; strings are safe to show. */
struct trust_info {
	const char *name; /* of the cluster */
	const char *host; /* `host:9443` that showed the certificate */
	const struct source_certificate *offered;
	const char *problem; /* why no authority vouches for it, a sentence; "": one does */
	const struct source_pin *pinned; /* the key that was pinned before, NULL: none */
	int64_t now_s;
};

/* The certificate, or, where another key is pinned, both keys. */
void trust_print(FILE *, const struct trust_info *);

/*
 * Ask on `terminal`: only `y` or `yes` says yes.  What was typed before the question, and within
 * 250 ms of it, is thrown away.
 */
bool trust_ask(int terminal, const struct trust_info *);

#endif
