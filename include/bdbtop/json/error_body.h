/*
 * json/error_body.h - the server's own words out of the body of an answer that is no success.
 */
#ifndef BDBTOP_BDBTOP_JSON_ERROR_BODY_H
#define BDBTOP_BDBTOP_JSON_ERROR_BODY_H

#include <stddef.h>

enum error_body_kind { ERROR_BODY_MESSAGE, ERROR_BODY_EMPTY, ERROR_BODY_HTML };

/*
 * Reads `description`, then `message`, `error_message`, `error_code`, else the raw text up to its
 * first line's end (API page 1, "Error bodies").  out is safe to show and cut at a whole character;
 * "" for ERROR_BODY_EMPTY and ERROR_BODY_HTML.  Key order, unknown keys and broken JSON are borne.
 */
enum error_body_kind error_message(char *out, size_t size, const char *body, size_t length);

/* The member `error_code` of such a body, made safe in the same way; "" where there is none. */
void error_code(char *out, size_t size, const char *body, size_t length);

#endif
