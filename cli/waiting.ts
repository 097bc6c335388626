import { NOTICE_MS } from '../argo/client/patience.js';
import { escapeTerminal } from '../templates/escape.js';
import { type Session, sayBetween } from './session.js';

/** Says that a service does not answer, and how long it is asked again. */
export function sayWaiting(session: Session, service: string, total?: number): void {
  const until = total === undefined ? '' : `, retrying for ${lengthOf(total)}`;
  sayBetween(session, session.style.dim(`waiting for ${escapeTerminal(service)}${until}`));
}

/** Tells somebody who waits for a service that it does not answer, once. */
export interface WaitingNotice {
  readonly say: () => void;
  /** Tells it when the work takes long. */
  readonly during: <T>(work: Promise<T>) => Promise<T>;
}

/**
 * @param service - its name and address: `the object store at http://…`
 * @param total - milliseconds for which it is asked again, where it is
 */
export function waitingNotice(session: Session, service: string, total?: number): WaitingNotice {
  let told = false;
  const say = (): void => {
    if (!told) sayWaiting(session, service, total);
    told = true;
  };
  return {
    say,
    during: async (work) => {
      const timer = setTimeout(say, NOTICE_MS);
      try {
        return await work;
      } finally {
        clearTimeout(timer);
      }
    },
  };
}

function lengthOf(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  return seconds > 60 && seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} s`;
}
