import type { ContextProblem } from './context.js';
import type { StepBudget } from './glob.js';
import type { PlacedEntry } from './places.js';

/** Linux follows no more links than this one after another. */
const MOST_LINKS = 40;
/** The longest target that Linux takes, in bytes. */
export const LONGEST_TARGET_BYTES = 4095;

/** Where a link leads, or why it leads nowhere that may be in a context. */
type Resolution = readonly string[] | 'outside' | 'absolute' | 'loop';

/**
 * The symbolic links of a context that lead out of it. Each is followed as Linux would, one component after another
 * and through the context's other links: with `s/a -> ..`, the harmless-looking `b -> s/a/../etc` leaves it. A link
 * whose target is not there is fine as long as it stays inside.
 *
 * @param links - the symbolic links among the context's entries
 * @param targets - the target of each, by the entry's path in the context
 * @returns what is wrong with each link that leads out
 * @throws BudgetError when links are made to be slow to follow
 */
export function linksOutside(
  links: readonly PlacedEntry[],
  targets: ReadonlyMap<string, string>,
  budget: StepBudget,
): ReadonlyMap<PlacedEntry, ContextProblem> {
  const resolve = resolver(targets, budget);
  const outside = new Map<PlacedEntry, ContextProblem>();
  for (const link of links) {
    const { path, source, field } = link;
    const resolution = resolve(path);
    if (typeof resolution !== 'string') continue;
    const target = JSON.stringify(shorten(targets.get(path) ?? ''));
    const message = `the symbolic link \`${source.path}\` -> ${target} ${REASONS[resolution]}`;
    const hint =
      'make the target part of the context (`other_folders_path`), or leave the link out by the `.dockerignore`';
    outside.set(link, { code: 'LINK_OUTSIDE', message, hint, field });
  }
  return outside;
}

const REASONS = {
  outside: 'leaves the context',
  absolute: 'leaves the context: its target is absolute',
  loop: 'leads to too many further links, or in a circle',
};

function shorten(text: string): string {
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}

/** Follows links, each once however many others lead through it. */
function resolver(targets: ReadonlyMap<string, string>, budget: StepBudget): (link: string) => Resolution {
  const known = new Map<string, Resolution>();
  const resolve = (link: string, depth: number): Resolution => {
    const before = known.get(link);
    if (before !== undefined) return before;
    if (depth >= MOST_LINKS) return 'loop';
    known.set(link, 'loop');
    const resolution = follow(link, depth);
    known.set(link, resolution);
    return resolution;
  };
  const follow = (link: string, depth: number): Resolution => {
    const target = targets.get(link) ?? '';
    if (target.startsWith('/')) return 'absolute';
    let at = link.split('/').slice(0, -1);
    for (const part of target.split('/')) {
      if (part === '' || part === '.') continue;
      if (part === '..') {
        if (at.pop() === undefined) return 'outside';
        continue;
      }
      at.push(part);
      const path = at.join('/');
      budget.spend(1 + (path.length >>> 4));
      if (!targets.has(path)) continue;
      const next = resolve(path, depth + 1);
      if (typeof next === 'string') return next;
      at = [...next];
    }
    return at;
  };
  return (link) => resolve(link, 0);
}
