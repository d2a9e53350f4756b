/*
 * The last line: the keys that do something now.
 */
#include <stdio.h>
#include <string.h>

#include "bdbtop/core/text.h"
#include "bdbtop/ui/draw_context.h"

#define GAP	      2
#define HINT_GAP      3
#define WIDE_COLS     100 /* from this width on keys have their long words */
#define ENTRIES	      CMD_COUNT
#define MAX_RANK      15
#define LOG_WIDE_COLS 72 /* from this width on the line of the log has all its words */

struct key_entry {
	char key[16];
	const char *word;
	int order, rank;
	bool can, shown;
};

struct key_entries {
	struct key_entry items[ENTRIES];
	int count, gap;
};

/* Not shown now: a cancel without a retry, and esc unless it dismisses something; where it removes
 * the filter, line 2 says so. */
static bool is_absent(const struct draw_context *context, const struct key_entry *entry,
		      enum command_id id)
{
	if (id == CMD_CLOSE)
		return session_close_layer(context->session) > CLOSE_RESULTS || !entry->can;
	return (id == CMD_CANCEL || id == CMD_CANCEL_ALL) && !entry->can;
}

static bool is_reset(enum command_id id)
{
	return id >= CMD_RESET_BACKUP && id <= CMD_RESET_IMPORT;
}

static bool is_disabled(const struct draw_context *context, enum command_id id)
{
	return is_reset(id) && (context->setup->read_only ||
				context->status->kind_forbidden[id - CMD_RESET_BACKUP]);
}

/* `read-only: b e i off`, or `role may not reset: b e i off` after the cluster refused a kind on
 * two databases, `role: b e i off` in a narrow line; else "". */
static void write_disabled(const struct draw_context *context, char *out, size_t size)
{
	const char *why = context->setup->read_only  ? "read-only:"
			  : context->columns.letters ? "role:"
						     : "role may not reset:";
	struct text text;
	int id;

	text_init(&text, out, size);
	for (id = CMD_RESET_BACKUP; id <= CMD_RESET_IMPORT; id++)
		if (is_disabled(context, (enum command_id)id))
			text_addf(&text, "%s %s", text.length ? "" : why, commands[id].footer_key);
	if (text.length)
		text_add(&text, " off");
}

/* Without any reset the mark has no use. */
static bool is_useless_mark(const struct draw_context *context, enum command_id id)
{
	int reset;

	if (id != CMD_MARK)
		return false;
	for (reset = CMD_RESET_BACKUP; reset <= CMD_RESET_IMPORT; reset++)
		if (!is_disabled(context, (enum command_id)reset))
			return false;
	return true;
}

/* While retries wait, the key to cancel them outranks filter and mark. */
static int rank_of(const struct draw_context *context, enum command_id id)
{
	bool waits =
		context->canvas->cols >= WIDE_COLS && session_can(context->session, CMD_CANCEL_ALL);

	if (waits && id == CMD_CANCEL_ALL)
		return commands[CMD_CLOSE].footer_rank;
	return commands[id].footer_rank;
}

/* While a canary is under way, x ends it; in a narrow line that must leave room for the
 * resets. */
static const char *word_of(const struct draw_context *context, enum command_id id, const char *word)
{
	if (id != CMD_CANCEL || !session_has_canary(context->session))
		return word;
	return context->columns.letters ? "end it" : "end canary";
}

static void insert(struct key_entries *entries, const struct key_entry *entry)
{
	int at = entries->count++;

	for (; at > 0 && entries->items[at - 1].order > entry->order; at--)
		entries->items[at] = entries->items[at - 1];
	entries->items[at] = *entry;
}

