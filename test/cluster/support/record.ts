import { mkdir, writeFile } from 'node:fs/promises';

import type { ObservedWorkflow } from '../../../argo/status/observed.js';
import type { WorkflowResult } from '../../../generator/results/result.js';
import { environment } from './environment.js';

const FOLDER = new URL('../../fixtures/argo/', import.meta.url);

/**
 * With KFOPS_RECORD=1, keeps a real workflow's state and its failed steps' last lines for the unit tests of
 * argo/status/status.ts, with what names this machine replaced.
 */
export async function record(
  name: string,
  { workflow, result }: { workflow: ObservedWorkflow; result: WorkflowResult },
): Promise<void> {
  if (process.env.KFOPS_RECORD !== '1') return;
  const metadata = { ...workflow.metadata, managedFields: undefined };
  const logs = Object.fromEntries(
    [...result.images, result.compile, result.publish, result.run].flatMap((step) =>
      step?.task !== undefined && step.failure?.lastLines !== undefined
        ? [[step.task, step.failure.lastLines]]
        : [],
    ),
  );
  const text = JSON.stringify({ workflow: { ...workflow, metadata }, logs }, null, 1);
  await mkdir(FOLDER, { recursive: true });
  await writeFile(
    new URL(`${name}.json`, FOLDER),
    `${text
      .replaceAll(environment.registry, 'registry.example:5000')
      .replaceAll(environment.nodeAddress ?? environment.registry, 'registry.example')
      .replace(/"hostNodeName": "[^"]*"/g, '"hostNodeName": "node-1"')}\n`,
  );
}
