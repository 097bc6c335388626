import { resolve } from 'node:path';

import type { Command } from 'commander';

import { help } from '../help.js';
import { kubeconfigOptions, settingsOption, type KubeconfigFlags } from '../options.js';
import { type Session, say } from '../session.js';

type Flags = KubeconfigFlags & { readonly settings: string };

/** `kfops serve`: the chatops server. */
export function defineServe(program: Command, session: Session): void {
  const command = kubeconfigOptions(
    program
      .command('serve')
      .description('Run the chatops server, which turns commands in pull-request comments into builds.'),
  )
    .addOption(settingsOption().makeOptionMandatory())
    .action((flags: Flags) => serve(session, flags));
  help(command, [
    ['kfops serve --settings settings.yaml', 'the log goes to stdout, a line of JSON for each entry'],
    ['kfops serve --settings settings.yaml | npx pino-pretty', 'a log for people'],
  ]);
}

async function serve(session: Session, flags: Flags): Promise<void> {
  const { io } = session;
  const [{ serve: run }, { readSettings }, { connect }] = await Promise.all([
    import('../../server/runtime/serve.js'),
    import('../open-project.js'),
    import('../cluster.js'),
  ]);
  const settings = readSettings(session, flags.settings);
  const ending = new AbortController();
  // Shuts down in order: running work ends or is left to another replica.
  const giveBack = io.takeInterrupts((signal) => {
    if (ending.signal.aborted) process.exit(signal === 'SIGINT' ? 130 : 143);
    ending.abort(signal);
  });
  try {
    await run({
      settings,
      file: {
        path: resolve(io.cwd, flags.settings),
        read: () => readSettings(session, flags.settings),
      },
      connectCluster: () => connect(io, flags),
      env: io.env,
      out: io.stdout,
      announce: (address) => {
        say(session, 'No GitHub App is set up yet. Open this address, which works once, to make one:\n');
        say(session, `  ${address}\n`);
      },
      signal: ending.signal,
    });
  } finally {
    giveBack();
  }
}
