/*
 * Replies with cluster data, all at once and in pieces.
 */
#include "tests/fuzz/fuzz.h"

#include "bdbtop/json/data_formats.h"

/* --- all that is in a reply, as text --------------------------------------------------------- */

static void print_word_list(FILE *out, const char *word)
{
	for (; *word; word = bdb_info_next(word))
		fprintf(out, " [%s]", word);
}

static void print_events(FILE *out, const struct cluster_data *data)
{
	size_t i;

	for (i = 0; i < data->event_count; i++) {
		const struct event *e = &data->events[i];

		FUZZ_CHECK(!i || data->events[i - 1].time_s >= e->time_s);
		fprintf(out, "event %lld %lld %zu %d %d [%s] [%s] [%s]\n", (long long)e->time_s,
			(long long)e->uid, e->position, (int)e->class,
			e->class == EVENT_OTHER ? 0 : (int)e->kind, e->type, e->severity, e->text);
	}
}

static void print_alerts(FILE *out, const struct cluster_data *data)
{
	size_t i;

	for (i = 0; i < data->alert_count; i++) {
		const struct alert *a = &data->alerts[i];

		fprintf(out, "alert %lld %lld %d %d [%s] [%s] [%s]\n", (long long)a->uid,
			(long long)a->since_s, a->enabled, a->on, a->name, a->threshold,
			a->severity);
	}
}

static void print_actions(FILE *out, const struct cluster_data *data)
{
	size_t i, k;

	for (i = 0; i < data->action_count; i++) {
		const struct action *a = &data->actions[i];

		FUZZ_CHECK(*a->id || *a->name);
		FUZZ_CHECK(a->percent >= -1 && a->percent <= 100);
		fprintf(out, "action %lld %lld %g %d [%s] [%s] [%s] [%s]\n", (long long)a->uid,
			(long long)a->created_s, a->percent, a->running, a->id, a->name, a->type,
			a->status);
		for (k = 0; k < a->op_count; k++)
			fprintf(out, "op %lld %lld %g\n", (long long)a->ops[k].shard,
				(long long)a->ops[k].heartbeat_s, a->ops[k].percent);
	}
}

static void print_shards(FILE *out, const struct cluster_data *data)
{
	size_t i;

	for (i = 0; i < data->shard_count; i++) {
		const struct shard *s = &data->shards[i];

		FUZZ_CHECK(s->uid > 0 && s->backup_percent <= 100 && s->loading_percent <= 100);
		fprintf(out, "shard %lld %lld %lld %g %g [%s]\n", (long long)s->uid,
			(long long)s->bdb, (long long)s->node, s->backup_percent,
			s->loading_percent, s->status);
	}
}

static void print_infos(FILE *out, const struct cluster_data *data)
{
	size_t i;

	for (i = 0; i < data->bdb_info_count; i++) {
		const struct bdb_info *b = &data->bdb_infos[i];

		FUZZ_CHECK(b->uid > 0);
		fprintf(out, "info %lld %lld %lld [%s] [%s]", (long long)b->uid,
			(long long)b->shards_count, (long long)b->memory_size, b->version,
			b->redis_version);
		print_word_list(out, b->modules);
		fputs(" tags", out);
		print_word_list(out, b->tags);
		fputc('\n', out);
	}
	for (i = 0; i < data->node_count; i++)
		fprintf(out, "node %lld [%s]\n", (long long)data->nodes[i].uid,
			data->nodes[i].version);
}

static char *print_data(const struct cluster_data *data, const struct err *err)
{
	size_t length;
	char *text;
	FILE *out = open_memstream(&text, &length);

	FUZZ_CHECK(out);
	if (data) {
		print_events(out, data);
		print_alerts(out, data);
		print_actions(out, data);
		print_shards(out, data);
		print_infos(out, data);
		fprintf(out, "%zu unreadable%s\n", data->unreadable,
			data->truncated ? ", truncated" : "");
	} else {
		fuzz_check_safe(err->text, sizeof(err->text));
		FUZZ_CHECK(*err->text);
		fputs(err->text, out);
	}
	FUZZ_CHECK(!fclose(out));
	return text;
}

/* --- the targets ----------------------------------------------------------------------------- */

struct data_reply {
	const struct data_format *format;
	int64_t uid;
	const uint8_t *bytes;
	size_t length;
};

static char *read_reply(const struct data_reply *reply, int round)
{
	struct data_reader *reader = data_reader_new(reply->format, reply->uid, 3);
	struct fuzz_cuts cuts = fuzz_cuts(reply->bytes, reply->length, round);
	struct err err = { .text = "" };
	const struct cluster_data *data;
	size_t at, piece;
	char *copy;

	FUZZ_CHECK(reader);
	for (at = 0; at < reply->length; at += piece) {
		piece = fuzz_cut(&cuts, reply->length - at);
		copy = malloc(piece);
		FUZZ_CHECK(copy);
		memcpy(copy, reply->bytes + at, piece);
		data_reader_feed(reader, copy, piece, &err);
		free(copy);
	}
	data = data_reader_end(reader, &err);
	copy = print_data(data, &err);
	data_reader_free(reader);
	return copy;
}

static int check_reply(const struct data_reply *reply)
{
	char *whole = read_reply(reply, 0), *pieces;
	int round;

	for (round = 1; round < FUZZ_ROUNDS; round++) {
		pieces = read_reply(reply, round);
		FUZZ_CHECK(!strcmp(whole, pieces));
		free(pieces);
	}
	free(whole);
	return 0;
}

/* About all databases, and about one. */
static int check_replies(const struct data_format *format, const uint8_t *bytes, size_t length)
{
	struct data_reply reply = { .format = format, .bytes = bytes, .length = length };

	check_reply(&reply);
	reply.uid = 12;
	return check_reply(&reply);
}

int fuzz_action(const uint8_t *bytes, size_t length)
{
	return check_replies(&action_format, bytes, length);
}

int fuzz_alert(const uint8_t *bytes, size_t length)
{
	return check_replies(&alert_format, bytes, length);
}

int fuzz_bdb_info(const uint8_t *bytes, size_t length)
{
	return check_replies(&bdb_info_format, bytes, length);
}

int fuzz_bdb_info_one(const uint8_t *bytes, size_t length)
{
	return check_replies(&bdb_info_one_format, bytes, length);
}

int fuzz_event(const uint8_t *bytes, size_t length)
{
	return check_replies(&event_format, bytes, length);
}

int fuzz_node(const uint8_t *bytes, size_t length)
{
	return check_replies(&node_format, bytes, length);
}

int fuzz_shard(const uint8_t *bytes, size_t length)
{
	return check_replies(&shard_format, bytes, length);
}
