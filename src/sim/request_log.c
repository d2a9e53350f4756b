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
	size_t at = (size_t)(log->next % SIM_REQUEST_LOG_MAX);

	if (at >= log->size) {
		size_t size = log->size ? 2 * log->size : 64;

		if (size > SIM_REQUEST_LOG_MAX)
			size = SIM_REQUEST_LOG_MAX;
		log->entries = sim_memory_resize(log->entries, size, sizeof(*entry));
		memset(log->entries + log->size, 0, (size - log->size) * sizeof(*entry));
		log->size = size;
	}
	free(log->entries[at].method);
	free(log->entries[at].target);
	log->entries[at] = *entry;
	log->entries[at].id = ++log->next;
	log->entries[at].method = sim_memory_copy(method);
	log->entries[at].target = sim_memory_copy(target);
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

static bool matches(const struct sim_request_log_entry *entry, const char *method,
		    const char *prefix)
{
	return (!method || strcmp(method, "*") == 0 || strcmp(method, entry->method) == 0) &&
	       sim_path_matches(entry->target, prefix);
}

size_t sim_request_log_count(const struct sim_request_log *log, const char *method,
			     const char *prefix)
{
	size_t count = 0;
	int64_t id;

	for (id = first_entry(log); id <= log->next; id++)
		count += matches(entry_slot(log, id), method, prefix);
	return count;
}

size_t sim_request_log_print(const struct sim_request_log *log, const char *method,
			     const char *prefix, struct sim_buffer *out)
{
	char iso[TIME_TEXT_SIZE];
	size_t count = 0;
	int64_t id;

	for (id = first_entry(log); id <= log->next; id++) {
		const struct sim_request_log_entry *e = entry_slot(log, id);

		if (!matches(e, method, prefix))
			continue;
		count++;
		time_format_iso_ms(iso, e->received_ms);
		sim_buffer_print(out,
				 "request %" PRId64 " %s connection %u %s %s %u %s body "
				 "%zu in-flight %u\n", e->id, iso,
				 e->connection, e->method, e->target,
				 e->status,
				 e->credentials ? "credentials" : "no-credentials", e->body_length,
				 e->in_flight);
	}
	return count;
}

void sim_request_log_clear(struct sim_request_log *log)
{
	log->cleared = log->next;
}

void sim_request_log_release(struct sim_request_log *log)
{
	size_t i;

	for (i = 0; i < log->size; i++) {
		free(log->entries[i].method);
		free(log->entries[i].target);
	}
	free(log->entries);
	memset(log, 0, sizeof(*log));
}
