#compdef kfops
# Completion of kfops for zsh, by `kfops completion zsh`.
# The words go to kfops as arguments, and its answers are only compared and inserted: nothing is evaluated.
_kfops() {
  local line paths='' tab=$'\t' found=1
  local -a typed answers
  typed=("${(@Q)words[2,CURRENT]}")
  for line in "${(@f)$(command kfops __complete '' -- "${typed[@]}" 2>/dev/null </dev/null)}"; do
    case $line in
      :*) paths=${line#:} ;;
      *) answers+=("${${line%%$tab*}//:/\\:}:${line#*$tab}") ;;
    esac
  done
  (( ${#answers} )) && _describe kfops answers && found=0
  case $paths in
    files)
      compset -P '--*='
      _files && found=0
      ;;
    folders)
      compset -P '--*='
      _files -/ && found=0
      ;;
  esac
  return found
}
# Also where the file was read with `source`, not found in fpath.
if [[ ${funcstack[1]-} == _kfops ]]; then
  _kfops "$@"
elif (( $+functions[compdef] )); then
  compdef _kfops kfops
fi
