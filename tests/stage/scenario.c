#include "tests/stage/scenario_internal.h"

#define SCENARIOS_MAX 200
#define CLUSTER_MAX   100 /* script lines before the first poll */

void scenario_fail(const struct scenario_run *p, const char *fmt, ...)
{
	char text[2048];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	fail_msg("\"%s\", %s, at \"%s\": %s", p->scenario->name, p->lists, p->line, text);
}

int scenario_key(const struct scenario_run *p, const char *name)
{
	static const struct {
		const char *name;
		int key;
	} keys[] = {
		{ "esc", KEY_ESCAPE },	   { "enter", KEY_RETURN },	{ "tab", KEY_TAB },
		{ "ctrl-c", KEY_CTRL_C },  { "ctrl-u", KEY_CTRL_U },	{ "ctrl-l", KEY_CTRL_L },
		{ "ctrl-z", KEY_CTRL_Z },  { "rubout", KEY_RUBOUT },	{ "space", ' ' },
		{ "up", KEY_CURSOR_UP },   { "down", KEY_CURSOR_DOWN }, { "pgup", KEY_PAGE_UP },
		{ "pgdn", KEY_PAGE_DOWN }, { "home", KEY_FIRST },	{ "end", KEY_LAST },
		{ "f1", KEY_FUNCTION_1 },  { "f5", KEY_FUNCTION_5 },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(keys); i++)
		if (!strcmp(keys[i].name, name))
			return keys[i].key;
	if (!name[0] || name[1])
		scenario_fail(p, "no such key: %s", name);
	return name[0];
}

/* --- actions --------------------------------------------------------------------------------- */

static void run_script_line(struct scenario_run *p, const char *rest)
{
	stage_script(&p->stage, "%s", rest);
	if (p->line[0] == '>')
		stage_settle(&p->stage);
}

static void press(struct scenario_run *p, const char *rest)
{
	stage_key(&p->stage, scenario_key(p, rest));
}

static void send_ignored(struct scenario_run *p, const char *rest)
{
	(void)rest;
	stage_input(&p->stage, INPUT_IGNORED, 0, false);
	stage_settle(&p->stage);
}

static void ask(struct scenario_run *p, const char *rest)
{
	press(p, rest);
	if (session_view(p->stage.session)->mode != MODE_QUESTION)
		scenario_fail(p, "no question was opened");
	stage_advance(&p->stage, QUESTION_GUARD_MS);
}

static void confirm(struct scenario_run *p, const char *rest)
{
	ask(p, rest);
	stage_key(&p->stage, 'y');
}

static void confirm_typed(struct scenario_run *p, const char *rest)
{
	(void)rest;
	stage_advance(&p->stage, QUESTION_GUARD_MS);
	stage_type(&p->stage, "yes");
	stage_key(&p->stage, KEY_RETURN);
}

static void fail_audit_log(struct scenario_run *p, const char *rest)
{
	fake_audit_log_fails(p->stage.audit_log, !strcmp(rest, "fails"));
}

static void accept_login(struct scenario_run *p, const char *rest)
{
	(void)rest;
	stage_script(&p->stage, "accept");
	cluster_sink()->on_login(p->stage.cluster, p->stage.now.ms);
	stage_settle(&p->stage);
}

static void forget_user(struct scenario_run *p, const char *rest)
{
	(void)rest;
	p->stage.login.user[0] = '\0';
}

static void fail_save_pin(struct scenario_run *p, const char *rest)
{
	p->stage.save_pin_fails = !strcmp(rest, "fails");
}

static void terminate(struct scenario_run *p, const char *rest)
{
	(void)rest;
	session_terminate(p->stage.session, p->stage.now);
}

static void click(struct scenario_run *p, const char *rest)
{
	session_click(p->stage.session, (size_t)atol(rest), strstr(rest, "twice") != NULL,
		      p->stage.now);
	stage_settle(&p->stage);
}

static void wheel(struct scenario_run *p, const char *rest)
{
	session_wheel(p->stage.session, atoi(rest), p->stage.now);
	stage_settle(&p->stage);
}

static void wheel_detail(struct scenario_run *p, const char *rest)
{
	session_wheel_detail(p->stage.session, atoi(rest), p->stage.now);
	stage_settle(&p->stage);
}

static void fit_lines(struct scenario_run *p, const char *rest)
{
	struct session *session = p->stage.session;
	const char *of = strstr(rest, "of ");
	size_t fit = (size_t)atol(rest), lines = of ? (size_t)atol(of + 3) : fit;

	if (session_view(session)->mode >= MODE_HANDOVER)
		session_set_page_lines(session, lines, fit);
	else
		session_set_detail_lines(session, lines, fit);
}

static int offset_s; /* of the scenario that runs */

static int offset_of(int64_t wall_s)
{
	(void)wall_s;
	return offset_s;
}

static void set_offset(struct scenario_run *p, const char *rest)
{
	offset_s = atoi(rest);
	session_set_offset(p->stage.session, offset_of);
}

static void report_copied(struct scenario_run *p, const char *rest)
{
	session_on_copied(p->stage.session, true, rest);
}

