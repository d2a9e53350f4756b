/*
 * Replies of a cluster, all at once and in pieces: the result must not depend on the pieces.
 */
#include "tests/fuzz/fuzz.h"

#include "bdbtop/json/bdb_reader.h"
#include "bdbtop/json/data_formats.h"
#include "bdbtop/json/error_body.h"
#include "bdbtop/json/fields.h"
#include "bdbtop/json/module.h"
#include "bdbtop/json/token.h"

/* --- databases ------------------------------------------------------------------------------- */

struct bdbs {
	struct bdb_set set;
	size_t unreadable;
	struct err err;
	int rc;
};

/* Feeds copies on the heap, so that a sanitizer sees every read beyond the piece. */
static void feed_bdbs(struct bdb_reader *reader, const uint8_t *bytes, size_t length, int round,
		      struct bdbs *out)
{
	struct fuzz_cuts cuts = fuzz_cuts(bytes, length, round);
	size_t at, piece;

	bdb_set_init(&out->set);
	out->err = (struct err){ .text = "" };
	out->unreadable = 0;
	for (at = 0; at < length; at += piece) {
		char *copy;

		piece = fuzz_cut(&cuts, length - at);
		copy = malloc(piece);
		FUZZ_CHECK(copy);
		memcpy(copy, bytes + at, piece);
		bdb_reader_feed(reader, copy, piece, &out->err);
		free(copy);
	}
	out->rc = bdb_reader_end(reader, &out->set, &out->unreadable, &out->err);
}

static void check_same(const struct bdbs *a, const struct bdbs *b)
{
	size_t i;

	FUZZ_CHECK(a->rc == b->rc && a->unreadable == b->unreadable);
	FUZZ_CHECK(a->set.count == b->set.count);
	if (a->rc < 0) {
		fuzz_check_safe(a->err.text, sizeof(a->err.text));
		FUZZ_CHECK(*a->err.text && !strcmp(a->err.text, b->err.text));
	}
	for (i = 0; i < a->set.count; i++)
		FUZZ_CHECK(bdb_is_equal(a->set.bdbs[i], b->set.bdbs[i]));
}

static void check_records(const struct bdb_set *set)
{
	size_t i;
	int kind;

	for (i = 0; i < set->count; i++) {
		FUZZ_CHECK(set->bdbs[i]->uid > 0);
		for (kind = 0; kind < OP_KINDS; kind++) {
			const struct op *op = &set->bdbs[i]->op[kind];

			FUZZ_CHECK(op->status && op->reason);
			FUZZ_CHECK(op->percent_presence != FIELD_PRESENT ||
				   (op->percent >= 0 && op->percent <= 100));
		}
	}
}

/* An object is the reply about one database, anything else a list. */
int fuzz_bdb(const uint8_t *bytes, size_t length)
{
	bool one = length && bytes[0] == '{';
	struct bdbs results[FUZZ_ROUNDS];
	int round;

	for (round = 0; round < FUZZ_ROUNDS; round++) {
		struct bdb_reader *reader = bdb_reader_new(
			one ? fields_one(FIELDS_FULL) : fields_list(FIELDS_FULL), one ? 12 : 0);

		FUZZ_CHECK(reader);
		feed_bdbs(reader, bytes, length, round, &results[round]);
		check_records(&results[round].set);
		check_same(&results[0], &results[round]);
		bdb_reader_free(reader);
	}
	for (round = 0; round < FUZZ_ROUNDS; round++)
		bdb_set_release(&results[round].set);
	return 0;
}

/* --- with a last list ------------------------------------------------------------------------ */

/* Whether a list says that this database may have changed. */
static bool is_changed(const struct observation *changes, int64_t uid)
{
	size_t i;

	for (i = 0; i < changes->changed_count; i++)
		if (changes->changed[i] == uid)
			return true;
	return !changes->changed;
}

static const struct bdb *find_bdb(const struct bdb_set *set, int64_t uid)
{
	size_t i;

	for (i = 0; i < set->count; i++)
		if (set->bdbs[i]->uid == uid)
			return set->bdbs[i];
	return NULL;
}

