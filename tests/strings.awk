# tests/strings.awk - print the string literals of C files, one per line: "FILE:LINE: text".
#
# Adjacent literals are joined, and escapes stay as they are written.  Comments, characters and
# #include lines are skipped.  `make strings` writes those with two words or more to one file, so
# that a reader can review every sentence that a user may see.
function flush_string()
{
	if (have) {
		print file ":" line_of ": " text
		have = 0
	}
	text = ""
}
FNR == 1 {
	flush_string()
	in_comment = 0
	file = FILENAME
}
/^[ \t]*#[ \t]*include/ && !in_comment { next }
{
	line = $0
	while (line != "") {
		if (in_comment) {
			at = index(line, "*/")
			if (!at)
				break
			line = substr(line, at + 2)
			in_comment = 0
			continue
		}
		if (match(line, /^[ \t]+/)) {
			line = substr(line, RLENGTH + 1)
		} else if (substr(line, 1, 2) == "/*") {
			line = substr(line, 3)
			in_comment = 1
		} else if (substr(line, 1, 2) == "//") {
			break
		} else if (match(line, /^'([^'\\]|\\.)*'/)) {
			flush_string()
			line = substr(line, RLENGTH + 1)
		} else if (match(line, /^"([^"\\]|\\.)*"/)) {
			if (!have) {
				have = 1
				line_of = FNR
			}
			text = text substr(line, 2, RLENGTH - 2)
			line = substr(line, RLENGTH + 1)
		} else if (match(line, /^PRI[dux]64|^PRId64/)) {
			if (have)
				text = text "{" substr(line, 1, RLENGTH) "}"
			line = substr(line, RLENGTH + 1)
		} else {
			flush_string()
			line = substr(line, 2)
		}
	}
}
END { flush_string() }