static void collect(const struct draw_context *context, struct key_entries *entries)
{
	bool wide = context->canvas->cols >= WIDE_COLS;
	int id;

	*entries = (struct key_entries){ .gap = GAP };
	for (id = CMD_NONE + 1; id < CMD_COUNT; id++) {
		const struct command *command = &commands[id];
		struct key_entry entry = { .order = command->footer_order,
					   .word = wide ? command->footer_wide
							: command->footer_short };

		if (!command->footer_key)
			continue;
		entry.rank = rank_of(context, command->id);
		entry.can = session_helps(context->session, command->id);
		if (is_absent(context, &entry, command->id) || is_disabled(context, command->id) ||
		    is_useless_mark(context, command->id))
			continue;
		snprintf(entry.key, sizeof(entry.key), "%s", command->footer_key);
		entry.word = word_of(context, command->id, entry.word);
		/* in a narrow line the three resets share one word: `b e i reset` */
		if (context->columns.letters && is_reset(command->id))
			entry.word = command->id == CMD_RESET_IMPORT ? "reset" : "";
		insert(entries, &entry);
	}
}

/* A key while the detail or the causes view is shown, which has other words then. */
struct mode_key {
	enum command_id id;
	const char *key, *word;
	int rank;
};

static const struct mode_key detail_beside_keys[] = {
	{ CMD_CANCEL, "x", "cancel retry", 1 },
	{ CMD_RESET_BACKUP, "b", "reset backup", 3 },
	{ CMD_RESET_EXPORT, "e", "reset export", 3 },
	{ CMD_RESET_IMPORT, "i", "reset import", 3 },
	{ CMD_PAGE_DOWN, "PgUp PgDn", "scroll detail", 4 },
	{ CMD_COPY, "y", "copy hand-over", 5 },
	{ CMD_CLOSE, "esc", "close", 0 },
	{ CMD_LOG, "l", "log", 0 },
	{ CMD_HELP, "?", "help", 0 },
	{ CMD_QUIT, "q", "quit", 6 },
	{ CMD_NONE, NULL, NULL, 0 },
};
static const struct mode_key detail_full_keys[] = {
	{ CMD_CANCEL, "x", "cancel retry", 1 },
	{ CMD_DOWN, "up down", "next row", 5 },
	{ CMD_PAGE_DOWN, "PgUp PgDn", "scroll", 3 },
	{ CMD_COPY, "y", "copy hand-over", 4 },
	{ CMD_CLOSE, "esc", "back", 0 },
	{ CMD_LOG, "l", "log", 0 },
	{ CMD_HELP, "?", "help", 0 },
	{ CMD_NONE, NULL, NULL, 0 },
};
/* only the reset of the group's operation is shown */
static const struct mode_key causes_keys[] = {
	{ CMD_CANCEL, "x", "cancel", 1 },
	{ CMD_RESET_BACKUP, "b", "reset them", 2 },
	{ CMD_RESET_EXPORT, "e", "reset them", 2 },
	{ CMD_RESET_IMPORT, "i", "reset them", 2 },
	{ CMD_CANARY, "B", "one first", 6 },
	{ CMD_MARK, "space", "mark", 7 },
	{ CMD_OPEN, "enter", "databases", 3 },
	{ CMD_CAUSES, "c", "list", 4 },
	{ CMD_LOG, "l", "log", 0 },
	{ CMD_HELP, "?", "help", 0 },
	{ CMD_QUIT, "q", "quit", 5 },
	{ CMD_NONE, NULL, NULL, 0 },
};

static bool is_skipped(const struct draw_context *context, enum command_id id, bool can)
{
	if (is_disabled(context, id) || is_useless_mark(context, id))
		return true;
	return !can &&
	       (id == CMD_CANCEL || id == CMD_CANARY || (context->view->by_cause && is_reset(id)));
}

static void collect_mode(const struct draw_context *context, const struct mode_key *key, int gap,
			 struct key_entries *entries)
{
	*entries = (struct key_entries){ .gap = gap };
	for (; key->id != CMD_NONE; key++) {
		struct key_entry *entry = &entries->items[entries->count];
		bool can = session_helps(context->session, key->id);

		if (is_skipped(context, key->id, can))
			continue;
		*entry = (struct key_entry){ .word = word_of(context, key->id, key->word),
					     .rank = key->rank,
					     .can = can };
		snprintf(entry->key, sizeof(entry->key), "%s", key->key);
		entries->count++;
	}
}

