import type { Command } from 'commander';

import { help } from '../help.js';
import { buildOptions, clusterOptions, dnsLabel, namespaceOption, projectOptions } from '../options.js';
import type { Session } from '../session.js';
import type { SubmitFlags } from '../submit.js';

/** `kfops build`: uploads the contexts and submits the workflow. */
export function defineBuild(program: Command, session: Session): void {
  const command = buildOptions(
    submitOptions(program, 'build', 'Build every image and compile the pipeline, in the cluster.'),
  ).action((dir: string, flags: SubmitFlags) => build(session, dir, flags));
  help(command, [
    ['kfops build --wait', 'and see how it goes, to the end'],
    ['kfops build --commit HEAD --tag v1.2', 'a commit, under a tag of its own'],
    ['name=$(kfops build); kfops watch "$name"', 'in a script'],
    ['kfops build --context staging -n kfops-staging', 'in another cluster'],
  ]);
}

/** The options of the verbs that start a workflow from a project. */
export function submitOptions(program: Command, verb: string, description: string): Command {
  return clusterOptions(projectOptions(program.command(verb).description(description)))
    .addOption(namespaceOption())
    .option('--name <NAME>', 'name of the workflow; default: generated', dnsLabel)
    .option('--wait', 'follow it to its end; the exit code shows the result');
}

/** @param flags - as the verb and its options say */
export async function build(session: Session, dir: string, flags: SubmitFlags): Promise<void> {
  const { submitBuild } = await import('../submit.js');
  await submitBuild(session, dir, flags);
}
