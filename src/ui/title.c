/*
 * The title of the terminal: which cluster, and its worst problem.
 */
#include <stdio.h>
#include <string.h>

#include "bdbtop/core/text.h"
#include "bdbtop/ui/draw_context.h"

#define NAME_CELLS 60

/* `3 failed`, of the worst verdict that is a problem; `no problems`. */
static void write_counts(const struct cluster_status *status, char *out, size_t size)
{
	int verdict;

	for (verdict = 0; verdict < VERDICT_KINDS; verdict++)
		if (verdict_defs[verdict].problem && status->counts[verdict])
			break;
	if (verdict < VERDICT_KINDS)
		snprintf(out, size, "%zu %s", status->counts[verdict], verdict_defs[verdict].count);
	else
		snprintf(out, size, "no problems");
}

void title_format(char *out, size_t size, const struct fleet *fleet)
{
	static const char *const words[] = {
		[CONN_CONNECTING] = "no answer yet",	 [CONN_DOWN] = "no answer",
		[CONN_LOGIN_REFUSED] = "log-in refused", [CONN_UNTRUSTED] = "not trusted",
		[CONN_NO_LOGIN] = "no log-in",
	};
	const struct cluster *cluster = fleet_at(fleet, 0);
	const struct cluster_status *status = cluster_status(cluster);
	char safe[400], name[NAME_CELLS * 2], state[80];

	/* the terminal may have another character set than this program */
	text_safe(safe, sizeof(safe), cluster_setup(cluster)->name, true);
	text_truncate_middle(name, sizeof(name), safe, NAME_CELLS, true);
	if (status->conn == CONN_OK)
		write_counts(status, state, sizeof(state));
	else
		snprintf(state, sizeof(state), "%s", words[status->conn]);
	snprintf(out, size, "bdbtop %s: %s%s", name, state, status->paused ? ", paused" : "");
}
