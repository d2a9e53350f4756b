#include "sandbox.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bdbtop/core/array.h"
#include "bdbtop/store/paths.h"
#include "landlock.h"

#define DNS_PORT 53
#define READ	 LANDLOCK_READ
#define WRITE	 LANDLOCK_WRITE
#define EXECUTE	 LANDLOCK_EXECUTE

/* Programs and libraries, also those that glibc loads late: for names, threads and character sets.
 * A child needs the right to execute the dynamic linker too. */
static const char *const system_dirs[] = { "/usr",   "/bin",	   "/lib",	"/lib64",
					   "/lib32", "/nix/store", "/gnu/store" };

/* What is read after the start.  Directories rather than files, because a file that is replaced is
 * another one: /etc has resolv.conf, hosts, nsswitch.conf, localtime, passwd and certificates. */
static const char *const read_places[] = {
	"/etc",
	"/run/systemd/resolve",
	"/run/nscd",
	"/run/NetworkManager",
	"/var/lib/sss/mc",
	"/var/lib/ca-certificates",
	"/dev/urandom",
	"/proc/self",
};

/* True when a directory is a place for everything: rights there would include all of the home. */
static bool holds_home(const char *directory, const char *home)
{
	char *full = realpath(directory, NULL), *full_home = home ? realpath(home, NULL) : NULL;
	size_t length = full ? strlen(full) : 0;
	bool holds = !full || length == 1 ||
		     (full_home && !strncmp(full, full_home, length) &&
		      (!full_home[length] || full_home[length] == '/'));

	free(full);
	free(full_home);
	return holds;
}

/* The file; and its directory, so that a renewed one is found. */
static void allow_file(struct landlock *rules, const char *path, const char *home)
{
	char *directory = paths_directory(path);

	landlock_allow(rules, path, READ);
	if (directory && !holds_home(directory, home))
		landlock_allow(rules, directory, READ);
	free(directory);
}

/* A certificate may be a symbolic link, and each renewal leads to another file. */
static void allow_files(struct landlock *rules, const struct sandbox_setup *setup)
{
	char *target;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(setup->files); i++) {
		if (!setup->files[i])
			continue;
		allow_file(rules, setup->files[i], setup->home);
		target = realpath(setup->files[i], NULL);
		if (target)
			allow_file(rules, target, setup->home);
		free(target);
	}
}

/* -o writes a new file beside the old one, and opens anything else, such as a pipe, as it is. */
static void allow_output(struct landlock *rules, const char *output)
{
	char *target = realpath(output, NULL), *directory;
	struct stat st;

	if (stat(output, &st) < 0 || S_ISREG(st.st_mode)) {
		directory = paths_directory(target ? target : output);
		landlock_allow(rules, directory, WRITE);
		free(directory);
	} else {
		landlock_allow(rules, output, WRITE);
	}
	free(target);
}

/* The program as PATH finds it, links resolved, to be freed; NULL: not found. */
static char *find_program(const char *name)
{
	const char *path = getenv("PATH");
	char full[PATH_MAX];
	size_t length;

	for (; path && *path; path += length + (path[length] == ':')) {
		length = strcspn(path, ":");
		snprintf(full, sizeof(full), "%.*s/%s", (int)length, path, name);
		if (!access(full, X_OK))
			return realpath(full, NULL);
	}
	return NULL;
}

/* tmux is started for each copy.  It may be a script or have its own directory. */
static void allow_tmux(struct landlock *rules)
{
	const char *in_tmux = getenv("TMUX");
	char *tmux = in_tmux && *in_tmux ? find_program("tmux") : NULL;
	char *directory = tmux ? paths_directory(tmux) : NULL;
	size_t i;

	for (i = 0; directory && i < ARRAY_SIZE(system_dirs); i++)
		landlock_allow(rules, system_dirs[i], EXECUTE);
	landlock_allow(rules, directory, READ | EXECUTE);
	free(directory);
	free(tmux);
}

static void allow_here(struct landlock *rules)
{
	char here[PATH_MAX];

	if (getcwd(here, sizeof(here)) && strcmp(here, "/") != 0)
		landlock_allow(rules, here, WRITE);
}

/* What every run needs. */
static void allow_common(struct landlock *rules)
{
	char *resolver = realpath("/etc/resolv.conf", NULL);
	char *directory = resolver ? paths_directory(resolver) : NULL;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(system_dirs); i++)
		landlock_allow(rules, system_dirs[i], READ);
	for (i = 0; i < ARRAY_SIZE(read_places); i++)
		landlock_allow(rules, read_places[i], READ);
	if (directory && strcmp(directory, "/") != 0)
		landlock_allow(rules, directory, READ);
	landlock_allow(rules, "/dev/null", READ | WRITE);
	landlock_allow(rules, "/dev/tty", READ | WRITE);
	landlock_allow_port(rules, DNS_PORT);
	free(resolver);
	free(directory);
}

struct sandbox sandbox_enter(const struct sandbox_setup *setup)
{
	struct landlock rules;
	size_t i;

	if (setup->off)
		return (struct sandbox){ .off = true };
	landlock_init(&rules, INT_MAX);
	allow_common(&rules);
	allow_files(&rules, setup);
	landlock_allow(&rules, setup->state_dir, READ | WRITE);
	if (setup->output)
		allow_output(&rules, setup->output);
	if (setup->writes_here)
		allow_here(&rules);
	if (setup->copies)
		allow_tmux(&rules);
	for (i = 0; i < setup->port_count; i++)
		landlock_allow_port(&rules, setup->ports[i]);
	return (struct sandbox){ .abi = landlock_enforce(&rules) };
}

bool sandbox_limits_ports(const struct sandbox *sandbox)
{
	return sandbox->abi >= LANDLOCK_PORTS;
}

char *sandbox_format(const struct sandbox *sandbox, char out[SANDBOX_TEXT_BYTES])
{
	if (sandbox->off)
		snprintf(out, SANDBOX_TEXT_BYTES, "off");
	else if (sandbox_limits_ports(sandbox))
		snprintf(out, SANDBOX_TEXT_BYTES, "files and TCP ports (Landlock ABI %d)",
			 sandbox->abi);
	else if (sandbox->abi)
		snprintf(out, SANDBOX_TEXT_BYTES,
			 "files (Landlock ABI %d; for TCP ports Linux 6.7 is needed)",
			 sandbox->abi);
	else
		snprintf(out, SANDBOX_TEXT_BYTES, "no new privileges (the kernel has no Landlock)");
	return out;
}
