/*
 * Escape sequences that curses does not know: bracketed paste, mouse reports, clipboard,
 * notifications, title, synchronized output.  They are only sent to terminals that support or
 * ignore them, because others would print them.
 */
#include <string.h>

#include <curses.h>
#include <term.h>

#include "bdbtop/core/array.h"
#include "bdbtop/ui/term.h"
#include "term_internal.h"

#define ALL (ESCAPE_PASTE | ESCAPE_MOUSE | ESCAPE_COPY | ESCAPE_NOTICE | ESCAPE_QUERY)

/* By the prefix of TERM.  ESCAPE_TITLE: it can save its title and restore it. */
static const struct terminal_family {
	const char *prefix;
	unsigned escapes;
	bool like_xterm;	/* compatible with it; may be newer than the terminfo of a host */
} terminal_families[] = {
	{ "xterm", ALL | ESCAPE_TITLE, true },
	{ "screen", ALL | ESCAPE_TITLE, true },
	{ "tmux", ALL | ESCAPE_TITLE, true },
	{ "alacritty", ALL | ESCAPE_TITLE, true },
	{ "foot", ALL | ESCAPE_TITLE, true },
	{ "kitty", ALL | ESCAPE_TITLE, true },
	{ "wezterm", ALL | ESCAPE_TITLE, true },
	{ "ghostty", ALL | ESCAPE_TITLE, true },
	{ "rxvt", ALL, true },
	{ "konsole", ALL, false },
	{ "vte", ALL, false },
	{ "gnome", ALL, false },
	{ "mintty", ALL, false },
	{ "iterm", ALL, false },
	{ "st-", ALL & ~(unsigned)ESCAPE_NOTICE, false },
};

/* What screen calls a title is its status line, and not every type of it has one. */
static bool lacks_title(const char *name)
{
	return !strncmp(name, "screen", strlen("screen")) &&
	       tigetflag((char *)(uintptr_t) "hs") <= 0;
}

static const struct terminal_family *find_family(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(terminal_families); i++)
		if (!strncmp(name, terminal_families[i].prefix,
			     strlen(terminal_families[i].prefix)))
			return &terminal_families[i];
	return NULL;
}

unsigned term_escapes_of(const char *name)
{
	const struct terminal_family *family = find_family(name);

	if (!family)
		return 0;
	return family->escapes & ~(lacks_title(name) ? (unsigned)ESCAPE_TITLE : 0U);
}

bool term_is_like_xterm(const char *name)
{
	const struct terminal_family *family = find_family(name);

	return family && family->like_xterm;
}

const char *term_escape_mode(enum term_escape which, bool on)
{
	if (!term_escape_is_known(which))
		return "";
	if (which == ESCAPE_PASTE)
		return on ? "\033[?2004h" : "\033[?2004l";
	if (which == ESCAPE_MOUSE)
		return on ? "\033[?1006;1000h" : "\033[?1006;1000l";
	if (which == ESCAPE_TITLE)
		return on ? "\033[22;2t" : "\033[23;2t";
	return "";
}

const char *term_escape_query(void)
{
	return term_escape_is_known(ESCAPE_QUERY) ? "\033[?2026$p" : "";
}

void term_escape_add(const char *const *part, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		term_output_add(part[i], strlen(part[i]));
}

void term_ring(void)
{
	beep();
}

static bool is_printable_ascii(const char *text)
{
	const char *c;

	for (c = text; *c; c++)
		if (*c < ' ' || *c > '~')
			return false;
	return *text != '\0';
}

void term_notify(const char *text)
{
	const char *const part[] = { "\033]9;bdbtop: ", text, "\a\033]777;notify;bdbtop;", text,
				     "\a" };

	if (is_printable_ascii(text) && term_escape_is_known(ESCAPE_NOTICE))
		term_escape_add(part, ARRAY_SIZE(part));
}

void term_set_title(const char *text)
{
	const char *const part[] = { "\033]2;", text, "\a" };

	if (is_printable_ascii(text) && strlen(text) < TERM_TITLE &&
	    term_escape_is_known(ESCAPE_TITLE))
		term_escape_add(part, ARRAY_SIZE(part));
}
