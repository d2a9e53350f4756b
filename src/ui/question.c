/*
 * The open question, in place of the summary.
 */
#include "question_internal.h"

#include <stdio.h>
#include <string.h>

#include "bdbtop/session/subject.h"

#define LABEL 7 /* `now    `, `cause  ` */

/* The line in which a word is typed: the cursor, and what is wrong with the word. */
static void put_prompt(struct question_context *q)
{
	struct text_writer writer = flow_writer(q->flow, q->line.col);
	char word[QUESTION_WORD];

	writer_put(&writer, STYLE_TEXT, q->text);
	flow_set_cursor(q->flow, writer.col);
	writer_put(&writer, STYLE_TEXT, "_");
	question_word(q->question, word);
	if (q->question->wrong)
		writer_putf(&writer, STYLE_WAITING, "  this is not %s%s",
			    q->question->kind == QUESTION_BULK ? "" : "the word ", word);
	flow_next_row(q->flow);
}

void question_flush(struct question_context *q)
{
	q->flow->rank = q->rank;
	if (q->kind == LINE_PROMPT)
		put_prompt(q);
	else if (q->kind == LINE_BLANK)
		flow_next_row(q->flow);
	else
		flow_add(q->flow, &q->line);
	q->kind = LINE_BODY;
	q->line.text = "";
	q->line.label = NULL;
}

struct text question_add_line(struct question_context *q, enum line_kind kind, int rank,
			      const char *label)
{
	bool letters = q->context->columns.letters;
	struct text text;

	question_flush(q);
	q->kind = kind;
	q->rank = rank;
	q->line = (struct flow_paragraph){ .text = q->text,
					   .col = kind == LINE_BODY ? QUESTION_COL : 1,
					   .label = label,
					   .label_col = QUESTION_COL,
					   .style = kind == LINE_TITLE ? STYLE_QUESTION
								       : STYLE_TEXT };
	if (label)
		q->line.col += letters ? (int)strlen(label) + 1 : LABEL;
	text_init(&text, q->text, sizeof(q->text));
	return text;
}

void question_add_body(struct question_context *q, int rank, const char *label, const char *body)
{
	struct text text = question_add_line(q, LINE_BODY, rank, label);

	text_add(&text, body);
}

void question_add_cluster(struct question_context *q, struct text *text)
{
	const struct cluster_setup *setup = cluster_setup(q->cluster);

	q->line.highlight_style = context_label_style(setup);
	context_add_name(setup, text, &q->line.highlight, &q->line.highlight_length);
}

static const struct bdb *evidence(const struct question_context *q)
{
	return q->target->evidence;
}

static const struct op *evidence_op(const struct question_context *q)
{
	return &evidence(q)->op[q->target->kind];
}

void question_add_database(const struct question_context *q, const struct reset_target *target,
			   struct text *text)
{
	int cells = 2 * q->context->canvas->cols;
	char safe[420], cut[420];

	text_safe(safe, sizeof(safe), target->evidence->name, q->context->canvas->ascii);
	text_truncate_middle(cut, sizeof(cut), safe, cells < 200 ? cells : 200,
			     q->context->canvas->ascii);
	text_addf(text, "db:%lld %s", (long long)target->id.uid, cut);
}

/* Adds since when, unless status or reason changed since the question was opened. */
static void add_since(const struct question_context *q, struct text *text)
{
	const struct describe_style style = context_describe_style(q->context, DESCRIBE_SENTENCE);
	const struct roster_entry *entry =
		roster_find(cluster_roster(q->cluster), q->target->id.uid);
	enum op_kind kind = q->target->kind;
	struct description words = { .count = 0 };
	struct describe_subject subject;
	const struct op *now;

	if (!entry || entry->gone || q->context->columns.letters)
		return;
	now = &entry->bdb->op[kind];
	if (strcmp(now->status, evidence_op(q)->status) != 0 ||
	    strcmp(now->reason, evidence_op(q)->reason) != 0)
		return;
	subject_init(&subject, q->cluster, entry);
	if (!subject.finding)
		return;
	describe_op(&words, &subject, kind, &style);
	text_addf(text, ", %s", description_find(&words, kind, FACT_SINCE)->text);
}

/* `db:12 orders-eu on prod-eu` */
static void add_target(struct question_context *q, struct text *text)
{
	question_add_database(q, q->target, text);
	text_add(text, " on ");
	question_add_cluster(q, text);
}

static void add_change(struct question_context *q)
{
	char changed[400];

	if (question_format_change(q->cluster, q->target, changed, sizeof(changed))) {
		question_add_body(q, 1, NULL, changed);
		q->line.style = STYLE_WAITING;
	}
}

