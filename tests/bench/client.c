/*
 * tests/bench/client.c - the baselines: asks for a list at the pace of bdbtop, over one connection
 * that stays open, and throws it away, or has json-c read it.
 *
 *	BENCH_LOGIN=USER:PASSWORD client bare|whole|elements MILLISECONDS URL CA-FILE
 *
 * `bare`: libcurl alone.  `whole`: json-c on the complete body.  `elements`: json-c on one element
 * of the list at a time.  The list that is read is not used.  Runs until it is killed.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <curl/curl.h>
#include <json-c/json.h>

#include "bench.h"

struct body {
	char *bytes;
	size_t length, room;
	bool kept;
};

static size_t take(char *bytes, size_t size, size_t count, void *arg)
{
	struct body *body = arg;
	size_t length = size * count;

	if (!body->kept)
		return length;
	if (body->length + length > body->room) {
		body->room = (body->length + length) * 2;
		body->bytes = realloc(body->bytes, body->room);
		if (!body->bytes)
			die("memory");
	}
	memcpy(body->bytes + body->length, bytes, length);
	body->length += length;
	return length;
}

static void read_whole(const struct body *body)
{
	struct json_tokener *tokener = json_tokener_new();

	json_object_put(json_tokener_parse_ex(tokener, body->bytes, (int)body->length));
	json_tokener_free(tokener);
}

/* json-c ends after an element; the bytes between two are one comma. */
static void read_elements(const struct body *body)
{
	struct json_tokener *tokener = json_tokener_new();
	size_t at = 1;

	while (at < body->length) {
		struct json_object *element;

		json_tokener_reset(tokener);
		element =
			json_tokener_parse_ex(tokener, body->bytes + at, (int)(body->length - at));
		if (!element)
			break;
		json_object_put(element);
		at += json_tokener_get_parse_end(tokener) + 1;
	}
	json_tokener_free(tokener);
}

static void wait_until(double ms)
{
	const struct timespec until = { (time_t)(ms / 1e3),
					(long)((ms - (double)(time_t)(ms / 1e3) * 1e3) * 1e6) };

	clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL);
}

int main(int argc, char **argv)
{
	struct body body = { 0 };
	CURL *easy = curl_easy_init();
	double next_ms = now_ms();

	if (argc != 5 || !getenv("BENCH_LOGIN") || !easy)
		return 2;
	body.kept = strcmp(argv[1], "bare") != 0;
	curl_easy_setopt(easy, CURLOPT_URL, argv[3]);
	curl_easy_setopt(easy, CURLOPT_CAINFO, argv[4]);
	curl_easy_setopt(easy, CURLOPT_USERPWD, getenv("BENCH_LOGIN"));
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take);
	curl_easy_setopt(easy, CURLOPT_WRITEDATA, (void *)&body);
	for (;;) {
		body.length = 0;
		if (curl_easy_perform(easy))
			return 1;
		if (!strcmp(argv[1], "whole"))
			read_whole(&body);
		else if (!strcmp(argv[1], "elements"))
			read_elements(&body);
		next_ms += atof(argv[2]);
		wait_until(next_ms);
	}
}
