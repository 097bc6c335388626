import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';

import type { ObservedWorkflow } from '../../../argo/status/observed.js';
import { pythonOrSkip } from '../../fixtures/python.js';
import { minioAdmin } from './minio-user.js';
import { folder } from './project.js';

const run = promisify(execFile);

/** That of a config.yaml that names none. */
const BUCKET = 'image-build-artifacts';

/** What kfp reads from a compiled pipeline. */
export interface LoadedPipeline {
  readonly name: string;
  readonly description: string;
  /** By executor. */
  readonly images: Readonly<Record<string, string>>;
}

const LOAD = `
import json, sys
from google.protobuf import json_format
from kfp.components import load_component_from_file
loaded = load_component_from_file(sys.argv[1])
executors = json_format.MessageToDict(loaded.pipeline_spec)["deploymentSpec"]["executors"]
images = {name: executor["container"]["image"] for name, executor in executors.items()}
print(json.dumps({"name": loaded.name, "description": loaded.component_spec.description, "images": images}))
`;

/** A file that a workflow left in the object store. */
export async function leftBy({ metadata }: ObservedWorkflow, file: string): Promise<string> {
  return text(await minioAdmin().getObject(BUCKET, `runs/${metadata.uid ?? ''}/${file}`));
}

/** Reads the pinned pipeline of a workflow with kfp itself. */
export async function loadPinned(test: Mocha.Context, workflow: ObservedWorkflow): Promise<LoadedPipeline> {
  const python = pythonOrSkip(test);
  const file = join(await folder({}), 'pipeline.yaml');
  await writeFile(file, await leftBy(workflow, 'pipeline.yaml'));
  const { stdout } = await run(python, ['-c', LOAD, file]);
  return JSON.parse(stdout) as LoadedPipeline;
}
