import { isRecord, recordOf, type JsonRecord } from '../../common/json.js';
import { isDigest } from '../../schema/digest.js';

/** Of an entry that does not say for which platform it is, and where nobody asks for one. */
export const DEFAULT_PLATFORM = 'linux/amd64';

/**
 * The manifest of a platform in an index: the first with this system and architecture, and with this variant where one
 * is asked for. As Kaniko chooses (`matchesPlatform` in pkg/v1/remote/index.go of go-containerregistry).
 *
 * @param platform - `linux/arm64`, `linux/arm/v7`
 * @returns its digest; undefined where the index has none
 */
export function manifestOf(index: JsonRecord, platform: string): string | undefined {
  const [os, architecture, variant] = platform.split('/');
  const found = entries(index).find(({ platform: given }) => {
    const [itsOs, itsArchitecture, itsVariant] = given.split('/');
    return (
      itsOs === os && itsArchitecture === architecture && (variant === undefined || itsVariant === variant)
    );
  });
  return found?.digest;
}

/** The platforms of an index, for people. */
export function platformsOf(index: JsonRecord): readonly string[] {
  return [...new Set(entries(index).map(({ platform }) => platform))].filter(
    (platform) => !platform.startsWith('unknown/'),
  );
}

interface Entry {
  readonly digest: string;
  readonly platform: string;
}

function entries(index: JsonRecord): readonly Entry[] {
  const manifests: readonly unknown[] = Array.isArray(index.manifests) ? index.manifests : [];
  return manifests.map(recordOf).flatMap(({ digest, platform }) => {
    if (typeof digest !== 'string' || !isDigest(digest)) return [];
    if (!isRecord(platform)) return [{ digest, platform: DEFAULT_PLATFORM }];
    const parts = [platform.os, platform.architecture, platform.variant];
    return [{ digest, platform: parts.filter((part) => typeof part === 'string' && part !== '').join('/') }];
  });
}
