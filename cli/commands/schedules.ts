import type { Command } from 'commander';

import { help } from '../help.js';
import {
  clusterOptions,
  namespaceOption,
  type NamespaceFlags,
  type ProjectFlags,
  projectOptions,
} from '../options.js';
import { type Session, say, stderrPrinter, stdoutPrinter } from '../session.js';

type Flags = ProjectFlags & NamespaceFlags & { readonly json?: true };

/** `kfops schedules`: those of the configuration, next to those in Kubeflow Pipelines. */
export function defineSchedules(program: Command, session: Session): void {
  const command = clusterOptions(
    projectOptions(
      program
        .command('schedules')
        .description(
          'List the schedules of the configuration with their next times, and compare them with those in Kubeflow Pipelines.',
        ),
    ),
  )
    .addOption(
      namespaceOption('namespace of builds, whose service account is used; default: as in the settings'),
    )
    .option('--json', 'print JSON')
    .action((dir: string, flags: Flags) => schedules(session, dir, flags));
  command.addHelpText(
    'after',
    `
Kubeflow Pipelines is asked at kfp.endpoint of the settings: through a forwarded port if that is a
Service, and with a token of the service account that publishes. The rights for both are in
deploy/laptop/reach-kubeflow.yaml. Nothing is changed.`,
  );
  help(command, [
    ['kfops schedules', 'those of the files in this folder'],
    ['kfops schedules --commit origin/main', 'those that are merged'],
    ['kfops schedules --json | jq -r \'.schedules[] | select(.state != "same") | .name\'', 'for a script'],
  ]);
}

async function schedules(session: Session, dir: string, flags: Flags): Promise<void> {
  const [{ openProject }, { loadProject }, { schedulesHere }, text, { diagnosticsText }, { writeOutput }] =
    await Promise.all([
      import('../open-project.js'),
      import('../../generator/project/project.js'),
      import('../compare-schedules.js'),
      import('../schedules-text.js'),
      import('../output/diagnostics.js'),
      import('../output/file.js'),
    ]);
  const { options, warnings } = await openProject(session, dir, flags);
  const project = await loadProject(options);
  const here = await schedulesHere(session, project, flags);
  const now = new Date();
  const { style } = stdoutPrinter(session);
  const shown = flags.json
    ? JSON.stringify(text.schedulesJson(here, now), undefined, 2)
    : text.schedulesText(here, now, style);
  await writeOutput(session.io, '-', `${shown}\n`);
  const all = [...warnings, ...project.warnings];
  if (all.length > 0) say(session, `\n${diagnosticsText(stderrPrinter(session), all)}`);
}
