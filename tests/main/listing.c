#include "tests/main/listing.h"

#include <errno.h>
#include <unistd.h>

#include "tests/faults/faults.h"
#include "tests/tap.h"

struct listing *listing_new(const char *body, size_t length, bool packed)
{
	struct listing *l = calloc(1, sizeof(*l));
	const char *build = getenv("BUILDDIR");

	l->server = faults_new(&(struct faults_setup){ .protocol = FAULTS_TLS });
	faults_add(l->server, &(struct fault){ .when = "GET /v1/bdbs",
					       .status = 200,
					       .bytes = body,
					       .length = length,
					       .gzip = packed });
	snprintf(l->url, sizeof(l->url), "https://127.0.0.1:%u", faults_port(l->server));
	snprintf(l->preload, sizeof(l->preload), "LD_PRELOAD=%s/tests/torture/preload.so",
		 build ? build : ".");
	strcpy(l->report, "/tmp/bdbtop-memory.XXXXXX");
	close(mkstemp(l->report));
	snprintf(l->report_line, sizeof(l->report_line), "FAIL_REPORT=%s", l->report);
	return l;
}

void listing_free(struct listing *l)
{
	unlink(l->report);
	faults_free(l->server);
	free(l);
}

static void read_report(const struct listing *l, struct outcome *out)
{
	FILE *file = fopen(l->report, "re");
	char line[200];

	assert_non_null(file);
	while (fgets(line, sizeof(line), file))
		sscanf(line, "peak %lu", &out->peak_kib);
	fclose(file);
	assert_return_code(truncate(l->report, 0), errno);
}

void listing_run(const struct listing *l, struct outcome *out)
{
	memset(out, 0, sizeof(*out));
	child_run(&out->ran, WORDS("list", l->filter, l->url),
		  WORDS("REDIS_ENTERPRISE_USER=admin", "REDIS_ENTERPRISE_PASSWORD=hunter2",
			"REDIS_ENTERPRISE_INSECURE=1", l->preload, l->report_line));
	read_report(l, out);
}
