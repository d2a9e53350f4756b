/*
 * The handover: its text, copying it, and what a shell does with it.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bdbtop/core/array.h"
#include "tests/random.h"
#include "tests/stage/scenario.h"

#define CURL "curl --netrc -X PUT -H 'Accept: application/json' -H 'Content-Length: 0' "
#define URL  "https://cluster.prod.example:9443/v1/bdbs/"

static const char *const triage[] = {
	"bdb 12 name=orders-eu backup=failed:no-permission periodic=true every=86400 "
	"backup.last=2026-11-18T16:02:11Z",
	"bdb 44 name=ledger backup=succeeded export=failed:wrong-file-path",
	"bdb 7 name=sessions backup=exporting: backup.percent=42",
	NULL,
};

static const struct scenario scenarios[] = {
	{ "y opens the page and asks for the copy", triage,
	  LINES("can y", "go 12", "key y", "changed", "mode handover", "request copy", "outcome ",
		"copied sent to the terminal", "changed", "outcome sent to the terminal",
		"request none", "key y", "request copy", "outcome ", "key esc", "mode list",
		"detail of 0", "requested shards 0") },
	{ "the page is scrolled and nothing of it resets anything", triage,
	  LINES("go 12", "key y", "fits 5 of 20", "key down", "page 1", "key pgdn", "page 5",
		"wheel -2", "page 3", "key G", "page 15", "type bei*s", "mode handover",
		"question none", "key ?", "mode help", "key x", "mode handover", "key enter",
		"mode list") },
	{ "the text is what was so when y was pressed", triage,
	  LINES("go 12", "key y", "handover has backup failed, no-permission",
		"> bdb 12 backup=succeeded:", "wait 5000",
		"handover has backup failed, "
		"no-permission") },
	{ "it says what, since when, how late, what next", triage,
	  LINES("offset 7200", "go 12", "key y",
		"handover begins # db:12 orders-eu on prod-eu, cluster.prod.example:9443",
		"handover has # backup failed, no-permission",
		"handover has #   since before 2026-11-21 20:14:05Z, 2026-11-21 22:14:05+02 here",
		"handover has #   last good 2026-11-18 16:02:11Z, 2026-11-18 18:02:11+02 here, "
		"3d 04h ago",
		"handover has #   planned every 24h: 2d 04h late, 3 missed, was due 2026-11-19 "
		"16:02:11Z, "
		"2026-11-19 18:02:11+02 here",
		"handover has #   next try by the cluster, about every 5 min",
		"handover has # export idle, never exported\n# import idle\n",
		"handover has #   A reset clears the status, not the cause, it is not "
		"documented whether "
		"the cluster then keeps retrying.",
		"handover has #   The storage refused the write.",
		"handover has #     the role has List and Put permission on the bucket",
		"handover has # sent from here: nothing",
		"handover has # written 2026-11-21 20:14:05Z, 2026-11-21 22:14:05+02 here, from "
		"data of "
		"2026-11-21 20:14:05Z",
		"handover has \n" CURL "'" URL "12/actions/backup_reset_status'\n") },
	{ "where local time is not known it tells UTC alone", triage,
	  LINES("go 12", "key y", "handover lacks here,",
		"handover has since before 2026-11-21 20:14:05Z, the first poll of this run\n") },
	{ "where local time is UTC it is told once", triage,
	  LINES("offset 0", "go 12", "key y", "handover lacks here,", "handover lacks +00",
		"handover has # local time here is UTC\n") },
	{ "an offset with minutes is told with them", triage,
	  LINES("offset -12600", "go 12", "key y",
		"handover has last good 2026-11-18 16:02:11Z, 2026-11-18 12:32:11-0330 here") },
	{ "it tells what was sent, and what came of it", triage,
	  LINES("> put 500 The disk is on fire.", "go 12", "confirm b", "wait 30000", "key y",
		"handover has # sent from here:\n#   2026-11-21 20:14:05Z reset backup, was failed "
		"no-permission",
		"handover has 500", "key esc", "detail of 0") },
	{ "it tells what is under way, in the words of the summary", triage,
	  LINES("> put 409", "offset 0", "go 12", "confirm b", "wait 600", "key y",
		"handover has # under way:\n#   backup reset: 409 busy: the cluster runs another "
		"action on this database. Retry 1 of 6 is sent at 2026-11-21 20:14:0",
		"key esc", "key Y", "handover has # under way:\n#   backup reset: 409 busy",
		"key esc", "wait 60000", "key y", "handover lacks under way") },
	{ "it tells that a lost one may have been done", triage,
	  LINES("> put 0", "go 12", "confirm b", "wait 600", "key y",
		"handover has # under way:\n#   backup reset: no answer, may have been done\n") },
	{ "the call resets what failed worst", triage,
	  LINES("go 44", "key y", "handover has export failed, wrong-file-path",
		"handover has \n" CURL "'" URL "44/actions/export_reset_status'\n") },
	{ "where nothing failed it reads the status", triage,
	  LINES("go 7", "key y", "handover has # backup running, 42%", "handover lacks PUT",
		"handover has \ncurl --netrc -H 'Accept: application/json' '" URL "7?fields=uid,"
		"backup_status,backup_failure_reason,export_status,export_failure_reason,"
		"import_status,import_failure_reason'\n") },
	{ "a stalled one says since when it stands still", triage,
	  LINES("wait 700000", "go 7", "key y",
		"handover has # backup stalled, 42% unchanged since "
		"2026-11-21 20:14:05Z, 11m, limit 10m",
		"handover has #   evidence percent, no shard heartbeats reported",
		"handover has #   A reset cannot stop a running operation.",
		"handover has #     free space at the target and on the nodes of its shards",
		"handover lacks is shown here as _", "handover lacks PUT") },
	{ "with the detail open it names the shard and the node that block it", triage,
	  LINES("> shard 7 uid=3 node=2",
		"> action 7 running name=backup "
		"shard=3 heartbeat=2026-11-21T20:14:00Z",
		"go 7", "key enter", "wait 700000", "key y",
		"handover has evidence percent, and shard 3 on node 2 without heartbeat since "
		"2026-11-21 "
		"20:14:00Z",
		"handover has #     free space at the target and on node 2, shard "
		"3\n") },
	{ "one that is tried again says so", LINES("bdb 5 name=x backup=failed:no-permission"),
	  LINES("> bdb 5 backup=exporting: backup.percent=3", "wait 5000", "go 5", "key y",
		"handover has # backup retrying, no-permission, 3%", "handover lacks PUT") },
	{ "one that is not listed says so", triage,
	  LINES("> gone 12", "wait 5000", "go 12", "key y", "handover has # not listed\n") },
	{ "after a clearing it says whether it was tried again", triage,
	  LINES("go 12", "confirm b", "wait 10000", "key y",
		"handover has cleared from here: no retry seen") },
	{ "a character on which a shell acts is said to be another one",
	  LINES("bdb 3 name=a$(b)'c backup=failed:x"),
	  LINES("key y", "handover begins # db:3 a__b__c on prod-eu, cluster.prod.example:9443",
		"handover has # a character that a shell would interpret is shown here as _\n") },
	{ "and where there is none nothing is said of it", triage,
	  LINES("go 12", "key y", "handover lacks is shown here as _") },

	/* the log */
	{ "y in the log copies the call of the chosen reset", triage,
	  LINES("go 44", "confirm e", "wait 3000", "key l", "key y", "mode log", "request copy",
		"handover begins " CURL "'" URL "44/actions/export_reset_status'",
		"copied sent to the terminal", "notice sent to the terminal", "key esc", "notice ",
		"mode list") },
	{ "a line about no reset has no call", triage,
	  LINES("> fail Refused.", "wait 5000", "key l", "key y", "request none",
		"notice Nothing was copied: this line is not about a reset.", "key l", "notice ") },
	{ "a log that shows no line has none either", triage,
	  LINES("key l", "key /", "type nowhere", "key enter", "log rows 0", "key y",
		"request none", "mode log", "notice ") },
	{ "no question comes over the page", triage,
	  LINES("go 12", "key y", "> refuse login No.", "> ask login", "mode handover", "key esc",
		"question login") },
	{ "q leaves from the page, and asks when something is unfinished", triage,
	  LINES("go 12", "key y", "key q", "over") },
};

