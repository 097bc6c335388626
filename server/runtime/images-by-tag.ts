import { parseImageReference, type KanikoManifest, type Settings } from '../../schema/index.js';
import type { Logger } from '../telemetry/log.js';

/** What of the settings names an image that runs with a workflow's rights. */
type Images = Pick<Settings, 'kaniko' | 'compiler' | 'kfops'> & {
  readonly server: { readonly forks?: { readonly manifest: KanikoManifest } };
};

/**
 * The images of the settings that are named by tag, by their place: who can push to their registry decides what runs.
 * A tag next to a digest is only for people.
 */
export function imagesByTag({ kaniko, compiler, kfops, server }: Images): Readonly<Record<string, string>> {
  const images = [
    ['kaniko.image', kaniko.image],
    ['compiler.image', compiler.image],
    ['kfops.image', kfops.image],
    ...inManifest('kaniko.manifest', kaniko.manifest),
    ...inManifest('server.forks.manifest', server.forks?.manifest),
  ] as const;
  return Object.fromEntries(images.filter(([, image]) => isByTag(image)));
}

/** Says so once, at the server's start. */
export function warnOfImagesByTag(settings: Images, log: Pick<Logger, 'warn'>): void {
  const images = imagesByTag(settings);
  if (Object.keys(images).length === 0) return;
  log.warn(
    { images },
    'images referenced by tag: anyone who can push to their registry can change them. Pin each as NAME@sha256:DIGEST (docs/security.md)',
  );
}

function inManifest(key: string, manifest: KanikoManifest | undefined): (readonly [string, string])[] {
  return (manifest?.spec.containers ?? []).flatMap(({ image }, i) =>
    typeof image === 'string' ? [[`${key}.spec.containers[${i}].image`, image] as const] : [],
  );
}

function isByTag(image: string): boolean {
  const reference = parseImageReference(image);
  return !('problem' in reference) && reference.digest === undefined;
}
