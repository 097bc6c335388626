import { createCipheriv, createHash } from 'node:crypto';
import { Readable } from 'node:stream';

import { expect } from 'chai';

import { apiPath } from '../../../argo/client/client.js';
import { minioStore } from '../../../stores/minio.js';
import { admin, store, uniqueName } from '../support/build.js';
import { environment, need } from '../support/environment.js';
import { minioAdmin, minioUser } from '../support/minio-user.js';

const MiB = 1024 * 1024;

/** Bytes that do not compress and are the same each time. */
function content(mebibytes: number, onChunk: (i: number) => void = () => undefined): Readable {
  function* chunks(): Generator<Buffer> {
    const cipher = createCipheriv('aes-128-ctr', Buffer.alloc(16), Buffer.alloc(16));
    const zeros = Buffer.alloc(MiB);
    for (let i = 0; i < mebibytes; i++) {
      onChunk(i);
      yield cipher.update(zeros);
    }
  }
  return Readable.from(chunks());
}

/** What the object store has under a key. */
async function stored(bucket: string, key: string): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of await minioAdmin().getObject(bucket, key)) {
    hash.update(chunk as Buffer);
    bytes += (chunk as Buffer).length;
  }
  return { bytes, sha256: hash.digest('hex') };
}

async function hashOf(stream: Readable): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of stream) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

describe('MinIO in the cluster', () => {
  const bucket = uniqueName('bucket');

  it('takes one context from two clients at once, into a bucket that neither found', async () => {
    const key = `ctx/${uniqueName('twice')}.tar.gz`;
    await Promise.all([0, 1].map(() => store(bucket).put(key, () => content(3))));
    expect(await store(bucket).has(key)).to.equal(true);
    expect(await stored(bucket, key)).to.deep.equal({ bytes: 3 * MiB, sha256: await hashOf(content(3)) });
  });

  it('takes a context of 300 MB', async () => {
    const key = `ctx/${uniqueName('large')}.tar.gz`;
    await store(bucket).put(key, () => content(300));
    expect(await stored(bucket, key)).to.deep.equal({ bytes: 300 * MiB, sha256: await hashOf(content(300)) });
  });

  it('gets a context although it ends and starts again in the middle of the upload', async function () {
    need(this, environment.adminKubeconfig, 'admin (KFOPS_TEST_ADMIN_KUBECONFIG)');
    const key = `ctx/${uniqueName('broken')}.tar.gz`;
    const pods = apiPath('api', 'v1', 'namespaces', 'kubeflow', 'pods');
    let ended: Promise<unknown> | undefined;
    await store(bucket).put(key, () =>
      content(120, (i) => {
        if (i !== 60) return;
        ended ??= admin.call({
          what: 'ending MinIO',
          method: 'DELETE',
          path: pods,
          query: { labelSelector: 'app=minio', gracePeriodSeconds: 0 },
        });
      }),
    );
    expect(ended, 'it was ended').to.not.equal(undefined);
    await ended;
    expect(await stored(bucket, key)).to.deep.equal({ bytes: 120 * MiB, sha256: await hashOf(content(120)) });
  });

  /** The error with which storing something with these keys ends. */
  function refusal(keys: Partial<typeof environment.minio>, into: string): Promise<unknown> {
    const asked = minioStore({ ...environment.minio, ...keys, secure: false, bucket: into });
    return asked
      .put(`ctx/${uniqueName('refused')}.tar.gz`, () => content(1))
      .then(
        () => undefined,
        (error: unknown) => error,
      );
  }

  it('says so when the keys are wrong', async () => {
    const error = await refusal({ secretKey: 'wrong-key' }, bucket);
    expect(error).to.include({ name: 'ServiceError', service: 'Object store' });
    expect(error).to.have.property('nextStep').that.contains('KFOPS_MINIO_ACCESS_KEY');
  });

  it('says which right on the bucket the keys lack', async () => {
    const [stranger, reader, writer] = await Promise.all([
      minioUser(uniqueName('stranger'), 'none'),
      minioUser(uniqueName('reader'), 'readonly'),
      minioUser(uniqueName('writer'), 'readwrite'),
    ]);
    const there = uniqueName('bucket');
    expect(await refusal(writer, there), 'who has the right may').to.equal(undefined);

    const cases = [
      {
        keys: stranger,
        bucket: there,
        says: 'these keys have no permission to read and write in the bucket',
      },
      { keys: reader, bucket: there, says: 'these keys have no permission to read and write in the bucket' },
      {
        keys: reader,
        bucket: uniqueName('bucket'),
        says: 'does not exist, and these keys have no permission to create it',
      },
    ];
    for (const { keys, bucket, says } of cases) {
      const error = await refusal(keys, bucket);
      expect(error).to.include({ name: 'ServiceError', service: 'Object store' });
      expect(error).to.have.property('problem').that.contains(bucket).and.contains(says);
      expect(error)
        .to.have.property('nextStep')
        .that.matches(/s3:(PutObject|CreateBucket)/);
    }
  });
});
