#include "bdbtop/ui/ui.h"

#include <langinfo.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bdbtop/core/array.h"
#include "bdbtop/ui/draw_context.h"
#include "bdbtop/ui/term.h"
#include "ui_internal.h"

struct ui {
	struct session *session;
	const char *version;
	struct canvas canvas;
	/* the frame on the screen */
	bool drawn, small;
	bool on_its_way; /* the terminal has not accepted all of it */
	unsigned revision;
	int64_t drawn_ms;
	int cols, rows;
	char title[TERM_TITLE]; /* of the terminal */
	struct last_click clicked;
};

struct ui *ui_start(struct session *session, const struct ui_options *options, struct err *err)
{
	const struct term_options term_options = { .theme = options->theme,
						   .mouse = options->mouse,
						   .title = options->title };
	struct ui *ui = calloc(1, sizeof(*ui));

	if (!ui) {
		err_set(err, ERR_FINAL, "Out of memory for the screen.");
		return NULL;
	}
	if (term_start(&term_options, err) < 0) {
		free(ui);
		return NULL;
	}
	ui->session = session;
	ui->version = options->version;
	canvas_init(&ui->canvas, options->ascii || strcmp(nl_langinfo(CODESET), "UTF-8") != 0);
	term_size(&ui->cols, &ui->rows);
	if (term_notice()[0])
		session_add_notice(session, term_notice());
	return ui;
}

bool ui_stop(struct ui *ui, const char *text)
{
	bool accepted = term_stop(text);

	canvas_release(&ui->canvas);
	free(ui);
	return accepted;
}

static size_t ui_fds(void *arg, struct http_fd *out, size_t capacity)
{
	const struct http_fd fds[] = { { .fd = STDIN_FILENO },
				       { .fd = term_signal_fd() },
				       { .fd = term_write_fd(), .writing = true } };
	size_t i, count = 0;

	(void)arg;
	for (i = 0; i < ARRAY_SIZE(fds) && count < capacity; i++)
		if (fds[i].fd >= 0)
			out[count++] = fds[i];
	return count;
}

static void resize(struct ui *ui)
{
	int cols = ui->cols, rows = ui->rows;

	term_size(&ui->cols, &ui->rows);
	if (cols != ui->cols || rows != ui->rows)
		ui->drawn = false;
}

static void suspend(struct ui *ui)
{
	term_suspend();
	ui->drawn = false;
	resize(ui);
}

static void handle_signals(struct ui *ui, struct moment now)
{
	struct term_signals signals = term_signals();

	if (signals.terminate)
		session_terminate(ui->session, now);
	if (signals.continued) {
		term_resume();
		ui->drawn = false;
	}
	if (signals.suspend)
		suspend(ui);
	if (signals.resized || signals.continued)
		resize(ui);
}

static const struct input_event ignored = { .kind = INPUT_IGNORED };

/*
 * On a screen that is too small the user cannot see what a key does: only the key that the frame
 * mentions (q) and those about the terminal have an effect.
 */
static void handle_input_when_small(struct ui *ui, const struct input_event *event,
				    struct moment now)
{
	static const struct input_event escape = { .kind = INPUT_KEY, .key = KEY_ESCAPE };
	enum command_id id = event->kind == INPUT_KEY ? command_of_key(event->key) : CMD_NONE;

	if (id == CMD_SUSPEND || id == CMD_REDRAW) {
		session_input(ui->session, event, now);
	} else if (id == CMD_QUIT) {
		/* q quits and must not answer a question that is not visible */
		session_on_drawn(ui->session, now);
		if (session_view(ui->session)->mode != MODE_LIST)
			session_input(ui->session, &escape, now);
		session_run_command(ui->session, CMD_QUIT, now);
	} else {
		session_input(ui->session, &ignored, now);
	}
}

static void handle_input(struct ui *ui, const struct input_event *event, struct moment now)
{
	if (ui->small) {
		handle_input_when_small(ui, event, now);
		return;
	}
	session_input(ui->session, event, now);
	/* the positions of the list in the canvas are those of the last frame */
	if (event->kind == INPUT_MOUSE && ui->drawn && !ui->on_its_way)
		mouse_on_event(ui->session, &ui->canvas, &ui->clicked, event, now);
}

static void copy(struct ui *ui)
{
	char outcome[160];
	bool sent = term_copy(session_view(ui->session)->handover, outcome, sizeof(outcome));

	session_on_copied(ui->session, sent, outcome);
}

/* A notification is sent together with the frame that shows its events. */
static void notify_user(struct ui *ui)
{
	struct notification notification;

	if (!session_take_notification(ui->session, &notification))
		return;
	if (notification.bell)
		term_ring();
	if (notification.notify)
		term_notify(notification.text);
}

static void ui_input(void *arg, struct moment now)
{
	struct ui *ui = arg;
	struct input_event event;

	handle_signals(ui, now);
	term_begin_input();
	while (!session_view(ui->session)->over && term_input(&event, now.ms))
		handle_input(ui, &event, now);
	if (!session_view(ui->session)->over && term_has_gone())
		session_terminate(ui->session, now);
	switch (session_take_request(ui->session)) {
	case CMD_COPY:
		copy(ui);
		break;
	case CMD_SUSPEND:
		suspend(ui);
		break;
	case CMD_REDRAW:
		term_redraw_all();
		ui->drawn = false;
		break;
	default:
		break;
	}
}

static bool is_current(const struct ui *ui, struct moment now)
{
	return ui->drawn && ui->revision == session_revision(ui->session) &&
	       now.ms < session_redraw_due(ui->session, ui->drawn_ms);
}

/* Sets the title if it changes, and after a time in which the terminal had its own. */
static void set_title(struct ui *ui)
{
	char title[TERM_TITLE];

	title_format(title, sizeof(title), session_view(ui->session)->fleet);
	if (ui->drawn && !strcmp(title, ui->title))
		return;
	strcpy(ui->title, title);
	term_set_title(title);
}

/*
 * Writes what the terminal accepts.  False while it has not accepted everything: to draw more would
 * only make it show every key later.  A frame that is outdated when it is accepted does not count
 * as drawn; the next one follows at once.
 */
static bool flush(struct ui *ui, struct moment now)
{
	const struct question *question = &session_view(ui->session)->question;
	bool counts = ui->on_its_way && !ui->small &&
		      ui->revision == session_revision(ui->session);

	/* keys typed before the question was visible must not answer it; those typed as soon as it
	 * is may come before this returns */
	if (counts && question->kind != QUESTION_NONE && !question->drawn)
		term_drop_keys(now.ms);
	if (!term_flush())
		return false;
	ui->on_its_way = false;
	if (counts)
		session_on_drawn(ui->session, now);
	return true;
}

static void ui_draw(void *arg, struct moment now)
{
	struct ui *ui = arg;

	if (!flush(ui, now))
		return;
	notify_user(ui);
	if (!is_current(ui, now) && !canvas_resize(&ui->canvas, ui->cols, ui->rows)) {
		ui->small = !frame_draw(&ui->canvas, ui->session, ui->version, now);
		term_paint(&ui->canvas);
		set_title(ui);
		ui->drawn = ui->on_its_way = true;
		ui->revision = session_revision(ui->session);
		ui->drawn_ms = now.ms;
	}
	flush(ui, now);
}

static int64_t ui_due(void *arg)
{
	(void)arg;
	return term_input_due();
}

const struct front_ops *ui_ops(void)
{
	static const struct front_ops ops = {
		.fds = ui_fds, .input = ui_input, .draw = ui_draw, .due = ui_due
	};

	return &ops;
}
