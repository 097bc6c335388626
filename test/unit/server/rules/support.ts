import { parseSettings, type Diagnostic } from '../../../../schema/index.js';
import { checkServerSettings } from '../../../../server/runtime/check-settings.js';

/** Everything that a server needs beside what it may do for whom. */
export const REST = `  github:
    token_file: /run/secrets/token
    webhook_secret_files: [/run/secrets/webhook]
  minio:
    access_key_file: /run/secrets/access
    secret_key_file: /run/secrets/secret
`;

const IMAGES = '\nimages: {registry: ghcr.io/kfops}\n';

export function check(text: string): Diagnostic[] {
  return checkServerSettings(parseSettings(text + IMAGES, { file: 'settings.yaml' }));
}

/** `error 12:5`, in the order of the file. */
export function severities(found: readonly Diagnostic[]): string[] {
  return found.map(({ severity, line, column }) => `${severity} ${line}:${column}`);
}
