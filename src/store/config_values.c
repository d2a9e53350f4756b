#include "config_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "bdbtop/core/array.h"
#include "bdbtop/core/auth_method.h"
#include "bdbtop/core/text.h"
#include "bdbtop/core/transitions.h"
#include "bdbtop/store/pins.h"

#define LETTERS	     "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define BLANKS	     " \t"
#define DIGITS	     "0123456789"
#define SECONDS_MAX  86400
#define LABEL_MAX    24
#define VALUE(field) offsetof(struct config_values, field)
#define DAY_MS	     (INT64_C(24) * 60 * 60 * 1000)

static int refuse(struct err *err, const char *value, const char *why)
{
	char safe[100];

	return err_set(err, ERR_FINAL, "\"%s\" %s.", text_safe(safe, sizeof(safe), value, false),
		       why);
}

static int parse_seconds(const char *text, void *out, struct err *err)
{
	char *end;
	double seconds = strtod(text, &end);

	/* strtod() alone would accept 0x5, 1e3, inf and leading blanks */
	if (text[strspn(text, DIGITS ".")] || !*text || *end || !(seconds >= 1) ||
	    seconds > SECONDS_MAX)
		return refuse(err, text,
			      "is not a number of seconds (at least 1), as in \"interval = 5\"");
	*(int64_t *)out = (int64_t)(seconds * 1000 + 0.5);
	return 0;
}

static int parse_duration(const char *text, void *out, struct err *err)
{
	static const struct {
		char letter;
		int64_t ms;
	} units[] = { { 's', 1000 }, { 'm', 60000 }, { 'h', 3600000 }, { 'd', DAY_MS } };
	size_t digits = strspn(text, DIGITS), i;
	int64_t number = digits <= 9 ? strtol(text, NULL, 10) : 0;

	for (i = 0; i < ARRAY_SIZE(units); i++) {
		if (text[digits] != units[i].letter || text[digits + 1])
			continue;
		if (number < 1 || number > 30 * DAY_MS / units[i].ms)
			break;
		*(int64_t *)out = number * units[i].ms;
		return 0;
	}
	return refuse(err, text,
		      "is not a duration from 1s to 30d: a number with a unit, s, m, h or d, as in "
		      "\"10m\"");
}

static int parse_rpo(const char *text, void *out, struct err *err)
{
	int64_t rpo_ms;

	if (parse_duration(text, &rpo_ms, err) < 0)
		return -1;
	*(int64_t *)out = rpo_ms / 1000;
	return 0;
}

/* `tier=gold 1h`; a value of a tag may have blanks. */
static int parse_rpo_tag(const char *text, struct rpo_tag *out, struct err *err)
{
	size_t length = strlen(text), end;
	const char *equals;

	while (length && !strchr(BLANKS, text[length - 1]))
		length--;
	for (end = length; end && strchr(BLANKS, text[end - 1]);)
		end--;
	snprintf(out->tag, sizeof(out->tag), "%.*s", (int)end, text);
	equals = strchr(out->tag, '=');
	if (!end || end >= sizeof(out->tag) || equals == out->tag || (equals && !equals[1]))
		return refuse(err, text,
			      "is not a tag and a duration, as in \"tier=gold 1h\" or \"tier 1h\"");
	return parse_rpo(text + length, &out->rpo_s, err);
}

/* One a line. */
static int parse_rpo_tags(const char *text, void *out, struct err *err)
{
	struct rpo_tags tags = { .count = 0 };
	char line[400];

	for (; *text; text += strcspn(text, "\n"), text += *text == '\n') {
		if (tags.count == RPO_TAGS)
			return err_set(err, ERR_FINAL,
				       "there are more than %d of these; remove some.", RPO_TAGS);
		snprintf(line, sizeof(line), "%.*s", (int)strcspn(text, "\n"), text);
		if (parse_rpo_tag(line, &tags.item[tags.count++], err) < 0)
			return -1;
	}
	*(struct rpo_tags *)out = tags;
	return 0;
}

static int parse_filter(const char *text, void *out, struct err *err)
{
	struct filter fresh = { .terms = 0 };
	char safe[60], there[60];
	struct filter_error why;

	if (!filter_parse(&fresh, text, &why)) {
		*(struct filter *)out = fresh;
		return 0;
	}
	text_safe(safe, sizeof(safe), text, false);
	if (why.offset < strlen(text))
		return err_set(err, ERR_FINAL, "invalid filter \"%s\", at \"%s\": %s.", safe,
			       text_safe(there, sizeof(there), text + why.offset, false), why.text);
	return err_set(err, ERR_FINAL, "invalid filter \"%s\", at its end: %s.", safe, why.text);
}

