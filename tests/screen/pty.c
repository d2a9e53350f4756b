#include "tests/screen/pty.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "bdbtop/session/loop.h"
#include "bdbtop/session/question.h"
#include "bdbtop/ui/input_decoder.h"
#include "tests/main/child.h"
#include "tests/files.h"
#include "tests/tap.h"

/* Timeout of an answer; no passing test comes near it. */
#define PATIENCE_MS 180000

static int on_csi(const char *leader, const long args[], int count, const char *intermediate,
		  char command, void *arg)
{
	struct pty *pty = arg;
	bool is_mark = command == 'y' && count == 1 && args[0] == 9999;

	(void)leader;
	(void)intermediate;
	pty->marks += is_mark;
	return is_mark;
}

static void append_stream(struct pty *pty, const char *bytes, size_t length)
{
	if (pty->stream_length + length > sizeof(pty->stream)) {
		size_t keep = sizeof(pty->stream) / 2;

		memmove(pty->stream, pty->stream + pty->stream_length - keep, keep);
		pty->stream_length = keep;
	}
	memcpy(pty->stream + pty->stream_length, bytes, length);
	pty->stream_length += length;
}

/* The terminal replies to queries: that it does not know mode 2026.  The program may have ended. */
static void reply(struct pty *pty)
{
	char bytes[256];
	size_t length = vterm_output_read(pty->vterm, bytes, sizeof(bytes));

	if (length && write(pty->master, bytes, length) < 0)
		return;
}

/* One read of what the terminal received: its length; 0: none now; -1: no process has it open. */
static ssize_t read_some(struct pty *pty, size_t most)
{
	char bytes[8192];
	ssize_t got = read(pty->master, bytes, most < sizeof(bytes) ? most : sizeof(bytes));

	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return 0;
	if (got <= 0)
		return -1;
	pty->bytes += (size_t)got;
	append_stream(pty, bytes, (size_t)got);
	if (pty->on_bytes)
		pty->on_bytes(bytes, (size_t)got);
	vterm_input_write(pty->vterm, bytes, (size_t)got);
	reply(pty);
	return got;
}

/* False when no process has it open. */
static bool read_terminal(struct pty *pty)
{
	return read_some(pty, SIZE_MAX) >= 0;
}

static bool wait_for(struct pty *pty, int fd)
{
	struct pollfd fds[2] = { { .fd = pty->master, .events = POLLIN },
				 { .fd = fd, .events = POLLIN } };

	if (poll(fds, fd < 0 ? 1 : 2, PATIENCE_MS) <= 0)
		fail_msg("the console does not answer; it shows\n%s", pty_text(pty));
	if (fds[0].revents && !read_terminal(pty))
		return false;
	return true;
}

/* Reads from the pipe behind the first `length` bytes of the answer; returns its new length. */
static size_t read_answer(struct pty *pty, char answer[64], size_t length)
{
	ssize_t got = read(pty->from, answer + length, 63 - length);

	if (got <= 0)
		fail_msg("the console ended; it showed\n%s", pty_text(pty));
	answer[length + (size_t)got] = '\0';
	return length + (size_t)got;
}

/* Waits for the answer and for its mark, which follows everything drawn before. */
static void await(struct pty *pty, size_t marks)
{
	char answer[64] = "";
	size_t length = 0;

	while (!memchr(answer, '\n', length) || pty->marks < marks) {
		struct pollfd fd = { .fd = pty->from, .events = POLLIN };

		if (!wait_for(pty, pty->from))
			fail_msg("the console ended; it showed\n%s", pty_text(pty));
		if (poll(&fd, 1, 0) > 0)
			length = read_answer(pty, answer, length);
	}
	if (strncmp(answer, "ok\n", 3) != 0)
		fail_msg("%s", "the script was not understood");
}

static void set_environment(const struct pty_setup *setup, const char *folder)
{
	setenv("LC_ALL", setup->locale ? setup->locale : "C.UTF-8", 1);
	setenv("XDG_STATE_HOME", folder, 1);
	unsetenv("NO_COLOR");
	/* a copy in a test must not reach the tmux in which the test runs */
	unsetenv("TMUX");
	/* lets the console keep its crash handlers under a sanitizer */
	setenv("ASAN_OPTIONS", "allow_user_segv_handler=1:handle_sigfpe=0:handle_segv=0", 1);
	if (setup->variable)
		putenv((char *)(uintptr_t)setup->variable);
	if (setup->term && !*setup->term)
		unsetenv("TERM");
	else
		setenv("TERM", setup->term ? setup->term : "xterm-256color", 1);
}

