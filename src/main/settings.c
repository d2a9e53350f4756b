#include "settings.h"

#include "bdbtop/core/text.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

/* Values that belong together come from one place: a password of one place and a command of
 * another would be two log-ins. */
enum setting_group { GROUP_SETTING_NONE, GROUP_SETTING_PASSWORD, GROUP_SETTING_CERT };

static const struct setting_def {
	const char *name, *flag, *variable, *built_in;
	enum setting_group group;
	bool secret;
} defs[SETTINGS] = {
	[CONFIG_URL] = { .name = "url", .variable = "REDIS_ENTERPRISE_URL" },
	[CONFIG_USER] = { .name = "user", .flag = "--user", .variable = "REDIS_ENTERPRISE_USER" },
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
	[CONFIG_FILTER] = { .name = "filter", .flag = "--filter" },
	[CONFIG_SORT] = { .name = "sort", .flag = "--sort", .built_in = "severity" },
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
	[CONFIG_LABEL] = { .name = "label" },
	[CONFIG_COLOR] = { .name = "color" },
	[CONFIG_DEFAULT] = { .name = "default" },
};

/* What a choice is made from, and what is left of the variables for this cluster. */
struct variable_settings {
	const struct options *options;
	const struct environment *env;
	const struct config *config;
	const char *variable[SETTINGS]; /* NULL: not set, or the bundle does not count here */
	bool insecure;			/* what REDIS_ENTERPRISE_INSECURE says */
};

