import type { ClusterClient } from '../client/client.js';
import { KubernetesError } from '../client/errors.js';
import type { Check } from './doctor.js';
import { formatAge } from './spans.js';

/** From here on it is a warning; milliseconds. */
const DOUBTFUL_MS = 60_000;
/** S3 refuses requests that were signed at a time so far from its own: RequestTimeTooSkewed; milliseconds. */
const REFUSED_MS = 15 * 60_000;

/** What a clock said, and when that was by the clock of this machine. */
export interface ClockReading {
  /** The header `Date` of an answer. */
  readonly date: Date;
  /** Milliseconds, between the request and the answer. */
  readonly here: number;
}

/**
 * The clock of the API server.
 *
 * @returns undefined where it does not say
 */
export async function readApiClock(client: ClusterClient): Promise<ClockReading | undefined> {
  const before = Date.now();
  try {
    const response = await client.stream({ what: 'asking for the time', path: '/version' });
    const here = (before + Date.now()) / 2;
    const date = new Date(response.headers.date ?? '');
    response.destroy();
    return Number.isNaN(date.getTime()) ? undefined : { date, here };
  } catch (error) {
    if (error instanceof KubernetesError) return undefined;
    throw error;
  }
}

/**
 * Whether another clock and this machine's agree.
 *
 * @param whose - `the Kubernetes API`
 */
export function checkClock(whose: string, { date, here }: ClockReading): Check {
  const ahead = here - date.getTime();
  const apart = Math.abs(ahead);
  const name = 'Clock';
  // The header has whole seconds.
  if (apart < DOUBTFUL_MS) return { name, state: 'ok', found: `agrees with that of ${whose}` };
  return {
    name,
    state: apart < REFUSED_MS ? 'unknown' : 'problem',
    found: `this machine’s clock is ${formatAge(apart)} ${ahead > 0 ? 'ahead of' : 'behind'} that of ${whose}`,
    nextStep:
      'set the wrong one with NTP (`timedatectl` shows whether it is on): an object store refuses requests that are more than 15 minutes off, and tokens expire too early or too late',
  };
}
