#include "bdbtop/net/address.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <curl/curl.h>

#include "bdbtop/core/text.h"

#define API_PORT 9443

static int refuse(struct err *err, const char *typed, const char *why)
{
	char safe[120];

	return err_set(err, ERR_FINAL, "invalid cluster \"%s\": %s.",
		       text_safe(safe, sizeof(safe), typed, false), why);
}

static bool is_loopback(const char *host)
{
	struct in6_addr ipv6;
	struct in_addr ipv4;

	if (inet_pton(AF_INET, host, &ipv4) == 1)
		return ntohl(ipv4.s_addr) >> 24 == 127;
	if (inet_pton(AF_INET6, host, &ipv6) == 1)
		return IN6_IS_ADDR_LOOPBACK(&ipv6);
	return !strcasecmp(host, "localhost");
}

/* An error may show the host in a command to paste into a shell: reject shell metacharacters. */
static bool host_is_plain(const char *host)
{
	for (; *host; host++)
		if ((unsigned char)*host < 0x80 &&
		    !strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_:",
			    *host))
			return false;
	return true;
}

/* Copies one part of the URL; false when it does not fit or the URL has none. */
static bool copy_part(CURLU *url, CURLUPart what, char *out, size_t size)
{
	char *got = NULL;
	bool fits;

	if (curl_url_get(url, what, &got, 0) != CURLUE_OK)
		return false;
	fits = strlen(got) < size;
	if (fits)
		strcpy(out, got);
	curl_free(got);
	return fits;
}

static bool url_has_part(CURLU *url, CURLUPart what)
{
	char *got = NULL;
	bool there = curl_url_get(url, what, &got, 0) == CURLUE_OK && *got;

	curl_free(got);
	return there;
}

static bool read_host(CURLU *url, char out[256])
{
	char host[260];
	size_t length;

	if (!copy_part(url, CURLUPART_HOST, host, sizeof(host)) ||
	    url_has_part(url, CURLUPART_ZONEID))
		return false;
	length = strlen(host);
	if (host[0] == '[' && host[length - 1] == ']') {
		host[length - 1] = '\0';
		memmove(host, host + 1, length - 1);
		length -= 2;
	}
	if (!length || length > 255 || !host_is_plain(host))
		return false;
	memcpy(out, host, length + 1);
	return true;
}

static int read_port(CURLU *url, struct address *out, unsigned default_port)
{
	char port[8];

	out->port_given = copy_part(url, CURLUPART_PORT, port, sizeof(port));
	out->port = out->port_given ? (unsigned)strtoul(port, NULL, 10) : default_port;
	return out->port >= 1 && out->port <= 65535 ? 0 : -1;
}

static void address_format(struct address *out)
{
	bool ipv6 = strchr(out->host, ':') != NULL;
	char plain[280];

	snprintf(plain, sizeof(plain), ipv6 ? "[%s]:%u" : "%s:%u", out->host, out->port);
	text_safe(out->shown, sizeof(out->shown), plain, false);
	snprintf(out->url, sizeof(out->url), "%s://%s", out->tls ? "https" : "http", plain);
}

/* `host` and `host:port` (*bare) mean https; an IPv6 address may lack its brackets. */
static int parse_url(CURLU *url, const char *typed, bool *bare)
{
	struct in6_addr ipv6;
	char text[400];
	int length;

	*bare = !strstr(typed, "://");
	if (!*bare)
		length = snprintf(text, sizeof(text), "%s", typed);
	else if (inet_pton(AF_INET6, typed, &ipv6) == 1)
		length = snprintf(text, sizeof(text), "https://[%s]", typed);
	else
		length = snprintf(text, sizeof(text), "https://%s", typed);
	if (length >= (int)sizeof(text) || curl_url_set(url, CURLUPART_URL, text, 0) != CURLUE_OK)
		return -1;
	return 0;
}

