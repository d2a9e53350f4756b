#include "bdbtop/store/config.h"

#include <sys/resource.h>

#include "bdbtop/core/array.h"
#include "tests/files.h"

#define PIN "sha256//47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="

struct store_fixture {
	struct temp_dir dir;
	char path[128];
	struct config *config;
	char *output;	/* errors of the last read */
	size_t length;
};

static int enter(void **state)
{
	struct store_fixture *fix = temp_dir_enter(state, sizeof(*fix), "unused");

	snprintf(fix->path, sizeof(fix->path), "%s/bdbtop.conf", fix->dir.top);
	return 0;
}

static int leave(void **state)
{
	struct store_fixture *fix = *state;

	config_free(fix->config);
	free(fix->output);
	return temp_dir_leave(state);
}

/* Reads the file at path; rig->output has the errors, without the directory. */
static void read_path(struct store_fixture *fix, const char *path, bool must)
{
	FILE *errors;
	char *at;

	config_free(fix->config);
	free(fix->output);
	fix->output = NULL;
	errors = open_memstream(&fix->output, &fix->length);
	fix->config = config_read(path, must, errors);
	fclose(errors);
	while ((at = strstr(fix->output, fix->dir.top)))
		memmove(at, at + strlen(fix->dir.top) + 1,
			strlen(at + strlen(fix->dir.top) + 1) + 1);
}

static void read_bytes(struct store_fixture *fix, const char *bytes, size_t length)
{
	unlink(fix->path);
	temp_dir_append(fix->path, bytes, length);
	read_path(fix, fix->path, true);
}

static void read_text(struct store_fixture *fix, const char *text)
{
	read_bytes(fix, text, strlen(text));
}

static void reads(struct store_fixture *fix, const char *text)
{
	read_text(fix, text);
	if (!fix->config)
		fail_msg("%s", fix->output);
	assert_string_equal(fix->output, "");
}

/* The text gives exactly these errors. */
static void refuses(struct store_fixture *fix, const char *text, const char *said)
{
	read_text(fix, text);
	assert_string_equal(fix->output, said);
	assert_null(fix->config);
}

static void has(const struct config_section *section, enum config_key key, const char *text,
		unsigned line)
{
	assert_non_null(section->value[key].text);
	assert_string_equal(section->value[key].text, text);
	assert_int_equal(section->value[key].line, line);
}

static void every_key_is_read_with_its_line(void **state)
{
	struct store_fixture *fix = *state;
	const struct config_section *prod, *test;
	size_t key;

	reads(fix, "# a comment\n"
		   "; and another\n"
		   "[bdbtop]\n"
		   "interval = 10\n"
		   "default = prod-eu\n"
		   "\n"
		   "[cluster prod-eu]\n"
		   "url=https://n1:9443,https://n2.example:9443/, [::1]:9443\n"
		   "  user\t=  admin@prod.example  \n"
		   "password_command = pass show \"redis/prod eu\" | head -1; true\n"
		   "cacert = /etc/ssl/ca.pem\n"
		   "pin = " PIN "\n"
		   "cert = /c.pem\n"
		   "key = /k.pem\n"
		   "interval = 2.5\n"
		   "read_only = yes\n"
		   "label = PROD \xc3\xa9\n"
		   "color = red\n"
		   "[ cluster  test ]\n"
		   "url = host\n"
		   "password_file = /run/secrets/p\n"
		   "stall_after = 20m\n"
		   "filter = state:failed !dev\n"
		   "sort = -last-backup\n"
		   "theme = contrast\n"
		   "ascii = yes\n"
		   "mouse = on\n"
		   "bell = failed, stalled\n"
		   "notify = none");
	prod = config_cluster(fix->config, "prod-eu");
	test = config_cluster(fix->config, "test");
	assert_int_equal(config_count(fix->config), 2);
	assert_ptr_equal(config_at(fix->config, 0), prod);
	assert_ptr_equal(config_at(fix->config, 1), test);
	assert_string_equal(prod->name, "prod-eu");
	assert_int_equal(prod->line, 7);
	assert_int_equal(test->line, 19);
	has(config_global_section(fix->config), CONFIG_INTERVAL, "10", 4);
	has(config_global_section(fix->config), CONFIG_DEFAULT, "prod-eu", 5);
	has(prod, CONFIG_URL, "https://n1:9443,https://n2.example:9443/, [::1]:9443", 8);
	has(prod, CONFIG_USER, "admin@prod.example", 9);
	has(prod, CONFIG_PASSWORD_COMMAND, "pass show \"redis/prod eu\" | head -1; true", 10);
	has(prod, CONFIG_CACERT, "/etc/ssl/ca.pem", 11);
	has(prod, CONFIG_PIN, PIN, 12);
	has(prod, CONFIG_CERT, "/c.pem", 13);
	has(prod, CONFIG_KEY, "/k.pem", 14);
	has(prod, CONFIG_INTERVAL, "2.5", 15);
	has(prod, CONFIG_READ_ONLY, "yes", 16);
	has(prod, CONFIG_LABEL, "PROD \xc3\xa9", 17);
	has(prod, CONFIG_COLOR, "red", 18);
	has(test, CONFIG_PASSWORD_FILE, "/run/secrets/p", 21);
	has(test, CONFIG_STALL_AFTER, "20m", 22);
	has(test, CONFIG_FILTER, "state:failed !dev", 23);
	has(test, CONFIG_SORT, "-last-backup", 24);
	has(test, CONFIG_THEME, "contrast", 25);
	has(test, CONFIG_ASCII, "yes", 26);
	has(test, CONFIG_MOUSE, "on", 27);
	has(test, CONFIG_BELL, "failed, stalled", 28);
	has(test, CONFIG_NOTIFY, "none", 29);
	assert_null(prod->value[CONFIG_PASSWORD_FILE].text);
	assert_null(config_cluster(fix->config, "prod"));
	for (key = 0; key < CONFIG_KEYS; key++)
		assert_non_null(config_keys[key].name);
}

