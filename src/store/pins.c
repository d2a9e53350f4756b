#include "bdbtop/store/pins.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "bdbtop/core/text.h"
#include "lines.h"

#define KEY_BYTES	   32
#define PREFIX		   "sha256//"
#define FINGERPRINT_LENGTH (3 * KEY_BYTES - 1)

struct pins {
	struct paths_file file;
};

struct pins *pins_new(const char *state_home, const char *home)
{
	static const struct paths_file words = { .subject = "The file of pinned keys",
						 .predicate = "cannot be used" };

	return (struct pins *)paths_new(&words, "known_clusters", state_home, home);
}

void pins_free(struct pins *pins)
{
	paths_free((struct paths_file *)pins);
}

const char *pins_path(const struct pins *pins)
{
	return pins->file.path;
}

static int base64_value(char c)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const char *at = c ? strchr(digits, c) : NULL;

	return at ? (int)(at - digits) : -1;
}

/* Accepts only the canonical text of 32 bytes (43 digits, one `=`), so that equal keys have equal
 * texts. */
static bool decode_key(unsigned char key[KEY_BYTES], const char *base64)
{
	uint32_t bits = 0;
	unsigned bit_count = 0;
	size_t i, out = 0;

	if (strlen(base64) != 44 || base64[43] != '=')
		return false;
	for (i = 0; i < 43; i++) {
		int value = base64_value(base64[i]);

		if (value < 0)
			return false;
		bits = bits << 6 | (uint32_t)value;
		bit_count += 6;
		if (bit_count >= 8) {
			bit_count -= 8;
			key[out++] = (unsigned char)(bits >> bit_count);
		}
	}
	return !(bits & ((1u << bit_count) - 1));
}

bool pins_fingerprint(char out[96], const char *pin)
{
	unsigned char key[KEY_BYTES];
	size_t i;

	*out = '\0';
	if (strncmp(pin, PREFIX, strlen(PREFIX)) != 0 || !decode_key(key, pin + strlen(PREFIX)))
		return false;
	for (i = 0; i < KEY_BYTES; i++)
		snprintf(out + 3 * i, 4, i + 1 < KEY_BYTES ? "%02X:" : "%02X", key[i]);
	return true;
}

static bool is_fingerprint(const char *text)
{
	size_t i;

	for (i = 0; i < FINGERPRINT_LENGTH; i++)
		if (i % 3 == 2 ? text[i] != ':' : !text[i] || !strchr("0123456789ABCDEF", text[i]))
			return false;
	return !text[FINGERPRINT_LENGTH];
}

/* One word of a line. */
static bool is_word(const char *text, size_t most)
{
	return *text && *text != '#' && strlen(text) <= most && lines_accept(text, ' ' + 1);
}

/* `host:port`, brackets around IPv6. */
static bool is_host_port(const char *text)
{
	const char *colon = strrchr(text, ':');
	char *end;
	long port;

	if (!is_word(text, 279) || !colon || colon == text || colon[1] < '0' || colon[1] > '9')
		return false;
	port = strtol(colon + 1, &end, 10);
	return !*end && port >= 1 && port <= 65535;
}

/* Parses `cert=` or `since=`, each at most once. */
static bool parse_extra(struct source_pin *pin, const char *word)
{
	if (!strncmp(word, "cert=", 5) && !*pin->cert_sha256 && is_fingerprint(word + 5)) {
		strcpy(pin->cert_sha256, word + 5);
		return true;
	}
	return !strncmp(word, "since=", 6) && !pin->since_s &&
	       time_parse(word + 6, &pin->since_s) && pin->since_s > 0;
}

/* Splits the line in place; false when it is invalid. */
static bool parse_line(char *line, const char **line_host_port, struct source_pin *pin)
{
	char *rest = line, *word;

	*pin = (struct source_pin){ 0 };
	*line_host_port = strsep(&rest, " ");
	word = strsep(&rest, " ");
	if (!word || !is_host_port(*line_host_port) || !pins_fingerprint(pin->key_sha256, word))
		return false;
	strcpy(pin->pin, word);
	while ((word = strsep(&rest, " ")))
		if (!parse_extra(pin, word))
			return false;
	return true;
}

static bool is_blank(const char *line)
{
	return !*line || *line == '#';
}

