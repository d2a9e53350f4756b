#include "bdbtop/core/login_refusal.h"

#include <ctype.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

static const struct {
	const char *word, *remedy;
} refusals[] = {
	[LOGIN_REFUSED] = { NULL, "" },
	[LOGIN_EXPIRED] = { "expired",
			    "The password has expired: change it in the web interface." },
	[LOGIN_LOCKED] = { "locked", "The account is locked: ask an administrator to unlock it." },
	[LOGIN_DISABLED] = { "disabled", "The account, or this way to log in, is disabled: ask an "
					 "administrator to enable it." },
	[LOGIN_TOKEN] = { NULL, "Supply a fresh token with --token-file or "
				"REDIS_ENTERPRISE_TOKEN, or log in with user and password." },
	[LOGIN_CERTIFICATE] = { NULL, "Check that the cluster accepts client certificates, and "
				      "this one for a user of its own." },
};

static int has_word(const char *text, const char *word)
{
	size_t length = strlen(word);
	const char *at;

	for (at = text; *at; at++)
		if (!strncasecmp(at, word, length) &&
		    (at == text || !isalpha((unsigned char)at[-1])) &&
		    !isalpha((unsigned char)at[length]))
			return 1;
	return 0;
}

enum login_refusal login_refusal_find(const char *words)
{
	enum login_refusal refusal;

	for (refusal = LOGIN_EXPIRED; refusal <= LOGIN_DISABLED; refusal++)
		if (has_word(words, refusals[refusal].word))
			return refusal;
	return LOGIN_REFUSED;
}

const char *login_refusal_remedy(enum login_refusal refusal)
{
	return refusals[refusal].remedy;
}
