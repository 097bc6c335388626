import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { gunzipSync, gzipSync } from 'node:zlib';

import { expect } from 'chai';
import { extract, type Header } from 'tar-stream';

import { assembleContexts } from '../../../../generator/contexts/assemble.js';
import type { Context } from '../../../../generator/contexts/context.js';
import { packContext } from '../../../../generator/contexts/pack.js';
import { withContent } from '../../../../generator/contexts/replace.js';
import { MemorySource } from './memory-source.js';

async function contextOf(source: MemorySource): Promise<Context> {
  const request = { name: 'image', dockerfileFolder: 'img', otherFolders: [], dockerfile: 'Dockerfile' };
  const [result] = await assembleContexts(source, [request], { files: 1e6, bytes: 1e12 });
  return result!.context!;
}

const FILES = {
  'img/Dockerfile': 'FROM scratch',
  'img/run.sh': { content: 'x', mode: '100755' as const },
  'img/link': { content: 'run.sh', mode: '120000' as const },
  'img/empty': '',
  'img/é': 'y'.repeat(100_000),
};

describe('packing a context', () => {
  it('writes sorted entries with fixed owners, modes and times, and pax only where needed', async () => {
    const source = new MemorySource(FILES);
    const tar = gunzipSync(await buffer(packContext(source, await contextOf(source))));
    const headers: Header[] = [];
    const reader = extract();
    Readable.from([tar]).pipe(reader);
    for await (const entry of reader) {
      headers.push(entry.header);
      entry.resume();
    }
    expect(headers.map(({ name, type, mode, linkname }) => [name, type, mode, linkname])).to.deep.equal([
      ['Dockerfile', 'file', 0o644, null],
      ['empty', 'file', 0o644, null],
      ['link', 'symlink', 0o777, 'run.sh'],
      ['run.sh', 'file', 0o755, null],
      ['é', 'file', 0o644, null],
    ]);
    for (const { uid, gid, uname, gname, mtime } of headers) {
      expect([uid, gid, uname, gname, mtime.getTime()]).to.deep.equal([0, 0, '', '', 0]);
    }
    expect(headers.filter(({ pax }) => pax !== null).map(({ name }) => name)).to.deep.equal(['é']);
  });

  it('gives the same bytes each time, and smaller ones at a higher level', async () => {
    const source = new MemorySource(FILES);
    const context = await contextOf(source);
    const first = await buffer(packContext(source, context));
    expect(first.equals(await buffer(packContext(new MemorySource(FILES), context)))).to.equal(true);
    expect((await buffer(packContext(source, context, { level: 1 }))).length).to.be.greaterThan(first.length);
  });

  it('gives the bytes of gzip, whatever the size', async () => {
    const long = 'é'.repeat(1500);
    const names = Object.fromEntries(
      Array.from({ length: 60 }, (_, i) => [
        `img/${long}${i}`,
        i < 30 ? 'x' : { content: long, mode: '120000' as const },
      ]),
    );
    const sizes = [0, 200_000, 257_000, 262_144, 300_000, 1_000_000];
    for (const files of [names, ...sizes.map((size) => ({ 'img/data': 'y'.repeat(size) }))]) {
      const source = new MemorySource({ 'img/Dockerfile': 'FROM scratch', ...files });
      const archive = await buffer(packContext(source, await contextOf(source)));
      expect(gzipSync(gunzipSync(archive)).equals(archive)).to.equal(true);
    }
  });

  /** A source with one endless-looking file that counts what is taken from it. */
  class CountingSource extends MemorySource {
    taken = 0;
    ended = false;

    override async *read(entries: Parameters<MemorySource['read']>[0]): ReturnType<MemorySource['read']> {
      await Promise.resolve();
      try {
        for (const entry of entries) {
          yield { entry, content: Readable.from(this.pieces(entry.size), { objectMode: false }) };
        }
      } finally {
        this.ended = true;
      }
    }

    private async *pieces(size: number): AsyncGenerator<Buffer> {
      for (let left = size; left > 0; left -= 65_536) {
        await Promise.resolve();
        this.taken += 65_536;
        yield Buffer.alloc(Math.min(left, 65_536), Math.random() * 256);
      }
    }
  }

  it('reads nothing before it is read, no faster than it is, and stops with it', async () => {
    const source = new CountingSource({ 'img/Dockerfile': { size: 2 ** 31 } });
    const archive = packContext(source, await contextOf(source), { level: 1 });
    const chunk = await new Promise((resolve) =>
      archive.once('readable', () => {
        resolve(archive.read(1));
      }),
    );
    expect(chunk).to.have.lengthOf(1);
    expect(source.taken).to.be.lessThan(2 ** 28);
    archive.destroy();
    for (let i = 0; i < 1000 && !source.ended; i++) await new Promise((resolve) => setImmediate(resolve));
    expect(source.ended).to.equal(true);
  });

  it('delivers what stands in place of a file’s own content, and nothing else differs', async () => {
    const source = new MemorySource(FILES);
    const context = await contextOf(source);
    for (const path of ['Dockerfile', 'run.sh', 'é']) {
      const content = Buffer.from(`another ${path}`);
      const replaced = withContent(context, path, content);
      const same = new MemorySource({
        ...FILES,
        [`img/${path}`]: {
          content: content.toString(),
          ...(path === 'run.sh' && { mode: '100755' as const }),
        },
      });
      const expected = await contextOf(same);
      expect(replaced.key).to.equal(expected.key);
      expect(replaced.bytes).to.equal(expected.bytes);
      expect(await buffer(packContext(source, replaced))).to.deep.equal(
        await buffer(packContext(same, expected)),
      );
    }
  });

  it('fails with the source’s own error', async () => {
    class FailingSource extends MemorySource {
      override async *read(): ReturnType<MemorySource['read']> {
        await Promise.reject(new Error('the disk is gone'));
        yield* [];
      }
    }
    const source = new FailingSource(FILES);
    const context = await contextOf(new MemorySource(FILES));
    let message = '';
    await buffer(packContext(source, context)).catch(
      (error: unknown) => (message = (error as Error).message),
    );
    expect(message).to.equal('the disk is gone');
  });
});
