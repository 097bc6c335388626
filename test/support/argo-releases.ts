import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { TEST_CACHE } from './cache-folder.js';
import { skipWithout } from './missing.js';

/** A release of Argo Workflows whose schemas the tests use. */
export interface ArgoRelease {
  readonly version: string;
  /** The published Go module that has the schemas, with its version. */
  readonly module: string;
  /** The checksum of the module, as in a `go.sum`. */
  readonly sum: string;
}

export const ARGO_RELEASES = JSON.parse(
  readFileSync(new URL('argo-releases.json', import.meta.url), 'utf8'),
) as readonly ArgoRelease[];

/** The files of a module that `scripts/fetch-argo.ts` copies, by the name of the copy. */
export const ARGO_FILES = {
  'schema.json': 'api/jsonschema/schema.json',
  'workflows-crd.yaml': 'manifests/base/crds/full/argoproj.io_workflows.yaml',
} as const;

/** The folder with the copies of a release: below `KFOPS_TEST_CACHE`, by default the user's cache folder. */
export function argoFolder({ version }: ArgoRelease): string {
  return join(TEST_CACHE, `argo-${version}`);
}

/** The path of a copied file. Skips the test or suite if it is missing. */
export function argoFile(
  context: Mocha.Context,
  release: ArgoRelease,
  name: keyof typeof ARGO_FILES,
): string {
  const file = join(argoFolder(release), name);
  if (!existsSync(file)) skipWithout(context, 'Argo’s published schemas', 'npm run fetch:argo (needs Go)');
  return file;
}
