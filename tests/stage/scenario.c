#include "tests/stage/scenario.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SCENARIOS_MAX 200

/* A scenario that runs. */
struct scenario_run {
	const struct scenario *scenario;
	const char *line;
	struct stage stage;
	size_t wrote;	   /* audit lines checked so far */
	unsigned revision; /* before the previous line */
};

#define WRONG(p, ...) wrong(p, __LINE__, __VA_ARGS__)

static void wrong(const struct scenario_run *p, int line, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

static void wrong(const struct scenario_run *p, int line, const char *fmt, ...)
{
	char text[600];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	fail_msg("\"%s\", at \"%s\": %s (play.c:%d)", p->scenario->name, p->line, text, line);
}

static void same_text(const struct scenario_run *p, const char *want, const char *got)
{
	if (strcmp(want, got) != 0)
		WRONG(p, "it is \"%s\"", got);
}

static void same_number(const struct scenario_run *p, const char *want, size_t got)
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

static int key_of(const struct scenario_run *p, const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (!strcmp(keys[i].name, name))
			return keys[i].key;
	if (!name[0] || name[1])
		WRONG(p, "no such key: %s", name);
	return name[0];
}

/* --- actions --------------------------------------------------------------------------------- */

static void do_say(struct scenario_run *p, const char *rest)
{
	stage_script(&p->stage, "%s", rest);
	stage_settle(&p->stage);
}

static void do_say_only(struct scenario_run *p, const char *rest)
{
	stage_script(&p->stage, "%s", rest);
}

static void do_go(struct scenario_run *p, const char *rest)
{
	stage_choose(&p->stage, atoll(rest));
}

static void do_type(struct scenario_run *p, const char *rest)
{
	stage_type(&p->stage, rest);
}

static void do_key(struct scenario_run *p, const char *rest)
{
	stage_key(&p->stage, key_of(p, rest));
}

static void do_paste(struct scenario_run *p, const char *rest)
{
	stage_paste(&p->stage, rest);
}

static void do_ignored(struct scenario_run *p, const char *rest)
{
	(void)rest;
	stage_input(&p->stage, INPUT_IGNORED, 0, false);
	stage_settle(&p->stage);
}

static void do_ask(struct scenario_run *p, const char *rest)
{
	stage_key(&p->stage, key_of(p, rest));
	if (session_view(p->stage.session)->mode != MODE_QUESTION)
		WRONG(p, "no question was opened");
	stage_advance(&p->stage, QUESTION_GUARD_MS);
}

static void do_confirm(struct scenario_run *p, const char *rest)
{
	do_ask(p, rest);
	stage_key(&p->stage, 'y');
}

static void do_yes(struct scenario_run *p, const char *rest)
{
	(void)rest;
	stage_advance(&p->stage, QUESTION_GUARD_MS);
	stage_type(&p->stage, "yes");
	stage_key(&p->stage, KEY_RETURN);
}

static void do_wait(struct scenario_run *p, const char *rest)
{
	stage_advance(&p->stage, atoll(rest));
}

static void do_sleep(struct scenario_run *p, const char *rest)
{
	stage_sleep(&p->stage, atoll(rest));
}

static void do_audit_log(struct scenario_run *p, const char *rest)
{
	fake_audit_log_fails(p->stage.audit_log, !strcmp(rest, "fails"));
}

static void do_login(struct scenario_run *p, const char *rest)
{
	(void)rest;
	stage_script(&p->stage, "accept");
	cluster_on_login(p->stage.cluster, p->stage.now);
	stage_settle(&p->stage);
}

static void do_no_user(struct scenario_run *p, const char *rest)
{
	(void)rest;
	p->stage.login.user[0] = '\0';
}

static void do_save_pin(struct scenario_run *p, const char *rest)
{
	p->stage.save_pin_fails = !strcmp(rest, "fails");
}

static void do_terminate(struct scenario_run *p, const char *rest)
{
	(void)rest;
	session_terminate(p->stage.session, p->stage.now);
}

/* --- expectations ---------------------------------------------------------------------------- */

/* Splits off the next part of `FULL | MEDIUM | CODE`; NULL at the end. */
static char *next_form(char **rest)
{
	char *form = *rest, *bar = form ? strstr(form, " | ") : NULL;

	*rest = bar ? bar + 3 : NULL;
	if (bar)
		*bar = '\0';
	return form;
}

static void expect_row(struct scenario_run *p, const char *rest)
{
	char copy[600], *forms = copy, *form;
	int64_t uid = strtoll(rest, NULL, 10);

	snprintf(copy, sizeof(copy), "%s", rest + strcspn(rest, " "));
	forms += copy[0] == ' ';
	form = next_form(&forms);
	same_text(p, form, stage_result_text(&p->stage, uid));
	form = next_form(&forms);
	if (form)
		same_text(p, form, stage_result_medium(&p->stage, uid));
	form = next_form(&forms);
	if (form)
		same_text(p, form, stage_result_letters(&p->stage, uid));
}

static void expect_also(struct scenario_run *p, const char *rest)
{
	same_text(p, rest + strcspn(rest, " ") + 1,
		  stage_result_text_at(&p->stage, strtoll(rest, NULL, 10), 1));
}

static void expect_none(struct scenario_run *p, const char *rest)
{
	if (cluster_has_result(p->stage.cluster, atoll(rest)))
		WRONG(p, "there is \"%s\"", stage_result_text(&p->stage, atoll(rest)));
}

static void expect_secret(struct scenario_run *p, const char *rest)
{
	const struct login_input *login = &p->stage.login;

	same_text(p, rest,
		  !strncmp(p->line, "user", 4)	 ? login->user
		  : !strncmp(p->line, "half", 4) ? secret_peek(login->typed_password)
						 : secret_peek(login->password));
}

static void expect_kept(struct scenario_run *p, const char *rest)
{
	same_text(p, rest, p->stage.saved_pin.pin);
}

static void expect_face(struct scenario_run *p, const char *rest)
{
	static const char *const states[] = { "nothing", "now", "later" };

	same_text(p, rest, states[cluster_status(p->stage.cluster)->prompt_state]);
}

static void expect_count(struct scenario_run *p, const char *rest)
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

static void expect_wrote(struct scenario_run *p, const char *rest)
{
	size_t count = fake_audit_log_count(p->stage.audit_log, AUDIT_EVENTS);
	char got[400] = "";

	for (; p->wrote < count; p->wrote++) {
		const char *line = fake_audit_log_line(p->stage.audit_log, p->wrote);

		snprintf(got + strlen(got), sizeof(got) - strlen(got), "%s%.*s", got[0] ? " " : "",
			 (int)strcspn(line, " "), line);
	}
	same_text(p, rest, got);
}

static void expect_line(struct scenario_run *p, const char *rest)
{
	size_t count = fake_audit_log_count(p->stage.audit_log, AUDIT_EVENTS);

	same_text(p, rest, count ? fake_audit_log_line(p->stage.audit_log, count - 1) : "");
}

static void expect_mode(struct scenario_run *p, const char *rest)
{
	static const char *const modes[] = { "list", "question",   "filter",   "help",
					     "log",  "log filter", "handover", "diagnostics" };

	same_text(p, rest, modes[session_view(p->stage.session)->mode]);
}

static void expect_question(struct scenario_run *p, const char *rest)
{
	static const char *const kinds[] = { "none", "reset", "running", "ledger",
					     "bulk", "quit",  "trust",	 "login" };

	same_text(p, rest, kinds[session_view(p->stage.session)->question.kind]);
}

static void expect_second(struct scenario_run *p, const char *rest)
{
	const struct question *question = &session_view(p->stage.session)->question;
	const struct reset *reset = cluster_reset(p->stage.cluster, question->reset_id);
	char text[240] = "";

	if (reset)
		question_format_change(p->stage.cluster, reset_target(reset), text, sizeof(text));
	else
		WRONG(p, "there is no question");
	same_text(p, rest, text);
}

static void expect_notice(struct scenario_run *p, const char *rest)
{
	same_text(p, rest, session_view(p->stage.session)->notice);
}

static void expect_advice(struct scenario_run *p, const char *rest)
{
	char text[120];

	session_available_keys(p->stage.session, text, sizeof(text));
	same_text(p, rest, text);
}

static void expect_log(struct scenario_run *p, const char *rest)
{
	const struct log *log = session_view(p->stage.session)->log;

	same_text(p, rest, log_count(log) ? log_at(log, 0)->outcome : "");
}

static void expect_logged(struct scenario_run *p, const char *rest)
{
	const struct log *log = session_view(p->stage.session)->log;
	size_t i;

	for (i = 0; i < log_count(log); i++)
		if (!strcmp(log_at(log, i)->outcome, rest))
			return;
	WRONG(p, "%s", "it was not logged");
}

static void expect_news(struct scenario_run *p, const char *rest)
{
	bool news = session_revision(p->stage.session) != p->revision;

	(void)rest;
	if (news != (p->line[1] == 'e'))
		WRONG(p, "it is %snews", news ? "" : "no ");
}

static void expect_can(struct scenario_run *p, const char *rest)
{
	bool can = session_can(p->stage.session, command_of_key(key_of(p, rest)));

	if (can != !strncmp(p->line, "can ", 4))
		WRONG(p, "it %s", can ? "can" : "cannot");
}

static void expect_cursor(struct scenario_run *p, const char *rest)
{
	struct bdb_id id = { 0 };

	view_cursor(session_view(p->stage.session)->list, &id, NULL);
	same_number(p, rest, (size_t)id.uid);
}

static void expect_rows(struct scenario_run *p, const char *rest)
{
	const struct view *view = session_view(p->stage.session)->list;
	char got[400] = "";
	size_t row;

	for (row = 0; row < view_rows(view); row++)
		snprintf(got + strlen(got), sizeof(got) - strlen(got), "%s%lld", row ? " " : "",
			 (long long)view_at(view, row).uid);
	same_text(p, rest, got);
}

static void expect_hidden(struct scenario_run *p, const char *rest)
{
	same_number(p, rest, view_hidden(session_view(p->stage.session)->list));
}

static void expect_typing(struct scenario_run *p, const char *rest)
{
	same_text(p, rest, session_view(p->stage.session)->typing);
}

static void expect_typed(struct scenario_run *p, const char *rest)
{
	same_text(p, rest, session_view(p->stage.session)->question.typed);
}

static void expect_at(struct scenario_run *p, const char *rest)
{
	same_number(p, rest, session_view(p->stage.session)->log_cursor);
}

static void expect_request(struct scenario_run *p, const char *rest)
{
	enum command_id id = session_take_request(p->stage.session);

	same_text(p, rest, id == CMD_NONE ? "none" : commands[id].name);
}

static void expect_listed(struct scenario_run *p, const char *rest)
{
	const struct roster *roster = cluster_roster(p->stage.cluster);
	const struct roster_entry *entry = roster_find(roster, atoll(rest));

	if (!entry)
		WRONG(p, "%s", "it is unknown");
	else if (roster_entry_is_listed(entry) != (p->line[0] == 'l'))
		WRONG(p, "%s", "it is otherwise");
}

static void expect_link(struct scenario_run *p, const char *rest)
{
	static const char *const links[] = { "first",	"fresh",     "cut",
					     "refused", "untrusted", "signed-out" };

	same_text(p, rest, links[cluster_status(p->stage.cluster)->conn]);
}

static void expect_counts(struct scenario_run *p, const char *rest)
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

static void expect_redraw(struct scenario_run *p, const char *rest)
{
	int64_t due = session_redraw_due(p->stage.session, p->stage.now.ms);

	if (due == TIME_NEVER)
		same_text(p, rest, "never");
	else
		same_number(p, rest, (size_t)(due - p->stage.now.ms));
}

static void expect_over(struct scenario_run *p, const char *rest)
{
	(void)rest;
	if (session_view(p->stage.session)->over != !strcmp(p->line, "over"))
		WRONG(p, "it is otherwise");
}

/* Lines of scenario_more.c come after these.  A word comes before its own prefixes. */
static const struct {
	const char *word;
	void (*run)(struct scenario_run *, const char *rest);
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
	{ "ledger", do_audit_log },
	{ "login", do_login },
	{ "no user", do_no_user },
	{ "keeping", do_save_pin },
	{ "password", expect_secret },
	{ "user", expect_secret },
	{ "half", expect_secret },
	{ "kept", expect_kept },
	{ "face", expect_face },
	{ "yeses", expect_count },
	{ "noes", expect_count },
	{ "terminate", do_terminate },
	{ "row", expect_row },
	{ "also", expect_also },
	{ "none", expect_none },
	{ "puts", expect_count },
	{ "bodies", expect_count },
	{ "ones", expect_count },
	{ "lists", expect_count },
	{ "modules", expect_count },
	{ "paths", expect_count },
	{ "in flight", expect_count },
	{ "wrote", expect_wrote },
	{ "line", expect_line },
	{ "mode", expect_mode },
	{ "question", expect_question },
	{ "second line", expect_second },
	{ "notice", expect_notice },
	{ "advice", expect_advice },
	{ "log", expect_log },
	{ "logged", expect_logged },
	{ "news", expect_news },
	{ "no news", expect_news },
	{ "can", expect_can },
	{ "cannot", expect_can },
	{ "cursor", expect_cursor },
	{ "hidden", expect_hidden },
	{ "typing", expect_typing },
	{ "typed", expect_typed },
	{ "at", expect_at },
	{ "request", expect_request },
	{ "listed", expect_listed },
	{ "not listed", expect_listed },
	{ "link", expect_link },
	{ "counts", expect_counts },
	{ "redraw", expect_redraw },
	{ "rows", expect_rows },
	{ "over", expect_over },
	{ "going on", expect_over },
};

static void run_line(struct scenario_run *p)
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
	if (scenario_more(&p->stage, p->scenario->name, p->line) ||
	    scenario_fleet(&p->stage, p->scenario->name, p->line) ||
	    scenario_detail(&p->stage, p->scenario->name, p->line)) {
		p->revision = revision;
		return;
	}
	WRONG(p, "%s", "it is not understood");
}

static void play_one(void **state)
{
	struct scenario_run p = { .scenario = *state };
	const char *const *line;

	stage_open(&p.stage, p.scenario->cluster);
	for (line = p.scenario->lines; *line; line++) {
		p.line = *line;
		run_line(&p);
	}
	stage_close(&p.stage);
}

int scenario_run_all(const struct scenario *plays, size_t count, const struct CMUnitTest *more,
		     size_t more_count)
{
	static struct CMUnitTest tests[SCENARIOS_MAX];
	size_t i;

	if (count + more_count > SCENARIOS_MAX)
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
