import { createHash, randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';

import { expect } from 'chai';
import { Client } from 'minio';

import { ServiceError } from '../../../schema/errors.js';
import type { MinioOptions } from '../../../stores/minio.js';
import { minioStore } from '../../../stores/minio.js';
import { type RunningStore, startStore, STORES } from '../../support/object-stores.js';

for (const program of STORES) {
  describe(`minioStore with a real ${program.name}`, function () {
    this.timeout(120_000);
    let running: RunningStore | undefined;
    let keys: { readonly accessKey: string; readonly secretKey: string };
    let port: number;
    let client: Client;

    before(async function () {
      running = await startStore(this, program);
      const { accessKey, secretKey } = running;
      keys = { accessKey, secretKey };
      port = running.port;
      client = new Client({ endPoint: '127.0.0.1', port, useSSL: false, ...keys });
    });
    after(() => running?.stop());

    const store = (options: Partial<MinioOptions> = {}) =>
      minioStore({ endpoint: `127.0.0.1:${port}`, secure: false, bucket: 'contexts', ...keys, ...options });
    const keyOf = (content: Buffer) => `ctx/${createHash('sha256').update(content).digest('hex')}.tar.gz`;
    const put = (content: Buffer, options?: Partial<MinioOptions>) =>
      store(options).put(keyOf(content), () => Readable.from(pieces(content)));

    async function stored(content: Buffer, bucket = 'contexts'): Promise<boolean> {
      const digest = createHash('sha256');
      for await (const piece of await client.getObject(bucket, keyOf(content)))
        digest.update(piece as Buffer);
      return keyOf(content).includes(digest.digest('hex'));
    }
    async function uploads(bucket = 'contexts'): Promise<number> {
      return (await client.listIncompleteUploads(bucket, '', true).toArray()).length;
    }
    async function problem(work: Promise<unknown>): Promise<string> {
      const error = await work.then(
        () => expect.fail('it did not fail'),
        (error: unknown) => error,
      );
      expect(error).to.be.instanceOf(ServiceError);
      return (error as ServiceError).problem;
    }

    it('makes the bucket, stores an archive, and finds it again', async () => {
      const content = randomBytes(100_000);
      expect(await store().has(keyOf(content))).to.be.false;
      await put(content);
      expect(await store().has(keyOf(content))).to.be.true;
      expect(await stored(content)).to.be.true;
      await store().put(keyOf(content), () => expect.fail('opened'));
    });

    it('stores a large archive in parts', async () => {
      const content = randomBytes(64 * 1024 * 1024 + 1);
      await put(content);
      expect(await stored(content)).to.be.true;
      expect((await client.statObject('contexts', keyOf(content))).etag).to.match(/-5$/);
      expect(await uploads()).to.equal(0);
    });

    it('lets two clients store one object at once, in a bucket that is not there', async () => {
      const content = randomBytes(12 * 1024 * 1024);
      const options = { bucket: 'raced', partBytes: 5 * 1024 * 1024 };
      await Promise.all([put(content, options), put(content, options)]);
      expect(await stored(content, 'raced')).to.be.true;
      expect(await uploads('raced')).to.equal(0);
    });

    it('leaves no upload behind when the content fails', async () => {
      const content = Readable.from(
        (function* () {
          yield randomBytes(6 * 1024 * 1024);
          throw new RangeError('the content');
        })(),
      );
      const failed = await store({ partBytes: 5 * 1024 * 1024 })
        .put(`ctx/${'0'.repeat(64)}.tar.gz`, () => content)
        .catch((error: unknown) => error);
      expect(failed).to.be.instanceOf(RangeError);
      expect(await uploads()).to.equal(0);
    });

    it('replaces an empty object', async () => {
      const content = randomBytes(10);
      await client.putObject('contexts', keyOf(content), Buffer.alloc(0));
      expect(await store().has(keyOf(content))).to.be.false;
      await put(content);
      expect(await stored(content)).to.be.true;
    });

    it('tells wrong keys apart', async () => {
      const content = randomBytes(10);
      expect(await problem(put(content, { accessKey: 'nobody' }))).to.equal(
        'it does not know the access key.',
      );
      expect(await problem(put(content, { secretKey: 'nothing-like-it' }))).to.equal(
        'the secret key does not belong to the access key.',
      );
    });

    it('tells https where the store speaks plain http', async () => {
      expect(await problem(put(randomBytes(10), { secure: true }))).to.equal(
        'what answers there does not speak TLS.',
      );
    });
  });
}

/** In uneven pieces, as a compressor gives them. */
function* pieces(content: Buffer): Generator<Buffer> {
  for (let at = 0, bytes = 1; at < content.length; at += bytes, bytes = (bytes * 3) % 500_009) {
    yield content.subarray(at, at + bytes);
  }
}
