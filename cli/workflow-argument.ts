import type { Command } from 'commander';

import { dnsLabel, namespaceOptions } from './options.js';

/** In place of a name: the newest workflow of the repository that the current folder is in. */
export const LATEST = '@latest';

/** What `kfops logs` calls the steps of a workflow that build no image. */
export const LAST_STEPS: readonly string[] = ['tag', 'compile', 'publish', 'run'];

/** A verb for one workflow in the cluster: `NAME` and the options that tell which cluster and namespace. */
export function workflowVerb(
  program: Command,
  verb: string,
  description: string,
  { isNameRequired = false }: { readonly isNameRequired?: boolean } = {},
): Command {
  const what = 'the workflow, as `kfops build` or `kfops status --all` names it';
  return namespaceOptions(program.command(verb).description(description)).argument(
    isNameRequired ? '<NAME>' : '[NAME]',
    isNameRequired
      ? `${what}, or ${LATEST} for the newest of this repository`
      : `${what}; default: ${LATEST}, the newest of this repository`,
    (value) => (value === LATEST ? value : dnsLabel(value)),
  );
}
