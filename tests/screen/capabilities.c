#include "tests/screen/capabilities.h"

#include <search.h>
#include <unistd.h>

#include <curses.h>
#include <term.h>

#include "bdbtop/core/array.h"
#include "tests/tap.h"

struct capabilities {
	void *names; /* a tree of tsearch() */
	size_t longest;
};

static int by_bytes(const void *a, const void *b)
{
	return strcmp(a, b);
}

void capabilities_add(struct capabilities *c, const char *bytes)
{
	size_t length = strlen(bytes);

	if (!length || tfind(bytes, &c->names, by_bytes))
		return;
	assert_non_null(tsearch(strdup(bytes), &c->names, by_bytes));
	c->longest = length > c->longest ? length : c->longest;
}

/* Adds it without padding such as `$<5/>`, which is never sent. */
static void add_sequence(struct capabilities *c, const char *capability)
{
	char bytes[512];
	size_t at = 0;

	if (!capability)
		return;
	while (*capability && at < sizeof(bytes) - 1) {
		const char *end = capability[0] == '$' && capability[1] == '<'
					  ? strchr(capability, '>')
					  : NULL;

		if (end)
			capability = end + 1;
		else
			bytes[at++] = *capability++;
	}
	bytes[at] = '\0';
	capabilities_add(c, bytes);
}

static const char *capability(const char *name)
{
	const char *text = tigetstr(name);

	return text == (const char *)-1 ? NULL : text;
}

static void add_one(struct capabilities *c, const char *name, int from, int to)
{
	const char *text = capability(name);
	int i;

	for (i = from; text && i <= to; i++)
		add_sequence(c, tparm(text, i, 0, 0, 0, 0, 0, 0, 0, 0));
}

static void add_two(struct capabilities *c, const char *name, int rows, int cols)
{
	const char *text = capability(name);
	int row, col;

	for (row = 0; text && row < rows; row++)
		for (col = 0; col < cols; col++)
			add_sequence(c, tparm(text, row, col, 0, 0, 0, 0, 0, 0, 0));
}

/* A character with a repeat count; only the count, because the character itself is text. */
static void add_repeats(struct capabilities *c, int cols)
{
	const char *text = capability("rep");
	int i;

	for (i = 1; text && i <= cols; i++) {
		const char *expanded = tparm(text, 'x', i, 0, 0, 0, 0, 0, 0, 0);

		if (expanded && *expanded == 'x')
			add_sequence(c, expanded + 1);
	}
}

static void add_attributes(struct capabilities *c)
{
	const char *text = capability("sgr");
	int bits;

	for (bits = 0; text && bits < 512; bits++)
		add_sequence(c, tparm(text, bits & 1, bits >> 1 & 1, bits >> 2 & 1, bits >> 3 & 1,
				  bits >> 4 & 1, bits >> 5 & 1, bits >> 6 & 1, bits >> 7 & 1,
				  bits >> 8));
}

struct capabilities *capabilities_new(const char *term, int cols, int rows)
{
	static const char *const counts[] = { "cub", "cuf", "cuu", "cud", "ech",  "il", "dl",
					      "ich", "dch", "hpa", "vpa", "indn", "rin" };
	static const char *const colours[] = { "setaf", "setab", "setf", "setb" };
	struct capabilities *c = calloc(1, sizeof(*c));
	int found, most = cols > rows ? cols : rows;
	const char *text;
	size_t i;

	assert_non_null(c);
	if (setupterm(term, STDOUT_FILENO, &found) == ERR)
		fail_msg("terminfo does not know %s", term);
	for (i = 0; strnames[i]; i++) {
		text = capability(strnames[i]);
		if (text && !strchr(text, '%'))
			add_sequence(c, text);
	}
	for (i = 0; i < ARRAY_SIZE(counts); i++)
		add_one(c, counts[i], 0, most);
	for (i = 0; i < ARRAY_SIZE(colours); i++)
		add_one(c, colours[i], 0, 15);
	/* AX: the terminal can reset one of its two colours at a time */
	if (tigetflag("AX") > 0) {
		capabilities_add(c, "\033[39m");
		capabilities_add(c, "\033[49m");
	}
	add_two(c, "cup", rows, cols);
	add_two(c, "csr", rows, rows);
	add_repeats(c, cols);
	add_attributes(c);
	del_curterm(cur_term);
	return c;
}

void capabilities_free(struct capabilities *c)
{
	tdestroy(c->names, free);
	free(c);
}

size_t capabilities_match(struct capabilities *c, const char *bytes, size_t length)
{
	char *key = malloc(c->longest + 1);
	size_t most = length < c->longest ? length : c->longest;

	assert_non_null(key);
	for (; most; most--) {
		memcpy(key, bytes, most);
		key[most] = '\0';
		if (strlen(key) == most && tfind(key, &c->names, by_bytes))
			break;
	}
	free(key);
	return most;
}
