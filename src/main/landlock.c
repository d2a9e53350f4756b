#include "landlock.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The interface of linux/landlock.h, which older systems do not have, or not all of it.  The
 * numbers of the system calls are the same on every architecture but Alpha. */
#ifdef SYS_landlock_create_ruleset
#define CREATE_RULESET SYS_landlock_create_ruleset
#else
#define CREATE_RULESET 444
#endif
#define ADD_RULE      (CREATE_RULESET + 1)
#define RESTRICT_SELF (CREATE_RULESET + 2)

#define GET_ABI 1u /* a flag of CREATE_RULESET */

enum { RULE_PATH = 1, RULE_PORT = 2 };

enum {
	FS_EXECUTE = 1 << 0,
	FS_WRITE_FILE = 1 << 1,
	FS_READ_FILE = 1 << 2,
	FS_READ_DIR = 1 << 3,
	FS_REMOVE_FILE = 1 << 5,
	FS_MAKE_REG = 1 << 8,
	FS_TRUNCATE = 1 << 14,
	/* all that an ABI can forbid; the second has renames between directories */
	FS_ABI_1 = (1 << 13) - 1,
	FS_ABI_2 = (1 << 14) - 1,
	FS_ABI_3 = (1 << 15) - 1,
	/* the rights that a rule about a file may have */
	FS_FILE = FS_EXECUTE | FS_WRITE_FILE | FS_READ_FILE | FS_TRUNCATE,
};

enum { NET_BIND = 1 << 0, NET_CONNECT = 1 << 1 };

struct ruleset {
	uint64_t fs, net; /* older kernels refuse a longer structure that is not zero behind fs */
};

struct path_rule {
	uint64_t allowed;
	int32_t fd;
} __attribute__((packed));

struct port_rule {
	uint64_t allowed, port;
};

static uint64_t forbidden_fs(int abi)
{
	return abi >= 3 ? FS_ABI_3 : abi == 2 ? FS_ABI_2 : FS_ABI_1;
}

int landlock_abi(void)
{
	long abi = syscall(CREATE_RULESET, NULL, (size_t)0, GET_ABI);

	return abi > 0 ? (int)abi : 0;
}

void landlock_init(struct landlock *rules, int abi)
{
	struct ruleset attributes = { .net = 0 };
	size_t size = sizeof(attributes.fs);
	int kernel = landlock_abi();

	abi = abi < kernel ? abi : kernel;
	*rules = (struct landlock){ .fd = -1 };
	if (!abi)
		return;
	if (abi >= LANDLOCK_PORTS) {
		attributes.net = NET_BIND | NET_CONNECT;
		size = sizeof(attributes);
	}
	attributes.fs = forbidden_fs(abi);
	rules->fd = (int)syscall(CREATE_RULESET, &attributes, size, 0u);
	rules->abi = rules->fd >= 0 ? abi : 0;
}

static uint64_t fs_rights(unsigned rights)
{
	return (rights & LANDLOCK_READ ? FS_READ_FILE | FS_READ_DIR : 0) |
	       (rights & LANDLOCK_WRITE
			? FS_WRITE_FILE | FS_TRUNCATE | FS_MAKE_REG | FS_REMOVE_FILE | FS_READ_DIR
			: 0) |
	       (rights & LANDLOCK_EXECUTE ? FS_EXECUTE : 0);
}

void landlock_allow(struct landlock *rules, const char *path, unsigned rights)
{
	struct path_rule rule = { .allowed = fs_rights(rights) & forbidden_fs(rules->abi) };
	struct stat st;

	if (rules->fd < 0 || !path)
		return;
	rule.fd = open(path, O_PATH | O_CLOEXEC);
	if (rule.fd < 0)
		return;
	if (!fstat(rule.fd, &st) && !S_ISDIR(st.st_mode))
		rule.allowed &= FS_FILE;
	/* it refuses a pipe, which needs no rule */
	syscall(ADD_RULE, rules->fd, RULE_PATH, &rule, 0u);
	close(rule.fd);
}

void landlock_allow_port(struct landlock *rules, unsigned port)
{
	const struct port_rule rule = { .allowed = NET_CONNECT, .port = port };

	if (rules->abi >= LANDLOCK_PORTS)
		syscall(ADD_RULE, rules->fd, RULE_PORT, &rule, 0u);
}

int landlock_enforce(struct landlock *rules)
{
	bool ok = !prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) && rules->fd >= 0 &&
		  !syscall(RESTRICT_SELF, rules->fd, 0u);
	int abi = ok ? rules->abi : 0;

	if (rules->fd >= 0)
		close(rules->fd);
	*rules = (struct landlock){ .fd = -1 };
	return abi;
}
