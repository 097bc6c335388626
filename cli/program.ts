import { Command } from 'commander';

import { VERSION } from '../schema/generated/version.js';
import { defineBootstrap } from './commands/bootstrap.js';
import { defineBuild } from './commands/build.js';
import { defineBuildRun } from './commands/build-run.js';
import { defineCompilePipeline } from './commands/compile-pipeline.js';
import { defineCompletion } from './commands/completion.js';
import { defineContext } from './commands/context.js';
import { defineDoctor } from './commands/doctor.js';
import { defineExplain } from './commands/explain.js';
import { defineGc } from './commands/gc.js';
import { defineGenerate } from './commands/generate.js';
import { defineGraph } from './commands/graph.js';
import { defineHelp } from './commands/help.js';
import { defineImages } from './commands/images.js';
import { defineInit } from './commands/init.js';
import { defineMigrate } from './commands/migrate.js';
import { definePlan } from './commands/plan.js';
import { defineValidate } from './commands/validate.js';
import { defineCancel } from './commands/cancel.js';
import { defineLogs } from './commands/logs.js';
import { defineReceive } from './commands/receive.js';
import { defineRetry } from './commands/retry.js';
import { defineRun } from './commands/run.js';
import { defineSchedules } from './commands/schedules.js';
import { defineServe } from './commands/serve.js';
import { defineStatus } from './commands/status.js';
import { defineWatch } from './commands/watch.js';
import { refuseEmptyValues } from './empty-values.js';
import { help } from './help.js';
import { withKfcFlag } from './kfc-flags.js';
import { withoutOpposite } from './opposite-option.js';
import type { Session } from './session.js';
import { withTwoDashes } from './single-dash.js';
import { readSwitchVariables } from './switch-variables.js';

/** The arguments that `kfops` understands, each verb wired to its work. */
export function createProgram(session: Session): Command {
  const { io } = session;
  const program = new Command('kfops')
    .description(
      'Builds the container images and the Kubeflow pipeline of a repository as one Argo Workflow.',
    )
    .version(VERSION, '--version', 'print the version')
    .helpOption('-h, --help', 'show help')
    .helpCommand(false)
    .option('--no-color', 'disable colours')
    .option('--debug', 'show stack traces for unexpected errors')
    .exitOverride()
    .hook('preAction', (_program, command) => {
      refuseEmptyValues(command);
      readSwitchVariables(command);
      session.command = command;
    })
    // Commander's default, 40, leaves descriptions unwrapped in a terminal of 60 columns.
    .configureHelp({ showGlobalOptions: true, minWidthToWrap: 20 })
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
      outputError: (text, write) => {
        write(withTwoDashes(withKfcFlag(withoutOpposite(text), session.argv), program, session.argv));
      },
      getOutHelpWidth: () => helpWidth(io.columns),
      getErrHelpWidth: () => helpWidth(io.columns),
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    });
  for (const define of [
    defineInit,
    defineMigrate,
    defineValidate,
    definePlan,
    defineBuild,
    defineBuildRun,
    defineRun,
    defineStatus,
    defineWatch,
    defineLogs,
    defineCancel,
    defineRetry,
    defineDoctor,
    defineImages,
    defineGc,
    defineBootstrap,
    defineServe,
    defineReceive,
    defineGenerate,
    defineContext,
    defineCompilePipeline,
    defineGraph,
    defineSchedules,
    defineExplain,
    defineCompletion,
    defineHelp,
  ]) {
    define(program, session);
  }
  help(program, [
    ['kfops init', 'write a configuration to start from'],
    ['kfops plan', 'see what a build would do'],
    ['kfops generate -o workflow.yaml --upload', 'store the contexts, write the Workflow'],
  ]);
  return program;
}

function helpWidth(columns: number): number {
  return Math.max(40, Math.min(columns, 100));
}