/* What does not count as changed is as it was. */
static void check_changes(const struct bdb_reader *reader, const struct bdb_set *before,
			  const struct bdb_set *after)
{
	struct observation changes = { .kind = OBS_LIST };
	size_t i;

	bdb_reader_get_changes(reader, &changes);
	for (i = 0; i < after->count; i++) {
		const struct bdb *is = after->bdbs[i], *was = find_bdb(before, is->uid);

		FUZZ_CHECK(is_changed(&changes, is->uid) || (was && bdb_is_equal(was, is)));
		FUZZ_CHECK(!i || !changes.ascending || after->bdbs[i - 1]->uid < is->uid);
	}
	for (i = 0; i < before->count; i++)
		FUZZ_CHECK(find_bdb(after, before->bdbs[i]->uid) ||
			   is_changed(&changes, before->bdbs[i]->uid));
}

/* Reads a list with and without the last one; what it was is in `before`. */
static void read_with_last_list(struct last_list *last, struct bdb_set *before,
				const uint8_t *bytes, size_t length)
{
	struct bdb_reader *whole = bdb_reader_new(fields_list(FIELDS_FULL), 0),
			  *compared = bdb_reader_new(fields_list(FIELDS_FULL), 0);
	struct bdbs wanted, got;

	FUZZ_CHECK(whole && compared);
	bdb_reader_compare(compared, last, "n1");
	feed_bdbs(whole, bytes, length, 0, &wanted);
	feed_bdbs(compared, bytes, length, 2, &got);
	check_same(&wanted, &got);
	if (!got.rc) {
		check_changes(compared, before, &got.set);
		bdb_reader_keep(compared);
		bdb_set_release(before);
		*before = wanted.set;
		bdb_set_init(&wanted.set);
	}
	bdb_set_release(&got.set);
	bdb_set_release(&wanted.set);
	bdb_reader_free(compared);
	bdb_reader_free(whole);
}

#define LISTS_MAX 8

/* Each line is a list; the last one is read a second time. */
int fuzz_last_list(const uint8_t *bytes, size_t length)
{
	struct last_list *last = last_list_new();
	struct bdb_set before;
	const uint8_t *end = bytes + length;
	int lists = 0;

	FUZZ_CHECK(last);
	bdb_set_init(&before);
	while (bytes < end && lists++ < LISTS_MAX) {
		const uint8_t *newline = memchr(bytes, '\n', (size_t)(end - bytes));
		size_t line = (size_t)((newline ? newline : end) - bytes);

		read_with_last_list(last, &before, bytes, line);
		if (!newline)
			read_with_last_list(last, &before, bytes, line);
		bytes += line + (newline != NULL);
	}
	bdb_set_release(&before);
	last_list_free(last);
	return 0;
}

/* --- errors, tokens, modules ----------------------------------------------------------------- */

int fuzz_error_body(const uint8_t *bytes, size_t length)
{
	static const size_t sizes[] = { 1, 8, 200 };
	size_t i;

	for (i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		char *out = malloc(sizes[i]);
		enum error_body_kind kind;

		FUZZ_CHECK(out);
		kind = error_message(out, sizes[i], (const char *)bytes, length);
		fuzz_check_safe(out, sizes[i]);
		FUZZ_CHECK(kind == ERROR_BODY_MESSAGE || !*out);
		error_code(out, sizes[i], (const char *)bytes, length);
		fuzz_check_safe(out, sizes[i]);
		free(out);
	}
	return 0;
}

int fuzz_token(const uint8_t *bytes, size_t length)
{
	char *text = fuzz_text(bytes, length), *token;
	size_t at, token_length;

	token_times(text);
	if (!token_find((const char *)bytes, length, &at, &token_length)) {
		FUZZ_CHECK(token_length && at <= length && token_length <= length - at);
		token = fuzz_text(bytes + at, token_length);
		FUZZ_CHECK(strlen(token) == token_length && token_is_valid(token));
		token_times(token);
		free(token);
	}
	free(text);
	return 0;
}

int fuzz_module(const uint8_t *bytes, size_t length)
{
	struct module_names names;
	struct err err = { .text = "" };
	size_t i;

	if (modules_lacking(&names, (const char *)bytes, length, &err) < 0) {
		fuzz_check_safe(err.text, sizeof(err.text));
		FUZZ_CHECK(*err.text);
	} else {
		for (i = 0; i < names.count; i++)
			FUZZ_CHECK(strlen(names.names[i]) <= length);
	}
	module_names_release(&names);
	return 0;
}
