import { isAlias, isMap, isScalar, parseAllDocuments, type Scalar, type YAMLMap } from 'yaml';

import { WorkError } from '../schema/errors.js';

/** As much as Kubeflow Pipelines takes, in bytes. */
export const MAX_PIPELINE_BYTES = 32 * 2 ** 20;

/** Every value as text: kfp's YAML writer leaves names such as `1e5` and `08` without quotes. */
const AS_TEXT = { schema: 'failsafe', logLevel: 'silent', uniqueKeys: true } as const;

/** A text in a YAML document, with the place where it is written. */
export interface TextNode extends Scalar<string> {
  range: [number, number, number];
}

/**
 * Every image of the IR: all are in one flat map, those of nested pipelines, loops and conditions too.
 *
 * @throws WorkError where it is not a compiled pipeline
 */
export function* imagesIn(compiled: string): Generator<{ executor: string; node: TextNode }> {
  if (Buffer.byteLength(compiled) > MAX_PIPELINE_BYTES)
    throw notCompiled(`it has more than ${MAX_PIPELINE_BYTES / 2 ** 20} MiB`);
  let pipelines = 0;
  for (const document of parseAllDocuments(compiled, AS_TEXT)) {
    const problem = document.errors[0];
    if (problem) throw notCompiled(problem.message.split('\n', 1)[0] ?? '');
    if (!isMap(document.contents)) continue;
    const specification = child(document.contents, 'deploymentSpec');
    if (!specification) continue;
    pipelines++;
    const executors = child(specification, 'executors');
    for (const { key, value } of executors?.items ?? []) {
      if (!isScalar(key) || !isMap(value)) throw notCompiled('an executor is not a map');
      const node = child(value, 'container')?.get('image', true);
      if (node === undefined) continue; // an importer
      if (!isText(node)) throw notCompiled(`the image of ${String(key.value)} is not a text`);
      yield { executor: String(key.value), node };
    }
  }
  if (pipelines !== 1) throw notCompiled(`it has ${pipelines} documents with a deploymentSpec`);
}

/** A map below a map; kfp writes no aliases, and an alias would put a value at two places. */
function child(map: YAMLMap, key: string): YAMLMap | undefined {
  const value: unknown = map.get(key, true);
  if (value === undefined || isMap(value)) return value;
  throw notCompiled(isAlias(value) ? `${key} is an alias` : `${key} is not a map`);
}

function isText(node: unknown): node is TextNode {
  return isScalar(node) && typeof node.value === 'string' && Array.isArray(node.range);
}

function notCompiled(problem: string): WorkError {
  return new WorkError(
    `the compiled pipeline cannot be read: ${problem}`,
    'Compile it with KFP 2, and do not change what its compiler writes.',
  );
}
