import type { Command } from 'commander';

import { help } from '../help.js';
import {
  buildOptions,
  type BuildFlags,
  imageArguments,
  noReuseOption,
  type ProjectFlags,
  projectOptions,
} from '../options.js';
import { type Session, say, stderrPrinter, stdoutPrinter } from '../session.js';

type Flags = ProjectFlags & BuildFlags & { readonly json?: true };

/** `kfops plan`: what a build would do. */
export function definePlan(program: Command, session: Session): void {
  const command = buildOptions(
    imageArguments(
      projectOptions(
        program
          .command('plan')
          .description(
            'Show what a build would do: which images it builds and why, contexts, destinations, steps.',
          ),
      ),
    ),
  )
    .addOption(noReuseOption())
    .option('--json', 'print JSON')
    .action((dir: string, images: string[], flags: Flags) => plan(session, dir, images, flags));
  help(command, [
    ['kfops plan', 'for the files in this folder'],
    ['kfops plan trainer serving', 'for two images and their base images'],
    ['kfops plan --commit HEAD --run', 'for a commit, with a run of the pipeline'],
    ["kfops plan --json | jq -r '.images[].destination'", 'for a script'],
  ]);
}

async function plan(session: Session, first: string, images: string[], flags: Flags): Promise<void> {
  const [{ loadPlan }, { diagnosticsText }, { imageOperands }] = await Promise.all([
    import('../load-plan.js'),
    import('../output/diagnostics.js'),
    import('../image-operands.js'),
  ]);
  const { dir, ...selection } = imageOperands(session, first, images, flags);
  const { project, plan, warnings } = await loadPlan(session, dir, { ...flags, ...selection });
  if (flags.json) {
    const [{ planJson }, { writeOutput }] = await Promise.all([
      import('../plan-json.js'),
      import('../output/file.js'),
    ]);
    await writeOutput(session.io, '-', `${JSON.stringify(planJson(plan), undefined, 2)}\n`);
  } else {
    const [{ planText }, { whatTurnedReuseOff }] = await Promise.all([
      import('../plan-text.js'),
      import('../reuse-off.js'),
    ]);
    const reuseOff = whatTurnedReuseOff(session, flags, project.settings);
    const published = project.settings.kfp !== undefined;
    const { columns, style, print } = stdoutPrinter(session);
    print(planText(plan, { published, columns, reuseOff }, style));
  }
  if (warnings.length > 0) say(session, `\n${diagnosticsText(stderrPrinter(session), warnings)}`);
}
