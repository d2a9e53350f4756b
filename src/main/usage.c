#include "usage.h"

#include <stdio.h>
#include <string.h>

#include "bdbtop/cli/streams.h"
#include "bdbtop/core/array.h"
#include "option_table.h"

static const char about_cluster[] =
	"CLUSTER is https://HOST:PORT or HOST[:PORT], several nodes separated by commas,\n"
	"a name from the configuration, or a profile of redisctl; the defaults are https\n"
	"and port 9443.\n";

static const char without_cluster[] =
	"Without CLUSTER: REDIS_ENTERPRISE_URL, then the default of the configuration,\n"
	"then that of redisctl.\n";

static const char about_login[] =
	"No option takes the password or a token, because ps would show it.\n"
	"REDIS_ENTERPRISE_USER, REDIS_ENTERPRISE_PASSWORD, REDIS_ENTERPRISE_TOKEN,\n"
	"REDIS_ENTERPRISE_CA_CERT (as --cacert) and REDIS_ENTERPRISE_INSECURE (as\n"
	"--insecure) apply if the configuration has no log-in for the cluster.";

static const char exit_status[] =
	"Exit status: 0 success, 1 something was refused or is wrong, 2 the command line\n"
	"or the configuration is wrong, 3 the cluster could not be read. See bdbtop(1).\n";

static const char history_status[] =
	"Exit status: 0 success, 1 the log could not be read or printed, 2 the command\n"
	"line or the configuration is wrong. See bdbtop(1).\n";

static const char plugin_status[] =
	"NAME is failed, stalled, overdue, suspect, running, missed, never, loss_window,\n"
	"rpo or time. Without -w and -c: any failed, stalled, overdue or missed is\n"
	"WARNING, more than one missed and any never is CRITICAL. RANGE is 10 (above 10\n"
	"or below 0 is wrong), 10: (below 10), ~:10 (above 10), 10:20, @10:20 (inside).\n"
	"\n"
	"Exit status: 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN. See bdbtop(1).\n";

/* How a command is called, and what it does. */
/* clang-format off */
static const struct usage_command {
	const char *synopsis, *about;
} usage_commands[] = {
	[RUN_CONSOLE] = {
		"Usage: bdbtop [OPTION]... [CLUSTER]         open the console\n"
		"       bdbtop list [OPTION]... [CLUSTER]    poll once and print a table\n"
		"       bdbtop check [OPTION]... [CLUSTER]   a monitoring plugin\n"
		"       bdbtop reset [OPTION]... OPERATION DATABASE...\n"
		"                                            reset the status of databases\n"
		"       bdbtop history [OPTION]... [CLUSTER] print the resets of this user\n"
		"       bdbtop trust [--replace] CLUSTER     show its certificate, pin its key\n"
		"       bdbtop help [COMMAND]                print the help of a command\n",
		"Admin console for the backup, export and import status of Redis Enterprise\n"
		"databases: see what is wrong, since when and why, reset the status of one or\n"
		"many databases, and see the results.\n" },
	[RUN_LIST] = {
		"Usage: bdbtop list [OPTION]... [CLUSTER]\n",
		"Poll once and print the databases as a table, the worst problems first, or in a\n"
		"format for programs. In a pipe nothing is cut, and every column of the table but\n"
		"a REASON at the end is one word. One poll cannot show that an operation makes no\n"
		"progress: what is stalled is running here until a second run sees it, too.\n" },
	[RUN_CHECK] = {
		"Usage: bdbtop check [OPTION]... [-H CLUSTER | CLUSTER]\n",
		"Poll once and report the problems as a monitoring plugin does: a status line,\n"
		"one line for each problem, performance data.\n" },
	[RUN_RESET] = {
		"Usage: bdbtop reset [OPTION]... OPERATION DATABASE...\n"
		"       bdbtop reset [OPTION]... OPERATION --all-failed [--filter=EXPRESSION]\n",
		"Reset the status of an operation (backup, export or import) of databases whose\n"
		"operation has failed, as the console does. DATABASE is a number (12, db:12) or a\n"
		"name (orders, name:orders). It asks on the terminal; without one, --yes is\n"
		"needed. Each database gets a line, then the totals follow.\n" },
	[RUN_HISTORY] = {
		"Usage: bdbtop history [OPTION]... [CLUSTER]\n",
		"Print the resets in the audit log of this user on this machine, the oldest\n"
		"first: when, who, which database, its status before, each reply, the outcome.\n"
		"No cluster is contacted. TIME is 2026-11-18T16:02:11Z, 2026-11-18, 18:00 (the\n"
		"last time that it was so late), today, yesterday or 2h (so long ago), in local\n"
		"time. WORD is cleared, unchanged, not_confirmed, nothing_to_reset, not_sent,\n"
		"cancelled, refused, busy, gone, no_answer or unknown.\n" },
	[RUN_TRUST] = {
		"Usage: bdbtop trust [--replace] CLUSTER\n",
		"Show the certificate of a cluster and ask whether to pin its public key. It\n"
		"makes a TLS handshake and sends nothing else.\n" },
	[RUN_HELP] = {
		"Usage: bdbtop help [COMMAND]\n",
		"Print the help of a command, or of bdbtop.\n" },
};
/* clang-format on */

