/*
 * The memory that a database takes while nothing happens on it: record, roster, finding and the
 * element of the last list.  The rows of a front end are not part of it.
 */
#include <malloc.h>
#include <string.h>

#include "bdbtop/fleet/cluster.h"
#include "bdbtop/json/bdb_reader.h"
#include "tests/tap.h"

#define DATABASES 5000
#define BYTES_MAX 820 /* of each, without its strings */

/* Bytes of all blocks of bdbtop and of the test, counted by the functions that the linker wraps. */
static int64_t allocated;

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *block, size_t size);
void __real_free(void *block);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *block, size_t size);
void __wrap_free(void *block);

static int64_t size_of(void *block)
{
	return block ? (int64_t)malloc_usable_size(block) : 0;
}

void *__wrap_malloc(size_t size)
{
	void *block = __real_malloc(size);

	allocated += size_of(block);
	return block;
}

void *__wrap_calloc(size_t count, size_t size)
{
	void *block = __real_calloc(count, size);

	allocated += size_of(block);
	return block;
}

void *__wrap_realloc(void *block, size_t size)
{
	allocated -= size_of(block);
	block = __real_realloc(block, size);
	allocated += size_of(block);
	return block;
}

void __wrap_free(void *block)
{
	allocated -= size_of(block);
	__real_free(block);
}

static const char fields[] =
	"uid,name,status,created_time,backup,backup_interval,backup_status,last_backup_time";

static char *make_list(size_t *length)
{
	char *list = NULL;
	FILE *file = open_memstream(&list, length);
	int uid;

	assert_non_null(file);
	for (uid = 1; uid <= DATABASES; uid++)
		fprintf(file,
			"%c{\"uid\":%d,\"name\":\"orders-%05d\",\"status\":\"active\","
			"\"created_time\":\"2024-11-01T08:00:00Z\",\"backup\":true,"
			"\"backup_interval\":86400,\"backup_status\":\"succeeded\","
			"\"last_backup_time\":\"2026-11-21T10:00:00Z\"}",
			uid == 1 ? '[' : ',', uid, uid);
	fputc(']', file);
	fclose(file);
	return list;
}

static void poll(struct cluster *cluster, struct last_list *last, const char *list, size_t length,
		 struct moment now)
{
	struct observation observation = { .kind = OBS_LIST,
					   .requested_ms = now.ms - 20,
					   .received_ms = now.ms };
	struct bdb_reader *reader = bdb_reader_new(fields, 0);
	struct bdb_set set;
	struct err err;

	bdb_set_init(&set);
	bdb_reader_compare(reader, last, "n1");
	assert_int_equal(bdb_reader_feed(reader, list, length, &err), 0);
	assert_int_equal(bdb_reader_end(reader, &set, &observation.unreadable, &err), 0);
	bdb_reader_get_changes(reader, &observation);
	observation.bdbs = (const struct bdb *const *)set.bdbs;
	observation.count = set.count;
	cluster_tick(cluster, now);
	assert_int_equal(cluster_sink()->on_observation(cluster, &observation, now.ms), 0);
	bdb_reader_keep(reader);
	bdb_set_release(&set);
	bdb_reader_free(reader);
}

static void a_quiet_database_takes_little_memory(void **state)
{
	const struct cluster_setup setup = { .name = "prod-eu", .host = "h:9443", .url = "u" };
	const size_t strings = sizeof("orders-00001") + sizeof("active") + sizeof("succeeded") + 5;
	struct moment now = { 1000000, 1795292045000 };
	struct cluster *cluster = cluster_new(&setup, 0);
	struct last_list *last = last_list_new();
	size_t length, bytes;
	int64_t before;
	char *list = make_list(&length);
	int polls;

	before = allocated;
	for (polls = 0; polls < 3; polls++) {
		poll(cluster, last, list, length, now);
		now.ms += 5000;
		now.wall_ms += 5000;
	}
	bytes = (size_t)(allocated - before) / DATABASES - strings;
	assert_int_equal(roster_count(cluster_roster(cluster)), DATABASES);
	printf("# %zu bytes\n", bytes);
	assert_true(bytes <= BYTES_MAX);
	cluster_free(cluster);
	last_list_free(last);
	free(list);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_quiet_database_takes_little_memory),
	};

	return tap_run(tests);
}
