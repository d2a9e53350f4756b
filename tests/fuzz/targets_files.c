/*
 * Files of the user, of other programs, and of the state directory.
 */
#include "tests/fuzz/fuzz.h"

#include "bdbtop/core/array.h"
#include "bdbtop/json/progress_text.h"
#include "bdbtop/json/redisctl_list.h"
#include "bdbtop/store/config.h"
#include "bdbtop/store/pins.h"
#include "bdbtop/store/prefs.h"
#include "bdbtop/store/redisctl_file.h"
#include "store/toml_reader.h"

#define NOW_S INT64_C(1795292045)
#define HERE  "cluster.prod.example:9443"

/* --- configuration --------------------------------------------------------------------------- */

/* What was accepted can be used. */
static void check_section(const struct config_section *section)
{
	struct config_values values = { .color = 0 };
	struct err err;
	int key;

	for (key = 0; key < CONFIG_KEYS; key++)
		if (section->value[key].text) {
			FUZZ_CHECK(section->value[key].line > 0);
			FUZZ_CHECK(!config_parse((enum config_key)key, section->value[key].text,
						 &values, &err));
		}
}

int fuzz_config(const uint8_t *bytes, size_t length)
{
	char *mistakes;
	size_t mistakes_length, i;
	FILE *out = open_memstream(&mistakes, &mistakes_length);
	struct config *config;

	FUZZ_CHECK(out);
	config = config_read(fuzz_file(bytes, length), true, out);
	FUZZ_CHECK(!fclose(out));
	FUZZ_CHECK(!config == (mistakes_length > 0));
	fuzz_check_safe_lines(mistakes);
	if (config)
		check_section(config_global_section(config));
	for (i = 0; config && i < config_count(config); i++) {
		const struct config_section *section = config_at(config, i);

		check_section(section);
		FUZZ_CHECK(section->value[CONFIG_URL].text);
		FUZZ_CHECK(config_cluster(config, section->name) == section);
	}
	config_free(config);
	free(mistakes);
	return 0;
}

/* --- redisctl -------------------------------------------------------------------------------- */

static void check_profile(const struct redisctl_profile *profile)
{
	char variable[REDISCTL_VARIABLE_BYTES];

	FUZZ_CHECK(profile->name);
	if (profile->url)
		redisctl_form_of(profile->url, variable);
	if (profile->password && redisctl_form_of(profile->password, variable) == REDISCTL_VARIABLE)
		FUZZ_CHECK(strlen(variable) + 3 == strlen(profile->password));
}

int fuzz_redisctl_file(const uint8_t *bytes, size_t length)
{
	struct err err = { .text = "" };
	struct redisctl_file *file = redisctl_file_open(fuzz_file(bytes, length), &err);
	struct redisctl_profile *profiles;
	size_t count = 0, i;

	if (file && !redisctl_file_parse(file, &err)) {
		profiles = redisctl_file_profiles(file, &count);
		for (i = 0; i < count; i++)
			check_profile(&profiles[i]);
		redisctl_file_forget(file);
		for (i = 0; i < count; i++)
			FUZZ_CHECK(!profiles[i].password);
	} else {
		FUZZ_CHECK(*err.text);
		fuzz_check_safe(err.text, sizeof(err.text));
	}
	if (file)
		fuzz_check_safe(redisctl_file_path(file), 4096);
	redisctl_file_free(file);
	return 0;
}

int fuzz_redisctl_list(const uint8_t *bytes, size_t length)
{
	struct redisctl_list *list = redisctl_list_read((const char *)bytes, length);
	const struct redisctl_profile *profiles;
	size_t count = 0, i;

	if (!list)
		return 0;
	profiles = redisctl_list_profiles(list, &count);
	for (i = 0; i < count; i++) {
		check_profile(&profiles[i]);
		FUZZ_CHECK(!profiles[i].password && !profiles[i].line);
	}
	redisctl_list_free(list);
	return 0;
}

static void check_item(const struct toml_reader *reader, const char *text, size_t length)
{
	size_t i;

	FUZZ_CHECK(reader->name_count >= 1 && reader->name_count <= TOML_NAMES_MAX);
	for (i = 0; i < reader->name_count; i++)
		FUZZ_CHECK(reader->names[i] >= text && reader->names[i] <= text + length);
	if (reader->value)
		FUZZ_CHECK(reader->value >= text &&
			   reader->value + strlen(reader->value) <= text + length);
}

/* Each item uses at least a byte, and what it points to is in the text. */
int fuzz_toml(const uint8_t *bytes, size_t length)
{
	char *text = fuzz_text(bytes, length);
	struct toml_reader reader;
	enum toml_item item;
	unsigned line = 1;
	char *at;

	length = strlen(text);
	toml_reader_init(&reader, text);
	do {
		at = reader.at;
		item = toml_reader_next(&reader);
		FUZZ_CHECK(reader.line >= line);
		line = reader.line;
		if (item == TOML_TABLE || item == TOML_PAIR) {
			FUZZ_CHECK(reader.at > at && reader.at <= text + length);
			if (item == TOML_PAIR)
				FUZZ_CHECK((reader.value != NULL) == (reader.type == TOML_STRING ||
								      reader.type == TOML_STRINGS));
			else
				reader.value = NULL;
			check_item(&reader, text, length);
		}
	} while (item == TOML_TABLE || item == TOML_PAIR);
	FUZZ_CHECK(item != TOML_ERROR || (reader.error && *reader.error));
	free(text);
	return 0;
}

