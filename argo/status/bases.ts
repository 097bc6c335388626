import type { ImageResult } from '../../generator/results/result.js';
import type { WorkflowImage } from './images.js';
import type { ObservedWorkflow } from './observed.js';

/** Names of the images that the build of an image waits for, as the DAG says. */
export function basesOf(
  { spec }: ObservedWorkflow,
  images: readonly WorkflowImage[],
): (image: WorkflowImage) => readonly string[] {
  const names = new Map(
    images.flatMap(({ name, task }) => (task === undefined ? [] : [[task, name] as const])),
  );
  const depends = new Map(
    (spec.templates ?? [])
      .flatMap(({ dag }) => dag?.tasks ?? [])
      .map((task) => [task.name, task.depends ?? ''] as const),
  );
  return ({ task = '' }) =>
    (depends.get(task) ?? '')
      .split(' && ')
      .flatMap((term) => names.get(term.replace(/\.Succeeded$/, '')) ?? []);
}

/** The images; each that is omitted because an image below it failed names that image. */
export function withFailedBases(images: readonly ImageResult[]): readonly ImageResult[] {
  const byName = new Map(images.map((image) => [image.name, image] as const));
  const failed = new Map<string, string | undefined>();
  const failedBase = ({ name, buildsOn = [] }: ImageResult): string | undefined => {
    if (failed.has(name)) return failed.get(name);
    // Set first: a DAG has no cycle, but a workflow can be written by hand.
    failed.set(name, undefined);
    const bases = buildsOn.flatMap((base) => byName.get(base) ?? []);
    const found =
      bases.find(({ state }) => state === 'failed')?.name ??
      bases
        .filter(({ state }) => state === 'omitted')
        .map(failedBase)
        .find((base) => base !== undefined);
    failed.set(name, found);
    return found;
  };
  return images.map((image) => {
    const base = image.state === 'omitted' ? failedBase(image) : undefined;
    return base === undefined ? image : { ...image, failedBase: base };
  });
}
