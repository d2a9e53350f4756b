#include "fault_rule.h"

#include <stdlib.h>
#include <string.h>

#include "keyword.h"
#include "memory.h"
#include "time.h"

enum { FAULT_PATH_MAX = 512 };

/* The parser of one line. */
struct fault_rule_reader {
	const char *rest;
	struct sim_fault fault;
	char method[16], prefix[FAULT_PATH_MAX];
};

static bool next(struct fault_rule_reader *r, char *word, size_t size)
{
	return sim_keyword_next(&r->rest, word, size);
}

static bool next_number(struct fault_rule_reader *r, int64_t min, int64_t max, int64_t *value)
{
	char word[24];

	return next(r, word, sizeof(word)) && sim_keyword_number(word, min, max, value);
}

/* If the next word is NAME=VALUE, copy VALUE and move past it. */
static bool next_header(struct fault_rule_reader *r, const char *name, char *value, size_t size)
{
	const char *rest = r->rest;
	size_t length = strlen(name);
	char word[80];

	if (!sim_keyword_next(&rest, word, sizeof(word)) || strncmp(word, name, length) != 0 ||
	    word[length] != '=' || strlen(word + length + 1) >= size)
		return false;
	strcpy(value, word + length + 1);
	r->rest = rest;
	return true;
}

static bool read_headers(struct fault_rule_reader *r)
{
	char value[80];

	if (next_header(r, "allow", value, sizeof(value)))
		r->fault.allow = sim_memory_copy(value);
	r->fault.retry_is_date = next_header(r, "retry-date", value, sizeof(value));
	if (!r->fault.retry_is_date && !next_header(r, "retry-after", value, sizeof(value)))
		return true;
	return sim_keyword_number(value, 1, INT32_MAX, &r->fault.retry_s);
}

static bool read_answer(struct fault_rule_reader *r)
{
	int64_t status;

	if (!next_number(r, 200, 599, &status) || !read_headers(r))
		return false;
	r->fault.status = (unsigned)status;
	r->fault.body = sim_memory_copy(r->rest);
	return true;
}

static bool read_delay(struct fault_rule_reader *r)
{
	char word[32];

	return next(r, word, sizeof(word)) && sim_duration_parse(word, &r->fault.ms) && !*r->rest;
}

static bool read_cut(struct fault_rule_reader *r)
{
	r->fault.cut_bytes = -1;
	return !*r->rest || (next_number(r, 0, INT32_MAX, &r->fault.cut_bytes) && !*r->rest);
}

static const struct fault_rule_form {
	const char *word;
	enum sim_fault_kind kind;
	bool any_method;		/* METHOD is optional */
	bool (*read)(struct fault_rule_reader *);	/* parses the rest after PREFIX */
	const char *form;
} fault_rule_forms[] = {
	{ "answer", SIM_FAULT_ANSWER, false, read_answer,
	  "answer [times N] METHOD /PREFIX STATUS [allow=METHODS] [retry-after=S|retry-date=S] "
	  "[BODY]" },
	{ "delay", SIM_FAULT_DELAY, true, read_delay,
	  "delay [times N] [METHOD] /PREFIX DURATION" },
	{ "cut", SIM_FAULT_CUT, false, read_cut,
	  "cut, or cut [times N] METHOD /PREFIX [BYTES]" },
};

static const struct fault_rule_form *find_form(const char **line)
{
	char word[16];
	size_t i;

	if (!sim_keyword_next(line, word, sizeof(word)))
		return NULL;
	for (i = 0; i < sizeof(fault_rule_forms) / sizeof(fault_rule_forms[0]); i++)
		if (strcmp(fault_rule_forms[i].word, word) == 0)
			return &fault_rule_forms[i];
	return NULL;
}

bool sim_fault_rule_is_known(const char *line)
{
	return find_form(&line);
}

static bool read_times(struct fault_rule_reader *r)
{
	const char *start = r->rest;
	char word[8];

	r->fault.times = -1;
	if (!next(r, word, sizeof(word)) || strcmp(word, "times") != 0) {
		r->rest = start;
		return true;
	}
	return next_number(r, 1, 1000000, &r->fault.times);
}

static bool read_target(struct fault_rule_reader *r, bool any_method)
{
	strcpy(r->method, "*");
	if ((*r->rest != '/' || !any_method) && !next(r, r->method, sizeof(r->method)))
		return false;
	return next(r, r->prefix, sizeof(r->prefix)) && r->prefix[0] == '/';
}

int sim_fault_rule_run(struct sim_faults *faults, const char *line, struct err *err)
{
	struct fault_rule_reader r = { .rest = line };
	const struct fault_rule_form *form = find_form(&r.rest);
	bool good;

	if (!form) {
		err_set(err, ERR_FINAL, "A fault rule begins with answer, delay or cut.");
		return -1;
	}
	r.fault.kind = form->kind;
	good = read_times(&r) && read_target(&r, form->any_method) && form->read(&r);
	if (good) {
		r.fault.method = r.method;
		r.fault.prefix = r.prefix;
		sim_faults_add(faults, &r.fault);
	} else {
		err_set(err, ERR_FINAL, "Usage: %s.", form->form);
	}
	free(r.fault.body);
	free(r.fault.allow);
	return good ? 0 : -1;
}
