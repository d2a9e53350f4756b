/*
 * session/input.h - one piece of terminal input.
 *
 * Input is untrusted: beside the user's keys it has late replies of the terminal to queries of
 * other programs, mouse reports and broken bytes.  Everything that is not a complete known key
 * arrives as INPUT_IGNORED.  It has no effect, except that an open question must not be confirmed
 * right after it.
 */
#pragma once

#include <stdbool.h>

enum input_kind {
	INPUT_IGNORED, /* bytes that are not a key, or an abandoned sequence */
	INPUT_KEY,
	INPUT_PASTED, /* one character of a paste's first line; key 0: the paste begins or ends */
	INPUT_MOUSE,
};

enum term_mouse { MOUSE_NONE, MOUSE_CLICK, MOUSE_WHEEL_UP, MOUSE_WHEEL_DOWN };

struct input_event {
	enum input_kind kind;
	int key;	       /* KEY, PASTED: a Unicode character, or an enum key */
	bool alone;	       /* KEY: the read from the terminal contained nothing else */
	enum term_mouse mouse; /* MOUSE: a click or the wheel, never MOUSE_NONE */
	int row, col;	       /* MOUSE: from 0 */
};
