#include "src/net/secret-private.h"

#include <string.h>
#include <sys/mman.h>

struct secret *secret_new(void)
{
	struct secret *secret = mmap(NULL, sizeof(*secret), PROT_READ | PROT_WRITE,
				     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (secret == MAP_FAILED)
		return NULL;
	/* best effort: where the limit on locked memory is 0 the password is still left out of
	 * dumps */
	(void)mlock(secret, sizeof(*secret));
	(void)madvise(secret, sizeof(*secret), MADV_DONTDUMP);
	(void)madvise(secret, sizeof(*secret), MADV_WIPEONFORK);
	return secret;
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
	/* one with a NUL in it would be sent cut, and would count as a bad log-in */
	if (length <= SECRET_MAX && !memchr(bytes, '\0', length)) {
		memcpy(secret->bytes, bytes, length);
		secret->length = length;
		rc = 0;
	}
	explicit_bzero(bytes, length);
	return rc;
}

int secret_from_env(struct secret *secret, char *value)
{
	return secret_take(secret, value, strlen(value));
}

bool secret_is_set(const struct secret *secret)
{
	return secret->length > 0;
}

const char *secret_peek(const struct secret *secret)
{
	return secret->bytes;
}

int secret_type(struct secret *secret, char byte)
{
	if (secret->length >= SECRET_MAX || !byte)
		return -1;
	secret->bytes[secret->length++] = byte;
	return 0;
}

/* Bytes of the last character; 1 where the end is no whole UTF-8 sequence. */
static size_t last_character(const struct secret *secret)
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

void secret_rub_out(struct secret *secret)
{
	size_t bytes;

	if (!secret->length)
		return;
	bytes = last_character(secret);
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

bool secret_equal(const struct secret *a, const struct secret *b)
{
	size_t differs = a->length ^ b->length, i;

	/* the whole holder each time: how long it takes tells nothing */
	for (i = 0; i < sizeof(a->bytes); i++)
		differs |= (unsigned char)(a->bytes[i] ^ b->bytes[i]);
	return !differs;
}
