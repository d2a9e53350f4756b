#include "bdbtop/ui/theme.h"

#include "bdbtop/ui/canvas.h"

enum { OWN = 0, RED = 1, GREEN = 2, YELLOW = 3, MAGENTA = 5, CYAN = 6 };

#define PLAIN { .colour = OWN }
#define DIM { .dim = true }
#define BOLD { .bold = true }
#define REVERSE { .reverse = true }
#define COLOUR(name) { .colour = name }
#define BRIGHT(name) { .colour = name, .bold = true }

static const struct look looks[EL_COUNT][THEME_COUNT] = {
	[EL_TEXT] = { PLAIN, PLAIN },
	[EL_DIM] = { DIM, PLAIN },
	[EL_HEADER] = { BOLD, BOLD },
	[EL_FAILED] = { BRIGHT(RED), BOLD },
	[EL_FAILED_REASON] = { COLOUR(RED), PLAIN },
	[EL_STALLED] = { BRIGHT(YELLOW), BOLD },
	[EL_DOUBT] = { BRIGHT(YELLOW), BOLD },
	[EL_OVERDUE] = { COLOUR(YELLOW), PLAIN },
	[EL_RUNNING] = { COLOUR(CYAN), PLAIN },
	[EL_OK] = { DIM, PLAIN },
	[EL_IDLE] = { DIM, PLAIN },
	[EL_OTHER] = { COLOUR(MAGENTA), BOLD },
	[EL_MARK] = { BRIGHT(YELLOW), BOLD },
	[EL_KEY] = { BOLD, BOLD },
	[EL_KEY_OFF] = { DIM, PLAIN },
	[EL_PENDING] = { COLOUR(CYAN), PLAIN },
	[EL_CLEARED] = { BRIGHT(GREEN), BOLD },
	[EL_WAITING] = { COLOUR(YELLOW), PLAIN },
	[EL_REFUSED] = { COLOUR(RED), PLAIN },
	[EL_QUESTION] = { BRIGHT(YELLOW), BOLD },
	[EL_DANGER] = { BRIGHT(RED), REVERSE },
	[EL_LABEL] = { BOLD, BOLD },
	[EL_LABEL_RED] = { BRIGHT(RED), REVERSE },
	[EL_LABEL_GREEN] = { BRIGHT(GREEN), REVERSE },
	[EL_LABEL_YELLOW] = { BRIGHT(YELLOW), REVERSE },
	[EL_LABEL_MAGENTA] = { BRIGHT(MAGENTA), REVERSE },
	[EL_LABEL_CYAN] = { BRIGHT(CYAN), REVERSE },
};

struct look theme_look(enum theme theme, enum element element, unsigned flags)
{
	struct look look = looks[element][theme];

	/* the chosen row is one bar, and only its worst word stays what it was */
	if (!(flags & CELL_CHOSEN))
		return look;
	if (!(flags & CELL_WORST))
		look = (struct look){ .colour = OWN };
	look.reverse = true;
	return look;
}