static void add_scope(struct question_context *q)
{
	if (evidence(q)->crdt_presence == FIELD_PRESENT && evidence(q)->crdt)
		question_add_body(q, 2, "scope", "this cluster's copy only (Active-Active)");
}

/* How many follow, and how long they wait at most. */
static void add_canary(struct question_context *q)
{
	bool letters = q->context->columns.letters;
	struct text text = question_add_line(q, LINE_BODY, 1, letters ? NULL : "canary");
	char limit[TIME_TEXT_SIZE];

	time_format_age(limit, q->question->canary_limit_s);
	if (letters) {
		text_addf(&text, "%zu more follow; retries may stop now", q->question->canary_rest);
		text = question_add_line(q, LINE_BODY, 2, NULL);
		text_addf(&text, "if it succeeds, within %s", limit);
		return;
	}
	text_addf(&text,
		  "%zu more with this reason follow, after another question, if its next backup "
		  "within %s succeeds. After a reset the cluster may stop its own retries.",
		  q->question->canary_rest, limit);
}

static void add_reset_question(struct question_context *q)
{
	const struct op_def *def = &op_defs[q->target->kind];
	struct text text = question_add_line(q, LINE_TITLE, 0, NULL);

	text_addf(&text, "Reset the %s status of ", def->word);
	add_target(q, &text);
	text_add(&text, "?  [y/N]");
	add_change(q);
	text = question_add_line(q, LINE_BODY, 1, "now");
	describe_status(&text, evidence(q), q->target->kind, q->context->canvas->ascii);
	add_since(q, &text);
	add_scope(q);
	question_add_body(q, 4, "then", "idle, no reason; the old status is logged first");
	if (evidence_op(q)->phase != OP_SUCCEEDED) {
		text = question_add_line(q, LINE_BODY, 5, "cause");
		text_addf(&text, "stays; %s", def->retried_by);
	}
	if (q->question->canary_rest)
		add_canary(q);
	text = question_add_line(q, LINE_BODY, 3, "sends");
	text_addf(&text, "PUT /v1/bdbs/%lld/actions/%s", (long long)q->target->id.uid, def->action);
}

void question_add_prompt(struct question_context *q)
{
	struct text text = question_add_line(q, LINE_PROMPT, 0, NULL);
	char word[QUESTION_WORD];

	question_word(q->question, word);
	text_addf(&text, "Type %s, then enter: %s", word, q->question->typed);
}

static void add_blank_prompt(struct question_context *q)
{
	question_add_line(q, LINE_BLANK, 9, NULL);
	question_add_prompt(q);
}

static void add_running_question(struct question_context *q)
{
	const char *word = op_defs[q->target->kind].word;
	const struct bdb *read =
		reset_last_read(q->reset) ? reset_last_read(q->reset) : evidence(q);
	const struct op *op = &read->op[q->target->kind];
	struct text text = question_add_line(q, LINE_TITLE, 0, NULL);

	text_addf(&text, "The %s of ", word);
	add_target(q, &text);
	text_add(&text, " is running");
	if (op->percent_presence == FIELD_PRESENT)
		text_addf(&text, ", %d%%", (int)op->percent);
	text_add(&text, ". Send the reset anyway?");
	add_change(q);
	question_add_body(q, 2, NULL,
			  "A running operation is not reset: expect 409, or 200 and no change.");
	text = question_add_line(q, LINE_BODY, 3, NULL);
	text_addf(&text, "A reset does not stop the %s. To see what blocks it: esc, then enter.",
		  word);
	add_scope(q);
	add_blank_prompt(q);
}

static void add_audit_log_question(struct question_context *q)
{
	struct text text = question_add_line(q, LINE_TITLE, 0, NULL);

	text_addf(&text, "The reset of the %s status of ", op_defs[q->target->kind].word);
	add_target(q, &text);
	text_add(&text, " cannot be written to the audit log. Send it anyway?");
	question_add_body(q, 1, NULL, reset_question_error(q->reset));
	question_add_body(q, 2, NULL, "A reset destroys the only copy of the status it clears.");
	add_blank_prompt(q);
}

static void add_quit_question(struct question_context *q)
{
	size_t count = q->question->unfinished;
	struct text text = question_add_line(q, LINE_TITLE, 0, NULL);

	text_addf(&text, "%zu reset%s not finished. Quit?  [y/N]", count,
		  count == 1 ? " is" : "s are");
	question_add_body(
		q, 1, NULL,
		"Waiting resets are cancelled; replies in flight are awaited for at most 3 s.");
}

