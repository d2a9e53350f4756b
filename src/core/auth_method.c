#include "bdbtop/core/auth_method.h"

const char *const auth_method_words[AUTH_METHODS] = {
	[AUTH_BASIC] = "basic",
	[AUTH_TOKEN] = "token",
	[AUTH_CERTIFICATE] = "certificate",
};
