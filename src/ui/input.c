/*
 * Keys: what the terminal sends, as the session knows it.
 */
#include "bdbtop/ui/term.h"

#include "bdbtop/session/commands.h"

#include "term-private.h"

#include <curses.h>
#include <poll.h>
#include <unistd.h>

#define PASTE_SILENCE_MS 1000
#define MOST_DROPPED 65536	/* keys thrown away at once; who sends more is no finger */

static struct {
	WINDOW *pad;		/* reading from a pad refreshes nothing by itself */
	bool pasting;
	int64_t pasted_ms;
	int held;		/* a character read too far, -1 none */
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
	if (!input.pad)
		return;
	keypad(input.pad, TRUE);
	nodelay(input.pad, TRUE);
	for (i = 0; i < sizeof(spellings) / sizeof(spellings[0]); i++)
		define_key(spellings[i].sequence, spellings[i].code);
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

bool term_key(struct term_key *out, int64_t now_ms)
{
	wint_t code;
	int how;

	if (input.pasting && now_ms - input.pasted_ms > PASTE_SILENCE_MS)
		input.pasting = false;
	while ((how = read_one(&code)) != ERR) {
		if (how == KEY_CODE_YES && (code == TERM_PASTE_BEGINS || code == TERM_PASTE_ENDS)) {
			mark_paste((int)code, now_ms);
			continue;
		}
		if (how == OK && code == KEY_ESCAPE && skip_sequence())
			continue;
		out->key = how == KEY_CODE_YES ? meaning_of((int)code)
			   : code == '\b'      ? KEY_RUBOUT
					       : (int)code;
		if (!out->key)
			continue;
		out->pasted = input.pasting;
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