int addresses_parse(struct address *out, size_t room, const char *typed, struct err *err)
{
	char word[400];
	size_t count = 0;

	for (;;) {
		size_t skip = strspn(typed, " \t"), length = strcspn(typed + skip, ",");
		const char *end = typed + skip + length;

		while (length && strchr(" \t", typed[skip + length - 1]))
			length--;
		if (count == room || length >= sizeof(word)) {
			err_set(err, ERR_FINAL, "A cluster has at most %zu addresses here.", room);
			return -1;
		}
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

static bool is_same_address(const struct address *a, const struct address *b)
{
	return !strcasecmp(a->host, b->host) && a->port == b->port;
}

static bool share_address(const struct settings *choices, const struct address *other, size_t count)
{
	size_t i, j;

	for (i = 0; i < choices->address_count; i++)
		for (j = 0; j < count; j++)
			if (is_same_address(&choices->addresses[i], &other[j]))
				return true;
	return false;
}

/* The section of a cluster that was named by an address. */
static const struct config_section *find_by_address(const struct settings *choices,
						    const struct config *config)
{
	struct address other[SETTING_ADDRESSES];
	size_t i;

	for (i = 0; i < config_count(config); i++) {
		const struct config_section *section = config_at(config, i);
		int count = addresses_parse(other, SETTING_ADDRESSES,
					    section->value[CONFIG_URL].text, NULL);

		if (count > 0 && share_address(choices, other, (size_t)count))
			return section;
	}
	return NULL;
}

static void name_cluster(struct settings *choices, const struct variable_settings *from)
{
	const struct config_value *fallback =
		&config_global_section(from->config)->value[CONFIG_DEFAULT];

	if (from->options->cluster) {
		choices->cluster_given = from->options->cluster;
		choices->cluster_source = SOURCE_FLAG;
	} else if (from->env->url) {
		choices->cluster_given = from->env->url;
		choices->cluster_source = SOURCE_VARIABLE;
	} else if (fallback->text) {
		choices->cluster_given = fallback->text;
		choices->cluster_source = SOURCE_DEFAULTS;
	}
}

static int apply_addresses(struct settings *choices, const char *typed, const char *where,
			   struct err *err)
{
	struct err why;
	int count = addresses_parse(choices->addresses, SETTING_ADDRESSES, typed, &why);

	if (count > 0) {
		choices->address_count = (size_t)count;
		return 0;
	}
	if (*where)
		err_set(err, ERR_FINAL, "%s: %s", where, why.text);
	else
		err_set(err, ERR_FINAL, "%s", why.text);
	return -1;
}

static int apply_section(struct settings *choices, const struct config_section *section,
			 struct err *err)
{
	const struct config_value *url = &section->value[CONFIG_URL];
	char where[SETTING_WHERE];

	choices->section = section;
	snprintf(where, sizeof(where), "%s:%u: url", choices->path, url->line);
	return apply_addresses(choices, url->text, where, err);
}

/* A variable is a URL and never a section's name. */
static int find_cluster(struct settings *choices, const struct variable_settings *from,
			struct err *err)
{
	const struct config_section *section = NULL;
	char where[SETTING_WHERE] = "";

	if (!choices->cluster_given)
		return 0;
	if (choices->cluster_source != SOURCE_VARIABLE)
		section = config_cluster(from->config, choices->cluster_given);
	if (section)
		return apply_section(choices, section, err);
	if (choices->cluster_source == SOURCE_DEFAULTS)
		snprintf(where, sizeof(where), "%s:%u: default", choices->path,
			 config_global_section(from->config)->value[CONFIG_DEFAULT].line);
	if (choices->cluster_source == SOURCE_VARIABLE)
		snprintf(where, sizeof(where), "REDIS_ENTERPRISE_URL");
	if (apply_addresses(choices, choices->cluster_given, where, err) < 0)
		return -1;
	/* it knows the other nodes too */
	section = find_by_address(choices, from->config);
	return section ? apply_section(choices, section, err) : 0;
}

static bool has_login(const struct config_section *section)
{
	return section &&
	       (section->value[CONFIG_USER].text || section->value[CONFIG_PASSWORD_COMMAND].text ||
		section->value[CONFIG_PASSWORD_FILE].text);
}

static bool variables_apply(const struct settings *choices, const struct variable_settings *from)
{
	struct address other[SETTING_ADDRESSES];
	int count;

	if (has_login(choices->section) || has_login(config_global_section(from->config)))
		return false;
	if (!choices->section || choices->cluster_source == SOURCE_VARIABLE)
		return true;
	count = from->env->url ? addresses_parse(other, SETTING_ADDRESSES, from->env->url, NULL)
			       : 0;
	return count > 0 && share_address(choices, other, (size_t)count);
}

static int read_variables(struct variable_settings *from, const struct settings *choices,
			  struct err *err)
{
	const struct environment *env = from->env;

	if (env->insecure && *env->insecure &&
	    config_yes_no(env->insecure, &from->insecure, NULL)) {
		err_set(err, ERR_FINAL,
			"REDIS_ENTERPRISE_INSECURE is neither yes nor no: write 1, true, yes, "
			"on, or 0, false, no, off.");
		return -1;
	}
	if (env->user && strchr(env->user, ':')) {
		err_set(err, ERR_FINAL,
			"REDIS_ENTERPRISE_USER holds a colon, which no log-in of the cluster can "
			"have: export the user alone, and the password in "
			"REDIS_ENTERPRISE_PASSWORD.");
		return -1;
	}
	if (!variables_apply(choices, from)) {
		from->insecure = false;
		return 0;
	}
	from->variable[CONFIG_USER] = env->user;
	from->variable[CONFIG_CACERT] = env->cacert;
	from->variable[SETTING_INSECURE] = from->insecure ? "yes" : NULL;
	from->variable[SETTING_PASSWORD] =
		secret_is_set(env->password) || *env->no_password.text ? "(set)" : NULL;
	return 0;
}

/* Of one key, what one place has. */
static struct setting is_set_at(const struct variable_settings *from,
				const struct settings *choices, enum setting_source place,
				int which)
{
	const struct config_section *section = NULL;
	struct setting choice = { .source = place };

	switch (place) {
	case SOURCE_FLAG:
		if (which < CONFIG_KEYS)
			choice.text = from->options->flag[which];
		else if (which == SETTING_INSECURE)
			choice.text = from->options->insecure ? "yes" : NULL;
		else
			choice.text = from->options->askpass ? "(asked)" : NULL;
		break;
	case SOURCE_SECTION:
		section = choices->section;
		break;
	case SOURCE_DEFAULTS:
		section = config_global_section(from->config);
		break;
	case SOURCE_VARIABLE:
		choice.text = from->variable[which];
		break;
	default:
		break;
	}
	if (section && which < CONFIG_KEYS && which != CONFIG_DEFAULT) {
		choice.text = section->value[which].text;
		choice.line = section->value[which].line;
	}
	return choice;
}

static bool group_is_set_at(const struct variable_settings *from, const struct settings *choices,
			    enum setting_source place, enum setting_group unit)
{
	int which;

	for (which = 0; which < SETTINGS; which++)
		if (defs[which].group == unit && is_set_at(from, choices, place, which).text)
			return true;
	return false;
}

/* What the variables say of the terminal counts for every cluster. */
static void apply_terminal(struct settings *choices, struct variable_settings *from)
{
	from->variable[CONFIG_THEME] = from->env->no_color ? "monochrome" : NULL;
	if (from->env->ascii)
		choices->values[CONFIG_ASCII] =
			(struct setting){ .text = "yes", .source = SOURCE_VARIABLE };
}

static void choose_value(struct settings *choices, const struct variable_settings *from)
{
	static const enum setting_source order[] = { SOURCE_FLAG, SOURCE_SECTION, SOURCE_DEFAULTS,
						     SOURCE_VARIABLE };
	size_t i;
	int which;

	for (which = 0; which < SETTINGS; which++)
		for (i = 0; i < sizeof(order) / sizeof(*order); i++) {
			struct setting choice = is_set_at(from, choices, order[i], which);

			if (choice.text && !choices->values[which].text)
				choices->values[which] = choice;
			if (choice.text ||
			    (defs[which].group &&
			     group_is_set_at(from, choices, order[i], defs[which].group)))
				break;
		}
}

/* One that is more than its text. */
static int read_value(struct settings *choices, int which, struct err *err)
{
	const char *text = choices->values[which].text;

	if (!text)
		return 0;
	switch (which) {
	case CONFIG_INTERVAL:
		return config_seconds(text, &choices->interval_ms, err);
	case CONFIG_STALL_AFTER:
		return config_duration(text, &choices->stall_ms, err);
	case CONFIG_FILTER:
		return config_filter(text, &choices->filter, err);
	case CONFIG_SORT:
		return config_sort(text, &choices->sort_order, err);
	case CONFIG_THEME:
		return config_theme(text, &choices->theme, err);
	case CONFIG_ASCII:
		return config_yes_no(text, &choices->ascii, err);
	case CONFIG_MOUSE:
		return config_yes_no(text, &choices->mouse, err);
	case CONFIG_BELL:
		return config_words(text, &choices->bell, err);
	case CONFIG_NOTIFY:
		return config_words(text, &choices->notify, err);
	case CONFIG_READ_ONLY:
		return config_yes_no(text, &choices->read_only, err);
	case CONFIG_COLOR:
		return config_color(text, &choices->color, err);
	default:
		return 0;
	}
}

static int read_values(struct settings *choices, struct err *err)
{
	char where[SETTING_WHERE];
	struct err why;
	int which;

	choices->interval_ms = 5000;
	choices->stall_ms = TRIAGE_STALL_MS;
	choices->insecure = choices->values[SETTING_INSECURE].text != NULL;
	for (which = 0; which < SETTINGS; which++) {
		if (read_value(choices, which, &why) == 0)
			continue;
		settings_format_source(choices, which, where, sizeof(where));
		err_set(err, ERR_FINAL, "%s: %s: %s", where, defs[which].name, why.text);
		return -1;
	}
	return 0;
}

int settings_init(struct settings *choices, const struct settings_input *makings, struct err *err)
{
	struct variable_settings from = { .options = makings->options,
					  .env = makings->env,
					  .config = makings->config };

	*choices = (struct settings){ 0 };
	text_safe(choices->path, sizeof(choices->path), makings->path, false);
	name_cluster(choices, &from);
	if (find_cluster(choices, &from, err) < 0 || read_variables(&from, choices, err) < 0)
		return -1;
	text_safe(choices->name, sizeof(choices->name),
		  choices->section	   ? choices->section->name
		  : choices->address_count ? choices->addresses[0].shown
					   : "",
		  false);
	apply_terminal(choices, &from);
	choose_value(choices, &from);
	return read_values(choices, err);
}

char *settings_format_source(const struct settings *choices, int which, char *out, size_t size)
{
	const struct setting *choice = &choices->values[which];
	const char *word = "";

	switch (choice->source) {
	case SOURCE_FLAG:
		word = defs[which].flag ? defs[which].flag : "command line";
		break;
	case SOURCE_VARIABLE:
		word = defs[which].variable;
		break;
	case SOURCE_DEFAULTS:
	case SOURCE_SECTION:
		snprintf(out, size, "%s:%u", choices->path, choice->line);
		return out;
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

void settings_set_pin(struct settings *choices, const struct source_pin *pin)
{
	if (!choices->values[CONFIG_PIN].text)
		choices->values[CONFIG_PIN] =
			(struct setting){ .text = pin->pin, .source = SOURCE_PINS };
}

/* What an older or a later release kept may be none here: then it is as if it were not there. */
static void apply_saved(struct settings *choices, int which, const char *text)
{
	struct setting *choice = &choices->values[which];

	if (choice->text || !*text)
		return;
	*choice = (struct setting){ .text = text, .source = SOURCE_PREFS };
	if (read_value(choices, which, NULL) < 0)
		*choice = (struct setting){ .text = NULL };
}

void settings_apply_prefs(struct settings *choices, const struct prefs *prefs)
{
	apply_saved(choices, CONFIG_FILTER, prefs->filter);
	apply_saved(choices, CONFIG_SORT, prefs->sort);
}

bool settings_is_given(const struct settings *choices, int which)
{
	enum setting_source from = choices->values[which].source;

	return from == SOURCE_FLAG || from == SOURCE_SECTION || from == SOURCE_DEFAULTS;
}

static void print_line(FILE *out, const char *name, const char *value, const char *where)
{
	char safe[600];
	int width;

	text_safe(safe, sizeof(safe), value, false);
	width = 28 - text_width(safe);
	fprintf(out, "%-16s = %s%*s  ; %s\n", name, safe, width > 0 ? width : 0, "", where);
}

static void print_cluster(const struct settings *choices, FILE *out)
{
	char shown[SETTING_ADDRESSES * 300] = "", where[SETTING_WHERE];
	struct text text;
	size_t i;

	text_init(&text, shown, sizeof(shown));
	for (i = 0; i < choices->address_count; i++)
		text_addf(&text, "%s%s", i ? "," : "", choices->addresses[i].url);
	fprintf(out, "[cluster %s]\n", choices->name);
	if (choices->section)
		snprintf(where, sizeof(where), "%s:%u", choices->path,
			 choices->section->value[CONFIG_URL].line);
	else
		snprintf(where, sizeof(where), "%s",
			 choices->cluster_source == SOURCE_VARIABLE ? "REDIS_ENTERPRISE_URL"
			 : choices->cluster_source == SOURCE_FLAG   ? "command line"
								    : choices->path);
	print_line(out, "url", shown, where);
}

void settings_print(const struct settings *choices, FILE *out, const char *pins_path,
		    const char *prefs_path)
{
	static const int order[] = {
		CONFIG_USER,	      SETTING_PASSWORD,	  CONFIG_PASSWORD_COMMAND,
		CONFIG_PASSWORD_FILE, CONFIG_CACERT,	  SETTING_INSECURE,
		CONFIG_PIN,	      CONFIG_CERT,	  CONFIG_KEY,
		CONFIG_INTERVAL,      CONFIG_STALL_AFTER, CONFIG_FILTER,
		CONFIG_SORT,	      CONFIG_THEME,	  CONFIG_ASCII,
		CONFIG_MOUSE,	      CONFIG_BELL,	  CONFIG_NOTIFY,
		CONFIG_READ_ONLY,     CONFIG_LABEL,	  CONFIG_COLOR
	};
	char where[SETTING_WHERE];
	size_t i;

	fprintf(out, "; %s\n", choices->path);
	if (choices->address_count)
		print_cluster(choices, out);
	else
		fputs("[bdbtop]\n", out);
	for (i = 0; i < sizeof(order) / sizeof(*order); i++) {
		const struct setting *choice = &choices->values[order[i]];
		const struct setting_def *def = &defs[order[i]];
		const char *value = choice->text && def->secret ? "(set)" : choice->text;

		settings_format_source(choices, order[i], where, sizeof(where));
		if (!value && def->built_in)
			snprintf(where, sizeof(where), "built in");
		print_line(out, def->name,
			   value	   ? value
			   : def->built_in ? def->built_in
					   : "",
			   choice->source == SOURCE_PINS    ? pins_path
			   : choice->source == SOURCE_PREFS ? prefs_path
							    : where);
	}
}
