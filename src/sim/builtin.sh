#!/bin/sh
# Make C of scenario files: builtin.sh FILE... >builtin.c
# One string a line of the file, because C promises only 4095 bytes a string.
set -eu

echo '/* made by src/sim/builtin.sh from assets/scenarios */'
echo '#include "bdbtop/sim/builtin.h"'
echo
echo '#include <stddef.h>'
for file; do
	name=$(basename "$file" .json)
	echo
	echo "static const char *const $name[] = {"
	sed -e 's/\\/\\\\/g' -e 's/"/\\"/g' -e 's/^/	"/' -e 's/$/\\n",/' "$file"
	echo '	NULL,'
	echo '};'
done
echo
echo 'const struct sim_builtin sim_builtins[] = {'
for file; do
	name=$(basename "$file" .json)
	echo "	{ \"$name\", $name },"
done
echo '	{ NULL, NULL },'
echo '};'
