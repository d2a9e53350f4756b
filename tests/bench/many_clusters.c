/*
 * tests/bench/many_clusters.c - the console over several clusters, each polled every 5 s: what a
 * fleet will do, measured before it has options of its own.
 *
 *	many_clusters PORT...
 *
 * The clusters are at these ports of 127.0.0.1.  Log-in and certificate are in the variables that
 * bdbtop reads.
 */
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bdbtop/net/secret.h"
#include "bdbtop/rest/rest.h"
#include "bdbtop/session/loop.h"
#include "bdbtop/ui/ui.h"
#include "bench.h"

#define INTERVAL_MS 5000

struct common {
	struct fleet *fleet;
	struct http *http;
	struct login login;
	struct audit_log *audit_log;
};

static const char *variable(const char *name)
{
	const char *value = getenv(name);

	if (!value)
		die(name);
	return value;
}

static void take_login(struct common *common)
{
	char password[64];

	common->login.user = variable("REDIS_ENTERPRISE_USER");
	common->login.password = secret_new();
	snprintf(password, sizeof(password), "%s", variable("REDIS_ENTERPRISE_PASSWORD"));
	if (!common->login.password ||
	    secret_take(common->login.password, password, strlen(password)) < 0)
		die("memory");
}

static void add_cluster(struct common *common, const char *port)
{
	static const struct audit_user user = { .user = "bench" };
	char name[40], url[64];
	struct address address;
	struct err err;
	struct cluster_setup setup = { .name = name,
				       .url = url,
				       .user = common->login.user,
				       .interval_ms = INTERVAL_MS,
				       .audit_log = common->audit_log,
				       .audit_user = &user };
	struct rest_setup rest_setup = {
		.addresses = &address,
		.address_count = 1,
		.trust = { .by = TRUST_CA, .cafile = variable("REDIS_ENTERPRISE_CA_CERT") },
		.login = common->login,
		.interval_ms = INTERVAL_MS
	};
	struct cluster *cluster;
	struct rest *rest;

	snprintf(name, sizeof(name), "cluster-%s", port);
	snprintf(url, sizeof(url), "https://127.0.0.1:%s", port);
	if (address_parse(&address, url, &err) < 0)
		die(err.text);
	setup.host = address.shown;
	cluster = fleet_add(common->fleet, &setup);
	if (!cluster)
		die("memory");
	rest_setup.name = cluster_setup(cluster)->name;
	rest = rest_new(common->http, &rest_setup, cluster_sink(), cluster);
	if (!rest)
		die("memory");
	cluster_attach(cluster, rest, rest_ops());
}

static void run(struct common *common)
{
	static const struct ui_options options = { .version = "bench" };
	struct session *session = session_new(common->fleet);
	struct err err;
	struct ui *ui = session ? ui_start(session, &options, &err) : NULL;

	if (!ui)
		die(session ? err.text : "memory");
	loop_run(session, common->http, &clock_system, ui, ui_ops());
	ui_stop(ui, NULL);
	session_free(session);
}

int main(int argc, char **argv)
{
	struct common common = { .fleet = fleet_new(), .audit_log = audit_log_new(NULL, NULL) };
	struct err err;
	int i;

	setlocale(LC_ALL, "");
	common.http = http_new(&err);
	if (!common.http || !common.fleet || !common.audit_log)
		die("memory");
	take_login(&common);
	for (i = 1; i < argc; i++)
		add_cluster(&common, argv[i]);
	run(&common);
	fleet_free(common.fleet);
	http_free(common.http);
	audit_log_free(common.audit_log);
	secret_free(common.login.password);
	return 0;
}
