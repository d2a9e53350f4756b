#include "settings_internal.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "bdbtop/core/array.h"
#include "bdbtop/core/text.h"

const struct setting_def setting_defs[SETTINGS] = {
	[CONFIG_URL] = { .name = "url", .variable = "REDIS_ENTERPRISE_URL" },
	[CONFIG_USER] = { .name = "user", .flag = "--user", .variable = "REDIS_ENTERPRISE_USER" },
	[CONFIG_AUTH] = { .name = "auth", .flag = "--auth", .built_in = "basic" },
	[CONFIG_PASSWORD_COMMAND] = { .name = "password_command",
				      .flag = "--password-command",
				      .group = GROUP_SETTING_PASSWORD,
				      .secret = true },
	[CONFIG_PASSWORD_FILE] = { .name = "password_file",
				   .flag = "--password-file",
				   .group = GROUP_SETTING_PASSWORD },
	[SETTING_PASSWORD] = { .name = "password",
			       .flag = "--askpass",
			       .variable = "REDIS_ENTERPRISE_PASSWORD",
			       .group = GROUP_SETTING_PASSWORD },
	[CONFIG_TOKEN_FILE] = { .name = "token_file",
				.flag = "--token-file",
				.group = GROUP_SETTING_TOKEN },
	[SETTING_TOKEN] = { .name = "token",
			    .variable = "REDIS_ENTERPRISE_TOKEN",
			    .group = GROUP_SETTING_TOKEN },
	[CONFIG_CACERT] = { .name = "cacert",
			    .flag = "--cacert",
			    .variable = "REDIS_ENTERPRISE_CA_CERT" },
	[CONFIG_PIN] = { .name = "pin" },
	[CONFIG_CERT] = { .name = "cert", .flag = "--cert", .group = GROUP_SETTING_CERT },
	[CONFIG_KEY] = { .name = "key", .flag = "--key", .group = GROUP_SETTING_CERT },
	[SETTING_INSECURE] = { .name = "insecure",
			       .flag = "--insecure",
			       .variable = "REDIS_ENTERPRISE_INSECURE",
			       .built_in = "no" },
	[CONFIG_INTERVAL] = { .name = "interval", .flag = "--interval", .built_in = "5" },
	[CONFIG_STALL_AFTER] = { .name = "stall_after",
				 .flag = "--stall-after",
				 .built_in = "10m" },
	[CONFIG_RPO] = { .name = "rpo" },
	[CONFIG_RPO_TAG] = { .name = "rpo_tag" },
	[CONFIG_FILTER] = { .name = "filter", .flag = "--filter" },
	[CONFIG_SORT] = { .name = "sort", .flag = "--sort", .built_in = "severity" },
	[CONFIG_COLUMNS] = { .name = "columns", .flag = "--columns" },
	[CONFIG_TIMES] = { .name = "times", .built_in = "age" },
	[CONFIG_TITLE] = { .name = "title", .flag = "--no-title", .built_in = "yes" },
	[CONFIG_REPORT] = { .name = "report", .flag = "--no-report", .built_in = "yes" },
	[CONFIG_THEME] = { .name = "theme",
			   .flag = "--theme",
			   .variable = "NO_COLOR",
			   .built_in = "colour" },
	[CONFIG_ASCII] = { .name = "ascii",
			   .flag = "--ascii",
			   .variable = "the locale",
			   .built_in = "no" },
	[CONFIG_MOUSE] = { .name = "mouse", .flag = "--mouse", .built_in = "no" },
	[CONFIG_BELL] = { .name = "bell", .built_in = "none" },
	[CONFIG_NOTIFY] = { .name = "notify", .built_in = "none" },
	[CONFIG_READ_ONLY] = { .name = "read_only", .flag = "--read-only", .built_in = "no" },
	[CONFIG_SANDBOX] = { .name = "sandbox", .flag = "--no-sandbox", .built_in = "yes" },
	[CONFIG_LABEL] = { .name = "label" },
	[CONFIG_COLOR] = { .name = "color" },
	[CONFIG_DEFAULT] = { .name = "default" },
};

