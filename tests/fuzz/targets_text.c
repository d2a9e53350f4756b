/*
 * What users type and what is shown: text, filters, times, addresses.
 */
#include "tests/fuzz/fuzz.h"

#include "bdbtop/core/array.h"
#include "bdbtop/core/filter.h"
#include "bdbtop/core/text.h"
#include "bdbtop/core/time.h"
#include "bdbtop/net/address.h"
#include "tests/core/sample.h"

#define NOW_S INT64_C(1795292045)

/* --- text ------------------------------------------------------------------------------------ */

static void check_lines(const char *safe, int cells)
{
	size_t length, skip;

	while ((length = text_next_line(safe, cells, &skip))) {
		char *line = fuzz_text((const uint8_t *)safe, length);

		fuzz_check_safe(line, length + 1);
		FUZZ_CHECK(length + skip <= strlen(safe));
		free(line);
		safe += length + skip;
	}
	FUZZ_CHECK(!*safe);
}

static void check_truncated(const char *safe, int cells, bool ascii)
{
	char out[64];
	int used = text_truncate(out, sizeof(out), safe, cells, ascii);

	fuzz_check_safe(out, sizeof(out));
	FUZZ_CHECK(used <= cells && used == text_width(out));
	used = text_truncate_middle(out, sizeof(out), safe, cells, ascii);
	fuzz_check_safe(out, sizeof(out));
	FUZZ_CHECK(used <= cells && used == text_width(out));
}

/* Made safe again, safe text is the same. */
static void check_made_safe(const char *raw, size_t size, bool ascii)
{
	char *out = malloc(size), *again = malloc(2 * size);
	const char *at;

	FUZZ_CHECK(out && again);
	text_safe(out, size, raw, ascii);
	fuzz_check_safe(out, size);
	for (at = out; ascii && *at; at++)
		FUZZ_CHECK((unsigned char)*at < 0x80);
	text_safe(again, 2 * size, out, ascii);
	FUZZ_CHECK(!strcmp(again, out));
	check_truncated(out, (int)(size % 24), ascii);
	check_lines(out, 1 + (int)(size % 24));
	free(again);
	free(out);
}

int fuzz_text_safe(const uint8_t *bytes, size_t length)
{
	char *raw = fuzz_text(bytes, length), cut[16], *rest;

	check_made_safe(raw, 1 + length * 10, false);
	check_made_safe(raw, 1 + length * 10, true);
	check_made_safe(raw, 1 + (length ? bytes[0] % 40 : 0), false);
	check_made_safe(raw, 1 + (length ? bytes[0] % 40 : 0), true);
	FUZZ_CHECK(strlen(text_truncate_bytes(cut, sizeof(cut), raw)) < sizeof(cut));
	rest = raw + strnlen(raw, length / 2);
	FUZZ_CHECK((text_compare(raw, rest) < 0) == (text_compare(rest, raw) > 0));
	FUZZ_CHECK(text_contains(raw, rest));
	FUZZ_CHECK(text_edit_distance(raw, "state") == text_edit_distance("state", raw));
	free(raw);
	return 0;
}

/* --- filter ---------------------------------------------------------------------------------- */

static const struct bdb_info some_info = { .uid = 12, .modules = "search\0", .tags = "env=prod\0" };

static bool matches(const struct filter *filter, enum op_kind kind, const char *status)
{
	static const struct filter_result results[] = { { "no answer", "no answer since 20:14Z" } };
	static const struct op_since op_since[OP_KINDS];
	const struct triage_rules rules = { .stall_ms = TRIAGE_STALL_MS };
	const struct triage_now now = { 0, NOW_S };
	struct bdb bdb = sample(12, "orders-eu");
	const struct roster_entry entry = { .bdb = &bdb, .op_since = op_since };
	struct finding finding = { .uid = 0 };
	struct filter_input input = { .bdb = &bdb,
				      .finding = &finding,
				      .bdb_info = &some_info,
				      .results = results,
				      .result_count = ARRAY_SIZE(results),
				      .now_s = NOW_S };

	sample_status(&bdb, kind, status, "no-permission");
	sample_percent(&bdb, kind, 17);
	triage_judge(&entry, &rules, &now, &finding);
	return filter_matches(filter, &input);
}

/* All terms must match: a filter is true where each of its terms is. */
static void check_terms(const struct filter *filter, enum op_kind kind, const char *status)
{
	bool all = true;
	size_t i;

	for (i = 0; i < filter->terms; i++) {
		struct filter one = *filter;

		one.term[0] = filter->term[i];
		one.terms = 1;
		all &= matches(&one, kind, status);
	}
	FUZZ_CHECK(matches(filter, kind, status) == all);
}

