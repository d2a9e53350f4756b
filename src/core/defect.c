#include "bdbtop/core/defect.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "bdbtop/core/array.h"

#define BACKUP (1u << OP_BACKUP)
#define EXPORT (1u << OP_EXPORT)
#define IMPORT (1u << OP_IMPORT)

static const struct defect defects[] = {
	{ .id = "RS25835",
	  .kinds = BACKUP,
	  .phase = OP_FAILED,
	  .fixed_in = "5.4.2",
	  .text = "a scheduled backup fails while the append-only file is rewritten" },
	{ .id = "RS29097",
	  .kinds = BACKUP,
	  .phase = OP_FAILED,
	  .fixed_in = "5.4.4",
	  .text = "a backup over SFTP fails after a node failure" },
	{ .id = "RS57444",
	  .kinds = BACKUP | EXPORT,
	  .phase = OP_SUCCEEDED,
	  .fixed_in = "6.2.8",
	  .text = "reports success although the target refused the write" },
	{ .id = "RS74469",
	  .kinds = BACKUP,
	  .phase = OP_FAILED,
	  .fixed_in = "6.2.10",
	  .active_active = true,
	  .text = "a backup of an Active-Active database with streams fails" },
	{ .id = "RS110481",
	  .kinds = IMPORT,
	  .phase = OP_FAILED,
	  .fixed_in = "7.2.4-92",
	  .text = "an import fails during an upgrade of the cluster" },
	{ .id = "RS140649",
	  .kinds = BACKUP,
	  .phase = OP_SUCCEEDED,
	  .fixed_in = "7.22.0",
	  .text = "old backups are not deleted" },
	{ .id = "RS176225",
	  .kinds = EXPORT,
	  .phase = OP_SUCCEEDED,
	  .fixed_in = "8.2.0",
	  .text = "an export of a memcached database cannot be imported" },
	{ .id = "RS151990",
	  .kinds = IMPORT,
	  .phase = OP_FAILED,
	  .reason = "general-error",
	  .fixed_in = "7.8.6-36",
	  .text = "an import on RHEL 8 or 9 ends in general-error" },
	{ .id = "RS161419",
	  .kinds = BACKUP,
	  .phase = OP_FAILED,
	  .fixed_in = "7.22.0-216",
	  .text = "a Google Cloud location cannot be saved" },
	{ .id = "RS173541",
	  .kinds = IMPORT,
	  .phase = OP_SUCCEEDED,
	  .fixed_in = "8.0.2-41",
	  .text = "an import loses Lua scripts" },
	{ .id = "RS176400",
	  .kinds = BACKUP | EXPORT,
	  .phase = OP_FAILED,
	  .fixed_in = "8.0.6",
	  .text = "a Google Cloud location is stored with the wrong type" },
	{ .id = "RS177036",
	  .kinds = IMPORT,
	  .phase = OP_FAILED,
	  .fixed_in = "8.0.10",
	  .text = "an import from an Azure subdirectory fails" },
	{ .id = "RS185422",
	  .kinds = IMPORT,
	  .phase = OP_FAILED,
	  .fixed_in = "8.0.18",
	  .text = "an import from Google Cloud fails without a log entry" },
	{ .id = "RS186863",
	  .kinds = BACKUP,
	  .phase = OP_FAILED,
	  .fixed_in = "8.0.18",
	  .text = "a scheduled backup fails because of a setting's data type" },
	{ .id = "RS196137",
	  .kinds = BACKUP,
	  .phase = OP_FAILED,
	  .fixed_in = "8.2.0-78",
	  .text = "a backup to Google Cloud fails without private_key" },
	{ .kinds = IMPORT,
	  .phase = OP_FAILED,
	  .from = "8.2.0-25",
	  .text = "an import by mount_point from Redis' own directories fails by design" },
};

/* Returns the next number between points, 0 when none is left, and moves *at past it. */
static unsigned long next_number(const char **at)
{
	char *end;
	unsigned long number;

	if (!isdigit((unsigned char)**at))
		return 0;
	number = strtoul(*at, &end, 10);
	*at = end;
	if (**at == '.' && isdigit((unsigned char)(*at)[1]))
		(*at)++;
	return number;
}

/* Returns the number after `-`, which follows the numbers between points. */
static unsigned long build_number(const char *at)
{
	return *at == '-' && isdigit((unsigned char)at[1]) ? strtoul(at + 1, NULL, 10) : 0;
}

int version_compare(const char *left, const char *right)
{
	unsigned long a, b;

	while (isdigit((unsigned char)*left) || isdigit((unsigned char)*right)) {
		a = next_number(&left);
		b = next_number(&right);
		if (a != b)
			return a < b ? -1 : 1;
	}
	a = build_number(left);
	b = build_number(right);
	return a < b ? -1 : a > b;
}

static bool defect_is_in(const struct defect *defect, const char *version)
{
	if (defect->from && version_compare(version, defect->from) < 0)
		return false;
	return !defect->fixed_in || version_compare(version, defect->fixed_in) < 0;
}

static bool defect_explains(const struct defect *defect, const struct bdb *bdb, enum op_kind kind)
{
	const struct op *op = &bdb->op[kind];

	if (!(defect->kinds & 1u << kind) || defect->phase != op->phase)
		return false;
	if (defect->active_active && bdb->crdt_presence == FIELD_PRESENT && !bdb->crdt)
		return false;
	return !defect->reason || !strcmp(defect->reason, op->reason);
}

size_t defect_find(const char *version, const struct bdb *bdb, enum op_kind kind,
		   const struct defect **out, size_t capacity)
{
	size_t i, count = 0;

	if (!isdigit((unsigned char)*version))
		return 0;
	for (i = 0; i < ARRAY_SIZE(defects) && count < capacity; i++)
		if (defect_explains(&defects[i], bdb, kind) && defect_is_in(&defects[i], version))
			out[count++] = &defects[i];
	return count;
}
