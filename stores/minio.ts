import type { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';

import type { ContextStore } from '../generator/ports.js';
import { ServiceError, WorkError } from '../schema/errors.js';
import { chunks } from './chunks.js';
import type { MinioConnection, MinioTiming } from './minio-calls.js';
import { addressOf, minioCalls } from './minio-calls.js';
import { FailedAttempt } from './minio-errors.js';
import { explain } from './minio-explain.js';
import type { Exchange } from './minio-transport.js';
import { objectKeySegments } from './object-key.js';
import { DAY_MS, REFRESH_DAYS } from './safe-age.js';

/** What {@link minioStore} can be told; all but the connection has a good default. */
export interface MinioOptions extends MinioConnection, Partial<MinioTiming> {
  /** An archive below this size goes in one request, a larger one in parts of it; at least 5 MiB, S3's own limit. */
  readonly partBytes?: number;
  /** S3's own limit, 10,000. */
  readonly maxParts?: number;
}

/** One request that fails for good loses at most 50 s; cleaning up after it takes at most 10 s more. */
export const TIMING: MinioTiming = {
  connectMs: 10_000,
  idleMs: 30_000,
  attempts: 8,
  firstDelayMs: 250,
  longestDelayMs: 8_000,
  patienceMs: 50_000,
  now: () => performance.now(),
  random: Math.random,
  sleep: (ms) => sleep(ms),
};
const CLEAN_UP = { attempts: 3, patienceMs: 10_000 };

/**
 * Keeps objects in a bucket of MinIO, or of another store that speaks S3; of S3 only what a MinIO of 2019 has.
 * The bucket is made when the first object is stored. Memory: two parts for each upload that is under way.
 */
export function minioStore(options: MinioOptions): ContextStore {
  const { bucket, secure, partBytes = 16 * 1024 * 1024, maxParts = 10_000 } = options;
  const target = { address: addressOf(options), secure, bucket };
  const call = minioCalls(options, { ...TIMING, ...options });

  /** With a GET of one byte: unlike a HEAD, it is answered with the reason when it fails. */
  async function lookUp(objectKey: string): Promise<'there' | 'old' | 'absent' | 'no bucket'> {
    try {
      return await call(async (client, exchange) => {
        const body = await client.getPartialObject(bucket, objectKey, 0, 1);
        await finished(body.resume());
        // A web page at the wrong address says 200 to anything.
        if (exchange.status !== 206) throw new Error('not an answer to a request for a range');
        return ageMs(exchange) > REFRESH_DAYS * DAY_MS ? 'old' : 'there';
      });
    } catch (error) {
      const code = error instanceof FailedAttempt ? error.code : undefined;
      if (code === 'NoSuchBucket') return 'no bucket';
      // InvalidRange: it is there and empty, which no archive is.
      if (code === 'NoSuchKey' || code === 'InvalidRange') return 'absent';
      throw error;
    }
  }

  async function makeBucket(): Promise<void> {
    try {
      await call((client) => client.makeBucket(bucket, options.region ?? ''));
    } catch (error) {
      if (!(error instanceof FailedAttempt)) throw error;
      // 409: somebody else made it meanwhile.
      if (error.exchange.status === 409) return;
      if (error.code !== 'AccessDenied') throw error;
      throw new ServiceError(
        'Object store',
        target.address,
        `the bucket ${bucket} does not exist, and these keys have no permission to create it.`,
        `Have an administrator make it (mc mb ALIAS/${bucket}), or use keys with the right s3:CreateBucket.`,
        { cause: error.cause },
      );
    }
  }

  async function upload(objectKey: string, content: Readable): Promise<void> {
    const pieces = chunks(content, partBytes);
    const first = await pieces.next();
    if (first.done !== true && first.value.length === partBytes) {
      await uploadParts(objectKey, first, pieces);
    } else {
      const archive = first.done === true ? Buffer.alloc(0) : first.value;
      await call((client) => client.putObject(bucket, objectKey, archive, archive.length, CONTENT_TYPE));
    }
  }

  async function uploadParts(
    objectKey: string,
    first: IteratorResult<Buffer, void>,
    rest: AsyncIterator<Buffer, void>,
  ): Promise<void> {
    const uploadId = await call((client) =>
      client.initiateNewMultipartUpload(bucket, objectKey, { ...CONTENT_TYPE }),
    );
    // minio-js escapes it in one of the three calls that take it.
    const uploadID = encodeURIComponent(uploadId);
    const parts: { part: number; etag: string }[] = [];
    const send = async (partNumber: number, piece: Buffer): Promise<void> => {
      const place = { bucketName: bucket, objectName: objectKey, uploadID, partNumber };
      parts.push(await call((client) => client.uploadPart({ ...place, headers: {} }, piece)));
    };
    // One part is sent while the next one is read.
    let sending = Promise.resolve();
    try {
      let part = 1;
      for (let piece = first; piece.done !== true; piece = await rest.next()) {
        await sending;
        if (part > maxParts) throw tooLarge(maxParts * partBytes);
        sending = send(part++, piece.value);
        // Its failure is met in the next round; until then it is not an unhandled one.
        sending.catch(() => undefined);
      }
      await sending;
      await complete(objectKey, uploadId, parts);
    } catch (error) {
      await sending.catch(() => undefined);
      // When this fails too, the first failure is the one to tell; the server removes such uploads after a day.
      await call((client) => client.abortMultipartUpload(bucket, objectKey, uploadID), CLEAN_UP).catch(
        () => undefined,
      );
      throw error;
    }
  }

  async function complete(
    objectKey: string,
    uploadId: string,
    parts: { part: number; etag: string }[],
  ): Promise<void> {
    try {
      await call((client) => client.completeMultipartUpload(bucket, objectKey, uploadId, parts));
    } catch (error) {
      // The answer to an attempt that succeeded may have been lost: the next one finds no upload.
      if (!(error instanceof FailedAttempt) || error.code !== 'NoSuchUpload') throw error;
      if ((await lookUp(objectKey)) !== 'there') throw error;
    }
  }

  return {
    describe: () => `${target.address}/${bucket}`,
    async has(objectKey) {
      objectKeySegments(objectKey);
      try {
        return (await lookUp(objectKey)) === 'there';
      } catch (error) {
        throw explain(error, target);
      }
    },
    async put(objectKey, open) {
      objectKeySegments(objectKey);
      let content: Readable | undefined;
      try {
        const found = await lookUp(objectKey);
        if (found === 'there') return;
        if (found === 'no bucket') await makeBucket();
        content = open();
        await upload(objectKey, content);
      } catch (error) {
        throw explain(error, target);
      } finally {
        content?.destroy();
      }
    },
  };
}

const CONTENT_TYPE = { 'content-type': 'application/gzip' };

/** How long ago an object was stored, by the store's own clock; 0 where the answer does not say. */
function ageMs({ serverDate = '', lastModified = '' }: Exchange): number {
  return Date.parse(serverDate) - Date.parse(lastModified) || 0;
}

function tooLarge(bytes: number): WorkError {
  return new WorkError(
    `An archive is larger than ${Math.floor(bytes / 2 ** 30)} GiB, the most that can be stored.`,
    'Leave large files out of the context with a .dockerignore.',
  );
}
