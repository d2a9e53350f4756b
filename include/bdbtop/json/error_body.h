/*
 * json/error_body.h - reads the server's message from the body of an error reply.
 */
#pragma once

#include <stddef.h>

enum error_body_kind { ERROR_BODY_MESSAGE, ERROR_BODY_EMPTY, ERROR_BODY_HTML };

/*
 * Reads the first of `description`, `message`, `error_message` and `error_code` that has text; else
 * all of a JSON object, or the first line of a body that is not JSON.  out is safe to show, cut at
 * a complete character; "" for ERROR_BODY_EMPTY and ERROR_BODY_HTML.  Accepts any body.
 */
enum error_body_kind error_message(char *out, size_t size, const char *body, size_t length);

/* Reads the member `error_code` of such a body, made safe too; "" if there is none. */
void error_code(char *out, size_t size, const char *body, size_t length);
