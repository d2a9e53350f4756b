/*
 * Trust and log-in: what the source asks of the user, what it was refused, and what the answers do.
 */
#include "cluster_internal.h"

#include "bdbtop/core/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void asks_asked(void *arg, const struct source_prompt *ask, int64_t now_ms)
{
	struct cluster *c = arg;
	struct cluster_face *face = &c->face;

	if (ask->kind == PROMPT_LOGIN && ask->login_refusals > face->refusals)
		face->refusals = ask->login_refusals;
	if (ask->kind == PROMPT_TRUST) {
		face->link = LINK_UNTRUSTED;
		face->cut = cluster_moment(c, now_ms);
		err_set(&face->trouble, ERR_ASK_USER, "%s", ask->problem);
	} else if (!ask->login_refusals) {
		face->link = LINK_SIGNED_OUT;
	}
	face->polling = false;
	face->trying = false;
	cluster_seen(c);
	/* nobody can type it: the sentence of the refusal is all there is */
	if (ask->kind == PROMPT_LOGIN && !c->setup.login)
		return;
	/* one that is being typed goes on, with the new count */
	if (face->asking != ASKING_NOW || ask->kind != PROMPT_LOGIN ||
	    face->ask.kind != PROMPT_LOGIN)
		face->ask_no++;
	face->ask = *ask;
	face->asking = ASKING_NOW;
}

void asks_changed(void *arg, const struct source_pin *pinned,
		  const struct source_certificate *offered, int64_t now_ms)
{
	struct cluster *c = arg;

	(void)now_ms;
	c->face.key_changed = true;
	c->face.pinned = *pinned;
	c->face.offered = *offered;
	c->face.asking = ASKING_NOTHING;
	cluster_seen(c);
}

void asks_pinned(void *arg, const struct source_pin *pin, int64_t now_ms)
{
	struct cluster *c = arg;
	struct moment now = cluster_moment(c, now_ms);
	struct source_pin kept = *pin;
	struct err err;

	/* a source has no wall clock */
	if (!kept.since_s)
		kept.since_s = now.wall_ms / 1000;
	c->face.pinned = kept;
	c->face.unpinned.text[0] = '\0';
	cluster_seen(c);
	if (c->keep && c->keep(c->keep_arg, &kept, &err) < 0) {
		c->face.unpinned = err;
		cluster_tell_link(c, now, err.text);
	} else {
		cluster_tell_link(c, now, "its public key is trusted from now on");
	}
}

/* A question about trust that was put off is not over because the source says why it stopped; one
 * about the log-in stays open, whatever answers are still on their way. */
static bool outlives(const struct cluster_face *face, enum source_refusal refusal)
{
	if (face->asking == ASKING_NOTHING)
		return false;
	if (refusal == REFUSED_LOGIN)
		return face->ask.kind == PROMPT_LOGIN;
	return face->ask.kind == PROMPT_TRUST && face->asking == ASKING_LATER;
}

static void take_refusal(struct cluster *c, const struct source_refused *refused)
{
	struct cluster_face *face = &c->face;

	face->refusals++;
	face->login_refusal = refused->login;
	memcpy(face->login_words, refused->words, sizeof(face->login_words));
	if (c->note)
		c->note(c->note_arg);
}

void asks_refused(void *arg, const struct source_refused *refused, int64_t now_ms)
{
	struct cluster *c = arg;
	struct cluster_face *face = &c->face;
	struct moment now = cluster_moment(c, now_ms);
	bool login = refused->what == REFUSED_LOGIN;
	struct reset_event event = { .kind = EV_REFUSED, .failure = login ? NULL : "trust lost" };

	face->link = login ? LINK_REFUSED : LINK_UNTRUSTED;
	face->trouble = *refused->err;
	face->cut = now;
	face->next_ms = TIME_NEVER;
	face->polling = false;
	face->trying = false;
	if (login)
		take_refusal(c, refused);
	if (!outlives(face, refused->what))
		face->asking = ASKING_NOTHING;
	cluster_tell_link(c, now, refused->err->text);
	tickets_event_all(c, &event, now);
	cluster_seen(c);
}

void asks_over(struct cluster *c, const struct observation *seen)
{
	struct cluster_face *face = &c->face;

	/* what was asked before it was refused proves nothing */
	if (face->link == LINK_UNTRUSTED && seen->requested_ms <= face->cut.ms)
		return;
	if (face->link == LINK_UNTRUSTED)
		face->link = LINK_FRESH;
	face->key_changed = false;
	if (face->ask.kind == PROMPT_TRUST)
		face->asking = ASKING_NOTHING;
}

bool asks_again(struct cluster *c, struct moment now)
{
	if (c->face.asking != ASKING_LATER)
		return false;
	cluster_seen(c);
	if (c->face.ask.kind == PROMPT_LOGIN) {
		c->face.asking = ASKING_NOW;
		c->face.ask_no++;
		return true;
	}
	/* the server is looked at anew before it is asked about again */
	c->face.trying = true;
	return c->ops->request(c->source, TOPIC_LIST, 0, now.ms) == 0;
}

/* The name that was typed is shown from now on. */
static void take_user(struct cluster *c)
{
	char safe[LOGIN_USER * 4], *copy;

	text_safe(safe, sizeof(safe), c->setup.login->user, false);
	copy = strdup(safe);
	if (!copy)
		return;
	free((char *)c->setup.user);
	c->setup.user = copy;
}

static void accept_answer(struct cluster *c, enum prompt_kind what, struct moment now)
{
	struct cluster_face *face = &c->face;

	face->asking = ASKING_NOTHING;
	if (what == PROMPT_LOGIN)
		take_user(c);
	if (what == PROMPT_LOGIN && face->link == LINK_REFUSED) {
		face->trying = true;
		return;
	}
	face->link = face->listed ? LINK_FRESH : LINK_FIRST;
	if (!face->listed)
		face->started = now;
}

void cluster_answer(struct cluster *c, enum prompt_kind what, bool yes, struct moment now)
{
	struct cluster_face *face = &c->face;

	if (face->asking != ASKING_NOW || face->ask.kind != what || !c->ops || !c->ops->answer)
		return;
	if (yes)
		accept_answer(c, what, now);
	else
		face->asking = ASKING_LATER;
	/* a log-in that is put off is no answer: the source goes on waiting for one */
	if (yes || what == PROMPT_TRUST)
		c->ops->answer(c->source, what, yes, now.ms);
	cluster_seen(c);
}

void cluster_keep_pin(struct cluster *c, cluster_keep_fn *keep, void *arg)
{
	c->keep = keep;
	c->keep_arg = arg;
}

void cluster_note_refusal(struct cluster *c, cluster_refusal_fn *note, void *arg)
{
	c->note = note;
	c->note_arg = arg;
}

void asks_logged_in(void *arg, int64_t now_ms)
{
	struct cluster *c = arg;

	cluster_logged_in(c, cluster_moment(c, now_ms));
}

void cluster_logged_in(struct cluster *c, struct moment now)
{
	struct reset_event event = { .kind = EV_LOGGED_IN };
	struct cluster_face *face = &c->face;

	/* while it was tried the link may have been cut: what is held waits all the same */
	if (face->link != LINK_REFUSED && !face->trying)
		return;
	if (face->link == LINK_REFUSED)
		face->link = face->listed ? LINK_FRESH : LINK_FIRST;
	face->trying = false;
	if (face->ask.kind == PROMPT_LOGIN)
		face->asking = ASKING_NOTHING;
	cluster_tell_link(c, now, "logged in again");
	tickets_event_all(c, &event, now);
	cluster_seen(c);
}
