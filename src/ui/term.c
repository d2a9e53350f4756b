#include "bdbtop/ui/term.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <curses.h>
#include <term.h>

#include "bdbtop/core/array.h"
#include "bdbtop/core/text.h"
#include "bdbtop/ui/theme.h"
#include "term_internal.h"

#define MAX_COLS	   1000
#define LEAVE_SILENCE_MS   1000 /* a terminal that accepts nothing for so long is left as it is */
#define LEAVE_TOTAL_MS	   5000
#define TEXT_TOTAL_MS	   3600000
#define FALLBACK	   "xterm-256color"
#define SYNCHRONIZED_CELLS 40	/* a frame that changes more is sent as one */
#define REPLY_DUE_MS	   1000 /* a reply that has not come by then will not */
#define REPLY_WAIT_MS	   100

static struct {
	SCREEN *screen;
	struct canvas painted; /* what curses was given, if that is known */
	bool known;
	enum theme theme;
	unsigned escapes;  /* enum term_escape */
	bool mouse;	   /* mouse events are wanted */
	bool active;	   /* the terminal is set up, not restored */
	bool synchronized; /* it was sent a frame as one */
	int64_t asked_ms;  /* when it was asked whether it can have that, on the system's clock */
	bool title_saved;  /* and must be restored; nothing else is on the terminal's stack */
	char notice[160];
} term;

static const char synchronized_begin[] = "\033[?2026h", synchronized_end[] = "\033[?2026l";

/* static, because tputs() calls a function with one character and no other argument */
static struct {
	char left[400];
	size_t length;
} restore;

static int add_restore_sequence(int c)
{
	if (restore.length < sizeof(restore.left))
		restore.left[restore.length++] = (char)c;
	return c;
}

static void add_capability(const char *capability)
{
	if (capability)
		tputs(capability, 1, add_restore_sequence);
}

void term_escape_init(const char *name)
{
	term.escapes = term_escapes_of(name);
}

bool term_escape_is_known(enum term_escape which)
{
	return term.escapes & which;
}

static void add_bytes(const char *bytes)
{
	while (*bytes)
		add_restore_sequence(*bytes++);
}

static void add_switch(enum term_escape which)
{
	add_bytes(term_escape_mode(which, false));
}

/* Prepares what a crash handler writes: it turns colours, paste, mouse and keypad off, clears the
 * last line and restores the previous screen. */
static void prepare_crash(void)
{
	restore.length = 0;
	if (term.synchronized)
		add_bytes(synchronized_end);
	add_capability(exit_attribute_mode);
	add_capability(orig_pair);
	add_switch(ESCAPE_PASTE);
	if (term.mouse)
		add_switch(ESCAPE_MOUSE);
	add_switch(ESCAPE_TITLE);
	add_capability(keypad_local);
	add_capability(cursor_normal);
	if (cursor_address)
		add_capability(tparm(cursor_address, LINES - 1, 0, 0, 0, 0, 0, 0, 0, 0));
	add_capability(clr_eol);
	add_capability(exit_ca_mode);
	add_restore_sequence('\r');
	add_restore_sequence('\n');
	term_output_prepare_crash(restore.left, restore.length);
}

/* Turns bracketed paste and mouse reports on or off; saves the title or restores it, but does not
 * save it again after a stop in which it was not restored. */
static void set_reports(bool on)
{
	const char *const part[] = {
		term_escape_mode(ESCAPE_PASTE, on),
		term.mouse ? term_escape_mode(ESCAPE_MOUSE, on) : "",
		term.title_saved != on ? term_escape_mode(ESCAPE_TITLE, on) : "",
	};

	term.title_saved = on;
	term_escape_add(part, ARRAY_SIZE(part));
}

/* Looks the terminal up in terminfo: 1 it can move its cursor, 0 it cannot, -1 unknown. */
static int check_terminal(const char *name)
{
	int found, can;

	if (setupterm(name, STDOUT_FILENO, &found) == ERR)
		/* curses knows generic terminals and line printers, but refuses them */
		return found > 0 ? 0 : -1;
	can = cursor_address != NULL;
	del_curterm(cur_term);
	return can;
}

/* Checks *name, and may replace it with FALLBACK.  -1 with an error: no usable terminal. */
static int choose_name(const char **name, struct err *err)
{
	static const char remedy[] =
		"Set TERM to the type of this terminal, as in TERM=xterm, or use bdbtop list.";
	char safe[80];
	int can;

	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
		return err_set(
			err, ERR_FINAL,
			"The console needs a terminal for input and output; bdbtop list prints "
			"one poll without a terminal.");
	if (!*name || !**name)
		return err_set(err, ERR_FINAL,
			       "TERM is not set, so the type of this terminal is unknown. %s",
			       remedy);
	can = check_terminal(*name);
	text_safe(safe, sizeof(safe), *name, false);
	if (can < 0 && term_is_like_xterm(*name) && check_terminal(FALLBACK) > 0) {
		snprintf(term.notice, sizeof(term.notice),
			 "TERM=%s is not in terminfo here; it is used as " FALLBACK ".", safe);
		*name = FALLBACK;
	} else if (can <= 0) {
		return err_set(err, ERR_FINAL, "TERM=%s is %s. %s", safe,
			       can ? "a terminal unknown to this system"
				   : "a terminal that cannot move its cursor",
			       remedy);
	}
	return 0;
}