static void every_error_gives_one_line_with_the_right_number(void **state)
{
	struct store_fixture *fix = *state;

	refuses(fix,
		"user = early\n" /* 1 */
		"[bdbtop]\n"
		"intervall = 5\n"  /* 3 */
		"default = prod\n" /* 4 */
		"# a comment\n"
		"[clutser prod]\n" /* 6 */
		"url = https://host:9443\n"
		"\n"
		"[cluster one]\n"
		"url = htps://host\n"		 /* 10 */
		"interval = soon\n"		 /* 11 */
		"what is this\n"		 /* 12 */
		"read_only = maybe\n"		 /* 13 */
		"user = admin ; the first one\n" /* 14 */
		"color = blue\n"		 /* 15 */
		"label = A\n"
		"label = B\n"			 /* 17 */
		"stall_after = 10\n"		 /* 18 */
		"filter = state:failed age>24\n" /* 19 */
		"sort = size\n"			 /* 20 */
		"theme = dark\n"
		"mouse = maybe\n"
		"bell = stuck\n"
		"notify = failed,\n"
		"columns = db, sizes\n", /* 25 */
		"bdbtop.conf:1: this is before the first section: [bdbtop] or [cluster NAME] must "
		"come first.\n"
		"bdbtop.conf:3: unknown key \"intervall\"; did you mean \"interval\"?\n"
		"bdbtop.conf:4: default: this file has no section [cluster prod].\n"
		"bdbtop.conf:6: unknown section [clutser prod]; known are [bdbtop] and [cluster "
		"NAME].\n"
		"bdbtop.conf:10: url: \"htps://host\" is not a cluster: write https://HOST:9443, "
		"several separated by commas.\n"
		"bdbtop.conf:11: interval: \"soon\" is not a number of seconds (at least 1), as in "
		"\"interval = 5\".\n"
		"bdbtop.conf:12: this is not a section, a setting, a comment or a blank line: "
		"write \"KEY = VALUE\".\n"
		"bdbtop.conf:13: read_only: \"maybe\" is neither yes (1, true, on) nor no (0, "
		"false, off).\n"
		"bdbtop.conf:14: a value must not contain \" ;\": put the comment on a line of its "
		"own.\n"
		"bdbtop.conf:15: color: \"blue\" is not one of red, yellow, green, magenta, cyan.\n"
		"bdbtop.conf:17: label: this is already set in line 16.\n"
		"bdbtop.conf:18: stall_after: \"10\" is not a duration from 1s to 30d: a number "
		"with a unit, s, m, h or d, as in \"10m\".\n"
		"bdbtop.conf:19: filter: invalid filter \"state:failed age>24\", at \"24\": needs "
		"a unit: 30m, 24h, 2d.\n"
		"bdbtop.conf:20: sort: unknown column \"size\": known are severity, db, name, "
		"status, backup, export, import, last-backup, loss, next, reason, result, each "
		"also with \"-\" before it to reverse the order.\n"
		"bdbtop.conf:21: theme: \"dark\" is not one of colour, monochrome, contrast.\n"
		"bdbtop.conf:22: mouse: \"maybe\" is neither yes (1, true, on) nor no (0, false, "
		"off).\n"
		"bdbtop.conf:23: bell: unknown event \"stuck\": use some of started, failed, "
		"failed again, recovered, stalled, new, gone, or none.\n"
		"bdbtop.conf:24: notify: unknown event \"\": use some of started, failed, failed "
		"again, recovered, stalled, new, gone, or none.\n"
		"bdbtop.conf:25: columns: unknown column \"sizes\": name some of db, name, status, "
		"backup, export, import, last, loss, next, interval, size, shards, tags, reason, "
		"each once.\n");
}

