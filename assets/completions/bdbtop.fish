# fish completion for bdbtop(1).  What files contain is offered only if it is a plain word.

function __bdbtop_command
	for word in (commandline -opc)[2..-1]
		if contains -- $word list check reset history trust help
			echo $word
			return
		end
	end
	echo console
end

function __bdbtop_in
	contains -- (__bdbtop_command) $argv
end

function __bdbtop_kind
	for word in (commandline -opc)[2..-1]
		contains -- $word backup export import; and return 0
	end
	return 1
end

function __bdbtop_clusters
	set -l folder $XDG_CONFIG_HOME
	test -n "$folder"; or set folder $HOME/.config
	set -l redisctl $REDISCTL_CONFIG_FILE
	test -n "$redisctl"; or set redisctl $folder/redisctl/config.toml
	sed -n 's/^\[cluster[[:blank:]][[:blank:]]*\([[:alnum:]._-]*\)\][[:blank:]]*$/\1/p' $folder/bdbtop/bdbtop.conf 2>/dev/null
	# the profiles of redisctl that are Redis Enterprise
	awk '
	/^[[:blank:]]*\[/ {
		name = ""
		if (/^\[profiles\.[A-Za-z0-9_-]+\][[:blank:]]*$/) {
			name = $0
			gsub(/^\[profiles\.|\].*$/, "", name)
		}
	}
	name != "" && /^[[:blank:]]*deployment_type[[:blank:]]*=[[:blank:]]*"enterprise"/ {
		print name
	}' $redisctl 2>/dev/null
end

# The databases that list or the console saw within a day: each id with its name, and the names;
# those of the cluster if it is known.
function __bdbtop_databases
	set -l folder $XDG_STATE_HOME
	test -n "$folder"; or set folder $HOME/.local/state
	set -lx now (date +%s)
	set -lx cluster (string match -r -- '^--cluster=.*' (commandline -opc) | string replace -- --cluster= '')[-1]
	awk -F '\t' '
	$1 ~ /^[0-9]+$/ && ENVIRON["now"] - $1 < 86400 && $3 ~ /^[0-9]+$/ {
		of[++n] = $2
		id[n] = $3
		name[n] = $4 ~ /^[A-Za-z][A-Za-z0-9._-]*$/ ? $4 : ""
		known += $2 == ENVIRON["cluster"]
	}
	END {
		for (i = 1; i <= n; i++) {
			if (known && of[i] != ENVIRON["cluster"])
				continue
			print id[i] "\t" name[i]
			if (name[i] != "")
				print name[i] "\t" id[i]
		}
	}' $folder/bdbtop/names 2>/dev/null
end

function __bdbtop_formats
	switch (__bdbtop_command)
		case reset
			printf '%s\n' table jsonl
		case history
			printf '%s\n' table json csv
		case '*'
			printf '%s\n' table json jsonl csv tsv prometheus
	end
end

complete -c bdbtop -f
complete -c bdbtop -n '__bdbtop_in console help' -a 'list check reset history trust help'
complete -c bdbtop -n '__bdbtop_in console list check trust' -a '(__bdbtop_clusters)'
complete -c bdbtop -n '__bdbtop_in reset; and not __bdbtop_kind' -a 'backup export import'
complete -c bdbtop -n '__bdbtop_in reset; and __bdbtop_kind' -a '(__bdbtop_databases)'

complete -c bdbtop -n '__bdbtop_in console list check reset' -l demo -d 'start and open a simulated cluster'
complete -c bdbtop -n '__bdbtop_in console list check' -s i -l interval -x -d 'poll interval'
complete -c bdbtop -n '__bdbtop_in console list check reset' -s u -l user -x -d 'log in as this user'
complete -c bdbtop -n '__bdbtop_in console list check reset' -l auth -x -a 'basic token certificate' -d 'how to log in'
complete -c bdbtop -n '__bdbtop_in console list check reset' -l askpass -d 'ask for the password'
complete -c bdbtop -n '__bdbtop_in console list check reset' -l password-file -r -F -d 'read the password from a file'
complete -c bdbtop -n '__bdbtop_in console list check reset' -l password-command -x -d 'run a command that prints the password'
complete -c bdbtop -n '__bdbtop_in console list check reset' -l token-file -r -F -d 'log in with the token in a file'
complete -c bdbtop -n '__bdbtop_in console list check reset trust' -l cacert -r -F -d 'CA certificates to trust'
complete -c bdbtop -n '__bdbtop_in console list check reset trust' -l cert -r -F -d 'client certificate'
complete -c bdbtop -n '__bdbtop_in console list check reset trust' -l key -r -F -d 'key of the client certificate'
complete -c bdbtop -n '__bdbtop_in console list check reset' -l insecure -d 'accept any certificate'
complete -c bdbtop -n '__bdbtop_in console list check' -l stall-after -x -d 'stalled: no progress for this time'
complete -c bdbtop -n '__bdbtop_in console list check reset' -l filter -x -d 'show only what matches'
complete -c bdbtop -n '__bdbtop_in console list' -l sort -x -a 'severity db name status backup export import last-backup loss next reason result' -d 'order of the list'
complete -c bdbtop -n '__bdbtop_in console list' -l columns -x -a 'db name status backup export import last loss next interval size shards tags reason' -d 'columns of the list'
complete -c bdbtop -n '__bdbtop_in list' -l problems -d 'only databases with problems'
complete -c bdbtop -n '__bdbtop_in list' -l by -x -a 'cause' -d 'one line for each problem'
complete -c bdbtop -n '__bdbtop_in list reset history' -l format -x -a '(__bdbtop_formats)' -d 'format of the output'
complete -c bdbtop -n '__bdbtop_in list history' -l no-header -d 'leave out the headings'
complete -c bdbtop -n '__bdbtop_in list' -l excel -d 'protect cells from spreadsheets'
complete -c bdbtop -n '__bdbtop_in list' -l watch -d 'go on, print changes'
complete -c bdbtop -n '__bdbtop_in list history' -s o -l output -r -F -d 'write to a file'
complete -c bdbtop -n '__bdbtop_in list' -l exit-status -d 'exit with 1 on a problem'
complete -c bdbtop -n '__bdbtop_in check' -s H -l hostname -x -a '(__bdbtop_clusters)' -d 'cluster'
complete -c bdbtop -n '__bdbtop_in check' -s w -l warning -x -d 'WARNING outside this range'
complete -c bdbtop -n '__bdbtop_in check' -s c -l critical -x -d 'CRITICAL outside this range'
complete -c bdbtop -n '__bdbtop_in check' -s v -l verbose -d 'print more'
complete -c bdbtop -n '__bdbtop_in reset' -l cluster -x -a '(__bdbtop_clusters)' -d 'cluster of the databases'
complete -c bdbtop -n '__bdbtop_in reset' -l all-failed -d 'all whose operation failed'
complete -c bdbtop -n '__bdbtop_in reset' -l dry-run -d 'print what would be sent'
complete -c bdbtop -n '__bdbtop_in reset' -l yes -d 'do not ask'
complete -c bdbtop -n '__bdbtop_in reset' -l note -x -d 'text for the audit log'
complete -c bdbtop -n '__bdbtop_in check reset' -l wait -d 'wait for the outcome'
complete -c bdbtop -n '__bdbtop_in list check reset' -s t -l timeout -x -d 'end after this time'
complete -c bdbtop -n '__bdbtop_in history' -l since -x -d 'from this time on'
complete -c bdbtop -n '__bdbtop_in history' -l until -x -d 'before this time'
complete -c bdbtop -n '__bdbtop_in history' -l db -x -a '(__bdbtop_databases)' -d 'only this database'
complete -c bdbtop -n '__bdbtop_in history' -l outcome -x -d 'only resets with this outcome'
complete -c bdbtop -n '__bdbtop_in console reset' -l read-only -d 'disable resets'
complete -c bdbtop -n '__bdbtop_in console list check reset history trust' -l no-sandbox -d 'no limits by the kernel'
complete -c bdbtop -n '__bdbtop_in trust' -l replace -d 'accept another key'
complete -c bdbtop -n '__bdbtop_in console list check reset history trust' -l config -r -F -d 'another configuration'
complete -c bdbtop -n '__bdbtop_in console list check reset history trust' -l print-config -d 'print the settings'
complete -c bdbtop -n '__bdbtop_in console' -l theme -x -a 'colour monochrome contrast' -d 'colours'
complete -c bdbtop -n '__bdbtop_in console list' -l ascii -d 'draw with ASCII only'
complete -c bdbtop -n '__bdbtop_in console' -l no-title -d 'leave the title alone'
complete -c bdbtop -n '__bdbtop_in console' -l no-report -d 'no report on quitting'
complete -c bdbtop -n '__bdbtop_in console' -l mouse -d 'enable the mouse'
complete -c bdbtop -n '__bdbtop_in console list check reset history trust' -s h -l help -d 'print the help'
complete -c bdbtop -n '__bdbtop_in console list check reset history trust' -s V -l version -d 'print the version'