/* --- a real shell ---------------------------------------------------------------------------- */

struct sandbox {
	char at[64];
	char path[128];
};

static void write_file(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	fputs(text, file);
	assert_int_equal(fclose(file), 0);
}

static const char *in(struct sandbox *box, const char *name)
{
	snprintf(box->path, sizeof(box->path), "%s/%s", box->at, name);
	return box->path;
}

/* A directory with a fake curl that records each call and its arguments, one per line. */
static void open_box(struct sandbox *box)
{
	char text[300];

	snprintf(box->at, sizeof(box->at), "%s/handover-XXXXXX",
		 getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp");
	assert_non_null(mkdtemp(box->at));
	snprintf(
		text, sizeof(text),
		"#!/bin/sh\n{ echo called; for a in \"$@\"; do echo \"<$a>\"; done; } >>%s/calls\n",
		box->at);
	write_file(in(box, "curl"), text);
	assert_int_equal(chmod(in(box, "curl"), 0755), 0);
}

static void close_box(struct sandbox *box)
{
	static const char *const names[] = { "curl", "calls", "text" };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i++)
		unlink(in(box, names[i]));
	/* fails if the text created a file */
	assert_int_equal(rmdir(box->at), 0);
}

/* Pastes the text into a shell that runs in the directory, with its curl first in PATH. */
static void paste(struct sandbox *box, const char *const *shell, const char *text)
{
	int status;
	pid_t pid;

	write_file(in(box, "text"), text);
	pid = fork();
	assert_true(pid >= 0);
	if (!pid) {
		if (chdir(box->at) < 0 || !freopen("text", "r", stdin) ||
		    !freopen("/dev/null", "w", stdout) || !freopen("/dev/null", "w", stderr))
			_exit(126);
		setenv("PATH", box->at, 1);
		setenv("HOME", box->at, 1);
		setenv("HISTFILE", "/dev/null", 1);
		execv(shell[0], (char *const *)(uintptr_t)shell);
		_exit(127);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
}

static void called_with(struct sandbox *box, const char *url)
{
	char got[2000], want[2000];
	FILE *file = fopen(in(box, "calls"), "r");
	size_t length;

	assert_non_null(file);
	length = fread(got, 1, sizeof(got) - 1, file);
	got[length] = '\0';
	fclose(file);
	unlink(in(box, "calls"));
	snprintf(want, sizeof(want),
		 "called\n<--netrc>\n<-X>\n<PUT>\n<-H>\n<Accept: application/json>\n<-H>\n"
		 "<Content-Length: 0>\n<%s>\n",
		 url);
	assert_string_equal(got, want);
}

static const char *const sh[] = { "/bin/sh", NULL };
static const char *const typed[] = { "/bin/sh", "-i", NULL };
/* like zsh and csh at a prompt: no comments, history expansion */
static const char *const bash[] = {
	"/bin/bash", "--norc", "--noprofile", "+O", "interactive_comments", "-i", NULL
};
static const char *const *const shells[] = { sh, typed, bash };

static void pasted_everywhere(const char *text, const char *url)
{
	struct sandbox box;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(shells); i++) {
		if (access(shells[i][0], X_OK) < 0)
			continue;
		open_box(&box);
		paste(&box, shells[i], text);
		called_with(&box, url);
		close_box(&box);
	}
}

