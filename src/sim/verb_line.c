#include "verb_internal.h"

#include <inttypes.h>
#include <string.h>

#include "keyword.h"

int verb_refuse(struct verb_line *line, const char *what, const char *word)
{
	char shown[SIM_KEYWORD_SHOWN_SIZE];

	return err_set(line->err, ERR_FINAL, "\"%s\" %s.", sim_keyword_show(word, shown), what);
}

int verb_usage(struct verb_line *line)
{
	return err_set(line->err, ERR_FINAL, "Usage: %s.", line->verb->usage);
}

/* The rest of a line begins with a parameter; read it and move past it. */

static int read_uid(struct verb_line *line)
{
	struct sim_api *api = line->setup->api;
	char word[24];

	if (!sim_keyword_next(&line->rest, word, sizeof(word)) ||
	    !sim_keyword_number(word, 1, INT64_MAX, &line->uid))
		return err_set(line->err, ERR_FINAL, "\"%s\" needs a UID: %s.", line->verb->name,
			       line->verb->usage);
	if (!api)
		return 0;
	line->bdb = sim_cluster_find(api->cluster, line->uid);
	if (line->bdb)
		return 0;
	return err_set(line->err, ERR_FINAL, "Database %" PRId64 " does not exist.", line->uid);
}

static int read_user(struct verb_line *line)
{
	char name[SIM_VERB_PREFIX_MAX];

	if (!sim_keyword_next(&line->rest, name, sizeof(name)))
		return verb_usage(line);
	line->user = sim_lockout_find(&line->setup->api->lockout, name);
	return line->user ? 0 : err_set(line->err, ERR_FINAL, "This user does not exist.");
}

static int read_kind(struct verb_line *line)
{
	const char *start = line->rest;
	char word[16] = "";

	line->kind = SIM_KINDS;
	if (sim_keyword_next(&line->rest, word, sizeof(word)))
		line->kind = sim_kind_find(word);
	return line->kind < SIM_KINDS ? 0
				      : verb_refuse(line, "is not backup, export or import",
						    *word ? word : start);
}

static int read_duration(struct verb_line *line, char letter)
{
	const char *start = line->rest;
	char word[32] = "";

	if (sim_keyword_next(&line->rest, word, sizeof(word)) &&
	    sim_keyword_duration(word, &line->ms))
		return 0;
	return letter == 'd' ? verb_usage(line)
			     : verb_refuse(line, "is not a duration such as 90s",
					   *word ? word : start);
}

static bool next_number(struct verb_line *line, int64_t min, int64_t max, int64_t *to)
{
	char word[24];

	return sim_keyword_next(&line->rest, word, sizeof(word)) &&
	       sim_keyword_number(word, min, max, to);
}

static bool read_times(struct verb_line *line)
{
	const char *rest = line->rest;
	char word[8];

	if (!sim_keyword_next(&rest, word, sizeof(word)) || strcmp(word, "times") != 0)
		return true;
	line->rest = rest;
	return next_number(line, 1, 1000000, &line->times);
}

static bool read_word(struct verb_line *line, char letter)
{
	switch (letter) {
	case 'm':
		return sim_keyword_next(&line->rest, line->method, sizeof(line->method));
	case 'M':
		return *line->rest == '/' || read_word(line, 'm');
	case 'p':
		return *line->rest == '/' &&
		       sim_keyword_next(&line->rest, line->prefix, sizeof(line->prefix));
	case 'w':
		return sim_keyword_next(&line->rest, line->word, sizeof(line->word));
	default:
		return sim_keyword_next(&line->rest, line->second, sizeof(line->second));
	}
}

static int read_param(struct verb_line *line, char letter)
{
	bool good;

	switch (letter) {
	case 'u':
		return read_uid(line);
	case 'U':
		return read_user(line);
	case 'k':
		return read_kind(line);
	case 'd':
	case 'D':
		return read_duration(line, letter);
	case '.':
		return *line->rest ? verb_refuse(line, "is not expected here", line->rest) : 0;
	case ';':
		good = !*line->rest;
		break;
	case '#':
		good = next_number(line, 0, INT32_MAX, &line->number);
		break;
	case 't':
		good = read_times(line);
		break;
	default:
		good = read_word(line, letter);
	}
	return good ? 0 : verb_usage(line);
}

int verb_read_params(struct verb_line *line)
{
	const char *letter;

	strcpy(line->method, "*");
	line->number = line->times = -1;
	for (letter = line->verb->params; *letter; letter++) {
		if (*letter == '?' && !*line->rest)
			return 0;
		if (*letter != '?' && read_param(line, *letter) < 0)
			return -1;
	}
	return 0;
}
