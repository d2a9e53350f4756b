/*
 * Lists that no cluster sends: bdbtop rejects them completely, with the limit in the error, and
 * needs less than 150 MB; the largest list within the limits is shown.
 */
#include "tests/main/listing.h"

#include "bdbtop/core/array.h"
#include "tests/real_malloc.h"
#include "tests/tap.h"

#define MB		 (1000ul * 1000 / 1024) /* in KiB */
#define REFUSED_KIB_MAX	 (150 * MB)
#define LARGEST_KIB_MAX	 (600 * MB) /* under LIMITS assets/bdbtop.1 has that of the console */
#define BIG		 ((size_t)64 << 20)
#define ELEMENT_SIZE_MAX 200 /* where the list has as many as are allowed */

/* A reply of equal elements, up to a length in bytes; 0: 200,000 elements. */
struct hostile {
	const char *name, *begin;
	const char *before, *after; /* the text around an element's number; after NULL: no number */
	const char *end;
	size_t length;
	bool packed;
	const char *sentence; /* NULL: the list is shown */
};

#define SENTENCE(what) what ", so none of it is used."
#define ELEMENTS                                                                                   \
	SENTENCE("the reply has more than 200,000 elements, the limit for a list of databases")
#define REPEATS SENTENCE("the list of databases repeats a uid more than 1,000 times, the limit")
#define VALUES                                                                                     \
	"one element of the reply has more than 50,000 values, the limit for a list of databases"
#define TEXT                                                                                       \
	SENTENCE("the list of databases has more than 32 MiB of names, states and reasons, the "   \
		 "limit")
#define NAME_160                                                                                   \
	"01234567890123456789012345678901234567890123456789012345678901234567890123456789"         \
	"01234567890123456789012345678901234567890123456789012345678901234567890123456789"

#define SAME	 "{\"uid\":1,\"name\":\"x\"}", NULL
#define DISTINCT "{\"uid\":", ",\"name\":\"x\"}"

static const struct hostile hostiles[] = {
	{ "the same uid", "[", SAME, "]", BIG, false, REPEATS },
	{ "the same uid, gzip", "[", SAME, "]", BIG, true, REPEATS },
	{ "distinct uids", "[", DISTINCT, "]", BIG, false, ELEMENTS },
	{ "distinct uids, gzip", "[", DISTINCT, "]", BIG, true, ELEMENTS },
	{ "tiny elements, gzip", "[", "0", NULL, "]", BIG, true, ELEMENTS },
	{ "long names", "[", "{\"uid\":", ",\"name\":\"" NAME_160 NAME_160 "\"}", "]", BIG, false,
	  TEXT },
	{ "empty objects in one element", "[{\"uid\":1,\"name\":[", "{}", NULL, "]}]", 1000000,
	  false, VALUES },
	{ "as many as are allowed", "[", "{\"uid\":", ",\"name\":\"" NAME_160 "\"}", "]", 0, false,
	  NULL },
};

static char *make_body(const struct hostile *hostile, size_t *length)
{
	size_t most = hostile->length ? hostile->length : 200000 * ELEMENT_SIZE_MAX, number = 0;
	char *body = malloc(most + 1000), *end = stpcpy(body, hostile->begin);

	do {
		end += sprintf(end, number ? "," : "");
		number++;
		end = stpcpy(end, hostile->before);
		if (hostile->after)
			end += sprintf(end, "%zu%s", number, hostile->after);
	} while (hostile->length ? (size_t)(end - body) < most : number < 200000);
	end = stpcpy(end, hostile->end);
	*length = (size_t)(end - body);
	return body;
}

static void a_hostile_list_is_refused_within_150_mb(void **state)
{
	struct outcome *out = malloc(sizeof(*out));
	size_t i, length;

	for (i = 0; i < ARRAY_SIZE(hostiles); i++) {
		const struct hostile *hostile = &hostiles[i];
		char *body = make_body(hostile, &length);
		struct listing *l = listing_new(body, length, hostile->packed);

		/* the filter shows one of 200,000 rows, so that the output stays small */
		l->filter = hostile->sentence ? "--filter=" : "--filter=4711";
		free(body);
		listing_run(l, out);
		printf("# %s: %lu.%lu MB\n", hostile->name, out->peak_kib * 1024 / 1000000,
		       out->peak_kib * 1024 / 100000 % 10);
		assert_in_range(out->peak_kib, 1000,
				hostile->sentence ? REFUSED_KIB_MAX : LARGEST_KIB_MAX);
		if (hostile->sentence) {
			assert_non_null(strstr(out->ran.err, hostile->sentence));
			assert_string_equal(out->ran.out, "");
		} else {
			assert_non_null(strstr(out->ran.out, "db:4711 "));
			assert_string_equal(out->ran.err, "");
		}
		assert_int_equal(out->ran.status, hostile->sentence ? 3 : 0);
		listing_free(l);
	}
	free(out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_hostile_list_is_refused_within_150_mb),
	};

	if (!REAL_MALLOC) {
		puts("1..0 # SKIP a sanitizer takes memory of its own");
		return 0;
	}
	return tap_run(tests);
}
