/*
 * What goes to the terminal past curses, which has no words for it: pastes in brackets, reports of
 * the mouse, the clipboard, notices.  Only terminals that know a sequence, or leave it out whole,
 * are sent it: others would print it.
 */
#include "bdbtop/ui/term.h"

#include "term_internal.h"

#include <curses.h>
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#define PATIENCE_MS 1000

#define ALL (OUTSIDE_PASTE | OUTSIDE_MOUSE | OUTSIDE_COPY | OUTSIDE_NOTICE)

/* By the beginning of TERM's name. */
static const struct {
	const char *prefix;
	unsigned knows;
} families[] = {
	{ "xterm", ALL }, { "screen", ALL },	{ "tmux", ALL },
	{ "rxvt", ALL },  { "alacritty", ALL }, { "foot", ALL },
	{ "kitty", ALL }, { "konsole", ALL },	{ "vte", ALL },
	{ "gnome", ALL }, { "wezterm", ALL },	{ "mintty", ALL },
	{ "iterm", ALL }, { "ghostty", ALL },	{ "st-", ALL & ~(unsigned)OUTSIDE_NOTICE },
};

unsigned outside_of(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(families) / sizeof(families[0]); i++)
		if (!strncmp(name, families[i].prefix, strlen(families[i].prefix)))
			return families[i].knows;
	return 0;
}

const char *outside_switch(enum outside which, bool on)
{
	if (!outside_knows(which))
		return "";
	if (which == OUTSIDE_PASTE)
		return on ? "\033[?2004h" : "\033[?2004l";
	if (which == OUTSIDE_MOUSE)
		return on ? "\033[?1006;1000h" : "\033[?1006;1000l";
	return "";
}

static int write_whole(const char *bytes, size_t length)
{
	while (length) {
		ssize_t written = write(STDOUT_FILENO, bytes, length);
		struct pollfd room = { .fd = STDOUT_FILENO, .events = POLLOUT };

		if (written > 0) {
			bytes += written;
			length -= (size_t)written;
		} else if (written < 0 && errno == EINTR) {
			continue;
		} else if (errno != EAGAIN || poll(&room, 1, PATIENCE_MS) <= 0) {
			return -1;
		}
	}
	return 0;
}

int outside_say(const char *const *part, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (write_whole(part[i], strlen(part[i])) < 0)
			return -1;
	return 0;
}

void term_ring(void)
{
	beep();
}

void term_notify(const char *text)
{
	const char *const part[] = { "\033]9;bdbtop: ", text, "\a\033]777;notify;bdbtop;", text,
				     "\a" };
	const char *c;

	for (c = text; *c; c++)
		if (*c < ' ' || *c > '~')
			return;
	if (*text && outside_knows(OUTSIDE_NOTICE))
		outside_say(part, sizeof(part) / sizeof(part[0]));
}
