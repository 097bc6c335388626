import type { Finding } from './located.js';
import type { ConfigPath, Tree } from './tree.js';

/** @returns the numbers that JSON and what reads it cannot hold as they were written. */
export function inexactNumbers(tree: Tree, path: ConfigPath = []): { path: ConfigPath; finding: Finding }[] {
  if (tree.kind === 'map')
    return [...tree.entries].flatMap(([key, child]) => inexactNumbers(child, [...path, key]));
  if (tree.kind === 'list') return tree.items.flatMap((item, i) => inexactNumbers(item, [...path, i]));
  const message = problem(tree.value, tree.text);
  if (message === undefined) return [];
  const hint = `Quote it if it is a text: "${tree.text}".`;
  return [{ path, finding: { code: 'WRONG_VALUE', message, hint } }];
}

function problem(value: unknown, text: string): string | undefined {
  if (typeof value !== 'number') return undefined;
  if (!Number.isFinite(value)) return `JSON has no number \`${text}\`.`;
  const isWhole = !/[.e]/i.test(text) || /^[-+]?0x/.test(text);
  return isWhole && !Number.isSafeInteger(value)
    ? `\`${text}\` is larger than 9007199254740991: whole numbers beyond it are rounded.`
    : undefined;
}
