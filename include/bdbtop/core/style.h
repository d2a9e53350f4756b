/*
 * core/style.h - what a piece of text is, for the theme to colour.
 *
 * Meaning only: no colour is named outside ui/theme (screens.md, section 0).
 */
#ifndef BDBTOP_BDBTOP_CORE_STYLE_H
#define BDBTOP_BDBTOP_CORE_STYLE_H

enum element {
	EL_TEXT, EL_DIM, EL_HEADER,
	EL_FAILED, EL_FAILED_REASON, EL_STALLED, EL_DOUBT, EL_OVERDUE, EL_RUNNING,
	 EL_OK, EL_IDLE, EL_OTHER,
	EL_MARK, EL_KEY, EL_KEY_OFF,
	EL_PENDING, EL_CLEARED, EL_WAITING, EL_REFUSED,	/* results */
	EL_QUESTION, EL_DANGER,
	/* the label of a cluster, in the colour that its owner chose */
	EL_LABEL, EL_LABEL_RED, EL_LABEL_GREEN, EL_LABEL_YELLOW, EL_LABEL_MAGENTA, EL_LABEL_CYAN,
	EL_COUNT
};

#endif
