#include "redisctl.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bdbtop/core/array.h"
#include "bdbtop/core/text.h"
#include "bdbtop/net/child_process.h"
#include "bdbtop/store/paths.h"

#define LIST_MS	       10000
#define LIST_MAX_BYTES ((size_t)1 << 20)

extern char **environ;

/* The output of redisctl. */
struct redisctl_output {
	char *bytes; /* LIST_MAX_BYTES */
	size_t length;
};

static bool output_is_complete(void *arg)
{
	const struct redisctl_output *output = arg;

	return output->length == LIST_MAX_BYTES;
}

/* Output that is too long fills the buffer, is discarded from there on, and is no JSON then. */
static ssize_t read_output(void *arg, int fd)
{
	struct redisctl_output *output = arg;
	char rest[512];
	ssize_t got;

	if (output_is_complete(output))
		return read(fd, rest, sizeof(rest));
	got = read(fd, output->bytes + output->length, LIST_MAX_BYTES - output->length);
	if (got > 0)
		output->length += (size_t)got;
	return got;
}

/* A log level would add lines to the output; the variables of bdbtop were overwritten, and a value
 * `${REDIS_ENTERPRISE_URL}` must come back as it is. */
static bool is_withheld(const char *assignment)
{
	static const char *const names[] = {
		"RUST_LOG=",
		"REDIS_ENTERPRISE_URL=",
		"REDIS_ENTERPRISE_USER=",
		"REDIS_ENTERPRISE_PASSWORD=",
		"REDIS_ENTERPRISE_TOKEN=",
		"REDIS_ENTERPRISE_CA_CERT=",
		"REDIS_ENTERPRISE_INSECURE=",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i++)
		if (!strncmp(assignment, names[i], strlen(names[i])))
			return true;
	return false;
}

/* The strings are those of environ; NULL when out of memory. */
static char **make_environment(void)
{
	size_t count = 0, kept = 0, i;
	char **out;

	while (environ[count])
		count++;
	out = calloc(count + 1, sizeof(*out));
	for (i = 0; out && i < count; i++)
		if (!is_withheld(environ[i]))
			out[kept++] = environ[i];
	return out;
}

/* NULL if redisctl is not installed, fails, or prints something else: its file may still help. */
static struct redisctl_list *run_redisctl(void)
{
	struct redisctl_output output = { .bytes = malloc(LIST_MAX_BYTES) };
	char **environment = make_environment();
	const struct child_process process = {
		.argv = (const char *const[]){ "redisctl", "profile", "list", "-o", "json", NULL },
		.environment = environment,
		.limit_ms = LIST_MS,
		.read = read_output,
		.is_complete = output_is_complete,
		.arg = &output
	};
	struct redisctl_list *list = NULL;
	int status = 0;

	if (output.bytes && environment && !child_process_run(&process, &status) && !status)
		list = redisctl_list_read(output.bytes, output.length);
	free(environment);
	free(output.bytes);
	return list;
}

static int open_file(struct redisctl *redisctl)
{
	const char *named = getenv("REDISCTL_CONFIG_FILE");
	const char *listed = redisctl->list ? redisctl_list_path(redisctl->list) : NULL;
	char *path =
		paths_config("redisctl/config.toml", getenv("XDG_CONFIG_HOME"), getenv("HOME"));

	if (listed || (named && *named)) {
		free(path);
		path = strdup(listed ? listed : named);
	}
	if (!path)
		return err_set(&redisctl->error, ERR_FINAL,
			       "Out of memory for the profiles of redisctl.");
	redisctl->file = redisctl_file_open(path, &redisctl->error);
	free(path);
	return redisctl->file ? 0 : -1;
}

static void load(struct redisctl *redisctl)
{
	redisctl->loaded = true;
	redisctl->list = run_redisctl();
	if (open_file(redisctl) == 0 &&
	    redisctl_file_parse(redisctl->file, &redisctl->file_error) < 0 && !redisctl->list)
		redisctl->error = redisctl->file_error;
}

static const struct redisctl_profile *get_profiles(const struct redisctl *redisctl, size_t *count)
{
	return redisctl->list ? redisctl_list_profiles(redisctl->list, count)
			      : redisctl_file_profiles(redisctl->file, count);
}

/* NULL: the default. */
static const struct redisctl_profile *find_profile(const struct redisctl_profile *profiles,
						   size_t count, const char *name)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (name ? !strcmp(profiles[i].name, name) : profiles[i].is_default)
			return &profiles[i];
	return NULL;
}