static int entry_width(const struct key_entry *entry, int gap)
{
	return text_width(entry->key) + (entry->word[0] ? 1 + text_width(entry->word) + gap : 1);
}

/* Entries of lower rank come first; an entry that does not fit is skipped. */
static void choose_entries(struct key_entries *entries, int cells)
{
	int rank, i, width = 1 - entries->gap;

	for (rank = 0; rank <= MAX_RANK; rank++)
		for (i = 0; i < entries->count; i++) {
			struct key_entry *entry = &entries->items[i];

			int more = entry_width(entry, entries->gap);

			if (entry->rank != rank || width + more > cells)
				continue;
			entry->shown = true;
			width += more;
		}
}

static void draw_commands(const struct draw_context *context)
{
	struct text_writer writer =
		writer_at(context->canvas, context->zones.keys, 1, context->canvas->cols);
	struct key_entries entries;
	char disabled[64];
	int i;

	write_disabled(context, disabled, sizeof(disabled));
	if (disabled[0]) {
		writer_put(&writer, STYLE_KEY_OFF, disabled);
		writer_skip(&writer, GAP);
	}
	if (context->view->by_cause)
		collect_mode(context, causes_keys, GAP, &entries);
	else if (context->detail == DETAIL_BESIDE)
		collect_mode(context, detail_beside_keys, GAP, &entries);
	else if (context->detail == DETAIL_FULL)
		collect_mode(context, detail_full_keys, HINT_GAP, &entries);
	else
		collect(context, &entries);
	choose_entries(&entries, context->canvas->cols - writer.col + 1);
	for (i = 0; i < entries.count; i++) {
		const struct key_entry *entry = &entries.items[i];

		if (!entry->shown)
			continue;
		writer_put(&writer, entry->can ? STYLE_KEY : STYLE_KEY_OFF, entry->key);
		writer_skip(&writer, 1);
		if (!entry->word[0])
			continue;
		writer_put(&writer, entry->can ? STYLE_TEXT : STYLE_KEY_OFF, entry->word);
		writer_skip(&writer, entries.gap);
	}
}

/* Hints: keys and words in turn, separated by tabs.  Drawn as `key word`, three cells apart. */
static void draw_hints(const struct draw_context *context, const char *hints)
{
	struct text_writer writer =
		writer_at(context->canvas, context->zones.keys, 1, context->canvas->cols);
	bool key = true;
	int length;

	for (; *hints; hints += length + (hints[length] == '\t'), key = !key) {
		length = (int)strcspn(hints, "\t");
		writer_putf(&writer, key ? STYLE_KEY : STYLE_TEXT, "%.*s%s", length, hints,
			    key ? "" : "   ");
		if (key)
			writer_skip(&writer, 1);
	}
}

static const char *login_hints(const struct draw_context *context)
{
	if (context->view->question.typing_user)
		return "enter\tcontinues\tesc\tstays signed out";
	if (context->columns.letters || !context->status->has_list)
		return "enter\tlogs in\tesc\tstays signed out";
	return "enter\tlogs in\tesc\tstays signed out and keeps the last list";
}

#define TO_TEXT(number)	   #number
#define NUMBER_TEXT(macro) TO_TEXT(macro)
#define AT_A_TIME	   ", " NUMBER_TEXT(SOURCE_REQUESTS) " requests at a time"

static const char *question_hints(const struct draw_context *context)
{
	const struct question *question = &context->view->question;
	bool narrow = context->columns.letters;

	switch (question->kind) {
	case QUESTION_BULK:
		if (question->bulk_count == 1)
			break;
		return narrow ? "y\tresets them\tn, enter or esc\tcancels"
			      : "y\tresets them" AT_A_TIME "\tn, enter or esc\tcancels";
	case QUESTION_TRUST:
		return narrow ? "y\tpins it\tn, enter or esc\tcancels"
			      : "y\tpins it and logs in\tn, enter or esc\t"
				"cancels, nothing is sent";
	case QUESTION_LOGIN:
		return login_hints(context);
	case QUESTION_OVERWRITE:
		return "y\toverwrites it\tn, enter or esc\tkeeps it";
	case QUESTION_QUIT:
		return "y\tquits\tn, enter or esc\tstays";
	default:
		if (question_is_typed(question->kind))
			return "yes and enter\tsends it\tesc\tcancels";
		break;
	}
	return "y\tresets it\tn, enter or esc\tcancels";
}

