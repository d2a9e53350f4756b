#include "bdbtop/session/log.h"

#include "bdbtop/core/text.h"

#include <stdlib.h>

/* A ring: lines come at `next`, the oldest is written over. */
struct log {
	struct log_line line[LOG_LINES];
	size_t next, count;
};

struct log *log_new(void)
{
	return calloc(1, sizeof(struct log));
}

void log_free(struct log *log)
{
	free(log);
}

void log_add(struct log *log, const struct cluster_event *event)
{
	struct log_line *line = &log->line[log->next];

	*line = (struct log_line){ .what = event->what,
				   .at = event->at,
				   .cluster = event->cluster,
				   .ticket = event->ticket,
				   .uid = event->uid,
				   .kind = event->kind,
				   .answer = event->answer,
				   .status = event->status,
				   .took_ms = event->took_ms,
				   .asked = event->asked };
	text_safe(line->name, sizeof(line->name), event->name ? event->name : "", false);
	text_safe(line->outcome, sizeof(line->outcome), event->outcome ? event->outcome : "",
		  false);
	text_safe(line->words, sizeof(line->words), event->words ? event->words : "", false);
	log->next = (log->next + 1) % LOG_LINES;
	if (log->count < LOG_LINES)
		log->count++;
}

size_t log_count(const struct log *log)
{
	return log->count;
}

const struct log_line *log_at(const struct log *log, size_t index)
{
	return &log->line[(log->next + LOG_LINES - 1 - index) % LOG_LINES];
}
