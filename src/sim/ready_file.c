#include "bdbtop/sim/ready_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bdbtop/sim/buffer.h"
#include "bdbtop/sim/memory.h"
#include "bdbtop/sim/keyword.h"

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

/* The log-in is in it. */
static void wipe(struct sim_buffer *b)
{
	if (b->data)
		explicit_bzero(b->data, b->length);
	sim_buffer_release(b);
}

int sim_ready_file_write(int fd, const struct sim_ready_info *facts, struct err *err)
{
	struct sim_buffer line = SIM_BUFFER_INIT;
	int trouble = 0;

	sim_buffer_put(&line, "{\"url\":");
	sim_buffer_string(&line, facts->url);
	sim_buffer_put(&line, ",\"user\":");
	sim_buffer_string(&line, facts->user);
	sim_buffer_put(&line, ",\"password\":");
	sim_buffer_string(&line, facts->password);
	sim_buffer_put(&line, ",\"cacert\":");
	sim_buffer_string(&line, facts->certificate);
	sim_buffer_put(&line, "}\n");
	if (!write_all(fd, line.data, line.length))
		trouble = errno;
	wipe(&line);
	close(fd);
	if (!trouble)
		return 0;
	err_set(err, ERR_FINAL, "Nobody reads what --ready-fd=%d should tell: %s.", fd,
		strerror(trouble));
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
	char shown[SIM_KEYWORD_SHOWN];
	int trouble = errno;

	err_set(err, ERR_ASK_USER, "%s %s: %s. Name another place with --directory.", what,
		sim_keyword_show(path, shown), strerror(trouble));
	return -1;
}

/* $XDG_RUNTIME_DIR where it is this user's; as root with the environment of another it is not. */
static const char *runtime_directory(void)
{
	const char *path = getenv("XDG_RUNTIME_DIR");
	struct stat st;

	return path && *path == '/' && !stat(path, &st) && st.st_uid == geteuid() ? path : "/tmp";
}

static int create_directory(struct sim_directory *nest, const char *wanted, struct err *err)
{
	if (wanted) {
		nest->directory = sim_memory_copy(wanted);
		nest->owned = mkdir(wanted, 0700) == 0;
		return nest->owned || errno == EEXIST ? 0
			: set_cannot_error("There can be no directory", wanted, err);
	}
	nest->directory = join_path(runtime_directory(), "bdbtop-sim.XXXXXX");
	nest->owned = mkdtemp(nest->directory);
	return nest->owned ? 0
			   : set_cannot_error("There can be no directory", nest->directory, err);
}

static int make_file(const char *path, mode_t mode, const struct sim_buffer *text, struct err *err)
{
	/* new and ours, so that nobody's link is followed and nobody holds it open already */
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);

	if (fd < 0)
		return set_cannot_error("There can be no file", path, err);
	if (fchmod(fd, mode) < 0 || !write_all(fd, text->data, text->length)) {
		set_cannot_error("It cannot be written:", path, err);
		close(fd);
		unlink(path);
		return -1;
	}
	close(fd);
	return 0;
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

static int make_environment(struct sim_directory *nest, const struct sim_ready_info *facts,
			    struct err *err)
{
	struct sim_buffer text = SIM_BUFFER_INIT;
	char *place = realpath(nest->certificate, NULL), *path;
	int rc;

	put_export(&text, "URL", facts->url);
	put_export(&text, "USER", facts->user);
	put_export(&text, "PASSWORD", facts->password);
	put_export(&text, "CA_CERT", place ? place : nest->certificate);
	free(place);
	path = join_path(nest->directory, "environment");
	rc = make_file(path, 0600, &text, err);
	if (rc == 0)
		nest->environment = path;
	else
		free(path);
	wipe(&text);
	return rc;
}

static int make_certificate(struct sim_directory *nest, const struct sim_ready_info *facts,
			    struct err *err)
{
	struct sim_buffer text = SIM_BUFFER_INIT;
	char *path = join_path(nest->directory, "ca.pem");
	int rc;

	sim_buffer_put(&text, facts->certificate);
	rc = make_file(path, 0644, &text, err);
	if (rc == 0)
		nest->certificate = path;
	else
		free(path);
	sim_buffer_release(&text);
	return rc;
}

int sim_directory_create(struct sim_directory *nest, const char *directory,
			 const struct sim_ready_info *facts, struct err *err)
{
	memset(nest, 0, sizeof(*nest));
	if (create_directory(nest, directory, err) == 0 &&
	    make_certificate(nest, facts, err) == 0 && make_environment(nest, facts, err) == 0)
		return 0;
	sim_directory_remove(nest);
	return -1;
}

int sim_directory_renew(const struct sim_directory *nest, const char *certificate, struct err *err)
{
	struct sim_buffer text = SIM_BUFFER_INIT;
	int rc;

	sim_buffer_put(&text, certificate);
	unlink(nest->certificate);
	rc = make_file(nest->certificate, 0644, &text, err);
	sim_buffer_release(&text);
	return rc;
}

void sim_directory_describe(const struct sim_directory *nest, const struct sim_ready_info *facts,
			    FILE *out)
{
	fprintf(out,
		"Simulated cluster: scenario %s, %zu database%s, at %s\n"
		"  certificate  %s\n"
		"  log-in       %s\n"
		"Look at it in another terminal:\n"
		"  . %s && bdbtop\n"
		"It ends with ctrl-c, and the files go with it.\n",
		facts->scenario, facts->databases, facts->databases == 1 ? "" : "s", facts->url,
		nest->certificate, nest->environment,
		nest->environment);
	fflush(out);
}

void sim_directory_remove(struct sim_directory *nest)
{
	if (nest->environment)
		unlink(nest->environment);
	if (nest->certificate)
		unlink(nest->certificate);
	if (nest->owned)
		rmdir(nest->directory);
	free(nest->environment);
	free(nest->certificate);
	free(nest->directory);
	memset(nest, 0, sizeof(*nest));
}
