#include "bdbtop/core/time.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MINUTE 60
#define HOUR   (60 * MINUTE)
#define DAY    (24 * HOUR)
#define WEEK   (7 * DAY)

/* Four digits can show the years from here to TIME_LATEST_S. */
#define FIRST_SECOND INT64_C(-62167219200) /* 0000-01-01T00:00:00Z */

struct civil {
	int year, month, day, hour, minute, second;
};

const char *const time_format_words[TIMES_FORMS] = {
	[TIMES_AGES] = "age", [TIMES_LOCAL] = "local", [TIMES_UTC] = "utc"
};

int64_t time_add(int64_t left, int64_t right)
{
	int64_t sum;

	if (__builtin_add_overflow(left, right, &sum))
		return right < 0 ? INT64_MIN : INT64_MAX;
	return sum;
}

int64_t time_subtract(int64_t from, int64_t what)
{
	int64_t difference;

	if (__builtin_sub_overflow(from, what, &difference))
		return what < 0 ? INT64_MAX : INT64_MIN;
	return difference;
}

int64_t time_to_ms(int64_t seconds)
{
	int64_t ms;

	if (__builtin_mul_overflow(seconds, 1000, &ms))
		return seconds < 0 ? INT64_MIN : INT64_MAX;
	return ms;
}

void time_format_age(char out[TIME_TEXT_SIZE], int64_t seconds)
{
	int64_t s = seconds < 0 ? 0 : seconds;

	if (s < MINUTE)
		snprintf(out, TIME_TEXT_SIZE, "%ds", (int)s);
	else if (s < HOUR)
		snprintf(out, TIME_TEXT_SIZE, "%dm", (int)(s / MINUTE));
	else if (s < DAY)
		snprintf(out, TIME_TEXT_SIZE, "%dh", (int)(s / HOUR));
	else if (s < 10 * DAY)
		snprintf(out, TIME_TEXT_SIZE, "%dd %02dh", (int)(s / DAY), (int)(s % DAY / HOUR));
	else
		snprintf(out, TIME_TEXT_SIZE, "%lldd", (long long)(s / DAY));
}

void time_format_span(char out[TIME_TEXT_SIZE], int64_t seconds)
{
	int64_t s = seconds < 0 ? 0 : seconds;

	if (s < MINUTE)
		snprintf(out, TIME_TEXT_SIZE, "%ds", (int)s);
	else if (s < HOUR)
		snprintf(out, TIME_TEXT_SIZE, "%dm %02ds", (int)(s / MINUTE), (int)(s % MINUTE));
	else if (s < DAY)
		snprintf(out, TIME_TEXT_SIZE, "%dh %02dm", (int)(s / HOUR),
			 (int)(s % HOUR / MINUTE));
	else
		snprintf(out, TIME_TEXT_SIZE, "%lldd %02dh", (long long)(s / DAY),
			 (int)(s % DAY / HOUR));
}

static int64_t floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

static int floor_mod(int64_t a, int64_t b)
{
	return (int)(a % b + (a % b < 0 ? b : 0));
}

/* Counts years from March, so that the leap day is the last day of a year. */
static int64_t days_from_civil(int year, int month, int day)
{
	int64_t y = month > 2 ? year : year - 1;
	int64_t of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;

	return 365 * y + floor_div(y, 4) - floor_div(y, 100) + floor_div(y, 400) + of_year - 719468;
}

static int year_of(int64_t days)
{
	int year = (int)(1970 + floor_div(days * 400, 146097));

	while (days_from_civil(year, 1, 1) > days)
		year--;
	while (days_from_civil(year + 1, 1, 1) <= days)
		year++;
	return year;
}

/* Replaces gmtime_r(), which reads the time zone's file in glibc; core does no I/O. */
static bool to_civil(struct civil *c, int64_t wall_s)
{
	int64_t days = floor_div(wall_s, DAY);
	int rest = floor_mod(wall_s, DAY);

	if (wall_s < FIRST_SECOND || wall_s > TIME_LATEST_S)
		return false;
	c->year = year_of(days);
	c->month = 12;
	while (days_from_civil(c->year, c->month, 1) > days)
		c->month--;
	c->day = (int)(days - days_from_civil(c->year, c->month, 1)) + 1;
	c->hour = rest / HOUR;
	c->minute = rest % HOUR / MINUTE;
	c->second = rest % MINUTE;
	return true;
}

static void format(char out[TIME_TEXT_SIZE], int64_t wall_s, const char *between, const char *end)
{
	struct civil c;

	if (!to_civil(&c, wall_s))
		snprintf(out, TIME_TEXT_SIZE, "-");
	else
		snprintf(out, TIME_TEXT_SIZE, "%04d-%02d-%02d%s%02d:%02d:%02d%s", c.year, c.month,
			 c.day, between, c.hour, c.minute, c.second, end);
}

