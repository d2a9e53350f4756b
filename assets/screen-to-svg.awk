# Convert a screen, as tmux prints it with -e, to SVG: one text element for each run of cells of the
# same style.  Use -v ground=dark or -v ground=light.  The script reads bytes, not characters, so
# that it works with any awk.

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
	y = margin + (NR - 1) * cell_height
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

{
	line[NR] = $0
}

function width_of(text,    i, n, c) {
	gsub(/\033\[[0-9;]*m/, "", text)
	gsub(/\033\(B/, "", text)
	gsub(/\033[()][0AB]/, "", text)
	n = 0
	for (i = 1; i <= length(text); i++)
		if (!(substr(text, i, 1) in continuation))
			n++
	return n
}

END {
	lines = NR
	columns = 0
	for (i = 1; i <= lines; i++)
		if (width_of(line[i]) > columns)
			columns = width_of(line[i])
	width = 2 * margin + columns * cell_width
	height = 2 * margin + lines * cell_height
	printf "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" " \
		"viewBox=\"0 0 %d %d\" font-family=\"DejaVu Sans Mono, Menlo, Consolas, monospace\" " \
		"font-size=\"14\" xml:space=\"preserve\">\n", width, height, width, height
	printf "<rect width=\"100%%\" height=\"100%%\" rx=\"8\" fill=\"%s\"/>\n", text_paper
	for (NR = 1; NR <= lines; NR++) {
		rest = line[NR]
		start = cells = 0
		run = ""
		while (rest != "") {
			if (match(rest, /^\033\[[0-9;]*m/)) {
				apply(substr(rest, 3, RLENGTH - 3))
				rest = substr(rest, RLENGTH + 1)
			} else if (match(rest, /^\033[()][0AB]/)) {
				rest = substr(rest, RLENGTH + 1)
			} else {
				c = substr(rest, 1, 1)
				if (!(c in continuation))
					cells++
				run = run c
				rest = substr(rest, 2)
			}
		}
		flush_run()
	}
	print "</svg>"
}