/* `12 and enter resets them, 3 requests at a time   esc cancels` */
static void draw_question_hints(const struct draw_context *context)
{
	const struct question *question = &context->view->question;
	char word[QUESTION_WORD], typed[120];

	question_word(question, word);
	if (question->kind != QUESTION_BULK || !word[0]) {
		draw_hints(context, question_hints(context));
		return;
	}
	snprintf(typed, sizeof(typed), "%s and enter\tresets them%s\tesc\tcancels%s", word,
		 context->columns.letters ? "" : AT_A_TIME,
		 context->columns.letters || question->list.fit >= question->list.lines
			 ? ""
			 : "\tPgUp PgDn\tscroll");
	draw_hints(context, typed);
}

static const char *trust_page_hints(const struct draw_context *context, enum trust_page_kind page)
{
	if (page == TRUST_FIRST_CONTACT)
		return "q\tquit\tF5\task again";
	return context->status->has_list ? "q\tquit\tF5\tcheck again\tesc\tlast list"
					 : "q\tquit\tF5\tcheck again";
}

/* The selected line of the log is about a reset. */
static bool is_reset_selected(const struct draw_context *context)
{
	const struct log *log = context->view->log;
	size_t cursor = context->view->log_cursor;

	return cursor < log_rows(log) && log_row(log, cursor)->event_kind == CLUSTER_EVENT_RESET;
}

static const char *help_hints(const struct draw_context *context)
{
	bool words = context->view->help_words;

	if (context->canvas->cols < LOG_WIDE_COLS)
		return words ? "?\tkeys\td\tdiagnostics\tesc\tback"
			     : "?\twords\td\tdiagnostics\tesc\tback";
	return words ? "?\tkeys\tup down\tscroll\td\tdiagnostics\tany other key\treturns"
		     : "?\twords\tup down\tscroll\td\tdiagnostics\tany other key\treturns";
}

/* The hints of the pages that use the full screen. */
static const char *full_page_hints(const struct draw_context *context)
{
	bool narrow = context->canvas->cols < LOG_WIDE_COLS;

	switch (context->view->mode) {
	case MODE_LOG:
		if (!is_reset_selected(context))
			return "/\tfilter\tesc\tback\t?\thelp\tq\tquit";
		return narrow ? "/\tfilter\ty\tcopy\tesc\tback\t?\thelp"
			      : "/\tfilter\ty\tcopy as curl, without log-in\tesc\tback\t"
				"?\thelp\tq\tquit";
	case MODE_HANDOVER:
		return narrow ? "y\tagain\tesc\tback\t?\thelp"
			      : "y\tcopy again\tup down\tscroll\tesc\tback\t?\thelp";
	case MODE_HELP:
		return help_hints(context);
	default:
		return "up down\tscroll\tany other key\treturns";
	}
}

void keys_draw(const struct draw_context *context)
{
	switch (context->view->mode) {
	case MODE_QUESTION:
		draw_question_hints(context);
		break;
	case MODE_LOG:
	case MODE_HELP:
	case MODE_HANDOVER:
	case MODE_DIAGNOSTICS:
		draw_hints(context, full_page_hints(context));
		break;
	case MODE_SORT:
		draw_hints(context,
			   context->columns.letters
				   ? "a letter\tsorts\tS\treverses\tesc\tback"
				   : "a letter\tsorts\tS\treverses the order\tesc\tcancels");
		break;
	case MODE_WRITE:
		write_hint_draw(context);
		break;
	case MODE_FILTER:
	case MODE_LOG_FILTER:
		filter_hint_draw(context);
		break;
	default:
		if (trust_page(context))
			draw_hints(context, trust_page_hints(context, trust_page(context)));
		else
			draw_commands(context);
		break;
	}
}
