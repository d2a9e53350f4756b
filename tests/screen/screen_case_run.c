/*
 * Reads the cases, runs the steps of one, and compares the screen with its drawing.
 */
#include "bdbtop/core/array.h"
#include "bdbtop/core/time.h"
#include "tests/files.h"
#include "tests/screen/screen_cases.h"
#include "tests/tap.h"

#define STEPS_MAX 4000
#define NAMED_MAX 40

struct screen_case screen_cases[SCREEN_CASES_MAX];
size_t screen_case_count;

/* Steps for other cases. */
struct named_steps {
	const char *name;
	const char *const *steps;
};
static struct named_steps named_steps[NAMED_MAX];
static size_t named_count;

/* The lists of steps, each ended by NULL. */
static const char *steps[STEPS_MAX];
static size_t step_count;

/* Reads the file, with a step and the lines that continue it on one line. */
static char *read_lines(void)
{
	static char *text;
	char *from, *to;

	text = source_text("tests/screen/screen_cases");
	assert_non_null(text);
	for (from = to = text; *from; from++)
		if (!strncmp(from, "\n\t\t", 3)) {
			*to++ = ' ';
			from += 2;
		} else {
			*to++ = *from;
		}
	*to = '\0';
	return text;
}

static void add_steps(char *line)
{
	char *end;

	for (; line; line = end ? end + 3 : NULL) {
		end = strstr(line, " ; ");
		if (end)
			*end = '\0';
		assert_true(step_count + 2 < STEPS_MAX);
		steps[step_count++] = line;
	}
}

/* `NAME COLSxROWS[*]... [ascii]`, or only a name. */
static void add_heading(char *line)
{
	const char *const *list = &steps[++step_count];
	char *size = strpbrk(line, "0123456789");
	bool ascii = strstr(line, " ascii") != NULL;
	int cols, rows, used;

	if (!size) {
		assert_true(named_count < NAMED_MAX);
		named_steps[named_count++] = (struct named_steps){ line, list };
		return;
	}
	size[-1] = '\0';
	for (; sscanf(size, "%dx%d%n", &cols, &rows, &used) == 2; size += used) {
		struct screen_case *entry = &screen_cases[screen_case_count++];

		assert_true(screen_case_count <= SCREEN_CASES_MAX);
		*entry = (struct screen_case){
			line, cols, rows, ascii, size[used] == '*', "", list
		};
		used += entry->in_terminal;
		if (sscanf(size + used, "=%7[0-9.]", entry->agreed) == 1)
			used += 1 + (int)strlen(entry->agreed);
	}
}

void screen_cases_read(void)
{
	char *line, *save;

	for (line = strtok_r(read_lines(), "\n", &save); line; line = strtok_r(NULL, "\n", &save))
		if (*line == '\t')
			add_steps(line + 1);
		else if (*line != '#')
			add_heading(line);
}

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
	static const char *const names[][2] = {
		{ "enter", "\r" },	    { "esc", "\033" }, { "up", "\033OA" },
		{ "down", "\033OB" },	    { "space", " " },  { "page-up", "\033[5~" },
		{ "page-down", "\033[6~" },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i++)
		if (!strcmp(names[i][0], name)) {
			player->type(player->arg, names[i][1]);
			return;
		}
	player->type(player->arg, name);
}

static void play_row(const struct screen_player *player, int row)
{
	play_key(player, "g");
	while (row-- > 1)
		play_key(player, "down");
}

static void play_step(const struct screen_player *player, const char *step);

static bool play_named_steps(const struct screen_player *player, const char *name)
{
	const char *const *step;
	size_t i;

	for (i = 0; i < named_count; i++) {
		if (strcmp(named_steps[i].name, name) != 0)
			continue;
		for (step = named_steps[i].steps; *step; step++)
			play_step(player, *step);
		player->advance(player->arg, 0);
		return true;
	}
	return false;
}

