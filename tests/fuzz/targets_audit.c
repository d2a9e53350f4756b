/*
 * The audit log, line by line and as a file.
 */
#include "tests/fuzz/fuzz.h"

#include "bdbtop/store/audit_history.h"

#define HERE "cluster.prod.example:9443"

/* --- one line -------------------------------------------------------------------------------- */

/* The line that has this record; bdb is its evidence. */
static char *line_of(const struct audit_record *record, struct bdb *bdb)
{
	const struct audit_user user = { record->user, record->sudo_user, record->ssh_connection,
					 record->login };
	struct audit_line line = { .event = record->event,
				   .at = { 0, record->wall_ms },
				   .run = record->run,
				   .reset_id = record->reset_id,
				   .cluster = record->cluster,
				   .bdb = bdb,
				   .kind = record->kind,
				   .put = record->put,
				   .status = record->status,
				   .message = record->message,
				   .outcome = *record->outcome ? record->outcome : NULL,
				   .note = *record->note ? record->note : NULL,
				   .user = &user };

	bdb_init(bdb, record->uid);
	bdb->name = record->name;
	bdb->name_presence = FIELD_PRESENT;
	bdb->op[record->kind].status = record->op_status;
	bdb->op[record->kind].reason = record->reason;
	bdb->op[record->kind].status_presence = FIELD_PRESENT;
	bdb->op[record->kind].reason_presence = FIELD_PRESENT;
	return audit_line_format(&line);
}

/* Written as a line and read again, a record says the same. */
static void check_round_trip(const struct audit_record *record)
{
	struct audit_record again;
	struct bdb bdb;
	char *line = line_of(record, &bdb);
	size_t length;

	FUZZ_CHECK(line);
	length = strlen(line);
	FUZZ_CHECK(length && strchr(line, '\n') == line + length - 1);
	FUZZ_CHECK(!audit_line_parse(line, length, &again));
	FUZZ_CHECK(again.event == record->event && again.uid == record->uid &&
		   again.kind == record->kind && again.run == record->run &&
		   again.reset_id == record->reset_id && again.wall_ms == record->wall_ms);
	free(line);
}

static void check_record(const struct audit_record *record)
{
	FUZZ_CHECK((unsigned)record->event < AUDIT_EVENTS && record->kind < OP_KINDS);
	FUZZ_CHECK(record->uid > 0);
	FUZZ_CHECK(strnlen(record->cluster, sizeof(record->cluster)) < sizeof(record->cluster));
	FUZZ_CHECK(strnlen(record->name, sizeof(record->name)) < sizeof(record->name));
	FUZZ_CHECK(strnlen(record->note, sizeof(record->note)) < sizeof(record->note));
	FUZZ_CHECK(strnlen(record->message, sizeof(record->message)) < sizeof(record->message));
}

/* A parser that is used again reads as a new one. */
int fuzz_audit_line(const uint8_t *bytes, size_t length)
{
	struct audit_line_parser *parser = audit_line_parser_new();
	struct audit_record once, again;
	int rc = audit_line_parse((const char *)bytes, length, &once), i;

	FUZZ_CHECK(parser);
	for (i = 0; i < 2; i++) {
		FUZZ_CHECK(!audit_line_parser_read(parser, (const char *)bytes, length, &again) ==
			   !rc);
		FUZZ_CHECK(rc < 0 || (once.uid == again.uid && once.wall_ms == again.wall_ms &&
				      !strcmp(once.note, again.note)));
		audit_line_parser_read(parser, (const char *)bytes, length / 2, &again);
	}
	if (!rc) {
		check_record(&once);
		check_round_trip(&once);
	}
	audit_line_parser_free(parser);
	return 0;
}

/* --- the file -------------------------------------------------------------------------------- */

/* Returns how many resets the query finds, each with its first line in the time asked for. */
static size_t count_resets(const struct audit_log *log, const struct audit_history_query *query)
{
	struct err err = { .text = "" };
	struct audit_history *history = audit_history_open(log, query, &err);
	const struct audit_reset *reset;
	size_t count = 0, again = 0;
	int rc;

	FUZZ_CHECK(history);
	while ((rc = audit_history_next(history, &reset, &err)) > 0) {
		check_record(&reset->first);
		FUZZ_CHECK(reset->first.wall_ms >= query->since_ms &&
			   reset->first.wall_ms < query->until_ms);
		FUZZ_CHECK(!query->uid_count || reset->first.uid == query->uids[0]);
		count++;
	}
	FUZZ_CHECK(!rc);
	audit_history_rewind(history);
	while ((rc = audit_history_next(history, &reset, &err)) > 0)
		again++;
	FUZZ_CHECK(!rc && again == count);
	audit_history_free(history);
	return count;
}

static void on_record(void *arg, const struct audit_record *record)
{
	check_record(record);
	FUZZ_CHECK(record->event == AUDIT_ENDED && !strcmp(record->cluster, HERE));
	++*(size_t *)arg;
}

/* A query that asks for more finds as much or more. */
int fuzz_audit_log(const uint8_t *bytes, size_t length)
{
	struct audit_log *log =
		audit_log_new(fuzz_state_file("actions.jsonl", bytes, length), NULL);
	const int64_t uid = 12;
	struct audit_history_query all = { .since_ms = 0, .until_ms = INT64_MAX }, one = all;
	struct audit_record records[4];
	size_t count, i, ended = 0;

	FUZZ_CHECK(log);
	one.uids = &uid;
	one.uid_count = 1;
	FUZZ_CHECK(count_resets(log, &one) <= count_resets(log, &all));
	count = audit_log_history(log, HERE, uid, records, 4);
	FUZZ_CHECK(count <= 4);
	for (i = 0; i < count; i++) {
		check_record(&records[i]);
		FUZZ_CHECK(records[i].uid == uid && !strcmp(records[i].cluster, HERE));
	}
	audit_log_read_ended(log, HERE, on_record, &ended);
	audit_log_free(log);
	return 0;
}
