/*
 * core/auth_method.h - how bdbtop logs in to a cluster: the key `auth` of the configuration.
 */
#pragma once

enum auth_method {
	AUTH_BASIC,		/* user and password with each request */
	AUTH_TOKEN,		/* a token, for which user and password are sent once */
	AUTH_CERTIFICATE,	/* the client certificate alone */
	AUTH_METHODS
};

extern const char *const auth_method_words[AUTH_METHODS];
