import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';

import { below, sortByPath } from '../../../../generator/contexts/paths.js';
import type {
  ContextSource,
  IdentifiedEntry,
  ListOptions,
  SourceEntry,
} from '../../../../generator/ports.js';

/** A file of a {@link MemorySource}: its content, or more about it. */
export type MemoryFile = string | Partial<SourceEntry & { content: string }>;

/** A repository in memory, which remembers what it was asked. */
export class MemorySource implements ContextSource {
  readonly revision = { dirty: false, description: 'memory' };
  readonly calls: string[] = [];
  private readonly entries: readonly SourceEntry[];
  private readonly contents = new Map<string, string>();

  constructor(files: Readonly<Record<string, MemoryFile>>) {
    const entries = Object.entries(files).map(([path, file]): SourceEntry => {
      const { content = '', ...rest } = typeof file === 'string' ? { content: file } : file;
      this.contents.set(path, content);
      return { path, mode: '100644', size: Buffer.byteLength(content), ...rest };
    });
    this.entries = sortByPath(entries);
  }

  list(paths: readonly string[], { only = () => true }: ListOptions = {}): Promise<readonly SourceEntry[]> {
    this.calls.push(`list ${paths.join(' ')}`);
    const found = new Set(paths.flatMap((path) => below(this.entries, path)));
    return Promise.resolve(sortByPath([...found].filter(({ path }) => only(path))));
  }

  identify(entries: readonly SourceEntry[]): Promise<readonly IdentifiedEntry[]> {
    this.calls.push(`identify ${entries.map(({ path }) => path).join(' ')}`);
    return Promise.resolve(
      entries.map((entry) => {
        const content = this.contents.get(entry.path) ?? '';
        const blob = createHash('sha1')
          .update(`blob ${Buffer.byteLength(content)}\0${content}`)
          .digest('hex');
        return { ...entry, blob };
      }),
    );
  }

  async *read(
    entries: readonly IdentifiedEntry[],
  ): AsyncGenerator<{ entry: IdentifiedEntry; content: Readable }> {
    for (const entry of entries) {
      await Promise.resolve();
      const content = this.contents.get(entry.path) ?? '';
      yield {
        entry,
        content: Readable.from(content === '' ? [] : [Buffer.from(content)], { objectMode: false }),
      };
    }
  }

  text(path: string): Promise<string | undefined> {
    return Promise.resolve(this.contents.get(path));
  }
}
