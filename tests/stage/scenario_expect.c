/*
 * The expectations of a scenario: each gets a text, which the line must have.
 */
#include "bdbtop/session/subject.h"
#include "tests/stage/scenario_internal.h"

static const struct session_view *view_of(const struct scenario_run *p)
{
	return session_view(p->stage.session);
}

/* Adds a word or a number, after a space unless it is the first. */
static void add_word(struct text *got, const char *word)
{
	text_addf(got, "%s%s", got->length ? " " : "", word);
}

static void add_number(struct text *got, int64_t number)
{
	text_addf(got, "%s%lld", got->length ? " " : "", (long long)number);
}

/* --- rows ------------------------------------------------------------------------------------ */

/* As many forms as the line has: `FULL | MEDIUM | CODE`. */
static void get_result(struct scenario_run *p, struct text *got)
{
	const char *bar = strstr(p->want, " | ");

	text_add(got, stage_result_text(&p->stage, p->uid));
	if (bar)
		text_addf(got, " | %s", stage_result(&p->stage, p->uid, 0, ROW_MEDIUM));
	if (bar && strstr(bar + 1, " | "))
		text_addf(got, " | %s", stage_result(&p->stage, p->uid, 0, ROW_LETTERS));
}

static void get_older_result(struct scenario_run *p, struct text *got)
{
	text_add(got, stage_result(&p->stage, p->uid, 1, ROW_FULL));
}

static void get_any_result(struct scenario_run *p, struct text *got)
{
	if (cluster_has_result(p->stage.cluster, p->uid))
		text_addf(got, "\"%s\"", stage_result_text(&p->stage, p->uid));
}

static bool make_row(const struct scenario_run *p, struct row *row)
{
	const struct row_style style = { .width = ROW_FULL,
					 .describe = session_describe_style(p->stage.session,
									    DESCRIBE_SHORT) };
	const struct roster_entry *entry = roster_find(cluster_roster(p->stage.cluster), p->uid);

	if (entry)
		row_init(row, p->stage.cluster, entry, &style, p->stage.now);
	return entry != NULL;
}

static void get_clauses(struct scenario_run *p, struct text *got)
{
	struct row row;
	size_t i;

	for (i = 0; make_row(p, &row) && i < row.clause_count; i++)
		text_addf(got, "%s%s", i ? ", " : "", row.clauses[i].text);
}

static void get_cells(struct scenario_run *p, struct text *got)
{
	struct row row;
	int kind;

	for (kind = 0; make_row(p, &row) && kind < OP_KINDS; kind++)
		add_word(got, row.cells[COLUMN_BACKUP + kind]);
}

/* `after reset UID KIND TEXT` */
static void get_after_reset(struct scenario_run *p, struct text *got)
{
	const struct roster_entry *entry = roster_find(cluster_roster(p->stage.cluster), p->uid);
	const struct describe_style style = session_describe_style(p->stage.session, DESCRIBE_LONG);
	struct description words = { .count = 0 };
	struct describe_subject subject;
	const struct fact *retried;
	int kind;

	for (kind = 0; entry && kind < OP_KINDS; kind++)
		if (text_has_prefix(p->want, op_defs[kind].word)) {
			subject_init(&subject, p->stage.cluster, entry);
			describe_op(&words, &subject, (enum op_kind)kind, &style);
			retried = description_find(&words, (enum op_kind)kind, FACT_RETRIED);
			text_addf(got, "%s %s", op_defs[kind].word,
				  retried ? retried->text : "nothing");
		}
}

static void get_rows(struct scenario_run *p, struct text *got)
{
	const struct view *list = view_of(p)->list;
	size_t row;

	for (row = 0; row < view_rows(list); row++)
		add_number(got, view_at(list, row).uid);
}

static void get_marked(struct scenario_run *p, struct text *got)
{
	const struct view *list = view_of(p)->list;
	size_t i;

	for (i = 0; i < view_marked_count(list); i++)
		add_number(got, view_marked_at(list, i).uid);
}

static void get_cursor(struct scenario_run *p, struct text *got)
{
	struct bdb_id id = { 0 };

	view_cursor(view_of(p)->list, &id, NULL);
	add_number(got, id.uid);
}

