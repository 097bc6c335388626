import { codeOf } from '../../argo/client/errors.js';
import { ServiceError } from '../../schema/index.js';
import type { GitHubAddress } from '../../server/github/address.js';

const TIMEOUT_MS = 15_000;

/**
 * Makes sure that this machine reaches GitHub before a person creates an App there: GitHub gives its keys once. Any
 * answer will do, also the refusal of a request without credentials.
 *
 * @throws ServiceError when it doesn't
 */
export async function reachGitHub({ api }: GitHubAddress, interrupted: AbortSignal): Promise<void> {
  try {
    const signal = AbortSignal.any([interrupted, AbortSignal.timeout(TIMEOUT_MS)]);
    const response = await fetch(`${api}/app`, { redirect: 'manual', signal });
    await response.body?.cancel();
  } catch (error) {
    interrupted.throwIfAborted();
    const code = codeOf(error);
    const problem =
      code === 'ETIMEDOUT'
        ? `this machine gets no answer within ${TIMEOUT_MS / 1000} s`
        : `this machine can't reach it${code === '' ? '' : ` (${code})`}`;
    throw new ServiceError(
      'GitHub',
      api,
      problem,
      isCertificate(code)
        ? 'Set NODE_EXTRA_CA_CERTS=FILE to the certificate of its authority for this command, too, then run it again.'
        : 'Check the address, and the firewall or VPN on the way there, then run the command again.',
      { cause: error },
    );
  }
}

/** By {@link https://nodejs.org/api/tls.html#x509-certificate-error-codes}. */
function isCertificate(code: string): boolean {
  return /CERT|UNABLE_TO_(?:GET|VERIFY)/.test(code);
}
