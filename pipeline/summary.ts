import type { PinSummary } from '../generator/results/step-outputs.js';
import type { PinReport } from './pin.js';

/** Entries of one list; a Workflow has to carry them in its status. */
const LONGEST_LIST = 40;
const LONGEST_TEXT = 300;

/** @returns the report in a size that an output parameter of a Workflow can have */
export function summarise({ pinned, already, other, dynamic, unused }: PinReport): PinSummary {
  const images = new Map<string, { name: string; reference: string; steps: number }>();
  for (const { name, reference } of [...pinned, ...already]) {
    const image = images.get(name) ?? { name, reference, steps: 0 };
    images.set(name, { ...image, steps: image.steps + 1 });
  }
  let omitted = 0;
  const cut = <T>(list: readonly T[]): readonly T[] => {
    omitted += Math.max(0, list.length - LONGEST_LIST);
    return list.slice(0, LONGEST_LIST);
  };
  const suspicious = other.filter((each) => each.suspicious);
  return {
    pinned: cut([...images.values()]),
    suspicious: cut(suspicious).map(({ executor, image, near }) => ({
      executor: short(executor),
      image: short(image),
      ...(near !== undefined && { near }),
    })),
    dynamic: cut(dynamic).map(({ executor }) => short(executor)),
    unused: cut(unused),
    others: other.length - suspicious.length,
    omitted,
  };
}

function short(text: string): string {
  return text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}…` : text;
}
