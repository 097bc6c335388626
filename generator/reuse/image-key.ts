import { createHash } from 'node:crypto';

/** Part of every key. What Kfops changes in how it builds needs another number. */
const KEY_VERSION = 'kfops-image 1';

/** What Kaniko does without the option (its README, "--snapshot-mode"). */
const KANIKO_SNAPSHOTS = 'full';

/** Characters of a key in a tag. */
const TAG_DIGITS = 32;

/** Everything that decides what an image is. Equal inputs are one image. */
export interface KeyInputs {
  /** Key of the context as the repository has it, before a Dockerfile in it is rewritten. */
  readonly contextKey: string;
  /** The Dockerfile's path in the context. */
  readonly dockerfile: string;
  readonly target?: string | undefined;
  /** The order does not matter: a name is there once. */
  readonly buildArgs: readonly (readonly [name: string, value: string])[];
  readonly platform?: string | undefined;
  /** Kaniko's options that change the result. */
  readonly snapshotMode?: string | undefined;
  readonly useNewRun: boolean;
  /**
   * What each reference of the Dockerfile means: the digest of an image from elsewhere, the key of an image of the
   * configuration.
   */
  readonly bases: readonly BaseIdentity[];
}

/** What a reference of a Dockerfile means. */
export interface BaseIdentity {
  /** As the Dockerfile has it, with its arguments filled in. */
  readonly reference: string;
  /** Digest or key. */
  readonly identity: string;
}

/**
 * The key of an image: SHA-256 (hex) of a canonical record, which is JSON with a fixed order of its fields. Two images
 * of the same key are made from the same inputs.
 *
 * An image of the same configuration is in it with its key. Its digest would change the key once more after it was built,
 * and with it every image that is based on it; its label tells when a base was built again.
 */
export function imageKey(inputs: KeyInputs): string {
  const bases = new Map(inputs.bases.map(({ reference, identity }) => [reference, identity]));
  const record = [
    KEY_VERSION,
    inputs.contextKey,
    inputs.dockerfile,
    inputs.target ?? null,
    sorted(inputs.buildArgs),
    inputs.platform ?? null,
    inputs.snapshotMode === KANIKO_SNAPSHOTS ? null : (inputs.snapshotMode ?? null),
    inputs.useNewRun,
    sorted([...bases]),
  ];
  return createHash('sha256').update(JSON.stringify(record)).digest('hex');
}

/** The tag under which an image of this key is found in its own repository. */
export function keyTag(key: string): string {
  return `kfops-${key.slice(0, TAG_DIGITS)}`;
}

function sorted(pairs: readonly (readonly [string, string])[]): readonly (readonly [string, string])[] {
  return [...pairs].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}
