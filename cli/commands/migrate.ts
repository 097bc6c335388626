import type { Command } from 'commander';

import { ExitCode } from '../exit.js';
import { help } from '../help.js';
import { commandLine } from '../invocation.js';
import { type Session, stdoutPrinter } from '../session.js';

interface Flags {
  readonly write?: boolean;
  readonly json?: boolean;
}

/** `kfops migrate`: what differs from the Kfops of 2022, and the configuration without what has no effect now. */
export function defineMigrate(program: Command, session: Session): void {
  const command = program
    .command('migrate')
    .description(
      'Say what a repository of the first Kfops (Python, 2022) does differently now, and show the changes to its files.',
    )
    .argument('[DIR]', 'root folder of the repository', '.')
    .option('--write', 'make the changes')
    .option('--json', 'print JSON for programs')
    .action((dir: string, flags: Flags) => migrate(session, dir, flags));
  help(command, [
    ['kfops migrate', 'read-only: findings, and a diff of what --write would change'],
    ['kfops migrate --write', 'change config.yaml and kaniko-manifest.yaml; comments stay'],
    ["kfops migrate --json | jq -r '.findings[].topic'", 'for a script'],
  ]);
}

async function migrate(session: Session, dir: string, { write = false, json }: Flags): Promise<void> {
  const [
    { CONFIG_PATH },
    { openProject },
    { planMigration },
    { writeMigration },
    { migrationJson, migrationText },
  ] = await Promise.all([
    import('../../generator/project/project.js'),
    import('../open-project.js'),
    import('../../generator/migrate/migrate.js'),
    import('../migrate-files.js'),
    import('../output/migration-text.js'),
  ]);
  const { options } = await openProject(session, dir, {}, (place, folder) => ({
    message: `no repository of Kfops (2022) is in ${place === '.' ? folder : place}: it has no ${CONFIG_PATH}`,
    hint: 'name the repository’s root folder',
  }));
  const migration = await planMigration(options.source);
  const isWritten = write && migration.problems.length === 0;
  if (isWritten) await writeMigration(session.io, dir, migration.files);
  const printer = stdoutPrinter(session);
  const report = { ...migration, isWritten };
  printer.print(
    json
      ? migrationJson(report)
      : migrationText(report, printer, commandLine(session, 'migrate', ['--write'])),
  );
  if (migration.problems.length > 0) session.exitCode = ExitCode.Usage;
}
