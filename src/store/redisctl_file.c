#include "bdbtop/store/redisctl_file.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bdbtop/core/array.h"
#include "bdbtop/core/text.h"
#include "toml_reader.h"
#include "user_file.h"

struct redisctl_file {
	char path[128]; /* safe to show */
	char *text;	/* the strings of the profiles are in it */
	size_t length;
	struct redisctl_profile *profiles;
	size_t count, capacity;
	bool exposed;
};

/* The table that the pairs belong to. */
enum table { TABLE_TOP, TABLE_PROFILE, TABLE_OTHER };

struct file_reader {
	struct redisctl_file *file;
	struct toml_reader toml;
	enum table table;
	unsigned seen; /* the keys of this profile, as bits */
	const char *default_name;
	size_t default_rank; /* of the key that set default_name; the first of `defaults` wins */
	struct err *err;
};

static int set_line_error(struct file_reader *r, unsigned line, const char *what)
{
	return err_set(r->err, ERR_FINAL, "%s:%u: %s", r->file->path, line, what);
}

static int set_file_error(const struct redisctl_file *file, const char *what, const char *remedy,
			  struct err *err)
{
	return err_set(err, ERR_ASK_USER,
		       "The file of redisctl, %s, cannot be read: %s. %s.", file->path, what,
		       remedy);
}

static const struct profile_key {
	const char *name;
	enum toml_type type;
	size_t offset; /* of a string in struct redisctl_profile */
} profile_keys[] = {
	{ "deployment_type", TOML_STRING, 0 },
	{ "insecure", TOML_BOOLEAN, 0 },
	{ "url", TOML_STRING, offsetof(struct redisctl_profile, url) },
	{ "username", TOML_STRING, offsetof(struct redisctl_profile, user) },
	{ "password", TOML_STRING, offsetof(struct redisctl_profile, password) },
	{ "ca_cert", TOML_STRING, offsetof(struct redisctl_profile, cacert) },
	{ "tags", TOML_STRINGS, offsetof(struct redisctl_profile, tags) },
};

static struct redisctl_profile *current(const struct file_reader *r)
{
	return &r->file->profiles[r->file->count - 1];
}

static int set_profile_value(struct file_reader *r, const struct profile_key *key)
{
	struct redisctl_profile *profile = current(r);
	unsigned bit = 1U << (key - profile_keys);

	if (r->toml.type != key->type)
		return set_line_error(r, r->toml.item_line,
				      "this key has a value of another type: write a string in "
				      "quotes, for insecure true or false, for tags an array.");
	if (r->seen & bit)
		return set_line_error(r, r->toml.item_line,
				      "this key is already set above for this profile: remove one "
				      "of the two.");
	r->seen |= bit;
	if (!strcmp(key->name, "deployment_type"))
		profile->kind = redisctl_kind_parse(r->toml.value);
	else if (!strcmp(key->name, "insecure"))
		profile->insecure = r->toml.boolean;
	else
		*(char **)((char *)profile + key->offset) = r->toml.value;
	return 0;
}

/* What is not kept may be secret: an API key. */
static void forget_value(const struct file_reader *r)
{
	if (r->toml.value)
		explicit_bzero(r->toml.value, strlen(r->toml.value));
}

static int read_profile_pair(struct file_reader *r)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(profile_keys); i++)
		if (!strcmp(r->toml.names[0], profile_keys[i].name))
			return set_profile_value(r, &profile_keys[i]);
	forget_value(r);
	return 0;
}

static void read_top_pair(struct file_reader *r)
{
	static const char *const defaults[] = { "default_enterprise", "default_profile",
						"default" };
	size_t rank;

	for (rank = 0; rank < ARRAY_SIZE(defaults); rank++)
		if (!strcmp(r->toml.names[0], defaults[rank]))
			break;
	if (rank == ARRAY_SIZE(defaults) || r->toml.type != TOML_STRING) {
		forget_value(r);
	} else if (!r->default_name || rank < r->default_rank) {
		r->default_name = r->toml.value;
		r->default_rank = rank;
	}
}

static int begin_profile(struct file_reader *r, const char *name)
{
	struct redisctl_file *file = r->file;
	size_t i;

	for (i = 0; i < file->count; i++)
		if (!strcmp(file->profiles[i].name, name))
			return set_line_error(r, r->toml.item_line,
					      "there is a table of this name above: merge them.");
	if (!ARRAY_RESERVE(file->profiles, file->capacity, file->count + 1, REDISCTL_PROFILES_MAX))
		return set_line_error(r, r->toml.item_line,
				      file->count < REDISCTL_PROFILES_MAX
					      ? "out of memory."
					      : "more than 1000 profiles are not read: remove "
						"some.");
	file->profiles[file->count++] =
		(struct redisctl_profile){ .name = name, .line = r->toml.item_line };
	r->seen = 0;
	return 0;
}