static bool is_plain(unsigned char c)
{
	return c >= 0x80 || isalnum(c) || strchr(" .,:/%+-@_", c);
}

/* The text is comments, then one call, and nothing else. */
static void is_comments_and_one_call(const char *text)
{
	const char *line = text, *end;
	size_t calls = 0;

	assert_in_range(strlen(text), 1, HANDOVER_SIZE - 1);
	for (; *line; line = end + 1) {
		end = strchr(line, '\n');
		assert_non_null(end);
		assert_int_equal(calls, 0);
		if (!strncmp(line, "curl --netrc ", 13)) {
			calls++;
			continue;
		}
		assert_int_equal(*line++, '#');
		for (; line < end; line++)
			if (!is_plain((unsigned char)*line))
				fail_msg("a shell acts on \"%.*s\"", (int)(end - line), line);
	}
	assert_int_equal(calls, 1);
}

/* As `%24%28`, for the script. */
static void escape(char *out, const char *raw)
{
	for (; *raw; raw++)
		out += sprintf(out, "%%%02x", (unsigned char)*raw);
	*out = '\0';
}

/* The handover of a database with this name and reason, after an answer with this message. */
static const char *hand_over(struct stage *stage, const char *hostile)
{
	char escaped[400];

	escape(escaped, hostile);
	stage_script(stage, "bdb 12 name=a%s backup=failed:%s", escaped, escaped);
	stage_advance(stage, 5000);
	stage_choose(stage, 12);
	stage_key(stage, 'y');
	assert_int_equal(session_view(stage->session)->mode, MODE_HANDOVER);
	is_comments_and_one_call(session_view(stage->session)->handover);
	stage_key(stage, KEY_ESCAPE);
	return session_view(stage->session)->handover;
}

