/*
 * The command line and the environment: exit status and error.
 */
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bdbtop/core/array.h"
#include "tests/faults/faults.h"
#include "tests/main/child.h"
#include "tests/tap.h"

#define USER	 "REDIS_ENTERPRISE_USER=admin@lab"
#define PASSWORD "REDIS_ENTERPRISE_PASSWORD=hunter2"

/* Errors before any request: exit status 2 and one sentence. */
static const struct command_case {
	const char *words[5], *variables[5];
	const char *sentence;
} command_cases[] = {
	{ { NULL },
	  { NULL },
	  "No cluster was given. Name it (bdbtop https://HOST:9443), export REDIS_ENTERPRISE_URL, "
	  "set a default in the configuration, or try bdbtop --demo." },
	{ { "list" },
	  { NULL },
	  "No cluster was given. Name it (bdbtop list https://HOST:9443), export "
	  "REDIS_ENTERPRISE_URL, set a default in the configuration, or try bdbtop --demo." },
	{ { "list", "a", "b" },
	  { NULL },
	  "2 clusters were given; this release shows one at a time." },
	{ { "--nope" }, { NULL }, "unknown option --nope (see bdbtop --help)." },
	{ { "-x" }, { NULL }, "unknown option -x (see bdbtop --help)." },
	{ { "-xV" }, { NULL }, "unknown option -x (see bdbtop --help)." },
	{ { "--in", "h" }, { NULL }, "unknown option --in (see bdbtop --help)." },
	{ { "--password=hunter2" }, { NULL }, "unknown option --password (see bdbtop --help)." },
	{ { "--demo=3" }, { NULL }, "--demo takes no value (see bdbtop --help)." },
	{ { "--interval" }, { NULL }, "--interval needs a value (see bdbtop --help)." },
	{ { "h", "-i" }, { NULL }, "-i needs a value (see bdbtop --help)." },
	{ { "--interval=soon", "h" },
	  { NULL },
	  "invalid --interval \"soon\": give 1 to 86400 seconds, as in --interval=5." },
	{ { "-i", "0.5", "h" },
	  { NULL },
	  "invalid --interval \"0.5\": give 1 to 86400 seconds, as in --interval=5." },
	{ { "-inan", "h" },
	  { NULL },
	  "invalid --interval \"nan\": give 1 to 86400 seconds, as in --interval=5." },
	{ { "reset\033", "--version", "-i", "0" },
	  { NULL },
	  "invalid --interval \"0\": give 1 to 86400 seconds, as in --interval=5." },
	{ { "--stall-after=soon", "h" },
	  { NULL },
	  "--stall-after: \"soon\" is not a duration from 1s to 30d: a number with a unit, s, m, "
	  "h or d, as in \"10m\"." },
	{ { "list", "--filter=state:failed age>24", "h" },
	  { NULL },
	  "--filter: invalid filter \"state:failed age>24\", at \"24\": needs a unit: 30m, 24h, "
	  "2d." },
	{ { "--filter=\033[2J colour:red", "h" },
	  { NULL },
	  "--filter: invalid filter \"^[[2J colour:red\", at \"colour:red\": unknown key; known: "
	  "state backup export import reason result age loss progress module tag." },
	{ { "--sort", "size", "h" },
	  { NULL },
	  "--sort: unknown column \"size\": known are severity, db, name, status, backup, export, "
	  "import, last-backup, loss, next, reason, result, each also with \"-\" before it to "
	  "reverse the order." },
	{ { "--theme=dark", "h" },
	  { NULL },
	  "--theme: \"dark\" is not one of colour, monochrome, contrast." },
	{ { "--mouse=yes", "h" }, { NULL }, "--mouse takes no value (see bdbtop --help)." },
	{ { "--problems", "h" },
	  { NULL },
	  "--problems goes with bdbtop list (see bdbtop list --help)." },
	{ { "list", "--wrong" }, { NULL }, "unknown option --wrong (see bdbtop list --help)." },
	{ { "--wrong", "reset" }, { NULL }, "unknown option --wrong (see bdbtop reset --help)." },
	{ { "history", "-i" }, { NULL }, "-i needs a value (see bdbtop history --help)." },
	{ { "trust", "--replace=1" },
	  { NULL },
	  "--replace takes no value (see bdbtop trust --help)." },
	{ { "list", "--by=cause", "--columns=db", "h" },
	  { NULL },
	  "--by=cause has columns of its own: leave out --columns." },
	{ { "list", "--by=reason\033", "h" },
	  { NULL },
	  "invalid --by \"reason^[\": the only value is cause, as in bdbtop list --by=cause." },
	{ { "--demo", "h" },
	  { NULL },
	  "--demo brings its own cluster: leave out either --demo or the cluster's name." },
	{ { "lits", "--demo" },
	  { NULL },
	  "unknown command lits: did you mean list? See bdbtop --help." },
	{ { "help", "h\033[2J" }, { NULL }, "unknown command h^[[2J (see bdbtop --help)." },
	{ { "replay", "--help" },
	  { NULL },
	  "replay is not a command of this release (see bdbtop --help). For a host of that name, "
	  "write https://replay:9443." },
	{ { "list", "https://admin:hunter2@h:9443" },
	  { USER, PASSWORD },
	  "an address must not contain a user or a password: set REDIS_ENTERPRISE_USER and "
	  "REDIS_ENTERPRISE_PASSWORD." },
	{ { "list" },
	  { USER, PASSWORD, "REDIS_ENTERPRISE_URL=https://admin:hunter2@h:9443" },
	  "REDIS_ENTERPRISE_URL: an address must not contain a user or a password: set "
	  "REDIS_ENTERPRISE_USER and REDIS_ENTERPRISE_PASSWORD." },
	{ { "reset" },
	  { USER, PASSWORD },
	  "bdbtop reset needs an operation and databases, as in bdbtop reset backup db:12." },
	{ { "reset", "orders\033" },
	  { USER, PASSWORD },
	  "unknown operation orders^[: give backup, export or import, as in bdbtop reset backup "
	  "db:12." },
	{ { "reset", "backup" },
	  { USER, PASSWORD },
	  "bdbtop reset needs databases, as in bdbtop reset backup db:12 orders, or "
	  "--all-failed." },
	{ { "reset", "backup", "12", "--all-failed" },
	  { USER, PASSWORD },
	  "--all-failed chooses the databases: leave out either it or the databases." },
	{ { "reset", "backup", "12", "--filter=orders" },
	  { USER, PASSWORD },
	  "--filter chooses among the databases of --all-failed: give that too." },
	{ { "reset", "backup", "12", "--demo", "--cluster=h" },
	  { USER, PASSWORD },
	  "--demo brings its own cluster: leave out either --demo or --cluster." },
	{ { "reset", "backup", "12", "--note=" },
	  { USER, PASSWORD },
	  "--note is empty: give its TEXT." },
	{ { "reset", "backup", "12" },
	  { USER, PASSWORD },
	  "No cluster was given. Name it (--cluster=https://HOST:9443), export "
	  "REDIS_ENTERPRISE_URL, set a default in the configuration, or try bdbtop --demo." },
	{ { "reset", "backup", "12", "--cluster=h" },
	  { USER, PASSWORD },
	  "h:9443: cannot ask without a terminal: nothing was sent. Give --yes, or --dry-run to "
	  "see what would be sent." },
	{ { "list", "htps://cluster" },
	  { USER, PASSWORD },
	  "invalid cluster \"htps://cluster\": write https://HOST:9443, HOST[:PORT], a name from "
	  "the configuration, or the name of a redisctl profile." },
	{ { "list", "h\033[2J" },
	  { USER, PASSWORD },
	  "invalid cluster \"h^[[2J\": write https://HOST:9443, HOST[:PORT], a name from "
	  "the configuration, or the name of a redisctl profile." },
	{ { "list", "h:99999" },
	  { USER, PASSWORD },
	  "invalid cluster \"h:99999\": write https://HOST:9443, HOST[:PORT], a name from "
	  "the configuration, or the name of a redisctl profile." },
	{ { "list", "https://h:9443/v1" },
	  { USER, PASSWORD },
	  "invalid cluster \"https://h:9443/v1\": give only host and port, without path or query, "
	  "as in https://HOST:9443." },
	{ { "list", "https://h:9443?a=b" },
	  { USER, PASSWORD },
	  "invalid cluster \"https://h:9443?a=b\": give only host and port, without path or query, "
	  "as in https://HOST:9443." },
	{ { "list", "http://h:8080" },
	  { USER, PASSWORD },
	  "invalid cluster \"http://h:8080\": plain http:// would expose the password; write "
	  "https://HOST:9443." },
	{ { "list", "h" },
	  { "REDIS_ENTERPRISE_USER=a:b", PASSWORD },
	  "REDIS_ENTERPRISE_USER contains a colon, which a user name cannot have: export the user "
	  "alone, and the password in REDIS_ENTERPRISE_PASSWORD." },
	{ { "list", "h" },
	  { USER, PASSWORD, "REDIS_ENTERPRISE_INSECURE=maybe" },
	  "REDIS_ENTERPRISE_INSECURE is neither yes nor no: use 1, true, yes, on, or 0, false, "
	  "no, off." },
	{ { "list", "--cacert=/nonexistent", "h" },
	  { USER, PASSWORD },
	  "/nonexistent, the file of --cacert, cannot be read: No such file or directory. "
	  "Check the path." },
	{ { "list", "h" },
	  { USER, PASSWORD, "REDIS_ENTERPRISE_CA_CERT=/nonexistent" },
	  "/nonexistent, the file of REDIS_ENTERPRISE_CA_CERT, cannot be read: No such file or "
	  "directory. Check the path." },
	{ { "h" },
	  { USER, PASSWORD, "TERM=xterm" },
	  "The console needs a terminal for input and output; bdbtop list prints one poll without "
	  "a terminal." },
};