static int read_table(struct file_reader *r)
{
	bool profile = r->toml.name_count == 2 && !strcmp(r->toml.names[0], "profiles");

	r->table = profile ? TABLE_PROFILE : TABLE_OTHER;
	return profile ? begin_profile(r, r->toml.names[1]) : 0;
}

static int read_pair(struct file_reader *r)
{
	if (r->table == TABLE_PROFILE)
		return read_profile_pair(r);
	if (r->table == TABLE_TOP)
		read_top_pair(r);
	else
		forget_value(r);
	return 0;
}

static void mark_default(struct file_reader *r)
{
	size_t i;

	for (i = 0; r->default_name && i < r->file->count; i++)
		r->file->profiles[i].is_default =
			r->file->profiles[i].kind == REDISCTL_ENTERPRISE &&
			!strcmp(r->file->profiles[i].name, r->default_name);
}

int redisctl_file_parse(struct redisctl_file *file, struct err *err)
{
	struct file_reader r = { .file = file, .err = err };
	enum toml_item item;
	int rc = 0;

	toml_reader_init(&r.toml, file->text);
	while (!rc && (item = toml_reader_next(&r.toml)) != TOML_END) {
		if (item == TOML_ERROR)
			rc = set_line_error(&r, r.toml.line, r.toml.error);
		else
			rc = item == TOML_TABLE ? read_table(&r) : read_pair(&r);
	}
	if (rc < 0) {
		file->count = 0;
		explicit_bzero(file->text, file->length);
		return -1;
	}
	mark_default(&r);
	return 0;
}

/* Returns 0, or -1 with err set. */
static int read_text(struct redisctl_file *file, int fd, struct err *err)
{
	ssize_t length;

	file->text = malloc(REDISCTL_FILE_MAX + 1);
	length = file->text ? user_file_read(fd, file->text, REDISCTL_FILE_MAX + 1) : -1;
	if (length < 0) {
		int cause = file->text ? errno : ENOMEM;

		return set_file_error(file, strerror(cause), err_remedy(cause), err);
	}
	file->length = (size_t)length;
	if (file->length > REDISCTL_FILE_MAX)
		return set_file_error(file, "it is longer than 1 MiB", "Remove profiles from it",
				      err);
	if (memchr(file->text, '\0', file->length))
		return set_file_error(file, "it contains a NUL byte", "Save it as UTF-8", err);
	file->text[file->length] = '\0';
	return 0;
}

static int open_and_read(struct redisctl_file *file, const char *path, struct err *err)
{
	const char *what, *remedy;
	struct stat st;
	int fd = user_file_open(path, &st, &what, &remedy), rc;

	if (fd < 0 && (errno == ENOENT || errno == ENOTDIR)) {
		file->text = calloc(1, 1);
		return file->text ? 0
				  : set_file_error(file, strerror(ENOMEM), err_remedy(ENOMEM), err);
	}
	if (fd < 0)
		return set_file_error(file, what, remedy, err);
	file->exposed = S_ISREG(st.st_mode) && st.st_mode & (S_IRGRP | S_IROTH);
	rc = read_text(file, fd, err);
	close(fd);
	return rc;
}

struct redisctl_file *redisctl_file_open(const char *path, struct err *err)
{
	struct redisctl_file *file = calloc(1, sizeof(*file));

	if (!file) {
		err_set(err, ERR_FINAL, "Out of memory for the profiles of redisctl.");
		return NULL;
	}
	text_shorten(file->path, sizeof(file->path), path, 80);
	if (open_and_read(file, path, err) == 0)
		return file;
	redisctl_file_free(file);
	return NULL;
}

void redisctl_file_free(struct redisctl_file *file)
{
	if (!file)
		return;
	if (file->text)
		explicit_bzero(file->text, file->length);
	free(file->text);
	free(file->profiles);
	free(file);
}

struct redisctl_profile *redisctl_file_profiles(const struct redisctl_file *file, size_t *count)
{
	*count = file->count;
	return file->profiles;
}

const char *redisctl_file_path(const struct redisctl_file *file)
{
	return file->path;
}

bool redisctl_file_is_exposed(const struct redisctl_file *file)
{
	return file->exposed;
}

void redisctl_file_forget(struct redisctl_file *file)
{
	size_t i;

	for (i = 0; i < file->count; i++) {
		char *password = file->profiles[i].password;

		if (password)
			explicit_bzero(password, strlen(password));
		file->profiles[i].password = NULL;
	}
}