void time_format_clock(char out[TIME_TEXT_SIZE], int64_t wall_s)
{
	struct civil c;

	if (!to_civil(&c, wall_s))
		snprintf(out, TIME_TEXT_SIZE, "-");
	else
		snprintf(out, TIME_TEXT_SIZE, "%02d:%02d:%02dZ", c.hour, c.minute, c.second);
}

void time_format_point(char out[TIME_TEXT_SIZE], int64_t wall_s, int64_t now_s)
{
	if (floor_div(wall_s, DAY) == floor_div(now_s, DAY))
		time_format_clock(out, wall_s);
	else
		format(out, wall_s, " ", "Z");
}

struct time_zone time_zone_at(time_offset_fn *offset, int64_t wall_s)
{
	return offset ? (struct time_zone){ .local = true, .offset_s = offset(wall_s) }
		      : (struct time_zone){ .local = false };
}

/* `Z`, `+02`, `-0330` */
static void write_zone(char out[8], struct time_zone zone)
{
	int minutes = zone.offset_s / MINUTE, hours = abs(minutes) / 60, rest = abs(minutes) % 60;

	if (!zone.local)
		strcpy(out, "Z");
	else if (rest)
		snprintf(out, 8, "%c%02d%02d", minutes < 0 ? '-' : '+', hours % 100, rest);
	else
		snprintf(out, 8, "%c%02d", minutes < 0 ? '-' : '+', hours % 100);
}

void time_format_point_in_zone(char out[TIME_TEXT_SIZE], int64_t wall_s, int64_t now_s,
			       struct time_zone zone)
{
	int64_t there_s = time_add(wall_s, zone.offset_s);
	char end[8];
	struct civil c;

	write_zone(end, zone);
	if (!to_civil(&c, there_s))
		snprintf(out, TIME_TEXT_SIZE, "-");
	else if (floor_div(there_s, DAY) == floor_div(time_add(now_s, zone.offset_s), DAY))
		snprintf(out, TIME_TEXT_SIZE, "%02d:%02d:%02d%s", c.hour, c.minute, c.second, end);
	else
		format(out, there_s, " ", end);
}

/* From this age on, a day of the month could be taken for the same day of another month. */
#define MONTH_MIN (27 * DAY)

void time_format_column(char out[TIME_TEXT_SIZE], int64_t wall_s, int64_t now_s,
			struct time_zone zone)
{
	int64_t age_s = time_subtract(now_s, wall_s);
	char end[8];
	struct civil c;

	write_zone(end, zone);
	if (!to_civil(&c, time_add(wall_s, zone.offset_s)))
		snprintf(out, TIME_TEXT_SIZE, "-");
	else if (!zone.offset_s)
		snprintf(out, TIME_TEXT_SIZE, "%02d-%02d %02d:%02dZ", c.month, c.day, c.hour,
			 c.minute);
	else if (zone.offset_s % HOUR == 0 && age_s > -MONTH_MIN && age_s < MONTH_MIN)
		snprintf(out, TIME_TEXT_SIZE, "%02d %02d:%02d%s", c.day, c.hour, c.minute, end);
	else
		snprintf(out, TIME_TEXT_SIZE, "%02d-%02d %02d:%02d", c.month, c.day, c.hour,
			 c.minute);
}

void time_format_iso(char out[TIME_TEXT_SIZE], int64_t wall_s)
{
	format(out, wall_s, "T", "Z");
}

