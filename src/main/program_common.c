#include "program_internal.h"

#include <unistd.h>

#include "bdbtop/rest/rest.h"

int program_complain(const char *about, const struct err *err, int status)
{
	fprintf(stderr, about ? "bdbtop: %s: %s\n" : "bdbtop: %s%s\n", about ? about : "",
		err->text);
	return status;
}

int program_out_of_memory(struct err *err)
{
	return err_set(err, ERR_FINAL, "Out of memory.");
}

int program_connect_source(struct program_run *run, struct err *err)
{
	struct rest_setup setup = { .addresses = run->settings.addresses,
				    .address_count = run->settings.address_count,
				    .trust = run->trust,
				    .pinned = run->pinned,
				    .insecure = run->settings.insecure,
				    .interactive = run->options.mode == RUN_CONSOLE,
				    .login = { .user = run->login_input.user,
					       .password = run->login_input.password },
				    .name = cluster_setup(run->cluster)->name,
				    .interval_ms = run->settings.parsed.interval_ms,
				    .seed = (unsigned)getpid() };
	struct rest *rest;

	if (run->program->attach) {
		run->program->attach(run->program->arg, run->cluster);
		return 0;
	}
	run->http = http_new(err);
	if (!run->http)
		return -1;
	rest = rest_new(run->http, &setup, cluster_sink(), run->cluster);
	if (!rest)
		return program_out_of_memory(err);
	cluster_attach(run->cluster, rest, rest_ops());
	return 0;
}
