/*
 * json/token.h - finds the token in a reply of /v1/users/authorize or refresh_jwt, and its times.
 *
 * Nothing here copies a token: json-c is not used, because it frees its copies without clearing
 * them.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Finds the member `access_token`, a string of characters as token_is_valid() demands.  Returns 0
 * with its position in the reply and its length, or -1. */
int token_find(const char *reply, size_t length, size_t *at, size_t *token_length);

/* True when it is not empty and each character may be in a token (RFC 6750): letters, digits and
 * `-._~+/=`.  Any other could end the Authorization header. */
bool token_is_valid(const char *token);

/* The claims `iat` and `exp` of a JSON web token, seconds since 1970; 0: not known. */
struct token_times {
	int64_t issued_s, expires_s;
};
/* Reads the claims without checking the signature, which only the cluster can. */
struct token_times token_times(const char *token);
