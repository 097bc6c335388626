import type { Check } from '../../argo/doctor/doctor.js';
import { formatCount } from '../../templates/units.js';
import type { DeliveryFacts } from '../github/facts.js';

const NAME = 'Deliveries';

/**
 * Whether the server accepted what GitHub sent. What was refused at first and accepted since is no problem.
 *
 * @param latest - the latest first
 * @param url - of the webhook
 * @param page - where the App's owner changes it
 */
export function checkDeliveries(latest: readonly DeliveryFacts[], url: string, page: string): Check {
  const [last] = latest;
  if (last === undefined)
    return {
      name: NAME,
      state: 'unknown',
      found: 'GitHub has sent none lately',
      nextStep: 'comment `/help` on a pull request, then check again',
    };
  const bad = latest.filter(({ code }) => !isAccepted(code));
  const [worst] = bad;
  const share = `${bad.length} of the last ${formatCount(latest.length, 'delivery', 'deliveries')}`;
  if (isAccepted(last.code)) {
    const before = worst ? `; ${share} failed, the latest at ${worst.at}: ${outcome(worst)}` : '';
    return { name: NAME, state: 'ok', found: `the latest (${last.event}, ${last.at}) was accepted${before}` };
  }
  return {
    name: NAME,
    state: 'problem',
    found: `the latest (${last.event}, ${last.at}) failed: ${outcome(last)}${bad.length > 1 ? `; ${share} failed in all` : ''}`,
    nextStep: `${remedy(last.code, url, page)}; ${page}/advanced shows each delivery, and can send it again`,
  };
}

function isAccepted(code: number): boolean {
  return code >= 200 && code < 300;
}

function outcome({ code, status }: DeliveryFacts): string {
  // GitHub's words often have the status: `Invalid HTTP Response: 401`.
  return code === 0 ? `no answer (${status})` : status.includes(String(code)) ? status : `${code} ${status}`;
}

/** By the answers of server/http/webhook.ts, and those of an Ingress. */
function remedy(code: number, url: string, page: string): string {
  switch (code) {
    case 0:
      return `check that GitHub reaches ${url}: DNS, firewall, Ingress, certificate`;
    case 401:
      return `the secrets differ: write that of server.github.webhook_secret_files into ${page} (General → Webhook)`;
    case 404:
      return `nothing serves ${url}: check that the Ingress forwards POST /webhook to the Service kfops-server`;
    case 411:
      return 'let the Ingress forward requests with their length (docs/install.md, “The ingress”)';
    case 413:
      return 'the server takes 2 MiB: it finds a larger push to a branch later, and a tag must be pushed by itself. Let the Ingress forward requests up to that size (docs/install.md, “The ingress”)';
    case 415:
      return `set the content type application/json at ${page} (General → Webhook)`;
    case 429:
    case 403:
      return 'let the Ingress and its firewall pass GitHub’s addresses, `hooks` in the answer of `GET /meta` of its API';
    case 502:
    case 503:
    case 504:
      return 'the server isn’t ready, or the Ingress doesn’t reach it: check its pods and its log (docs/troubleshooting.md)';
    default:
      return code >= 300 && code < 400
        ? 'GitHub follows no redirect: use the address to which it leads'
        : 'check the server’s log at that time';
  }
}
