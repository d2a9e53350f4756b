#include "options.h"

#include "bdbtop/core/text.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OPT_DEMO = 256, OPT_CACERT, OPT_INSECURE, OPT_ASCII };

static const struct option long_options[] = {
	{ "demo", no_argument, NULL, OPT_DEMO },
	{ "interval", required_argument, NULL, 'i' },
	{ "cacert", required_argument, NULL, OPT_CACERT },
	{ "insecure", no_argument, NULL, OPT_INSECURE },
	{ "ascii", no_argument, NULL, OPT_ASCII },
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, 'V' },
	{ NULL, 0, NULL, 0 },
};

void options_help(void)
{
	fputs("Usage: bdbtop [OPTION]... [CLUSTER]        the console\n"
	      "       bdbtop list [OPTION]... [CLUSTER]   one poll, printed as a table\n"
	      "\n"
	      "An admin console for the backup, export and import status of Redis Enterprise\n"
	      "databases: see why they failed, reset the status, read what came of it.\n"
	      "\n"
	      "CLUSTER is https://HOST:PORT or HOST[:PORT]; https and port 9443 are the\n"
	      "defaults. Without it REDIS_ENTERPRISE_URL is taken.\n"
	      "\n"
	      "      --demo              a simulated cluster of its own; needs nothing else\n"
	      "  -i, --interval=SECONDS  from poll to poll (default 5, at least 1)\n"
	      "      --cacert=FILE       believe only certificates signed by FILE's\n"
	      "      --insecure          believe any certificate; the header says so\n"
	      "      --ascii             draw with ASCII only\n"
	      "  -h, --help              this text\n"
	      "  -V, --version           the version\n"
	      "\n"
	      "The log-in comes from REDIS_ENTERPRISE_USER and REDIS_ENTERPRISE_PASSWORD; no\n"
	      "option takes a password, because ps would show it. REDIS_ENTERPRISE_CA_CERT\n"
	      "and REDIS_ENTERPRISE_INSECURE stand for --cacert and --insecure. The keys of\n"
	      "the console: ? there.\n"
	      "\n"
	      "Exit status: 0 done, 1 something was refused or is wrong, 2 the command line is\n"
	      "wrong, 3 the cluster could not be read. bdbtop(1) says more.\n",
	      stdout);
}

static int read_interval(struct options *options, const char *typed, struct err *err)
{
	char *end, safe[80];
	double seconds = strtod(typed, &end);

	/* written so that NaN fails too */
	if (end == typed || *end || !(seconds >= 1 && seconds <= 86400)) {
		err_set(err, ERR_FINAL,
			"\"%s\" is not a number of seconds for --interval: write 1 to 86400, as "
			"in --interval=5.",
			text_safe(safe, sizeof(safe), typed, false));
		return -1;
	}
	options->every_ms = (int64_t)(seconds * 1000);
	return 0;
}

/*
 * What getopt_long() does not know, by its name alone: what follows may be a password.  word is the
 * one that it read last, which for a letter among others is the one before.
 */
static int refuse(int option, const char *word, struct err *err)
{
	bool known = optopt && (optopt >= OPT_DEMO || strchr("hVi", optopt)), letter;
	char name[80], safe[120];

	letter = optopt && optopt < OPT_DEMO && !(known && !strncmp(word, "--", 2));
	if (letter)
		snprintf(name, sizeof(name), "-%c", optopt);
	else
		snprintf(name, sizeof(name), "%.*s", (int)strcspn(word, "="), word);
	text_safe(safe, sizeof(safe), name, false);
	if (option == ':')
		err_set(err, ERR_FINAL, "%s needs a value. See bdbtop --help.", safe);
	else if (known)
		err_set(err, ERR_FINAL, "%s takes no value. See bdbtop --help.", safe);
	else
		err_set(err, ERR_FINAL, "%s is no option of bdbtop. See bdbtop --help.", safe);
	return -1;
}

