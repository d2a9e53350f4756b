#include "login.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "bdbtop/cli/streams.h"
#include "bdbtop/core/text.h"
#include "bdbtop/json/token.h"
#include "bdbtop/store/login_refusals.h"

int login_user(struct login_input *login_input, const struct settings *settings, struct err *err)
{
	const char *user = settings->values[CONFIG_USER].text;
	char where[SETTING_SOURCE_BYTES];

	if (user && strlen(user) >= sizeof(login_input->user))
		return err_set(err, ERR_FINAL, "%s: the user name is too long for a cluster.",
			       settings_format_source(settings, CONFIG_USER, where, sizeof(where)));
	snprintf(login_input->user, sizeof(login_input->user), "%s", user ? user : "");
	return 0;
}

int login_password(struct login_input *login_input, const struct settings *settings,
		   const struct redisctl *redisctl, struct err *err)
{
	const struct environment *env = redisctl->env;
	const char *file = settings->values[CONFIG_PASSWORD_FILE].text;
	const char *command = settings->values[CONFIG_PASSWORD_COMMAND].text;

	if (settings->values[SETTING_PASSWORD].source == SOURCE_VARIABLE) {
		if (*env->no_password.text)
			*err = env->no_password;
		return *env->no_password.text ? -1 : 0;
	}
	if (settings->values[SETTING_PASSWORD].source == SOURCE_REDISCTL)
		return redisctl_take_password(redisctl, &settings->redisctl, login_input->password,
					      err);
	/* the password of a variable that is not for this cluster must not be used */
	secret_clear(login_input->password);
	if (file)
		return secret_from_file(login_input->password, "password", file, err);
	return command ? secret_from_command(login_input->password, command, settings->command_ms,
					     err)
		       : 0;
}

static int check_token(const struct secret *token, const struct settings *settings, struct err *err)
{
	bool file = settings->values[CONFIG_TOKEN_FILE].text;
	char where[SETTING_SOURCE_BYTES];

	if (token_is_valid(secret_peek(token)))
		return 0;
	settings_format_source(settings, file ? CONFIG_TOKEN_FILE : SETTING_TOKEN, where,
			       sizeof(where));
	return err_set(err, ERR_ASK_USER,
		       "The token of %s cannot be used: it has a character that no token has. "
		       "Give the token alone, without the word JWT or Bearer.",
		       where);
}

int login_token(struct secret *token, const struct settings *settings,
		const struct environment *env, struct err *err)
{
	const char *file = settings->values[CONFIG_TOKEN_FILE].text;

	if (!settings_use_token(settings)) {
		secret_clear(token);
		return 0;
	}
	if (file && secret_from_file(token, "token", file, err) < 0)
		return -1;
	if (!file && *env->no_token.text) {
		*err = env->no_token;
		return -1;
	}
	return check_token(token, settings, err);
}

bool login_note(const struct login_input *login_input, const struct settings *settings,
		struct err *note)
{
	const char *file = settings->values[CONFIG_PASSWORD_FILE].text;
	const char *variable = settings->redisctl.variable;
	const char *exposed = settings->redisctl.exposed_file;
	enum setting_source source = settings->values[SETTING_PASSWORD].source;
	char shown[128];

	*note = (struct err){ .text = "" };
	if (source == SOURCE_REDISCTL && exposed)
		err_set(note, ERR_ASK_USER,
			"Others can read %s, which has the password: run chmod 600 on it.",
			exposed);
	if (!secret_was_trimmed(login_input->password))
		return *note->text != '\0';
	if (source == SOURCE_VARIABLE || (source == SOURCE_REDISCTL && *variable)) {
		err_set(note, ERR_ASK_USER, "The line ending at the end of %s was removed.",
			source == SOURCE_VARIABLE ? "REDIS_ENTERPRISE_PASSWORD" : variable);
	} else if (file) {
		err_set(note, ERR_ASK_USER,
			"The line ending at the end of the password file %s was removed.",
			text_shorten(shown, sizeof(shown), file, 80));
	}
	return *note->text != '\0';
}

char *login_source(const struct settings *settings, char *out, size_t size)
{
	const char *file = settings->values[CONFIG_PASSWORD_FILE].text;
	const char *command = settings->values[CONFIG_PASSWORD_COMMAND].text;
	char full_path[PATH_MAX], name[32];

	*out = '\0';
	if (settings->values[SETTING_PASSWORD].source == SOURCE_VARIABLE) {
		snprintf(out, size, "REDIS_ENTERPRISE_PASSWORD");
	} else if (settings->values[SETTING_PASSWORD].source == SOURCE_REDISCTL) {
		snprintf(out, size, "redisctl profile %s", settings->redisctl.profile->name);
	} else if (file) {
		snprintf(out, size, "%s", realpath(file, full_path) ? full_path : file);
	} else if (command) {
		login_refusals_command_id(name, command);
		snprintf(out, size, "%s", name);
	}
	return out;
}

