/*
 * What comes of a PUT.  It was sent once, on a connection of its own; nothing here sends it again.
 */
#include "src/live/live-private.h"

#include <stdio.h>

#include "bdbtop/net/address.h"
#include "bdbtop/wire/error_wire.h"

static const char *const whys[] = {
	[HTTP_NO_ADDRESS] = "no address found",
	[HTTP_NO_CONNECT] = "no connection",
	[HTTP_NO_TRUST] = "certificate not trusted",
	[HTTP_NO_TLS] = "no TLS connection",
	[HTTP_CUT] = "connection ended without a whole answer",
	[HTTP_TOO_LONG] = "answer too long",
	[HTTP_HELD] = "stopped: log-in refused",
	[HTTP_OTHER] = "no HTTP answer",
};

static void write_why(char *out, size_t size, const struct http_reply *reply)
{
	char span[TIME_TEXT];

	if (reply->end == HTTP_LATE) {
		time_span(span, (reply->ended_ms - reply->started_ms) / 1000);
		snprintf(out, size, "no answer after %s", span);
	} else {
		snprintf(out, size, "%s", whys[reply->end]);
	}
}

void sender_done(const struct job *job, const struct http_reply *reply)
{
	struct live *live = job->live;
	struct reset_answer answer = { .whole = reply->end == HTTP_WHOLE,
				       .got_ms = reply->ended_ms,
				       .took_ms = reply->ended_ms - reply->started_ms };

	/* half an answer is none, but a 401 stops everything as soon as it is seen */
	if (answer.whole || reply->status == 401)
		answer.status = reply->status;
	if (!answer.status) {
		answer.unsent = !reply->sent;
		write_why(answer.why, sizeof(answer.why), reply);
	} else if (answer.status != 200) {
		error_words(answer.words, sizeof(answer.words), reply->body, reply->length);
	}
	if (answer.status / 100 == 3)
		address_target(answer.where, sizeof(answer.where), reply->location);
	live->sink.answered(live->arg, job->ticket, &answer, reply->ended_ms);
}

void sender_dropped(const struct job *job, int64_t now_ms)
{
	struct reset_answer answer = { .unsent = true,
				       .got_ms = now_ms,
				       .took_ms = now_ms - job->asked_ms,
				       .why = "stopped: log-in refused" };

	job->live->sink.answered(job->live->arg, job->ticket, &answer, now_ms);
}
