/** Whether an image is built, and why. */
export type ImageDecision = BuildDecision | ReuseDecision;

/** The image is built. */
export interface BuildDecision {
  readonly action: 'build';
  readonly reason: BuildReason;
}

/** The image is in its registry already, made from the same inputs. */
export interface ReuseDecision {
  readonly action: 'reuse';
  /** Digest of its manifest, `sha256:…`. */
  readonly digest: string;
  /** Full id of the commit that it was built from, as its label says. */
  readonly revision?: string;
}

/** Why an image is built. */
export type BuildReason =
  /** `--force` */
  | { readonly kind: 'forced' }
  /** No image with its key is there. */
  | { readonly kind: 'absent' }
  /** Files of its context are not those of the base branch. */
  | { readonly kind: 'files'; readonly files: readonly string[] }
  /** A build argument (or the target, the platform, …) is not that of the base branch. */
  | { readonly kind: 'option'; readonly option: string }
  /** A base image from elsewhere has a new digest. */
  | { readonly kind: 'base-moved'; readonly base: string }
  /** An image of the configuration that it is based on is built. */
  | { readonly kind: 'base-built'; readonly image: string }
  /** An image of the configuration that it is based on is not the one that it was built on. */
  | { readonly kind: 'base-rebuilt'; readonly image: string }
  /** Which base image it gets is unknown: `why` is a sentence without its full stop. */
  | { readonly kind: 'base-unknown'; readonly base: string; readonly why: string }
  /** The registry did not answer or refused, so nothing is known of the image. */
  | { readonly kind: 'registry'; readonly why: string }
  /** The image under its key's tag says in its label that it has another key. */
  | { readonly kind: 'label' }
  /** The image under its key's tag has no label of Kfops. */
  | { readonly kind: 'no-label' }
  /** It is older than `rebuild_after`; in seconds. */
  | { readonly kind: 'age'; readonly rebuildAfter: number }
  /** It has a `rebuild_after`, and the image in the registry doesn't say when it was made. */
  | { readonly kind: 'age-unknown' }
  /** Reuse is not used here: a fork, or no registry was asked. */
  | { readonly kind: 'not-asked' };