/* The inputs, and the variables that apply to this cluster. */
struct variable_settings {
	const struct options *options;
	const struct environment *env;
	const struct config *config;
	struct redisctl *redisctl;
	const char *variable[SETTINGS]; /* NULL: not set, or not for this cluster */
	const char *profile[SETTINGS];	/* the same for the profile of redisctl */
	bool insecure;			/* value of REDIS_ENTERPRISE_INSECURE */
};

/* Parses addresses separated by commas.  Returns their number, or -1 with err set, also for more
 * than `capacity`. */
static int addresses_parse(struct address *out, size_t capacity, const char *typed, struct err *err)
{
	char word[400];
	size_t count = 0;

	for (;;) {
		size_t skip = strspn(typed, " \t"), length = strcspn(typed + skip, ",");
		const char *end = typed + skip + length;

		while (length && strchr(" \t", typed[skip + length - 1]))
			length--;
		if (count == capacity || length >= sizeof(word))
			return err_set(err, ERR_FINAL, "A cluster can have at most %zu addresses.",
				       capacity);
		memcpy(word, typed + skip, length);
		word[length] = '\0';
		if (address_parse(&out[count], word, err) < 0)
			return -1;
		count++;
		if (!*end)
			return (int)count;
		typed = end + 1;
	}
}

static bool address_is_same(const struct address *a, const struct address *b)
{
	return !strcasecmp(a->host, b->host) && a->port == b->port;
}

static bool shares_address(const struct settings *settings, const struct address *other,
			   size_t count)
{
	size_t i, j;

	for (i = 0; i < settings->address_count; i++)
		for (j = 0; j < count; j++)
			if (address_is_same(&settings->addresses[i], &other[j]))
				return true;
	return false;
}

/* The section of a cluster that the user named by an address. */
static const struct config_section *find_by_address(const struct settings *settings,
						    const struct config *config)
{
	struct address other[SETTING_ADDRESSES];
	size_t i;

	for (i = 0; i < config_count(config); i++) {
		const struct config_section *section = config_at(config, i);
		int count = addresses_parse(other, SETTING_ADDRESSES,
					    section->value[CONFIG_URL].text, NULL);

		if (count > 0 && shares_address(settings, other, (size_t)count))
			return section;
	}
	return NULL;
}

static void choose_cluster(struct settings *settings, const struct variable_settings *from)
{
	const struct config_value *fallback =
		&config_global_section(from->config)->value[CONFIG_DEFAULT];

	if (from->options->cluster) {
		settings->cluster_given = from->options->cluster;
		settings->cluster_source = SOURCE_FLAG;
	} else if (from->env->url) {
		settings->cluster_given = from->env->url;
		settings->cluster_source = SOURCE_VARIABLE;
	} else if (fallback->text) {
		settings->cluster_given = fallback->text;
		settings->cluster_source = SOURCE_DEFAULTS;
	}
}

static int apply_addresses(struct settings *settings, const char *typed, const char *where,
			   struct err *err)
{
	struct err error;
	int count = addresses_parse(settings->addresses, SETTING_ADDRESSES, typed, &error);

	if (count > 0) {
		settings->address_count = (size_t)count;
		return 0;
	}
	if (*where)
		return err_set_code(err, error.code, ERR_FINAL, "%s: %s", where, error.text);
	return err_set_code(err, error.code, ERR_FINAL, "%s", error.text);
}

static int apply_section(struct settings *settings, const struct config_section *section,
			 struct err *err)
{
	const struct config_value *url = &section->value[CONFIG_URL];
	char where[SETTING_SOURCE_BYTES];

	settings->section = section;
	snprintf(where, sizeof(where), "%s:%u: url", settings->path, url->line);
	return apply_addresses(settings, url->text, where, err);
}

/* The profile of redisctl that has this name or, without a name, is its default.  Returns 1 if
 * there is one, 0 if not, -1 with err set. */