static void get_hidden(struct scenario_run *p, struct text *got)
{
	text_addf(got, "%zu", view_hidden(view_of(p)->list));
}

static void get_causes(struct scenario_run *p, struct text *got)
{
	const struct session_view *view = view_of(p);
	size_t i;

	if (!view->by_cause)
		text_add(got, "no");
	for (i = 0; view->by_cause && i < causes_count(view->causes); i++) {
		const struct cause_group *group = causes_at(view->causes, i);

		text_addf(got, "%s%s%s%s %s %s %zu", i ? "; " : "",
			  i == view->cause_row ? ">" : "",
			  session_cause_is_marked(p->stage.session, group) ? "*" : "",
			  op_defs[group->cause.kind].word, verdict_defs[group->cause.state].count,
			  group->cause.reason[0] ? group->cause.reason : "-", group->count);
	}
}

/* --- the cluster ----------------------------------------------------------------------------- */

static void get_listed(struct scenario_run *p, struct text *got)
{
	const struct roster_entry *entry = roster_find(cluster_roster(p->stage.cluster), p->uid);

	if (entry)
		text_addf(got, "%slisted %lld", roster_entry_is_listed(entry) ? "" : "not ",
			  (long long)p->uid);
}

static void get_counts(struct scenario_run *p, struct text *got)
{
	const size_t *count = cluster_status(p->stage.cluster)->counts;
	int verdict;

	for (verdict = 0; verdict < VERDICT_OK; verdict++)
		text_addf(got, "%zu ", count[verdict]);
	text_addf(got, "%zu", count[VERDICT_OK] + count[VERDICT_IDLE]);
}

/* `section error N TEXT` */
static void get_section_error(struct scenario_run *p, struct text *got)
{
	text_add(got, cluster_detail(p->stage.cluster)->section[TOPIC_EVENTS + p->uid].error);
}

/* --- the audit log and the log page ---------------------------------------------------------- */

static void get_new_audit_events(struct scenario_run *p, struct text *got)
{
	size_t count = fake_audit_log_count(p->stage.audit_log, AUDIT_EVENTS);

	for (; p->wrote < count; p->wrote++) {
		const char *line = fake_audit_log_line(p->stage.audit_log, p->wrote);

		text_addf(got, "%s%.*s", got->length ? " " : "", (int)strcspn(line, " "), line);
	}
}

static void get_audit_line(struct scenario_run *p, struct text *got)
{
	size_t count = fake_audit_log_count(p->stage.audit_log, AUDIT_EVENTS);

	text_add(got, count ? fake_audit_log_line(p->stage.audit_log, count - 1) : "");
}

static void get_newest_log_entry(struct scenario_run *p, struct text *got)
{
	const struct log *log = view_of(p)->log;

	text_add(got, log_count(log) ? log_at(log, 0)->outcome : "");
}

static void get_any_log_entry(struct scenario_run *p, struct text *got)
{
	const struct log *log = view_of(p)->log;
	size_t i;

	for (i = 0; i < log_count(log); i++)
		if (!strcmp(log_at(log, i)->outcome, p->want))
			text_add(got, got->length ? "" : p->want);
}

static void get_log_rows(struct scenario_run *p, struct text *got)
{
	text_addf(got, "%zu", log_rows(view_of(p)->log));
}

static void get_first_log_row(struct scenario_run *p, struct text *got)
{
	const struct log *log = view_of(p)->log;

	text_add(got, log_rows(log) ? log_row(log, 0)->outcome : "");
}

/* --- the session ----------------------------------------------------------------------------- */

static void get_secret(struct scenario_run *p, struct text *got)
{
	const struct login_input *login = &p->stage.login;

	text_add(got, secret_peek(p->line[0] == 't' ? login->typed_password : login->password));
}

static void get_question_change(struct scenario_run *p, struct text *got)
{
	const struct reset *reset = cluster_reset(p->stage.cluster, view_of(p)->question.reset_id);
	char change[240] = "";

	if (reset)
		question_format_change(p->stage.cluster, reset_target(reset), change,
				       sizeof(change));
	text_add(got, reset ? change : "(no question)");
}

