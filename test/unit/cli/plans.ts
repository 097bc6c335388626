import type { Plan, PlannedImage } from '../../../generator/plan/plan-types.js';
import { anImage, aPlan } from '../../support/plan.js';

/** A plan of as many images as asked for, each larger than the one before. */
export function planOf(names: readonly string[], more: Partial<Plan> = {}): Plan {
  const { pipeline } = aPlan();
  return aPlan({
    repository: { owner: 'me', name: 'iris' },
    revision: { commit: 'f'.repeat(40), dirty: false, description: 'commit ffffffffffff' },
    images: names.map(imageOf),
    pipeline: { ...pipeline, name: 'Iris', experiment: 'iris', arguments: {} },
    ...more,
  });
}

function imageOf(name: string, at: number): PlannedImage {
  const key = String(at).padStart(64, '0123456789abcdef');
  const entry = { path: 'Dockerfile', mode: '100644', blob: 'a'.repeat(40), size: 1000 * (at + 1) } as const;
  return anImage(name, {
    decision: { action: 'build', reason: { kind: 'not-asked' } },
    context: {
      key,
      objectKey: `ctx/${key}.tar.gz`,
      entries: [{ ...entry, source: entry }],
      bytes: entry.size,
    },
    repository: `registry.example.com/data-science/${name}`,
    tag: 'ffffffffffff',
  });
}
