/** One line of a bench's table. */
export interface Row {
  /** What was measured. */
  readonly name: string;
  /** With its unit. */
  readonly value: string;
  /** What it is to be, and how it was made. */
  readonly note?: string;
}

/** The middle of several measurements. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** Milliseconds that `work` takes. */
export async function time(work: () => unknown): Promise<number> {
  const start = process.hrtime.bigint();
  await work();
  return Number(process.hrtime.bigint() - start) / 1e6;
}

/** Median milliseconds of `work` over `runs`, after `warm` runs that do not count. */
export async function timeMedian(work: () => unknown, runs: number, warm: number): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < warm + runs; i++) {
    const took = await time(work);
    if (i >= warm) times.push(took);
  }
  return median(times);
}
