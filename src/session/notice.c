/*
 * The notice: the reply to a key or an event, else the summary of an absence.
 */
#include "session_internal.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "bdbtop/core/text.h"
#include "bdbtop/session/row.h"

void session_set_notice(struct session *s, const char *notice)
{
	snprintf(s->view.notice, sizeof(s->view.notice), "%s", notice);
	s->notice_is_obstacle = s->notice_is_copy = false;
	s->notice_is_filter = s->notice_is_brief = false;
	session_mark_changed(s);
}

void session_set_brief_notice(struct session *s, const char *notice)
{
	session_set_notice(s, notice);
	s->notice_is_brief = true;
}

void session_add_notice(struct session *s, const char *text)
{
	struct text both;

	text_init(&both, s->view.notice, sizeof(s->view.notice));
	both.length = strlen(s->view.notice);
	text_addf(&both, "%s%s", both.length ? "  " : "", text);
	session_mark_changed(s);
}

const char *session_obstacle_text(const struct cluster *cluster, enum reset_obstacle obstacle)
{
	if (obstacle == OBSTACLE_LOGIN_REFUSED && cluster_status(cluster)->conn == CONN_UNTRUSTED)
		return "no reset: not trusted";
	return obstacle >= OBSTACLE_DISCONNECTED ? row_note_text(obstacle, ROW_FULL) : "";
}

void session_set_obstacle_notice(struct session *s, struct bdb_id id, enum op_kind kind,
				 enum reset_obstacle obstacle)
{
	session_set_notice(s, session_obstacle_text(fleet_at(s->fleet, id.cluster), obstacle));
	s->notice_is_obstacle = true;
	s->notice_id = id;
	s->notice_kind = kind;
	s->notice_obstacle = obstacle;
}

void session_review_notice(struct session *s)
{
	const struct cluster *cluster;

	if (!s->notice_is_obstacle)
		return;
	cluster = fleet_at(s->fleet, s->notice_id.cluster);
	if (cluster_obstacle(cluster, s->notice_id.uid, s->notice_kind) != s->notice_obstacle)
		session_set_notice(s, "");
}

/* The sums of bulks take its place. */
static bool shows_absence(const struct session *s)
{
	return session_has_absence_summary(s) && !session_sum_count(s);
}

bool session_may_drop_notice(const struct session *s)
{
	return s->view.notice[0] || session_may_dismiss_sums(s) || shows_absence(s);
}

bool session_drop_notice(struct session *s)
{
	if (!session_may_drop_notice(s))
		return false;
	if (s->view.notice[0])
		session_set_notice(s, "");
	else if (!session_dismiss_sums(s))
		session_clear_absence(s);
	session_mark_changed(s);
	return true;
}

/* How long the reply to an unknown key is shown. */
#define UNKNOWN_KEY_MS 2000

void session_set_unknown_key(struct session *s, int key, struct moment now)
{
	s->view.unknown_key = key;
	s->unknown_until_ms = now.ms + UNKNOWN_KEY_MS;
	session_mark_changed(s);
}

void session_clear_unknown_key(struct session *s)
{
	if (!s->view.unknown_key)
		return;
	s->view.unknown_key = 0;
	session_mark_changed(s);
}

void session_review_unknown_key(struct session *s, struct moment now)
{
	if (now.ms >= s->unknown_until_ms)
		session_clear_unknown_key(s);
}

void session_add_part(struct notice_part *out, size_t *count, enum style style, const char *fmt,
		      ...)
{
	struct notice_part *part = &out[(*count)++];
	va_list ap;

	*part = (struct notice_part){ .style = style };
	va_start(ap, fmt);
	vsnprintf(part->text, sizeof(part->text), fmt, ap);
	va_end(ap);
}

void session_add_key(struct notice_part *out, size_t *count, const char *before, const char *key,
		     const char *after)
{
	session_add_part(out, count, STYLE_TEXT, "%s", before);
	session_add_part(out, count, STYLE_KEY, "%s", key);
	if (*after)
		session_add_part(out, count, STYLE_TEXT, "%s", after);
}

size_t session_notice_parts(const struct session *s, unsigned form,
			    struct notice_part out[NOTICE_PARTS])
{
	size_t count = session_canary_parts(s, form, out);

	if (count || !shows_absence(s))
		return count;
	return session_absence_parts(s, form, out);
}