static void a_wrong_command_line_ends_with_2_and_a_sentence(void **state)
{
	struct child_result ran;
	char want[600];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(command_cases); i++) {
		child_run(&ran, command_cases[i].words, command_cases[i].variables);
		snprintf(want, sizeof(want), "bdbtop: %s\n", command_cases[i].sentence);
		assert_string_equal(ran.err, want);
		assert_string_equal(ran.out, "");
		assert_int_equal(ran.status, 2);
		assert_null(strstr(ran.err, "hunter2"));
	}
}

static void a_list_without_a_log_in_ends_with_3_and_asks_nothing(void **state)
{
#define ELSE                                                                                       \
	" is set for the log-in: export REDIS_ENTERPRISE_USER and REDIS_ENTERPRISE_PASSWORD, or " \
	"give --user with --password-file, --password-command or --askpass.\n"
	struct child_result ran;

	child_run(&ran, WORDS("list", "h"), NOTHING);
	assert_string_equal(ran.err, "bdbtop: h:9443: neither a user nor a password" ELSE);
	assert_int_equal(ran.status, 3);
	child_run(&ran, WORDS("list", "h"), WORDS(PASSWORD));
	assert_string_equal(ran.err, "bdbtop: h:9443: no user" ELSE);
	assert_int_equal(ran.status, 3);
	child_run(&ran, WORDS("list", "h"), WORDS(USER, "REDIS_ENTERPRISE_PASSWORD="));
	assert_string_equal(ran.err, "bdbtop: h:9443: no password" ELSE);
	assert_int_equal(ran.status, 3);
#undef ELSE
}

