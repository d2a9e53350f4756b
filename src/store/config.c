#include "config_internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <ini.h>

#include "bdbtop/core/text.h"
#include "user_file.h"

#define LINE_MAX_BYTES 190
#define MISTAKES_MAX   50
#define BLANKS	       " \t"

struct config {
	struct config_section defaults;
	struct config_section *clusters;
	size_t count;
};

struct config_error {
	unsigned line;
	char text[400];
};

/* The state while reading a file. */
struct config_reader {
	struct config *config;
	FILE *file, *output;
	char path[512]; /* safe to show */
	unsigned line;	/* last line read, from 1 */
	int cause;	/* the errno of a failed read, or 0 */
	unsigned error_count;
	struct config_error errors[MISTAKES_MAX]; /* the first ones, sorted by line */
	size_t current; /* index of the section, or DEFAULTS, or IGNORED for ignored_section */
	struct config_section
		ignored_section; /* for pairs of a rejected section, or before any section */
	bool out_of_memory;
};
#define DEFAULTS ((size_t)-1)
#define IGNORED	 ((size_t)-2)

static void add_error(struct config_reader *r, unsigned line, const char *message)
{
	size_t at = r->error_count < MISTAKES_MAX ? r->error_count : MISTAKES_MAX;

	r->error_count++;
	if (at == MISTAKES_MAX)
		return;
	/* some are found only at the end of the file */
	for (; at && r->errors[at - 1].line > line; at--)
		r->errors[at] = r->errors[at - 1];
	r->errors[at].line = line;
	snprintf(r->errors[at].text, sizeof(r->errors[at].text), "%s", message);
}

static void print_errors(const struct config_reader *r)
{
	size_t i, count = r->error_count < MISTAKES_MAX ? r->error_count : MISTAKES_MAX;

	for (i = 0; i < count; i++)
		if (r->errors[i].line)
			fprintf(r->output, "%s:%u: %s\n", r->path, r->errors[i].line,
				r->errors[i].text);
		else
			fprintf(r->output, "%s: %s\n", r->path, r->errors[i].text);
	if (r->error_count > MISTAKES_MAX)
		fprintf(r->output, "%s: there are more errors after these.\n", r->path);
}

static void add_line_error(struct config_reader *r, const struct err *err)
{
	add_error(r, r->line, err->text);
}

static void section_release(struct config_section *section)
{
	size_t i;

	for (i = 0; i < CONFIG_KEYS; i++)
		free((char *)section->value[i].text);
	free((char *)section->name);
}

static void section_clear(struct config_section *section)
{
	section_release(section);
	*section = (struct config_section){ 0 };
}

static struct config_section *current(struct config_reader *r)
{
	if (r->current == DEFAULTS)
		return &r->config->defaults;
	return r->current == IGNORED ? &r->ignored_section : &r->config->clusters[r->current];
}

static void add_cluster(struct config_reader *r, const char *name)
{
	struct config *config = r->config;
	struct config_section *grown =
		reallocarray(config->clusters, config->count + 1, sizeof(*grown));

	if (!grown) {
		r->out_of_memory = true;
		return;
	}
	config->clusters = grown;
	grown[config->count] = (struct config_section){ .name = strdup(name), .line = r->line };
	if (!grown[config->count].name) {
		r->out_of_memory = true;
		return;
	}
	r->current = config->count++;
}

/* Pairs of a rejected section go to ignored_section. */
static void begin_cluster(struct config_reader *r, const char *name)
{
	const struct config_section *existing = config_cluster(r->config, name);
	char message[160];
	struct err err;

	if (config_check_name(name, &err) < 0) {
		add_line_error(r, &err);
	} else if (existing) {
		snprintf(message, sizeof(message),
			 "the section [cluster %s] is already in line %u; merge them.",
			 name, existing->line);
		add_error(r, r->line, message);
	} else {
		add_cluster(r, name);
	}
}

static void begin_defaults(struct config_reader *r)
{
	char message[120];

	if (r->config->defaults.line) {
		snprintf(message, sizeof(message),
			 "the section [bdbtop] is already in line %u; merge them.",
			 r->config->defaults.line);
		add_error(r, r->line, message);
		return;
	}
	r->config->defaults.line = r->line;
	r->current = DEFAULTS;
}

/* line is `[...` without blanks at its end; it is modified. */
static void begin_section(struct config_reader *r, char *line)
{
	size_t length = strlen(line);
	char *word = line + 1 + strspn(line + 1, BLANKS), *name, safe[100], message[240];

	section_clear(&r->ignored_section);
	r->current = IGNORED;
	r->ignored_section.line = r->line;
	if (strcspn(line, "]") != length - 1) {
		add_error(r, r->line,
			  "a section header ends with its only \"]\", as in \"[cluster prod]\".");
		return;
	}
	line[length - 1] = '\0';
	text_safe(safe, sizeof(safe), line + 1, false);
	name = word + strcspn(word, BLANKS);
	if (*name)
		*name++ = '\0';
	name += strspn(name, BLANKS);
	while (*name && strchr(BLANKS, name[strlen(name) - 1]))
		name[strlen(name) - 1] = '\0';
	if (!strcmp(word, "bdbtop") && !*name) {
		begin_defaults(r);
	} else if (!strcmp(word, "cluster")) {
		begin_cluster(r, name);
	} else {
		snprintf(message, sizeof(message),
			 "unknown section [%s]; known are [bdbtop] and [cluster NAME].", safe);
		add_error(r, r->line, message);
	}
}

