/*
 * The canary: the reset of one of many failed backups, the wait for what the cluster makes of it,
 * and the question about the others.  It sends nothing by itself: its reset and the bulk after it
 * have a question each.
 */
#include "session_internal.h"

#include <stdio.h>
#include <stdlib.h>

#include "bdbtop/core/text.h"
#include "bdbtop/session/subject.h"

/* --- the databases --------------------------------------------------------------------------- */

static const struct roster_entry *entry_of(const struct session *s, struct bdb_id id)
{
	return roster_find(cluster_roster(fleet_at(s->fleet, id.cluster)), id.uid);
}

/* The cause of a failed backup; false: it has not failed, or runs again. */
static bool find_cause(const struct session *s, struct bdb_id id, struct cause *out)
{
	const struct roster_entry *entry = entry_of(s, id);
	struct filter_input input;

	if (!entry || entry->bdb->op[OP_BACKUP].phase != OP_FAILED)
		return false;
	input = subject_filter_input(fleet_at(s->fleet, id.cluster), entry);
	return cause_find(&input, OP_BACKUP, out);
}

/* What the key B is for: the groups of the causes view, or the marked databases. */
static bool find_meant(const struct session *s, struct uid_list *out, unsigned *cluster)
{
	*cluster = 0;
	if (s->view.by_cause)
		return session_cause_bdbs(s, OP_BACKUP, out, cluster);
	return session_marked_bdbs(s, out, cluster);
}

/* The seconds until the cluster starts the next scheduled backup, at most; 0: it starts none. */
static int64_t wait_limit_s(const struct bdb *bdb)
{
	if (!backup_is_scheduled(bdb))
		return 0;
	return time_add(bdb->backup_interval_s, backup_tolerance_s(bdb->backup_interval_s));
}

/* Chooses the database with the shortest wait, of these the one with the lowest uid. */
static bool choose(const struct session *s, unsigned cluster, const struct uid_list *uids,
		   struct canary *out)
{
	struct cause cause;
	size_t i;

	*out = (struct canary){ .state = CANARY_NONE };
	for (i = 0; i < uids->count; i++) {
		struct bdb_id id = { cluster, uids->uid[i] };
		const struct roster_entry *entry = entry_of(s, id);
		int64_t limit_s = entry ? wait_limit_s(entry->bdb) : 0;

		if (!limit_s || !find_cause(s, id, &cause) ||
		    cluster_obstacle(fleet_at(s->fleet, cluster), id.uid, OP_BACKUP) ||
		    (out->limit_s && limit_s >= out->limit_s))
			continue;
		*out = (struct canary){ .id = id,
					.generation = entry->generation,
					.cause = cause,
					.last_success_s = entry->bdb->op[OP_BACKUP].last_success_s,
					.limit_s = limit_s };
	}
	return out->limit_s;
}

/* Keeps the databases other than the canary that fail for the same reason now. */
static void keep_rest(const struct session *s, const struct canary *canary, struct uid_list *uids)
{
	size_t i, kept = 0;
	struct cause cause;

	for (i = 0; i < uids->count; i++) {
		struct bdb_id id = { canary->id.cluster, uids->uid[i] };

		if (id.uid != canary->id.uid && find_cause(s, id, &cause) &&
		    !cause_compare(&cause, &canary->cause))
			uids->uid[kept++] = id.uid;
	}
	uids->count = kept;
}

/* --- the key B ------------------------------------------------------------------------------- */

void session_forget_canary(struct session *s)
{
	free(s->canary.rest.uid);
	s->canary = (struct canary){ .state = CANARY_NONE };
}

static void notice_no_canary(struct session *s, unsigned cluster, const struct uid_list *uids)
{
	enum reset_obstacle obstacle = OBSTACLE_NONE;
	struct cause cause;
	size_t i, failed = 0;

	for (i = 0; i < uids->count; i++)
		failed += find_cause(s, (struct bdb_id){ cluster, uids->uid[i] }, &cause);
	if (failed)
		obstacle = cluster_obstacle(fleet_at(s->fleet, cluster), uids->uid[0], OP_BACKUP);
	if (obstacle_is_for_all_rows(obstacle))
		session_set_obstacle_notice(s, (struct bdb_id){ cluster, uids->uid[0] }, OP_BACKUP,
					    obstacle);
	else if (failed)
		session_set_notice(s, "No canary: none of these can be reset now and has a "
				      "schedule, so that the cluster tries again.");
	else if (s->view.by_cause)
		session_set_notice(s, "No canary: B is for a group of failed backups.");
	else
		session_set_notice(s, "No canary: mark databases with a failed backup, or press c "
				      "and choose a group of them.");
}