enum {
	LOGIN_KEY_ENTER = '\n',
	LOGIN_KEY_RETURN = '\r',
	LOGIN_KEY_ESC = 27,
	LOGIN_KEY_CTRL_C = 3,
	LOGIN_KEY_CTRL_U = 21
};

/* Reads one line byte by byte; 0 when complete, -1 when the user cancels or on_byte() fails. */
static int read_line(int fd, int (*on_byte)(void *, char), void *arg)
{
	char byte;

	while (read(fd, &byte, 1) == 1) {
		if (byte == LOGIN_KEY_ENTER || byte == LOGIN_KEY_RETURN)
			return 0;
		if (byte == LOGIN_KEY_ESC || byte == LOGIN_KEY_CTRL_C || on_byte(arg, byte) < 0)
			return -1;
	}
	return -1;
}

static int on_password_byte(void *arg, char byte)
{
	struct secret *secret = arg;

	if (byte == '\b' || byte == 127)
		secret_erase_last(secret);
	else if (byte == LOGIN_KEY_CTRL_U)
		secret_clear(secret);
	else
		return secret_type(secret, byte);
	return 0;
}

/* The terminal does the line editing. */
static int on_user_byte(void *arg, char byte)
{
	struct login_input *login_input = arg;
	size_t length = strlen(login_input->user);

	if (byte == ':' || length + 1 >= sizeof(login_input->user))
		return -1;
	login_input->user[length] = byte;
	login_input->user[length + 1] = '\0';
	return 0;
}

static int ask_password(int fd, FILE *out, struct login_input *login_input, const char *cluster)
{
	struct termios old, quiet;
	char user[200];
	int rc;

	if (tcgetattr(fd, &old) < 0)
		return -1;
	/* read ctrl-c as a byte: a signal would end the program with the echo off */
	quiet = old;
	quiet.c_lflag &= ~(tcflag_t)(ECHO | ICANON | ISIG);
	quiet.c_cc[VMIN] = 1;
	quiet.c_cc[VTIME] = 0;
	tcsetattr(fd, TCSAFLUSH, &quiet);
	fprintf(out, "Password of %s for %s (not shown): ",
		text_safe(user, sizeof(user), login_input->user, false), cluster);
	fflush(out);
	secret_clear(login_input->password);
	rc = read_line(fd, on_password_byte, login_input->password);
	tcsetattr(fd, TCSAFLUSH, &old);
	putc('\n', out);
	if (rc < 0)
		secret_clear(login_input->password);
	return rc < 0 || !secret_is_set(login_input->password) ? -1 : 0;
}

int login_terminal(const char *none, struct err *err)
{
	int fd = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);

	if (fd >= 0)
		return fd;
	if (errno == ENXIO || errno == ENOENT)
		return err_set(err, ERR_ASK_USER, "%s", none);
	return err_set(err, ERR_ASK_USER, "the terminal /dev/tty cannot be opened: %s. %s.",
		       strerror(errno), err_remedy(errno));
}

/* -1: the user gives none. */
static int ask(int fd, FILE *out, struct login_input *login_input, const char *cluster)
{
	if (!*login_input->user) {
		fprintf(out, "User for %s: ", cluster);
		fflush(out);
		if (read_line(fd, on_user_byte, login_input) < 0)
			return -1;
	}
	return *login_input->user ? ask_password(fd, out, login_input, cluster) : -1;
}

int login_ask(struct login_input *login_input, const char *cluster, struct err *err)
{
	int fd = login_terminal("cannot ask for the password without a terminal. Use "
				"--password-file or --password-command.",
				err);
	FILE *out;
	int rc;

	if (fd < 0)
		return -1;
	out = stream_terminal(fd);
	if (!out) {
		close(fd);
		return err_set_code(err, ERR_CODE_INTERNAL, ERR_FINAL, "Out of memory.");
	}
	rc = ask(fd, out, login_input, cluster);
	fclose(out);
	close(fd);
	if (rc < 0)
		err_set(err, ERR_ASK_USER, "no log-in was given; nothing was sent.");
	return rc;
}
