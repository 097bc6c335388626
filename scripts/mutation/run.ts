/**
 * Mutates the code that decides who may do what (`stryker.config.mjs`) and fails where a mutant survives that
 * `survivors.json` doesn't explain, or where an explanation there has become wrong.
 *
 *     npm run mutation                          everything
 *     npm run mutation -- schema/paths.ts …     these files only
 */
import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';

import type { MutantResult } from '@stryker-mutator/api/core';
import { Stryker } from '@stryker-mutator/core';

import { GROUPS } from './groups.js';

/** A mutant that no test can kill. */
interface Survivor {
  readonly file: string;
  /** The lines that are mutated, without indentation. */
  readonly code: string;
  readonly replacement: string;
  /** Why the code does the same with it. */
  readonly reason: string;
}

const SURVIVORS = new URL('survivors.json', import.meta.url);

const wanted = process.argv.slice(2);
const unknown = wanted.filter((file) => !GROUPS.some(({ files }) => files.includes(file)));
if (unknown.length > 0) {
  console.error(`scripts/mutation/groups.ts does not list ${unknown.join(', ')}.`);
  process.exit(2);
}
const results: MutantResult[] = [];
for (const { files, tests } of GROUPS) {
  const mutate = files.filter((file) => wanted.length === 0 || wanted.includes(file));
  if (mutate.length === 0) continue;
  const options = { mutate, kfopsTests: tests };
  results.push(...(await new Stryker(options).runMutationTest()));
  console.log(`${mutate.join(', ')}: done`);
}
await rm('out/mutation', { recursive: true, force: true });

const explained = JSON.parse(readFileSync(SURVIVORS, 'utf8')) as Survivor[];
const tested = new Set(results.map(({ fileName }) => fileOf(fileName)));
const survived = results
  .filter(({ status }) => status === 'Survived' || status === 'NoCoverage')
  .map(survivorOf);
const unexplained = survived.filter((each) => !explained.some((entry) => isSame(entry, each)));
const stale = explained.filter(
  (entry) => tested.has(entry.file) && (entry.reason === '' || !survived.some((each) => isSame(entry, each))),
);
for (const { file, line, code, replacement, status } of unexplained)
  console.log(`${file}:${line} ${status}\n    ${code.split('\n').join('\n    ')}\n  → ${replacement}`);
for (const { file, code, replacement } of stale)
  console.log(
    `survivors.json: ${file}: a test kills this now, or it has no reason: ${code} → ${replacement}`,
  );
for (const { file, line, code, replacement } of results
  .filter(({ status }) => status === 'Timeout')
  .map(survivorOf))
  console.log(
    `${file}:${line} Timeout, counted as killed\n    ${code.split('\n').join('\n    ')}\n  → ${replacement}`,
  );
const killed = results.filter(({ status }) => status === 'Killed' || status === 'Timeout').length;
console.log(
  `${killed} killed, ${survived.length - unexplained.length} explained, ${unexplained.length} not explained, ${stale.length} explanations wrong`,
);
process.exitCode = killed > 0 && unexplained.length + stale.length === 0 ? 0 : 1;

function survivorOf({ fileName, location, replacement, status }: MutantResult) {
  const lines = readFileSync(fileName, 'utf8')
    .split('\n')
    .slice(location.start.line - 1, location.end.line);
  const code = lines.map((line) => line.trim()).join('\n');
  return {
    file: fileOf(fileName),
    line: location.start.line,
    code,
    replacement,
    status,
  };
}

function fileOf(path: string): string {
  return path.replace(`${process.cwd()}/`, '');
}

function isSame(entry: Survivor, other: Omit<Survivor, 'reason'>): boolean {
  return entry.file === other.file && entry.code === other.code && entry.replacement === other.replacement;
}
