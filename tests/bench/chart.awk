# tests/bench/chart.awk - draws how the cost of a poll grows with the number of databases, as SVG.
#
# Reads the table of tests/bench/compare --output.  Both axes are logarithmic.

BEGIN {
	FS = "\t"
	series("CPU per poll, ms, unchanged", "watch curl|jq|column", "watch curl | jq | column", "#8b5cf6")
	series("CPU per poll, ms, unchanged", "json-c, whole body", "json-c, whole body", "#9a6700")
	series("CPU per poll, ms, all changed", "bdbtop", "bdbtop, all changed", "#d1242f")
	series("CPU per poll, ms, 1 % changed", "bdbtop", "bdbtop, 1 % changed", "#bf3989")
	series("CPU per poll, ms, unchanged", "bdbtop", "bdbtop, unchanged", "#0969da")
	series("CPU per poll, ms, unchanged", "bare libcurl", "bare libcurl", "#1a7f37")
	left = 80; right = 560; top = 50; bottom = 370; width = 800; height = 430
	first_x = 2; last_x = 5; first_y = -1; last_y = 4
}

function series(figure, subject, name, colour) {
	key[++count] = figure SUBSEP subject
	names[count] = name
	colours[count] = colour
}

function log10(value) {
	return log(value) / log(10)
}

function at_x(databases) {
	return left + (log10(databases) - first_x) / (last_x - first_x) * (right - left)
}

function at_y(ms) {
	return bottom - (log10(ms) - first_y) / (last_y - first_y) * (bottom - top)
}

function text(x, y, anchor, colour, words) {
	printf "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" fill=\"%s\">%s</text>\n", x, y, anchor, colour, words
}

function line(x1, y1, x2, y2) {
	printf "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"#d0d7de\"/>\n", x1, y1, x2, y2
}

# Thousands with a comma.
function number(n,   digits) {
	if (n < 1)
		return n
	digits = sprintf("%d", n)
	return n < 1000 ? digits : substr(digits, 1, length(digits) - 3) "," substr(digits, length(digits) - 2)
}

function draw_axes(   power) {
	for (power = first_y; power <= last_y; power++) {
		line(left, at_y(10 ^ power), right, at_y(10 ^ power))
		text(left - 8, at_y(10 ^ power) + 4, "end", "#57606a", number(10 ^ power) " ms")
	}
	for (power = first_x; power <= last_x; power++) {
		line(at_x(10 ^ power), top, at_x(10 ^ power), bottom)
		text(at_x(10 ^ power), bottom + 20, "middle", "#57606a", number(10 ^ power))
	}
	text((left + right) / 2, bottom + 44, "middle", "#57606a", "databases")
}

# The names of lines that end close to each other move apart, from the top down.
function draw_series(i,   power, points, y) {
	for (power = first_x; power <= last_x; power++)
		if ((key[i], 10 ^ power) in value) {
			y = at_y(value[key[i], 10 ^ power])
			points = points sprintf(" %.1f,%.1f", at_x(10 ^ power), y)
			printf "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" fill=\"%s\"/>\n", at_x(10 ^ power), y, colours[i]
			end[i] = y
		}
	if (points != "")
		printf "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"/>\n", substr(points, 2), colours[i]
}

function draw_names(   i, j, order, swap, y) {
	for (i = 1; i <= count; i++)
		order[i] = i
	for (i = 2; i <= count; i++)
		for (j = i; j > 1 && end[order[j]] < end[order[j - 1]]; j--) {
			swap = order[j]
			order[j] = order[j - 1]
			order[j - 1] = swap
		}
	y = 0
	for (i = 1; i <= count; i++)
		if (order[i] in end && end[order[i]] != "") {
			y = end[order[i]] + 4 < y + 16 ? y + 16 : end[order[i]] + 4
			text(right + 10, y, "start", colours[order[i]], names[order[i]])
		}
}

{
	value[$1, $2, $3] = $4
}

END {
	if (!NR) {
		print "chart.awk: the table is empty: run make bench first" >"/dev/stderr"
		exit 1
	}
	printf "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"13\">\n", width, height, width, height
	printf "<rect width=\"%d\" height=\"%d\" fill=\"#ffffff\"/>\n", width, height
	text(left, 28, "start", "#1f2328", "CPU time of a poll, in milliseconds of one processor; both axes are logarithmic")
	draw_axes()
	for (i = 1; i <= count; i++)
		draw_series(i)
	draw_names()
	print "</svg>"
}