static int find_profile(struct settings *settings, const struct variable_settings *from,
			struct err *err)
{
	struct redisctl_choice *choice = &settings->redisctl;
	const char *name = settings->cluster_given;
	int found;

	if (!from->redisctl ||
	    (name && (settings->cluster_source != SOURCE_FLAG || !redisctl_is_name(name))))
		return 0;
	found = redisctl_find(from->redisctl, name, choice, err);
	if (found <= 0)
		return found;
	if (!name) {
		settings->cluster_given = choice->profile->name;
		settings->cluster_source = SOURCE_REDISCTL;
	}
	return apply_addresses(settings, choice->url, choice->origin, err) < 0 ? -1 : 1;
}

/* A section may have more nodes of a cluster that was found by its address. */
static int apply_section_of_address(struct settings *settings, const struct variable_settings *from,
				    struct err *err)
{
	const struct config_section *section = find_by_address(settings, from->config);

	return section ? apply_section(settings, section, err) : 0;
}

/* REDIS_ENTERPRISE_URL is an address, never the name of a section. */
static int find_cluster(struct settings *settings, const struct variable_settings *from,
			struct err *err)
{
	const struct config_section *section = NULL;
	char where[SETTING_SOURCE_BYTES] = "";
	int found;

	if (settings->cluster_given && settings->cluster_source != SOURCE_VARIABLE)
		section = config_cluster(from->config, settings->cluster_given);
	if (section)
		return apply_section(settings, section, err);
	found = find_profile(settings, from, err);
	if (found)
		return found < 0 ? -1 : apply_section_of_address(settings, from, err);
	if (!settings->cluster_given)
		return 0;
	if (settings->cluster_source == SOURCE_DEFAULTS)
		snprintf(where, sizeof(where), "%s:%u: default", settings->path,
			 config_global_section(from->config)->value[CONFIG_DEFAULT].line);
	if (settings->cluster_source == SOURCE_VARIABLE)
		snprintf(where, sizeof(where), "REDIS_ENTERPRISE_URL");
	if (apply_addresses(settings, settings->cluster_given, where, err) < 0)
		return -1;
	return apply_section_of_address(settings, from, err);
}

static bool has_login(const struct config_section *section)
{
	return section &&
	       (section->value[CONFIG_USER].text || section->value[CONFIG_PASSWORD_COMMAND].text ||
		section->value[CONFIG_PASSWORD_FILE].text ||
		section->value[CONFIG_TOKEN_FILE].text);
}

/* User and password of two sources would be the log-in of nobody. */
static bool login_is_configured(const struct settings *settings,
				const struct variable_settings *from)
{
	return has_login(settings->section) || has_login(config_global_section(from->config));
}

static void read_profile(struct variable_settings *from, const struct settings *settings)
{
	const struct redisctl_choice *choice = &settings->redisctl;

	from->profile[CONFIG_URL] = choice->url;
	from->profile[CONFIG_CACERT] = choice->cacert;
	if (login_is_configured(settings, from))
		return;
	from->profile[CONFIG_USER] = choice->user;
	from->profile[SETTING_PASSWORD] = choice->password ? "(set)" : NULL;
}

static bool variables_apply(const struct settings *settings, const struct variable_settings *from)
{
	struct address other[SETTING_ADDRESSES];
	int count;

	if (settings->redisctl.profile || login_is_configured(settings, from))
		return false;
	if (!settings->section || settings->cluster_source == SOURCE_VARIABLE)
		return true;
	count = from->env->url ? addresses_parse(other, SETTING_ADDRESSES, from->env->url, NULL)
			       : 0;
	return count > 0 && shares_address(settings, other, (size_t)count);
}

static int read_variables(struct variable_settings *from, const struct settings *settings,
			  struct err *err)
{
	const struct environment *env = from->env;

