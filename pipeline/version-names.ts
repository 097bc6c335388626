import { createHash } from 'node:crypto';

/** https://github.com/kubeflow/pipelines, column `Name` of pipeline_versions, less one. */
export const LONGEST_VERSION = 127;

const DIGITS = 6;

/**
 * The name of a version if its own belongs to the images of an earlier build: the same images give the same name.
 *
 * @param images - by the executors that have them
 * @returns `1a2b3c4d5e6f-9f8e7d`
 */
export function rebuiltVersion(version: string, images: ReadonlyMap<string, string>): string {
  const sorted = [...images].sort(([a], [b]) => (a < b ? -1 : 1));
  const digits = createHash('sha256').update(JSON.stringify(sorted)).digest('hex').slice(0, DIGITS);
  return `${version.slice(0, LONGEST_VERSION - DIGITS - 1)}-${digits}`;
}

/**
 * Whether `name` is the name of the version of a commit of a branch, or of a rebuild of one.
 *
 * @param branch - as the names of its versions begin
 */
export function isOfBranch(branch: string, name: string): boolean {
  return (
    name.startsWith(`${branch}-`) && /^[0-9a-f]{12}(?:-[0-9a-f]{6})?$/.test(name.slice(branch.length + 1))
  );
}

/** Whether `name` is the name of a version, or a name that {@link rebuiltVersion} gives it. */
export function isBuildOf(version: string, name: string): boolean {
  const start = version.slice(0, LONGEST_VERSION - DIGITS - 1);
  return (
    name === version || (name.startsWith(`${start}-`) && /^[0-9a-f]{6}$/.test(name.slice(start.length + 1)))
  );
}