static void help_and_version_need_nothing(void **state)
{
	struct child_result ran;

	child_run(&ran, WORDS("--help"), NOTHING);
	assert_int_equal(ran.status, 0);
	assert_memory_equal(ran.out, "Usage: bdbtop [OPTION]... [CLUSTER]", 35);
	assert_string_equal(ran.err, "");
	child_run(&ran, WORDS("list", "-V"), NOTHING);
	assert_int_equal(ran.status, 0);
	assert_memory_equal(ran.out, "bdbtop ", 7);
	assert_string_equal(ran.err, "");
	child_run_to(&ran, "/dev/full", WORDS("--help"), NOTHING);
	assert_int_equal(ran.status, 1);
	assert_string_equal(ran.err,
			    "bdbtop: the text could not be written: No space left on device\n");
}

/* --- one poll of a server ------------------------------------------------------------------- */

#define LIST                                                                                       \
	"[{\"uid\":12,\"name\":\"orders-eu\",\"backup_status\":\"failed\","                        \
	"\"backup_failure_reason\":\"no-permission\"},{\"uid\":44,\"name\":\"ledger\"}]"

struct poll_case {
	enum faults_protocol protocol;
	const char *name; /* in the certificate */
	bool expired, trusted;
	unsigned status;	     /* 0: no HTTP, the body is a greeting */
	const char *body, *sentence; /* `%` is the port */
};

