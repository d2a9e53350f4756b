#include "toml_reader.h"

#include <stdint.h>
#include <string.h>

#define BLANKS	  " \t"
#define DIGITS	  "0123456789"
#define BARE_KEYS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ" DIGITS "_-"

/* A decoded name or string; the byte at `end` may still be a delimiter that is not read yet. */
struct token_text {
	char *start, *end;
};

void toml_reader_init(struct toml_reader *r, char *text)
{
	/* some editors begin with a byte-order mark */
	if (!strncmp(text, "\xef\xbb\xbf", 3))
		text += 3;
	*r = (struct toml_reader){ .at = text, .line = 1 };
}

static int refuse(struct toml_reader *r, const char *error)
{
	r->error = error;
	return -1;
}

static void skip_blanks(struct toml_reader *r)
{
	r->at += strspn(r->at, BLANKS);
}

/* True when it skipped a line ending. */
static bool skip_newline(struct toml_reader *r)
{
	size_t bytes = *r->at == '\r' && r->at[1] == '\n' ? 2 : 1;

	if (r->at[bytes - 1] != '\n')
		return false;
	r->at += bytes;
	r->line++;
	return true;
}

/* Skips blanks, comments and line endings. */
static void skip_lines(struct toml_reader *r)
{
	do {
		skip_blanks(r);
		if (*r->at == '#')
			r->at += strcspn(r->at, "\r\n");
	} while (skip_newline(r));
}

/* Writes a character as UTF-8, in no more bytes than its escape had; NULL if it is invalid. */
static char *put_character(char *out, uint32_t code)
{
	if (!code || code > 0x10ffff || (code >= 0xd800 && code < 0xe000))
		return NULL;
	if (code < 0x80) {
		*out++ = (char)code;
	} else if (code < 0x800) {
		*out++ = (char)(0xc0 | code >> 6);
		*out++ = (char)(0x80 | (code & 0x3f));
	} else if (code < 0x10000) {
		*out++ = (char)(0xe0 | code >> 12);
		*out++ = (char)(0x80 | (code >> 6 & 0x3f));
		*out++ = (char)(0x80 | (code & 0x3f));
	} else {
		*out++ = (char)(0xf0 | code >> 18);
		*out++ = (char)(0x80 | (code >> 12 & 0x3f));
		*out++ = (char)(0x80 | (code >> 6 & 0x3f));
		*out++ = (char)(0x80 | (code & 0x3f));
	}
	return out;
}

/* Decodes `digits` hexadecimal digits at r->at. */
static char *decode_number(struct toml_reader *r, char *out, int digits)
{
	static const char hex[] = "0123456789abcdef0123456789ABCDEF";
	uint32_t code = 0;

	for (; digits; digits--, r->at++) {
		const char *digit = *r->at ? strchr(hex, *r->at) : NULL;

		if (!digit)
			return NULL;
		code = code << 4 | (uint32_t)((digit - hex) & 15);
	}
	return put_character(out, code);
}

/* Decodes the escape at r->at, behind the backslash; returns the new end, NULL if it is invalid. */
static char *decode_escape(struct toml_reader *r, char *out)
{
	static const char letters[] = "btnfr\"\\", bytes[] = "\b\t\n\f\r\"\\";
	char letter = *r->at;
	const char *at = letter ? strchr(letters, letter) : NULL;

	if (letter)
		r->at++;
	if (letter == 'u' || letter == 'U')
		return decode_number(r, out, letter == 'u' ? 4 : 8);
	if (!at)
		return NULL;
	*out++ = bytes[at - letters];
	return out;
}

/* The length of the delimiter at r->at that ends a string: 0 for none. */
static size_t closing_length(const struct toml_reader *r, char quote, bool tripled)
{
	size_t quotes = strspn(r->at, (const char[]){ quote, '\0' });

	if (!tripled)
		return quotes ? 1 : 0;
	/* up to two quotes before the delimiter belong to the string */
	return quotes < 3 ? 0 : 3;
}

