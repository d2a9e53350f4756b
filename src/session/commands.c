#include "bdbtop/session/commands.h"

#include <stddef.h>
#include <stdio.h>

#include "bdbtop/core/array.h"
#include "bdbtop/core/text.h"
#include "line_input.h"

const char *const command_group_titles[GROUP_COUNT] = {
	[GROUP_RESET] = "RESET", [GROUP_FIND] = "FIND", [GROUP_MOVE] = "MOVE",
	[GROUP_MARK] = "MARK",	 [GROUP_LOG] = "KEEP",	[GROUP_LOG_2] = "",
};

#define NO_FOOTER NULL, NULL, NULL, 0, 0

/* clang-format off */
const struct command commands[CMD_COUNT] = {
	[CMD_RESET_BACKUP] = { CMD_RESET_BACKUP, "reset-backup", { 'b' }, "b", "backup status",
		GROUP_RESET, "reset", "b", "reset backup", "backup", 3, 1 },
	[CMD_RESET_EXPORT] = { CMD_RESET_EXPORT, "reset-export", { 'e' }, "e", "export status",
		GROUP_RESET, "reset", "e", "reset export", "export", 4, 2 },
	[CMD_RESET_IMPORT] = { CMD_RESET_IMPORT, "reset-import", { 'i' }, "i", "import status",
		GROUP_RESET, "reset", "i", "reset import", "import", 5, 3 },
	[CMD_CANARY] = { CMD_CANARY, "canary", { 'B' }, "B", "one backup first",
		GROUP_RESET, "canary", NO_FOOTER },
	[CMD_CANCEL] = { CMD_CANCEL, "cancel", { 'x' }, "x", "cancel the retry",
		GROUP_RESET, "cancel", "x", "cancel retry", "cancel", 1, 1 },
	[CMD_CANCEL_ALL] = { CMD_CANCEL_ALL, "cancel-all", { 'X' }, "X", "cancel all retries",
		GROUP_RESET, "cancel", "X", "cancel all", "all", 2, 9 },
	[CMD_MARK] = { CMD_MARK, "mark", { ' ' }, "space", "mark",
		GROUP_MARK, "mark", "space", "mark", "mark", 6, 8 },
	[CMD_MARK_SHOWN] = { CMD_MARK_SHOWN, "mark-shown", { '*' }, "*", "mark all shown",
		GROUP_MARK, "mark", NO_FOOTER },
	[CMD_UNMARK] = { CMD_UNMARK, "unmark", { 'u' }, "u", "unmark all",
		GROUP_MARK, "mark", NO_FOOTER },
	[CMD_FILTER] = { CMD_FILTER, "filter", { '/' }, "/", "filter as you type",
		GROUP_FIND, "filter", "/", "filter", "filter", 7, 7 },
	[CMD_PROBLEMS] = { CMD_PROBLEMS, "problems", { '!' }, "!", "problems only",
		GROUP_FIND, "problems", NO_FOOTER },
	[CMD_CAUSES] = { CMD_CAUSES, "causes", { 'c' }, "c", "by cause, and back",
		GROUP_FIND, "causes", "c", "causes", "causes", 9, 10 },
	[CMD_NEXT] = { CMD_NEXT, "next", { 'n' }, "n N", "next row to act on",
		GROUP_FIND, "next", NO_FOOTER },
	[CMD_PREVIOUS] = { CMD_PREVIOUS, "previous", { 'N' }, "N", NULL,
		GROUP_FIND, NULL, NO_FOOTER },
	[CMD_SORT] = { CMD_SORT, "sort", { 's' }, "s S", "sort menu, reverse",
		GROUP_FIND, "sort", "s", "sort", "sort", 8, 12 },
	[CMD_REVERSE] = { CMD_REVERSE, "reverse", { 'S' }, "S", NULL,
		GROUP_FIND, NULL, NO_FOOTER },
	[CMD_UP] = { CMD_UP, "up", { KEY_CURSOR_UP, 'k' }, "up down j k", "row",
		GROUP_MOVE, "move", NO_FOOTER },
	[CMD_DOWN] = { CMD_DOWN, "down", { KEY_CURSOR_DOWN, 'j' }, "down j", NULL,
		GROUP_MOVE, NULL, NO_FOOTER },
	[CMD_PAGE_UP] = { CMD_PAGE_UP, "page-up", { KEY_PAGE_UP }, "PgUp PgDn", "page",
		GROUP_MOVE, "move", NO_FOOTER },
	[CMD_PAGE_DOWN] = { CMD_PAGE_DOWN, "page-down", { KEY_PAGE_DOWN }, "PgDn", NULL,
		GROUP_MOVE, NULL, NO_FOOTER },
	[CMD_FIRST] = { CMD_FIRST, "first", { 'g', KEY_FIRST }, "g G", "first, last row",
		GROUP_MOVE, "move", NO_FOOTER },
	[CMD_LAST] = { CMD_LAST, "last", { 'G', KEY_LAST }, "G", NULL,
		GROUP_MOVE, NULL, NO_FOOTER },
	[CMD_TIMES] = { CMD_TIMES, "times", { 't' }, "t", "age, local, UTC",
		GROUP_FIND, "times", NO_FOOTER },
	[CMD_OPEN] = { CMD_OPEN, "open", { KEY_RETURN, '\n' }, "enter", "open detail",
		GROUP_MOVE, "open", "enter", "open", "open", 10, 6 },
	[CMD_CLOSE] = { CMD_CLOSE, "close", { KEY_ESCAPE }, "esc", "close, cancel",
		GROUP_MOVE, "close", "esc", "dismiss", "dismiss", 11, 4 },
	[CMD_LOG] = { CMD_LOG, "log", { 'l' }, "l", "log",
		GROUP_LOG, "log", "l", "log", "log", 12, 0 },
	[CMD_PAUSE] = { CMD_PAUSE, "pause", { 'p' }, "p", "pause",
		GROUP_LOG_2, "pause", NO_FOOTER },
	[CMD_COPY] = { CMD_COPY, "copy", { 'y' }, "y Y", "copy hand-over, report",
		GROUP_LOG, "copy", NO_FOOTER },
	[CMD_REPORT] = { CMD_REPORT, "report", { 'Y' }, "Y", NULL,
		GROUP_LOG, NULL, NO_FOOTER },
	[CMD_WRITE] = { CMD_WRITE, "write", { 'w' }, "w", "write to a file",
		GROUP_LOG, "write", NO_FOOTER },
	[CMD_POLL] = { CMD_POLL, "poll", { KEY_FUNCTION_5, '.' }, "F5 .", "poll now",
		GROUP_LOG_2, "poll", NO_FOOTER },
	[CMD_HELP] = { CMD_HELP, "help", { '?', KEY_FUNCTION_1 }, "? F1", "help",
		GROUP_LOG, "help", "?", "help", "help", 13, 0 },
	[CMD_REDRAW] = { CMD_REDRAW, "redraw", { KEY_CTRL_L }, "ctrl-l", NULL,
		GROUP_LOG, NULL, NO_FOOTER },
	[CMD_SUSPEND] = { CMD_SUSPEND, "suspend", { KEY_CTRL_Z }, "ctrl-z", NULL,
		GROUP_LOG, NULL, NO_FOOTER },
	[CMD_QUIT] = { CMD_QUIT, "quit", { 'q', KEY_CTRL_C }, "q ctrl-c", "quit",
		GROUP_LOG_2, "quit", "q", "quit", "quit", 14, 1 },
};
/* clang-format on */

