#include "reset_internal.h"

#include <stdlib.h>

#include "bdbtop/cli/poll.h"

enum stage {
	STAGE_LIST,	 /* waits for the first list */
	STAGE_ASKING,	 /* the question is open */
	STAGE_RESETTING, /* confirmed */
	STAGE_QUITTING,	 /* waits for replies in flight */
	STAGE_OVER,
};

struct reset_command {
	const struct reset_options *options;
	struct session *session;
	struct cluster *cluster;
	struct moment now;
	enum stage stage;
	int status;	    /* of an error that ended it, or 0 */
	int signal;	    /* that ended it, or 0 */
	int64_t timeout_ms; /* a deadline */
	int64_t replied_ms; /* when the last reset got its answer; TIME_NEVER: not yet */
	unsigned bulk_id;
	struct reset_items items;
	size_t unreadable; /* elements of the list that --all-failed is about */
	bool planned;	   /* results are printed */
	struct reset_question_line question;
	struct reset_report report;
	struct err audit_error; /* why the audit log was not written, or "" */
};

static int complain(const struct reset_command *command, const struct err *err, int status)
{
	return error_report_cluster(command->options->error_form, command->cluster, err, status);
}

static void end(struct reset_command *command, int status)
{
	command->status = status;
	command->stage = STAGE_OVER;
}

/* Ends it with an error. */
static void fail(struct reset_command *command, enum err_code code, const char *text, int status)
{
	struct err err;

	err_set_code(&err, code, code == ERR_CODE_TIMEOUT ? ERR_RETRY : ERR_FINAL, "%s", text);
	end(command, complain(command, &err, status));
}

/* --- results --------------------------------------------------------------------------------- */

static const struct reset *reset_of(const struct reset_command *command,
				    const struct reset_item *item)
{
	return cluster_reset(command->cluster, item->reset_id);
}

static void report_item(struct reset_command *command, struct reset_item *item)
{
	const struct reset *reset = reset_of(command, item);

	item->reported = true;
	if (!item->reset_id) {
		report_skipped(&command->report, item);
		return;
	}
	if (command->options->dry_run) {
		report_would_send(&command->report, item);
		return;
	}
	report_reset(&command->report, item, reset, command->now.ms);
	if (*reset_question_error(reset))
		err_set_code(&command->audit_error, ERR_CODE_IO, ERR_ASK_USER, "%s",
			     reset_question_error(reset));
}

static bool is_watched_longer(const struct reset_command *command, const struct reset *reset)
{
	return command->options->wait && command->options->wait_ms &&
	       reset_outcome(reset) == OUTCOME_UNCHANGED && reset_is_watched(reset);
}

/* Its line can be printed. */
static bool is_settled(const struct reset_command *command, const struct reset *reset)
{
	if (reset_state(reset) == RESET_READING)
		return !command->options->wait;
	return reset_state(reset) == RESET_END && !is_watched_longer(command, reset);
}

static bool has_reply(const struct reset *reset)
{
	enum reset_state state = reset_state(reset);

	return state == RESET_END || state == RESET_READING || state == RESET_HELD;
}

static bool wait_is_over(struct reset_command *command, bool replied)
{
	const struct reset_options *options = command->options;

	if (!replied)
		return false;
	if (command->replied_ms == TIME_NEVER)
		command->replied_ms = command->now.ms;
	return options->wait && options->wait_ms &&
	       command->now.ms >= command->replied_ms + options->wait_ms;
}

/* Reports what has settled; ends when all has, or is waited for no longer. */
static void follow_resets(struct reset_command *command)
{
	bool settled = true, replied = true;
	size_t i;

	for (i = 0; i < command->items.count; i++) {
		struct reset_item *item = &command->items.at[i];
		const struct reset *reset = item->reported ? NULL : reset_of(command, item);

		if (!reset)
			continue;
		if (is_settled(command, reset)) {
			report_item(command, item);
			continue;
		}
		/* a log-in cannot be typed here, so its reads never go on */
		settled = settled && reset_state(reset) == RESET_HELD;
		replied = replied && has_reply(reset);
	}
	if (settled || wait_is_over(command, replied))
		end(command, 0);
}

/* --- stages ---------------------------------------------------------------------------------- */

static void confirm(struct reset_command *command)
{
	command->planned = true;
	command->stage = STAGE_RESETTING;
	if (command->bulk_id)
		cluster_confirm_bulk(command->cluster, command->bulk_id, command->now);
	follow_resets(command);
}

