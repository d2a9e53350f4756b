#include "token.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

const char *const sim_auth_words[] = {
	[SIM_AUTH_BASIC] = "basic",
	[SIM_AUTH_TOKEN] = "token",
	[SIM_AUTH_CERTIFICATE] = "certificate",
	[SIM_AUTH_COUNT] = NULL,
};

const char *const sim_scheme_words[] = {
	[SIM_SCHEME_ANY] = "any",
	[SIM_SCHEME_JWT] = "jwt",
	[SIM_SCHEME_BEARER] = "bearer",
	[SIM_SCHEME_COUNT] = NULL,
};

/* Base64 for URLs, without padding (RFC 7515); out has room for 4 bytes for every 3. */
static void encode(char *out, const char *text)
{
	size_t length = strlen(text), i;
	unsigned pending = 0, bits = 0;

	for (i = 0; i < length; i++) {
		pending = pending << 8 | (unsigned char)text[i];
		for (bits += 8; bits >= 6; bits -= 6)
			*out++ = sim_letters[pending >> (bits - 6) & 63];
	}
	if (bits)
		*out++ = sim_letters[pending << (6 - bits) & 63];
	*out = '\0';
}

const char *sim_token_issue(struct sim_tokens *tokens, const struct sim_user *user, int64_t ttl_s,
			    int64_t now_ms)
{
	struct sim_token *token = &tokens->issued[tokens->count % SIM_TOKENS_MAX];
	char claims[80], encoded[120];

	if (tokens->life_s && ttl_s > tokens->life_s)
		ttl_s = tokens->life_s;
	snprintf(claims, sizeof(claims), "{\"iat\":%" PRId64 ",\"uid\":\"1\",\"exp\":%" PRId64 "}",
		 now_ms / 1000, now_ms / 1000 + ttl_s);
	encode(encoded, claims);
	/* the number makes each token another one; the key takes the place of a signature */
	snprintf(token->text, sizeof(token->text), "eyJhbGciOiJub25lIn0.%s.%u-%s", encoded,
		 ++tokens->count, tokens->key);
	token->user = user;
	token->expires_ms = now_ms + ttl_s * 1000;
	return token->text;
}

const struct sim_user *sim_token_find(const struct sim_tokens *tokens, const char *text,
				      enum sim_scheme sent_as, int64_t now_ms)
{
	size_t i;

	if (tokens->scheme != SIM_SCHEME_ANY && tokens->scheme != sent_as)
		return NULL;
	for (i = 0; i < SIM_TOKENS_MAX; i++)
		if (tokens->issued[i].user && !strcmp(tokens->issued[i].text, text))
			return now_ms < tokens->issued[i].expires_ms ? tokens->issued[i].user
								     : NULL;
	return NULL;
}

void sim_token_expire(struct sim_tokens *tokens)
{
	memset(tokens->issued, 0, sizeof(tokens->issued));
}
