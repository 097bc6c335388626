import type { PlannedImage } from '../plan/plan-types.js';
import type { Parameter } from './types.js';

/** Where Argo puts the context; not in a place that a Dockerfile writes (kaniko#2884). */
export const CONTEXT_PATH = '/kaniko/ctx/context.tar.gz';
/** Where Kaniko writes the digest of what it pushed. */
export const DIGEST_PATH = '/kaniko/digest';

/** How one image is built: the arguments of its template, and the parameters that its task fills in. */
export interface KanikoCall {
  /** Kaniko's arguments, each one `argv` element; parameters are in them as `{{inputs.parameters.…}}`. */
  readonly args: readonly string[];
  /** What the template declares: a value here is a default. */
  readonly inputs: readonly Parameter[];
  /** What the task gives. */
  readonly parameters: readonly Required<Parameter>[];
}

/** What all images of a workflow have in common: their templates have it. */
export interface CommonValues {
  readonly tag?: string | undefined;
  /** `name=value` */
  readonly labels: ReadonlySet<string>;
}

/** Finds what all images have in common. */
export function commonValues(images: readonly PlannedImage[]): CommonValues {
  const [first, ...others] = images;
  if (first === undefined) return { labels: new Set() };
  const labels = others.reduce((common, image) => {
    const own = new Set(fixedLabels(image));
    return common.filter((label) => own.has(label));
  }, fixedLabels(first));
  const isSame = others.every(({ tag }) => tag === first.tag);
  return { ...(isSame && { tag: first.tag }), labels: new Set(labels) };
}

function fixedLabels({ labels }: PlannedImage): string[] {
  return labels.flatMap((label) => ('value' in label ? [`${label.name}=${label.value}`] : []));
}

/**
 * Kaniko's arguments for an image. What differs from image to image is a parameter and what is the same for many
 * is in the template, so that images with the same options share one template.
 *
 * Only flags that both the archived Kaniko (1.24) and the maintained fork have.
 *
 * @param digestOf - the digest of an image that is built before, as Argo's tag
 */
export function kanikoCall(
  image: PlannedImage,
  common: CommonValues,
  digestOf: (name: string) => string,
): KanikoCall {
  const args: string[] = [];
  const inputs: Parameter[] = [];
  const parameters: Required<Parameter>[] = [];
  const parameter = (name: string, value: string, fallback?: string): string => {
    inputs.push(fallback === undefined ? { name } : { name, value: fallback });
    if (value !== fallback) parameters.push({ name, value });
    return `{{inputs.parameters.${name}}}`;
  };
  const imageName = image.repository.slice(image.repository.lastIndexOf('/') + 1);
  const registry = image.repository.slice(0, -imageName.length);

  parameter('context', image.delivered.key);
  args.push(
    `--context=tar://${CONTEXT_PATH}`,
    `--dockerfile=${parameter('dockerfile', image.dockerfile, 'Dockerfile')}`,
  );
  const destination = `--destination=${registry}${parameter('image', imageName)}`;
  args.push(`${destination}:${parameter('tag', image.tag, common.tag)}`);
  if (image.secondTag !== undefined) {
    args.push(`${destination}:${parameter('second-tag', image.secondTag)}`);
  }
  args.push(
    `--digest-file=${DIGEST_PATH}`,
    // The service account's token is how Kaniko knows that it is in a container, and it has none.
    '--force',
    // 1, 2 and 4 seconds apart. It does not cover the check of the right to push, which comes before the build.
    '--push-retry=3',
  );
  if (image.cacheRepository !== undefined) {
    args.push('--cache=true', '--cache-copy-layers=true', `--cache-repo=${image.cacheRepository}`);
    if (image.rebuildAfter !== undefined)
      args.push(`--cache-ttl=${layerSeconds(image, image.rebuildAfter)}s`);
  }
  let own = 0;
  for (const label of image.labels) {
    const text = `${label.name}=${'value' in label ? label.value : digestOf(label.digestOf)}`;
    args.push(`--label=${common.labels.has(text) ? text : parameter(`label-${++own}`, text)}`);
  }
  image.buildArgs.forEach(([name, value], i) => {
    args.push(`--build-arg=${parameter(`build-arg-${i + 1}`, `${name}=${value}`)}`);
  });
  if (image.target !== undefined) args.push(`--target=${parameter('target', image.target)}`);
  if (image.platform !== undefined) args.push(`--custom-platform=${parameter('platform', image.platform)}`);
  if (image.snapshotMode !== undefined) args.push(`--snapshot-mode=${image.snapshotMode}`);
  if (image.useNewRun) args.push('--use-new-run=true');
  if (image.insecureRegistry !== undefined) {
    args.push(
      `--insecure-registry=${image.insecureRegistry}`,
      `--skip-tls-verify-registry=${image.insecureRegistry}`,
    );
  }
  return { args, inputs, parameters };
}

/** How long Kaniko uses a layer without `--cache-ttl`: two weeks. */
const LONGEST_LAYER_SECONDS = 336 * 3600;

/**
 * How long after it was stored a layer is used (`verifyImage` in Kaniko's pkg/cache/cache.go), so that an image has no
 * older layers than `rebuild_after`. An image that is too old itself, or of unknown age, gets no layer of before, and
 * stores its own for the builds after it.
 */
function layerSeconds({ decision }: PlannedImage, rebuildAfter: number): number {
  const isTooOld = decision.action === 'build' && ['age', 'age-unknown'].includes(decision.reason.kind);
  return isTooOld ? 1 : Math.min(rebuildAfter, LONGEST_LAYER_SECONDS);
}
