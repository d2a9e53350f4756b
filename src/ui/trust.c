/*
 * The page in place of list and summary: the certificate of a server that no trusted CA signed, or
 * whose key differs from the pinned one.
 */
#include <stdio.h>
#include <string.h>

#include "bdbtop/ui/draw_context.h"

#define LABEL_COL 3
#define VALUE_COL 16
#define HASH_COL  (VALUE_COL + 8) /* after `SHA-256 ` */
#define BYTE	  3		  /* cells of `9F:` */
#define LONG_HASH 16		  /* bytes in a line of a hash */
#define MAX_ROWS  4		  /* of a line */
#define DAY_S	  86400
#define LOW_ROWS  14
#define LINE_SIZE 640

struct trust_screen {
	const struct draw_context *context;
	const struct cluster_status *status;
	const struct cluster_setup *setup;
	struct text_flow flow;
};

/* A low screen drops the rows of the highest rank first, but never those of rank 0. */
static void add(struct trust_screen *page, int rank, int col, const char *text)
{
	page->flow.rank = rank;
	flow_add(&page->flow,
		 &(struct flow_paragraph){ .text = text, .col = col, .max_rows = MAX_ROWS });
}

static void add_blank(struct trust_screen *page, int rank)
{
	page->flow.rank = rank;
	flow_next_row(&page->flow);
}

/* A field of the certificate; a narrow screen has no column for values. */
static void add_value(struct trust_screen *page, int rank, const char *label, const char *value)
{
	struct flow_paragraph field = { .text = value,
					.col = VALUE_COL,
					.label = label,
					.label_col = LABEL_COL,
					.max_rows = 2 };
	char line[LINE_SIZE];

	page->flow.rank = rank;
	if (page->context->columns.letters) {
		snprintf(line, sizeof(line), "%s %s", label, value);
		field = (struct flow_paragraph){ .text = line, .col = 1, .max_rows = 2 };
	}
	flow_add(&page->flow, &field);
}

/* 32 bytes as `9F:3C:…` in lines; label: of the first and of the second line. */
static void add_hash(struct trust_screen *page, int rank, const char *const label[2],
		     const char *hash)
{
	bool narrow = page->context->columns.letters;
	size_t length = strlen(hash), at = 0, bytes = LONG_HASH, part;
	struct flow_paragraph line = { .col = 1, .label_col = LABEL_COL };
	char text[LINE_SIZE];
	int row;

	page->flow.rank = rank;
	if (narrow) {
		bytes = (size_t)(page->context->canvas->cols - 1) / BYTE;
		snprintf(text, sizeof(text), "%s%s%s SHA-256", label[0], label[1][0] ? " " : "",
			 label[1]);
		add(page, rank, 1, text);
	}
	line.text = text;
	for (row = 0; row < MAX_ROWS && at < length; row++, at += part) {
		part = length - at < bytes * BYTE ? length - at : bytes * BYTE;
		if (!narrow) {
			line.col = row ? HASH_COL : VALUE_COL;
			line.label = row < 2 ? label[row] : NULL;
		}
		/* drop the colon at the end of a line */
		snprintf(text, sizeof(text), "%s%.*s", narrow || row ? "" : "SHA-256 ",
			 (int)(part - (hash[at + part - 1] == ':')), hash + at);
		flow_add(&page->flow, &line);
	}
}

static void write_day(char out[TIME_TEXT_SIZE], int64_t seconds)
{
	time_format_iso(out, seconds);
	out[strcspn(out, "T")] = '\0';
}

static void add_validity(struct trust_screen *page, int rank, const struct source_certificate *cert)
{
	int64_t now = page->context->now.wall_ms / 1000;
	int64_t days = time_subtract(cert->to_s, now) / DAY_S;
	char from[TIME_TEXT_SIZE], to[TIME_TEXT_SIZE], value[160], rest[64];

	write_day(from, cert->from_s);
	write_day(to, cert->to_s);
	if (now < cert->from_s)
		snprintf(rest, sizeof(rest), "not valid yet");
	else if (now >= cert->to_s)
		snprintf(rest, sizeof(rest), "expired");
	else
		snprintf(rest, sizeof(rest), "%lld day%s left", (long long)days,
			 days == 1 ? "" : "s");
	snprintf(value, sizeof(value), "%s to %s, %s", from, to, rest);
	add_value(page, rank, "valid", value);
}

static void add_first_contact(struct trust_screen *page)
{
	static const char sent[] = "Only the TLS handshake was made; no log-in was sent.";
	const struct source_prompt *prompt = &page->status->prompt;
	char text[LINE_SIZE];

	if (!page->context->columns.letters) {
		snprintf(text, sizeof(text), "First visit to %s. %s %s", prompt->host,
			 prompt->problem, sent);
		add(page, 0, 1, text);
		return;
	}
	snprintf(text, sizeof(text), "First visit, %s", prompt->host);
	page->flow.rank = 0;
	flow_add(&page->flow, &(struct flow_paragraph){ .text = text, .col = 1, .max_rows = 1 });
	add(page, 3, 1, prompt->problem);
	add(page, 6, 1, sent);
}

static const char *port_of(const char *host)
{
	const char *colon = strrchr(host, ':');

	return colon ? colon : ":9443";
}

