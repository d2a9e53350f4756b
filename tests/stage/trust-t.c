/*
 * Prompts of the source about a certificate or a log-in, and what may not be sent meanwhile.
 */
#include "bdbtop/core/array.h"
#include "tests/stage/scenario.h"

static const char *const triage[] = {
	"bdb 12 name=orders-eu backup=failed:no-permission",
	"bdb 44 name=ledger backup=succeeded export=failed:wrong-file-path",
	"bdb 1 name=accounts backup=succeeded",
	NULL,
};
/* Before the first poll. */
static const char *const unknown[] = {
	"bdb 12 name=orders-eu backup=failed:no-permission",
	"ask trust",
	NULL,
};
static const char *const nobody[] = {
	"bdb 12 name=orders-eu backup=failed:no-permission",
	"ask login",
	NULL,
};

#define REFUSED "> refuse login Log-in refused (401).", "> ask login"
#define PIN	"sha256//K+gEncF2P1qQHrdIbNMl+oEMX7KX5D1oqhb5Q9B+LJU="

static const struct scenario scenarios[] = {
	/* the first contact */
	{ "nothing is sent before the certificate is trusted", unknown,
	  LINES("conn untrusted", "question trust", "lists 0", "wait 600000", "lists 0",
		"question trust", "yeses 0", "noes 0") },
	{ "y trusts it, keeps its pin, and polls begin", unknown,
	  LINES("question trust", "wait 250", "key y", "question none", "yeses 1", "saved pin " PIN,
		"conn ok", "lists 1", "rows 12", "wait 5000", "lists 2", "can b") },
	{ "y that comes too early trusts nothing", unknown,
	  LINES("wait 249", "key y", "question trust", "lists 0", "wait 250", "key y",
		"question none", "lists 1") },
	{ "what is pasted trusts nothing", unknown,
	  LINES("wait 250", "paste y", "paste yes", "question trust", "lists 0") },
	{ "n, enter and esc send nothing", unknown,
	  LINES("key n", "question none", "noes 1", "conn untrusted", "saved pin ", "wait 600000",
		"lists 0", "key f5", "question trust", "key enter", "noes 2", "key enter",
		"question trust", "key esc", "noes 3", "lists 0", "key b", "lists 0", "key q",
		"over") },
	{ "it is asked again, and then it may be trusted", unknown,
	  LINES("key n", "key f5", "question trust", "key y", "question trust", "wait 250", "key y",
		"conn ok", "lists 1", "saved pin " PIN) },
	{ "another certificate under the question is another question", unknown,
	  LINES("wait 250", "+ ask trust", "key y", "question trust", "lists 0", "yeses 0",
		"wait 250", "key y", "yeses 1",
		"saved pin sha256//xAe5bhKN9Tpb4JRxL8wIpj3xaoWcQucQuFMP2nQpkb4=") },
	{ "a pin that cannot be saved is told, and trusted for this run", unknown,
	  LINES("saving pins fails", "wait 250", "key y", "saved pin ", "conn ok", "lists 1") },
	{ "a refusal takes the question away", unknown,
	  LINES("> refuse trust The key is none.", "question none",
		"notice question withdrawn: trust lost", "conn untrusted", "wait 600000",
		"lists 0") },
	{ "a lost trust withdraws the question of a reset, and asks its own", triage,
	  LINES("go 12", "ask b", "> refuse trust No.", "question none", "> ask trust",
		"question trust", "wait 250", "key y", "conn ok", "question none", "puts 0",
		"ones 0") },
	{ "a question of trust waits until the list is in front again", triage,
	  LINES("key /", "> ask trust", "mode filter", "question none", "type y", "key esc",
		"question trust", "yeses 0") },

	/* the key changed */
	{ "a changed key is no question", triage,
	  LINES("> changed", "conn untrusted", "prompt state nothing", "question none", "key y",
		"key enter", "wait 600000", "lists 1", "puts 0",
		"available keys no reset: not trusted") },
	{ "esc brings the last list, and f5 looks again", triage,
	  LINES("> changed", "can esc", "key esc", "rows 12 44 1", "cannot esc", "key f5",
		"can esc") },
	{ "a line to type brings the last list too", triage,
	  LINES("> changed", "key /", "mode filter", "cannot esc", "key esc", "mode list",
		"key f5", "can esc", "key w", "cannot esc", "key esc", "key f5", "key s",
		"cannot esc") },
	{ "the right key again is trusted again", triage,
	  LINES("> changed", "wait 5000", "conn untrusted", "> accept", "conn ok", "lists 2") },
	{ "a list that was asked before the change proves nothing", triage,
	  LINES("> hold list", "wait 5000", "> changed", "wait 1", "> release list",
		"conn untrusted") },

	{ "an outage when it is looked at again is an outage", triage,
	  LINES("> changed", "> fail Gone.", "wait 10", "conn untrusted", "key f5", "> accept",
		"conn down", "> recover", "wait 2000", "conn ok", "cannot esc") },

	/* without a log-in */
	{ "without a password it is asked for before anything leaves", nobody,
	  LINES("conn no-login", "question login", "lists 0", "wait 600000", "lists 0",
		"type geheim", "typed password geheim", "password first", "key enter",
		"question none", "password geheim", "typed password ", "user admin@prod.example",
		"yeses 1", "lists 1", "conn ok", "rows 12") },
	{ "without a user he is asked for first", triage,
	  LINES("no user", "> ask login", "question login", "wait 250", "key enter", "type op:s",
		"key rubout", "type xs", "typed password ", "user ", "key enter", "type geheim",
		"typed password geheim", "user ", "key enter", "user opxs", "password geheim",
		"yeses 1") },
	{ "the user can be pasted and taken back", triage,
	  LINES("no user", "> ask login", "wait 250", "type nobody", "key ctrl-u",
		"paste ops@example\r", "key enter", "paste pw", "key enter", "user ops@example",
		"password pw") },
	{ "who leaves is asked again by enter and by f5", nobody,
	  LINES("wait 250", "type half", "typed password half", "key esc", "typed password ",
		"password first", "question none", "prompt state later", "conn no-login", "noes 0",
		"yeses 0", "wait 600000", "lists 0", "question none", "key f5", "question login",
		"key esc", "key enter", "question login", "wait 250", "type new", "key enter",
		"password new", "lists 1", "conn ok") },
	{ "a refusal of the first log-in asks again", nobody,
	  LINES("> logins bad", "wait 250", "type bad", "key enter", "lists 1",
		"conn login-refused", "question login", "wait 600000", "lists 1", "> logins good",
		"type good", "key enter", "lists 2", "conn ok", "wait 5000", "lists 3") },

	/* a log-in refused later */
	{ "a refusal asks for the password, and keeps the picture", triage,
	  LINES(REFUSED, "conn login-refused", "question login", "rows 12 44 1", "wait 600000",
		"lists 1", "type second", "key enter", "password second", "yeses 1", "lists 2",
		"conn ok", "log logged in again", "go 12", "can b") },
	{ "esc stays signed out", triage,
	  LINES(REFUSED, "key esc", "question none", "prompt state later", "conn login-refused",
		"rows 12 44 1", "available keys no reset: log-in refused", "cannot b", "key f5",
		"question login", "key ctrl-c", "question none", "wait 600000", "lists 1",
		"key enter", "question login", "key esc", "detail closed", "key q", "over") },
	{ "each password that is typed is sent once", triage,
	  LINES("> logins bad", REFUSED, "wait 250", "type two", "key enter", "lists 2",
		"question login", "wait 600000", "lists 2", "type three", "key enter", "lists 3",
		"question login", "yeses 2", "wait 600000", "lists 3", "puts 0") },
	{ "the user who was typed is asked for again, and enter keeps him", triage,
	  LINES("no user", "> logins bad", "> ask login", "wait 250", "type ops", "key enter",
		"type x", "key enter", "user ops", "question login", "wait 250", "key enter",
		"type y", "typed password y", "key enter", "user ops", "password y", "wait 250",
		"key rubout", "key rubout", "type aul", "key enter", "type z", "key enter",
		"user oaul", "password z") },
	{ "enter on nothing sends nothing", triage,
	  LINES(REFUSED, "wait 250", "key enter", "key enter", "question login", "yeses 0",
		"lists 1") },
	{ "the password is pasted, its first line", triage,
	  LINES(REFUSED, "wait 250", "paste cor\rrect\n", "typed password cor", "question login",
		"wait 250", "key enter", "password cor") },
	{ "enter sends a password only by itself, and not right after what is ignored", triage,
	  LINES(REFUSED, "wait 250", "type new\r", "typed password new", "question login",
		"yeses 0", "wait 250", "ignored", "key enter", "question login", "wait 250",
		"key enter", "password new", "yeses 1") },
	{ "enter after the user always counts, so that no password is shown as the user", triage,
	  LINES("no user", "> ask login", "wait 250", "type ops\rgeheim", "typed password geheim",
		"key ctrl-u", "key esc", "key f5", "wait 250", "type ops", "ignored", "key enter",
		"type geheim", "typed password geheim") },
	{ "an escape that is pasted leaves nothing", triage,
	  LINES(REFUSED, "wait 250", "paste a\033[b\003\177", "typed password a",
		"question login") },
	{ "it is mended with rubout and ctrl-u, a character at a time", triage,
	  LINES(REFUSED, "wait 250", "type ab", "key rubout", "typed password a", "key rubout",
		"key rubout", "typed password ", "type cd", "key ctrl-u", "typed password ",
		"type e", "typed password e") },
	{ "keys that are no characters are no part of it", triage,
	  LINES(REFUSED, "wait 250", "type a", "key up", "key f5", "key home", "key pgdn", "key f1",
		"typed password a", "question login", "key ctrl-l", "request redraw",
		"typed password a") },
	{ "commands are letters there", triage,
	  LINES(REFUSED, "wait 250", "type bqyn/?lp X", "typed password bqyn/?lp X", "not over",
		"puts 0", "question login") },
	{ "what was typed towards something else is no part of it", triage,
	  LINES("+ refuse login No.", "+ ask login", "type bn", "question login", "typed password ",
		"key a", "typed password ", "wait 249", "key a", "typed password ", "wait 1",
		"key a", "typed password a") },
	{ "a refusal withdraws the question of a reset", triage,
	  LINES("go 12", "ask b", "+ refuse login No.", "> ask login", "question login",
		"notice question withdrawn: log-in refused", "wait 250", "type y",
		"typed password y", "key enter", "conn ok", "question none", "puts 0", "ones 0",
		"none 12") },
	{ "the prompt waits until filter, help and log are closed", triage,
	  LINES("key /", REFUSED, "mode filter", "type led", "typed password ", "key enter",
		"question login", "key esc", "key f5", "key esc", "key l", "key f5", "mode log",
		"prompt state now", "question none", "key esc", "question login") },
	{ "q asks first when something is unfinished, then the prompt comes", triage,
	  LINES("> put 200 keep", "go 12", "confirm b", "key q", "question quit", REFUSED,
		"question quit", "key n", "question login") },
	{ "one question at a time: a second refusal leaves what is typed", triage,
	  LINES(REFUSED, "wait 250", "type hal", "> refuse login No.", "question login", "type f",
		"typed password half", "key enter", "password half", "yeses 1") },
	{ "a prompt that nobody needs any more goes, and what was typed with it", triage,
	  LINES(REFUSED, "wait 250", "type half", "login", "question none", "typed password ",
		"conn ok", "password first") },
	{ "a lost trust takes the prompt away", triage,
	  LINES(REFUSED, "wait 250", "type half", "> changed", "question none", "typed password ",
		"conn untrusted") },
	{ "an outage while a new log-in is tried is an outage", triage,
	  LINES(REFUSED, "> fail No.", "wait 250", "type x", "key enter", "conn down", "wait 2000",
		"conn down", "> recover", "wait 2000", "conn ok", "log answers again after 4s") },

	/* resets */
	{ "a new log-in revives no reset", triage,
	  LINES("> put 409", "go 12", "confirm b", "row 12 409 busy, again in 2s (1/6)", REFUSED,
		"row 12 stopped: log-in refused", "wait 250", "type new", "key enter", "conn ok",
		"wait 600000", "puts 1", "row 12 stopped: log-in refused") },
	{ "reading back goes on when the right key is back, too", triage,
	  LINES("> put 200 keep", "go 12", "confirm b", "wait 100", "> changed", "wait 60000",
		"row 12 accepted, not confirmed: trust lost", "> bdb 12 backup=~:~", "> accept",
		"key f5", "conn ok", "wait 1000", "puts 1", "row 12 cleared, was no-permission") },
	{ "and when the user trusts the new certificate", triage,
	  LINES("> put 0", "go 12", "confirm b", "wait 100", "> refuse trust No.", "> ask trust",
		"wait 250", "key y", "> bdb 12 backup=~:~", "> accept", "wait 6000", "conn ok",
		"puts 1",
		"row 12 no answer, now idle") },
	{ "one that is asked for after the new log-in is sent", triage,
	  LINES(REFUSED, "wait 250", "type new", "key enter", "go 12", "confirm b", "wait 1000",
		"puts 1", "row 12 cleared, was no-permission") },
};

