#include "self_info.h"

#include "bdbtop/core/text.h"
#include "bdbtop/net/http.h"
#include "bdbtop/net/trust.h"
#include "bdbtop/ui/term.h"
#include "bdbtop/json/value.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "config.h"

/* The second number of statm, in pages (proc(5)). */
static int64_t memory_bytes(void)
{
	FILE *file = fopen("/proc/self/statm", "re");
	long long whole, resident = -1;

	if (!file)
		return -1;
	if (fscanf(file, "%lld %lld", &whole, &resident) != 2)
		resident = -1;
	fclose(file);
	return resident < 0 ? -1 : (int64_t)resident * sysconf(_SC_PAGESIZE);
}

int self_offset(int64_t wall_s)
{
	time_t at = (time_t)wall_s;
	struct tm here;

	return localtime_r(&at, &here) ? (int)here.tm_gmtoff : 0;
}

/* One line; without a value it says so. */
static void tell(struct self *self, const char *name, const char *value, bool ascii)
{
	size_t at = self->about.count;

	if (at == SELF_LINES)
		return;
	text_safe(self->text[at], sizeof(self->text[at]), value && *value ? value : "-", ascii);
	self->lines[at][0] = name;
	self->lines[at][1] = self->text[at];
	self->about.count++;
}

/* `CET, +0100 now` */
static void tell_zone(struct self *self, bool ascii)
{
	time_t now = time(NULL);
	char zone[60] = "";
	struct tm here;

	if (localtime_r(&now, &here))
		strftime(zone, sizeof(zone), "%Z, %z now", &here);
	tell(self, "time zone", zone, ascii);
}

void self_look(struct self *self, const struct self_paths *paths, bool ascii)
{
	struct http_versions http = http_versions();
	char process[32];

	/* C11 does not add a const behind a pointer to an array by itself */
	*self = (struct self){ .about = { .lines = (const char *const(*)[2])self->lines,
					  .memory_bytes = memory_bytes } };
	snprintf(process, sizeof(process), "%d", (int)getpid());
	tell(self, "version", PACKAGE_VERSION, ascii);
	tell(self, "process", process, ascii);
	tell(self, "libcurl", http.curl, ascii);
	tell(self, "TLS library", http.tls, ascii);
	tell(self, "GnuTLS", trust_library(), ascii);
	tell(self, "json-c", value_library(), ascii);
	tell(self, "curses", term_library(), ascii);
	tell(self, "TERM", getenv("TERM"), ascii);
	tell(self, "locale", setlocale(LC_CTYPE, NULL), ascii);
	tell_zone(self, ascii);
	tell(self, "config file", paths->config, ascii);
	tell(self, "pinned keys", paths->known_clusters, ascii);
	tell(self, "preferences", paths->prefs, ascii);
	tell(self, "ledger", paths->ledger, ascii);
}
