import fc from 'fast-check';

import type { TestFile } from './repository.js';

const odd = fc.constantFrom(
  ' ',
  '-',
  '--x',
  '\n',
  'é',
  '\uff5e',
  '\u{1f600}',
  '{{a}}',
  '"',
  "'",
  '*',
  '[',
  ':',
  '#',
  '!',
  '$(x)',
  'x'.repeat(60),
  '.',
);
const name = fc
  .tuple(fc.constantFrom('a', 'b', '-', 'ü', '\u{1f600}'), odd, fc.constantFrom('', 'z', '.py', '.pyc'))
  .map((parts) => parts.join(''));
/** A path with odd names. */
export const path = fc.array(name, { minLength: 1, maxLength: 4 }).map((names) => names.join('/'));
/** A file, link or executable. */
export const file: fc.Arbitrary<TestFile> = fc.oneof(
  { weight: 5, arbitrary: fc.string({ maxLength: 600 }) },
  { weight: 2, arbitrary: fc.uint8Array({ maxLength: 2000 }).map((bytes) => Buffer.from(bytes)) },
  { weight: 2, arbitrary: fc.string({ maxLength: 20 }).map((run) => ({ run })) },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom('Dockerfile', 'nothing', './Dockerfile', 'é'.repeat(60))
      .map((link) => ({ link })),
  },
);
/** Lines of a .dockerignore. */
export const ignore = fc.array(fc.constantFrom('*.pyc', '!a*', '**/b*', 'a?', '/a*/b*', '#x', ' '), {
  maxLength: 4,
});

/** As files of a repository: no path may be a folder of another. */
export function compatible(files: ReadonlyMap<string, TestFile>): Record<string, TestFile> {
  const paths = [...files.keys()];
  return Object.fromEntries(
    [...files]
      .filter(([each]) => !paths.some((other) => other.startsWith(`${each}/`)))
      .map(([each, content]) => [`img/${each}`, content]),
  );
}
