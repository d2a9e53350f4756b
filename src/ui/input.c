/*
 * Keys: what the terminal sends, as the session knows it.
 */
#include "bdbtop/ui/term.h"

#include "bdbtop/session/commands.h"

#include "term-private.h"

#include <curses.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SILENCE_MS   1000  /* after it what was begun has no end */
#define MOST_DROPPED 65536 /* keys thrown away at once; who sends more is no finger */

static struct {
	WINDOW *pad; /* reading from a pad refreshes nothing by itself */
	bool pasting;
	int64_t pasted_ms;
	int held; /* a character read too far, -1 none */
	/* A report of the mouse that has begun: its form, and what came of it. */
	int report; /* TERM_REPORT, TERM_REPORT_OLD, 0 none */
	int64_t report_ms;
	char told[24];
	size_t told_length;
} input = { .held = -1 };

/* Both spellings of the cursor keys, and of the others, whatever terminfo says. */
static const struct {
	const char *sequence;
	int code;
} spellings[] = {
	{ "\033[A", TERM_UP },
	{ "\033OA", TERM_UP },
	{ "\033[B", TERM_DOWN },
	{ "\033OB", TERM_DOWN },
	{ "\033[5~", TERM_PAGE_UP },
	{ "\033[6~", TERM_PAGE_DOWN },
	{ "\033[H", TERM_HOME },
	{ "\033OH", TERM_HOME },
	{ "\033[1~", TERM_HOME },
	{ "\033[7~", TERM_HOME },
	{ "\033[F", TERM_END },
	{ "\033OF", TERM_END },
	{ "\033[4~", TERM_END },
	{ "\033[8~", TERM_END },
	{ "\033OP", TERM_F1 },
	{ "\033[[A", TERM_F1 },
	{ "\033[11~", TERM_F1 },
	{ "\033[15~", TERM_F5 },
	{ "\033[[E", TERM_F5 },
	{ "\033Ot", TERM_F5 },
	{ "\033[200~", TERM_PASTE_BEGINS },
	{ "\033[201~", TERM_PASTE_ENDS },
};

static const struct {
	int code, key;
} meanings[] = {
	{ TERM_UP, KEY_CURSOR_UP },
	{ KEY_UP, KEY_CURSOR_UP },
	{ TERM_DOWN, KEY_CURSOR_DOWN },
	{ KEY_DOWN, KEY_CURSOR_DOWN },
	{ TERM_PAGE_UP, KEY_PAGE_UP },
	{ KEY_PPAGE, KEY_PAGE_UP },
	{ TERM_PAGE_DOWN, KEY_PAGE_DOWN },
	{ KEY_NPAGE, KEY_PAGE_DOWN },
	{ TERM_HOME, KEY_FIRST },
	{ KEY_HOME, KEY_FIRST },
	{ KEY_FIND, KEY_FIRST },
	{ TERM_END, KEY_LAST },
	{ KEY_END, KEY_LAST },
	{ KEY_LL, KEY_LAST },
	{ KEY_SELECT, KEY_LAST },
	{ TERM_F1, KEY_FUNCTION_1 },
	{ KEY_F(1), KEY_FUNCTION_1 },
	{ TERM_F5, KEY_FUNCTION_5 },
	{ KEY_F(5), KEY_FUNCTION_5 },
	{ KEY_BACKSPACE, KEY_RUBOUT },
	{ KEY_ENTER, KEY_RETURN },
};

void input_start(void)
{
	size_t i;

	input.pad = newpad(1, 1);
	input.pasting = false;
	input.held = -1;
	input.report = 0;
	if (!input.pad)
		return;
	keypad(input.pad, TRUE);
	nodelay(input.pad, TRUE);
	/* curses' own reader of reports waits for the rest of one, which may never come */
	define_key(NULL, KEY_MOUSE);
	for (i = 0; i < sizeof(spellings) / sizeof(spellings[0]); i++)
		define_key(spellings[i].sequence, spellings[i].code);
	/* elsewhere they are keys */
	if (outside_knows(OUTSIDE_MOUSE)) {
		define_key("\033[<", TERM_REPORT);
		define_key("\033[M", TERM_REPORT_OLD);
	}
}

void input_stop(void)
{
	if (input.pad)
		delwin(input.pad);
	input.pad = NULL;
}

/* OK, KEY_CODE_YES or ERR, as wget_wch(). */
static int read_one(wint_t *code)
{
	if (input.held >= 0) {
		*code = (wint_t)input.held;
		input.held = -1;
		return OK;
	}
	return input.pad ? wget_wch(input.pad, code) : ERR;
}

/*
 * A sequence that nobody knows (ESC [ … letter, ESC O letter) is left out whole: its letters are no
 * keys.  False: it was ESC alone, or before something else.
 */
