/*
 * The user of a console, and the noise of the terminal.
 */
#include <stdio.h>
#include <string.h>

#include "bdbtop/core/array.h"
#include "tests/simulation/simulation.h"
#include "tests/terminal_noise.h"

/* Keys in reads of their own, with a pause before each. */
static void press(struct console *c, const char *keys, int64_t pause_ms)
{
	int64_t at_ms = c->setup.network->now_ms;

	for (; *keys; keys++) {
		at_ms += pause_ms;
		console_type(c, at_ms, keys, 1, false);
	}
}

/* The number-th failure on the screen, from the top: its row and its key; false: there is none. */
static bool find_failure(const struct console *c, unsigned number, size_t *row, char *key)
{
	const struct view *list = session_view(c->session)->list;
	unsigned count = 0, pass, k;
	size_t i;

	for (pass = 0; pass < 2; pass++) {
		if (pass && !count)
			return false;
		number = pass ? number % count : 0;
		for (i = 0; i < view_rows(list); i++)
			for (k = 0; k < OP_KINDS; k++) {
				const struct roster_entry *entry = roster_find(
					cluster_roster(c->cluster), view_at(list, i).uid);

				if (!entry || entry->bdb->op[k].phase != OP_FAILED)
					continue;
				if (!pass)
					count++;
				else if (!number--) {
					*row = i;
					*key = op_defs[k].key;
					return true;
				}
			}
	}
	return false;
}

void user_reset(struct console *c, unsigned row, unsigned kind)
{
	size_t at = row % SIMULATION_BDBS;
	char key = "beib"[kind % 4], keys[2 * SIMULATION_BDBS + 3] = "g";

	/* sometimes one that needs none */
	if (kind % 16)
		find_failure(c, row, &at, &key);
	memset(keys + 1, 'j', at % (2 * SIMULATION_BDBS));
	strncat(keys, &key, 1);
	press(c, keys, 20);
}

void user_bulk(struct console *c, unsigned marks, unsigned kind)
{
	char keys[2 * SIMULATION_BDBS + 3] = "g";
	unsigned i;

	for (i = 0; i < SIMULATION_BDBS; i++)
		strcat(keys, marks >> i & 1 ? " j" : "j");
	strncat(keys, &"beib"[kind % 4], 1);
	press(c, keys, 20);
}

static void type_word(struct console *c, const char *word, bool wrong)
{
	char keys[QUESTION_WORD + 2];

	snprintf(keys, sizeof(keys), "%s\r", word);
	if (wrong)
		keys[0]++;
	press(c, keys, 30);
}

/* User and password, or the password alone. */
static void log_in(struct console *c, const char *password)
{
	const struct question *q = &session_view(c->session)->question;
	char keys[80];

	snprintf(keys, sizeof(keys), "%s%s\r", q->typing_user ? "\025ops\r\025" : "\025", password);
	press(c, keys, 300);
}

void user_answer(struct console *c, const char *password, unsigned number)
{
	const struct question *q = &session_view(c->session)->question;
	char word[QUESTION_WORD];

	if (session_view(c->session)->mode != MODE_QUESTION)
		return;
	question_word(q, word);
	if (q->kind == QUESTION_LOGIN)
		log_in(c, number % 4 ? password : "wrong");
	else if (q->kind == QUESTION_QUIT)
		press(c, number % 4 ? "n" : "y", 260);
	else if (*word)
		type_word(c, word, number % 5 == 0);
	else
		press(c, number % 6 ? "y" : "n", 1 + number % 400);
}

void user_noise(struct console *c, unsigned number)
{
	struct noise noise = { .state = random_start(number) };
	int64_t at_ms = c->setup.network->now_ms, gap_ms;
	size_t from, to;

	/* what the user types belongs to no sequence of the terminal */
	if (c->key_count)
		return;
	noise_make(&noise);
	c->count.noises++;
	for (from = 0; from < noise.length; from = to) {
		to = noise_split(&noise, from, &gap_ms);
		if (to - from > sizeof(c->keys[0].bytes))
			to = from + sizeof(c->keys[0].bytes);
		console_type(c, at_ms, (const char *)noise.bytes + from, to - from, true);
		at_ms += gap_ms;
	}
	/* begins and ends a paste: nothing of the noise is open after it */
	console_type(c, at_ms + INPUT_SILENCE_MS + 1, "\033[201~", 6, true);
	console_type(c, at_ms + 2 * INPUT_SILENCE_MS, "\033[I", 3, true);
}

void user_key(struct console *c, unsigned number)
{
	static const char *const keys[] = {
		"b", "e",      "i",	 "y",	    "n",       "x",  "/",    "l",    "?",     "j",
		"k", "g",      "G",	 "a",	    "\033",    "\r", "\003", "\025", "\177",  " ",
		"*", "u",      "!",	 "s",	    "r",       "t",  "d",    "c",    "N",     "S",
		"Y", "\033[A", "\033[B", "\033[6~", "/fail\r", "by", "yy",   "1",    "yes\r",
	};

	console_type(c, c->setup.network->now_ms, keys[number % ARRAY_SIZE(keys)],
		     strlen(keys[number % ARRAY_SIZE(keys)]), false);
}

void user_settle(struct console *c, const char *password)
{
	const struct session_view *view = session_view(c->session);
	const struct cluster_status *status = cluster_status(c->cluster);

	if (view->mode == MODE_QUESTION && view->question.kind == QUESTION_LOGIN)
		log_in(c, password);
	else if (view->mode == MODE_QUESTION && view->question.kind == QUESTION_TRUST)
		press(c, "y", 300);
	else if (view->mode != MODE_LIST)
		press(c, "\033", 300);
	else if (status->conn == CONN_UNTRUSTED && status->key_changed)
		/* bdbtop trust --replace */
		console_terminate(c);
	else if (status->conn != CONN_OK)
		press(c, ".", 300);
	else if (status->paused)
		press(c, "p", 300);
	else if (session_close_layer(c->session) == CLOSE_FILTER)
		press(c, "\033", 300);
}
