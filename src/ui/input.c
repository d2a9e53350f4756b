/*
 * What the terminal sends, read byte by byte past curses: curses would drop what follows a byte
 * that it cannot decode, and takes for keys what is a reply of the terminal.
 */
#include <errno.h>
#include <langinfo.h>
#include <poll.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include <curses.h>
#include <term.h>

#include "bdbtop/core/time.h"
#include "bdbtop/session/commands.h"
#include "bdbtop/ui/input_decoder.h"
#include "bdbtop/ui/term.h"
#include "term_internal.h"

#define MOST_READS 16 /* in one turn of the loop; a sender that never stops must not hold it up */

static struct {
	struct input_decoder decoder;
	int reads; /* left in this turn */
	bool gone;
} input;

/* What a key is here, by the name that terminfo has for it. */
static const struct {
	const char *name;
	int key;
} bound[] = {
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

/* All names that begin with k are keys; those that do nothing here are known too, as they must be
 * consumed to their last byte and no further. */
static void add_keys(void)
{
	size_t i;

	for (i = 0; i < sizeof(bound) / sizeof(bound[0]); i++)
		add_key(bound[i].name, bound[i].key);
	for (i = 0; strnames[i]; i++)
		if (strnames[i][0] == 'k' && strcmp(strnames[i], "kmous") != 0)
			add_key(strnames[i], 0);
}

/* A read returns at once, even when another process was faster to read what had been waiting. */
static void never_wait(void)
{
	struct termios modes;

	if (tcgetattr(STDIN_FILENO, &modes) < 0)
		return;
	modes.c_cc[VMIN] = 0;
	modes.c_cc[VTIME] = 0;
	tcsetattr(STDIN_FILENO, TCSANOW, &modes);
	/* curses restores these after a stop */
	def_prog_mode();
}

void input_start(bool mouse)
{
	input_decoder_init(&input.decoder, !strcmp(nl_langinfo(CODESET), "UTF-8"), mouse);
	input.gone = false;
	input.reads = 0;
	keypad(stdscr, TRUE);
	add_keys();
	never_wait();
}

/* One read; false: nothing waits. */
static bool read_more(int64_t now_ms)
{
	struct pollfd fd = { .fd = STDIN_FILENO, .events = POLLIN };
	unsigned char bytes[INPUT_READ];
	ssize_t got;

	if (poll(&fd, 1, 0) <= 0 || !(fd.revents & POLLIN))
		return false;
	do
		got = read(STDIN_FILENO, bytes, sizeof(bytes));
	while (got < 0 && errno == EINTR);
	if (got > 0)
		input_decoder_feed(&input.decoder, bytes, (size_t)got, now_ms);
	else if (got < 0 && errno != EAGAIN)
		input.gone = true;
	explicit_bzero(bytes, sizeof(bytes));
	return got > 0;
}

void term_begin_input(void)
{
	input.reads = MOST_READS;
}

bool term_input(struct input_event *out, int64_t now_ms)
{
	while (!input_decoder_next(&input.decoder, out)) {
		if (input.reads > 0 && read_more(now_ms)) {
			input.reads--;
			continue;
		}
		/* with more to read no silence is over */
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
	while (reads++ < MOST_READS && read_more(now_ms))
		input_decoder_drop(&input.decoder);
	if (reads > MOST_READS)
		tcflush(STDIN_FILENO, TCIFLUSH);
}

bool term_has_gone(void)
{
	struct pollfd fd = { .fd = STDIN_FILENO, .events = POLLIN };

	return input.gone || (poll(&fd, 1, 0) > 0 && (fd.revents & (POLLHUP | POLLERR | POLLNVAL)));
}
