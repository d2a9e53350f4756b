#include "bdbtop/ui/theme.h"

#include "bdbtop/ui/canvas.h"

enum { OWN = 0, RED = 1, GREEN = 2, YELLOW = 3, MAGENTA = 5, CYAN = 6 };

#define PLAIN { .colour = OWN }
#define DIM { .dim = true }
#define BOLD { .bold = true }
#define REVERSE { .reverse = true }
#define COLOUR(name) { .colour = name }
#define FILLED(name) { .colour = name, .reverse = true }
#define BRIGHT(name) { .colour = name, .bold = true }

static const struct look looks[EL_COUNT][THEME_COUNT] = {
	[EL_TEXT] = { PLAIN, PLAIN, PLAIN },
	[EL_DIM] = { DIM, PLAIN, PLAIN },
	[EL_HEADER] = { BOLD, BOLD, BOLD },
	[EL_FAILED] = { BRIGHT(RED), BOLD, FILLED(RED) },
	[EL_FAILED_REASON] = { COLOUR(RED), PLAIN, COLOUR(RED) },
	[EL_STALLED] = { BRIGHT(YELLOW), BOLD, FILLED(YELLOW) },
	[EL_DOUBT] = { BRIGHT(YELLOW), BOLD, FILLED(YELLOW) },
	[EL_OVERDUE] = { COLOUR(YELLOW), PLAIN, FILLED(YELLOW) },
	[EL_RUNNING] = { COLOUR(CYAN), PLAIN, BOLD },
	[EL_OK] = { DIM, PLAIN, PLAIN },
	[EL_IDLE] = { DIM, PLAIN, PLAIN },
	[EL_OTHER] = { COLOUR(MAGENTA), BOLD, BOLD },
	[EL_MARK] = { BRIGHT(YELLOW), BOLD, BOLD },
	[EL_KEY] = { BOLD, BOLD, BOLD },
	[EL_KEY_OFF] = { DIM, PLAIN, PLAIN },
	[EL_PENDING] = { COLOUR(CYAN), PLAIN, BOLD },
	[EL_CLEARED] = { BRIGHT(GREEN), BOLD, FILLED(GREEN) },
	[EL_WAITING] = { COLOUR(YELLOW), PLAIN, BOLD },
	[EL_REFUSED] = { COLOUR(RED), PLAIN, FILLED(RED) },
	[EL_QUESTION] = { BRIGHT(YELLOW), BOLD, BOLD },
	[EL_DANGER] = { BRIGHT(RED), REVERSE, FILLED(RED) },
	[EL_LABEL] = { BOLD, BOLD, BOLD },
	[EL_LABEL_RED] = { BRIGHT(RED), REVERSE, FILLED(RED) },
	[EL_LABEL_GREEN] = { BRIGHT(GREEN), REVERSE, FILLED(GREEN) },
	[EL_LABEL_YELLOW] = { BRIGHT(YELLOW), REVERSE, FILLED(YELLOW) },
	[EL_LABEL_MAGENTA] = { BRIGHT(MAGENTA), REVERSE, FILLED(MAGENTA) },
	[EL_LABEL_CYAN] = { BRIGHT(CYAN), REVERSE, FILLED(CYAN) },
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
