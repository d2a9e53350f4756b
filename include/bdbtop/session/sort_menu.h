/*
 * session/sort_menu.h - the columns of the sort menu (the key `s`), each with its letter.
 */
#pragma once

#include "bdbtop/core/sort_order.h"

struct sort_choice {
	enum sort_column column;
	char letter;
	const char *word;	/* `backup`, `worst` */
	int rank;		/* a narrow menu drops the highest rank first; its letters work */
};
extern const struct sort_choice sort_choices[SORT_KINDS];	/* in the order of the menu */

/* The choice of a letter; NULL: none has it. */
const struct sort_choice *sort_choice_of_key(int key);
