import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { blockOf, type Page, type PLACES } from '../../support/documented-blocks.js';
import { type BlockCall, type BlockResult, runBlock } from '../../support/run-block.js';
import { environment } from './environment.js';
import { type Files, folder } from './project.js';

const DEPLOY = fileURLToPath(new URL('../../../deploy/', import.meta.url));

/** A folder with a copy of deploy/, as in a checkout, and these files. */
export async function checkout(files: Files): Promise<string> {
  const root = await folder(files);
  await cp(DEPLOY, join(root, 'deploy'), { recursive: true });
  return root;
}

/** {@link runAsAdmin} with a block of the documentation. */
export async function documented<P extends Page>(
  page: P,
  start: keyof (typeof PLACES)[P] & string,
  call: BlockCall,
): Promise<BlockResult> {
  return runAsAdmin(blockOf(page, start).text, call);
}

/**
 * Runs commands as the cluster's admin.
 *
 * @throws Error with what they printed, if one fails
 */
export async function runAsAdmin(text: string, call: BlockCall): Promise<BlockResult> {
  const result = await runBlock(text, {
    ...call,
    env: { KUBECONFIG: environment.adminKubeconfig!, KFOPS_NO_REUSE: '', ...call.env },
    commands: {
      ...(environment.kubectl !== undefined && { kubectl: environment.kubectl }),
      ...(environment.helm !== undefined && { helm: environment.helm }),
      ...call.commands,
    },
  });
  if (result.code !== 0) throw new Error(`exit code ${result.code} of\n${text}\n${result.output}`);
  return result;
}
