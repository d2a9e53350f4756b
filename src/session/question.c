#include "bdbtop/session/question.h"

#include <stdio.h>
#include <string.h>

#include "bdbtop/core/text.h"
#include "bdbtop/session/commands.h"
#include "line_input.h"

void question_open(struct question *q, enum question_kind kind, unsigned cluster, unsigned reset_id)
{
	*q = (struct question){ .kind = kind, .cluster = cluster, .reset_id = reset_id };
}

bool question_is_typed(enum question_kind kind)
{
	return kind == QUESTION_RUNNING || kind == QUESTION_AUDIT_LOG;
}

void question_word(const struct question *q, char out[QUESTION_WORD])
{
	*out = '\0';
	if (question_is_typed(q->kind))
		strcpy(out, "yes");
	else if (q->kind == QUESTION_BULK && (q->bulk_count > BULK_TYPED || q->opened_by_canary))
		snprintf(out, QUESTION_WORD, "%zu", q->bulk_count);
}

bool question_is_about_reset(enum question_kind kind)
{
	return kind >= QUESTION_RESET && kind <= QUESTION_AUDIT_LOG;
}

void question_on_drawn(struct question *q, int64_t now_ms)
{
	if (q->drawn)
		return;
	q->drawn = true;
	q->drawn_ms = q->guard_ms = now_ms;
}

bool question_can_answer(const struct question *q, int64_t now_ms)
{
	return q->drawn && now_ms - q->drawn_ms >= QUESTION_GUARD_MS;
}

void question_restart_guard(struct question *q, int64_t now_ms)
{
	q->guard_ms = now_ms;
}

bool question_is_guarded(const struct question *q, int64_t now_ms)
{
	return !q->drawn || now_ms - q->guard_ms < QUESTION_GUARD_MS;
}

/* Each of the next functions returns false for input that it ignores. */
static bool enter_word(struct question *q, const char *word, bool alone,
		       enum question_answer *answer)
{
	/* enter on an empty line declines, as everywhere; on a wrong word it is a typing error */
	if (!q->typed[0]) {
		*answer = QUESTION_NO;
		return true;
	}
	if (!alone)
		return false;
	if (!strcmp(q->typed, word))
		*answer = QUESTION_YES;
	else
		q->wrong = true;
	return true;
}

static bool edit_word(struct question *q, int key)
{
	bool typed = key > ' ' && key < KEY_RUBOUT && strlen(q->typed) + 1 < sizeof(q->typed);

	if (!typed && key != KEY_CTRL_U && key != KEY_RUBOUT)
		return false;
	q->wrong = false;
	return line_edit(q->typed, sizeof(q->typed), key);
}

static bool typed_key(struct question *q, const struct input_event *event, const char *word,
		      enum question_answer *answer)
{
	if (event->key == KEY_RETURN || event->key == '\n')
		return enter_word(q, word, event->alone, answer);
	return edit_word(q, event->key);
}

static bool single_key(const struct input_event *event, bool guarded, enum question_answer *answer)
{
	switch (event->key) {
	case 'y':
		if (guarded || !event->alone)
			return false;
		*answer = QUESTION_YES;
		return true;
	case 'n':
	case KEY_RETURN:
	case '\n':
		*answer = QUESTION_NO;
		return true;
	default:
		return false;
	}
}

static bool handle_key(struct question *q, const struct input_event *event, int64_t now_ms,
		       enum question_answer *answer)
{
	bool guarded = question_is_guarded(q, now_ms);
	char word[QUESTION_WORD];

	/* the user has not seen the question yet */
	if (!q->drawn || event->kind != INPUT_KEY)
		return false;
	/* declining needs no guard interval */
	if (event->key == KEY_ESCAPE || event->key == KEY_CTRL_C) {
		*answer = QUESTION_NO;
		return true;
	}
	question_word(q, word);
	if (!word[0])
		return single_key(event, guarded, answer);
	/* the word must be typed after the guard interval */
	return !guarded && typed_key(q, event, word, answer);
}

enum question_answer question_input(struct question *q, const struct input_event *event,
				    int64_t now_ms)
{
	enum question_answer answer = QUESTION_OPEN;

	if (!handle_key(q, event, now_ms, &answer))
		question_restart_guard(q, now_ms);
	return answer;
}

enum target_change question_target_change(const struct cluster *cluster,
					  const struct reset_target *target, const struct op **now)
{
	const struct roster_entry *entry = roster_find(cluster_roster(cluster), target->id.uid);
	const struct op *then = &target->evidence->op[target->kind];

	*now = NULL;
	if (!entry || !roster_entry_is_listed(entry))
		return TARGET_GONE;
	*now = &entry->bdb->op[target->kind];
	if (strcmp(entry->bdb->name, target->evidence->name) != 0)
		return TARGET_RENAMED;
	if (!bdb_is_same(entry->bdb, target->evidence))
		return TARGET_RECREATED;
	if (strcmp((*now)->status, then->status) != 0 || strcmp((*now)->reason, then->reason) != 0)
		return TARGET_CHANGED;
	return TARGET_SAME;
}

static void add_new_status(struct text *text, const struct op *now)
{
	char safe[120];

	text_addf(text, "Changed meanwhile: now %s",
		  now->phase == OP_IDLE ? "idle"
					: text_safe(safe, sizeof(safe), now->status, false));
	if (now->reason[0])
		text_addf(text, ", %s", text_safe(safe, sizeof(safe), now->reason, false));
	text_add(text, ".");
}

bool question_format_change(const struct cluster *cluster, const struct reset_target *target,
			    char *out, size_t size)
{
	const struct op *now;
	char id[32], safe[120];
	struct text text;

	text_init(&text, out, size);
	snprintf(id, sizeof(id), "db:%lld", (long long)target->id.uid);
	switch (question_target_change(cluster, target, &now)) {
	case TARGET_GONE:
		text_addf(&text, "%s is no longer listed.", id);
		break;
	case TARGET_RENAMED:
		text_safe(safe, sizeof(safe),
			  roster_find(cluster_roster(cluster), target->id.uid)->bdb->name, false);
		text_addf(&text, "%s is named %s now.", id, safe);
		break;
	case TARGET_RECREATED:
		text_addf(&text, "%s is another database now: it was recreated.", id);
		break;
	case TARGET_CHANGED:
		add_new_status(&text, now);
		break;
	case TARGET_SAME:
		break;
	}
	return text.length > 0;
}
