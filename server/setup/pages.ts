import { createHash } from 'node:crypto';

import { writeYaml } from '../../schema/write-yaml.js';
import type { SetupPage } from '../../templates/html-data.js';
import { renderHtml } from '../../templates/render.js';
import type { GitHubAddress } from '../github/address.js';
import type { HttpResponse } from '../http/response.js';
import type { NewApp } from './exchange.js';
import { appManifest, appName, manifestPage, RIGHTS, type AppOptions } from './manifest.js';

const NOTHING = { start: undefined, done: undefined, stored: undefined, problem: undefined };
const FOLDER = '/etc/kfops/github';

/** The page with the button. */
export function startPage(
  github: GitHubAddress,
  app: AppOptions,
  { code, state }: { readonly code: string; readonly state: string },
): HttpResponse {
  const start = {
    action: manifestPage(github, app.organization, state),
    manifest: JSON.stringify(appManifest(app)),
    code,
    organization: app.organization,
    name: appName(app),
    webhook: `${app.url}/webhook`,
    rights: RIGHTS,
  };
  // To other hosts, too: GitHub may send the form on to a company's own sign-in.
  const forms = `'self' https: ${github.web}`;
  return page(200, { ...NOTHING, title: 'Connect kfops to GitHub', start }, forms);
}

/** The page with the App's keys. */
export function donePage({ id, name, page: appPage, privateKey, webhookSecret }: NewApp): HttpResponse {
  const github = {
    app: { id, private_key_file: `${FOLDER}/private-key.pem` },
    webhook_secret_files: [`${FOLDER}/webhook-secret`],
  };
  const done = {
    name,
    install: `${appPage}/installations/new`,
    privateKey,
    webhookSecret,
    settings: writeYaml({ server: { github } }),
    command:
      'kubectl create secret generic kfops-github \\\n' +
      '  --from-file=private-key.pem --from-file=webhook-secret',
  };
  return page(200, { ...NOTHING, title: 'The GitHub App is created', done });
}

/**
 * The page for an App whose keys were stored, and so are not shown.
 *
 * @param place - where they are: `the Secret kfops-github in kfops-system`
 */
export function storedPage({ name, page: appPage }: NewApp, place: string): HttpResponse {
  const stored = { name, place, install: `${appPage}/installations/new` };
  return page(200, { ...NOTHING, title: 'The GitHub App is created', stored });
}

/** A page for an error, with the next step. */
export function problemPage(status: number, message: string, nextStep: string): HttpResponse {
  const problem = { message, nextStep };
  return page(status, { ...NOTHING, title: 'Set-up failed', problem });
}

/** No script, no frame, nothing from elsewhere; and the one-time code in the address goes nowhere. */
function page(status: number, data: SetupPage, forms = "'none'"): HttpResponse {
  const body = renderHtml('setup', data);
  const style = body.split('<style>', 2)[1]?.split('</style>', 1)[0] ?? '';
  const hash = createHash('sha256').update(style).digest('base64');
  return {
    status,
    body,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': `default-src 'none'; style-src 'sha256-${hash}'; form-action ${forms}; base-uri 'none'; frame-ancestors 'none'`,
      'cross-origin-opener-policy': 'same-origin',
      'referrer-policy': 'strict-origin',
      'x-frame-options': 'DENY',
    },
  };
}
