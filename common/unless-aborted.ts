/**
 * Waits for work, or rejects with the signal's reason as soon as the signal is aborted. For work that does not check the
 * signal itself: it continues, and its result is dropped.
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
