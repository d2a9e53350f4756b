/*
 * The output of `bdbtop check`.
 */
#include "check_internal.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bdbtop/core/memory_file.h"
#include "bdbtop/core/text.h"
#include "bdbtop/session/subject.h"
#include "plugin_output.h"

#define PROBLEMS_SHOWN 20 /* without -v */

static const char *const state_words[] = {
	[CHECK_OK] = "OK",
	[CHECK_WARNING] = "WARNING",
	[CHECK_CRITICAL] = "CRITICAL",
	[CHECK_UNKNOWN] = "UNKNOWN",
};

/* What is printed, and what it is made of. */
struct check_text {
	const struct check_result *result;
	const struct session_view *view;
	FILE *out;
	struct {
		double value; /* NAN: of no database */
		enum check_state state;
	} metric[CHECK_METRICS];
	struct loss_sum loss;
	size_t bdbs;	      /* that match the filter */
	size_t stall_unknown; /* of them */
	size_t unreadable;    /* elements of the list */
	enum check_state state;
};

static enum check_state worse(enum check_state a, enum check_state b)
{
	return a > b ? a : b;
}

/* The database in a row of the list; false: it has gone since the poll before the last. */
static bool get_subject(const struct check_text *text, size_t row, struct check_subject *out)
{
	const struct bdb_id id = view_at(text->view->list, row);

	out->cluster = fleet_at(text->view->fleet, id.cluster);
	out->entry = roster_find(cluster_roster(out->cluster), id.uid);
	out->finding = cluster_finding(out->cluster, id.uid);
	return out->entry && out->finding && out->finding->listed;
}

/* --- measure --------------------------------------------------------------------------------- */

static void add_value(struct check_text *text, enum check_metric metric, double value)
{
	double *sum = &text->metric[metric].value;

	if (!check_metric_defs[metric].worst)
		*sum += value;
	else if (!isnan(value) && !(*sum >= value))
		*sum = value;
}

static void add_bdb(struct check_text *text, const struct check_subject *subject)
{
	int i;

	for (i = 0; i < CHECK_METRICS; i++)
		if (check_metric_defs[i].of)
			add_value(text, (enum check_metric)i, check_metric_defs[i].of(subject));
	loss_sum_add(&text->loss, subject->finding->loss_s);
	text->stall_unknown += triage_may_be_stalled(subject->finding);
	text->bdbs++;
}

static void measure(struct check_text *text)
{
	struct check_subject subject;
	size_t i;
	int metric;

	loss_sum_init(&text->loss);
	text->metric[CHECK_LOSS_WINDOW].value = NAN;
	text->metric[CHECK_TIME].value = text->result->took_s;
	for (i = 0; i < view_rows(text->view->list); i++)
		if (get_subject(text, i, &subject))
			add_bdb(text, &subject);
	for (i = 0; i < fleet_count(text->view->fleet); i++)
		text->unreadable += cluster_status(fleet_at(text->view->fleet, i))->unreadable;
	for (metric = 0; metric < CHECK_METRICS; metric++) {
		text->metric[metric].state =
			check_limits_judge(text->result->options->limits, (enum check_metric)metric,
					   text->metric[metric].value);
		text->state = worse(text->state, text->metric[metric].state);
	}
	/* what could not be read may be what is wrong */
	if (text->unreadable && text->state == CHECK_OK)
		text->state = CHECK_UNKNOWN;
}

/* How far a database contributes to the state. */
static enum check_state judge_bdb(const struct check_text *text,
				  const struct check_subject *subject)
{
	enum check_state state = CHECK_OK;
	int i;

	for (i = 0; i < CHECK_METRICS; i++) {
		const struct check_metric_def *def = &check_metric_defs[i];
		double value = def->of ? def->of(subject) : NAN;

		if (def->worst)
			state = worse(state, check_limits_judge(text->result->options->limits,
								(enum check_metric)i, value));
		else if (value > 0)
			state = worse(state, text->metric[i].state);
	}
	return state;
}

/* --- the status line ------------------------------------------------------------------------- */

