#include "scenario.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "bdb_spec.h"
#include "builtin.h"
#include "command.h"
#include "fault_rule.h"
#include "generate.h"
#include "keyword.h"
#include "memory.h"
#include "time.h"

enum { SCENARIO_FILE_MAX = 16 << 20 };

/* The parser of one scenario. */
struct scenario_reader {
	struct sim_scenario *out;
	const struct sim_scenario_setup *setup;
	struct sim_defaults defaults;
	int64_t shift_s, total, changes_per_hour;
	struct sim_generate generate;
	const char *location;
	struct json_object *root;
	struct err *err;
};

static int wrong(const struct scenario_reader *r, const char *what, const char *must)
{
	err_set(r->err, ERR_FINAL, "%s: %s %s.", r->location, what, must);
	return -1;
}

static const char *get_string(struct json_object *object, const char *key)
{
	struct json_object *value;

	if (!json_object_is_type(object, json_type_object) ||
	    !json_object_object_get_ex(object, key, &value) ||
	    !json_object_is_type(value, json_type_string))
		return NULL;
	return json_object_get_string(value);
}

static bool get_count(struct json_object *object, const char *key, int64_t max, int64_t *to)
{
	struct json_object *value;

	if (!json_object_object_get_ex(object, key, &value))
		return true;
	if (!json_object_is_type(value, json_type_int) || json_object_get_int64(value) < 0 ||
	    json_object_get_int64(value) > max)
		return false;
	*to = json_object_get_int64(value);
	return true;
}

/* --- keys --- */

static int read_about(struct scenario_reader *r, struct json_object *value)
{
	return json_object_is_type(value, json_type_string)
		? 0 : wrong(r, "\"about\"", "must be text");
}

static int read_now(struct scenario_reader *r, struct json_object *value)
{
	int64_t seconds;

	if (!json_object_is_type(value, json_type_string) ||
	    !sim_time_parse(json_object_get_string(value), &seconds))
		return wrong(r, "\"now\"", "must be a time as in \"2026-11-21T20:14:05Z\"");
	r->shift_s = r->setup->start_ms / 1000 - seconds;
	return 0;
}

static int read_clear_after(struct scenario_reader *r, struct json_object *value)
{
	if (!json_object_is_type(value, json_type_string) ||
	    !sim_duration_parse(json_object_get_string(value), &r->defaults.clear_ms))
		return wrong(r, "\"clear_after\"", "must be a duration as in \"400ms\"");
	return 0;
}

static int read_ambient(struct scenario_reader *r, struct json_object *value)
{
	int64_t exports = 0, imports = 0, fail = 0, stall = 0;

	if (!json_object_is_type(value, json_type_object) ||
	    !get_count(value, "exports_per_hour", 1000000, &exports) ||
	    !get_count(value, "imports_per_hour", 1000000, &imports) ||
	    !get_count(value, "changes_per_hour", 3600, &r->changes_per_hour) ||
	    !get_count(value, "fail_percent", 100, &fail) ||
	    !get_count(value, "stall_percent", 100, &stall))
		return wrong(r, "\"ambient\"", "must contain whole numbers of at least 0");
	/* rates of the cluster; spread_ambient_rates() converts them to means of a database */
	r->defaults.mean_ms[SIM_EXPORT] = exports;
	r->defaults.mean_ms[SIM_IMPORT] = imports;
	r->defaults.fail_percent = (int)fail;
	r->defaults.stall_percent = (int)stall;
	return 0;
}

static int read_generate(struct scenario_reader *r, struct json_object *value)
{
	if (!json_object_is_type(value, json_type_object))
		return wrong(r, "\"generate\"", "must be an object");
	if (!get_count(value, "total", 100000, &r->total))
		return wrong(r, "\"total\" of \"generate\"", "must be a number up to 100000");
	json_object_object_get_ex(value, "names", &r->generate.names);
	if (r->generate.names && !json_object_is_type(r->generate.names, json_type_array))
		return wrong(r, "\"names\" of \"generate\"", "must be an array");
	json_object_object_get_ex(value, "groups", &r->generate.groups);
	if (r->generate.groups && !json_object_is_type(r->generate.groups, json_type_array))
		return wrong(r, "\"groups\" of \"generate\"", "must be an array");
	return 0;
}

