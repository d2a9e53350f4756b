/*
 * The pause that a cluster, or a gateway before it, asks for with 429 or 503 and Retry-After.
 *
 * A 429 concerns everything that this console sends, and so does a 503 to a read of databases:
 * nothing is sent until the pause is over.  A 503 to a request for other data concerns that data
 * alone, and fleet waits.  The answer to a PUT begins no pause: the reads after it show its effect,
 * and get a 429 themselves when they come too often.
 */
#include "rest_internal.h"

int64_t retry_after_end(const struct http_reply *reply)
{
	int64_t wait_s = reply->retry_s < RETRY_AFTER_MAX_S ? reply->retry_s : RETRY_AFTER_MAX_S;

	if ((complete_status(reply) != 429 && complete_status(reply) != 503) || !wait_s)
		return 0;
	return reply->ended_ms + wait_s * 1000;
}

void retry_after_begin(struct rest *rest, const struct request *request,
		       const struct http_reply *reply)
{
	const struct request_def *def = request->def;
	int64_t end_ms = retry_after_end(reply);

	if (!end_ms || def->for_put || (def->data_format && reply->status != 429) ||
	    end_ms <= rest->retry_after.until_ms)
		return;
	rest->retry_after.until_ms = end_ms;
	rest->retry_after.status = reply->status;
	request_error(request, reply, &rest->retry_after.error);
}

void retry_after_turn(struct rest *rest, int64_t now_ms)
{
	if (rest->retry_after.until_ms <= now_ms)
		rest->retry_after.until_ms = RETRY_AFTER_NONE;
}