static void a_error_about_a_whole_section_stands_at_its_line(void **state)
{
	struct store_fixture *fix = *state;

	refuses(fix,
		"[cluster a]\nuser = u\n[cluster b]\nurl = h\n[cluster b]\nurl = i\n"
		"intervall = 5\n[bdbtop]\n[bdbtop]\ninterval = 3\n[cluster]\n[cluster -x]\n"
		"[cluster a b]\n[cluster c] ; the last\n[]\n[bdbtop x]\n[cluster d\nuser = x\n",
		"bdbtop.conf:1: [cluster a] has no \"url\", as in \"url = https://HOST:9443\".\n"
		"bdbtop.conf:5: the section [cluster b] is already in line 3; merge them.\n"
		"bdbtop.conf:7: unknown key \"intervall\"; did you mean \"interval\"?\n"
		"bdbtop.conf:9: the section [bdbtop] is already in line 8; merge them.\n"
		"bdbtop.conf:11: \"\" is not a valid cluster name: use letters, digits, \".\", "
		"\"_\" and \"-\", 40 at most.\n"
		"bdbtop.conf:12: \"-x\" is not a valid cluster name: use letters, digits, \".\", "
		"\"_\" and \"-\", 40 at most.\n"
		"bdbtop.conf:13: \"a b\" is not a valid cluster name: use letters, digits, \".\", "
		"\"_\" and \"-\", 40 at most.\n"
		"bdbtop.conf:14: a section header ends with its only \"]\", as in \"[cluster "
		"prod]\".\n"
		"bdbtop.conf:15: unknown section []; known are [bdbtop] and [cluster NAME].\n"
		"bdbtop.conf:16: unknown section [bdbtop x]; known are [bdbtop] and [cluster "
		"NAME].\n"
		"bdbtop.conf:17: a section header ends with its only \"]\", as in \"[cluster "
		"prod]\".\n");
}

static void keys_that_must_not_be_together_and_keys_in_the_wrong_section(void **state)
{
	struct store_fixture *fix = *state;

	refuses(fix,
		"[bdbtop]\nurl = h\npin = " PIN "\n[cluster a]\nurl = h\ndefault = a\n"
		"password_file = /p\npassword_command = c\nkey = /k\npassword = hunter2\n"
		"passphrase = hunter2\nzebra = 1\n",
		"bdbtop.conf:2: url: this belongs in the section [cluster NAME] of one cluster.\n"
		"bdbtop.conf:3: pin: this belongs in the section [cluster NAME] of one cluster.\n"
		"bdbtop.conf:6: default: this belongs in [bdbtop].\n"
		"bdbtop.conf:8: password_command and password_file (line 7) both set the password; "
		"keep one of them.\n"
		"bdbtop.conf:9: key: the certificate of this key is missing; set \"cert\" too.\n"
		"bdbtop.conf:10: unknown key \"password\": this file never contains a password; "
		"use \"password_command\" or \"password_file\".\n"
		"bdbtop.conf:11: unknown key \"passphrase\": this file never contains a password; "
		"use \"password_command\" or \"password_file\".\n"
		"bdbtop.conf:12: unknown key \"zebra\"; known are url, user, auth, "
		"password_command, password_file, token_file, cacert, pin, cert, key, interval, "
		"stall_after, rpo, rpo_tag, filter, sort, columns, times, title, report, theme, "
		"ascii, mouse, bell, "
		"notify, read_only, sandbox, label, color.\n");
}

