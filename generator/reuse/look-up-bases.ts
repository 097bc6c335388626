import { parseImageReference } from '../../schema/index.js';
import type { ImageUse } from '../dockerfile/dockerfile.js';
import type { ImageRegistries } from '../ports.js';

/** What is known of an image from elsewhere. */
export type OutsideBase =
  | { readonly digest: string }
  /** Why its digest is not known: a sentence without its full stop. */
  | { readonly unknown: string };

/** How registries are asked. */
export interface BaseOptions {
  readonly registries: ImageRegistries;
  /** Hosts to which plain http and unverified certificates are allowed. */
  readonly insecureHosts: ReadonlySet<string>;
}

/**
 * The digest of an image that a Dockerfile names, which is what a build would pull.
 *
 * @param platform - of the build; Kaniko does not look at the `--platform` of a FROM
 */
export async function outsideBase(
  use: ImageUse,
  platform: string | undefined,
  { registries, insecureHosts }: BaseOptions,
): Promise<OutsideBase> {
  if (use.reference === undefined) {
    return { unknown: `nothing gives \`${use.unresolved ?? use.written}\` a value` };
  }
  const parsed = parseImageReference(use.reference);
  if ('problem' in parsed) return { unknown: `\`${use.reference}\` ${parsed.problem}` };
  const { registry, path, tag = 'latest', digest } = parsed;
  // It names one image for ever.
  if (digest !== undefined) return { digest };
  const answer = await registries.find({
    repository: `${registry}/${path}`,
    reference: tag,
    ...(platform !== undefined && { platform }),
    ...(insecureHosts.has(registry) && { insecure: true }),
  });
  if (answer.state === 'found') return { digest: answer.digest };
  return { unknown: answer.state === 'absent' ? 'its registry does not have it' : answer.why };
}