static void assert_says(const struct child_result *ran, const char *want, unsigned port)
{
	/* the cluster's name is its host, which is not named twice */
	bool named = !strncmp(want, "127.0.0.1:% ", 12);
	char whole[700];

	snprintf(whole, sizeof(whole), "bdbtop: %s%s\n", named ? "" : "127.0.0.1:%: ", want);
	faults_fill(whole, '%', port);
	assert_string_equal(ran->err, whole);
	assert_string_equal(ran->out, "");
	assert_int_equal(ran->status, 3);
}

static void write_file(char path[], const char *text)
{
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	assert_true(dprintf(fd, "%s", text) >= 0);
	close(fd);
}

static struct faults *server_for(const struct poll_case *poll)
{
	struct faults *server =
		faults_new(&(struct faults_setup){ .protocol = poll->protocol,
						   .name = poll->name,
						   .expired = poll->expired,
						   .greeting = poll->status ? NULL : poll->body });

	faults_add(server,
		   &(struct fault){ .when = "", .status = poll->status, .bytes = poll->body });
	return server;
}

static void ask(struct child_result *ran, struct faults *server, bool trusted)
{
	char path[] = "/tmp/bdbtop-main-XXXXXX", at[64], cacert[64];

	snprintf(at, sizeof(at), "127.0.0.1:%u", faults_port(server));
	write_file(path, trusted ? faults_pem(server) : "");
	snprintf(cacert, sizeof(cacert), "%s%s", trusted ? "--cacert=" : "--ascii",
		 trusted ? path : "");
	child_run(ran, WORDS("list", cacert, at), WORDS(USER, PASSWORD));
	unlink(path);
}