/* A run of a backup, as two events. */
static void play_run(const struct screen_player *player, int uid, int64_t start_s, bool failed)
{
	char line[200], at[TIME_TEXT_SIZE];

	time_format_iso(at, start_s);
	snprintf(line, sizeof(line), "event %s backup_started %d", at, uid);
	player->say(player->arg, line);
	time_format_iso(at, start_s + (failed ? 17 : 242));
	snprintf(line, sizeof(line), "event %s backup_%s %d%s", at, failed ? "failed" : "succeeded",
		 uid, failed ? " ERROR" : "");
	player->say(player->arg, line);
}

/* Backups of 4 minutes every 45 minutes since 2026-11-20T21:00:00Z, or those that failed every 5
 * minutes since 2026-11-21T17:00:00Z. */
static void play_runs(const struct screen_player *player, int uid, int runs, bool failed)
{
	int run;

	for (run = 0; run < runs; run++)
		play_run(player, uid, failed ? 1795280400 + run * 300 : 1795208400 + run * 2700,
			 failed);
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
	int from, to, row, used = 0, times;

	if (play_named_steps(player, step))
		return;
	if (sscanf(step, "%d x %n", &times, &used) == 1 && used) {
		while (times-- > 0)
			play_step(player, step + used);
	} else if (sscanf(step, "many %d %d%n", &from, &to, &used) == 2) {
		play_many(player, from, to, step + used);
	} else if (sscanf(step, "runs %d %d", &from, &to) == 2) {
		play_runs(player, from, to, false);
	} else if (sscanf(step, "fails %d %d", &from, &to) == 2) {
		play_runs(player, from, to, true);
	} else if (sscanf(step, "progress %d %d", &from, &to) == 2) {
		play_progress(player, from, to);
	} else if (!strncmp(step, "advance ", 8)) {
		player->advance(player->arg, atol(step + 8));
	} else if (!strncmp(step, "key ", 4)) {
		play_key(player, step + 4);
	} else if (!strncmp(step, "type ", 5)) {
		for (step += 5; *step; step++)
			player->type(player->arg, (char[]){ *step, '\0' });
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

static void drawing_name(const struct screen_case *entry, char name[120])
{
	snprintf(name, 120, "tests/screen/drawn/%s-%dx%d", entry->name, entry->cols, entry->rows);
}

/* The fence of doc/screens.md that begins with this number. */
static char *read_agreed(const char *number)
{
	char *text = source_text("doc/screens.md"), *from, *drawing, head[40];

	snprintf(head, sizeof(head), "\n```text %s ", number);
	from = strstr(text, head);
	assert_non_null(from);
	from = strchr(from + 1, '\n') + 1;
	drawing = strndup(from, (size_t)(strstr(from, "\n```") + 1 - from));
	free(text);
	return drawing;
}

char *screen_case_drawing(const struct screen_case *entry)
{
	char name[120];

	if (*entry->agreed)
		return read_agreed(entry->agreed);
	drawing_name(entry, name);
	return source_text(name);
}

/* Reports only the first row that differs: cmocka cuts long messages. */
static void report_difference(const struct screen_case *entry, const char *drawn, const char *shown)
{
	int row = 0, drawn_length, shown_length;

	for (;; row++) {
		drawn_length = (int)strcspn(drawn, "\n");
		shown_length = (int)strcspn(shown, "\n");
		/* one of them may have blank rows that the other lacks */
		if (!*drawn || !*shown || drawn_length != shown_length ||
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
	char *drawing = screen_case_drawing(entry), name[120], path[4096];

	if (!drawing && getenv("SCENES_WRITE")) {
		drawing_name(entry, name);
		source_path(path, name);
		temp_dir_write(path, screen);
		return;
	}
	if (!drawing)
		fail_msg("there is no drawing %s-%dx%d", entry->name, entry->cols, entry->rows);
	if (strcmp(drawing, screen) != 0)
		report_difference(entry, drawing, screen);
	free(drawing);
}
