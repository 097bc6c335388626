import { resolve } from 'node:path';

import { type Command, Option } from 'commander';

import { ExitCode } from '../exit.js';
import { help } from '../help.js';
import { type ProjectFlags, projectOptions } from '../options.js';
import { type Session, say, stderrPrinter, stdoutPrinter } from '../session.js';

type Flags = ProjectFlags & { readonly output: string };

/** `kfops context`: one image's build context, as Kaniko would get it. */
export function defineContext(program: Command, session: Session): void {
  const command = projectOptions(
    program
      .command('context')
      .description('Write the build context of one image as a tar.gz: the same bytes that a build gets.')
      .argument('<IMAGE>', 'name of the image in the configuration'),
  )
    .addOption(new Option('-o, --output <FILE>', 'output file; `-` is stdout').default('-'))
    .action((image: string, dir: string, flags: Flags) => context(session, image, dir, flags));
  help(command, [
    ['kfops context trainer -o trainer.tar.gz', 'to a file; prints the `docker build` command for it'],
    ['kfops context trainer | tar -tz', 'see what gets into it'],
    ['kfops context trainer --commit HEAD~1 -o trainer.tar.gz', 'as it was a commit ago'],
  ]);
}

async function context(session: Session, name: string, dir: string, flags: Flags): Promise<void> {
  const { io, style } = session;
  if (flags.output === '-' && io.stdout.isTTY) {
    say(session, `${style.red(style.bold('error:'))} an archive would spoil the terminal`);
    say(session, `  ${style.cyan('→')} Write it to a file with \`-o context.tar.gz\`, or into a pipe.`);
    session.exitCode = ExitCode.Usage;
    return;
  }
  const [
    { loadPlan },
    { packContext },
    { writeOutput },
    { checkOutput, findTarget },
    { formatBytes },
    { formatCount },
    { imageNamed },
    { escapeTerminal },
    { reportDockerBuild },
  ] = await Promise.all([
    import('../load-plan.js'),
    import('../../generator/contexts/pack.js'),
    import('../output/file.js'),
    import('../output/target.js'),
    import('../../common/bytes.js'),
    import('../../templates/units.js'),
    import('../image-named.js'),
    import('../../templates/escape.js'),
    import('../report-docker-build.js'),
  ]);
  const toStdout = await checkOutput(resolve(io.cwd, flags.output), flags.output);
  const { plan, project } = await loadPlan(session, dir, flags);
  const image = imageNamed(plan, name);
  const { context } = image;
  const archive = packContext(project.source, context);
  await writeOutput(io, flags.output, archive);
  const to = flags.output === '-' ? '' : ` in ${escapeTerminal(flags.output)}`;
  const report = toStdout ? stderrPrinter(session) : stdoutPrinter(session);
  report.print(
    `${formatCount(context.entries.length, 'file')}, ${formatBytes(context.bytes)}, key ${context.key.slice(0, 12)}${to}`,
  );
  if (flags.output === '-') return;
  const { kind } = await findTarget(resolve(io.cwd, flags.output), flags.output);
  // What a pipe or a device got can't be read again.
  if (kind === 'file') reportDockerBuild(session, image, flags.output);
}
