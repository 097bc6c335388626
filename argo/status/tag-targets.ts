import { parseRecord, recordOf } from '../../common/json.js';
import type { TagTarget } from '../../generator/results/tag-warnings.js';
import { NAMES } from '../../generator/workflow/names.js';
import type { ObservedSpec } from './observed.js';

/** The tags that the step `tag` sets or checks, by the image's name, as the workflow gives them to it. */
export function tagTargets({ templates = [] }: ObservedSpec): ReadonlyMap<string, TagTarget> {
  const task = templates.flatMap(({ dag }) => dag?.tasks ?? []).find(({ name }) => name === NAMES.tag);
  const { images, bases } = parseRecord(task?.arguments?.artifacts?.[0]?.raw?.data ?? '') ?? {};
  const entries = [images, bases].flatMap((list) => (Array.isArray(list) ? (list as unknown[]) : []));
  return new Map(
    entries.flatMap((entry) => {
      const { name, repository, tag } = recordOf(entry);
      return typeof name === 'string' && typeof repository === 'string' && typeof tag === 'string'
        ? [[name, { repository, tag }] as const]
        : [];
    }),
  );
}
