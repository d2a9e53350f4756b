/*
 * The pause that a cluster, or a gateway before it, asks for with 429 or 503 and Retry-After.
 *
 * 429 is about everything that this console sends, and so is a 503 to a read of databases: until
 * the pause is over nothing leaves.  A 503 to one page of facts is about that page alone, and who
 * asked for it waits.  What a PUT is answered begins no pause: the reads after it find out what
 * became of it, and are told themselves when they come too often.
 */
#include "rest_internal.h"

int64_t hold_end(const struct http_reply *reply)
{
	int64_t wait_s = reply->retry_s < HOLD_MOST_S ? reply->retry_s : HOLD_MOST_S;

	if (reply->result != HTTP_COMPLETE || (reply->status != 429 && reply->status != 503) ||
	    !wait_s)
		return 0;
	return reply->ended_ms + wait_s * 1000;
}

void hold_begin(struct rest *rest, const struct request *request, const struct http_reply *reply)
{
	const struct request_def *def = &request_defs[request->kind];
	int64_t end_ms = hold_end(reply);

	if (!end_ms || def->acts || (def->data_format && reply->status != 429) ||
	    end_ms <= rest->hold.until_ms)
		return;
	rest->hold.until_ms = end_ms;
	rest->hold.status = reply->status;
	request_error(request, reply, &rest->hold.why);
}

void hold_turn(struct rest *rest, int64_t now_ms)
{
	if (rest->hold.until_ms <= now_ms)
		rest->hold.until_ms = HOLD_NONE;
}
