/*
 * Reads the terminal's input without curses: curses drops the bytes after one that it cannot
 * decode, and takes replies of the terminal for keys.
 */
#include <errno.h>
#include <langinfo.h>
#include <poll.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include <curses.h>
#include <term.h>

#include "bdbtop/core/array.h"
#include "bdbtop/core/time.h"
#include "bdbtop/session/commands.h"
#include "bdbtop/ui/input_decoder.h"
#include "bdbtop/ui/term.h"
#include "term_internal.h"

#define MAX_READS 16 /* in one turn of the loop, so that endless input does not block it */

static struct {
	struct input_decoder decoder;
	int reads; /* reads left in this turn */
	struct termios modes;
	bool closed;
} input;

/* Keys by their terminfo names. */
static const struct {
	const char *name;
	int key;
} bound_keys[] = {
	{ "kcuu1", KEY_CURSOR_UP }, { "kcud1", KEY_CURSOR_DOWN }, { "kpp", KEY_PAGE_UP },
	{ "knp", KEY_PAGE_DOWN },   { "khome", KEY_FIRST },	  { "kfnd", KEY_FIRST },
	{ "kend", KEY_LAST },	    { "kll", KEY_LAST },	  { "kslt", KEY_LAST },
	{ "kf1", KEY_FUNCTION_1 },  { "kf5", KEY_FUNCTION_5 },	  { "kbs", KEY_RUBOUT },
	{ "kent", KEY_RETURN },
};

static void add_key(const char *name, int key)
{
	const char *bytes = tigetstr((char *)(uintptr_t)name);

	if (bytes && bytes != (const char *)-1)
		input_decoder_add(&input.decoder, bytes, key);
}

/* All names that begin with k are keys.  Those without a function are added too, because the
 * decoder must consume exactly their bytes. */
static void add_keys(void)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bound_keys); i++)
		add_key(bound_keys[i].name, bound_keys[i].key);
	for (i = 0; strnames[i]; i++)
		if (strnames[i][0] == 'k' && strcmp(strnames[i], "kmous") != 0)
			add_key(strnames[i], 0);
}

/* Makes read() return at once, even if another process has just read the pending bytes. */
static void set_nonblocking_reads(void)
{
	if (tcgetattr(STDIN_FILENO, &input.modes) < 0)
		return;
	input.modes.c_cc[VMIN] = 0;
	input.modes.c_cc[VTIME] = 0;
	input_resume();
}

void input_resume(void)
{
	tcsetattr(STDIN_FILENO, TCSANOW, &input.modes);
}

void input_start(bool mouse)
{
	input_decoder_init(&input.decoder, !strcmp(nl_langinfo(CODESET), "UTF-8"), mouse);
	input.closed = false;
	input.reads = 0;
	keypad(stdscr, TRUE);
	add_keys();
	set_nonblocking_reads();
}

bool input_is_synchronized(void)
{
	return input.decoder.synchronized == MODE_SUPPORTED;
}

/* Also when poll() fails, so that a user can still quit: the read then returns at once. */
static bool may_have_bytes(void)
{
	struct pollfd fd = { .fd = STDIN_FILENO, .events = POLLIN };
	int count = poll(&fd, 1, 0);

	return count < 0 || (count > 0 && fd.revents & POLLIN);
}

/* One read; false: nothing is pending. */
static bool read_more(int64_t now_ms)
{
	unsigned char bytes[INPUT_READ];
	ssize_t got;

	if (!may_have_bytes())
		return false;
	do
		got = read(STDIN_FILENO, bytes, sizeof(bytes));
	while (got < 0 && errno == EINTR);
	if (got > 0)
		input_decoder_feed(&input.decoder, bytes, (size_t)got, now_ms);
	else if (got < 0 && errno != EAGAIN)
		input.closed = true;
	explicit_bzero(bytes, sizeof(bytes));
	return got > 0;
}

void term_begin_input(void)
{
	input.reads = MAX_READS;
}

bool term_input(struct input_event *out, int64_t now_ms)
{
	while (!input_decoder_next(&input.decoder, out)) {
		if (input.reads > 0 && read_more(now_ms)) {
			input.reads--;
			continue;
		}
		/* more bytes may be pending: a timeout must not end a sequence now */
		if (!input.reads)
			return false;
		input_decoder_tick(&input.decoder, now_ms);
		return input_decoder_next(&input.decoder, out);
	}
	return true;
}

int64_t term_input_due(void)
{
	return input_decoder_due(&input.decoder);
}

void term_drop_keys(int64_t now_ms)
{
	int reads = 0;

	input_decoder_drop(&input.decoder);
	while (reads++ < MAX_READS && read_more(now_ms))
		input_decoder_drop(&input.decoder);
	if (reads > MAX_READS)
		tcflush(STDIN_FILENO, TCIFLUSH);
}

void input_await_reply(int ms)
{
	int64_t now_ms = term_clock_ms(), until_ms = now_ms + ms;

	while (input.decoder.synchronized == MODE_UNKNOWN && !input.closed && now_ms < until_ms) {
		struct pollfd fd = { .fd = STDIN_FILENO, .events = POLLIN };

		if (poll(&fd, 1, (int)(until_ms - now_ms)) > 0 && !read_more(now_ms))
			return;
		input_decoder_drop(&input.decoder);
		now_ms = term_clock_ms();
	}
}

bool term_has_gone(void)
{
	struct pollfd fd = { .fd = STDIN_FILENO, .events = POLLIN };

	return input.closed ||
	       (poll(&fd, 1, 0) > 0 && (fd.revents & (POLLHUP | POLLERR | POLLNVAL)));
}
