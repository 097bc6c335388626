import { isUtf8 } from 'node:buffer';
import type { Readable } from 'node:stream';

import type { Context, ContextEntry } from '../contexts/context.js';
import { entryAt, linkTarget } from '../contexts/paths.js';
import type { ContextSource } from '../ports.js';

/** A Dockerfile as its context has it. */
export interface DockerfileText {
  /** Its own path in the context, where that of the configuration is a symbolic link. */
  readonly path: string;
  /** Each character is a byte where the file is not UTF-8. */
  readonly text: string;
  readonly encoding: 'utf8' | 'latin1';
}

/** A larger file is not looked into. */
const LONGEST_BYTES = 256 * 1024;
/** Linux follows no more. */
const MOST_LINKS = 40;

/**
 * Reads the Dockerfile of each context, each file once, and those of all contexts at once: a remote repository sends them
 * in one answer.
 *
 * @param wanted - the contexts, and the Dockerfile's path in each
 * @returns one for each; undefined where a link leads nowhere or the file is too large to be looked into
 */
export async function readDockerfiles(
  source: ContextSource,
  wanted: readonly { readonly context: Context; readonly dockerfile: string }[],
): Promise<readonly (DockerfileText | undefined)[]> {
  const entries = wanted.map(({ context, dockerfile }) => entryAt(context.entries, dockerfile));
  const contents = new Map<string, Buffer>();
  for (let links = 0; links <= MOST_LINKS; links++) {
    await readContents(source, entries, contents);
    let isDone = true;
    for (const [i, entry] of entries.entries()) {
      if (entry?.mode !== '120000') continue;
      const target = contents.get(entry.blob)?.toString('utf8') ?? '';
      entries[i] = entryAt(wanted[i]?.context.entries ?? [], linkTarget(entry.path, target));
      isDone = false;
    }
    if (isDone) break;
  }
  return entries.map((entry) => {
    const content = entry && entry.mode !== '120000' ? contents.get(entry.blob) : undefined;
    if (entry === undefined || content === undefined) return undefined;
    const encoding = isUtf8(content) ? 'utf8' : 'latin1';
    return { path: entry.path, text: content.toString(encoding), encoding };
  });
}

/** Adds what is not known yet, by blob. */
async function readContents(
  source: ContextSource,
  entries: readonly (ContextEntry | undefined)[],
  contents: Map<string, Buffer>,
): Promise<void> {
  const missing = new Map<string, ContextEntry>();
  for (const entry of entries) {
    if (entry && entry.size <= LONGEST_BYTES && !contents.has(entry.blob)) missing.set(entry.blob, entry);
  }
  if (missing.size === 0) return;
  const identified = [...missing.values()].map((entry) => entry.source);
  for await (const { entry, content } of source.read(identified)) {
    contents.set(entry.blob, await bytesOf(content));
  }
}

async function bytesOf(stream: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
