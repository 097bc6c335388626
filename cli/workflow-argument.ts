import type { Command } from 'commander';

import { dnsLabel, namespaceOptions } from './options.js';

/** A verb for one workflow in the cluster: `NAME` and the options that tell which cluster and namespace. */
export function workflowVerb(program: Command, verb: string, description: string): Command {
  return namespaceOptions(program.command(verb).description(description)).argument(
    '<NAME>',
    'the workflow, as `kfops build` or `kfops status` names it',
    dnsLabel,
  );
}
