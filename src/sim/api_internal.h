/*
 * api_internal.h - what the files of sim/api share.
 */
#ifndef BDBTOP_SIM_API_INTERNAL_H
#define BDBTOP_SIM_API_INTERNAL_H

#include "api.h"

/* One request and its reply. */
struct sim_call {
	struct sim_api *api;
	const struct sim_request *request;
	const struct sim_user *user;
	int64_t uid;
	const char *action;		/* the last segment of the path */
	struct sim_reply *reply;
};

enum sim_error_kind {
	BAD_LOGIN, BAD_ROLE, NO_BDB, NO_PATH, BAD_METHOD, NO_CAPABILITY, BUSY, NO_ALERT, NO_ACTION,
	BAD_QUERY, DENIED,
};

/* Complete the reply: with an error, or with 200 and the body that was written. */
void sim_call_fail(struct sim_call *, enum sim_error_kind);
void sim_call_succeed(struct sim_call *);

/* The handlers for event log, alerts, actions and shards. */
void sim_call_logs(struct sim_call *);
void sim_call_alerts(struct sim_call *);
void sim_call_alerts_of(struct sim_call *);
void sim_call_alert(struct sim_call *);
void sim_call_actions(struct sim_call *);
void sim_call_action(struct sim_call *);
void sim_call_changes(struct sim_call *);
void sim_call_change(struct sim_call *);
void sim_call_changes_of(struct sim_call *);
void sim_call_shards(struct sim_call *);
void sim_call_shards_of(struct sim_call *);

#endif
