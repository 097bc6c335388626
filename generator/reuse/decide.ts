import type { ImageUse } from '../dockerfile/dockerfile.js';
import type { ImageAnswer, ImageRegistries } from '../ports.js';
import { insideOf, type ImageBases } from './bases.js';
import type { BuildReason, ImageDecision } from './decision.js';
import { imageKey, keyTag, type BaseIdentity, type KeyInputs } from './image-key.js';
import { baseLabel, KEY_LABEL, REVISION_LABEL } from './labels.js';
import { outsideBase, type OutsideBase } from './look-up-bases.js';

/** An image of the configuration, as far as deciding about it goes. */
export interface Candidate extends ImageBases, Omit<KeyInputs, 'bases'> {
  readonly name: string;
  readonly repository: string;
  /** Build it anyway. */
  readonly isForced: boolean;
  /** It is not asked for, and nothing that is asked for is based on it. */
  readonly isLeftOut: boolean;
  /** Age in seconds from which it is built again. */
  readonly rebuildAfter?: number | undefined;
}

/** How images are decided. */
export interface DecideOptions {
  /** Absent: everything is built, and nothing is known of images from elsewhere. */
  readonly registries?: ImageRegistries | undefined;
  /** `false`: neither look for images of other builds nor let them find these. */
  readonly sharesImages: boolean;
  readonly insecureHosts: ReadonlySet<string>;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** What was decided about an image. */
export interface Decided {
  readonly decision: ImageDecision;
  /** Absent where it is not known what the image is based on, or nothing is shared. */
  readonly key?: string;
  /** What is known of each image from elsewhere, by the reference as its Dockerfile has it. */
  readonly outside: ReadonlyMap<string, OutsideBase>;
}

/**
 * Decides for each image whether it is built: it is reused where its registry has it under the tag of its key, with that
 * key in its label, built on the images that its bases are now. Whatever a registry does not say leads to a build.
 *
 * @param images - of which none is based on itself, however far
 */
export async function decideImages(
  images: readonly Candidate[],
  options: DecideOptions,
): Promise<readonly Decided[]> {
  const decider = new Decider(images, options);
  return Promise.all(images.map((_, index) => decider.decided(index)));
}

/** Asks for everything at once: a key waits for the keys of its bases, a decision for their decisions. */
class Decider {
  readonly #outside = new Map<string, Promise<OutsideBase>>();
  readonly #keys = new Map<number, Promise<KeyOrReason>>();
  readonly #decided = new Map<number, Promise<Decided>>();

  constructor(
    private readonly images: readonly Candidate[],
    private readonly options: DecideOptions,
  ) {}