static void ask(struct reset_command *command)
{
	command->stage = STAGE_ASKING;
	if (ask_print(&command->question, &command->report, &command->items, command->now.ms) < 0)
		fail(command, ERR_CODE_IO, "the question cannot be shown: nothing was sent.", 1);
}

/* Opens the resets of the failed ones; the others are skipped. */
static int open_bulk(struct reset_command *command)
{
	int64_t *uids = malloc((command->items.count + 1) * sizeof(*uids));
	const struct reset *reset;
	size_t i, at = 0;

	if (!uids)
		return -1;
	for (i = 0; i < command->items.count; i++)
		uids[i] = command->items.at[i].bdb->uid;
	command->bulk_id = cluster_open_bulk(command->cluster, command->options->kind, uids,
					     command->items.count, command->now);
	free(uids);
	for (i = 0; (reset = cluster_reset_of_bulk(command->cluster, command->bulk_id, i)); i++) {
		while (command->items.at[at].bdb->uid != reset_target(reset)->id.uid)
			at++;
		command->items.at[at].reset_id = reset_target(reset)->reset_id;
	}
	command->question.target_count = i;
	return 0;
}

static void begin(struct reset_command *command)
{
	const struct reset_options *options = command->options;
	struct err err;

	if (reset_choose(options, session_view(command->session), &command->items, &err) < 0) {
		end(command, complain(command, &err, 1));
		return;
	}
	if (open_bulk(command) < 0) {
		fail(command, ERR_CODE_INTERNAL, "out of memory: nothing was sent.", 1);
		return;
	}
	if (options->all_failed)
		command->unreadable = cluster_status(command->cluster)->unreadable;
	report_init(&command->report, &command->items);
	command->planned = options->dry_run;
	if (options->dry_run)
		end(command, 0);
	else if (options->yes || !command->question.target_count)
		confirm(command);
	else
		ask(command);
}

static bool needs_bdb_info(const struct reset_options *options)
{
	return options->all_failed && options->filter && *options->filter;
}

static void await_list(struct reset_command *command)
{
	const struct cluster_status *status = cluster_status(command->cluster);
	const struct err *error = NULL;

	if (status->conn == CONN_CONNECTING)
		return;
	if (status->conn != CONN_OK)
		end(command, complain(command, &status->error, 3));
	else if (!needs_bdb_info(command->options))
		begin(command);
	else if (cluster_bdb_info_is_complete(command->cluster, &error) && error)
		end(command, complain(command, error, 3));
	else if (cluster_bdb_info_is_complete(command->cluster, NULL))
		begin(command);
}

static void await_answer(struct reset_command *command)
{
	struct bulk bulk;

	/* withdrawn by a refused log-in, or because trust was lost */
	if (!cluster_bulk(command->cluster, &bulk)) {
		ask_withdraw(&command->question);
		end(command, complain(command, &cluster_status(command->cluster)->error, 3));
		return;
	}
	switch (ask_read(&command->question, command->now.ms)) {
	case REPLY_YES:
		confirm(command);
		break;
	case REPLY_NO:
		fail(command, ERR_CODE_CONFIRMATION_NEEDED, "not confirmed: nothing was sent.", 1);
		break;
	case REPLY_NONE:
		break;
	}
}

static void end_late(struct reset_command *command)
{
	static const char unfinished[] = "not finished within --timeout: the rest is cancelled.";

	command->timeout_ms = TIME_NEVER;
	if (command->stage == STAGE_LIST) {
		fail(command, ERR_CODE_TIMEOUT,
		     "no list of databases came within --timeout: nothing was sent. Allow more "
		     "time, or check the load of the node.",
		     3);
	} else if (command->stage == STAGE_ASKING) {
		ask_withdraw(&command->question);
		fail(command, ERR_CODE_TIMEOUT,
		     "no answer came within --timeout: nothing was sent.", 1);
	} else if (command->stage == STAGE_RESETTING) {
		fail(command, ERR_CODE_TIMEOUT, unfinished, 1);
		command->stage = STAGE_QUITTING;
		session_quit(command->session, command->now);
	}
}

/* --- the loop -------------------------------------------------------------------------------- */

static bool on_turn(void *arg, struct moment now)
{
	struct reset_command *command = arg;

	command->now = now;
	if (command->stage == STAGE_LIST)
		await_list(command);
	else if (command->stage == STAGE_ASKING)
		await_answer(command);
	else if (command->stage == STAGE_RESETTING)
		follow_resets(command);
	if (now.ms >= command->timeout_ms)
		end_late(command);
	return command->stage == STAGE_OVER;
}

