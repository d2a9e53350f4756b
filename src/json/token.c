#include "bdbtop/json/token.h"

#include <string.h>

#define BLANKS	   " \t\r\n"
#define CLAIMS_MAX 3072 /* bytes; a token has 4096 at most */
#define DIGITS_MAX 15

static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/* The closing quote of the string that begins at `at`; NULL: there is none. */
static const char *end_of_string(const char *at, const char *end)
{
	for (at++; at < end && *at != '"'; at++)
		at += *at == '\\';
	return at < end ? at : NULL;
}

static const char *skip_blanks(const char *at, const char *end)
{
	while (at < end && *at && strchr(BLANKS, *at))
		at++;
	return at;
}

/* The value of a member whose key ends at `quote`; NULL: no colon follows. */
static const char *value_after(const char *quote, const char *end)
{
	const char *at = skip_blanks(quote + 1, end);

	return at < end && *at == ':' ? skip_blanks(at + 1, end) : NULL;
}

/* The value of a member of the outermost object; NULL: it has none. */
static const char *find_member(const char *at, const char *end, const char *key)
{
	size_t length = strlen(key);
	bool key_follows = false;
	int depth = 0;

	for (; at < end; at++) {
		const char *quote = *at == '"' ? end_of_string(at, end) : at;

		if (!quote)
			return NULL;
		if (key_follows && *at == '"' && (size_t)(quote - at) == length + 1 &&
		    !memcmp(at + 1, key, length))
			return value_after(quote, end);
		depth += *at == '{' || *at == '[';
		depth -= *at == '}' || *at == ']';
		if (!strchr(BLANKS, *at))
			key_follows = depth == 1 && (*at == '{' || *at == ',');
		at = quote;
	}
	return NULL;
}

static size_t token_span(const char *at, const char *end)
{
	size_t length = 0;

	while (at + length < end && at[length] &&
	       (strchr(letters, at[length]) || strchr(".~+/=", at[length])))
		length++;
	return length;
}

int token_find(const char *reply, size_t length, size_t *at, size_t *token_length)
{
	const char *end = reply + length, *value = find_member(reply, end, "access_token");

	if (!value || value == end || *value++ != '"')
		return -1;
	*at = (size_t)(value - reply);
	*token_length = token_span(value, end);
	value += *token_length;
	return *token_length && value < end && *value == '"' ? 0 : -1;
}

bool token_is_valid(const char *token)
{
	size_t length = strlen(token);

	return length && token_span(token, token + length) == length;
}

/* Decodes base64url up to the first other character; returns the number of bytes. */
static size_t decode(char *out, size_t size, const char *text)
{
	unsigned bits = 0, pending = 0;
	size_t length = 0;
	const char *letter;

	for (; *text && length < size && (letter = strchr(letters, *text)); text++) {
		pending = pending << 6 | (unsigned)(letter - letters);
		bits += 6;
		if (bits >= 8) {
			bits -= 8;
			out[length++] = (char)(pending >> bits & 0xff);
		}
	}
	return length;
}

/* A whole number of seconds, of which a fraction is dropped; 0: there is none. */
static int64_t claim_s(const char *claims, size_t length, const char *name)
{
	const char *end = claims + length, *at = find_member(claims, end, name);
	int64_t seconds = 0;
	int digits;

	for (digits = 0; at && at < end && *at >= '0' && *at <= '9'; at++) {
		if (++digits > DIGITS_MAX)
			return 0;
		seconds = seconds * 10 + (*at - '0');
	}
	return seconds;
}

struct token_times token_times(const char *token)
{
	struct token_times times = { 0 };
	const char *claims = strchr(token, '.');
	char decoded[CLAIMS_MAX];
	size_t length;

	if (!claims)
		return times;
	length = decode(decoded, sizeof(decoded), claims + 1);
	times.issued_s = claim_s(decoded, length, "iat");
	times.expires_s = claim_s(decoded, length, "exp");
	explicit_bzero(decoded, length);
	return times;
}
