import { createWriteStream } from 'node:fs';
import { symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { text } from 'node:stream/consumers';

import type { Context } from '../generator/contexts/context.js';
import type { ContextSource } from '../generator/ports.js';
import { makeFolder } from '../stores/make-folder.js';

/** Writes the files of a context into an empty folder, as its archive would unpack there. */
export async function writeFiles(source: ContextSource, { entries }: Context, folder: string): Promise<void> {
  let i = 0;
  for await (const { content } of source.read(entries.map((entry) => entry.source))) {
    const entry = entries[i++];
    if (entry === undefined) return;
    const path = join(folder, entry.path);
    await makeFolder(dirname(path));
    if (entry.mode === '120000') await symlink(await text(content), path);
    else {
      const mode = entry.mode === '100755' ? 0o755 : 0o644;
      await pipeline(content, createWriteStream(path, { flags: 'wx', mode }));
    }
  }
}
