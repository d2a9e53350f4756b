# tests/redact.awk - replaces what could name someone in the bodies of a report.
#
# A line that begins with "=" is the report's own and passes as it is; one that begins with "|" is a
# line of a reply, and unknown.  Of a reply stay the names of fields, numbers, true, false, null and
# punctuation, and of strings only times, and single words of fields that hold a word of the API.
# Every other string becomes name-1, host-2, user-3 or text-4: the same one each time it appears.
# What is no JSON becomes text as well.  Run it with LC_ALL=C: it counts in bytes.

BEGIN {
	count = split("state states status outcome operation since_source code type role " \
		"severity data_persistence addr_type proxy_policy reason", words)
	for (i = 1; i <= count; i++)
		has_word[words[i]] = 1
	pair = "^\"([^\"\\\\]|\\\\.)*\""
	plain = "^([][{}:, \t\r]|true|false|null|-?[0-9]+(\\.[0-9]+)?([eE][-+]?[0-9]+)?)+"
	# a longer string is looked at with the whole rest of its line
	window = 4096
}

# replacement TEXT KEY: what stands for this text wherever it appears
function replacement(text, key,   kind)
{
	if (!(text in given)) {
		kind = "text"
		if (key ~ /name/ && key !~ /dns|user|host/)
			kind = "name"
		else if (key ~ /cluster|address|addr|host|url|dns/)
			kind = "host"
		else if (key ~ /user|login|email|connection/)
			kind = "user"
		given[text] = kind "-" ++replaced
	}
	return given[text]
}

function is_word_of_the_api(text, key)
{
	if (text == "" || text ~ /^[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9:.]+Z?$/)
		return 1
	if (key == "schema" || key == "generator")
		return text ~ /^bdbtop[. ][a-z0-9.]+$/
	if (key ~ /uid$/)
		return text ~ /^[0-9]+(:[0-9]+)?$/
	if (key ~ /version$/)
		return text ~ /^[0-9]+(\.[0-9]+)*(-[0-9]+)?$/
	if (!(key in has_word) && key !~ /_(status|reason)$/ && key !~ /^(status|reason)_(before|after)$/)
		return 0
	return length(text) <= 40 && text ~ /^[A-Za-z]+([_-][a-z]+)*(:[0-9]+)*$/
}

function redacted_string(text, is_key)
{
	text = substr(text, 2, length(text) - 2)
	if (is_key) {
		key = text
		if (length(key) <= 40 && key ~ /^([A-Za-z_][A-Za-z0-9_]*|[0-9]+)$/)
			return "\"" key "\""
	} else if (is_word_of_the_api(text, key))
		return "\"" text "\""
	return "\"" replacement(text, is_key ? "" : key) "\""
}

function redacted_line(line,   at, rest, out)
{
	for (at = 1; at <= length(line); at += RLENGTH) {
		rest = substr(line, at, window)
		if (substr(rest, 1, 1) == "\"" && !match(rest, pair))
			rest = substr(line, at)
		if (match(rest, pair))
			out = out redacted_string(substr(rest, 1, RLENGTH),
				substr(line, at + RLENGTH, 8) ~ /^[ \t]*:/)
		else if (match(rest, plain))
			out = out substr(rest, 1, RLENGTH)
		else {
			rest = substr(line, at)
			RLENGTH = length(rest)
			return out "(" replacement(rest, "") ", no JSON)"
		}
	}
	return out
}

/^=/ { print substr($0, 2) }
/^\|/ { print redacted_line(substr($0, 2)) }
