/*
 * session/input.h - one piece of terminal input.
 *
 * Whatever writes to the terminal is an untrusted sender: beside the user there are late replies of
 * the terminal to the queries of other programs, mouse reports and broken bytes.  So everything
 * that is not a complete known key also comes here, as INPUT_IGNORED: it does nothing by itself,
 * but a question that is open must not be confirmed right after it.
 */
#ifndef BDBTOP_SESSION_INPUT_H
#define BDBTOP_SESSION_INPUT_H

#include <stdbool.h>

enum input_kind {
	INPUT_IGNORED, /* bytes that are not a key, or a sequence that was abandoned */
	INPUT_KEY,
	INPUT_PASTED, /* one character of a paste's first line; its begin and end with key 0 */
	INPUT_MOUSE,
};

enum term_mouse { MOUSE_NOT, MOUSE_CLICK, MOUSE_WHEEL_UP, MOUSE_WHEEL_DOWN };

struct input_event {
	enum input_kind kind;
	int key;	       /* KEY, PASTED: a Unicode character, or an enum key */
	bool alone;	       /* KEY: nothing else was in the same read from the terminal */
	enum term_mouse mouse; /* MOUSE: a click or the wheel, never NOT */
	int row, col;	       /* MOUSE: from 0 */
};

#endif
