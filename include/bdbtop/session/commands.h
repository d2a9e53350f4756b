/*
 * session/commands.h - the table of commands; keys, help, footer and manual page derive from it.
 */
#pragma once

#include <stdbool.h>

/* A key from the front end is a Unicode character or one of these. */
enum key {
	KEY_CTRL_C = 3, KEY_TAB = 9, KEY_CTRL_L = 12, KEY_RETURN = 13, KEY_CTRL_U = 21,
	KEY_CTRL_Z = 26, KEY_ESCAPE = 27, KEY_RUBOUT = 127,
	KEY_CURSOR_UP = 0x110000, KEY_CURSOR_DOWN, KEY_PAGE_UP, KEY_PAGE_DOWN, KEY_FIRST, KEY_LAST,
	KEY_FUNCTION_1, KEY_FUNCTION_5,
};

/* On the help page this key opens the diagnostics, the key of the help shows the other page, and
 * keys that move scroll; any other key closes the page. */
#define KEY_DIAGNOSTICS 'd'

/* In the order of the help. */
enum command_id {
	CMD_NONE,
	CMD_RESET_BACKUP, CMD_RESET_EXPORT, CMD_RESET_IMPORT, CMD_CANARY,
	CMD_CANCEL, CMD_CANCEL_ALL,
	CMD_MARK, CMD_MARK_SHOWN, CMD_UNMARK,
	CMD_FILTER, CMD_PROBLEMS, CMD_CAUSES, CMD_NEXT, CMD_PREVIOUS, CMD_SORT, CMD_REVERSE,
	CMD_UP, CMD_DOWN, CMD_PAGE_UP, CMD_PAGE_DOWN, CMD_FIRST, CMD_LAST, CMD_TIMES,
	CMD_OPEN, CMD_CLOSE, CMD_LOG, CMD_PAUSE, CMD_COPY, CMD_REPORT, CMD_WRITE,
	CMD_POLL, CMD_HELP,
	CMD_REDRAW, CMD_SUSPEND, CMD_QUIT,
	CMD_COUNT
};

/* GROUP_LOG has two columns in the help. */
enum command_group {
	GROUP_RESET, GROUP_FIND, GROUP_MOVE, GROUP_MARK, GROUP_LOG, GROUP_LOG_2, GROUP_COUNT
};
extern const char *const command_group_titles[GROUP_COUNT];	/* `RESET`, `FIND`, ...; or "" */

#define COMMAND_KEYS 4

struct command {
	enum command_id id;
	const char *name;			/* `reset-backup` */
	int keys[COMMAND_KEYS];			/* 0 ends the list */
	const char *keys_text;			/* for help and manual page: `up k` */
	const char *help;			/* NULL: no help line, or that of a neighbour */
	enum command_group group;
	const char *small_help;			/* its word on a small screen, where commands with
						 * the same word share it; NULL: not there */
	const char *footer_key;			/* `b`; NULL: not in the footer */
	const char *footer_wide, *footer_short;	/* `reset backup`, `backup` */
	int footer_order;			/* position in the footer, from the left */
	int footer_rank;			/* a narrow footer drops the highest rank first */
};
extern const struct command commands[CMD_COUNT];

/* The command that a key runs in the list; CMD_NONE if the key has no command. */
enum command_id command_of_key(int key);

/* The keys of a page or a mode beside those of the list, in words, for its help. */
enum key_context { KEYS_OF_CAUSES, KEYS_OF_DETAIL, KEYS_OF_LOG, KEYS_OF_HANDOVER, KEY_CONTEXTS };
struct context_key {
	const char *keys, *help;	/* NULL keys end the list */
};
#define CONTEXT_KEYS 10
extern const struct context_keys {
	const char *title;
	struct context_key keys[CONTEXT_KEYS + 1];
} context_keys[KEY_CONTEXTS];

/* The name of a key, safe: `b`, `enter`, `PgUp`, `ctrl-a`; ascii: `<U+00E9>`. */
#define KEY_TEXT 32
void key_format(int key, bool ascii, char out[KEY_TEXT]);