/* The first one cancels what was not sent, and waits for replies in flight; the second does not
 * wait. */
static bool on_signal(void *arg, int number, struct moment now)
{
	struct reset_command *command = arg;
	bool waits = command->stage == STAGE_RESETTING;

	command->signal = number;
	if (command->stage == STAGE_ASKING) {
		ask_withdraw(&command->question);
		fail(command, ERR_CODE_CONFIRMATION_NEEDED, "not confirmed: nothing was sent.", 1);
	}
	if (waits) {
		command->stage = STAGE_QUITTING;
		session_quit(command->session, now);
	}
	return !waits;
}

static int input_of(void *arg)
{
	const struct reset_command *command = arg;

	return command->stage == STAGE_ASKING && !command->question.guarded
		       ? command->question.terminal
		       : -1;
}

static int64_t on_due(void *arg)
{
	const struct reset_command *command = arg;
	int64_t due = command->timeout_ms, wait_ms = command->options->wait_ms;

	if (command->stage == STAGE_ASKING && command->question.guarded &&
	    command->question.guard_ms < due)
		due = command->question.guard_ms;
	if (command->stage == STAGE_RESETTING && wait_ms && command->replied_ms != TIME_NEVER &&
	    command->replied_ms + wait_ms < due)
		due = command->replied_ms + wait_ms;
	return due;
}

/* --- the run --------------------------------------------------------------------------------- */

/* Not all of --all-failed can be known from a list with such elements.  Returns the exit status. */
static int report_unreadable(const struct reset_command *command)
{
	size_t count = command->unreadable;
	struct err err;

	err_set_code(&err, ERR_CODE_BAD_REPLY, ERR_RETRY,
		     "%zu element%s of the list could not be read: there may be more failed "
		     "databases.",
		     count, count == 1 ? "" : "s");
	return complain(command, &err, 1);
}

/* Returns the exit status. */
static int report_rest(struct reset_command *command)
{
	size_t i;

	for (i = 0; i < command->items.count && command->planned; i++)
		if (!command->items.at[i].reported)
			report_item(command, &command->items.at[i]);
	if (command->planned)
		report_totals(&command->report);
	if (*command->audit_error.text)
		complain(command, &command->audit_error, 1);
	if (command->planned && command->unreadable)
		command->status = report_unreadable(command);
	if (command->signal)
		return 128 + command->signal;
	if (command->status)
		return command->status;
	return command->options->dry_run ? command->report.lost : report_status(&command->report);
}

static int run(struct reset_command *command, struct http *http, const struct clock *clock)
{
	const struct reset_options *options = command->options;
	const struct poll poll = { .session = command->session,
				   .http = http,
				   .clock = clock,
				   .is_done = on_turn,
				   .on_signal = on_signal,
				   .input = input_of,
				   .due = on_due,
				   .arg = command };
	struct filter_error unused;
	int status;

	if (needs_bdb_info(options))
		session_set_filter(command->session, options->filter, &unused);
	if (options->timeout_ms)
		command->timeout_ms = clock->now(clock->arg).ms + options->timeout_ms;
	poll_run(&poll, &command->now);
	status = report_rest(command);
	reset_items_release(&command->items);
	return status;
}

int reset_run(struct fleet *fleet, struct http *http, const struct clock *clock,
	      const struct reset_options *options)
{
	struct cluster *cluster = fleet_at(fleet, 0);
	struct reset_command command = { .options = options,
					 .cluster = cluster,
					 .session = session_new(fleet),
					 .timeout_ms = TIME_NEVER,
					 .replied_ms = TIME_NEVER,
					 .question = { .terminal = options->terminal },
					 .report = { .cluster = cluster_setup(cluster)->name,
						     .kind = options->kind,
						     .error_form = options->error_form,
						     .jsonl = options->jsonl } };
	int status;

	if (!command.session)
		fail(&command, ERR_CODE_INTERNAL, "out of memory: nothing was sent.", 3);
	else if (cluster_setup(cluster)->read_only)
		fail(&command, ERR_CODE_READ_ONLY,
		     "it is read-only: nothing was sent. Leave out --read-only, or read_only in "
		     "the configuration.",
		     1);
	status = command.status ? command.status : run(&command, http, clock);
	session_free(command.session);
	return status;
}
