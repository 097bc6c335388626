import { resolve } from 'node:path';

import { type Command, InvalidArgumentError, Option } from 'commander';

import { help } from '../help.js';
import { type ProjectFlags } from '../options.js';
import { type Session, say, stderrPrinter, stdoutPrinter } from '../session.js';

type Flags = Pick<ProjectFlags, 'config' | 'commit'> & {
  readonly images?: string;
  readonly output: string;
  readonly python: string;
  readonly timeout: number;
};

/** `kfops compile-pipeline`: what the workflow does after its builds, with a Python of this machine. */
export function defineCompilePipeline(program: Command, session: Session): void {
  const command = program
    .command('compile-pipeline')
    .description('Compile the pipeline with a local Python that has kfp, and pin its images.')
    .argument('[DIR]', 'root folder of the repository', '.')
    .option('--config <FILE>', 'use this file instead of config_files/config.yaml')
    .option('--commit <REV>', 'read the repository at this commit, not the files on disk')
    .option('--images <FILE>', 'pin the images of this images.json from a build')
    .addOption(
      new Option('-o, --output <FILE>', 'the compiled pipeline; `-` is stdout').default('pipeline.yaml'),
    )
    .addOption(new Option('--python <PATH>', 'the Python to use').env('KFOPS_PYTHON').default('python3'))
    .addOption(
      new Option('--timeout <SECONDS>', 'time limit for the pipeline’s code').default(120).argParser(seconds),
    )
    .action((dir: string, flags: Flags) => compile(session, dir, flags));
  help(command, [
    ['kfops compile-pipeline', 'see whether it compiles, before a push'],
    ['kfops compile-pipeline --images images.json -o -', 'with the images of a build, on stdout'],
    ['kfops compile-pipeline --python .venv/bin/python', 'with the Python of a virtual environment'],
  ]);
}

function seconds(value: string): number {
  if (/^[1-9][0-9]{0,4}$/.test(value)) return Number(value);
  throw new InvalidArgumentError('A whole number of seconds, from 1 to 99999.');
}

async function compile(session: Session, dir: string, flags: Flags): Promise<void> {
  const [{ compileProject }, { pinText }, { diagnosticsText }, { writeOutput }, { checkOutput }] =
    await Promise.all([
      import('../compile-project.js'),
      import('../pin-text.js'),
      import('../output/diagnostics.js'),
      import('../output/file.js'),
      import('../output/target.js'),
    ]);
  const toStdout = await checkOutput(resolve(session.io.cwd, flags.output), flags.output);
  const printer = toStdout ? stderrPrinter(session) : stdoutPrinter(session);
  const { yaml, report, warnings } = await compileProject(session, dir, flags);
  await writeOutput(session.io, flags.output, yaml);
  if (warnings.length > 0) say(session, `${diagnosticsText(stderrPrinter(session), warnings)}\n`);
  printer.print(
    pinText(report, { output: flags.output, withImages: flags.images !== undefined }, printer.style),
  );
}
