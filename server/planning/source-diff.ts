import { hunkLines } from '../../common/hunks.js';
import { lineChanges } from '../../common/line-diff.js';
import type { Context } from '../../generator/contexts/context.js';
import type { ContextSource } from '../../generator/ports.js';
import { ConfigError, WorkError } from '../../schema/index.js';

/** Files of a pipeline at one state of the repository. */
export interface PipelineFiles {
  readonly source: ContextSource;
  readonly files: Pick<Context, 'entries'> | undefined;
}

/** What changed in the code of a pipeline. */
export interface SourceDiff {
  /** As `git diff` writes it. */
  readonly lines: readonly string[];
  /** Changed files. */
  readonly files: number;
}

/** Files whose lines are compared; the others are only named. */
const MOST_FILES = 20;
/** Characters of a file whose lines are compared. */
const LONGEST = 200_000;

/** Compares the code of a pipeline with an earlier state of it. */
export async function sourceDiff(before: PipelineFiles, now: PipelineFiles): Promise<SourceDiff> {
  const [there, here] = [identities(before), identities(now)];
  const changed = [...new Set([...there.keys(), ...here.keys()])]
    .filter((path) => there.get(path) !== here.get(path))
    .sort();
  const lines: string[] = [];
  for (const [at, path] of changed.entries()) {
    lines.push(
      there.has(path) ? `--- a/${shownPath(path)}` : '--- /dev/null',
      here.has(path) ? `+++ b/${shownPath(path)}` : '+++ /dev/null',
    );
    if (at >= MOST_FILES) continue;
    const [old, text] = await Promise.all([
      there.has(path) ? textOf(before.source, path) : [],
      here.has(path) ? textOf(now.source, path) : [],
    ]);
    if (old && text) lines.push(...hunkLines(old, lineChanges(old, text)));
    else lines.push('(not shown: not a text, or too long)');
  }
  return { lines, files: changed.length };
}

function identities({ files }: PipelineFiles): ReadonlyMap<string, string> {
  return new Map((files?.entries ?? []).map(({ path, mode, blob }) => [path, `${mode} ${blob}`]));
}

/** @returns its lines; undefined if it is a link, no text or too long */
async function textOf(source: ContextSource, path: string): Promise<readonly string[] | undefined> {
  try {
    const text = (await source.text(path)) ?? '';
    if (text.length > LONGEST || text.includes('\0')) return undefined;
    return text === '' ? [] : text.replace(/\r?\n$/, '').split(/\r?\n/);
  } catch (error) {
    if (error instanceof ConfigError || error instanceof WorkError) return undefined;
    throw error;
  }
}

/** A path can have any character but NUL: a line break would begin another line of the diff. */
function shownPath(path: string): string {
  // eslint-disable-next-line no-control-regex -- these are the characters it is for
  return path.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, '?');
}
