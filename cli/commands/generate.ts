import { resolve } from 'node:path';

import { type Command, Option } from 'commander';

import { help } from '../help.js';
import { buildOptions, clusterOptions, dnsLabel, namespaceOption, projectOptions } from '../options.js';
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
    projectOptions(
      program
        .command('generate')
        .description(
          'Write the Argo Workflow that builds every image and compiles the pipeline, and store its contexts.',
        ),
    ),
  )
    .addOption(new Option('-o, --output <FILE>', 'file for the Workflow; `-` is stdout').default('-'))
    .addOption(new Option('--contexts <DIR>', 'store the build contexts in this folder').conflicts('upload'))
    .option('--upload', 'store the build contexts in MinIO, where the cluster reads them')
    .addOption(namespaceOption())
    .option('--name <NAME>', 'name of the Workflow; default: the cluster generates one', dnsLabel);
  clusterOptions(command).action((dir: string, flags: Flags) => generate(session, dir, flags));
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
  const [{ runBuild }, { stringifyWorkflow }, { writeOutput }, { checkOutput }, { reportGenerated }] =
    await Promise.all([
      import('../run-build.js'),
      import('../../generator/workflow/stringify.js'),
      import('../output/file.js'),
      import('../output/target.js'),
      import('../report-generated.js'),
    ]);
  const { output, contexts, upload } = flags;
  const toStdout = await checkOutput(resolve(session.io.cwd, output), output);
  const report = toStdout ? stderrPrinter(session) : stdoutPrinter(session);
  const made = await runBuild(session, dir, flags, {
    ...(contexts !== undefined && { contexts: { folder: contexts } }),
    ...(upload && { contexts: 'minio' as const }),
    report,
    runner: () => ({
      submit: async (workflow) => {
        await writeOutput(session.io, output, stringifyWorkflow(workflow));
        return { name: output };
      },
    }),
  });
  reportGenerated(session, { ...made, output, uploaded: upload ?? false }, report);
}
