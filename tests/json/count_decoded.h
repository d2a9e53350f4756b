/*
 * tests/json/count_decoded.h - counts the objects that json-c gets, each complete in one call.
 *
 * For programs that are linked with --wrap=json_tokener_parse_ex.  One file of a program includes
 * it.
 */
#pragma once

static unsigned long decoded;

struct json_tokener;
struct json_object *__real_json_tokener_parse_ex(struct json_tokener *, const char *, int);
struct json_object *__wrap_json_tokener_parse_ex(struct json_tokener *tokener, const char *text,
						 int length);

struct json_object *__wrap_json_tokener_parse_ex(struct json_tokener *tokener, const char *text,
						 int length)
{
	decoded += *text == '{';
	return __real_json_tokener_parse_ex(tokener, text, length);
}
