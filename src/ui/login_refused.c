/*
 * In place of the summary: the log-in was refused, and when the account may be locked.
 */
#include <stdio.h>

#include "bdbtop/ui/draw_context.h"

#define INDENT 3
#define LINE_SIZE 320

#define LOCKOUT_TRIES 5 /* refusals that lock the account by default */

void login_refused_format_count(const struct cluster_status *status, char *out, size_t size)
{
	unsigned used = status->login_refusals;

	*out = '\0';
	/* for another reason the number of tries does not matter */
	if (status->login_refusal != LOGIN_REFUSED)
		return;
	if (used >= LOCKOUT_TRIES)
		snprintf(out, size, "%u attempts were made from here: the account may be locked "
				    "now.",
			 used);
	else if (used)
		snprintf(out, size, "%u %s used from here, so at most %u %s left.", used,
			 used == 1 ? "was" : "were", LOCKOUT_TRIES - used,
			 LOCKOUT_TRIES - used == 1 ? "is" : "are");
}

void login_refused_format_message(const struct cluster_status *status, char *out, size_t size)
{
	*out = '\0';
	if (status->login_words[0])
		snprintf(out, size, "The cluster says: %s", status->login_words);
}

const char *login_refused_remedy(const struct cluster_status *status)
{
	const char *remedy = login_refusal_remedy(status->login_refusal);

	return *remedy ? remedy : LOGIN_LOCKOUT_TRIES;
}

void login_refused_fill(const struct draw_context *context, struct text_flow *flow)
{
	const struct cluster_status *status = context->status;
	bool asked = status->prompt_state != PROMPT_NONE;
	const char *next_step = status->login_refusal == LOGIN_CERTIFICATE
					? "F5 tries the certificate again."
					: "q quits; start again with the right user and password.";
	char line[LINE_SIZE];

	snprintf(line, sizeof(line), "Log-in refused (401)%s%s. Nothing %s.",
		 context->setup->user[0] ? " for " : "", context->setup->user,
		 asked ? "is sent until you answer" : "more is sent");
	flow_add_text(flow, 1, STYLE_QUESTION, line);
	login_refused_format_message(status, line, sizeof(line));
	flow_add_text(flow, INDENT, STYLE_TEXT, line);
	flow_add_text(flow, INDENT, STYLE_TEXT, login_refused_remedy(status));
	login_refused_format_count(status, line, sizeof(line));
	flow_add_text(flow, INDENT, STYLE_TEXT, line);
	flow_add_text(flow, INDENT, STYLE_TEXT,
		      asked ? "enter or F5 asks for the password again." : next_step);
}