static void an_rpo_is_in_seconds_and_a_tag_may_have_blanks(void **state)
{
	struct config_values values = { .color = 0 };
	const struct rpo_tags *tags = &values.rpo.by_tag;

	assert_int_equal(config_parse(CONFIG_RPO_TAG, "a=gold \t 1h\nof it 7d", &values, NULL), 0);
	assert_int_equal(config_parse(CONFIG_RPO, "24h", &values, NULL), 0);
	assert_int_equal(values.rpo.rpo_s, 24 * 3600);
	assert_int_equal(tags->count, 2);
	assert_string_equal(tags->item[0].tag, "a=gold");
	assert_int_equal(tags->item[0].rpo_s, 3600);
	assert_string_equal(tags->item[1].tag, "of it");
	assert_int_equal(tags->item[1].rpo_s, 7 * 86400);
}

static void a_line_has_190_bytes_and_no_more(void **state)
{
	struct store_fixture *fix = *state;
	char text[1000], value[400];

	memset(value, 'x', sizeof(value));
	value[183] = '\0';
	snprintf(text, sizeof(text), "[cluster a]\r\nurl = h\r\nuser = %s\r\n", value);
	reads(fix, text);
	has(config_cluster(fix->config, "a"), CONFIG_USER, value, 3);
	value[183] = 'x';
	value[184] = '\0';
	snprintf(text, sizeof(text), "[cluster a]\nurl = h\nuser = %s\nnonsense\n", value);
	refuses(fix, text,
		"bdbtop.conf:3: this line is longer than 190 bytes: make it shorter.\n"
		"bdbtop.conf:4: this is not a section, a setting, a comment or a blank line: write "
		"\"KEY = VALUE\".\n");
	/* libinih would read the rest of a line beyond its buffer as another line */
	value[184] = 'x';
	value[399] = '\0';
	snprintf(text, sizeof(text), "[cluster a]\nurl = h\n# %s\nnonsense\n", value);
	refuses(fix, text,
		"bdbtop.conf:3: this line is longer than 190 bytes: make it shorter.\n"
		"bdbtop.conf:4: this is not a section, a setting, a comment or a blank line: write "
		"\"KEY = VALUE\".\n");
}

static void a_line_of_a_MiB_is_one_line(void **state)
{
	struct store_fixture *fix = *state;
	char *text = malloc((1 << 20) + 2);

	memset(text, 'x', 1 << 20);
	strcpy(text + (1 << 20), "\n");
	refuses(fix, text, "bdbtop.conf:1: this line is longer than 190 bytes: make it shorter.\n");
	free(text);
}

static void section_names_may_have_40_bytes(void **state)
{
	struct store_fixture *fix = *state;
	const char name[] = "1234567890123456789012345678901234567890";
	char text[300];

	snprintf(text, sizeof(text), "[cluster %.39sa]\nurl = h\n[cluster %.39sb]\nurl = i\n", name,
		 name);
	reads(fix, text);
	assert_int_equal(config_count(fix->config), 2);
	snprintf(text, sizeof(text), "[cluster %sx]\nurl = h\n", name);
	refuses(fix, text,
		"bdbtop.conf:1: \"1234567890123456789012345678901234567890x\" is not a valid "
		"cluster name: use letters, digits, \".\", \"_\" and \"-\", 40 at most.\n");
}

static void values_over_several_lines_do_not_exist(void **state)
{
	struct store_fixture *fix = *state;

	refuses(fix, "[cluster a]\nurl = h\nuser = one\n  two\n  label = L\n",
		"bdbtop.conf:4: this is not a section, a setting, a comment or a blank line: write "
		"\"KEY = VALUE\".\n");
	/* an indented line is a pair too */
	reads(fix, "[cluster a]\nurl = h\nuser = one\n  label = L\n");
	has(config_cluster(fix->config, "a"), CONFIG_USER, "one", 3);
	has(config_cluster(fix->config, "a"), CONFIG_LABEL, "L", 4);
}

static void what_libinih_takes_for_a_pair_or_a_comment_and_we_do_not(void **state)
{
	static const char *const lines[] = {
		"user: u", "url = h ;", "user\t=\tu\t; x", "user = ; x", "us er = u",
		"= u",	   "user",	"user u",	   "user;x = u", "\"user\" = u",
	};
	struct store_fixture *fix = *state;
	char text[200];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(lines); i++) {
		snprintf(text, sizeof(text), "[cluster a]\nurl = h\n%s\n", lines[i]);
		read_text(fix, text);
		assert_null(fix->config);
		assert_memory_equal(fix->output, "bdbtop.conf:3: ", 15);
		assert_ptr_equal(strchr(fix->output, '\n'), fix->output + strlen(fix->output) - 1);
	}
	reads(fix, "[cluster a]\nurl = h\nuser = a;b=c #d \"e\"\n");
	has(config_cluster(fix->config, "a"), CONFIG_USER, "a;b=c #d \"e\"", 3);
}

