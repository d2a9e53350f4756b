/*
 * The hand-over: comment lines, then one curl line.
 *
 * An interactive shell may not accept comments (zsh by default does not), so the comment lines also
 * contain no character that is special to a shell.
 */
#include "bdbtop/session/handover.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "bdbtop/session/row.h"
#include "bdbtop/session/subject.h"
#include "handover_internal.h"

#define CALL_SIZE   1024
#define LINE_SIZE   640
/* The newest resets sent from here that are listed. */
#define SENT_LINES  12
/* With a reference this far away, a time is formatted with its date. */
#define OTHER_DAY_S (INT64_C(10) * 24 * 60 * 60)

/* --- lines ------------------------------------------------------------------------------------ */

static bool is_shell_safe(unsigned char c)
{
	return c >= 0x80 || isalnum(c) || (c && strchr(" .,:/%+-@_", c));
}

/* Replaces characters that are special to a shell; returns true if there were any. */
static bool make_shell_safe(char *text)
{
	bool changed = false;

	for (; *text; text++)
		if (!is_shell_safe((unsigned char)*text)) {
			*text = '_';
			changed = true;
		}
	return changed;
}

/* Adds the complete line or nothing: the curl line would become part of a truncated line. */
static void add_line(struct handover_text *handover, char *line)
{
	bool replaced = make_shell_safe(line);

	if (handover->text.length + strlen(line) + sizeof("# \n") > handover->text.size) {
		handover->full = true;
		return;
	}
	handover->replaced |= replaced;
	text_addf(&handover->text, "#%s%s\n", *line ? " " : "", line);
}

void handover_add(struct handover_text *handover, const char *fmt, ...)
{
	char line[LINE_SIZE];
	struct text text;
	va_list ap;

	text_init(&text, line, sizeof(line));
	va_start(ap, fmt);
	text_addv(&text, fmt, ap);
	va_end(ap);
	add_line(handover, line);
}

/* Our own words without what is special to a shell: `the bucket role`, and commas for brackets and
 * semicolons. */
static void add_unquoted(struct handover_text *handover, const char *indent, const char *words)
{
	char line[LINE_SIZE];
	struct text text;

	text_init(&text, line, sizeof(line));
	text_add(&text, indent);
	for (; *words; words++) {
		if (!strncmp(words, "'s", 2)) {
			words++;
		} else if (!strncmp(words, " (", 2)) {
			text_add(&text, ", ");
			words++;
		} else if (*words != ')') {
			text_addf(&text, "%c", *words == ';' ? ',' : *words);
		}
	}
	add_line(handover, line);
}

/* A time with its date, in UTC alone. */
static void write_utc(int64_t wall_s, char out[TIME_TEXT_SIZE])
{
	time_format_point(out, wall_s, time_add(wall_s, OTHER_DAY_S));
}

/* --- one operation ---------------------------------------------------------------------------- */

/* `backup failed, no-permission`, and below it `since 2026-11-21 20:13:58Z`. */
static void add_part(struct handover_text *handover, enum op_kind kind, enum fact_part part)
{
	const struct description *words = &handover->words;
	char line[LINE_SIZE];
	struct text text;

	if (!description_next(words, kind, part, NULL))
		return;
	text_init(&text, line, sizeof(line));
	if (part != PART_STATE) {
		text_addf(&text, "  %s ", fact_part_label(part));
	} else {
		text_addf(&text, "%s %s", op_defs[kind].word,
			  description_find(words, kind, FACT_STATE)->text);
		if (description_next(words, kind, part, description_find(words, kind, FACT_STATE)))
			text_add(&text, ", ");
	}
	description_join(&text, words, kind, part);
	add_line(handover, line);
}

/* What the state means, what to check next, and what a reset does. */
static void add_next_steps(struct handover_text *handover, enum op_kind kind)
{
	const struct fact *fact = NULL;
	bool checks = false;

	while ((fact = description_next(&handover->words, kind, PART_NEXT_STEPS, fact)) != NULL) {
		/* the list of next steps says more than the sentence */
		if (fact->what == FACT_NEXT_STEP)
			continue;
		if (fact->what == FACT_CHECK && !checks)
			handover_add(handover, "  check next:");
		checks = fact->what == FACT_CHECK;
		add_unquoted(handover, checks ? "    " : "  ", fact->text);
	}
}

static void add_op(struct handover_text *handover, const struct describe_subject *subject,
		   enum op_kind kind)
{
	int part;

