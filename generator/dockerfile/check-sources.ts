import type { Instruction, Stage, Word } from './dockerfile.js';
import { expand } from './expand.js';
import { ExpansionError } from './expansion-error.js';
import { parseHeredoc } from './heredocs.js';
import type { DockerfileProblem } from './problem.js';

/**
 * Whether the build context has something at a path; with `*`, `?` or `[`, whether anything matches. Paths are relative
 * to the context's root. `undefined`: not known.
 */
export type HasPath = (pattern: string) => boolean | undefined;

const NO_VARIABLES: ReadonlyMap<string, string> = new Map();

/**
 * What `COPY` and `ADD` of a stage take from the build context, and what is not there. Not checked: URLs, git addresses,
 * heredocs, paths with variables (the base image can set them), and paths that lead out of the context.
 */
export function checkSources({ instructions }: Stage, has: HasPath): readonly DockerfileProblem[] {
  return instructions.flatMap((instruction) => missingSources(instruction, has));
}

function missingSources(instruction: Instruction, has: HasPath): DockerfileProblem[] {
  const { keyword, flags, words } = instruction;
  if (keyword !== 'COPY' && keyword !== 'ADD') return [];
  if (flags.some(({ name, value }) => name === 'from' && value !== '')) return [];
  const sources = words.slice(0, -1).map((word) => ({ word, path: contextPath(word) }));
  // Kaniko then looks for all of them as patterns, and skips those that match nothing.
  const hasPattern = words.slice(0, -1).some(({ text }) => /[*?[$]/.test(text));
  return sources.flatMap(({ word, path }): DockerfileProblem[] => {
    if (path === undefined || has(path) !== false) return [];
    const { start, end } = word;
    return [
      {
        severity: hasPattern ? 'warning' : 'error',
        code: 'COPY_SOURCE_MISSING',
        message: /[*?[]/.test(path)
          ? `nothing in the build context matches \`${word.text}\``
          : `the build context has no \`${word.text}\``,
        hint: 'Correct the path, which starts at the root of the build context. Check that no .dockerignore excludes it',
        start,
        end,
      },
    ];
  });
}

/** @returns the path from the context's root; undefined: it is not checked. */
function contextPath({ text }: Word): string | undefined {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text) || /^git@|\.git(?:#|$)/.test(text) || text.includes('$'))
    return undefined;
  try {
    if (parseHeredoc(text)) return undefined;
    const parts: string[] = [];
    for (const part of expand(text, NO_VARIABLES).value.split('/')) {
      if (part === '..') {
        if (parts.pop() === undefined) return undefined;
      } else if (part !== '' && part !== '.') parts.push(part);
    }
    return parts.length === 0 ? undefined : parts.join('/');
  } catch (error) {
    if (error instanceof ExpansionError) return undefined;
    throw error;
  }
}