/* True when libinih would cut the value at a comment. */
static bool has_comment(const char *value)
{
	for (; (value = strchr(value, ';')); value++)
		if (strchr(BLANKS, value[-1]))
			return true;
	return false;
}

/* Returns NULL, or why the pair is rejected. */
static const char *check_pair(const char *line)
{
	size_t key =
		strspn(line, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-");
	const char *equals = line + key + strspn(line + key, BLANKS);

	if (!key || *equals != '=')
		return "this is not a section, a setting, a comment or a blank line: write \"KEY "
		       "= VALUE\".";
	/* libinih truncates keys to 49 bytes, so two could become equal */
	if (key > 40)
		return "this key is too long.";
	if (has_comment(equals + 1))
		return "a value must not contain \" ;\": put the comment on a line of its own.";
	return NULL;
}

static const char *find_bad_byte(const char *line, size_t length)
{
	size_t i;

	if (length > LINE_MAX_BYTES)
		return "this line is longer than 190 bytes: make it shorter.";
	for (i = 0; i < length; i++)
		if (((unsigned char)line[i] < ' ' && line[i] != '\t') || line[i] == 0x7f)
			return "this line contains a control character: remove it.";
	return NULL;
}

/* True for a line that libinih must parse. */
static bool check_line(struct config_reader *r, char *line, size_t length)
{
	const char *wrong = find_bad_byte(line, length);

	if (!wrong && *line && !strchr(";#", *line)) {
		if (*line == '[') {
			begin_section(r, line);
			return false;
		}
		wrong = check_pair(line);
	}
	if (wrong)
		add_error(r, r->line, wrong);
	return !wrong;
}

/* Removes the line ending and blanks at both ends; returns the new start. */
static char *trim(char *line, size_t *length)
{
	size_t start;

	if (*length && line[*length - 1] == '\n')
		--*length;
	if (*length && line[*length - 1] == '\r')
		--*length;
	while (*length && strchr(BLANKS, line[*length - 1]) && line[*length - 1])
		--*length;
	line[*length] = '\0';
	start = strspn(line, BLANKS);
	*length -= start;
	return line + start;
}

/* An fgets() for libinih.  Turns sections and rejected lines into blank lines, so libinih's own
 * rules for sections, long lines and multi-line values never apply. */
static char *read_line(char *out, int size, void *stream)
{
	struct config_reader *r = stream;
	char *line = NULL, *at;
	size_t capacity = 0, length;
	ssize_t got;

	if (r->out_of_memory)
		return NULL;
	errno = 0;
	got = getline(&line, &capacity, r->file);
	if (got < 0) {
		r->out_of_memory = errno == ENOMEM;
		r->cause = errno;
		free(line);
		return NULL;
	}
	r->line++;
	length = (size_t)got;
	at = line;
	if (r->line == 1 && length >= 3 && !memcmp(line, "\xef\xbb\xbf", 3)) {
		at += 3;
		length -= 3;
	}
	at = trim(at, &length);
	if (!check_line(r, at, length) || (int)length + 2 > size)
		*at = '\0';
	snprintf(out, (size_t)size, "%s\n", at);
	free(line);
	return out;
}

/* Adds one more value of a repeatable key. */
static void append_value(struct config_reader *r, enum config_key key, const char *value)
{
	struct config_value *slot = &current(r)->value[key];
	char *joined;
	struct err err;

	if (asprintf(&joined, "%s\n%s", slot->text, value) < 0) {
		r->out_of_memory = true;
		return;
	}
	free((char *)slot->text);
	slot->text = joined;
	if (config_check(key, joined, &err) < 0)
		add_line_error(r, &err);
}

static void set_value(struct config_reader *r, enum config_key key, const char *value)
{
	struct config_value *slot = &current(r)->value[key];
	char message[120];

	if (slot->text && config_keys[key].repeatable) {
		append_value(r, key, value);
		return;
	}
	if (slot->text) {
		snprintf(message, sizeof(message), "%s: this is already set in line %u.",
			 config_keys[key].name, slot->line);
		add_error(r, r->line, message);
		return;
	}
	slot->text = strdup(value);
	slot->line = r->line;
	r->out_of_memory |= !slot->text;
}

/* The callback of libinih for a pair; `section` is always empty, see read_line(). */
static int on_pair(void *arg, const char *section, const char *name, const char *value)
{
	struct config_reader *r = arg;
	enum config_key key;
	struct err err;
	bool valid;

	(void)section;
	if (r->current == IGNORED && !r->ignored_section.line) {
		add_error(r, r->line,
			  "this is before the first section: [bdbtop] or [cluster NAME] must come "
			  "first.");
		return 1;
	}
	key = config_find_key(name, r->current == DEFAULTS, &err);
	valid = key != CONFIG_KEYS && !config_check(key, value, &err);
	if (!valid)
		add_line_error(r, &err);
	/* one invalid value would make those of a repeatable key invalid that follow */
	if (key != CONFIG_KEYS && (valid || !config_keys[key].repeatable))
		set_value(r, key, value);
	return 1;
}

/* Keys that exclude or need each other. */
static void check_combination(struct config_reader *r, const struct config_section *section)
{
	const struct config_value *value = section->value;
	unsigned command = value[CONFIG_PASSWORD_COMMAND].line;
	unsigned file = value[CONFIG_PASSWORD_FILE].line;
	char message[160];

	if (command && file) {
		snprintf(message, sizeof(message),
			 "password_command and password_file (line %u) both set the password; "
			 "keep one of them.",
			 command < file ? command : file);
		add_error(r, command > file ? command : file, message);
	}
	if (value[CONFIG_KEY].line && !value[CONFIG_CERT].line &&
	    !r->config->defaults.value[CONFIG_CERT].line)
		add_error(r, value[CONFIG_KEY].line,
			  "key: the certificate of this key is missing; set \"cert\" too.");
}

static void check_sections(struct config_reader *r)
{
	const struct config_value *default_cluster = &r->config->defaults.value[CONFIG_DEFAULT];
	char safe[100], message[240];
	size_t i;

	check_combination(r, &r->config->defaults);
	for (i = 0; i < r->config->count; i++) {
		const struct config_section *section = &r->config->clusters[i];

		check_combination(r, section);
		if (!section->value[CONFIG_URL].line) {
			snprintf(message, sizeof(message),
				 "[cluster %s] has no \"url\", as in \"url = https://HOST:9443\".",
				 section->name);
			add_error(r, section->line, message);
		}
	}
	if (default_cluster->text && !strstr(default_cluster->text, "://") &&
	    !config_cluster(r->config, default_cluster->text)) {
		snprintf(message, sizeof(message),
			 "default: this file has no section [cluster %s].",
			 text_safe(safe, sizeof(safe), default_cluster->text, false));
		add_error(r, default_cluster->line, message);
	}
}

static void add_file_error(struct config_reader *r, const char *what, const char *remedy)
{
	char message[240];

	snprintf(message, sizeof(message), "it cannot be read: %s. %s.", what, remedy);
	add_error(r, 0, message);
}

/* Returns NULL and adds an error, but none for a missing file unless `must_exist`.  The file
 * contains commands to run, so only the user may write it. */
static FILE *open_file(struct config_reader *r, const char *path, bool must_exist)
{
	const char *what, *remedy;
	struct stat st;
	FILE *file;
	int fd = user_file_open(path, &st, &what, &remedy);

	if (fd < 0 && (errno == ENOENT || errno == ENOTDIR) && !must_exist)
		return NULL;
	file = fd < 0 ? NULL : fdopen(fd, "r");
	if (file)
		return file;
	if (fd >= 0) {
		what = strerror(errno);
		remedy = err_remedy(errno);
		close(fd);
	}
	add_file_error(r, what, remedy);
	return NULL;
}

static void read_file(struct config_reader *r)
{
	r->current = IGNORED;
	ini_parse_stream(read_line, r, on_pair, r);
	if (r->cause && !r->out_of_memory)
		add_file_error(r, strerror(r->cause), err_remedy(r->cause));
	check_sections(r);
	section_release(&r->ignored_section);
	fclose(r->file);
}

struct config *config_read(const char *path, bool must_exist, FILE *mistakes)
{
	struct config_reader r = { .config = calloc(1, sizeof(*r.config)), .output = mistakes };

	text_safe(r.path, sizeof(r.path), path, false);
	if (r.config)
		r.config->defaults.name = strdup("");
	if (!r.config || !r.config->defaults.name) {
		r.out_of_memory = true;
	} else {
		r.file = open_file(&r, path, must_exist);
		if (r.file)
			read_file(&r);
	}
	if (r.out_of_memory)
		add_file_error(&r, "out of memory", "Free some memory, then try again");
	if (!r.error_count)
		return r.config;
	print_errors(&r);
	config_free(r.config);
	errno = r.out_of_memory ? ENOMEM : 0;
	return NULL;
}

void config_free(struct config *config)
{
	size_t i;

	if (!config)
		return;
	section_release(&config->defaults);
	for (i = 0; i < config->count; i++)
		section_release(&config->clusters[i]);
	free(config->clusters);
	free(config);
}

const struct config_section *config_global_section(const struct config *config)
{
	return &config->defaults;
}

const struct config_section *config_cluster(const struct config *config, const char *name)
{
	size_t i;

	for (i = 0; i < config->count; i++)
		if (!strcmp(config->clusters[i].name, name))
			return &config->clusters[i];
	return NULL;
}

size_t config_count(const struct config *config)
{
	return config->count;
}

const struct config_section *config_at(const struct config *config, size_t index)
{
	return &config->clusters[index];
}
