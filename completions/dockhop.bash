# bash completion for dockhop: source <(dockhop completion bash)
_dockhop() {
	local line="${COMP_LINE:0:COMP_POINT}" words word each
	read -ra words <<< "$line"
	[[ $line == *[[:space:]] ]] && words+=("")
	word="${words[${#words[@]} - 1]}"
	COMPREPLY=()
	while IFS=$'\t' read -r each _; do
		# For bash a word begins anew behind a colon and an equals sign.
		COMPREPLY+=("${each#"${word%"${word##*[:=]}"}"}")
	done < <("$1" complete -- "${words[@]:1}" 2> /dev/null)
}
complete -o default -F _dockhop dockhop
