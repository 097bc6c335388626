import { addressOf, type MinioConnection, minioCalls } from './minio-calls.js';
import { FailedAttempt } from './minio-errors.js';
import { explain } from './minio-explain.js';
import { TIMING } from './minio.js';

/**
 * Makes the bucket if it is not there.
 *
 * @returns `hidden` where the keys are for its contents alone, so that it can be neither seen nor made
 * @throws ServiceError when the store does not answer, or fails
 */
export async function makeBucket(connection: MinioConnection): Promise<'made' | 'there' | 'hidden'> {
  const { bucket, secure, region } = connection;
  const call = minioCalls(connection, { ...TIMING, failFast: true });
  try {
    if (await call((client) => client.bucketExists(bucket))) return 'there';
    await call((client) => client.makeBucket(bucket, region ?? ''));
    return 'made';
  } catch (error) {
    // 409: somebody else made it meanwhile.
    if (error instanceof FailedAttempt && error.exchange.status === 409) return 'there';
    if (error instanceof FailedAttempt && error.code === 'AccessDenied') return 'hidden';
    throw explain(error, { address: addressOf(connection), secure, bucket });
  }
}
