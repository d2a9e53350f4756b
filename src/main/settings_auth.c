/*
 * The way of the log-in, and whether a supplied token is used.
 */
#include "settings_internal.h"

#include "bdbtop/core/array.h"
#include "bdbtop/core/auth_method.h"

void settings_imply_auth(struct settings *settings)
{
	static const int passwords[] = { CONFIG_PASSWORD_COMMAND, CONFIG_PASSWORD_FILE,
					 SETTING_PASSWORD };
	const struct setting *values = settings->values;
	int by = values[CONFIG_TOKEN_FILE].text ? CONFIG_TOKEN_FILE : SETTING_TOKEN;
	size_t i;

	if (values[CONFIG_AUTH].text || !values[by].text)
		return;
	for (i = 0; i < ARRAY_SIZE(passwords); i++)
		if (values[passwords[i]].text && values[passwords[i]].source > values[by].source)
			return;
	settings->values[CONFIG_AUTH] = values[by];
	settings->values[CONFIG_AUTH].text = auth_method_words[AUTH_TOKEN];
	settings->values[CONFIG_AUTH].implied_by = by;
}

bool settings_use_token(const struct settings *settings)
{
	return settings->parsed.auth == AUTH_TOKEN &&
	       (settings->values[CONFIG_TOKEN_FILE].text || settings->values[SETTING_TOKEN].text);
}
