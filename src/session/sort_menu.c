#include "bdbtop/session/sort_menu.h"

#include <stddef.h>

const struct sort_choice sort_choices[SORT_KINDS] = {
	{ SORT_SEVERITY, 's', "worst", 1 }, { SORT_DB, 'd', "db", 4 },
	{ SORT_NAME, 'n', "name", 0 },	    { SORT_STATUS, 't', "status", 6 },
	{ SORT_BACKUP, 'b', "backup", 2 },  { SORT_EXPORT, 'e', "export", 2 },
	{ SORT_IMPORT, 'i', "import", 2 },  { SORT_LOSS, 'l', "loss", 0 },
	{ SORT_LAST, 'L', "last", 7 },	    { SORT_NEXT, 'N', "next", 5 },
	{ SORT_REASON, 'r', "reason", 0 },  { SORT_RESULT, 'R', "result", 0 },
};

const struct sort_choice *sort_choice_of_key(int key)
{
	size_t i;

	for (i = 0; i < SORT_KINDS; i++)
		if (sort_choices[i].letter == key)
			return &sort_choices[i];
	return NULL;
}