static void add_overwrite_question(struct question_context *q)
{
	struct text text = question_add_line(q, LINE_TITLE, 0, NULL);
	char safe[OUTPUT_PATH * 4], shown[128];

	text_safe(safe, sizeof(safe), q->context->view->write_path, q->context->canvas->ascii);
	text_truncate_middle(shown, sizeof(shown), safe, 60, q->context->canvas->ascii);
	text_addf(&text, "%s exists. Overwrite it?  [y/N]", shown);
	question_add_body(q, 1, NULL,
			  q->context->view->writes_log
				  ? "Its content is replaced by the lines of the log."
				  : "Its content is replaced by the databases shown.");
}

static void add_trust_question(struct question_context *q)
{
	struct text text = question_add_line(q, LINE_TITLE, 0, NULL);

	text_add(&text, "Trust this public key for ");
	question_add_cluster(q, &text);
	text_add(&text, " from now on?  [y/N]");
}

/* The title has the user name if known, and the cluster if the header may not be enough. */
static void add_login_title(struct question_context *q)
{
	const struct cluster_setup *setup = cluster_setup(q->cluster);
	struct text text = question_add_line(q, LINE_TITLE, 0, NULL);
	char safe[LOGIN_USER * 4];

	text_safe(safe, sizeof(safe), q->question->user, q->context->canvas->ascii);
	if (cluster_status(q->cluster)->login_refusals) {
		text_addf(&text, "Log-in refused (401)%s%s", setup->user[0] ? " for " : "",
			  setup->user);
		if (setup->label[0] || fleet_count(session_view(q->context->session)->fleet) > 1) {
			text_add(&text, " on ");
			question_add_cluster(q, &text);
		}
	} else {
		text_add(&text, "Log in to ");
		question_add_cluster(q, &text);
		if (!q->question->typing_user)
			text_addf(&text, " as %s", safe);
	}
	text_add(&text, ". Nothing is sent until you answer.");
}

/* Shows the end of a user name that is too long. */
static void add_user(struct question_context *q, struct text *text)
{
	char safe[LOGIN_USER * 4];
	const char *from = safe;

	text_safe(safe, sizeof(safe), q->question->user, q->context->canvas->ascii);
	while (text_width(from) > q->context->canvas->cols - 9)
		for (from++; ((unsigned char)*from & 0xc0) == 0x80; from++)
			;
	text_addf(text, "User: %s", from);
}

static void add_login_question(struct question_context *q)
{
	char used[80], words[200];
	struct text text;

	add_login_title(q);
	login_refused_format_message(cluster_status(q->cluster), words, sizeof(words));
	if (words[0])
		question_add_body(q, 2, NULL, words);
	question_add_body(q, 3, NULL, login_refused_remedy(cluster_status(q->cluster)));
	login_refused_format_count(cluster_status(q->cluster), used, sizeof(used));
	if (used[0])
		question_add_body(q, 2, NULL, used);
	question_add_line(q, LINE_BLANK, 9, NULL);
	text = question_add_line(q, LINE_PROMPT, 0, NULL);
	if (q->question->typing_user)
		add_user(q, &text);
	else
		text_add(&text, "Password (not shown): ");
}

void question_fill(const struct draw_context *context, struct text_flow *flow)
{
	static void (*const builders[])(struct question_context *) = {
		[QUESTION_RESET] = add_reset_question,
		[QUESTION_RUNNING] = add_running_question,
		[QUESTION_AUDIT_LOG] = add_audit_log_question,
		[QUESTION_BULK] = question_add_bulk,
		[QUESTION_QUIT] = add_quit_question,
		[QUESTION_TRUST] = add_trust_question,
		[QUESTION_OVERWRITE] = add_overwrite_question,
		[QUESTION_LOGIN] = add_login_question,
	};

	struct question_context q = { .context = context,
				      .question = &context->view->question,
				      .flow = flow,
				      .kind = LINE_BODY,
				      .line = { .text = "" } };

	if (q.question->kind == QUESTION_NONE)
		return;
	if (q.question->kind != QUESTION_QUIT)
		q.cluster = fleet_at(context->view->fleet, q.question->cluster);
	if (question_is_about_reset(q.question->kind)) {
		q.reset = cluster_reset(q.cluster, q.question->reset_id);
		if (!q.reset)
			return;
		q.target = reset_target(q.reset);
	}
	builders[q.question->kind](&q);
	question_flush(&q);
}
