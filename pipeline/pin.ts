import { isAlias, isMap, isScalar, parseAllDocuments, Scalar, type YAMLMap } from 'yaml';

import { WorkError } from '../schema/errors.js';
import { suggest } from '../schema/suggest.js';
import { type BuiltImages, repositoryOf } from './images.js';

/** What became of the image of one step. */
export interface StepImage {
  /** The step's executor in the compiled pipeline: `exec-train`. */
  readonly executor: string;
  /** As the pipeline had it. */
  readonly image: string;
}

/** A step whose image is one of those that were built. */
export interface PinnedImage extends StepImage {
  /** Name in the configuration. */
  readonly name: string;
  /** `repository@sha256:…` */
  readonly reference: string;
}

/** An image that is not one of those that were built. */
export interface OtherImage extends StepImage {
  /** It is beside our own images and none of them: most likely a typo. */
  readonly suspicious: boolean;
  /** The name that was probably meant. */
  readonly near?: string;
}

/** What pinning did, step by step, and what it did not. */
export interface PinReport {
  /** Now pinned by digest. */
  readonly pinned: readonly PinnedImage[];
  /** Had the right digest already. */
  readonly already: readonly PinnedImage[];
  readonly other: readonly OtherImage[];
  /** Decided at run time, by a parameter: left alone. */
  readonly dynamic: readonly StepImage[];
  /** Names of built images that no step uses. */
  readonly unused: readonly string[];
}

/** A pipeline with its images pinned. */
export interface Pinned {
  readonly yaml: string;
  readonly report: PinReport;
}

/** As much as Kubeflow Pipelines takes, in bytes. */
export const MAX_PIPELINE_BYTES = 32 * 2 ** 20;

/**
 * Writes the digest of every built image into a compiled pipeline (KFP 2's IR). Only the bytes of those values change:
 * a document that was written anew would lose its header, and with it the description.
 *
 * @param compiled what kfp wrote; its code ran with the repository's, so it is not trusted
 * @param repositories of the configuration's images, by name: what stands beside them and is none of them is suspicious
 * @throws WorkError where it is not a compiled pipeline
 */
export function pinImages(
  compiled: string,
  images: BuiltImages,
  repositories: ReadonlyMap<string, string> = images,
): Pinned {
  const built = new Map(
    [...images].map(([name, reference]) => [repositoryOf(reference), { name, reference }]),
  );
  const ours = new Set([...repositories.values()].map(repositoryOf));
  const folders = new Set([...ours].map((repository) => folderOf(repository ?? '')));
  const report = {
    pinned: [] as PinnedImage[],
    already: [] as PinnedImage[],
    other: [] as OtherImage[],
    dynamic: [] as StepImage[],
  };
  const used = new Set<string>();
  const edits: { start: number; end: number; text: string }[] = [];

  for (const { executor, node } of imagesIn(compiled)) {
    const image = node.value;
    if (image.startsWith('{{$')) {
      report.dynamic.push({ executor, image });
      continue;
    }
    const repository = repositoryOf(image);
    const match = built.get(repository);
    if (match === undefined || repository === undefined) {
      const suspicious =
        repository !== undefined && !ours.has(repository) && folders.has(folderOf(repository));
      const near = suspicious ? suggest(baseOf(repository), [...repositories.keys()]) : undefined;
      report.other.push({ executor, image, suspicious, ...(near !== undefined && { near }) });
      continue;
    }
    used.add(match.name);
    if (image === match.reference) {
      report.already.push({ executor, image, ...match });
      continue;
    }
    report.pinned.push({ executor, image, ...match });
    const [start, end] = node.range;
    edits.push({ start, end, text: written(match.reference, node, compiled.slice(start, end)) });
  }
  return {
    yaml: apply(compiled, edits),
    report: { ...report, unused: [...images.keys()].filter((name) => !used.has(name)) },
  };
}

interface TextNode extends Scalar<string> {
  range: [number, number, number];
}

/** Every image of the IR: all stand in one flat map, those of nested pipelines, loops and conditions too. */
function* imagesIn(compiled: string): Generator<{ executor: string; node: TextNode }> {
  if (Buffer.byteLength(compiled) > MAX_PIPELINE_BYTES)
    throw notCompiled(`it has more than ${MAX_PIPELINE_BYTES / 2 ** 20} MiB`);
  let pipelines = 0;
  for (const document of parseAllDocuments(compiled, { logLevel: 'silent', uniqueKeys: true })) {
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

/** A map below a map; kfp writes no aliases, and one would let a value stand at two places. */
function child(map: YAMLMap, key: string): YAMLMap | undefined {
  const value: unknown = map.get(key, true);
  if (value === undefined || isMap(value)) return value;
  throw notCompiled(isAlias(value) ? `${key} is an alias` : `${key} is not a map`);
}

function isText(node: unknown): node is TextNode {
  return isScalar(node) && typeof node.value === 'string' && Array.isArray(node.range);
}

/** The reference in the style of the value that it replaces. */
function written(reference: string, { type }: Scalar, old: string): string {
  if (type === Scalar.QUOTE_DOUBLE || type === Scalar.QUOTE_SINGLE) return `${old[0]}${reference}${old[0]}`;
  const text = reference.startsWith('[') ? `'${reference}'` : reference;
  const isBlock = type === Scalar.BLOCK_LITERAL || type === Scalar.BLOCK_FOLDED;
  return isBlock ? `${text}\n` : text;
}

function apply(text: string, edits: readonly { start: number; end: number; text: string }[]): string {
  const parts: string[] = [];
  let at = 0;
  for (const edit of [...edits].sort((a, b) => a.start - b.start)) {
    parts.push(text.slice(at, edit.start), edit.text);
    at = edit.end;
  }
  return parts.join('') + text.slice(at);
}

function folderOf(repository: string): string {
  return repository.slice(0, repository.lastIndexOf('/'));
}

function baseOf(repository: string): string {
  return repository.slice(repository.lastIndexOf('/') + 1);
}

function notCompiled(problem: string): WorkError {
  return new WorkError(
    `the compiled pipeline cannot be read: ${problem}`,
    'Compile it with KFP 2, and do not change what its compiler writes.',
  );
}
