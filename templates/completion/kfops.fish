# Completion of kfops for fish, by `kfops completion fish`.
# The words go to kfops as arguments, and its answers are only compared and inserted: nothing is evaluated.
function __kfops_complete
    set -l typed (commandline -opc)
    set -e typed[1]
    set -l current (commandline -ct)
    set -l option (string match -r -- '^--[^=]*=' $current)
    set -l path (string replace -r -- '^--[^=]*=' '' $current)
    for line in (command kfops __complete '' -- $typed $current 2>/dev/null </dev/null)
        switch $line
            case ':files'
                printf "$option%s\n" (__fish_complete_path $path)
            case ':folders'
                printf "$option%s\n" (__fish_complete_directories $path '')
            case ':'
            case '*'
                printf '%s\n' $line
        end
    end
end
complete -c kfops -e
complete -c kfops -f -a '(__kfops_complete)'
