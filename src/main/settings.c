#include "settings.h"

#include "bdbtop/core/text.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

/* Values that belong together come from one place: a password of one place and a command of
 * another would be two log-ins. */
enum unit { UNIT_NONE, UNIT_PASSWORD, UNIT_CERT };

static const struct choice_def {
	const char *name, *flag, *variable, *built_in;
	enum unit unit;
	bool secret;
} defs[CHOICES] = {
	[CONFIG_URL] = { .name = "url", .variable = "REDIS_ENTERPRISE_URL" },
	[CONFIG_USER] = { .name = "user", .flag = "--user", .variable = "REDIS_ENTERPRISE_USER" },
	[CONFIG_PASSWORD_COMMAND] = { .name = "password_command",
				      .flag = "--password-command",
				      .unit = UNIT_PASSWORD,
				      .secret = true },
	[CONFIG_PASSWORD_FILE] = { .name = "password_file",
				   .flag = "--password-file",
				   .unit = UNIT_PASSWORD },
	[CHOICE_PASSWORD] = { .name = "password",
			      .flag = "--askpass",
			      .variable = "REDIS_ENTERPRISE_PASSWORD",
			      .unit = UNIT_PASSWORD },
	[CONFIG_CACERT] = { .name = "cacert",
			    .flag = "--cacert",
			    .variable = "REDIS_ENTERPRISE_CA_CERT" },
	[CONFIG_PIN] = { .name = "pin" },
	[CONFIG_CERT] = { .name = "cert", .flag = "--cert", .unit = UNIT_CERT },
	[CONFIG_KEY] = { .name = "key", .flag = "--key", .unit = UNIT_CERT },
	[CHOICE_INSECURE] = { .name = "insecure",
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
struct makings {
	const struct options *options;
	const struct environment *env;
	const struct config *config;
	const char *variable[CHOICES]; /* NULL: not set, or the bundle does not count here */
	bool insecure;		       /* what REDIS_ENTERPRISE_INSECURE says */
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

static bool same_place(const struct address *a, const struct address *b)
{
	return !strcasecmp(a->host, b->host) && a->port == b->port;
}

static bool share_place(const struct choices *choices, const struct address *other, size_t count)
{
	size_t i, j;

	for (i = 0; i < choices->addresses; i++)
		for (j = 0; j < count; j++)
			if (same_place(&choices->address[i], &other[j]))
				return true;
	return false;
}

/* The section of a cluster that was named by an address. */
static const struct config_section *find_by_address(const struct choices *choices,
						    const struct config *config)
{
	struct address other[CHOICE_ADDRESSES];
	size_t i;

	for (i = 0; i < config_count(config); i++) {
		const struct config_section *section = config_at(config, i);
		int count = addresses_parse(other, CHOICE_ADDRESSES,
					    section->value[CONFIG_URL].text, NULL);

		if (count > 0 && share_place(choices, other, (size_t)count))
			return section;
	}
	return NULL;
}

static void name_cluster(struct choices *choices, const struct makings *from)
{
	const struct config_value *fallback =
		&config_global_section(from->config)->value[CONFIG_DEFAULT];

	if (from->options->cluster) {
		choices->typed = from->options->cluster;
		choices->named = FROM_FLAG;
	} else if (from->env->url) {
		choices->typed = from->env->url;
		choices->named = FROM_VARIABLE;
	} else if (fallback->text) {
		choices->typed = fallback->text;
		choices->named = FROM_DEFAULTS;
	}
}

static int take_addresses(struct choices *choices, const char *typed, const char *where,
			  struct err *err)
{
	struct err why;
	int count = addresses_parse(choices->address, CHOICE_ADDRESSES, typed, &why);

	if (count > 0) {
		choices->addresses = (size_t)count;
		return 0;
	}
	if (*where)
		err_set(err, ERR_FINAL, "%s: %s", where, why.text);
	else
		err_set(err, ERR_FINAL, "%s", why.text);
	return -1;
}

static int take_section(struct choices *choices, const struct config_section *section,
			struct err *err)
{
	const struct config_value *url = &section->value[CONFIG_URL];
	char where[CHOICE_WHERE];

	choices->section = section;
	snprintf(where, sizeof(where), "%s:%u: url", choices->path, url->line);
	return take_addresses(choices, url->text, where, err);
}

/* A variable is a URL and never a section's name. */
static int find_cluster(struct choices *choices, const struct makings *from, struct err *err)
{
	const struct config_section *section = NULL;
	char where[CHOICE_WHERE] = "";

	if (!choices->typed)
		return 0;
	if (choices->named != FROM_VARIABLE)
		section = config_cluster(from->config, choices->typed);
	if (section)
		return take_section(choices, section, err);
	if (choices->named == FROM_DEFAULTS)
		snprintf(where, sizeof(where), "%s:%u: default", choices->path,
			 config_global_section(from->config)->value[CONFIG_DEFAULT].line);
	if (choices->named == FROM_VARIABLE)
		snprintf(where, sizeof(where), "REDIS_ENTERPRISE_URL");
	if (take_addresses(choices, choices->typed, where, err) < 0)
		return -1;
	/* it knows the other nodes too */
	section = find_by_address(choices, from->config);
	return section ? take_section(choices, section, err) : 0;
}

static bool has_login(const struct config_section *section)
{
	return section &&
	       (section->value[CONFIG_USER].text || section->value[CONFIG_PASSWORD_COMMAND].text ||
		section->value[CONFIG_PASSWORD_FILE].text);
}

static bool bundle_counts(const struct choices *choices, const struct makings *from)
{
	struct address other[CHOICE_ADDRESSES];
	int count;

	if (has_login(choices->section) || has_login(config_global_section(from->config)))
		return false;
	if (!choices->section || choices->named == FROM_VARIABLE)
		return true;
	count = from->env->url ? addresses_parse(other, CHOICE_ADDRESSES, from->env->url, NULL) : 0;
	return count > 0 && share_place(choices, other, (size_t)count);
}

static int read_bundle(struct makings *from, const struct choices *choices, struct err *err)
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
	if (!bundle_counts(choices, from)) {
		from->insecure = false;
		return 0;
	}
	from->variable[CONFIG_USER] = env->user;
	from->variable[CONFIG_CACERT] = env->cacert;
	from->variable[CHOICE_INSECURE] = from->insecure ? "yes" : NULL;
	from->variable[CHOICE_PASSWORD] =
		secret_is_set(env->password) || *env->no_password.text ? "(set)" : NULL;
	return 0;
}

/* Of one key, what one place has. */
static struct choice at_place(const struct makings *from, const struct choices *choices,
			      enum choice_from place, int which)
{
	const struct config_section *section = NULL;
	struct choice choice = { .from = place };

	switch (place) {
	case FROM_FLAG:
		if (which < CONFIG_KEYS)
			choice.text = from->options->flag[which];
		else if (which == CHOICE_INSECURE)
			choice.text = from->options->insecure ? "yes" : NULL;
		else
			choice.text = from->options->askpass ? "(asked)" : NULL;
		break;
	case FROM_SECTION:
		section = choices->section;
		break;
	case FROM_DEFAULTS:
		section = config_global_section(from->config);
		break;
	case FROM_VARIABLE:
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

static bool unit_is_at(const struct makings *from, const struct choices *choices,
		       enum choice_from place, enum unit unit)
{
	int which;

	for (which = 0; which < CHOICES; which++)
		if (defs[which].unit == unit && at_place(from, choices, place, which).text)
			return true;
	return false;
}

/* What the variables say of the terminal counts for every cluster. */
static void know_terminal(struct choices *choices, struct makings *from)
{
	from->variable[CONFIG_THEME] = from->env->no_color ? "monochrome" : NULL;
	if (from->env->ascii)
		choices->of[CONFIG_ASCII] = (struct choice){ .text = "yes", .from = FROM_VARIABLE };
}

static void choose(struct choices *choices, const struct makings *from)
{
	static const enum choice_from order[] = { FROM_FLAG, FROM_SECTION, FROM_DEFAULTS,
						  FROM_VARIABLE };
	size_t i;
	int which;

	for (which = 0; which < CHOICES; which++)
		for (i = 0; i < sizeof(order) / sizeof(*order); i++) {
			struct choice choice = at_place(from, choices, order[i], which);

			if (choice.text && !choices->of[which].text)
				choices->of[which] = choice;
			if (choice.text || (defs[which].unit &&
					    unit_is_at(from, choices, order[i], defs[which].unit)))
				break;
		}
}

/* One that is more than its text. */
static int read_value(struct choices *choices, int which, struct err *err)
{
	const char *text = choices->of[which].text;

	if (!text)
		return 0;
	switch (which) {
	case CONFIG_INTERVAL:
		return config_seconds(text, &choices->every_ms, err);
	case CONFIG_STALL_AFTER:
		return config_duration(text, &choices->stall_ms, err);
	case CONFIG_FILTER:
		return config_filter(text, &choices->filter, err);
	case CONFIG_SORT:
		return config_sort(text, &choices->order, err);
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

static int read_values(struct choices *choices, struct err *err)
{
	char where[CHOICE_WHERE];
	struct err why;
	int which;

	choices->every_ms = 5000;
	choices->stall_ms = TRIAGE_STALL_MS;
	choices->insecure = choices->of[CHOICE_INSECURE].text != NULL;
	for (which = 0; which < CHOICES; which++) {
		if (read_value(choices, which, &why) == 0)
			continue;
		choices_where(choices, which, where, sizeof(where));
		err_set(err, ERR_FINAL, "%s: %s: %s", where, defs[which].name, why.text);
		return -1;
	}
	return 0;
}

int choices_make(struct choices *choices, const struct choice_makings *makings, struct err *err)
{
	struct makings from = { .options = makings->options,
				.env = makings->env,
				.config = makings->config };

	*choices = (struct choices){ 0 };
	text_safe(choices->path, sizeof(choices->path), makings->path, false);
	name_cluster(choices, &from);
	if (find_cluster(choices, &from, err) < 0 || read_bundle(&from, choices, err) < 0)
		return -1;
	text_safe(choices->name, sizeof(choices->name),
		  choices->section     ? choices->section->name
		  : choices->addresses ? choices->address[0].shown
				       : "",
		  false);
	know_terminal(choices, &from);
	choose(choices, &from);
	return read_values(choices, err);
}

char *choices_where(const struct choices *choices, int which, char *out, size_t size)
{
	const struct choice *choice = &choices->of[which];
	const char *word = "";

	switch (choice->from) {
	case FROM_FLAG:
		word = defs[which].flag ? defs[which].flag : "command line";
		break;
	case FROM_VARIABLE:
		word = defs[which].variable;
		break;
	case FROM_DEFAULTS:
	case FROM_SECTION:
		snprintf(out, size, "%s:%u", choices->path, choice->line);
		return out;
	case FROM_PINS:
		word = "known_clusters";
		break;
	case FROM_PREFS:
		word = "prefs";
		break;
	case FROM_NOWHERE:
		word = "not set";
		break;
	}
	snprintf(out, size, "%s", word);
	return out;
}

void choices_pin(struct choices *choices, const struct source_pin *pin)
{
	if (!choices->of[CONFIG_PIN].text)
		choices->of[CONFIG_PIN] = (struct choice){ .text = pin->pin, .from = FROM_PINS };
}

/* What an older or a later release kept may be none here: then it is as if it were not there. */
static void take_kept(struct choices *choices, int which, const char *text)
{
	struct choice *choice = &choices->of[which];

	if (choice->text || !*text)
		return;
	*choice = (struct choice){ .text = text, .from = FROM_PREFS };
	if (read_value(choices, which, NULL) < 0)
		*choice = (struct choice){ .text = NULL };
}

void choices_prefs(struct choices *choices, const struct prefs *prefs)
{
	take_kept(choices, CONFIG_FILTER, prefs->filter);
	take_kept(choices, CONFIG_SORT, prefs->sort);
}

bool choices_given(const struct choices *choices, int which)
{
	enum choice_from from = choices->of[which].from;

	return from == FROM_FLAG || from == FROM_SECTION || from == FROM_DEFAULTS;
}

static void print_line(FILE *out, const char *name, const char *value, const char *where)
{
	char safe[600];
	int width;

	text_safe(safe, sizeof(safe), value, false);
	width = 28 - text_width(safe);
	fprintf(out, "%-16s = %s%*s  ; %s\n", name, safe, width > 0 ? width : 0, "", where);
}

static void print_cluster(const struct choices *choices, FILE *out)
{
	char shown[CHOICE_ADDRESSES * 300] = "", where[CHOICE_WHERE];
	struct text text;
	size_t i;

	text_init(&text, shown, sizeof(shown));
	for (i = 0; i < choices->addresses; i++)
		text_addf(&text, "%s%s", i ? "," : "", choices->address[i].url);
	fprintf(out, "[cluster %s]\n", choices->name);
	if (choices->section)
		snprintf(where, sizeof(where), "%s:%u", choices->path,
			 choices->section->value[CONFIG_URL].line);
	else
		snprintf(where, sizeof(where), "%s",
			 choices->named == FROM_VARIABLE ? "REDIS_ENTERPRISE_URL"
			 : choices->named == FROM_FLAG	 ? "command line"
							 : choices->path);
	print_line(out, "url", shown, where);
}

void choices_print(const struct choices *choices, FILE *out, const char *pins_path,
		   const char *prefs_path)
{
	static const int order[] = {
		CONFIG_USER,	      CHOICE_PASSWORD,	  CONFIG_PASSWORD_COMMAND,
		CONFIG_PASSWORD_FILE, CONFIG_CACERT,	  CHOICE_INSECURE,
		CONFIG_PIN,	      CONFIG_CERT,	  CONFIG_KEY,
		CONFIG_INTERVAL,      CONFIG_STALL_AFTER, CONFIG_FILTER,
		CONFIG_SORT,	      CONFIG_THEME,	  CONFIG_ASCII,
		CONFIG_MOUSE,	      CONFIG_BELL,	  CONFIG_NOTIFY,
		CONFIG_READ_ONLY,     CONFIG_LABEL,	  CONFIG_COLOR
	};
	char where[CHOICE_WHERE];
	size_t i;

	fprintf(out, "; %s\n", choices->path);
	if (choices->addresses)
		print_cluster(choices, out);
	else
		fputs("[bdbtop]\n", out);
	for (i = 0; i < sizeof(order) / sizeof(*order); i++) {
		const struct choice *choice = &choices->of[order[i]];
		const struct choice_def *def = &defs[order[i]];
		const char *value = choice->text && def->secret ? "(set)" : choice->text;

		choices_where(choices, order[i], where, sizeof(where));
		if (!value && def->built_in)
			snprintf(where, sizeof(where), "built in");
		print_line(out, def->name,
			   value	   ? value
			   : def->built_in ? def->built_in
					   : "",
			   choice->from == FROM_PINS	? pins_path
			   : choice->from == FROM_PREFS ? prefs_path
							: where);
	}
}
