#include "bdbtop/cli/error_report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bdbtop/cli/streams.h"
#include "bdbtop/cli/trust.h"
#include "bdbtop/core/text.h"
#include "bdbtop/fleet/cluster.h"
#include "bdbtop/json/error_object.h"
#include "bdbtop/json/printer.h"
#include "plugin_output.h"

#define EXIT_USAGE   2
#define EXIT_UNKNOWN 3 /* of a plugin */

static int report_object(const struct error_object *error)
{
	struct json_printer printer = { .out = stream_errors() };
	char *text = error_object_text(error);

	if (text)
		json_print(&printer, text);
	else
		fprintf(stream_errors(),
			"{\"error\":{\"code\":\"internal\",\"exit_status\":%d,\"message\":"
			"\"Out of memory.\",\"next_steps\":[],\"retryable\":false}}\n",
			error->exit_status);
	free(text);
	return error->exit_status;
}

/* Where a plugin has failed. */
static const char *const stages[ERR_CODES] = {
	[ERR_CODE_USAGE] = "command line",	[ERR_CODE_CONFIG] = "configuration",
	[ERR_CODE_NO_CLUSTER] = "command line", [ERR_CODE_UNREACHABLE] = "connection",
	[ERR_CODE_TIMEOUT] = "time-out",	[ERR_CODE_TLS_UNTRUSTED] = "certificate",
	[ERR_CODE_KEY_CHANGED] = "certificate", [ERR_CODE_LOGIN_MISSING] = "log-in",
	[ERR_CODE_LOGIN_REFUSED] = "log-in",	[ERR_CODE_LOGIN_LOCKED] = "log-in",
	[ERR_CODE_FORBIDDEN] = "permission",	[ERR_CODE_NOT_A_CLUSTER] = "reply",
	[ERR_CODE_BAD_REPLY] = "reply",		[ERR_CODE_TOO_LARGE] = "reply",
	[ERR_CODE_NOT_FOUND] = "reply",		[ERR_CODE_IO] = "file",
};

/* The status line, and below it the complete text if that is longer. */
static int report_plugin(const struct error_object *error)
{
	const char *stage = stages[error->code], *text = error->message;
	size_t length = strlen(text);
	char status[sizeof(((struct err *)0)->text)];
	bool cut;

	snprintf(status, sizeof(status), "BDBTOP UNKNOWN: %s: %s", stage ? stage : "internal error",
		 text);
	cut = plugin_print_status(stream_output(), status);
	if (cut || strcspn(text, "\n") + 1 < length) {
		plugin_print(stream_output(), text);
		fputs(text[length - 1] == '\n' ? "" : "\n", stream_output());
	}
	fflush(stream_output());
	return EXIT_UNKNOWN;
}

/* The name of a cluster may be its host, which a sentence may begin with. */
static bool begins_with(const char *text, const char *about)
{
	return text_has_prefix(text, about) && text[strlen(about)] == ' ';
}

/* Sets exit status and message of the object, in this buffer, and its code. */
#define MESSAGE_SIZE (sizeof(((struct err *)0)->text) + 400)
static void make_object(struct error_object *object, char message[MESSAGE_SIZE], const char *about,
			const struct err *err, int exit_status)
{
	enum err_code otherwise = exit_status == EXIT_USAGE ? ERR_CODE_USAGE : ERR_CODE_INTERNAL;

	if (about && begins_with(err->text, about))
		about = NULL;
	snprintf(message, MESSAGE_SIZE, "%s%s%s", about ? about : "", about ? ": " : "", err->text);
	*object = (struct error_object){ .code = err->code ? err->code : otherwise,
					 .exit_status = exit_status,
					 .message = message };
}

static int report(enum error_form form, const struct error_object *object)
{
	if (form == ERROR_OBJECT)
		return report_object(object);
	if (form == ERROR_PLUGIN)
		return report_plugin(object);
	fprintf(stream_errors(), "bdbtop: %s\n", object->message);
	return object->exit_status;
}

int error_report(enum error_form form, const char *about, const struct err *err, int exit_status)
{
	char message[MESSAGE_SIZE];
	struct error_object object;

	make_object(&object, message, about, err, exit_status);
	return report(form, &object);
}

int error_report_cluster(enum error_form form, const struct cluster *cluster, const struct err *err,
			 int exit_status)
{
	const struct cluster_status *status = cluster_status(cluster);
	bool changed = status->key_changed && err->code == ERR_CODE_KEY_CHANGED;
	FILE *out = form == ERROR_PLUGIN ? stream_output() : stream_errors();
	char message[MESSAGE_SIZE];
	struct error_object object;

	make_object(&object, message, cluster_setup(cluster)->name, err, exit_status);
	object.pinned_key = changed ? status->pinned.key_sha256 : NULL;
	object.offered_key = changed ? status->offered.key_sha256 : NULL;
	exit_status = report(form, &object);
	if (changed && form != ERROR_OBJECT)
		trust_print_keys(out, &status->pinned, &status->offered);
	fflush(out);
	return exit_status;
}

/* The end of the last line is no part of the message. */
static int report_text_object(struct error_object object)
{
	size_t length = strlen(object.message);
	char *copy;

	length -= length && object.message[length - 1] == '\n';
	copy = strndup(object.message, length);
	object.message = copy ? copy : object.message;
	report_object(&object);
	free(copy);
	return object.exit_status;
}

int error_report_text(enum error_form form, enum err_code code, const char *text, int exit_status)
{
	const struct error_object object = { .code = code,
					     .exit_status = exit_status,
					     .message = text };

	if (form == ERROR_OBJECT)
		return report_text_object(object);
	if (form == ERROR_PLUGIN)
		return report_plugin(&object);
	fputs(text, stream_errors());
	return exit_status;
}