void time_format_iso_ms(char out[TIME_TEXT_SIZE], int64_t wall_ms)
{
	char end[8];
	int64_t wall_s = floor_div(wall_ms, 1000);

	snprintf(end, sizeof(end), ".%03dZ", floor_mod(wall_ms, 1000));
	format(out, wall_s, "T", end);
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* `d` in the pattern matches a digit, every other character itself. */
static bool matches_pattern(const char *text, const char *pattern)
{
	for (; *pattern; text++, pattern++)
		if (*pattern == 'd' ? !is_digit(*text) : *text != *pattern)
			return false;
	return true;
}

static int number(const char *digits, int count)
{
	int value = 0;

	while (count-- > 0)
		value = value * 10 + (*digits++ - '0');
	return value;
}

static int days_in_month(int year, int month)
{
	if (month == 12)
		return 31;
	return (int)(days_from_civil(year, month + 1, 1) - days_from_civil(year, month, 1));
}

static bool is_date(const struct civil *c)
{
	return c->month >= 1 && c->month <= 12 && c->day >= 1 &&
	       c->day <= days_in_month(c->year, c->month) && c->hour < 24 && c->minute < 60 &&
	       c->second < 60;
}

/* Reads the rest of a date after its seconds: a fraction and a zone, to the end of the text. */
static bool read_zone(const char *text, int *east_s)
{
	int hours, minutes;

	if (*text == '.') {
		if (!is_digit(*++text))
			return false;
		while (is_digit(*text))
			text++;
	}
	*east_s = 0;
	if (!strcmp(text, "Z"))
		return true;
	if ((!matches_pattern(text, "+dd:dd") && !matches_pattern(text, "-dd:dd")) || text[6])
		return false;
	hours = number(text + 1, 2);
	minutes = number(text + 4, 2);
	*east_s = (*text == '-' ? -1 : 1) * (hours * HOUR + minutes * MINUTE);
	return hours < 24 && minutes < 60;
}

static void read_date(const char *text, struct civil *c)
{
	c->year = number(text, 4);
	c->month = number(text + 5, 2);
	c->day = number(text + 8, 2);
}

static int64_t from_civil(const struct civil *c)
{
	return days_from_civil(c->year, c->month, c->day) * DAY + c->hour * HOUR +
	       c->minute * MINUTE + c->second;
}

static bool parse_rfc3339(const char *text, int64_t *out_s)
{
	struct civil c;
	int east_s;

	if (!matches_pattern(text, "dddd-dd-ddTdd:dd:dd") || !read_zone(text + 19, &east_s))
		return false;
	read_date(text, &c);
	c.hour = number(text + 11, 2);
	c.minute = number(text + 14, 2);
	c.second = number(text + 17, 2);
	if (!is_date(&c))
		return false;
	*out_s = from_civil(&c) - east_s;
	return true;
}

bool time_parse(const char *text, int64_t *out_s)
{
	int64_t at_s;

	if (!parse_rfc3339(text, &at_s) || !at_s)
		return false;
	*out_s = at_s;
	return true;
}

/* --- a time in the past --------------------------------------------------------------------- */

int64_t time_unit_s(char letter)
{
	static const struct {
		char letter;
		int64_t seconds;
	} units[] = { { 's', 1 }, { 'm', MINUTE }, { 'h', HOUR }, { 'd', DAY }, { 'w', WEEK } };
	size_t i;

	for (i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (units[i].letter == letter)
			return units[i].seconds;
	return 0;
}

/* From what the clocks of a zone show, in seconds since their 1970.  There is at most one change of
 * the clocks within two days. */
static int64_t from_local(int64_t local_s, time_offset_fn *offset)
{
	int64_t before_s, after_s;

	if (!offset)
		return local_s;
	before_s = local_s - offset(local_s - DAY);
	after_s = local_s - offset(local_s + DAY);
	if (before_s + offset(before_s) == local_s || after_s + offset(after_s) != local_s)
		return before_s;
	return after_s;
}

/* Reads a number and its unit. */
static bool parse_ago(const char *text, int64_t *out_s)
{
	int digits = 0;
	int64_t unit_s;

	while (digits < 10 && is_digit(text[digits]))
		digits++;
	unit_s = time_unit_s(text[digits]);
	if (!digits || digits == 10 || !unit_s || text[digits + 1])
		return false;
	*out_s = number(text, digits) * unit_s;
	return true;
}

/* Reads `18:00` or `18:00:05`: seconds since midnight. */
static bool parse_clock(const char *text, int64_t *out_s)
{
	struct civil c = { .year = 2000, .month = 1, .day = 1 };
	bool seconds = matches_pattern(text, "dd:dd:dd");

	if (!seconds && !matches_pattern(text, "dd:dd"))
		return false;
	c.hour = number(text, 2);
	c.minute = number(text + 3, 2);
	c.second = seconds ? number(text + 6, 2) : 0;
	*out_s = c.hour * HOUR + c.minute * MINUTE + c.second;
	return is_date(&c) && !text[seconds ? 8 : 5];
}

/* Reads a date: seconds since 1970 by the clocks of the zone. */
static bool parse_date(const char *text, int64_t *out_s)
{
	struct civil c = { .hour = 0 };

	if (!matches_pattern(text, "dddd-dd-dd") || text[10])
		return false;
	read_date(text, &c);
	*out_s = from_civil(&c);
	return is_date(&c);
}

/* The last time that the clocks showed it. */
static int64_t last_time(int64_t today_s, int64_t clock_s, int64_t now_s, time_offset_fn *offset)
{
	int64_t at_s = from_local(today_s + clock_s, offset);

	return at_s > now_s ? from_local(today_s - DAY + clock_s, offset) : at_s;
}

bool time_parse_past(const char *text, int64_t now_s, time_offset_fn *offset, int64_t *out_s)
{
	int64_t today_s = floor_div(now_s + (offset ? offset(now_s) : 0), DAY) * DAY, read_s;

	if (parse_rfc3339(text, out_s))
		return true;
	if (!strcmp(text, "today"))
		*out_s = from_local(today_s, offset);
	else if (!strcmp(text, "yesterday"))
		*out_s = from_local(today_s - DAY, offset);
	else if (parse_ago(text, &read_s))
		*out_s = now_s - read_s;
	else if (parse_date(text, &read_s))
		*out_s = from_local(read_s, offset);
	else if (parse_clock(text, &read_s))
		*out_s = last_time(today_s, read_s, now_s, offset);
	else
		return false;
	return true;
}