static int read_url(CURLU *url, struct address *out, const char *typed, struct err *err)
{
	static const char ways[] =
		"write https://HOST:9443, HOST[:PORT], a name from the configuration, or the name "
		"of a redisctl profile";
	char scheme[16], path[4] = "";
	bool bare;

	if (parse_url(url, typed, &bare) < 0 ||
	    !copy_part(url, CURLUPART_SCHEME, scheme, sizeof(scheme)))
		return refuse(err, typed, ways);
	out->tls = !strcmp(scheme, "https");
	if (!out->tls && strcmp(scheme, "http") != 0)
		return refuse(err, typed, ways);
	if (!read_host(url, out->host) || read_port(url, out,
						    bare       ? API_PORT
						    : out->tls ? 443
							       : 80) < 0)
		return refuse(err, typed, ways);
	if (!copy_part(url, CURLUPART_PATH, path, sizeof(path)) || strcmp(path, "/") != 0 ||
	    url_has_part(url, CURLUPART_QUERY) || url_has_part(url, CURLUPART_FRAGMENT) ||
	    strpbrk(typed, "?#"))
		return refuse(
			err, typed,
			"give only host and port, without path or query, as in https://HOST:9443");
	if (bare)
		out->port_given = true;
	out->loopback = is_loopback(out->host);
	if (!out->tls && !out->loopback)
		return refuse(err, typed,
			      "plain http:// would expose the password; write https://HOST:9443");
	return 0;
}

int address_parse(struct address *out, const char *typed, struct err *err)
{
	struct address fresh = { 0 };
	CURLU *url;
	int rc;

	/* no part that is used can contain an at sign, and text before one may be a password */
	if (strchr(typed, '@'))
		return err_set(err, ERR_FINAL,
			       "an address must not contain a user or a password: set "
			       "REDIS_ENTERPRISE_USER and REDIS_ENTERPRISE_PASSWORD.");
	url = curl_url();
	if (!url)
		return err_set_code(err, ERR_CODE_INTERNAL, ERR_RETRY, "out of memory.");
	rc = read_url(url, &fresh, typed, err);
	curl_url_cleanup(url);
	if (rc < 0)
		return -1;
	address_format(&fresh);
	*out = fresh;
	return 0;
}

/* The error names both remedies: another address, or handle_redirects. */
static int set_redirect_error(const struct address *from, const char *location, const char *why,
			      struct err *err)
{
	char target[128];

	if (address_location_host(target, sizeof(target), location))
		return err_set_code(
			err, ERR_CODE_NOT_A_CLUSTER, ERR_ASK_USER,
			"%s redirects to %s, and the redirect is invalid: %s. Give that address, "
			"or turn on the cluster option handle_redirects.",
			from->shown, target, why);
	return err_set_code(
		err, ERR_CODE_NOT_A_CLUSTER, ERR_ASK_USER,
		"%s redirects, and the redirect is invalid: %s. Give the address of the primary "
		"node, or turn on the cluster option handle_redirects.",
		from->shown, why);
}

/* Compares raw paths, without the query, which some clusters drop from the target. */
static bool path_is_same(CURLU *url, const char *path)
{
	size_t length = strcspn(path, "?");
	char *got = NULL;
	bool same;

	same = curl_url_get(url, CURLUPART_PATH, &got, 0) == CURLUE_OK && strlen(got) == length &&
	       !strncmp(got, path, length);
	curl_free(got);
	return same;
}

/* Returns NULL, or why the target is rejected. */
static const char *parse_target(CURLU *url, struct address *out, const char *location,
				const char *path)
{
	char scheme[16];

	if (strchr(location, '@'))
		return "its target contains user information";
	if (curl_url_set(url, CURLUPART_URL, location, CURLU_PATH_AS_IS) != CURLUE_OK ||
	    !copy_part(url, CURLUPART_SCHEME, scheme, sizeof(scheme)))
		return "its target is not a complete URL";
	if (strcmp(scheme, out->tls ? "https" : "http") != 0)
		return "its target has another scheme";
	if (!read_host(url, out->host) || read_port(url, out, out->tls ? 443 : 80) < 0)
		return "its target has no host";
	if (!path_is_same(url, path))
		return "its target has a different path than the request";
	out->loopback = is_loopback(out->host);
	if (!out->tls && !out->loopback)
		return "its target is plain http";
	return NULL;
}

int address_redirect(struct address *out, const struct address *from, const char *location,
		     const char *path, struct err *err)
{
	struct address fresh = { .tls = from->tls };
	CURLU *url = curl_url();
	const char *why;

	if (!url)
		return err_set_code(err, ERR_CODE_INTERNAL, ERR_RETRY, "out of memory.");
	why = parse_target(url, &fresh, location, path);
	curl_url_cleanup(url);
	if (why)
		return set_redirect_error(from, location, why, err);
	address_format(&fresh);
	*out = fresh;
	return 0;
}

bool address_location_host(char *out, size_t size, const char *location)
{
	CURLU *url = curl_url();
	char host[256];
	bool found;

	*out = '\0';
	found = url && curl_url_set(url, CURLUPART_URL, location, 0) == CURLUE_OK &&
		read_host(url, host);
	curl_url_cleanup(url);
	if (found)
		text_safe(out, size, host, false);
	return found;
}
