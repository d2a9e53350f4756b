#include "bdbtop/cli/trust.h"

#include <inttypes.h>
#include <poll.h>
#include <string.h>

#include "answer.h"
#include "bdbtop/cli/streams.h"
#include "bdbtop/core/time.h"

#define HALF_LENGTH 48 /* 16 bytes of a fingerprint with the colon after the last */

static const char *const no_value = "--";

/* `label  SHA-256 9F:...`, in two lines of 16 bytes. */
static void print_fingerprint(FILE *out, const char *label, const char *day,
			      const char *fingerprint)
{
	size_t length = strlen(fingerprint);

	if (!length)
		fingerprint = no_value;
	if (length < HALF_LENGTH) {
		fprintf(out, "  %-12s SHA-256 %s\n", label, fingerprint);
		return;
	}
	fprintf(out, "  %-12s SHA-256 %.*s\n", label, HALF_LENGTH - 1, fingerprint);
	fprintf(out, "  %-12s         %s\n", day, fingerprint + HALF_LENGTH);
}

static char *format_day(char out[TIME_TEXT_SIZE], int64_t s)
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

	fprintf(out, "  %-12s %s to %s, ", "valid", format_day(from, c->from_s),
		format_day(to, c->to_s));
	if (now_s < c->from_s)
		fputs("not yet\n", out);
	else if (now_s >= c->to_s)
		fputs("expired\n", out);
	else
		fprintf(out, "%" PRId64 " day%s left\n", left, left == 1 ? "" : "s");
}

static void print_certificate(FILE *out, const struct trust_info *info)
{
	const struct source_certificate *c = info->offered;

	fprintf(out, "%s shows this certificate. %s\n", info->host,
		*info->problem ? info->problem : "It is signed by a trusted CA.");
	fputs("Only the TLS handshake was made; no log-in was sent.\n\n", out);
	fprintf(out, "  %-12s %s\n", "subject", c->subject);
	fprintf(out, "  %-12s %s\n", "issuer",
		c->self_signed ? "the same (self-signed)" : c->issuer);
	fprintf(out, "  %-12s %s\n", "names", *c->names ? c->names : no_value);
	print_valid(out, c, info->now_s);
	print_fingerprint(out, "certificate", "", c->sha256);
	print_fingerprint(out, "public key", "", c->key_sha256);
	if (info->note)
		fprintf(out, "\n%s\n", info->note);
	fputs("\nCompare the certificate with what a node of the cluster itself shows:\n"
	      "  openssl s_client -connect localhost:9443 </dev/null 2>/dev/null |\n"
	      "    openssl x509 -noout -fingerprint -sha256\n",
	      out);
}

void trust_print_keys(FILE *out, const struct source_pin *pinned,
		      const struct source_certificate *offered)
{
	char since[TIME_TEXT_SIZE];

	print_fingerprint(out, "pinned", format_day(since, pinned->since_s), pinned->key_sha256);
	print_fingerprint(out, "offered", "today", offered->key_sha256);
}

static void print_changed(FILE *out, const struct trust_info *info)
{
	fprintf(out, "THE KEY OF %s HAS CHANGED. No log-in was sent.\n\n", info->name);
	trust_print_keys(out, info->pinned, info->offered);
	fputs("\nEither the certificate was renewed with a new key, or someone is intercepting "
	      "the\nconnection. Ask the cluster's administrator.\n",
	      out);
}

void trust_print(FILE *out, const struct trust_info *info)
{
	if (info->pinned)
		print_changed(out, info);
	else
		print_certificate(out, info);
}

bool trust_ask(int terminal, const struct trust_info *info)
{
	struct pollfd ready = { .fd = terminal, .events = POLLIN };
	FILE *out = stream_terminal(terminal);
	char line[64];

	if (!out)
		return false;
	fprintf(out, "\n%s for %s from now on?  [y/N] ",
		info->pinned ? "Trust the new public key" : "Trust this public key", info->name);
	fclose(out);
	poll(NULL, 0, ANSWER_GUARD_MS);
	answer_discard(terminal);
	return poll(&ready, 1, -1) > 0 && answer_read(terminal, line, sizeof(line)) &&
	       answer_is_yes(line);
}
