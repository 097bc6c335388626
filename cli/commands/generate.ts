import { resolve } from 'node:path';

import { type Command, Option } from 'commander';

import { help } from '../help.js';
import {
  buildOptions,
  clusterOptions,
  dnsLabel,
  imageArguments,
  namespaceOption,
  projectOptions,
} from '../options.js';
import type { RunFlags } from '../run-build.js';
import { type Session, stderrPrinter, stdoutPrinter } from '../session.js';

type Flags = RunFlags & {
  readonly output: string;
  readonly contexts?: string;
  readonly upload?: true;
};

/** `kfops generate`: the Workflow, and its contexts where the cluster finds them. */
export function defineGenerate(program: Command, session: Session): void {
  const command = buildOptions(
    imageArguments(
      projectOptions(
        program
          .command('generate')
          .description(
            'Write the Argo Workflow that builds the images and compiles the pipeline, and store its contexts.',
          ),
      ),
    ),
  )
    .addOption(new Option('-o, --output <FILE>', 'file for the Workflow; `-` is stdout').default('-'))
    .addOption(new Option('--contexts <DIR>', 'store the build contexts in this folder').conflicts('upload'))
    .option('--upload', 'store the build contexts in the object store, where the cluster reads them')
    .option('--reuse', 'ask the registries, and build only the images that they don’t have')
    .addOption(namespaceOption())
    .option('--name <NAME>', 'name of the Workflow; default: the cluster generates one', dnsLabel);
  clusterOptions(command).action((dir: string, images: string[], flags: Flags) =>
    generate(session, dir, images, flags),
  );
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

async function generate(session: Session, first: string, images: string[], flags: Flags): Promise<void> {
  const [
    { runBuild },
    { stringifyWorkflow },
    { writeOutput },
    { checkOutput },
    { reportGenerated },
    { imageOperands },
  ] = await Promise.all([
    import('../run-build.js'),
    import('../../generator/workflow/stringify.js'),
    import('../output/file.js'),
    import('../output/target.js'),
    import('../report-generated.js'),
    import('../image-operands.js'),
  ]);
  const { dir, ...selection } = imageOperands(session, first, images, flags);
  const { output, contexts, upload } = flags;
  const toStdout = await checkOutput(resolve(session.io.cwd, output), output);
  const report = toStdout ? stderrPrinter(session) : stdoutPrinter(session);
  const made = await runBuild(
    session,
    dir,
    { ...flags, ...selection },
    {
      ...(contexts !== undefined && { contexts: { folder: contexts } }),
      ...(upload && { contexts: 'minio' as const, findStore: () => storeOf(session, flags) }),
      report,
      runner: () => ({
        submit: async (workflow) => {
          await writeOutput(session.io, output, stringifyWorkflow(workflow));
          return { name: output };
        },
      }),
    },
  );
  if (made) reportGenerated(session, { ...made, output, uploaded: upload ?? false }, report);
}

/** As pods reach it. With an address of its own for this machine, no cluster is needed. */
async function storeOf(session: Session, flags: Flags): Promise<string | undefined> {
  if (session.io.env.KFOPS_MINIO_ENDPOINT) return undefined;
  const [{ tryConnect }, { findStore }] = await Promise.all([
    import('../cluster.js'),
    import('../find-store.js'),
  ]);
  const client = await tryConnect(session, flags);
  return client && findStore(session, client);
}
