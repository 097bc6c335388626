#!/usr/bin/env node
/** The steps `tag`, `publish` and `run` of a workflow, in a pod: `node /opt/kfops/dist/pipeline/main.js publish --compiled=…`. */
import { ServiceError, WorkError } from '../schema/errors.js';
import type { StepIo } from './arguments.js';
import { publishStep } from './publish-step.js';
import { runStep } from './run-step.js';
import { tagStep } from './tag-step.js';

const STEPS = { tag: tagStep, publish: publishStep, run: runStep };

const [step = '', ...argv] = process.argv.slice(2);
const stop = new AbortController();
process.once('SIGTERM', () => {
  stop.abort();
});
const io: StepIo = { log: (line) => process.stdout.write(`${line}\n`), signal: stop.signal };
process.exitCode = await run();

/** @returns 0, 1 for what will fail again, 3 for a service that was away, 143 when told to stop: as the command does */
async function run(): Promise<number> {
  try {
    if (!Object.hasOwn(STEPS, step))
      throw new WorkError(`there is no step ${step}; there are: ${Object.keys(STEPS).join(', ')}`);
    await STEPS[step as keyof typeof STEPS](argv, io);
    return 0;
  } catch (error) {
    if (stop.signal.aborted) return 143;
    if (!(error instanceof WorkError) && !(error instanceof ServiceError)) throw error;
    process.stderr.write(
      `error: ${error.message}\n${error.nextStep === undefined ? '' : `  → ${error.nextStep}\n`}`,
    );
    return error instanceof ServiceError ? 3 : 1;
  }
}
