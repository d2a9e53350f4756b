#include "tests/faults/fault_table.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <zlib.h>

#include "bdbtop/core/array.h"

#define MIB	   ((size_t)1 << 20)
#define JSON	   "Content-Type: application/json\r\n"
#define NO_BODY	   "Content-Length: 0\r\n\r\n"
#define HTML	   "Content-Type: text/html\r\nContent-Length: 22\r\n\r\n<!DOCTYPE html>\n<html>"
#define RESTARTS   " The node may be restarting, or a proxy is in between."
#define BUSY	   " The node may be overloaded, or the network slow."
#define NO_API	   " Is this the API of a Redis Enterprise cluster? Its port is 9443."
#define IS_PORT	   " Is this the API's port? It is usually 9443"
#define UNTRUSTED  "0 unsent words() where() why(certificate not trusted)"
#define LOST	   "0 words() where() why(connection closed before the reply was complete)"
#define NOT_HTTP   "0 words() where() why(no HTTP answer)"
#define TOO_LONG   "0 words() where() why(reply too long)"
#define ACCEPTED   "200 whole words() where() why()"
#define STATUS(of) #of " whole words() where() why()"
#define IS_HTML                                                                                    \
	"the reply is HTML, not the API's JSON. Port 8443 is the web interface, 9443 the API; or " \
	"a proxy is in between."
#define UNKNOWN(of)                                                                                \
	"127.0.0.1:% sent a reply that bdbtop does not understand (" #of ").*See the logs of "     \
	"that node."

/* --- bytes ----------------------------------------------------------------------------------- */

/* A reply with a body of this length, to free; the caller writes the body. */
static char *reply_with(const char *fields, size_t length, char **body, size_t *total)
{
	char *bytes = malloc(length + 300);
	int head = sprintf(bytes, "HTTP/1.1 200 OK\r\n" JSON "%sContent-Length: %zu\r\n\r\n",
			   fields, length);

	*body = bytes + head;
	*total = (size_t)head + length;
	return bytes;
}

static char *reply_of_text(const char *text, size_t *length)
{
	char *body, *bytes = reply_with("", strlen(text), &body, length);

	memcpy(body, text, strlen(text));
	return bytes;
}

/* The beginning of an element with a long text, which fits this kind. */
static const char *begin_text(const struct request_kind *kind)
{
	return *kind->body == '[' ? "[{\"uid\":12,\"name\":\"" : "{\"uid\":7,\"name\":\"";
}

static char *long_header(const struct request_kind *kind, unsigned port, size_t *length)
{
	char *bytes = malloc(2 * MIB);
	size_t at = (size_t)sprintf(bytes, "HTTP/1.1 200 OK\r\n");

	(void)port;
	while (at < MIB)
		at += (size_t)sprintf(bytes + at, "X-Header: nothing at all to say\r\n");
	*length = at + (size_t)sprintf(bytes + at, "Content-Length: %zu\r\n\r\n%s",
				       strlen(kind->body), kind->body);
	return bytes;
}

/* Content-Length is half of the body: what follows is not a reply to the next request. */
static char *short_length(const struct request_kind *kind, unsigned port, size_t *length)
{
	const char *body = *kind->body ? kind->body : "{\"uid\":7}";
	char *bytes = malloc(1000);

	(void)port;
	*length = (size_t)sprintf(bytes, FAULTS_OK "Content-Length: %zu\r\n\r\n%s",
				  strlen(body) / 2, body);
	return bytes;
}

static char *endless_text(const struct request_kind *kind, unsigned port, size_t *length)
{
	char *bytes = malloc(1000);

	(void)port;
	*length = (size_t)sprintf(bytes, FAULTS_OK "\r\n%s", begin_text(kind));
	return bytes;
}

static char *text_of_10_mib(const struct request_kind *kind, unsigned port, size_t *length)
{
	const char *begin = begin_text(kind), *end = *kind->body == '[' ? "\"}]" : "\"}";
	size_t before = strlen(begin), after = strlen(end);
	char *body, *bytes = reply_with("", before + 10 * MIB + after, &body, length);

	(void)port;
	memcpy(body, begin, before);
	memset(body + before, 'a', 10 * MIB);
	memcpy(body + before + 10 * MIB, end, after);
	return bytes;
}