/* The column of the texts, and that of the texts beside longer options. */
#define TEXT_AT	 26
#define LATER_AT 37

/* Options that mean something else with this command than the table says. */
static const struct own_text {
	enum run_mode command;
	const char *name, *text;
} own_texts[] = {
	{ RUN_RESET, "filter", "choose among those of --all-failed" },
	{ RUN_RESET, "format", "table (the default) or jsonl" },
	{ RUN_HISTORY, "format", "table (the default), json or csv" },
	{ RUN_CHECK, "wait", "poll until it is known what is stalled, at most\nDURATION" },
	{ RUN_CHECK, "timeout", "end after SECONDS (default 30)" },
	{ RUN_RESET, "timeout", "end after SECONDS (default: never)" },
};

static const char *find_text(const struct option_def *def, enum run_mode command)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(own_texts); i++)
		if (own_texts[i].command == command && !strcmp(own_texts[i].name, def->name))
			return own_texts[i].text;
	return def->text;
}

static void print_option(FILE *out, const struct option_def *def, enum run_mode command)
{
	char name[60];
	const char *c;
	int at = TEXT_AT;

	snprintf(name, sizeof(name), "%c%c%s --%s%s%s%s", def->letter ? '-' : ' ',
		 def->letter ? def->letter : ' ', def->letter ? "," : " ", def->name,
		 !def->value	       ? ""
		 : def->value_optional ? "[="
				       : "=",
		 def->value ? def->value : "", def->value_optional ? "]" : "");
	if (strlen(name) + 2 >= TEXT_AT)
		at = LATER_AT;
	fprintf(out, "  %-*s", at - 2, name);
	for (c = find_text(def, command); *c; c++) {
		putc(*c, out);
		if (*c == '\n')
			fprintf(out, "%*s", TEXT_AT, "");
	}
	putc('\n', out);
}

void usage_print(enum run_mode command)
{
	const struct usage_command *usage = &usage_commands[command];
	FILE *out = stream_output();
	size_t i;

	fprintf(out, "%s\n%s\n", usage->synopsis, usage->about);
	if (command == RUN_HELP)
		return;
	fputs(about_cluster, out);
	fprintf(out, "%s\n",
		command == RUN_TRUST	 ? ""
		: command == RUN_HISTORY ? "Without CLUSTER: all clusters.\n"
					 : without_cluster);
	for (i = 0; i < option_count; i++)
		if (option_defs[i].commands & 1U << command)
			print_option(out, &option_defs[i], command);
	if (command == RUN_CONSOLE)
		fputs("\nEach command has options of its own: see bdbtop COMMAND --help.\n", out);
	if (command != RUN_TRUST && command != RUN_HISTORY)
		fprintf(out, "\n%s%s\n", about_login,
			command == RUN_CONSOLE ? "\nIn the console, ? lists the keys." : "");
	fprintf(out, "\n%s",
		command == RUN_CHECK	 ? plugin_status
		: command == RUN_HISTORY ? history_status
					 : exit_status);
}
