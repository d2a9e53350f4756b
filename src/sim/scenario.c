#include "scenario.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "bdbtop/core/array.h"
#include "bdbtop/core/text.h"
#include "memory.h"
#include "param.h"
#include "verb.h"
#include "keyword.h"

enum { SCENARIO_FILE_MAX = 16 << 20 };

/* Events of the whole cluster that come by themselves. */
struct ambient_rates {
	int64_t exports_per_hour, imports_per_hour, changes_per_hour;
};

/* The reader of one scenario, whose keys set its members. */
struct scenario_reader {
	struct sim_api *api;
	struct sim_defaults defaults;	/* with the setup */
	struct ambient_rates ambient;
	struct sim_generate generate;
	const char *about;
	int64_t now_s;
	struct json_object *users, *modules, *nodes, *databases, *events, *faults;
	const char *location;
	struct json_object *root;
	struct err *err;
};

static int wrong(const struct scenario_reader *r, const char *what, const char *must)
{
	return err_set(r->err, ERR_FINAL, "%s: %s %s.", r->location, what, must);
}

/* --- keys --- */

static int read_redirect(void *api, struct json_object *value, const char *where, struct err *err)
{
	const char *to = sim_param_text(value);

	if (!to || strpbrk(to, "\r\n") || strncmp(to, "https://", 8) != 0)
		return err_set(err, ERR_FINAL,
			       "%s must be an address as in \"https://10.0.0.3:9443\".", where);
	sim_memory_replace(&(*(struct sim_api **)api)->redirect, to);
	return 0;
}

#define KEY(name, type, member, max) { SIM_PARAM(name, type, scenario_reader, member, 0, max) }
#define RATE(name, max) KEY(#name, SIM_PARAM_INT, ambient.name, max)
#define PERCENT(name) KEY(#name, SIM_PARAM_SMALL, defaults.name, 100)
#define ARRAY(name, member) KEY(name, SIM_PARAM_ARRAY, member, 0)

static const struct sim_param ambient_keys[] = {
	RATE(exports_per_hour, 1000000), RATE(imports_per_hour, 1000000),
	RATE(changes_per_hour, 3600),	 PERCENT(fail_percent),
	PERCENT(stall_percent),		 { .name = NULL },
};

static const struct sim_param generate_keys[] = {
	KEY("total", SIM_PARAM_INT, generate.total, 100000),
	ARRAY("names", generate.names),
	ARRAY("groups", generate.groups),
	{ .name = NULL },
};

static const struct sim_param keys[] = {
	KEY("about", SIM_PARAM_STRING, about, 0),
	KEY("now", SIM_PARAM_TIME, now_s, 0),
	KEY("clear_after", SIM_PARAM_DURATION, defaults.clear_ms, 0),
	{ .name = "ambient", .members = ambient_keys },
	{ .name = "generate", .members = generate_keys },
	{ SIM_PARAM("redirect", SIM_PARAM_NONE, scenario_reader, api, 0, 0),
	  .read = read_redirect },
	ARRAY("users", users),
	ARRAY("modules", modules),
	ARRAY("nodes", nodes),
	ARRAY("databases", databases),
	ARRAY("events", events),
	ARRAY("faults", faults),
	{ .name = NULL },
};

/* --- elements of lists --- */

static int read_user(struct scenario_reader *r, struct json_object *user)
{
	const char *name = sim_param_member(user, "name"), *role = sim_param_member(user, "role");
	const struct sim_role *found = role ? sim_role_find(role) : NULL;

	if (!name || !*name || strchr(name, ':'))
		return wrong(r, "a user", "needs a \"name\" without a colon");
	if (!found)
		return wrong(r, "a user", "needs a \"role\": admin, cluster_member, "
					  "cluster_viewer, db_member, db_viewer, user_manager or "
					  "none");
	if (!sim_lockout_add(&r->api->lockout, name, sim_param_member(user, "password"), found))
		return wrong(r, "a user", "has the name of another");
	return 0;
}

static void add_text(struct json_object *object, const char *key, const char *text)
{
	json_object_object_add(object, key, json_object_new_string(text));
}

static int read_module(struct scenario_reader *r, struct json_object *module)
{
	struct json_object *capabilities = NULL, *reported;
	char uid[40];

	if (!sim_param_member(module, "module_name") ||
	    !sim_param_member(module, "semantic_version") ||
	    !json_object_object_get_ex(module, "capabilities", &capabilities) ||
	    !json_object_is_type(capabilities, json_type_array))
		return wrong(r, "a module", "needs \"module_name\", \"semantic_version\" and an "
					    "array \"capabilities\"");
	reported = json_object_new_object();
	snprintf(uid, sizeof(uid), "%032zx",
		 json_object_array_length(r->api->cluster->modules) + 1);
	add_text(reported, "uid", uid);
	add_text(reported, "module_name", sim_param_member(module, "module_name"));
	add_text(reported, "semantic_version", sim_param_member(module, "semantic_version"));
	json_object_object_add(reported, "capabilities", json_object_get(capabilities));
	return json_object_array_add(r->api->cluster->modules, reported);
}

