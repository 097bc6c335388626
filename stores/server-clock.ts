/** Longest that the answer may take; milliseconds. */
const WAIT_MS = 5_000;

/**
 * The clock of a server that speaks HTTP, by the header `Date` of its answer, and this machine's at that moment.
 *
 * @param url - `http://minio.example:9000`; nothing is asked for, so any answer will do
 * @returns undefined where it does not answer or does not say
 */
export async function readServerClock(
  url: string,
): Promise<{ readonly date: Date; readonly here: number } | undefined> {
  const before = Date.now();
  try {
    const answer = await fetch(url, {
      method: 'HEAD',
      redirect: 'manual',
      signal: AbortSignal.timeout(WAIT_MS),
    });
    const here = (before + Date.now()) / 2;
    const date = new Date(answer.headers.get('date') ?? '');
    return Number.isNaN(date.getTime()) ? undefined : { date, here };
  } catch {
    // Whether it answers is another check's.
    return undefined;
  }
}