	describe_op(&handover->words, subject, kind, &handover->style);
	describe_next_steps(&handover->words, subject, kind, &handover->style);
	for (part = PART_STATE; part <= PART_RETRIED; part++)
		add_part(handover, kind, (enum fact_part)part);
	add_next_steps(handover, kind);
}

/* --- all lines -------------------------------------------------------------------------------- */

void handover_add_bdb(struct handover_text *handover, const struct roster_entry *entry)
{
	const struct cluster_setup *setup = cluster_setup(handover->cluster);
	const struct bdb *bdb = entry->bdb;
	struct describe_subject subject;
	char name[200];
	int kind;

	subject_init(&subject, handover->cluster, entry);
	handover->words.count = 0;
	text_safe(name, sizeof(name), bdb->name_presence == FIELD_PRESENT ? bdb->name : "-", false);
	handover_add(handover, "db:%lld %s on %s, %s", (long long)bdb->uid, name, setup->name,
		     setup->host);
	if (!roster_entry_is_listed(entry))
		handover_add(handover, NOT_LISTED);
	for (kind = 0; subject.finding && kind < OP_KINDS; kind++)
		add_op(handover, &subject, (enum op_kind)kind);
}

void handover_add_sent(struct handover_text *handover, const struct history_line *lines,
		       size_t count)
{
	char point[TIME_TEXT_SIZE];
	size_t i;

	if (!count) {
		handover_add(handover, "sent from here: nothing");
		return;
	}
	handover_add(handover, "sent from here:");
	for (i = count < SENT_LINES ? count : SENT_LINES; i-- > 0;) {
		write_utc(lines[i].at.wall_ms / 1000, point);
		/* this text already names the operation */
		if (lines[i].what == HISTORY_CONFIRMED)
			handover_add(handover, "  %s %s", point, lines[i].text);
		else
			handover_add(handover, "  %s %s: %s", point, op_defs[lines[i].kind].word,
				     lines[i].text);
	}
}

/* `backup reset: 409 busy: action running. Retry 1 of 6 is sent at ...`, with its date. */
static void add_under_way(struct handover_text *handover, const struct cluster_result *result,
			  struct moment now)
{
	char point[POINT_TEXT_SIZE], words[RESET_LINE_SIZE];
	char line[LINE_SIZE];
	struct fact fact;

	row_format_result(&fact, result, ROW_FULL, now.ms);
	snprintf(words, sizeof(words), "%.200s", fact.text);
	if (reset_state(result->reset) == RESET_WAITING) {
		describe_point(point, row_next_try(result->reset, now) / 1000, &handover->style);
		reset_format_wait(result->reset, point, false, words);
	}
	snprintf(line, sizeof(line), "%s reset: %s", op_defs[result->kind].word, words);
	add_unquoted(handover, "  ", line);
}

void handover_add_under_way(struct handover_text *handover, int64_t uid, struct moment now)
{
	struct cluster_result results[OP_KINDS];
	size_t i, count = cluster_results(handover->cluster, uid, results, OP_KINDS);
	bool any = false;

	for (i = 0; i < count; i++) {
		if (!results[i].reset || !reset_is_unfinished(results[i].reset) ||
		    !reset_has_text(results[i].reset))
			continue;
		if (!any)
			handover_add(handover, "under way:");
		any = true;
		add_under_way(handover, &results[i], now);
	}
}

void handover_add_data_time(struct handover_text *handover, struct moment now)
{
	const struct cluster_status *status = cluster_status(handover->cluster);
	char written[POINT_TEXT_SIZE], good[TIME_TEXT_SIZE];

	describe_point(written, now.wall_ms / 1000, &handover->style);
	write_utc(status->list_at.wall_ms / 1000, good);
	handover_add(handover, "written %s, from data of %s", written, good);
	if (handover->style.local_offset && !handover->style.local_offset(now.wall_ms / 1000))
		handover_add(handover, "local time here is UTC");
}

/* --- the curl line ---------------------------------------------------------------------------- */

/* Adds a text in single quotes, with its own quotes escaped. */
static void add_quoted(struct text *text, const char *plain)
{
	const char *quote;

	text_add(text, "'");
	for (; (quote = strchr(plain, '\'')) != NULL; plain = quote + 1)
		text_addf(text, "%.*s'\\''", (int)(quote - plain), plain);
	text_addf(text, "%s'", plain);
}