/* Skips the delimiter that begins a string; *tripled: it has three quotes. */
static void skip_opening(struct toml_reader *r, bool *tripled)
{
	*tripled = r->at[1] == r->at[0] && r->at[2] == r->at[0];
	r->at += *tripled ? 3 : 1;
}

static bool is_control(char byte)
{
	return ((unsigned char)byte < ' ' && byte != '\t') || byte == 0x7f;
}

/* Moves one character of a string to out; returns the new end, or NULL with an error. */
static char *decode_character(struct toml_reader *r, char *out, char quote)
{
	if (*r->at == '\r' || *r->at == '\n' || !*r->at)
		refuse(r, "this string does not end in its line. Write it in one line, with its "
			  "closing quote.");
	else if (is_control(*r->at))
		refuse(r, "this string contains a control character: remove it.");
	else if (quote == '"' && *r->at == '\\') {
		r->at++;
		out = decode_escape(r, out);
		if (!out)
			refuse(r, "this string has an invalid escape after a backslash: use "
				  "single quotes, in which a backslash means nothing.");
		return out;
	} else {
		*out++ = *r->at++;
		return out;
	}
	return NULL;
}

/* Decodes the string at r->at, a quote, in place. */
static int read_string(struct toml_reader *r, struct token_text *word)
{
	char quote = *r->at, *out;
	size_t closing, extra;
	bool tripled;

	skip_opening(r, &tripled);
	word->start = out = r->at;
	while (!(closing = closing_length(r, quote, tripled))) {
		out = decode_character(r, out, quote);
		if (!out)
			return -1;
	}
	for (extra = 0; tripled && extra < 2 && r->at[closing] == quote; extra++) {
		*out++ = quote;
		r->at++;
	}
	r->at += closing;
	/* nothing stays of the encoded form of what may be secret */
	explicit_bzero(out, (size_t)(r->at - out));
	word->end = out;
	return 0;
}

static bool is_quote(char byte)
{
	return byte == '"' || byte == '\'';
}

static int read_name(struct toml_reader *r, struct token_text *word)
{
	skip_blanks(r);
	if (is_quote(*r->at)) {
		if (r->at[1] == *r->at && r->at[2] == *r->at)
			return refuse(r, "a key has one quote at each end.");
		return read_string(r, word);
	}
	word->start = r->at;
	r->at += strspn(r->at, BARE_KEYS);
	word->end = r->at;
	return word->start == word->end
		       ? refuse(r, "this is not a table, a setting, a comment or a blank line: "
				   "write \"KEY = VALUE\".")
		       : 0;
}

/* Takes the delimiter behind a name; returns it, or 0 with an error. */
static char take_delimiter(struct toml_reader *r, const struct token_text *word,
			   const char *expected, const char *error)
{
	char delimiter;

	skip_blanks(r);
	delimiter = *r->at;
	if (!delimiter || !strchr(expected, delimiter)) {
		refuse(r, error);
		return '\0';
	}
	r->at++;
	*word->end = '\0';
	return delimiter;
}

/* Checks that nothing but a comment follows in the line. */
static int end_line(struct toml_reader *r)
{
	skip_blanks(r);
	if (*r->at == '#')
		r->at += strcspn(r->at, "\r\n");
	if (!*r->at || skip_newline(r))
		return 0;
	return refuse(r, "there is something after the end of the setting: write one setting in "
			 "a line.");
}

/* Reads a header, at its `[`. */
static int read_table(struct toml_reader *r)
{
	struct token_text word;
	char delimiter;

	r->at++;
	if (*r->at == '[')
		return refuse(r, "redisctl writes no arrays of tables, \"[[...]]\": use "
				 "\"[profiles.NAME]\".");
	do {
		if (r->name_count == TOML_NAMES_MAX)
			return refuse(r, "this name of a table has too many parts.");
		if (read_name(r, &word) < 0)
			return -1;
		delimiter = take_delimiter(r, &word, ".]",
					   "a table header ends with \"]\", as in "
					   "\"[profiles.prod]\".");
		r->names[r->name_count++] = word.start;
	} while (delimiter == '.');
	return delimiter ? end_line(r) : -1;
}

