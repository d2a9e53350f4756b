#include "program_internal.h"

#include <stdlib.h>

#include "bdbtop/cli/output.h"
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
	const struct self_paths paths = { .config = run->config_path,
					  .known_clusters = pins_path(run->pins),
					  .prefs = run->prefs.path,
					  .audit_log = *run->store_error.text
							       ? run->store_error.text
							       : audit_log_path(run->audit_log) };

	self_info_init(&run->self_info, &paths, run->settings.parsed.ascii);
	session_set_program_info(session, &run->self_info.info);
}

/* What was reset and what is still wrong, for the next shift: the screen is gone.  Returns the exit
 * status. */
static int print_report(const struct program_run *run, const struct session *session)
{
	const struct clock *clock = run->program->clock;
	char *text = run->settings.parsed.report ? malloc(REPORT_SIZE) : NULL;
	int status = 0;

	if (text && session_write_report(session, text, clock->now(clock->arg))) {
		fputs(text, stdout);
		status = output_flush("the report");
	}
	free(text);
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
	session_tick(session, now, TIME_NEVER);
	apply_view(run, session);
	ui_ops()->draw(ui, now);
	rc = program_connect_source(run, err);
	set_program_info(run, session);
	if (!rc)
		loop_run(session, run->http, clock, ui, ui_ops());
	ui_stop(ui);
	status = print_report(run, session);
	session_free(session);
	/* the session showed only the other notice */
	if (*run->store_error.text && *run->password_notice.text)
		program_warn(run, &run->password_notice);
	if (*run->save_prefs.error.text)
		program_warn(run, &run->save_prefs.error);
	return rc ? program_complain(run, cluster_setup(run->cluster)->name, err, EXIT_UNREADABLE)
		  : status;
}
