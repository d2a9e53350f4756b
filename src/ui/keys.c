/*
 * The last line: the keys that do something now.
 */
#include <stdio.h>
#include <string.h>

#include "bdbtop/core/text.h"
#include "bdbtop/ui/draw_context.h"

#define GAP	  2
#define HINT_GAP  3
#define WIDE_COLS     100 /* from this width on keys have their long words */
#define ENTRIES	  CMD_COUNT
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

/* Keys that are shown only while they would do something. */
static bool is_temporary(enum command_id id)
{
	return id == CMD_CANCEL || id == CMD_CANCEL_ALL || id == CMD_CLOSE;
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
 * two databases; else "". */
static void write_disabled(const struct draw_context *context, char *out, size_t size)
{
	const char *why = context->setup->read_only ? "read-only:" : "role may not reset:";
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

/* While retries wait, the keys to cancel them and to show the log outrank filter and mark. */
static int rank_of(const struct draw_context *context, enum command_id id)
{
	bool waits = context->canvas->cols >= WIDE_COLS &&
		     session_can(context->session, CMD_CANCEL_ALL);

	if (waits && (id == CMD_CANCEL_ALL || id == CMD_LOG))
		return commands[CMD_HELP].footer_rank;
	return commands[id].footer_rank;
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
				       .rank = rank_of(context, command->id),
				       .can = session_can(context->session, command->id),
				       .word = wide ? command->footer_wide
						    : command->footer_short };

		if (!command->footer_key || (is_temporary(command->id) && !entry.can) ||
		    is_disabled(context, command->id) || is_useless_mark(context, command->id))
			continue;
		snprintf(entry.key, sizeof(entry.key), "%s", command->footer_key);
		/* in a narrow line the three resets share one word: `b e i reset` */
		if (context->columns.letters && is_reset(command->id))
			entry.word = command->id == CMD_RESET_IMPORT ? "reset" : "";
		insert(entries, &entry);
	}
}

/* A key while the detail is open, which has other words then. */
struct detail_key {
	enum command_id id;
	const char *key, *word;
	int rank;
};

