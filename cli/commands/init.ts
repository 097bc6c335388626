import type { Command } from 'commander';

import { help } from '../help.js';
import type { Session } from '../session.js';

/** `kfops init`: the configuration files to start from. */
export function defineInit(program: Command, session: Session): void {
  const command = program
    .command('init')
    .description(
      'Find Dockerfiles and the pipeline, and write config_files/config.yaml and config_files/kaniko-manifest.yaml for them.',
    )
    .argument('[DIR]', 'root folder of the repository; created if it’s missing', '.')
    .option('-y, --yes', 'don’t ask; use what was found')
    .option('--force', 'overwrite both files if they exist')
    .action(async (dir: string, flags: { yes?: true; force?: true }) => {
      const { init } = await import('../init/init.js');
      await init(session, dir, flags);
    });
  help(command, [
    ['kfops init', 'in the repository’s root; asks on a terminal'],
    ['kfops init --yes', 'without questions; existing files stay, only the schemas are refreshed'],
    ['kfops init my-pipeline', 'in another folder'],
    ['kfops init --force', 'start over'],
  ]);
}