static int parse_sort(const char *text, void *out, struct err *err)
{
	char safe[60], buffer[120];
	struct text words;
	int by;

	if (!sort_order_parse(out, text))
		return 0;
	text_init(&words, buffer, sizeof(buffer));
	for (by = 0; by < SORT_KINDS; by++)
		text_addf(&words, "%s%s", by ? ", " : "", sort_defs[by].word);
	return err_set(
		err, ERR_FINAL,
		"unknown column \"%s\": known are %s, each also with \"-\" before it to reverse "
		"the order.",
		text_safe(safe, sizeof(safe), text, false), buffer);
}

static int parse_columns(const char *text, void *out, struct err *err)
{
	return column_list_parse(out, text, err);
}

int config_yes_no(const char *text, bool *out, struct err *err)
{
	static const char *const words[][4] = { { "0", "false", "no", "off" },
						{ "1", "true", "yes", "on" } };
	size_t yes, i;

	for (yes = 0; yes < 2; yes++)
		for (i = 0; i < 4; i++)
			if (!strcasecmp(text, words[yes][i])) {
				*out = yes;
				return 0;
			}
	return refuse(err, text, "is neither yes (1, true, on) nor no (0, false, off)");
}

static int check_pin(const char *text, void *out, struct err *err)
{
	char unused[96];

	(void)out;
	if (pins_fingerprint(unused, text))
		return 0;
	return refuse(
		err, text,
		"is not a pin: sha256// and the base64 of 32 bytes, as `bdbtop trust` stores it");
}

struct named_value {
	const char *word;
	int number;
};

/* The table ends with a NULL word. */
static int find_named(const struct named_value *table, const char *text, int *number)
{
	for (; table->word; table++)
		if (!strcmp(text, table->word)) {
			*number = table->number;
			return 0;
		}
	return -1;
}

static int parse_color(const char *text, void *out, struct err *err)
{
	static const struct named_value colors[] = { { "red", 1 },   { "yellow", 3 },
						     { "green", 2 }, { "magenta", 5 },
						     { "cyan", 6 },  { NULL, 0 } };

	if (!find_named(colors, text, out))
		return 0;
	return refuse(err, text, "is not one of red, yellow, green, magenta, cyan");
}

/* Sets *index to that of the word; -1 if it is none of them. */
static int find_word(const char *const *words, int count, const char *text, int *index)
{
	int i = 0;

	while (i < count && strcmp(text, words[i]) != 0)
		i++;
	if (i < count)
		*index = i;
	return i < count ? 0 : -1;
}

static int parse_auth(const char *text, void *out, struct err *err)
{
	return find_word(auth_method_words, AUTH_METHODS, text, out) < 0
		       ? refuse(err, text, "is not one of basic, token, certificate")
		       : 0;
}

static int parse_times(const char *text, void *out, struct err *err)
{
	return find_word(time_format_words, TIMES_FORMS, text, out) < 0
		       ? refuse(err, text, "is not one of age, local, utc")
		       : 0;
}

static int parse_theme(const char *text, void *out, struct err *err)
{
	static const struct named_value themes[] = {
		{ "colour", 0 }, { "color", 0 }, { "monochrome", 1 }, { "contrast", 2 }, { NULL, 0 }
	};

	if (!find_named(themes, text, out))
		return 0;
	return refuse(err, text, "is not one of colour, monochrome, contrast");
}

/* The kind named by the first `length` bytes; TRANSITION_KINDS for none. */
static int find_transition(const char *text, size_t length)
{
	int word;

	for (word = 0; word < TRANSITION_KINDS; word++)
		if (strlen(transition_defs[word].word) == length &&
		    !strncmp(text, transition_defs[word].word, length))
			break;
	return word;
}

static int set_transition_error(const char *text, size_t length, struct err *err)
{
	char raw[60], safe[100], buffer[100];
	struct text words;
	int word;

	text_init(&words, buffer, sizeof(buffer));
	for (word = 0; word < TRANSITION_KINDS; word++)
		text_addf(&words, "%s, ", transition_defs[word].word);
	snprintf(raw, sizeof(raw), "%.*s", (int)length, text);
	return err_set(err, ERR_FINAL, "unknown event \"%s\": use some of %sor none.",
		       text_safe(safe, sizeof(safe), raw, false), buffer);
}

static int parse_transitions(const char *text, void *out, struct err *err)
{
	const char *at = text, *end = text;
	unsigned found = 0;
	size_t length;
	int word;

	for (; *end && strcmp(text, "none") != 0; at = end + 1) {
		at += strspn(at, BLANKS);
		length = strcspn(at, ",");
		end = at + length;
		while (length && strchr(BLANKS, at[length - 1]))
			length--;
		word = find_transition(at, length);
		if (word == TRANSITION_KINDS)
			return set_transition_error(at, length, err);
		found |= 1U << word;
	}
	*(unsigned *)out = found;
	return 0;
}

