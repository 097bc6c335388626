import { type Command, Option } from 'commander';

import { help } from '../help.js';
import type { Session } from '../session.js';
import type { RunVersionFlags } from '../submit-run.js';
import { submitOptions } from './build.js';

/** `kfops run`: a run of a version that a build has published. */
export function defineRun(program: Command, session: Session): void {
  const command = submitOptions(
    program,
    'run',
    'Run a version of the pipeline that was published before, without a build.',
  )
    .addOption(
      new Option(
        '--version-name <NAME>',
        'the version; default: the newest that builds of these files published',
      ).conflicts('versionId'),
    )
    .option('--version-id <ID>', 'the version, by its id in Kubeflow Pipelines')
    .action((dir: string, flags: RunVersionFlags) => run(session, dir, flags));
  help(command, [
    ['kfops run --commit HEAD --wait', 'the newest version of this commit, to its end'],
    ['kfops run --version-name pr-17-1a2b3c4d5e6f', 'a version that a pull request has built'],
    ['kfops run --set pipeline_args.epochs=20', 'with another argument'],
  ]);
}

async function run(session: Session, dir: string, flags: RunVersionFlags): Promise<void> {
  const { submitRun } = await import('../submit-run.js');
  await submitRun(session, dir, flags);
}