static char *nested(const struct request_kind *kind, unsigned port, size_t *length)
{
	const char *begin = *kind->body == '[' ? "[" : "{\"uid\":";
	size_t before = strlen(begin);
	char *body, *bytes = reply_with("", before + 100000, &body, length);

	(void)port;
	memcpy(body, begin, before);
	memset(body + before, '[', 100000);
	return bytes;
}

/* 130 MiB of blanks in about 130 KiB. */
#define BOMB_MIB 130
static char *bomb(const struct request_kind *kind, unsigned port, size_t *length)
{
	static unsigned char packed[256 << 10];
	static size_t packed_length;
	z_stream stream = { .next_out = packed, .avail_out = sizeof(packed) };
	static unsigned char blanks[64 << 10];
	char *body, *bytes;
	int i;

	(void)kind, (void)port;
	if (!packed_length) {
		memset(blanks, ' ', sizeof(blanks));
		deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
		for (i = 0; i < BOMB_MIB * 16; i++) {
			stream.next_in = blanks;
			stream.avail_in = sizeof(blanks);
			deflate(&stream, i == BOMB_MIB * 16 - 1 ? Z_FINISH : Z_NO_FLUSH);
		}
		packed_length = stream.total_out;
		deflateEnd(&stream);
	}
	bytes = reply_with("Content-Encoding: gzip\r\n", packed_length, &body, length);
	memcpy(body, packed, packed_length);
	return bytes;
}

/* The first bytes of a compressed body, which is longer. */
static char *truncated_gzip(const struct request_kind *kind, unsigned port, size_t *length)
{
	const char *text = *kind->body ? kind->body : "{}";
	unsigned char packed[1000];
	z_stream stream = { .next_in = (unsigned char *)(uintptr_t)text,
			    .avail_in = (unsigned)strlen(text),
			    .next_out = packed,
			    .avail_out = sizeof(packed) };
	char *body, *bytes;
	size_t half;

	(void)port;
	deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
	deflate(&stream, Z_FINISH);
	deflateEnd(&stream);
	/* 10 bytes are the header, 8 the check of the whole */
	half = 10 + (stream.total_out - 18) / 2;
	bytes = reply_with("Content-Encoding: gzip\r\n", half, &body, length);
	memcpy(body, packed, half);
	return bytes;
}

/* A 307 to the path of the request at this server itself. */
static char *redirect_to_itself(const struct request_kind *kind, unsigned port, size_t *length)
{
	const char *path = strchr(kind->line, '/');
	char *bytes = malloc(1000);

	*length = (size_t)sprintf(bytes,
				  "HTTP/1.1 307 Moved\r\nLocation: https://127.0.0.1:%u%.*s\r\n"
				  "Content-Length: 0\r\n\r\n",
				  port, (int)strcspn(path, "? "), path);
	return bytes;
}

static char *a_million_elements(const struct request_kind *kind, unsigned port, size_t *length)
{
	char *body, *bytes = reply_with("", 2000001, &body, length);
	size_t i;

	(void)kind, (void)port;
	body[0] = '[';
	for (i = 0; i < 1000000; i++)
		memcpy(body + 1 + 2 * i, i < 999999 ? "0," : "0]", 2);
	return bytes;
}

static char *half_a_body(const struct request_kind *kind, unsigned port, size_t *length)
{
	char text[1000];

	(void)port;
	snprintf(text, sizeof(text), "%.*s", (int)(strlen(kind->body) - 1),
		 *kind->body ? kind->body : "{}");
	return reply_of_text(text, length);
}

/* --- the table ------------------------------------------------------------------------------- */

#define BECOME(...)                                                                                \
	.become = &(const struct faults_setup)                                                     \
	{                                                                                          \
		__VA_ARGS__                                                                        \
	}
#define SEND(text)  .action = FAULT_SEND, .bytes = text
#define CLOSE(text) .action = FAULT_CLOSE, .bytes = text
#define BREAK(text) .action = FAULT_BREAK, .bytes = text

