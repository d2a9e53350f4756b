# Convert frames to an asciicast v2.  A frame is a line `= SECONDS` and the rows of a screen, as tmux
# prints them with -e.  Only the rows that changed are written; a frame without a change is dropped.
# Use -v columns=N -v rows=N -v title=TEXT.

function quoted(text) {
	gsub(/\\/, "\\\\\\\\", text)
	gsub(/"/, "\\\"", text)
	gsub(/\033/, "\\u001b", text)
	return text
}

# The styles in effect after a row, given those before it: tmux does not repeat them.
function styles_after(before, text,    code) {
	while (match(text, /\033\[[0-9;]*m/)) {
		code = substr(text, RSTART, RLENGTH)
		before = code ~ /^\033\[0?m$/ ? "" : before code
		text = substr(text, RSTART + RLENGTH)
	}
	return before
}

function flush_frame() {
	if (changes != "")
		printf "[%.2f, \"o\", \"%s%s\"]\n", time, started++ ? "" : "\\u001b[?25l\\u001b[2J", changes
	changes = ""
}

BEGIN {
	printf "{\"version\": 2, \"width\": %d, \"height\": %d, \"idle_time_limit\": 2, " \
		"\"title\": \"%s\", \"env\": {\"TERM\": \"xterm-256color\"}}\n", columns, rows, quoted(title)
}

/^= [0-9.]+$/ {
	flush_frame()
	if (!begun++)
		first = $2
	time = $2 - first
	row = 0
	styles = ""
	next
}

{
	row++
	text = styles $0
	styles = styles_after(styles, $0)
	if (row <= rows && (!(row in shown) || shown[row] != text)) {
		shown[row] = text
		changes = changes "\\u001b[" row ";1H\\u001b[0m" quoted(text) "\\u001b[0m\\u001b[K"
	}
}

END {
	flush_frame()
}
