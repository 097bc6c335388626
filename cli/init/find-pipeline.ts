/** A Python file with a function that has the decorator `@dsl.pipeline`. */
export interface ProposedPipeline {
  readonly path: string;
  /** The functions with the decorator, in their order. */
  readonly functions: readonly string[];
  /** `@dsl.pipeline(name=…)` of the first. */
  readonly name?: string;
}

/** Where a file is that may hold a pipeline: `pipeline.py`, then what is near the root. */
export function byLikelihood(a: string, b: string): number {
  const rank = (path: string): number =>
    (path.endsWith('.py') && path.includes('pipeline', path.lastIndexOf('/') + 1) ? 0 : 100) +
    (/(?:^|\/)(?:tests?|examples?)\/|(?:^|\/)test_/.test(path) ? 1000 : 0) +
    path.split('/').length;
  return rank(a) - rank(b) || (a < b ? -1 : 1);
}

/** @returns undefined if the file has no pipeline of Kubeflow Pipelines */
export function pipelineIn(path: string, text: string): ProposedPipeline | undefined {
  if (!/\bkfp\b/.test(text)) return undefined;
  const lines = text.split(/\r?\n/);
  const functions: string[] = [];
  let decorator: string | undefined;
  let name: string | undefined;
  for (const line of lines) {
    if (/^@(?:\w+\.)*pipeline\b/.test(line)) decorator = line;
    else if (decorator !== undefined) {
      const [, found] = /^(?:async )?def (\w+)/.exec(line) ?? [];
      if (found === undefined) decorator += line;
      else {
        if (functions.length === 0) name = /\bname\s*=\s*(["'])([^"'\\{}]+)\1/.exec(decorator)?.[2];
        functions.push(found);
        decorator = undefined;
      }
    }
  }
  if (functions.length === 0) return undefined;
  return { path, functions, ...(name !== undefined && { name }) };
}
