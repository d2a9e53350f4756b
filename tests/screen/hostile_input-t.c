/*
 * Hostile text that comes from elsewhere than the strings of a reply: errors and headers of a
 * server, its certificate, the configuration, the command line; and what changes from poll to poll.
 * No byte of it acts on the terminal.
 */
#include <signal.h>
#include <unistd.h>

#include "bdbtop/core/array.h"
#include "bdbtop/core/text.h"
#include "tests/screen/hostile.h"

#define N	      HOSTILE_TEXTS
#define INVALID_TEXTS 3	 /* are not UTF-8 */
#define NAME_TEXT     22 /* has no byte that a host name cannot have */

static const unsigned refusals[] = { 400, 401, 403, 404, 406, 409, 429, 500, 502, 503 };

/* --- replies --------------------------------------------------------------------------------- */

static void reply_to_all(unsigned status, const char *form, int index)
{
	char *body = hostile_fill(form, index);

	faults_forget(hostile.server);
	faults_add(hostile.server, &(struct fault){ .when = "", .status = status, .bytes = body });
	free(body);
}

static void reply_with_head(const char *form, int index)
{
	faults_forget(hostile.server);
	faults_add(hostile.server,
		   &(struct fault){ .when = "", .bytes = hostile_fill_bytes(form, index) });
}

static void run_both(const char *const *words)
{
	hostile_on_terminal(words);
	hostile_judge(words[0], hostile_to_pipe(words));
}

static void errors_of_the_cluster_are_text(void **state)
{
	static const char *const forms[] = {
		"{\"error_code\":\"@\",\"description\":\"@\"}",
		"<html><title>@</title>@</html>",
		"{\"error\":\"@\",\"detail\":{\"@\":\"@\"}}",
	};
	int i;

	(void)state;
	for (i = 0; i < N; i++) {
		reply_to_all(refusals[(size_t)i % ARRAY_SIZE(refusals)],
			     forms[(size_t)i % ARRAY_SIZE(forms)], i);
		hostile_judge("list", hostile_to_pipe(WORDS("list")));
		assert_int_equal(hostile.ran.status, 3);
		if (i % 4)
			continue;
		hostile_judge("check", hostile_to_pipe(WORDS("check", "-v")));
		hostile_judge("reset", hostile_to_pipe(WORDS("reset", "backup", "12", "--yes")));
		hostile_judge("list", hostile_to_pipe(WORDS("list", "--format=json")));
		hostile_on_terminal(WORDS("list"));
	}
}

static void what_is_not_a_list_is_an_error_in_text(void **state)
{
	int i;

	(void)state;
	for (i = 0; i < N; i++) {
		reply_to_all(200, i % 2 ? "[{\"uid\":\"@\"}]" : "[@", i);
		hostile_judge("list", hostile_to_pipe(WORDS("list")));
	}
}

static void headers_are_shown_as_text(void **state)
{
	static const char *const heads[] = {
		"HTTP/1.1 307 Moved\r\nLocation: https://@/@\r\nContent-Length: 0\r\n\r\n",
		"HTTP/1.1 307 Moved\r\nLocation: @@\r\nContent-Length: 0\r\n\r\n",
		"HTTP/1.1 307 Moved\r\nLocation: https://127.0.0.1:1/@@\r\n"
		"Content-Length: 0\r\n\r\n",
		"HTTP/1.1 500 @\r\nX-@: x\r\nContent-Length: 0\r\n\r\n",
		"HTTP/1.1 503 No\r\nRetry-After: @\r\nServer: @\r\nContent-Length: 0\r\n\r\n",
		"HTTP/1.1 401 No\r\nWWW-Authenticate: Basic realm=\"@@\"\r\n"
		"Content-Length: 0\r\n\r\n",
		"HTTP/1.1 200 OK\r\nContent-Type: @\r\nContent-Encoding: @\r\n"
		"Content-Length: 2\r\n\r\n[]",
		"@\r\n@\r\n\r\n",
	};
	size_t i;
	int j;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(heads); i++)
		for (j = (int)i % 3; j < N; j += 3) {
			reply_with_head(heads[i], j);
			hostile_judge("list", hostile_to_pipe(WORDS("list")));
		}
}

