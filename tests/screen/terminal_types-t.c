/*
 * Terminals of the terminfo database, each in three sizes: every byte that the terminal receives is
 * text, a sequence of its terminfo entry, or one of the few sequences that bdbtop sends without
 * curses, and those only to terminals that know them.
 */
#include <unistd.h>

#include "bdbtop/core/array.h"
#include "tests/screen/capabilities.h"
#include "tests/screen/pty.h"
#include "tests/tap.h"

struct terminal_kind {
	const char *term;
	bool escapes; /* knows bracketed paste, OSC 52 and notifications, ignores a query */
	bool title;   /* can save its title and restore it */
	bool reads;   /* wraps late at the last column, as libvterm does: the screens can be
		       * compared */
};

static const struct terminal_kind kinds[] = {
	{ "xterm-256color", true, true, true },
	{ "xterm-mono", true, true, true },
	{ "screen", true, false, true },
	{ "tmux-256color", true, true, true },
	{ "rxvt-unicode", true, false, true },
	{ "linux", false, false, true },
	{ "vt100", false, false, true },
	{ "vt220", false, false, true },
	{ "ansi", false, false, false },
	{ "cygwin", false, false, false },
	{ "hurd", false, false, true },
	{ "sun", false, false, false },
	{ "vt52", false, false, false },
};

static const struct {
	int cols, rows;
} sizes[] = { { 40, 10 }, { 80, 24 }, { 120, 36 } };

#define KINDS ARRAY_SIZE(kinds)
#define SIZES ARRAY_SIZE(sizes)

struct terminal_run {
	const struct terminal_kind *kind;
	int cols, rows;
	char **usual; /* what an xterm shows at this size */
};

static struct pty pty;
static struct capabilities *capabilities;

/* Sequences that bdbtop sends without curses; `mark` is from the staged program. */
static const char *const switches[] = { "\033[?2004h", "\033[?2004l", "\033[?1006;1000h",
					"\033[?1006;1000l", "\033[?2026$p" };
static const char *const title_switches[] = { "\033[22;2t", "\033[23;2t" };
static const char mark[] = PTY_MARK;

static size_t sequence(const char *at, size_t length, const char *begins)
{
	const char *end = memchr(at, '\a', length);
	size_t prefix = strlen(begins);

	if (!end || length < prefix || memcmp(at, begins, prefix) != 0)
		return 0;
	return (size_t)(end - at) + 1;
}

/* The length of one text character; 0: not text. */
static size_t text_length(const char *at, size_t length)
{
	const unsigned char *c = (const unsigned char *)at;
	size_t need = *c < 0x80 ? 1 : *c >= 0xf0 ? 4 : *c >= 0xe0 ? 3 : *c >= 0xc2 ? 2 : 0, i;

	if (!need || need > length || *c < ' ' || *c == 0x7f)
		return 0;
	for (i = 1; i < need; i++)
		if ((c[i] & 0xc0) != 0x80)
			return 0;
	/* the control characters above 0x7f */
	return *c == 0xc2 && c[1] < 0xa0 ? 0 : need;
}

static size_t known_length(const struct terminal_kind *kind, const char *at, size_t length)
{
	size_t known = text_length(at, length);

	if (!known)
		known = capabilities_match(capabilities, at, length);
	if (!known && length >= sizeof(mark) - 1 && !memcmp(at, mark, sizeof(mark) - 1))
		known = sizeof(mark) - 1;
	if (!known && kind->escapes)
		known = sequence(at, length, "\033]52;c;");
	if (!known && kind->title)
		known = sequence(at, length, "\033]2;bdbtop prod-eu: ");
	return known;
}

static void show_bytes(char *out, size_t size, const char *at, size_t length)
{
	size_t i, used = 0;

	for (i = 0; i < length && i < 40 && used + 5 < size; i++)
		used += (size_t)snprintf(out + used, size - used,
					 at[i] > ' ' && at[i] <= '~' ? "%c" : "\\x%02x",
					 (unsigned char)at[i]);
}

/* Checks all bytes since the last call. */
static void check_stream(const struct terminal_run *run)
{
	size_t at = 0;
	char shown[256];

	while (at < pty.stream_length) {
		size_t known = known_length(run->kind, pty.stream + at, pty.stream_length - at);

		if (!known) {
			show_bytes(shown, sizeof(shown), pty.stream + at, pty.stream_length - at);
			fail_msg("%s at %dx%d gets what it does not know: %s", run->kind->term,
				 run->cols, run->rows, shown);
		}
		at += known;
	}
	pty_forget_bytes(&pty);
}

