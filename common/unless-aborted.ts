/**
 * What work gives, or the signal's reason as soon as that is aborted. For work that does not look at the signal itself:
 * it goes on, and nobody waits for it any more.
 *
 * @throws the signal's reason, or what `work` throws
 */
export async function unlessAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      reject(signal.reason as Error);
    };
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => {
      signal.removeEventListener('abort', abort);
    });
  });
}
