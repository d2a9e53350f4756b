/*
 * Every byte that bdbtop sends to the terminal without curses.
 */
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <curses.h>
#include <term.h>
#undef lines

#include "bdbtop/core/array.h"
#include "bdbtop/ui/term.h"
#include "tests/files.h"
#include "tests/tap.h"
#include "ui/term_internal.h"

#define MOST 32768

/* Output goes to a file. */
static struct {
	FILE *file;
	int stdout_before;
	char said[MOST];
} output;

static void capture_output(void)
{
	output.file = tmpfile();
	assert_non_null(output.file);
	fflush(stdout);
	output.stdout_before = dup(STDOUT_FILENO);
	assert_true(dup2(fileno(output.file), STDOUT_FILENO) >= 0);
	assert_int_equal(term_output_start(), 0);
}

static const char *captured_output(void)
{
	ssize_t got;

	term_output_flush();
	term_output_stop();
	got = pread(fileno(output.file), output.said, MOST - 1, 0);
	dup2(output.stdout_before, STDOUT_FILENO);
	close(output.stdout_before);
	fclose(output.file);
	assert_true(got >= 0);
	output.said[got] = '\0';
	return output.said;
}

static const char *copied(const char *text, char *outcome, size_t size)
{
	unsetenv("TMUX");
	capture_output();
	term_copy(text, outcome, size);
	return captured_output();
}

static const char *notified(const char *text)
{
	capture_output();
	term_notify(text);
	return captured_output();
}

static void a_text_goes_out_as_one_sequence(void **state)
{
	static const struct {
		const char *text, *said;
	} cases[] = {
		{ "", "\033]52;c;\a" },
		{ "f", "\033]52;c;Zg==\a" },
		{ "fo", "\033]52;c;Zm8=\a" },
		{ "foo", "\033]52;c;Zm9v\a" },
		{ "foob\n", "\033]52;c;Zm9vYgo=\a" },
		{ "\xc3\xbf\xef\xbf\xbd>?", "\033]52;c;w7/vv70+Pw==\a" },
	};
	char outcome[120];
	size_t i;

	term_escape_init("xterm-256color");
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		assert_string_equal(copied(cases[i].text, outcome, sizeof(outcome)), cases[i].said);
		assert_string_equal(outcome, "sent to the terminal");
	}
}

/* Lines of 64 bytes. */
static void fill_lines(char *out, size_t lines)
{
	size_t i;

	for (i = 0; i < lines; i++) {
		memset(out + i * 64, 'a' + (int)(i % 26), 63);
		out[i * 64 + 63] = '\n';
	}
	out[lines * 64] = '\0';
}

static void of_a_long_text_whole_lines_up_to_8_kib_go_out(void **state)
{
	/* 8192 bytes are 10924 of base64 */
	static const size_t most = sizeof("\033]52;c;\a") - 1 + 10924;
	static char text[200 * 64 + 8];
	char outcome[120];
	const char *said;

	term_escape_init("xterm");
	fill_lines(text, 128);
	assert_int_equal(strlen(copied(text, outcome, sizeof(outcome))), most);
	assert_string_equal(outcome, "sent to the terminal");
	strcat(text, "half");
	said = copied(text, outcome, sizeof(outcome));
	assert_int_equal(strlen(said), most);
	assert_string_equal(outcome, "its first lines, up to 8 KiB, sent to the terminal");
	/* a line that does not fit is left out completely */
	memset(text + 127 * 64, 'z', 65);
	strcpy(text + 127 * 64 + 65, "\n");
	said = copied(text, outcome, sizeof(outcome));
	assert_int_equal(strlen(said), sizeof("\033]52;c;\a") - 1 + 10840);
	assert_string_equal(outcome, "its first lines, up to 8 KiB, sent to the terminal");
}

static const char *const unknown_terminals[] = { "vt100",  "vt220",  "linux", "ansi", "sun",
						 "cygwin", "cons25", "dumb",  "hurd", "" };

static void an_unknown_terminal_is_sent_nothing(void **state)
{
	char outcome[120];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(unknown_terminals); i++) {
		term_escape_init(unknown_terminals[i]);
		assert_string_equal(copied("text", outcome, sizeof(outcome)), "");
		assert_string_equal(outcome, "not sent: this kind of terminal has no clipboard");
		assert_string_equal(notified("db:12 failed"), "");
		assert_string_equal(term_escape_mode(ESCAPE_PASTE, true), "");
		assert_string_equal(term_escape_mode(ESCAPE_MOUSE, true), "");
		assert_string_equal(term_escape_query(), "");
	}
}

static const char *titled(const char *term, const char *text)
{
	term_escape_init(term);
	capture_output();
	term_set_title(text);
	return captured_output();
}

