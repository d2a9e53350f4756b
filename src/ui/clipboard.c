/*
 * The terminal's clipboard: a text goes to tmux if it runs, which passes it on as configured, else
 * to the terminal itself.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bdbtop/core/array.h"
#include "bdbtop/core/text.h"
#include "bdbtop/ui/term.h"
#include "term_internal.h"

#define MAX_COPY    8192 /* maximum bytes for OSC 52; some terminals accept less */
#define NOT_STARTED 127	 /* exit status of a child that could not be started (POSIX) */
#define TMUX_MS	    1000 /* timeout, so that a tmux that hangs does not block the console */

static const char copy_result[] = "sent to the terminal";

/* --- the terminal itself --------------------------------------------------------------------- */

/* Bytes to copy; a truncated text ends with a complete line. */
static size_t copied_length(const char *text)
{
	size_t length = strlen(text);

	if (length <= MAX_COPY)
		return length;
	for (length = MAX_COPY; length && text[length - 1] != '\n'; length--)
		;
	return length;
}

static size_t to_base64(char *out, const char *bytes, size_t length)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	size_t i, at = 0;

	for (i = 0; i < length; i += 3) {
		size_t rest = length - i;
		unsigned long three = (unsigned long)(unsigned char)bytes[i] << 16;

		if (rest > 1)
			three |= (unsigned long)(unsigned char)bytes[i + 1] << 8;
		if (rest > 2)
			three |= (unsigned char)bytes[i + 2];
		out[at++] = digits[three >> 18];
		out[at++] = digits[three >> 12 & 63];
		out[at++] = rest > 1 ? digits[three >> 6 & 63] : '=';
		out[at++] = rest > 2 ? digits[three & 63] : '=';
	}
	out[at] = '\0';
	return at;
}

/* Not behind a frame that is still on its way. */
static bool send_sequence(const char *const *part, size_t count)
{
	if (term_output_flush() != TERM_OUTPUT_DONE)
		return false;
	term_escape_add(part, count);
	return term_output_flush() != TERM_OUTPUT_FAILED;
}

static bool copy_by_sequence(const char *text, char *outcome, size_t size)
{
	char base64[MAX_COPY / 3 * 4 + 8];
	const char *const part[] = { "\033]52;c;", base64, "\a" };
	size_t length = copied_length(text);

	if (!term_escape_is_known(ESCAPE_COPY)) {
		snprintf(outcome, size, "not sent: this kind of terminal has no clipboard");
		return false;
	}
	to_base64(base64, text, length);
	if (!send_sequence(part, ARRAY_SIZE(part))) {
		snprintf(outcome, size, "not sent: the terminal does not accept it");
		return false;
	}
	snprintf(outcome, size, "%s%s", text[length] ? "its first lines, up to 8 KiB, " : "",
		 copy_result);
	return true;
}

/* --- tmux ------------------------------------------------------------------------------------ */

struct tmux_process {
	pid_t pid;
	int text, errors; /* pipes: its standard input, its standard error */
};

static int spawn_tmux(struct tmux_process *child, int errors)
{
	static const char *const words[] = { "tmux", "load-buffer", "-w", "-", NULL };
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attributes;
	sigset_t usual;
	int rc;

	if (posix_spawn_file_actions_init(&files))
		return ENOMEM;
	if (posix_spawnattr_init(&attributes)) {
		posix_spawn_file_actions_destroy(&files);
		return ENOMEM;
	}
	posix_spawn_file_actions_adddup2(&files, child->text, STDIN_FILENO);
	posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_adddup2(&files, errors, STDERR_FILENO);
	sigemptyset(&usual);
	sigaddset(&usual, SIGPIPE);
	posix_spawnattr_setsigdefault(&attributes, &usual);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
	rc = posix_spawnp(&child->pid, words[0], &files, &attributes,
			  (char *const *)(uintptr_t)words, environ);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&files);
	return rc;
}

/* Returns 0 or an error number. */
static int start_tmux(struct tmux_process *child, const char *text)
{
	int ends[2], rc;

	child->text = term_output_fill_pipe(text);
	if (child->text < 0)
		return errno;
	if (pipe2(ends, O_CLOEXEC) < 0) {
		rc = errno;
		close(child->text);
		return rc;
	}
	rc = spawn_tmux(child, ends[1]);
	close(ends[1]);
	close(child->text);
	child->errors = ends[0];
	if (rc)
		close(ends[0]);
	return rc;
}

/* Waits until the child writes an error or closes its standard error by exiting. */
static bool has_ended(const struct tmux_process *child)
{
	struct pollfd end = { .fd = child->errors };
	int rc;

	do
		rc = poll(&end, 1, TMUX_MS);
	while (rc < 0 && errno == EINTR);
	return rc > 0;
}

/* The first line of its error output. */
static void read_error(const struct tmux_process *child, char *out, size_t size)
{
	char line[160];
	ssize_t got = read(child->errors, line, sizeof(line) - 1);

	line[got > 0 ? got : 0] = '\0';
	line[strcspn(line, "\n")] = '\0';
	text_safe(out, size, line, true);
}

static bool copy_by_tmux(const char *text, char *outcome, size_t size)
{
	char error[320] = "";
	struct tmux_process child;
	int status = 0, rc = start_tmux(&child, text);
	bool ended, sent;

	if (rc) {
		snprintf(outcome, size, "not sent: cannot start tmux: %s", strerror(rc));
		return false;
	}
	ended = has_ended(&child);
	if (ended)
		read_error(&child, error, sizeof(error));
	else
		kill(child.pid, SIGKILL);
	while (waitpid(child.pid, &status, 0) < 0 && errno == EINTR)
		;
	close(child.errors);
	sent = ended && WIFEXITED(status) && !WEXITSTATUS(status);
	if (sent)
		snprintf(outcome, size, "%s", copy_result);
	else if (!ended)
		snprintf(outcome, size, "not sent: tmux did not accept it within %d s",
			 TMUX_MS / 1000);
	else if (WIFEXITED(status) && WEXITSTATUS(status) == NOT_STARTED)
		snprintf(outcome, size, "not sent: cannot start tmux");
	else
		snprintf(outcome, size, "not sent: tmux refused it%s%s", error[0] ? ": " : "",
			 error);
	return sent;
}

bool term_copy(const char *text, char *outcome, size_t size)
{
	const char *tmux = getenv("TMUX");

	return tmux && *tmux ? copy_by_tmux(text, outcome, size)
			     : copy_by_sequence(text, outcome, size);
}
