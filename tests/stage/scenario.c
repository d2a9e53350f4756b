#include "tests/stage/scenario.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST_PLAYS 200

/* A play that is running. */
struct playing {
	const struct play *play;
	const char *line;
	struct stage stage;
	size_t wrote;	   /* lines of the ledger that were looked at */
	unsigned revision; /* before the line before */
};

#define WRONG(p, ...) wrong(p, __LINE__, __VA_ARGS__)

static void wrong(const struct playing *p, int line, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

static void wrong(const struct playing *p, int line, const char *fmt, ...)
{
	char text[600];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	fail_msg("\"%s\", at \"%s\": %s (play.c:%d)", p->play->name, p->line, text, line);
}

static void same_text(const struct playing *p, const char *want, const char *got)
{
	if (strcmp(want, got) != 0)
		WRONG(p, "it is \"%s\"", got);
}

static void same_number(const struct playing *p, const char *want, size_t got)
{
	if ((size_t)atol(want) != got)
		WRONG(p, "it is %zu", got);
}

static const struct {
	const char *name;
	int key;
} keys[] = {
	{ "esc", KEY_ESCAPE },	     { "enter", KEY_RETURN },  { "ctrl-c", KEY_CTRL_C },
	{ "ctrl-u", KEY_CTRL_U },    { "ctrl-l", KEY_CTRL_L }, { "ctrl-z", KEY_CTRL_Z },
	{ "rubout", KEY_RUBOUT },    { "space", ' ' },	       { "up", KEY_CURSOR_UP },
	{ "down", KEY_CURSOR_DOWN }, { "pgup", KEY_PAGE_UP },  { "pgdn", KEY_PAGE_DOWN },
	{ "home", KEY_FIRST },	     { "end", KEY_LAST },      { "f1", KEY_FUNCTION_1 },
	{ "f5", KEY_FUNCTION_5 },
};

static int key_of(const struct playing *p, const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (!strcmp(keys[i].name, name))
			return keys[i].key;
	if (!name[0] || name[1])
		WRONG(p, "no such key: %s", name);
	return name[0];
}

/* --- what is done --------------------------------------------------------------------------- */

static void do_say(struct playing *p, const char *rest)
{
	stage_say(&p->stage, "%s", rest);
	stage_settle(&p->stage);
}

static void do_say_only(struct playing *p, const char *rest)
{
	stage_say(&p->stage, "%s", rest);
}

static void do_go(struct playing *p, const char *rest)
{
	stage_choose(&p->stage, atoll(rest));
}

static void do_type(struct playing *p, const char *rest)
{
	stage_type(&p->stage, rest);
}

static void do_key(struct playing *p, const char *rest)
{
	stage_key(&p->stage, key_of(p, rest));
}

static void do_paste(struct playing *p, const char *rest)
{
	stage_paste(&p->stage, rest);
}

static void do_ignored(struct playing *p, const char *rest)
{
	(void)rest;
	stage_input(&p->stage, INPUT_IGNORED, 0, false);
	stage_settle(&p->stage);
}

static void do_ask(struct playing *p, const char *rest)
{
	stage_key(&p->stage, key_of(p, rest));
	if (session_mode(p->stage.session) != MODE_QUESTION)
		WRONG(p, "no question was opened");
	stage_advance(&p->stage, QUESTION_GUARD_MS);
}

static void do_confirm(struct playing *p, const char *rest)
{
	do_ask(p, rest);
	stage_key(&p->stage, 'y');
}

static void do_yes(struct playing *p, const char *rest)
{
	(void)rest;
	stage_advance(&p->stage, QUESTION_GUARD_MS);
	stage_type(&p->stage, "yes");
	stage_key(&p->stage, KEY_RETURN);
}

static void do_wait(struct playing *p, const char *rest)
{
	stage_advance(&p->stage, atoll(rest));
}

static void do_sleep(struct playing *p, const char *rest)
{
	stage_sleep(&p->stage, atoll(rest));
}

static void do_ledger(struct playing *p, const char *rest)
{
	fake_ledger_fails(p->stage.ledger, !strcmp(rest, "fails"));
}

static void do_login(struct playing *p, const char *rest)
{
	(void)rest;
	stage_say(&p->stage, "accept");
	cluster_on_login(p->stage.cluster, p->stage.now);
	stage_settle(&p->stage);
}

static void do_no_user(struct playing *p, const char *rest)
{
	(void)rest;
	p->stage.login.user[0] = '\0';
}

static void do_keeping(struct playing *p, const char *rest)
{
	p->stage.keep_fails = !strcmp(rest, "fails");
}

static void do_terminate(struct playing *p, const char *rest)
{
	(void)rest;
	session_terminate(p->stage.session, p->stage.now);
}

/* --- what must be seen ---------------------------------------------------------------------- */

/* `FULL | MEDIUM | CODE`: the next of them, cut off; NULL at the end. */
static char *next_form(char **rest)
{
	char *form = *rest, *bar = form ? strstr(form, " | ") : NULL;

	*rest = bar ? bar + 3 : NULL;
	if (bar)
		*bar = '\0';
	return form;
}

static void see_row(struct playing *p, const char *rest)
{
	char copy[600], *forms = copy, *form;
	int64_t uid = strtoll(rest, NULL, 10);

	snprintf(copy, sizeof(copy), "%s", rest + strcspn(rest, " "));
	forms += copy[0] == ' ';
	form = next_form(&forms);
	same_text(p, form, stage_words(&p->stage, uid));
	form = next_form(&forms);
	if (form)
		same_text(p, form, stage_medium(&p->stage, uid));
	form = next_form(&forms);
	if (form)
		same_text(p, form, stage_code(&p->stage, uid));
}

static void see_also(struct playing *p, const char *rest)
{
	same_text(p, rest + strcspn(rest, " ") + 1,
		  stage_words_at(&p->stage, strtoll(rest, NULL, 10), 1));
}

static void see_none(struct playing *p, const char *rest)
{
	if (cluster_has_result(p->stage.cluster, atoll(rest)))
		WRONG(p, "there is \"%s\"", stage_words(&p->stage, atoll(rest)));
}

static void see_secret(struct playing *p, const char *rest)
{
	const struct login_input *login = &p->stage.login;

	same_text(p, rest,
		  !strncmp(p->line, "user", 4)	 ? login->user
		  : !strncmp(p->line, "half", 4) ? secret_peek(login->typed_password)
						 : secret_peek(login->password));
}

static void see_kept(struct playing *p, const char *rest)
{
	same_text(p, rest, p->stage.kept.pin);
}

static void see_face(struct playing *p, const char *rest)
{
	static const char *const states[] = { "nothing", "now", "later" };

	same_text(p, rest, states[cluster_status(p->stage.cluster)->prompt_state]);
}

static void see_count(struct playing *p, const char *rest)
{
	const struct script_count *count = script_counts(p->stage.script);

	if (!strncmp(p->line, "puts", 4))
		same_number(p, rest, count->puts);
	else if (!strncmp(p->line, "bodies", 6))
		same_number(p, rest, count->bodies);
	else if (!strncmp(p->line, "ones", 4))
		same_number(p, rest, count->ones);
	else if (!strncmp(p->line, "lists", 5))
		same_number(p, rest, count->lists);
	else if (!strncmp(p->line, "yeses", 5))
		same_number(p, rest, count->yeses);
	else if (!strncmp(p->line, "noes", 4))
		same_number(p, rest, count->noes);
	else if (!strncmp(p->line, "paths", 5))
		same_number(p, rest, count->paths);
	else if (!strncmp(p->line, "modules", 7))
		same_number(p, rest, count->modules);
	else
		same_number(p, rest, count->in_flight);
}

static void see_wrote(struct playing *p, const char *rest)
{
	size_t count = fake_ledger_count(p->stage.ledger, AUDIT_EVENTS);
	char got[400] = "";

	for (; p->wrote < count; p->wrote++) {
		const char *line = fake_ledger_line(p->stage.ledger, p->wrote);

		snprintf(got + strlen(got), sizeof(got) - strlen(got), "%s%.*s", got[0] ? " " : "",
			 (int)strcspn(line, " "), line);
	}
	same_text(p, rest, got);
}

static void see_line(struct playing *p, const char *rest)
{
	size_t count = fake_ledger_count(p->stage.ledger, AUDIT_EVENTS);

	same_text(p, rest, count ? fake_ledger_line(p->stage.ledger, count - 1) : "");
}

static void see_mode(struct playing *p, const char *rest)
{
	static const char *const modes[] = { "list", "question",   "filter",   "help",
					     "log",  "log filter", "handover", "diagnostics" };

	same_text(p, rest, modes[session_mode(p->stage.session)]);
}

static void see_question(struct playing *p, const char *rest)
{
	static const char *const kinds[] = { "none", "reset", "running", "ledger",
					     "bulk", "quit",  "trust",	 "login" };

	same_text(p, rest, kinds[session_question(p->stage.session)->kind]);
}

static void see_second(struct playing *p, const char *rest)
{
	const struct question *question = session_question(p->stage.session);
	const struct reset *reset = cluster_reset(p->stage.cluster, question->reset_id);
	char text[240] = "";

	if (reset)
		question_format_change(p->stage.cluster, reset_target(reset), text, sizeof(text));
	else
		WRONG(p, "there is no question");
	same_text(p, rest, text);
}

static void see_notice(struct playing *p, const char *rest)
{
	same_text(p, rest, session_notice(p->stage.session));
}

static void see_advice(struct playing *p, const char *rest)
{
	char text[120];

	session_available_keys(p->stage.session, text, sizeof(text));
	same_text(p, rest, text);
}

static void see_log(struct playing *p, const char *rest)
{
	const struct log *log = session_log(p->stage.session);

	same_text(p, rest, log_count(log) ? log_at(log, 0)->outcome : "");
}

static void see_logged(struct playing *p, const char *rest)
{
	const struct log *log = session_log(p->stage.session);
	size_t i;

	for (i = 0; i < log_count(log); i++)
		if (!strcmp(log_at(log, i)->outcome, rest))
			return;
	WRONG(p, "%s", "it was not logged");
}

static void see_news(struct playing *p, const char *rest)
{
	bool news = session_revision(p->stage.session) != p->revision;

	(void)rest;
	if (news != (p->line[1] == 'e'))
		WRONG(p, "it is %snews", news ? "" : "no ");
}

static void see_can(struct playing *p, const char *rest)
{
	bool can = session_can(p->stage.session, command_of_key(key_of(p, rest)));

	if (can != !strncmp(p->line, "can ", 4))
		WRONG(p, "it %s", can ? "can" : "cannot");
}

static void see_cursor(struct playing *p, const char *rest)
{
	struct bdb_id id = { 0 };

	view_cursor(session_view(p->stage.session), &id, NULL);
	same_number(p, rest, (size_t)id.uid);
}

static void see_rows(struct playing *p, const char *rest)
{
	const struct view *view = session_view(p->stage.session);
	char got[400] = "";
	size_t row;

	for (row = 0; row < view_rows(view); row++)
		snprintf(got + strlen(got), sizeof(got) - strlen(got), "%s%lld", row ? " " : "",
			 (long long)view_at(view, row).uid);
	same_text(p, rest, got);
}

static void see_hidden(struct playing *p, const char *rest)
{
	same_number(p, rest, view_hidden(session_view(p->stage.session)));
}

static void see_typing(struct playing *p, const char *rest)
{
	same_text(p, rest, session_typing(p->stage.session));
}

static void see_typed(struct playing *p, const char *rest)
{
	same_text(p, rest, session_question(p->stage.session)->typed);
}

static void see_at(struct playing *p, const char *rest)
{
	same_number(p, rest, session_log_cursor(p->stage.session));
}

static void see_request(struct playing *p, const char *rest)
{
	enum command_id id = session_take_request(p->stage.session);

	same_text(p, rest, id == CMD_NONE ? "none" : commands[id].name);
}

static void see_listed(struct playing *p, const char *rest)
{
	const struct roster *roster = cluster_roster(p->stage.cluster);
	const struct roster_entry *entry = roster_find(roster, atoll(rest));

	if (!entry)
		WRONG(p, "%s", "it is unknown");
	else if (roster_entry_is_listed(entry) != (p->line[0] == 'l'))
		WRONG(p, "%s", "it is otherwise");
}

static void see_link(struct playing *p, const char *rest)
{
	static const char *const links[] = { "first",	"fresh",     "cut",
					     "refused", "untrusted", "signed-out" };

	same_text(p, rest, links[cluster_status(p->stage.cluster)->conn]);
}

static void see_counts(struct playing *p, const char *rest)
{
	const size_t *count = cluster_status(p->stage.cluster)->counts;
	char got[120] = "";
	int verdict;

	for (verdict = 0; verdict < VERDICT_OK; verdict++)
		snprintf(got + strlen(got), sizeof(got) - strlen(got), "%zu ", count[verdict]);
	snprintf(got + strlen(got), sizeof(got) - strlen(got), "%zu",
		 count[VERDICT_OK] + count[VERDICT_IDLE]);
	same_text(p, rest, got);
}

static void see_redraw(struct playing *p, const char *rest)
{
	int64_t due = session_redraw_due(p->stage.session, p->stage.now.ms);

	if (due == TIME_NEVER)
		same_text(p, rest, "never");
	else
		same_number(p, rest, (size_t)(due - p->stage.now.ms));
}

static void see_over(struct playing *p, const char *rest)
{
	(void)rest;
	if (session_is_over(p->stage.session) != !strcmp(p->line, "over"))
		WRONG(p, "it is otherwise");
}

/* Those of scenario_more.c are tried after these.  Longer words first where one begins with
 * another. */
static const struct {
	const char *word;
	void (*run)(struct playing *, const char *rest);
} words[] = {
	{ ">", do_say },
	{ "+", do_say_only },
	{ "go", do_go },
	{ "type", do_type },
	{ "key", do_key },
	{ "paste", do_paste },
	{ "ignored", do_ignored },
	{ "ask", do_ask },
	{ "confirm", do_confirm },
	{ "yes", do_yes },
	{ "wait", do_wait },
	{ "sleep", do_sleep },
	{ "ledger", do_ledger },
	{ "login", do_login },
	{ "no user", do_no_user },
	{ "keeping", do_keeping },
	{ "password", see_secret },
	{ "user", see_secret },
	{ "half", see_secret },
	{ "kept", see_kept },
	{ "face", see_face },
	{ "yeses", see_count },
	{ "noes", see_count },
	{ "terminate", do_terminate },
	{ "row", see_row },
	{ "also", see_also },
	{ "none", see_none },
	{ "puts", see_count },
	{ "bodies", see_count },
	{ "ones", see_count },
	{ "lists", see_count },
	{ "modules", see_count },
	{ "paths", see_count },
	{ "in flight", see_count },
	{ "wrote", see_wrote },
	{ "line", see_line },
	{ "mode", see_mode },
	{ "question", see_question },
	{ "second line", see_second },
	{ "notice", see_notice },
	{ "advice", see_advice },
	{ "log", see_log },
	{ "logged", see_logged },
	{ "news", see_news },
	{ "no news", see_news },
	{ "can", see_can },
	{ "cannot", see_can },
	{ "cursor", see_cursor },
	{ "hidden", see_hidden },
	{ "typing", see_typing },
	{ "typed", see_typed },
	{ "at", see_at },
	{ "request", see_request },
	{ "listed", see_listed },
	{ "not listed", see_listed },
	{ "link", see_link },
	{ "counts", see_counts },
	{ "redraw", see_redraw },
	{ "rows", see_rows },
	{ "over", see_over },
	{ "going on", see_over },
};

static void play_line(struct playing *p)
{
	unsigned revision;
	size_t i, length;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		length = strlen(words[i].word);
		if (strncmp(p->line, words[i].word, length) != 0 ||
		    (p->line[length] && p->line[length] != ' '))
			continue;
		revision = session_revision(p->stage.session);
		words[i].run(p, p->line + length + (p->line[length] == ' '));
		p->revision = revision;
		return;
	}
	revision = session_revision(p->stage.session);
	if (play_more(&p->stage, p->play->name, p->line) ||
	    play_fleet(&p->stage, p->play->name, p->line) ||
	    play_look(&p->stage, p->play->name, p->line)) {
		p->revision = revision;
		return;
	}
	WRONG(p, "%s", "it is not understood");
}

static void play_one(void **state)
{
	struct playing p = { .play = *state };
	const char *const *line;

	stage_open(&p.stage, p.play->cluster);
	for (line = p.play->lines; *line; line++) {
		p.line = *line;
		play_line(&p);
	}
	stage_close(&p.stage);
}

int play_all(const struct play *plays, size_t count, const struct CMUnitTest *more,
	     size_t more_count)
{
	static struct CMUnitTest tests[MOST_PLAYS];
	size_t i;

	if (count + more_count > MOST_PLAYS)
		abort();
	for (i = 0; i < count; i++)
		tests[i] = (struct CMUnitTest){ .name = plays[i].name,
						.test_func = play_one,
						.initial_state = (void *)&plays[i] };
	for (i = 0; i < more_count; i++)
		tests[count + i] = more[i];
	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return _cmocka_run_group_tests(__FILE__, tests, count + more_count, NULL, NULL);
}
