#include "ready_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "buffer.h"
#include "keyword.h"
#include "memory.h"

static bool write_all(int fd, const char *text, size_t length)
{
	while (length) {
		ssize_t done = write(fd, text, length);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return false;
		text += done;
		length -= (size_t)done;
	}
	return true;
}

/* Overwrite the text, because it contains the login, and free it. */
static void wipe(struct sim_buffer *b)
{
	if (b->data)
		explicit_bzero(b->data, b->length);
	sim_buffer_release(b);
}

int sim_ready_file_write(int fd, const struct sim_ready_info *info, struct err *err)
{
	struct sim_buffer line = SIM_BUFFER_INIT;
	int error_number = 0;

	sim_json_open(&line, NULL, '{');
	sim_json_string(&line, "url", info->url);
	sim_json_string(&line, "user", info->user);
	sim_json_string(&line, "password", info->password);
	sim_json_string(&line, "cacert", info->certificate);
	sim_buffer_put(&line, "}\n");
	if (!write_all(fd, line.data, line.length))
		error_number = errno;
	wipe(&line);
	close(fd);
	if (!error_number)
		return 0;
	err_set(err, ERR_FINAL, "Cannot write to --ready-fd=%d: %s.", fd,
		strerror(error_number));
	return -1;
}

static char *join_path(const char *directory, const char *name)
{
	struct sim_buffer path = SIM_BUFFER_INIT;

	sim_buffer_print(&path, "%s/%s", directory, name);
	return sim_buffer_detach(&path);
}

static int set_cannot_error(const char *what, const char *path, struct err *err)
{
	char shown[SIM_KEYWORD_SHOWN_SIZE];
	int error_number = errno;

	err_set(err, ERR_ASK_USER, "%s %s: %s. Choose another directory with --directory.", what,
		sim_keyword_show(path, shown), strerror(error_number));
	return -1;
}

/* $XDG_RUNTIME_DIR if this user owns it; root may have the environment of another user. */
static const char *runtime_directory(void)
{
	const char *path = getenv("XDG_RUNTIME_DIR");
	struct stat st;

	return path && *path == '/' && !stat(path, &st) && st.st_uid == geteuid() ? path : "/tmp";
}

static int create_directory(struct sim_directory *dir, const char *wanted, struct err *err)
{
	if (wanted) {
		dir->directory = sim_memory_copy(wanted);
		dir->owned = mkdir(wanted, 0700) == 0;
		return dir->owned || errno == EEXIST ? 0
			: set_cannot_error("Cannot create the directory", wanted, err);
	}
	dir->directory = join_path(runtime_directory(), "bdbtop-sim.XXXXXX");
	dir->owned = mkdtemp(dir->directory);
	return dir->owned ? 0
			   : set_cannot_error("Cannot create the directory", dir->directory, err);
}

static int make_file(const char *path, mode_t mode, const char *text, struct err *err)
{
	/* a new file: no link of another user is followed, and no other process has it open */
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);

	if (fd < 0)
		return set_cannot_error("Cannot create the file", path, err);
	if (fchmod(fd, mode) < 0 || !write_all(fd, text, strlen(text))) {
		set_cannot_error("Cannot write", path, err);
		close(fd);
		unlink(path);
		return -1;
	}
	close(fd);
	return 0;
}

/* Make a file in the directory and return its path, or NULL with *err. */
static char *add_file(const struct sim_directory *dir, const char *name, mode_t mode,
		      const char *text, struct err *err)
{
	char *path = join_path(dir->directory, name);

	if (make_file(path, mode, text, err) == 0)
		return path;
	free(path);
	return NULL;
}

static void put_export(struct sim_buffer *out, const char *name, const char *value)
{
	sim_buffer_print(out, "export REDIS_ENTERPRISE_%s='", name);
	for (; *value; value++)
		if (*value == '\'')
			sim_buffer_put(out, "'\\''");
		else
			sim_buffer_add(out, value, 1);
	sim_buffer_put(out, "'\n");
}

static char *add_environment(struct sim_directory *dir, const struct sim_ready_info *info,
			     struct err *err)
{
	struct sim_buffer text = SIM_BUFFER_INIT;
	char *absolute = realpath(dir->certificate, NULL), *path;

	put_export(&text, "URL", info->url);
	put_export(&text, "USER", info->user);
	put_export(&text, "PASSWORD", info->password);
	put_export(&text, "CA_CERT", absolute ? absolute : dir->certificate);
	free(absolute);
	path = add_file(dir, "environment", 0600, text.data, err);
	wipe(&text);
	return path;
}

int sim_directory_create(struct sim_directory *dir, const char *directory,
			 const struct sim_ready_info *info, struct err *err)
{
	memset(dir, 0, sizeof(*dir));
	if (create_directory(dir, directory, err) == 0)
		dir->certificate = add_file(dir, "ca.pem", 0644, info->certificate, err);
	if (dir->certificate)
		dir->environment = add_environment(dir, info, err);
	if (dir->environment)
		return 0;
	sim_directory_remove(dir);
	return -1;
}

int sim_directory_renew(const struct sim_directory *dir, const char *certificate, struct err *err)
{
	unlink(dir->certificate);
	return make_file(dir->certificate, 0644, certificate, err);
}

void sim_directory_describe(const struct sim_directory *dir, const struct sim_ready_info *info,
			    FILE *out)
{
	fprintf(out,
		"Simulated cluster: scenario %s, %zu database%s, at %s\n  certificate  %s\n  "
		"log-in       %s\nTo open it in another terminal:\n  . %s && bdbtop\nctrl-c ends "
		"it and removes the files.\n",
		info->scenario, info->databases, info->databases == 1 ? "" : "s", info->url,
		dir->certificate, dir->environment,
		dir->environment);
	fflush(out);
}

void sim_directory_remove(struct sim_directory *dir)
{
	if (dir->environment)
		unlink(dir->environment);
	if (dir->certificate)
		unlink(dir->certificate);
	if (dir->owned)
		rmdir(dir->directory);
	free(dir->environment);
	free(dir->certificate);
	free(dir->directory);
	memset(dir, 0, sizeof(*dir));
}