static void write_call(char out[CALL_SIZE], const char *options, const struct cluster *cluster,
		       const char *path)
{
	char url[CALL_SIZE / 2];
	struct text text;

	snprintf(url, sizeof(url), "%s%s", cluster_setup(cluster)->url, path);
	text_init(&text, out, CALL_SIZE);
	text_addf(&text, "curl --netrc %s ", options);
	add_quoted(&text, url);
	text_add(&text, "\n");
	/* a truncated line could be a different request */
	if (text.truncated || strlen(url) == sizeof(url) - 1)
		*out = '\0';
}

static void write_reset(char out[CALL_SIZE], const struct cluster *cluster, int64_t uid,
			enum op_kind kind)
{
	char path[120];

	snprintf(path, sizeof(path), "/v1/bdbs/%lld/actions/%s", (long long)uid,
		 op_defs[kind].action);
	write_call(out, "-X PUT -H 'Accept: application/json' -H 'Content-Length: 0'", cluster,
		   path);
}

static void write_read(char out[CALL_SIZE], const struct cluster *cluster, int64_t uid)
{
	char path[300];
	struct text text;
	int kind;

	text_init(&text, path, sizeof(path));
	text_addf(&text, "/v1/bdbs/%lld?fields=uid", (long long)uid);
	for (kind = 0; kind < OP_KINDS; kind++)
		text_addf(&text, ",%s,%s", op_defs[kind].status_key, op_defs[kind].reason_key);
	write_call(out, "-H 'Accept: application/json'", cluster, path);
}

/* The operation to reset: the worst of the failed ones; OP_KINDS: none. */
static int failed_kind(const struct cluster *cluster, const struct bdb *bdb)
{
	int kind = (int)cluster_finding(cluster, bdb->uid)->worst_kind;

	if (bdb->op[kind].phase == OP_FAILED)
		return kind;
	for (kind = 0; kind < OP_KINDS; kind++)
		if (bdb->op[kind].phase == OP_FAILED)
			return kind;
	return OP_KINDS;
}

static void make_call(const struct cluster *cluster, const struct bdb *bdb, char call[CALL_SIZE],
		      char about[120])
{
	const int64_t uid = bdb->uid;
	int kind = failed_kind(cluster, bdb);

	if (kind == OP_KINDS || cluster_setup(cluster)->read_only) {
		write_read(call, cluster, uid);
		snprintf(about, 120, "its status by curl, with the log-in of the file .netrc:");
		return;
	}
	write_reset(call, cluster, uid, (enum op_kind)kind);
	snprintf(about, 120,
		 "the reset of the %s status by curl, with the log-in of the file "
		 ".netrc:",
		 op_defs[kind].word);
}

size_t handover_write_call(char out[HANDOVER_SIZE], const struct cluster *cluster, int64_t uid,
			   enum op_kind kind)
{
	char call[CALL_SIZE];

	write_reset(call, cluster, uid, kind);
	return (size_t)snprintf(out, HANDOVER_SIZE, "%s", call);
}

void handover_init(struct handover_text *handover, char *out, size_t size,
		   const struct cluster *cluster, time_offset_fn *offset)
{
	*handover = (struct handover_text){
		.cluster = cluster,
		.style = { .form = DESCRIBE_REPORT, .times = TIMES_UTC, .local_offset = offset }
	};
	text_init(&handover->text, out, size);
}

void handover_add_replaced(struct handover_text *handover)
{
	if (handover->replaced)
		handover_add(handover, "a character that a shell would interpret is shown here as "
				       "_");
}

size_t handover_write(char out[HANDOVER_SIZE], const struct cluster *cluster,
		      const struct roster_entry *entry, time_offset_fn *offset, struct moment now)
{
	const struct detail *detail = cluster_detail(cluster);
	bool watching = detail->uid == entry->bdb->uid;
	struct handover_text handover;
	char call[CALL_SIZE], about[120];

	make_call(cluster, entry->bdb, call, about);
	/* reserve space for the curl line and its comment */
	handover_init(&handover, out, HANDOVER_SIZE - 2 * CALL_SIZE, cluster, offset);
	handover_add_bdb(&handover, entry);
	handover_add_sent(&handover, detail->history, watching ? detail->history_count : 0);
	handover_add_under_way(&handover, entry->bdb->uid, now);
	handover_add_data_time(&handover, now);
	handover_add_replaced(&handover);
	handover.text.size = HANDOVER_SIZE;
	if (*call)
		add_unquoted(&handover, "", about);
	text_add(&handover.text, call);
	return handover.text.length;
}