/* Reads an array of strings, at its `[`, and joins them in place: `", "` replaces two quotes and a
 * comma. */
static int read_strings(struct toml_reader *r)
{
	char *out = r->at++;
	struct token_text word;

	r->type = TOML_STRINGS;
	r->value = out;
	for (skip_lines(r); *r->at != ']'; skip_lines(r)) {
		if (!is_quote(*r->at))
			return refuse(r, "in an array only strings are understood, each in quotes, "
					 "and its end is \"]\".");
		if (read_string(r, &word) < 0)
			return -1;
		if (out != r->value)
			out = stpcpy(out, ", ");
		memmove(out, word.start, (size_t)(word.end - word.start));
		out += word.end - word.start;
		skip_lines(r);
		if (*r->at == ',')
			r->at++;
		else if (*r->at != ']')
			return refuse(r, "the strings of an array are separated by commas, and its "
					 "end is \"]\".");
	}
	r->at++;
	*out = '\0';
	return 0;
}

/* Skips `[+-]DIGITS[.DIGITS][eE[+-]DIGITS]`; false if that is not what follows. */
static bool skip_number(struct toml_reader *r)
{
	const char *first = r->at;

	r->at += strspn(r->at, "+-");
	if (r->at - first > 1 || !strspn(r->at, DIGITS))
		return false;
	r->at += strspn(r->at, DIGITS "_");
	if (*r->at == '.')
		r->at += 1 + strspn(r->at + 1, DIGITS "_");
	if (*r->at == 'e' || *r->at == 'E') {
		r->at++;
		r->at += strspn(r->at, "+-");
		r->at += strspn(r->at, DIGITS "_");
	}
	return !*r->at || strchr(BLANKS "#\r\n", *r->at);
}

/* True when this word was skipped, and no letter follows. */
static bool skip_word(struct toml_reader *r, const char *word)
{
	size_t length = strlen(word);

	if (strncmp(r->at, word, length) != 0 || strspn(r->at + length, BARE_KEYS))
		return false;
	r->at += length;
	return true;
}

static int read_value(struct toml_reader *r)
{
	struct token_text word;

	skip_blanks(r);
	r->value = NULL;
	if (*r->at == '[')
		return read_strings(r);
	if (is_quote(*r->at)) {
		r->type = TOML_STRING;
		if (read_string(r, &word) < 0)
			return -1;
		/* at least the closing quote is behind it */
		*word.end = '\0';
		r->value = word.start;
		return 0;
	}
	r->type = TOML_BOOLEAN;
	r->boolean = skip_word(r, "true");
	if (r->boolean || skip_word(r, "false"))
		return 0;
	r->type = TOML_NUMBER;
	if (skip_number(r))
		return 0;
	return refuse(r, "this value is not one that redisctl writes: a string in quotes, true, "
			 "false, a number, or an array of strings.");
}

static int read_pair(struct toml_reader *r)
{
	struct token_text word;

	if (read_name(r, &word) < 0)
		return -1;
	if (!take_delimiter(r, &word, "=",
			    "a setting is \"KEY = VALUE\"; a key with dots is not understood: use "
			    "a table such as [profiles.prod]."))
		return -1;
	r->names[r->name_count++] = word.start;
	return read_value(r) < 0 ? -1 : end_line(r);
}

enum toml_item toml_reader_next(struct toml_reader *r)
{
	bool table;

	r->name_count = 0;
	skip_lines(r);
	if (!*r->at)
		return TOML_END;
	r->item_line = r->line;
	table = *r->at == '[';
	if ((table ? read_table(r) : read_pair(r)) < 0)
		return TOML_ERROR;
	return table ? TOML_TABLE : TOML_PAIR;
}
