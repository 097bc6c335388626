import { type Command, Option } from 'commander';

import type { Graph } from '../../generator/graph/graph.js';
import { help } from '../help.js';
import { type BuildFlags, type ProjectFlags, projectOptions } from '../options.js';
import type { Session } from '../session.js';

const FORMATS = {
  tree: async () => (await import('../../generator/graph/tree.js')).renderTree,
  mermaid: async () => (await import('../../generator/graph/mermaid.js')).renderMermaid,
  dot: async () => (await import('../../generator/graph/dot.js')).renderDot,
} satisfies Record<string, () => Promise<(graph: Graph) => string>>;

type Flags = ProjectFlags & Pick<BuildFlags, 'run'> & { readonly format: keyof typeof FORMATS };

/** `kfops graph`: the steps of a build as a picture. */
export function defineGraph(program: Command, session: Session): void {
  const command = projectOptions(
    program.command('graph').description('Draw the steps of a build and their dependencies.'),
  )
    .addOption(new Option('--format <FORMAT>', 'output format').choices(Object.keys(FORMATS)).default('tree'))
    .option('--run', 'include the run of the pipeline')
    .action((dir: string, flags: Flags) => graph(session, dir, flags));
  help(command, [
    ['kfops graph', 'as a tree of names'],
    ['kfops graph --format mermaid', 'for a ```mermaid block on GitHub'],
    ['kfops graph --format dot | dot -Tpng > dag.png', 'with Graphviz'],
  ]);
}

async function graph(session: Session, dir: string, flags: Flags): Promise<void> {
  const [{ loadPlan }, { planGraph }, { writeOutput }, render] = await Promise.all([
    import('../load-plan.js'),
    import('../../generator/graph/graph.js'),
    import('../output/file.js'),
    FORMATS[flags.format](),
  ]);
  const { plan } = await loadPlan(session, dir, flags);
  await writeOutput(session.io, '-', render(planGraph(plan)));
}