static const char *const cluster[] = {
	"latency 38",
	"bdb 12 name=orders-eu backup=failed:no-permission backup.last=2026-11-18T16:02:11Z",
	"bdb 44 name=ledger backup=succeeded export=failed:wrong-file-path",
	"bdb 58 name=clickstream backup=exporting backup.percent=42",
	"bdb 10 name=\xe9\xa1\xa7\xe5\xae\xa2-\xe6\x9d\xb1 import=importing import.percent=17",
	"bdb 11 name=evil%1B[2Jname backup=pondering:moon-phase-of-the-third-kind",
	"bdb 59 name=accounts backup=succeeded",
};

/* Opens every page and changes the screen in every way. */
static const char *const keys[] = {
	"jjk",
	"\033[6~",
	"G",
	"g",
	"/ledger",
	"\r",
	"\033",
	"/",
	"\033",
	"!",
	"!",
	"s",
	"r",
	" j ",
	"b",
	"n",
	"u",
	"\r",
	"j",
	"\033[6~",
	"\033",
	"?",
	"d",
	"\033",
	"l",
	"j",
	"y",
	"\033",
	"\033",
	"y",
	"j",
	"\033",
	"t",
	"t",
	"t",
	"p",
	"p",
	"\014",
	"\033[<0;9;6M\033[<0;9;6m",
	"\033[<65;9;6M",
	"g",
	"b",
};

static void fill(void)
{
	char line[80];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cluster); i++)
		pty_script(&pty, cluster[i]);
	for (i = 200; i < 260; i++) {
		snprintf(line, sizeof(line), "bdb %zu name=cache-%05zu backup=succeeded", i, i);
		pty_script(&pty, line);
	}
	pty_script(&pty, "release list");
}

static const char *play_keys(const struct terminal_run *run)
{
	const struct pty_setup setup = { .cols = run->cols,
					 .rows = run->rows,
					 .term = run->kind->term,
					 .option = run->cols == 80 ? "--mouse" : NULL };
	size_t i;

	pty_open(&pty, &setup);
	fill();
	pty_advance(&pty, 5000);
	check_stream(run);
	for (i = 0; i < ARRAY_SIZE(keys); i++) {
		pty_type(&pty, keys[i]);
		check_stream(run);
		pty_advance(&pty, 1000);
		check_stream(run);
	}
	pty_type(&pty, "y");
	pty_advance(&pty, 3000);
	check_stream(run);
	return pty_text(&pty);
}

static void leave(const struct terminal_run *run)
{
	assert_int_equal(write(pty.master, "q", 1), 1);
	assert_int_equal(pty_wait(&pty), 0);
	assert_true(pty_is_cooked(&pty));
	check_stream(run);
	pty_close(&pty);
}

static void resizes(const struct terminal_run *run)
{
	size_t i;

	/* parameters up to the largest size */
	for (i = 0; i < SIZES; i++)
		if (sizes[i].cols <= run->cols) {
			pty_resize(&pty, sizes[i].cols, sizes[i].rows);
			check_stream(run);
		}
}

static char *shown_by(const struct terminal_run *run)
{
	char *shown;
	size_t i;

	capabilities = capabilities_new(run->kind->term, run->cols, run->rows);
	for (i = 0; run->kind->escapes && i < ARRAY_SIZE(switches); i++)
		capabilities_add(capabilities, switches[i]);
	for (i = 0; run->kind->title && i < ARRAY_SIZE(title_switches); i++)
		capabilities_add(capabilities, title_switches[i]);
	shown = strdup(play_keys(run));
	assert_non_null(shown);
	resizes(run);
	leave(run);
	capabilities_free(capabilities);
	return shown;
}

static void knows_every_byte(void **state)
{
	const struct terminal_run *run = *state;
	const struct terminal_run usual = { &kinds[0], run->cols, run->rows, NULL };
	char *shown = shown_by(run);

	if (run->kind->reads && !*run->usual)
		*run->usual = shown_by(&usual);
	if (run->kind->reads)
		assert_string_equal(shown, *run->usual);
	free(shown);
}

int main(void)
{
	static struct terminal_run sittings[KINDS * SIZES];
	static char name[KINDS * SIZES][64], *usual[SIZES];
	struct CMUnitTest tests[KINDS * SIZES] = { { 0 } };
	size_t i;
	int status;

	for (i = 0; i < KINDS * SIZES; i++) {
		sittings[i] = (struct terminal_run){ &kinds[i / SIZES], sizes[i % SIZES].cols,
						     sizes[i % SIZES].rows, &usual[i % SIZES] };
		snprintf(name[i], sizeof(name[i]), "%s knows every byte that it gets at %dx%d",
			 sittings[i].kind->term, sittings[i].cols, sittings[i].rows);
		tests[i] = (struct CMUnitTest){ .name = name[i],
						.test_func = knows_every_byte,
						.initial_state = &sittings[i] };
	}
	status = tap_run(tests);
	for (i = 0; i < SIZES; i++)
		free(usual[i]);
	return status;
}