	if (env->insecure && *env->insecure && config_yes_no(env->insecure, &from->insecure, NULL))
		return err_set(
			err, ERR_FINAL,
			"REDIS_ENTERPRISE_INSECURE is neither yes nor no: use 1, true, yes, on, "
			"or 0, false, no, off.");
	if (env->user && strchr(env->user, ':'))
		return err_set(
			err, ERR_FINAL,
			"REDIS_ENTERPRISE_USER contains a colon, which a user name cannot have: "
			"export the user alone, and the password in REDIS_ENTERPRISE_PASSWORD.");
	if (!variables_apply(settings, from)) {
		from->insecure = false;
		return 0;
	}
	from->variable[CONFIG_USER] = env->user;
	from->variable[CONFIG_CACERT] = env->cacert;
	from->variable[SETTING_INSECURE] = from->insecure ? "yes" : NULL;
	from->variable[SETTING_PASSWORD] =
		secret_is_set(env->password) || *env->no_password.text ? "(set)" : NULL;
	from->variable[SETTING_TOKEN] =
		env->token && (secret_is_set(env->token) || *env->no_token.text) ? "(set)" : NULL;
	return 0;
}

/* The value of one setting in one source. */
static struct setting find_setting(const struct variable_settings *from,
				   const struct settings *settings, enum setting_source source,
				   int which)
{
	const struct config_section *section = NULL;
	struct setting setting = { .source = source };

	switch (source) {
	case SOURCE_FLAG:
		if (which < CONFIG_KEYS)
			setting.text = from->options->flag[which];
		else if (which == SETTING_INSECURE)
			setting.text = from->options->insecure ? "yes" : NULL;
		else if (which == SETTING_PASSWORD)
			setting.text = from->options->askpass ? "(asked)" : NULL;
		break;
	case SOURCE_SECTION:
		section = settings->section;
		break;
	case SOURCE_DEFAULTS:
		section = config_global_section(from->config);
		break;
	case SOURCE_REDISCTL:
		setting.text = from->profile[which];
		break;
	case SOURCE_VARIABLE:
		setting.text = from->variable[which];
		break;
	default:
		break;
	}
	if (section && which < CONFIG_KEYS && which != CONFIG_DEFAULT) {
		setting.text = section->value[which].text;
		setting.line = section->value[which].line;
	}
	return setting;
}

static bool group_is_set_at(const struct variable_settings *from, const struct settings *settings,
			    enum setting_source source, enum setting_group group)
{
	int which;

	for (which = 0; which < SETTINGS; which++)
		if (setting_defs[which].group == group &&
		    find_setting(from, settings, source, which).text)
			return true;
	return false;
}

/* NO_COLOR and the locale apply to every cluster. */
static void apply_terminal(struct settings *settings, struct variable_settings *from)
{
	from->variable[CONFIG_THEME] = from->env->no_color ? "monochrome" : NULL;
	if (from->env->ascii)
		settings->values[CONFIG_ASCII] =
			(struct setting){ .text = "yes", .source = SOURCE_VARIABLE };
}

static void choose_values(struct settings *settings, const struct variable_settings *from)
{
	static const enum setting_source order[] = { SOURCE_FLAG, SOURCE_SECTION, SOURCE_DEFAULTS,
						     SOURCE_REDISCTL, SOURCE_VARIABLE };
	size_t i;
	int which;

	for (which = 0; which < SETTINGS; which++)
		for (i = 0; i < ARRAY_SIZE(order); i++) {
			struct setting setting = find_setting(from, settings, order[i], which);
			enum setting_group group = setting_defs[which].group;

			if (setting.text && !settings->values[which].text)
				settings->values[which] = setting;
			if (setting.text ||
			    (group && group_is_set_at(from, settings, order[i], group)))
				break;
		}
}

static int read_value(struct settings *settings, int which, struct err *err)
{
	const char *text = settings->values[which].text;

	if (!text || which >= CONFIG_KEYS)
		return 0;
	return config_parse((enum config_key)which, text, &settings->parsed, err);
}