static void a_hostile_database_runs_nothing_but_the_call(void **state)
{
	static const char *const hostile[] = {
		"$(curl a)",
		"`curl a`",
		"\n curl a\n",
		"\r curl a\r",
		"'; curl a; '",
		"\"; curl a; \"",
		" && curl a",
		" | curl a",
		" > made",
		"<(curl a)",
		"\x1b[201~\ncurl a",
		"$'\\ncurl a\\n'",
		"\\\ncurl a",
		"!curl",
		"!!",
		"#{curl a}",
		"\xe2\x80\xa8"
		"curl a",
		"\xc2\x85"
		"curl a",
		"{curl,a}",
		"%self ~ * ? [a-z]",
		"\x01\x02\x03\x04\x08\x0b\x0c\x0e\x1a\x1b\x7f\x80\xff\xc0\xaf curl a",
	};
	struct stage stage;
	size_t i;

	stage_open(&stage, NULL);
	for (i = 0; i < ARRAY_SIZE(hostile); i++)
		pasted_everywhere(hand_over(&stage, hostile[i]),
				  URL "12/actions/backup_reset_status");
	stage_close(&stage);
}

static void what_the_cluster_answered_runs_nothing_either(void **state)
{
	struct stage stage;

	stage_open(&stage, triage);
	stage_script(&stage, "put 500 '; curl words; $(curl words) `curl words` \"");
	stage_choose(&stage, 12);
	stage_confirm(&stage, 'b');
	stage_advance(&stage, 30000);
	stage_key(&stage, 'y');
	is_comments_and_one_call(session_view(stage.session)->handover);
	assert_non_null(strstr(session_view(stage.session)->handover, "curl words"));
	pasted_everywhere(session_view(stage.session)->handover,
			  URL "12/actions/backup_reset_status");
	stage_close(&stage);
}

static void it_holds_no_credential(void **state)
{
	struct stage stage;
	const char *text;

	stage_open(&stage, triage);
	stage_choose(&stage, 12);
	stage_confirm(&stage, 'b');
	stage_advance(&stage, 10000);
	stage_key(&stage, 'y');
	text = session_view(stage.session)->handover;
	assert_null(strstr(text, "admin"));
	assert_null(strstr(text, "first"));
	assert_null(strstr(text, " -u"));
	assert_null(strstr(text, "Authorization"));
	stage_close(&stage);
}

