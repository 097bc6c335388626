import type { Command } from 'commander';

import { help } from '../help.js';
import { buildOptions, type BuildFlags, type ProjectFlags, projectOptions } from '../options.js';
import { type Session, say, stderrPrinter, stdoutPrinter } from '../session.js';

type Flags = ProjectFlags & BuildFlags & { readonly json?: true };

/** `kfops plan`: what a build would do. */
export function definePlan(program: Command, session: Session): void {
  const command = buildOptions(
    projectOptions(
      program.command('plan').description('Show what a build would do: contexts, destinations, steps.'),
    ),
  )
    .option('--json', 'print JSON')
    .action((dir: string, flags: Flags) => plan(session, dir, flags));
  help(command, [
    ['kfops plan', 'for the files in this folder'],
    ['kfops plan --commit HEAD --run', 'for a commit, with a run of the pipeline'],
    ["kfops plan --json | jq -r '.images[].destination'", 'for a script'],
  ]);
}

async function plan(session: Session, dir: string, flags: Flags): Promise<void> {
  const [{ loadPlan }, { diagnosticsText }] = await Promise.all([
    import('../load-plan.js'),
    import('../output/diagnostics.js'),
  ]);
  const { project, plan, warnings } = await loadPlan(session, dir, flags);
  if (flags.json) {
    const [{ planJson }, { writeOutput }] = await Promise.all([
      import('../plan-json.js'),
      import('../output/file.js'),
    ]);
    await writeOutput(session.io, '-', `${JSON.stringify(planJson(plan), undefined, 2)}\n`);
  } else {
    const { planText } = await import('../plan-text.js');
    const published = project.settings.kfp !== undefined;
    const { columns, style, print } = stdoutPrinter(session);
    print(planText(plan, { published, columns }, style));
  }
  if (warnings.length > 0) say(session, `\n${diagnosticsText(stderrPrinter(session), warnings)}`);
}