static void open_question(struct session *s, struct moment now)
{
	struct canary *canary = &s->canary;
	struct cluster *cluster = fleet_at(s->fleet, canary->id.cluster);

	canary->reset_id = cluster_open_reset(cluster, canary->id.uid, OP_BACKUP, now);
	if (!canary->reset_id) {
		session_forget_canary(s);
		session_set_notice(s, "Out of memory: nothing was sent.");
		return;
	}
	canary->state = CANARY_ASKING;
	session_open_question(s, session_question_kind(cluster_reset(cluster, canary->reset_id)),
			      canary->id.cluster, canary->reset_id);
	s->view.question.canary_rest = canary->rest.count;
	s->view.question.canary_limit_s = canary->limit_s;
}

void session_start_canary(struct session *s, struct moment now)
{
	struct canary canary;
	struct uid_list uids;
	unsigned cluster;
	char text[120];

	session_set_notice(s, "");
	session_clear_absence(s);
	if (s->canary.state != CANARY_NONE) {
		snprintf(text, sizeof(text), "The canary db:%lld is under way; x ends it.",
			 (long long)s->canary.id.uid);
		session_set_notice(s, text);
		return;
	}
	if (!find_meant(s, &uids, &cluster)) {
		session_set_notice(s, "Out of memory: nothing was sent.");
		return;
	}
	if (!choose(s, cluster, &uids, &canary)) {
		notice_no_canary(s, cluster, &uids);
		free(uids.uid);
		return;
	}
	keep_rest(s, &canary, &uids);
	canary.rest = uids;
	s->canary = canary;
	if (canary.rest.count) {
		open_question(s, now);
		return;
	}
	session_forget_canary(s);
	session_set_notice(s, "No canary: no other database fails for the same reason; b resets "
			      "this one.");
}

bool session_can_start_canary(const struct session *s)
{
	struct canary canary;
	struct uid_list uids;
	unsigned cluster;
	bool can;

	if (s->canary.state != CANARY_NONE || !find_meant(s, &uids, &cluster))
		return false;
	can = choose(s, cluster, &uids, &canary);
	if (can)
		keep_rest(s, &canary, &uids);
	can = can && uids.count;
	free(uids.uid);
	return can;
}

/* --- its end --------------------------------------------------------------------------------- */

bool session_has_canary(const struct session *s)
{
	return s->canary.state > CANARY_ASKING;
}

/* `db:12 failed again after 4m, no-permission: 30 not sent` */
static void end_with(struct session *s, const char *what)
{
	char text[256];

	snprintf(text, sizeof(text), "db:%lld %.180s: %zu not sent", (long long)s->canary.id.uid,
		 what, s->canary.rest.count);
	session_forget_canary(s);
	session_set_notice(s, text);
}

void session_end_canary(struct session *s, const char *why)
{
	char text[120];

	if (!session_has_canary(s))
		return;
	snprintf(text, sizeof(text), "canary ended, %.80s", why);
	end_with(s, text);
}

static void end_failed(struct session *s, const struct roster_entry *entry)
{
	const struct describe_style style = { .form = DESCRIBE_SHORT };
	const struct op *op = &entry->bdb->op[OP_BACKUP];
	char reason[FACT_TEXT], age[TIME_TEXT_SIZE], text[200];

	describe_reason(reason, op->reason, OP_BACKUP, &style);
	time_format_age(age, (s->now.ms - s->canary.from_ms) / 1000);
	snprintf(text, sizeof(text), "failed again after %s%s%.100s", age, *reason ? ", " : "",
		 reason);
	end_with(s, text);
}

/* The reset of the canary ended without clearing the status. */
static void end_uncleared(struct session *s, const struct reset *reset)
{
	struct reset_text words;

	reset_format(reset, false, s->now.ms, &words);
	end_with(s, words.full);
}

/* --- its steps ------------------------------------------------------------------------------- */

static void wait_for_backup(struct session *s)
{
	s->canary.state = CANARY_WAITING;
	s->canary.from_ms = s->now.ms;
	session_mark_changed(s);
}

static void follow_reset(struct session *s)
{
	const struct reset *reset =
		cluster_reset(fleet_at(s->fleet, s->canary.id.cluster), s->canary.reset_id);

	if (!reset) {
		session_end_canary(s, "its result was dismissed");
		return;
	}
	if (reset_state(reset) != RESET_END)
		return;
	switch (reset_outcome(reset)) {
	case OUTCOME_CLEARED:
	case OUTCOME_RUNNING:
	case OUTCOME_MOVED:
		wait_for_backup(s);
		break;
	case OUTCOME_UNCHANGED:
		if (!reset_is_watched(reset))
			end_uncleared(s, reset);
		break;
	default:
		end_uncleared(s, reset);
		break;
	}
}

/* Before its question is answered: declined or withdrawn, nothing was begun. */
static void follow_question(struct session *s)
{
	const struct reset *reset =
		cluster_reset(fleet_at(s->fleet, s->canary.id.cluster), s->canary.reset_id);

	if (!reset || reset_outcome(reset) == OUTCOME_DECLINED)
		session_forget_canary(s);
	else if (reset_state(reset) != RESET_ASKING)
		s->canary.state = CANARY_RESETTING;
}

