# Completion of kfops for bash, by `kfops completion bash`.
# The words go to kfops as arguments, and its answers are only compared and inserted: nothing is evaluated.
_kfops() {
  local current=${COMP_WORDS[COMP_CWORD]} paths='' word text
  COMPREPLY=()
  while IFS=$'\t' read -r word text; do
    case $word in
      :*) paths=${word#:} ;;
      *) COMPREPLY+=("$word") ;;
    esac
  done < <(command kfops __complete "$COMP_WORDBREAKS" -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null </dev/null)

  local action
  case $paths in
    files) action=-f ;;
    folders) action=-d ;;
    *) return ;;
  esac
  [[ $current == = ]] && current=''
  # With quotes and slashes where they are needed.
  compopt -o filenames 2>/dev/null
  while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen "$action" -- "$current")
}
complete -F _kfops kfops
