#include "bdbtop/core/err.h"

#include <errno.h>

#include "bdbtop/core/array.h"
#include "bdbtop/core/text.h"

static __attribute__((format(printf, 3, 0))) int set(struct err *err, struct err values,
						     const char *fmt, va_list ap)
{
	struct text text;

	if (!err)
		return -1;
	err->class = values.class;
	err->code = values.code;
	text_init(&text, err->text, sizeof(err->text));
	text_addv(&text, fmt, ap);
	return -1;
}

int err_set(struct err *err, enum err_class class, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	set(err, (struct err){ .class = class }, fmt, ap);
	va_end(ap);
	return -1;
}

int err_set_code(struct err *err, enum err_code code, enum err_class class, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	set(err, (struct err){ .class = class, .code = code }, fmt, ap);
	va_end(ap);
	return -1;
}

int err_default_code(struct err *err, enum err_code code)
{
	if (err && !err->code)
		err->code = code;
	return -1;
}

static const struct code_def {
	const char *word, *next_steps;
	bool retryable;
} code_defs[ERR_CODES] = {
	[ERR_CODE_NONE] = { "internal", "", false },
	[ERR_CODE_USAGE] = { "usage", "Run bdbtop --help, or bdbtop COMMAND --help.", false },
	[ERR_CODE_CONFIG] = { "config",
			      "Correct the configuration: see bdbtop.conf(5).\n"
			      "bdbtop --print-config shows the settings in effect.",
			      false },
	[ERR_CODE_NO_CLUSTER] = { "no_cluster",
				  "Name the cluster on the command line.\n"
				  "Export REDIS_ENTERPRISE_URL.\n"
				  "Set a default in the configuration.",
				  false },
	[ERR_CODE_UNREACHABLE] = { "unreachable",
				   "Check the address, the network and the firewall.\n"
				   "Try another node of the cluster.",
				   true },
	[ERR_CODE_TIMEOUT] = { "timeout",
			       "Try again, or allow more time with --timeout.\n"
			       "Check the load of the node.",
			       true },
	[ERR_CODE_TLS_UNTRUSTED] = { "tls_untrusted",
				     "Compare the key's fingerprint and pin it: bdbtop trust "
				     "CLUSTER.\n"
				     "Give the CA of the cluster with --cacert.",
				     false },
	[ERR_CODE_KEY_CHANGED] = { "key_changed",
				   "Ask the administrator of the cluster whether its key was "
				   "changed on purpose.\n"
				   "If so, pin the new one: bdbtop trust --replace CLUSTER.",
				   false },
	[ERR_CODE_LOGIN_MISSING] = { "login_missing",
				     "Set user and password_command in the configuration, or "
				     "export REDIS_ENTERPRISE_USER and "
				     "REDIS_ENTERPRISE_PASSWORD.",
				     false },
	[ERR_CODE_LOGIN_REFUSED] = { "login_refused",
				     "Check user and password before the next attempt: five failed "
				     "log-ins lock the account.",
				     false },
	[ERR_CODE_LOGIN_LOCKED] = { "login_locked",
				    "Wait until the account is unlocked, or let an administrator "
				    "of the cluster unlock it.",
				    false },
	[ERR_CODE_FORBIDDEN] = { "forbidden", "Use a user whose role allows it.", false },
	[ERR_CODE_NOT_A_CLUSTER] = { "not_a_cluster",
				     "Give the address and port of the REST API, usually 9443.",
				     false },
	[ERR_CODE_BAD_REPLY] = { "bad_reply",
				 "See the logs of the node.\n"
				 "Check whether a proxy changes the replies.",
				 true },
	[ERR_CODE_TOO_LARGE] = { "too_large", "", false },
	[ERR_CODE_READ_ONLY] = { "read_only",
				 "Run it without --read-only, and without read_only in the "
				 "configuration.",
				 false },
	[ERR_CODE_CONFIRMATION_NEEDED] = { "confirmation_needed",
					   "Run it on a terminal and answer the question.\n"
					   "Give --yes if nobody can answer.",
					   false },
	[ERR_CODE_NOT_FOUND] = { "not_found", "bdbtop list shows the databases.", false },
	[ERR_CODE_IO] = { "io", "Check the file, its permissions and the space on its disk.",
			  false },
	[ERR_CODE_INTERNAL] = { "internal", "", false },
};

const char *err_code_word(enum err_code code)
{
	return code_defs[code].word;
}

const char *err_code_next_steps(enum err_code code)
{
	return code_defs[code].next_steps;
}

bool err_code_is_retryable(enum err_code code)
{
	return code_defs[code].retryable;
}

static const struct remedy {
	int cause;
	const char *text;
} remedies[] = {
	{ EACCES, "Check its permissions" },
	{ EPERM, "Check its permissions" },
	{ EMFILE, "Raise the limit on open files (ulimit -n), then try again" },
	{ ENFILE, "The whole system has too many open files: close programs, then try again" },
	{ ENOMEM, "Free memory, then try again" },
	{ ENOENT, "Check the path" },
	{ ENOTDIR, "A component of the path is not a directory: correct the path" },
	{ EISDIR, "It is a directory: name the file in it" },
	{ ENAMETOOLONG, "Use a shorter path" },
	{ ELOOP, "The path has too many symbolic links: name the file itself" },
	{ ENXIO, "It is a socket or has no device: name a regular file" },
	{ EIO, "Check the disk" },
	{ ESTALE, "Mount the file system again, then try again" },
	{ ENOSPC, "Free space there" },
	{ EDQUOT, "Free space there" },
	{ EFBIG, "Raise the limit on the size of files (ulimit -f)" },
};

const char *err_remedy(int cause)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(remedies); i++)
		if (remedies[i].cause == cause)
			return remedies[i].text;
	return "Check the file and its file system";
}