static bool has_succeeded(const struct canary *canary, const struct op *op)
{
	return op->phase == OP_SUCCEEDED || (op->last_success_presence == FIELD_PRESENT &&
					     op->last_success_s > canary->last_success_s);
}

static void follow_backup(struct session *s)
{
	struct canary *canary = &s->canary;
	const struct roster_entry *entry = entry_of(s, canary->id);
	const struct op *op = entry ? &entry->bdb->op[OP_BACKUP] : NULL;

	if (!entry || !roster_entry_is_listed(entry) || entry->generation != canary->generation) {
		session_end_canary(s, "no longer listed");
	} else if (op->phase == OP_FAILED) {
		end_failed(s, entry);
	} else if (has_succeeded(canary, op)) {
		/* what the others are is read once more before the user is asked about them */
		canary->state = CANARY_READING;
		canary->succeeded_ms = s->now.ms;
		cluster_poll(fleet_at(s->fleet, canary->id.cluster), s->now);
	} else if (s->now.ms >= time_add(canary->from_ms, time_to_ms(canary->limit_s))) {
		session_end_canary(s, op->phase == OP_RUNNING ? "its backup still runs"
							      : "no backup was started");
	}
}

static void ask_about_rest(struct session *s)
{
	const struct cluster *cluster = fleet_at(s->fleet, s->canary.id.cluster);
	struct canary canary = s->canary;
	char text[80];

	if (cluster_status(cluster)->list_at.ms <= canary.succeeded_ms ||
	    s->view.mode != MODE_LIST || s->quitting)
		return;
	keep_rest(s, &canary, &canary.rest);
	s->canary = (struct canary){ .state = CANARY_NONE };
	snprintf(text, sizeof(text), "db:%lld succeeded: %zu left", (long long)canary.id.uid,
		 canary.rest.count);
	session_set_notice(s, text);
	if (canary.rest.count &&
	    session_ask_bulk(s, canary.id.cluster, OP_BACKUP, &canary.rest, s->now))
		s->view.question.opened_by_canary = true;
	free(canary.rest.uid);
}

void session_follow_canary(struct session *s)
{
	enum conn_state conn;

	if (s->canary.state == CANARY_NONE)
		return;
	conn = cluster_status(fleet_at(s->fleet, s->canary.id.cluster))->conn;
	if (conn == CONN_LOGIN_REFUSED || conn == CONN_NO_LOGIN)
		session_end_canary(s, "log-in refused");
	else if (conn == CONN_UNTRUSTED)
		session_end_canary(s, "trust lost");
	if (s->canary.state == CANARY_ASKING)
		follow_question(s);
	if (s->canary.state == CANARY_RESETTING)
		follow_reset(s);
	if (s->canary.state == CANARY_WAITING)
		follow_backup(s);
	if (s->canary.state == CANARY_READING)
		ask_about_rest(s);
}

int64_t session_canary_due(const struct session *s)
{
	if (s->canary.state != CANARY_WAITING)
		return TIME_NEVER;
	return time_add(s->canary.from_ms, time_to_ms(s->canary.limit_s));
}

int64_t session_canary_redraw_due(const struct session *s, int64_t now_ms)
{
	const int64_t minute_ms = 60000;

	if (s->canary.state != CANARY_WAITING)
		return TIME_NEVER;
	return now_ms - (now_ms - s->canary.from_ms) % minute_ms + minute_ms;
}

/* `canary db:12 waits for its next backup: 4m of at most 1d 02h, then 30 more   x ends it` */
size_t session_canary_parts(const struct session *s, unsigned form, struct notice_part *out)
{
	const struct canary *canary = &s->canary;
	const struct roster_entry *entry = entry_of(s, canary->id);
	char age[TIME_TEXT_SIZE], limit[TIME_TEXT_SIZE];
	size_t count = 0;
	bool runs = entry && entry->bdb->op[OP_BACKUP].phase == OP_RUNNING;

	if (canary->state < CANARY_WAITING)
		return 0;
	time_format_age(age, (s->now.ms - canary->from_ms) / 1000);
	time_format_age(limit, canary->limit_s);
	session_add_part(out, &count, STYLE_TEXT, "canary db:%lld %s%s of %s%s",
			 (long long)canary->id.uid,
			 form	? ""
			 : runs ? "waits for the end of its backup: "
				: "waits for its next backup: ",
			 age, form > 1 ? "" : "at most ", limit);
	if (form < 2)
		session_add_part(out, &count, STYLE_TEXT, "%s%zu more", form ? ", " : ", then ",
				 canary->rest.count);
	session_add_key(out, &count, "   ", "x", " ends it");
	return count;
}