static void run_program(const struct pty_setup *setup, int in, int out)
{
	char in_text[16], out_text[16];

	if (setup->words)
		child_exec(setup->program ? setup->program : "bdbtop", setup->words);
	snprintf(in_text, sizeof(in_text), "%d", in);
	snprintf(out_text, sizeof(out_text), "%d", out);
	child_exec("tests/bdbtop-staged", WORDS(in_text, out_text, setup->option));
}

/*
 * Acts as a shell with one foreground job: when the job stops, it takes the terminal, writes its
 * mode, and continues the job.
 */
static void run_job(const struct pty_setup *setup, int in, int out)
{
	pid_t job = fork();
	struct termios modes;
	int status;

	if (job == 0) {
		setpgid(0, 0);
		signal(SIGTTOU, SIG_IGN);
		tcsetpgrp(STDIN_FILENO, getpid());
		signal(SIGTTOU, SIG_DFL);
		run_program(setup, in, out);
	}
	/* a program that the test ends by closing a pipe must not see it open here */
	close_range(STDERR_FILENO + 1, ~0U, 0);
	signal(SIGTTOU, SIG_IGN);
	while (waitpid(job, &status, WUNTRACED) == job && WIFSTOPPED(status)) {
		tcsetpgrp(STDIN_FILENO, getpgrp());
		tcgetattr(STDIN_FILENO, &modes);
		dprintf(STDOUT_FILENO, "[stopped, %s]", modes.c_lflag & ICANON ? "cooked" : "raw");
		tcsetpgrp(STDIN_FILENO, job);
		kill(-job, SIGCONT);
	}
	_exit(WIFEXITED(status) ? WEXITSTATUS(status) : 100);
}

static void open_vterm(struct pty *pty)
{
#if VTERM_VERSION_MAJOR > 0 || VTERM_VERSION_MINOR > 1
	static const VTermStateFallbacks others = { .csi = on_csi };
#else
	static const VTermParserCallbacks others = { .csi = on_csi };
#endif

	pty->vterm = vterm_new(pty->rows, pty->cols);
	assert_non_null(pty->vterm);
	vterm_set_utf8(pty->vterm, 1);
	pty->screen = vterm_obtain_screen(pty->vterm);
	vterm_screen_enable_altscreen(pty->screen, 1);
	vterm_screen_set_unrecognised_fallbacks(pty->screen, &others, pty);
	vterm_screen_reset(pty->screen, 1);
}

void pty_start(struct pty *pty, const struct pty_setup *setup)
{
	struct winsize size = { .ws_col = setup->no_size ? 0 : (unsigned short)setup->cols,
				.ws_row = setup->no_size ? 0 : (unsigned short)setup->rows };
	int to[2], from[2];

	memset(pty, 0, sizeof(*pty));
	pty->cols = setup->cols;
	pty->rows = setup->rows;
	pty->on_bytes = setup->on_bytes;
	open_vterm(pty);
	strcpy(pty->folder, "/tmp/bdbtop-screen-XXXXXX");
	assert_non_null(mkdtemp(pty->folder));
	assert_int_equal(pipe(to), 0);
	assert_int_equal(pipe(from), 0);
	fcntl(to[1], F_SETFD, FD_CLOEXEC);
	fcntl(from[0], F_SETFD, FD_CLOEXEC);
	pty->child = forkpty(&pty->master, NULL, NULL, &size);
	assert_true(pty->child >= 0);
	if (pty->child == 0) {
		set_environment(setup, pty->folder);
		if (setup->job)
			run_job(setup, to[0], from[1]);
		run_program(setup, to[0], from[1]);
	}
	close(to[0]);
	close(from[1]);
	pty->to = to[1];
	pty->from = from[0];
	fcntl(pty->master, F_SETFL, O_NONBLOCK);
}

void pty_open(struct pty *pty, const struct pty_setup *setup)
{
	pty_start(pty, setup);
	await(pty, 1);
}

void pty_close(struct pty *pty)
{
	if (pty->child > 0) {
		/* a session leader that dies hangs up the terminal and so ends its children */
		kill(pty->child, SIGKILL);
		waitpid(pty->child, NULL, 0);
	}
	close(pty->master);
	close(pty->to);
	close(pty->from);
	vterm_free(pty->vterm);
	temp_dir_release(pty->folder);
}

