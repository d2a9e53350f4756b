#include "tests/simulation/reported.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "bdbtop/session/row.h"
#include "tests/simulation/failure.h"

void reported_release(struct reported *f)
{
	free(f->last_list);
}

const struct reported_bdb *reported_find(const struct reported *f, int64_t uid)
{
	size_t i;

	for (i = 0; i < f->count; i++)
		if (f->bdbs[i].uid == uid)
			return &f->bdbs[i];
	return NULL;
}

static struct reported_bdb *slot_of(struct reported *f, int64_t uid)
{
	struct reported_bdb *slot = (struct reported_bdb *)reported_find(f, uid);

	if (slot)
		return slot;
	if (f->count == REPORTED_BDBS)
		failure(f->run, "more than %d databases", REPORTED_BDBS);
	slot = &f->bdbs[f->count++];
	*slot = (struct reported_bdb){ .uid = uid,
				       .requested_ms = INT64_MIN,
				       .absent_ms = INT64_MIN };
	return slot;
}

/* --- reading --------------------------------------------------------------------------------- */

/* Text or "" for null and absent; anything else makes the record odd. */
static void read_text(struct json_object *element, const char *key, char *out, size_t size,
		      bool *odd)
{
	struct json_object *value = NULL;
	size_t length;

	*out = '\0';
	if (!json_object_object_get_ex(element, key, &value) || !value)
		return;
	length = (size_t)json_object_get_string_len(value);
	if (!json_object_is_type(value, json_type_string) || length >= size ||
	    strlen(json_object_get_string(value)) != length) {
		*odd = true;
		return;
	}
	memcpy(out, json_object_get_string(value), length + 1);
}

static void read_element(struct json_object *element, struct reported_bdb *out)
{
	int k;

	read_text(element, "name", out->name, sizeof(out->name), &out->odd);
	read_text(element, "created_time", out->created, sizeof(out->created), &out->odd);
	for (k = 0; k < OP_KINDS; k++) {
		read_text(element, op_defs[k].status_key, out->op[k].status,
			  sizeof(out->op[k].status), &out->odd);
		read_text(element, op_defs[k].reason_key, out->op[k].reason,
			  sizeof(out->op[k].reason), &out->odd);
	}
}

static void apply(struct reported_bdb *slot, struct json_object *element, int64_t requested_ms)
{
	struct reported_bdb now = { .uid = slot->uid,
				    .requested_ms = requested_ms,
				    .absent_ms = slot->absent_ms,
				    .listed = slot->listed };
	int k;

	if (requested_ms < slot->requested_ms)
		return;
	read_element(element, &now);
	/* of two reads of the same moment either may be shown, and a read not after a reply
	 * without the database may be ignored */
	now.odd |= requested_ms == slot->requested_ms || requested_ms <= slot->absent_ms;
	for (k = 0; k < OP_KINDS; k++)
		now.op[k].failed_once =
			slot->op[k].failed_once || now.odd || !strcmp(now.op[k].status, "failed");
	*slot = now;
}

static bool uid_of(struct json_object *element, int64_t *uid)
{
	struct json_object *value = NULL;

	if (!json_object_is_type(element, json_type_object) ||
	    !json_object_object_get_ex(element, "uid", &value) ||
	    !json_object_is_type(value, json_type_int))
		return false;
	*uid = json_object_get_int64(value);
	return true;
}

static struct json_object *parse(const char *body, size_t length)
{
	struct json_tokener *tokener = json_tokener_new();
	struct json_object *root = json_tokener_parse_ex(tokener, body, (int)length);

	json_tokener_free(tokener);
	return root;
}

static void keep_list(struct reported *f, const char *body, size_t length)
{
	f->last_list = realloc(f->last_list, length + 1);
	if (!f->last_list)
		abort();
	memcpy(f->last_list, body, length);
	f->last_length = length;
}

static void note_absence(struct reported_bdb *slot, int64_t requested_ms)
{
	if (slot->absent_ms < requested_ms)
		slot->absent_ms = requested_ms;
}

