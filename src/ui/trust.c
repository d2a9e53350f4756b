/*
 * The page in place of list and summary: the certificate of a server that no trusted CA signed, or
 * whose key differs from the pinned one.
 */
#include <stdio.h>
#include <string.h>

#include "bdbtop/ui/draw_context.h"

#define LINES	  32
#define LABEL_COL 3
#define VALUE_COL 16
#define HASH_COL  (VALUE_COL + 8) /* after `SHA-256 ` */
#define BYTE	  3		  /* cells of `9F:` */
#define LONG_HASH 16		  /* bytes in a line of a hash */
#define HASH_ROWS 4
#define DAY_S	  86400
#define LOW_ROWS  14

struct trust_line {
	int rank;	   /* a low screen drops the highest rank first, but never 0 */
	int col, max_rows; /* rows that it may use */
	char label[16];	   /* "": none */
	char text[640];
	size_t danger; /* length of the first bytes in STYLE_DANGER */
};

struct trust_screen {
	const struct draw_context *context;
	const struct cluster *cluster;
	const struct cluster_status *status;
	const struct cluster_setup *setup;
	struct trust_line lines[LINES];
	int count;
};

static struct text add(struct trust_screen *page, int rank, int col, const char *label)
{
	struct trust_line *line = &page->lines[page->count++];
	struct text text;

	*line = (struct trust_line){ .rank = rank, .col = col, .max_rows = HASH_ROWS };
	snprintf(line->label, sizeof(line->label), "%s", label);
	text_init(&text, line->text, sizeof(line->text));
	return text;
}

static void add_plain(struct trust_screen *page, int rank, int col, const char *plain)
{
	struct text text = add(page, rank, col, "");

	text_add(&text, plain);
}

static void add_blank(struct trust_screen *page, int rank)
{
	add(page, rank, 1, "");
}

/* A field of the certificate; a narrow screen has no column for values. */
static void add_value(struct trust_screen *page, int rank, const char *label, const char *value)
{
	bool narrow = page->context->columns.letters;
	struct text text = add(page, rank, narrow ? 1 : VALUE_COL, narrow ? "" : label);

	page->lines[page->count - 1].max_rows = 2;
	if (narrow)
		text_addf(&text, "%s ", label);
	text_add(&text, value);
}

