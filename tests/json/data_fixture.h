/*
 * tests/json/data_fixture.h - decodes a reply with cluster data, as the program does.
 */
#pragma once

#include "bdbtop/core/array.h"
#include "bdbtop/json/data_reader.h"
#include "tests/tap.h"

static inline void assert_percent(double is, double want)
{
	assert_true(is > want - 0.001 && is < want + 0.001);
}

/* A decoded reply.  Free it with end_data(). */
struct data_result {
	struct data_reader *reader;
	const struct cluster_data *data; /* NULL: rejected */
	struct err err;
};

/* What is requested, and in which parts the reply arrives. */
struct data_request {
	const struct data_format *format;
	int64_t uid;
	size_t limit;
	size_t step; /* bytes at a time; 0: all at once */
};

static inline void read_bytes(struct data_result *result, const struct data_request *request,
			      const char *bytes, size_t length)
{
	size_t at, part, step = request->step ? request->step : length + 1;

	memset(result, 0, sizeof(*result));
	result->reader = data_reader_new(request->format, request->uid, request->limit);
	assert_non_null(result->reader);
	for (at = 0; at < length; at += part) {
		char *copy;

		part = step < length - at ? step : length - at;
		/* a copy on the heap, so that a sanitizer sees every read beyond the part */
		copy = malloc(part);
		memcpy(copy, bytes + at, part);
		data_reader_feed(result->reader, copy, part, &result->err);
		free(copy);
	}
	result->data = data_reader_end(result->reader, &result->err);
}

static inline void end_data(struct data_result *result)
{
	data_reader_free(result->reader);
	result->reader = NULL;
	result->data = NULL;
}

/* Decodes a reply; fails the test when it is rejected. */
static inline const struct cluster_data *
read_requested(struct data_result *result, const struct data_request *request, const char *body)
{
	read_bytes(result, request, body, strlen(body));
	if (!result->data)
		fail_msg("%s: %s", body, result->err.text);
	return result->data;
}

static inline const struct cluster_data *
read_data(struct data_result *result, const struct data_format *form, int64_t uid, const char *body)
{
	return read_requested(result, &(struct data_request){ .format = form, .uid = uid }, body);
}

/* The reply must be rejected with an error that contains this text. */
static inline void assert_refused(const struct data_format *form, const char *body,
				  const char *error)
{
	struct data_result result;

	read_bytes(&result, &(struct data_request){ .format = form }, body, strlen(body));
	assert_null(result.data);
	if (!strstr(result.err.text, error))
		fail_msg("%s: %s", body, result.err.text);
	end_data(&result);
}