int fuzz_filter(const uint8_t *bytes, size_t length)
{
	char *expression = fuzz_text(bytes, length);
	struct filter filter = { .terms = 77 }, again;
	struct filter_error error = { .text = "" };

	if (filter_parse(&filter, expression, &error) < 0) {
		fuzz_check_safe(error.text, sizeof(error.text));
		FUZZ_CHECK(*error.text && error.offset <= strlen(expression));
		FUZZ_CHECK(filter.terms == 77 && !filter.expression[0]);
	} else {
		FUZZ_CHECK(filter.terms <= FILTER_TERMS);
		FUZZ_CHECK(strstr(expression, filter.expression));
		FUZZ_CHECK(!filter_parse(&again, filter.expression, &error));
		FUZZ_CHECK(again.terms == filter.terms);
		FUZZ_CHECK(!strcmp(again.expression, filter.expression));
		check_terms(&filter, OP_BACKUP, "failed");
		check_terms(&filter, OP_IMPORT, "importing");
		filter_depends_on_time(&filter);
		filter_needs_bdb_info(&filter);
	}
	free(expression);
	return 0;
}

/* --- times ----------------------------------------------------------------------------------- */

static int an_offset(int64_t wall_s)
{
	return wall_s % 2 ? 3600 : 5400;
}

static void check_formats(int64_t s)
{
	const struct time_zone zone = time_zone_at(an_offset, s);
	char out[TIME_TEXT_SIZE];

	time_format_age(out, s);
	fuzz_check_safe(out, sizeof(out));
	time_format_span(out, s);
	fuzz_check_safe(out, sizeof(out));
	time_format_point(out, s, NOW_S);
	fuzz_check_safe(out, sizeof(out));
	time_format_clock(out, s);
	fuzz_check_safe(out, sizeof(out));
	time_format_point_in_zone(out, s, NOW_S, zone);
	fuzz_check_safe(out, sizeof(out));
	time_format_column(out, s, NOW_S, zone);
	fuzz_check_safe(out, sizeof(out));
	time_format_iso_ms(out, s);
	fuzz_check_safe(out, sizeof(out));
}

/* A time that was read, written and read again is the same time. */
static void check_iso(int64_t s)
{
	char out[TIME_TEXT_SIZE];
	int64_t again;

	time_format_iso(out, s);
	fuzz_check_safe(out, sizeof(out));
	if (!strcmp(out, "-"))
		return;
	FUZZ_CHECK(time_parse(out, &again) ? again == s : s == 0);
}

int fuzz_time(const uint8_t *bytes, size_t length)
{
	char *typed = fuzz_text(bytes, length);
	int64_t s;

	if (time_parse(typed, &s)) {
		FUZZ_CHECK(s && s <= TIME_LATEST_S);
		check_iso(s);
		check_formats(s);
	}
	if (time_parse_past(typed, NOW_S, an_offset, &s))
		check_formats(s);
	if (time_parse_past(typed, NOW_S, NULL, &s))
		check_formats(s);
	if (length >= sizeof(s)) {
		memcpy(&s, bytes, sizeof(s));
		check_formats(s);
		check_iso(s);
		FUZZ_CHECK(time_subtract(time_add(s, 5), 5) <= s);
	}
	free(typed);
	return 0;
}

/* --- addresses ------------------------------------------------------------------------------- */

static void check_address(const struct address *parsed)
{
	struct address again;
	struct err err;

	fuzz_check_safe(parsed->shown, sizeof(parsed->shown));
	FUZZ_CHECK(parsed->port >= 1 && parsed->port <= 65535);
	FUZZ_CHECK(parsed->tls || parsed->loopback);
	FUZZ_CHECK(!address_parse(&again, parsed->url, &err));
	FUZZ_CHECK(again.tls == parsed->tls && again.port == parsed->port &&
		   !strcmp(again.host, parsed->host) && !strcmp(again.url, parsed->url));
}

/* User information is refused and never repeated, whatever follows it. */
static void check_user_information(const char *typed)
{
	static const char *const before[] = { "https://", "", "http://" };
	struct address parsed;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(before); i++) {
		struct err err = { .text = "" };
		char *url;

		FUZZ_CHECK(asprintf(&url, "%sann:hunter2@%s", before[i], typed) >= 0);
		FUZZ_CHECK(address_parse(&parsed, url, &err) < 0);
		fuzz_check_safe(err.text, sizeof(err.text));
		FUZZ_CHECK(*err.text && !strstr(err.text, "hunter2"));
		free(url);
	}
}

static void check_location(const char *location)
{
	struct address from, to;
	char host[300];
	struct err err = { .text = "" };

	if (!address_location_host(host, sizeof(host), location))
		FUZZ_CHECK(!*host);
	fuzz_check_safe(host, sizeof(host));
	FUZZ_CHECK(!address_parse(&from, "https://cluster.example:9443", &err));
	if (!address_redirect(&to, &from, location, "/v1/bdbs", &err)) {
		check_address(&to);
		FUZZ_CHECK(to.tls);
	} else {
		fuzz_check_safe(err.text, sizeof(err.text));
		FUZZ_CHECK(*err.text);
	}
}

int fuzz_address(const uint8_t *bytes, size_t length)
{
	char *typed = fuzz_text(bytes, length);
	struct address parsed;
	struct err err = { .text = "" };

	if (!address_parse(&parsed, typed, &err)) {
		check_address(&parsed);
	} else {
		fuzz_check_safe(err.text, sizeof(err.text));
		FUZZ_CHECK(*err.text);
	}
	check_user_information(typed);
	check_location(typed);
	free(typed);
	return 0;
}
