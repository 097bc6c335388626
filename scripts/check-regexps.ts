/**
 * Checks that every regular expression of the product takes linear time, whatever the text: `npm run check:regexps`.
 * eslint-plugin-regexp finds most that don't while one writes; recheck also finds those that scan to the end of a line
 * from each of many starts, but takes half a minute.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { check } from 'recheck';
import ts from 'typescript';

import { FOLDERS } from '../test/support/product-files.js';

/** Of one expression, in milliseconds. None takes a tenth of it. */
const TIMEOUT = 60_000;
/** Attacks that recheck guessed count only if Node needs longer for them, in milliseconds; linear ones need a few. */
const RECALL_TIMEOUT = 1_000;
const AT_ONCE = 2;

interface Found {
  readonly place: string;
  readonly source: string;
  readonly flags: string;
}

const ROOT = new URL('..', import.meta.url).pathname;

function filesOf(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .map((path) => join(folder, path))
    .filter((path) => !path.includes('generated'));
}

function literalsIn(path: string): Found[] {
  const file = ts.createSourceFile(
    path,
    readFileSync(join(ROOT, path), 'utf8'),
    ts.ScriptTarget.Latest,
    true,
  );
  const found: Found[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isRegularExpressionLiteral(node)) {
      const { line } = file.getLineAndCharacterOfPosition(node.getStart());
      const end = node.text.lastIndexOf('/');
      const [source, flags] = [node.text.slice(1, end), node.text.slice(end + 1)];
      found.push({ place: `${path}:${line + 1}`, source, flags });
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

/** The `pattern`s of a JSON Schema, as ajv makes expressions of them. */
function patternsIn(path: string): Found[] {
  const found: Found[] = [];
  JSON.parse(readFileSync(join(ROOT, path), 'utf8'), (key, value: unknown) => {
    if (key === 'pattern' && typeof value === 'string')
      found.push({ place: path, source: value, flags: 'u' });
    return value;
  });
  return found;
}

const queue = FOLDERS.flatMap((folder) => filesOf(folder)).flatMap((path) =>
  path.endsWith('.ts') ? literalsIn(path) : path.endsWith('.schema.json') ? patternsIn(path) : [],
);
const total = queue.length;
const problems: string[] = [];

async function work(): Promise<void> {
  for (let next = queue.shift(); next; next = queue.shift()) {
    const { place, source, flags } = next;
    const verdict = await check(source, flags, { timeout: TIMEOUT, recallTimeout: RECALL_TIMEOUT });
    if (verdict.status === 'safe') continue;
    const why = verdict.status === 'vulnerable' ? verdict.attack.pattern : verdict.error.kind;
    problems.push(`${place}: /${source}/${flags} is ${verdict.status}: ${why}`);
  }
}

await Promise.all(Array.from({ length: AT_ONCE }, work));
if (problems.length > 0) throw new Error(`not linear:\n${problems.sort().join('\n')}`);
console.log(`${total} regular expressions are linear`);
