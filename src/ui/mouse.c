/*
 * The mouse: a click selects a row, a double click opens it, the wheel scrolls what is under it.
 */
#include "ui_internal.h"

#define DOUBLE_CLICK_MS 500
#define WHEEL_ROWS 3

/* Returns false if no row of the list is there. */
static bool row_at(const struct canvas *canvas, const struct input_event *event, size_t *out)
{
	int row = event->row - canvas->list.row;

	if (row < 0 || row >= canvas->list.rows || event->col >= canvas->list.cols)
		return false;
	*out = canvas->list.first + (size_t)row;
	return true;
}

static void click(struct session *session, struct last_click *last, size_t row, struct moment now)
{
	bool twice = last->valid && last->row == row && now.ms - last->at_ms <= DOUBLE_CLICK_MS;

	session_click(session, row, twice, now);
	/* a third click may begin another double click */
	*last = (struct last_click){ .valid = !twice, .row = row, .at_ms = now.ms };
}

void mouse_on_event(struct session *session, const struct canvas *canvas, struct last_click *last,
		    const struct input_event *event, struct moment now)
{
	int by = event->mouse == MOUSE_WHEEL_UP ? -WHEEL_ROWS : WHEEL_ROWS;
	size_t row;

	if (event->mouse == MOUSE_CLICK) {
		if (row_at(canvas, event, &row))
			click(session, last, row, now);
		return;
	}
	if (event->col >= canvas->list.cols)
		session_wheel_detail(session, by, now);
	else
		session_wheel(session, by, now);
}
