/*
 * Filter and order of the list, the filter line as it is typed, and the log with its filter.
 */
#include "session_internal.h"

#include <stdio.h>
#include <string.h>

#include "bdbtop/core/text.h"
#include "bdbtop/session/sort_menu.h"
#include "line_input.h"
#include "rows.h"

void session_repair_view(struct session *s)
{
	static const char stale[] = "Out of memory: the rows are not up to date.";
	bool was_stale = s->view.list_is_stale;

	session_mark_changed(s);
	/* out of memory: the rows stay as they are, and the next turn tries again */
	s->view.list_is_stale = rows_update(s) < 0 || session_update_causes(s) < 0;
	if (!s->view.list_is_stale)
		s->view_revision = fleet_revision(s->fleet);
	if (s->view.list_is_stale && !was_stale)
		session_set_notice(s, stale);
	else if (was_stale && !s->view.list_is_stale && !strcmp(s->view.notice, stale))
		session_set_notice(s, "");
}

/* If the filter hides the database under the cursor, the cursor moves to the first row. */
static void follow_hidden(struct session *s, const struct bdb_id *was)
{
	struct bdb_id is;

	if (was && view_cursor(s->view.list, &is, NULL) && bdb_id_compare(&is, was))
		view_move_to(s->view.list, 0);
}

static void refill_view(struct session *s)
{
	struct bdb_id was;
	bool had = view_cursor(s->view.list, &was, NULL);

	rows_stop(s);
	s->rows.filter_changed = true;
	session_repair_view(s);
	follow_hidden(s, had ? &was : NULL);
}

static void request_bdb_info(struct session *s)
{
	bool wants = filter_needs_bdb_info(&s->view.filter) ||
		     column_list_needs_bdb_info(&s->view.columns);
	size_t i;

	if (wants == s->wants_bdb_info)
		return;
	s->wants_bdb_info = wants;
	for (i = 0; i < fleet_count(s->fleet); i++)
		cluster_want_bdb_info(fleet_at(s->fleet, i), wants);
}

static void begin_filter(struct session *s)
{
	if (s->notice_is_filter)
		session_set_notice(s, "");
	s->view.filter_is_cause = false;
}

int session_set_filter(struct session *s, const char *expression, struct filter_error *error)
{
	if (filter_parse(&s->view.filter, expression, error) < 0) {
		session_mark_changed(s);
		return -1;
	}
	begin_filter(s);
	request_bdb_info(s);
	refill_view(s);
	return 0;
}

/* In slices, so that the next key need not wait.  Other data may have to be requested first. */
static bool can_slice(const struct session *s, const struct filter *filter)
{
	return s->rows.slice < SIZE_MAX && !s->view.list_is_stale &&
	       !filter_needs_bdb_info(filter) && !filter_needs_bdb_info(&s->view.filter);
}

/* Out of memory, the notice says that the rows are not those of the filter. */
static void advance_filter(struct session *s, int advance(struct session *))
{
	struct bdb_id was;
	bool had = view_cursor(s->view.list, &was, NULL);

	if (advance(s) < 0) {
		s->view.filter = s->typed_filter;
		refill_view(s);
	} else if (!s->rows.pass.running) {
		follow_hidden(s, had ? &was : NULL);
		session_mark_changed(s);
	}
}

static int start_typed(struct session *s)
{
	const struct filter filter = s->typed_filter;

	return rows_type_filter(s, &filter);
}

static int type_filter(struct session *s, const char *expression, struct filter_error *error)
{
	struct filter filter;

	session_mark_changed(s);
	if (filter_parse(&filter, expression, error) < 0)
		return -1;
	if (!can_slice(s, &filter))
		return session_set_filter(s, expression, error);
	begin_filter(s);
	s->typed_filter = filter;
	advance_filter(s, start_typed);
	return 0;
}

void session_continue_filter(struct session *s)
{
	if (s->rows.pass.running)
		advance_filter(s, rows_continue);
}

/* The last valid filter, which takes effect once all rows are evaluated. */
static const struct filter *valid_filter(const struct session *s)
{
	return s->rows.pass.running ? &s->rows.pass.filter : &s->view.filter;
}

void session_name_filter_source(struct session *s, const char *source)
{
	bool first = !s->view.notice[0];
	char safe[FILTER_SIZE * 4], text[FILTER_SIZE * 4 + 480];

	snprintf(text, sizeof(text), "filter %s is set by %s",
		 text_safe(safe, sizeof(safe), s->view.filter.expression, false), source);
	session_add_notice(s, text);
	s->notice_is_filter = first;
}

