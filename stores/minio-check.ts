import { addressOf, minioCalls, type MinioConnection } from './minio-calls.js';
import { explain } from './minio-explain.js';
import { TIMING } from './minio.js';

/**
 * Whether the bucket is there, asked with the given keys. A few seconds, not a minute: somebody waits for the answer.
 *
 * @throws ServiceError when the store does not answer, or does not take the keys
 */
export async function checkBucket(connection: MinioConnection): Promise<'there' | 'absent'> {
  const { bucket, secure } = connection;
  const call = minioCalls(connection, { ...TIMING, attempts: 3, patienceMs: 10_000 });
  try {
    return (await call((client) => client.bucketExists(bucket))) ? 'there' : 'absent';
  } catch (error) {
    throw explain(error, { address: addressOf(connection), secure, bucket });
  }
}
