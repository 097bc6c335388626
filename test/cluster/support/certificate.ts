import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { folder } from './project.js';

/** A certificate that vouches for itself, and its key (PEM). */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** For a server at this address. */
export async function certificateFor(address: string): Promise<Certificate> {
  const into = await folder({});
  const [cert, key] = [join(into, 'cert.pem'), join(into, 'key.pem')];
  execFileSync(
    'openssl',
    [
      ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=kfops-test'],
      ...['-addext', `subjectAltName=IP:${address}`, '-keyout', key, '-out', cert],
    ],
    { stdio: 'ignore' },
  );
  return { cert: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8') };
}