static int parse_yes_no(const char *text, void *out, struct err *err)
{
	return config_yes_no(text, out, err);
}

/* `:PORT` or nothing, then an optional slash. */
static bool is_port_suffix(const char *at)
{
	size_t digits;

	if (*at == ':') {
		digits = strspn(++at, DIGITS);
		if (!digits || digits > 5 || strtol(at, NULL, 10) < 1 ||
		    strtol(at, NULL, 10) > 65535)
			return false;
		at += digits;
	}
	return !at[*at == '/'];
}

/* An IPv6 address without brackets; address_parse() accepts it alone. */
static bool is_bare_ipv6(const char *text)
{
	const char *colon = strchr(text, ':');

	return colon && strchr(colon + 1, ':') && !text[strspn(text, DIGITS "abcdefABCDEF:.")];
}

/* A rough check of the characters: store must not depend on net, which has address_parse(). */
static bool is_address(const char *text)
{
	bool plain = !strncasecmp(text, "http://", 7);
	size_t length;

	if (is_bare_ipv6(text))
		return true;
	if (plain || !strncasecmp(text, "https://", 8))
		text += plain ? 7 : 8;
	if (plain && strncmp(text, "127.", 4) != 0 && strncmp(text, "[::1]", 5) != 0 &&
	    strncmp(text, "localhost", 9) != 0)
		return false;
	if (*text == '[') {
		length = 1 + strspn(text + 1, DIGITS "abcdefABCDEF:.");
		return length > 1 && text[length] == ']' && is_port_suffix(text + length + 1);
	}
	for (length = 0;
	     text[length] && (text[length] & 0x80 || strchr(LETTERS DIGITS ".-_", text[length]));
	     length++)
		;
	return length > 0 && is_port_suffix(text + length);
}

static int check_url(const char *value, void *out, struct err *err)
{
	char text[200], *rest = text, *word, *end;

	(void)out;
	/* text before an at sign may be a password: do not repeat the value */
	if (strchr(value, '@'))
		return err_set(
			err, ERR_FINAL,
			"an address must not contain a user or a password: use the keys \"user\" "
			"and \"password_command\" or \"password_file\".");
	if (strlen(value) >= sizeof(text))
		return refuse(err, value, "is too long");
	strcpy(text, value);
	while ((word = strsep(&rest, ","))) {
		word += strspn(word, " \t");
		for (end = word + strlen(word); end > word && strchr(" \t", end[-1]); end--)
			end[-1] = '\0';
		if (!is_address(word))
			return refuse(
				err, word,
				"is not a cluster: write https://HOST:9443, several separated by "
				"commas");
	}
	return 0;
}

static int check_user(const char *value, void *out, struct err *err)
{
	(void)out;
	return strchr(value, ':')
		       ? refuse(err, value, "contains a colon, which a user name cannot have")
		       : 0;
}

static int check_path(const char *value, void *out, struct err *err)
{
	(void)out;
	return *value == '~' ? refuse(err, value,
				      "begins with ~, which only a shell expands: write the full "
				      "path")
			     : 0;
}

static int check_label(const char *value, void *out, struct err *err)
{
	(void)out;
	return text_width(value) > LABEL_MAX ? refuse(err, value, "is longer than 24 columns") : 0;
}

static int check_any(const char *value, void *out, struct err *err)
{
	(void)out;
	(void)value;
	(void)err;
	return 0;
}

