import { expect } from 'chai';

import { ServiceError } from '../../../schema/errors.js';
import { bucketCleaner } from '../../../stores/minio-clean.js';
import { S3Server } from '../../fixtures/s3-server.js';

const OLD = new Date('2026-01-01T00:00:00Z');
const BEFORE = new Date('2026-06-01T00:00:00Z');

describe('bucketCleaner', () => {
  let server: S3Server;
  beforeEach(async () => {
    server = await S3Server.start();
  });
  afterEach(() => server.stop());

  const cleaner = () =>
    bucketCleaner({
      endpoint: server.endpoint,
      secure: false,
      bucket: 'contexts',
      accessKey: server.accessKey,
      secretKey: server.secretKey,
    });

  function fill(...keys: string[]): void {
    const objects = server.buckets.get('contexts') ?? new Map<string, Buffer>();
    for (const key of keys) {
      objects.set(key, Buffer.from(key));
      server.modified.set(`contexts/${key}`, OLD);
    }
    server.buckets.set('contexts', objects);
  }

  it('lists what begins with a prefix, page by page', async () => {
    const keys = Array.from({ length: 7 }, (_, i) => `ctx/${i}`);
    fill(...keys, 'other/x');
    server.pageSize = 3;
    const found = await cleaner().list('ctx/');
    expect(found.map(({ key }) => key)).to.deep.equal(keys);
    expect(found[0]).to.deep.equal({ key: 'ctx/0', bytes: 5, modified: OLD });
  });

  it('lists nothing if the bucket does not exist', async () => {
    expect(await cleaner().list('ctx/')).to.deep.equal([]);
  });

  it('deletes an old object', async () => {
    fill('ctx/a', 'ctx/b');
    expect(await cleaner().removeIfOlder('ctx/a', BEFORE)).to.equal(true);
    expect([...(server.buckets.get('contexts')?.keys() ?? [])]).to.deep.equal(['ctx/b']);
  });

  it('keeps an object that was stored again after it was listed', async () => {
    fill('ctx/a');
    server.modified.delete('contexts/ctx/a');
    expect(await cleaner().removeIfOlder('ctx/a', BEFORE)).to.equal(false);
    expect(server.buckets.get('contexts')?.has('ctx/a')).to.equal(true);
  });

  it('passes over an object that somebody else has deleted', async () => {
    fill('ctx/a');
    expect(await cleaner().removeIfOlder('ctx/b', BEFORE)).to.equal(false);
  });

  it('names the rights that the keys lack', async () => {
    fill('ctx/a');
    server.misbehave({ answer: 403, code: 'AccessDenied' }, { when: ({ method }) => method === 'DELETE' });
    const error = await cleaner()
      .removeIfOlder('ctx/a', BEFORE)
      .then(
        () => expect.fail('deleted'),
        (thrown: unknown) => thrown as ServiceError,
      );
    expect(error).to.be.instanceOf(ServiceError);
    expect(error.nextStep).to.include('s3:DeleteObject');
    expect(error.address).to.equal(`http://${server.endpoint}`);
  });
});
