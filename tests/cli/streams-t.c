#include "bdbtop/cli/streams.h"

#include <locale.h>
#include <pty.h>
#include <termios.h>
#include <unistd.h>

#include "bdbtop/core/array.h"
#include "tests/tap.h"

struct sample {
	const char *raw, *shown;
};

static const struct sample acting[] = {
	{ "a\033]52;c;QQ==\ab\n", "a^[]52;c;QQ==^Gb\n" },
	{ "\033[2J \b \177\n", "^[[2J ^H ^?\n" },
	{ "a,b\r\nc\rd\r\n", "a,b\r\nc^Md\r\n" },
	{ "\302\233m \302\205\n", "<U+009B>m <U+0085>\n" },
	{ "\342\200\256x\342\201\246\n", "<U+202E>x<U+2066>\n" },
	{ "\xff\xc3(\xf4\x90\x80\x80\xed\xa0\x80\n",
	  "\\xFF\\xC3(\\xF4\\x90\\x80\\x80\\xED\\xA0\\x80\n" },
};
static const char harmless[] =
	"\tZ\303\274rich \346\227\245\346\234\254 e\314\201 \360\237\220\230\n";

static struct {
	int master, terminal;
} pty;

static int open_terminal(void **state)
{
	struct termios raw = { 0 };

	(void)state;
	cfmakeraw(&raw);
	return openpty(&pty.master, &pty.terminal, NULL, &raw, NULL);
}

static int close_terminal(void **state)
{
	(void)state;
	close(pty.master);
	close(pty.terminal);
	return 0;
}

/* Writes to a stream of the terminal, with all in one piece or each byte alone. */
static void shows(const struct sample *sample, size_t length, bool in_bytes)
{
	FILE *out = stream_terminal(pty.terminal);
	char got[400] = "";

	assert_non_null(out);
	if (in_bytes)
		setvbuf(out, NULL, _IONBF, 0);
	assert_int_equal(fwrite(sample->raw, 1, length, out), length);
	assert_int_equal(fclose(out), 0);
	assert_true(read(pty.master, got, sizeof(got) - 1) > 0);
	assert_string_equal(got, sample->shown);
}

static void shows_text(const struct sample *sample)
{
	shows(sample, strlen(sample->raw), false);
	shows(sample, strlen(sample->raw), true);
}

static void what_acts_on_a_terminal_is_escaped(void **state)
{
	const struct sample zero = { "a\0b\n", "a^@b\n" };
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(acting); i++)
		shows_text(&acting[i]);
	shows(&zero, 4, false);
}

static void other_text_is_as_it_was_written(void **state)
{
	const struct sample text = { harmless, harmless };

	(void)state;
	shows_text(&text);
}

static void a_locale_without_utf_8_gets_ascii(void **state)
{
	/* in Latin-1 the second byte of this letter begins a control sequence */
	const struct sample letter = { "\304\233J\n", "<U+011B>J\n" };

	(void)state;
	setlocale(LC_CTYPE, "C");
	shows_text(&letter);
	setlocale(LC_CTYPE, "C.UTF-8");
}

static void a_long_text_is_complete(void **state)
{
	static char raw[1501], got[1501];
	FILE *out = stream_terminal(pty.terminal);
	size_t i, length;

	(void)state;
	for (i = 0; i < sizeof(raw) - 1; i += 3)
		memcpy(raw + i, "\342\202\254", 3);
	fputs(raw, out);
	assert_int_equal(fclose(out), 0);
	for (length = 0; length < sizeof(raw) - 1;)
		length += (size_t)read(pty.master, got + length, sizeof(got) - 1 - length);
	assert_string_equal(got, raw);
}

static void a_pipe_gets_each_byte(void **state)
{
	int ends[2];
	FILE *out;
	size_t i;

	(void)state;
	assert_int_equal(pipe(ends), 0);
	for (i = 0; i < ARRAY_SIZE(acting); i++) {
		char got[100] = "";

		out = stream_terminal(ends[1]);
		fputs(acting[i].raw, out);
		fclose(out);
		assert_true(read(ends[0], got, sizeof(got) - 1) > 0);
		assert_string_equal(got, acting[i].raw);
	}
	close(ends[0]);
	close(ends[1]);
}

static void a_terminal_that_is_gone_is_an_error(void **state)
{
	FILE *out = stream_terminal(pty.terminal);

	(void)state;
	close(pty.master);
	fputs("text\n", out);
	assert_int_equal(fclose(out), EOF);
	pty.master = dup(pty.terminal);
}

int main(void)
{
#define ON_TERMINAL(name) cmocka_unit_test_setup_teardown(name, open_terminal, close_terminal)
	const struct CMUnitTest tests[] = {
		ON_TERMINAL(what_acts_on_a_terminal_is_escaped),
		ON_TERMINAL(other_text_is_as_it_was_written),
		ON_TERMINAL(a_locale_without_utf_8_gets_ascii),
		ON_TERMINAL(a_long_text_is_complete),
		ON_TERMINAL(a_pipe_gets_each_byte),
		ON_TERMINAL(a_terminal_that_is_gone_is_an_error),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return tap_run(tests);
}