void pty_script(struct pty *pty, const char *line)
{
	size_t marks = pty->marks + 1;

	if (dprintf(pty->to, "%s\n", line) < 0)
		fail_msg("the console does not listen; it shows\n%s", pty_text(pty));
	await(pty, marks);
}

void pty_advance(struct pty *pty, long ms)
{
	char line[40];

	snprintf(line, sizeof(line), "advance %ld", ms);
	pty_script(pty, line);
}

void pty_type(struct pty *pty, const char *bytes)
{
	size_t length = strlen(bytes);

	pty_read(pty, bytes, length);
	/* a lone ESC becomes a key after its timeout */
	if (length && bytes[length - 1] == '\033')
		pty_advance(pty, INPUT_ESCAPE_MS);
}

void pty_read(struct pty *pty, const void *bytes, size_t length)
{
	assert_int_equal(write(pty->master, bytes, length), length);
	pty_script(pty, "sync");
}

void pty_set_size(struct pty *pty, int cols, int rows)
{
	struct winsize size = { .ws_col = (unsigned short)cols, .ws_row = (unsigned short)rows };

	pty->cols = cols;
	pty->rows = rows;
	vterm_set_size(pty->vterm, rows, cols);
	assert_int_equal(ioctl(pty->master, TIOCSWINSZ, &size), 0);
}

void pty_resize(struct pty *pty, int cols, int rows)
{
	pty_set_size(pty, cols, rows);
	pty_script(pty, "sync");
}

/* --- a terminal that the test does not read ------------------------------------------------- */

struct pty_drawn pty_ask(struct pty *pty, const char *line)
{
	struct pollfd fd = { .fd = pty->from, .events = POLLIN };
	char answer[64] = "", *end;
	struct pty_drawn drawn;
	size_t length = 0;

	assert_true(dprintf(pty->to, "%s\n", line) > 0);
	while (!memchr(answer, '\n', length)) {
		if (poll(&fd, 1, PATIENCE_MS) <= 0)
			fail_msg("the console does not answer; it showed\n%s", pty_text(pty));
		length = read_answer(pty, answer, length);
	}
	assert_memory_equal(answer, "ok ", 3);
	drawn.bytes = strtoul(answer + 3, &end, 10);
	drawn.waits = strtoul(end, NULL, 10) != 0;
	return drawn;
}

size_t pty_take(struct pty *pty, size_t most)
{
	size_t taken = 0;
	ssize_t got;

	while (taken < most && (got = read_some(pty, most - taken)) > 0)
		taken += (size_t)got;
	return taken;
}

struct pty_drawn pty_drain(struct pty *pty)
{
	struct pty_drawn drawn = pty_ask(pty, "sync");

	/* the console does not count the marks that came before */
	while (pty->bytes < drawn.bytes + pty->marks * (sizeof(PTY_MARK) - 1)) {
		if (!wait_for(pty, -1))
			fail_msg("the console ended; it showed\n%s", pty_text(pty));
		drawn = pty_ask(pty, "sync");
	}
	assert_int_equal(pty->bytes, drawn.bytes + pty->marks * (sizeof(PTY_MARK) - 1));
	return drawn;
}

int pty_wait_unread(struct pty *pty)
{
	/* the pipe closes with the program */
	struct pollfd fd = { .fd = pty->from, .events = POLLIN };
	int status = 0;

	if (poll(&fd, 1, PATIENCE_MS) <= 0)
		fail_msg("the console does not end; it showed\n%s", pty_text(pty));
	assert_int_equal(waitpid(pty->child, &status, 0), pty->child);
	pty->child = 0;
	return status;
}

/* --- bdbtop itself, in real time ------------------------------------------------------------ */

static bool lacks(struct pty *pty, const char *words)
{
	return !pty_shows(pty, words);
}

/* Prints the screen itself: cmocka cuts long messages. */
static void give_up(struct pty *pty, const char *words)
{
	fprintf(stderr, "%s\n", pty_text(pty));
	fail_msg("waited for \"%s\"", words);
}

void pty_await_that(struct pty *pty, bool (*that)(struct pty *, const char *), const char *words)
{
	int64_t until = clock_system.now(NULL).ms + PATIENCE_MS;

	while (!that(pty, words)) {
		if (!wait_for(pty, -1))
			fail_msg("it ended; waited for \"%s\", it showed\n%s", words,
				 pty_text(pty));
		/* the clock of the screen keeps output coming, so check the time here */
		if (clock_system.now(NULL).ms > until)
			give_up(pty, words);
	}
}

