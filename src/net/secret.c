#include "bdbtop/net/secret.h"

#include <string.h>
#include <sys/mman.h>

#define SECRET_MAX 4096

struct secret {
	size_t length;
	char bytes[SECRET_MAX + 1];
};

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
	explicit_bzero(secret, sizeof(*secret));
	munmap(secret, sizeof(*secret));
}

int secret_take(struct secret *secret, char *bytes, size_t length)
{
	int rc = -1;

	explicit_bzero(secret, sizeof(*secret));
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
