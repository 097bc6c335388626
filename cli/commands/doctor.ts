import type { Command } from 'commander';

import type { Check } from '../../argo/doctor/doctor.js';
import type { DoctorFlags } from '../diagnose.js';
import { ExitCode } from '../exit.js';
import { help } from '../help.js';
import { completeCommands } from '../invocation.js';
import { clusterOptions, namespaceOption, projectOptions } from '../options.js';
import { type Session, stdoutPrinter } from '../session.js';

type Flags = DoctorFlags & { readonly json?: true };

/** `kfops doctor`: whether this machine and the cluster have what a build needs. */
export function defineDoctor(program: Command, session: Session): void {
  const command = clusterOptions(
    projectOptions(
      program
        .command('doctor')
        .description(
          'Check what a build needs: this machine, the cluster, the object store, the registry. Changes nothing.',
        ),
    ),
  )
    .addOption(namespaceOption())
    .option(
      '--server',
      'also check what GitHub gives the server of the settings: permissions, events, installations, webhook',
    )
    .option('--json', 'print the checks as JSON')
    .action((dir: string, flags: Flags) => doctor(session, dir, flags));
  help(command, [
    ['kfops doctor', 'for the repository in this folder'],
    ['kfops doctor --context staging -n kfops-staging', 'for another cluster'],
    ['kfops doctor --server --settings settings.yaml', 'what the GitHub App lacks, too'],
    ['kfops doctor --json | jq \'.[] | select(.state == "problem")\'', 'for a script'],
  ]);
}

async function doctor(session: Session, dir: string, flags: Flags): Promise<void> {
  const [{ diagnose }, { checkText }, { writeOutput }] = await Promise.all([
    import('../diagnose.js'),
    import('../output/check-text.js'),
    import('../output/file.js'),
  ]);
  const { io } = session;
  const printer = stdoutPrinter(session);
  const checks: Check[] = [];
  for await (const found of diagnose(session, dir, flags)) {
    const { nextStep } = found;
    const check =
      nextStep === undefined ? found : { ...found, nextStep: completeCommands(session, nextStep) };
    checks.push(check);
    // Line by line: some of the answers take seconds.
    if (!flags.json) printer.print(checkText(check, printer));
  }
  if (flags.json) await writeOutput(io, '-', `${JSON.stringify(checks, undefined, 2)}\n`);
  const problems = checks.some(({ state }) => state === 'problem');
  session.exitCode = problems ? ExitCode.Failed : ExitCode.Done;
}
