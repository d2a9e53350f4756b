/*
 * Trust and log-in: prompts of the source, refusals, and the user's answers.
 */
#include "cluster_internal.h"

#include <stdlib.h>
#include <string.h>

#include "bdbtop/core/text.h"

void auth_on_prompt(void *arg, const struct source_prompt *prompt, int64_t now_ms)
{
	struct cluster *c = arg;
	struct cluster_status *status = &c->status;

	if (prompt->kind == PROMPT_LOGIN && prompt->login_refusals > status->login_refusals)
		status->login_refusals = prompt->login_refusals;
	if (prompt->kind == PROMPT_TRUST) {
		status->conn = CONN_UNTRUSTED;
		status->down_since = cluster_moment(c, now_ms);
		err_set_code(&status->error, ERR_CODE_TLS_UNTRUSTED, ERR_ASK_USER, "%s",
			     prompt->problem);
	} else if (!prompt->login_refusals && status->conn != CONN_LOGIN_REFUSED) {
		status->conn = CONN_NO_LOGIN;
	}
	status->polling = false;
	status->reconnecting = false;
	cluster_mark_changed(c);
	/* without a way to type a log-in the error text of the refusal is shown instead */
	if (prompt->kind == PROMPT_LOGIN && !c->setup.login_input)
		return;
	/* a log-in that is being typed stays, with the new count */
	if (status->prompt_state != PROMPT_NOW || prompt->kind != PROMPT_LOGIN ||
	    status->prompt.kind != PROMPT_LOGIN)
		status->prompt_id++;
	status->prompt = *prompt;
	status->prompt_state = PROMPT_NOW;
}

void auth_on_key_changed(void *arg, const struct source_pin *pinned,
			 const struct source_certificate *offered, int64_t now_ms)
{
	struct cluster *c = arg;

	(void)now_ms;
	c->status.key_changed = true;
	c->status.pinned = *pinned;
	c->status.offered = *offered;
	c->status.prompt_state = PROMPT_NONE;
	cluster_mark_changed(c);
}

void auth_on_pinned(void *arg, const struct source_pin *pin, int64_t now_ms)
{
	struct cluster *c = arg;
	struct moment now = cluster_moment(c, now_ms);
	struct source_pin saved = *pin;
	struct err err;

	/* a source has no wall clock */
	if (!saved.since_s)
		saved.since_s = now.wall_ms / 1000;
	c->status.pinned = saved;
	c->status.pin_error.text[0] = '\0';
	cluster_mark_changed(c);
	if (c->setup.save_pin && c->setup.save_pin(c->setup.save_pin_arg, &saved, &err) < 0) {
		c->status.pin_error = err;
		cluster_notify_connection(c, now, err.text);
	} else {
		cluster_notify_connection(c, now, "its public key is trusted from now on");
	}
}

/* A postponed trust prompt stays when the source reports why it stopped; a log-in prompt stays when
 * late replies to other requests are refused too. */
static bool prompt_is_needed(const struct cluster_status *status, enum source_refusal refusal)
{
	if (status->prompt_state == PROMPT_NONE)
		return false;
	if (refusal == REFUSED_LOGIN)
		return status->prompt.kind == PROMPT_LOGIN;
	return status->prompt.kind == PROMPT_TRUST && status->prompt_state == PROMPT_LATER;
}

static void record_refusal(struct cluster *c, const struct source_refused *refused)
{
	struct cluster_status *status = &c->status;

	/* only a password counts towards a lock-out */
	bool counts = refused->login != LOGIN_TOKEN && refused->login != LOGIN_CERTIFICATE;

	status->login_refusals += counts;
	status->login_refusal = refused->login;
	memcpy(status->login_words, refused->words, sizeof(status->login_words));
	if (counts && c->setup.on_login_refused)
		c->setup.on_login_refused(c->setup.on_login_refused_arg);
}

void auth_on_refused(void *arg, const struct source_refused *refused, int64_t now_ms)
{
	struct cluster *c = arg;
	struct cluster_status *status = &c->status;
	struct moment now = cluster_moment(c, now_ms);
	bool login = refused->what == REFUSED_LOGIN;
	struct reset_event event = { .kind = EV_REFUSED, .failure = login ? NULL : "trust lost" };

	status->conn = login ? CONN_LOGIN_REFUSED : CONN_UNTRUSTED;
	status->error = *refused->err;
	status->down_since = now;
	status->retry_ms = TIME_NEVER;
	status->polling = false;
	status->reconnecting = false;
	c->trust_lost |= !login;
	if (login)
		record_refusal(c, refused);
	else
		c->trust_lost_ms = now_ms;
	if (!prompt_is_needed(status, refused->what))
		status->prompt_state = PROMPT_NONE;
	cluster_notify_connection(c, now, refused->err->text);
	reset_run_apply_all(c, &event, now);
	cluster_mark_changed(c);
}