static void control_characters_and_NUL_are_refused_and_never_shown(void **state)
{
	static const char text[] =
		"[cluster a]\nurl = h\nuser = a\0b\nlabel = \x1b[31m\n[x\xff\x9b]\n";
	struct store_fixture *fix = *state;

	read_bytes(fix, text, sizeof(text) - 1);
	assert_null(fix->config);
	assert_string_equal(fix->output,
			    "bdbtop.conf:3: this line contains a control character: remove it.\n"
			    "bdbtop.conf:4: this line contains a control character: remove it.\n"
			    "bdbtop.conf:5: unknown section [x\\xFF\\x9B]; known are [bdbtop] and "
			    "[cluster NAME].\n");
}

static void a_password_in_an_address_is_refused_and_not_repeated(void **state)
{
	struct store_fixture *fix = *state;

	read_text(fix, "[cluster a]\nurl = https://u:hunter2@h\n");
	assert_null(fix->config);
	assert_memory_equal(fix->output, "bdbtop.conf:2: url: ", 20);
	assert_null(strstr(fix->output, "hunter2"));
}

static void addresses_are_checked(void **state)
{
	static const char *const good[] = {
		"h",	 "h.example:9443",	    "https://h",	   "https://h:1/",
		"[::1]", "https://[fe80::1]:65535", "http://127.0.0.1:80", "http://localhost",
		"a,b, c",
					    "fe80::1",
					    "HTTPS://H"
	};
	static const char *const bad[] = {
		"https://", "http://h", "https://h/v1",	  "https://h?x", "h:0",
		"h:65536",  "h:",	"h:94x",	  "ftp://h",	 "a,,b",
		"a,",	    "[::1",	"https://[::1]x", "a b",	 "h#x",
		"https:/h"
	};
	struct store_fixture *fix = *state;
	char text[200];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(good); i++) {
		snprintf(text, sizeof(text), "[cluster a]\nurl = %s\n", good[i]);
		reads(fix, text);
	}
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		snprintf(text, sizeof(text), "[cluster a]\nurl = %s\n", bad[i]);
		read_text(fix, text);
		if (fix->config)
			fail_msg("\"%s\" was taken", bad[i]);
		assert_memory_equal(fix->output, "bdbtop.conf:2: url: ", 20);
	}
}

static void a_value_is_not_empty(void **state)
{
	struct store_fixture *fix = *state;

	refuses(fix, "[cluster a]\nurl = h\nuser =\npassword_command = \n",
		"bdbtop.conf:3: user: the value is missing: write one, or remove the line.\n"
		"bdbtop.conf:4: password_command: the value is missing: write one, or remove the "
		"line.\n");
}

static void other_values_are_checked_too(void **state)
{
	struct store_fixture *fix = *state;

	refuses(fix,
		"[cluster a]\nurl = h\nuser = a:b\ncacert = ~/ca.pem\npin = sha1//x\n"
		"label = 1234567890123456789012345\n",
		"bdbtop.conf:3: user: \"a:b\" contains a colon, which a user name cannot have.\n"
		"bdbtop.conf:4: cacert: \"~/ca.pem\" begins with ~, which only a shell expands: "
		"write the full path.\n"
		"bdbtop.conf:5: pin: \"sha1//x\" is not a pin: sha256// and the base64 of 32 "
		"bytes, as `bdbtop trust` stores it.\n"
		"bdbtop.conf:6: label: \"1234567890123456789012345\" is longer than 24 columns.\n");
}

static void a_file_that_is_not_there_is_empty_unless_it_must_be(void **state)
{
	struct store_fixture *fix = *state;

	read_path(fix, fix->path, false);
	assert_non_null(fix->config);
	assert_int_equal(config_count(fix->config), 0);
	assert_string_equal(config_global_section(fix->config)->name, "");
	assert_int_equal(config_global_section(fix->config)->line, 0);
	read_path(fix, fix->path, true);
	assert_null(fix->config);
	assert_string_equal(fix->output,
			    "bdbtop.conf: it cannot be read: No such file or directory. "
			    "Check the path.\n");
	config_free(NULL);
}

