#include "bdbtop/cli/error_report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bdbtop/json/error_object.h"

#define EXIT_USAGE   2
#define EXIT_UNKNOWN 3 /* of a plugin */

static int report_object(const struct error_object *error)
{
	char *text = error_object_text(error);

	fputs(text ? text : "{\"error\":{\"code\":\"internal\"}}\n", stderr);
	free(text);
	return error->exit_status;
}

/* A plugin's status is one line, and what follows a bar is performance data. */
static int report_plugin(const char *text)
{
	const char *c;

	fputs("BDBTOP UNKNOWN: ", stdout);
	for (c = text; *c && !(*c == '\n' && !c[1]); c++)
		putchar(*c == '|' || *c == '\n' ? ' ' : *c);
	putchar('\n');
	fflush(stdout);
	return EXIT_UNKNOWN;
}

int error_report(enum error_form form, const char *about, const struct err *err, int exit_status)
{
	char text[sizeof(err->text) + 400];
	struct error_object object = { .code = err->code,
				       .exit_status = exit_status,
				       .message = text,
				       .retryable = err->class == ERR_RETRY };

	if (!object.code)
		object.code = exit_status == EXIT_USAGE ? ERR_CODE_USAGE : ERR_CODE_INTERNAL;
	snprintf(text, sizeof(text), "%s%s%s", about ? about : "", about ? ": " : "", err->text);
	if (form == ERROR_OBJECT)
		return report_object(&object);
	if (form == ERROR_PLUGIN)
		return report_plugin(text);
	fprintf(stderr, "bdbtop: %s\n", text);
	return exit_status;
}

int error_report_text(enum error_form form, enum err_code code, const char *text, int exit_status)
{
	const struct error_object object = { .code = code,
					     .exit_status = exit_status,
					     .message = text };

	if (form == ERROR_OBJECT)
		return report_object(&object);
	if (form == ERROR_PLUGIN)
		return report_plugin(text);
	fputs(text, stderr);
	return exit_status;
}