static void an_url_with_quotes_stays_one_argument(void **state)
{
	static const char *const url = "https://a'b''$(curl x)`curl y`\"\\'.example:9443";
	const struct cluster_setup setup = { .name = "x", .host = "x", .url = url, .user = "" };
	struct cluster *cluster = cluster_new(&setup, 0);
	char text[HANDOVER_SIZE], want[300];
	size_t length;

	assert_non_null(cluster);
	length = handover_write_call(text, cluster, 12, OP_IMPORT);
	assert_int_equal(length, strlen(text));
	snprintf(want, sizeof(want), "%s/v1/bdbs/12/actions/import_reset_status", url);
	pasted_everywhere(text, want);
	cluster_free(cluster);
}

/* A URL that is too long for the line leaves no partial call. */
static void a_call_is_complete_or_absent(void **state)
{
	char url[2000], text[HANDOVER_SIZE];
	struct cluster_setup setup = { .name = "x", .host = "x", .url = url, .user = "" };
	size_t length;

	for (length = 8; length < sizeof(url) - 1; length += 7) {
		struct cluster *cluster;

		memset(url, length % 2 ? '\'' : 'a', length);
		url[length] = '\0';
		cluster = cluster_new(&setup, 0);
		assert_non_null(cluster);
		if (handover_write_call(text, cluster, INT64_MAX, OP_EXPORT))
			assert_non_null(strstr(text, "/actions/export_reset_status'\n"));
		else
			assert_string_equal(text, "");
		cluster_free(cluster);
	}
}

static void random_names_and_reasons_never_leave_their_line(void **state)
{
	struct stage stage;
	uint64_t random = random_start(5);
	char name[60];
	int i, j;

	stage_open(&stage, NULL);
	for (i = 0; i < 400; i++) {
		int length = (int)random_below(&random, sizeof(name));

		for (j = 0; j < length; j++)
			name[j] = (char)(1 + random_below(&random, 255));
		name[length] = '\0';
		hand_over(&stage, name);
	}
	stage_close(&stage);
}

/* With many resets and lines of maximal length the call is still complete. */
static void a_long_text_keeps_its_curl_line(void **state)
{
	struct audit_record past = { .event = AUDIT_ENDED,
				     .uid = 12,
				     .wall_ms = 1795200000000,
				     .cluster = "cluster.prod.example:9443" };
	struct stage stage;
	int i;

	stage_open(&stage, triage);
	memset(past.message, 'w', sizeof(past.message) - 1);
	for (i = 0; i < 16; i++)
		fake_audit_log_past(stage.audit_log, &past);
	stage_choose(&stage, 12);
	stage_key(&stage, 'y');
	is_comments_and_one_call(session_view(stage.session)->handover);
	assert_non_null(strstr(session_view(stage.session)->handover, "wwwww"));
	assert_non_null(strstr(session_view(stage.session)->handover, "backup_reset_status'\n"));
	stage_close(&stage);
}

int main(void)
{
	const struct CMUnitTest more[] = {
		cmocka_unit_test(a_hostile_database_runs_nothing_but_the_call),
		cmocka_unit_test(what_the_cluster_answered_runs_nothing_either),
		cmocka_unit_test(it_holds_no_credential),
		cmocka_unit_test(an_url_with_quotes_stays_one_argument),
		cmocka_unit_test(a_call_is_complete_or_absent),
		cmocka_unit_test(random_names_and_reasons_never_leave_their_line),
		cmocka_unit_test(a_long_text_keeps_its_curl_line),
	};

	return scenario_run_all(scenarios, ARRAY_SIZE(scenarios), more,
				ARRAY_SIZE(more));
}
