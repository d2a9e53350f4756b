/*
 * Signals.  Handlers only write the number of the signal to a pipe.  Crash handlers let
 * term_output.c write a prepared string, restore the terminal's modes and raise the signal again
 * with its previous action.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <termios.h>
#include <unistd.h>

#include "bdbtop/core/array.h"
#include "bdbtop/ui/term.h"
#include "term_internal.h"

#define CRASH_STACK 16384

static const int caught_signals[] = {
	SIGWINCH, SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGTSTP, SIGCONT
};
static const int crash_signals[] = { SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL };

#define CAUGHT ARRAY_SIZE(caught_signals)
#define CRASHES ARRAY_SIZE(crash_signals)

/* The signal pipe and the saved state of the terminal; static, because handlers need them. */
static struct {
	int pipe[2];
	struct termios modes;
	struct sigaction before_caught[CAUGHT], before_crash[CRASHES];
	char stack[CRASH_STACK];
} saved_state = { .pipe = { -1, -1 } };

static void on_signal(int number)
{
	int before = errno;
	unsigned char byte = (unsigned char)number;

	/* if the pipe is full, the loop wakes anyway */
	if (write(saved_state.pipe[1], &byte, 1) < 0)
		errno = before;
	errno = before;
}

void signals_restore_modes(void)
{
	tcsetattr(STDIN_FILENO, TCSANOW, &saved_state.modes);
}

static void on_crash(int number)
{
	size_t i;

	term_output_crash();
	signals_restore_modes();
	for (i = 0; i < CRASHES; i++)
		if (crash_signals[i] == number)
			sigaction(number, &saved_state.before_crash[i], NULL);
	raise(number);
}

static int open_pipe(void)
{
	return pipe2(saved_state.pipe, O_CLOEXEC | O_NONBLOCK);
}

int signals_start(void)
{
	struct sigaction catch = { .sa_handler = on_signal, .sa_flags = SA_RESTART };
	struct sigaction crash = { .sa_handler = on_crash, .sa_flags = SA_ONSTACK };
	stack_t stack = { .ss_sp = saved_state.stack, .ss_size = sizeof(saved_state.stack) };
	size_t i;

	if (tcgetattr(STDIN_FILENO, &saved_state.modes) < 0 || open_pipe() < 0)
		return -1;
	sigaltstack(&stack, NULL);
	for (i = 0; i < CAUGHT; i++)
		sigaction(caught_signals[i], &catch, &saved_state.before_caught[i]);
	for (i = 0; i < CRASHES; i++)
		sigaction(crash_signals[i], &crash, &saved_state.before_crash[i]);
	return 0;
}

void signals_stop(void)
{
	stack_t none = { .ss_flags = SS_DISABLE };
	size_t i;

	if (saved_state.pipe[0] < 0)
		return;
	for (i = 0; i < CAUGHT; i++)
		sigaction(caught_signals[i], &saved_state.before_caught[i], NULL);
	for (i = 0; i < CRASHES; i++)
		sigaction(crash_signals[i], &saved_state.before_crash[i], NULL);
	sigaltstack(&none, NULL);
	close(saved_state.pipe[0]);
	close(saved_state.pipe[1]);
	saved_state.pipe[0] = saved_state.pipe[1] = -1;
}

void signals_stop_here(void)
{
	struct sigaction stop, go, usual = { .sa_handler = SIG_DFL };

	/* term_suspend() resumes by itself and must not see SIGCONT as well */
	sigaction(SIGTSTP, &usual, &stop);
	sigaction(SIGCONT, &usual, &go);
	kill(0, SIGTSTP);
	sigaction(SIGCONT, &go, NULL);
	sigaction(SIGTSTP, &stop, NULL);
}

int term_signal_fd(void)
{
	return saved_state.pipe[0];
}

struct term_signals term_signals(void)
{
	struct term_signals signals = { 0 };
	unsigned char byte[64];
	ssize_t got, i;

	while ((got = read(saved_state.pipe[0], byte, sizeof(byte))) > 0)
		for (i = 0; i < got; i++) {
			signals.resized |= byte[i] == SIGWINCH;
			signals.suspend |= byte[i] == SIGTSTP;
			signals.continued |= byte[i] == SIGCONT;
			signals.terminate |= byte[i] == SIGTERM || byte[i] == SIGHUP ||
					     byte[i] == SIGINT || byte[i] == SIGQUIT;
		}
	return signals;
}