static bool skip_sequence(void)
{
	wint_t code;

	if (read_one(&code) != OK)
		return false;
	if (code == 'O')
		return read_one(&code) != ERR;
	if (code != '[') {
		input.held = (int)code;
		return false;
	}
	while (read_one(&code) == OK && (code < '@' || code > '~'))
		;
	return true;
}

static int meaning_of(int code)
{
	size_t i;

	for (i = 0; i < sizeof(meanings) / sizeof(meanings[0]); i++)
		if (meanings[i].code == code)
			return meanings[i].key;
	return 0;
}

static void mark_paste(int code, int64_t now_ms)
{
	input.pasting = code == TERM_PASTE_BEGINS;
	input.pasted_ms = now_ms;
}

static void begin_report(int code, int64_t now_ms)
{
	input.report = code;
	input.report_ms = now_ms;
	input.told_length = 0;
}

/* One character of it; true when it was the last. */
static bool hear_report(wint_t code)
{
	if (input.told_length < sizeof(input.told) - 1)
		input.told[input.told_length++] = (char)code;
	input.told[input.told_length] = '\0';
	/* the old form has three bytes; the other ends as every sequence does */
	return input.report == TERM_REPORT_OLD ? input.told_length == 3
					       : code >= '@' && code <= '~';
}

/* `0;5;7M`: button, column and row from 1; M pressed, m released. */
static bool read_report(struct term_key *out)
{
	char *end = input.told;
	long part[3] = { 0 };
	size_t i;

	for (i = 0; i < 3; i++) {
		if (*end < '0' || *end > '9')
			return false;
		part[i] = strtol(end, &end, 10);
		if (*end++ != (i < 2 ? ';' : 'M') || part[i] > 9999)
			return false;
	}
	if (part[1] < 1 || part[2] < 1)
		return false;
	out->mouse = part[0] == 0    ? MOUSE_CLICK
		     : part[0] == 64 ? MOUSE_WHEEL_UP
		     : part[0] == 65 ? MOUSE_WHEEL_DOWN
				     : MOUSE_NOT;
	out->col = (int)part[1] - 1;
	out->row = (int)part[2] - 1;
	return out->mouse != MOUSE_NOT;
}

/* A report goes on with this character, or is over by it; true: the mouse did something. */
static bool take_report(struct term_key *out, wint_t code, int64_t now_ms)
{
	int form = input.report;

	input.report_ms = now_ms;
	if (!hear_report(code))
		return false;
	input.report = 0;
	memset(out, 0, sizeof(*out));
	return form == TERM_REPORT && !input.pasting && read_report(out);
}

/* What is no key itself but says what comes. */
static bool is_announced(int code, int64_t now_ms)
{
	switch (code) {
	case TERM_PASTE_BEGINS:
	case TERM_PASTE_ENDS:
		mark_paste(code, now_ms);
		return true;
	case TERM_REPORT:
	case TERM_REPORT_OLD:
		begin_report(code, now_ms);
		return true;
	default:
		return false;
	}
}

static void end_what_is_silent(int64_t now_ms)
{
	if (input.pasting && now_ms - input.pasted_ms > SILENCE_MS)
		input.pasting = false;
	if (input.report && now_ms - input.report_ms > SILENCE_MS)
		input.report = 0;
}

bool term_key(struct term_key *out, int64_t now_ms)
{
	wint_t code;
	int how;

	end_what_is_silent(now_ms);
	while ((how = read_one(&code)) != ERR) {
		if (how == KEY_CODE_YES && is_announced((int)code, now_ms))
			continue;
		if (input.report && (how == OK || input.report == TERM_REPORT_OLD)) {
			if (take_report(out, code, now_ms))
				return true;
			continue;
		}
		input.report = 0;
		if (how == OK && code == KEY_ESCAPE && skip_sequence())
			continue;
		*out = (struct term_key){ .key = how == KEY_CODE_YES ? meaning_of((int)code)
						 : code == '\b'	     ? KEY_RUBOUT
								     : (int)code,
					  .pasted = input.pasting };
		if (!out->key)
			continue;
		if (input.pasting)
			input.pasted_ms = now_ms;
		return true;
	}
	return false;
}

void term_drop_keys(int64_t now_ms)
{
	struct term_key key;
	int dropped = 0;

	while (dropped++ < MOST_DROPPED && term_key(&key, now_ms))
		;
	if (dropped > MOST_DROPPED)
		flushinp();
}

bool term_gone(void)
{
	struct pollfd fd = { .fd = STDIN_FILENO, .events = POLLIN };

	return poll(&fd, 1, 0) > 0 && (fd.revents & (POLLHUP | POLLERR | POLLNVAL));
}
