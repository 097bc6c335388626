import { resolve } from 'node:path';

import type { Command } from 'commander';

import type { EventResult } from '../../server/inbox/pull-request-event.js';
import { ExitCode } from '../exit.js';
import { help } from '../help.js';
import { clusterOptions, settingsOption, type ClusterFlags } from '../options.js';
import { type Session, say } from '../session.js';

type Flags = ClusterFlags & {
  readonly settings: string;
  readonly event?: string;
  readonly dryRun?: true;
};

/** `kfops receive`: a saved delivery, handled without a server. */
export function defineReceive(program: Command, session: Session): void {
  const command = clusterOptions(
    program
      .command('receive')
      .description(
        'Handle a saved GitHub delivery as the server would, but without a server and without checking its signature.',
      )
      .argument('<PAYLOAD>', 'the delivery’s JSON; `-` is stdin')
      .option('--event <NAME>', 'GitHub’s name of the event; default: inferred from the payload')
      .option('--dry-run', 'change nothing; print what would be written')
      .addOption(settingsOption().makeOptionMandatory()),
  ).action((payload: string, flags: Flags) => receive(session, payload, flags));
  help(command, [
    ['kfops receive delivery.json --settings settings.yaml', 'run a command whose delivery was lost'],
    [
      'kfops receive delivery.json --event issue_comment --dry-run --settings settings.yaml',
      'what the server would answer and submit',
    ],
    [
      'gh api /app/hook/deliveries/ID | kfops receive - --dry-run --settings settings.yaml',
      'a delivery as GitHub keeps it',
    ],
  ]);
}

async function receive(session: Session, payload: string, flags: Flags): Promise<void> {
  const { io } = session;
  const [{ receive: run }, { readDelivery }, { readPayload }, { readSettings }, { connectWaiting }, texts] =
    await Promise.all([
      import('../../server/runtime/receive.js'),
      import('../../server/http/payload.js'),
      import('../read-payload.js'),
      import('../open-project.js'),
      import('../cluster.js'),
      import('../output/received-text.js'),
    ]);
  const file = payload === '-' ? 'stdin' : payload;
  const text = await readPayload(io, payload === '-' ? undefined : resolve(io.cwd, payload), file);
  const delivery = readDelivery(text, file, flags.event);
  const handled = await run({
    settings: readSettings(session, flags.settings),
    client: await connectWaiting(session, flags),
    env: io.env,
    delivery,
    file,
    onLog: (line) => {
      say(session, texts.logText(line, session.style));
    },
    ...(flags.dryRun && {
      onDryRunWrite: (one) => {
        io.stdout.write(texts.dryRunText(one, io.stdout.isTTY === true));
      },
    }),
    signal: io.interrupted,
  });
  say(session, texts.handledText(handled, flags.dryRun ?? false, session.style));
  session.exitCode = exitCode(handled);
}

function exitCode({ outcome }: EventResult): ExitCode {
  return outcome === 'failed' ? ExitCode.Failed : ExitCode.Done;
}
