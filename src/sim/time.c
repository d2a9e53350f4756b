#include "time.h"

#include <stdio.h>
#include <string.h>

enum { DAY_S = 86400 };

struct calendar_day {
	int64_t year;
	int month, of_month;
};

/* Years that start in March have the leap day last, so no table of months is needed. */
static int64_t days_of(struct calendar_day d)
{
	int64_t y = d.year - (d.month <= 2);
	int64_t era = (y >= 0 ? y : y - 399) / 400;
	int64_t of_era = y - era * 400;
	int64_t of_year = (153 * (d.month + (d.month > 2 ? -3 : 9)) + 2) / 5 + d.of_month - 1;

	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static struct calendar_day day_of(int64_t days)
{
	int64_t shifted = days + 719468;
	int64_t era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
	int64_t of_era = shifted - era * 146097;
	int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
	int64_t month = (5 * of_year + 2) / 153;
	struct calendar_day d;

	d.of_month = (int)(of_year - (153 * month + 2) / 5 + 1);
	d.month = (int)(month < 10 ? month + 3 : month - 9);
	d.year = year + era * 400 + (d.month <= 2);
	return d;
}

static int64_t clamp(int64_t seconds)
{
	const int64_t first = -62167219200, last = 253402300799;

	return seconds < first ? first : seconds > last ? last : seconds;
}

static int64_t whole_days(int64_t seconds)
{
	return (seconds >= 0 ? seconds : seconds - (DAY_S - 1)) / DAY_S;
}

/* The number in exactly width digits, or -1. */
static int digits(const char *text, int width)
{
	int value = 0;

	while (width-- > 0) {
		if (*text < '0' || *text > '9')
			return -1;
		value = value * 10 + (*text++ - '0');
	}
	return value;
}

bool sim_time_parse(const char *iso, int64_t *seconds)
{
	int hour, minute, second;
	struct calendar_day d, back;
	int64_t days;

	if (strlen(iso) != SIM_TIME_ISO_SIZE - 1 || iso[4] != '-' || iso[7] != '-' ||
	    iso[10] != 'T' || iso[13] != ':' || iso[16] != ':' || iso[19] != 'Z')
		return false;
	d.year = digits(iso, 4);
	d.month = digits(iso + 5, 2);
	d.of_month = digits(iso + 8, 2);
	hour = digits(iso + 11, 2);
	minute = digits(iso + 14, 2);
	second = digits(iso + 17, 2);
	if (d.year < 0 || d.month < 1 || d.month > 12 || d.of_month < 1 || hour < 0 || hour > 23 ||
	    minute < 0 || minute > 59 || second < 0 || second > 59)
		return false;
	days = days_of(d);
	back = day_of(days);
	if (back.of_month != d.of_month || back.month != d.month)
		return false;
	*seconds = days * DAY_S + hour * 3600 + minute * 60 + second;
	return true;
}

static char *put_two(char *at, int value, char separator)
{
	*at++ = (char)('0' + value / 10);
	*at++ = (char)('0' + value % 10);
	*at++ = separator;
	return at;
}

void sim_time_format(int64_t seconds, char iso[SIM_TIME_ISO_SIZE])
{
	int64_t days, rest;
	struct calendar_day d;
	char *at = iso;

	seconds = clamp(seconds);
	days = whole_days(seconds);
	rest = seconds - days * DAY_S;
	d = day_of(days);
	/* not snprintf(): a list of 10,000 databases formats 20,000 times */
	at = put_two(at, (int)(d.year / 100), '0');
	at = put_two(at - 1, (int)(d.year % 100), '-');
	at = put_two(at, d.month, '-');
	at = put_two(at, d.of_month, 'T');
	at = put_two(at, (int)(rest / 3600), ':');
	at = put_two(at, (int)(rest / 60 % 60), ':');
	at = put_two(at, (int)(rest % 60), 'Z');
	*at = '\0';
}

void sim_time_format_http(int64_t seconds, char date[SIM_TIME_HTTP_SIZE])
{
	static const char weekdays[] = "SunMonTueWedThuFriSat";
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	char iso[SIM_TIME_ISO_SIZE];
	int64_t days, weekday;
	struct calendar_day d;

	seconds = clamp(seconds);
	days = whole_days(seconds);
	d = day_of(days);
	weekday = ((days + 4) % 7 + 7) % 7;
	sim_time_format(seconds, iso);
	snprintf(date, SIM_TIME_HTTP_SIZE, "%.3s, %02d %.3s %.4s %.8s GMT", weekdays + 3 * weekday,
		 d.of_month, months + 3 * (d.month - 1), iso, iso + 11);
}

static int64_t unit_ms(const char **text)
{
	static const struct {
		const char *word;
		int64_t ms;
	} units[] = {
		{ "ms", 1 }, { "s", 1000 }, { "m", 60000 }, { "h", 3600000 }, { "d", 86400000 },
	};
	size_t i;

	for (i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		size_t length = strlen(units[i].word);

		if (strncmp(*text, units[i].word, length) == 0) {
			*text += length;
			return units[i].ms;
		}
	}
	return 0;
}

bool sim_duration_parse(const char *text, int64_t *ms)
{
	const int64_t max = INT64_C(3650) * 86400000;
	int64_t sum = 0;

	if (!*text)
		return false;
	while (*text) {
		int64_t value = 0, unit;

		if (*text < '0' || *text > '9')
			return false;
		for (; *text >= '0' && *text <= '9'; text++) {
			value = value * 10 + (*text - '0');
			if (value > max)
				return false;
		}
		unit = unit_ms(&text);
		if (!unit || value > max / unit)
			return false;
		sum += value * unit;
		if (sum > max)
			return false;
	}
	*ms = sum;
	return true;
}
