/*
 * The share of functions that the tests call, from the report of c8 (coverage/coverage-final.json). c8 counts a function
 * twice where a test runs the source and another one runs dist/: their source maps put its start a column, or a line,
 * apart. Here it is one function, called where either was.
 */
import { readFileSync } from 'node:fs';

/** Percent of the functions. */
const FLOOR = 95;
/** Of a file that no test loads, c8 knows only that. */
const NOT_LOADED = '(empty-report)';

interface FileReport {
  readonly fnMap: Readonly<
    Record<string, { readonly name: string; readonly loc: { readonly start: { readonly line: number } } }>
  >;
  readonly f: Readonly<Record<string, number>>;
}

interface Counted {
  readonly name: string;
  readonly line: number;
  called: boolean;
}

const report = JSON.parse(readFileSync('coverage/coverage-final.json', 'utf8')) as Record<string, FileReport>;
const files = Object.entries(report).map(([path, file]) => ({ path, functions: functionsOf(file) }));
const all = files.flatMap(({ functions }) => functions);
const called = all.filter((each) => each.called).length;
const percent = (100 * called) / all.length;
console.log(`Functions, each once: ${percent.toFixed(2)}% ( ${called}/${all.length} ), at least ${FLOOR}%`);
if (!(percent >= FLOOR)) {
  for (const { path, functions } of files)
    for (const { name, line } of functions.filter((each) => !each.called))
      console.log(`  ${path}:${line} ${name}`);
  process.exitCode = 1;
}

function functionsOf({ fnMap, f }: FileReport): Counted[] {
  const found: Counted[] = [];
  for (const [id, { name, loc }] of Object.entries(fnMap)) {
    if (name === NOT_LOADED) continue;
    const { line } = loc.start;
    const isCalled = (f[id] ?? 0) > 0;
    const same = found.find((each) => each.name === name && Math.abs(each.line - line) <= 1);
    if (same) same.called ||= isCalled;
    else found.push({ name, line, called: isCalled });
  }
  return found;
}