void pty_send(struct pty *pty, const char *bytes)
{
	ssize_t length = (ssize_t)strlen(bytes);

	assert_int_equal(write(pty->master, bytes, (size_t)length), length);
}

void pty_await(struct pty *pty, const char *words)
{
	pty_await_that(pty, pty_shows, words);
}

void pty_await_not(struct pty *pty, const char *words)
{
	pty_await_that(pty, lacks, words);
}

bool pty_shows_within(struct pty *pty, const char *words, int64_t ms)
{
	struct pollfd drawn = { .fd = pty->master, .events = POLLIN };
	int64_t left, until = clock_system.now(NULL).ms + ms;

	while (!pty_shows(pty, words)) {
		left = until - clock_system.now(NULL).ms;
		if (left <= 0 || (poll(&drawn, 1, (int)left) > 0 && !read_terminal(pty)))
			return false;
	}
	return true;
}

void pty_let_pass(struct pty *pty, int64_t ms)
{
	struct pollfd drawn = { .fd = pty->master, .events = POLLIN };
	int64_t left, until = clock_system.now(NULL).ms + ms;

	while ((left = until - clock_system.now(NULL).ms) > 0)
		if (poll(&drawn, 1, (int)left) > 0 && !read_terminal(pty))
			fail_msg("it ended; it showed\n%s", pty_text(pty));
}

void pty_accepts_input(struct pty *pty, const char *question)
{
	pty_await(pty, question);
	/* the guard began when it was drawn, before we saw it */
	pty_let_pass(pty, QUESTION_GUARD_MS + 1);
}

void pty_confirm(struct pty *pty)
{
	pty_accepts_input(pty, "[y/N]");
	pty_send(pty, "y");
}

VTermScreenCell pty_cell(struct pty *pty, int row, int col)
{
	VTermScreenCell cell;

	memset(&cell, 0, sizeof(cell));
	vterm_screen_get_cell(pty->screen, (VTermPos){ .row = row, .col = col }, &cell);
	return cell;
}

VTermPos pty_cursor(struct pty *pty)
{
	VTermPos at;

	vterm_state_get_cursorpos(vterm_obtain_state(pty->vterm), &at);
	return at;
}

static size_t put_row(struct pty *pty, int row, char *out, size_t room)
{
	const VTermRect cells = { .start_row = row, .end_row = row + 1, .end_col = pty->cols };
	size_t length = vterm_screen_get_text(pty->screen, out, room, cells);

	while (length && out[length - 1] == ' ')
		length--;
	out[length] = '\0';
	return length;
}

const char *pty_row(struct pty *pty, int row)
{
	static char text[PTY_TEXT];

	put_row(pty, row, text, sizeof(text));
	return text;
}

int pty_row_of(struct pty *pty, const char *words)
{
	int row;

	for (row = 0; row < pty->rows; row++)
		if (strstr(pty_row(pty, row), words))
			return row;
	return -1;
}

const char *pty_text(struct pty *pty)
{
	static char text[PTY_TEXT];
	size_t length = 0;
	int row;

	for (row = 0; row < pty->rows; row++) {
		length += put_row(pty, row, text + length, sizeof(text) - length);
		text[length++] = '\n';
	}
	text[length] = '\0';
	return text;
}

bool pty_shows(struct pty *pty, const char *words)
{
	return strstr(pty_text(pty), words) != NULL;
}

int pty_wait(struct pty *pty)
{
	int status = 0;

	/* tcgetattr() later needs the master, so it stays open */
	while (wait_for(pty, -1))
		;
	assert_int_equal(waitpid(pty->child, &status, 0), pty->child);
	pty->child = 0;
	return status;
}

bool pty_is_cooked(struct pty *pty)
{
	struct termios modes;

	return !tcgetattr(pty->master, &modes) && (modes.c_lflag & ICANON) &&
	       (modes.c_lflag & ECHO) && (modes.c_oflag & ONLCR);
}

bool pty_got(struct pty *pty, const char *bytes)
{
	return memmem(pty->stream, pty->stream_length, bytes, strlen(bytes)) != NULL;
}

void pty_forget_bytes(struct pty *pty)
{
	pty->bytes = 0;
	pty->stream_length = 0;
}
