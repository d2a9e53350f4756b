#include "secret_internal.h"

#include <string.h>
#include <sys/mman.h>

/* Zeroed pages for a secret; NULL when out of memory. */
static void *map_pages(size_t size)
{
	void *pages = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (pages == MAP_FAILED)
		return NULL;
	/* best effort: if the limit on locked memory is 0, core dumps still exclude the password */
	(void)mlock(pages, size);
	(void)madvise(pages, size, MADV_DONTDUMP);
	(void)madvise(pages, size, MADV_WIPEONFORK);
	return pages;
}

struct secret *secret_new(void)
{
	return map_pages(sizeof(struct secret));
}

void secret_free(struct secret *secret)
{
	if (!secret)
		return;
	secret_clear(secret);
	munmap(secret, sizeof(*secret));
}

void secret_clear(struct secret *secret)
{
	explicit_bzero(secret, sizeof(*secret));
}

int secret_take(struct secret *secret, char *bytes, size_t length)
{
	int rc = -1;

	secret_clear(secret);
	/* a password with a NUL would be sent truncated and count as a wrong one */
	if (length <= SECRET_MAX && !memchr(bytes, '\0', length)) {
		memcpy(secret->bytes, bytes, length);
		secret->length = length;
		rc = 0;
	}
	explicit_bzero(bytes, length);
	return rc;
}

void secret_truncate(struct secret *secret, size_t length)
{
	explicit_bzero(secret->bytes + length, sizeof(secret->bytes) - length);
	secret->length = length;
}

/* With these bytes the cluster would count wrong passwords, and five of them lock the account. */
static const char *find_invalid_bytes(const struct secret *secret)
{
	const char *bytes = secret->bytes;

	if (memmem(bytes, secret->length, "\xef\xbb\xbf", 3) || !memcmp(bytes, "\xff\xfe", 2) ||
	    !memcmp(bytes, "\xfe\xff", 2))
		return "it contains a byte-order mark, which some editors add";
	if (memchr(bytes, '\0', secret->length))
		return "it contains a NUL byte";
	if (memchr(bytes, '\n', secret->length))
		return "it has more than one line";
	if (memchr(bytes, '\r', secret->length))
		return "it contains a carriage return (CR)";
	return NULL;
}

const char *secret_finish(struct secret *secret)
{
	size_t length = secret->length;

	if (length && secret->bytes[length - 1] == '\n') {
		length--;
		if (length && secret->bytes[length - 1] == '\r')
			length--;
		secret_truncate(secret, length);
		secret->trimmed = true;
	}
	if (!length)
		return "it is empty";
	return length > SECRET_MAX ? "it is longer than 4096 bytes" : find_invalid_bytes(secret);
}

int secret_from_env(struct secret *secret, const char *name, char *value, struct err *err)
{
	size_t length = strlen(value);
	const char *what;

	secret_clear(secret);
	secret->length = length < sizeof(secret->bytes) ? length : sizeof(secret->bytes) - 1;
	memcpy(secret->bytes, value, secret->length);
	explicit_bzero(value, length);
	what = length ? secret_finish(secret) : NULL;
	if (!what)
		return 0;
	secret_clear(secret);
	return err_set(err, ERR_ASK_USER,
		       "%s cannot be used: %s. Export its value and nothing else.", name, what);
}

bool secret_was_trimmed(const struct secret *secret)
{
	return secret->trimmed;
}

/* The Authorization header; munmap() needs its size. */
struct header {
	size_t size;
	char text[];
};

/* A byte of `USER:PASSWORD`; 0 after its end. */
static unsigned long login_byte(const struct login *login, size_t user, size_t i)
{
	const struct secret *password = login->password;

	if (i < user)
		return (unsigned char)login->user[i];
	if (i == user)
		return ':';
	i -= user + 1;
	return i < password->length ? (unsigned char)password->bytes[i] : 0;
}

/* Writes base64 of `USER:PASSWORD`; the pages are zero already. */
static void write_basic(char *out, const struct login *login)
{
	static const char letters[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	size_t user = strlen(login->user), length = user + 1 + login->password->length, i, k;

	for (i = 0; i < length; i += 3) {
		unsigned long three = login_byte(login, user, i) << 16 |
				      login_byte(login, user, i + 1) << 8 |
				      login_byte(login, user, i + 2);

		for (k = 0; k < 4; k++)
			*out++ = i + k > length ? '=' : letters[three >> (18 - k * 6) & 63];
	}
}

char *secret_authorization(const struct login *login)
{
	static const char *const starts[] = { [SCHEME_BASIC] = "Authorization: Basic ",
					      [SCHEME_JWT] = "Authorization: JWT ",
					      [SCHEME_BEARER] = "Authorization: Bearer " };
	const char *start = starts[login->scheme];
	bool basic = login->scheme == SCHEME_BASIC;
	size_t length = login->password->length + (basic ? strlen(login->user) + 1 : 0);
	size_t size = sizeof(struct header) + strlen(start) + (length + 2) / 3 * 4 + 1;
	struct header *header = map_pages(size);
	char *out;

	if (!header)
		return NULL;
	header->size = size;
	out = stpcpy(header->text, start);
	if (basic)
		write_basic(out, login);
	else
		memcpy(out, login->password->bytes, length);
	return header->text;
}

void secret_authorization_free(char *text)
{
	struct header *header;

	if (!text)
		return;
	header = (struct header *)(void *)(text - offsetof(struct header, text));
	explicit_bzero(header->text, header->size - sizeof(*header));
	munmap(header, header->size);
}

bool secret_is_set(const struct secret *secret)
{
	return secret->length > 0;
}

const char *secret_peek(const struct secret *secret)
{
	return secret->bytes;
}

size_t secret_length(const struct secret *secret)
{
	return secret->length;
}

void secret_keep(struct secret *secret, size_t at, size_t length)
{
	memmove(secret->bytes, secret->bytes + at, length);
	secret_truncate(secret, length);
}

int secret_type(struct secret *secret, char byte)
{
	if (secret->length >= SECRET_MAX || !byte)
		return -1;
	secret->bytes[secret->length++] = byte;
	return 0;
}

/* The length of the last character; 1 if the end is not a complete UTF-8 sequence. */
static size_t last_character_bytes(const struct secret *secret)
{
	size_t bytes, most = secret->length < 4 ? secret->length : 4;

	for (bytes = 1; bytes <= most; bytes++) {
		unsigned char byte = (unsigned char)secret->bytes[secret->length - bytes];

		if ((byte & 0xc0) == 0x80)
			continue;
		return bytes == (byte >= 0xf0	? 4u
				 : byte >= 0xe0 ? 3u
				 : byte >= 0xc0 ? 2u
						: 1u)
			       ? bytes
			       : 1;
	}
	return 1;
}

void secret_erase_last(struct secret *secret)
{
	size_t bytes;

	if (!secret->length)
		return;
	bytes = last_character_bytes(secret);
	secret->length -= bytes;
	explicit_bzero(secret->bytes + secret->length, bytes);
}

void secret_move(struct secret *to, struct secret *from)
{
	if (to == from)
		return;
	memcpy(to, from, sizeof(*to));
	secret_clear(from);
}
