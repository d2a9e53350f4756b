#include <string.h>
#include <unistd.h>

#include "bdbtop/cli/history.h"
#include "bdbtop/core/array.h"
#include "bdbtop/core/text.h"
#include "bdbtop/json/value.h"
#include "program_internal.h"

/* What the options choose, for as long as the history is read. */
struct history_choice {
	const char *clusters[SETTING_ADDRESSES];
	int64_t uids[ARRAY_SIZE(((struct option_list *)NULL)->at)];
	struct audit_history_query query;
};

static int parse_time(const char *option, const char *typed, int64_t now_s, int64_t *out_ms,
		      struct err *err)
{
	char safe[80];
	int64_t at_s;

	if (!typed)
		return 0;
	if (time_parse_past(typed, now_s, self_info_local_offset, &at_s)) {
		*out_ms = time_to_ms(at_s);
		return 0;
	}
	return err_set(err, ERR_FINAL,
		       "invalid --%s \"%s\": give a time as in 2026-11-18T16:02:11Z, 2026-11-18, "
		       "18:00, yesterday or 2h.",
		       option, text_safe(safe, sizeof(safe), typed, false));
}

/* `12` or `db:12` */
static int parse_uids(struct history_choice *choice, const struct option_list *typed,
		      struct err *err)
{
	static const char prefix[] = "db:";
	char safe[80];
	size_t i;

	for (i = 0; i < typed->count; i++) {
		const char *text = typed->at[i];
		bool prefixed = !strncmp(text, prefix, strlen(prefix));

		choice->uids[i] = value_digits(prefixed ? text + strlen(prefix) : text);
		if (choice->uids[i] <= 0)
			return err_set(err, ERR_FINAL,
				       "invalid --db \"%s\": give the number of a database, as in "
				       "--db=12 or --db=db:12.",
				       text_safe(safe, sizeof(safe), text, false));
	}
	choice->query.uids = choice->uids;
	choice->query.uid_count = typed->count;
	return 0;
}

static int parse_outcome(struct history_choice *choice, const char *typed, struct err *err)
{
	char words[200], safe[80];
	struct text known;
	int group;

	if (!typed)
		return 0;
	choice->query.by_outcome = true;
	choice->query.outcome = outcome_group_find(typed);
	if (choice->query.outcome != GROUP_NONE || !strcmp(typed, HISTORY_UNKNOWN))
		return 0;
	text_init(&known, words, sizeof(words));
	for (group = GROUP_NONE + 1; group < OUTCOME_GROUPS; group++)
		text_addf(&known, "%s, ", outcome_group_words[group]);
	text_add(&known, HISTORY_UNKNOWN);
	return err_set(err, ERR_FINAL, "invalid --outcome \"%s\": known are %s.",
		       text_safe(safe, sizeof(safe), typed, false), words);
}

/* The lines name the first address that a cluster had at that time. */
static void choose_cluster(struct history_choice *choice, const struct program_run *run)
{
	const struct settings *settings = &run->settings;
	size_t i;

	/* all clusters, without the default that other commands have */
	if (!run->options.cluster)
		return;
	for (i = 0; i < settings->address_count; i++)
		choice->clusters[i] = settings->addresses[i].shown;
	choice->query.clusters = choice->clusters;
	choice->query.cluster_count = settings->address_count;
}

static int choose(struct history_choice *choice, const struct program_run *run, int64_t now_s,
		  struct err *err)
{
	const struct options *given = &run->options;
	struct audit_history_query *query = &choice->query;

	query->since_ms = INT64_MIN;
	query->until_ms = INT64_MAX;
	choose_cluster(choice, run);
	if (parse_time("since", given->since, now_s, &query->since_ms, err) < 0 ||
	    parse_time("until", given->until, now_s, &query->until_ms, err) < 0 ||
	    parse_uids(choice, &given->dbs, err) < 0)
		return -1;
	if (query->since_ms >= query->until_ms)
		return err_set(err, ERR_FINAL,
			       "--since is not before --until, so there is nothing between them: "
			       "swap them.");
	return parse_outcome(choice, given->outcome, err);
}

int history_command_run(struct program_run *run, struct err *err)
{
	const struct options *given = &run->options;
	const struct clock *clock = run->program->clock;
	const struct moment now = clock->now(clock->arg);
	struct history_choice choice = { .query = { .since_ms = 0 } };
	struct history_options options = { .format = given->format,
					   .no_header = given->no_header,
					   .terminal = isatty(STDOUT_FILENO),
					   .columns = program_columns(),
					   .ascii = run->settings.parsed.ascii,
					   .local_offset = self_info_local_offset,
					   .output = given->output,
					   .error_form = program_error_form(run),
					   .warnings = &run->warnings };

	if (choose(&choice, run, now.wall_ms / 1000, err) < 0)
		return program_complain(run, NULL, err, EXIT_COMMAND_LINE);
	if (*run->store_error.text) {
		err_default_code(&run->store_error, ERR_CODE_IO);
		return program_complain(run, NULL, &run->store_error, EXIT_WRONG);
	}
	run->audit_log = audit_log_new(run->state, run->home);
	if (!run->audit_log) {
		program_out_of_memory(err);
		return program_complain(run, NULL, err, EXIT_WRONG);
	}
	options.query = choice.query;
	program_enter_sandbox(run);
	return history_run(run->audit_log, &options, now);
}
