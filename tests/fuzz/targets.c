#include "tests/fuzz/fuzz.h"

#include <fcntl.h>
#include <limits.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <wchar.h>

#include "bdbtop/core/text.h"
#include "tests/json/mutate.h"

const struct fuzz_target fuzz_targets[] = {
	{ "action", fuzz_action },
	{ "address", fuzz_address },
	{ "alert", fuzz_alert },
	{ "audit_line", fuzz_audit_line },
	{ "audit_log", fuzz_audit_log },
	{ "bdb", fuzz_bdb },
	{ "bdb_info", fuzz_bdb_info },
	{ "bdb_info_one", fuzz_bdb_info_one },
	{ "config", fuzz_config },
	{ "error_body", fuzz_error_body },
	{ "event", fuzz_event },
	{ "filter", fuzz_filter },
	{ "input", fuzz_input },
	{ "last_list", fuzz_last_list },
	{ "module", fuzz_module },
	{ "node", fuzz_node },
	{ "pins", fuzz_pins },
	{ "prefs", fuzz_prefs },
	{ "progress", fuzz_progress },
	{ "redisctl_file", fuzz_redisctl_file },
	{ "redisctl_list", fuzz_redisctl_list },
	{ "scenario", fuzz_scenario },
	{ "shard", fuzz_shard },
	{ "text", fuzz_text_safe },
	{ "time", fuzz_time },
	{ "token", fuzz_token },
	{ "toml", fuzz_toml },
	{ NULL, NULL },
};

const struct fuzz_target *fuzz_target_find(const char *name)
{
	const struct fuzz_target *target = fuzz_targets;

	while (target->name && strcmp(target->name, name) != 0)
		target++;
	return target->name ? target : NULL;
}

void fuzz_fail(const char *file, int line, const char *condition)
{
	fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, condition);
	abort();
}

char *fuzz_text(const uint8_t *bytes, size_t length)
{
	char *text = malloc(length + 1);

	FUZZ_CHECK(text);
	if (length)
		memcpy(text, bytes, length);
	text[length] = '\0';
	return text;
}

/* The C library decodes, so that a fault of core/text does not hide itself. */
void fuzz_check_safe(const char *text, size_t size)
{
	size_t bytes, length = strnlen(text, size);
	mbstate_t state = { 0 };
	wchar_t code;

	FUZZ_CHECK(length < size);
	for (; *text; text += bytes) {
		bytes = mbrtowc(&code, text, MB_LEN_MAX, &state);
		FUZZ_CHECK(bytes <= MB_LEN_MAX);
		FUZZ_CHECK(code >= ' ' && (code < 0x7f || code >= 0xa0));
		FUZZ_CHECK(code < 0x202a || code > 0x202e);
		FUZZ_CHECK(!text_is_unsafe((uint32_t)code));
	}
}

void fuzz_check_safe_lines(const char *text)
{
	char *copy = strdup(text), *rest = copy, *line;

	FUZZ_CHECK(copy);
	while ((line = strsep(&rest, "\n")))
		fuzz_check_safe(line, strlen(line) + 1);
	free(copy);
}

/* A longer input is cut into so many pieces, or it takes the time of many others. */
#define BYTE_BY_BYTE 512

struct fuzz_cuts fuzz_cuts(const uint8_t *bytes, size_t length, int round)
{
	uint32_t hash = 2166136261U + (uint32_t)round;
	size_t i;

	for (i = 0; i < length; i++)
		hash = (hash ^ bytes[i]) * 16777619U;
	return (struct fuzz_cuts){ .seed = hash ? hash : 1,
				   .most = round == 0	? SIZE_MAX
					   : round == 1 ? 1 + length / BYTE_BY_BYTE
							: 40,
				   .random = round > 1 };
}

size_t fuzz_cut(struct fuzz_cuts *cuts, size_t left)
{
	size_t piece = cuts->most;

	if (cuts->random)
		piece = 1 + next_random(&cuts->seed) % piece;
	return piece < left ? piece : left;
}

static void write_all(int fd, const uint8_t *bytes, size_t length)
{
	FUZZ_CHECK(fd >= 0);
	FUZZ_CHECK(ftruncate(fd, 0) == 0);
	FUZZ_CHECK(pwrite(fd, bytes, length, 0) == (ssize_t)length);
}

const char *fuzz_file(const uint8_t *bytes, size_t length)
{
	static char path[40];
	static int fd = -1;

	if (fd < 0) {
		fd = memfd_create("fuzz", MFD_CLOEXEC);
		FUZZ_CHECK(fd >= 0 && fchmod(fd, 0600) == 0);
		snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	}
	write_all(fd, bytes, length);
	return path;
}

const char *fuzz_state_file(const char *name, const uint8_t *bytes, size_t length)
{
	const char *state = getenv("FUZZ_DIRECTORY");
	char path[4096];
	int fd;

	FUZZ_CHECK(state && *state == '/');
	snprintf(path, sizeof(path), "%s/bdbtop", state);
	mkdir(path, 0700);
	snprintf(path, sizeof(path), "%s/bdbtop/%s", state, name);
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	write_all(fd, bytes, length);
	close(fd);
	return state;
}
