/*
 * Runs the steps of a case and compares the screen with its drawing.
 */
#include "bdbtop/core/time.h"
#include "bdbtop/session/commands.h"
#include "tests/screen/screen_cases.h"
#include "tests/tap.h"

static void play_many(const struct screen_player *player, int from, int to, const char *what)
{
	char line[200];

	if (!what[0])
		what = " backup=succeeded backup.last=2026-11-21T16:00:00Z";
	for (; from < to; from++) {
		snprintf(line, sizeof(line), "bdb %d name=cache-%05d%s", from, from, what);
		player->say(player->arg, line);
	}
}

static void play_key(const struct screen_player *player, const char *name)
{
	static const struct {
		const char *name;
		int key;
	} names[] = {
		{ "enter", KEY_RETURN },     { "esc", KEY_ESCAPE }, { "up", KEY_CURSOR_UP },
		{ "down", KEY_CURSOR_DOWN }, { "space", ' ' },
		{ "page-up", KEY_PAGE_UP },  { "page-down", KEY_PAGE_DOWN },
	};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (!strcmp(names[i].name, name)) {
			player->key(player->arg, names[i].key);
			return;
		}
	player->key(player->arg, (unsigned char)name[0]);
}

static void play_row(const struct screen_player *player, int row)
{
	play_key(player, "g");
	while (row-- > 1)
		play_key(player, "down");
}

static void play_step(const struct screen_player *player, const char *step);

static bool play_fixture(const struct screen_player *player, const char *name)
{
	const char *const *step;
	size_t i;

	for (i = 0; i < event_fixture_count; i++) {
		if (strcmp(event_fixtures[i].name, name) != 0)
			continue;
		for (step = event_fixtures[i].steps; *step; step++)
			play_step(player, *step);
		player->advance(player->arg, 0);
		return true;
	}
	return false;
}

/* Events of the last day: a backup of 4 minutes every 45 minutes. */
static void play_runs(const struct screen_player *player, int uid, int runs)
{
	const int64_t first_s = 1795208400; /* 2026-11-20T21:00:00Z */
	char line[200], at[TIME_TEXT_SIZE];
	int run;

	for (run = 0; run < runs; run++) {
		time_format_iso(at, first_s + run * 2700);
		snprintf(line, sizeof(line), "event %s backup_started %d", at, uid);
		player->say(player->arg, line);
		time_format_iso(at, first_s + run * 2700 + 242);
		snprintf(line, sizeof(line), "event %s backup_succeeded %d", at, uid);
		player->say(player->arg, line);
	}
}

/* Shards from 1 on, on three nodes, each with more progress than the one before. */
static void play_progress(const struct screen_player *player, int uid, int shards)
{
	char line[200];
	int shard;

	for (shard = 1; shard <= shards; shard++) {
		snprintf(line, sizeof(line), "shard %d uid=%d node=%d percent=%d", uid, shard,
			 shard % 3 + 1, shard * 3);
		player->say(player->arg, line);
	}
}

static void play_step(const struct screen_player *player, const char *step)
{
	int from, to, row, used;

	if (play_fixture(player, step))
		return;
	if (sscanf(step, "many %d %d%n", &from, &to, &used) == 2) {
		play_many(player, from, to, step + used);
	} else if (sscanf(step, "runs %d %d", &from, &to) == 2) {
		play_runs(player, from, to);
	} else if (sscanf(step, "progress %d %d", &from, &to) == 2) {
		play_progress(player, from, to);
	} else if (!strncmp(step, "advance ", 8)) {
		player->advance(player->arg, atol(step + 8));
	} else if (!strncmp(step, "key ", 4)) {
		play_key(player, step + 4);
	} else if (!strncmp(step, "type ", 5)) {
		for (step += 5; *step; step++)
			player->key(player->arg, (unsigned char)*step);
	} else if (sscanf(step, "row %d", &row) == 1) {
		play_row(player, row);
	} else {
		player->say(player->arg, step);
	}
}

void screen_case_play(const struct screen_case *entry, const struct screen_player *player)
{
	const char *const *step;

	for (step = entry->steps; *step; step++)
		play_step(player, *step);
	player->advance(player->arg, 0);
}

bool screen_case_is_scripted(const struct screen_case *entry)
{
	const char *const *step;

	for (step = entry->steps; *step; step++)
		if (!strncmp(*step, "setup ", 6) || !strncmp(*step, "ledger ", 7))
			return true;
	return false;
}

static FILE *open_drawing(const struct screen_case *entry, const char *mode)
{
	const char *source = getenv("SRCDIR");
	char path[4096];

	snprintf(path, sizeof(path), "%s/tests/screen/drawn/%s-%dx%d", source ? source : ".",
		 entry->name, entry->cols, entry->rows);
	return fopen(path, mode);
}

char *screen_case_drawing(const struct screen_case *entry)
{
	size_t room = 65536, length;
	FILE *file = open_drawing(entry, "r");
	char *text;

	if (!file)
		return NULL;
	text = malloc(room);
	assert_non_null(text);
	length = fread(text, 1, room - 1, file);
	text[length] = '\0';
	fclose(file);
	return text;
}

/* Reports only the first row that differs: cmocka cuts long messages. */
static void report_difference(const struct screen_case *entry, const char *drawn, const char *shown)
{
	int row = 0, drawn_length, shown_length;

	for (;; row++) {
		drawn_length = (int)strcspn(drawn, "\n");
		shown_length = (int)strcspn(shown, "\n");
		if (drawn_length != shown_length ||
		    strncmp(drawn, shown, (size_t)drawn_length) != 0)
			break;
		drawn += drawn_length + (drawn[drawn_length] != 0);
		shown += shown_length + (shown[shown_length] != 0);
	}
	fail_msg("%s-%dx%d, row %d\ndrawn %.*s\nshown %.*s", entry->name, entry->cols, entry->rows,
		 row, drawn_length, drawn, shown_length, shown);
}

void screen_case_compare(const struct screen_case *entry, const char *screen)
{
	char *drawing = screen_case_drawing(entry);
	FILE *file;

	if (!drawing && getenv("SCENES_WRITE")) {
		file = open_drawing(entry, "w");
		assert_non_null(file);
		fputs(screen, file);
		fclose(file);
		return;
	}
	if (!drawing)
		fail_msg("there is no drawing %s-%dx%d", entry->name, entry->cols, entry->rows);
	if (strcmp(drawing, screen) != 0)
		report_difference(entry, drawing, screen);
	free(drawing);
}