static void write_first_contact(struct trust_screen *page)
{
	static const char *const certificate[] = { "certificate", "" }, *const key[] = {
		"public key", ""
	};
	const struct source_certificate *cert = &page->status->prompt.offered;
	char call[LINE_SIZE];

	add_blank(page, 9);
	add_first_contact(page);
	if (page->setup->trust_note)
		add(page, 3, 1, page->setup->trust_note);
	add_blank(page, 8);
	add_value(page, 5, "subject", cert->subject);
	add_value(page, 6, "issuer", cert->self_signed ? "the same (self-signed)" : cert->issuer);
	add_value(page, 4, "names", cert->names[0] ? cert->names : "none");
	add_validity(page, 4, cert);
	add_hash(page, 0, certificate, cert->sha256);
	add_hash(page, 7, key, cert->key_sha256);
	add_blank(page, 8);
	if (page->status->prompt_state == PROMPT_LATER) {
		add(page, 1, 1,
		    "The certificate is not trusted, and nothing is sent. F5 "
		    "asks again.");
		return;
	}
	add(page, 2, 1, "Compare the certificate with what a node of the cluster itself shows:");
	snprintf(call, sizeof(call),
		 "openssl s_client -connect localhost%s </dev/null 2>/dev/null |",
		 port_of(page->status->prompt.host));
	add(page, 2, LABEL_COL, call);
	add(page, 2, LABEL_COL + 2, "openssl x509 -noout -fingerprint -sha256");
}

/* A narrow and low screen has space for one complete hash: the offered one, which the user can
 * check. */
static void add_pinned(struct trust_screen *page)
{
	const struct source_pin *pin = &page->status->pinned;
	char since[TIME_TEXT_SIZE] = "";
	const char *const label[] = { "pinned", since };
	char text[LINE_SIZE];

	if (pin->since_s)
		write_day(since, pin->since_s);
	if (!page->context->columns.letters || page->context->canvas->rows >= LOW_ROWS) {
		add_hash(page, 3, label, pin->key_sha256);
		return;
	}
	snprintf(text, sizeof(text), "pinned SHA-256 %s", pin->key_sha256);
	page->flow.rank = 3;
	flow_add(&page->flow, &(struct flow_paragraph){ .text = text, .col = 1, .max_rows = 1 });
}

static void write_changed(struct trust_screen *page)
{
	static const char *const offered[] = { "offered", "today" };
	char line[LINE_SIZE];
	struct flow_paragraph title = {
		.text = line, .col = 1, .max_rows = MAX_ROWS, .highlight_style = STYLE_DANGER
	};
	struct text text;
	size_t at, length;

	add_blank(page, 9);
	text_init(&text, line, sizeof(line));
	text_add(&text, "THE KEY OF ");
	context_add_name(page->setup, &text, &at, &length);
	text_add(&text, " HAS CHANGED.");
	title.highlight_length = text.length;
	text_add(&text, " Refused; no log-in was sent.");
	page->flow.rank = 0;
	flow_add(&page->flow, &title);
	add_blank(page, 8);
	add_pinned(page);
	add_hash(page, 1, offered, page->status->offered.key_sha256);
	add_blank(page, 8);
	add(page, 4, 1,
	    "Either the certificate was renewed with a new key, or someone is intercepting "
	    "the connection. Ask the cluster's administrator. If it was renewed, accept the "
	    "new key with");
	snprintf(line, sizeof(line), "bdbtop trust --replace %s", page->setup->name);
	add(page, 2, LABEL_COL, line);
}

enum trust_page_kind trust_page(const struct draw_context *context)
{
	const struct question *question = &context->view->question;
	const struct cluster_status *status = context->status;
	enum session_mode mode = context->view->mode;

	if (question->kind == QUESTION_TRUST)
		return TRUST_FIRST_CONTACT;
	if (status->conn != CONN_UNTRUSTED || (mode != MODE_LIST && mode != MODE_QUESTION))
		return TRUST_NO_PAGE;
	if (status->key_changed)
		return context->view->shows_last_list ? TRUST_NO_PAGE : TRUST_CHANGED;
	if (status->prompt_state != PROMPT_NONE && status->prompt.kind == PROMPT_TRUST &&
	    !status->has_list)
		return TRUST_FIRST_CONTACT;
	return TRUST_NO_PAGE;
}

int trust_draw(const struct draw_context *context, enum trust_page_kind which, int end)
{
	const struct question *question = &context->view->question;
	const struct cluster *cluster =
		question->kind == QUESTION_TRUST
			? fleet_at(context->view->fleet, question->cluster)
			: context->cluster;
	struct trust_screen page = { .context = context,
				     .status = cluster_status(cluster),
				     .setup = cluster_setup(cluster) };
	int row = context->zones.header + 1;

	flow_init(&page.flow, context->canvas->cols, context->canvas->ascii);
	if (which == TRUST_CHANGED)
		write_changed(&page);
	else
		write_first_contact(&page);
	flow_drop(&page.flow, end - row);
	context_draw_flow(context, &page.flow, row, end);
	return page.flow.rows < (size_t)(end - row) ? row + (int)page.flow.rows : end;
}
