import { type Command, Option } from 'commander';

import { ExitCode } from '../exit.js';
import { help } from '../help.js';
import { completeHints } from '../invocation.js';
import { type ProjectFlags, projectOptions } from '../options.js';
import type { Validation } from '../output/validation.js';
import { type Session, stdoutPrinter } from '../session.js';

const FORMATS = {
  text: async () => (await import('../output/validation.js')).validationText,
  json: async () => (await import('../output/validation.js')).validationJson,
  github: async () => (await import('../output/annotations.js')).annotationsText,
};

type Format = keyof typeof FORMATS;
type Flags = ProjectFlags & { readonly format: Format; readonly json?: true };

/** `kfops validate`: whether the configuration and all that it points at are right. */
export function defineValidate(program: Command, session: Session): void {
  const command = projectOptions(
    program
      .command('validate')
      .description(
        'Check both configuration files, and the folders, Dockerfiles and pipeline code they name.',
      ),
  )
    .addOption(
      new Option(
        '--format <FORMAT>',
        'output format: for people, for programs, or as GitHub Actions annotations',
      )
        .choices(Object.keys(FORMATS))
        .default('text'),
    )
    .addOption(new Option('--json', 'short for --format json').conflicts('format'))
    .action((dir: string, flags: Flags) => validate(session, dir, flags));
  help(command, [
    ['kfops validate', 'the repository in this folder'],
    ['kfops validate --commit origin/main', 'as it is at a commit'],
    ['kfops validate --settings cluster.yaml', 'against the settings of your cluster'],
    ["kfops validate --json | jq -r '.diagnostics[].code'", 'for a script'],
    ['kfops validate --format github', 'in a workflow of GitHub Actions: each at its line'],
  ]);
}

async function validate(session: Session, dir: string, flags: Flags): Promise<void> {
  const format = await FORMATS[flags.json ? 'json' : flags.format]();
  const validation = await check(session, dir, flags);
  const printer = stdoutPrinter(session);
  printer.print(format(validation, { io: session.io, dir, flags, ...printer }));
  session.exitCode = validation.valid ? ExitCode.Done : ExitCode.Usage;
}

/** What is wrong is what this command reports, not an error of its own. */
async function check(session: Session, dir: string, flags: Flags): Promise<Validation> {
  const [{ loadPlan }, { ConfigError }] = await Promise.all([
    import('../load-plan.js'),
    import('../../schema/diagnostic.js'),
  ]);
  try {
    const { plan, warnings } = await loadPlan(session, dir, flags);
    return { valid: true, plan, diagnostics: warnings };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { valid: false, diagnostics: completeHints(session, error.diagnostics) };
  }
}