static void the_console_shows_errors_as_text(void **state)
{
	int i;

	(void)state;
	hostile_answer_all();
	hostile_start("errors", false, WORDS("--interval=3600", "--sort=db"));
	pty_await(&hostile.pty, "db:24 ");
	for (i = 0; i < N; i++) {
		char status[8];

		/* after 401 it asks for the log-in */
		if (refusals[(size_t)i % ARRAY_SIZE(refusals)] == 401)
			continue;
		reply_to_all(refusals[(size_t)i % ARRAY_SIZE(refusals)],
			     "{\"error_code\":\"@\",\"description\":\"@\"}", i);
		snprintf(status, sizeof(status), "%u", refusals[(size_t)i % ARRAY_SIZE(refusals)]);
		pty_send(&hostile.pty, ".");
		pty_await(&hostile.pty, status);
		hostile_count_screen();
	}
	pty_close(&hostile.pty);
}

static void the_log_in_page_is_text(void **state)
{
	(void)state;
	reply_to_all(401, "{\"error_code\":\"@\",\"description\":\"@\"}", 1);
	setenv("REDIS_ENTERPRISE_USER", hostile_bytes(1), 1);
	hostile_start("log-in", false, WORDS("--interval=3600"));
	pty_await(&hostile.pty, "7777mHOSTILE");
	hostile_count_screen();
	pty_close(&hostile.pty);
}

/* --- certificates ---------------------------------------------------------------------------- */

static struct faults *certified_server(struct faults **authority, int index)
{
	char common[61], name[61], *at;

	/* a common name has 64 characters at most, a DNS name is ASCII */
	text_truncate_bytes(common, sizeof(common), hostile_bytes(index));
	strcpy(name, common);
	for (at = name; *at; at++)
		*at = *at == ',' || (unsigned char)*at >= 0x80 ? 'x' : *at;
	*authority = faults_new(
		&(struct faults_setup){ .protocol = FAULTS_TLS, .name = "ca", .common = common });
	return faults_new(&(struct faults_setup){ .protocol = FAULTS_TLS,
						  .name = name,
						  .common = common,
						  .by = index % 2 ? *authority : NULL });
}

static void certificates_are_shown_as_text(void **state)
{
	struct faults *authority, *server;
	int i, asked = 0;

	(void)state;
	unsetenv("REDIS_ENTERPRISE_CA_CERT");
	for (i = 0; i < N; i++) {
		server = certified_server(&authority, i);
		snprintf(hostile.url, sizeof(hostile.url), "https://127.0.0.1:%u",
			 faults_port(server));
		setenv("REDIS_ENTERPRISE_URL", hostile.url, 1);
		/* OpenSSL refuses a certificate with a name that is not valid UTF-8 */
		hostile_start("trust", true, WORDS("trust", hostile.url));
		asked += pty_shows_within(&hostile.pty, "[y/N]", 10000);
		pty_close(&hostile.pty);
		hostile_judge("list", hostile_to_pipe(WORDS("list")));
		if (i % 4 == 0) {
			hostile_start("trust page", false, NOTHING);
			pty_await(&hostile.pty, "127.0.0.1");
			pty_await(&hostile.pty, "HOSTILE");
			hostile_count_screen();
			pty_close(&hostile.pty);
		}
		faults_free(server);
		faults_free(authority);
	}
	assert_int_equal(asked, N - INVALID_TEXTS);
}

/* --- configuration and command line ---------------------------------------------------------- */

static void the_configuration_is_shown_as_text(void **state)
{
	static const char *const lines[] = {
		"user = @", "label = @", "@ = x", "[@]", "filter = @",
	};
	char path[100], text[800];
	size_t i;
	int j;

	(void)state;
	snprintf(path, sizeof(path), "%s/conf", hostile.dir.top);
	unsetenv("REDIS_ENTERPRISE_PASSWORD");
	for (i = 0; i < ARRAY_SIZE(lines); i++)
		for (j = (int)i % 6; j < N; j += 6) {
			size_t length = (size_t)snprintf(text, sizeof(text),
							 "[cluster prod]\nurl = %s\n", hostile.url);

			snprintf(text + length, sizeof(text) - length, "%s\n",
				 hostile_fill_bytes(lines[i], j));
			temp_dir_write(path, text);
			hostile_judge(
				"print-config",
				hostile_to_pipe(WORDS("--config", path, "--print-config", "prod")));
			hostile_judge("list",
				      hostile_to_pipe(WORDS("list", "--config", path, "prod")));
		}
}

static void prompts_are_text(void **state)
{
	char user[400];
	int i;

	(void)state;
	for (i = 0; i < N; i++) {
		snprintf(user, sizeof(user), "%s", hostile_fill_bytes("--user=@", i));
		if (strchr(user, ':'))
			continue;
		hostile_start("prompt", true, WORDS("list", "--askpass", user));
		pty_await(&hostile.pty, "not shown");
		pty_close(&hostile.pty);
	}
	setenv("REDIS_ENTERPRISE_USER", hostile_bytes(1), 1);
	unsetenv("REDIS_ENTERPRISE_PASSWORD");
	hostile_start("prompt page", false, NOTHING);
	pty_await(&hostile.pty, "7777mHOSTILE");
	hostile_count_screen();
	pty_close(&hostile.pty);
}