#define CERTIFICATE(of_name, problem, ...)                                                         \
	{                                                                                          \
		.name = of_name, BECOME(.protocol = FAULTS_TLS, .common = "node", __VA_ARGS__),    \
		.signs = true, .end = END_TRUST, .code = ERR_CODE_TLS_UNTRUSTED, .put = UNTRUSTED, \
		.read = "the certificate of 127.0.0.1:% " problem                                  \
	}
#define NO_TLS(of_name, ...)                                                                       \
	{                                                                                          \
		.name = of_name, BECOME(__VA_ARGS__), .code = ERR_CODE_UNREACHABLE,                \
		.put = "0 unsent words() where() why(no TLS connection)",                          \
		.read = "no TLS connection with 127.0.0.1:%: *. The API uses TLS 1.2 or 1.3, "     \
			"usually on port 9443."                                                    \
	}
#define REDIRECT(of)                                                                               \
	{ .name = #of " to another node",                                                          \
	  SEND("HTTP/1.1 " #of " Moved\r\nLocation: https://10.0.0.3:9443/v1/bdbs\r\n" NO_BODY),   \
	  .code = ERR_CODE_NOT_A_CLUSTER,                                                          \
	  .put = #of " whole words() where(10.0.0.3) why()",                                       \
	  .read = "127.0.0.1:% is not the primary node and redirects to 10.0.0.3 (" #of "). Give " \
		  "that address, or turn on the cluster option handle_redirects." },               \
	{                                                                                          \
		.name = #of " to nowhere", SEND("HTTP/1.1 " #of " Moved\r\n" NO_BODY),             \
		.code = ERR_CODE_NOT_A_CLUSTER, .put = STATUS(of),                                 \
		.read = "127.0.0.1:% redirects to an invalid address (" #of "). Give the address " \
			"of the primary node, or turn on the cluster option handle_redirects."     \
	}
#define BAD_307(of_name, location, problem)                                                        \
	{                                                                                          \
		.name = of_name, SEND("HTTP/1.1 307 Moved\r\n" location NO_BODY),                  \
		.code = ERR_CODE_NOT_A_CLUSTER, .put = "307 whole words() where(*) why()",         \
		.read = "127.0.0.1:% redirects*, and the redirect is invalid: " problem            \
			". Give * address*, or turn on the cluster option handle_redirects."       \
	}
#define IS_STATUS(of, of_code, ...)                                                                \
	{                                                                                          \
		.name = #of, .status = of, .code = ERR_CODE_##of_code, .put = STATUS(of),          \
		__VA_ARGS__                                                                        \
	}
#define PAUSES(of, of_end, ...)                                                                    \
	{                                                                                          \
		.name = #of " with a pause", .end = of_end, .code = ERR_CODE_UNREACHABLE,          \
		SEND("HTTP/1.1 " #of " No\r\nRetry-After: 3\r\n" NO_BODY), .put = STATUS(of),      \
		__VA_ARGS__                                                                        \
	}
#define PAUSE " The reply asks for a pause of 3s."
#define PAGE_OF(of, of_code, ...)                                                                  \
	{                                                                                          \
		.name = #of " with HTML", SEND("HTTP/1.1 " #of " No\r\n" HTML), .put = STATUS(of), \
		.code = ERR_CODE_##of_code, __VA_ARGS__                                            \
	}
#define BODY(of_name, text, ...)                                                                   \
	{                                                                                          \
		.name = of_name, .status = 200, .bytes = text, .code = ERR_CODE_BAD_REPLY,         \
		.put = ACCEPTED, __VA_ARGS__                                                       \
	}

const struct fault_case fault_cases[] = {
	/* the connection */
	{ .name = "refuses",
	  .code = ERR_CODE_UNREACHABLE,
	  BECOME(.protocol = FAULTS_REFUSING),
	  .put = "0 unsent words() where() why(no connection)",
	  .read = "connection refused by 127.0.0.1 port %. Is this a node, and is its API on this "
		  "port?" },
	{ .name = "never accepts",
	  .code = ERR_CODE_UNREACHABLE,
	  BECOME(.protocol = FAULTS_UNACCEPTING),
	  .pace = PACE_CONNECT,
	  .put = "0 unsent words() where() why(no connection)",
	  .read = "no connection with 127.0.0.1 port % within 5s. Is this a node, and does a "
		  "firewall allow the connection?" },
	/* libcurl 8 reports a connection only after the handshake */
	{ .name = "silent instead of TLS",
	  .code = ERR_CODE_UNREACHABLE,
	  BECOME(.protocol = FAULTS_SILENT),
	  .pace = PACE_CONNECT,
	  .put = "0 unsent words() where() why(no connection)",
	  .read = "*127.0.0.1 port % *within 5s. Is this *" },
	NO_TLS("cuts the handshake", .protocol = FAULTS_CUT),
	NO_TLS("TLS 1.1 only", .protocol = FAULTS_TLS, .tls = 11),
	{ .name = "HTTP instead of TLS",
	  .code = ERR_CODE_NOT_A_CLUSTER,
	  BECOME(.protocol = FAULTS_SILENT, .greeting = "HTTP/1.1 400 Bad Request\r\n\r\n"),
	  .put = "0 unsent words() where() why(no TLS connection)",
	  .read = "127.0.0.1:% answers, but not with TLS." IS_PORT
		  "; 8080 is plain HTTP and is never used." },
	CERTIFICATE("an expired certificate",
		    "has expired. Renew it, or check the clock of this machine.", .expired = true),
	CERTIFICATE("a certificate of tomorrow",
		    "is not valid yet. Renew it, or check the clock of this machine.",
		    .not_yet = true),
	CERTIFICATE("a certificate for another name",
		    "is for another name. Use a name from the certificate, which bdbtop trust "
		    "127.0.0.1:% shows.",
		    .name = "other.example"),
	{ .name = "a self-signed certificate",
	  .code = ERR_CODE_TLS_UNTRUSTED,
	  BECOME(.protocol = FAULTS_TLS),
	  .end = END_TRUST,
	  .put = UNTRUSTED,
	  .read = "the certificate of 127.0.0.1:% is not signed by a CA *. Is it the "
		  "CA of this cluster? To see what the cluster presents: openssl s_client "
		  "-showcerts -connect 127.0.0.1:% </dev/null." },

	/* no complete reply */
	{ .name = "silent",
	  .code = ERR_CODE_TIMEOUT,
	  .action = FAULT_HANG,
	  .bytes = "",
	  .pace = PACE_SILENCE,
	  .put = "0 words() where() why(no answer after 10s)",
	  .read = "no answer after ~ from 127.0.0.1:%." BUSY },
	{ .name = "silent in the body",
	  .code = ERR_CODE_TIMEOUT,
	  .action = FAULT_HANG,
	  .bytes = FAULTS_OK "Content-Length: 99\r\n\r\n ",
	  .pace = PACE_SILENCE,
	  .put = "0 words() where() why(no answer after 10s)",
	  .read = "the reply of 127.0.0.1:% stopped: no byte of its body for ~." BUSY,
	  .quick = "the reply of 127.0.0.1:% was not complete after ~." BUSY },
	{ .name = "one byte a second of the headers",
	  .code = ERR_CODE_TIMEOUT,
	  .action = FAULT_TRICKLE,
	  .bytes = "HTTP/1.1 200 OK\r\nX: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
	  .pace = PACE_TRICKLE,
	  .put = "0 words() where() why(no answer after 10s)",
	  /* libcurl 8 does not tell that it got a part of a line */
	  .read = "*after ~*" BUSY },
	{ .name = "one byte a second of the body",
	  .code = ERR_CODE_TIMEOUT,
	  .action = FAULT_TRICKLE,
	  .bytes = FAULTS_OK "Content-Length: 99\r\n\r\n"
			     "                                                                   ",
	  .pace = PACE_TRICKLE,
	  .put = "0 words() where() why(no answer after 10s)",
	  .read = "the reply of 127.0.0.1:% was not complete after !." BUSY },
	{ .name = "closes without a reply",
	  .code = ERR_CODE_UNREACHABLE,
	  CLOSE(""),
	  .twice = true,
	  .put = LOST,
	  .read = "127.0.0.1:% closed the connection without a reply." RESTARTS },
	{ .name = "resets without a reply",
	  .code = ERR_CODE_UNREACHABLE,
	  BREAK(""),
	  .twice = true,
	  .put = LOST,
	  .read = "127.0.0.1:% closed the connection without a reply." RESTARTS },
	{ .name = "closes in the body",
	  .code = ERR_CODE_UNREACHABLE,
	  CLOSE(FAULTS_OK "Content-Length: 99\r\n\r\n "),
	  .put = LOST,
	  .read = "the reply of 127.0.0.1:% was cut off after 1 byte." RESTARTS },
	{ .name = "resets in the body",
	  .code = ERR_CODE_UNREACHABLE,
	  BREAK(FAULTS_OK "Content-Length: 99\r\n\r\n "),
	  .put = LOST,
	  .read = "the reply of 127.0.0.1:% was cut off after 1 byte." RESTARTS },
	{ .name = "closes before the body",
	  .code = ERR_CODE_UNREACHABLE,
	  CLOSE(FAULTS_OK "Content-Length: 99\r\n\r\n"),
	  .put = LOST,
	  .read = "the reply of 127.0.0.1:% was cut off before its body." RESTARTS },
	{ .name = "a chunk without a length",
	  .code = ERR_CODE_UNREACHABLE,
	  CLOSE(FAULTS_OK "Transfer-Encoding: chunked\r\n\r\n1\r\n \r\nxyz\r\n"),
	  .put = LOST,
	  .read = "the reply of 127.0.0.1:% was cut off after 1 byte." RESTARTS },
	{ .name = "a chunk that is cut",
	  .code = ERR_CODE_UNREACHABLE,
	  CLOSE(FAULTS_OK "Transfer-Encoding: chunked\r\n\r\n9\r\n \r\n"),
	  .put = LOST,
	  .read = "the reply of 127.0.0.1:% was cut off after 3 bytes." RESTARTS },
	{ .name = "no last chunk",
	  .code = ERR_CODE_UNREACHABLE,
	  CLOSE(FAULTS_OK "Transfer-Encoding: chunked\r\n\r\n1\r\n \r\n"),
	  .put = LOST,
	  .read = "the reply of 127.0.0.1:% was cut off after 1 byte." RESTARTS },
	{ .name = "a length that is too short",
	  .code = ERR_CODE_BAD_REPLY,
	  .make = short_length,
	  .put = ACCEPTED,
	  .read = "the reply was cut off after * byte*, so none of it is used." RESTARTS },
	{ .name = "another protocol",
	  .code = ERR_CODE_NOT_A_CLUSTER,
	  CLOSE("SSH-2.0-OpenSSH_9.2p1\r\n\r\n"),
	  .put = NOT_HTTP,
	  .read = "127.0.0.1:% sent a reply that is not HTTP." IS_PORT "." },
	{ .name = "a status line without a number",
	  .code = ERR_CODE_NOT_A_CLUSTER,
	  CLOSE("HTTP/1.1 OK\r\n\r\n"),
	  .put = NOT_HTTP,
	  .read = "127.0.0.1:% sent a reply that is not HTTP." IS_PORT "." },
	{ .name = "1 MiB of headers",
	  .code = ERR_CODE_TOO_LARGE,
	  .make = long_header,
	  .put = TOO_LONG,
	  .read = "the reply of 127.0.0.1:% has endless headers; the rest was not read." NO_API },
	/* libcurl before 8.6 reports it as out of memory */
	{ .name = "a header without an end",
	  .code = ERR_CODE_TOO_LARGE,
	  .action = FAULT_FLOOD,
	  .bytes = "HTTP/1.1 200 OK\r\nX: ",
	  .put = TOO_LONG,
	  .read = "the reply of 127.0.0.1:% has endless headers*; the rest was not read." NO_API },

	/* bodies of any length */
	{ .name = "endless letters",
	  .code = ERR_CODE_BAD_REPLY,
	  .action = FAULT_FLOOD,
	  .bytes = FAULTS_OK "\r\n",
	  .put = TOO_LONG,
	  .read = "the reply is not JSON where & was expected. Port 9443 is the API; or a proxy is "
		  "in between." },
	{ .name = "endless blanks",
	  .code = ERR_CODE_TOO_LARGE,
	  .action = FAULT_BLANKS,
	  .bytes = FAULTS_OK "\r\n",
	  .put = TOO_LONG,
	  .read = "the reply of 127.0.0.1:% is longer than ^; the rest was not read." NO_API },
	{ .name = "an endless text",
	  .code = ERR_CODE_BAD_REPLY,
	  .action = FAULT_FLOOD,
	  .make = endless_text,
	  .put = TOO_LONG,
	  .read = "one element of the reply has more than 1048576 bytes, so it is not &. Is a "
		  "proxy in between?",
	  .small = "the reply of 127.0.0.1:% is longer than ^; the rest was not read." NO_API },
	{ .name = "a text of 10 MiB",
	  .code = ERR_CODE_BAD_REPLY,
	  .make = text_of_10_mib,
	  .put = TOO_LONG,
	  .read = "one element of the reply has more than 1048576 bytes, so it is not &. Is a "
		  "proxy in between?",
	  .small = "the reply of 127.0.0.1:% is longer than ^; the rest was not read." NO_API },
	{ .name = "a gzip bomb",
	  .code = ERR_CODE_TOO_LARGE,
	  .make = bomb,
	  .put = TOO_LONG,
	  .read = "the reply of 127.0.0.1:% is longer than ^; the rest was not read." NO_API },
	{ .name = "a truncated gzip",
	  .code = ERR_CODE_BAD_REPLY,
	  .make = truncated_gzip,
	  .put = ACCEPTED,
	  .read = "the reply was cut off after * byte*, so none of it is used." RESTARTS },
	{ .name = "no gzip",
	  .code = ERR_CODE_BAD_REPLY,
	  SEND(FAULTS_OK "Content-Encoding: gzip\r\nContent-Length: 8\r\n\r\nnot gzip"),
	  /* a PUT accepts no gzip, and its body is not read */
	  .put = ACCEPTED,
	  .read = "the reply of 127.0.0.1:% is marked as compressed and cannot be decompressed. Is "
		  "a proxy in between?" },
	{ .name = "a million elements",
	  .code = ERR_CODE_BAD_REPLY,
	  .make = a_million_elements,
	  .put = TOO_LONG,
	  .read = "the reply has more than 200,000 elements, the limit for &, so none of it is "
		  "used.",
	  .map = "the reply is a list where & was expected." NO_API },
	{ .name = "100,000 nestings",
	  .code = ERR_CODE_BAD_REPLY,
	  .make = nested,
	  .put = TOO_LONG,
	  .read = "the reply nests more than 32 levels at byte *, so it is not &. Is a proxy in "
		  "between?" },

	/* bodies that are not the API's */
	{ .name = "HTML",
	  .status = 200,
	  .bytes = "<!DOCTYPE html>\n<title>Welcome</title>",
	  .code = ERR_CODE_NOT_A_CLUSTER,
	  .put = ACCEPTED,
	  .read = IS_HTML },
	BODY("no body", "",
	     .read = "the reply is empty where & was expected. Is a proxy in "
		     "between?"),
	BODY("a byte order mark", "\xef\xbb\xbf[]",
	     .read = "the reply begins with a byte order mark, which JSON does not have, so it is "
		     "not from the API. Is a proxy in between?"),
	BODY("a number", "17", .read = "the reply is a number where & was expected." NO_API),
	BODY("a string", "\"no\"", .read = "the reply is a string where & was expected." NO_API),
	BODY("null", "null",
	     .read = "the reply is not JSON where & was expected. Port 9443 is the "
		     "API; or a proxy is in between."),
	{ .name = "a body without its end",
	  .code = ERR_CODE_BAD_REPLY,
	  .make = half_a_body,
	  .put = ACCEPTED,
	  .read = "the reply was cut off after * byte*, so none of it is used." RESTARTS },

	/* statuses */
	{ .name = "204",
	  .code = ERR_CODE_BAD_REPLY,
	  SEND("HTTP/1.1 204 No Content\r\n\r\n"),
	  .put = STATUS(204),
	  .read = UNKNOWN(204) },
	REDIRECT(301),
	REDIRECT(302),
	REDIRECT(303),
	REDIRECT(308),
	BAD_307("307 to nowhere", "", "its target is not a complete URL"),
	BAD_307("307 to a path", "Location: /v1/bdbs\r\n", "its target is not a complete URL"),
	BAD_307("307 to plain http", "Location: http://10.0.0.3:9443/v1/bdbs\r\n",
		"its target has another scheme"),
	BAD_307("307 to another path", "Location: https://10.0.0.3:9443/v1/users\r\n",
		"its target has a different path than the request"),
	BAD_307("307 with a log-in", "Location: https://bob:hunter2@10.0.0.3:9443/v1/bdbs\r\n",
		"its target contains user information"),
	{ .name = "307 to itself",
	  .code = ERR_CODE_NOT_A_CLUSTER,
	  .make = redirect_to_itself,
	  .put = "307 whole follow words() where(127.0.0.1) why()",
	  .read = "127.0.0.1:% redirects in a loop, to 127.0.0.1:% (307). Give the address of the "
		  "primary node, or turn on the cluster option handle_redirects." },
	IS_STATUS(400, NOT_A_CLUSTER,
		  .read = "the cluster refused even the shortest list of fields (400). Is "
			  "this the API of Redis Enterprise?",
		  .data = "the cluster refused the request for # (400). Its version may not "
			  "support it."),
	IS_STATUS(401, LOGIN_REFUSED, .end = END_LOGIN,
		  .read = "log-in refused for admin@lab (401). It is not tried again: five failed "
			  "log-ins lock the account. Check user and password."),
	IS_STATUS(403, FORBIDDEN,
		  .read = "the role of admin@lab may not read # (403). Use a user with a role "
			  "that may, such as cluster_viewer."),
	IS_STATUS(404, NOT_A_CLUSTER,
		  .read = "127.0.0.1:% does not have the list of databases (404)." IS_PORT
			  "; 8443 is the web interface.",
		  .data = "127.0.0.1:% does not have # (404). Its version may not support it, or "
			  "the database is gone."),
	IS_STATUS(406, NOT_A_CLUSTER,
		  .read = "the cluster refused even the shortest list of fields (406). Is "
			  "this the API of Redis Enterprise?",
		  .data = "the cluster refused the request for # (406). Its version may not "
			  "support it."),
	IS_STATUS(409, BAD_REPLY, .read = UNKNOWN(409)),
	IS_STATUS(429, UNREACHABLE,
		  .read = "too many requests (429). A gateway in front of the cluster may "
			  "limit the number of requests."),
	PAUSES(429, END_PAUSE,
	       .read = "too many requests (429). A gateway in front of the cluster may limit the "
		       "number of requests." PAUSE),
	IS_STATUS(500, BAD_REPLY,
		  .read = "the cluster reports an internal error (500). See the logs of that "
			  "node."),
	PAGE_OF(500, NOT_A_CLUSTER,
		.read = "the cluster reports an internal error (500), an HTML page. Is a "
			"proxy in between? See the logs of that node."),
	IS_STATUS(502, UNREACHABLE,
		  .read = "127.0.0.1:% is a gateway and got no valid reply from the API "
			  "behind it (502). The node may be restarting: try again, or give "
			  "another node."),
	PAGE_OF(502, UNREACHABLE,
		.read = "127.0.0.1:% is a gateway and got no valid reply from the API behind "
			"it (502). The node may be restarting: try again, or give another "
			"node."),
	IS_STATUS(503, UNREACHABLE,
		  .read = "the node is unavailable or not in a cluster, or the cluster has no "
			  "quorum (503). Try another node.",
		  .data = "the node cannot return # (503). It may be restarting, or the cluster "
			  "has no quorum."),
	PAUSES(503, END_PAUSE_BDBS,
	       .read = "the node is unavailable or not in a cluster, or the cluster has no quorum "
		       "(503). Try another node." PAUSE,
	       .data = "the node cannot return # (503). It may be restarting, or the cluster has "
		       "no quorum." PAUSE),
	IS_STATUS(504, UNREACHABLE,
		  .read = "127.0.0.1:% is a gateway and got no reply from the API behind it "
			  "in time (504). The node may be overloaded: try again, or give "
			  "another node."),
	PAGE_OF(504, UNREACHABLE,
		.read = "127.0.0.1:% is a gateway and got no reply from the API behind it in "
			"time (504). The node may be overloaded: try again, or give another "
			"node."),
};

const size_t fault_case_count = ARRAY_SIZE(fault_cases);