static int read_node(struct scenario_reader *r, struct json_object *address)
{
	struct json_object *nodes = r->api->cluster->nodes, *reported;
	int uid = (int)json_object_array_length(nodes) + 1;

	if (!json_object_is_type(address, json_type_string))
		return wrong(r, "a node", "is given by its address");
	reported = json_object_new_object();
	json_object_object_add(reported, "uid", json_object_new_int(uid));
	json_object_object_add(reported, "addr", json_object_get(address));
	add_text(reported, "status", "active");
	add_text(reported, "software_version", "8.0.6-54");
	return json_object_array_add(nodes, reported);
}

static int read_database(struct scenario_reader *r, struct json_object *description)
{
	size_t nth = r->api->cluster->count;
	struct sim_bdb *bdb;
	char where[160];

	if (r->generate.total >= 0 && (int64_t)nth >= r->generate.total)
		return 0;
	snprintf(where, sizeof(where), "%s: databases[%zu]", r->location, nth);
	bdb = sim_bdb_spec_new(description, r->defaults.setup.seed, r->generate.shift_s, where,
			       r->err);
	if (!bdb)
		return -1;
	bdb->in_scenario = true;
	sim_generate_created_time(bdb, r->defaults.setup.start_ms);
	sim_generate_tags(bdb);
	if (sim_cluster_add(r->api->cluster, bdb))
		return 0;
	err_set(r->err, ERR_FINAL, "%s: uid %" PRId64 " is used by two databases.", where,
		bdb->uid);
	sim_bdb_free(bdb);
	return -1;
}

/* Run or check a line of these verbs; the error tells which line it is. */
static int run_line(const struct scenario_reader *r, const struct sim_verb_setup *setup,
		    const char *what, const char *line)
{
	char shown[SIM_KEYWORD_SHOWN_SIZE];
	struct err inner;

	if (sim_verb_run(setup, line, &inner) == 0)
		return 0;
	return err_set(r->err, ERR_FINAL, "%s: %s \"%s\": %.140s", r->location, what,
		       sim_keyword_show(line, shown), inner.text);
}

static int read_event(struct scenario_reader *r, struct json_object *event)
{
	const struct sim_verb_setup check = { .verbs = SIM_VERBS_BDB };
	const char *line = sim_param_text(event);
	char word[32];
	int64_t ms;

	if (!line || !sim_keyword_next(&line, word, sizeof(word)) ||
	    !sim_keyword_duration(word, &ms))
		return wrong(r, "an event", "is a duration and a line, as in \"12s delete 7\"");
	if (run_line(r, &check, "event", line) < 0)
		return -1;
	sim_cluster_schedule(r->api->cluster, r->defaults.setup.start_ms + ms, line);
	return 0;
}

static int read_fault(struct scenario_reader *r, struct json_object *rule)
{
	const struct sim_verb_setup setup = { .verbs = SIM_VERBS_FAULT, .api = r->api };
	const char *line = sim_param_text(rule);

	if (!line)
		return wrong(r, "a fault rule", "is a line, as in \"answer GET /v1/logs 403\"");
	return run_line(r, &setup, "fault rule", line);
}

/* A scheduled line is due. */
static int on_line(void *api, const char *line, int64_t now_ms, struct err *err)
{
	const struct sim_verb_setup setup = { .verbs = SIM_VERBS_BDB, .api = api,
					      .now_ms = now_ms };

	return sim_verb_run(&setup, line, err);
}

typedef int read_fn(struct scenario_reader *, struct json_object *);

/* list accepts NULL. */
static int read_list(struct scenario_reader *r, struct json_object *list, read_fn *read)
{
	size_t i;

	for (i = 0; list && i < json_object_array_length(list); i++)
		if (read(r, json_object_array_get_idx(list, i)) < 0)
			return -1;
	return 0;
}

static int read_lists(struct scenario_reader *r)
{
	return read_list(r, r->users, read_user) < 0 || read_list(r, r->modules, read_module) < 0 ||
			       read_list(r, r->nodes, read_node) < 0 ||
			       read_list(r, r->databases, read_database) < 0 ||
			       read_list(r, r->events, read_event) < 0 ||
			       read_list(r, r->faults, read_fault) < 0
		       ? -1 : 0;
}

/* The mean time between two events of one database, from their rate in the cluster. */
static int64_t mean_ms(const struct scenario_reader *r, int64_t per_hour)
{
	int64_t count = r->generate.total;

	if (count < 0)
		count = r->databases ? (int64_t)json_object_array_length(r->databases) : 0;
	return per_hour ? count * 3600000 / per_hour : 0;
}

