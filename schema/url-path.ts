import { normalisePath } from './paths.js';

// eslint-disable-next-line no-control-regex -- these are the characters it is for
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/;

/**
 * One segment of a URL's path, encoded.
 *
 * @returns undefined for what would change the segments around it (`..`, `.`, nothing), and for control characters
 */
export function urlSegment(text: string): string | undefined {
  if (text === '' || text === '.' || text === '..' || CONTROL.test(text) || /\p{Surrogate}/u.test(text))
    return undefined;
  return encodeURIComponent(text);
}

/**
 * A file of a repository as a URL's path, each segment encoded, without a slash at its start.
 *
 * @param file - what a report, a log or a configuration calls a file: any text
 * @returns undefined unless it is a normalised path from the repository's root, which cannot lead to another page
 */
export function fileUrlPath(file: string): string | undefined {
  if (normalisePath(file) !== file) return undefined;
  const segments = file.split('/').map(urlSegment);
  return segments.includes(undefined) ? undefined : segments.join('/');
}