static int read_values(struct settings *settings, struct err *err)
{
	char where[SETTING_SOURCE_BYTES];
	struct err error;
	int which;

	settings->parsed.interval_ms = 5000;
	settings->parsed.stall_ms = TRIAGE_STALL_MS;
	settings->parsed.title = true;
	settings->parsed.report = true;
	settings->parsed.sandbox = true;
	settings->insecure = settings->values[SETTING_INSECURE].text != NULL;
	for (which = 0; which < SETTINGS; which++) {
		if (read_value(settings, which, &error) == 0)
			continue;
		settings_format_source(settings, which, where, sizeof(where));
		return err_set(err, ERR_FINAL, "%s: %s: %s", where, setting_defs[which].name,
			       error.text);
	}
	return 0;
}

int settings_init(struct settings *settings, const struct settings_input *input, struct err *err)
{
	struct variable_settings from = { .options = input->options,
					  .env = input->env,
					  .config = input->config,
					  .redisctl = input->redisctl };

	*settings = (struct settings){ .command_ms = SECRET_COMMAND_MS };
	if (input->options->timeout_ms && input->options->timeout_ms < settings->command_ms)
		settings->command_ms = input->options->timeout_ms;
	text_safe(settings->path, sizeof(settings->path), input->path, false);
	choose_cluster(settings, &from);
	if (find_cluster(settings, &from, err) < 0 || read_variables(&from, settings, err) < 0)
		return -1;
	read_profile(&from, settings);
	text_safe(settings->name, sizeof(settings->name),
		  settings->section	       ? settings->section->name
		  : settings->redisctl.profile ? settings->redisctl.profile->name
		  : settings->address_count    ? settings->addresses[0].shown
					       : "",
		  false);
	apply_terminal(settings, &from);
	choose_values(settings, &from);
	settings_imply_auth(settings);
	return read_values(settings, err);
}

char *settings_format_source(const struct settings *settings, int which, char *out, size_t size)
{
	const struct setting *setting = &settings->values[which];
	const char *word = "";

	if (setting->implied_by)
		return settings_format_source(settings, setting->implied_by, out, size);
	switch (setting->source) {
	case SOURCE_FLAG:
		word = setting_defs[which].flag ? setting_defs[which].flag : "command line";
		break;
	case SOURCE_VARIABLE:
		word = setting_defs[which].variable;
		break;
	case SOURCE_DEFAULTS:
	case SOURCE_SECTION:
		snprintf(out, size, "%s:%u", settings->path, setting->line);
		return out;
	case SOURCE_REDISCTL:
		word = settings->redisctl.origin;
		break;
	case SOURCE_PINS:
		word = "known_clusters";
		break;
	case SOURCE_PREFS:
		word = "prefs";
		break;
	case SOURCE_UNSET:
		word = "not set";
		break;
	}
	snprintf(out, size, "%s", word);
	return out;
}

void settings_set_pin(struct settings *settings, const struct source_pin *pin)
{
	if (!settings->values[CONFIG_PIN].text)
		settings->values[CONFIG_PIN] =
			(struct setting){ .text = pin->pin, .source = SOURCE_PINS };
}

/* Ignores an invalid value: another release may have saved it. */
static void apply_saved(struct settings *settings, int which, const char *text)
{
	struct setting *setting = &settings->values[which];

	if (setting->text || !*text)
		return;
	*setting = (struct setting){ .text = text, .source = SOURCE_PREFS };
	if (read_value(settings, which, NULL) < 0)
		*setting = (struct setting){ .text = NULL };
}

void settings_apply_prefs(struct settings *settings, const struct prefs *prefs)
{
	apply_saved(settings, CONFIG_SORT, prefs->sort);
	apply_saved(settings, CONFIG_TIMES, prefs->times);
}

bool settings_is_given(const struct settings *settings, int which)
{
	enum setting_source from = settings->values[which].source;

	return from == SOURCE_FLAG || from == SOURCE_SECTION || from == SOURCE_DEFAULTS;
}
