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

static const struct cell_attributes theme_table[STYLE_COUNT][THEME_COUNT] = {
	[STYLE_TEXT] = { PLAIN, PLAIN, PLAIN },
	[STYLE_DIM] = { DIM, PLAIN, PLAIN },
	[STYLE_HEADER] = { BOLD, BOLD, BOLD },
	[STYLE_ACTIVE] = { REVERSE, REVERSE, REVERSE },
	[STYLE_FAILED] = { BRIGHT(RED), BOLD, FILLED(RED) },
	[STYLE_FAILED_REASON] = { COLOUR(RED), PLAIN, COLOUR(RED) },
	[STYLE_STALLED] = { BRIGHT(YELLOW), BOLD, FILLED(YELLOW) },
	[STYLE_SUSPECT] = { BRIGHT(YELLOW), BOLD, FILLED(YELLOW) },
	[STYLE_OVERDUE] = { COLOUR(YELLOW), PLAIN, FILLED(YELLOW) },
	[STYLE_RUNNING] = { COLOUR(CYAN), PLAIN, BOLD },
	[STYLE_OK] = { DIM, PLAIN, PLAIN },
	[STYLE_IDLE] = { DIM, PLAIN, PLAIN },
	[STYLE_OTHER] = { COLOUR(MAGENTA), BOLD, BOLD },
	[STYLE_MARK] = { BRIGHT(YELLOW), BOLD, BOLD },
	[STYLE_KEY] = { BOLD, BOLD, BOLD },
	[STYLE_KEY_OFF] = { DIM, PLAIN, PLAIN },
	[STYLE_PENDING] = { COLOUR(CYAN), PLAIN, BOLD },
	[STYLE_CLEARED] = { BRIGHT(GREEN), BOLD, FILLED(GREEN) },
	[STYLE_WAITING] = { COLOUR(YELLOW), PLAIN, BOLD },
	[STYLE_REFUSED] = { COLOUR(RED), PLAIN, FILLED(RED) },
	[STYLE_QUESTION] = { BRIGHT(YELLOW), BOLD, BOLD },
	[STYLE_DANGER] = { BRIGHT(RED), REVERSE, FILLED(RED) },
	[STYLE_LABEL] = { BOLD, BOLD, BOLD },
	[STYLE_LABEL_RED] = { BRIGHT(RED), REVERSE, FILLED(RED) },
	[STYLE_LABEL_GREEN] = { BRIGHT(GREEN), REVERSE, FILLED(GREEN) },
	[STYLE_LABEL_YELLOW] = { BRIGHT(YELLOW), REVERSE, FILLED(YELLOW) },
	[STYLE_LABEL_MAGENTA] = { BRIGHT(MAGENTA), REVERSE, FILLED(MAGENTA) },
	[STYLE_LABEL_CYAN] = { BRIGHT(CYAN), REVERSE, FILLED(CYAN) },
};

struct cell_attributes theme_attributes(enum theme theme, enum style style, unsigned flags)
{
	struct cell_attributes appearance = theme_table[style][theme];

	/* the selected row is one bar; only its worst word keeps its colour */
	if (!(flags & CELL_CHOSEN))
		return appearance;
	if (!(flags & CELL_WORST))
		appearance = (struct cell_attributes){ .colour = OWN };
	appearance.reverse = true;
	return appearance;
}
