import { type Command, InvalidArgumentError, Option } from 'commander';

import { SAFE_TO_DELETE_DAYS } from '../../stores/safe-age.js';
import type { GarbageFlags } from '../collect-garbage.js';
import { help } from '../help.js';
import { clusterOptions, collect, dnsLabel, settingsOption } from '../options.js';
import type { Session } from '../session.js';

/** `kfops gc`: deletes old objects of the object store. */
export function defineGc(program: Command, session: Session): void {
  const command = clusterOptions(
    program
      .command('gc')
      .description(
        'Find old build contexts and compiled pipelines that no workflow uses, and delete them with --delete.',
      )
      .addOption(
        new Option(
          '--older-than <DAYS>',
          `least age, such as 30d; at least ${SAFE_TO_DELETE_DAYS}d, so that no build loses its context`,
        )
          .argParser(days)
          .default(30, '30d'),
      )
      .option('--delete', 'delete them; without it, only print what would be deleted')
      .option('--bucket <NAME>', 'default: server.minio.bucket of the settings, or image-build-artifacts')
      .option(
        '-n, --namespace <NAMESPACE>',
        'another namespace whose workflows use the bucket; can be repeated. Those of the settings are always included',
        (value: string, earlier?: readonly string[]) => collect(dnsLabel(value), earlier),
      )
      .addOption(settingsOption())
      .option('--json', 'print JSON'),
  ).action((flags: GarbageFlags) => gc(session, flags));
  help(command, [
    ['kfops gc', 'what could be deleted'],
    ['kfops gc --older-than 60d --delete', 'delete it'],
    ['kfops gc -n team-a -n team-b', 'keep what workflows in these namespaces use, too'],
  ]);
}

async function gc(session: Session, flags: GarbageFlags): Promise<void> {
  const { collectGarbage } = await import('../collect-garbage.js');
  await collectGarbage(session, flags);
}

function days(value: string): number {
  const [, number] = /^([1-9][0-9]{0,4})d$/.exec(value) ?? [];
  if (number === undefined) throw new InvalidArgumentError('An age is a whole number of days: 30d.');
  if (Number(number) < SAFE_TO_DELETE_DAYS)
    throw new InvalidArgumentError(
      `The least age is ${SAFE_TO_DELETE_DAYS}d: a build that starts now can use a younger context.`,
    );
  return Number(number);
}