static void without_a_descriptor_the_limit_on_open_files_is_named(void **state)
{
	struct store_fixture *fix = *state;
	struct rlimit old, none;

	temp_dir_write(fix->path, "");
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &old), 0);
	none = old;
	none.rlim_cur = 0;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
	read_path(fix, fix->path, true);
	setrlimit(RLIMIT_NOFILE, &old);
	assert_string_equal(fix->output,
			    "bdbtop.conf: it cannot be read: Too many open files. Raise "
			    "the limit on open files (ulimit -n), then try again.\n");
}

static void what_is_no_file_is_refused_and_nothing_else_is_said(void **state)
{
	struct store_fixture *fix = *state;

	read_path(fix, fix->dir.top, false);
	assert_null(fix->config);
	assert_non_null(strstr(fix->output, " it cannot be read: it is a directory."));
	read_path(fix, "/dev/null", true);
	assert_non_null(fix->config);
	temp_dir_write(fix->path, "nonsense\n");
	assert_int_equal(chmod(fix->path, 0602), 0);
	read_path(fix, fix->path, true);
	assert_null(fix->config);
	assert_string_equal(fix->output, "bdbtop.conf: it cannot be read: others may write to it. "
					 "Check its content, then run chmod o-w on it.\n");
}

static void a_byte_order_mark_and_empty_files_are_accepted(void **state)
{
	struct store_fixture *fix = *state;

	reads(fix, "");
	reads(fix, "\n\n");
	reads(fix, "\xef\xbb\xbf[cluster a]\r\nurl = h\r\n");
	has(config_cluster(fix->config, "a"), CONFIG_URL, "h", 2);
}

static void at_most_fifty_errors_are_reported(void **state)
{
	struct store_fixture *fix = *state;
	char text[1000] = "";
	size_t i, lines = 0;

	for (i = 0; i < 200; i++)
		strcat(text, "x\n");
	read_text(fix, text);
	for (i = 0; fix->output[i]; i++)
		lines += fix->output[i] == '\n';
	assert_int_equal(lines, 51);
	assert_non_null(strstr(fix->output, "\nbdbtop.conf:50: "));
	assert_non_null(strstr(fix->output, "\nbdbtop.conf: there are more errors after these.\n"));
}

/* Also with every `#key` uncommented. */
static void the_sample_that_is_installed_is_right(void **state)
{
	struct store_fixture *fix = *state;
	char path[4096], *text, *at;

	source_path(path, "assets/bdbtop.conf");
	read_path(fix, path, true);
	assert_string_equal(fix->output, "");
	text = temp_dir_read(path);
	for (at = strchr(text, '#'); at; at = strchr(at + 1, '#'))
		if (at[1] != ' ' && at[1] != '\n' && (at == text || at[-1] == '\n') &&
		    strncmp(at, "#password_file", 14) != 0)
			*at = ' ';
	reads(fix, text);
	free(text);
	assert_int_equal(config_count(fix->config), 1);
	assert_string_equal(config_at(fix->config, 0)->value[CONFIG_COLOR].text, "red");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, enter, leave)
	const struct CMUnitTest tests[] = {
		TEST(every_key_is_read_with_its_line),
		TEST(every_error_gives_one_line_with_the_right_number),
		TEST(a_error_about_a_whole_section_stands_at_its_line),
		TEST(keys_that_must_not_be_together_and_keys_in_the_wrong_section),
		TEST(an_rpo_is_in_seconds_and_a_tag_may_have_blanks),
		TEST(a_line_has_190_bytes_and_no_more),
		TEST(a_line_of_a_MiB_is_one_line),
		TEST(section_names_may_have_40_bytes),
		TEST(values_over_several_lines_do_not_exist),
		TEST(what_libinih_takes_for_a_pair_or_a_comment_and_we_do_not),
		TEST(control_characters_and_NUL_are_refused_and_never_shown),
		TEST(a_password_in_an_address_is_refused_and_not_repeated),
		TEST(addresses_are_checked),
		TEST(a_value_is_not_empty),
		TEST(other_values_are_checked_too),
		TEST(a_file_that_is_not_there_is_empty_unless_it_must_be),
		TEST(without_a_descriptor_the_limit_on_open_files_is_named),
		TEST(what_is_no_file_is_refused_and_nothing_else_is_said),
		TEST(a_byte_order_mark_and_empty_files_are_accepted),
		TEST(at_most_fifty_errors_are_reported),
		TEST(the_sample_that_is_installed_is_right),
	};

	return tap_run(tests);
}
