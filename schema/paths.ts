/** Where a repository keeps what is for Kfops, from its root. */
export const CONFIG_FOLDER = 'config_files';

/**
 * Puts a path of a repository into the form that all parts use: no `.`, no `..`, no doubled slash, no slash at the end;
 * the root is `''`. A path in this form stays as it is.
 *
 * @returns undefined for a path that is absolute, leaves the repository, or holds a backslash or control character
 */
export function normalisePath(path: string): string | undefined {
  // eslint-disable-next-line no-control-regex -- these are what is looked for
  if (path.startsWith('/') || /[\\\u0000-\u001f\u007f]/.test(path)) return undefined;
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    // A drive of Windows, also behind what normalising takes away: `./C:/x`.
    if (parts.length === 0 && /^[A-Za-z]:$/.test(part)) return undefined;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) return undefined;
  }
  return parts.join('/');
}
