/**
 * Copies the schemas of Argo Workflows from its published Go modules into the cache of the tests: `npm run fetch:argo`.
 * Needs Go. The versions and checksums are in test/support/argo-releases.json.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { ARGO_FILES, ARGO_RELEASES, argoFolder, type ArgoRelease } from '../test/support/argo-releases.js';

for (const release of ARGO_RELEASES) {
  const folder = argoFolder(release);
  if (existsSync(folder)) continue;
  copy(download(release), folder);
  console.log(`Copied the schemas of Argo ${release.version} to ${folder}`);
}

/** @returns the folder of the module, which Go has checked against its checksum database, and this against the checksum */
function download({ module, sum }: ArgoRelease): string {
  const env = {
    ...process.env,
    PATH: `${process.env.PATH ?? ''}:/usr/local/go/bin`,
    GOWORK: 'off',
    GOFLAGS: '',
  };
  const output = execFileSync('go', ['mod', 'download', '-json', module], {
    // Outside of a module: nothing of the project decides what is downloaded.
    cwd: tmpdir(),
    env,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const { Dir, Sum } = JSON.parse(output) as { Dir: string; Sum: string };
  if (Sum !== sum)
    throw new Error(`${module}: the checksum is ${Sum}, expected ${sum} (test/support/argo-releases.json)`);
  return Dir;
}

/** All files or none: the folder appears with its last step. */
function copy(from: string, folder: string): void {
  mkdirSync(dirname(folder), { recursive: true });
  const scratch = mkdtempSync(`${folder}-`);
  for (const [name, path] of Object.entries(ARGO_FILES)) cpSync(join(from, path), join(scratch, name));
  rmSync(folder, { recursive: true, force: true });
  renameSync(scratch, folder);
}