static void choose_theme(enum theme wanted)
{
	static const short colours[] = { COLOR_RED, COLOR_GREEN, COLOR_YELLOW, COLOR_MAGENTA,
					 COLOR_CYAN };
	size_t i;

	term.theme = THEME_MONOCHROME;
	if (wanted == THEME_MONOCHROME || !has_colors() || start_color() == ERR ||
	    use_default_colors() == ERR || COLORS < 8)
		return;
	term.theme = wanted;
	for (i = 0; i < ARRAY_SIZE(colours); i++)
		init_pair(colours[i], colours[i], -1);
}

/* A serial console may have no size: 0 rows and 0 columns. */
static bool read_size(struct winsize *size)
{
	return !ioctl(STDOUT_FILENO, TIOCGWINSZ, size) && size->ws_row && size->ws_col;
}

/* Before the first frame, which clears what a terminal prints that does not know the query. */
static void ask(void)
{
	const char *query = term_escape_query();

	term.synchronized = false;
	term.asked_ms = term_clock_ms() - (*query ? 0 : REPLY_DUE_MS);
	term_output_add(query, strlen(query));
}

/* Modes first: after the redirection curses cannot set them. */
static void set_modes(void)
{
	raw();
	noecho();
	nonl();
	typeahead(-1);
	leaveok(stdscr, FALSE);
	scrollok(stdscr, FALSE);
}

static int start_curses(const char *name, struct err *err)
{
	struct winsize size;

	if (term_output_start() < 0)
		return err_set(err, ERR_FINAL, "The terminal cannot be opened for output: %s.",
			       strerror(errno));
	use_env(FALSE);
	/* ncurses 6.5 refuses a terminal without a size, rather than to use that of terminfo */
	use_tioctl(read_size(&size));
	term.screen = newterm(name, term_output_stream(), stdin);
	if (!term.screen) {
		term_output_stop();
		return err_set(err, ERR_FINAL,
			       "The terminal does not work with TERM=%s. Set TERM to its type.",
			       name);
	}
	set_modes();
	term_output_redirect();
	return 0;
}

int term_start(const struct term_options *options, struct err *err)
{
	const char *own = getenv("TERM"), *name = own;

	term.notice[0] = '\0';
	if (choose_name(&name, err) < 0)
		return -1;
	if (signals_start() < 0)
		return err_set(err, ERR_FINAL, "The terminal settings cannot be read: %s.",
			       strerror(errno));
	if (start_curses(name, err) < 0) {
		signals_stop();
		return -1;
	}
	choose_theme(options->theme);
	term_escape_init(own);
	if (!options->title)
		term.escapes &= ~(unsigned)ESCAPE_TITLE;
	input_start(options->mouse && term_escape_is_known(ESCAPE_MOUSE));
	term.mouse = options->mouse;
	term.active = true;
	set_reports(true);
	ask();
	prepare_crash();
	return 0;
}

/*
 * Clears the last line for the shell, in case the terminal does not restore the previous screen.
 * False: the terminal reads nothing.  Then what it has not read is dropped, which makes room for
 * the bytes that restore it whatever it got before; ST ends a sequence of which it got only a part.
 */
static bool leave_screen(void)
{
	static const char *const part[] = { "\033\\" };
	bool accepted;

	if (term.active)
		set_reports(false);
	term.active = false;
	term.known = false;
	wmove(stdscr, LINES - 1, 0);
	wclrtoeol(stdscr);
	wrefresh(stdscr);
	endwin();
	accepted = term_output_finish(LEAVE_SILENCE_MS, LEAVE_TOTAL_MS) != TERM_OUTPUT_WAITS;
	if (!accepted) {
		term_output_drop();
		tcflush(STDOUT_FILENO, TCOFLUSH);
		term_escape_add(part, ARRAY_SIZE(part));
		term_output_add(restore.left, restore.length);
		term_output_flush();
		term_output_drop();
	}
	if (accepted && term_clock_ms() - term.asked_ms < REPLY_DUE_MS)
		input_await_reply(REPLY_WAIT_MS);
	signals_restore_modes();
	return accepted;
}

bool term_stop(const char *text)
{
	bool accepted;

	if (!term.screen)
		return true;
	accepted = leave_screen();
	delscreen(term.screen);
	term.screen = NULL;
	canvas_release(&term.painted);
	signals_stop();
	if (accepted && text) {
		term_output_add(text, strlen(text));
		accepted = term_output_finish(LEAVE_SILENCE_MS, TEXT_TOTAL_MS) == TERM_OUTPUT_DONE;
	}
	term_output_stop();
	return accepted;
}