static void a_title_goes_only_to_terminals_that_can_restore_theirs(void **state)
{
	static const char *const can[] = { "xterm",	"xterm-256color", "tmux-256color",
					   "foot",	"alacritty",	  "xterm-kitty",
					   "kitty",	"wezterm",	  "ghostty",
					   "xterm-ghostty" };
	static const char *const cannot[] = { "rxvt-unicode", "konsole", "vte",	  "gnome",
					      "mintty",	      "iterm2",	 "st-256color",
					      "screen",	      "screen-256color" };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(can); i++) {
		assert_string_equal(titled(can[i], "bdbtop t: 3 failed"),
				    "\033]2;bdbtop t: 3 failed\a");
		assert_string_equal(term_escape_mode(ESCAPE_TITLE, true), "\033[22;2t");
		assert_string_equal(term_escape_mode(ESCAPE_TITLE, false), "\033[23;2t");
	}
	for (i = 0; i < ARRAY_SIZE(cannot); i++) {
		assert_string_equal(titled(cannot[i], "bdbtop"), "");
		assert_string_equal(term_escape_mode(ESCAPE_TITLE, true), "");
	}
	for (i = 0; i < ARRAY_SIZE(unknown_terminals); i++) {
		assert_string_equal(titled(unknown_terminals[i], "bdbtop"), "");
		assert_string_equal(term_escape_mode(ESCAPE_TITLE, false), "");
	}
}

/* Of the types of screen, those whose terminfo entry has a status line. */
static void screen_has_a_title_if_it_has_a_status_line(void **state)
{
	int found;

	assert_int_equal(setupterm("tmux-256color", STDOUT_FILENO, &found), OK);
	assert_string_equal(titled("screen", "bdbtop"), "\033]2;bdbtop\a");
	del_curterm(cur_term);
	assert_int_equal(setupterm("screen", STDOUT_FILENO, &found), OK);
	assert_string_equal(titled("screen", "bdbtop"), "");
	del_curterm(cur_term);
}

static void only_short_plain_text_is_a_title(void **state)
{
	static const char *const texts[] = { "",      "a\ab", "a\033b", "a\nb", "caf\xc3\xa9",
					     "a\x9c", "\x7f" };
	char longer[TERM_TITLE + 1];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(texts); i++)
		assert_string_equal(titled("xterm", texts[i]), "");
	memset(longer, 'a', TERM_TITLE);
	longer[TERM_TITLE] = '\0';
	assert_string_equal(titled("xterm", longer), "");
	longer[TERM_TITLE - 1] = '\0';
	assert_int_equal(strlen(titled("xterm", longer)), TERM_TITLE - 1 + 5);
}

static void a_notification_is_sent_in_both_forms(void **state)
{
	term_escape_init("xterm-256color");
	assert_string_equal(notified("db:12 failed, db:7 stalled and 3 more"),
			    "\033]9;bdbtop: db:12 failed, db:7 stalled and 3 more\a"
			    "\033]777;notify;bdbtop;db:12 failed, db:7 stalled and 3 more\a");
}

static void only_plain_text_is_a_notification(void **state)
{
	static const char *const texts[] = { "",      "a\ab", "a\033b", "a\nb", "caf\xc3\xa9",
					     "a\x9c", "\x7f" };
	size_t i;

	term_escape_init("xterm-256color");
	for (i = 0; i < ARRAY_SIZE(texts); i++)
		assert_string_equal(notified(texts[i]), "");
}

static void a_terminal_that_prints_notifications_gets_only_the_clipboard(void **state)
{
	char outcome[120];

	term_escape_init("st-256color");
	assert_string_equal(notified("db:12 failed"), "");
	assert_string_equal(copied("foo", outcome, sizeof(outcome)), "\033]52;c;Zm9v\a");
}

static void what_is_switched_on_is_switched_off(void **state)
{
	term_escape_init("tmux-256color");
	assert_string_equal(term_escape_mode(ESCAPE_PASTE, true), "\033[?2004h");
	assert_string_equal(term_escape_mode(ESCAPE_PASTE, false), "\033[?2004l");
	assert_string_equal(term_escape_mode(ESCAPE_MOUSE, true), "\033[?1006;1000h");
	assert_string_equal(term_escape_mode(ESCAPE_MOUSE, false), "\033[?1006;1000l");
	assert_string_equal(term_escape_query(), "\033[?2026$p");
}

static void a_terminal_that_accepts_nothing_is_reported(void **state)
{
	int full = open("/dev/full", O_WRONLY), before;
	char outcome[120];

	assert_true(full >= 0);
	unsetenv("TMUX");
	term_escape_init("xterm");
	fflush(stdout);
	before = dup(STDOUT_FILENO);
	dup2(full, STDOUT_FILENO);
	assert_int_equal(term_output_start(), 0);
	term_copy("text", outcome, sizeof(outcome));
	term_output_stop();
	dup2(before, STDOUT_FILENO);
	close(before);
	close(full);
	assert_string_equal(outcome, "not sent: the terminal does not accept it");
}

/* --- a fake tmux ----------------------------------------------------------------------------- */

static char folder[64];

static int make_directory(void **state)
{
	strcpy(folder, "/tmp/bdbtop-outside-XXXXXX");
	assert_non_null(mkdtemp(folder));
	assert_int_equal(setenv("TMUX", "/nonexistent/socket,1,0", 1), 0);
	return 0;
}