/* Names the profiles for Redis Enterprise. */
static int set_kind_error(const struct redisctl *redisctl, const struct redisctl_profile *profile,
			  struct err *err)
{
	static const char *const products[] = {
		[REDISCTL_OTHER] = "of an unknown type",
		[REDISCTL_CLOUD] = "for Redis Cloud",
		[REDISCTL_DATABASE] = "for one database",
	};
	char name[100], buffer[160];
	const struct redisctl_profile *profiles;
	struct text known;
	size_t count, i;

	profiles = get_profiles(redisctl, &count);
	text_init(&known, buffer, sizeof(buffer));
	for (i = 0; i < count; i++)
		if (profiles[i].kind == REDISCTL_ENTERPRISE) {
			text_add(&known, known.length ? ", " : " Those profiles are: ");
			text_add_safe(&known, profiles[i].name);
		}
	return err_set_code(
		err, ERR_CODE_CONFIG, ERR_FINAL,
		"The redisctl profile %s is %s: bdbtop needs a profile for Redis Enterprise "
		"(deployment_type = \"enterprise\").%s%s",
		text_safe(name, sizeof(name), profile->name, false), products[profile->kind],
		buffer, known.length ? "." : "");
}

/* The value of a variable; those that bdbtop takes out of the environment are in `env`. */
static const char *get_variable(const struct environment *env, const char *name)
{
	if (!strcmp(name, "REDIS_ENTERPRISE_URL"))
		return env->url;
	if (!strcmp(name, "REDIS_ENTERPRISE_USER"))
		return env->user;
	if (!strcmp(name, "REDIS_ENTERPRISE_CA_CERT"))
		return env->cacert;
	return getenv(name);
}

static bool is_own_password(const char *variable)
{
	return !strcmp(variable, "REDIS_ENTERPRISE_PASSWORD");
}

static bool password_variable_is_set(const struct environment *env, const char *name)
{
	const char *value = getenv(name);

	if (is_own_password(name))
		return secret_is_set(env->password) || *env->no_password.text;
	return value && *value;
}

/* Says why a value cannot be used, and what to set instead. */
static int set_form_error(const struct redisctl_choice *choice, const char *key, const char *value,
			  struct err *err)
{
	bool login = !strcmp(key, "username") || !strcmp(key, "password");
	enum err_code code = login ? ERR_CODE_LOGIN_MISSING : ERR_CODE_CONFIG;
	char name[60], variable[REDISCTL_VARIABLE_BYTES];
	enum redisctl_form form = redisctl_form_of(value, variable);

	text_safe(name, sizeof(name), choice->profile->name, false);
	if (form == REDISCTL_VARIABLE)
		return err_set_code(err, code, ERR_ASK_USER,
				    "The %s of the redisctl profile %s is that of the variable %s, "
				    "which is not set: export it.",
				    key, name, variable);
	return err_set_code(
		err, code, ERR_ASK_USER,
		"The %s of the redisctl profile %s %s. Set url, user and password_command in a "
		"section [cluster %s] of the configuration%s.",
		key, name,
		form == REDISCTL_KEYRING
			? "is in the keyring of redisctl, which bdbtop does not read"
			: "has a $ that only redisctl can expand",
		name, login ? ", or give --user and --password-command" : "");
}

/* Sets *out to the value, or to NULL with -1 and err set. */
static int resolve(const struct redisctl *redisctl, const struct redisctl_choice *choice,
		   const char *key, const char **out, struct err *err)
{
	char variable[REDISCTL_VARIABLE_BYTES];
	const char *value = *out;
	enum redisctl_form form;

	if (!value)
		return 0;
	form = redisctl_form_of(value, variable);
	if (form == REDISCTL_LITERAL)
		return 0;
	*out = form == REDISCTL_VARIABLE ? get_variable(redisctl->env, variable) : NULL;
	return *out && **out ? 0 : set_form_error(choice, key, value, err);
}

/* redisctl may expand what the file has, but never prints a password. */
static void choose_password(const struct redisctl *redisctl, struct redisctl_choice *choice)
{
	size_t count;
	const struct redisctl_profile *profiles = redisctl_file_profiles(redisctl->file, &count);
	const struct redisctl_profile *profile =
		find_profile(profiles, count, choice->profile->name);
	enum redisctl_form form;

	if (*redisctl->file_error.text)
		choice->no_login = redisctl->file_error;
	if (!profile || !profile->password || !*profile->password)
		return;
	form = redisctl_form_of(profile->password, choice->variable);
	if (form == REDISCTL_LITERAL || (form == REDISCTL_VARIABLE &&
					 password_variable_is_set(redisctl->env, choice->variable)))
		choice->password = profile->password;
	else
		set_form_error(choice, "password", profile->password, &choice->no_login);
	if (form == REDISCTL_LITERAL && redisctl_file_is_exposed(redisctl->file))
		choice->exposed_file = redisctl_file_path(redisctl->file);
}