static unsigned transition_words(const char *rest)
{
	unsigned mask = 0;
	int word;

	for (word = 0; word < TRANSITION_KINDS; word++) {
		const char *at = strstr(rest, transition_defs[word].word);
		size_t length = strlen(transition_defs[word].word);

		if (at && (!at[length] || at[length] == ','))
			mask |= 1U << word;
	}
	return mask;
}

/* `rings for`, `notifies for`, `rings and notifies for`: the bell, a notification, both. */
static void set_notifications(struct scenario_run *p, const char *rest)
{
	unsigned words = transition_words(rest);

	session_set_notifications(p->stage.session, p->line[0] == 'n' ? 0 : words,
				  strstr(p->line, "notifies for ") ? words : 0);
}

static const struct scenario_step actions[] = {
	{ ">", .act = run_script_line },
	{ "+", .act = run_script_line },
	{ "go", .act_number = stage_choose },
	{ "type", .act_text = stage_type },
	{ "key", .act = press },
	{ "paste", .act_text = stage_paste },
	{ "ignored", .act = send_ignored },
	{ "ask", .act = ask },
	{ "confirm", .act = confirm },
	{ "yes", .act = confirm_typed },
	{ "wait", .act_number = stage_advance },
	{ "sleep", .act_number = stage_sleep },
	{ "audit log", .act = fail_audit_log },
	{ "login", .act = accept_login },
	{ "no user", .act = forget_user },
	{ "saving pins", .act = fail_save_pin },
	{ "terminate", .act = terminate },
	{ "click", .act = click },
	{ "wheel", .act = wheel },
	{ "wheel detail", .act = wheel_detail },
	{ "fits", .act = fit_lines },
	{ "offset", .act = set_offset },
	{ "copied", .act = report_copied },
	{ "rings for", .act = set_notifications },
	{ "notifies for", .act = set_notifications },
	{ "rings and notifies for", .act = set_notifications },
};

/* --- the runner ------------------------------------------------------------------------------ */

/* The step whose words are the longest that begin the line, or NULL. */
static const struct scenario_step *find_step(const struct scenario_step *steps, size_t count,
					     const char *line)
{
	const struct scenario_step *found = NULL;
	size_t i, length, longest = 0;

	for (i = 0; i < count; i++) {
		length = strlen(steps[i].word);
		if (length > longest && !strncmp(line, steps[i].word, length) &&
		    (!line[length] || line[length] == ' ')) {
			found = &steps[i];
			longest = length;
		}
	}
	return found;
}

static const char *after_word(const char *text, size_t length)
{
	text += length;
	return text + (*text == ' ');
}

static void run_line(struct scenario_run *p)
{
	const struct scenario_step *step = find_step(actions, ARRAY_SIZE(actions), p->line);
	unsigned revision = session_revision(p->stage.session);

	if (!step)
		step = find_step(scenario_expectations, scenario_expectation_count, p->line);
	if (!step) {
		scenario_fail(p, "there is no such step");
		return;
	}
	p->rest = after_word(p->line, strlen(step->word));
	p->want = step->line ? p->line : p->rest;
	if (step->has_uid) {
		p->uid = atoll(p->rest);
		p->want = step->line ? p->line : after_word(p->rest, strcspn(p->rest, " "));
	}
	if (step->act)
		step->act(p, p->rest);
	else if (step->act_text)
		step->act_text(&p->stage, p->rest);
	else if (step->act_number)
		step->act_number(&p->stage, atoll(p->rest));
	else
		scenario_expect(p, step);
	p->revision = revision;
}

/* Opens the stage with this form of lists, from the first one on. */
static void open_stage(struct scenario_run *p, const char *lists)
{
	const char *const *cluster = p->scenario->cluster;
	const char *lines[CLUSTER_MAX + 2] = { lists };
	size_t count = 0;

	while (cluster && cluster[count])
		count++;
	if (count > CLUSTER_MAX)
		abort();
	if (count)
		memcpy(lines + 1, cluster, count * sizeof(*lines));
	p->lists = lists;
	stage_open(&p->stage, lines);
}

static void run_on_form(const struct scenario *scenario, const char *lists)
{
	struct scenario_run p = { .scenario = scenario };
	const char *const *line;

	open_stage(&p, lists);
	for (line = p.scenario->lines; *line; line++) {
		p.line = *line;
		run_line(&p);
	}
	stage_close(&p.stage);
}

static void run_scenario(void **state)
{
	run_on_form(*state, "lists whole");
	run_on_form(*state, "lists compared");
}

int scenario_run_all(const struct scenario *scenarios, size_t count, const struct CMUnitTest *more,
		     size_t more_count)
{
	static struct CMUnitTest tests[SCENARIOS_MAX];
	size_t i;

	if (count + more_count > SCENARIOS_MAX)
		abort();
	for (i = 0; i < count; i++)
		tests[i] = (struct CMUnitTest){ .name = scenarios[i].name,
						.test_func = run_scenario,
						.initial_state = (void *)&scenarios[i] };
	for (i = 0; i < more_count; i++)
		tests[count + i] = more[i];
	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return _cmocka_run_group_tests(__FILE__, tests, count + more_count, NULL, NULL);
}