static void collect_detail(const struct draw_context *context, struct key_entries *entries)
{
	static const struct detail_key beside[] = {
		{ CMD_CANCEL, "x", "cancel retry", 1 },
		{ CMD_RESET_BACKUP, "b", "reset backup", 3 },
		{ CMD_RESET_EXPORT, "e", "reset export", 3 },
		{ CMD_RESET_IMPORT, "i", "reset import", 3 },
		{ CMD_PAGE_DOWN, "PgUp PgDn", "scroll detail", 4 },
		{ CMD_COPY, "y", "copy hand-over", 5 },
		{ CMD_CLOSE, "esc", "close", 0 },
		{ CMD_HELP, "?", "help", 2 },
		{ CMD_QUIT, "q", "quit", 6 },
		{ CMD_NONE, NULL, NULL, 0 },
	};
	static const struct detail_key full[] = {
		{ CMD_CANCEL, "x", "cancel retry", 1 },
		{ CMD_DOWN, "up down", "next row", 5 },
		{ CMD_PAGE_DOWN, "PgUp PgDn", "scroll", 3 },
		{ CMD_COPY, "y", "copy hand-over", 4 },
		{ CMD_CLOSE, "esc", "back", 0 },
		{ CMD_HELP, "?", "help", 2 },
		{ CMD_NONE, NULL, NULL, 0 },
	};
	const struct detail_key *key = context->detail == DETAIL_BESIDE ? beside : full;

	*entries = (struct key_entries){ .gap = context->detail == DETAIL_BESIDE ? GAP : HINT_GAP };
	for (; key->id != CMD_NONE; key++) {
		struct key_entry *entry = &entries->items[entries->count];
		bool can = session_can(context->session, key->id);

		if ((key->id == CMD_CANCEL && !can) || is_disabled(context, key->id))
			continue;
		*entry = (struct key_entry){ .word = key->word, .rank = key->rank, .can = can };
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
	if (context->detail == DETAIL_CLOSED)
		collect(context, &entries);
	else
		collect_detail(context, &entries);
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

/* Drawn as `key word`, three cells apart. */
struct key_hint {
	const char *key, *word;
};

static void draw_hints(const struct draw_context *context, const struct key_hint *hint)
{
	struct text_writer writer =
		writer_at(context->canvas, context->zones.keys, 1, context->canvas->cols);

	for (; hint->key; hint++) {
		writer_put(&writer, STYLE_KEY, hint->key);
		writer_putf(&writer, STYLE_TEXT, "%s%s   ", hint->key[0] ? " " : "", hint->word);
	}
}

/* Hints for a wide screen and shorter ones for a narrow screen. */
struct key_hints {
	struct key_hint wide[4], narrow[4];
};

static const struct key_hint *question_hints(const struct draw_context *context)
{
	static const struct key_hint reset[] = { { "y", "resets it" },
					     { "n, enter or esc", "cancels" },
					     { NULL, NULL } };
	static const struct key_hint quit[] = { { "y", "quits" },
					    { "n, enter or esc", "stays" },
					    { NULL, NULL } };
	static const struct key_hint typed[] = { { "yes and enter", "sends it" },
					     { "esc", "cancels" },
					     { NULL, NULL } };
	static const struct key_hints trust = {
		{ { "y", "pins it and logs in" },
		  { "n, enter or esc", "cancels, nothing is sent" },
		  { NULL, NULL } },
		{ { "y", "pins it" }, { "n, enter or esc", "cancels" }, { NULL, NULL } },
	};
	static const struct key_hints login = {
		{ { "enter", "logs in" },
		  { "esc", "stays signed out and keeps the last list" },
		  { NULL, NULL } },
		{ { "enter", "logs in" }, { "esc", "stays signed out" }, { NULL, NULL } },
	};
	static const struct key_hint user[] = { { "enter", "continues" },
					    { "esc", "stays signed out" },
					    { NULL, NULL } };
	static const struct key_hint bulk[] = { { "y", "resets them, 2 at a time" },
					    { "n, enter or esc", "cancels" },
					    { NULL, NULL } };
	static const struct key_hint bulk_narrow[] = { { "y", "resets them" },
						   { "n, enter or esc", "cancels" },
						   { NULL, NULL } };
	const struct question *question = &context->view->question;

	switch (question->kind) {
	case QUESTION_BULK:
		if (question->bulk_count == 1)
			return reset;
		return context->columns.letters ? bulk_narrow : bulk;
	case QUESTION_TRUST:
		return context->columns.letters ? trust.narrow : trust.wide;
	case QUESTION_LOGIN:
		if (question->typing_user)
			return user;
		return context->columns.letters || !context->status->has_list ? login.narrow
									  : login.wide;
	case QUESTION_QUIT:
		return quit;
	default:
		return question_is_typed(question->kind) ? typed : reset;
	}
}

/* `12 and enter resets them, 2 at a time   esc cancels` */
static bool draw_bulk_hints(const struct draw_context *context)
{
	const struct question *question = &context->view->question;
	struct text_writer writer =
		writer_at(context->canvas, context->zones.keys, 1, context->canvas->cols);
	char word[QUESTION_WORD];

	if (question->kind != QUESTION_BULK)
		return false;
	question_word(question, word);
	if (!word[0])
		return false;
	writer_putf(&writer, STYLE_KEY, "%s and enter", word);
	writer_put(&writer, STYLE_TEXT,
		   context->columns.letters ? " resets them   " : " resets them, 2 at a time   ");
	writer_put(&writer, STYLE_KEY, "esc");
	writer_put(&writer, STYLE_TEXT, " cancels");
	return true;
}

static const struct key_hint *page_hints(const struct draw_context *context,
					 enum trust_page_kind page)
{
	static const struct key_hint first_contact[] = { { "q", "quit" },
					     { "F5", "ask again" },
					     { NULL, NULL } };
	static const struct key_hint changed[] = { { "q", "quit" },
					       { "F5", "check again" },
					       { NULL, NULL } };
	static const struct key_hint listed[] = {
		{ "q", "quit" }, { "F5", "check again" }, { "esc", "last list" }, { NULL, NULL }
	};

	if (page == TRUST_FIRST_CONTACT)
		return first_contact;
	return context->status->has_list ? listed : changed;
}

/* The selected line of the log is about a reset. */
static bool is_reset_selected(const struct draw_context *context)
{
	const struct log *log = context->view->log;
	size_t cursor = context->view->log_cursor;

	return cursor < log_rows(log) && log_row(log, cursor)->event_kind == CLUSTER_EVENT_RESET;
}

static const struct key_hint *log_hints(const struct draw_context *context, bool narrow)
{
	static const struct key_hint log[] = {
		{ "/", "filter" }, { "y", "copy as curl, without log-in" },
		{ "esc", "back" }, { "?", "help" },
		{ "q", "quit" },   { NULL, NULL },
	};
	static const struct key_hint log_narrow[] = {
		{ "/", "filter" }, { "y", "copy" }, { "esc", "back" }, { "?", "help" },
		{ NULL, NULL },
	};
	static const struct key_hint log_plain[] = {
		{ "/", "filter" }, { "esc", "back" }, { "?", "help" },
		{ "q", "quit" },   { NULL, NULL },
	};

	if (!is_reset_selected(context))
		return log_plain;
	return narrow ? log_narrow : log;
}

/* The hints of the pages that use the full screen. */
static const struct key_hint *full_page_hints(const struct draw_context *context)
{
	static const struct key_hint handover[] = {
		{ "y", "copy again" }, { "up down", "scroll" }, { "esc", "back" }, { "?", "help" },
		{ NULL, NULL },
	};
	static const struct key_hint handover_narrow[] = {
		{ "y", "again" }, { "up down", "scroll" }, { "esc", "back" }, { NULL, NULL },
	};
	static const struct key_hint diagnostics[] = {
		{ "up down", "scroll" }, { "any other key", "returns" }, { NULL, NULL },
	};
	bool narrow = context->canvas->cols < LOG_WIDE_COLS;

	switch (context->view->mode) {
	case MODE_LOG:
		return log_hints(context, narrow);
	case MODE_HANDOVER:
		return narrow ? handover_narrow : handover;
	default:
		return diagnostics;
	}
}

void keys_draw(const struct draw_context *context)
{
	switch (context->view->mode) {
	case MODE_QUESTION:
		if (!draw_bulk_hints(context))
			draw_hints(context, question_hints(context));
		break;
	case MODE_LOG:
	case MODE_HANDOVER:
	case MODE_DIAGNOSTICS:
		draw_hints(context, full_page_hints(context));
		break;
	case MODE_FILTER:
	case MODE_LOG_FILTER:
		filter_hint_draw(context);
		break;
	default:
		if (trust_page(context))
			draw_hints(context, page_hints(context, trust_page(context)));
		else
			draw_commands(context);
		break;
	}
}