static int read_redirect(struct scenario_reader *r, struct json_object *value)
{
	const char *to = json_object_get_string(value);

	if (!json_object_is_type(value, json_type_string) || strpbrk(to, "\r\n") ||
	    strncmp(to, "https://", 8) != 0)
		return wrong(r, "\"redirect\"", "must be an address as in "
						"\"https://10.0.0.3:9443\"");
	r->out->redirect = sim_memory_copy(to);
	return 0;
}

static int read_user(struct scenario_reader *r, struct json_object *user)
{
	const char *name = get_string(user, "name"), *role = get_string(user, "role");
	const struct sim_role *found = role ? sim_role_find(role) : NULL;

	if (!name || !*name || strchr(name, ':'))
		return wrong(r, "a user", "needs a \"name\" without a colon");
	if (!found)
		return wrong(r, "a user", "needs a \"role\": admin, cluster_member, "
					  "cluster_viewer, db_member, db_viewer, user_manager or "
					  "none");
	if (!sim_lockout_add(&r->out->lockout, name, get_string(user, "password"), found))
		return wrong(r, "a user", "has the name of another");
	return 0;
}

static int read_module(struct scenario_reader *r, struct json_object *module)
{
	const char *name = get_string(module, "module_name");
	const char *version = get_string(module, "semantic_version");
	struct json_object *capabilities = NULL;

	if (!name || !version ||
	    !json_object_object_get_ex(module, "capabilities", &capabilities) ||
	    !json_object_is_type(capabilities, json_type_array))
		return wrong(r, "a module", "needs \"module_name\", \"semantic_version\" and an "
					    "array \"capabilities\"");
	sim_cluster_add_module(
		r->out->cluster, name, version,
		json_object_to_json_string_ext(capabilities, JSON_C_TO_STRING_PLAIN));
	return 0;
}

static int read_node(struct scenario_reader *r, struct json_object *node)
{
	if (!json_object_is_type(node, json_type_string))
		return wrong(r, "a node", "is given by its address");
	sim_cluster_add_node(r->out->cluster, json_object_get_string(node));
	return 0;
}

static int read_database(struct scenario_reader *r, struct json_object *description)
{
	size_t nth = sim_cluster_count(r->out->cluster);
	struct sim_bdb *bdb;
	char where[160];

	if (r->total >= 0 && (int64_t)nth >= r->total)
		return 0;
	snprintf(where, sizeof(where), "%s: databases[%zu]", r->location, nth);
	bdb = sim_bdb_spec_new(description, r->defaults.seed, r->shift_s, where, r->err);
	if (!bdb)
		return -1;
	bdb->in_scenario = true;
	sim_generate_created_time(bdb, r->setup->start_ms);
	sim_generate_tags(bdb);
	if (sim_cluster_add(r->out->cluster, bdb))
		return 0;
	err_set(r->err, ERR_FINAL, "%s: uid %" PRId64 " is used by two databases.", where,
		bdb->uid);
	sim_bdb_free(bdb);
	return -1;
}

static int read_event(struct scenario_reader *r, struct json_object *event)
{
	const char *line = json_object_get_string(event);
	char word[32], shown[SIM_KEYWORD_SHOWN_SIZE];
	struct err inner;
	int64_t ms;

	if (!json_object_is_type(event, json_type_string) ||
	    !sim_keyword_next(&line, word, sizeof(word)) || !sim_duration_parse(word, &ms))
		return wrong(r, "an event", "is a duration and a line, as in \"12s delete 7\"");
	if (sim_command_check(line, &inner) < 0) {
		err_set(r->err, ERR_FINAL, "%s: event \"%s\": %.140s", r->location,
			sim_keyword_show(line, shown), inner.text);
		return -1;
	}
	sim_cluster_schedule(r->out->cluster, r->setup->start_ms + ms, line);
	return 0;
}

static int read_fault(struct scenario_reader *r, struct json_object *rule)
{
	const char *line = json_object_get_string(rule);
	char shown[SIM_KEYWORD_SHOWN_SIZE];
	struct err inner;

	if (!json_object_is_type(rule, json_type_string))
		return wrong(r, "a fault rule", "is a line, as in \"answer GET /v1/logs 403\"");
	if (sim_fault_rule_run(&r->out->faults, line, &inner) == 0)
		return 0;
	err_set(r->err, ERR_FINAL, "%s: fault rule \"%s\": %.140s", r->location,
		sim_keyword_show(line, shown), inner.text);
	return -1;
}

