#include "ready_file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "buffer.h"
#include "file.h"
#include "keyword.h"
#include "memory.h"

/* Overwrite the text, because it contains the login, and free it. */
static void wipe(struct sim_buffer *b)
{
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
	if (info->client)
		sim_json_string(&line, "client", info->client);
	sim_json_close(&line, '}');
	if (dprintf(fd, "%s\n", line.data) < 0)
		error_number = errno;
	wipe(&line);
	close(fd);
	if (!error_number)
		return 0;
	return err_set(err, ERR_FINAL, "Cannot write to --ready-fd=%d: %s.", fd,
		       strerror(error_number));
}

static int set_cannot_error(const char *what, const char *path, struct err *err)
{
	char shown[SIM_KEYWORD_SHOWN_SIZE];
	int error_number = errno;

	return err_set(err, ERR_ASK_USER, "%s %s: %s. Choose another directory with --directory.",
		       what, sim_keyword_show(path, shown), strerror(error_number));
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
	dir->directory = sim_memory_format("%s/bdbtop-sim.XXXXXX", runtime_directory());
	dir->owned = mkdtemp(dir->directory);
	return dir->owned ? 0
			   : set_cannot_error("Cannot create the directory", dir->directory, err);
}

/* Make a file in the directory and return its path, or NULL with *err. */
static char *add_file(const struct sim_directory *dir, const char *name, mode_t mode,
		      const char *text, struct err *err)
{
	char *path = sim_memory_format("%s/%s", dir->directory, name);

	if (sim_file_create(path, mode, "%s", text) == 0)
		return path;
	set_cannot_error("Cannot create the file", path, err);
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
	if (dir->environment && info->client)
		dir->client = add_file(dir, "client.pem", 0600, info->client, err);
	if (dir->environment && !info->client == !dir->client)
		return 0;
	sim_directory_remove(dir);
	return -1;
}

int sim_directory_renew(const struct sim_directory *dir, const char *certificate, struct err *err)
{
	unlink(dir->certificate);
	return sim_file_create(dir->certificate, 0644, "%s", certificate) == 0
		? 0 : set_cannot_error("Cannot create the file", dir->certificate, err);
}

void sim_directory_describe(const struct sim_directory *dir, const struct sim_ready_info *info,
			    FILE *out)
{
	fprintf(out,
		"Simulated cluster: scenario %s, %zu database%s, at %s\n  certificate  %s\n  "
		"log-in       %s\n",
		info->scenario, info->databases, info->databases == 1 ? "" : "s", info->url,
		dir->certificate, dir->environment);
	if (dir->client)
		fprintf(out, "  client       %s\n", dir->client);
	fprintf(out, "To open it in another terminal:\n  . %s && bdbtop%s%s\n", dir->environment,
		dir->client ? " --auth=certificate --cert=" : "", dir->client ? dir->client : "");
	fputs("ctrl-c ends it and removes the files.\n", out);
	fflush(out);
}

void sim_directory_remove(struct sim_directory *dir)
{
	if (dir->environment)
		unlink(dir->environment);
	if (dir->certificate)
		unlink(dir->certificate);
	if (dir->client)
		unlink(dir->client);
	if (dir->owned)
		rmdir(dir->directory);
	free(dir->environment);
	free(dir->certificate);
	free(dir->client);
	free(dir->directory);
	memset(dir, 0, sizeof(*dir));
}
