#include "bdbtop/core/output_format.h"

#include <string.h>

const char *const output_format_words[OUTPUT_FORMATS] = {
	[OUTPUT_TABLE] = "table", [OUTPUT_JSON] = "json", [OUTPUT_JSONL] = "jsonl",
	[OUTPUT_CSV] = "csv",	  [OUTPUT_TSV] = "tsv",	  [OUTPUT_PROMETHEUS] = "prometheus",
};

bool output_format_find(const char *word, enum output_format *out)
{
	int format;

	for (format = 0; format < OUTPUT_FORMATS; format++)
		if (!strcmp(word, output_format_words[format])) {
			*out = (enum output_format)format;
			return true;
		}
	return false;
}
