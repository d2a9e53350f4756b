/*
 * core/style.h - what a piece of text means, for the theme to colour.
 *
 * Only ui/theme names a colour (the table of styles is in doc/screens.md).
 */
#pragma once

enum style {
	STYLE_TEXT,
	STYLE_DIM,
	STYLE_HEADER,
	STYLE_ACTIVE, /* the filter in effect; the current choice of a menu */
	STYLE_FAILED,
	STYLE_FAILED_REASON,
	STYLE_STALLED,
	STYLE_SUSPECT,
	STYLE_OVERDUE,
	STYLE_RUNNING,
	STYLE_OK,
	STYLE_IDLE,
	STYLE_OTHER,
	STYLE_MARK,
	STYLE_KEY,
	STYLE_KEY_OFF,
	STYLE_PENDING,
	STYLE_CLEARED,
	STYLE_WAITING,
	STYLE_REFUSED, /* PENDING to REFUSED: results */
	STYLE_QUESTION,
	STYLE_DANGER,
	/* the label of a cluster, in the colour of the configuration */
	STYLE_LABEL,
	STYLE_LABEL_RED,
	STYLE_LABEL_GREEN,
	STYLE_LABEL_YELLOW,
	STYLE_LABEL_MAGENTA,
	STYLE_LABEL_CYAN,
	STYLE_COUNT
};