/* 32 bytes as `9F:3C:…` in lines; label: of the first and of the second line. */
static void add_hash(struct trust_screen *page, int rank, const char *const label[2],
		     const char *hash)
{
	bool narrow = page->context->columns.letters;
	size_t length = strlen(hash), at = 0, bytes = LONG_HASH, part;
	struct text text;
	int row;

	if (narrow) {
		bytes = (size_t)(page->context->canvas->cols - 1) / BYTE;
		text = add(page, rank, 1, "");
		text_addf(&text, "%s%s%s SHA-256", label[0], label[1][0] ? " " : "", label[1]);
	}
	for (row = 0; row < HASH_ROWS && at < length; row++, at += part) {
		part = length - at < bytes * BYTE ? length - at : bytes * BYTE;
		text = add(page, rank,
			   narrow ? 1
			   : row  ? HASH_COL
				  : VALUE_COL,
			   narrow || row > 1 ? "" : label[row]);
		/* drop the colon at the end of a line */
		text_addf(&text, "%s%.*s", narrow || row ? "" : "SHA-256 ",
			  (int)(part - (hash[at + part - 1] == ':')), hash + at);
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
	const struct source_prompt *prompt = &page->status->prompt;
	bool narrow = page->context->columns.letters;
	struct text text = add(page, 0, 1, "");

	if (narrow) {
		text_addf(&text, "First visit, %s", prompt->host);
		page->lines[page->count - 1].max_rows = 1;
		add_plain(page, 3, 1, prompt->problem);
		add_plain(page, 6, 1, "Only the TLS handshake was made; no log-in was sent.");
		return;
	}
	text_addf(&text,
		  "First visit to %s. %s Only the TLS handshake was made; no log-in was sent.",
		  prompt->host, prompt->problem);
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
	struct text text;

	add_blank(page, 9);
	add_first_contact(page);
	add_blank(page, 8);
	add_value(page, 5, "subject", cert->subject);
	add_value(page, 6, "issuer", cert->self_signed ? "the same (self-signed)" : cert->issuer);
	add_value(page, 4, "names", cert->names[0] ? cert->names : "none");
	add_validity(page, 4, cert);
	add_hash(page, 0, certificate, cert->sha256);
	add_hash(page, 7, key, cert->key_sha256);
	add_blank(page, 8);
	if (page->status->prompt_state == PROMPT_LATER) {
		add_plain(page, 1, 1, "The certificate is not trusted, and nothing is sent. F5 "
				      "asks again.");
		return;
	}
	add_plain(page, 2, 1,
		  "Compare the certificate with what a node of the cluster itself shows:");
	text = add(page, 2, LABEL_COL, "");
	text_addf(&text, "openssl s_client -connect localhost%s </dev/null 2>/dev/null |",
		  port_of(page->status->prompt.host));
	add_plain(page, 2, LABEL_COL + 2, "openssl x509 -noout -fingerprint -sha256");
}

/* A narrow and low screen has space for one complete hash: the offered one, which the user can
 * check. */
static void add_pinned(struct trust_screen *page)
{
	const struct source_pin *pin = &page->status->pinned;
	char since[TIME_TEXT_SIZE] = "";
	const char *const label[] = { "pinned", since };
	struct text text;

	if (pin->since_s)
		write_day(since, pin->since_s);
	if (!page->context->columns.letters || page->context->canvas->rows >= LOW_ROWS) {
		add_hash(page, 3, label, pin->key_sha256);
		return;
	}
	text = add(page, 3, 1, "");
	page->lines[page->count - 1].max_rows = 1;
	text_addf(&text, "pinned SHA-256 %s", pin->key_sha256);
}

static void write_changed(struct trust_screen *page)
{
	static const char *const offered[] = { "offered", "today" };
	struct text text;
	size_t at, length;

	add_blank(page, 9);
	text = add(page, 0, 1, "");
	text_add(&text, "THE KEY OF ");
	context_add_name(page->setup, &text, &at, &length);
	text_add(&text, " HAS CHANGED.");
	page->lines[page->count - 1].danger = text.length;
	text_add(&text, " Refused; no log-in was sent.");
	add_blank(page, 8);
	add_pinned(page);
	add_hash(page, 1, offered, page->status->offered.key_sha256);
	add_blank(page, 8);
	add_plain(page, 4, 1,
		  "Either the certificate was renewed with a new key, or someone is intercepting "
		  "the connection. Ask the cluster's administrator. If it was renewed, accept the "
		  "new key with");
	text = add(page, 2, LABEL_COL, "");
	text_addf(&text, "bdbtop trust --replace %s", page->setup->name);
}

static int rows_of(const struct trust_screen *page, const struct trust_line *line)
{
	int rows = paragraph_rows(line->text, page->context->canvas->cols - line->col);

	return rows < 1 ? 1 : rows < line->max_rows ? rows : line->max_rows;
}

static int rows_up_to(const struct trust_screen *page, int rank)
{
	int rows = 0, i;

	for (i = 0; i < page->count; i++)
		if (page->lines[i].rank <= rank)
			rows += rows_of(page, &page->lines[i]);
	return rows;
}

static int draw_line(const struct trust_screen *page, const struct trust_line *line, int row,
		     int end)
{
	int last = row + rows_of(page, line);
	struct text_flow flow = { .row = row,
				  .end = last < end ? last : end,
				  .col = line->col,
				  .style = STYLE_TEXT,
				  .highlight_length = line->danger,
				  .highlight_style = STYLE_DANGER };
	struct text_writer writer;

	if (row >= end)
		return row;
	if (line->label[0]) {
		writer = writer_at(page->context->canvas, row, LABEL_COL, VALUE_COL - 1);
		writer_put(&writer, STYLE_TEXT, line->label);
	}
	draw_paragraph(page->context, &flow, line->text);
	return last;
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

void trust_draw(const struct draw_context *context, enum trust_page_kind which, int end)
{
	const struct question *question = &context->view->question;
	struct trust_screen page = { .context = context, .cluster = context->cluster };
	int row = context->zones.header + 1, rank = 9, i;

	if (question->kind == QUESTION_TRUST)
		page.cluster = fleet_at(context->view->fleet, question->cluster);
	page.status = cluster_status(page.cluster);
	page.setup = cluster_setup(page.cluster);
	if (which == TRUST_CHANGED)
		write_changed(&page);
	else
		write_first_contact(&page);
	while (rank > 0 && rows_up_to(&page, rank) > end - row)
		rank--;
	for (i = 0; i < page.count; i++)
		if (page.lines[i].rank <= rank)
			row = draw_line(&page, &page.lines[i], row, end);
}