static int read_option(struct options *options, int option, const char *word, struct err *err)
{
	switch (option) {
	case OPT_DEMO:
		options->demo = true;
		break;
	case 'i':
		return read_interval(options, optarg, err);
	case OPT_CACERT:
		options->cacert = optarg;
		break;
	case OPT_INSECURE:
		options->insecure = true;
		break;
	case OPT_ASCII:
		options->ascii = true;
		break;
	case 'h':
		options->mode = RUN_HELP;
		break;
	case 'V':
		options->mode = RUN_VERSION;
		break;
	default:
		return refuse(option, word, err);
	}
	return 0;
}

static int read_words(struct options *options, int count, char **words, struct err *err)
{
	if (options->mode == RUN_HELP || options->mode == RUN_VERSION)
		return 0;
	if (count && !strcmp(words[0], "list")) {
		options->mode = RUN_LIST;
		count--;
		words++;
	}
	if (count > 1) {
		err_set(err, ERR_FINAL, "%d clusters were named: this release shows one at a time.",
			count);
		return -1;
	}
	if (count && options->demo) {
		err_set(err, ERR_FINAL,
			"--demo brings its own cluster: leave out either --demo or the "
			"cluster's name.");
		return -1;
	}
	options->cluster = count ? words[0] : NULL;
	return 0;
}

int options_read(struct options *options, int argc, char **argv, struct err *err)
{
	int option;

	*options = (struct options){ .every_ms = 5000 };
	opterr = 0;
	while ((option = getopt_long(argc, argv, ":hVi:", long_options, NULL)) != -1)
		if (read_option(options, option, argv[optind - 1], err) < 0)
			return -1;
	return read_words(options, argc - optind, argv + optind, err);
}

/* The value as a copy; what stood in the environment is overwritten, so that no child and no reader
 * of /proc finds it. */
static int take(const char *name, char **out, struct err *err)
{
	char *value = getenv(name);

	*out = NULL;
	if (!value || !*value)
		return 0;
	*out = strdup(value);
	explicit_bzero(value, strlen(value));
	if (*out)
		return 0;
	err_set(err, ERR_FINAL, "There is no memory to read %s.", name);
	return -1;
}

int environment_take(struct environment *env, struct err *err)
{
	char *password = getenv("REDIS_ENTERPRISE_PASSWORD");

	*env = (struct environment){ .password = secret_new() };
	if (!env->password) {
		err_set(err, ERR_FINAL, "There is no memory for the password.");
		return -1;
	}
	if (password && *password && secret_from_env(env->password, password) < 0) {
		err_set(err, ERR_FINAL,
			"REDIS_ENTERPRISE_PASSWORD is longer than any password of a cluster.");
		return -1;
	}
	if (take("REDIS_ENTERPRISE_URL", &env->url, err) < 0 ||
	    take("REDIS_ENTERPRISE_USER", &env->user, err) < 0 ||
	    take("REDIS_ENTERPRISE_CA_CERT", &env->cacert, err) < 0 ||
	    take("REDIS_ENTERPRISE_INSECURE", &env->insecure, err) < 0)
		return -1;
	return 0;
}

void environment_release(struct environment *env)
{
	secret_free(env->password);
	free(env->url);
	free(env->user);
	free(env->cacert);
	free(env->insecure);
	*env = (struct environment){ 0 };
}

static int yes_or_no(const char *word)
{
	static const char *const words[] = { "0", "false", "no", "off", "1", "true", "yes", "on" };
	int i;

	for (i = 0; i < 8; i++)
		if (!strcasecmp(word, words[i]))
			return i >= 4;
	return -1;
}

int options_join(struct options *options, const struct environment *env, struct err *err)
{
	int insecure = env->insecure ? yes_or_no(env->insecure) : 0;

	if (insecure < 0) {
		err_set(err, ERR_FINAL,
			"REDIS_ENTERPRISE_INSECURE is neither yes nor no: write 1, true, yes, "
			"on, or 0, false, no, off.");
		return -1;
	}
	options->insecure |= insecure;
	if (!options->cacert)
		options->cacert = env->cacert;
	if (!options->cluster)
		options->cluster = env->url;
	return 0;
}