static void the_command_line_is_shown_as_text(void **state)
{
	static const struct {
		const char *command, *form;
	} words[] = {
		{ "list", "--@" },
		{ "list", "--filter=@" },
		{ "list", "--format=@" },
		{ "list", "--columns=@" },
		{ "list", "--sort=@" },
		{ "list", "--config=@" },
		{ "list", "--cacert=@" },
		{ "list", "--password-file=@" },
		{ "list", "--interval=@" },
		{ "list", "--output=/nowhere/@" },
		{ "list", "https://@" },
		{ "list", "@" },
		{ "check", "--critical=@" },
		{ "reset", "@" },
		{ "history", "--since=@" },
		{ "history", "--outcome=@" },
		{ "trust", "@" },
		{ "help", "@" },
	};
	char word[500];
	size_t i;
	int j;

	(void)state;
	hostile_answer_all();
	hostile_refuse_resets();
	for (i = 0; i < ARRAY_SIZE(words); i++)
		for (j = (int)i % 6; j < N; j += 6) {
			/* a name outside ASCII might be looked up */
			if (j == NAME_TEXT)
				continue;
			snprintf(word, sizeof(word), "%s", hostile_fill_bytes(words[i].form, j));
			hostile_judge(word, hostile_to_pipe(WORDS(words[i].command, word)));
		}
	for (j = 0; j < N; j += 2) {
		snprintf(word, sizeof(word), "name:%s", hostile_bytes(j));
		run_both(WORDS("reset", "backup", word, "--dry-run"));
		hostile_judge("history", hostile_to_pipe(WORDS("reset", "backup", word, "--yes",
							       "--note", hostile_bytes(j))));
	}
	hostile_judge("history", hostile_to_pipe(WORDS("history")));
}

/* --- from poll to poll ----------------------------------------------------------------------- */

/* The first list has no failures, the later ones have. */
static void fail_after_the_first_list(void)
{
	char *good = hostile_list(false), *bad = hostile_list(true);

	faults_forget(hostile.server);
	faults_add(hostile.server,
		   &(struct fault){
			   .when = "GET /v1/bdbs?", .times = 1, .status = 200, .bytes = good });
	faults_add(hostile.server,
		   &(struct fault){ .when = "GET /v1/bdbs?", .status = 200, .bytes = bad });
	free(good);
	free(bad);
	hostile_answer_all();
}

static void a_watch_prints_text(void **state)
{
	static const char *const formats[] = { "--format=table", "--format=jsonl" };
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(formats); i++) {
		fail_after_the_first_list();
		hostile_start("watch", true, WORDS("list", "--watch", "--interval=1", formats[i]));
		pty_await(&hostile.pty, "failed");
		pty_await(&hostile.pty, "HOSTILE");
		kill(hostile.pty.child, SIGTERM);
		pty_wait(&hostile.pty);
		pty_close(&hostile.pty);
	}
}

static void title_and_notice_are_ascii(void **state)
{
	char path[100];

	(void)state;
	snprintf(path, sizeof(path), "%s/conf", hostile.dir.top);
	temp_dir_write(path, "[bdbtop]\nnotify = failed\n");
	fail_after_the_first_list();
	hostile_start("notice", false, WORDS("--config", path, "--interval=3600", "--sort=db"));
	pty_await(&hostile.pty, "db:24 ");
	pty_send(&hostile.pty, ".");
	pty_await(&hostile.pty, "24 failed");
	assert_true(pty_got(&hostile.pty, "\033]2;bdbtop"));
	assert_true(pty_got(&hostile.pty, "\033]9;bdbtop: "));
	hostile_count_screen();
	pty_close(&hostile.pty);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, hostile_set_up, hostile_tear_down)
	const struct CMUnitTest tests[] = {
		TEST(errors_of_the_cluster_are_text),
		TEST(what_is_not_a_list_is_an_error_in_text),
		TEST(headers_are_shown_as_text),
		TEST(the_console_shows_errors_as_text),
		TEST(the_log_in_page_is_text),
		TEST(certificates_are_shown_as_text),
		TEST(the_configuration_is_shown_as_text),
		TEST(prompts_are_text),
		TEST(the_command_line_is_shown_as_text),
		TEST(a_watch_prints_text),
		TEST(title_and_notice_are_ascii),
	};

	return hostile_report(tap_run(tests));
}
