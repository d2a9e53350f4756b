#include "request_log.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "memory.h"
#include "bdbtop/core/time.h"

static struct sim_request_log_entry *entry_slot(const struct sim_request_log *log, int64_t id)
{
	return &log->entries[(id - 1) % SIM_REQUEST_LOG_MAX];
}

void sim_request_log_add(struct sim_request_log *log, const struct sim_request_log_entry *entry,
			 const char *method, const char *target)
{
	struct sim_request_log_entry *added;

	if (!log->entries)
		log->entries = sim_memory_new(SIM_REQUEST_LOG_MAX, sizeof(*entry));
	added = entry_slot(log, ++log->next);
	free(added->method);
	free(added->target);
	*added = *entry;
	added->id = log->next;
	added->method = sim_memory_copy(method);
	added->target = sim_memory_copy(target);
}

bool sim_path_matches(const char *path, const char *prefix)
{
	size_t length = strcspn(path, "?"), prefix_length;
	bool exact;

	if (!prefix)
		return true;
	prefix_length = strlen(prefix);
	if (strchr(prefix, '?'))
		return strncmp(path, prefix, prefix_length) == 0;
	exact = prefix_length && prefix[prefix_length - 1] == '$';
	prefix_length -= exact;
	if (prefix_length > length || strncmp(path, prefix, prefix_length) != 0)
		return false;
	if (exact)
		return prefix_length == length;
	return prefix_length == length || !prefix_length || path[prefix_length] == '/' ||
	       path[prefix_length - 1] == '/';
}

static int64_t first_entry(const struct sim_request_log *log)
{
	int64_t first = log->next > SIM_REQUEST_LOG_MAX ? log->next - SIM_REQUEST_LOG_MAX : 0;

	return 1 + (first > log->cleared ? first : log->cleared);
}

bool sim_request_matches(const char *method, const char *path, const char *wanted,
			 const char *prefix)
{
	return (!wanted || strcmp(wanted, "*") == 0 || strcmp(wanted, method) == 0) &&
	       sim_path_matches(path, prefix);
}

static void print_entry(const struct sim_request_log_entry *e, struct sim_buffer *out)
{
	char iso[TIME_TEXT_SIZE];

	time_format_iso_ms(iso, e->received_ms);
	sim_buffer_print(out,
			 "request %" PRId64 " %s connection %u %s %s %u %s body %zu in-flight %u\n",
			 e->id, iso, e->connection, e->method, e->target, e->status,
			 e->credentials ? "credentials" : "no-credentials", e->body_length,
			 e->in_flight);
}

size_t sim_request_log_print(const struct sim_request_log *log, const char *method,
			     const char *prefix, struct sim_buffer *out)
{
	size_t count = 0;
	int64_t id;

	for (id = first_entry(log); id <= log->next; id++) {
		const struct sim_request_log_entry *e = entry_slot(log, id);

		if (!sim_request_matches(e->method, e->target, method, prefix))
			continue;
		count++;
		if (out)
			print_entry(e, out);
	}
	return count;
}

size_t sim_request_log_count(const struct sim_request_log *log, const char *method,
			     const char *prefix)
{
	return sim_request_log_print(log, method, prefix, NULL);
}

void sim_request_log_clear(struct sim_request_log *log)
{
	log->cleared = log->next;
}

void sim_request_log_release(struct sim_request_log *log)
{
	int64_t id;

	for (id = log->next; id > 0 && id > log->next - SIM_REQUEST_LOG_MAX; id--) {
		free(entry_slot(log, id)->method);
		free(entry_slot(log, id)->target);
	}
	free(log->entries);
	memset(log, 0, sizeof(*log));
}
