import { WorkError } from '../schema/errors.js';

const SEGMENT = /^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$/;

/**
 * The segments of an object's key (`ctx/<key>.tar.gz`). A segment starts with a letter or digit and has only
 * letters, digits, `.`, `_` and `-`: nothing that a file system, a URL or a shell reads otherwise.
 *
 * @throws WorkError for any other key.
 */
export function objectKeySegments(objectKey: string): readonly string[] {
  const segments = objectKey.split('/');
  if (!segments.every((segment) => SEGMENT.test(segment))) {
    throw new WorkError(
      `${JSON.stringify(objectKey)} cannot be the key of a stored object.`,
      'Use segments of letters, digits, ".", "_" and "-", separated by "/".',
    );
  }
  return segments;
}
