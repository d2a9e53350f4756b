# Convert a screen, as tmux prints it with -e, or a recording of make-pictures (asciicast v2) to SVG:
# one text element for each run of cells of the same style.  Use -v ground=dark or -v ground=light.
# The script reads bytes, not characters, so that it works with any awk.
#
# In an animated picture a row is drawn once for each content that it has, and is visible while it
# has it.  The rows of the last screen are visible where a viewer does not animate.

function escape(text) {
	gsub(/&/, "\\&amp;", text)
	gsub(/</, "\\&lt;", text)
	gsub(/>/, "\\&gt;", text)
	return text
}

function flush_run(    x, y, ink, paper, swap, style) {
	if (run == "")
		return
	x = margin + start * cell_width
	y = margin + (drawn_row - 1) * cell_height
	ink = fore == "" ? text_ink : palette[fore]
	paper = ""
	if (reverse) {
		paper = ink
		ink = text_paper
	}
	if (paper != "")
		printf "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%d\" fill=\"%s\"/>\n",
			x, y, cells * cell_width, cell_height, paper
	style = bold ? " font-weight=\"bold\"" : ""
	if (dim)
		style = style " opacity=\"0.6\""
	if (run !~ /^ *$/)
		printf "<text x=\"%.1f\" y=\"%.1f\" textLength=\"%.1f\" fill=\"%s\"%s>%s</text>\n",
			x, y + cell_height - 5, cells * cell_width, ink, style, escape(run)
	run = ""
	start += cells
	cells = 0
}

function apply(codes,    n, i, part, code) {
	flush_run()
	n = split(codes, part, ";")
	if (n == 0) {
		part[1] = 0
		n = 1
	}
	for (i = 1; i <= n; i++) {
		code = part[i] + 0
		if (code == 0) {
			bold = dim = reverse = 0
			fore = ""
		} else if (code == 1)
			bold = 1
		else if (code == 2)
			dim = 1
		else if (code == 7)
			reverse = 1
		else if (code == 22)
			bold = dim = 0
		else if (code == 27)
			reverse = 0
		else if (code >= 30 && code <= 37)
			fore = code - 30
		else if (code == 39)
			fore = ""
		else if (code >= 90 && code <= 97)
			fore = code - 82
	}
}

BEGIN {
	cell_width = 8.4
	cell_height = 18
	margin = 12
	for (i = 128; i < 192; i++)
		continuation[sprintf("%c", i)] = 1
	split(ground == "light" \
		? "#1a1a1a #b3261e #1b7a34 #8a6100 #1f4fbf #8e2a8b #0b6e7f #5c5c5c" \
		: "#1a1a1a #ff6b60 #5fd37a #e5b54a #6ea0ff #d98ae0 #56c2d6 #d0d0d0", colour, " ")
	for (i = 0; i < 16; i++)
		palette[i] = colour[i % 8 + 1]
	text_ink = ground == "light" ? "#202020" : "#d8d8d8"
	text_paper = ground == "light" ? "#fbfbf8" : "#16181c"
}

function width_of(text,    i, n) {
	gsub(/\033\[[0-9;]*m/, "", text)
	gsub(/\033[()][0AB]/, "", text)
	n = 0
	for (i = 1; i <= length(text); i++)
		if (!(substr(text, i, 1) in continuation))
			n++
	return n
}

function draw_row(row, text,    c) {
	drawn_row = row
	start = cells = 0
	run = ""
	while (text != "") {
		if (match(text, /^\033\[[0-9;]*m/)) {
			apply(substr(text, 3, RLENGTH - 3))
			text = substr(text, RLENGTH + 1)
		} else if (match(text, /^\033[()][0AB]/)) {
			text = substr(text, RLENGTH + 1)
		} else {
			c = substr(text, 1, 1)
			if (!(c in continuation))
				cells++
			run = run c
			text = substr(text, 2)
		}
	}
	flush_run()
}

function open_picture(columns, rows,    width, height) {
	width = 2 * margin + columns * cell_width
	height = 2 * margin + rows * cell_height
	printf "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" " \
		"viewBox=\"0 0 %d %d\" font-family=\"DejaVu Sans Mono, Menlo, Consolas, monospace\" " \
		"font-size=\"14\" xml:space=\"preserve\">\n", width, height, width, height
	printf "<rect width=\"100%%\" height=\"100%%\" rx=\"8\" fill=\"%s\"/>\n", text_paper
}

# --- a recording --------------------------------------------------------------------------------

function number_after(text, name) {
	sub(".*\"" name "\": *", "", text)
	return text + 0
}

# The row shows this text from now on.
function change_row(row, text) {
	count++
	change_row_at[count] = row
	change_text[count] = text
	change_from[count] = clock
	change_to[count] = -1
	if (row in newest)
		change_to[newest[row]] = clock
	newest[row] = count
}

# An event of make-pictures has whole rows: each is addressed, and ends with an erased line.
function read_event(event,    time, part, n, i, row) {
	time = substr(event, 2) + 0
	sub(/^\[[0-9.]+, *"o", *"/, "", event)
	sub(/"\]$/, "", event)
	gsub(/\\u001b/, "\033", event)
	gsub(/\\"/, "\"", event)
	gsub(/\\\\/, "\\", event)
	clock += time - last_time > idle_limit ? idle_limit : time - last_time
	last_time = time
	n = split(event, part, /\033\[K/)
	for (i = 1; i <= n; i++) {
		sub(/^\033\[[?]25l/, "", part[i])
		sub(/^\033\[2J/, "", part[i])
		if (!match(part[i], /^\033\[[0-9]+;1H/))
			continue
		row = substr(part[i], 3, RLENGTH - 5) + 0
		change_row(row, substr(part[i], RLENGTH + 1))
	}
}

function draw_recording(    i, total, end) {
	total = clock + 3
	open_picture(number_after(header, "width"), number_after(header, "height"))
	for (i = 1; i <= count; i++) {
		end = change_to[i] < 0 ? total : change_to[i]
		if (end <= change_from[i] || change_text[i] ~ /^ *$/)
			continue
		printf "<g visibility=\"%s\">", change_to[i] < 0 ? "visible" : "hidden"
		printf "<animate attributeName=\"visibility\" calcMode=\"discrete\" dur=\"%.1fs\" " \
			"repeatCount=\"indefinite\" values=\"hidden;visible;hidden\" " \
			"keyTimes=\"0;%.5f;%.5f\"/>\n", total, change_from[i] / total, end / total
		draw_row(change_row_at[i], change_text[i])
		print "</g>"
	}
}

# --- either -------------------------------------------------------------------------------------

NR == 1 && /^{"version"/ {
	header = $0
	idle_limit = number_after(header, "idle_time_limit")
	next
}

header != "" {
	read_event($0)
	next
}

{
	line[++lines] = $0
	if (width_of($0) > columns)
		columns = width_of($0)
}

END {
	if (header != "") {
		draw_recording()
	} else {
		open_picture(columns, lines)
		for (i = 1; i <= lines; i++)
			draw_row(i, line[i])
	}
	print "</svg>"
}