/* Adds a part if it fits. */
static bool add_part(struct text *line, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

static bool add_part(struct text *line, const char *fmt, ...)
{
	char part[FACT_TEXT + 40];
	va_list arguments;

	va_start(arguments, fmt);
	vsnprintf(part, sizeof(part), fmt, arguments);
	va_end(arguments);
	if (plugin_characters(line->buffer) + plugin_characters(part) > PLUGIN_STATUS_MAX)
		return false;
	text_add(line, part);
	return true;
}

/* `3 failed, 2 overdue of 40`, `no problems in 40 databases` */
static void add_counts(const struct check_text *text, struct text *line)
{
	bool any = false;
	int i;

	if (!text->bdbs) {
		text_add(line, "no databases");
		return;
	}
	for (i = CHECK_FAILED; i <= CHECK_RUNNING; i++) {
		if (!text->metric[i].value ||
		    (i == CHECK_RUNNING && text->metric[i].state == CHECK_OK))
			continue;
		text_addf(line, "%s%.0f %s", any ? ", " : "", text->metric[i].value,
			  check_metric_defs[i].name);
		any = true;
	}
	if (any)
		text_addf(line, " of %zu", text->bdbs);
	else
		text_addf(line, "no problems in %zu database%s", text->bdbs,
			  text->bdbs == 1 ? "" : "s");
}

/* What exceeds a limit and is not in the counts. */
static void add_others(const struct check_text *text, struct text *line)
{
	char loss[TIME_TEXT_SIZE];

	loss_format(loss, text->loss.worst_s);
	if (text->metric[CHECK_LOSS_WINDOW].state)
		add_part(line, "; worst loss %s", loss);
	if (text->metric[CHECK_RPO].state)
		add_part(line, "; %.0f " BEYOND_RPO, text->metric[CHECK_RPO].value);
	if (text->metric[CHECK_TIME].state)
		add_part(line, "; took %.1f s", text->metric[CHECK_TIME].value);
	if (text->unreadable)
		add_part(line, "; reply: %zu unreadable", text->unreadable);
}

static struct describe_style make_style(const struct check_text *text, enum describe_form form)
{
	return (struct describe_style){ .form = form,
					.ascii = text->result->options->ascii,
					.ages = true };
}

static void describe(const struct check_text *text, const struct check_subject *subject,
		     enum describe_form form, struct description *words)
{
	struct describe_style style = make_style(text, form);
	struct describe_subject described;

	subject_init(&described, subject->cluster, subject->entry);
	subject_describe(words, &described, &style);
}

/* Gets the first of the databases in this state; false: there is none. */
static bool find_first(const struct check_text *text, enum check_state state,
		       struct check_subject *out)
{
	size_t i;

	for (i = 0; i < view_rows(text->view->list); i++)
		if (get_subject(text, i, out) && judge_bdb(text, out) == state)
			return true;
	return false;
}

/* `; worst db:12 no-permission` */
static void add_worst(const struct check_text *text, struct text *line)
{
	struct description words;
	struct check_subject worst;
	const struct fact *fact;

	if (!find_first(text, CHECK_CRITICAL, &worst) && !find_first(text, CHECK_WARNING, &worst))
		return;
	describe(text, &worst, DESCRIBE_SHORT, &words);
	fact = description_find(&words, worst.finding->worst_kind, FACT_REASON);
	if (!fact || worst.finding->worst != VERDICT_FAILED)
		fact = description_find(&words, worst.finding->worst_kind, FACT_STATE);
	if (!fact ||
	    !add_part(line, "; worst db:%" PRId64 " %s", worst.entry->bdb->uid, fact->text))
		add_part(line, "; worst db:%" PRId64, worst.entry->bdb->uid);
}

static void print_status(const struct check_text *text)
{
	char buffer[1000];
	struct text line;

	text_init(&line, buffer, sizeof(buffer));
	text_addf(&line, "BDBTOP %s: ", state_words[text->state]);
	add_counts(text, &line);
	if (text->stall_unknown && text->state == CHECK_OK)
		add_part(&line, "; stalled is not known yet");
	add_others(text, &line);
	add_worst(text, &line);
	plugin_print_status(text->out, buffer);
}

/* --- the problems ---------------------------------------------------------------------------- */

static bool is_backup_late(const struct check_subject *subject, int kind)
{
	return kind == OP_BACKUP && triage_is_overdue(subject->finding);
}

/* Beside a failure the number of missed backups says enough. */
static bool is_needed(const struct description *words, const struct fact *fact,
		      const struct check_subject *subject)
{
	return fact->what != FACT_STATE &&
	       (fact->what != FACT_LATE ||
		subject->finding->op[OP_BACKUP].verdict != VERDICT_FAILED ||
		!description_find(words, OP_BACKUP, FACT_MISSED));
}

/* `backup failed: no-permission, 3 missed` */
static void add_op(struct text *line, const struct description *words,
		   const struct check_subject *subject, enum op_kind kind)
{
	static const enum fact_part parts[] = { PART_STATE, PART_SCHEDULE };
	const struct fact *fact = description_find(words, kind, FACT_STATE);
	bool any = false;
	size_t i;

	text_addf(line, "%s %s", op_defs[kind].word, fact ? fact->text : "");
	for (i = 0; i < 2; i++)
		for (fact = NULL; (fact = description_next(words, kind, parts[i], fact));) {
			if (!is_needed(words, fact, subject))
				continue;
			text_add(line, !any ? ": " : fact->join && *fact->join == ' ' ? " " : ", ");
			text_add(line, fact->text);
			any = true;
		}
}

static void add_ops(struct text *line, const struct description *words,
		    const struct check_subject *subject)
{
	const struct finding *finding = subject->finding;
	int kind;

	add_op(line, words, subject, finding->worst_kind);
	for (kind = 0; kind < OP_KINDS; kind++)
		if (kind != (int)finding->worst_kind &&
		    (verdict_defs[finding->op[kind].verdict].problem ||
		     is_backup_late(subject, kind))) {
			text_add(line, "; ");
			add_op(line, words, subject, (enum op_kind)kind);
		}
}

static void print_next_step(const struct check_text *text, const struct check_subject *subject)
{
	struct describe_style style = make_style(text, DESCRIBE_SENTENCE);
	struct describe_subject described;
	struct description words = { .count = 0 };
	const struct fact *fact;

	subject_init(&described, subject->cluster, subject->entry);
	describe_next_steps(&words, &described, subject->finding->worst_kind, &style);
	fact = description_find(&words, subject->finding->worst_kind, FACT_NEXT_STEP);
	if (fact)
		fprintf(text->out, "    %s\n", fact->text);
}

static void print_problem(const struct check_text *text, const struct check_subject *subject)
{
	enum check_state state = judge_bdb(text, subject);
	bool loss = check_limits_judge(text->result->options->limits, CHECK_LOSS_WINDOW,
				       check_metric_defs[CHECK_LOSS_WINDOW].of(subject));
	struct description words;
	const struct fact *fact;
	char buffer[4000], name[400];
	struct text line;

	text_init(&line, buffer, sizeof(buffer));
	text_safe(name, sizeof(name), subject->entry->bdb->name, text->result->options->ascii);
	text_addf(&line, "db:%" PRId64 " %s %s ", subject->entry->bdb->uid, name,
		  state_words[state]);
	describe(text, subject, DESCRIBE_SHORT, &words);
	add_ops(&line, &words, subject);
	describe(text, subject, DESCRIBE_SENTENCE, &words);
	fact = loss ? description_find(&words, OP_BACKUP, FACT_LOSS) : NULL;
	if (fact)
		text_addf(&line, ", %s", fact->text);
	fprintf(text->out, "%s\n", buffer);
	if (text->result->options->verbose >= 2)
		print_next_step(text, subject);
}

/* A database within the limits is printed for its problem. */
static bool is_printed(const struct check_subject *subject, enum check_state state)
{
	return state != CHECK_OK || verdict_defs[subject->finding->worst].problem;
}

static void print_problems(const struct check_text *text)
{
	static const enum check_state states[] = { CHECK_CRITICAL, CHECK_WARNING, CHECK_OK };
	size_t limit = text->result->options->verbose ? SIZE_MAX : PROBLEMS_SHOWN, count = 0, i, s;
	struct check_subject subject;

	for (s = 0; s < 3; s++)
		for (i = 0; i < view_rows(text->view->list); i++) {
			if (!get_subject(text, i, &subject) ||
			    judge_bdb(text, &subject) != states[s] ||
			    !is_printed(&subject, states[s]))
				continue;
			if (count++ < limit)
				print_problem(text, &subject);
		}
	if (count > limit)
		fprintf(text->out, "and %zu more, which -v prints\n", count - limit);
}

/* --- what is not known ----------------------------------------------------------------------- */

static void print_stall_note(const struct check_text *text)
{
	const struct err *err = &text->result->save_error;

	if (!text->stall_unknown)
		return;
	fprintf(text->out,
		"stalled is not known yet of %zu database%s with a running operation: %s\n",
		text->stall_unknown, text->stall_unknown == 1 ? "" : "s",
		*err->text ? err->text : "no other check has seen it for long enough, see --wait");
}

static void print_progress_notes(const struct check_text *text, const struct cluster *cluster)
{
	const struct cluster_status *status = cluster_status(cluster);
	char at[TIME_TEXT_SIZE];

	time_format_iso(at, status->progress_seen_s);
	if (*status->progress_error.text)
		fprintf(text->out, "%s\n", status->progress_error.text);
	else if (status->progress_seen_s)
		fprintf(text->out, "progress: an earlier run saw this cluster at %s\n", at);
	else
		fprintf(text->out, "progress: nothing is saved from an earlier run\n");
	if (*text->result->save_error.text && !text->stall_unknown)
		fprintf(text->out, "%s\n", text->result->save_error.text);
}

static void print_choice(const struct check_text *text)
{
	const struct check_options *options = text->result->options;
	char filter[400];
	size_t i;

	if (options->filter && *options->filter)
		fprintf(text->out, "filter: %s\n",
			text_safe(filter, sizeof(filter), options->filter, options->ascii));
	for (i = 0; i < options->warnings->count; i++)
		fprintf(text->out, "%s\n", options->warnings->text[i]);
}

static void print_cluster(const struct check_text *text, const struct cluster *cluster)
{
	const struct cluster_status *status = cluster_status(cluster);
	const struct cluster_setup *setup = cluster_setup(cluster);
	char at[TIME_TEXT_SIZE];

	time_format_iso(at, status->list_at.wall_ms / 1000);
	fprintf(text->out, "cluster: %s at %s, polled %s, answered in %" PRId64 " ms%s\n",
		setup->name, setup->host, at, status->latency_ms,
		setup->insecure ? ", INSECURE" : "");
}

static void print_notes(const struct check_text *text)
{
	unsigned verbose = text->result->options->verbose;
	size_t i;

	if (text->unreadable)
		fprintf(text->out, "reply: %zu element%s of the list could not be read\n",
			text->unreadable, text->unreadable == 1 ? "" : "s");
	print_stall_note(text);
	if (verbose >= 1)
		print_choice(text);
	for (i = 0; i < fleet_count(text->view->fleet); i++) {
		if (verbose >= 1)
			print_progress_notes(text, fleet_at(text->view->fleet, i));
		if (verbose >= 3)
			print_cluster(text, fleet_at(text->view->fleet, i));
	}
}

/* --- performance data ------------------------------------------------------------------------ */

static bool has_rpo(const struct check_text *text)
{
	size_t i;

	for (i = 0; i < fleet_count(text->view->fleet); i++)
		if (rpo_is_set(&cluster_setup(fleet_at(text->view->fleet, i))->rpo))
			return true;
	return false;
}

static void print_value(const struct check_text *text, enum check_metric metric)
{
	double value = text->metric[metric].value;

	if (metric == CHECK_STALLED && text->stall_unknown && !value)
		value = NAN;
	if (metric == CHECK_LOSS_WINDOW)
		value = loss_is_time(text->loss.worst_s) ? (double)text->loss.worst_s : NAN;
	if (isnan(value))
		putc('U', text->out);
	else
		fprintf(text->out, "%.*f%s", metric == CHECK_TIME ? 3 : 0, value,
			check_metric_defs[metric].unit);
}

static void print_performance(const struct check_text *text)
{
	const struct check_limits *limits = text->result->options->limits;
	char separator = '|';
	int i;

	for (i = 0; i < CHECK_METRICS; i++) {
		const struct check_metric_def *def = &check_metric_defs[i];
		const char *warning = limits->warning[i].text, *critical = limits->critical[i].text;

		if (def->optional && !*warning && !*critical && !(i == CHECK_RPO && has_rpo(text)))
			continue;
		fprintf(text->out, "%c%s=", separator, def->name);
		print_value(text, (enum check_metric)i);
		fprintf(text->out, ";%s;%s;0", warning, critical);
		if (!def->worst && def->of)
			fprintf(text->out, ";%zu", text->bdbs);
		separator = ' ';
	}
	putc('\n', text->out);
}

/* --- all ------------------------------------------------------------------------------------- */

static enum check_state report_no_memory(FILE *out)
{
	plugin_print_status(out, "BDBTOP UNKNOWN: internal error: Out of memory.");
	return CHECK_UNKNOWN;
}

enum check_state check_report(FILE *out, const struct check_result *result)
{
	struct check_text text = { .result = result, .view = session_view(result->session) };
	struct memory_file memory;
	char *words;

	if (memory_file_open(&memory) < 0)
		return report_no_memory(out);
	text.out = memory.file;
	measure(&text);
	print_status(&text);
	print_problems(&text);
	print_notes(&text);
	words = memory_file_close(&memory, NULL);
	if (!words)
		return report_no_memory(out);
	plugin_print(out, words);
	free(words);
	text.out = out;
	print_performance(&text);
	return text.state;
}
