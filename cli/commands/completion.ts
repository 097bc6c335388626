import { Argument, type Command } from 'commander';

import { completionScript, SHELLS, type CompletionShell } from '../completion-script.js';
import { help } from '../help.js';
import type { Session } from '../session.js';

/** `kfops completion`: a script that completes its words in a shell. */
export function defineCompletion(program: Command, { io }: Session): void {
  const command = program
    .command('completion')
    .description('Print a script that completes commands, options and names in your shell.')
    .addArgument(new Argument('<SHELL>', 'your shell').choices(SHELLS))
    .action(async (shell: CompletionShell) => {
      io.stdout.write(await completionScript(shell));
    });
  help(command, [
    ['source <(kfops completion bash)', 'in ~/.bashrc'],
    ['source <(kfops completion zsh)', 'in ~/.zshrc, after compinit'],
    ['kfops completion fish | source', 'in ~/.config/fish/config.fish'],
  ]);
}
