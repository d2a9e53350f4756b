#include "bdbtop/core/redisctl_profile.h"

#include <string.h>
#include <strings.h>

#include "bdbtop/core/array.h"

enum redisctl_kind redisctl_kind_parse(const char *word)
{
	static const char *const words[] = { [REDISCTL_ENTERPRISE] = "enterprise",
					     [REDISCTL_CLOUD] = "cloud",
					     [REDISCTL_DATABASE] = "database" };
	size_t kind;

	for (kind = REDISCTL_OTHER + 1; kind < ARRAY_SIZE(words); kind++)
		if (!strcasecmp(word, words[kind]))
			return (enum redisctl_kind)kind;
	return REDISCTL_OTHER;
}

enum redisctl_form redisctl_form_of(const char *value, char variable[REDISCTL_VARIABLE_BYTES])
{
	size_t length;

	*variable = '\0';
	if (!strncmp(value, "keyring:", 8))
		return REDISCTL_KEYRING;
	if (!strchr(value, '$'))
		return REDISCTL_LITERAL;
	if (strncmp(value, "${", 2) != 0)
		return REDISCTL_EXPANSION;
	value += 2;
	length = strspn(value, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");
	if (!length || length >= REDISCTL_VARIABLE_BYTES || strcmp(value + length, "}") != 0)
		return REDISCTL_EXPANSION;
	memcpy(variable, value, length);
	variable[length] = '\0';
	return REDISCTL_VARIABLE;
}