/* The databases of the question that are no longer as it says, each with what is new. */
static void get_bulk_change(struct scenario_run *p, struct text *got)
{
	static const char *const words[] = {
		[TARGET_GONE] = "gone",
		[TARGET_RENAMED] = "renamed",
		[TARGET_RECREATED] = "recreated",
	};
	const struct reset *reset;
	const struct op *now;
	size_t i;

	for (i = 0; (reset = cluster_bulk_reset(p->stage.cluster, i)) != NULL; i++) {
		const struct reset_target *target = reset_target(reset);
		enum target_change change = question_target_change(p->stage.cluster, target, &now);

		if (change != TARGET_SAME)
			text_addf(got, "%s%lld %s", got->length ? " " : "",
				  (long long)target->id.uid,
				  change == TARGET_CHANGED ? now->status : words[change]);
	}
}

static void get_bulk_size(struct scenario_run *p, struct text *got)
{
	const struct question *question = &view_of(p)->question;

	text_addf(got, "%zu %zu", question->bulk_count, question->bulk_hidden);
}

static void get_question_word(struct scenario_run *p, struct text *got)
{
	char word[QUESTION_WORD];

	question_word(&view_of(p)->question, word);
	text_add(got, word);
}

static void get_available_keys(struct scenario_run *p, struct text *got)
{
	char keys[120];

	session_available_keys(p->stage.session, keys, sizeof(keys));
	text_add(got, keys);
}

#define WITHOUT_BAR 2 /* the longest form of a sum that has no bar */

/* The notice, or the newest sum. */
static void get_notice_line(struct scenario_run *p, struct text *got)
{
	const struct sum_line newest = { .index = 0 };
	struct notice_part part[NOTICE_PARTS];
	size_t count, i;

	if (view_of(p)->notice[0]) {
		text_add(got, view_of(p)->notice);
		return;
	}
	count = session_notice_parts(p->stage.session, 0, part);
	if (!count)
		count = session_sum_parts(p->stage.session, &newest, WITHOUT_BAR, part);
	for (i = 0; i < count; i++)
		text_add(got, part[i].text);
	if (!count)
		text_add(got, "nothing");
}

static void get_filter_error(struct scenario_run *p, struct text *got)
{
	const struct session_view *view = view_of(p);

	if (view->has_filter_error)
		text_addf(got, "%zu %s", view->filter_error.offset, view->filter_error.text);
}

static void get_order(struct scenario_run *p, struct text *got)
{
	struct sort_order order = view_of(p)->order;
	char words[64];

	sort_order_format(&order, words, sizeof(words));
	text_add(got, words);
}

static void get_request(struct scenario_run *p, struct text *got)
{
	enum command_id id = session_take_request(p->stage.session);

	text_add(got, id == CMD_NONE ? "none" : commands[id].name);
}

static void get_notification(struct scenario_run *p, struct text *got)
{
	struct notification notification;

	if (!session_take_notification(p->stage.session, &notification)) {
		text_add(got, "not notified");
		return;
	}
	text_addf(got, "notified %s %s",
		  !notification.notify ? "rings"
		  : notification.bell  ? "both"
				       : "notifies",
		  notification.text);
}

/* The handover is too long to compare. */
static void get_handover_contains(struct scenario_run *p, struct text *got)
{
	const char *handover = view_of(p)->handover;
	bool contains = strstr(handover, p->rest) != NULL;

	p->want = "";
	if (contains != text_has_prefix(p->line, "handover has"))
		text_addf(got, "(%s)", handover);
}

static void get_handover_start(struct scenario_run *p, struct text *got)
{
	const char *handover = view_of(p)->handover;

	text_addf(got, "%.*s", (int)strcspn(handover, "\n"), handover);
}

static void get_redraw(struct scenario_run *p, struct text *got)
{
	int64_t due = session_redraw_due(p->stage.session, p->stage.now.ms);

	if (due == TIME_NEVER)
		text_add(got, "never");
	else
		text_addf(got, "%lld", (long long)(due - p->stage.now.ms));
}

static void get_can(struct scenario_run *p, struct text *got)
{
	bool can = session_can(p->stage.session, command_of_key(scenario_key(p, p->rest)));

	text_addf(got, "%s %s", can ? "can" : "cannot", p->rest);
}

