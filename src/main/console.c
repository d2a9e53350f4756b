#include "program_internal.h"

#include <stdlib.h>
#include <unistd.h>

#include "bdbtop/ui/ui.h"
#include "config.h"

_Static_assert(THEME_COLOUR == 0 && THEME_MONOCHROME == 1 && THEME_CONTRAST == 2,
	       "struct config_values has other numbers than ui/theme.h");

/* Sets filter, order, columns, notices and notifications, and the callback that saves changes. */
static void apply_view(struct program_run *run, struct session *session)
{
	save_prefs_apply(&run->save_prefs, session, !*run->store_error.text);
	if (*run->store_error.text)
		session_add_notice(session, run->store_error.text);
	else if (*run->password_notice.text)
		session_add_notice(session, run->password_notice.text);
	session_set_columns(session, &run->settings.parsed.columns);
	session_set_notifications(session, run->settings.parsed.bell, run->settings.parsed.notify);
	session_set_offset(session, self_info_local_offset);
}

static void set_program_info(struct program_run *run, struct session *session)
{
	char sandbox[SANDBOX_TEXT_BYTES];
	const struct self_paths paths = { .sandbox = sandbox_format(&run->sandbox, sandbox),
					  .config = run->config_path,
					  .known_clusters = pins_path(run->pins),
					  .prefs = run->prefs.path,
					  .audit_log = *run->store_error.text
							       ? run->store_error.text
							       : audit_log_path(run->audit_log) };

	self_info_init(&run->self_info, &paths, run->settings.parsed.ascii);
	session_set_program_info(session, &run->self_info.info);
}

/* Rows for which a typed filter is evaluated in one turn: a few milliseconds. */
#define FILTER_SLICE 8192

/* What was reset and what is still wrong, for the next shift; NULL: nothing was, or no memory.  The
 * caller frees it. */
static char *make_report(const struct program_run *run, const struct session *session)
{
	const struct clock *clock = run->program->clock;
	char *text = run->settings.parsed.report ? malloc(REPORT_SIZE) : NULL;

	if (text && session_write_report(session, text, clock->now(clock->arg)))
		return text;
	free(text);
	return NULL;
}

/* Restores the terminal, and writes the report where the screen was.  Returns the exit status.
 * *silent: standard error is the same terminal and would not accept a message either. */
static int stop(struct program_run *run, const struct session *session, struct ui *ui, bool *silent)
{
	char *report = make_report(run, session);
	bool accepted = ui_stop(ui, report);
	int status = 0;
	struct err err;

	*silent = !accepted && isatty(STDERR_FILENO);
	if (!accepted && report) {
		status = EXIT_WRONG;
		err_set_code(&err, ERR_CODE_IO, ERR_FINAL,
			     "The report could not be written: the terminal does not accept it.");
		if (!*silent)
			program_complain(run, NULL, &err, status);
	}
	free(report);
	return status;
}

int console_run(struct program_run *run, struct err *err)
{
	struct ui_options options = { .ascii = run->settings.parsed.ascii,
				      .theme = (enum theme)run->settings.parsed.theme,
				      .mouse = run->settings.parsed.mouse,
				      .title = run->settings.parsed.title,
				      .version = PACKAGE_VERSION };
	struct session *session = session_new(run->fleet);
	const struct clock *clock = run->program->clock;
	struct moment now = clock->now(clock->arg);
	struct ui *ui;
	bool silent;
	int rc, status;

	if (!session) {
		err_set(err, ERR_FINAL, "Out of memory.");
		return program_complain(run, NULL, err, EXIT_COMMAND_LINE);
	}
	ui = ui_start(session, &options, err);
	if (!ui) {
		session_free(session);
		return program_complain(run, NULL, err, EXIT_COMMAND_LINE);
	}
	session_set_slice(session, FILTER_SLICE);
	session_tick(session, now, TIME_NEVER);
	apply_view(run, session);
	ui_ops()->draw(ui, now);
	rc = program_connect_source(run, err);
	set_program_info(run, session);
	if (!rc)
		loop_run(session, run->http, clock, ui, ui_ops());
	status = stop(run, session, ui, &silent);
	session_free(session);
	/* the session showed only the other notice */
	if (*run->store_error.text && *run->password_notice.text && !silent)
		program_warn(run, &run->password_notice);
	if (*run->save_prefs.error.text && !silent)
		program_warn(run, &run->save_prefs.error);
	return rc ? program_complain(run, cluster_setup(run->cluster)->name, err, EXIT_UNREADABLE)
		  : status;
}
