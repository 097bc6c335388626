import { type Command, Option } from 'commander';

import { help } from '../help.js';
import { buildOptions, type BuildFlags, dnsLabel, type ProjectFlags, projectOptions } from '../options.js';
import { type Session, say } from '../session.js';

type Flags = ProjectFlags &
  BuildFlags & {
    readonly output: string;
    readonly contexts?: string;
    readonly upload?: true;
    readonly namespace?: string;
    readonly name?: string;
  };

/** `kfops generate`: the Workflow, and its contexts where the cluster finds them. */
export function defineGenerate(program: Command, session: Session): void {
  const command = buildOptions(
    projectOptions(
      program
        .command('generate')
        .description(
          'Write the Argo Workflow that builds every image and compiles the pipeline, and store its contexts.',
        ),
    ),
  )
    .addOption(new Option('-o, --output <FILE>', 'the Workflow’s file; `-` is stdout').default('-'))
    .addOption(new Option('--contexts <DIR>', 'store the build contexts in this folder').conflicts('upload'))
    .option('--upload', 'store the build contexts in MinIO, where the cluster finds them')
    .option('-n, --namespace <NAMESPACE>', 'where it runs; default: the settings’ (kfops)', dnsLabel)
    .option('--name <NAME>', 'the Workflow’s name; default: the cluster makes one up', dnsLabel)
    .action((dir: string, flags: Flags) => generate(session, dir, flags));
  help(command, [
    ['kfops generate -o workflow.yaml --contexts contexts', 'all into files, nothing leaves this machine'],
    ['kfops generate --upload | argo submit -n kfops -', 'upload the contexts and submit'],
    [
      'kfops generate --commit v1.2 --tag v1.2 --run -o workflow.yaml',
      'a release, and a run of its pipeline',
    ],
    [
      'kfops generate --set image_builder.parallelism=2 -o workflow.yaml',
      'with another value in the configuration',
    ],
  ]);
}

async function generate(session: Session, dir: string, flags: Flags): Promise<void> {
  const [
    { run },
    { stringifyWorkflow },
    { openProject },
    { planText },
    { writeOutput },
    { diagnosticsText },
  ] = await Promise.all([
    import('../../generator/run.js'),
    import('../../generator/workflow/stringify.js'),
    import('../open-project.js'),
    import('../plan-text.js'),
    import('../output/file.js'),
    import('../output/diagnostics.js'),
  ]);
  const { contextProgress } = await import('../output/progress.js');
  const { openStore } = await import('../stores.js');
  const { io, style } = session;
  const { output, contexts, upload, namespace, name, tag } = flags;
  const where = upload ? 'minio' : contexts === undefined ? undefined : { folder: contexts };
  const { options, warnings } = await openProject(io, dir, flags);
  let progress: ReturnType<typeof contextProgress> | undefined;
  let store = '';

  const { plan, workflow } = await run(
    {
      ...options,
      ...(tag !== undefined && { tag }),
      ...(flags.run && { run: true }),
      ...(namespace !== undefined && { namespace }),
      ...(name !== undefined && { name }),
    },
    {
      source: options.source,
      onPlan: (plan) => {
        say(session, planText(plan, io.columns, style));
        const all = [...warnings, ...plan.warnings];
        if (all.length > 0) say(session, `\n${diagnosticsText(session, all)}`);
        say(session);
        progress = contextProgress(session, new Set(plan.images.map(({ context }) => context.key)).size);
      },
      ...(where && {
        openStore: async (project, plan) => {
          const opened = await openStore(io, where, project, plan);
          store = opened.describe();
          return opened;
        },
      }),
      onContext: (event) => progress?.observe(event),
      runner: {
        submit: async (workflow) => {
          progress?.end();
          await writeOutput(io, output, stringifyWorkflow(workflow));
          return { name: output };
        },
      },
    },
  ).finally(() => progress?.end());

  const { reportGenerated } = await import('../report-generated.js');
  reportGenerated(session, {
    plan,
    settings: options.settings,
    namespace: workflow.metadata.namespace ?? options.settings.namespace,
    output,
    uploaded: upload ?? false,
    store: where && plan.images.length > 0 ? { place: store, ...progress?.totals() } : undefined,
  });
}
