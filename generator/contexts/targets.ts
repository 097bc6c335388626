import { ConfigError } from '../../schema/diagnostic.js';
import type { ContextSource, IdentifiedEntry } from '../ports.js';

/**
 * The targets of symbolic links, by the links' paths in the source.
 *
 * @throws ConfigError when a target is not UTF-8, which an archive could not say
 */
export async function readTargets(
  source: ContextSource,
  links: readonly IdentifiedEntry[],
): Promise<ReadonlyMap<string, string>> {
  const targets = new Map<string, string>();
  if (links.length === 0) return targets;
  for await (const { entry, content } of source.read(links)) {
    const chunks: Buffer[] = [];
    for await (const chunk of content) chunks.push(chunk as Buffer);
    targets.set(entry.path, decodeTarget(entry.path, Buffer.concat(chunks)));
  }
  return targets;
}

function decodeTarget(path: string, bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    const message = `the target of the symbolic link \`${path}\` is not UTF-8`;
    const hint = 'rename the target, or remove the link';
    throw new ConfigError([{ code: 'FILE_UNREADABLE', severity: 'error', message, file: path, hint }]);
  }
}