static void get_changed(struct scenario_run *p, struct text *got)
{
	text_add(got, session_revision(p->stage.session) == p->revision ? "unchanged" : "changed");
}

/* --- the table ------------------------------------------------------------------------------- */

static const char *const modes[] = { "list", "question",   "filter",   "sort",	     "help",
				     "log",  "log filter", "handover", "diagnostics", "write" };
static const char *const question_kinds[] = { "none", "reset", "running", "audit log",
					      "bulk", "quit", "trust", "overwrite", "login" };
static const char *const time_formats[] = { "ages", "local", "utc" };
static const char *const conn_states[] = { "connecting",    "ok",	 "down",
					   "login-refused", "untrusted", "no-login" };
static const char *const prompt_states[] = { "nothing", "now", "later" };

static const char *const off_or_on[] = { "off", "on" };
static const char *const closed_or_open[] = { "closed", "open" };
static const char *const over_or_not[] = { "not over", "over" };

#define VIEW(how, field) .of = OF_VIEW, .type = how, .offset = offsetof(struct session_view, field)
#define ROW(field)	 .of = OF_ROW, .type = VALUE_TEXT, .offset = offsetof(struct row, field)
#define STATUS(how, field)                                                                         \
	.of = OF_STATUS, .type = how, .offset = offsetof(struct cluster_status, field)
#define STAGE(how, field) .of = OF_STAGE, .type = how, .offset = offsetof(struct stage, field)
#define COUNT(field)                                                                               \
	.of = OF_COUNTS, .type = VALUE_COUNT, .offset = offsetof(struct script_count, field)

const struct scenario_step scenario_expectations[] = {
	{ "row", .get = get_result, .has_uid = true },
	{ "also", .get = get_older_result, .has_uid = true },
	{ "none", .get = get_any_result, .has_uid = true },
	{ "clauses", .get = get_clauses, .has_uid = true },
	{ "cells", .get = get_cells, .has_uid = true },
	{ "next", ROW(cells[COLUMN_NEXT]), .has_uid = true },
	{ "last", ROW(cells[COLUMN_LAST]), .has_uid = true },
	{ "after reset", .get = get_after_reset, .has_uid = true },
	{ "rows", .get = get_rows },
	{ "marked", .get = get_marked },
	{ "cursor", .get = get_cursor },
	{ "hidden", .get = get_hidden },
	{ "causes", .get = get_causes },
	{ "listed", .line = true, .get = get_listed, .has_uid = true },
	{ "not listed", .line = true, .get = get_listed, .has_uid = true },
	{ "counts", .get = get_counts },
	{ "requested shards", COUNT(topics[TOPIC_SHARDS]) },
	{ "requested bdb-info", COUNT(topics[TOPIC_BDB_INFO]) },
	{ "skipped", .of = OF_BULK, .type = VALUE_SIZE,
	  .offset = offsetof(struct bulk, skipped_count) },
	{ "detail of", .of = OF_DETAIL, .type = VALUE_NUMBER,
	  .offset = offsetof(struct detail, uid) },
	{ "section error", .get = get_section_error, .has_uid = true },
	{ "wrote", .get = get_new_audit_events },
	{ "line", .get = get_audit_line },
	{ "log", .get = get_newest_log_entry },
	{ "logged", .get = get_any_log_entry },
	{ "log rows", .get = get_log_rows },
	{ "first log row", .get = get_first_log_row },
	{ "password", .get = get_secret },
	{ "typed password", .get = get_secret },
	{ "user", STAGE(VALUE_TEXT, login.user) },
	{ "saved pin", STAGE(VALUE_TEXT, saved_pin.pin) },
	{ "second line", .get = get_question_change },
	{ "bulk changed", .get = get_bulk_change },
	{ "bulk of", .get = get_bulk_size },
	{ "confirmed by", .get = get_question_word },
	{ "available keys", .get = get_available_keys },
	{ "notice line", .get = get_notice_line },
	{ "filter error", .get = get_filter_error },
	{ "no filter error", .get = get_filter_error },
	{ "order", .get = get_order },
	{ "problems", VIEW(VALUE_FLAG, problems_only), .words = off_or_on },
	{ "detail", VIEW(VALUE_FLAG, detail_open), .words = closed_or_open },
	{ "request", .get = get_request },
	{ "notified", .line = true, .get = get_notification },
	{ "not notified", .line = true, .get = get_notification },
	{ "handover has", .get = get_handover_contains },
	{ "handover lacks", .get = get_handover_contains },
	{ "handover begins", .get = get_handover_start },
	{ "redraw", .get = get_redraw },
	{ "can", .line = true, .get = get_can },
	{ "cannot", .line = true, .get = get_can },
	{ "changed", .line = true, .get = get_changed },
	{ "unchanged", .line = true, .get = get_changed },
	{ "over", .line = true, VIEW(VALUE_FLAG, over), .words = over_or_not },
	{ "not over", .line = true, VIEW(VALUE_FLAG, over), .words = over_or_not },
	{ "mode", VIEW(VALUE_WORD, mode), .words = modes },
	{ "question", VIEW(VALUE_WORD, question.kind), .words = question_kinds },
	{ "times", VIEW(VALUE_WORD, times), .words = time_formats },
	{ "notice", VIEW(VALUE_TEXT, notice) },
	{ "typing", VIEW(VALUE_TEXT, typing) },
	{ "typed", VIEW(VALUE_TEXT, question.typed) },
	{ "outcome", VIEW(VALUE_TEXT, copy_outcome) },
	{ "filter", VIEW(VALUE_TEXT, filter.expression) },
	{ "log cursor", VIEW(VALUE_SIZE, log_cursor) },
	{ "detail top", VIEW(VALUE_SIZE, detail.top) },
	{ "page", VIEW(VALUE_SIZE, page.top) },
	{ "conn", STATUS(VALUE_WORD, conn), .words = conn_states },
	{ "prompt state", STATUS(VALUE_WORD, prompt_state), .words = prompt_states },
	{ "skew", STATUS(VALUE_NUMBER, skew_s) },
	{ "puts", COUNT(puts) },
	{ "bodies", COUNT(bodies) },
	{ "ones", COUNT(ones) },
	{ "lists", COUNT(lists) },
	{ "modules", COUNT(modules) },
	{ "paths", COUNT(paths) },
	{ "yeses", COUNT(yeses) },
	{ "noes", COUNT(noes) },
	{ "in flight", COUNT(in_flight) },
};
const size_t scenario_expectation_count = ARRAY_SIZE(scenario_expectations);