const struct config_key_def config_keys[CONFIG_KEYS] = {
	[CONFIG_URL] = { "url", check_url, 0, false },
	[CONFIG_USER] = { "user", check_user, 0, false },
	[CONFIG_AUTH] = { "auth", parse_auth, VALUE(auth), false },
	[CONFIG_PASSWORD_COMMAND] = { "password_command", check_any, 0, false },
	[CONFIG_PASSWORD_FILE] = { "password_file", check_path, 0, false },
	[CONFIG_TOKEN_FILE] = { "token_file", check_path, 0, false },
	[CONFIG_CACERT] = { "cacert", check_path, 0, false },
	[CONFIG_PIN] = { "pin", check_pin, 0, false },
	[CONFIG_CERT] = { "cert", check_path, 0, false },
	[CONFIG_KEY] = { "key", check_path, 0, false },
	[CONFIG_INTERVAL] = { "interval", parse_seconds, VALUE(interval_ms), false },
	[CONFIG_STALL_AFTER] = { "stall_after", parse_duration, VALUE(stall_ms), false },
	[CONFIG_RPO] = { "rpo", parse_rpo, VALUE(rpo.rpo_s), false },
	[CONFIG_RPO_TAG] = { "rpo_tag", parse_rpo_tags, VALUE(rpo.by_tag), true },
	[CONFIG_FILTER] = { "filter", parse_filter, VALUE(filter), false },
	[CONFIG_SORT] = { "sort", parse_sort, VALUE(sort_order), false },
	[CONFIG_COLUMNS] = { "columns", parse_columns, VALUE(columns), false },
	[CONFIG_TIMES] = { "times", parse_times, VALUE(times), false },
	[CONFIG_TITLE] = { "title", parse_yes_no, VALUE(title), false },
	[CONFIG_REPORT] = { "report", parse_yes_no, VALUE(report), false },
	[CONFIG_THEME] = { "theme", parse_theme, VALUE(theme), false },
	[CONFIG_ASCII] = { "ascii", parse_yes_no, VALUE(ascii), false },
	[CONFIG_MOUSE] = { "mouse", parse_yes_no, VALUE(mouse), false },
	[CONFIG_BELL] = { "bell", parse_transitions, VALUE(bell), false },
	[CONFIG_NOTIFY] = { "notify", parse_transitions, VALUE(notify), false },
	[CONFIG_READ_ONLY] = { "read_only", parse_yes_no, VALUE(read_only), false },
	[CONFIG_SANDBOX] = { "sandbox", parse_yes_no, VALUE(sandbox), false },
	[CONFIG_LABEL] = { "label", check_label, 0, false },
	[CONFIG_COLOR] = { "color", parse_color, VALUE(color), false },
	[CONFIG_DEFAULT] = { "default", check_any, 0, false },
};

int config_parse(enum config_key key, const char *text, struct config_values *values,
		 struct err *err)
{
	return config_keys[key].parse(text, (char *)values + config_keys[key].offset, err);
}

int config_check(enum config_key key, const char *value, struct err *err)
{
	struct err error = { .text = "the value is missing: write one, or remove the line." };
	struct config_values values;

	if (*value && !config_parse(key, value, &values, &error))
		return 0;
	return err_set(err, ERR_FINAL, "%s: %s", config_keys[key].name, error.text);
}

int config_check_name(const char *name, struct err *err)
{
	if (*name && *name != '-' && !name[strspn(name, LETTERS DIGITS "._-")] &&
	    strlen(name) <= CONFIG_NAME_MAX)
		return 0;
	return refuse(
		err, name,
		"is not a valid cluster name: use letters, digits, \".\", \"_\" and \"-\", 40 at "
		"most");
}

static bool key_is_allowed(enum config_key key, bool defaults)
{
	if (key == CONFIG_DEFAULT)
		return defaults;
	return !defaults || (key != CONFIG_URL && key != CONFIG_PIN);
}

static void set_unknown_key_error(const char *name, bool defaults, struct err *err)
{
	char safe[64], buffer[320];
	struct text text;
	int key, nearest = CONFIG_KEYS;
	size_t best = 3;

	text_init(&text, buffer, sizeof(buffer));
	for (key = 0; key < CONFIG_KEYS; key++) {
		size_t edits = text_edit_distance(name, config_keys[key].name);

		if (!key_is_allowed((enum config_key)key, defaults))
			continue;
		text_addf(&text, "%s%s", text.length ? ", " : "", config_keys[key].name);
		if (edits < best) {
			best = edits;
			nearest = key;
		}
	}
	text_safe(safe, sizeof(safe), name, false);
	if (!strncasecmp(name, "pass", 4) && nearest == CONFIG_KEYS)
		err_set(err, ERR_FINAL,
			"unknown key \"%s\": this file never contains a password; use "
			"\"password_command\" or \"password_file\".",
			safe);
	else if (nearest < CONFIG_KEYS)
		err_set(err, ERR_FINAL, "unknown key \"%s\"; did you mean \"%s\"?", safe,
			config_keys[nearest].name);
	else
		err_set(err, ERR_FINAL, "unknown key \"%s\"; known are %s.", safe, buffer);
}

enum config_key config_find_key(const char *name, bool defaults, struct err *err)
{
	int key;

	for (key = 0; key < CONFIG_KEYS && strcmp(name, config_keys[key].name) != 0; key++)
		;
	if (key == CONFIG_KEYS)
		set_unknown_key_error(name, defaults, err);
	else if (key_is_allowed((enum config_key)key, defaults))
		return (enum config_key)key;
	else
		err_set(err, ERR_FINAL, "%s: this belongs in %s.", name,
			defaults ? "the section [cluster NAME] of one cluster" : "[bdbtop]");
	return CONFIG_KEYS;
}