static void a_poll_that_fails_ends_with_3_and_a_sentence(void **state)
{
	static const struct poll_case polls[] = {
		{ FAULTS_TLS, NULL, false, true, 401, "",
		  "log-in refused for admin@lab (401). It is not tried again: five failed log-ins "
		  "lock the account. Check user and password." },
		{ FAULTS_TLS, NULL, false, true, 401,
		  "{\"error_code\":\"password_expired\",\"description\":\"Password has expired\"}",
		  "log-in refused for admin@lab (401): Password has expired. It is not tried "
		  "again. The password has expired: change it in the web interface." },
		{ FAULTS_TLS, NULL, false, true, 403, "{\"description\":\"No permission.\"}",
		  "the role of admin@lab may not read databases (403): No permission. Use a user "
		  "with a role that may, such as cluster_viewer." },
		{ FAULTS_TLS, NULL, false, true, 429, "{\"description\":\"Slow down.\"}",
		  "too many requests (429): Slow down. A gateway in front of the cluster may "
		  "limit the number of requests." },
		{ FAULTS_TLS, NULL, false, true, 500, "",
		  "the cluster reports an internal error (500). See the logs of that node." },
		{ FAULTS_TLS, NULL, false, true, 503, "",
		  "the node is unavailable or not in a cluster, or the cluster has no quorum "
		  "(503). Try another node." },
		{ FAULTS_TLS, NULL, false, true, 200, "<!DOCTYPE html><p>Hello",
		  "the reply is HTML, not the API's JSON. Port 8443 is the web interface, 9443 "
		  "the API; or a proxy is in between." },
		{ FAULTS_TLS, NULL, false, true, 200, "{\"a\":1}",
		  "the reply is an object where a list of databases was expected. Is this the API "
		  "of a Redis Enterprise cluster? Its port is 9443." },
		{ FAULTS_TLS, NULL, false, false, 200, LIST,
		  "the certificate of 127.0.0.1:% is self-signed and its key is not pinned. See "
		  "and pin it: bdbtop trust 127.0.0.1:%" },
		{ FAULTS_TLS, "n1.example", false, true, 200, LIST,
		  "the certificate of 127.0.0.1:% is for another name. Use a name from the "
		  "certificate, which bdbtop trust 127.0.0.1:% shows." },
		{ FAULTS_TLS, NULL, true, true, 200, LIST,
		  "the certificate of 127.0.0.1:% has expired. Renew it, or check the clock of "
		  "this machine." },
		{ FAULTS_SILENT, NULL, false, false, 0, "HTTP/1.1 400 Bad Request\r\n\r\n",
		  "127.0.0.1:% answers, but not with TLS. Is this the API's port? It is usually "
		  "9443; 8080 is plain HTTP and is never used." },
	};
	struct child_result ran;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(polls); i++) {
		struct faults *server = server_for(&polls[i]);

		ask(&ran, server, polls[i].trusted);
		assert_says(&ran, polls[i].sentence, faults_port(server));
		assert_null(strstr(ran.err, "hunter2"));
		assert_in_range(faults_count(server), 0, 1);
		faults_free(server);
	}
}