const char *term_notice(void)
{
	return term.notice;
}

const char *term_library(void)
{
	return curses_version();
}

void term_size(int *cols, int *rows)
{
	struct winsize size;

	if (read_size(&size) && (size.ws_row != LINES || size.ws_col != COLS)) {
		resizeterm(size.ws_row, size.ws_col);
		term.known = false;
		prepare_crash();
	}
	*cols = COLS < MAX_COLS ? COLS : MAX_COLS;
	*rows = LINES;
}

static struct cell_attributes attributes_of(const struct cell *cell)
{
	return theme_attributes(term.theme, cell->style, cell->flags);
}

static bool is_blank(const struct cell *cell)
{
	return cell->text[0] == L' ' && !cell->text[1] && !attributes_of(cell).reverse;
}

static bool look_the_same(struct cell_attributes a, struct cell_attributes b)
{
	return a.colour == b.colour && a.bold == b.bold && a.dim == b.dim && a.reverse == b.reverse;
}

/*
 * Blanks between two words that look the same are given the look of the words, which does not show
 * on them: each change of attributes takes some ten bytes.  Returns where the blanks end.
 */
static int join_blanks(const struct cell *cell, int col, int cols, struct cell_attributes *look)
{
	int end = col;

	while (end < cols && is_blank(&cell[end]))
		end++;
	if (end == cols || look->reverse || !look_the_same(*look, attributes_of(&cell[end])))
		*look = (struct cell_attributes){ .colour = 0 };
	return end;
}

static void make_cell(cchar_t *out, const struct cell *cell, struct cell_attributes look)
{
	attr_t attributes = (look.bold ? WA_BOLD : 0) | (look.dim ? WA_DIM : 0) |
			    (look.reverse ? WA_REVERSE : 0);

	if (setcchar(out, cell->text, attributes, (short)look.colour, NULL) == ERR)
		setcchar(out, L"?", attributes, (short)look.colour, NULL);
}

static void paint_row(const struct canvas *canvas, int row)
{
	const struct cell *cell = &canvas->cells[(size_t)row * (size_t)canvas->cols];
	struct cell_attributes look = { .colour = 0 };
	cchar_t line[MAX_COLS];
	int col, blanks_end = 0, used = 0;

	for (col = 0; col < canvas->cols; col++) {
		if (!cell[col].width)
			continue;
		if (is_blank(&cell[col]) && col >= blanks_end)
			blanks_end = join_blanks(cell, col, canvas->cols, &look);
		else if (col >= blanks_end)
			look = attributes_of(&cell[col]);
		make_cell(&line[used++], &cell[col], look);
	}
	mvwadd_wchnstr(stdscr, row, 0, line, used);
}

/* Gives curses the rows that differ from those of the last paint; returns how many cells do. */
static int paint_rows(const struct canvas *canvas)
{
	bool known = term.known && term.painted.cols == canvas->cols &&
		     term.painted.rows == canvas->rows;
	int row, changed = 0;

	/* out of memory: it has another size, and all rows are painted each time */
	if (!known)
		canvas_resize(&term.painted, canvas->cols, canvas->rows);
	for (row = 0; row < canvas->rows; row++) {
		int differ = known ? canvas_compare_row(canvas, &term.painted, row) : canvas->cols;

		if (!differ)
			continue;
		paint_row(canvas, row);
		canvas_copy_row(&term.painted, canvas, row);
		changed += differ;
	}
	term.known = true;
	return changed;
}

/* Begins a frame that the terminal shows only when it is complete; a crash must end that. */
static void begin_synchronized(void)
{
	if (!term.synchronized) {
		term.synchronized = true;
		prepare_crash();
	}
	term_output_add(synchronized_begin, sizeof(synchronized_begin) - 1);
}

void term_paint(const struct canvas *canvas)
{
	bool synchronized = paint_rows(canvas) > SYNCHRONIZED_CELLS && input_is_synchronized();

	if (synchronized)
		begin_synchronized();
	wmove(stdscr, canvas->cursor_row < LINES ? canvas->cursor_row : LINES - 1,
	      canvas->cursor_col < COLS ? canvas->cursor_col : COLS - 1);
	wnoutrefresh(stdscr);
	doupdate();
	if (synchronized)
		term_output_add(synchronized_end, sizeof(synchronized_end) - 1);
}

void term_redraw_all(void)
{
	clearok(curscr, TRUE);
	term.known = false;
}

void term_suspend(void)
{
	leave_screen();
	signals_stop_here();
	term_resume();
}

void term_resume(void)
{
	int cols, rows;

	input_resume();
	term_redraw_all();
	term_size(&cols, &rows);
	term.active = true;
	doupdate();
	set_reports(true);
}

bool term_flush(void)
{
	return term_output_flush() != TERM_OUTPUT_WAITS;
}

int term_write_fd(void)
{
	return term_output_waits() ? term_output_fd() : -1;
}
