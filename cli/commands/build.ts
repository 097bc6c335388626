import type { Command } from 'commander';

import { help } from '../help.js';
import {
  buildOptions,
  clusterOptions,
  dnsLabel,
  ifChangedOption,
  imageArguments,
  namespaceOption,
  noReuseOption,
  projectOptions,
} from '../options.js';
import type { Session } from '../session.js';
import type { SubmitFlags } from '../submit.js';

/** `kfops build`: uploads the contexts and submits the workflow. */
export function defineBuild(program: Command, session: Session): void {
  const command = buildOptions(
    imageArguments(
      submitOptions(
        program,
        'build',
        'Build the images that changed and compile the pipeline, in the cluster.',
      ),
    ),
  )
    .addOption(ifChangedOption())
    .action((dir: string, images: string[], flags: SubmitFlags) => build(session, dir, images, flags));
  help(command, [
    ['kfops build --wait', 'and see how it goes, to the end'],
    ['kfops build trainer serving', 'two images and their base images'],
    ['kfops build --commit HEAD --tag v1.2', 'a commit, under a tag of its own'],
    ['kfops build --if-changed --wait', 'in CI: only if an image or the pipeline changed'],
    ['name=$(kfops build); kfops watch "$name"', 'in a script'],
    ['kfops build --context staging -n kfops-staging', 'in another cluster'],
  ]);
}

/** The options of the verbs that start a workflow from a project. */
export function submitOptions(program: Command, verb: string, description: string): Command {
  return clusterOptions(projectOptions(program.command(verb).description(description)))
    .addOption(namespaceOption())
    .addOption(noReuseOption())
    .option('--name <NAME>', 'name of the workflow; default: generated', dnsLabel)
    .option('--wait', 'follow it to its end; the exit code shows the result');
}

/**
 * Builds what the words after the verb name.
 *
 * @param flags - as the verb and its options say
 */
export async function build(
  session: Session,
  first: string,
  images: readonly string[],
  flags: SubmitFlags,
): Promise<void> {
  const [{ submitBuild }, { imageOperands }] = await Promise.all([
    import('../submit.js'),
    import('../image-operands.js'),
  ]);
  const { dir, ...selection } = imageOperands(session, first, images, flags);
  await submitBuild(session, dir, { ...flags, ...selection });
}