void reported_on_list(struct reported *f, const char *body, size_t length, int64_t requested_ms)
{
	struct json_object *root = NULL;
	size_t i;
	int64_t uid;
	bool same = f->last_list && length == f->last_length &&
		    requested_ms > f->list_requested_ms && !memcmp(body, f->last_list, length);

	if (!same)
		root = parse(body, length);
	if (!same && !json_object_is_type(root, json_type_array))
		failure(f->run, "a list was accepted that is none: %.*s", (int)length, body);
	if (!same)
		f->listed_count = 0;
	for (i = 0; !same && i < f->count; i++)
		f->bdbs[i].listed = false;
	for (i = 0; same && i < f->listed_count; i++) {
		struct reported_bdb *slot = &f->bdbs[f->listed[i]];

		/* a single read may have shown something else in between */
		if (slot->requested_ms != f->list_requested_ms && !root)
			root = parse(body, length);
		else if (!root)
			slot->requested_ms = requested_ms;
	}
	f->list_requested_ms = requested_ms;
	for (i = 0; root && i < json_object_array_length(root); i++) {
		struct json_object *element = json_object_array_get_idx(root, i);
		struct reported_bdb *slot;

		if (!uid_of(element, &uid))
			continue;
		slot = slot_of(f, uid);
		slot->listed = true;
		if (!same)
			f->listed[f->listed_count++] = (size_t)(slot - f->bdbs);
		if (requested_ms > slot->requested_ms || !same)
			apply(slot, element, requested_ms);
	}
	json_object_put(root);
	for (i = 0; i < f->count; i++)
		if (!f->bdbs[i].listed)
			note_absence(&f->bdbs[i], requested_ms);
	if (!same)
		keep_list(f, body, length);
}

void reported_on_bdb(struct reported *f, int64_t uid, const char *body, size_t length,
		     int64_t requested_ms)
{
	struct json_object *root = parse(body, length);

	if (!json_object_is_type(root, json_type_object))
		failure(f->run, "a database was accepted that is none: %.*s", (int)length, body);
	apply(slot_of(f, uid), root, requested_ms);
	json_object_put(root);
}

void reported_on_absence(struct reported *f, int64_t uid, int64_t requested_ms)
{
	note_absence(slot_of(f, uid), requested_ms);
}

void reported_on_events(struct reported *f, const char *body, size_t length)
{
	char text[60], *end = (char *)body + length;
	const char *at;
	int64_t uid;
	int k;

	for (k = 0; k < OP_KINDS; k++) {
		/* `bdb_backup_failed` too, and the uid as a number or as text */
		int n = snprintf(text, sizeof(text), "%s_failed\",\"severity\":\"ERROR\",",
				 op_defs[k].word);

		for (at = body; (at = memmem(at, (size_t)(end - at), text, (size_t)n)); at += n)
			if (sscanf(at + n, "\"bdb_uid\":%*[\"]%" SCNd64, &uid) == 1 ||
			    sscanf(at + n, "\"bdb_uid\":%" SCNd64, &uid) == 1)
				slot_of(f, uid)->op[k].failed_once = true;
	}
}

/* --- checks ---------------------------------------------------------------------------------- */

static bool is_idle_word(const char *status)
{
	return !*status || !strcmp(status, "idle");
}

static bool is_running_word(const char *status, int kind)
{
	const char *const *word;

	for (word = op_defs[kind].running_words; *word; word++)
		if (!strcmp(*word, status))
			return true;
	return false;
}

static void check_verdict(const struct reported *f, const struct reported_bdb *told,
			  const struct op_finding *finding, int kind)
{
	const char *status = told->op[kind].status;
	bool good = true;

	switch (finding->verdict) {
	case VERDICT_FAILED:
		good = !strcmp(status, "failed") ||
		       (is_running_word(status, kind) && told->op[kind].failed_once);
		break;
	case VERDICT_RUNNING:
	case VERDICT_STALLED:
		good = is_running_word(status, kind);
		break;
	case VERDICT_OK:
		good = !strcmp(status, "succeeded");
		break;
	case VERDICT_IDLE:
		good = is_idle_word(status);
		break;
	default:
		break;
	}
	if (!good)
		failure(f->run, "db:%" PRId64 " %s is shown as %s, the cluster reported \"%s\"",
			told->uid, op_defs[kind].word, verdict_defs[finding->verdict].sentence,
			status);
}

