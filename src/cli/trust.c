#include "bdbtop/cli/trust.h"

#include <inttypes.h>
#include <poll.h>
#include <string.h>
#include <strings.h>
#include <termios.h>
#include <unistd.h>

#include "bdbtop/core/time.h"

#define HALF	   48 /* 16 bytes of a fingerprint with the colon after the last */
#define SETTLES_MS 250

static const char *const no_print = "--";

/* `label  SHA-256 9F:...`, in two lines of 16 bytes. */
static void print_fingerprint(FILE *out, const char *label, const char *day, const char *print)
{
	size_t length = strlen(print);

	if (!length)
		print = no_print;
	if (length < HALF) {
		fprintf(out, "  %-12s SHA-256 %s\n", label, print);
		return;
	}
	fprintf(out, "  %-12s SHA-256 %.*s\n", label, HALF - 1, print);
	fprintf(out, "  %-12s         %s\n", day, print + HALF);
}

static char *day_of(char out[TIME_TEXT_SIZE], int64_t s)
{
	if (!s)
		return strcpy(out, "");
	time_format_iso(out, s);
	out[strcspn(out, "T ")] = '\0';
	return out;
}

static void print_valid(FILE *out, const struct source_certificate *c, int64_t now_s)
{
	char from[TIME_TEXT_SIZE], to[TIME_TEXT_SIZE];
	int64_t left = time_subtract(c->to_s, now_s) / 86400;

	fprintf(out, "  %-12s %s to %s, ", "valid", day_of(from, c->from_s), day_of(to, c->to_s));
	if (now_s < c->from_s)
		fputs("not yet\n", out);
	else if (now_s >= c->to_s)
		fputs("expired\n", out);
	else
		fprintf(out, "%" PRId64 " day%s left\n", left, left == 1 ? "" : "s");
}

static void print_certificate(FILE *out, const struct trust_info *page)
{
	const struct source_certificate *c = page->offered;

	fprintf(out, "%s shows this certificate. %s\n", page->host,
		*page->problem ? page->problem : "It is signed by a trusted CA.");
	fputs("Only the TLS handshake was made; no log-in was sent.\n\n", out);
	fprintf(out, "  %-12s %s\n", "subject", c->subject);
	fprintf(out, "  %-12s %s\n", "issuer",
		c->self_signed ? "the same (self-signed)" : c->issuer);
	fprintf(out, "  %-12s %s\n", "names", *c->names ? c->names : no_print);
	print_valid(out, c, page->now_s);
	print_fingerprint(out, "certificate", "", c->sha256);
	print_fingerprint(out, "public key", "", c->key_sha256);
	fputs("\nCompare the certificate with what a node of the cluster itself shows:\n"
	      "  openssl s_client -connect localhost:9443 </dev/null 2>/dev/null |\n"
	      "    openssl x509 -noout -fingerprint -sha256\n",
	      out);
}

static void print_changed(FILE *out, const struct trust_info *page)
{
	char since[TIME_TEXT_SIZE];

	fprintf(out, "THE KEY OF %s HAS CHANGED. No log-in was sent.\n\n", page->name);
	print_fingerprint(out, "pinned", day_of(since, page->pinned->since_s),
			  page->pinned->key_sha256);
	print_fingerprint(out, "offered", "today", page->offered->key_sha256);
	fputs("\nEither the certificate was renewed with a new key, or someone is intercepting "
	      "the\nconnection. Ask the cluster's administrator.\n",
	      out);
}

void trust_print(FILE *out, const struct trust_info *page)
{
	if (page->pinned)
		print_changed(out, page);
	else
		print_certificate(out, page);
}

bool trust_ask(int terminal, const struct trust_info *page)
{
	struct pollfd ready = { .fd = terminal, .events = POLLIN };
	char line[64];
	ssize_t length;

	dprintf(terminal, "\n%s for %s from now on?  [y/N] ",
		page->pinned ? "Trust the new public key" : "Trust this public key", page->name);
	/* the user cannot have read the question yet */
	poll(NULL, 0, SETTLES_MS);
	tcflush(terminal, TCIFLUSH);
	if (poll(&ready, 1, -1) <= 0)
		return false;
	length = read(terminal, line, sizeof(line) - 1);
	if (length <= 0)
		return false;
	line[length] = '\0';
	line[strcspn(line, "\r\n")] = '\0';
	return !strcasecmp(line, "y") || !strcasecmp(line, "yes");
}