/* Keys that affect how the others are read come first. */
static const struct scenario_key {
	const char *name;
	int (*value)(struct scenario_reader *, struct json_object *);
	int (*list)(struct scenario_reader *, struct json_object *);	/* called per element */
} keys_before_databases[] = {
	{ "about", read_about, NULL },
	{ "now", read_now, NULL },
	{ "clear_after", read_clear_after, NULL },
	{ "ambient", read_ambient, NULL },
	{ "generate", read_generate, NULL },
	{ "redirect", read_redirect, NULL },
	{ NULL, NULL, NULL },
}, keys_after_databases[] = {
	{ "users", NULL, read_user },
	{ "modules", NULL, read_module },
	{ "nodes", NULL, read_node },
	{ "databases", NULL, read_database },
	{ "events", NULL, read_event },
	{ "faults", NULL, read_fault },
	{ NULL, NULL, NULL },
};

static int read_keys(struct scenario_reader *r, const struct scenario_key *keys)
{
	struct json_object *value;
	char what[40];
	size_t i;

	for (; keys->name; keys++) {
		if (!json_object_object_get_ex(r->root, keys->name, &value))
			continue;
		if (keys->value && keys->value(r, value) < 0)
			return -1;
		if (!keys->list)
			continue;
		snprintf(what, sizeof(what), "\"%s\"", keys->name);
		if (!json_object_is_type(value, json_type_array))
			return wrong(r, what, "must be an array");
		for (i = 0; i < json_object_array_length(value); i++)
			if (keys->list(r, json_object_array_get_idx(value, i)) < 0)
				return -1;
	}
	return 0;
}

static bool is_known_key(const char *name)
{
	const struct scenario_key *tables[] = { keys_before_databases, keys_after_databases }, *key;
	size_t i;

	for (i = 0; i < 2; i++)
		for (key = tables[i]; key->name; key++)
			if (strcmp(key->name, name) == 0)
				return true;
	return false;
}

static int check_keys(const struct scenario_reader *r)
{
	struct json_object_iterator at, end;
	char shown[SIM_KEYWORD_SHOWN_SIZE], what[SIM_KEYWORD_SHOWN_SIZE + 2];

	if (!json_object_is_type(r->root, json_type_object))
		return wrong(r, "a scenario", "must be a JSON object");
	at = json_object_iter_begin(r->root);
	end = json_object_iter_end(r->root);
	for (; !json_object_iter_equal(&at, &end); json_object_iter_next(&at)) {
		const char *name = json_object_iter_peek_name(&at);

		if (!is_known_key(name)) {
			snprintf(what, sizeof(what), "\"%s\"", sim_keyword_show(name, shown));
			return wrong(r, what, "is not a key of a scenario");
		}
	}
	return 0;
}

/* Convert rates per hour of the cluster to mean times of one database. */
static void spread_ambient_rates(struct scenario_reader *r)
{
	const struct json_object *list = json_object_object_get(r->root, "databases");
	int64_t count = r->total;
	int kind;

	if (count < 0)
		count = list && json_object_is_type(list, json_type_array)
			? (int64_t)json_object_array_length(list) : 0;
	for (kind = 0; kind < SIM_KINDS; kind++) {
		int64_t rate = r->defaults.mean_ms[kind];

		r->defaults.mean_ms[kind] = rate ? count * 3600000 / rate : 0;
	}
}

static int read_all(struct scenario_reader *r)
{
	if (check_keys(r) < 0 || read_keys(r, keys_before_databases) < 0)
		return -1;
	if (r->setup->databases >= 0)
		r->total = r->setup->databases;
	spread_ambient_rates(r);
	r->out->cluster = sim_cluster_new(&r->defaults, r->setup->start_ms);
	sim_cluster_set_line_handler(r->out->cluster, sim_command_run);
	if (read_keys(r, keys_after_databases) < 0)
		return -1;
	r->generate.total = r->total;
	r->generate.shift_s = r->shift_s;
	if (sim_generate(r->out->cluster, &r->generate, r->location, r->err) < 0)
		return -1;
	if (r->changes_per_hour)
		sim_cluster_set_ambient_changes(r->out->cluster, 3600000 / r->changes_per_hour);
	if (!r->out->lockout.count)
		sim_lockout_add(&r->out->lockout, "admin@demo.example", NULL,
				sim_role_find("admin"));
	return 0;
}

static struct json_object *parse(const char *text, const char *location, struct err *err)
{
	struct json_tokener *tokener = json_tokener_new();
	struct json_object *root = NULL;
	enum json_tokener_error error = json_tokener_continue;
	size_t at = 0, line = 1, i;

