/*
 * tests/json/data_fixture.h - decodes a reply with cluster data, as the program does.
 */
#ifndef BDBTOP_TESTS_JSON_DATA_FIXTURE_H
#define BDBTOP_TESTS_JSON_DATA_FIXTURE_H

#include "bdbtop/json/data_reader.h"
#include "tests/tap.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

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

static inline void read_bytes(struct data_result *told, const struct data_request *asked,
			      const char *bytes, size_t length)
{
	size_t at, part, step = asked->step ? asked->step : length + 1;

	memset(told, 0, sizeof(*told));
	told->reader = data_reader_new(asked->format, asked->uid, asked->limit);
	assert_non_null(told->reader);
	for (at = 0; at < length; at += part) {
		char *copy;

		part = step < length - at ? step : length - at;
		/* a copy on the heap, so that a sanitizer sees every read beyond the part */
		copy = malloc(part);
		memcpy(copy, bytes + at, part);
		data_reader_feed(told->reader, copy, part, &told->err);
		free(copy);
	}
	told->data = data_reader_end(told->reader, &told->err);
}

static inline void end_data(struct data_result *told)
{
	data_reader_free(told->reader);
	told->reader = NULL;
	told->data = NULL;
}

/* Decodes a reply; fails the test when it is rejected. */
static inline const struct cluster_data *
read_requested(struct data_result *told, const struct data_request *asked, const char *body)
{
	read_bytes(told, asked, body, strlen(body));
	if (!told->data)
		fail_msg("%s: %s", body, told->err.text);
	return told->data;
}

static inline const struct cluster_data *
read_data(struct data_result *told, const struct data_format *form, int64_t uid, const char *body)
{
	return read_requested(told, &(struct data_request){ .format = form, .uid = uid }, body);
}

/* The reply must be rejected with an error that contains this text. */
static inline void assert_refused(const struct data_format *form, const char *body,
				  const char *says)
{
	struct data_result told;

	read_bytes(&told, &(struct data_request){ .format = form }, body, strlen(body));
	assert_null(told.data);
	if (!strstr(told.err.text, says))
		fail_msg("%s: %s", body, told.err.text);
	end_data(&told);
}

#endif
