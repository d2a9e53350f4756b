#include "bdbtop/core/reason.h"

#include <string.h>

#include "bdbtop/core/array.h"
#include "bdbtop/core/text.h"

#define ON(kind) (1u << (kind))
#define TO_STORE (ON(OP_BACKUP) | ON(OP_EXPORT))

static const char size_reason[] = "file-larger-than-mem-limit";

static const struct reason_def reasons[] = {
	{ .word = "no-permission",
	  .kinds = TO_STORE,
	  .meaning = "The storage refused the write.",
	  .next_step =
		  "Check that the role has List and Put permission on the bucket, and that "
		  "every node can write to the mount.",
	  .brief_step = "List and Put permission on the bucket",
	  .next_steps = { "the role has List and Put permission on the bucket",
			  "redislabs can write to the mount on every node",
			  "the credentials are still valid" } },
	{ .word = "wrong-file-path",
	  .kinds = TO_STORE,
	  .meaning = "The target was not found.",
	  .next_step =
		  "Check the spelling of path, bucket and host, and that the same path is mounted "
		  "on every node.",
	  .brief_step = "the mount exists on every node",
	  .next_steps = { "path, bucket or container, host and region are correct",
			  "the same path is mounted on every node",
			  "an FTP path ends with a slash" } },
	{ .word = "general-error",
	  .kinds = TO_STORE | ON(OP_IMPORT),
	  .meaning = "It failed; the cluster gives no details.",
	  .next_step =
		  "Check free space at both ends, the network between them, and the logs of the "
		  "nodes.",
	  .brief_step = "space, network, logs of the nodes",
	  .next_steps = { "free space at the target and on the disks of the nodes",
			  "network and TLS from every node to the target",
			  "/var/opt/redislabs/log on the nodes",
			  "known defects of this release" } },
	{ .word = "download-error",
	  .kinds = ON(OP_IMPORT),
	  .meaning = "The source could not be reached or read.",
	  .next_step = "Check URL, file name and credentials, and that a local file exists on "
		       "every node.",
	  .brief_step = "URL, file name and credentials",
	  .next_steps = { "URL and file name are correct", "the credentials allow reading it",
			  "a local file exists on every node, outside the cluster's own "
			  "directories" } },
	{ .word = "file-corrupted",
	  .kinds = ON(OP_IMPORT),
	  .meaning = "The RDB file is incomplete or corrupt.",
	  .next_step =
		  "Check that it is an RDB or gzipped RDB file and was copied completely; import "
		  "all files of a sharded backup.",
	  .brief_step = "the file is complete",
	  .next_steps = { "it is an RDB file, or a gzipped one", "it was copied completely",
			  "all files of a sharded backup are imported together" } },
	{ .word = size_reason,
	  .kinds = ON(OP_IMPORT),
	  .meaning = "The file needs more than the memory limit of the database.",
	  .next_step = "Raise the memory limit to at least what the file needs, then import again.",
	  .brief_step = "memory limit",
	  .brief_step_of_bdb = true,
	  .next_steps = { "the memory limit is at least what the file needs",
			  "the nodes have that much free memory" } },
	{ .word = "key-too-long",
	  .kinds = ON(OP_IMPORT),
	  .meaning = "The file contains a key that is too long for this database.",
	  .next_step =
		  "Shorten that key at the source, or copy the data in another way, such as "
		  "Replica Of.",
	  .brief_step = "that key at the source",
	  .next_steps = { "that key can be shortened at the source",
			  "the data can be copied in another way, such as Replica Of" } },
	{ .word = "invalid-bulk-length",
	  .kinds = ON(OP_IMPORT),
	  .meaning = "The file contains a value that is too long for this database.",
	  .next_step =
		  "Split that value at the source, or copy the data in another way, such as "
		  "Replica Of.",
	  .brief_step = "that value at the source",
	  .next_steps = { "that value can be split at the source",
			  "the data can be copied in another way, such as Replica Of" } },
	{ .word = "out-of-memory",
	  .kinds = ON(OP_IMPORT),
	  .meaning = "The database ran out of memory while loading the file.",
	  .next_step = "Give the database more memory, or import fewer or smaller files.",
	  .brief_step = "memory limit",
	  .brief_step_of_bdb = true,
	  .next_steps = { "the memory limit leaves room for the import",
			  "fewer or smaller files are imported at a time" } },
};

const struct reason_def *reason_at(size_t index)
{
	return index < ARRAY_SIZE(reasons) ? &reasons[index] : NULL;
}

static const struct reason_def *find_word(const char *reason)
{
	size_t i, length = strcspn(reason, ":");

	for (i = 0; i < ARRAY_SIZE(reasons); i++)
		if (strlen(reasons[i].word) == length && !memcmp(reasons[i].word, reason, length))
			return &reasons[i];
	return NULL;
}

const struct reason_def *reason_find(const char *reason, enum op_kind kind)
{
	const struct reason_def *def = find_word(reason);

	return def && def->kinds & ON(kind) ? def : NULL;
}

/* Accepts only digits: no sign, no space, no fraction. */
static bool read_bytes(const char **at, uint64_t *out)
{
	const char *digit = *at;

	for (*out = 0; *digit >= '0' && *digit <= '9'; digit++) {
		unsigned value = (unsigned)(*digit - '0');

		if (*out > (UINT64_MAX - value) / 10)
			return false;
		*out = *out * 10 + value;
	}
	if (digit == *at)
		return false;
	*at = digit;
	return true;
}

bool reason_parse_sizes(const char *reason, uint64_t *need, uint64_t *limit)
{
	const struct reason_def *def = find_word(reason);
	uint64_t first, second;
	const char *at;

	if (!def || def->word != size_reason)
		return false;
	at = reason + strlen(size_reason);
	if (*at++ != ':' || !read_bytes(&at, &first) || *at++ != ':' || !read_bytes(&at, &second) ||
	    *at)
		return false;
	*need = first;
	*limit = second;
	return true;
}

static bool add_shortfall(struct text *text, const char *reason)
{
	uint64_t need, limit;

	if (!reason_parse_sizes(reason, &need, &limit))
		return false;
	text_add(text, "needs ");
	text_add_size(text, need);
	text_add(text, ", limit ");
	text_add_size(text, limit);
	/* a file that fits contradicts the reason; then nothing is short */
	if (need > limit) {
		text_add(text, ", short ");
		text_add_size(text, need - limit);
	}
	return true;
}

void reason_format_shortfall(const char *reason, char out[REASON_TEXT_SIZE])
{
	struct text text;

	text_init(&text, out, REASON_TEXT_SIZE);
	add_shortfall(&text, reason);
}

void reason_format_meaning(const char *reason, enum op_kind kind, char out[REASON_TEXT_SIZE])
{
	const struct reason_def *def = reason_find(reason, kind);
	struct text text;

	text_init(&text, out, REASON_TEXT_SIZE);
	if (!def)
		return;
	text_add(&text, "The file ");
	if (add_shortfall(&text, reason)) {
		text_add(&text, ".");
		return;
	}
	text_init(&text, out, REASON_TEXT_SIZE);
	text_add(&text, def->meaning);
}
