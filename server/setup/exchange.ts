import { ServiceError } from '../../schema/index.js';

/** An App that GitHub has made. */
export interface NewApp {
  readonly id: number;
  readonly name: string;
  /** Its page. */
  readonly page: string;
  readonly privateKey: string;
  readonly webhookSecret: string;
}

const TIMEOUT_MS = 15_000;

/**
 * Gets the new App from GitHub, which returns it once, within an hour.
 *
 * @param api - address of GitHub's API
 * @param code - as GitHub sent it back with the browser
 * @throws ServiceError when GitHub does not tell it. It names neither the code nor the answer.
 */
export async function exchangeCode(api: string, code: string): Promise<NewApp> {
  let response: Response;
  let body: unknown;
  try {
    response = await fetch(`${api}/app-manifests/${encodeURIComponent(code)}/conversions`, {
      method: 'POST',
      headers: { accept: 'application/vnd.github+json', 'user-agent': 'kfops' },
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    body = response.ok ? await response.json() : undefined;
  } catch (err) {
    // Not as its cause: that names the address, with the code in it.
    const { name } = err instanceof Error ? err : { name: typeof err };
    throw notTold(api, name === 'TimeoutError' ? `no answer within ${TIMEOUT_MS / 1000} s` : 'no answer');
  }
  if (!response.ok) throw notTold(api, `it answered ${response.status} when asked for the App's keys`);
  const app = appOf(body);
  if (!app) throw notTold(api, "its answer is not an App's");
  return app;
}

function notTold(api: string, problem: string): ServiceError {
  return new ServiceError(
    'GitHub',
    api,
    problem,
    'If the App was created, delete it on GitHub, then start over.',
  );
}

function appOf(body: unknown): NewApp | undefined {
  if (typeof body !== 'object' || body === null) return undefined;
  const { id, name, html_url: page, pem, webhook_secret: secret } = body as Record<string, unknown>;
  if (typeof id !== 'number' || !Number.isSafeInteger(id) || typeof name !== 'string') return undefined;
  if (typeof page !== 'string' || !/^https?:\/\//.test(page)) return undefined;
  if (typeof pem !== 'string' || !pem.startsWith('-----BEGIN ')) return undefined;
  if (typeof secret !== 'string' || secret === '') return undefined;
  return { id, name, page, privateKey: pem, webhookSecret: secret };
}
