import { expect } from 'chai';
import { Readable } from 'node:stream';

import { ServiceError, WorkError } from '../../../schema/errors.js';
import { readObject, type ReadOptions } from '../../../stores/minio-read.js';
import { minioStore } from '../../../stores/minio.js';
import { S3Server } from '../../fixtures/s3-server.js';

const KEY = 'runs/12345678-1234-1234-1234-123456789012/pipeline.yaml';

describe('reading an object', () => {
  let server: S3Server;

  beforeEach(async () => {
    server = await S3Server.start();
  });
  afterEach(() => server.stop());

  const options = (more: Partial<ReadOptions> = {}): ReadOptions => ({
    endpoint: server.endpoint,
    secure: false,
    bucket: 'contexts',
    accessKey: server.accessKey,
    secretKey: server.secretKey,
    sleep: () => Promise.resolve(),
    mostBytes: 10,
    ...more,
  });
  const put = (text: string): Promise<void> =>
    minioStore(options()).put(KEY, () => Readable.from([Buffer.from(text)]));
  const failure = (work: Promise<unknown>): Promise<unknown> =>
    work.then(
      () => undefined,
      (error: unknown) => error,
    );

  it('gives its text', async () => {
    await put('größer');
    expect(await readObject(options(), KEY)).to.equal('größer');
  });

  it('gives nothing where there is no object, and none in a bucket that is not there', async () => {
    expect(await readObject(options(), KEY)).to.equal(undefined);
    await put('a');
    expect(await readObject(options(), KEY.replace('pipeline', 'other'))).to.equal(undefined);
  });

  it('refuses a larger one', async () => {
    await put('a'.repeat(11));
    const error = await failure(readObject(options(), KEY));
    expect(error).to.be.instanceOf(WorkError);
    expect((error as Error).message).to.include('larger than 10 bytes');
  });

  it('refuses a key that leads elsewhere', async () => {
    expect(await failure(readObject(options(), 'runs/../ctx/a'))).to.be.instanceOf(WorkError);
  });

  it('tries again, and tells missing rights', async () => {
    await put('a');
    server.misbehave({ answer: 503, code: 'SlowDown' });
    expect(await readObject(options(), KEY)).to.equal('a');
    server.misbehave({ answer: 403, code: 'AccessDenied' });
    const error = await failure(readObject(options(), KEY));
    expect(error).to.be.instanceOf(ServiceError);
  });
});
