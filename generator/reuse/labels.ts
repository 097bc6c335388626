/** Label of an image that has its key in full. */
export const KEY_LABEL = 'dev.kfops.key';

/** Label of an image that has the digest of an image of its configuration that it was built on. */
export function baseLabel(image: string): string {
  return `dev.kfops.base.${image}`;
}

// https://github.com/opencontainers/image-spec/blob/main/annotations.md
/** Address of the repository. */
export const SOURCE_LABEL = 'org.opencontainers.image.source';
/** Full id of the commit. */
export const REVISION_LABEL = 'org.opencontainers.image.revision';
/** The image of the last FROM that is not a stage. */
export const BASE_NAME_LABEL = 'org.opencontainers.image.base.name';
/** Its digest. */
export const BASE_DIGEST_LABEL = 'org.opencontainers.image.base.digest';
