import { addressOf, minioCalls, type MinioConnection } from './minio-calls.js';
import { explain } from './minio-explain.js';
import { TIMING } from './minio.js';

/** An object in a bucket. */
export interface StoredObject {
  readonly key: string;
  readonly bytes: number;
  readonly modified: Date;
}

/** Looks through a bucket, and removes from it. */
export interface BucketCleaner {
  /**
   * All objects whose keys begin with a text; none where the bucket is not there.
   *
   * @throws ServiceError when the store does not answer, or refuses
   */
  list(prefix: string): Promise<readonly StoredObject[]>;
  /**
   * Removes objects, a thousand in each request.
   *
   * @throws ServiceError for the first that the store keeps
   */
  remove(keys: readonly string[]): Promise<void>;
}

/** S3's own limit. */
const KEYS_A_REQUEST = 1000;

/** Opens a bucket for cleaning. */
export function bucketCleaner(connection: MinioConnection): BucketCleaner {
  const { bucket, secure } = connection;
  const call = minioCalls(connection, TIMING);
  const explained = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      throw explain(error, { address: addressOf(connection), secure, bucket });
    }
  };

  return {
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
    remove: async (keys) => {
      for (let at = 0; at < keys.length; at += KEYS_A_REQUEST) {
        const some = keys.slice(at, at + KEYS_A_REQUEST);
        await explained(call((client) => client.removeObjects(bucket, [...some])));
      }
    },
  };
}
