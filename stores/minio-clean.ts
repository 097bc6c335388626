import { ServiceError } from '../schema/errors.js';
import { addressOf, minioCalls, type MinioConnection } from './minio-calls.js';
import { FailedAttempt } from './minio-errors.js';
import { explain } from './minio-explain.js';
import { TIMING } from './minio.js';

/** An object in a bucket. */
export interface StoredObject {
  readonly key: string;
  readonly bytes: number;
  /** When it was stored, by the store's clock. */
  readonly modified: Date;
}

/** Lists the objects of a bucket, and deletes old ones. */
export interface BucketCleaner {
  /**
   * All objects whose keys begin with a text; none if the bucket doesn't exist.
   *
   * @throws ServiceError if the store doesn't answer, or refuses
   */
  list(prefix: string): Promise<readonly StoredObject[]>;
  /**
   * Deletes an object, unless it was stored again after it was listed.
   *
   * @param before - delete it only if it was stored before this moment
   * @returns whether it was deleted
   * @throws ServiceError if the store doesn't answer, or refuses
   */
  removeIfOlder(key: string, before: Date): Promise<boolean>;
  /** `http://host:port/bucket` */
  describe(): string;
}

const ABSENT: ReadonlySet<string> = new Set(['NotFound', 'NoSuchKey']);

/** Opens a bucket for cleaning. Sends nothing yet. */
export function bucketCleaner(connection: MinioConnection): BucketCleaner {
  const { bucket, secure } = connection;
  const address = addressOf(connection);
  const call = minioCalls(connection, { ...TIMING, failFast: true });
  const explained = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      if (error instanceof FailedAttempt && error.code === 'AccessDenied')
        throw new ServiceError(
          'Object store',
          address,
          `these keys have no permission to list and delete objects in the bucket ${bucket}.`,
          'Give them s3:ListBucket on the bucket, and s3:GetObject and s3:DeleteObject on its objects (docs/minio.md has a policy).',
          { cause: error.cause },
        );
      throw explain(error, { address, secure, bucket });
    }
  };

  async function isOlder(key: string, before: Date): Promise<boolean> {
    try {
      const { lastModified } = await call((client) => client.statObject(bucket, key));
      return lastModified < before;
    } catch (error) {
      if (error instanceof FailedAttempt && ABSENT.has(error.code ?? '')) return false;
      throw error;
    }
  }

  return {
    describe: () => `${address}/${bucket}`,
    list: (prefix) =>
      explained(
        call(async (client) => {
          if (!(await client.bucketExists(bucket))) return [];
          const found: StoredObject[] = [];
          for await (const object of client.listObjectsV2(bucket, prefix, true)) {
            const {
              name,
              size = 0,
              lastModified,
            } = object as {
              name?: string;
              size?: number;
              lastModified?: Date;
            };
            if (name !== undefined && lastModified !== undefined)
              found.push({ key: name, bytes: size, modified: lastModified });
          }
          return found;
        }),
      ),
    removeIfOlder: (key, before) =>
      explained(
        (async () => {
          if (!(await isOlder(key, before))) return false;
          await call((client) => client.removeObject(bucket, key));
          return true;
        })(),
      ),
  };
}