/* The server is trusted again: reads that wait for that go on, as after a new log-in. */
static void on_trusted(struct cluster *c, struct moment now)
{
	const struct reset_event event = { .kind = EV_LOGGED_IN };

	c->trust_lost = false;
	reset_run_apply_all(c, &event, now);
}

void auth_on_list(struct cluster *c, const struct observation *observation, struct moment now)
{
	struct cluster_status *status = &c->status;

	/* a list that was requested before the refusal does not restore trust */
	if (status->conn == CONN_UNTRUSTED && observation->requested_ms <= status->down_since.ms)
		return;
	if (status->conn == CONN_UNTRUSTED)
		status->conn = CONN_OK;
	status->key_changed = false;
	if (status->prompt.kind == PROMPT_TRUST)
		status->prompt_state = PROMPT_NONE;
	/* a refused log-in holds them too, and a list from before it does not end that */
	if (c->trust_lost && observation->requested_ms > c->trust_lost_ms &&
	    status->conn != CONN_LOGIN_REFUSED)
		on_trusted(c, now);
}

bool auth_prompt_again(struct cluster *c, struct moment now)
{
	if (c->status.prompt_state != PROMPT_LATER)
		return false;
	cluster_mark_changed(c);
	if (c->status.prompt.kind == PROMPT_LOGIN) {
		c->status.prompt_state = PROMPT_NOW;
		c->status.prompt_id++;
		return true;
	}
	/* the certificate is fetched again before the prompt is shown again */
	c->status.reconnecting = true;
	return c->ops->request(c->source, TOPIC_LIST, 0, now.ms) == 0;
}

/* The screen shows the typed name from now on. */
static void copy_user(struct cluster *c)
{
	char safe[LOGIN_USER * 4], *copy;

	text_safe(safe, sizeof(safe), c->setup.login_input->user, false);
	copy = strdup(safe);
	if (!copy)
		return;
	free((char *)c->setup.user);
	c->setup.user = copy;
}

static void accept_answer(struct cluster *c, enum prompt_kind kind, struct moment now)
{
	struct cluster_status *status = &c->status;

	status->prompt_state = PROMPT_NONE;
	if (kind == PROMPT_LOGIN)
		copy_user(c);
	if (kind == PROMPT_LOGIN && status->conn == CONN_LOGIN_REFUSED) {
		status->reconnecting = true;
		return;
	}
	status->conn = status->has_list ? CONN_OK : CONN_CONNECTING;
	if (!status->has_list)
		status->started_at = now;
}

void cluster_answer(struct cluster *c, enum prompt_kind kind, bool yes, struct moment now)
{
	struct cluster_status *status = &c->status;

	if (status->prompt_state != PROMPT_NOW || status->prompt.kind != kind || !c->ops ||
	    !c->ops->answer)
		return;
	if (yes)
		accept_answer(c, kind, now);
	else
		status->prompt_state = PROMPT_LATER;
	/* a postponed log-in is not answered: the source keeps waiting for it */
	if (yes || kind == PROMPT_TRUST)
		c->ops->answer(c->source, kind, yes, now.ms);
	cluster_mark_changed(c);
}

void auth_on_login(void *arg, int64_t now_ms)
{
	struct cluster *c = arg;
	struct moment now = cluster_moment(c, now_ms);
	struct reset_event event = { .kind = EV_LOGGED_IN };
	struct cluster_status *status = &c->status;

	/* the connection may have failed while the log-in was tried: stopped reads still wait */
	if (status->conn != CONN_LOGIN_REFUSED && !status->reconnecting)
		return;
	if (status->conn == CONN_LOGIN_REFUSED)
		status->conn = status->has_list ? CONN_OK : CONN_CONNECTING;
	status->reconnecting = false;
	if (status->prompt.kind == PROMPT_LOGIN)
		status->prompt_state = PROMPT_NONE;
	cluster_notify_connection(c, now, "logged in again");
	reset_run_apply_all(c, &event, now);
	cluster_mark_changed(c);
}