static int read_all(struct scenario_reader *r)
{
	const struct sim_setup *setup = &r->defaults.setup;
	struct sim_api *api = r->api;

	if (sim_param_read(keys, r, r->root, r->location, r->err) < 0)
		return -1;
	if (setup->databases >= 0)
		r->generate.total = setup->databases;
	r->generate.shift_s = setup->start_ms / 1000 - r->now_s;
	r->defaults.mean_ms[SIM_EXPORT] = mean_ms(r, r->ambient.exports_per_hour);
	r->defaults.mean_ms[SIM_IMPORT] = mean_ms(r, r->ambient.imports_per_hour);
	if (r->ambient.changes_per_hour)
		r->defaults.change_mean_ms = 3600000 / r->ambient.changes_per_hour;
	api->cluster = sim_cluster_new(&r->defaults, on_line, api);
	if (read_lists(r) < 0 || sim_generate(api->cluster, &r->generate, r->location, r->err) < 0)
		return -1;
	if (!api->lockout.count)
		sim_lockout_add(&api->lockout, "admin@demo.example", NULL, sim_role_find("admin"));
	return 0;
}

/* Writes the code units of UTF-16 as escapes. */
static void put_escaped(struct sim_buffer *out, uint32_t code)
{
	if (code < 0x10000) {
		sim_buffer_print(out, "\\u%04x", (unsigned)code);
		return;
	}
	put_escaped(out, 0xd800 + ((code - 0x10000) >> 10));
	put_escaped(out, 0xdc00 + (code & 0x3ff));
}

/* json-c 0.18, if strict, takes every byte above 0x7f for a control byte, so escape the characters
 * that have some.  A line stays a line. */
static int escape(const struct scenario_reader *r, const char *text, struct sim_buffer *ascii)
{
	size_t line = 1, length;
	uint32_t code;

	for (; *text; text += length) {
		length = text_decode(text, &code);
		if (!length)
			return err_set(r->err, ERR_FINAL,
				       "%s:%zu: invalid UTF-8; save the file as UTF-8.",
				       r->location, line);
		line += code == '\n';
		if (length == 1)
			sim_buffer_add(ascii, text, 1);
		else
			put_escaped(ascii, code);
	}
	return 0;
}

static int parse(struct scenario_reader *r, const char *text)
{
	struct json_tokener *tokener = json_tokener_new();
	enum json_tokener_error error = json_tokener_continue;
	size_t at = 0, line = 1, i;

	if (tokener) {
		json_tokener_set_flags(tokener, JSON_TOKENER_STRICT);
		r->root = json_tokener_parse_ex(tokener, text, (int)strlen(text) + 1);
		error = json_tokener_get_error(tokener);
		at = json_tokener_get_parse_end(tokener);
		json_tokener_free(tokener);
	}
	if (error == json_tokener_success)
		return 0;
	for (i = 0; i < at && text[i]; i++)
		line += text[i] == '\n';
	return err_set(r->err, ERR_FINAL, "%s:%zu: invalid JSON: %s.", r->location, line,
		       error == json_tokener_continue || error == json_tokener_error_parse_eof
			       ? "it ends too early"
			       : json_tokener_error_desc(error));
}

struct sim_api *sim_api_new(const struct sim_setup *setup, const char *scenario,
			    const char *location, struct err *err)
{
	struct scenario_reader r = {
		.api = sim_memory_new(1, sizeof(*r.api)), .generate.total = -1,
		.now_s = setup->start_ms / 1000,
		.defaults = { .setup = *setup, .clear_ms = 400 },
		.location = location, .err = err,
	};
	struct sim_buffer ascii = SIM_BUFFER_INIT;
	bool good;

	r.api->tokens.auth = setup->auth;
	good = escape(&r, scenario, &ascii) == 0 && parse(&r, ascii.data ? ascii.data : "") == 0 &&
	       read_all(&r) == 0;
	sim_buffer_release(&ascii);
	json_object_put(r.root);
	if (good)
		return r.api;
	sim_api_free(r.api);
	return NULL;
}

static int read_file(struct sim_buffer *text, const char *name, struct err *err)
{
	char part[4096], shown[SIM_KEYWORD_SHOWN_SIZE];
	FILE *file = fopen(name, "re");
	size_t got;
	bool good;

	sim_keyword_show(name, shown);
	if (!file)
		return err_set(err, ERR_FINAL, "The scenario %s cannot be opened: %s.", shown,
			       strerror(errno));
	while (text->length < SCENARIO_FILE_MAX && (got = fread(part, 1, sizeof(part), file)) > 0)
		sim_buffer_add(text, part, got);
	good = !ferror(file) && text->length < SCENARIO_FILE_MAX &&
	       (!text->length || strlen(text->data) == text->length);
	fclose(file);
	return good ? 0
		    : err_set(err, ERR_FINAL,
			      "The scenario %s cannot be read: it is not a text "
			      "file of less than 16 MiB.",
			      shown);
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

struct sim_api *sim_scenario_load(const struct sim_setup *setup, const char *name, struct err *err)
{
	struct sim_buffer text = SIM_BUFFER_INIT;
	const char *base = strrchr(name, '/');
	char shown[SIM_KEYWORD_SHOWN_SIZE];
	struct sim_api *api = NULL;

	if ((strpbrk(name, "./") ? read_file : read_builtin)(&text, name, err) == 0)
		api = sim_api_new(setup, text.data ? text.data : "",
				  sim_keyword_show(base ? base + 1 : name, shown), err);
	sim_buffer_release(&text);
	return api;
}
