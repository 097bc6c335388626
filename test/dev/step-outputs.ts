import type { ObservedTask, ObservedWorkflow, WorkflowNode } from '../../argo/status/observed.js';
import { parseRecord } from '../../common/json.js';
import type { TagOutput } from '../../generator/results/step-outputs.js';
import type { TagWork } from '../../generator/workflow/tag-step.js';
import { digestOf } from '../support/argo-status.js';

/** What a failed build printed. */
export const FAILED_LOG = `INFO[0002] Retrieving image manifest python:3.12-slim
INFO[0012] RUN pip install -r requirements.txt
INFO[0012] Running: [/bin/sh -c pip install -r requirements.txt]
ERROR: Could not find a version that satisfies the requirement scikit-learn==1.9.9
ERROR: No matching distribution found for scikit-learn==1.9.9
error building image: error building stage: failed to execute command: waiting for process to exit: exit status 1
`;

const PIPELINE = '3f6c1d2e-0000-4000-8000-000000000001';
const VERSION = '3f6c1d2e-0000-4000-8000-000000000002';
const RUN = '7a2b9c4d-0000-4000-8000-000000000003';

/** What a step reports when it has succeeded: a digest, or the result of tagging, publishing or running. */
export function outputsOf(task: ObservedTask, workflow: ObservedWorkflow): WorkflowNode['outputs'] {
  if (task.name.startsWith('build-')) return parameter('digest', digestOf(task.name));
  if (task.name === 'tag-images') return parameter('tags', JSON.stringify(tagsOf(task)));
  const version = `dev-${workflow.metadata.name.slice(-12)}`;
  const ids = { pipeline_id: PIPELINE, version_id: VERSION, version };
  if (task.name === 'publish-pipeline') {
    const images = { pinned: pinnedBy(task), suspicious: [], dynamic: [], unused: [], others: 0, omitted: 0 };
    return parameter('result', JSON.stringify({ images, ...ids, warnings: [] }));
  }
  if (task.name === 'run-pipeline') {
    const run = { run_id: RUN, experiment_id: PIPELINE, state: 'SUCCEEDED', ignored: [] };
    return parameter('result', JSON.stringify({ ...run, ...ids }));
  }
  return {};
}

function parameter(name: string, value: string): WorkflowNode['outputs'] {
  return { parameters: [{ name, value }] };
}

/** As if the registry had accepted every tag, and no other build had run. */
function tagsOf({ arguments: given }: ObservedTask): TagOutput {
  const { images, bases } = JSON.parse(given?.artifacts?.[0]?.raw?.data ?? '') as TagWork;
  return {
    images: images.map(({ name }) => ({ name, result: 'tagged' })),
    bases: bases.map(({ name }) => ({ name, result: 'same' })),
  };
}

/** The images that the workflow gives to the step, by the digests that their builds reported. */
function pinnedBy({ arguments: given }: ObservedTask) {
  const images = given?.artifacts?.find(({ name }) => name === 'images')?.raw?.data ?? '{}';
  return Object.entries(parseRecord(images) ?? {}).map(([name, reference]) => ({
    name,
    reference: String(reference).replace(/\{\{=tasks\['([^']+)'\].*\}\}/, (_, build: string) =>
      digestOf(build),
    ),
    steps: 1,
  }));
}
