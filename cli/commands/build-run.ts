import type { Command } from 'commander';

import { help } from '../help.js';
import { forceOption, ifChangedOption, imageArguments, noCacheOption, tagOption } from '../options.js';
import type { Session } from '../session.js';
import type { SubmitFlags } from '../submit.js';
import { build, submitOptions } from './build.js';

/** `kfops build_run`: as `kfops build --run`, by the name that `/build_run` has on GitHub. */
export function defineBuildRun(program: Command, session: Session): void {
  const command = imageArguments(
    submitOptions(
      program,
      'build_run',
      'Build the images that changed, compile the pipeline and run it, in the cluster: build --run.',
    ),
  )
    .addOption(tagOption())
    .addOption(noCacheOption())
    .addOption(forceOption())
    .addOption(ifChangedOption())
    .action((dir: string, images: string[], flags: SubmitFlags) =>
      build(session, dir, images, { ...flags, run: true }),
    );
  help(command, [
    ['kfops build_run --wait', 'and see how it goes, to the end'],
    ['kfops build_run trainer', 'one image and its base images'],
    ['kfops build_run --commit HEAD', 'a commit, not the files on disk'],
  ]);
}
