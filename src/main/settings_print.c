#include "settings_internal.h"

#include <string.h>

#include "bdbtop/core/array.h"
#include "bdbtop/core/text.h"

static void print_line(FILE *out, const char *name, const char *value, const char *where)
{
	char safe[600];
	int width;

	text_safe(safe, sizeof(safe), value, false);
	width = 28 - text_width(safe);
	fprintf(out, "%-16s = %s%*s  ; %s\n", name, safe, width > 0 ? width : 0, "", where);
}

/* The values of a repeatable key, each on a line of its own. */
static void print_lines(FILE *out, const char *name, const char *values, const char *where)
{
	size_t length = strcspn(values, "\n");
	char one[300];

	snprintf(one, sizeof(one), "%.*s", (int)length, values);
	print_line(out, name, one, where);
	if (values[length])
		print_lines(out, name, values + length + 1, "and a later line there");
}

static void print_cluster(const struct settings *settings, FILE *out)
{
	char shown[SETTING_ADDRESSES * 300] = "", where[SETTING_SOURCE_BYTES];
	struct text text;
	size_t i;

	text_init(&text, shown, sizeof(shown));
	for (i = 0; i < settings->address_count; i++)
		text_addf(&text, "%s%s", i ? "," : "", settings->addresses[i].url);
	fprintf(out, "[cluster %s]\n", settings->name);
	if (settings->section)
		snprintf(where, sizeof(where), "%s:%u", settings->path,
			 settings->section->value[CONFIG_URL].line);
	else
		snprintf(where, sizeof(where), "%s",
			 settings->redisctl.profile		       ? settings->redisctl.origin
			 : settings->cluster_source == SOURCE_VARIABLE ? "REDIS_ENTERPRISE_URL"
			 : settings->cluster_source == SOURCE_FLAG     ? "command line"
								       : settings->path);
	print_line(out, "url", shown, where);
}

void settings_print(const struct settings *settings, FILE *out, const char *pins_path,
		    const char *prefs_path)
{
	static const int order[] = { CONFIG_USER,	   CONFIG_AUTH,
				     SETTING_PASSWORD,	   CONFIG_PASSWORD_COMMAND,
				     CONFIG_PASSWORD_FILE, SETTING_TOKEN,
				     CONFIG_TOKEN_FILE,	   CONFIG_CACERT,
				     SETTING_INSECURE,	   CONFIG_PIN,
				     CONFIG_CERT,	   CONFIG_KEY,
				     CONFIG_INTERVAL,	   CONFIG_STALL_AFTER,
				     CONFIG_RPO,	   CONFIG_RPO_TAG,
				     CONFIG_FILTER,	   CONFIG_SORT,
				     CONFIG_COLUMNS,	   CONFIG_TIMES,
				     CONFIG_TITLE,	   CONFIG_REPORT,
				     CONFIG_THEME,	   CONFIG_ASCII,
				     CONFIG_MOUSE,	   CONFIG_BELL,
				     CONFIG_NOTIFY,	   CONFIG_READ_ONLY,
				     CONFIG_SANDBOX,	   CONFIG_LABEL,
				     CONFIG_COLOR };
	char where[SETTING_SOURCE_BYTES];
	size_t i;

	fprintf(out, "; %s\n", settings->path);
	redisctl_print(&settings->redisctl, out);
	if (settings->address_count)
		print_cluster(settings, out);
	else
		fputs("[bdbtop]\n", out);
	for (i = 0; i < ARRAY_SIZE(order); i++) {
		const struct setting *setting = &settings->values[order[i]];
		const struct setting_def *def = &setting_defs[order[i]];
		const char *value = setting->text && def->secret ? "(set)" : setting->text;

		settings_format_source(settings, order[i], where, sizeof(where));
		if (!value && def->built_in)
			snprintf(where, sizeof(where), "built in");
		print_lines(out, def->name,
			    value	    ? value
			    : def->built_in ? def->built_in
					    : "",
			    setting->source == SOURCE_PINS    ? pins_path
			    : setting->source == SOURCE_PREFS ? prefs_path
							      : where);
	}
}