void session_set_columns(struct session *s, const struct column_list *columns)
{
	s->view.columns = *columns;
	request_bdb_info(s);
	session_mark_changed(s);
}

void session_set_order(struct session *s, struct sort_order order)
{
	s->rows.order_changed |= order.column != s->view.order.column;
	s->rows.resort = true;
	s->view.order = order;
	session_repair_view(s);
}

void session_set_save_prefs(struct session *s, session_save_prefs_fn *save_prefs, void *arg)
{
	s->save_prefs = save_prefs;
	s->save_prefs_arg = arg;
}

void session_add_recent_filter(struct session *s, const char *expression)
{
	recent_filters_add(&s->recent, expression);
}

void session_save_current_prefs(struct session *s)
{
	const struct session_prefs prefs = { .order = s->view.order,
					     .times = s->view.times,
					     .recent = &s->recent };

	if (s->save_prefs)
		s->save_prefs(s->save_prefs_arg, &prefs);
}

static void sort_by(struct session *s, struct sort_order order)
{
	session_set_order(s, order);
	session_save_current_prefs(s);
}

void session_reverse_order(struct session *s)
{
	struct sort_order order = s->view.order;

	order.reversed = !order.reversed;
	sort_by(s, order);
}

void session_open_sort_menu(struct session *s)
{
	s->view.mode = MODE_SORT;
	session_mark_changed(s);
}

void session_sort_key(struct session *s, int key)
{
	const struct sort_choice *choice = sort_choice_of_key(key);
	bool closes = key == KEY_ESCAPE || key == KEY_CTRL_C || key == KEY_RETURN || key == '\n';

	if (choice)
		sort_by(s, (struct sort_order){ .column = choice->column });
	else if (command_of_key(key) == CMD_REVERSE)
		session_reverse_order(s);
	else if (!closes)
		return;
	s->view.mode = MODE_LIST;
	session_mark_changed(s);
}

void session_toggle_problems(struct session *s)
{
	s->view.problems_only = !s->view.problems_only;
	refill_view(s);
}

void session_move(struct session *s, long by)
{
	size_t back = by < 0 ? (size_t)0 - (size_t)by : 0, row = s->view.cause_row;

	if (s->view.by_cause)
		session_move_cause(s, by >= 0 ? row + (size_t)by : row > back ? row - back : 0);
	else
		view_move(s->view.list, by);
	session_mark_changed(s);
}

/* --- the filter line ------------------------------------------------------------------------ */

/*
 * If the last valid filter ends with the beginning of the invalid word, use the filter before that
 * word: a user who types `age>24h` must not see matches of `age` meanwhile.
 */
static void drop_partial_word(struct session *s)
{
	const char *good = valid_filter(s)->expression;
	size_t from = s->view.filter_error.offset, length = strlen(good);
	char before[FILTER_SIZE];
	struct filter_error ignored;

	while (from && s->view.typing[from - 1] != ' ')
		from--;
	if (length <= from || strncmp(good, s->view.typing, length) != 0)
		return;
	snprintf(before, sizeof(before), "%.*s", (int)from, s->view.typing);
	type_filter(s, before, &ignored);
}

static void apply_typed_filter(struct session *s)
{
	s->view.has_filter_error = type_filter(s, s->view.typing, &s->view.filter_error) < 0;
	if (s->view.has_filter_error)
		drop_partial_word(s);
}

void session_open_filter(struct session *s)
{
	s->filter_before = s->view.filter;
	s->view.typing[0] = s->typed[0] = '\0';
	s->recalled = 0;
	s->completing = false;
	s->view.has_filter_error = false;
	s->view.mode = MODE_FILTER;
	view_resort(s->view.list);
	session_repair_view(s);
}

static void undo_filter(struct session *s)
{
	s->view.filter = s->filter_before;
	request_bdb_info(s);
	refill_view(s);
}

static void close_filter(struct session *s, bool undo)
{
	if (undo) {
		undo_filter(s);
	} else {
		apply_typed_filter(s);
		/* the filter in effect differs from the line shown: it stays open */
		if (s->view.has_filter_error)
			return;
		/* what the next key does is about the rows of this filter */
		while (s->rows.pass.running)
			session_continue_filter(s);
		if (*s->view.filter.expression) {
			recent_filters_add(&s->recent, s->view.filter.expression);
			session_save_current_prefs(s);
		}
	}
	s->view.has_filter_error = false;
	s->view.mode = MODE_LIST;
	session_mark_changed(s);
}