enum command_id command_of_key(int key)
{
	int id, i;

	for (id = CMD_NONE + 1; key && id < CMD_COUNT; id++)
		for (i = 0; i < COMMAND_KEYS && commands[id].keys[i]; i++)
			if (commands[id].keys[i] == key)
				return (enum command_id)id;
	return CMD_NONE;
}

const struct context_keys context_keys[KEY_CONTEXTS] = {
	[KEYS_OF_CAUSES] = { "CAUSES",
			     { { "b e i", "reset the databases of the group" },
			       { "space u", "mark the group, unmark all" },
			       { "enter", "its databases, as a filter" },
			       { "c esc", "back to the list" } } },
	[KEYS_OF_DETAIL] = { "DETAIL",
			     { { "PgUp PgDn", "scroll" },
			       { "up down j k", "next row, whose detail follows" },
			       { "y", "copy hand-over text" },
			       { "b e i", "reset a status" },
			       { "esc", "close" } } },
	[KEYS_OF_LOG] = { "LOG",
			  { { "up down j k", "line" },
			    { "PgUp PgDn", "page" },
			    { "/", "filter: db:12 cleared   !started" },
			    { "y", "copy the reset as curl, without log-in" },
			    { "w", "write these lines to a file" },
			    { "t", "age, local, UTC" },
			    { "esc l", "back to the list" } } },
	[KEYS_OF_HANDOVER] = { "HAND-OVER",
			       { { "up down PgUp PgDn", "scroll" },
				 { "y", "copy again" },
				 { "esc enter", "back to the list" } } },
};

static const struct key_name {
	int key;
	const char *text;
} key_names[] = {
	{ '\t', "tab" },	      { '\n', "enter" },	    { KEY_RETURN, "enter" },
	{ KEY_ESCAPE, "esc" },	      { ' ', "space" },		    { KEY_RUBOUT, "backspace" },
	{ KEY_CURSOR_UP, "up" },      { KEY_CURSOR_DOWN, "down" },  { KEY_PAGE_UP, "PgUp" },
	{ KEY_PAGE_DOWN, "PgDn" },    { KEY_FIRST, "home" },	    { KEY_LAST, "end" },
	{ KEY_FUNCTION_1, "F1" },     { KEY_FUNCTION_5, "F5" },
};

void key_format(int key, bool ascii, char out[KEY_TEXT])
{
	char typed[LINE_KEY_BYTES];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(key_names); i++)
		if (key_names[i].key == key) {
			snprintf(out, KEY_TEXT, "%s", key_names[i].text);
			return;
		}
	if (key > 0 && key < ' ') {
		snprintf(out, KEY_TEXT, "ctrl-%c", key + ('a' - 1));
		return;
	}
	line_encode(key, typed);
	text_safe(out, KEY_TEXT, typed, ascii);
}