static int remove_directory(void **state)
{
	temp_dir_release(folder);
	unsetenv("TMUX");
	return 0;
}

/* From now on this script is the only tmux in PATH. */
static void tmux_does(const char *script)
{
	char path[96], line[1000];

	snprintf(path, sizeof(path), "%s/tmux", folder);
	snprintf(line, sizeof(line), "#!/bin/sh\ncd %s\n%s\n", folder, script);
	temp_dir_write(path, line);
	assert_int_equal(chmod(path, 0700), 0);
	snprintf(line, sizeof(line), "%s:%s", folder, "/usr/bin:/bin");
	setenv("PATH", line, 1);
}

static void read_back(const char *name, char *out, size_t size)
{
	char path[96];
	FILE *file;
	size_t got;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	file = fopen(path, "r");
	assert_non_null(file);
	got = fread(out, 1, size - 1, file);
	out[got] = '\0';
	fclose(file);
}

static void tmux_gets_the_text_by_its_input_and_the_terminal_gets_nothing(void **state)
{
	static char text[900 * 64 + 8], back[sizeof(text)];
	char outcome[200], words[64];

	term_escape_init("tmux-256color");
	tmux_does("cat >heard; echo \"$# $1 $2 $3\" >words");
	fill_lines(text, 900);
	capture_output();
	term_copy(text, outcome, sizeof(outcome));
	assert_string_equal(captured_output(), "");
	assert_string_equal(outcome, "sent to the terminal");
	read_back("heard", back, sizeof(back));
	assert_string_equal(back, text);
	read_back("words", words, sizeof(words));
	assert_string_equal(words, "3 load-buffer -w -\n");
}

static void an_error_of_tmux_is_reported(void **state)
{
	char outcome[400];

	tmux_does("echo out; printf 'bad \\033[2J\\001 thing\\nmore\\n' >&2; exit 1");
	term_copy("text", outcome, sizeof(outcome));
	assert_string_equal(outcome, "not sent: tmux refused it: bad ^[[2J^A thing");
	tmux_does("exit 3");
	term_copy("text", outcome, sizeof(outcome));
	assert_string_equal(outcome, "not sent: tmux refused it");
	tmux_does("kill -9 $$");
	term_copy("text", outcome, sizeof(outcome));
	assert_string_equal(outcome, "not sent: tmux refused it");
}

static void a_tmux_that_hangs_is_waited_for_no_longer_than_a_second(void **state)
{
	char outcome[200];

	/* it hangs: it reads from a pipe that only it keeps open */
	tmux_does("mkfifo heard; exec 3<>heard; read never <&3");
	term_copy("text", outcome, sizeof(outcome));
	assert_string_equal(outcome, "not sent: tmux did not accept it within 1 s");
}

static void without_tmux_it_says_so(void **state)
{
	char outcome[200];

	setenv("PATH", folder, 1);
	term_copy("text", outcome, sizeof(outcome));
	setenv("PATH", "/usr/bin:/bin", 1);
	/* followed by the reason, if the system reports one */
	assert_memory_equal(outcome, "not sent: cannot start tmux", 27);
}

static void a_text_that_no_pipe_holds_is_refused(void **state)
{
	size_t size = 2 * 1024 * 1024;
	char *text = malloc(size), outcome[200];

	assert_non_null(text);
	memset(text, 'a', size - 1);
	text[size - 1] = '\0';
	tmux_does("cat >heard");
	term_copy(text, outcome, sizeof(outcome));
	assert_string_equal(outcome, "not sent: cannot start tmux: File too large");
	free(text);
}

#define WITH_DIRECTORY(test) cmocka_unit_test_setup_teardown(test, make_directory, remove_directory)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_text_goes_out_as_one_sequence),
		cmocka_unit_test(of_a_long_text_whole_lines_up_to_8_kib_go_out),
		cmocka_unit_test(an_unknown_terminal_is_sent_nothing),
		cmocka_unit_test(a_title_goes_only_to_terminals_that_can_restore_theirs),
		cmocka_unit_test(screen_has_a_title_if_it_has_a_status_line),
		cmocka_unit_test(only_short_plain_text_is_a_title),
		cmocka_unit_test(a_notification_is_sent_in_both_forms),
		cmocka_unit_test(only_plain_text_is_a_notification),
		cmocka_unit_test(a_terminal_that_prints_notifications_gets_only_the_clipboard),
		cmocka_unit_test(what_is_switched_on_is_switched_off),
		cmocka_unit_test(a_terminal_that_accepts_nothing_is_reported),
		WITH_DIRECTORY(tmux_gets_the_text_by_its_input_and_the_terminal_gets_nothing),
		WITH_DIRECTORY(an_error_of_tmux_is_reported),
		WITH_DIRECTORY(a_tmux_that_hangs_is_waited_for_no_longer_than_a_second),
		WITH_DIRECTORY(without_tmux_it_says_so),
		WITH_DIRECTORY(a_text_that_no_pipe_holds_is_refused),
	};

	return tap_run(tests);
}
