#include "self_info.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "bdbtop/core/text.h"
#include "bdbtop/json/value.h"
#include "bdbtop/net/http.h"
#include "bdbtop/net/trust.h"
#include "bdbtop/ui/term.h"
#include "config.h"

/* The second number of statm, in pages (proc(5)). */
static int64_t memory_bytes(void)
{
	FILE *file = fopen("/proc/self/statm", "re");
	long long total, resident = -1;

	if (!file)
		return -1;
	if (fscanf(file, "%lld %lld", &total, &resident) != 2)
		resident = -1;
	fclose(file);
	return resident < 0 ? -1 : (int64_t)resident * sysconf(_SC_PAGESIZE);
}

int self_info_local_offset(int64_t wall_s)
{
	time_t at = (time_t)wall_s;
	struct tm local;

	return localtime_r(&at, &local) ? (int)local.tm_gmtoff : 0;
}

/* Adds a line; an empty value becomes `-`. */
static void add_line(struct self_info *self, const char *name, const char *value, bool ascii)
{
	size_t at = self->info.count;

	if (at == SELF_INFO_LINES)
		return;
	text_safe(self->text[at], sizeof(self->text[at]), value && *value ? value : "-", ascii);
	self->lines[at][0] = name;
	self->lines[at][1] = self->text[at];
	self->info.count++;
}

/* `CET, +0100 now` */
static void add_zone(struct self_info *self, bool ascii)
{
	time_t now = time(NULL);
	char zone[60] = "";
	struct tm local;

	if (localtime_r(&now, &local))
		strftime(zone, sizeof(zone), "%Z, %z now", &local);
	add_line(self, "time zone", zone, ascii);
}

void self_info_init(struct self_info *self, const struct self_paths *paths, bool ascii)
{
	struct http_versions http = http_versions();
	char process[32];

	/* C11 does not convert to a pointer to an array of const without a cast */
	*self = (struct self_info){ .info = { .lines = (const char *const(*)[2])self->lines,
					      .memory_bytes = memory_bytes } };
	snprintf(process, sizeof(process), "%d", (int)getpid());
	add_line(self, "version", PACKAGE_VERSION, ascii);
	add_line(self, "process", process, ascii);
	add_line(self, "libcurl", http.curl, ascii);
	add_line(self, "TLS library", http.tls, ascii);
	add_line(self, "GnuTLS", trust_library(), ascii);
	add_line(self, "json-c", json_library_version(), ascii);
	add_line(self, "curses", term_library(), ascii);
	add_line(self, "TERM", getenv("TERM"), ascii);
	add_line(self, "locale", setlocale(LC_CTYPE, NULL), ascii);
	add_zone(self, ascii);
	add_line(self, "sandbox", paths->sandbox, ascii);
	add_line(self, "config file", paths->config, ascii);
	add_line(self, "pinned keys", paths->known_clusters, ascii);
	add_line(self, "preferences", paths->prefs, ascii);
	add_line(self, "audit log", paths->audit_log, ascii);
}