static void nobody_there_is_one_sentence(void **state)
{
	struct faults *server = faults_new(&(struct faults_setup){ .protocol = FAULTS_PLAIN });
	unsigned port = faults_port(server);
	char at[64];
	struct child_result ran;

	faults_free(server);
	snprintf(at, sizeof(at), "127.0.0.1:%u", port);
	child_run(&ran, WORDS("list", at), WORDS(USER, PASSWORD));
	assert_says(&ran,
		    "connection refused by 127.0.0.1 port %. Is this a node, and is its API on "
		    "this port?",
		    port);
	/* a label of 64 letters is invalid, so no name server is asked */
	child_run(
		&ran, WORDS("list"),
		WORDS(USER, PASSWORD,
		      "REDIS_ENTERPRISE_URL=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		      "aaaaaaaaaa.example"));
	assert_non_null(strstr(ran.err, ".example\". Check the spelling, or give a node's IP "
					"address.\n"));
	assert_int_equal(ran.status, 3);
}

static void a_poll_that_succeeds_prints_the_table(void **state)
{
	static const struct poll_case good = { .protocol = FAULTS_TLS,
					       .status = 200,
					       .body = LIST };
	struct faults *server = server_for(&good);
	struct child_result ran;

	ask(&ran, server, true);
	assert_string_equal(ran.err, "");
	assert_int_equal(ran.status, 0);
	assert_string_equal(ran.out,
			    "DB     NAME       BACKUP  EXPORT  IMPORT  LAST_BACKUP  REASON\n"
			    "db:12  orders-eu  failed  -       -       -            no-permission\n"
			    "db:44  ledger     -       -       -       -\n");
	assert_int_equal(faults_count(server), 1);
	faults_free(server);
}

/* --- closed descriptors ----------------------------------------------------------------------- */

/* Runs a shell command, with `%s` as the program; out: its output, then its exit status. */
static void in_a_shell(char *out, size_t size, const char *command)
{
	const char *build = getenv("BUILDDIR");
	char path[300], line[1200], whole[1300];
	FILE *shell;
	size_t got;

	snprintf(path, sizeof(path), "'%s/bdbtop'", build ? build : ".");
	snprintf(line, sizeof(line), "%.*s%s%s", (int)(strstr(command, "%s") - command), command,
		 path, strstr(command, "%s") + 2);
	snprintf(whole, sizeof(whole), "%s; echo status $?", line);
	shell = popen(whole, "re");
	assert_non_null(shell);
	got = fread(out, 1, size - 1, shell);
	out[got] = '\0';
	pclose(shell);
}

static void closed_descriptors_are_an_error_where_they_are_needed(void **state)
{
#define LOST(what) "bdbtop: " what " could not be written: Bad file descriptor\nstatus 1\n"
	static const struct {
		const char *command, *said;
	} cases[] = {
		{ "%s --help 2>&1 >&-", LOST("the text") },
		{ "%s --version 2>&1 >&-", LOST("the text") },
		{ "%s --version <&- 2>&1 >&-", LOST("the text") },
		{ "%s --print-config --config=/dev/null h 2>&1 >&-", LOST("the configuration") },
		{ "%s --help >&- 2>&-", "status 1\n" },
		{ "%s --nope 2>&-", "status 2\n" },
		{ "%s --help >/dev/null 2>&- <&-", "status 0\n" },
	};
	char said[2000];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		in_a_shell(said, sizeof(said), cases[i].command);
		assert_string_equal(said, cases[i].said);
	}
}

/* No file may get the number of a closed descriptor: the table would be written into it. */
static void a_list_with_closed_descriptors_asks_and_ends_with_1(void **state)
{
	static const struct poll_case good = { .protocol = FAULTS_TLS,
					       .status = 200,
					       .body = LIST };
	struct faults *server = server_for(&good);
	char path[] = "/tmp/bdbtop-main-XXXXXX", command[600], said[2000];

	write_file(path, faults_pem(server));
	snprintf(command, sizeof(command),
		 USER " " PASSWORD " %%s list --cacert=%s 127.0.0.1:%u <&- 2>&1 >&-", path,
		 faults_port(server));
	in_a_shell(said, sizeof(said), command);
	assert_string_equal(said, LOST("the table"));
	assert_int_equal(faults_count(server), 1);
	snprintf(command, sizeof(command), "%%s trust 127.0.0.1:%u <&- 2>&1 >&-",
		 faults_port(server));
	in_a_shell(said, sizeof(said), command);
	assert_string_equal(said, LOST("the certificate"));
	unlink(path);
	faults_free(server);
#undef LOST
}

/* --- the store -------------------------------------------------------------------------------- */

#define NOT_USED " is not used, and nothing is saved in this run: "

/* Runs list against a server that refuses the log-in, which is saved in the state directory. */
static void list_refused(struct child_result *ran, const char *variable)
{
	static const struct poll_case poll = { .protocol = FAULTS_TLS, .status = 401, .body = "" };
	struct faults *server = server_for(&poll);
	char path[] = "/tmp/bdbtop-main-XXXXXX", at[64], cacert[64];

	snprintf(at, sizeof(at), "127.0.0.1:%u", faults_port(server));
	write_file(path, faults_pem(server));
	snprintf(cacert, sizeof(cacert), "--cacert=%s", path);
	child_run(ran, WORDS("list", cacert, at), WORDS(USER, PASSWORD, variable));
	unlink(path);
	assert_int_equal(faults_count(server), 1);
	faults_free(server);
}

static size_t count_of(const char *text, const char *part)
{
	size_t count = 0;

	for (; (text = strstr(text, part)); text++)
		count++;
	return count;
}

static void reports_once_and_goes_on(const struct child_result *ran, const char *why)
{
	if (count_of(ran->err, NOT_USED) != 1 || !strstr(ran->err, why) ||
	    !strstr(ran->err, "log-in refused for admin@lab (401)"))
		fail_msg("%s", ran->err);
	assert_int_equal(ran->status, 3);
}

static void in_the_home_of_another_user_root_writes_nothing_and_says_so_once(void **state)
{
	char home[] = "/tmp/bdbtop-home-XXXXXX", variable[64];
	struct child_result ran;

	if (geteuid() != 0) {
		printf("# only root can give a directory away, so this was not tried\n");
		return;
	}
	assert_non_null(mkdtemp(home));
	assert_int_equal(chown(home, 65534, 65534), 0);
	snprintf(variable, sizeof(variable), "HOME=%s", home);
	list_refused(&ran, variable);
	reports_once_and_goes_on(&ran, "belongs to another user (owner nobody, mode 0700)");
	snprintf(variable, sizeof(variable), "XDG_STATE_HOME=%s", home);
	list_refused(&ran, variable);
	reports_once_and_goes_on(&ran, "belongs to another user (owner nobody, mode 0700)");
	/* the directory is empty */
	assert_int_equal(rmdir(home), 0);
}

static void a_state_directory_that_is_not_safe_is_not_used_and_the_run_goes_on(void **state)
{
	char top[] = "/tmp/bdbtop-state-XXXXXX", variable[64], own[64], file[96], other[64];
	struct child_result ran;

	assert_non_null(mkdtemp(top));
	snprintf(variable, sizeof(variable), "XDG_STATE_HOME=%s", top);
	snprintf(own, sizeof(own), "%s/bdbtop", top);
	snprintf(file, sizeof(file), "%s/actions.jsonl", own);
	snprintf(other, sizeof(other), "%s/other", top);
	assert_int_equal(mkdir(own, 0700) | chmod(own, 0777), 0);
	list_refused(&ran, variable);
	reports_once_and_goes_on(&ran, "can be written by others (owner ");
	reports_once_and_goes_on(&ran, ", mode 0777)");
	assert_int_equal(rmdir(own), 0);
	assert_int_equal(symlink(top, own), 0);
	list_refused(&ran, variable);
	reports_once_and_goes_on(&ran, "is a symbolic link (owner ");
	assert_int_equal(unlink(own) | mkdir(own, 0700), 0);
	close(open(other, O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
	assert_int_equal(link(other, file), 0);
	list_refused(&ran, variable);
	reports_once_and_goes_on(&ran,
			      "actions.jsonl" NOT_USED "it has more than one hard link (owner ");
	assert_int_equal(unlink(file), 0);
	/* no other file is there */
	assert_int_equal(rmdir(own) | unlink(other) | rmdir(top), 0);
}

static void a_home_that_is_missing_is_not_made(void **state)
{
	char top[] = "/tmp/bdbtop-state-XXXXXX", variable[64];
	struct child_result ran;

	assert_non_null(mkdtemp(top));
	snprintf(variable, sizeof(variable), "HOME=%s/home", top);
	list_refused(&ran, variable);
	assert_int_equal(ran.status, 3);
	assert_int_equal(rmdir(top), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_wrong_command_line_ends_with_2_and_a_sentence),
		cmocka_unit_test(a_list_without_a_log_in_ends_with_3_and_asks_nothing),
		cmocka_unit_test(help_and_version_need_nothing),
		cmocka_unit_test(a_poll_that_fails_ends_with_3_and_a_sentence),
		cmocka_unit_test(nobody_there_is_one_sentence),
		cmocka_unit_test(a_poll_that_succeeds_prints_the_table),
		cmocka_unit_test(closed_descriptors_are_an_error_where_they_are_needed),
		cmocka_unit_test(a_list_with_closed_descriptors_asks_and_ends_with_1),
		cmocka_unit_test(in_the_home_of_another_user_root_writes_nothing_and_says_so_once),
		cmocka_unit_test(
			a_state_directory_that_is_not_safe_is_not_used_and_the_run_goes_on),
		cmocka_unit_test(a_home_that_is_missing_is_not_made),
	};

	return tap_run_within(240, tests);
}