/* Shows an older filter in the line, or a newer one and at last the text that was typed. */
static void recall_filter(struct session *s, bool older)
{
	if (s->recalled == (older ? s->recent.count : 0))
		return;
	if (!s->recalled)
		strcpy(s->typed, s->view.typing);
	s->recalled += older ? 1 : -1;
	strcpy(s->view.typing, s->recalled ? s->recent.expression[s->recalled - 1] : s->typed);
	apply_typed_filter(s);
}

/* --- the log -------------------------------------------------------------------------------- */

static void filter_log(struct session *s, const char *expression)
{
	log_filter(s->log, expression);
	s->view.log_cursor = 0;
	session_mark_changed(s);
}

void session_open_log(struct session *s)
{
	s->view.mode = MODE_LOG;
	filter_log(s, "");
}

static void open_log_filter(struct session *s)
{
	strcpy(s->log_before, log_expression(s->log));
	strcpy(s->view.typing, s->log_before);
	s->view.mode = MODE_LOG_FILTER;
	session_mark_changed(s);
}

void session_move_log(struct session *s, long by)
{
	long last = (long)log_rows(s->log) - 1, to = (long)s->view.log_cursor + by;

	s->view.log_cursor = (size_t)(last < 0 || to < 0 ? 0 : to > last ? last : to);
	session_mark_changed(s);
}

static void close_log_filter(struct session *s, bool undo)
{
	s->view.mode = MODE_LOG;
	if (undo)
		filter_log(s, s->log_before);
	session_mark_changed(s);
}

static void edit_filter(struct session *s, int key)
{
	if (!line_edit(s->view.typing, sizeof(s->view.typing), key))
		return;
	s->recalled = 0;
	apply_typed_filter(s);
}

/* The last word becomes one that exists, and with each further tab the next of these. */
static void complete_filter(struct session *s)
{
	if (!s->completing)
		completion_init(&s->completion, s->fleet, s->view.typing);
	s->completing = completion_next(&s->completion, s->view.typing);
	if (!s->completing)
		return;
	s->recalled = 0;
	apply_typed_filter(s);
}

void session_filter_key(struct session *s, int key)
{
	if (key == KEY_TAB) {
		complete_filter(s);
		return;
	}
	s->completing = false;
	switch (key) {
	case KEY_RETURN:
	case '\n':
	case KEY_ESCAPE:
	case KEY_CTRL_C:
		close_filter(s, key == KEY_ESCAPE || key == KEY_CTRL_C);
		break;
	case KEY_CURSOR_UP:
	case KEY_CURSOR_DOWN:
		recall_filter(s, key == KEY_CURSOR_UP);
		break;
	default:
		edit_filter(s, key);
		break;
	}
}

void session_log_filter_key(struct session *s, int key)
{
	switch (key) {
	case KEY_RETURN:
	case '\n':
	case KEY_ESCAPE:
	case KEY_CTRL_C:
		close_log_filter(s, key == KEY_ESCAPE || key == KEY_CTRL_C);
		break;
	case KEY_CURSOR_UP:
	case KEY_CURSOR_DOWN:
		session_move_log(s, key == KEY_CURSOR_UP ? -1 : 1);
		break;
	default:
		line_edit(s->view.typing, sizeof(s->view.typing), key);
		filter_log(s, s->view.typing);
		break;
	}
}

bool session_log_key(struct session *s, enum command_id id, struct moment now)
{
	long by = command_rows(id, (long)s->page_rows);

	if (by) {
		session_move_log(s, by);
		return true;
	}
	switch (id) {
	case CMD_FILTER:
		open_log_filter(s);
		break;
	case CMD_CLOSE:
	case CMD_LOG:
		session_clear_copy_notice(s);
		s->view.mode = MODE_LIST;
		session_mark_changed(s);
		break;
	case CMD_COPY:
		session_copy_line(s);
		break;
	case CMD_WRITE:
		session_open_write(s);
		break;
	case CMD_TIMES:
		session_next_time_format(s);
		break;
	default:
		return session_page_command(s, id, now);
	}
	return true;
}
