import { checkPipelineCode } from '../../../../generator/pipeline-code/check-code.js';
import { parseConfig, type Diagnostic } from '../../../../schema/index.js';
import { MemorySource, type MemoryFile } from '../contexts/memory-source.js';

/** What a test says about the pipeline of the configuration. */
export interface Choice {
  readonly function?: string;
  readonly image?: string;
  /** Arguments that the caller has set for a run. */
  readonly set?: readonly string[];
}

/** What is wrong in the code of a repository whose pipeline is p/pipeline.py; a text is that file. */
export async function check(
  code: string | Readonly<Record<string, MemoryFile>>,
  { function: name, image, set }: Choice = {},
): Promise<Diagnostic[]> {
  const files = typeof code === 'string' ? { 'p/pipeline.py': code } : code;
  const pipeline = {
    name: 'p',
    namespace: 'n',
    experiment_name: 'e',
    pipeline_path: 'p/pipeline.py',
    ...(name !== undefined && { pipeline_function_name: name }),
    ...(image !== undefined && { compiler_image: image }),
  };
  const text = JSON.stringify({ repository: { owner: 'a', name: 'b' }, pipeline });
  const config = parseConfig(text, { file: 'config.yaml', overrides: [] });
  const project = { source: new MemorySource(files), config, ...(set && { setArguments: set }) };
  return checkPipelineCode(project, { run: set !== undefined });
}

/** Each as `p/pipeline.py:3 error CODE`. */
export function short(diagnostics: readonly Diagnostic[]): string[] {
  return diagnostics.map(
    ({ file, line, severity, code }) => `${file ?? ''}:${line ?? ''} ${severity} ${code}`,
  );
}
