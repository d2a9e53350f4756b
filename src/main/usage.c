#include "usage.h"

#include <stdio.h>

#include "bdbtop/core/array.h"

/* The commands that have an option. */
enum { CONSOLE = 1 << RUN_CONSOLE, LIST = 1 << RUN_LIST, TRUST = 1 << RUN_TRUST };
#define READS (CONSOLE | LIST)
#define ALL   (CONSOLE | LIST | TRUST)

/* In the order of the help; further lines are indented to the column of the text. */
static const struct usage_option {
	unsigned commands;
	const char *option, *text;
} usage_options[] = {
	{ READS, "    --demo", "start and open a simulated cluster" },
	{ READS, "-i, --interval=SECONDS", "poll interval (default 5, at least 1)" },
	{ READS, "-u, --user=NAME", "log in as NAME" },
	{ READS, "    --askpass", "ask for the password, even if another source has it" },
	{ READS, "    --password-file=FILE", "read the password from FILE" },
	{ READS, "    --password-command=COMMAND", "use the first line that COMMAND prints" },
	{ ALL, "    --cacert=FILE", "trust only certificates signed by the CAs in FILE" },
	{ ALL, "    --cert=FILE", "client certificate" },
	{ ALL, "    --key=FILE", "key of the client certificate, if in a separate file" },
	{ READS, "    --insecure", "accept any certificate; the header warns" },
	{ READS, "    --stall-after=DURATION", "stalled: no progress for DURATION (10m)" },
	{ READS, "    --filter=EXPRESSION", "show matches: state:failed, age>24h, !word" },
	{ READS, "    --sort=COLUMN",
	  "severity (the default), db, name, last-backup, ...;\n"
	  "-COLUMN reverses the order" },
	{ READS, "    --columns=LIST", "the columns, in order: db,name,backup,size,reason" },
	{ LIST, "    --problems", "list: only failed, stalled, overdue and suspect" },
	{ LIST, "    --by=cause", "list: one line for each problem and its databases" },
	{ CONSOLE, "    --read-only", "disable resets" },
	{ TRUST, "    --replace", "trust: accept a key other than the pinned one" },
	{ ALL, "    --config=FILE", "instead of ~/.config/bdbtop/bdbtop.conf" },
	{ ALL, "    --print-config", "print the settings in effect and their sources" },
	{ CONSOLE, "    --theme=THEME", "colour (the default), monochrome or contrast" },
	{ READS, "    --ascii", "draw with ASCII only" },
	{ CONSOLE, "    --no-title", "leave the title of the terminal alone" },
	{ CONSOLE, "    --no-report", "print no report on quitting" },
	{ CONSOLE, "    --mouse", "enable wheel, click and double click" },
	{ ALL, "-h, --help", "print this help; after a command, that of the command" },
	{ ALL, "-V, --version", "print the version" },
};

static const char about_cluster[] =
	"CLUSTER is https://HOST:PORT or HOST[:PORT], several nodes separated by commas,\n"
	"or a name from the configuration; the defaults are https and port 9443.\n";

static const char without_cluster[] =
	"Without CLUSTER: REDIS_ENTERPRISE_URL, then the default of the configuration.\n";

static const char about_login[] =
	"No option takes the password, because ps would show it.\n"
	"REDIS_ENTERPRISE_USER, REDIS_ENTERPRISE_PASSWORD, REDIS_ENTERPRISE_CA_CERT (as\n"
	"--cacert) and REDIS_ENTERPRISE_INSECURE (as --insecure) apply if the\n"
	"configuration has no log-in for the cluster.";

static const char exit_status[] =
	"Exit status: 0 success, 1 something was refused or is wrong, 2 the command line\n"
	"or the configuration is wrong, 3 the cluster could not be read. See bdbtop(1).\n";

/* How a command is called, and what it does. */
/* clang-format off */
static const struct usage_command {
	const char *synopsis, *about;
} usage_commands[] = {
	[RUN_CONSOLE] = {
		"Usage: bdbtop [OPTION]... [CLUSTER]         open the console\n"
		"       bdbtop list [OPTION]... [CLUSTER]    poll once and print a table\n"
		"       bdbtop trust [--replace] CLUSTER     show its certificate, pin its key\n"
		"       bdbtop help [COMMAND]                print the help of a command\n",
		"Admin console for the backup, export and import status of Redis Enterprise\n"
		"databases: see what is wrong, since when and why, reset the status of one or\n"
		"many databases, and see the results.\n" },
	[RUN_LIST] = {
		"Usage: bdbtop list [OPTION]... [CLUSTER]\n",
		"Poll once and print the databases as a table, the worst problems first. In a\n"
		"pipe nothing is cut, and every column but a REASON at the end is one word. One\n"
		"poll cannot show that an operation makes no progress: what is stalled is\n"
		"running here.\n" },
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

static void print_option(const struct usage_option *option)
{
	int width = printf("  %s", option->option), at = width < TEXT_AT ? TEXT_AT : LATER_AT;
	const char *c;

	printf("%*s", at - width, "");
	for (c = option->text; *c; c++) {
		putchar(*c);
		if (*c == '\n')
			printf("%*s", TEXT_AT, "");
	}
	putchar('\n');
}

void usage_print(enum run_mode command)
{
	const struct usage_command *usage = &usage_commands[command];
	size_t i;

	printf("%s\n%s\n", usage->synopsis, usage->about);
	if (command == RUN_HELP)
		return;
	fputs(about_cluster, stdout);
	puts(command == RUN_TRUST ? "" : without_cluster);
	for (i = 0; i < ARRAY_SIZE(usage_options); i++)
		if (command == RUN_CONSOLE || usage_options[i].commands & 1U << command)
			print_option(&usage_options[i]);
	if (command != RUN_TRUST)
		printf("\n%s%s\n", about_login,
		       command == RUN_CONSOLE ? " In the console, ? lists the keys." : "");
	printf("\n%s", exit_status);
}
