import { Scalar } from 'yaml';

import { WorkError } from '../schema/errors.js';
import { suggest } from '../common/suggest.js';
import { yamlText } from '../schema/write-yaml.js';
import { imagesIn } from './image-nodes.js';
import { type BuiltImages, repositoryOf } from './images.js';

/** What happened to the image of one step. */
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
  /** It is in the repository of our images and isn't one of them: most likely a typo. */
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

/**
 * Writes the digest of every built image into a compiled pipeline (KFP 2's IR). Only the bytes of those values change:
 * a document that is written again would lose its header, and with it the description.
 *
 * @param compiled - what kfp wrote; its code ran with the repository's, so it is not trusted
 * @param repositories - of the configuration's images, by name: an image next to them that isn't one of them is suspicious
 * @throws WorkError where it is not a compiled pipeline, or an image has a placeholder that nothing fills in
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
  const unfilled: OtherImage[] = [];
  const edits: { start: number; end: number; text: string }[] = [];

  for (const { executor, node } of imagesIn(compiled)) {
    const image = node.value;
    const repository = repositoryOf(image);
    const match = built.get(repository);
    if (match === undefined || repository === undefined) {
      const suspicious =
        repository !== undefined && !ours.has(repository) && folders.has(folderOf(repository));
      const near = suspicious ? suggest(baseOf(repository), [...repositories.keys()]) : undefined;
      const other = { executor, image, suspicious, ...(near !== undefined && { near }) };
      // Without a build, the tag of an image of ours is still to be replaced.
      if (placeholderIn(image) !== undefined && !ours.has(repository)) unfilled.push(other);
      if (image.includes('{{$')) report.dynamic.push({ executor, image });
      else report.other.push(other);
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
  if (unfilled.length > 0) throw placeholders(unfilled);
  return {
    yaml: apply(compiled, edits),
    report: { ...report, unused: [...images.keys()].filter((name) => !used.has(name)) },
  };
}

/** The reference in the style of the value that it replaces. */
function written(reference: string, { type }: Scalar, old: string): string {
  if (type === Scalar.QUOTE_DOUBLE || type === Scalar.QUOTE_SINGLE) return `${old[0]}${reference}${old[0]}`;
  const text = yamlText(reference);
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

/** Kubeflow Pipelines takes such a pipeline, and then fails to create each of its runs. */
function placeholders(images: readonly OtherImage[]): WorkError {
  const steps = images.map(({ executor, image, near }) => {
    const hint = near === undefined ? '' : `; is \`${near}\` meant?`;
    return `\`${executor}\` has \`${image}\` (nothing fills in \`${placeholderIn(image) ?? ''}\`${hint})`;
  });
  return new WorkError(
    `the pipeline has ${images.length === 1 ? 'an image' : `${images.length} images`} with a placeholder: ${steps.join(', ')}`,
    'Write the tag of the image, or a parameter of the pipeline (`set_container_image`). Only images of `image_builder.images` get their digest from Kfops.',
  );
}

/** A template tag that Argo, which runs the pipeline, would have to fill in; `{{$…}}` is Kubeflow Pipelines' own. */
function placeholderIn(image: string): string | undefined {
  const part = image
    .split('{{')
    .slice(1)
    .find((each) => !each.startsWith('$'));
  if (part === undefined) return undefined;
  const end = part.indexOf('}}');
  return end === -1 ? `{{${part}` : `{{${part.slice(0, end)}}}`;
}