  decided(index: number): Promise<Decided> {
    return once(this.#decided, index, () => this.#decide(index));
  }

  async #decide(index: number): Promise<Decided> {
    const image = this.#image(index);
    const key = await this.#key(index);
    const [answer, outside, bases] = await Promise.all([
      typeof key === 'string' ? this.#find(image, key) : undefined,
      this.#allOutside(image),
      Promise.all(insideOf(image).map(async (base) => [base, await this.decided(base)] as const)),
    ]);
    const digests = bases.map(([base, { decision }]) => ({ name: this.#image(base).name, decision }));
    return {
      decision: choose(image, key, answer, digests, this.options),
      ...(typeof key === 'string' && this.options.sharesImages && { key }),
      outside,
    };
  }

  /** The image under the tag of its key; undefined where nobody is asked. */
  #find(image: Candidate, key: string): Promise<ImageAnswer> | undefined {
    const { registries, sharesImages } = this.options;
    if (!sharesImages || image.isForced) return undefined;
    const { repository } = image;
    return registries?.find({
      repository,
      reference: keyTag(key),
      labels: true,
      own: true,
      ...(this.#isInsecure(repository) && { insecure: true }),
    });
  }

  #key(index: number): Promise<KeyOrReason> {
    return once(this.#keys, index, async () => {
      const image = this.#image(index);
      if (image.isUnknown)
        return {
          kind: 'base-unknown',
          base: image.dockerfile,
          why: 'it cannot be read, or has no stage with the name of the target',
        };
      const identities: BaseIdentity[] = [];
      for (const { use, image: inside } of image.bases) {
        if (!use.isNeeded) continue;
        const { reference = use.written } = use;
        if (inside !== undefined) {
          const key = await this.#key(inside);
          if (typeof key !== 'string') return key;
          identities.push({ reference, identity: key });
          continue;
        }
        const base = await this.#base(image, use);
        if ('unknown' in base) return { kind: 'base-unknown', base: reference, why: base.unknown };
        identities.push({ reference, identity: base.digest });
      }
      return imageKey({ ...image, bases: identities });
    });
  }

  async #allOutside(image: Candidate): Promise<ReadonlyMap<string, OutsideBase>> {
    const found = image.bases.filter(({ use, image: inside }) => use.isNeeded && inside === undefined);
    const bases = found.map(
      async ({ use }) => [use.reference ?? use.written, await this.#base(image, use)] as const,
    );
    return new Map(await Promise.all(bases));
  }

  #base({ platform }: Candidate, use: ImageUse): Promise<OutsideBase> {
    const { registries, insecureHosts } = this.options;
    if (!registries) return Promise.resolve({ unknown: 'no registry was asked' });
    const question = JSON.stringify([use.reference, use.unresolved, platform]);
    return once(this.#outside, question, () => outsideBase(use, platform, { registries, insecureHosts }));
  }

  #isInsecure(repository: string): boolean {
    return this.options.insecureHosts.has(repository.slice(0, repository.indexOf('/')));
  }

  #image(index: number): Candidate {
    const image = this.images[index];
    if (image === undefined) throw new RangeError(`there is no image ${index}`);
    return image;
  }
}

/** A key, or why the image has no key. */
type KeyOrReason = string | BuildReason;

function choose(
  image: Candidate,
  key: KeyOrReason,
  answer: ImageAnswer | undefined,
  bases: readonly { readonly name: string; readonly decision: ImageDecision }[],
  { registries, sharesImages, now }: DecideOptions,
): ImageDecision {
  const build = (reason: BuildReason): ImageDecision => ({ action: 'build', reason });
  if (image.isForced) return build({ kind: 'forced' });
  const built = image.isLeftOut ? undefined : bases.find(({ decision }) => decision.action === 'build');
  if (registries === undefined || !sharesImages) return build({ kind: 'not-asked' });
  if (built) return build({ kind: 'base-built', image: built.name });
  if (typeof key !== 'string') return build(key);
  if (answer === undefined || answer.state === 'absent') return build({ kind: 'absent' });
  if (answer.state === 'unknown') return build({ kind: 'registry', why: answer.why });
  const { labels, digest, created } = answer;
  if (labels[KEY_LABEL] === undefined) return build({ kind: 'no-label' });
  if (labels[KEY_LABEL] !== key) return build({ kind: 'label' });
  const other = bases.find(
    ({ name, decision }) => decision.action === 'reuse' && labels[baseLabel(name)] !== decision.digest,
  );
  if (other && !image.isLeftOut) return build({ kind: 'base-rebuilt', image: other.name });
  const { rebuildAfter } = image;
  if (rebuildAfter !== undefined && !image.isLeftOut) {
    const made = Date.parse(created ?? '');
    if (Number.isNaN(made)) return build({ kind: 'age-unknown' });
    if (now - made >= rebuildAfter * 1000) return build({ kind: 'age', rebuildAfter });
  }
  const revision = labels[REVISION_LABEL];
  const isCommit = revision !== undefined && /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(revision);
  return { action: 'reuse', digest, ...(isCommit && { revision }) };
}

function once<K, V>(made: Map<K, Promise<V>>, key: K, make: () => Promise<V>): Promise<V> {
  const before = made.get(key);
  if (before) return before;
  const value = make();
  made.set(key, value);
  return value;
}
