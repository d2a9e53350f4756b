#include "bdbtop/session/separated.h"

#include <string.h>

#include "export_internal.h"

static bool is_formula(const char *cell)
{
	return *cell && strchr("=+-@\t\r", *cell);
}

static const char *escape_csv(char c)
{
	return c == '"' ? "\"\"" : NULL;
}

static const char *escape_tsv(char c)
{
	return c == '\t'   ? "\\t"
	       : c == '\n' ? "\\n"
	       : c == '\r' ? "\\r"
	       : c == '\\' ? "\\\\"
			   : NULL;
}

void separated_put(struct separated *line, const char *raw)
{
	bool quoted = line->csv && raw[strcspn(raw, "\",\r\n")];

	if (line->started)
		putc(line->csv ? ',' : '\t', line->out);
	line->started = true;
	fputs(quoted ? "\"" : "", line->out);
	fputs(line->excel && is_formula(raw) ? "'" : "", line->out);
	export_put_text(line->terminal, line->out, raw, line->csv ? escape_csv : escape_tsv);
	fputs(quoted ? "\"" : "", line->out);
}

void separated_end(struct separated *line)
{
	fputs(line->csv ? "\r\n" : "\n", line->out);
	line->started = false;
}