static void check_entry(struct reported *f, const struct cluster *cluster,
			const struct roster_entry *entry)
{
	const struct reported_bdb *told = reported_find(f, entry->bdb->uid);
	const struct finding *finding = cluster_finding(cluster, entry->bdb->uid);
	int k;

	if (!told)
		failure(f->run, "db:%" PRId64 " is on a row, and no reply has it", entry->bdb->uid);
	if (told->odd)
		return;
	f->compared++;
	if (strcmp(told->name, entry->bdb->name) != 0)
		failure(f->run, "db:%" PRId64 " has the name \"%s\", the cluster reported \"%s\"",
			told->uid, entry->bdb->name, told->name);
	for (k = 0; k < OP_KINDS; k++) {
		const struct op *op = &entry->bdb->op[k];

		if (strcmp(told->op[k].status, op->status) != 0 ||
		    strcmp(told->op[k].reason, op->reason) != 0)
			failure(f->run,
				"db:%" PRId64
				" %s is \"%s\" \"%s\", the cluster reported \"%s\" \"%s\"",
				told->uid, op_defs[k].word, op->status, op->reason,
				told->op[k].status, told->op[k].reason);
		if (finding && finding->listed && !entry->gone)
			check_verdict(f, told, &finding->op[k], k);
	}
}

static void check_totals(const struct reported *f, const struct cluster *cluster)
{
	const struct cluster_status *status = cluster_status(cluster);
	const struct roster *roster = cluster_roster(cluster);
	size_t counted[VERDICT_KINDS] = { 0 }, i;
	int v;

	if (!status->has_list)
		return;
	for (i = 0; i < roster_count(roster); i++) {
		const struct finding *finding =
			cluster_finding(cluster, roster_at(roster, i)->bdb->uid);

		if (finding && finding->listed)
			counted[finding->worst]++;
	}
	for (v = 0; v < VERDICT_KINDS; v++)
		if (counted[v] != status->counts[v])
			failure(f->run, "%zu databases are %s, the header counts %zu", counted[v],
				verdict_defs[v].sentence, status->counts[v]);
}

/* Neither control bytes nor those that change the direction of text, in UTF-8. */
static bool is_safe(const char *text)
{
	const unsigned char *at = (const unsigned char *)text;

	for (; *at; at++)
		if (*at < ' ' || *at == 0x7f || (*at == 0xc2 && at[1] < 0xa0) ||
		    (*at == 0xe2 && at[1] == 0x80 && at[2] >= 0xaa && at[2] <= 0xae))
			return false;
	return true;
}

/* The whole row is made of many texts, so not every time. */
static void check_text(const struct reported *f, const struct cluster *cluster,
		       const struct roster_entry *entry, struct moment now)
{
	static const struct row_style style = { .width = ROW_FULL, .sizes = true };
	static struct row row;
	size_t i;

	row_init(&row, cluster, entry, &style, now);
	for (i = 0; i < COLUMN_COUNT; i++)
		if (i != COLUMN_REASON && !is_safe(row.cells[i]))
			failure(f->run, "column %zu of db:%" PRId64 " is not safe: %s", i,
				entry->bdb->uid, row.cells[i]);
	for (i = 0; i < row.clause_count; i++)
		if (!is_safe(row.clauses[i].text))
			failure(f->run, "a clause of db:%" PRId64 " is not safe: %s",
				entry->bdb->uid, row.clauses[i].text);
}

void reported_check(struct reported *f, const struct cluster *cluster, struct moment now)
{
	const struct roster *roster = cluster_roster(cluster);
	size_t i;

	f->checks++;
	for (i = 0; i < roster_count(roster); i++) {
		check_entry(f, cluster, roster_at(roster, i));
		if (f->checks % 16 == 0)
			check_text(f, cluster, roster_at(roster, i), now);
	}
	check_totals(f, cluster);
}