static void get_value(const struct scenario_run *p, const struct scenario_step *step,
		      struct text *got)
{
	struct row row = { .clause_count = 0 };
	struct bulk bulk = { .id = 0 };
	const void *const structs[] = { [OF_VIEW] = view_of(p),
					[OF_STATUS] = cluster_status(p->stage.cluster),
					[OF_DETAIL] = cluster_detail(p->stage.cluster),
					[OF_STAGE] = &p->stage,
					[OF_ROW] = &row,
					[OF_BULK] = &bulk,
					[OF_COUNTS] = script_counts(p->stage.script) };
	const void *at = (const char *)structs[step->of] + step->offset;

	make_row(p, &row);
	cluster_bulk(p->stage.cluster, &bulk);
	switch (step->type) {
	case VALUE_TEXT:
		text_add(got, at);
		break;
	case VALUE_SIZE:
		add_number(got, (int64_t) * (const size_t *)at);
		break;
	case VALUE_COUNT:
		add_number(got, *(const unsigned *)at);
		break;
	case VALUE_NUMBER:
		add_number(got, *(const int64_t *)at);
		break;
	case VALUE_WORD:
		text_add(got, step->words[*(const unsigned *)at]);
		break;
	case VALUE_FLAG:
		text_add(got, step->words[*(const bool *)at]);
		break;
	}
}

void scenario_expect(struct scenario_run *p, const struct scenario_step *step)
{
	static char buffer[HANDOVER_SIZE];
	struct text got;

	text_init(&got, buffer, sizeof(buffer));
	if (step->get)
		step->get(p, &got);
	else
		get_value(p, step, &got);
	if (strcmp(p->want, buffer) != 0)
		scenario_fail(p, "it is \"%s\"", buffer);
}
