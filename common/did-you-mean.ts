import { enumerate, enumerateFirst } from './enumerate.js';
import { suggest } from './suggest.js';

/** Names that a hint lists. */
const LISTED = 20;

/**
 * What to write in place of unknown names: ``Did you mean `trainer`?`` If none of them is near to a known name, the
 * known names.
 *
 * @param what - of the names, in the plural: `images`
 * @returns one sentence in which `…` is code
 */
export function didYouMean(unknown: readonly string[], names: readonly string[], what: string): string {
  const near = unknown.flatMap((name) => {
    const like = suggest(name, names);
    return like === undefined ? [] : [{ name, like }];
  });
  const [first] = near;
  if (first === undefined)
    return names.length === 0 ? `There are no ${what}.` : `The ${what} are ${listed(names)}.`;
  if (unknown.length === 1) return `Did you mean \`${first.like}\`?`;
  return `Did you mean ${enumerate(near.map(({ name, like }) => `\`${like}\` for \`${name}\``))}?`;
}

function listed(names: readonly string[]): string {
  return enumerateFirst(
    names.map((name) => `\`${name}\``),
    LISTED,
  );
}