static int set_line_error(const struct pins *pins, unsigned number, const char *what,
			  struct err *err)
{
	char path[128];

	return err_set(err, ERR_ASK_USER,
		       "%s:%u: %s. Fix or remove this line; until then no pin is used.",
		       text_shorten(path, sizeof(path), pins->file.path, 80), number, what);
}

/* Parses every line, so that an invalid one is reported even if another cluster's.  Returns 1 with
 * *out, 0 for no pin, or -1 with err set. */
static int find_in_text(const struct pins *pins, char *text, const char *host_port,
			struct source_pin *out, struct err *err)
{
	unsigned number = 0, found = 0;
	struct source_pin pin;
	const char *line_host_port;
	char *line, what[80];

	while ((line = lines_next(&text))) {
		number++;
		if (is_blank(line))
			continue;
		if (!parse_line(line, &line_host_port, &pin))
			return set_line_error(pins, number,
					      "this is not a pin such as `host:9443 "
					      "sha256//BASE64`",
					      err);
		if (strcasecmp(line_host_port, host_port) != 0)
			continue;
		if (found) {
			snprintf(what, sizeof(what), "line %u is for the same cluster", found);
			return set_line_error(pins, number, what, err);
		}
		found = number;
		*out = pin;
	}
	return found ? 1 : 0;
}

int pins_find(const struct pins *pins, const char *host_port, struct source_pin *out,
	      struct err *err)
{
	char *text = paths_read(&pins->file, err);
	int rc;

	if (!text)
		return -1;
	rc = find_in_text(pins, text, host_port, out, err);
	free(text);
	return rc;
}

/* The argument of edit(). */
struct pin_edit {
	const struct pins *pins;
	const char *host_port;
	const struct source_pin *pin;
	bool replace;
};

static void write_pin(FILE *out, const char *host_port, const struct source_pin *pin)
{
	char since[TIME_TEXT_SIZE];

	fprintf(out, "%s %s", host_port, pin->pin);
	if (*pin->cert_sha256)
		fprintf(out, " cert=%s", pin->cert_sha256);
	if (pin->since_s > 0) {
		time_format_iso(since, pin->since_s);
		fprintf(out, " since=%s", since);
	}
	fputc('\n', out);
}

static bool is_other(void *arg, const char *line)
{
	const struct pin_edit *change = arg;
	size_t length = strlen(change->host_port);

	return is_blank(line) || strncasecmp(line, change->host_port, length) != 0 ||
	       line[length] != ' ';
}

static int refuse_replacement(const struct pin_edit *change, const struct source_pin *existing,
			      struct err *err)
{
	char host[128];

	return err_set(
		err, ERR_ASK_USER,
		"%s is pinned to a different key, %s. If the change was expected, run bdbtop trust "
		"--replace %s.",
		text_safe(host, sizeof(host), change->host_port, false), existing->key_sha256,
		host);
}

static int edit(void *arg, const char *old, FILE *fresh, struct err *err)
{
	struct pin_edit *change = arg;
	struct source_pin existing;
	char *text = strdup(old);
	int rc = text ? find_in_text(change->pins, text, change->host_port, &existing, err)
		      : paths_set_errno_error(&change->pins->file, ENOMEM, err);

	free(text);
	if (rc == 1 && !strcmp(existing.pin, change->pin->pin))
		return 1;
	if (rc == 1 && !change->replace)
		rc = refuse_replacement(change, &existing, err);
	if (rc < 0)
		return -1;
	if (lines_copy(fresh, old, SIZE_MAX, is_other, arg) < 0)
		return paths_set_errno_error(&change->pins->file, ENOMEM, err);
	write_pin(fresh, change->host_port, change->pin);
	return 0;
}

int pins_save(struct pins *pins, const char *host_port, const struct source_pin *pin, bool replace,
	      struct err *err)
{
	struct pin_edit change = { pins, host_port, pin, replace };
	char unused[96];

	if (!is_host_port(host_port) || !pins_fingerprint(unused, pin->pin) ||
	    (*pin->cert_sha256 && !is_fingerprint(pin->cert_sha256)))
		return err_set(
			err, ERR_FINAL,
			"The key was not pinned: the key or the name of its cluster does not fit "
			"on one line. Please report this.");
	return paths_update(&pins->file, edit, &change, err);
}