	if (tokener) {
		json_tokener_set_flags(tokener, JSON_TOKENER_STRICT);
		root = json_tokener_parse_ex(tokener, text, (int)strlen(text) + 1);
		error = json_tokener_get_error(tokener);
		at = json_tokener_get_parse_end(tokener);
		json_tokener_free(tokener);
	}
	if (error == json_tokener_success)
		return root;
	for (i = 0; i < at && text[i]; i++)
		line += text[i] == '\n';
	err_set(err, ERR_FINAL, "%s:%zu: invalid JSON: %s.", location, line,
		error == json_tokener_continue || error == json_tokener_error_parse_eof
			? "it ends too early"
			: json_tokener_error_desc(error));
	return NULL;
}

int sim_scenario_parse(struct sim_scenario *out, const struct sim_scenario_setup *setup,
		       const char *text, const char *location, struct err *err)
{
	struct err unseen = { .text = "" };
	struct scenario_reader r = { .out = out,
				     .setup = setup,
				     .defaults = setup->defaults,
				     .total = -1,
				     .location = location,
				     .err = err ? err : &unseen };
	int rc = -1;

	memset(out, 0, sizeof(*out));
	if (!r.defaults.clear_ms)
		r.defaults.clear_ms = 400;
	r.err->text[0] = '\0';
	r.root = parse(text, location, r.err);
	if (r.root)
		rc = read_all(&r);
	else if (!r.err->text[0])
		wrong(&r, "a scenario", "must be a JSON object");
	json_object_put(r.root);
	if (rc < 0)
		sim_scenario_release(out);
	return rc;
}

static int read_file(struct sim_buffer *text, const char *name, struct err *err)
{
	char part[4096], shown[SIM_KEYWORD_SHOWN_SIZE];
	FILE *file = fopen(name, "re");
	size_t got;

	if (!file) {
		err_set(err, ERR_FINAL, "The scenario %s cannot be opened: %s.",
			sim_keyword_show(name, shown), strerror(errno));
		return -1;
	}
	while (text->length < SCENARIO_FILE_MAX && (got = fread(part, 1, sizeof(part), file)) > 0)
		sim_buffer_add(text, part, got);
	if (ferror(file) || text->length >= SCENARIO_FILE_MAX ||
	    memchr(text->data ? text->data : "", 0, text->length)) {
		err_set(err, ERR_FINAL, "The scenario %s cannot be read: it is not a text file of "
					"less than 16 MiB.", sim_keyword_show(name, shown));
		fclose(file);
		return -1;
	}
	fclose(file);
	return 0;
}

static int read_builtin(struct sim_buffer *text, const char *name, struct err *err)
{
	const struct sim_builtin *builtin;
	struct sim_buffer names = SIM_BUFFER_INIT;
	char shown[SIM_KEYWORD_SHOWN_SIZE];
	size_t i;

	for (builtin = sim_builtins; builtin->name; builtin++) {
		if (strcmp(builtin->name, name) == 0) {
			for (i = 0; builtin->lines[i]; i++)
				sim_buffer_put(text, builtin->lines[i]);
			sim_buffer_release(&names);
			return 0;
		}
		sim_buffer_print(&names, "%s%s", names.length ? ", " : "", builtin->name);
	}
	err_set(err, ERR_ASK_USER,
		"unknown scenario \"%s\": known are %s; a file name must contain a \"/\" or a "
		"\".\".",
		sim_keyword_show(name, shown), names.data);
	sim_buffer_release(&names);
	return -1;
}

int sim_scenario_load(struct sim_scenario *out, const struct sim_scenario_setup *setup,
		      struct err *err)
{
	struct sim_buffer text = SIM_BUFFER_INIT;
	const char *base = strrchr(setup->name, '/');
	char shown[SIM_KEYWORD_SHOWN_SIZE];
	int rc;

	rc = strpbrk(setup->name, "./") ? read_file(&text, setup->name, err)
					: read_builtin(&text, setup->name, err);
	if (rc == 0)
		rc = sim_scenario_parse(out, setup, text.data ? text.data : "",
					sim_keyword_show(base ? base + 1 : setup->name, shown),
					err);
	sim_buffer_release(&text);
	return rc;
}

void sim_scenario_release(struct sim_scenario *s)
{
	sim_cluster_free(s->cluster);
	sim_lockout_release(&s->lockout);
	sim_faults_release(&s->faults);
	free(s->redirect);
	memset(s, 0, sizeof(*s));
}