/* --- state directory ------------------------------------------------------------------------- */

/* A file that is not refused takes another pin, and then has it. */
int fuzz_pins(const uint8_t *bytes, size_t length)
{
	static const struct source_pin other = {
		.pin = "sha256//ypeBEsobvcr6wjGzmiPcTaeG7/gUfE5yuYB3ha/uSLs="
	};
	struct pins *pins = pins_new(fuzz_state_file("known_clusters", bytes, length), NULL);
	struct source_pin found;
	struct err err = { .text = "" };
	char print[96];
	int rc;

	FUZZ_CHECK(pins);
	rc = pins_find(pins, HERE, &found, &err);
	if (rc > 0)
		FUZZ_CHECK(pins_fingerprint(print, found.pin));
	if (rc < 0) {
		FUZZ_CHECK(*err.text);
		fuzz_check_safe(err.text, sizeof(err.text));
		FUZZ_CHECK(pins_save(pins, HERE, &other, true, &err) < 0);
	} else if (!pins_save(pins, HERE, &other, true, &err)) {
		FUZZ_CHECK(pins_find(pins, HERE, &found, &err) == 1);
		FUZZ_CHECK(!strcmp(found.pin, other.pin));
	}
	pins_free(pins);
	return 0;
}

static void check_prefs(const struct prefs *prefs)
{
	int i;

	FUZZ_CHECK(strnlen(prefs->sort, PREFS_SORT) < PREFS_SORT);
	FUZZ_CHECK(strnlen(prefs->times, PREFS_TIMES) < PREFS_TIMES);
	for (i = 0; i < PREFS_RECENT; i++)
		FUZZ_CHECK(strnlen(prefs->recent[i], PREFS_FILTER) < PREFS_FILTER);
}

/* What was read can be saved, and is read again. */
int fuzz_prefs(const uint8_t *bytes, size_t length)
{
	const char *state = fuzz_state_file("prefs", bytes, length);
	struct prefs read, other, again;
	struct err err = { .text = "" };
	int i;

	prefs_read(state, NULL, "prod-eu", &read);
	prefs_read(state, NULL, "test", &other);
	check_prefs(&read);
	check_prefs(&other);
	if (prefs_save(state, NULL, "prod-eu", &read, &err) < 0) {
		fuzz_check_safe(err.text, sizeof(err.text));
		return 0;
	}
	prefs_read(state, NULL, "prod-eu", &again);
	FUZZ_CHECK(!strcmp(read.sort, again.sort) && !strcmp(read.times, again.times));
	for (i = 0; i < PREFS_RECENT; i++)
		FUZZ_CHECK(!strcmp(read.recent[i], again.recent[i]));
	prefs_read(state, NULL, "test", &again);
	FUZZ_CHECK(!strcmp(other.sort, again.sort) && !strcmp(other.times, again.times));
	return 0;
}

/* --- progress -------------------------------------------------------------------------------- */

static bool is_same_op(const struct saved_op *a, const struct saved_op *b)
{
	return !saved_op_compare(a, b) && a->created_s == b->created_s &&
	       a->last_success_s == b->last_success_s && !strcmp(a->status, b->status) &&
	       a->percent >= b->percent && a->percent <= b->percent && a->moved_s == b->moved_s &&
	       a->unmoved == b->unmoved;
}

/* The words of running operations are plain: other bytes would be replaced in the file. */
static bool has_plain_words(const struct saved_progress *progress)
{
	const char *at;
	size_t i;

	for (i = 0; i < progress->count; i++)
		for (at = progress->ops[i].status; *at; at++)
			if (*at < ' ' || *at > '~')
				return false;
	return true;
}

/* Saves what was read, and reads it again. */
static void check_progress(const char *text, const char *cluster,
			   const struct saved_progress *progress)
{
	char *fresh = progress_text_replace(text, cluster, progress, progress->seen_s);
	struct saved_progress again;
	size_t i;

	FUZZ_CHECK(fresh);
	FUZZ_CHECK(!progress_text_read(fresh, cluster, &again));
	FUZZ_CHECK(again.seen_s == progress->seen_s && again.count == progress->count);
	for (i = 0; i < again.count; i++)
		FUZZ_CHECK(is_same_op(&again.ops[i], &progress->ops[i]));
	saved_progress_release(&again);
	free(fresh);
}

int fuzz_progress(const uint8_t *bytes, size_t length)
{
	char *text = fuzz_text(bytes, length);
	struct saved_progress progress;
	size_t i;

	if (progress_text_read(text, HERE, &progress) < 0)
		FUZZ_CHECK(!progress.seen_s && !progress.count);
	FUZZ_CHECK(progress.count <= SAVED_OPS_MAX);
	for (i = 1; i < progress.count; i++)
		FUZZ_CHECK(saved_op_compare(&progress.ops[i - 1], &progress.ops[i]) < 0);
	if (progress.seen_s && has_plain_words(&progress))
		check_progress(text, HERE, &progress);
	saved_progress_release(&progress);
	progress = (struct saved_progress){ .seen_s = NOW_S, .complete = true };
	check_progress("", HERE, &progress);
	free(text);
	return 0;
}
