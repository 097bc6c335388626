import { join, resolve } from 'node:path';

import type { Command } from 'commander';

import { help } from '../help.js';
import { shellQuote } from '../shell.js';
import { type Session, say } from '../session.js';

/** `kfops init`: the configuration files to start from. */
export function defineInit(program: Command, session: Session): void {
  const command = program
    .command('init')
    .description('Write config_files/config.yaml and config_files/kaniko-manifest.yaml to start from.')
    .argument('[DIR]', 'the repository’s root folder; made where it is missing', '.')
    .option('--force', 'overwrite files that are there')
    .action((dir: string, flags: { force?: true }) => init(session, dir, flags.force ?? false));
  help(command, [
    ['kfops init', 'in the repository’s root'],
    ['kfops init my-pipeline', 'in another folder'],
    ['kfops init --force', 'start over'],
  ]);
}

async function init(session: Session, dir: string, force: boolean): Promise<void> {
  const [{ writeInitFiles }, { remoteRepository }, { refuseFile }] = await Promise.all([
    import('../init-files.js'),
    import('../git-remote.js'),
    import('../open-project.js'),
  ]);
  const { io, style } = session;
  const folder = resolve(io.cwd, dir);
  refuseFile(dir, folder);
  const repository = await remoteRepository(folder);
  const written = await writeInitFiles(folder, { force, repository });
  for (const { path, kept } of written) {
    const file = dir === '.' ? path : join(dir, path);
    say(
      session,
      kept
        ? `${style.dim('kept ')} ${file} ${style.dim('(it was there; --force overwrites it)')}`
        : `${style.green('wrote')} ${file}`,
    );
  }
  if (written.every(({ kept }) => kept)) return;
  const where = dir === '.' ? '' : ` ${shellQuote(dir)}`;
  say(session);
  if (repository && written.some(({ path, kept }) => !kept && path.endsWith('/config.yaml'))) {
    say(
      session,
      `The repository is ${style.bold(`${repository.owner}/${repository.name}`)}, as git’s remote origin says.`,
    );
  }
  say(
    session,
    `${style.bold('Next')}  describe your images and your pipeline in config_files/config.yaml, then: kfops validate${where}`,
  );
}
