# fish completion for dockhop: dockhop completion fish | source
function __dockhop_candidates
	set -l words (commandline -opc) (commandline -ct)
	$words[1] complete -- $words[2..-1] 2> /dev/null
end
complete -c dockhop -f -a '(__dockhop_candidates)'
complete -c dockhop -l replay -r -F
complete -c dockhop -n '__fish_seen_subcommand_from record' -F
