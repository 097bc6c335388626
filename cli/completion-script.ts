import { readFile } from 'node:fs/promises';

/** The shells that have a script. */
export const SHELLS = ['bash', 'zsh', 'fish'] as const;

export type CompletionShell = (typeof SHELLS)[number];

/** In the bundle, this file is as deep as here. */
const SCRIPTS = new URL('../templates/completion/', import.meta.url);

/** The script that completes the words of kfops in a shell. */
export async function completionScript(shell: CompletionShell): Promise<string> {
  return readFile(new URL(`kfops.${shell}`, SCRIPTS), 'utf8');
}
