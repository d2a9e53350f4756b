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

#include "bdbtop/core/reason.h"
#include "bdbtop/core/text.h"
#include "bdbtop/session/row.h"
#include "bdbtop/session/subject.h"

#define CALL_SIZE   1024
#define LINE_SIZE   480
/* The newest resets sent from here that are listed. */
#define SENT_LINES  12
/* With a reference this far away, a time is formatted with its date. */
#define OTHER_DAY_S (INT64_C(10) * 24 * 60 * 60)

struct handover_text {
	struct text text;
	const struct cluster *cluster;
	const struct roster_entry *entry;
	const struct finding *finding;
	time_offset_fn *local_offset;
	bool replaced; /* `_` replaced a character that is special to a shell */
};

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

	if (handover->text.length + strlen(line) + sizeof("# \n") > handover->text.size)
		return;
	handover->replaced |= replaced;
	text_addf(&handover->text, "#%s%s\n", *line ? " " : "", line);
}

static void add_text(struct handover_text *, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

static void add_text(struct handover_text *handover, const char *fmt, ...)
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

/* Drops `'s`, because a quote is special to a shell: `the bucket role`. */
static void add_unquoted(struct handover_text *handover, const char *indent, const char *words)
{
	char line[LINE_SIZE];
	struct text text;
	const char *own;

	text_init(&text, line, sizeof(line));
	text_add(&text, indent);
	for (; (own = strstr(words, "'s")) != NULL; words = own + 2)
		text_addf(&text, "%.*s", (int)(own - words), words);
	text_add(&text, words);
	add_line(handover, line);
}

/* --- times ------------------------------------------------------------------------------------ */

/* `2026-11-21 20:13:58Z, 2026-11-21 22:13:58+02 here`; only UTC if both are the same. */
static void write_point(const struct handover_text *handover, int64_t wall_s,
			char out[2 * TIME_TEXT_SIZE + 8])
{
	const struct time_zone zone = time_zone_at(handover->local_offset, wall_s);
	char utc[TIME_TEXT_SIZE], local[TIME_TEXT_SIZE];

	time_format_point(utc, wall_s, time_add(wall_s, OTHER_DAY_S));
	snprintf(out, 2 * TIME_TEXT_SIZE + 8, "%s", utc);
	if (!zone.offset_s)
		return;
	time_format_point_in_zone(local, wall_s, time_add(wall_s, OTHER_DAY_S), zone);
	snprintf(out, 2 * TIME_TEXT_SIZE + 8, "%s, %s here", utc, local);
}

/* --- one operation ---------------------------------------------------------------------------- */

static const struct op_finding *finding_of(const struct handover_text *handover, enum op_kind kind)
{
	return &handover->finding->op[kind];
}

/* The reason of the newest failure while the operation is retried, else the reason field. */
static const char *reason_of(const struct handover_text *handover, enum op_kind kind)
{
	const struct op *op = &handover->entry->bdb->op[kind];
	const struct failure_streak *streak = handover->entry->op_since[kind].streak;

	if (finding_of(handover, kind)->retrying)
		return streak ? streak->reason : "";
	return op->reason_presence == FIELD_PRESENT ? op->reason : "";
}

static void add_suspect_reasons(struct text *text, unsigned suspect, enum op_kind kind)
{
	for (; suspect; suspect &= suspect - 1)
		text_addf(
			text, ", %s",
			triage_suspect_text((enum suspect_reason)(suspect & (0U - suspect)), kind));
}

/* `backup failed, no-permission` */
static void add_state(struct handover_text *handover, enum op_kind kind)
{
	const struct op *op = &handover->entry->bdb->op[kind];
	const struct op_finding *finding = finding_of(handover, kind);
	char line[LINE_SIZE], age[TIME_TEXT_SIZE];
	struct text text;

	text_init(&text, line, sizeof(line));
	text_addf(&text, "%s ", op_defs[kind].word);
	if (finding->retrying)
		text_add(&text, "tried again after it failed");
	else
		text_add_safe(&text,
			      triage_sentence(handover->entry->bdb, handover->finding, kind));
	if (*reason_of(handover, kind)) {
		text_add(&text, ", ");
		text_add_safe(&text, reason_of(handover, kind));
	}
	if (finding->attempt)
		text_addf(&text, ", try %u", finding->attempt);
	if (op->phase == OP_RUNNING && op->percent_presence == FIELD_PRESENT)
		text_addf(&text, ", %d%%", (int)op->percent);
	if (finding->verdict == VERDICT_STALLED) {
		time_format_age(age, finding->still_s);
		text_addf(&text, ", unchanged for %s", age);
	}
	add_suspect_reasons(&text, finding->suspect, kind);
	add_line(handover, line);
}

static void add_since(struct handover_text *handover, enum op_kind kind)
{
	enum since_source how;
	const struct moment *since = triage_since(handover->entry, kind, &how);
	char point[2 * TIME_TEXT_SIZE + 8];

	if (finding_of(handover, kind)->verdict == VERDICT_STALLED)
		since = &handover->entry->op_since[kind].moved_at;
	write_point(handover, since->wall_ms / 1000, point);
	add_text(handover, "  since %s%s%s", how == SINCE_BEFORE_START ? "before " : "", point,
		 how == SINCE_EVENT ? ", by the log of the cluster" : "");
}

static void add_last_success(struct handover_text *handover, enum op_kind kind)
{
	const struct op *op = &handover->entry->bdb->op[kind];
	char point[2 * TIME_TEXT_SIZE + 8], age[TIME_TEXT_SIZE];

	if (op->last_success_presence == FIELD_PRESENT) {
		write_point(handover, op->last_success_s, point);
		time_format_age(
			age, time_subtract(cluster_now_s(handover->cluster), op->last_success_s));
		add_text(handover, "  last good %s %s, %s ago", op_defs[kind].word, point, age);
	} else if (finding_of(handover, kind)->verdict != VERDICT_IDLE &&
		   op_never_succeeded(op, kind)) {
		add_text(handover, "  no good %s ever", op_defs[kind].word);
	}
}

static void add_plan(struct handover_text *handover)
{
	const struct backup_due *due = &handover->finding->due;
	char point[2 * TIME_TEXT_SIZE + 8], age[TIME_TEXT_SIZE];

	if (!due->has_due_time)
		return;
	write_point(handover, due->due_s, point);
	time_format_age(age, due->overdue_s);
	if (!due->overdue)
		add_text(handover, "  next due %s", point);
	else if (due->missed_intervals > 0)
		add_text(handover, "  was due %s: %s late, %lld missed", point, age,
			 (long long)due->missed_intervals);
	else
		add_text(handover, "  was due %s: %s late", point, age);
}

static void add_retry(struct handover_text *handover, enum op_kind kind)
{
	const struct describe_style style = { .form = DESCRIBE_REPORT, .times = TIMES_UTC };
	struct description words = { .count = 0 };
	struct describe_subject subject;
	const struct fact *fact;

	subject_init(&subject, handover->cluster, handover->entry);
	describe_op(&words, &subject, kind, &style);
	fact = description_find(&words, kind, FACT_RETRIED);
	if (fact)
		add_text(handover, "  cleared from here: %s", fact->text);
}

/* The meaning of the reason, and the next steps. */
static void add_checks(struct handover_text *handover, enum op_kind kind)
{
	const char *reason = reason_of(handover, kind);
	const struct reason_def *def = *reason ? reason_find(reason, kind) : NULL;
	char meaning[REASON_TEXT_SIZE];
	size_t i;

	if (!def || finding_of(handover, kind)->verdict != VERDICT_FAILED)
		return;
	reason_format_meaning(reason, kind, meaning);
	add_unquoted(handover, "  ", meaning);
	add_text(handover, "  check next:");
	for (i = 0; i < REASON_NEXT_STEPS && def->next_steps[i]; i++)
		add_unquoted(handover, "    ", def->next_steps[i]);
}

/* A reset does not start a new try: the report says what will. */
static void add_next_try(struct handover_text *handover, enum op_kind kind)
{
	if (finding_of(handover, kind)->verdict == VERDICT_FAILED &&
	    !finding_of(handover, kind)->retrying)
		add_text(handover, "  after a reset: %s", op_defs[kind].retried_by);
}

static void add_op(struct handover_text *handover, enum op_kind kind)
{
	enum verdict verdict = finding_of(handover, kind)->verdict;

	add_state(handover, kind);
	if (verdict < VERDICT_OK && verdict != VERDICT_OVERDUE)
		add_since(handover, kind);
	add_last_success(handover, kind);
	if (kind == OP_BACKUP)
		add_plan(handover);
	add_retry(handover, kind);
	add_checks(handover, kind);
	add_next_try(handover, kind);
}

/* --- all lines -------------------------------------------------------------------------------- */

static void add_database(struct handover_text *handover)
{
	const struct cluster_setup *setup = cluster_setup(handover->cluster);
	const struct bdb *bdb = handover->entry->bdb;
	char name[200];

	text_safe(name, sizeof(name), bdb->name_presence == FIELD_PRESENT ? bdb->name : "-", false);
	add_text(handover, "db:%lld %s on %s, %s", (long long)bdb->uid, name, setup->name,
		 setup->host);
	if (!roster_entry_is_listed(handover->entry))
		add_text(handover, "not listed by the cluster any more");
}

static void add_sent(struct handover_text *handover)
{
	const struct detail *detail = cluster_detail(handover->cluster);
	bool watching = detail->uid == handover->entry->bdb->uid;
	size_t count = watching ? detail->history_count : 0, i;
	char point[TIME_TEXT_SIZE];

	if (!count) {
		add_text(handover, "sent from here: nothing");
		return;
	}
	add_text(handover, "sent from here:");
	for (i = count < SENT_LINES ? count : SENT_LINES; i-- > 0;) {
		const int64_t at_s = detail->history[i].at.wall_ms / 1000;

		time_format_point(point, at_s, time_add(at_s, OTHER_DAY_S));
		/* this text already names the operation */
		if (text_has_prefix(detail->history[i].text, "reset "))
			add_text(handover, "  %s %s", point, detail->history[i].text);
		else
			add_text(handover, "  %s %s: %s", point,
				 op_defs[detail->history[i].kind].word, detail->history[i].text);
	}
}

static void add_data_time(struct handover_text *handover, struct moment now)
{
	const struct cluster_status *status = cluster_status(handover->cluster);
	char written[2 * TIME_TEXT_SIZE + 8], good[TIME_TEXT_SIZE];

	write_point(handover, now.wall_ms / 1000, written);
	time_format_point(good, status->list_at.wall_ms / 1000,
			  status->list_at.wall_ms / 1000 + OTHER_DAY_S);
	add_text(handover, "written %s, from data of %s", written, good);
	if (handover->local_offset && !handover->local_offset(now.wall_ms / 1000))
		add_text(handover, "local time here is UTC");
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
static int failed_kind(const struct handover_text *handover)
{
	int kind = (int)handover->finding->worst_kind;

	if (handover->entry->bdb->op[kind].phase == OP_FAILED)
		return kind;
	for (kind = 0; kind < OP_KINDS; kind++)
		if (handover->entry->bdb->op[kind].phase == OP_FAILED)
			return kind;
	return OP_KINDS;
}

static void make_call(const struct handover_text *handover, char call[CALL_SIZE], char about[120])
{
	const int64_t uid = handover->entry->bdb->uid;
	int kind = failed_kind(handover);

	if (kind == OP_KINDS || cluster_setup(handover->cluster)->read_only) {
		write_read(call, handover->cluster, uid);
		snprintf(about, 120, "its status by curl, with the log-in of the file .netrc:");
		return;
	}
	write_reset(call, handover->cluster, uid, (enum op_kind)kind);
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

size_t handover_write(char out[HANDOVER_SIZE], const struct cluster *cluster,
		      const struct roster_entry *entry, time_offset_fn *offset,
		      struct moment now)
{
	struct handover_text handover = { .cluster = cluster,
					  .entry = entry,
					  .finding = cluster_finding(cluster, entry->bdb->uid),
					  .local_offset = offset };
	char call[CALL_SIZE], about[120];
	int kind;

	make_call(&handover, call, about);
	/* reserve space for the curl line and its comment */
	text_init(&handover.text, out, HANDOVER_SIZE - 2 * CALL_SIZE);
	add_database(&handover);
	for (kind = 0; kind < OP_KINDS; kind++)
		add_op(&handover, (enum op_kind)kind);
	add_sent(&handover);
	add_data_time(&handover, now);
	if (handover.replaced)
		add_text(&handover, "a character that a shell would interpret is shown here as _");
	handover.text.size = HANDOVER_SIZE;
	if (*call)
		add_unquoted(&handover, "", about);
	text_add(&handover.text, call);
	return handover.text.length;
}