static void press(struct stage *stage, int key, int times)
{
	while (times-- > 0)
		stage_input(stage, INPUT_KEY, key, true);
}

/* A partial character would make it another password. */
static void a_password_that_is_too_long_ends_with_a_whole_character(void **state)
{
	struct stage stage;
	const char *half;

	stage_open(&stage, nobody);
	stage_advance(&stage, QUESTION_GUARD_MS);
	half = secret_peek(stage.login.typed_password);
	press(&stage, 0x20ac, 1);
	assert_string_equal(half, "\342\202\254");
	press(&stage, KEY_RUBOUT, 1);
	assert_string_equal(half, "");
	press(&stage, 'a', 4095);
	press(&stage, 0x20ac, 3);
	assert_int_equal(strlen(half), 4095);
	press(&stage, 'b', 3);
	assert_int_equal(strlen(half), 4096);
	press(&stage, KEY_RUBOUT, 1);
	assert_int_equal(strlen(half), 4095);
	assert_int_equal(half[4094], 'a');
	stage_close(&stage);
}

static void a_user_that_is_too_long_is_cut(void **state)
{
	struct stage stage;

	stage_open(&stage, NULL);
	stage.login.user[0] = '\0';
	stage_script(&stage, "ask login");
	stage_settle(&stage);
	stage_advance(&stage, QUESTION_GUARD_MS);
	press(&stage, 0xe9, 200);
	assert_int_equal(strlen(session_view(stage.session)->question.user), 126);
	press(&stage, KEY_RETURN, 1);
	press(&stage, 'x', 1);
	press(&stage, KEY_RETURN, 1);
	assert_int_equal(strlen(stage.login.user), 126);
	assert_int_equal(script_counts(stage.script)->yeses, 1);
	stage_close(&stage);
}

int main(void)
{
	static const struct CMUnitTest more[] = {
		cmocka_unit_test(a_password_that_is_too_long_ends_with_a_whole_character),
		cmocka_unit_test(a_user_that_is_too_long_is_cut),
	};

	return scenario_run_all(scenarios, ARRAY_SIZE(scenarios), more,
				ARRAY_SIZE(more));
}
