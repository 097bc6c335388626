import { WorkError } from '../schema/errors.js';
import { addressOf, minioCalls, type MinioConnection, type MinioTiming } from './minio-calls.js';
import { FailedAttempt } from './minio-errors.js';
import { explain } from './minio-explain.js';
import { TIMING } from './minio.js';
import { objectKeySegments } from './object-key.js';

/** Where an object is, and how much of it is read. */
export interface ReadOptions extends MinioConnection, Partial<MinioTiming> {
  /** A larger object is refused. */
  readonly mostBytes: number;
}

/**
 * Reads a small text of the object store.
 *
 * @returns undefined if there is no such object
 * @throws ServiceError if the store doesn't answer or refuses; WorkError if the object is larger than `mostBytes`
 */
export async function readObject(options: ReadOptions, objectKey: string): Promise<string | undefined> {
  objectKeySegments(objectKey);
  const { bucket, secure, mostBytes } = options;
  const call = minioCalls(options, { ...TIMING, ...options });
  try {
    const content = await call(async (client) => {
      const body = await client.getPartialObject(bucket, objectKey, 0, mostBytes + 1);
      const parts: Buffer[] = [];
      let bytes = 0;
      for await (const part of body as AsyncIterable<Buffer>) {
        parts.push(part);
        bytes += part.length;
        if (bytes > mostBytes) break;
      }
      return Buffer.concat(parts);
    });
    if (content.length > mostBytes)
      throw new WorkError(`The object ${objectKey} of the object store is larger than ${mostBytes} bytes.`);
    return content.toString('utf8');
  } catch (error) {
    const code = error instanceof FailedAttempt ? error.code : undefined;
    if (code === 'NoSuchKey' || code === 'NoSuchBucket') return undefined;
    if (code === 'InvalidRange') return '';
    throw explain(error, { address: addressOf(options), secure, bucket });
  }
}
