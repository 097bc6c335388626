import { parseAllDocuments } from 'yaml';

import { recordOf } from '../common/json.js';
import { WorkError } from '../schema/errors.js';

/** What of a compiled pipeline matters for publishing and running it. */
export interface CompiledPipeline {
  /** `2.17.0`: the kfp that wrote it. */
  readonly sdkVersion?: string;
  readonly parameters: ReadonlyMap<string, DeclaredParameter>;
  /** The image of each step that has one, by its executor. */
  readonly images: ReadonlyMap<string, string>;
}

/** A parameter that a pipeline declares. */
export interface DeclaredParameter {
  /** `STRING`, `NUMBER_INTEGER`, `NUMBER_DOUBLE`, `BOOLEAN`, `LIST`, `STRUCT`. */
  readonly type: string;
  /** It has a default, or may be left out. */
  readonly optional: boolean;
}

/** @throws WorkError where it is no compiled pipeline */
export function readPipeline(compiled: string): CompiledPipeline {
  // Every value as text: kfp's YAML writer leaves names such as `1e5` and `08` without quotes.
  for (const document of parseAllDocuments(compiled, { schema: 'failsafe', logLevel: 'silent' })) {
    if (document.errors.length > 0) break;
    const ir = recordOf(document.toJS({ maxAliasCount: 0 }));
    if (!('deploymentSpec' in ir)) continue;
    return declared(ir);
  }
  throw notReadable();
}

/**
 * The same of a version as Kubeflow Pipelines gives it: the IR, or an object with the IR and its platform's part.
 *
 * @throws WorkError where it is no compiled pipeline
 */
export function pipelineOf(specification: unknown): CompiledPipeline {
  const given = recordOf(specification);
  const ir = 'deploymentSpec' in given ? given : recordOf(given.pipeline_spec ?? given.pipelineSpec);
  if (!('root' in ir)) throw notReadable();
  return declared(ir);
}

function declared(ir: Readonly<Record<string, unknown>>): CompiledPipeline {
  const { parameters } = recordOf(recordOf(ir.root).inputDefinitions);
  const sdk = /^kfp-(\d+\.\d+\.\d+)/.exec(typeof ir.sdkVersion === 'string' ? ir.sdkVersion : '')?.[1];
  return {
    ...(sdk !== undefined && { sdkVersion: sdk }),
    parameters: new Map(
      Object.entries(recordOf(parameters)).map(([name, definition]) => {
        const { parameterType, isOptional, defaultValue } = recordOf(definition);
        const type = typeof parameterType === 'string' ? parameterType : '';
        return [name, { type, optional: String(isOptional) === 'true' || defaultValue !== undefined }];
      }),
    ),
    images: new Map(
      Object.entries(recordOf(recordOf(ir.deploymentSpec).executors)).flatMap(([name, executor]) => {
        const { image } = recordOf(recordOf(executor).container);
        return typeof image === 'string' ? [[name, image] as const] : [];
      }),
    ),
  };
}

function notReadable(): WorkError {
  return new WorkError('the compiled pipeline cannot be read', 'Compile it with KFP 2.');
}
