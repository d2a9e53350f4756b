#include "bdbtop/core/defect.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define BACKUP (1u << OP_BACKUP)
#define EXPORT (1u << OP_EXPORT)
#define IMPORT (1u << OP_IMPORT)

static const struct defect defects[] = {
	{ "RS57444", BACKUP | EXPORT, OP_SUCCEEDED, NULL, "6.2.8",
	  "succeeded is said although the target refused the write" },
	{ "RS140649", BACKUP, OP_SUCCEEDED, NULL, "7.22.0", "old backups are not deleted" },
	{ "RS176225", EXPORT, OP_SUCCEEDED, NULL, "8.2.0",
	  "an export of a memcached database cannot be imported" },
	{ "RS151990", IMPORT, OP_FAILED, "general-error", "7.8.6-36",
	  "an import on RHEL 8 or 9 ends in general-error" },
	{ "RS161419", BACKUP, OP_FAILED, NULL, "7.22.0-216",
	  "a location at Google Cloud cannot be saved" },
	{ "RS176400", BACKUP | EXPORT, OP_FAILED, NULL, "8.0.6",
	  "a location at Google Cloud is stored with the wrong type" },
	{ "RS177036", IMPORT, OP_FAILED, NULL, "8.0.10",
	  "an import from a subdirectory at Azure fails" },
	{ "RS185422", IMPORT, OP_FAILED, NULL, "8.0.18",
	  "an import from Google Cloud fails without a word in the logs" },
	{ "RS186863", BACKUP, OP_FAILED, NULL, "8.0.18",
	  "a scheduled backup fails on the data type of a setting" },
};

/* The next number of a version; leaves at what follows it. */
static unsigned long next_number(const char **at)
{
	char *end;
	unsigned long number;

	if (!isdigit((unsigned char)**at))
		return 0;
	number = strtoul(*at, &end, 10);
	*at = end;
	/* a sign that no number follows ends the version */
	if ((**at == '.' || **at == '-') && isdigit((unsigned char)(*at)[1]))
		(*at)++;
	else
		*at = "";
	return number;
}

int defect_compare(const char *left, const char *right)
{
	while (*left || *right) {
		unsigned long a = next_number(&left), b = next_number(&right);

		if (a != b)
			return a < b ? -1 : 1;
		if (!isdigit((unsigned char)*left) && !isdigit((unsigned char)*right))
			break;
	}
	return 0;
}

static bool explains(const struct defect *defect, const struct op *op, enum op_kind kind)
{
	if (!(defect->kinds & 1u << kind) || defect->phase != op->phase)
		return false;
	return !defect->reason || !strcmp(defect->reason, op->reason);
}

size_t defect_find(const char *version, const struct bdb *bdb, enum op_kind kind,
		   const struct defect **out, size_t room)
{
	size_t i, count = 0;

	if (!isdigit((unsigned char)*version))
		return 0;
	for (i = 0; i < sizeof(defects) / sizeof(defects[0]) && count < room; i++)
		if (explains(&defects[i], &bdb->op[kind], kind) &&
		    defect_compare(version, defects[i].fixed) < 0)
			out[count++] = &defects[i];
	return count;
}
