import type { Command } from 'commander';

import { help } from '../help.js';
import { noCacheOption, tagOption } from '../options.js';
import type { Session } from '../session.js';
import type { SubmitFlags } from '../submit.js';
import { build, submitOptions } from './build.js';

/** `kfops build_run`: as `kfops build --run`, by the name that `/build_run` has on GitHub. */
export function defineBuildRun(program: Command, session: Session): void {
  const command = submitOptions(
    program,
    'build_run',
    'Build every image, compile the pipeline and run it, in the cluster: build --run.',
  )
    .addOption(tagOption())
    .addOption(noCacheOption())
    .action((dir: string, flags: SubmitFlags) => build(session, dir, { ...flags, run: true }));
  help(command, [
    ['kfops build_run --wait', 'and see how it goes, to the end'],
    ['kfops build_run --commit HEAD', 'a commit, not the files on disk'],
  ]);
}