static int choose(const struct redisctl *redisctl, const struct redisctl_profile *profile,
		  struct redisctl_choice *choice, struct err *err)
{
	char name[100];

	text_safe(name, sizeof(name), profile->name, false);
	*choice = (struct redisctl_choice){ .profile = profile,
					    .url = profile->url,
					    .user = profile->user,
					    .cacert = profile->cacert };
	if (profile->line)
		snprintf(choice->origin, sizeof(choice->origin), "%s:%u",
			 redisctl_file_path(redisctl->file), profile->line);
	else
		snprintf(choice->origin, sizeof(choice->origin), "redisctl profile %s", name);
	if (profile->kind != REDISCTL_ENTERPRISE)
		return set_kind_error(redisctl, profile, err);
	if (!profile->url)
		return err_set_code(
			err, ERR_CODE_CONFIG, ERR_FINAL,
			"%s: the profile %s has no url: set it with redisctl profile set.",
			choice->origin, name);
	if (resolve(redisctl, choice, "url", &choice->url, err) < 0 ||
	    resolve(redisctl, choice, "ca_cert", &choice->cacert, err) < 0)
		return -1;
	choose_password(redisctl, choice);
	/* the user comes first where both are missing */
	resolve(redisctl, choice, "username", &choice->user, &choice->no_login);
	return 1;
}

bool redisctl_is_name(const char *typed)
{
	return *typed && !typed[strcspn(typed, "/:,[]")];
}

int redisctl_find(struct redisctl *redisctl, const char *name, struct redisctl_choice *choice,
		  struct err *err)
{
	const struct redisctl_profile *profiles, *profile;
	size_t count;

	*choice = (struct redisctl_choice){ .profile = NULL };
	if (!redisctl->loaded)
		load(redisctl);
	if (*redisctl->error.text) {
		if (name && strchr(name, '.'))
			return 0;
		return err_set_code(err, ERR_CODE_CONFIG, redisctl->error.class,
				    "%s To open a host, write https://HOST:9443.",
				    redisctl->error.text);
	}
	profiles = get_profiles(redisctl, &count);
	profile = find_profile(profiles, count, name);
	return profile ? choose(redisctl, profile, choice, err) : 0;
}

/* The value stays in the environment: another cluster may need it. */
static int take_variable(const char *name, struct secret *secret, struct err *err)
{
	const char *value = getenv(name);
	char *copy = strdup(value ? value : "");
	int rc;

	if (!copy)
		return err_set(err, ERR_FINAL, "Out of memory for the password.");
	rc = secret_from_env(secret, name, copy, err);
	free(copy);
	return rc;
}

int redisctl_take_password(const struct redisctl *redisctl, const struct redisctl_choice *choice,
			   struct secret *secret, struct err *err)
{
	char subject[REDISCTL_ORIGIN_BYTES + 20];

	if (!choice->password)
		return 0;
	if (is_own_password(choice->variable)) {
		*err = redisctl->env->no_password;
		return *err->text ? -1 : 0;
	}
	if (*choice->variable)
		return take_variable(choice->variable, secret, err);
	snprintf(subject, sizeof(subject), "%s: the password", choice->origin);
	return secret_from_env(secret, subject, choice->password, err);
}

void redisctl_print(const struct redisctl_choice *choice, FILE *out)
{
	const struct redisctl_profile *profile = choice->profile;
	char buffer[400];
	struct text text;

	if (!profile)
		return;
	text_init(&text, buffer, sizeof(buffer));
	text_add(&text, "; redisctl profile ");
	text_add_safe(&text, profile->name);
	if (profile->tags) {
		text_add(&text, ", tags: ");
		text_add_safe(&text, profile->tags);
	}
	fprintf(out, "%s\n", buffer);
	if (profile->insecure)
		fputs("; the profile has insecure = true, which is ignored: bdbtop trust pins the "
		      "key\n",
		      out);
	if (*choice->no_login.text)
		fprintf(out, "; %s\n", choice->no_login.text);
}

void redisctl_forget(struct redisctl *redisctl)
{
	if (redisctl->file)
		redisctl_file_forget(redisctl->file);
}

void redisctl_release(struct redisctl *redisctl)
{
	redisctl_list_free(redisctl->list);
	redisctl_file_free(redisctl->file);
	*redisctl = (struct redisctl){ .loaded = false };
}
